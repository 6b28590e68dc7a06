//! SQL of lists.

use access::{Office, scope_where};
use app::{header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, Value, params};

use crate::model::{ListId, ListStatus, PersonList, RecordId};

macro_rules! select {
    ($($rest:expr),+) => {
        concat!("SELECT ", header_columns!(), ", name, status, good, faulty, faults, done, at_id FROM person_list ", $($rest),+)
    };
}

pub(super) const INSERT: Stmt = Stmt::both(
    "person.list_insert",
    concat!(
        "INSERT INTO person_list (",
        header_columns!(),
        ", name, status, good, faulty, faults, done, told_sealed) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23)"
    ),
);
pub(super) const FIND: Stmt = Stmt::both("person.list_find", select!("WHERE id = ?1"));
pub(super) const RECENT: Stmt = Stmt::both(
    "person.list_recent",
    select!("WHERE ", scope_where!("?1", "?2"), " ORDER BY created_at DESC, id DESC LIMIT ?3"),
);
pub(super) const WORKING: Stmt = Stmt::both(
    "person.list_working",
    select!("WHERE status IN ('running', 'undoing') ORDER BY created_at, id LIMIT 1"),
);
pub(super) const TOLD: Stmt =
    Stmt::both("person.list_told", "SELECT told_sealed FROM person_list WHERE id = ?1");
pub(super) const SAVE: Stmt = Stmt::both(
    "person.list_save",
    "UPDATE person_list SET status = ?3, done = ?5, at_id = ?6 WHERE id = ?1 AND status = ?2 AND done = ?4",
);

/// How many own columns never change and are in the row hash.
const FIXED: usize = 1;

fn read(row: &Row) -> Result<PersonList, DbError> {
    let (id, header) = app::header::read(row)?;
    let (status, faults): (String, String) = (row.get(17)?, row.get(20)?);
    Ok(PersonList {
        id: ListId::from_uuid(id),
        header,
        name: row.get(16)?,
        status: ListStatus::parse(&status).ok_or_else(|| super::bug("person_list.status", &status))?,
        good: row.get(18)?,
        faulty: row.get(19)?,
        faults: serde_json::from_str(&faults).map_err(|_| super::bug("person_list.faults", &faults))?,
        done: row.get(21)?,
        at: row.get(22)?,
    })
}

/// Writes a list.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, l: &PersonList, told_sealed: &[u8]) -> Result<(), DbError> {
    let faults = serde_json::to_string(&l.faults).unwrap_or_default();
    let own =
        params![l.name.as_str(), l.status.as_str(), l.good, l.faulty, faults.as_str(), l.done, told_sealed];
    tx.execute(&INSERT, &app::header::values(l.id.uuid(), &l.header, own, FIXED)).map(drop)
}

/// A list.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: ListId) -> Result<Option<PersonList>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// Lists that the office may see, the latest first.
///
/// # Errors
/// The database's.
pub fn recent(tx: &mut Tx<'_>, office: &Office, limit: i64) -> Result<Vec<PersonList>, DbError> {
    let mut all: Vec<Value> = office.params().to_vec();
    all.extend_from_slice(params![limit]);
    tx.query(&RECENT, &all, read)
}

/// A list that is being taken in or back.
///
/// # Errors
/// The database's.
pub fn working(tx: &mut Tx<'_>) -> Result<Option<PersonList>, DbError> {
    tx.query_opt(&WORKING, params![], read)
}

/// Its lines, sealed.
///
/// # Errors
/// The database's.
pub fn told(tx: &mut Tx<'_>, id: ListId) -> Result<Option<Vec<u8>>, DbError> {
    tx.query_opt(&TOLD, params![id], |r| r.get(0))
}

/// Where it stands now. Somebody faster makes the closure run again.
///
/// # Errors
/// The database's.
pub fn save(
    tx: &mut Tx<'_>,
    before: &PersonList,
    (status, done, at): (ListStatus, i64, Option<RecordId>),
) -> Result<(), DbError> {
    tx.guarded(&SAVE, params![before.id, before.status.as_str(), status.as_str(), before.done, done, at])
}
