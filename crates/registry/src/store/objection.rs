//! SQL of objections from the portal.

use app::{header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, params};
use identifier::Kind;
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::{EntryId, Objection, ObjectionId, ObjectionStatus};

macro_rules! own_columns {
    () => {
        "number, entry_id, kind, masked, filed_at, due_at, status, decided_at, decided_by, version"
    };
}
macro_rules! select {
    ($rest:expr) => {
        concat!("SELECT ", header_columns!(), ", ", own_columns!(), " FROM registry_objection ", $rest)
    };
}

pub(super) const INSERT: Stmt = Stmt::both(
    "registry.objection_insert",
    concat!(
        "INSERT INTO registry_objection (",
        header_columns!(),
        ", ",
        own_columns!(),
        ", code_hash, told_sealed) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28)"
    ),
);
pub(super) const FIND: Stmt = Stmt::both("registry.objection_find", select!("WHERE id = ?1"));
pub(super) const BY_CODE: Stmt = Stmt::both("registry.objection_by_code", select!("WHERE code_hash = ?1"));
pub(super) const OF_ENTRY: Stmt = Stmt::both(
    "registry.objection_of_entry",
    select!("WHERE entry_id = ?1 AND (?2 = '' OR status = ?2) ORDER BY filed_at DESC, id LIMIT ?3"),
);
/// Those that nobody has accepted, to what people have cleared since, the oldest first.
pub(super) const SETTLED: Stmt = Stmt::both(
    "registry.objection_settled",
    select!(
        "WHERE status = 'filed' AND EXISTS (SELECT 1 FROM registry_entry e WHERE e.id = registry_objection.entry_id \
         AND e.decided = 'cleared') ORDER BY filed_at, id LIMIT ?1"
    ),
);
pub(super) const WAITING: Stmt = Stmt::both(
    "registry.objection_waiting",
    select!(
        "WHERE organisation_id = ?1 AND status IN ('filed', 'accepted') AND (due_at, id) > (?2, ?3) \
         ORDER BY due_at, id LIMIT ?4"
    ),
);
pub(super) const LIST: Stmt = Stmt::both(
    "registry.objection_list",
    select!(
        "WHERE organisation_id = ?1 AND status = ?2 AND (due_at, id) < (?3, ?4) ORDER BY due_at DESC, id DESC LIMIT ?5"
    ),
);
pub(super) const BY_NUMBER: Stmt =
    Stmt::both("registry.objection_by_number", select!("WHERE organisation_id = ?1 AND number = ?2"));
pub(super) const COUNT: Stmt = Stmt::both(
    "registry.objection_count",
    "SELECT COUNT(*) FROM registry_objection WHERE organisation_id = ?1 AND status = ?2",
);
/// How many of those filed since a moment stand where.
pub(super) const COUNTS: Stmt = Stmt::both(
    "registry.objection_counts",
    "SELECT status, COUNT(*) FROM registry_objection WHERE organisation_id = ?1 AND filed_at >= ?2 \
     GROUP BY status ORDER BY status",
);
/// How many wait, whenever they were filed, and how many of them are late.
pub(super) const WAIT: Stmt = Stmt::both(
    "registry.objections_wait",
    "SELECT COUNT(*), COUNT(CASE WHEN due_at <= ?2 THEN 1 END) FROM registry_objection \
     WHERE organisation_id = ?1 AND status IN ('filed', 'accepted')",
);
pub(super) const SEALED: Stmt = Stmt::both(
    "registry.objection_sealed",
    "SELECT told_sealed, answer_sealed FROM registry_objection WHERE id = ?1",
);
pub(super) const ANSWERED: Stmt = Stmt::both(
    "registry.objection_answered",
    "SELECT id FROM registry_objection WHERE status IN ('upheld', 'rejected', 'closed') AND decided_at < ?1 \
     AND answer_sealed IS NOT NULL ORDER BY decided_at LIMIT ?2",
);
pub(super) const EMPTY: Stmt = Stmt::both(
    "registry.objection_empty",
    "UPDATE registry_objection SET told_sealed = ?2, answer_sealed = NULL WHERE id = ?1",
);
pub(super) const SAVE: Stmt = Stmt::both(
    "registry.objection_save",
    "UPDATE registry_objection SET status = ?3, decided_at = ?4, decided_by = ?5, version = ?2 + 1 \
     WHERE id = ?1 AND version = ?2",
);
pub(super) const ANSWER: Stmt =
    Stmt::both("registry.objection_answer", "UPDATE registry_objection SET answer_sealed = ?2 WHERE id = ?1");

