//! All SQL of this slice.

use db::{Migration, Stmt};

pub mod bar;
pub mod dropper;
pub mod earlier;
pub mod gate;
mod judgement;
mod key;
mod learnt;
pub mod list;
mod page;
mod pair;
mod person;
mod record;

pub use judgement::{
    Word, between, find as judgement, insert as insert_judgement, of_record as judgements_of,
    readable as readable_judgements, reason, remove_of as unjudge, undo, words_of,
};
pub use key::{keep as keep_keys, with as with_key};
pub use learnt::{
    Choice, Learnt, choose, chosen, clear as clear_learnt, digest as learnt_digest, find as learnt,
    insert as keep_learnt, latest as latest_learnt, list as all_learnt, veil as veil_learnt,
};
pub use page::page;
pub use pair::{
    Tie, clashing, count_waiting, find as pair, joints, judged as judged_pairs, next as next_pair, no_clash,
    of_record as pairs_of, put as put_pair, remove_machine as unpair_machine, remove_of as unpair, set_state,
    some as some_pairs, ties_of_person, ties_of_record, waiting_of,
};
pub use person::{
    Row, by_number, end, find as person, insert as insert_person, into as ended_into, list,
    remove as remove_person, set_records, set_stale, stale, stamp, touch,
};
pub use record::{
    Lean, all_ids, best_of, count_of, count_seen, find as record, has_age, hides, insert as insert_record,
    latest_of, latest_seen, lean_of, maybe_minors, move_all, move_to, of_list, of_person, of_report,
    put_back, remove as remove_record, rewrite, robbed, seen_of, set_age, set_cut, take_back, told, why_back,
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
    Migration {
        no: 3,
        name: "rights",
        sqlite: include_str!("../../migrations/0003_rights.sqlite.sql"),
        postgres: include_str!("../../migrations/0003_rights.postgres.sql"),
    },
    Migration {
        no: 4,
        name: "list",
        sqlite: include_str!("../../migrations/0004_list.sqlite.sql"),
        postgres: include_str!("../../migrations/0004_list.postgres.sql"),
    },
    Migration {
        no: 5,
        name: "bar",
        sqlite: include_str!("../../migrations/0005_bar.sqlite.sql"),
        postgres: include_str!("../../migrations/0005_bar.postgres.sql"),
    },
    Migration {
        no: 6,
        name: "came",
        sqlite: include_str!("../../migrations/0006_came.sqlite.sql"),
        postgres: include_str!("../../migrations/0006_came.postgres.sql"),
    },
    Migration {
        no: 7,
        name: "beside",
        sqlite: include_str!("../../migrations/0007_beside.sqlite.sql"),
        postgres: include_str!("../../migrations/0007_beside.postgres.sql"),
    },
];

/// Every statement, for the test that prepares them on both engines.
pub const STATEMENTS: &[&Stmt] = &[
    &person::INSERT,
    &page::PAGE,
    &person::FIND,
    &person::BY_NUMBER,
    &person::LIST,
    &person::LIST_ROLE,
    &person::STALE,
    &person::SET_STALE,
    &person::TOUCH,
    &person::STAMP,
    &person::SET_RECORDS,
    &person::END,
    &person::FOLLOW,
    &person::ENDED_INTO,
    &person::REMOVE,
    &record::INSERT,
    &record::FIND,
    &record::OF_PERSON,
    &record::LATEST_OF,
    &record::LATEST_SEEN,
    &record::SEEN_OF,
    &record::COUNT_SEEN,
    &record::COUNT_OF,
    &record::HIDES,
    &record::ROBBED,
    &record::LEAN,
    &record::BEST,
    &record::AGED,
    &record::SET_AGE,
    &record::MINORS,
    &record::MINORS_SEEN,
    &bar::PUT,
    &bar::OF_FIRST,
    &bar::OF_SECOND,
    &bar::OF_RECORD,
    &bar::LIFT,
    &bar::LIFT_BETWEEN,
    &bar::REMOVE_OF,
    &record::OF_REPORT,
    &record::OF_LIST,
    &record::ALL_IDS,
    &record::TOLD,
    &record::REWRITE,
    &record::MOVE,
    &record::MOVE_ALL,
    &record::CUT,
    &record::TAKE_BACK,
    &record::PUT_BACK,
    &record::WHY_BACK,
    &record::REMOVE,
    &key::PUT,
    &key::DROP,
    &key::WITH,
    &key::WITH_SEEN,
    &pair::PUT,
    &pair::FIND,
    &pair::OF_FIRST,
    &pair::OF_SECOND,
    &pair::NEXT_OPEN,
    &pair::NEXT_CLOSED,
    &pair::COUNT_WAITING,
    &pair::COUNT_SECOND,
    &pair::SOME,
    &pair::JUDGED,
    &pair::TIES_FIRST,
    &pair::TIES_SECOND,
    &pair::TIES_OF_FIRST,
    &pair::TIES_OF_SECOND,
    &pair::JOINTS,
    &pair::WAITING_FIRST,
    &pair::WAITING_SECOND,
    &pair::SET_STATE,
    &pair::CLASHING,
    &pair::NO_CLASH,
    &pair::REMOVE_OF,
    &pair::REMOVE_MACHINE,
    &judgement::INSERT,
    &judgement::FIND,
    &judgement::REASON,
    &judgement::OF_RECORD,
    &judgement::WORDS_FIRST,
    &judgement::WORDS_SECOND,
    &judgement::READ_FIRST,
    &judgement::READ_SECOND,
    &judgement::BETWEEN,
    &judgement::UNDO,
    &judgement::REMOVE_OF,
    &dropper::INSERT,
    &dropper::FIND,
    &dropper::OF_PERSON,
    &dropper::OF_RECORD,
    &dropper::LIST,
    &dropper::COUNT_DUE,
    &dropper::FALLEN_DUE,
    &dropper::DUE_TOLD,
    &dropper::RESTING,
    &dropper::WEIGHTY,
    &dropper::OPEN,
    &dropper::SAVE,
    &dropper::TELL,
    &dropper::SAY,
    &dropper::ASK,
    &dropper::SEALED,
    &dropper::REMOVE_OF,
    &dropper::CAME,
    &dropper::CAME_ALL,
    &dropper::SINCE,
    &dropper::CAME_REMOVE,
    &earlier::INSERT,
    &earlier::OF,
    &earlier::REMOVE_OF,
    &gate::FIND,
    &gate::COUNT,
    &gate::KEYED,
    &list::INSERT,
    &list::FIND,
    &list::RECENT,
    &list::WORKING,
    &list::TOLD,
    &list::SAVE,
    &learnt::FIND,
    &learnt::LATEST,
    &learnt::LIST,
    &learnt::INSERT,
    &learnt::CHOSEN,
    &learnt::CHOOSE,
    &learnt::DIGEST,
    &learnt::CLEAR,
    &learnt::VEIL,
];

/// A column that holds what this program never writes.
fn bug(column: &str, text: &str) -> db::DbError {
    db::DbError::Bug(format!("column `{column}` holds `{text}`"))
}
