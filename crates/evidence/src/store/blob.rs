//! Rows of bytes that are kept, and of files that are coming in.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::{Blob, Upload};

pub(super) const INSERT: Stmt = Stmt::both(
    "evidence.blob_insert",
    "INSERT INTO evidence_blob (id, known_by, size_bytes, frames, sha256_sealed, checked_wall) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
);
pub(super) const FIND: Stmt = Stmt::both(
    "evidence.blob_find",
    "SELECT id, size_bytes, frames, checked_wall, damaged_frame FROM evidence_blob WHERE id = ?1",
);
pub(super) const KNOWN: Stmt = Stmt::both(
    "evidence.blob_known",
    "SELECT id, size_bytes, frames, checked_wall, damaged_frame FROM evidence_blob WHERE known_by = ?1",
);
pub(super) const SHA256: Stmt =
    Stmt::both("evidence.blob_sha256", "SELECT sha256_sealed FROM evidence_blob WHERE id = ?1");
pub(super) const DUE: Stmt = Stmt::both(
    "evidence.blob_due",
    "SELECT id, size_bytes, frames, checked_wall, damaged_frame FROM evidence_blob WHERE checked_wall < ?1 \
     ORDER BY checked_wall, id LIMIT ?2",
);
pub(super) const CHECKED: Stmt = Stmt::both(
    "evidence.blob_checked",
    "UPDATE evidence_blob SET checked_wall = ?3, damaged_frame = ?4 WHERE id = ?1 AND checked_wall = ?2",
);
pub(super) const REMOVE: Stmt = Stmt::both("evidence.blob_remove", "DELETE FROM evidence_blob WHERE id = ?1");
pub(super) const UPLOAD_INSERT: Stmt = Stmt::both(
    "evidence.upload_insert",
    "INSERT INTO evidence_upload (id, author, size_bytes, received_bytes, frames, disk_bytes, touched_wall) \
     VALUES (?1, ?2, ?3, 0, 0, 0, ?4)",
);
pub(super) const UPLOAD_FIND: Stmt = Stmt::both(
    "evidence.upload_find",
    "SELECT id, author, size_bytes, received_bytes, frames, disk_bytes, touched_wall FROM evidence_upload WHERE id = ?1",
);
pub(super) const UPLOAD_GROW: Stmt = Stmt::both(
    "evidence.upload_grow",
    "UPDATE evidence_upload SET received_bytes = ?3, frames = ?4, disk_bytes = ?5, touched_wall = ?6 \
     WHERE id = ?1 AND received_bytes = ?2",
);
pub(super) const UPLOAD_REMOVE: Stmt =
    Stmt::both("evidence.upload_remove", "DELETE FROM evidence_upload WHERE id = ?1");
pub(super) const UPLOAD_FORGET: Stmt =
    Stmt::both("evidence.upload_forget", "DELETE FROM evidence_upload WHERE id = ?1 AND touched_wall < ?2");
pub(super) const UPLOAD_OPEN: Stmt =
    Stmt::both("evidence.upload_open", "SELECT count(*) FROM evidence_upload WHERE author = ?1");
pub(super) const UPLOAD_STALE: Stmt = Stmt::both(
    "evidence.upload_stale",
    "SELECT id, author, size_bytes, received_bytes, frames, disk_bytes, touched_wall FROM evidence_upload \
     WHERE touched_wall < ?1 ORDER BY touched_wall, id LIMIT ?2",
);

fn read(row: &Row) -> Result<Blob, DbError> {
    Ok(Blob {
        id: row.get(0)?,
        size_bytes: row.get(1)?,
        frames: row.get(2)?,
        checked_wall: row.get(3)?,
        damaged_frame: row.get(4)?,
    })
}

/// Keeps one.
///
/// # Errors
/// The database's; [`DbError::Unique`] if the same bytes are known.
pub fn insert(tx: &mut Tx<'_>, b: &Blob, known_by: &[u8], sha256_sealed: &[u8]) -> Result<(), DbError> {
    let all = params![b.id, known_by, b.size_bytes, b.frames, sha256_sealed, b.checked_wall];
    tx.execute(&INSERT, all).map(drop)
}

