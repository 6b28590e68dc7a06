//! What falls due in cases that are somebody's or their unit's. What one may see is part of each query.

use access::{Office, team_where};
use app::header_columns;
use db::{DbError, Stmt, Tx};
use kernel::Timestamp;
use uuid::Uuid;

use super::file::{own_columns, read};
use super::list::seen;
use crate::model::{Case, CaseId, NEVER};

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
/// Open tasks with a term of several cases. Those that are late and call nobody any more were told to whoever leads the case. Conditions are
/// written so that no engine goes by them through the tasks of all cases.
pub(crate) const TASKS: Stmt = app::among!(
    "case_board.tasks",
    "SELECT case_id, id, sealed_for, created_at, title_sealed, assignee, due_at, escalate_at FROM case_task \
     WHERE state || '' = 'open' AND +due_at < ?2 AND ",
    "case_id",
    " ORDER BY case_id, place, id"
);
/// Referrals that wait, of several cases.
pub(crate) const REFERRALS: Stmt = app::among!(
    "case_board.referrals",
    "SELECT case_id, body, created_at, due_at FROM case_referral WHERE state || '' = 'sent' AND ",
    "case_id",
    " ORDER BY created_at, id"
);
/// How many cases have something that is late, and something that falls due before a moment.
pub(crate) const LATE: Stmt = Stmt::both(
    "case_board.late",
    concat!(
        "SELECT COUNT(*), COUNT(CASE WHEN c.next_due_at < ?6 THEN 1 END), \
         COUNT(CASE WHEN c.next_due_at >= ?6 AND c.next_due_at < ?7 THEN 1 END) FROM case_file c WHERE ",
        seen!(),
        ours!(),
        // The plus sign keeps the engine from the index of terms: all that is asked for lies in the index by which cases are counted.
        " AND +c.next_due_at < ?5"
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

/// An open task on the board.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Of which case.
    pub case: CaseId,
    /// Which one.
    pub id: Uuid,
    /// Under which key its title is sealed.
    pub sealed_for: Uuid,
    /// Its title.
    pub title_sealed: Vec<u8>,
    /// Since when.
    pub since: Timestamp,
    /// Who does it; empty for nobody.
    pub assignee: String,
    /// By when.
    pub due_at: Timestamp,
    /// Whether whoever leads the case was told that it is late.
    pub told: bool,
}

/// Open tasks with a term of these cases, in their order.
///
/// # Errors
/// The database's.
pub fn tasks(
    tx: &mut Tx<'_>,
    cases: impl IntoIterator<Item = CaseId>,
    now: Timestamp,
) -> Result<Vec<Waiting>, DbError> {
    let ids = app::ids(cases.into_iter().map(CaseId::uuid));
    tx.query(&TASKS, &[ids, NEVER.into()], |r| {
        let (due_at, escalate_at): (Timestamp, Timestamp) = (r.get(6)?, r.get(7)?);
        Ok(Waiting {
            case: r.get(0)?,
            id: r.get(1)?,
            sealed_for: r.get(2)?,
            since: r.get(3)?,
            title_sealed: r.get(4)?,
            assignee: r.get(5)?,
            due_at,
            told: due_at < now && escalate_at == NEVER,
        })
    })
}

/// Referrals of these cases that wait: case, body, since when, by when.
///
/// # Errors
/// The database's.
pub fn referrals(
    tx: &mut Tx<'_>,
    cases: impl IntoIterator<Item = CaseId>,
) -> Result<Vec<(CaseId, String, Timestamp, Timestamp)>, DbError> {
    let ids = app::ids(cases.into_iter().map(CaseId::uuid));
    tx.query(&REFERRALS, &[ids], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))
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
