//! Rows of what the limited reader said of bytes.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use reader::Ended;
use uuid::Uuid;

/// Never, as a moment: what was looked at is not looked at again by the same looker.
const NEVER: Timestamp = Timestamp::from_micros(i64::MAX);

pub(super) const INSERT: Stmt = Stmt::both(
    "evidence.look_insert",
    "INSERT INTO exhibit_look (blob_id, looker, due_wall, tries) VALUES (?1, 0, ?2, 0)",
);
pub(super) const FIND: Stmt = Stmt::both(
    "evidence.look_find",
    "SELECT looker, due_wall, tries, ended, looked_at, answer_sealed FROM exhibit_look WHERE blob_id = ?1",
);
pub(super) const SIGNS: Stmt =
    Stmt::both("evidence.look_signs", "SELECT ended, signs_sealed FROM exhibit_look WHERE blob_id = ?1");
/// What is due, and what an older looker has seen; damaged bytes are not looked at.
pub(super) const DUE: Stmt = Stmt::both(
    "evidence.look_due",
    "SELECT l.blob_id FROM exhibit_look l JOIN evidence_blob b ON b.id = l.blob_id \
     WHERE (l.due_wall <= ?1 OR l.looker < ?2) AND b.damaged_frame IS NULL ORDER BY l.due_wall, l.blob_id LIMIT ?3",
);
pub(super) const CLAIM: Stmt = Stmt::both(
    "evidence.look_claim",
    "UPDATE exhibit_look SET looker = ?2, due_wall = ?3, tries = ?4 WHERE blob_id = ?1",
);
pub(super) const SAVE: Stmt = Stmt::both(
    "evidence.look_save",
    "UPDATE exhibit_look SET due_wall = ?4, tries = ?5, ended = ?6, looked_at = ?7, signs_sealed = ?8, answer_sealed = ?9 \
     WHERE blob_id = ?1 AND looker = ?2 AND due_wall = ?3",
);
pub(super) const REMOVE: Stmt =
    Stmt::both("evidence.look_remove", "DELETE FROM exhibit_look WHERE blob_id = ?1");

/// A look as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Version of the looker; 0 where none has looked.
    pub looker: i64,
    /// When it is due, by the wall clock.
    pub due_wall: Timestamp,
    /// How often this looker has begun.
    pub tries: i64,
    /// How it ended and when, by the office clock.
    pub ended: Option<(Ended, Timestamp)>,
    /// What was said, sealed; empty if nothing.
    pub answer: Vec<u8>,
}

/// What is written of a look that has ended.
#[derive(Debug, Clone)]
pub struct New {
    /// How it ended.
    pub ended: Ended,
    /// When, by the office clock.
    pub at: Timestamp,
    /// When it is tried again; `None` for never.
    pub again: Option<Timestamp>,
    /// Its signs, sealed.
    pub signs: Vec<u8>,
    /// What was said, sealed.
    pub answer: Vec<u8>,
}

fn ended(word: Option<String>) -> Result<Option<Ended>, DbError> {
    let Some(word) = word else { return Ok(None) };
    let broken = || DbError::Bug(format!("column `exhibit_look.ended` holds `{word}`"));
    Ended::parse(&word).ok_or_else(broken).map(Some)
}

fn read(row: &Row) -> Result<Kept, DbError> {
    let at: Option<Timestamp> = row.get(4)?;
    Ok(Kept {
        looker: row.get(0)?,
        due_wall: row.get(1)?,
        tries: row.get(2)?,
        ended: ended(row.get(3)?)?.zip(at),
        answer: row.get::<Option<Vec<u8>>>(5)?.unwrap_or_default(),
    })
}

/// Bytes that are to be looked at from then on.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, blob: Uuid, due: Timestamp) -> Result<(), DbError> {
    tx.execute(&INSERT, params![blob, due]).map(drop)
}

/// What is kept of bytes.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, blob: Uuid) -> Result<Option<Kept>, DbError> {
    tx.query_opt(&FIND, params![blob], read)
}

/// How the look at bytes ended, and its signs, sealed; `None` where nobody has looked.
///
/// # Errors
/// The database's.
pub fn signs(tx: &mut Tx<'_>, blob: Uuid) -> Result<Option<(Ended, Vec<u8>)>, DbError> {
    let found = tx.query_opt(&SIGNS, params![blob], |row| {
        let sealed: Option<Vec<u8>> = row.get(1)?;
        Ok(ended(row.get(0)?)?.map(|ended| (ended, sealed.unwrap_or_default())))
    })?;
    Ok(found.flatten())
}

/// Bytes that are to be looked at by that version, the longest due first.
///
/// # Errors
/// The database's.
pub fn due(tx: &mut Tx<'_>, now: Timestamp, looker: i64, limit: i64) -> Result<Vec<Uuid>, DbError> {
    tx.query(&DUE, params![now, looker, limit], |row| row.get(0))
}

/// Somebody begins to look, and gives up then.
///
/// # Errors
/// The database's.
pub fn claim(tx: &mut Tx<'_>, blob: Uuid, looker: i64, until: Timestamp, tries: i64) -> Result<(), DbError> {
    tx.execute(&CLAIM, params![blob, looker, until, tries]).map(drop)
}

/// Keeps what was said; `false` if whoever began has been given up meanwhile.
///
/// # Errors
/// The database's.
pub fn save(
    tx: &mut Tx<'_>,
    blob: Uuid,
    (looker, until): (i64, Timestamp),
    tries: i64,
    new: &New,
) -> Result<bool, DbError> {
    let all = params![
        blob,
        looker,
        until,
        new.again.unwrap_or(NEVER),
        tries,
        new.ended.as_str(),
        new.at,
        new.signs.as_slice(),
        new.answer.as_slice()
    ];
    Ok(tx.execute(&SAVE, all)? == 1)
}

/// Forgets it with the bytes.
///
/// # Errors
/// The database's.
pub fn remove(tx: &mut Tx<'_>, blob: Uuid) -> Result<(), DbError> {
    tx.execute(&REMOVE, params![blob]).map(drop)
}
