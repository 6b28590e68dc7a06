//! What was done by a form or a message that may come twice.

use app::Once;
use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;

use crate::model::CaseId;

pub(crate) const FIND: Stmt =
    Stmt::both("case_once.find", "SELECT case_id, said FROM case_once WHERE id = ?1");
pub(crate) const KEEP: Stmt = Stmt::both(
    "case_once.keep",
    "INSERT INTO case_once (id, case_id, said, at) VALUES (?1, ?2, ?3, ?4) \
     ON CONFLICT (id) DO UPDATE SET case_id = excluded.case_id",
);
pub(crate) const FIRST: Stmt = Stmt::both(
    "case_once.first",
    "INSERT INTO case_once (id, case_id, said, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
);
pub(crate) const SWEEP: Stmt = Stmt::both("case_once.sweep", "DELETE FROM case_once WHERE at < ?1");

/// To which case it led when it came first, and what was sent then.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, once: &Once) -> Result<Option<(CaseId, [u8; 32])>, DbError> {
    tx.query_opt(&FIND, params![once.key], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Writes down that it was done, and to which case it leads. An act on two cases leads to the one that is told last, or `first`.
///
/// # Errors
/// The database's.
pub fn keep(
    tx: &mut Tx<'_>,
    once: &Once,
    (case, first): (CaseId, bool),
    now: Timestamp,
) -> Result<(), DbError> {
    let statement = if first { &FIRST } else { &KEEP };
    tx.execute(statement, params![once.key, case, once.said, now]).map(drop)
}

/// Forgets what was done before a moment.
///
/// # Errors
/// The database's.
pub fn sweep(tx: &mut Tx<'_>, before: Timestamp) -> Result<(), DbError> {
    tx.execute(&SWEEP, params![before]).map(drop)
}
