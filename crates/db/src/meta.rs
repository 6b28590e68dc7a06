//! Facts about the database itself, by key: `demo` = `1` marks one made for demonstrations, so that a
//! demonstration never starts on real data.

use crate::{DbError, Stmt, Tx, params};

pub(crate) const GET: Stmt = Stmt::both("db.meta_get", "SELECT value FROM meta WHERE key = ?1");
pub(crate) const PUT: Stmt = Stmt::both(
    "db.meta_put",
    "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
);

/// The value of `key`, if it was put.
///
/// # Errors
/// Any [`DbError`].
pub fn get(tx: &mut Tx<'_>, key: &str) -> Result<Option<String>, DbError> {
    tx.query_opt(&GET, params![key], |row| row.get(0))
}

/// Sets `key` to `value`.
///
/// # Errors
/// Any [`DbError`].
pub fn put(tx: &mut Tx<'_>, key: &str, value: &str) -> Result<(), DbError> {
    tx.execute(&PUT, params![key, value]).map(drop)
}
