//! One case, opened for whoever may see it; that is a record.

use std::collections::BTreeMap;

use access::{Action, Kind, Resource};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Money, Purpose, Role, Timestamp};
use order::Order;
use report::{Report, ReportId};
use serde_json::json;
use uuid::Uuid;

use super::keys::Keys;
use super::{field, plain, registers_due, resource, signers};
use crate::error::CaseError;
use crate::model::{
    Case, CaseArticle, CaseId, CasePerson, CaseRef, Decision, FieldValue, Link, LinkKind, Member, Moment,
    MomentKind, Move, NEVER, Note, PersonWords, Referral, Referred, Standing, State, Task, TaskState,
};
use crate::rules::filter;
use crate::rules::next::{self, Next};
use crate::{rules, store};

/// Most reports that are looked at for sums and papers.
const MOST_REPORTS: usize = 500;
/// Moments of one page.
const MOMENTS: i64 = 100;

/// What the reader may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct May {
    /// Work on it.
    pub work: bool,
    /// Lead it.
    pub lead: bool,
    /// Agree to the decision that waits.
    pub confirm: bool,
    /// Accept or return it for the own unit.
    pub receive: bool,
}

/// A report of a case, with its numbers in registers.
#[derive(Debug, Clone)]
pub struct Reported {
    /// Its link.
    pub link: Link,
    /// The report.
    pub report: Report,
    /// Register and number.
    pub numbers: Vec<(String, String)>,
    /// Registers whose clock runs.
    pub due: Vec<(String, Timestamp)>,
}

/// An order or a referral of a case: what was written to others.
#[derive(Debug, Clone)]
pub struct Correspondence {
    /// The report that an order serves.
    pub report: String,
    /// The order.
    pub order: Order,
    /// How much is held by it.
    pub held: Option<Money>,
}

/// Names behind labels.
pub type People = BTreeMap<String, String>;

/// A case with everything that the reader may see.
#[derive(Debug, Clone)]
pub struct Page {
    /// The case.
    pub case: Case,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// Who works or worked on it.
    pub team: Vec<Member>,
    /// Names behind the labels of all rows.
    pub people: People,
    /// Its reports, the latest first.
    pub reports: Vec<Reported>,
    /// Whether it has more reports than are looked at.
    pub more_reports: bool,
    /// Other things that it is about.
    pub links: Vec<Link>,
    /// What its reporters lost, by asset.
    pub lost: Vec<Money>,
    /// What is held of it, by asset.
    pub held: Vec<Money>,
    /// Its numbers in registers, with who entered them.
    pub refs: Vec<(CaseRef, String)>,
    /// Clocks of registers that hold it as a matter, and run.
    pub clocks: Vec<(String, Timestamp)>,
    /// Its offences.
    pub articles: Vec<CaseArticle>,
    /// Its persons.
    pub persons: Vec<(CasePerson, PersonWords)>,
    /// Its tasks.
    pub tasks: Vec<(Task, String)>,
    /// Its notes, as far as the reader is one of those for whom they are, and who else reads a restricted one.
    pub notes: Vec<(Note, String, Vec<String>)>,
    /// Its decisions: reasons, and why the second person did not agree.
    pub decisions: Vec<(Decision, String, String)>,
    /// Its referrals: ground and answer.
    pub referrals: Vec<(Referral, String, String)>,
    /// Merges and partings, with the number of the other case where the reader sees it, and why.
    pub moves: Vec<(Move, Option<String>, String)>,
    /// What stands in its own fields.
    pub fields: Vec<(FieldValue, String)>,
    /// Its exhibits, as far as the reader sees them.
    pub exhibits: Vec<super::Exhibited>,
    /// Orders that serve its reports.
    pub papers: Vec<Correspondence>,
    /// The case into which it was merged, where the reader sees it.
    pub merged_into: Option<String>,
    /// What to do next, and by when.
    pub next: Vec<(Next, Option<Timestamp>)>,
    /// What the reader may do.
    pub may: May,
}

