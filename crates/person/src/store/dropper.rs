//! SQL of droppers.

use access::{Office, scope_where};
use app::{header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, Value, params};
use order::details::Knowledge;

use crate::model::{Dropper, DropperId, DropperStatus, PersonId, RecordId};

macro_rules! own_columns {
    () => {
        "record_id, status, knowledge, minor, guardian_told, voluntary, talked, proposed_by, listed_by, review_at, asked_at, version"
    };
}
macro_rules! select {
    ($($rest:expr),+) => {
        concat!("SELECT ", header_columns!(), ", ", own_columns!(), " FROM person_dropper ", $($rest),+)
    };
}

pub(super) const INSERT: Stmt = Stmt::both(
    "person.dropper_insert",
    concat!(
        "INSERT INTO person_dropper (",
        header_columns!(),
        ", ",
        own_columns!(),
        ", told_sealed) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29)"
    ),
);
pub(super) const FIND: Stmt = Stmt::both("person.dropper_find", select!("WHERE id = ?1"));
pub(super) const OF_PERSON: Stmt = Stmt::both(
    "person.droppers_of_person",
    select!(
        "WHERE record_id IN (SELECT r.id FROM person_record r WHERE r.person_id = ?1) \
         ORDER BY CASE status WHEN 'cleared' THEN 1 ELSE 0 END, created_at DESC, id LIMIT 20"
    ),
);
pub(super) const OF_RECORD: Stmt =
    Stmt::both("person.droppers_of_record", select!("WHERE record_id = ?1 ORDER BY id"));
pub(super) const LIST: Stmt = Stmt::both(
    "person.droppers_list",
    select!(
        "WHERE ",
        scope_where!("?1", "?2"),
        " AND (?3 = '' OR status = ?3) AND (?3 <> '' OR status <> 'cleared') \
         ORDER BY CASE WHEN asked_at IS NULL THEN 1 ELSE 0 END, review_at, id LIMIT ?4"
    ),
);
pub(super) const SAVE: Stmt = Stmt::both(
    "person.dropper_save",
    "UPDATE person_dropper SET status = ?3, knowledge = ?4, guardian_told = ?5, voluntary = ?6, talked = ?7, \
     proposed_by = ?8, listed_by = ?9, review_at = ?10, asked_at = ?11, minor = ?12, version = ?2 + 1 \
     WHERE id = ?1 AND version = ?2",
);
pub(super) const TELL: Stmt =
    Stmt::both("person.dropper_tell", "UPDATE person_dropper SET told_sealed = ?2 WHERE id = ?1");
pub(super) const SAY: Stmt =
    Stmt::both("person.dropper_say", "UPDATE person_dropper SET reason_sealed = ?2 WHERE id = ?1");
pub(super) const ASK: Stmt =
    Stmt::both("person.dropper_ask", "UPDATE person_dropper SET asked_sealed = ?2 WHERE id = ?1");
pub(super) const SEALED: Stmt = Stmt::both(
    "person.dropper_sealed",
    "SELECT told_sealed, reason_sealed, asked_sealed FROM person_dropper WHERE id = ?1",
);
pub(super) const REMOVE_OF: Stmt =
    Stmt::both("person.droppers_remove", "DELETE FROM person_dropper WHERE record_id = ?1");

/// How many own columns never change and are in the row hash.
const FIXED: usize = 1;

fn read(row: &Row) -> Result<Dropper, DbError> {
    let (id, header) = app::header::read(row)?;
    let (status, knowledge): (String, Option<String>) = (row.get(17)?, row.get(18)?);
    let knowledge = match knowledge {
        Some(word) => {
            Some(Knowledge::parse(&word).ok_or_else(|| super::bug("person_dropper.knowledge", &word))?)
        }
        None => None,
    };
    let flag = |column: usize| row.get::<i64>(column).map(|n| n != 0);
    Ok(Dropper {
        id: DropperId::from_uuid(id),
        header,
        record: row.get(16)?,
        status: DropperStatus::parse(&status).ok_or_else(|| super::bug("person_dropper.status", &status))?,
        knowledge,
        minor: flag(19)?,
        guardian_told: flag(20)?,
        voluntary: flag(21)?,
        talked: flag(22)?,
        proposed_by: row.get(23)?,
        listed_by: row.get(24)?,
        review_at: row.get(25)?,
        asked_at: row.get(26)?,
        version: row.get(27)?,
    })
}

