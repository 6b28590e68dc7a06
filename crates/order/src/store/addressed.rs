//! SQL of what an institution sees of orders that were handed to it.

use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;

use super::delivery::{self, Delivery};
use super::{read, select_orders};
use crate::model::{Order, OrderId};

/// What it owes a word about: no answer yet, or something to be freed, handed over, put right.
pub(crate) const WAITING: Stmt = Stmt::both(
    "order.addressed_waiting",
    select_orders!(
        "WHERE (gateway = ?1 OR executor = ?1) AND sent_at IS NOT NULL \
         AND (status IN ('sent', 'acknowledged') OR id IN (SELECT order_id FROM delivery \
         WHERE state = 'waiting' AND kind IN ('release', 'notice', 'correction'))) \
         ORDER BY action_due, id LIMIT ?2"
    ),
);
pub(crate) const PAST: Stmt = Stmt::both(
    "order.addressed_past",
    select_orders!(
        "WHERE (gateway = ?1 OR executor = ?1) AND sent_at IS NOT NULL \
         AND requested_at < ?2 ORDER BY requested_at DESC, id LIMIT ?3"
    ),
);
pub(crate) const TODO: Stmt = Stmt::both(
    "order.addressed_todo",
    concat!(
        "SELECT ",
        delivery::columns!(),
        " FROM delivery WHERE order_id = ?1 AND state = 'waiting' AND kind IN ('release', 'notice', 'correction') \
         ORDER BY at, id LIMIT 1000"
    ),
);

/// Orders that an institution owes a word about, the next due first.
///
/// # Errors
/// The database's.
pub(crate) fn waiting(tx: &mut Tx<'_>, code: &str, limit: i64) -> Result<Vec<Order>, DbError> {
    tx.query(&WAITING, params![code, limit], read)
}

/// All orders that were handed to it before `before`, the newest first.
///
/// # Errors
/// The database's.
pub(crate) fn past(
    tx: &mut Tx<'_>,
    code: &str,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<Order>, DbError> {
    tx.query(&PAST, params![code, before, limit], read)
}

/// Messages about an order, beside the order itself, that nobody has answered yet; the oldest first.
///
/// # Errors
/// The database's.
pub(crate) fn todo(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<Delivery>, DbError> {
    tx.query(&TODO, params![order], |r| delivery::read_from(r, 0))
}
