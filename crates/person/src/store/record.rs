//! SQL of records.

use app::{header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, params};
use report::ReportId;

use crate::model::{PersonId, PersonRecord, RecordId, Role, Source};

macro_rules! own_columns {
    () => {
        "source, source_id, report_id, subject_id, born_id, role, person_id, same"
    };
}
macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", header_columns!(), ", ", own_columns!(), " FROM person_record ", $rest)
    };
}

pub(super) const INSERT: Stmt = Stmt::both(
    "person.record_insert",
    concat!(
        "INSERT INTO person_record (",
        header_columns!(),
        ", ",
        own_columns!(),
        ", told_sealed) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)"
    ),
);
pub(super) const FIND: Stmt = Stmt::both("person.record_find", select!("WHERE id = ?1"));
pub(super) const OF_PERSON: Stmt =
    Stmt::both("person.records_of_person", select!("WHERE person_id = ?1 ORDER BY created_at, id LIMIT ?2"));
pub(super) const OF_REPORT: Stmt =
    Stmt::both("person.records_of_report", select!("WHERE report_id = ?1 ORDER BY id"));
pub(super) const ALL_IDS: Stmt =
    Stmt::both("person.record_ids", "SELECT id FROM person_record WHERE id > ?1 ORDER BY id LIMIT ?2");
pub(super) const COUNT: Stmt = Stmt::both("person.record_count", "SELECT COUNT(*) FROM person_record");
pub(super) const TOLD: Stmt =
    Stmt::both("person.told", "SELECT told_sealed FROM person_record WHERE id = ?1");
pub(super) const REWRITE: Stmt = Stmt::both(
    "person.rewrite",
    "UPDATE person_record SET role = ?2, same = ?3, told_sealed = ?4 WHERE id = ?1",
);
pub(super) const MOVE: Stmt =
    Stmt::both("person.move", "UPDATE person_record SET person_id = ?2 WHERE id = ?1");
pub(super) const REMOVE: Stmt = Stmt::both("person.record_remove", "DELETE FROM person_record WHERE id = ?1");

/// How many own columns never change and are in the row hash.
const FIXED: usize = 5;

fn read(row: &Row) -> Result<PersonRecord, DbError> {
    let (id, header) = app::header::read(row)?;
    let (source, role): (String, String) = (row.get(16)?, row.get(21)?);
    let report: Option<uuid::Uuid> = row.get(18)?;
    Ok(PersonRecord {
        id: RecordId::from_uuid(id),
        header,
        source: Source::parse(&source).ok_or_else(|| super::bug("person_record.source", &source))?,
        source_id: row.get(17)?,
        report: report.map(ReportId::from_uuid),
        subject: row.get(19)?,
        role: Role::parse(&role).ok_or_else(|| super::bug("person_record.role", &role))?,
        born: row.get(20)?,
        person: row.get(22)?,
        same: row.get(23)?,
    })
}

/// Writes a new record.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, r: &PersonRecord, told_sealed: &[u8]) -> Result<(), DbError> {
    let own = params![
        r.source.as_str(),
        r.source_id,
        r.report.map(|id| id.uuid()),
        r.subject,
        r.born,
        r.role.as_str(),
        r.person,
        r.same.as_slice(),
        told_sealed
    ];
    tx.execute(&INSERT, &app::header::values(r.id.uuid(), &r.header, own, FIXED)).map(drop)
}

/// A record.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: RecordId) -> Result<Option<PersonRecord>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// Records of a person, oldest first.
///
/// # Errors
/// The database's.
pub fn of_person(tx: &mut Tx<'_>, person: PersonId, limit: i64) -> Result<Vec<PersonRecord>, DbError> {
    tx.query(&OF_PERSON, params![person, limit], read)
}

/// Records that a report told.
///
/// # Errors
/// The database's.
pub fn of_report(tx: &mut Tx<'_>, report: ReportId) -> Result<Vec<PersonRecord>, DbError> {
    tx.query(&OF_REPORT, params![report], read)
}

/// Ids of records behind one, for going through all of them.
///
/// # Errors
/// The database's.
pub fn all_ids(tx: &mut Tx<'_>, after: RecordId, limit: i64) -> Result<Vec<RecordId>, DbError> {
    tx.query(&ALL_IDS, params![after, limit], |r| r.get(0))
}

/// How many records there are.
///
/// # Errors
/// The database's.
pub fn count(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    tx.query_one(&COUNT, params![], |r| r.get(0))
}

/// What a record tells, sealed.
///
/// # Errors
/// The database's.
pub fn told(tx: &mut Tx<'_>, id: RecordId) -> Result<Option<Vec<u8>>, DbError> {
    tx.query_opt(&TOLD, params![id], |r| r.get(0))
}

/// What is told of them is another now.
///
/// # Errors
/// The database's.
pub fn rewrite(tx: &mut Tx<'_>, id: RecordId, role: Role, same: &[u8], sealed: &[u8]) -> Result<(), DbError> {
    tx.execute(&REWRITE, params![id, role.as_str(), same, sealed]).map(drop)
}

/// It is another person's.
///
/// # Errors
/// The database's.
pub fn move_to(tx: &mut Tx<'_>, id: RecordId, person: PersonId) -> Result<(), DbError> {
    tx.execute(&MOVE, params![id, person]).map(drop)
}

/// It goes.
///
/// # Errors
/// The database's.
pub fn remove(tx: &mut Tx<'_>, id: RecordId) -> Result<(), DbError> {
    tx.execute(&REMOVE, params![id]).map(drop)
}
