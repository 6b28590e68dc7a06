//! How cases stand in the country's registers: a copy of what the registers' slice says, for lists and terms.

use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::CaseId;

/// A clock of a register that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// The matter's id in the registers' slice.
    pub id: Uuid,
    /// Code of the register.
    pub system: String,
    /// Since when.
    pub since: Timestamp,
    /// Till when.
    pub due_at: Timestamp,
}

pub(crate) const DROP: Stmt =
    Stmt::both("case_register.drop", "DELETE FROM case_register WHERE case_id = ?1");
pub(crate) const ADD: Stmt = Stmt::both(
    "case_register.add",
    "INSERT INTO case_register (id, case_id, system, since, due_at) VALUES (?1, ?2, ?3, ?4, ?5)",
);
pub(crate) const OF_CASE: Stmt = Stmt::both(
    "case_register.of_case",
    "SELECT id, system, since, due_at FROM case_register WHERE case_id = ?1 ORDER BY due_at, id",
);
pub(crate) const OF_CASES: Stmt = app::among!(
    "case_register.of_cases",
    "SELECT id, system, since, due_at, case_id FROM case_register WHERE ",
    "case_id",
    " ORDER BY due_at, id"
);
/// A number that came from a register, wherever a merge has put it.
pub(crate) const KNOWN: Stmt =
    Stmt::both("case_ref.known", "SELECT case_id, wrong_at FROM case_ref WHERE id = ?1");

/// Keeps which clocks run, in the place of those before.
///
/// # Errors
/// The database's.
pub fn set(tx: &mut Tx<'_>, case: CaseId, clocks: &[Clock]) -> Result<(), DbError> {
    tx.execute(&DROP, params![case])?;
    for c in clocks {
        tx.execute(&ADD, params![c.id, case, c.system.as_str(), c.since, c.due_at])?;
    }
    Ok(())
}

/// Clocks that run, the first due first.
///
/// # Errors
/// The database's.
pub fn of_case(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<Clock>, DbError> {
    tx.query(&OF_CASE, params![case], |r| {
        Ok(Clock { id: r.get(0)?, system: r.get(1)?, since: r.get(2)?, due_at: r.get(3)? })
    })
}

/// The same of several cases.
///
/// # Errors
/// The database's.
pub fn of_cases(
    tx: &mut Tx<'_>,
    cases: impl IntoIterator<Item = CaseId>,
) -> Result<Vec<(CaseId, Clock)>, DbError> {
    let ids = app::ids(cases.into_iter().map(CaseId::uuid));
    tx.query(&OF_CASES, &[ids], |r| {
        Ok((r.get(4)?, Clock { id: r.get(0)?, system: r.get(1)?, since: r.get(2)?, due_at: r.get(3)? }))
    })
}

/// In which case a number lies, and when it was found wrong.
///
/// # Errors
/// The database's.
pub fn known(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<(CaseId, Option<Timestamp>)>, DbError> {
    tx.query_opt(&KNOWN, params![id], |r| Ok((r.get(0)?, r.get(1)?)))
}
