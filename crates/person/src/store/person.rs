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
// A person is in the list as far as a record of theirs may be seen: by the latest of those, of which the index is walked from the end.
macro_rules! list {
    ($role:literal, $of_other:literal) => {
        concat!(
            "SELECT r.person_id, p.number, (SELECT COUNT(*) FROM person_record c WHERE c.person_id = r.person_id \
             AND c.taken_back_at IS NULL AND ",
            scope_where!("?1", "?2", "c."),
            "), r.id, r.created_at FROM person_record r JOIN person p ON p.id = r.person_id WHERE ",
            scope_where!("?1", "?2", "r."),
            $role,
            " AND r.taken_back_at IS NULL AND r.created_at <= ?3 AND (r.created_at < ?3 OR r.id < ?4) \
             AND NOT EXISTS (SELECT 1 FROM person_record n WHERE n.person_id = r.person_id AND n.taken_back_at IS NULL \
             AND n.created_at >= r.created_at AND (n.created_at > r.created_at OR n.id > r.id) AND ",
            scope_where!("?1", "?2", "n."),
            $of_other,
            ") AND (CAST(?5 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM person_record s WHERE s.person_id = r.person_id AND s.id <> r.id \
             AND s.taken_back_at IS NULL AND ",
            scope_where!("?1", "?2", "s."),
            ")) ORDER BY r.created_at DESC, r.id DESC LIMIT ?6"
        )
    };
}
pub(super) const LIST: Stmt = Stmt::both("person.list", list!("", ""));
pub(super) const LIST_ROLE: Stmt =
    Stmt::both("person.list_role", list!(" AND r.role = ?7", " AND n.role = ?7"));
pub(super) const STALE: Stmt =
    Stmt::both("person.stale", "SELECT id FROM person WHERE stale = 1 AND id > ?1 ORDER BY id LIMIT 1");
// The stamp counts whatever may change how somebody is gathered: whoever thinks it over beside the writer looks at it again.
pub(super) const SET_STALE: Stmt =
    Stmt::both("person.set_stale", "UPDATE person SET stale = ?2, stamp = stamp + 1 WHERE id = ?1");
pub(super) const TOUCH: Stmt =
    Stmt::both("person.touch", "UPDATE person SET stamp = stamp + 1 WHERE id = ?1");
pub(super) const STAMP: Stmt = Stmt::both("person.stamp", "SELECT stamp FROM person WHERE id = ?1");
pub(super) const SET_RECORDS: Stmt = Stmt::both(
    "person.set_records",
    "UPDATE person SET records = ?2, into_id = NULL, stamp = stamp + 1 WHERE id = ?1",
);
pub(super) const END: Stmt =
    Stmt::both("person.end", "UPDATE person SET records = 0, into_id = ?2, stamp = stamp + 1 WHERE id = ?1");
// Whoever had turned out to be them before is the other one, too.
pub(super) const FOLLOW: Stmt =
    Stmt::both("person.follow", "UPDATE person SET into_id = ?2 WHERE into_id = ?1");
pub(super) const ENDED_INTO: Stmt =
    Stmt::both("person.ended_into", "SELECT id, number FROM person WHERE into_id = ?1 ORDER BY number");
// Nobody goes of whom a record is left, also one that was taken back, nor somebody who turned out to be another.
pub(super) const REMOVE: Stmt = Stmt::both(
    "person.remove",
    "DELETE FROM person WHERE ((id = ?1 AND into_id IS NULL) OR into_id = ?1) \
     AND NOT EXISTS (SELECT 1 FROM person_record r WHERE r.person_id = ?1)",
);

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
    /// How many records of theirs may be seen.
    pub records: i64,
    /// The latest of those that may be seen.
    pub latest: crate::model::RecordId,
    /// When that came.
    pub at: kernel::Timestamp,
}

/// Persons of whom the office may see a record, the latest first, behind a place; of a role, if one is given; `several`: with
/// several records that it may see.
///
/// # Errors
/// The database's.
pub fn list(
    tx: &mut Tx<'_>,
    office: &Office,
    (role, several): (Option<&str>, bool),
    ((before, id), limit): ((kernel::Timestamp, crate::model::RecordId), i64),
) -> Result<Vec<Row>, DbError> {
    let mut all: Vec<Value> = office.params().to_vec();
    all.extend_from_slice(params![before, id, i64::from(several), limit]);
    let stmt = match role {
        Some(role) => {
            all.push(Value::from(role));
            &LIST_ROLE
        }
        None => &LIST,
    };
    tx.query(stmt, &all, |r| {
        Ok(Row { person: r.get(0)?, number: r.get(1)?, records: r.get(2)?, latest: r.get(3)?, at: r.get(4)? })
    })
}

/// Somebody behind another who is to be gathered anew.
///
/// # Errors
/// The database's.
pub fn stale(tx: &mut Tx<'_>, after: PersonId) -> Result<Option<PersonId>, DbError> {
    tx.query_opt(&STALE, params![after], |r| r.get(0))
}

/// Something has changed by which they are gathered.
///
/// # Errors
/// The database's.
pub fn touch(tx: &mut Tx<'_>, id: PersonId) -> Result<(), DbError> {
    tx.execute(&TOUCH, params![id]).map(drop)
}

/// How often anything has changed by which they are gathered; nothing of nobody.
///
/// # Errors
/// The database's.
pub fn stamp(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<i64>, DbError> {
    tx.query_opt(&STAMP, params![id], |r| r.get(0))
}

/// Whether they are to be gathered anew.
///
/// # Errors
/// The database's.
pub fn set_stale(tx: &mut Tx<'_>, id: PersonId, stale: bool) -> Result<(), DbError> {
    tx.execute(&SET_STALE, params![id, i64::from(stale)]).map(drop)
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
