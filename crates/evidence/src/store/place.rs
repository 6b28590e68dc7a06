//! Rows of places, and of packages that were made.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::Place;

pub(super) const INSERT: Stmt = Stmt::both(
    "evidence.place_insert",
    "INSERT INTO evidence_place (id, organisation_id, name, open) VALUES (?1, ?2, ?3, ?4)",
);
pub(super) const LIST: Stmt = Stmt::both(
    "evidence.place_list",
    "SELECT id, name, open FROM evidence_place WHERE organisation_id = ?1 ORDER BY id LIMIT ?2",
);
pub(super) const FIND: Stmt = Stmt::both(
    "evidence.place_find",
    "SELECT id, name, open FROM evidence_place WHERE id = ?1 AND organisation_id = ?2",
);
pub(super) const SET_OPEN: Stmt =
    Stmt::both("evidence.place_set_open", "UPDATE evidence_place SET open = ?2 WHERE id = ?1");
pub(super) const PACKAGE_INSERT: Stmt = Stmt::both(
    "evidence.package_insert",
    "INSERT INTO evidence_package (id, organisation_id, author, at, manifest, record_id, exhibits) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
);
pub(super) const PACKAGES: Stmt =
    Stmt::both("evidence.package_count", "SELECT count(*) FROM evidence_package WHERE organisation_id = ?1");

/// Most places that are offered.
const MOST: i64 = 500;

fn read(row: &Row) -> Result<Place, DbError> {
    Ok(Place { id: row.get(0)?, name: row.get(1)?, open: row.get(2)? })
}

/// A new place.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, organisation: &str, p: &Place) -> Result<(), DbError> {
    tx.execute(&INSERT, params![p.id, organisation, p.name.as_str(), p.open]).map(drop)
}

/// The organisation's places.
///
/// # Errors
/// The database's.
pub fn list(tx: &mut Tx<'_>, organisation: &str) -> Result<Vec<Place>, DbError> {
    tx.query(&LIST, params![organisation, MOST], read)
}

/// One of them.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, organisation: &str, id: Uuid) -> Result<Option<Place>, DbError> {
    tx.query_opt(&FIND, params![id, organisation], read)
}

/// Whether anything may still be put there.
///
/// # Errors
/// The database's.
pub fn set_open(tx: &mut Tx<'_>, id: Uuid, open: bool) -> Result<(), DbError> {
    tx.execute(&SET_OPEN, params![id, open]).map(drop)
}

/// A package that was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// Which one.
    pub id: Uuid,
    /// Who made it.
    pub author: String,
    /// When.
    pub at: Timestamp,
    /// SHA-256 of its manifest.
    pub manifest: [u8; 32],
    /// The act in the record.
    pub record: Uuid,
    /// How many exhibits are in it.
    pub exhibits: i64,
}

/// Keeps that it was made.
///
/// # Errors
/// The database's.
pub fn keep_package(tx: &mut Tx<'_>, organisation: &str, m: &Made) -> Result<(), DbError> {
    let all =
        params![m.id, organisation, m.author.as_str(), m.at, m.manifest.as_slice(), m.record, m.exhibits];
    tx.execute(&PACKAGE_INSERT, all).map(drop)
}

/// How many were made.
///
/// # Errors
/// The database's.
pub fn packages(tx: &mut Tx<'_>, organisation: &str) -> Result<i64, DbError> {
    tx.query_one(&PACKAGES, params![organisation], |r| r.get(0))
}
