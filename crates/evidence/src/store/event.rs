//! Rows of what happened to exhibits.

use db::{DbError, Row, Stmt, Tx, params};

use crate::model::{Event, EventKind, ExhibitId};

pub(super) const INSERT: Stmt = Stmt::both(
    "evidence.event_insert",
    "INSERT INTO custody_event (exhibit_id, no, kind, at, actor, record_id, counterpart, place_id, words_sealed) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
);
pub(super) const OF: Stmt = Stmt::both(
    "evidence.event_of",
    "SELECT no, kind, at, actor, record_id, counterpart, place_id, words_sealed IS NOT NULL FROM custody_event \
     WHERE exhibit_id = ?1 AND no > ?2 ORDER BY no LIMIT ?3",
);
pub(super) const WORDS: Stmt = Stmt::both(
    "evidence.event_words",
    "SELECT no, words_sealed FROM custody_event WHERE exhibit_id = ?1 AND words_sealed IS NOT NULL ORDER BY no",
);
pub(super) const EMPTY: Stmt =
    Stmt::both("evidence.event_empty", "UPDATE custody_event SET words_sealed = NULL WHERE exhibit_id = ?1");
pub(super) const KEEP: Stmt = Stmt::both(
    "evidence.event_keep",
    "UPDATE custody_event SET words_sealed = ?3 WHERE exhibit_id = ?1 AND no = ?2",
);

/// Keeps one.
///
/// # Errors
/// The database's; [`DbError::Unique`] if that number is taken.
pub fn insert(tx: &mut Tx<'_>, id: ExhibitId, e: &Event, words: Option<&[u8]>) -> Result<(), DbError> {
    let all = params![
        id,
        e.no,
        e.kind.as_str(),
        e.at,
        e.actor.as_str(),
        e.record,
        e.counterpart.as_str(),
        e.place,
        words
    ];
    tx.execute(&INSERT, all).map(drop)
}

fn read(row: &Row) -> Result<Event, DbError> {
    let kind: String = row.get(1)?;
    Ok(Event {
        no: row.get(0)?,
        kind: EventKind::parse(&kind)
            .ok_or_else(|| DbError::Bug(format!("column `custody_event.kind` holds `{kind}`")))?,
        at: row.get(2)?,
        actor: row.get(3)?,
        record: row.get(4)?,
        counterpart: row.get(5)?,
        place: row.get(6)?,
        has_words: row.get(7)?,
    })
}

/// What happened to one behind event number `after`, in order.
///
/// # Errors
/// The database's.
pub fn of(tx: &mut Tx<'_>, id: ExhibitId, after: i64, limit: i64) -> Result<Vec<Event>, DbError> {
    tx.query(&OF, params![id, after, limit], read)
}

/// What was said at its events, sealed.
///
/// # Errors
/// The database's.
pub fn words(tx: &mut Tx<'_>, id: ExhibitId) -> Result<Vec<(i64, Vec<u8>)>, DbError> {
    tx.query(&WORDS, params![id], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// Keeps what was said at an event, sealed anew.
///
/// # Errors
/// The database's.
pub fn keep(tx: &mut Tx<'_>, id: ExhibitId, no: i64, words: &[u8]) -> Result<(), DbError> {
    tx.execute(&KEEP, params![id, no, words]).map(drop)
}

/// Empties what was said.
///
/// # Errors
/// The database's.
pub fn empty(tx: &mut Tx<'_>, id: ExhibitId) -> Result<(), DbError> {
    tx.execute(&EMPTY, params![id]).map(drop)
}
