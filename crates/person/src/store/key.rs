//! SQL of what records are found by.

use db::{DbError, Stmt, Tx, params};

use crate::model::RecordId;

pub(super) const PUT: Stmt = Stmt::both(
    "person.key_put",
    "INSERT INTO person_key (key, record_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
);
pub(super) const DROP: Stmt = Stmt::both("person.key_drop", "DELETE FROM person_key WHERE record_id = ?1");
pub(super) const WITH: Stmt =
    Stmt::both("person.key_with", "SELECT record_id FROM person_key WHERE key = ?1 LIMIT ?2");

/// Keeps what a record is found by, in place of what it was found by before.
///
/// # Errors
/// The database's.
pub fn keep(tx: &mut Tx<'_>, record: RecordId, keys: &[i64]) -> Result<(), DbError> {
    tx.execute(&DROP, params![record])?;
    keys.iter().try_for_each(|key| tx.execute(&PUT, params![*key, record]).map(drop))
}

/// Records that are found by a key, so many at most.
///
/// # Errors
/// The database's.
pub fn with(tx: &mut Tx<'_>, key: i64, limit: i64) -> Result<Vec<RecordId>, DbError> {
    tx.query(&WITH, params![key, limit], |r| r.get(0))
}
