//! SQL of what was told before.

use db::{DbError, Row, Stmt, Tx, params};
use uuid::Uuid;

use crate::model::{Earlier, RecordId};

pub(super) const INSERT: Stmt = Stmt::both(
    "person.earlier_insert",
    "INSERT INTO person_earlier (id, record_id, of_id, field, facts, told_at, told_by, replaced_at, replaced_by, sealed, \
     reason_sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
);
pub(super) const OF: Stmt = Stmt::both(
    "person.earlier_of",
    "SELECT record_id, of_id, field, facts, told_at, told_by, replaced_at, replaced_by, sealed, reason_sealed \
     FROM person_earlier WHERE of_id = ?1 ORDER BY replaced_at DESC, id DESC LIMIT ?2",
);
pub(super) const REMOVE_OF: Stmt =
    Stmt::both("person.earlier_remove", "DELETE FROM person_earlier WHERE record_id = ?1");

/// Most versions that are shown.
const LIMIT: i64 = 100;

fn read(row: &Row) -> Result<Earlier, DbError> {
    let facts: String = row.get(3)?;
    Ok(Earlier {
        record: row.get(0)?,
        of: row.get(1)?,
        field: row.get(2)?,
        facts: serde_json::from_str(&facts).map_err(|_| super::bug("person_earlier.facts", &facts))?,
        told: (row.get(4)?, row.get(5)?),
        replaced: (row.get(6)?, row.get(7)?),
        sealed: row.get(8)?,
        reason_sealed: row.get(9)?,
    })
}

/// Keeps what stood before.
///
/// # Errors
/// The database's.
pub fn keep(tx: &mut Tx<'_>, id: Uuid, e: &Earlier) -> Result<(), DbError> {
    let facts = e.facts.to_string();
    let all = params![
        id,
        e.record,
        e.of,
        e.field.as_str(),
        facts.as_str(),
        e.told.0,
        e.told.1.as_str(),
        e.replaced.0,
        e.replaced.1.as_str(),
        e.sealed.as_slice(),
        e.reason_sealed.as_slice()
    ];
    tx.execute(&INSERT, all).map(drop)
}

/// What stood before of a record or of a dropper, the latest first.
///
/// # Errors
/// The database's.
pub fn of(tx: &mut Tx<'_>, of: Uuid) -> Result<Vec<Earlier>, DbError> {
    tx.query(&OF, params![of, LIMIT], read)
}

/// It goes with its record.
///
/// # Errors
/// The database's.
pub fn remove_of(tx: &mut Tx<'_>, record: RecordId) -> Result<(), DbError> {
    tx.execute(&REMOVE_OF, params![record]).map(drop)
}
