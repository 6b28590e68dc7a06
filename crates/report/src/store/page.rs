//! Reports in the order of their keys, for whoever compares an index with them.

use db::{DbError, Stmt, Tx, params};
use uuid::Uuid;

pub(super) const PAGE: Stmt = Stmt::both(
    "report.page",
    "SELECT id, marking, organisation_id, unit_id, withdrawn_at FROM report WHERE id > ?1 ORDER BY id LIMIT ?2",
);

/// The reports behind one, each with what of it changes without any news.
///
/// # Errors
/// The database's.
pub fn page(tx: &mut Tx<'_>, after: Uuid, limit: i64) -> Result<Vec<(Uuid, String)>, DbError> {
    tx.query(&PAGE, params![after, limit], |r| {
        let (marking, organisation, unit) = (r.get::<String>(1)?, r.get::<String>(2)?, r.get::<String>(3)?);
        let withdrawn: Option<i64> = r.get(4)?;
        Ok((r.get(0)?, format!("{marking} {organisation} {unit} {}", withdrawn.is_some())))
    })
}
