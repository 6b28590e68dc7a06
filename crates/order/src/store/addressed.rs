//! SQL of what an institution sees of orders that were handed to it.

use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;

use super::delivery::{self, Delivery};
use super::{read, select_orders};
use crate::model::{Order, OrderId};
use crate::score::Asked;

/// What it owes a word about: no answer yet, or something to be freed, handed over, put right. Orders that bind come first:
/// however much of the other is left lying, it hides no new one.
pub(crate) const WAITING: Stmt = Stmt::both(
    "order.addressed_waiting",
    select_orders!(
        "WHERE (gateway = ?1 OR executor = ?1) AND sent_at IS NOT NULL \
         AND (status IN ('sent', 'acknowledged') OR id IN (SELECT order_id FROM delivery \
         WHERE state = 'waiting' AND kind IN ('release', 'notice', 'correction'))) \
         ORDER BY CASE WHEN status IN ('sent', 'acknowledged') THEN 0 ELSE 1 END, action_due, id LIMIT ?2"
    ),
);
pub(crate) const PAST: Stmt = Stmt::both(
    "order.addressed_past",
    select_orders!(
        "WHERE (gateway = ?1 OR executor = ?1) AND sent_at IS NOT NULL \
         AND requested_at < ?2 ORDER BY requested_at DESC, id LIMIT ?3"
    ),
);
/// The newest first, so that what is left out of a very busy time is the oldest.
pub(crate) const ASKED: Stmt = Stmt::both(
    "order.asked",
    "SELECT executor, sent_at, acknowledged_at, answered_at, action_due, (SELECT COUNT(*) FROM order_object x \
     WHERE x.order_id = orders.id AND x.state = 'refused') FROM orders WHERE sent_at >= ?1 \
     ORDER BY sent_at DESC, id LIMIT ?2",
);
pub(crate) const OWED: Stmt = Stmt::both(
    "order.addressed_owed",
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

/// What was asked of whom since `from`, at most `limit` orders.
///
/// # Errors
/// The database's.
pub(crate) fn asked(tx: &mut Tx<'_>, from: Timestamp, limit: i64) -> Result<Vec<Asked>, DbError> {
    tx.query(&ASKED, params![from, limit], |r| {
        Ok(Asked {
            executor: r.get(0)?,
            sent_at: r.get(1)?,
            acknowledged_at: r.get(2)?,
            answered_at: r.get(3)?,
            action_due: r.get(4)?,
            refused: r.get::<i64>(5)? > 0,
        })
    })
}

/// Messages about an order, beside the order itself, that nobody has answered yet; the oldest first.
///
/// # Errors
/// The database's.
pub(crate) fn owed(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<Delivery>, DbError> {
    tx.query(&OWED, params![order], |r| delivery::read_from(r, 0))
}
