//! Decisions.

use db::{DbError, Row, Tx, params};

use super::{place_values, placed, unknown, waiting};
use crate::model::{CaseId, Decision, Standing};

waiting::statements!(
    "case_decision",
    "kind, paper, day, reasons_sealed",
    "standing",
    ("second_at", "second_by", "second_sealed"),
    "proposed",
    "1000"
);

fn read(row: &Row) -> Result<Decision, DbError> {
    let (place, written) = placed(row)?;
    let standing: String = row.get(9)?;
    Ok(Decision {
        place,
        written,
        kind: row.get(5)?,
        paper: row.get(6)?,
        day: row.get(7)?,
        reasons_sealed: row.get(8)?,
        standing: Standing::parse(&standing).ok_or_else(|| unknown("case_decision.standing", &standing))?,
        second_at: row.get(10)?,
        second_by: row.get(11)?,
        second_sealed: row.get(12)?,
    })
}

/// Adds a decision.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, d: &Decision) -> Result<(), DbError> {
    let own = params![
        d.kind.as_str(),
        d.paper.as_str(),
        d.day.as_str(),
        d.reasons_sealed.as_slice(),
        d.standing.as_str()
    ];
    tx.execute(&INSERT, &place_values(&d.place, &d.written, own)).map(drop)
}

/// Decisions of a case, the oldest first.
///
/// # Errors
/// The database's.
pub fn of_case(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<Decision>, DbError> {
    tx.query(&OF_CASE, params![case], read)
}

/// Keeps what became of a proposal. Somebody faster makes the closure run again.
///
/// # Errors
/// The database's.
pub fn settle(tx: &mut Tx<'_>, d: &Decision) -> Result<(), DbError> {
    let answer = (d.second_at, d.second_by.as_deref(), d.second_sealed.as_deref());
    waiting::settle(tx, &SETTLE, (d.place.id, d.standing.as_str()), answer)
}