/// A case of this number, if the actor may see it or is to receive it.
fn seen(tx: &mut Tx<'_>, actor: &Actor, number: &str) -> Result<(Case, Vec<Member>, Vec<String>), CaseError> {
    let number = filter::number(number).ok_or(CaseError::NotFound)?;
    let case = store::file::by_number(tx, &number)?.ok_or(CaseError::NotFound)?;
    let team = store::member::of_case(tx, case.id)?;
    let signers = signers(tx, case.id)?;
    let resource = resource(&case, &team, &signers);
    if !access::allowed(actor, Action::ReceiveCase, &resource) {
        access::require(actor, Action::ViewCase, &resource)?;
    }
    Ok((case, team, signers))
}

/// Opens a case. The read is a record.
///
/// # Errors
/// Absent or hidden.
pub async fn look(app: &App, actor: &Actor, number: &str) -> Result<Page, CaseError> {
    let (me, who, number) = (app.clone(), actor.clone(), number.to_owned());
    let mut page = app.db.read(move |tx| load(tx, &me, &who, &number)).await?;
    let (me, who, id, number) = (app.clone(), actor.clone(), page.case.id, page.case.number.clone());
    page.exhibits = app
        .db
        .write(move |tx| {
            let facts = json!({"number": number});
            let act = Act { facts, ..Act::read("case.read", "case", id.uuid(), Purpose::Investigate) };
            me.record(tx, &who, &act)?;
            // Whoever is to receive a case sees what it is, and its exhibits when it is theirs.
            match super::exhibits::of_case(tx, &me, &who, id) {
                Err(CaseError::Evidence(evidence::EvidenceError::Access(_))) => Ok(Vec::new()),
                other => other,
            }
        })
        .await?;
    Ok(page)
}

fn load(tx: &mut Tx<'_>, app: &App, actor: &Actor, number: &str) -> Result<Page, CaseError> {
    let (case, team, signers) = seen(tx, actor, number)?;
    let id = case.id;
    let (title, summary) = store::file::sealed(tx, id)?;
    let mut keys = Keys::default();
    let keys = &mut keys;
    let title = keys.plain(tx, app, (id.uuid(), field::TITLE), &title)?;
    let summary = keys.plain(tx, app, (id.uuid(), field::SUMMARY), &summary)?;
    let (reports, links, more_reports) = linked(tx, actor, id)?;
    let papers = papers(tx, actor, &reports)?;
    let tasks = tasks(tx, (app, keys), id)?;
    let persons = persons(tx, (app, keys), id)?;
    let decisions = decisions(tx, (app, keys), id)?;
    let referrals = referrals(tx, (app, keys), id)?;
    let refs = refs(tx, (app, keys), id)?;
    let articles = store::reference::articles(tx, id)?;
    let thing = resource(&case, &team, &signers);
    let may = |action| access::allowed(actor, action, &thing);
    let may = May {
        work: case.merged_into.is_none() && may(Action::WorkCase),
        lead: case.merged_into.is_none() && may(Action::LeadCase),
        confirm: !signers.is_empty() && may(Action::ConfirmCase),
        receive: may(Action::ReceiveCase),
    };
    let mut page = Page {
        lost: sums(reports.iter().map(|r| r.report.loss)),
        held: sums(papers.iter().filter_map(|p| p.held)),
        notes: notes(tx, (app, keys), (id, &actor.label()))?,
        moves: moves(tx, (app, keys), actor, id)?,
        fields: fields(tx, (app, keys), id)?,
        merged_into: match case.merged_into {
            Some(into) => number_of(tx, actor, into)?,
            None => None,
        },
        people: People::new(),
        clocks: store::register::of_case(tx, id)?.into_iter().map(|c| (c.system, c.due_at)).collect(),
        exhibits: Vec::new(),
        next: Vec::new(),
        case,
        title,
        summary,
        team,
        reports,
        more_reports,
        links,
        refs,
        articles,
        persons,
        tasks,
        decisions,
        referrals,
        papers,
        may,
    };
    page.next = next::next(&standing(app, &page), app.office.now());
    page.people = names(tx, app, &page)?;
    Ok(page)
}

