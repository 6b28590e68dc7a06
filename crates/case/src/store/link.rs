//! What a case is about.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use super::unknown;
use crate::model::{CaseId, Link, LinkKind, Written};

pub(crate) const INSERT: Stmt = Stmt::both(
    "case_link.insert",
    "INSERT INTO case_link (id, case_id, kind, target, number, author, created_at, synced_at) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
);
pub(crate) const OF_CASE: Stmt = Stmt::both(
    "case_link.of_case",
    "SELECT id, case_id, kind, target, number, author, created_at, removed_at, synced_at FROM case_link \
     WHERE case_id = ?1 AND removed_at IS NULL ORDER BY created_at, id LIMIT 5000",
);
pub(crate) const REMOVE: Stmt = Stmt::both(
    "case_link.remove",
    "UPDATE case_link SET removed_at = ?3, removed_by = ?4 WHERE id = ?1 AND case_id = ?2 AND removed_at IS NULL",
);
pub(crate) const CASES_OF: Stmt = Stmt::both(
    "case_link.cases_of",
    "SELECT id, case_id, kind, target, number, author, created_at, removed_at, synced_at FROM case_link \
     WHERE kind = ?1 AND target = ?2 AND removed_at IS NULL",
);
pub(crate) const SYNCED: Stmt =
    Stmt::both("case_link.synced", "UPDATE case_link SET synced_at = ?2 WHERE id = ?1");

fn read(row: &Row) -> Result<Link, DbError> {
    let kind: String = row.get(2)?;
    Ok(Link {
        id: row.get(0)?,
        case: row.get(1)?,
        kind: LinkKind::parse(&kind).ok_or_else(|| unknown("case_link.kind", &kind))?,
        target: row.get(3)?,
        number: row.get(4)?,
        written: Written { by: row.get(5)?, at: row.get(6)? },
        removed_at: row.get(7)?,
        synced_at: row.get(8)?,
    })
}

/// Adds a link. `false` if it is there already.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, l: &Link) -> Result<bool, DbError> {
    let row = params![
        l.id,
        l.case,
        l.kind.as_str(),
        l.target,
        l.number.as_str(),
        l.written.by.as_str(),
        l.written.at,
        l.synced_at
    ];
    Ok(tx.execute(&INSERT, row)? == 1)
}

/// What a case is about now.
///
/// # Errors
/// The database's.
pub fn of_case(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<Link>, DbError> {
    tx.query(&OF_CASE, params![case], read)
}

/// Takes a link out. `false` if it is not there.
///
/// # Errors
/// The database's.
pub fn remove(
    tx: &mut Tx<'_>,
    (id, case): (Uuid, CaseId),
    (at, by): (Timestamp, &str),
) -> Result<bool, DbError> {
    Ok(tx.execute(&REMOVE, params![id, case, at, by])? == 1)
}

/// The links of all cases to a thing.
///
/// # Errors
/// The database's.
pub fn cases_of(tx: &mut Tx<'_>, kind: LinkKind, target: Uuid) -> Result<Vec<Link>, DbError> {
    tx.query(&CASES_OF, params![kind.as_str(), target], read)
}

/// Keeps up to when its history stands in the time line.
///
/// # Errors
/// The database's.
pub fn synced(tx: &mut Tx<'_>, id: Uuid, at: Timestamp) -> Result<(), DbError> {
    tx.execute(&SYNCED, params![id, at]).map(drop)
}
