//! SQL of the reason of an order that touches more than the disputed sum: sealed.

use db::{DbError, Stmt, Tx, params};
use report::ReportId;

use crate::model::OrderId;

pub(super) const REASON: Stmt = Stmt::both("order.reason", "SELECT reason_sealed FROM orders WHERE id = ?1");
pub(super) const REASON_SET: Stmt =
    Stmt::both("order.reason_set", "UPDATE orders SET reason_sealed = ?2 WHERE id = ?1");
pub(super) const REASON_ERASE: Stmt = Stmt::both(
    "order.reason_erase",
    "UPDATE orders SET reason_sealed = ?2 WHERE report_id = ?1 AND reason_sealed IS NOT NULL",
);

/// Keeps why a wide scope is needed.
///
/// # Errors
/// The database's.
pub fn set_reason(tx: &mut Tx<'_>, order: OrderId, sealed: &[u8]) -> Result<(), DbError> {
    tx.execute(&REASON_SET, params![order, sealed]).map(drop)
}

/// Why a wide scope is needed, sealed; `None` where it needs no reason.
///
/// # Errors
/// The database's.
pub fn reason(tx: &mut Tx<'_>, order: OrderId) -> Result<Option<Vec<u8>>, DbError> {
    Ok(tx.query_opt(&REASON, params![order], |r| r.get::<Option<Vec<u8>>>(0))?.flatten())
}

/// Forgets the reasons of all orders that serve a report; that there was one stays known.
///
/// # Errors
/// The database's.
pub fn erase_reasons(tx: &mut Tx<'_>, report: ReportId) -> Result<(), DbError> {
    tx.execute(&REASON_ERASE, params![report, Vec::<u8>::new()]).map(drop)
}