/// The number of another case, if the reader may see it.
fn number_of(tx: &mut Tx<'_>, actor: &Actor, id: CaseId) -> Result<Option<String>, CaseError> {
    let Some(case) = store::file::find(tx, id)? else { return Ok(None) };
    let team = store::member::of_case(tx, id)?;
    Ok(access::allowed(actor, Action::ViewCase, &resource(&case, &team, &[])).then_some(case.number))
}

/// Reports of a case that the reader may see, with their numbers, and its other links.
fn linked(tx: &mut Tx<'_>, actor: &Actor, id: CaseId) -> Result<(Vec<Reported>, Vec<Link>, bool), CaseError> {
    let (mut wanted, mut links) = (Vec::new(), Vec::new());
    for link in store::link::of_case(tx, id)?.into_iter().rev() {
        match link.kind {
            LinkKind::Report => wanted.push(link),
            LinkKind::Case => {
                if number_of(tx, actor, CaseId::from_uuid(link.target))?.is_some() {
                    links.push(link);
                }
            }
            LinkKind::Scheme | LinkKind::Person => links.push(link),
        }
    }
    let mut reports: Vec<Reported> = Vec::new();
    while reports.len() < MOST_REPORTS && !wanted.is_empty() {
        let room = MOST_REPORTS.saturating_sub(reports.len()).min(wanted.len());
        let some = wanted.drain(..room).collect();
        reports.extend(reported(tx, actor, some)?);
    }
    Ok((reports, links, !wanted.is_empty()))
}

/// The reports of these links that the reader may see, with their numbers in registers. All of them by few statements: a case may have
/// hundreds.
fn reported(tx: &mut Tx<'_>, actor: &Actor, links: Vec<Link>) -> Result<Vec<Reported>, CaseError> {
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let ids = || links.iter().map(|l| l.target);
    let found = report::store::find_many(tx, ids())?.into_iter();
    let mut found: BTreeMap<Uuid, Report> = found.map(|r| (r.id.uuid(), r)).collect();
    let (mut numbers, mut due): (BTreeMap<Uuid, Vec<_>>, BTreeMap<Uuid, Vec<_>>) = Default::default();
    for n in registration::store::reference::of_subjects(tx, "report", ids())? {
        if n.wrong_at.is_none() {
            numbers.entry(n.subject).or_default().push((n.system, n.number));
        }
    }
    for r in registration::store::of_subjects(tx, "report", ids())? {
        if r.state.is_open() {
            due.entry(r.subject).or_default().push((r.system, r.due_at));
        }
    }
    let mut all = Vec::with_capacity(links.len());
    for link in links {
        let Some(report) = found.remove(&link.target) else { continue };
        let thing = Resource::new(Kind::Report, report.id.uuid(), &report.header);
        if access::allowed(actor, Action::ViewReport, &thing) {
            let numbers = numbers.remove(&link.target).unwrap_or_default();
            let due = due.remove(&link.target).unwrap_or_default();
            all.push(Reported { link, report, numbers, due });
        }
    }
    Ok(all)
}

/// Orders that serve these reports, as far as the reader may see them, the latest first.
fn papers(tx: &mut Tx<'_>, actor: &Actor, reports: &[Reported]) -> Result<Vec<Correspondence>, CaseError> {
    let mut all = Vec::new();
    let ids: Vec<ReportId> = reports.iter().map(|r| r.report.id).collect();
    if ids.is_empty() {
        return Ok(all);
    }
    let numbers: BTreeMap<ReportId, &str> =
        reports.iter().map(|r| (r.report.id, r.report.number.as_str())).collect();
    let (orders, objects) = order::service::of_reports_in(tx, &ids)?;
    let mut held: BTreeMap<order::OrderId, Vec<Money>> = BTreeMap::new();
    for object in objects.into_iter().filter(|o| o.held.is_positive()) {
        held.entry(object.order).or_default().push(object.held);
    }
    for order in orders {
        let thing = Resource::new(Kind::Order, order.id.uuid(), &order.header);
        if !access::allowed(actor, Action::ViewOrder, &thing) {
            continue;
        }
        let held = sums(held.remove(&order.id).unwrap_or_default().into_iter()).into_iter().next();
        let report = numbers.get(&order.report).copied().unwrap_or_default().to_owned();
        all.push(Correspondence { report, order, held });
    }
    all.sort_by_key(|c| std::cmp::Reverse(c.order.requested_at));
    Ok(all)
}

