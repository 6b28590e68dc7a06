//! The SQL of times away.

use db::{DbError, Row, Stmt, Tx, Value, params};
use kernel::{Header, Timestamp};
use uuid::Uuid;

use super::model::{Absence, AbsenceId};

macro_rules! select {
    () => {
        "SELECT id, account_id, organisation_id, unit_id, author, starts_at, ends_at, why_sealed, ended_at, ended_by \
         FROM staff_absence "
    };
}
pub(crate) const INSERT: Stmt = Stmt::both(
    "staff_absence.insert",
    concat!(
        "INSERT INTO staff_absence (",
        app::header_columns!(),
        ", account_id, starts_at, ends_at, why_sealed) VALUES (",
        app::header_places!(),
        ", ?17, ?18, ?19, ?20)"
    ),
);
/// How many of the own columns never change: all that are written at first.
const FIXED: usize = 4;
pub(crate) const BY_ID: Stmt = Stmt::both("staff_absence.by_id", concat!(select!(), "WHERE id = ?1"));
pub(crate) const OPEN_OF: Stmt = Stmt::both(
    "staff_absence.open_of",
    concat!(
        select!(),
        "WHERE account_id = ?1 AND ended_at IS NULL AND ends_at > ?2 ORDER BY starts_at, id LIMIT 100"
    ),
);
pub(crate) const OPEN: Stmt = Stmt::both(
    "staff_absence.open",
    concat!(
        select!(),
        "WHERE organisation_id = ?1 AND ended_at IS NULL AND ends_at > ?2 ORDER BY starts_at, id LIMIT 1000"
    ),
);
pub(crate) const END: Stmt = Stmt::both(
    "staff_absence.end",
    "UPDATE staff_absence SET ended_at = ?2, ended_by = ?3 WHERE id = ?1 AND ended_at IS NULL",
);

/// An absence and why, still sealed.
pub(crate) struct Sealed {
    pub absence: Absence,
    pub why: Vec<u8>,
}

fn read(row: &Row) -> Result<Sealed, DbError> {
    let (at, by): (Option<Timestamp>, Option<String>) = (row.get(8)?, row.get(9)?);
    let absence = Absence {
        id: row.get(0)?,
        account: row.get(1)?,
        organisation: row.get(2)?,
        unit: row.get(3)?,
        said_by: row.get(4)?,
        from: row.get(5)?,
        till: row.get(6)?,
        why: None,
        ended: at.zip(by),
    };
    Ok(Sealed { absence, why: row.get(7)? })
}

pub(crate) fn insert(
    tx: &mut Tx<'_>,
    header: &Header,
    absence: &Absence,
    why_sealed: &[u8],
) -> Result<(), DbError> {
    let own = [
        Value::from(absence.account),
        Value::from(absence.from),
        Value::from(absence.till),
        Value::from(why_sealed),
    ];
    tx.execute(&INSERT, &app::header::values(absence.id.uuid(), header, &own, FIXED)).map(drop)
}

pub(crate) fn find(tx: &mut Tx<'_>, id: AbsenceId) -> Result<Option<Absence>, DbError> {
    Ok(tx.query_opt(&BY_ID, params![id], read)?.map(|s| s.absence))
}

/// What somebody has said that goes on or is still to come.
pub(crate) fn open_of(tx: &mut Tx<'_>, account: Uuid, now: Timestamp) -> Result<Vec<Sealed>, DbError> {
    tx.query(&OPEN_OF, params![account, now], read)
}

/// The same of everybody in an organisation, at most 1,000.
pub(crate) fn open(tx: &mut Tx<'_>, organisation: &str, now: Timestamp) -> Result<Vec<Sealed>, DbError> {
    tx.query(&OPEN, params![organisation, now], read)
}

/// Ends it; false if it was ended before.
pub(crate) fn end(tx: &mut Tx<'_>, id: AbsenceId, at: Timestamp, by: &str) -> Result<bool, DbError> {
    Ok(tx.execute(&END, params![id, at, by])? == 1)
}
