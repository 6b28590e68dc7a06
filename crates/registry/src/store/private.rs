//! SQL of what a thing is asked about by when it is not named.

use db::{DbError, Row, Stmt, Tx, params};
use uuid::Uuid;

use crate::model::EntryId;

pub(super) const PUT: Stmt = Stmt::both(
    "registry.private_put",
    "INSERT INTO registry_private (entry_id, open_sealed, mark, in_base) VALUES (?1, ?2, ?3, NULL) ON CONFLICT DO NOTHING",
);
pub(super) const FIND: Stmt = Stmt::both(
    "registry.private_find",
    "SELECT entry_id, open_sealed, mark, in_base FROM registry_private WHERE entry_id = ?1",
);
pub(super) const MISSING: Stmt = Stmt::both(
    "registry.private_missing",
    "SELECT e.id FROM registry_entry e LEFT JOIN registry_private p ON p.entry_id = e.id \
     WHERE e.decided IN ('suspect', 'listed') AND p.entry_id IS NULL AND e.id > ?1 ORDER BY e.id LIMIT ?2",
);
pub(super) const DROP: Stmt =
    Stmt::both("registry.private_drop", "DELETE FROM registry_private WHERE entry_id = ?1");
pub(super) const IN_BASE: Stmt =
    Stmt::both("registry.private_in_base", "UPDATE registry_private SET in_base = ?2 WHERE entry_id = ?1");
pub(super) const UNMARK: Stmt =
    Stmt::both("registry.private_unmark", "UPDATE registry_private SET in_base = NULL WHERE in_base = ?1");
pub(super) const OF_BASE: Stmt = Stmt::both(
    "registry.private_of_base",
    "SELECT entry_id, open_sealed, mark, in_base FROM registry_private WHERE in_base = ?1 AND entry_id > ?2 \
     ORDER BY entry_id LIMIT ?3",
);
pub(super) const DECIDED: Stmt = Stmt::both(
    "registry.private_decided",
    "SELECT id FROM registry_entry WHERE decided IN ('suspect', 'listed') AND id > ?1 ORDER BY id LIMIT ?2",
);

/// By what a thing is asked about when it is not named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Private {
    /// Its entry.
    pub entry: EntryId,
    /// Its open hash, sealed.
    pub open_sealed: Vec<u8>,
    /// What the office's key makes of it.
    pub mark: [u8; 32],
    /// The number of the whole filter that holds it.
    pub in_base: Option<i64>,
}

fn read(row: &Row) -> Result<Private, DbError> {
    let mark: Vec<u8> = row.get(2)?;
    let mark = mark.try_into().map_err(|_| DbError::Bug("`registry_private.mark` is no mark".to_owned()))?;
    Ok(Private { entry: row.get(0)?, open_sealed: row.get(1)?, mark, in_base: row.get(3)? })
}

/// Keeps it; what is there stays.
///
/// # Errors
/// The database's.
pub fn put(tx: &mut Tx<'_>, p: &Private) -> Result<(), DbError> {
    tx.execute(&PUT, params![p.entry, p.open_sealed.as_slice(), p.mark.as_slice()]).map(drop)
}

/// That of an entry.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, entry: EntryId) -> Result<Option<Private>, DbError> {
    tx.query_opt(&FIND, params![entry], read)
}

/// Entries about which people have decided and that cannot be asked about without being named yet, in pages.
///
/// # Errors
/// The database's.
pub fn missing(tx: &mut Tx<'_>, after: EntryId, limit: i64) -> Result<Vec<EntryId>, DbError> {
    tx.query(&MISSING, params![after, limit], |r| r.get(0))
}

/// Those that a whole filter holds, in pages.
///
/// # Errors
/// The database's.
pub fn of_base(tx: &mut Tx<'_>, base: i64, after: EntryId, limit: i64) -> Result<Vec<Private>, DbError> {
    tx.query(&OF_BASE, params![base, after, limit], read)
}

/// Keeps that a whole filter holds an entry.
///
/// # Errors
/// The database's.
pub fn in_base(tx: &mut Tx<'_>, entry: EntryId, base: i64) -> Result<(), DbError> {
    tx.execute(&IN_BASE, params![entry, base]).map(drop)
}

/// Forgets what a whole filter was to hold that was never given to anybody.
///
/// # Errors
/// The database's.
pub fn unmark(tx: &mut Tx<'_>, base: i64) -> Result<(), DbError> {
    tx.execute(&UNMARK, params![base]).map(drop)
}

/// Entries about which people have decided, in pages: whether a decision still holds is another question.
///
/// # Errors
/// The database's.
pub fn decided(tx: &mut Tx<'_>, after: EntryId, limit: i64) -> Result<Vec<EntryId>, DbError> {
    let all: Vec<Uuid> = tx.query(&DECIDED, params![after, limit], |r| r.get(0))?;
    Ok(all.into_iter().map(EntryId::from_uuid).collect())
}
