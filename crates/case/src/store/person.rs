//! Persons of a case.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use super::{place_values, placed, row_columns};
use crate::model::{CaseId, CasePerson};

pub(crate) const INSERT: Stmt = Stmt::both(
    "case_person.insert",
    concat!(
        "INSERT INTO case_person (",
        row_columns!(),
        ", person, words_sealed, duty, since, until, rights_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
    ),
);
pub(crate) const OF_CASE: Stmt = Stmt::both(
    "case_person.of_case",
    concat!(
        "SELECT ",
        row_columns!(),
        ", person, words_sealed, duty, since, until, rights_at FROM case_person WHERE case_id = ?1 \
         ORDER BY since, id LIMIT 2000"
    ),
);
pub(crate) const END: Stmt = Stmt::both(
    "case_person.end",
    "UPDATE case_person SET until = ?3 WHERE id = ?1 AND case_id = ?2 AND until IS NULL",
);
pub(crate) const TOLD: Stmt = Stmt::both(
    "case_person.told",
    "UPDATE case_person SET rights_at = ?3 WHERE id = ?1 AND case_id = ?2 AND rights_at IS NULL AND until IS NULL",
);
pub(crate) const REWORD: Stmt = Stmt::both(
    "case_person.reword",
    "UPDATE case_person SET words_sealed = ?3 WHERE id = ?1 AND case_id = ?2 AND until IS NULL",
);

fn read(row: &Row) -> Result<CasePerson, DbError> {
    let (place, written) = placed(row)?;
    Ok(CasePerson {
        place,
        written,
        person: row.get(5)?,
        words_sealed: row.get(6)?,
        duty: row.get(7)?,
        since: row.get(8)?,
        until: row.get(9)?,
        rights_at: row.get(10)?,
    })
}

/// Adds a person.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, p: &CasePerson) -> Result<(), DbError> {
    let own = params![p.person, p.words_sealed.as_slice(), p.duty.as_str(), p.since, p.until, p.rights_at];
    tx.execute(&INSERT, &place_values(&p.place, &p.written, own)).map(drop)
}

/// Persons of a case, also in capacities that they have no more.
///
/// # Errors
/// The database's.
pub fn of_case(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<CasePerson>, DbError> {
    tx.query(&OF_CASE, params![case], read)
}

/// Somebody stands in a capacity no more. `false` if they did not.
///
/// # Errors
/// The database's.
pub fn end(tx: &mut Tx<'_>, (id, case): (Uuid, CaseId), at: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&END, params![id, case, at])? == 1)
}

/// Somebody was told of their rights. `false` if before.
///
/// # Errors
/// The database's.
pub fn told(tx: &mut Tx<'_>, (id, case): (Uuid, CaseId), at: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&TOLD, params![id, case, at])? == 1)
}

/// Writes anew what is written of somebody. `false` if they are not there.
///
/// # Errors
/// The database's.
pub fn reword(tx: &mut Tx<'_>, (id, case): (Uuid, CaseId), sealed: &[u8]) -> Result<bool, DbError> {
    Ok(tx.execute(&REWORD, params![id, case, sealed])? == 1)
}
