//! Lists that people keep.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::View;

pub(crate) const INSERT: Stmt = Stmt::both(
    "case_view.insert",
    "INSERT INTO case_view (id, organisation_id, owner, shared, name_sealed, filter, sort, created_at) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
);
pub(crate) const OFFERED: Stmt = Stmt::both(
    "case_view.offered",
    "SELECT id, owner, shared, name_sealed, filter, sort FROM case_view \
     WHERE organisation_id = ?1 AND (owner = ?2 OR shared) ORDER BY created_at, id LIMIT 50",
);
pub(crate) const DROP: Stmt =
    Stmt::both("case_view.drop", "DELETE FROM case_view WHERE id = ?1 AND owner = ?2");

fn read(row: &Row) -> Result<View, DbError> {
    Ok(View {
        id: row.get(0)?,
        owner: row.get(1)?,
        shared: row.get(2)?,
        name_sealed: row.get(3)?,
        filter: row.get(4)?,
        sort: row.get(5)?,
    })
}

/// Keeps a list.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, organisation: &str, v: &View, at: Timestamp) -> Result<(), DbError> {
    let row = params![
        v.id,
        organisation,
        v.owner.as_str(),
        v.shared,
        v.name_sealed.as_slice(),
        v.filter.as_str(),
        v.sort.as_str(),
        at
    ];
    tx.execute(&INSERT, row).map(drop)
}

/// The lists that somebody is offered: their own, and those of everybody.
///
/// # Errors
/// The database's.
pub fn offered(tx: &mut Tx<'_>, organisation: &str, label: &str) -> Result<Vec<View>, DbError> {
    tx.query(&OFFERED, params![organisation, label], read)
}

/// Throws one's own list away. `false` if it is not there or not one's own.
///
/// # Errors
/// The database's.
pub fn drop_own(tx: &mut Tx<'_>, id: Uuid, label: &str) -> Result<bool, DbError> {
    Ok(tx.execute(&DROP, params![id, label])? == 1)
}
