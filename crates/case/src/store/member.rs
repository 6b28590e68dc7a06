//! Who works on a case.

use std::collections::BTreeMap;

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::{CaseId, Member};

pub(crate) const OF_CASE: Stmt = Stmt::both(
    "case_member.of_case",
    "SELECT id, label, duty, since, until FROM case_member WHERE case_id = ?1 ORDER BY since, id",
);
pub(crate) const OF_CASES: Stmt = app::among!(
    "case_member.of_cases",
    "SELECT id, label, duty, since, until, case_id FROM case_member WHERE ",
    "case_id",
    " ORDER BY since, id"
);
pub(crate) const ADD: Stmt = Stmt::both(
    "case_member.add",
    "INSERT INTO case_member (id, case_id, label, duty, since, added_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
     ON CONFLICT DO NOTHING",
);
pub(crate) const END: Stmt = Stmt::both(
    "case_member.end",
    "UPDATE case_member SET until = ?3 WHERE case_id = ?1 AND label = ?2 AND until IS NULL",
);

fn read(row: &Row) -> Result<Member, DbError> {
    Ok(Member {
        id: row.get(0)?,
        label: row.get(1)?,
        duty: row.get(2)?,
        since: row.get(3)?,
        until: row.get(4)?,
    })
}

/// Everybody who works or worked on a case, by when they began.
///
/// # Errors
/// The database's.
pub fn of_case(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<Member>, DbError> {
    tx.query(&OF_CASE, params![case], read)
}

/// The same of several cases.
///
/// # Errors
/// The database's.
pub fn of_cases(
    tx: &mut Tx<'_>,
    cases: impl IntoIterator<Item = CaseId>,
) -> Result<BTreeMap<CaseId, Vec<Member>>, DbError> {
    let ids = app::ids(cases.into_iter().map(CaseId::uuid));
    let mut all: BTreeMap<CaseId, Vec<Member>> = BTreeMap::new();
    for (case, member) in tx.query(&OF_CASES, &[ids], |r| Ok((r.get(5)?, read(r)?)))? {
        all.entry(case).or_default().push(member);
    }
    Ok(all)
}

/// Adds somebody. `false` if they were there already.
///
/// # Errors
/// The database's.
pub fn add(tx: &mut Tx<'_>, case: CaseId, m: &Member, by: &str) -> Result<bool, DbError> {
    let row = params![m.id, case, m.label.as_str(), m.duty.as_str(), m.since, by];
    Ok(tx.execute(&ADD, row)? == 1)
}

/// Somebody works on it no more. `false` if they did not.
///
/// # Errors
/// The database's.
pub fn end(tx: &mut Tx<'_>, case: CaseId, label: &str, at: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&END, params![case, label, at])? == 1)
}

/// Labels of those who work on it now.
#[must_use]
pub fn now(all: &[Member]) -> Vec<String> {
    all.iter().filter(|m| m.until.is_none()).map(|m| m.label.clone()).collect()
}

/// A row of somebody new.
#[must_use]
pub fn fresh(id: Uuid, label: &str, duty: &str, since: Timestamp) -> Member {
    Member { id, label: label.to_owned(), duty: duty.to_owned(), since, until: None }
}
