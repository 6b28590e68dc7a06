//! All SQL of this slice: matters here, numbers, decisions and files in files of their own.

pub mod decision;
pub mod hand_over;
pub mod reference;

use app::{header_columns, header_places};
use db::{DbError, Migration, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::{Registration, RegistrationId, State};

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        no: 1,
        name: "registration",
        sqlite: include_str!("../../migrations/0001_registration.sqlite.sql"),
        postgres: include_str!("../../migrations/0001_registration.postgres.sql"),
    },
    Migration {
        no: 2,
        name: "refused",
        sqlite: include_str!("../../migrations/0002_refused.sqlite.sql"),
        postgres: include_str!("../../migrations/0002_refused.postgres.sql"),
    },
    Migration {
        no: 3,
        name: "same",
        sqlite: include_str!("../../migrations/0003_same.sqlite.sql"),
        postgres: include_str!("../../migrations/0003_same.postgres.sql"),
    },
];

macro_rules! own_columns {
    () => {
        "subject_kind, subject_id, subject_number, system, since, due_at, state, settled_at"
    };
}
macro_rules! select {
    ($($rest:expr),+) => {
        concat!("SELECT ", header_columns!(), ", ", own_columns!(), " FROM registration ", $($rest),+)
    };
}

const INSERT: Stmt = Stmt::both(
    "registration.insert",
    concat!(
        "INSERT INTO registration (",
        header_columns!(),
        ", ",
        own_columns!(),
        ") VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24) ON CONFLICT DO NOTHING"
    ),
);
const FIND: Stmt = Stmt::both("registration.find", select!("WHERE id = ?1"));
const OF_SUBJECT: Stmt = Stmt::both(
    "registration.of_subject",
    select!("WHERE subject_kind = ?1 AND subject_id = ?2 ORDER BY created_at, system"),
);
const OF_SUBJECTS: Stmt = app::among!(
    "registration.of_subjects",
    select!("WHERE subject_kind = ?2 AND "),
    "subject_id",
    " ORDER BY created_at, system"
);
const SAVE: Stmt = Stmt::both(
    "registration.save",
    "UPDATE registration SET state = ?2, settled_at = ?3, since = ?4, due_at = ?5 WHERE id = ?1 AND state = ?6",
);
/// What is open, the first due first; only what the reader may see. Matters of other kinds stand on the board of the slice that knows who
/// is let in to them.
const OPEN: Stmt = Stmt::both(
    "registration.open",
    select!(
        "WHERE ",
        access::scope_where!("?1", "?2"),
        " AND subject_kind = 'report' AND state IN ('waiting', 'handed_over', 'proposed') ORDER BY due_at, id LIMIT ?3"
    ),
);
const COUNT: Stmt = Stmt::both(
    "registration.count",
    concat!(
        "SELECT COUNT(*), COUNT(CASE WHEN due_at < ?3 THEN 1 END), \
         COUNT(CASE WHEN due_at >= ?3 AND due_at < ?4 THEN 1 END) FROM registration WHERE ",
        access::scope_where!("?1", "?2"),
        " AND subject_kind = 'report' AND state IN ('waiting', 'handed_over', 'proposed')"
    ),
);

/// Every statement, for the test that prepares them on both engines.
pub const STATEMENTS: &[&Stmt] = &[
    &INSERT,
    &FIND,
    &OF_SUBJECT,
    &OF_SUBJECTS,
    &SAVE,
    &OPEN,
    &COUNT,
    &reference::INSERT,
    &reference::OF_SUBJECT,
    &reference::OF_SUBJECTS,
    &reference::BY_NUMBER,
    &reference::SEALED,
    &reference::WRONG,
    &reference::ERASE,
    &decision::INSERT,
    &decision::OF_REGISTRATION,
    &decision::SEALED,
    &decision::SECOND,
    &decision::ERASE,
    &hand_over::INSERT,
    &hand_over::FIND,
    &hand_over::DUE,
    &hand_over::CLAIM,
    &hand_over::AGAIN,
    &hand_over::REFUSED,
    &hand_over::WHY_REFUSED,
    &hand_over::MOVED,
    &hand_over::DONE,
    &hand_over::ASK_AGAIN,
    &hand_over::ONE_DONE,
    &hand_over::OF_REGISTRATION,
    &hand_over::FILE,
    &hand_over::ERASE,
];

/// How many own columns never change and are in the row hash.
const FIXED: usize = 4;

/// Writes a new matter. `false` if it is there already.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, m: &Registration) -> Result<bool, DbError> {
    let own = params![
        m.subject_kind.as_str(),
        m.subject,
        m.subject_number.as_str(),
        m.system.as_str(),
        m.since,
        m.due_at,
        m.state.as_str(),
        m.settled_at
    ];
    Ok(tx.execute(&INSERT, &app::header::values(m.id.uuid(), &m.header, own, FIXED))? > 0)
}

fn read(row: &Row) -> Result<Registration, DbError> {
    let (id, header) = app::header::read(row)?;
    let state: String = row.get(22)?;
    Ok(Registration {
        id: RegistrationId::from_uuid(id),
        header,
        subject_kind: row.get(16)?,
        subject: row.get(17)?,
        subject_number: row.get(18)?,
        system: row.get(19)?,
        since: row.get(20)?,
        due_at: row.get(21)?,
        state: State::parse(&state)
            .ok_or_else(|| DbError::Bug(format!("column `registration.state` holds `{state}`")))?,
        settled_at: row.get(23)?,
    })
}

/// One matter in one register.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: RegistrationId) -> Result<Option<Registration>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// A matter in all its registers, in the order in which they were opened.
///
/// # Errors
/// The database's.
pub fn of_subject(tx: &mut Tx<'_>, kind: &str, subject: Uuid) -> Result<Vec<Registration>, DbError> {
    tx.query(&OF_SUBJECT, params![kind, subject], read)
}

/// These matters in all their registers, in the order in which they were opened.
///
/// # Errors
/// The database's.
pub fn of_subjects(
    tx: &mut Tx<'_>,
    kind: &str,
    subjects: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Registration>, DbError> {
    tx.query(&OF_SUBJECTS, &[app::ids(subjects), kind.into()], read)
}

/// Keeps a matter. Somebody faster makes the closure run again.
///
/// # Errors
/// The database's.
pub fn save(tx: &mut Tx<'_>, m: &Registration, before: State) -> Result<(), DbError> {
    tx.guarded(&SAVE, params![m.id, m.state.as_str(), m.settled_at, m.since, m.due_at, before.as_str()])
}

/// What is open and may be seen, the first due first.
///
/// # Errors
/// The database's.
pub fn open(tx: &mut Tx<'_>, office: &access::Office, limit: i64) -> Result<Vec<Registration>, DbError> {
    let [organisation, unit] = office.params();
    tx.query(&OPEN, &[organisation, unit, limit.into()], read)
}

/// How many are open, late, and due before `soon`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// All that are open.
    pub open: i64,
    /// Those past their time.
    pub late: i64,
    /// Those due soon.
    pub soon: i64,
}

/// Counts what is open and may be seen.
///
/// # Errors
/// The database's.
pub fn count(
    tx: &mut Tx<'_>,
    office: &access::Office,
    now: Timestamp,
    soon: Timestamp,
) -> Result<Count, DbError> {
    let [organisation, unit] = office.params();
    tx.query_one(&COUNT, &[organisation, unit, now.into(), soon.into()], |r| {
        Ok(Count { open: r.get(0)?, late: r.get(1)?, soon: r.get(2)? })
    })
}
