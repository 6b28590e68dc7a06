//! SQL of persons.

use access::{Office, scope_where};
use app::{header_columns, header_places};
use db::{DbError, Row as Columns, Stmt, Tx, Value, params};

use crate::model::{Person, PersonId};

macro_rules! select {
    ($($rest:expr),+) => {
        concat!("SELECT ", header_columns!(), ", number, records, into_id FROM person ", $($rest),+)
    };
}

pub(super) const INSERT: Stmt = Stmt::both(
    "person.insert",
    concat!(
        "INSERT INTO person (",
        header_columns!(),
        ", number, records, into_id) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19)"
    ),
);
pub(super) const FIND: Stmt = Stmt::both("person.find", select!("WHERE id = ?1"));
pub(super) const BY_NUMBER: Stmt = Stmt::both("person.by_number", select!("WHERE number = ?1"));
// A person is in the list as far as a record of theirs may be seen.
pub(super) const LIST: Stmt = Stmt::both(
    "person.list",
    concat!(
        "SELECT p.id, p.number, p.records, r.id, r.created_at FROM person p JOIN person_record r ON r.id = \
         (SELECT o.id FROM person_record o WHERE o.person_id = p.id AND (?3 = '' OR o.role = ?3) AND ",
        scope_where!("?1", "?2", "o."),
        " ORDER BY o.created_at DESC, o.id DESC LIMIT 1) \
         WHERE p.into_id IS NULL AND p.records >= ?4 ORDER BY r.created_at DESC, r.id DESC LIMIT ?5"
    ),
);
pub(super) const SET_RECORDS: Stmt =
    Stmt::both("person.set_records", "UPDATE person SET records = ?2, into_id = NULL WHERE id = ?1");
pub(super) const END: Stmt =
    Stmt::both("person.end", "UPDATE person SET records = 0, into_id = ?2 WHERE id = ?1");
// Whoever had turned out to be them before is the other one, too.
pub(super) const FOLLOW: Stmt =
    Stmt::both("person.follow", "UPDATE person SET into_id = ?2 WHERE into_id = ?1");
pub(super) const ENDED_INTO: Stmt =
    Stmt::both("person.ended_into", "SELECT id, number FROM person WHERE into_id = ?1 ORDER BY number");
pub(super) const REMOVE: Stmt =
    Stmt::both("person.remove", "DELETE FROM person WHERE id = ?1 OR into_id = ?1");

/// How many own columns never change and are in the row hash.
const FIXED: usize = 1;

fn read(row: &Columns) -> Result<Person, DbError> {
    let (id, header) = app::header::read(row)?;
    Ok(Person {
        id: PersonId::from_uuid(id),
        header,
        number: row.get(16)?,
        records: row.get(17)?,
        into: row.get(18)?,
    })
}

/// Writes a new person.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, p: &Person) -> Result<(), DbError> {
    let own = params![p.number.as_str(), p.records, p.into];
    tx.execute(&INSERT, &app::header::values(p.id.uuid(), &p.header, own, FIXED)).map(drop)
}

/// A person.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<Person>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// The person of a number.
///
/// # Errors
/// The database's.
pub fn by_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<Person>, DbError> {
    tx.query_opt(&BY_NUMBER, params![number], read)
}

/// A line of the list.
#[derive(Debug, Clone)]
pub struct Row {
    /// Who.
    pub person: PersonId,
    /// Their number.
    pub number: String,
    /// How many records are theirs.
    pub records: i64,
    /// The latest of those that may be seen.
    pub latest: crate::model::RecordId,
    /// When that came.
    pub at: kernel::Timestamp,
}

/// Persons of whom the office may see a record, the latest first; of a role, if one is given; with so many records at least.
///
/// # Errors
/// The database's.
pub fn list(
    tx: &mut Tx<'_>,
    office: &Office,
    (role, least): (&str, i64),
    limit: i64,
) -> Result<Vec<Row>, DbError> {
    let mut all: Vec<Value> = office.params().to_vec();
    all.extend_from_slice(params![role, least, limit]);
    tx.query(&LIST, &all, |r| {
        Ok(Row { person: r.get(0)?, number: r.get(1)?, records: r.get(2)?, latest: r.get(3)?, at: r.get(4)? })
    })
}

/// How many records are theirs now.
///
/// # Errors
/// The database's.
pub fn set_records(tx: &mut Tx<'_>, id: PersonId, records: i64) -> Result<(), DbError> {
    tx.execute(&SET_RECORDS, params![id, records]).map(drop)
}

/// They turned out to be somebody else.
///
/// # Errors
/// The database's.
pub fn end(tx: &mut Tx<'_>, id: PersonId, into: PersonId) -> Result<(), DbError> {
    tx.execute(&END, params![id, into])?;
    tx.execute(&FOLLOW, params![id, into]).map(drop)
}

/// Who turned out to be them: id and number.
///
/// # Errors
/// The database's.
pub fn into(tx: &mut Tx<'_>, id: PersonId) -> Result<Vec<(PersonId, String)>, DbError> {
    tx.query(&ENDED_INTO, params![id], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// Nothing is left of them, nor of whoever turned out to be them.
///
/// # Errors
/// The database's.
pub fn remove(tx: &mut Tx<'_>, id: PersonId) -> Result<(), DbError> {
    tx.execute(&REMOVE, params![id]).map(drop)
}