/// One of them.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Blob>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// The one with these bytes.
///
/// # Errors
/// The database's.
pub fn known(tx: &mut Tx<'_>, known_by: &[u8]) -> Result<Option<Blob>, DbError> {
    tx.query_opt(&KNOWN, params![known_by], read)
}

/// Its SHA-256, sealed.
///
/// # Errors
/// The database's.
pub fn sha256(tx: &mut Tx<'_>, id: Uuid) -> Result<Vec<u8>, DbError> {
    tx.query_one(&SHA256, params![id], |r| r.get(0))
}

/// Those that were not hashed again since, the longest ago first.
///
/// # Errors
/// The database's.
pub fn due(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> Result<Vec<Blob>, DbError> {
    tx.query(&DUE, params![before, limit], read)
}

/// It was hashed again; `false` if somebody else was faster.
///
/// # Errors
/// The database's.
pub fn checked(
    tx: &mut Tx<'_>,
    b: &Blob,
    at: Timestamp,
    damaged_frame: Option<i64>,
) -> Result<bool, DbError> {
    Ok(tx.execute(&CHECKED, params![b.id, b.checked_wall, at, damaged_frame])? == 1)
}

/// Forgets one.
///
/// # Errors
/// The database's.
pub fn remove(tx: &mut Tx<'_>, id: Uuid) -> Result<(), DbError> {
    tx.execute(&REMOVE, params![id]).map(drop)
}

fn read_upload(row: &Row) -> Result<Upload, DbError> {
    Ok(Upload {
        id: row.get(0)?,
        author: row.get(1)?,
        size_bytes: row.get(2)?,
        received_bytes: row.get(3)?,
        frames: row.get(4)?,
        disk_bytes: row.get(5)?,
        touched_wall: row.get(6)?,
    })
}

/// A file begins to come in.
///
/// # Errors
/// The database's.
pub fn begin(tx: &mut Tx<'_>, u: &Upload) -> Result<(), DbError> {
    tx.execute(&UPLOAD_INSERT, params![u.id, u.author.as_str(), u.size_bytes, u.touched_wall]).map(drop)
}

/// One that is coming in.
///
/// # Errors
/// The database's.
pub fn upload(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Upload>, DbError> {
    tx.query_opt(&UPLOAD_FIND, params![id], read_upload)
}

/// More of it has come; `before` is how many bytes had.
///
/// # Errors
/// [`DbError::Conflict`] if another part came meanwhile.
pub fn grow(tx: &mut Tx<'_>, u: &Upload, before: i64) -> Result<(), DbError> {
    let all = params![u.id, before, u.received_bytes, u.frames, u.disk_bytes, u.touched_wall];
    tx.guarded(&UPLOAD_GROW, all)
}

/// It is whole.
///
/// # Errors
/// [`DbError::Conflict`] if somebody else ended it.
pub fn end(tx: &mut Tx<'_>, id: Uuid) -> Result<(), DbError> {
    tx.guarded(&UPLOAD_REMOVE, params![id])
}

/// Forgets one to which nothing came since; `false` if something did, or it is no longer one.
///
/// # Errors
/// The database's.
pub fn forget(tx: &mut Tx<'_>, id: Uuid, before: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&UPLOAD_FORGET, params![id, before])? == 1)
}

/// How many files of somebody are coming in.
///
/// # Errors
/// The database's.
pub fn coming(tx: &mut Tx<'_>, author: &str) -> Result<i64, DbError> {
    tx.query_one(&UPLOAD_OPEN, params![author], |row| row.get(0))
}

/// Those to which nothing came since.
///
/// # Errors
/// The database's.
pub fn stale(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> Result<Vec<Upload>, DbError> {
    tx.query(&UPLOAD_STALE, params![before, limit], read_upload)
}
