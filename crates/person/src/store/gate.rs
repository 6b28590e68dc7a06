//! SQL of the gate: one at a time weighs, joins and parts. And how many records there are.

use db::{DbError, Stmt, Tx, params};
use uuid::Uuid;

pub(super) const FIND: Stmt =
    Stmt::both("person.gate", "SELECT records, keyed FROM person_gate WHERE id = ?1");
pub(super) const COUNT: Stmt =
    Stmt::both("person.gate_count", "UPDATE person_gate SET records = records + ?2 WHERE id = ?1");
pub(super) const KEYED: Stmt =
    Stmt::both("person.gate_keyed", "UPDATE person_gate SET keyed = ?2 WHERE id = ?1");

const ROW: Uuid = Uuid::nil();

/// Goes through the gate and holds it to the end of the transaction: whoever comes second reads what the first has written. Nothing
/// that decides who is whose is read before.
///
/// # Errors
/// The database's.
pub fn pass(tx: &mut Tx<'_>) -> Result<(), DbError> {
    tx.lock_row("person_gate", ROW)
}

/// How many records there are.
///
/// # Errors
/// The database's.
pub fn records(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    tx.query_one(&FIND, params![ROW], |r| r.get(0))
}

/// So many records more.
///
/// # Errors
/// The database's.
pub fn count(tx: &mut Tx<'_>, more: i64) -> Result<(), DbError> {
    tx.execute(&COUNT, params![ROW, more]).map(drop)
}

/// As far as which record all are kept under today's keys: its id, `done`, or nothing.
///
/// # Errors
/// The database's.
pub fn keyed(tx: &mut Tx<'_>) -> Result<String, DbError> {
    tx.query_one(&FIND, params![ROW], |r| r.get(1))
}

/// All are, as far as this one.
///
/// # Errors
/// The database's.
pub fn set_keyed(tx: &mut Tx<'_>, as_far: &str) -> Result<(), DbError> {
    tx.execute(&KEYED, params![ROW, as_far]).map(drop)
}
