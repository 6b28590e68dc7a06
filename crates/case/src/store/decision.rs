//! Decisions.

use db::{DbError, Row, Stmt, Tx, params};

use super::{place_values, placed, row_columns, unknown};
use crate::model::{CaseId, Decision, Standing};

pub(crate) const INSERT: Stmt = Stmt::both(
    "case_decision.insert",
    concat!(
        "INSERT INTO case_decision (",
        row_columns!(),
        ", kind, paper, day, reasons_sealed, standing) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
    ),
);
pub(crate) const OF_CASE: Stmt = Stmt::both(
    "case_decision.of_case",
    concat!(
        "SELECT ",
        row_columns!(),
        ", kind, paper, day, reasons_sealed, standing, second_at, second_by, second_sealed FROM case_decision \
         WHERE case_id = ?1 ORDER BY created_at, id LIMIT 1000"
    ),
);
pub(crate) const SETTLE: Stmt = Stmt::both(
    "case_decision.settle",
    "UPDATE case_decision SET standing = ?2, second_at = ?3, second_by = ?4, second_sealed = ?5 \
     WHERE id = ?1 AND standing = 'proposed'",
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
    tx.guarded(
        &SETTLE,
        params![
            d.place.id,
            d.standing.as_str(),
            d.second_at,
            d.second_by.as_deref(),
            d.second_sealed.as_deref()
        ],
    )
}
