//! Referrals.

use db::{DbError, Row, Tx, params};

use super::{place_values, placed, unknown, waiting};
use crate::model::{CaseId, Referral, Referred};

waiting::statements!(
    "case_referral",
    "body, unit, ground_sealed, due_at",
    "state",
    ("answered_at", "answered_by", "answer_sealed"),
    "sent",
    "500"
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
    let answer = (r.answered_at, r.answered_by.as_deref(), r.answer_sealed.as_deref());
    waiting::settle(tx, &SETTLE, (r.place.id, r.state.as_str()), answer)
}
