//! SQL of what was put before the prosecutor.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;

use super::{read, select_orders};
use crate::model::{Order, OrderId, Sanction};

macro_rules! columns {
    () => {
        "requested_at, requested_by, due_at, content_hash, decision, decided_at, decided_by, reason_sealed, act, signature, keyid"
    };
}

pub(crate) const PUT: Stmt = Stmt::both(
    "order.sanction_put",
    "INSERT INTO order_sanction (id, requested_at, requested_by, due_at, content_hash, decision) \
     VALUES (?1, ?2, ?3, ?4, ?5, '') ON CONFLICT (id) DO UPDATE SET requested_at = excluded.requested_at, \
     requested_by = excluded.requested_by, due_at = excluded.due_at, content_hash = excluded.content_hash, decision = '', \
     decided_at = NULL, decided_by = NULL, reason_sealed = NULL, act = NULL, signature = NULL, keyid = NULL",
);
pub(crate) const FIND: Stmt =
    Stmt::both("order.sanction_find", concat!("SELECT ", columns!(), " FROM order_sanction WHERE id = ?1"));
pub(crate) const DECIDE: Stmt = Stmt::both(
    "order.sanction_decide",
    "UPDATE order_sanction SET decision = ?2, decided_at = ?3, decided_by = ?4, reason_sealed = ?5, act = ?6, \
     signature = ?7, keyid = ?8 WHERE id = ?1 AND decision = '' AND content_hash = ?9",
);
pub(crate) const OPEN: Stmt = Stmt::both(
    "order.sanctions_open",
    select_orders!(
        "WHERE status = 'drafted' AND organisation_id = ?1 AND id IN (SELECT id FROM order_sanction WHERE decision = '') \
         ORDER BY requested_at, id LIMIT ?2"
    ),
);
pub(crate) const ERASE: Stmt = Stmt::both(
    "order.sanctions_erase",
    "UPDATE order_sanction SET reason_sealed = NULL WHERE id IN (SELECT id FROM orders WHERE report_id = ?1)",
);

fn read_sanction(row: &Row) -> Result<Sanction, DbError> {
    let hash: Vec<u8> = row.get(3)?;
    let decision: String = row.get(4)?;
    Ok(Sanction {
        requested_at: row.get(0)?,
        requested_by: row.get(1)?,
        due_at: row.get(2)?,
        content: hash.try_into().unwrap_or([0; 32]),
        given: match decision.as_str() {
            "given" => Some(true),
            "refused" => Some(false),
            _ => None,
        },
        decided_at: row.get(5)?,
        decided_by: row.get(6)?,
        reason_sealed: row.get(7)?,
        act: row.get(8)?,
        signature: row.get(9)?,
        keyid: row.get(10)?,
    })
}

/// Puts an order before the prosecutor, or puts it anew.
///
/// # Errors
/// The database's.
pub fn put(
    tx: &mut Tx<'_>,
    order: OrderId,
    by: &str,
    (now, due): (Timestamp, Timestamp),
    content: [u8; 32],
) -> Result<(), DbError> {
    tx.execute(&PUT, params![order, now, by, due, content]).map(drop)
}

/// What was put before the prosecutor about an order.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, order: OrderId) -> Result<Option<Sanction>, DbError> {
    tx.query_opt(&FIND, params![order], read_sanction)
}

/// Keeps the prosecutor's decision. Somebody faster makes the closure run again.
///
/// # Errors
/// The database's.
pub fn decide(tx: &mut Tx<'_>, order: OrderId, s: &Sanction) -> Result<(), DbError> {
    let decision = if s.given == Some(true) { "given" } else { "refused" };
    tx.guarded(
        &DECIDE,
        params![
            order,
            decision,
            s.decided_at,
            s.decided_by.as_deref(),
            s.reason_sealed.as_deref(),
            s.act.as_deref(),
            s.signature.as_deref(),
            s.keyid.as_deref(),
            s.content
        ],
    )
}

/// Orders that wait for the prosecutor, the longest waiting first.
///
/// # Errors
/// The database's.
pub fn open(tx: &mut Tx<'_>, organisation: &str, limit: i64) -> Result<Vec<Order>, DbError> {
    tx.query(&OPEN, params![organisation, limit], read)
}

/// Forgets the reasons of decisions about orders that serve a report.
///
/// # Errors
/// The database's.
pub fn erase(tx: &mut Tx<'_>, report: report::ReportId) -> Result<(), DbError> {
    tx.execute(&ERASE, params![report]).map(drop)
}
