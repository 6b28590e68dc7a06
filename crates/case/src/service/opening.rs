//! Opening a case: from a report, from a scheme, or by hand.

use access::{Action, Kind, Resource};
use app::App;
use db::Tx;
use kernel::{Actor, Timestamp};
use profile::CaseTemplate;
use serde_json::json;

use super::linking::{self, Target};
use super::{Did, Held, done, field, hashes, stage_due, written};
use crate::error::CaseError;
use crate::model::{Case, CaseId, MomentKind, NEVER, Origin, Place, State, Task, TaskState};
use crate::rules::{self, MAX_TITLE};
use crate::store;

/// A case that is to be opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewCase {
    /// Title.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// Code of a shape; empty for none.
    pub template: String,
    /// What it is opened from: kind and number; empty by hand.
    pub from: Option<(String, String)>,
    /// 0 can wait, 1 as usual, 2 soon, 3 at once.
    pub priority: i64,
    /// Whether nobody but the team is let in.
    pub closed: bool,
    /// The form's own key: sent twice it is one case. Empty for none.
    pub key: String,
}

/// Opens a case. Whoever opens it leads it.
///
/// # Errors
/// Forbidden; a field is missing; what it is opened from is not there or hidden.
pub async fn open(app: &App, actor: &Actor, new: NewCase) -> Result<Case, CaseError> {
    let targets = match &new.from {
        Some((kind, number)) => linking::found(app, actor, kind, number).await?,
        None => Vec::new(),
    };
    let (me, actor) = (app.clone(), actor.clone());
    app.db.write(move |tx| open_in(tx, &me, &actor, &new, &targets)).await
}

/// The same inside a running transaction, about what was found before; the first of it is what the case is opened from.
pub(crate) fn open_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    new: &NewCase,
    targets: &[Target],
) -> Result<Case, CaseError> {
    access::require(actor, Action::OpenCase, &Resource::any(Kind::Case))?;
    let title = rules::line("title", &new.title, MAX_TITLE)?;
    let summary = rules::text_or_none("summary", &new.summary)?;
    let template = match new.template.as_str() {
        "" => None,
        code => Some(app.profile.cases().template(code).ok_or(CaseError::Field("template"))?),
    };
    if !(0..=3).contains(&new.priority) {
        return Err(CaseError::Field("priority"));
    }
    let id = match new.key.as_str() {
        "" => CaseId::from_uuid(app.uuid()),
        key => CaseId::from_uuid(report::rules::derived_id("case", &actor.label(), key).uuid()),
    };
    if let Some(known) = store::file::find(tx, id)? {
        return Ok(known);
    }
    let mut held = begun(tx, app, actor, (new, id), (&title, &summary), targets)?;
    if let Some(template) = template {
        begin_tasks(tx, app, actor, &held, template)?;
    }
    for target in targets {
        linking::add(tx, app, actor, &held, target)?;
    }
    super::registers::take_over(tx, &held.case)?;
    let origin = held.case.origin.as_ref().map(|o| o.number.clone()).unwrap_or_default();
    let facts = json!({"template": held.case.template, "closed": held.case.closed, "links": targets.len()});
    done(tx, app, actor, &mut held, Did::new("case.opened", MomentKind::Case, &origin).facts(facts))?;
    app.tell(tx, crate::OPENED, id.uuid(), json!({}))?;
    Ok(held.case)
}

/// The row, its key, the words by which it is found, and its lead.
fn begun(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (new, id): (&NewCase, CaseId),
    (title, summary): (&str, &str),
    targets: &[Target],
) -> Result<Held, CaseError> {
    let now = app.office.now();
    let stage = app.profile.cases().stages.first().map(|s| s.code.clone()).ok_or(CaseError::Stage)?;
    let mut header = app.header(actor, app.profile.default_lang(), "report");
    if let Some(unit) = access::unit_of(actor) {
        unit.clone_into(&mut header.unit_id);
    }
    // A case about what only few may see is seen by as few.
    if let Some(strict) = targets.iter().find(|t| t.header.marking.tlp == kernel::Tlp::Red) {
        header.marking = strict.header.marking.clone();
    }
    let from = targets.first();
    let case = Case {
        id,
        header,
        number: free_number(tx, app, now)?,
        origin: from.map(|t| Origin { kind: t.kind, id: t.id, number: t.number.clone() }),
        template: new.template.clone(),
        stage_due_at: stage_due(app, &stage, now),
        stage,
        stage_since: now,
        priority: new.priority,
        lead: actor.label(),
        closed: new.closed,
        state: State::Open,
        changed_at: now,
        next_due_at: NEVER,
        ended_at: None,
        merged_into: None,
        referred_to: String::new(),
    };
    let key = app.vault.new_subject(&app.entropy, id.uuid());
    app.vault.store(tx, &key)?;
    let held = Held { case, team: Vec::new(), key };
    let sealed = (held.seal(app, field::TITLE, title), held.seal(app, field::SUMMARY, summary));
    store::file::insert(tx, &held.case, (&sealed.0, &sealed.1))?;
    index(tx, app, id, title)?;
    let lead = store::member::fresh(app.uuid(), &actor.label(), "", now);
    store::member::add(tx, id, &lead, &actor.label())?;
    Ok(Held { team: vec![lead], ..held })
}

/// How often a number is drawn: of a year that is half full one draw in a million comes to nothing.
const TRIES: u8 = 20;

/// A number that no other case has.
fn free_number(tx: &mut Tx<'_>, app: &App, now: Timestamp) -> Result<String, CaseError> {
    for _ in 0..TRIES {
        let number = report::rules::draw_number(&app.entropy, "C", app.profile.civil_year(now));
        if store::file::by_number(tx, &number)?.is_none() {
            return Ok(number);
        }
    }
    Err(db::DbError::Conflict.into())
}

/// Keeps by which words a case is found.
pub(crate) fn index(tx: &mut Tx<'_>, app: &App, id: CaseId, title: &str) -> Result<(), CaseError> {
    let words: Vec<_> = hashes(app, title).into_iter().map(|w| (app.uuid(), w)).collect();
    Ok(store::file::set_words(tx, id, &words)?)
}

/// The tasks of a shape, with terms by the country's calendar.
fn begin_tasks(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    held: &Held,
    template: &CaseTemplate,
) -> Result<(), CaseError> {
    let lang = app.profile.default_lang();
    for (order, task) in (1_i64..).zip(&template.tasks) {
        let due_at = task.within.map_or(NEVER, |t| app.profile.term_end(app.office.now(), t));
        let new = Task {
            // Many at once: none of them is the one row of a form.
            place: Place { id: app.uuid(), ..held.place(app) },
            written: written(app, actor),
            // Of which shape it is, so that each reader reads it in their own language, and the words for whoever has no such shape.
            title_sealed: held.seal(
                app,
                field::TASK,
                &rules::shaped(&template.code, &task.code, task.name.get(&lang)),
            ),
            order,
            assignee: String::new(),
            due_at,
            urgent: task.urgent,
            state: TaskState::Open,
            done_at: None,
            done_by: None,
        };
        store::task::insert(tx, &new, calls(app, &new))?;
    }
    Ok(())
}

/// When whoever does a task is reminded, and whoever leads the case is told.
pub(crate) fn calls(app: &App, task: &Task) -> (Timestamp, Timestamp) {
    rules::calls(app.profile.cases(), task.state, task.due_at)
}
