//! From what report and orders know to the trail, and from an answer to the next order.

use std::collections::BTreeMap;

use app::App;
use audit::Act;
use db::{DbError, Tx, outbox};
use kernel::{Actor, Asset, Class, Coded, Money, Personal, Timestamp};
use order::answer::Code;
use order::details::{DataClass, Details};
use order::model::{Direction, NewObject, NewOrder, Trigger};
use order::{ObjectId, OrderError, OrderId, Status};
use profile::{Measure, Scope};
use report::{PaymentId, ReportError, ReportId};
use serde_json::json;

use crate::gather::{Lead, account_key, gather, organisations, payment_fact, payment_key};
use crate::model::{Trail, TrailFact};
use crate::rules::signs::Sign;
use crate::rules::{self, Compared};
use crate::told::ToldLead;

pub use crate::reached::reached;

/// What can go wrong with a trail.
#[derive(Debug, thiserror::Error)]
pub enum TrailError {
    /// The report slice's.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// The order slice's.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// Rows of an exhibit cannot be read.
    #[error(transparent)]
    Import(#[from] import::ImportError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for TrailError {
    fn class(&self) -> Class {
        match self {
            Self::Report(e) => e.class(),
            Self::Order(e) => e.class(),
            Self::Import(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Report(e) => e.code(),
            Self::Order(e) => e.code(),
            Self::Import(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// The part of the platform that opens hops.
fn part() -> Actor {
    Actor::system("orders")
}

/// A trail and what is worth a second look on it.
#[derive(Debug, Clone)]
pub struct Path {
    /// The trail, as orders go by it.
    pub trail: Trail,
    /// Signs.
    pub signs: Vec<Sign>,
    /// The methods of telling money apart side by side.
    pub beside: Compared,
    /// Exhibits whose rows tell of movements on it: their numbers, and of how many.
    pub exhibits: Vec<(String, usize)>,
}

impl Path {
    /// Beside the workers that answer requests: a path of tens of thousands of movements takes its time.
    async fn of(
        app: &App,
        asset: Asset,
        (facts, exhibits): (Vec<TrailFact>, Vec<(String, usize)>),
    ) -> Result<Self, TrailError> {
        let profile = app.profile.clone();
        let work = move || {
            let trail = rules::build(asset, &facts);
            let signs = rules::signs::signs(&trail, &facts, profile.trail());
            let beside = rules::side_by_side(asset, &facts, &trail);
            Self { trail, signs, beside, exhibits }
        };
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|e| TrailError::Db(DbError::Bug(format!("a trail was not built: {e}"))))
    }
}

/// The trail of a report for somebody who may see it.
///
/// # Errors
/// Absent, hidden or erased.
pub async fn of_report(app: &App, actor: &Actor, report: ReportId) -> Result<Trail, TrailError> {
    let (asset, (facts, _)) = facts_of(app, actor, report).await?;
    Ok(rules::build(asset, &facts))
}

/// The trail of a report with what is worth a second look on it, for somebody who may see it.
///
/// # Errors
/// Absent, hidden or erased.
pub async fn path_of(app: &App, actor: &Actor, report: ReportId) -> Result<Path, TrailError> {
    let (asset, facts) = facts_of(app, actor, report).await?;
    Path::of(app, asset, facts).await
}

/// What is known of the money of one report.
async fn facts_of(app: &App, actor: &Actor, report: ReportId) -> Result<(Asset, Facts), TrailError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .read(move |tx| {
            let full = report::service::load(tx, &me, &actor, report)?;
            Ok((full.report.loss.asset(), facts_in(tx, &me, &actor, &full)?))
        })
        .await
}

/// What is known of the money of one report, with the organisations among the accounts.
fn facts_in(
    tx: &mut Tx<'_>,
    app: &App,
    viewer: &Actor,
    full: &report::service::Full,
) -> Result<Facts, TrailError> {
    let known = gather(tx, app, viewer, full)?;
    let mut facts = known.facts;
    facts.extend(organisations(tx, app, &full.payments, (&known.leads, &known.told.leads))?);
    let mut exhibits = Vec::new();
    for (id, n) in known.told.exhibits {
        // Only of those that the viewer may see anything was told.
        if let Ok(exhibit) = evidence::service::of_id(tx, viewer, access::Action::ViewExhibit, id) {
            exhibits.push((exhibit.number, n));
        }
    }
    Ok((facts, exhibits))
}

/// Facts, and the exhibits that tell some of them: their numbers, and of how many movements.
type Facts = (Vec<TrailFact>, Vec<(String, usize)>);

/// Movements of a statement that are not on the path, because their date cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undated {
    /// Number of the exhibit.
    pub exhibit: String,
    /// The import.
    pub import: import::ImportId,
    /// How many.
    pub count: i64,
    /// Number and line of the first.
    pub first: Vec<(i64, i64)>,
}

/// Movements that are kept and are not on the path of a report, exhibit by exhibit, as far as the reader is let in.
///
/// # Errors
/// The database's.
pub async fn undated(app: &App, actor: &Actor, report: ReportId) -> Result<Vec<Undated>, TrailError> {
    let who = actor.clone();
    app.db
        .read(move |tx| {
            let mut all = Vec::new();
            for import in import::service::of_report(tx, &who, report.uuid())? {
                let (count, first) = import::service::undated(tx, import.id)?;
                let exhibit = evidence::store::exhibit::find(tx, import.exhibit)?;
                if let Some((exhibit, _)) = exhibit.filter(|_| count > 0) {
                    all.push(Undated { exhibit: exhibit.number, import: import.id, count, first });
                }
            }
            Ok(all)
        })
        .await
}

/// The money of several reports as one trail.
#[derive(Debug, Clone)]
pub struct Joint {
    /// The path; its asset is the one of most of the reports.
    pub path: Path,
    /// Reports that were opened.
    pub opened: Vec<ReportId>,
    /// Reports whose money is on it.
    pub reports: usize,
    /// Reports that are not, because another asset was paid in them, they tell of no payment, or there is too much.
    pub left_out: usize,
}

/// The money of several reports as one trail, of those that the actor may see. Each is read by itself, so that a scheme of
/// a thousand reports holds up nobody.
///
/// # Errors
/// The database's.
pub async fn of_reports(app: &App, actor: &Actor, reports: &[ReportId]) -> Result<Joint, TrailError> {
    let mut of_asset: BTreeMap<Asset, (usize, Vec<TrailFact>)> = BTreeMap::new();
    let mut exhibits: BTreeMap<String, usize> = BTreeMap::new();
    let mut opened = Vec::new();
    for report in reports {
        let (me, actor, report) = (app.clone(), actor.clone(), *report);
        let read = app.db.read(move |tx| {
            let full = match report::service::load(tx, &me, &actor, report) {
                Ok(full) => full,
                Err(ReportError::Erased | ReportError::NotFound | ReportError::Access(_)) => return Ok(None),
                Err(e) => return Err(e.into()),
            };
            let resource = access::Resource::new(access::Kind::Report, report.uuid(), &full.report.header);
            if !access::allowed(&actor, access::Action::ViewTrail, &resource) {
                return Ok(None);
            }
            Ok::<_, TrailError>(Some((full.report.loss.asset(), facts_in(tx, &me, &actor, &full)?)))
        });
        let Some((asset, (facts, told))) = read.await? else { continue };
        opened.push(report);
        for (number, n) in told {
            let most = exhibits.entry(number).or_default();
            *most = (*most).max(n);
        }
        let (count, known) = of_asset.entry(asset).or_default();
        if facts.is_empty() || known.len().saturating_add(facts.len()) > rules::MAX_FACTS {
            continue;
        }
        *count = count.saturating_add(1);
        known.extend(facts);
    }
    let most = of_asset.into_iter().max_by_key(|(_, (count, _))| *count);
    let (asset, (count, facts)) = most.unwrap_or_else(|| (app.profile.currency(), (0, Vec::new())));
    let path = Path::of(app, asset, (facts, exhibits.into_iter().collect())).await?;
    let left_out = opened.len().saturating_sub(count);
    Ok(Joint { path, opened, reports: count, left_out })
}

/// A partner answered: whatever left its account is followed, within the limits of the basis.
///
/// # Errors
/// The database's.
pub fn on_answered(tx: &mut Tx<'_>, app: &App, event: &outbox::Event) -> Result<(), TrailError> {
    let text = event.body.get("report").and_then(serde_json::Value::as_str).unwrap_or_default();
    let Ok(report) = text.parse::<ReportId>() else { return Ok(()) };
    go_on(tx, app, report)
}

/// A payment was completed: whoever is known only now may have to be asked, where the other side found nothing.
///
/// # Errors
/// The database's.
pub fn on_completed(tx: &mut Tx<'_>, app: &App, event: &outbox::Event) -> Result<(), TrailError> {
    go_on(tx, app, ReportId::from_uuid(event.subject))
}

/// Rows of an exhibit were brought in or taken back: whoever is known only now is proposed to be asked.
///
/// # Errors
/// The database's.
pub fn on_import(tx: &mut Tx<'_>, app: &App, event: &outbox::Event) -> Result<(), TrailError> {
    let text = event.body.get("import").and_then(serde_json::Value::as_str).unwrap_or_default();
    let Ok(id) = text.parse::<import::ImportId>() else { return Ok(()) };
    for report in import::service::reports_of(tx, id)? {
        open_hops(tx, app, ReportId::from_uuid(report))?;
    }
    Ok(())
}

/// Opens whatever is to be opened by now, if there can be anything.
fn go_on(tx: &mut Tx<'_>, app: &App, report: ReportId) -> Result<(), TrailError> {
    if may_lead_on(tx, report)? { open_hops(tx, app, report) } else { Ok(()) }
}

fn open_hops(tx: &mut Tx<'_>, app: &App, report: ReportId) -> Result<(), TrailError> {
    let full = match report::service::load(tx, app, &part(), report) {
        Ok(full) if full.report.withdrawn_at.is_none() => full,
        Ok(_) | Err(ReportError::Erased | ReportError::NotFound) => return Ok(()),
        Err(e) => return Err(e.into()),
    };
    let known = gather(tx, app, &part(), &full)?;
    let trail = rules::build(full.report.loss.asset(), &known.facts);
    let number = full.report.number.as_str();
    for lead in worth_following(&known.leads) {
        follow(tx, app, number, (&trail, known.began), lead)?;
    }
    for lead in worth_asking(&known.told.leads) {
        propose(tx, app, &full, &trail, lead)?;
    }
    for (payment, object, asked) in &known.not_found {
        let other = if *asked == Direction::In { Direction::Out } else { Direction::In };
        if !known.asked.contains(&(*payment, other)) {
            ask_other_bank(tx, app, &full, &trail, (*payment, *object, other))?;
        }
    }
    // What waits for a person must not ask for money that meanwhile turned up elsewhere.
    for waiting in &known.waiting {
        let most = trail.unaccounted(&waiting.account, &waiting.because);
        order::service::lower_draft_in(tx, app, waiting.order, most)?;
    }
    Ok(())
}

/// Whether there is anything to go on from: money that left, what an institution does not find, or a hold that waits
/// for a person and may ask for too much by now. Most answers tell of none of these, and to look at them in full
/// opens everything that is sealed of the report.
fn may_lead_on(tx: &mut Tx<'_>, report: ReportId) -> Result<bool, TrailError> {
    let codes = order::service::codes_of_report_in(tx, report)?;
    if codes.into_iter().any(|code| code.is_outflow() || code.is_not_found()) {
        return Ok(true);
    }
    let orders = order::service::of_report_in(tx, report)?;
    Ok(orders.iter().any(|o| o.measure == Measure::Hold && o.status == Status::Drafted))
}

/// Leads of one account that are followed, the largest sums first: what scatters further is for a person, who
/// sees it in the trail, and no list of a thousand lines may become a thousand orders.
const MOST_LEADS: usize = 50;

fn worth_following(leads: &[Lead]) -> Vec<&Lead> {
    let mut sorted: Vec<&Lead> = leads.iter().collect();
    let sum = |lead: &Lead| lead.fact.amount.map_or(0, Money::minor);
    sorted.sort_by_key(|lead| (lead.from.id, std::cmp::Reverse(sum(lead)), lead.line.clone()));
    let mut of: Option<(ObjectId, usize)> = None;
    sorted.retain(|lead| {
        let taken = of.filter(|(id, _)| *id == lead.from.id).map_or(0, |(_, taken)| taken);
        of = Some((lead.from.id, taken + 1));
        taken < MOST_LEADS
    });
    sorted
}

/// Holds that the movements of statements may propose at once for one report: an account with sixty thousand movements is for a person,
/// who sees it on the path.
const MOST_PROPOSED: usize = 10;

/// Movements that statements tell of, the largest first.
fn worth_asking(leads: &[ToldLead]) -> Vec<&ToldLead> {
    let mut sorted: Vec<&ToldLead> = leads.iter().collect();
    sorted.sort_by_key(|lead| (std::cmp::Reverse(lead.amount.minor()), lead.line.clone()));
    sorted.truncate(MOST_PROPOSED);
    sorted
}

/// Drafts a hold where a statement says that disputed money went. It always waits for a person: a statement is a paper that somebody
/// brought, and no answer that an institution has signed.
fn propose(
    tx: &mut Tx<'_>,
    app: &App,
    full: &report::service::Full,
    trail: &Trail,
    lead: &ToldLead,
) -> Result<(), TrailError> {
    let because = trail.cause(&lead.line);
    let cap = trail.unaccounted(&lead.to, because);
    if !cap.is_positive() || !trail.moved_disputed(&lead.line) {
        return Ok(());
    }
    let partners = partner::store::all(tx)?;
    let asked = partners.iter().find(|p| p.active && p.code == lead.institution);
    if !asked.is_some_and(partner::Partner::takes_orders) {
        // Whoever reads the path sees that it goes on there.
        return Ok(());
    }
    let Some(id) = proposal(tx, because)? else { return Ok(()) };
    let (kind, value) = &lead.account;
    let new = NewOrder {
        id,
        measure: Measure::Hold,
        scope: Scope::AmountOnly,
        reason: None,
        report: full.report.id,
        report_number: full.report.number.clone(),
        hop: lead.hop.saturating_add(1),
        executor: lead.institution.clone(),
        objects: vec![NewObject {
            payment: None,
            parent: None,
            kind: kind.clone(),
            masked: report::rules::mask(kind, value),
            value: Personal::new(value.clone()),
            cap,
            trigger: Some(Trigger {
                amount_minor: lead.amount.minor(),
                asset: cap.asset(),
                at: lead.at,
                reference: lead.reference.clone(),
                from_institution: None,
                from_account: None,
                from_client: None,
                direction: Direction::In,
                because: because.to_owned(),
            }),
            details: None,
        }],
        hold_back: Some("from_exhibit".to_owned()),
    };
    match order::service::draft_in(tx, app, &part(), new) {
        Ok(_) => Ok(()),
        Err(e) if e.is_no_way() => Ok(()),
        Err(e) => Err(e.into()),
    }
}

/// How often the same statement may be taken back and brought in again.
const AGAIN: u32 = 16;

/// The id of the draft for a movement: the first, or the next one where the platform itself has taken the one before back, with the
/// statement. What a person has cancelled is not proposed again.
fn proposal(tx: &mut Tx<'_>, because: &str) -> Result<Option<OrderId>, TrailError> {
    for n in 0..AGAIN {
        let fact = if n == 0 { because.to_owned() } else { format!("{because}|{n}") };
        let id = order::rules::order_id("hop", &fact);
        let Some(found) = order::store::find(tx, id)? else { return Ok(Some(id)) };
        if found.status != Status::Cancelled {
            return Ok(None);
        }
        let records = audit::records_for(tx, id.uuid())?;
        let cancelled = records.iter().rev().find(|r| r.record.act == "order.cancelled");
        if cancelled.is_none_or(|r| !r.record.actor.starts_with("system:")) {
            return Ok(None);
        }
    }
    Ok(None)
}

/// The institution of one side has no such account, transaction or client: the payer's own knows where the money
/// went, the receiver's what came in. Each is asked once.
fn ask_other_bank(
    tx: &mut Tx<'_>,
    app: &App,
    full: &report::service::Full,
    trail: &Trail,
    (id, parent, side): (PaymentId, ObjectId, Direction),
) -> Result<(), TrailError> {
    let Some(payment) = full.payments.iter().find(|p| p.id == id) else { return Ok(()) };
    let Some(to) = payment_fact(app, payment).to else { return Ok(()) };
    let cap = trail.unaccounted(&to.key, &payment_key(id));
    if cap.is_positive() {
        order::service::ask_other_bank_in(tx, app, full, payment, side, (parent, cap))?;
    }
    Ok(())
}

/// Opens the next hop behind one line, if disputed money went there and no order asks for it yet.
fn follow(
    tx: &mut Tx<'_>,
    app: &App,
    number: &str,
    (trail, began): (&Trail, Option<Timestamp>),
    lead: &Lead,
) -> Result<(), TrailError> {
    if lead.fact.code == Code::M22 {
        // Whoever took out only what was theirs is nobody's business.
        return if trail.moved_disputed(&lead.line) { cash(tx, app, number, lead) } else { Ok(()) };
    }
    let (Some(account), Some(institution)) = (&lead.fact.account, institution(lead)) else { return Ok(()) };
    let because = trail.cause(&lead.line);
    let cap = trail.unaccounted(&account_key(app, &account.kind, &account.value), because);
    if !cap.is_positive() {
        return Ok(());
    }
    let partners = partner::store::all(tx)?;
    let asked = partners.iter().find(|p| p.active && p.code == institution);
    if !asked.is_some_and(partner::Partner::takes_orders) {
        let why = if asked.is_some() { "order.in_test" } else { "trail.no_addressee" };
        return note(tx, app, lead, why, &institution);
    }
    let hold_back = limits(app, trail, began, lead).map(str::to_owned);
    let new = NewOrder {
        // Of the movement, however often and by whomever it is told.
        id: order::rules::order_id("hop", because),
        measure: Measure::Hold,
        scope: Scope::AmountOnly,
        reason: None,
        report: lead.from.report,
        report_number: number.to_owned(),
        hop: lead.order.hop.saturating_add(1),
        executor: institution,
        objects: vec![NewObject {
            payment: None,
            parent: Some(lead.from.id),
            kind: account.kind.clone(),
            masked: report::rules::mask(&account.kind, &account.value),
            value: Personal::new(account.value.clone()),
            cap,
            trigger: Some(trigger(lead, because, cap, Direction::In)),
            details: None,
        }],
        hold_back,
    };
    draft(tx, app, lead, new)
}

fn draft(tx: &mut Tx<'_>, app: &App, lead: &Lead, new: NewOrder) -> Result<(), TrailError> {
    let executor = new.executor.clone();
    match order::service::draft_in(tx, app, &part(), new) {
        Ok(_) => Ok(()),
        Err(e) if e.is_no_way() => note(tx, app, lead, e.code(), &executor),
        Err(e) => Err(e.into()),
    }
}

/// How much earlier than the money came it may be said to have left (seconds): people tell times by heart, and clocks differ.
const CLOCKS_DIFFER_SECS: i64 = 86_400;

/// What keeps a hop from opening by itself; a person then decides. The window runs from the first disputed
/// payment: after days a chain is no chase any more, and other people's money is in it.
fn limits(app: &App, trail: &Trail, began: Option<Timestamp>, lead: &Lead) -> Option<&'static str> {
    let now = app.office.now();
    let Some(limits) = app.profile.limits(now) else { return Some("no_limits") };
    let window = i64::from(limits.hop_window_hours).saturating_mul(3_600_000_000);
    let hub = usize::try_from(limits.hub_counterparties).unwrap_or(usize::MAX);
    if lead.order.hop.saturating_add(1) > i64::from(limits.max_hops) {
        Some("hop_limit")
    } else if lead.fact.at.plus_secs(CLOCKS_DIFFER_SECS) < lead.since {
        Some("before_money")
    } else if now.micros_since(began.unwrap_or(lead.fact.at)) > window {
        Some("too_old")
    } else if out_degree(trail, lead) > hub {
        Some("hub")
    } else {
        None
    }
}

/// To how many accounts money went from the one that the line is about.
fn out_degree(trail: &Trail, lead: &Lead) -> usize {
    let because = trail.cause(&lead.line);
    let Some(edge) = trail.edges.iter().find(|e| e.key == because) else { return 0 };
    trail.edges.iter().filter(|e| e.from == edge.from).count()
}

fn institution(lead: &Lead) -> Option<String> {
    let stays = lead.fact.code == Code::M20;
    let named = lead.fact.institution.clone().filter(|i| !i.is_empty());
    named.or_else(|| stays.then(|| lead.order.executor.clone()))
}

fn trigger(lead: &Lead, because: &str, cap: Money, direction: Direction) -> Trigger {
    Trigger {
        amount_minor: lead.fact.amount.unwrap_or(cap).minor(),
        asset: cap.asset(),
        at: lead.fact.at,
        reference: lead.fact.reference.clone(),
        from_institution: Some(lead.order.executor.clone()),
        from_account: None,
        from_client: None,
        direction,
        because: because.to_owned(),
    }
}

/// Cash: nothing can be held any more, but a camera saw who took it. A request to keep its pictures is
/// drafted for a person to send.
fn cash(tx: &mut Tx<'_>, app: &App, number: &str, lead: &Lead) -> Result<(), TrailError> {
    let Some(amount) = lead.fact.amount else { return Ok(()) };
    let terminal = lead.fact.terminal.clone().unwrap_or_default();
    let place = lead.fact.place.clone().unwrap_or_default();
    let new = NewOrder {
        // One machine, one request, however often money was taken there.
        id: order::rules::order_id("camera", &format!("{}|{terminal}|{place}", lead.from.id)),
        measure: Measure::Preservation,
        scope: Scope::Full,
        reason: None,
        report: lead.from.report,
        report_number: number.to_owned(),
        hop: lead.order.hop,
        executor: lead.order.executor.clone(),
        objects: vec![NewObject {
            payment: None,
            parent: Some(lead.from.id),
            kind: "material".to_owned(),
            masked: format!("{terminal} {place}").trim().to_owned(),
            value: Personal::new(format!("{terminal} {place}").trim().to_owned()),
            cap: Money::from_minor(0, amount.asset()),
            trigger: Some(trigger(lead, &lead.line, amount, Direction::Out)),
            details: Some(Details::Preservation { data: vec![DataClass::Recording] }),
        }],
        hold_back: Some("camera".to_owned()),
    };
    draft(tx, app, lead, new)
}

/// Records, once, that a line is not followed: every answer to any order of the report comes by here again.
fn note(tx: &mut Tx<'_>, app: &App, lead: &Lead, why: &str, institution: &str) -> Result<(), TrailError> {
    let facts = json!({"why": why, "institution": partner::rules::printable_code(institution), "line": lead.line, "object": lead.from.id});
    let act = Act { facts, ..Act::about("trail.not_followed", "order", lead.order.id.uuid()) };
    let known = audit::records_for(tx, lead.order.id.uuid())?;
    if known.iter().any(|r| r.record.act == act.name && r.facts == act.facts) {
        return Ok(());
    }
    Ok(app.record(tx, &part(), &act)?)
}
