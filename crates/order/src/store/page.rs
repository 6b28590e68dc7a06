//! Orders in the order of their keys, for whoever compares an index with them.

use db::{DbError, Stmt, Tx, params};
use uuid::Uuid;

pub(super) const PAGE: Stmt = Stmt::both(
    "order.page",
    "SELECT id, marking, organisation_id, unit_id, status, executor FROM orders WHERE id > ?1 ORDER BY id LIMIT ?2",
);

/// The orders behind one, each with what of it changes.
///
/// # Errors
/// The database's.
pub fn page(tx: &mut Tx<'_>, after: Uuid, limit: i64) -> Result<Vec<(Uuid, String)>, DbError> {
    tx.query(&PAGE, params![after, limit], |r| {
        let (marking, organisation, unit) = (r.get::<String>(1)?, r.get::<String>(2)?, r.get::<String>(3)?);
        let (status, executor) = (r.get::<String>(4)?, r.get::<String>(5)?);
        Ok((r.get(0)?, format!("{marking} {organisation} {unit} {status} {executor}")))
    })
}