/// Sums by asset; what would not add up is left apart.
fn sums(all: impl Iterator<Item = Money>) -> Vec<Money> {
    let mut by_asset: Vec<Money> = Vec::new();
    for money in all.filter(|m| m.is_positive()) {
        match by_asset.iter_mut().find(|s| s.asset() == money.asset()) {
            Some(sum) => *sum = sum.checked_add(money).unwrap_or(*sum),
            None => by_asset.push(money),
        }
    }
    by_asset
}

fn tasks(
    tx: &mut Tx<'_>,
    (app, keys): (&App, &mut Keys),
    id: CaseId,
) -> Result<Vec<(Task, String)>, CaseError> {
    let mut all = Vec::new();
    for task in store::task::of_case(tx, id)? {
        let title = keys.plain(tx, app, (task.place.sealed_for, field::TASK), &task.title_sealed)?;
        all.push((task, title));
    }
    // What is open comes first, and of that what falls due first.
    all.sort_by_key(|(t, _)| (t.state != TaskState::Open, t.due_at, t.order));
    Ok(all)
}

fn persons(
    tx: &mut Tx<'_>,
    (app, keys): (&App, &mut Keys),
    id: CaseId,
) -> Result<Vec<(CasePerson, PersonWords)>, CaseError> {
    let mut all = Vec::new();
    for person in store::person::of_case(tx, id)? {
        let words = keys.plain(tx, app, (person.place.sealed_for, field::PERSON), &person.words_sealed)?;
        all.push((person, serde_json::from_str(&words).unwrap_or_default()));
    }
    Ok(all)
}

fn notes(
    tx: &mut Tx<'_>,
    (app, keys): (&App, &mut Keys),
    (id, label): (CaseId, &str),
) -> Result<Vec<(Note, String, Vec<String>)>, CaseError> {
    let notes = store::note::of_case(tx, id, label)?;
    let restricted = notes.iter().filter(|n| n.restricted).map(|n| n.place.id);
    let mut readers = store::note::readers(tx, restricted)?;
    let mut all = Vec::new();
    for note in notes {
        let text = keys.plain(tx, app, (note.place.sealed_for, field::NOTE), &note.text_sealed)?;
        let readers = readers.remove(&note.place.id).unwrap_or_default();
        all.push((note, text, readers));
    }
    Ok(all)
}

fn decisions(
    tx: &mut Tx<'_>,
    (app, keys): (&App, &mut Keys),
    id: CaseId,
) -> Result<Vec<(Decision, String, String)>, CaseError> {
    let mut all = Vec::new();
    for d in store::decision::of_case(tx, id)? {
        let reasons = keys.plain(tx, app, (d.place.sealed_for, field::REASONS), &d.reasons_sealed)?;
        let second = d.second_sealed.as_deref().unwrap_or_default();
        let second = keys.plain(tx, app, (d.place.sealed_for, field::SECOND), second)?;
        all.push((d, reasons, second));
    }
    Ok(all)
}

fn referrals(
    tx: &mut Tx<'_>,
    (app, keys): (&App, &mut Keys),
    id: CaseId,
) -> Result<Vec<(Referral, String, String)>, CaseError> {
    let mut all = Vec::new();
    for r in store::referral::of_case(tx, id)? {
        let ground = keys.plain(tx, app, (r.place.sealed_for, field::GROUND), &r.ground_sealed)?;
        let answer = r.answer_sealed.as_deref().unwrap_or_default();
        let answer = keys.plain(tx, app, (r.place.sealed_for, field::ANSWER), answer)?;
        all.push((r, ground, answer));
    }
    Ok(all)
}

fn refs(
    tx: &mut Tx<'_>,
    (app, keys): (&App, &mut Keys),
    id: CaseId,
) -> Result<Vec<(CaseRef, String)>, CaseError> {
    let mut all = Vec::new();
    for r in store::reference::of_case(tx, id)? {
        let registrar = keys.plain(tx, app, (r.place.sealed_for, field::REGISTRAR), &r.registrar_sealed)?;
        all.push((r, registrar));
    }
    Ok(all)
}

