//! SQL of lists that others keep.

use app::{header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, params};

use crate::model::{Batch, BatchId, BatchStatus, What};

macro_rules! own_columns {
    () => {
        "what, name, partner, good, twice, faulty, known, faults, status, done, cursor_id, signed_by, started_at, ended_at, version"
    };
}
macro_rules! select {
    ($rest:expr) => {
        concat!("SELECT ", header_columns!(), ", ", own_columns!(), " FROM registry_batch ", $rest)
    };
}

pub(super) const INSERT: Stmt = Stmt::both(
    "registry.batch_insert",
    concat!(
        "INSERT INTO registry_batch (",
        header_columns!(),
        ", ",
        own_columns!(),
        ", body_sealed) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32)"
    ),
);
pub(super) const FIND: Stmt = Stmt::both("registry.batch_find", select!("WHERE id = ?1"));
pub(super) const LATEST: Stmt = Stmt::both(
    "registry.batch_latest",
    select!("WHERE organisation_id = ?1 ORDER BY created_at DESC, id LIMIT ?2"),
);
pub(super) const SAVE: Stmt = Stmt::both(
    "registry.batch_save",
    "UPDATE registry_batch SET status = ?3, done = ?4, cursor_id = ?5, signed_by = ?6, started_at = ?7, ended_at = ?8, \
     version = ?2 + 1 WHERE id = ?1 AND version = ?2",
);
pub(super) const BODY: Stmt =
    Stmt::both("registry.batch_body", "SELECT body_sealed FROM registry_batch WHERE id = ?1");
pub(super) const EMPTY: Stmt =
    Stmt::both("registry.batch_empty", "UPDATE registry_batch SET body_sealed = NULL WHERE id = ?1");

/// How many own columns never change and are in the row hash.
const FIXED: usize = 8;

/// Keeps a list that was read, with its lines, sealed.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, b: &Batch, body: &[u8]) -> Result<(), DbError> {
    let faults = serde_json::to_string(&b.faults).unwrap_or_default();
    let own = params![
        b.what.as_str(),
        b.name.as_str(),
        b.partner.as_deref(),
        b.good,
        b.twice,
        b.faulty,
        b.known,
        faults.as_str(),
        b.status.as_str(),
        b.done,
        b.cursor,
        b.signed_by.as_deref(),
        b.started_at,
        b.ended_at,
        b.version,
        body
    ];
    tx.execute(&INSERT, &app::header::values(b.id.uuid(), &b.header, own, FIXED)).map(drop)
}

/// Keeps what has become of a list. Somebody faster makes the closure run again.
///
/// # Errors
/// The database's.
pub fn save(tx: &mut Tx<'_>, b: &Batch) -> Result<(), DbError> {
    let all = params![
        b.id,
        b.version,
        b.status.as_str(),
        b.done,
        b.cursor,
        b.signed_by.as_deref(),
        b.started_at,
        b.ended_at
    ];
    tx.guarded(&SAVE, all)
}

/// The lines of a list, sealed; `None` once it was taken in.
///
/// # Errors
/// The database's.
pub fn body(tx: &mut Tx<'_>, id: BatchId) -> Result<Option<Vec<u8>>, DbError> {
    tx.query_one(&BODY, params![id], |r| r.get(0))
}

/// Forgets the lines of a list.
///
/// # Errors
/// The database's.
pub fn empty(tx: &mut Tx<'_>, id: BatchId) -> Result<(), DbError> {
    tx.execute(&EMPTY, params![id]).map(drop)
}

/// One list.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: BatchId) -> Result<Option<Batch>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// The lists that were brought last.
///
/// # Errors
/// The database's.
pub fn latest(tx: &mut Tx<'_>, organisation: &str, limit: i64) -> Result<Vec<Batch>, DbError> {
    tx.query(&LATEST, params![organisation, limit], read)
}

fn read(row: &Row) -> Result<Batch, DbError> {
    let (id, header) = app::header::read(row)?;
    let bug = |column: &str, text: &str| DbError::Bug(format!("`registry_batch.{column}` holds `{text}`"));
    let (what, status, faults): (String, String, String) = (row.get(16)?, row.get(24)?, row.get(23)?);
    Ok(Batch {
        id: BatchId::from_uuid(id),
        header,
        what: What::parse(&what).ok_or_else(|| bug("what", &what))?,
        name: row.get(17)?,
        partner: row.get(18)?,
        good: row.get(19)?,
        twice: row.get(20)?,
        faulty: row.get(21)?,
        known: row.get(22)?,
        faults: serde_json::from_str(&faults).map_err(|_| bug("faults", &faults))?,
        status: BatchStatus::parse(&status).ok_or_else(|| bug("status", &status))?,
        done: row.get(25)?,
        cursor: row.get(26)?,
        signed_by: row.get(27)?,
        started_at: row.get(28)?,
        ended_at: row.get(29)?,
        version: row.get(30)?,
    })
}
