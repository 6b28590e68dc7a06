//! Rows of bytes that are no longer wanted and may still lie on the shelf.

use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

pub(super) const INSERT: Stmt =
    Stmt::both("evidence.gone_insert", "INSERT INTO evidence_gone (id, tried_wall) VALUES (?1, ?2)");
pub(super) const DUE: Stmt = Stmt::both(
    "evidence.gone_due",
    "SELECT id FROM evidence_gone WHERE tried_wall < ?1 ORDER BY tried_wall, id LIMIT ?2",
);
pub(super) const TRIED: Stmt =
    Stmt::both("evidence.gone_tried", "UPDATE evidence_gone SET tried_wall = ?2 WHERE id = ?1");
pub(super) const DONE: Stmt = Stmt::both("evidence.gone_done", "DELETE FROM evidence_gone WHERE id = ?1");

/// They are no longer wanted.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, id: Uuid, now: Timestamp) -> Result<(), DbError> {
    tx.execute(&INSERT, params![id, now]).map(drop)
}

/// Those that were not tried since, the longest ago first.
///
/// # Errors
/// The database's.
pub fn due(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> Result<Vec<Uuid>, DbError> {
    tx.query(&DUE, params![before, limit], |row| row.get(0))
}

/// They lie there still: others are tried first.
///
/// # Errors
/// The database's.
pub fn tried(tx: &mut Tx<'_>, id: Uuid, now: Timestamp) -> Result<(), DbError> {
    tx.execute(&TRIED, params![id, now]).map(drop)
}

/// They no longer lie there.
///
/// # Errors
/// The database's.
pub fn done(tx: &mut Tx<'_>, id: Uuid) -> Result<(), DbError> {
    tx.execute(&DONE, params![id]).map(drop)
}
