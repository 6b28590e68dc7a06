//! Tasks: added, given to somebody, moved, done; and the clock that calls.

use access::Action;
use app::App;
use db::Tx;
use kernel::{Actor, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::opening::calls;
use super::{Did, Held, done, field, hold, log, written};
use crate::error::CaseError;
use crate::model::{Case, CaseId, MomentKind, NEVER, State, Task, TaskState};
use crate::rules::{self, MAX_TITLE};
use crate::store;

/// Most calls of one round.
const AT_ONCE: i64 = 100;

/// A task that is to be added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewTask {
    /// What is to be done.
    pub title: String,
    /// Who is to do it, as a label; empty for nobody yet.
    pub assignee: String,
    /// By when; `None` without a term.
    pub due_at: Option<Timestamp>,
    /// Whether it goes before others.
    pub urgent: bool,
}

/// Adds a task.
///
/// # Errors
/// Hidden or forbidden; nothing is said of what is to be done; whoever is to do it is not in the team.
pub async fn add_task(app: &App, actor: &Actor, number: &str, new: NewTask) -> Result<Case, CaseError> {
    let title = rules::line("task", &new.title, MAX_TITLE)?;
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::WorkCase)?.open()?;
            may_do(&held, &new.assignee)?;
            let task = Task {
                place: held.place(&me),
                written: written(&me, &actor),
                title_sealed: held.seal(&me, field::TASK, &title),
                order: store::task::last(tx, held.case.id)?.saturating_add(1),
                assignee: new.assignee.clone(),
                due_at: new.due_at.unwrap_or(NEVER),
                urgent: new.urgent,
                state: TaskState::Open,
                done_at: None,
                done_by: None,
            };
            store::task::insert(tx, &task, calls(&me, &task))?;
            let about = task.place.id.to_string();
            let did = Did::new("case.task_added", MomentKind::Task, &about)
                .facts(json!({"task": task.place.id, "assignee": task.assignee, "due": due(task.due_at)}));
            done(tx, &me, &actor, &mut held, did)?;
            Ok(held.case)
        })
        .await
}

/// A term for the record.
fn due(at: Timestamp) -> Option<String> {
    (at != NEVER).then(|| at.rfc3339())
}

/// Tasks are done by the team.
fn may_do(held: &Held, label: &str) -> Result<(), CaseError> {
    if label.is_empty() || held.has(label) { Ok(()) } else { Err(CaseError::Unknown("assignee")) }
}

/// Gives a task to somebody of the team, or to nobody.
///
/// # Errors
/// Hidden or forbidden; not open; not of the team.
pub async fn assign(
    app: &App,
    actor: &Actor,
    number: &str,
    (id, label): (Uuid, &str),
) -> Result<Case, CaseError> {
    let label = label.to_owned();
    change(app, actor, number, (id, "case.task_assigned"), move |held, task| {
        may_do(held, &label)?;
        task.assignee.clone_from(&label);
        Ok(())
    })
    .await
}

/// Moves the term of a task.
///
/// # Errors
/// Hidden or forbidden; not open.
pub async fn change_due(
    app: &App,
    actor: &Actor,
    number: &str,
    (id, at): (Uuid, Option<Timestamp>),
) -> Result<Case, CaseError> {
    change(app, actor, number, (id, "case.task_moved"), move |_, task| {
        task.due_at = at.unwrap_or(NEVER);
        Ok(())
    })
    .await
}

/// A task was done, is not to be done any more, or is to be done again.
///
/// # Errors
/// Hidden or forbidden; it is so already.
pub async fn finish(
    app: &App,
    actor: &Actor,
    number: &str,
    (id, state): (Uuid, TaskState),
) -> Result<Case, CaseError> {
    let (by, now) = (actor.label(), app.office.now());
    let act = match state {
        TaskState::Open => "case.task_reopened",
        TaskState::Done => "case.task_done",
        TaskState::Dropped => "case.task_dropped",
    };
    change(app, actor, number, (id, act), move |_, task| {
        if task.state == state {
            return Err(CaseError::Already);
        }
        task.state = state;
        task.done_at = (state != TaskState::Open).then_some(now);
        task.done_by = task.done_at.map(|_| by.clone());
        Ok(())
    })
    .await
}

