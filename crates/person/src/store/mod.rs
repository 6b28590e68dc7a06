//! All SQL of this slice.

use db::{Migration, Stmt};

pub mod dropper;
mod judgement;
mod key;
mod learnt;
mod pair;
mod person;
mod record;

pub use judgement::{
    between, find as judgement, insert as insert_judgement, of_record as judgements_of, reason,
    remove_of as unjudge, standing_of, undo,
};
pub use key::{keep as keep_keys, with as with_key};
pub use learnt::{find as learnt, insert as keep_learnt, latest as latest_learnt};
pub use pair::{
    count as count_pairs, find as pair, of_record as pairs_of, put as put_pair, queue,
    remove_machine as unpair_machine, remove_of as unpair, set_state,
};
pub use person::{
    Row, by_number, end, find as person, insert as insert_person, into as ended_into, list,
    remove as remove_person, set_records,
};
pub use record::{
    all_ids, count as count_records, find as record, insert as insert_record, move_to, of_person, of_report,
    remove as remove_record, rewrite, told,
};

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        no: 1,
        name: "person",
        sqlite: include_str!("../../migrations/0001_person.sqlite.sql"),
        postgres: include_str!("../../migrations/0001_person.postgres.sql"),
    },
    Migration {
        no: 2,
        name: "dropper",
        sqlite: include_str!("../../migrations/0002_dropper.sqlite.sql"),
        postgres: include_str!("../../migrations/0002_dropper.postgres.sql"),
    },
];

/// Every statement, for the test that prepares them on both engines.
pub const STATEMENTS: &[&Stmt] = &[
    &person::INSERT,
    &person::FIND,
    &person::BY_NUMBER,
    &person::LIST,
    &person::SET_RECORDS,
    &person::END,
    &person::FOLLOW,
    &person::ENDED_INTO,
    &person::REMOVE,
    &record::INSERT,
    &record::FIND,
    &record::OF_PERSON,
    &record::OF_REPORT,
    &record::ALL_IDS,
    &record::COUNT,
    &record::TOLD,
    &record::REWRITE,
    &record::MOVE,
    &record::REMOVE,
    &key::PUT,
    &key::DROP,
    &key::WITH,
    &pair::PUT,
    &pair::FIND,
    &pair::OF_FIRST,
    &pair::OF_SECOND,
    &pair::QUEUE,
    &pair::COUNT,
    &pair::SET_STATE,
    &pair::REMOVE_OF,
    &pair::REMOVE_MACHINE,
    &judgement::INSERT,
    &judgement::FIND,
    &judgement::REASON,
    &judgement::OF_RECORD,
    &judgement::BETWEEN,
    &judgement::UNDO,
    &judgement::REMOVE_OF,
    &dropper::INSERT,
    &dropper::FIND,
    &dropper::OF_PERSON,
    &dropper::OF_RECORD,
    &dropper::LIST,
    &dropper::SAVE,
    &dropper::TELL,
    &dropper::SAY,
    &dropper::ASK,
    &dropper::SEALED,
    &dropper::REMOVE_OF,
    &learnt::FIND,
    &learnt::LATEST,
    &learnt::INSERT,
];

/// A column that holds what this program never writes.
fn bug(column: &str, text: &str) -> db::DbError {
    db::DbError::Bug(format!("column `{column}` holds `{text}`"))
}
