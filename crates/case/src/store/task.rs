//! Tasks.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use super::{place_values, placed, row_columns, unknown};
use crate::model::{CaseId, NEVER, Task, TaskState};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            row_columns!(),
            ", title_sealed, place, assignee, due_at, urgent, state, done_at, done_by FROM case_task ",
            $rest
        )
    };
}

pub(crate) const INSERT: Stmt = Stmt::both(
    "case_task.insert",
    concat!(
        "INSERT INTO case_task (",
        row_columns!(),
        ", title_sealed, place, assignee, due_at, urgent, state, done_at, done_by, remind_at, escalate_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
    ),
);
pub(crate) const OF_CASE: Stmt =
    Stmt::both("case_task.of_case", select!("WHERE case_id = ?1 ORDER BY place, id LIMIT 2000"));
pub(crate) const FIND: Stmt = Stmt::both("case_task.find", select!("WHERE id = ?1"));
pub(crate) const SAVE: Stmt = Stmt::both(
    "case_task.save",
    "UPDATE case_task SET title_sealed = ?3, assignee = ?4, due_at = ?5, urgent = ?6, state = ?7, done_at = ?8, \
     done_by = ?9, remind_at = ?10, escalate_at = ?11 WHERE id = ?1 AND case_id = ?2",
);
pub(crate) const NEXT_DUE: Stmt = Stmt::both(
    "case_task.next_due",
    // Not in the condition: an engine that knows nothing of the rows would rather go through all open tasks of all cases.
    "SELECT MIN(CASE WHEN state = 'open' THEN due_at END) FROM case_task WHERE case_id = ?1",
);
pub(crate) const LAST: Stmt =
    Stmt::both("case_task.last", "SELECT COALESCE(MAX(place), 0) FROM case_task WHERE case_id = ?1");
pub(crate) const TO_REMIND: Stmt = Stmt::both(
    "case_task.to_remind",
    select!("WHERE state = 'open' AND remind_at <= ?1 ORDER BY remind_at, id LIMIT ?2"),
);
pub(crate) const TO_ESCALATE: Stmt = Stmt::both(
    "case_task.to_escalate",
    select!("WHERE state = 'open' AND escalate_at <= ?1 ORDER BY escalate_at, id LIMIT ?2"),
);
pub(crate) const REMINDED: Stmt =
    Stmt::both("case_task.reminded", "UPDATE case_task SET remind_at = ?2 WHERE id = ?1 AND remind_at < ?2");
pub(crate) const ESCALATED: Stmt = Stmt::both(
    "case_task.escalated",
    "UPDATE case_task SET escalate_at = ?2 WHERE id = ?1 AND escalate_at < ?2",
);
pub(crate) const MINE: Stmt = Stmt::both(
    "case_task.mine",
    select!("WHERE assignee = ?1 AND state = 'open' ORDER BY due_at, id LIMIT ?2"),
);

fn read(row: &Row) -> Result<Task, DbError> {
    let (place, written) = placed(row)?;
    let state: String = row.get(10)?;
    Ok(Task {
        place,
        written,
        title_sealed: row.get(5)?,
        order: row.get(6)?,
        assignee: row.get(7)?,
        due_at: row.get(8)?,
        urgent: row.get(9)?,
        state: TaskState::parse(&state).ok_or_else(|| unknown("case_task.state", &state))?,
        done_at: row.get(11)?,
        done_by: row.get(12)?,
    })
}

/// Adds a task, with when whoever does it is reminded and whoever leads the case is told.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, t: &Task, (remind, escalate): (Timestamp, Timestamp)) -> Result<(), DbError> {
    let own = params![
        t.title_sealed.as_slice(),
        t.order,
        t.assignee.as_str(),
        t.due_at,
        t.urgent,
        t.state.as_str(),
        t.done_at,
        t.done_by.as_deref(),
        remind,
        escalate
    ];
    tx.execute(&INSERT, &place_values(&t.place, &t.written, own)).map(drop)
}

/// Tasks of a case in their order.
///
/// # Errors
/// The database's.
pub fn of_case(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<Task>, DbError> {
    tx.query(&OF_CASE, params![case], read)
}

/// One task.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Task>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// Keeps what has changed of it.
///
/// # Errors
/// The database's.
pub fn save(tx: &mut Tx<'_>, t: &Task, (remind, escalate): (Timestamp, Timestamp)) -> Result<(), DbError> {
    tx.guarded(
        &SAVE,
        params![
            t.place.id,
            t.place.case,
            t.title_sealed.as_slice(),
            t.assignee.as_str(),
            t.due_at,
            t.urgent,
            t.state.as_str(),
            t.done_at,
            t.done_by.as_deref(),
            remind,
            escalate
        ],
    )
}

/// The nearest term of open tasks.
///
/// # Errors
/// The database's.
pub fn next_due(tx: &mut Tx<'_>, case: CaseId) -> Result<Timestamp, DbError> {
    let at: Option<Timestamp> = tx.query_one(&NEXT_DUE, params![case], |r| r.get(0))?;
    Ok(at.unwrap_or(NEVER))
}

/// The last place in the list.
///
/// # Errors
/// The database's.
pub fn last(tx: &mut Tx<'_>, case: CaseId) -> Result<i64, DbError> {
    tx.query_one(&LAST, params![case], |r| r.get(0))
}

/// Tasks whose reminder is due.
///
/// # Errors
/// The database's.
pub fn to_remind(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<Task>, DbError> {
    tx.query(&TO_REMIND, params![now, limit], read)
}

/// Tasks that fell due and of which whoever leads the case is to hear.
///
/// # Errors
/// The database's.
pub fn to_escalate(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<Task>, DbError> {
    tx.query(&TO_ESCALATE, params![now, limit], read)
}

/// Notes that somebody was reminded. `false` if somebody was faster.
///
/// # Errors
/// The database's.
pub fn reminded(tx: &mut Tx<'_>, id: Uuid) -> Result<bool, DbError> {
    Ok(tx.execute(&REMINDED, params![id, NEVER])? == 1)
}

/// Notes that whoever leads the case was told. `false` if somebody was faster.
///
/// # Errors
/// The database's.
pub fn escalated(tx: &mut Tx<'_>, id: Uuid) -> Result<bool, DbError> {
    Ok(tx.execute(&ESCALATED, params![id, NEVER])? == 1)
}

/// Open tasks of somebody, the nearest term first.
///
/// # Errors
/// The database's.
pub fn mine(tx: &mut Tx<'_>, label: &str, limit: i64) -> Result<Vec<Task>, DbError> {
    tx.query(&MINE, params![label, limit], read)
}
