//! What falls due in cases that are somebody's or their unit's. What one may see is part of each query.

use access::{Office, team_where};
use app::header_columns;
use db::{DbError, Stmt, Tx};
use kernel::Timestamp;

use super::file::{own_columns, read};
use super::list::seen;
use super::task;
use crate::model::{Case, CaseId, NEVER, Task};

/// Mine or of my unit: I work on it, or my unit (placeholder 4) does.
macro_rules! ours {
    () => {
        " AND c.state = 'open' AND (c.unit_id = ?4 OR EXISTS (SELECT 1 FROM case_member o WHERE o.case_id = c.id \
         AND o.label = ?3 AND o.until IS NULL))"
    };
}

/// Cases with a term, the first due first: whatever is among the first that fall due lies in one of as many cases.
pub(crate) const FIRST: Stmt = Stmt::both(
    "case_board.first",
    concat!(
        "SELECT ",
        header_columns!(),
        ", ",
        own_columns!(),
        " FROM case_file c WHERE ",
        seen!(),
        ours!(),
        " AND c.next_due_at < ?5 ORDER BY c.next_due_at, c.id LIMIT ?6"
    ),
);
/// Tasks that have been told to whoever leads the case: their second call is over.
pub(crate) const TASKS: Stmt = Stmt::both(
    "case_board.escalated",
    "SELECT id FROM case_task WHERE case_id = ?1 AND state = 'open' AND due_at < ?2 AND escalate_at = ?3",
);
/// How many cases have something that is late, and something that falls due before a moment.
pub(crate) const LATE: Stmt = Stmt::both(
    "case_board.late",
    concat!(
        "SELECT COUNT(*), COUNT(CASE WHEN c.next_due_at < ?6 THEN 1 END), \
         COUNT(CASE WHEN c.next_due_at >= ?6 AND c.next_due_at < ?7 THEN 1 END) FROM case_file c WHERE ",
        seen!(),
        ours!(),
        " AND c.next_due_at < ?5"
    ),
);

/// Cases with a term that are the reader's or the unit's, the first due first.
///
/// # Errors
/// The database's.
pub fn first(tx: &mut Tx<'_>, (office, unit): (&Office, &str), limit: i64) -> Result<Vec<Case>, DbError> {
    let mut all = office.team_params().to_vec();
    all.extend([unit.into(), NEVER.into(), limit.into()]);
    tx.query(&FIRST, &all, read)
}

/// Open tasks of a case with a term, and whether whoever leads it was told that they are late.
///
/// # Errors
/// The database's.
pub fn tasks(tx: &mut Tx<'_>, case: CaseId, now: Timestamp) -> Result<Vec<(Task, bool)>, DbError> {
    let told: Vec<uuid::Uuid> = tx.query(&TASKS, &[case.into(), now.into(), NEVER.into()], |r| r.get(0))?;
    let all = task::of_case(tx, case)?.into_iter();
    let open = all.filter(|t| t.state == crate::model::TaskState::Open && t.due_at != NEVER);
    Ok(open.map(|t| (told.contains(&t.place.id), t)).map(|(told, t)| (t, told)).collect())
}

/// How many of these cases there are, how many have something late, and how many something due before `soon`.
///
/// # Errors
/// The database's.
pub fn count(
    tx: &mut Tx<'_>,
    (office, unit): (&Office, &str),
    (now, soon): (Timestamp, Timestamp),
) -> Result<(i64, i64, i64), DbError> {
    let mut all = office.team_params().to_vec();
    all.extend([unit.into(), NEVER.into(), now.into(), soon.into()]);
    tx.query_one(&LATE, &all, |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
}
