//! SQL of what people said.

use app::{header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;

use crate::model::{Judgement, JudgementId, RecordId, Verdict};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            header_columns!(),
            ", first_id, second_id, verdict, undone_at, undone_by FROM person_judgement ",
            $rest
        )
    };
}

pub(super) const INSERT: Stmt = Stmt::both(
    "person.judgement_insert",
    concat!(
        "INSERT INTO person_judgement (",
        header_columns!(),
        ", first_id, second_id, verdict, undone_at, undone_by, reason_sealed) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22)"
    ),
);
pub(super) const FIND: Stmt = Stmt::both("person.judgement_find", select!("WHERE id = ?1"));
pub(super) const REASON: Stmt =
    Stmt::both("person.judgement_reason", "SELECT reason_sealed FROM person_judgement WHERE id = ?1");
pub(super) const OF_RECORD: Stmt = Stmt::both(
    "person.judgements_of",
    select!("WHERE first_id = ?1 OR second_id = ?1 ORDER BY created_at, id LIMIT ?2"),
);
pub(super) const BETWEEN: Stmt = Stmt::both(
    "person.judgements_between",
    select!("WHERE first_id = ?1 AND second_id = ?2 AND undone_at IS NULL ORDER BY created_at, id"),
);
pub(super) const UNDO: Stmt = Stmt::both(
    "person.judgement_undo",
    "UPDATE person_judgement SET undone_at = ?2, undone_by = ?3 WHERE id = ?1 AND undone_at IS NULL",
);
pub(super) const REMOVE_OF: Stmt = Stmt::both(
    "person.judgements_remove",
    "DELETE FROM person_judgement WHERE first_id = ?1 OR second_id = ?1",
);

/// How many own columns never change and are in the row hash.
const FIXED: usize = 3;
/// Most judgements about a record.
const LIMIT: i64 = 400;

fn read(row: &Row) -> Result<Judgement, DbError> {
    let (id, header) = app::header::read(row)?;
    let verdict: String = row.get(18)?;
    Ok(Judgement {
        id: JudgementId::from_uuid(id),
        header,
        first: row.get(16)?,
        second: row.get(17)?,
        verdict: Verdict::parse(&verdict).ok_or_else(|| super::bug("person_judgement.verdict", &verdict))?,
        undone_at: row.get(19)?,
        undone_by: row.get(20)?,
    })
}

/// Writes a judgement.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, j: &Judgement, reason_sealed: &[u8]) -> Result<(), DbError> {
    let own =
        params![j.first, j.second, j.verdict.as_str(), j.undone_at, j.undone_by.as_deref(), reason_sealed];
    tx.execute(&INSERT, &app::header::values(j.id.uuid(), &j.header, own, FIXED)).map(drop)
}

/// A judgement.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: JudgementId) -> Result<Option<Judgement>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// Why, sealed.
///
/// # Errors
/// The database's.
pub fn reason(tx: &mut Tx<'_>, id: JudgementId) -> Result<Option<Vec<u8>>, DbError> {
    tx.query_opt(&REASON, params![id], |r| r.get(0))
}

/// Judgements about a record, oldest first, also those that were taken back.
///
/// # Errors
/// The database's.
pub fn of_record(tx: &mut Tx<'_>, record: RecordId) -> Result<Vec<Judgement>, DbError> {
    tx.query(&OF_RECORD, params![record, LIMIT], read)
}

/// Judgements about a record that stand.
///
/// # Errors
/// The database's.
pub fn standing_of(tx: &mut Tx<'_>, record: RecordId) -> Result<Vec<Judgement>, DbError> {
    Ok(of_record(tx, record)?.into_iter().filter(|j| j.undone_at.is_none()).collect())
}

/// Judgements about two records that stand, oldest first. The first record is the one with the smaller id.
///
/// # Errors
/// The database's.
pub fn between(tx: &mut Tx<'_>, first: RecordId, second: RecordId) -> Result<Vec<Judgement>, DbError> {
    tx.query(&BETWEEN, params![first, second], read)
}

/// Takes a judgement back. Somebody faster makes the closure run again.
///
/// # Errors
/// The database's.
pub fn undo(tx: &mut Tx<'_>, id: JudgementId, at: Timestamp, by: &str) -> Result<(), DbError> {
    tx.guarded(&UNDO, params![id, at, by])
}

/// Judgements about a record go with it.
///
/// # Errors
/// The database's.
pub fn remove_of(tx: &mut Tx<'_>, record: RecordId) -> Result<(), DbError> {
    tx.execute(&REMOVE_OF, params![record]).map(drop)
}