/// Writes down somebody who may be a dropper.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, d: &Dropper, told_sealed: &[u8]) -> Result<(), DbError> {
    let own = params![
        d.record,
        d.status.as_str(),
        d.knowledge.map(Knowledge::as_str),
        i64::from(d.minor),
        i64::from(d.guardian_told),
        i64::from(d.voluntary),
        i64::from(d.talked),
        d.proposed_by.as_deref(),
        d.listed_by.as_deref(),
        d.review_at,
        d.asked_at,
        d.version,
        told_sealed
    ];
    tx.execute(&INSERT, &app::header::values(d.id.uuid(), &d.header, own, FIXED)).map(drop)
}

/// One of them.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: DropperId) -> Result<Option<Dropper>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// What is written of a person as a dropper, what is open first.
///
/// # Errors
/// The database's.
pub fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Dropper>, DbError> {
    tx.query(&OF_PERSON, params![person], read)
}

/// What hangs on a record.
///
/// # Errors
/// The database's.
pub fn of_record(tx: &mut Tx<'_>, record: RecordId) -> Result<Vec<Dropper>, DbError> {
    tx.query(&OF_RECORD, params![record], read)
}

/// Those that the office may see; those who asked to be taken off first, then the nearest review. An empty status means all that
/// are not cleared.
///
/// # Errors
/// The database's.
pub fn list(tx: &mut Tx<'_>, office: &Office, status: &str, limit: i64) -> Result<Vec<Dropper>, DbError> {
    let mut all: Vec<Value> = office.params().to_vec();
    all.extend_from_slice(params![status, limit]);
    tx.query(&LIST, &all, read)
}

/// Keeps where the matter stands. Somebody faster makes the closure run again.
///
/// # Errors
/// The database's.
pub fn save(tx: &mut Tx<'_>, d: &Dropper) -> Result<(), DbError> {
    let all = params![
        d.id,
        d.version,
        d.status.as_str(),
        d.knowledge.map(Knowledge::as_str),
        i64::from(d.guardian_told),
        i64::from(d.voluntary),
        i64::from(d.talked),
        d.proposed_by.as_deref(),
        d.listed_by.as_deref(),
        d.review_at,
        d.asked_at,
        i64::from(d.minor)
    ];
    tx.guarded(&SAVE, all)
}

/// What is told of them is another now.
///
/// # Errors
/// The database's.
pub fn tell(tx: &mut Tx<'_>, id: DropperId, sealed: &[u8]) -> Result<(), DbError> {
    tx.execute(&TELL, params![id, sealed]).map(drop)
}

/// Why it was decided so.
///
/// # Errors
/// The database's.
pub fn say(tx: &mut Tx<'_>, id: DropperId, sealed: &[u8]) -> Result<(), DbError> {
    tx.execute(&SAY, params![id, sealed]).map(drop)
}

/// Why they ask to be taken off.
///
/// # Errors
/// The database's.
pub fn ask(tx: &mut Tx<'_>, id: DropperId, sealed: &[u8]) -> Result<(), DbError> {
    tx.execute(&ASK, params![id, sealed]).map(drop)
}

/// What is told, why it was decided so, why they ask; sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// What is told.
    pub told: Vec<u8>,
    /// Why it was decided so.
    pub reason: Option<Vec<u8>>,
    /// Why they ask to be taken off.
    pub asked: Option<Vec<u8>>,
}

/// Whatever is sealed of one.
///
/// # Errors
/// The database's.
pub fn sealed(tx: &mut Tx<'_>, id: DropperId) -> Result<Sealed, DbError> {
    tx.query_one(&SEALED, params![id], |r| {
        Ok(Sealed { told: r.get(0)?, reason: r.get(1)?, asked: r.get(2)? })
    })
}

/// What hangs on a record goes with it.
///
/// # Errors
/// The database's.
pub fn remove_of(tx: &mut Tx<'_>, record: RecordId) -> Result<(), DbError> {
    tx.execute(&REMOVE_OF, params![record]).map(drop)
}
