//! Referrals.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use super::{place_values, placed, unknown, waiting};
use crate::model::{CaseId, NEVER, Referral, Referred};

waiting::statements!(
    "case_referral",
    "body, unit, ground_sealed, due_at",
    "state",
    ("answered_at", "answered_by", "answer_sealed"),
    "sent",
    "500"
);

/// What messages say of referrals: to whom they went, and the body's own number.
pub(crate) const OUTSIDE: Stmt = Stmt::both(
    "case_referral.outside",
    "SELECT id, institution, body_number FROM case_referral WHERE case_id = ?1 AND institution <> ''",
);
pub(crate) const FIND: Stmt =
    Stmt::both("case_referral.find", "SELECT case_id FROM case_referral WHERE id = ?1");
pub(crate) const HANDED: Stmt = Stmt::both(
    "case_referral.handed",
    "UPDATE case_referral SET institution = ?2, call_at = ?3 WHERE id = ?1",
);
pub(crate) const NUMBERED: Stmt =
    Stmt::both("case_referral.numbered", "UPDATE case_referral SET body_number = ?2 WHERE id = ?1");
pub(crate) const TO_CALL: Stmt = Stmt::both(
    "case_referral.to_call",
    "SELECT id, case_id FROM case_referral WHERE state = 'sent' AND call_at <= ?1 ORDER BY call_at, id LIMIT ?2",
);
pub(crate) const CALLED: Stmt = Stmt::both(
    "case_referral.called",
    "UPDATE case_referral SET call_at = ?2 WHERE id = ?1 AND call_at < ?2",
);

fn read(row: &Row) -> Result<Referral, DbError> {
    let (place, written) = placed(row)?;
    let state: String = row.get(9)?;
    Ok(Referral {
        place,
        written,
        body: row.get(5)?,
        unit: row.get(6)?,
        institution: String::new(),
        body_number: String::new(),
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
    let mut all = tx.query(&OF_CASE, params![case], read)?;
    let outside: Vec<(Uuid, String, String)> =
        tx.query(&OUTSIDE, params![case], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    for (id, institution, number) in outside {
        if let Some(row) = all.iter_mut().find(|r| r.place.id == id) {
            (row.institution, row.body_number) = (institution, number);
        }
    }
    Ok(all)
}

/// Keeps what became of it. Somebody faster makes the closure run again.
///
/// # Errors
/// The database's.
pub fn settle(tx: &mut Tx<'_>, r: &Referral) -> Result<(), DbError> {
    let answer = (r.answered_at, r.answered_by.as_deref(), r.answer_sealed.as_deref());
    waiting::settle(tx, &SETTLE, (r.place.id, r.state.as_str()), answer)
}

/// One referral.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Referral>, DbError> {
    let Some(case) = tx.query_opt(&FIND, params![id], |r| r.get::<CaseId>(0))? else { return Ok(None) };
    Ok(of_case(tx, case)?.into_iter().find(|r| r.place.id == id))
}

/// Keeps to whom it was sent by message, empty for nobody, and from when on its lateness is told.
///
/// # Errors
/// The database's.
pub fn handed(tx: &mut Tx<'_>, id: Uuid, (institution, call): (&str, Timestamp)) -> Result<(), DbError> {
    tx.guarded(&HANDED, params![id, institution, call])
}

/// Keeps the body's own number.
///
/// # Errors
/// The database's.
pub fn numbered(tx: &mut Tx<'_>, id: Uuid, number: &str) -> Result<(), DbError> {
    tx.guarded(&NUMBERED, params![id, number])
}

/// Referrals that wait past their term and of which nobody was told: row and case.
///
/// # Errors
/// The database's.
pub fn to_call(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<(Uuid, CaseId)>, DbError> {
    tx.query(&TO_CALL, params![now, limit], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// Notes that it was told. `false` if somebody was faster.
///
/// # Errors
/// The database's.
pub fn called(tx: &mut Tx<'_>, id: Uuid) -> Result<bool, DbError> {
    Ok(tx.execute(&CALLED, params![id, NEVER])? == 1)
}
