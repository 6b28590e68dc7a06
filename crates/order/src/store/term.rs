//! SQL of clocks and terms: what is late, what ends, and what makes it go on.

use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;

use super::{read, select_orders};
use crate::model::{Order, OrderId};

pub(super) const EXTEND: Stmt = Stmt::both(
    "order.extend",
    "UPDATE orders SET extended_until = ?2 WHERE id = ?1 AND status IN ('sent', 'acknowledged', 'answered')",
);
/// Orders by which something of an order goes on, whatever became of them, the oldest first.
pub(super) const EXTENSIONS: Stmt = Stmt::both(
    "order.extensions",
    select_orders!(
        "WHERE measure = 'extension' AND id IN (SELECT c.order_id FROM order_object c JOIN order_object p \
         ON p.id = c.parent_object WHERE p.order_id = ?1) ORDER BY created_at, id"
    ),
);
pub(super) const RETURNS_OUT_OF: Stmt = Stmt::both(
    "order.returns_out_of",
    select_orders!(
        "WHERE measure = 'return' AND status IN ('drafted', 'sent', 'acknowledged', 'answered') AND id IN (SELECT c.order_id \
         FROM order_object c JOIN order_object p ON p.id = c.parent_object WHERE p.order_id = ?1) ORDER BY created_at, id"
    ),
);
pub(super) const SET_END: Stmt =
    Stmt::both("order.set_end", "UPDATE orders SET expires_at = ?2 WHERE id = ?1");
pub(super) const LATE: Stmt = Stmt::both(
    "order.late",
    select_orders!(
        "WHERE escalated_at IS NULL AND ((status = 'sent' AND ack_due <= ?1) OR (status = 'acknowledged' AND action_due <= ?1)) \
         AND EXISTS (SELECT 1 FROM order_step s WHERE s.order_id = orders.id AND s.no = 1 AND s.gateway = 'partner_api') \
         ORDER BY ack_due LIMIT ?2"
    ),
);
pub(super) const EXPIRED: Stmt = Stmt::both(
    "order.expired",
    select_orders!(
        "WHERE status IN ('drafted', 'sent', 'acknowledged', 'answered') AND expires_at <= ?1 \
         AND (extended_until IS NULL OR extended_until <= ?1) ORDER BY expires_at LIMIT ?2"
    ),
);
pub(super) const WAITING: Stmt = Stmt::both(
    "order.waiting",
    select_orders!(
        "WHERE status = 'drafted' AND why_waiting = ?1 AND requested_at <= ?2 ORDER BY requested_at, id LIMIT ?3"
    ),
);

/// Keeps when an order ends that goes on; `None` where it ends by its first term after all.
///
/// # Errors
/// The database's; an order that has ended makes the closure run again.
pub fn extend(tx: &mut Tx<'_>, order: OrderId, until: Option<Timestamp>) -> Result<(), DbError> {
    tx.guarded(&EXTEND, params![order, until])
}

/// Orders by which something of `order` goes on, whatever became of them, the oldest first.
///
/// # Errors
/// The database's.
pub fn extensions(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<Order>, DbError> {
    tx.query(&EXTENSIONS, params![order], read)
}

/// Orders to return what `order` holds that have not ended.
///
/// # Errors
/// The database's.
pub fn returns_out_of(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<Order>, DbError> {
    tx.query(&RETURNS_OUT_OF, params![order], read)
}

/// Sets when an order ends by itself.
///
/// # Errors
/// The database's.
pub fn set_end(tx: &mut Tx<'_>, order: OrderId, at: Timestamp) -> Result<(), DbError> {
    tx.guarded(&SET_END, params![order, at])
}

/// Sent but unacknowledged, or acknowledged but unanswered, past their clock and not yet escalated.
///
/// # Errors
/// The database's.
pub fn late(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<Order>, DbError> {
    tx.query(&LATE, params![now, limit], read)
}

/// Orders whose term is over.
///
/// # Errors
/// The database's.
pub fn expired(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<Order>, DbError> {
    tx.query(&EXPIRED, params![now, limit], read)
}

/// Drafts that wait for this reason since `before` or longer, the oldest first.
///
/// # Errors
/// The database's.
pub fn waiting(tx: &mut Tx<'_>, why: &str, before: Timestamp, limit: i64) -> Result<Vec<Order>, DbError> {
    tx.query(&WAITING, params![why, before, limit], read)
}