async fn change(
    app: &App,
    actor: &Actor,
    number: &str,
    (id, act): (Uuid, &'static str),
    how: impl Fn(&Held, &mut Task) -> Result<(), CaseError> + Send + Sync + 'static,
) -> Result<Case, CaseError> {
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::WorkCase)?.open()?;
            let found = store::task::find(tx, id)?.filter(|t| t.place.case == held.case.id);
            let mut task = found.ok_or(CaseError::Settled)?;
            if task.state != TaskState::Open && matches!(act, "case.task_assigned" | "case.task_moved") {
                return Err(CaseError::Settled);
            }
            how(&held, &mut task)?;
            store::task::save(tx, &task, calls(&me, &task))?;
            let about = id.to_string();
            let did = Did::new(act, MomentKind::Task, &about)
                .facts(json!({"task": id, "assignee": task.assignee, "due": due(task.due_at)}));
            done(tx, &me, &actor, &mut held, did)?;
            Ok(held.case)
        })
        .await
}

/// Tasks of somebody who left the team are nobody's again.
pub(crate) fn free(tx: &mut Tx<'_>, app: &App, case: CaseId, label: &str) -> Result<(), CaseError> {
    for mut task in store::task::of_case(tx, case)? {
        if task.state == TaskState::Open && task.assignee == label {
            task.assignee.clear();
            store::task::save(tx, &task, calls(app, &task))?;
        }
    }
    Ok(())
}

/// Calls whoever is to be called now: who does a task before it falls due, who leads the case after. How many calls that were. A call is a
/// record and a moment of the time line, and the case comes up in the list as changed.
///
/// # Errors
/// The database's.
pub async fn call_due(app: &App) -> Result<usize, CaseError> {
    let me = app.clone();
    app.db
        .write(move |tx| {
            let (now, clock) = (me.office.now(), Actor::system("cases"));
            super::once::sweep(tx, &me)?;
            let mut called = 0_usize;
            for task in store::task::to_remind(tx, now, AT_ONCE)? {
                if store::task::reminded(tx, task.place.id)? {
                    called = called.saturating_add(call(tx, &me, &clock, (&task, "case.task_reminded"))?);
                }
            }
            for task in store::task::to_escalate(tx, now, AT_ONCE)? {
                if store::task::escalated(tx, task.place.id)? {
                    called = called.saturating_add(call(tx, &me, &clock, (&task, "case.task_escalated"))?);
                }
            }
            for (id, case) in store::referral::to_call(tx, now, AT_ONCE)? {
                if store::referral::called(tx, id)? {
                    called = called.saturating_add(late(tx, &me, &clock, (id, case))?);
                }
            }
            Ok(called)
        })
        .await
}

/// A referral lies past its term: whoever leads the case is told, and the body is asked once more.
fn late(tx: &mut Tx<'_>, app: &App, clock: &Actor, (id, case): (Uuid, CaseId)) -> Result<usize, CaseError> {
    let Some(mut case) = store::file::find(tx, case)? else { return Ok(0) };
    let Some(row) = store::referral::find(tx, id)? else { return Ok(0) };
    let facts = json!({"referral": id, "whom": case.lead, "due": row.due_at.rfc3339(), "institution": row.institution});
    log(tx, app, clock, &case, Did::new("case.referral_late", MomentKind::Decision, &row.body).facts(facts))?;
    super::outside::ask_again(tx, app, &row)?;
    case.changed_at = app.office.now();
    store::file::save(tx, &case)?;
    Ok(1)
}

fn call(
    tx: &mut Tx<'_>,
    app: &App,
    clock: &Actor,
    (task, act): (&Task, &'static str),
) -> Result<usize, CaseError> {
    let Some(mut case) = store::file::find(tx, task.place.case)? else { return Ok(0) };
    if case.state != State::Open {
        return Ok(0);
    }
    let whom = if act == "case.task_reminded" { &task.assignee } else { &case.lead };
    let facts = json!({"task": task.place.id, "whom": whom});
    let about = task.place.id.to_string();
    log(tx, app, clock, &case, Did::new(act, MomentKind::Task, &about).facts(facts))?;
    case.changed_at = app.office.now();
    store::file::save(tx, &case)?;
    Ok(1)
}
