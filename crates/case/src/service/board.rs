//! The clocks of cases on the board: tasks, stages, registers and referrals of cases that are the reader's or of the reader's unit, the
//! first due first.

use std::collections::BTreeMap;

use access::{Action, Resource};
use app::App;
use db::Tx;
use kernel::{Actor, Timestamp};

use super::keys::Keys;
use super::listing::office;
use super::{field, registers_due};
use crate::error::CaseError;
use crate::model::{Case, NEVER};
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
            let cases = store::board::first(tx, ours, CASES)?;
            let mut found = clocks(tx, &cases, now)?;
            found.sort_by(|a, b| (a.due.due_at, &a.due.number).cmp(&(b.due.due_at, &b.due.number)));
            found.truncate(MOST);
            let rows = opened(tx, &me, found)?;
            let people = access::names_of(tx, &me.vault, rows.iter().map(|r| r.whose.clone()))?;
            Ok(Board { rows, people, open, late, soon })
        })
        .await
}

/// A clock; the title of a task is still sealed.
struct Found {
    due: Due,
    sealed: Option<(uuid::Uuid, Vec<u8>)>,
}

/// All clocks of these cases.
fn clocks(tx: &mut Tx<'_>, cases: &[Case], now: Timestamp) -> Result<Vec<Found>, CaseError> {
    let ids = || cases.iter().map(|c| c.id);
    let (mut tasks, mut refs) = (BTreeMap::new(), BTreeMap::new());
    for task in store::board::tasks(tx, ids(), now)? {
        tasks.entry(task.case).or_insert_with(Vec::new).push(task);
    }
    for r in store::reference::of_cases(tx, ids())? {
        refs.entry(r.place.case).or_insert_with(Vec::new).push(r);
    }
    let registers = store::register::of_cases(tx, ids())?;
    let referrals = store::board::referrals(tx, ids())?;
    let mut all = Vec::new();
    for case in cases {
        let row = |what, since, due_at, (whose, escalated): (&str, bool)| Due {
            number: case.number.clone(),
            what,
            since,
            due_at,
            whose: whose.to_owned(),
            escalated,
        };
        let lead = case.lead.as_str();
        for task in tasks.remove(&case.id).unwrap_or_default() {
            let due =
                row(What::Task(task.id, String::new()), task.since, task.due_at, (&task.assignee, task.told));
            all.push(Found { due, sealed: Some((task.sealed_for, task.title_sealed)) });
        }
        let mut own = Vec::new();
        if case.stage_due_at != NEVER {
            let what = What::Stage(case.stage.clone());
            own.push(row(what, case.stage_since, case.stage_due_at, (lead, false)));
        }
        let refs = refs.remove(&case.id).unwrap_or_default();
        for (system, due) in registers_due(&refs) {
            let since =
                refs.iter().find(|r| r.system == system).map_or(case.header.created_at, |r| r.registered_at);
            own.push(row(What::Register(system), since, due, (lead, false)));
        }
        for (_, clock) in registers.iter().filter(|(of, _)| *of == case.id) {
            own.push(row(What::Register(clock.system.clone()), clock.since, clock.due_at, (lead, false)));
        }
        for (_, body, since, due_at) in referrals.iter().filter(|(of, ..)| *of == case.id) {
            own.push(row(What::Referral(body.clone()), *since, *due_at, (lead, *due_at < now)));
        }
        all.extend(own.into_iter().map(|due| Found { due, sealed: None }));
    }
    Ok(all)
}

/// The same with the titles of tasks: those alone that are shown are opened.
fn opened(tx: &mut Tx<'_>, app: &App, found: Vec<Found>) -> Result<Vec<Due>, CaseError> {
    let subjects: Vec<uuid::Uuid> =
        found.iter().filter_map(|f| f.sealed.as_ref()).map(|(of, _)| *of).collect();
    let mut keys = Keys::of(tx, app, subjects)?;
    let mut all = Vec::with_capacity(found.len());
    for Found { mut due, sealed } in found {
        if let (What::Task(_, title), Some((of, sealed))) = (&mut due.what, sealed) {
            *title = keys.plain(tx, app, (of, field::TASK), &sealed)?;
        }
        all.push(due);
    }
    Ok(all)
}