fn fields(
    tx: &mut Tx<'_>,
    (app, keys): (&App, &mut Keys),
    id: CaseId,
) -> Result<Vec<(FieldValue, String)>, CaseError> {
    let mut all = Vec::new();
    for f in store::reference::fields(tx, id)? {
        let value = keys.plain(tx, app, (f.place.sealed_for, field::VALUE), &f.value_sealed)?;
        all.push((f, value));
    }
    Ok(all)
}

fn moves(
    tx: &mut Tx<'_>,
    (app, keys): (&App, &mut Keys),
    actor: &Actor,
    id: CaseId,
) -> Result<Vec<(Move, Option<String>, String)>, CaseError> {
    let mut all = Vec::new();
    for step in store::moving::of_case(tx, id)? {
        let other = if step.from == id { step.into } else { step.from };
        let number = number_of(tx, actor, other)?;
        // Why is told to whoever sees the case in which it was written.
        let told = step.from == id || number.is_some();
        let reason = match told {
            true => keys.plain(tx, app, (step.from.uuid(), field::REASON), &step.reason_sealed)?,
            false => String::new(),
        };
        all.push((step, number, reason));
    }
    Ok(all)
}

fn standing(app: &App, page: &Page) -> next::Standing {
    let untold = page.persons.iter().filter(|(p, _)| {
        let rights = app.profile.cases().role(&p.duty).is_some_and(|r| r.rights.is_some());
        p.until.is_none() && p.rights_at.is_none() && rights
    });
    let refs: Vec<CaseRef> = page.refs.iter().map(|(r, _)| r.clone()).collect();
    let sent = page.referrals.iter().find(|(r, ..)| r.state == Referred::Sent).map(|(r, ..)| r.due_at);
    let waits = page.decisions.iter().find(|(d, ..)| d.standing == Standing::Proposed);
    next::Standing {
        receive: sent.filter(|_| page.may.receive),
        confirm: waits.filter(|_| page.may.confirm).map(|(d, ..)| (d.place.id, d.written.at)),
        tasks: page
            .tasks
            .iter()
            .filter(|(t, _)| t.state == TaskState::Open)
            .map(|(t, _)| (t.place.id, t.due_at, t.urgent))
            .collect(),
        registers: registers_due(&refs).into_iter().chain(page.clocks.iter().cloned()).collect(),
        referral: sent.filter(|_| !page.may.receive),
        stage: Some(page.case.stage_due_at).filter(|at| *at != NEVER),
        led: !page.case.lead.is_empty(),
        article: !page.articles.is_empty(),
        untold: untold.count(),
        open: page.case.state == State::Open,
    }
}

/// The names behind all labels of a page.
fn names(tx: &mut Tx<'_>, app: &App, page: &Page) -> Result<People, CaseError> {
    let mut labels: Vec<String> = vec![page.case.lead.clone(), page.case.header.author.clone()];
    labels.extend(page.team.iter().map(|m| m.label.clone()));
    labels
        .extend(page.tasks.iter().flat_map(|(t, _)| [Some(t.assignee.clone()), t.done_by.clone()]).flatten());
    labels.extend(
        page.notes
            .iter()
            .flat_map(|(n, _, readers)| std::iter::once(n.written.by.clone()).chain(readers.iter().cloned())),
    );
    labels.extend(
        page.decisions.iter().flat_map(|(d, ..)| [Some(d.written.by.clone()), d.second_by.clone()]).flatten(),
    );
    labels.extend(
        page.referrals
            .iter()
            .flat_map(|(r, ..)| [Some(r.written.by.clone()), r.answered_by.clone()])
            .flatten(),
    );
    labels.extend(page.moves.iter().map(|(m, ..)| m.written.by.clone()));
    labels.extend(page.refs.iter().map(|(r, _)| r.written.by.clone()));
    labels.extend(page.persons.iter().map(|(p, _)| p.written.by.clone()));
    labels.extend(page.reports.iter().map(|r| r.link.written.by.clone()));
    Ok(access::names_of(tx, &app.vault, labels)?)
}

