//! Schemes in the order of their keys, for whoever compares an index with them.

use db::{DbError, Stmt, Tx, params};
use uuid::Uuid;

pub(super) const PAGE: Stmt =
    Stmt::both("scheme.page", "SELECT id, version FROM scheme WHERE id > ?1 ORDER BY id LIMIT ?2");

/// The schemes behind one, each with its version.
///
/// # Errors
/// The database's.
pub fn page(tx: &mut Tx<'_>, after: Uuid, limit: i64) -> Result<Vec<(Uuid, String)>, DbError> {
    tx.query(&PAGE, params![after, limit], |r| Ok((r.get(0)?, r.get::<i64>(1)?.to_string())))
}