/// How many own columns never change and are in the row hash.
const FIXED: usize = 6;

/// Keeps a new objection, the keyed hash of its code, and what is told, sealed.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, o: &Objection, code_hash: [u8; 32], told: &[u8]) -> Result<(), DbError> {
    let own = params![
        o.number.as_str(),
        o.entry,
        o.kind.as_str(),
        o.masked.as_str(),
        o.filed_at,
        o.due_at,
        o.status.as_str(),
        o.decided_at,
        o.decided_by.as_deref(),
        o.version,
        code_hash,
        told
    ];
    tx.execute(&INSERT, &app::header::values(o.id.uuid(), &o.header, own, FIXED)).map(drop)
}

/// Keeps what has become of an objection, and the answer, sealed. Somebody faster makes the closure run again.
///
/// # Errors
/// The database's.
pub fn save(tx: &mut Tx<'_>, o: &Objection, answer: Option<&[u8]>) -> Result<(), DbError> {
    let decided = params![o.id, o.version, o.status.as_str(), o.decided_at, o.decided_by.as_deref()];
    tx.guarded(&SAVE, decided)?;
    match answer {
        Some(sealed) => tx.execute(&ANSWER, params![o.id, sealed]).map(drop),
        None => Ok(()),
    }
}

/// What was told and answered, sealed.
///
/// # Errors
/// The database's.
pub fn sealed(tx: &mut Tx<'_>, id: ObjectionId) -> Result<(Vec<u8>, Option<Vec<u8>>), DbError> {
    tx.query_one(&SEALED, params![id], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// One objection.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: ObjectionId) -> Result<Option<Objection>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// The objection that a code opens.
///
/// # Errors
/// The database's.
pub fn by_code(tx: &mut Tx<'_>, hash: [u8; 32]) -> Result<Option<Objection>, DbError> {
    tx.query_opt(&BY_CODE, params![hash], read)
}

/// Objections about an entry, the latest first; with a status, those that stand there.
///
/// # Errors
/// The database's.
pub fn of_entry(
    tx: &mut Tx<'_>,
    entry: EntryId,
    status: Option<ObjectionStatus>,
    limit: i64,
) -> Result<Vec<Objection>, DbError> {
    tx.query(&OF_ENTRY, params![entry, status.map_or("", ObjectionStatus::as_str), limit], read)
}

/// Objections that were answered before a moment and whose words are kept still.
///
/// # Errors
/// The database's.
pub fn answered_before(
    tx: &mut Tx<'_>,
    before: kernel::Timestamp,
    limit: i64,
) -> Result<Vec<ObjectionId>, DbError> {
    tx.query(&ANSWERED, params![before, limit], |r| Ok(ObjectionId::from_uuid(r.get(0)?)))
}

/// Empties what was told and answered.
///
/// # Errors
/// The database's.
pub fn empty(tx: &mut Tx<'_>, id: ObjectionId) -> Result<(), DbError> {
    tx.execute(&EMPTY, params![id, Vec::<u8>::new()]).map(drop)
}

/// Objections that wait, those that are due first before the others; behind one of them.
///
/// # Errors
/// The database's.
pub fn waiting(
    tx: &mut Tx<'_>,
    organisation: &str,
    after: Option<&Objection>,
    limit: i64,
) -> Result<Vec<Objection>, DbError> {
    let (due, id) =
        after.map_or((Timestamp::from_micros(i64::MIN), Uuid::nil()), |o| (o.due_at, o.id.uuid()));
    tx.query(&WAITING, params![organisation, due, id, limit], read)
}

/// Objections that stand somewhere, the latest first; behind one of them.
///
/// # Errors
/// The database's.
pub fn list(
    tx: &mut Tx<'_>,
    organisation: &str,
    status: ObjectionStatus,
    after: Option<&Objection>,
    limit: i64,
) -> Result<Vec<Objection>, DbError> {
    let (due, id) =
        after.map_or((Timestamp::from_micros(i64::MAX), Uuid::max()), |o| (o.due_at, o.id.uuid()));
    tx.query(&LIST, params![organisation, status.as_str(), due, id, limit], read)
}

/// Objections that nobody has accepted, to what people have cleared since, the oldest first.
///
/// # Errors
/// The database's.
pub fn settled(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Objection>, DbError> {
    tx.query(&SETTLED, params![limit], read)
}

/// The objection of a number.
///
/// # Errors
/// The database's.
pub fn by_number(tx: &mut Tx<'_>, organisation: &str, number: &str) -> Result<Option<Objection>, DbError> {
    tx.query_opt(&BY_NUMBER, params![organisation, number], read)
}

/// How many objections stand somewhere; with no status, how many wait.
///
/// # Errors
/// The database's.
pub fn count(tx: &mut Tx<'_>, organisation: &str, status: Option<ObjectionStatus>) -> Result<i64, DbError> {
    match status {
        Some(status) => tx.query_one(&COUNT, params![organisation, status.as_str()], |r| r.get(0)),
        None => tx.query_one(&WAIT, params![organisation, Timestamp::from_micros(0)], |r| r.get(0)),
    }
}

/// Objections that were filed since a moment, and those that wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filed {
    /// Filed since then.
    pub all: i64,
    /// Of those, decided: upheld or found without ground.
    pub decided: i64,
    /// Upheld: what was told is told no more.
    pub upheld: i64,
    /// Not decided yet, whenever they were filed.
    pub waiting: i64,
    /// Of those, later than promised.
    pub late: i64,
}

/// What has become of the objections that were filed since a moment, and how many wait.
///
/// # Errors
/// The database's.
pub fn filed(
    tx: &mut Tx<'_>,
    organisation: &str,
    since: kernel::Timestamp,
    now: kernel::Timestamp,
) -> Result<Filed, DbError> {
    let rows: Vec<(String, i64)> =
        tx.query(&COUNTS, params![organisation, since], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let (waiting, late) = tx.query_one(&WAIT, params![organisation, now], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let mut filed = Filed { waiting, late, ..Filed::default() };
    for (status, count) in rows {
        let status = read_status(&status)?;
        filed.all = filed.all.saturating_add(count);
        if status == ObjectionStatus::Upheld {
            filed.upheld = filed.upheld.saturating_add(count);
        }
        if matches!(status, ObjectionStatus::Upheld | ObjectionStatus::Rejected) {
            filed.decided = filed.decided.saturating_add(count);
        }
    }
    Ok(filed)
}

fn bug(column: &str, text: &str) -> DbError {
    DbError::Bug(format!("`registry_objection.{column}` holds `{text}`"))
}

fn read_status(text: &str) -> Result<ObjectionStatus, DbError> {
    ObjectionStatus::parse(text).ok_or_else(|| bug("status", text))
}

fn read(row: &Row) -> Result<Objection, DbError> {
    let (id, header) = app::header::read(row)?;
    let (kind, status): (String, String) = (row.get(18)?, row.get(22)?);
    Ok(Objection {
        id: ObjectionId::from_uuid(id),
        header,
        number: row.get(16)?,
        entry: EntryId::from_uuid(row.get(17)?),
        kind: Kind::parse(&kind).ok_or_else(|| bug("kind", &kind))?,
        masked: row.get(19)?,
        filed_at: row.get(20)?,
        due_at: row.get(21)?,
        status: read_status(&status)?,
        decided_at: row.get(23)?,
        decided_by: row.get(24)?,
        version: row.get(25)?,
    })
}