/// A page of a time line: moments with what was written by hand, names, and where the next page begins.
#[derive(Debug, Clone)]
pub struct TimeLine {
    /// The case.
    pub case: Case,
    /// Moments, the newest first, with words of whoever added them by hand.
    pub moments: Vec<(Moment, String)>,
    /// Names behind labels.
    pub people: People,
    /// Where earlier ones begin; `None` at the end.
    pub earlier: Option<(Timestamp, Uuid)>,
}

/// A page of the time line.
///
/// # Errors
/// Absent or hidden.
pub async fn time_line(
    app: &App,
    actor: &Actor,
    number: &str,
    (kind, before): (Option<MomentKind>, Option<(Timestamp, Uuid)>),
) -> Result<TimeLine, CaseError> {
    let office = access::scope(actor, Kind::Report).and_then(access::Scope::office)?;
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .read(move |tx| {
            let (case, ..) = seen(tx, &actor, &number)?;
            let place = before.unwrap_or((NEVER, Uuid::max()));
            let most = MOMENTS.saturating_add(1);
            let mut found = store::moment::page(tx, (&office, case.id), place, (kind, most))?;
            let full = i64::try_from(found.len()).is_ok_and(|n| n > MOMENTS);
            if full {
                found.pop();
            }
            let earlier = found.last().filter(|_| full).map(|m| (m.at, m.id));
            // Whom an act of the team is about stands there as whoever does an act.
            let labels = found.iter().flat_map(|m| [m.actor.clone(), m.about.clone()]);
            let people = access::names_of(tx, &me.vault, labels.filter(|l| l.contains(':')))?;
            let mut moments = Vec::with_capacity(found.len());
            for moment in found {
                let words = match &moment.words_sealed {
                    Some(sealed) => plain(tx, &me, (moment.home.uuid(), field::HAND), sealed)?,
                    None if moment.kind == MomentKind::Task => task_of(tx, &me, &moment)?,
                    None => String::new(),
                };
                moments.push((moment, words));
            }
            Ok(TimeLine { case, moments, people, earlier })
        })
        .await
}

/// The title of the task that a moment is about; empty where the moment does not say which.
fn task_of(tx: &mut Tx<'_>, app: &App, moment: &Moment) -> Result<String, CaseError> {
    let Ok(id) = moment.about.parse::<Uuid>() else { return Ok(String::new()) };
    match store::task::find(tx, id)? {
        Some(task) => plain(tx, app, (task.place.sealed_for, field::TASK), &task.title_sealed),
        None => Ok(String::new()),
    }
}

/// The whole time line as far as it is no longer than `most` moments, the newest first.
///
/// # Errors
/// Absent or hidden.
pub async fn whole_time_line(
    app: &App,
    actor: &Actor,
    number: &str,
    most: usize,
) -> Result<TimeLine, CaseError> {
    let mut whole = time_line(app, actor, number, (None, None)).await?;
    while let Some(before) = whole.earlier.filter(|_| whole.moments.len() < most) {
        let next = time_line(app, actor, number, (None, Some(before))).await?;
        whole.moments.extend(next.moments);
        whole.people.extend(next.people);
        whole.earlier = next.earlier;
    }
    Ok(whole)
}

/// Who may work on cases: duty officers of the organisation, by login; label, name and unit.
///
/// # Errors
/// The database's, the vault's.
pub async fn people(app: &App) -> Result<Vec<(String, String, String)>, CaseError> {
    let me = app.clone();
    app.db
        .read(move |tx| {
            let all = access::colleagues(tx, &me.vault, &me.node.code)?;
            let officers = all.into_iter().filter(|c| c.office.roles.contains(&Role::DutyOfficer));
            Ok(officers
                .map(|c| (format!("staff:{}", c.account), c.name.into_inner(Purpose::Operate), c.unit))
                .collect())
        })
        .await
}

/// The stages to which a case may pass without a decision.
#[must_use]
pub fn leading(app: &App, case: &Case) -> Vec<String> {
    rules::steps(app.profile.cases(), &case.stage)
}
