//! SQL of the promise "next message at".

use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;

use crate::model::ReportId;

// A report without a code has no page on which a promise could be kept: partners file such, and erasure takes
// the code away.
pub(super) const DUE: Stmt = Stmt::both(
    "report.promise_due",
    "SELECT id FROM report WHERE next_message_at <= ?1 AND withdrawn_at IS NULL AND code_hash IS NOT NULL \
     ORDER BY next_message_at LIMIT ?2",
);
pub(super) const ANEW: Stmt = Stmt::both(
    "report.promise_anew",
    "UPDATE report SET next_message_at = ?3 WHERE id = ?1 AND next_message_at = ?2",
);
pub(super) const LATER: Stmt = Stmt::both(
    "report.promise_later",
    "UPDATE report SET next_message_at = ?2 WHERE id = ?1 AND next_message_at < ?2",
);
pub(super) const KEPT: Stmt = Stmt::both(
    "report.promises_kept",
    "SELECT COUNT(*) FROM report_message WHERE report_id = ?1 AND author LIKE 'system:%'",
);

/// Reports whose promised message is due, the oldest promise first.
///
/// # Errors
/// The database's.
pub fn due(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<ReportId>, DbError> {
    tx.query(&DUE, params![now, limit], |r| r.get(0))
}

/// Promises the next message, if the last promise still stands.
///
/// # Errors
/// The database's; [`DbError::Conflict`] if somebody was faster.
pub fn promise_anew(tx: &mut Tx<'_>, id: ReportId, was: Timestamp, next: Timestamp) -> Result<(), DbError> {
    tx.guarded(&ANEW, params![id, was, next])
}

/// Moves the promise to a later time: somebody has just written.
///
/// # Errors
/// The database's.
pub fn promise_later(tx: &mut Tx<'_>, id: ReportId, next: Timestamp) -> Result<(), DbError> {
    tx.execute(&LATER, params![id, next]).map(drop)
}

/// How many messages the platform has written by itself.
///
/// # Errors
/// The database's.
pub fn promises_kept(tx: &mut Tx<'_>, id: ReportId) -> Result<i64, DbError> {
    Ok(tx.query_opt(&KEPT, params![id], |r| r.get(0))?.unwrap_or(0))
}
