//! Numbers under which registers hold matters. A row is never changed but for the mark that it was wrong.

use app::{SealedWords, header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::{Reference, ReferenceId};

macro_rules! own_columns {
    () => {
        "subject_kind, subject_id, system, number, registered_at, came_by"
    };
}
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            header_columns!(),
            ", ",
            own_columns!(),
            ", wrong_at, wrong_by FROM external_ref ",
            $rest
        )
    };
}

pub(super) const INSERT: Stmt = Stmt::both(
    "registration.reference_insert",
    concat!(
        "INSERT INTO external_ref (",
        header_columns!(),
        ", ",
        own_columns!(),
        ", registrar_sealed) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23)"
    ),
);
pub(super) const OF_SUBJECT: Stmt = Stmt::both(
    "registration.reference_of_subject",
    select!(
        "WHERE subject_kind = ?1 AND subject_id = ?2 \
         ORDER BY created_at, CASE WHEN wrong_at IS NULL THEN 1 ELSE 0 END, id"
    ),
);
pub(super) const OF_SUBJECTS: Stmt = app::among!(
    "registration.reference_of_subjects",
    select!("WHERE subject_kind = ?2 AND "),
    "subject_id",
    " ORDER BY created_at, CASE WHEN wrong_at IS NULL THEN 1 ELSE 0 END, id"
);
pub(super) const BY_NUMBER: Stmt = Stmt::both(
    "registration.reference_by_number",
    select!("WHERE system = ?1 AND number = ?2 AND wrong_at IS NULL"),
);
pub(super) const SEALED: Stmt = Stmt::both(
    "registration.reference_sealed",
    "SELECT registrar_sealed, wrong_reason_sealed FROM external_ref WHERE id = ?1",
);
pub(super) const WRONG: Stmt = Stmt::both(
    "registration.reference_wrong",
    "UPDATE external_ref SET wrong_at = ?2, wrong_by = ?3, wrong_reason_sealed = ?4 WHERE id = ?1 AND wrong_at IS NULL",
);
pub(super) const ERASE: Stmt = Stmt::both(
    "registration.reference_erase",
    "UPDATE external_ref SET registrar_sealed = ?3, wrong_reason_sealed = NULL WHERE subject_kind = ?1 AND subject_id = ?2",
);

/// What an emptied column holds.
const NOTHING: &[u8] = &[];
/// How many own columns never change and are in the row hash.
const FIXED: usize = 6;

/// Writes a number down.
///
/// # Errors
/// [`DbError::Unique`] if it stands for another matter of its kind.
pub fn insert(tx: &mut Tx<'_>, r: &Reference, registrar: &SealedWords) -> Result<(), DbError> {
    let own = params![
        r.subject_kind.as_str(),
        r.subject,
        r.system.as_str(),
        r.number.as_str(),
        r.registered_at,
        r.came_by.as_str(),
        registrar.bytes()
    ];
    tx.execute(&INSERT, &app::header::values(r.id.uuid(), &r.header, own, FIXED)).map(drop)
}

fn read(row: &Row) -> Result<Reference, DbError> {
    let (id, header) = app::header::read(row)?;
    Ok(Reference {
        id: ReferenceId::from_uuid(id),
        header,
        subject_kind: row.get(16)?,
        subject: row.get(17)?,
        system: row.get(18)?,
        number: row.get(19)?,
        registered_at: row.get(20)?,
        came_by: row.get(21)?,
        wrong_at: row.get(22)?,
        wrong_by: row.get(23)?,
    })
}

/// All numbers of a matter, wrong ones too, the oldest first.
///
/// # Errors
/// The database's.
pub fn of_subject(tx: &mut Tx<'_>, kind: &str, subject: Uuid) -> Result<Vec<Reference>, DbError> {
    tx.query(&OF_SUBJECT, params![kind, subject], read)
}

/// All numbers of these matters, wrong ones too, the oldest first.
///
/// # Errors
/// The database's.
pub fn of_subjects(
    tx: &mut Tx<'_>,
    kind: &str,
    subjects: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Reference>, DbError> {
    tx.query(&OF_SUBJECTS, &[app::ids(subjects), kind.into()], read)
}

/// The number of a register that stands, of each kind of matter under which it does.
///
/// # Errors
/// The database's.
pub fn by_number(tx: &mut Tx<'_>, system: &str, number: &str) -> Result<Vec<Reference>, DbError> {
    tx.query(&BY_NUMBER, params![system, number], read)
}

/// Who entered it there, and why it was wrong; both sealed.
///
/// # Errors
/// The database's.
pub fn sealed(tx: &mut Tx<'_>, id: ReferenceId) -> Result<(SealedWords, Option<SealedWords>), DbError> {
    tx.query_one(&SEALED, params![id], |r| {
        let wrong: Option<Vec<u8>> = r.get(1)?;
        Ok((SealedWords::from_bytes(r.get(0)?), wrong.map(SealedWords::from_bytes)))
    })
}

/// Marks a number as wrong. Somebody faster makes the closure run again.
///
/// # Errors
/// The database's.
pub fn mark_wrong(
    tx: &mut Tx<'_>,
    id: ReferenceId,
    (at, by): (Timestamp, &str),
    reason: &SealedWords,
) -> Result<(), DbError> {
    tx.guarded(&WRONG, params![id, at, by, reason.bytes()])
}

/// Empties what was sealed about a matter.
///
/// # Errors
/// The database's.
pub fn erase(tx: &mut Tx<'_>, kind: &str, subject: Uuid) -> Result<(), DbError> {
    tx.execute(&ERASE, params![kind, subject, NOTHING]).map(drop)
}
