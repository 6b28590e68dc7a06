//! Notes. A restricted one is there for its author and those whom it names.

use std::collections::BTreeMap;

use db::{DbError, Row, Stmt, Tx, params};
use uuid::Uuid;

use super::{place_values, placed, row_columns};
use crate::model::{CaseId, Note};

pub(crate) const INSERT: Stmt = Stmt::both(
    "case_note.insert",
    concat!(
        "INSERT INTO case_note (",
        row_columns!(),
        ", text_sealed, restricted) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
    ),
);
pub(crate) const OF_CASE: Stmt = Stmt::both(
    "case_note.of_case",
    concat!(
        "SELECT ",
        row_columns!(),
        ", text_sealed, restricted FROM case_note n WHERE case_id = ?1 AND (NOT restricted OR author = ?2 \
         OR EXISTS (SELECT 1 FROM case_note_reader r WHERE r.note_id = n.id AND r.label = ?2)) \
         ORDER BY created_at DESC, id DESC LIMIT 1000"
    ),
);
pub(crate) const READER: Stmt = Stmt::both(
    "case_note_reader.insert",
    "INSERT INTO case_note_reader (id, note_id, label) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
);
pub(crate) const READERS_OF: Stmt = app::among!(
    "case_note_reader.of_notes",
    "SELECT note_id, label FROM case_note_reader WHERE ",
    "note_id",
    " ORDER BY label"
);

fn read(row: &Row) -> Result<Note, DbError> {
    let (place, written) = placed(row)?;
    Ok(Note { place, written, text_sealed: row.get(5)?, restricted: row.get(6)? })
}

/// Adds a note.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, n: &Note) -> Result<(), DbError> {
    let own = params![n.text_sealed.as_slice(), n.restricted];
    tx.execute(&INSERT, &place_values(&n.place, &n.written, own)).map(drop)
}

/// Notes of a case that somebody may read, the newest first.
///
/// # Errors
/// The database's.
pub fn of_case(tx: &mut Tx<'_>, case: CaseId, label: &str) -> Result<Vec<Note>, DbError> {
    tx.query(&OF_CASE, params![case, label], read)
}

/// Lets somebody read a restricted note.
///
/// # Errors
/// The database's.
pub fn add_reader(tx: &mut Tx<'_>, id: Uuid, note: Uuid, label: &str) -> Result<(), DbError> {
    tx.execute(&READER, params![id, note, label]).map(drop)
}

/// Who may read restricted notes beside their authors: note and label.
///
/// # Errors
/// The database's.
pub fn readers(
    tx: &mut Tx<'_>,
    notes: impl IntoIterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, Vec<String>>, DbError> {
    let mut all: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for (note, label) in tx.query(&READERS_OF, &[app::ids(notes)], |r| Ok((r.get(0)?, r.get(1)?)))? {
        all.entry(note).or_default().push(label);
    }
    Ok(all)
}
