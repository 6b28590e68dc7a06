//! Browsers that may see one report for a while: the one that filed it, and any that showed the code.

use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::ReportId;

pub(crate) const INSERT: Stmt = Stmt::both(
    "report.visit_insert",
    "INSERT INTO report_visit (id, token_hash, report_id, expires_wall) VALUES (?1, ?2, ?3, ?4)",
);
pub(crate) const FIND: Stmt = Stmt::both(
    "report.visit_find",
    "SELECT report_id FROM report_visit WHERE token_hash = ?1 AND expires_wall > ?2",
);
pub(crate) const PURGE: Stmt =
    Stmt::both("report.visit_purge", "DELETE FROM report_visit WHERE expires_wall <= ?1");
pub(crate) const DELETE_FOR: Stmt =
    Stmt::both("report.visit_delete_for", "DELETE FROM report_visit WHERE report_id = ?1");

/// How long a visit lasts on the wall clock.
pub(crate) const VISIT_SECS: i64 = 2 * 3600;

pub(crate) fn insert(
    tx: &mut Tx<'_>,
    id: Uuid,
    hash: [u8; 32],
    report: ReportId,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(&INSERT, params![id, hash, report, now.plus_secs(VISIT_SECS)]).map(drop)
}

pub(crate) fn find(tx: &mut Tx<'_>, hash: [u8; 32], now: Timestamp) -> Result<Option<ReportId>, DbError> {
    tx.query_opt(&FIND, params![hash, now], |r| r.get(0))
}

pub(crate) fn purge(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, DbError> {
    tx.execute(&PURGE, params![now])
}

pub(crate) fn delete_for(tx: &mut Tx<'_>, report: ReportId) -> Result<(), DbError> {
    tx.execute(&DELETE_FOR, params![report]).map(drop)
}
