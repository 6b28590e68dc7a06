//! SQL of what people said.

use access::{Office, scope_where};
use app::{header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, Value, params};
use kernel::Timestamp;

use crate::model::{Judgement, JudgementId, PersonId, RecordId, Verdict};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            header_columns!(),
            ", first_id, second_id, verdict, stands, undone_at, undone_by FROM person_judgement ",
            $rest
        )
    };
}

pub(super) const INSERT: Stmt = Stmt::both(
    "person.judgement_insert",
    concat!(
        "INSERT INTO person_judgement (",
        header_columns!(),
        ", first_id, second_id, verdict, stands, undone_at, undone_by, reason_sealed) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23)"
    ),
);
pub(super) const FIND: Stmt = Stmt::both("person.judgement_find", select!("WHERE id = ?1"));
pub(super) const REASON: Stmt =
    Stmt::both("person.judgement_reason", "SELECT reason_sealed FROM person_judgement WHERE id = ?1");
pub(super) const OF_RECORD: Stmt = Stmt::both(
    "person.judgements_of",
    select!("WHERE first_id = ?1 OR second_id = ?1 ORDER BY created_at, id LIMIT ?2"),
);
// What was said of a person's records and those of whomever, with whose both are now; all that was not taken back.
macro_rules! words_of {
    ($this:literal) => {
        concat!(
            "SELECT j.id, j.first_id, j.second_id, j.verdict, j.stands, a.person_id, b.person_id FROM person_record r \
             JOIN person_judgement j ON j.",
            $this,
            " = r.id JOIN person_record a ON a.id = j.first_id JOIN person_record b ON b.id = j.second_id \
             WHERE r.person_id = ?1 AND j.undone_at IS NULL AND a.taken_back_at IS NULL AND b.taken_back_at IS NULL"
        )
    };
}
pub(super) const WORDS_FIRST: Stmt = Stmt::both("person.words_first", words_of!("first_id"));
pub(super) const WORDS_SECOND: Stmt = Stmt::both("person.words_second", words_of!("second_id"));
// What an officer may read of it: both records are theirs to see, and of what waits for a second person only their own word.
macro_rules! read_of {
    ($this:literal) => {
        concat!(
            "SELECT ",
            header_columns!(),
            ", first_id, second_id, verdict, stands, undone_at, undone_by FROM person_judgement WHERE id IN (\
             SELECT j.id FROM person_record r JOIN person_judgement j ON j.",
            $this,
            " = r.id JOIN person_record a ON a.id = j.first_id JOIN person_record b ON b.id = j.second_id \
             WHERE r.person_id = ?3 AND (j.stands = 1 OR j.author = ?4) AND ",
            scope_where!("?1", "?2", "a."),
            " AND ",
            scope_where!("?1", "?2", "b."),
            ") ORDER BY created_at DESC, id DESC LIMIT ?5"
        )
    };
}
pub(super) const READ_FIRST: Stmt = Stmt::both("person.judgements_first", read_of!("first_id"));
pub(super) const READ_SECOND: Stmt = Stmt::both("person.judgements_second", read_of!("second_id"));
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
        stands: row.get::<i64>(19)? != 0,
        undone_at: row.get(20)?,
        undone_by: row.get(21)?,
    })
}

/// Writes a judgement.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, j: &Judgement, reason_sealed: &[u8]) -> Result<(), DbError> {
    let own = params![
        j.first,
        j.second,
        j.verdict.as_str(),
        i64::from(j.stands),
        j.undone_at,
        j.undone_by.as_deref(),
        reason_sealed
    ];
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

/// What was said of two records, with whose both are now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// The judgement.
    pub id: JudgementId,
    /// One record.
    pub first: RecordId,
    /// The other.
    pub second: RecordId,
    /// What was said.
    pub verdict: Verdict,
    /// Whether it stands by itself.
    pub stands: bool,
    /// Whose both are now.
    pub persons: (PersonId, PersonId),
}

/// All that was said of a person's records and not taken back.
///
/// # Errors
/// The database's.
pub fn words_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Word>, DbError> {
    let one = |r: &Row| {
        let verdict: String = r.get(3)?;
        Ok(Word {
            id: r.get(0)?,
            first: r.get(1)?,
            second: r.get(2)?,
            verdict: Verdict::parse(&verdict)
                .ok_or_else(|| super::bug("person_judgement.verdict", &verdict))?,
            stands: r.get::<i64>(4)? != 0,
            persons: (r.get(5)?, r.get(6)?),
        })
    };
    let mut all = tx.query(&WORDS_FIRST, params![person], one)?;
    all.extend(tx.query(&WORDS_SECOND, params![person], one)?);
    Ok(all)
}

/// What an officer may read of what was said of a person's records, also what was taken back, the newest first; so many at most.
///
/// # Errors
/// The database's.
pub fn readable(
    tx: &mut Tx<'_>,
    office: &Office,
    (person, reader): (PersonId, &str),
    limit: i64,
) -> Result<Vec<Judgement>, DbError> {
    let mut all: Vec<Value> = office.params().to_vec();
    all.extend_from_slice(params![person, reader, limit]);
    let mut found = tx.query(&READ_FIRST, &all, read)?;
    found.extend(tx.query(&READ_SECOND, &all, read)?);
    found.sort_by_key(|j| std::cmp::Reverse((j.header.created_at, j.id)));
    found.dedup_by_key(|j| j.id);
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// What was said of two records and not taken back, oldest first, also what waits for a second person. The first record is the one with the smaller id.
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
