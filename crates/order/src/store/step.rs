//! SQL of the steps of an order's route.

use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::{OrderId, Step};

pub(super) const STEP_INSERT: Stmt = Stmt::both(
    "order.step_insert",
    "INSERT INTO order_step (id, order_id, no, role, institution, gateway, due, reached_at, answer) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '')",
);
pub(super) const STEP_REACHED: Stmt = Stmt::both(
    "order.step_reached",
    "UPDATE order_step SET reached_at = COALESCE(reached_at, ?3), answer = ?4 WHERE order_id = ?1 AND institution = ?2",
);
pub(super) const STEPS: Stmt = Stmt::both(
    "order.steps",
    "SELECT no, role, institution, gateway, due, reached_at, answer FROM order_step WHERE order_id = ?1 ORDER BY no",
);
pub(super) const STEPS_CLEAR: Stmt =
    Stmt::both("order.steps_clear", "DELETE FROM order_step WHERE order_id = ?1");

/// Writes one step of a route.
///
/// # Errors
/// The database's.
pub fn insert_step(tx: &mut Tx<'_>, id: Uuid, order: OrderId, s: &Step) -> Result<(), DbError> {
    let own = params![
        id,
        order,
        s.no,
        s.role.as_str(),
        s.institution.as_str(),
        s.gateway.as_str(),
        s.due,
        s.reached_at
    ];
    tx.execute(&STEP_INSERT, own).map(drop)
}

/// A step was reached: its institution answered with `code`.
///
/// # Errors
/// The database's.
pub fn step_reached(
    tx: &mut Tx<'_>,
    order: OrderId,
    institution: &str,
    at: Timestamp,
    code: &str,
) -> Result<(), DbError> {
    tx.execute(&STEP_REACHED, params![order, institution, at, code]).map(drop)
}

/// The steps of an order's route.
///
/// # Errors
/// The database's.
pub fn steps(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<Step>, DbError> {
    tx.query(&STEPS, params![order], |r| {
        Ok(Step {
            no: r.get(0)?,
            role: r.get(1)?,
            institution: r.get(2)?,
            gateway: r.get(3)?,
            due: r.get(4)?,
            reached_at: r.get(5)?,
            answer: r.get(6)?,
        })
    })
}

/// Forgets the route of a draft that is judged anew.
///
/// # Errors
/// The database's.
pub fn clear_steps(tx: &mut Tx<'_>, order: OrderId) -> Result<(), DbError> {
    tx.execute(&STEPS_CLEAR, params![order]).map(drop)
}
