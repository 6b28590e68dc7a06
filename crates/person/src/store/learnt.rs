//! SQL of the weights.

use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;

pub(super) const FIND: Stmt = Stmt::both("person.model", "SELECT body FROM person_model WHERE version = ?1");
pub(super) const LATEST: Stmt = Stmt::both(
    "person.model_latest",
    "SELECT version, body, records FROM person_model ORDER BY version DESC LIMIT 1",
);
pub(super) const INSERT: Stmt = Stmt::both(
    "person.model_insert",
    "INSERT INTO person_model (version, body, records, made_at, made_by) VALUES (?1, ?2, ?3, ?4, ?5)",
);

/// The weights of a version.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, version: i64) -> Result<Option<String>, DbError> {
    tx.query_opt(&FIND, params![version], |r| r.get(0))
}

/// The weights by which records are compared now: version, body, and from how many records they were learnt.
///
/// # Errors
/// The database's.
pub fn latest(tx: &mut Tx<'_>) -> Result<Option<(i64, String, i64)>, DbError> {
    tx.query_opt(&LATEST, params![], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
}

/// Keeps weights that were learnt. Two that learn at once: the second is told that it was too late.
///
/// # Errors
/// The database's.
pub fn insert(
    tx: &mut Tx<'_>,
    (version, body): (i64, &str),
    records: i64,
    (at, by): (Timestamp, &str),
) -> Result<(), DbError> {
    tx.execute(&INSERT, params![version, body, records, at, by]).map(drop)
}
