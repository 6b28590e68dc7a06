//! All SQL of this slice.

pub mod board;
pub mod decision;
pub mod file;
pub mod link;
pub mod list;
pub mod member;
pub mod moment;
pub mod moving;
pub mod note;
pub mod once;
pub mod paging;
pub mod person;
pub mod reference;
pub mod referral;
pub mod register;
pub mod task;
pub mod view;
mod waiting;

use db::{DbError, Migration, Row, Stmt, Value};

use crate::model::{Place, Written};

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        no: 1,
        name: "case",
        sqlite: include_str!("../../migrations/0001_case.sqlite.sql"),
        postgres: include_str!("../../migrations/0001_case.postgres.sql"),
    },
    Migration {
        no: 2,
        name: "once",
        sqlite: include_str!("../../migrations/0002_once.sqlite.sql"),
        postgres: include_str!("../../migrations/0002_once.postgres.sql"),
    },
    Migration {
        no: 3,
        name: "outside",
        sqlite: include_str!("../../migrations/0003_outside.sqlite.sql"),
        postgres: include_str!("../../migrations/0003_outside.postgres.sql"),
    },
    Migration {
        no: 4,
        name: "exhibits",
        sqlite: include_str!("../../migrations/0004_exhibits.sqlite.sql"),
        postgres: include_str!("../../migrations/0004_exhibits.postgres.sql"),
    },
];

/// Every statement, for the test that prepares them on both engines.
pub const STATEMENTS: &[&Stmt] = &[
    &file::INSERT,
    &file::FIND,
    &file::FIND_MANY,
    &file::TITLES,
    &file::BY_NUMBER,
    &file::SEALED,
    &file::SAVE,
    &file::RESEAL,
    &file::MERGED_IN,
    &file::WORDS_DROP,
    &file::WORDS_ADD,
    &list::ALL_COUNT,
    &list::MINE_COUNT,
    &list::BY_STAGE,
    &list::BY_WORDS,
    &list::BY_COMMON_WORDS,
    &list::WITH_WORD,
    &list::WITH_WORDS,
    &list::OF_TARGET,
    &list::COMING,
    &paging::ALL_CHANGED,
    &paging::ALL_DUE,
    &paging::ALL_OPENED,
    &paging::ALL_PRIORITY,
    &paging::MINE_CHANGED,
    &paging::MINE_DUE,
    &paging::MINE_OPENED,
    &paging::MINE_PRIORITY,
    &once::FIND,
    &once::KEEP,
    &once::FIRST,
    &once::SWEEP,
    &member::OF_CASE,
    &member::OF_CASES,
    &member::ADD,
    &member::END,
    &link::INSERT,
    &link::OF_CASE,
    &link::REMOVE,
    &link::CASES_OF,
    &link::SYNCED,
    &person::INSERT,
    &person::OF_CASE,
    &person::END,
    &person::TOLD,
    &person::REWORD,
    &task::INSERT,
    &task::OF_CASE,
    &task::FIND,
    &task::SAVE,
    &task::NEXT_DUE,
    &task::LAST,
    &task::TO_REMIND,
    &task::TO_ESCALATE,
    &task::REMINDED,
    &task::ESCALATED,
    &task::MINE,
    &note::INSERT,
    &note::OF_CASE,
    &note::READER,
    &note::READERS_OF,
    &moment::INSERT,
    &moment::PAGE,
    &moment::OF_KIND,
    &moment::REHOME,
    &reference::INSERT,
    &reference::OF_CASE,
    &reference::OF_CASES,
    &reference::WRONG,
    &reference::ARTICLE_INSERT,
    &reference::ARTICLES_OF,
    &reference::ARTICLE_REMOVE,
    &reference::FIELDS_OF,
    &reference::FIELD_INSERT,
    &reference::FIELD_SAVE,
    &decision::INSERT,
    &decision::OF_CASE,
    &decision::SETTLE,
    &moving::INSERT,
    &moving::OF_CASE,
    &moving::FIND,
    &moving::UNDO,
    &moving::MOVED,
    &moving::MOVED_EXHIBIT,
    &moving::EXHIBITS_OF,
    &moving::ROWS_OF,
    &moving::LATER_ROWS,
    &moving::LINKS,
    &moving::PERSONS,
    &moving::TASKS,
    &moving::NOTES,
    &moving::REFS,
    &moving::ARTICLES,
    &moving::DECISIONS,
    &moving::FIELDS,
    &moving::LINK,
    &moving::PERSON,
    &moving::TASK,
    &moving::NOTE,
    &moving::REF,
    &moving::ARTICLE,
    &moving::DECISION,
    &moving::FIELD,
    &moving::DECIDED_SINCE,
    &moving::REFERRED_SINCE,
    &referral::INSERT,
    &referral::OF_CASE,
    &referral::SETTLE,
    &referral::OUTSIDE,
    &referral::FIND,
    &referral::HANDED,
    &referral::NUMBERED,
    &referral::TO_CALL,
    &referral::CALLED,
    &register::DROP,
    &register::ADD,
    &register::OF_CASE,
    &register::OF_CASES,
    &register::KNOWN,
    &board::FIRST,
    &board::TASKS,
    &board::REFERRALS,
    &board::LATE,
    &view::INSERT,
    &view::OFFERED,
    &view::DROP,
];

/// The columns with which every row of a case begins.
macro_rules! row_columns {
    () => {
        "id, case_id, sealed_for, author, created_at"
    };
}
pub(crate) use row_columns;

/// Reads them; a row's own begin at index 5.
pub(crate) fn placed(row: &Row) -> Result<(Place, Written), DbError> {
    let place = Place { id: row.get(0)?, case: row.get(1)?, sealed_for: row.get(2)? };
    Ok((place, Written { by: row.get(3)?, at: row.get(4)? }))
}

/// Their parameters.
pub(crate) fn place_values(place: &Place, written: &Written, own: &[Value]) -> Vec<Value> {
    let mut all = vec![
        Value::from(place.id),
        Value::from(place.case),
        Value::from(place.sealed_for),
        Value::from(written.by.as_str()),
        Value::from(written.at),
    ];
    all.extend(own.iter().cloned());
    all
}

/// A column that holds a word which the program does not know.
pub(crate) fn unknown(column: &str, text: &str) -> DbError {
    DbError::Bug(format!("column `{column}` holds `{text}`"))
}
