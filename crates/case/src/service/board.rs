//! The clocks of cases on the board: tasks, stages, registers and referrals of cases that are the reader's or of the reader's unit, the
//! first due first.

use access::{Action, Resource};
use app::App;
use db::Tx;
use kernel::{Actor, Timestamp};

use super::listing::office;
use super::{field, plain, registers_due};
use crate::error::CaseError;
use crate::model::{Case, NEVER, Referred};
use crate::service::People;
use crate::store;

/// Most rows.
const MOST: usize = 200;
/// As many cases are looked at: whatever is among the first rows lies in one of them.
const CASES: i64 = 200;
/// "Due soon" of the figures on top of the board.
const SOON_SECS: i64 = 15 * 60;

/// What falls due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A task, by its row and title.
    Task(uuid::Uuid, String),
    /// The case should leave its stage, by its code.
    Stage(String),
    /// A register's clock, by its code.
    Register(String),
    /// A body or unit should answer a referral, by its code.
    Referral(String),
}

/// A clock of a case.
#[derive(Debug, Clone)]
pub struct Due {
    /// Number of the case.
    pub number: String,
    /// What falls due.
    pub what: What,
    /// Since when it runs.
    pub since: Timestamp,
    /// When it falls due.
    pub due_at: Timestamp,
    /// Whose it is: who does the task, else who leads the case; empty for nobody.
    pub whose: String,
    /// Whether whoever leads the case was told that it is late.
    pub escalated: bool,
}

/// Clocks of cases, and how many cases have some.
#[derive(Debug, Clone, Default)]
pub struct Board {
    /// The first due first.
    pub rows: Vec<Due>,
    /// Names behind labels.
    pub people: People,
    /// Cases with a clock.
    pub open: i64,
    /// Those of which one has run out.
    pub late: i64,
    /// Those of which the first runs out soon.
    pub soon: i64,
}

/// The cases' part of the clock board.
///
/// # Errors
/// Forbidden.
pub async fn board(app: &App, actor: &Actor) -> Result<Board, CaseError> {
    access::require(actor, Action::ViewQueue, &Resource::any("desk"))?;
    let office = office(actor)?;
    let unit = access::unit_of(actor).unwrap_or_default().to_owned();
    let (me, now) = (app.clone(), app.office.now());
    app.db
        .read(move |tx| {
            let ours = (&office, unit.as_str());
            let (open, late, soon) = store::board::count(tx, ours, (now, now.plus_secs(SOON_SECS)))?;
            let mut rows = Vec::new();
            for case in store::board::first(tx, ours, CASES)? {
                of_case(tx, &me, &case, &mut rows)?;
            }
            rows.sort_by(|a, b| (a.due_at, &a.number).cmp(&(b.due_at, &b.number)));
            rows.truncate(MOST);
            let people = access::names_of(tx, &me.vault, rows.iter().map(|r| r.whose.clone()))?;
            Ok(Board { rows, people, open, late, soon })
        })
        .await
}

/// All clocks of a case.
fn of_case(tx: &mut Tx<'_>, app: &App, case: &Case, rows: &mut Vec<Due>) -> Result<(), CaseError> {
    let now = app.office.now();
    let row = |what, since, due_at, (whose, escalated): (&str, bool)| Due {
        number: case.number.clone(),
        what,
        since,
        due_at,
        whose: whose.to_owned(),
        escalated,
    };
    for (task, told) in store::board::tasks(tx, case.id, now)? {
        let title = plain(tx, app, (task.place.sealed_for, field::TASK), &task.title_sealed)?;
        let what = What::Task(task.place.id, title);
        rows.push(row(what, task.written.at, task.due_at, (&task.assignee, told)));
    }
    let lead = case.lead.as_str();
    if case.stage_due_at != NEVER {
        rows.push(row(What::Stage(case.stage.clone()), case.stage_since, case.stage_due_at, (lead, false)));
    }
    let refs = store::reference::of_case(tx, case.id)?;
    for (system, due) in registers_due(&refs) {
        let since =
            refs.iter().find(|r| r.system == system).map_or(case.header.created_at, |r| r.registered_at);
        rows.push(row(What::Register(system), since, due, (lead, false)));
    }
    for clock in store::register::of_case(tx, case.id)? {
        rows.push(row(What::Register(clock.system), clock.since, clock.due_at, (lead, false)));
    }
    for r in store::referral::of_case(tx, case.id)?.into_iter().filter(|r| r.state == Referred::Sent) {
        rows.push(row(What::Referral(r.body), r.written.at, r.due_at, (lead, r.due_at < now)));
    }
    Ok(())
}
