//! Referrals.

use db::{DbError, Row, Stmt, Tx, params};

use super::{place_values, placed, row_columns, unknown};
use crate::model::{CaseId, Referral, Referred};

pub(crate) const INSERT: Stmt = Stmt::both(
    "case_referral.insert",
    concat!(
        "INSERT INTO case_referral (",
        row_columns!(),
        ", body, unit, ground_sealed, due_at, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
    ),
);
pub(crate) const OF_CASE: Stmt = Stmt::both(
    "case_referral.of_case",
    concat!(
        "SELECT ",
        row_columns!(),
        ", body, unit, ground_sealed, due_at, state, answered_at, answered_by, answer_sealed FROM case_referral \
         WHERE case_id = ?1 ORDER BY created_at, id LIMIT 500"
    ),
);
pub(crate) const SETTLE: Stmt = Stmt::both(
    "case_referral.settle",
    "UPDATE case_referral SET state = ?2, answered_at = ?3, answered_by = ?4, answer_sealed = ?5 \
     WHERE id = ?1 AND state = 'sent'",
);

fn read(row: &Row) -> Result<Referral, DbError> {
    let (place, written) = placed(row)?;
    let state: String = row.get(9)?;
    Ok(Referral {
        place,
        written,
        body: row.get(5)?,
        unit: row.get(6)?,
        ground_sealed: row.get(7)?,
        due_at: row.get(8)?,
        state: Referred::parse(&state).ok_or_else(|| unknown("case_referral.state", &state))?,
        answered_at: row.get(10)?,
        answered_by: row.get(11)?,
        answer_sealed: row.get(12)?,
    })
}

/// Adds a referral.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, r: &Referral) -> Result<(), DbError> {
    let own =
        params![r.body.as_str(), r.unit.as_str(), r.ground_sealed.as_slice(), r.due_at, r.state.as_str()];
    tx.execute(&INSERT, &place_values(&r.place, &r.written, own)).map(drop)
}

/// Referrals of a case, the oldest first.
///
/// # Errors
/// The database's.
pub fn of_case(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<Referral>, DbError> {
    tx.query(&OF_CASE, params![case], read)
}

/// Keeps what became of it. Somebody faster makes the closure run again.
///
/// # Errors
/// The database's.
pub fn settle(tx: &mut Tx<'_>, r: &Referral) -> Result<(), DbError> {
    tx.guarded(
        &SETTLE,
        params![
            r.place.id,
            r.state.as_str(),
            r.answered_at,
            r.answered_by.as_deref(),
            r.answer_sealed.as_deref()
        ],
    )
}
