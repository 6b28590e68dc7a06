//! Seeing schemes: the list, one of them with why its reports belong together, and what a report's own page says of its scheme.
//! What an officer may not see of the reports is left out of every count.

use std::collections::BTreeMap;

use access::{Action, Kind as Kinds, Resource};
use app::App;
use audit::{Act, RecordView};
use db::Tx;
use kernel::{Actor, Purpose, Timestamp};
use report::ReportId;

use super::REASON;
use super::beside::PAYING_DAYS;
use super::joining::{Says, says, told_like_seen};
use super::telling::{self, Deed};
use crate::error::SchemeError;
use crate::model::{Alarm, AlarmWhat, Decision, How, Member, Ruling, Scheme, SchemeId, Thing, read_number};
use crate::next::{Next, Standing, next};
use crate::store::figures::{By, Count, days_before};
use crate::store::{self, decision, figures, member, thing};

/// Reports of a page.
pub const REPORTS: i64 = 50;
/// Things that a page shows.
const THINGS: i64 = 40;
/// Days that the page looks back on.
pub const DAYS: i64 = 30;

/// Whether somebody may do something to a scheme.
pub(super) fn allowed(actor: &Actor, scheme: &Scheme, act: Action) -> Result<(), SchemeError> {
    Ok(access::require(actor, act, &Resource::new(Kinds::Scheme, scheme.id.uuid(), &scheme.header))?)
}

/// The scheme of a number, for somebody who may do something to it; of one that became part of another the other, so that a page that
/// was opened before it did loses nothing of what is written on it.
pub(super) fn seen_by(tx: &mut Tx<'_>, actor: &Actor, no: i64, act: Action) -> Result<Scheme, SchemeError> {
    let asked = store::by_no(tx, no)?.ok_or(SchemeError::NotFound)?;
    allowed(actor, &asked, act)?;
    if asked.into.is_none() {
        return Ok(asked);
    }
    let today = store::today(tx, asked.id)?;
    let scheme = store::find(tx, today)?.ok_or(SchemeError::NotFound)?;
    allowed(actor, &scheme, act)?;
    Ok(scheme)
}

/// The report of a number, if the actor may see it.
pub(super) fn report(tx: &mut Tx<'_>, actor: &Actor, number: &str) -> Result<Option<ReportId>, SchemeError> {
    let Some(found) = report::store::by_number(tx, number)? else { return Ok(None) };
    let resource = Resource::new(Kinds::Report, found.id.uuid(), &found.header);
    Ok(access::allowed(actor, Action::ViewReport, &resource).then_some(found.id))
}

/// A thing that reports of a scheme share.
#[derive(Debug, Clone)]
pub struct Shared {
    /// The thing.
    pub thing: Thing,
    /// How most of them come to name it.
    pub how: How,
    /// How many of the scheme's reports name it.
    pub reports: i64,
    /// Whether it joins them, or is a hub.
    pub joins: bool,
    /// Where it stands in the registry.
    pub registry: Option<registry::Status>,
}

/// A report of a scheme, with why it is in it.
#[derive(Debug, Clone)]
pub struct Named {
    /// The report.
    pub member: Member,
    /// Things that it shares with others of the scheme, what joins first, with how many name them.
    pub things: Vec<(Thing, i64)>,
    /// The nearest other story of the scheme, where nothing is shared: its number and how alike, per cent.
    pub like: Option<(String, usize)>,
    /// Orders that are open for it.
    pub orders: usize,
}

/// A scheme as its page shows it.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The scheme.
    pub scheme: Scheme,
    /// Its reports that the actor may see, on this page.
    pub reports: Vec<Named>,
    /// How many the actor may see in all.
    pub seen: i64,
    /// What its latest reports share.
    pub shared: Vec<Shared>,
    /// Reports a day of the last thirty, the oldest first: reports, loss.
    pub days: Vec<(i64, i64)>,
    /// When the first of those days begins.
    pub from: Timestamp,
    /// By region, age, institution, language.
    pub regions: Vec<Count>,
    /// See above.
    pub ages: Vec<Count>,
    /// See above.
    pub banks: Vec<Count>,
    /// See above.
    pub langs: Vec<Count>,
    /// Signs by which the kind is known, with how many of the latest reports show them.
    pub signs: Vec<(String, usize)>,
    /// What may be done next.
    pub next: Vec<Next>,
    /// What is out of the ordinary and nobody has seen.
    pub alarms: Vec<Alarm>,
    /// What people decided, the latest first, with the reason where it is still kept.
    pub decisions: Vec<(Decision, Option<String>)>,
    /// Numbers of the other schemes that decisions speak of.
    pub numbers: BTreeMap<SchemeId, String>,
    /// Things that decisions speak of.
    pub ruled: BTreeMap<uuid::Uuid, Thing>,
    /// How many of the reports that the actor may see tell of the kind by which it is known.
    pub telling: i64,
    /// What was done, from the record; with what it did by itself.
    pub history: Vec<(RecordView, Option<Deed>)>,
    /// Other schemes of which a report is told like one of the latest of this: number, how alike, per cent. Nothing that is somebody's own
    /// is in common, so whether they are one is for people to say.
    pub like: Vec<(String, usize)>,
    /// Whether the actor sorts it.
    pub may_sort: bool,
}

/// What stands under a number.
#[derive(Debug, Clone)]
pub enum Page {
    /// The scheme.
    Here(Box<Opened>),
    /// It is part of the scheme of this number by now.
    Moved(String),
}

/// What somebody asks to see of a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Its number.
    pub no: i64,
    /// The page of its reports, from 0.
    pub page: i64,
}

/// A scheme, with why its reports belong together. That it was opened is a record.
///
/// # Errors
/// Absent or hidden.
pub async fn open(app: &App, actor: &Actor, asked: Asked) -> Result<Page, SchemeError> {
    let office = access::scope(actor, "report")?.office()?;
    let (me, who) = (app.clone(), actor.clone());
    let page = app
        .db
        .read(move |tx| {
            let scheme = store::by_no(tx, asked.no)?.ok_or(SchemeError::NotFound)?;
            allowed(&who, &scheme, Action::ViewScheme)?;
            if scheme.into.is_some() {
                let today = store::today(tx, scheme.id)?;
                let number = store::find(tx, today)?.ok_or(SchemeError::NotFound)?.number();
                return Ok::<_, SchemeError>(Page::Moved(number));
            }
            Ok(Page::Here(Box::new(opened(tx, &me, &who, &office, (scheme, asked.page))?)))
        })
        .await?;
    if let Page::Here(opened) = &page {
        // Reports that the reader may not see are no scheme to them.
        if opened.seen == 0 && opened.scheme.reports == 0 && opened.decisions.is_empty() {
            return Err(SchemeError::NotFound);
        }
        let (me, actor, id) = (app.clone(), actor.clone(), opened.scheme.id.uuid());
        let act = Act::read("scheme.read", "scheme", id, Purpose::Investigate);
        app.db.write(move |tx| me.record(tx, &actor, &act)).await?;
    }
    Ok(page)
}

fn opened(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    office: &access::Office,
    (scheme, page): (Scheme, i64),
) -> Result<Opened, SchemeError> {
    let id = scheme.id;
    let shared = shared(tx, app, id)?;
    let offset = page.max(0).saturating_mul(REPORTS);
    let (members, seen) = member::page(tx, office, id, (REPORTS, offset))?;
    let mut reports = Vec::new();
    for m in members {
        reports.push(why_here(tx, office, (m, &shared))?);
    }
    let from = days_before(app.office.now(), DAYS);
    let mut days = vec![(0, 0); usize::try_from(DAYS).unwrap_or(0)];
    for (day, reports, loss) in figures::days(tx, office, id, from)? {
        if let Some(place) = usize::try_from(day.min(DAYS - 1)).ok().and_then(|d| days.get_mut(d)) {
            *place = (place.0 + reports, place.1 + loss);
        }
    }
    let mut decisions = Vec::new();
    let (mut numbers, mut ruled) = (BTreeMap::new(), BTreeMap::new());
    let mut kept = decision::of_scheme(tx, id)?;
    // What was said of a thing from another scheme's page stands here, too, and is undone here.
    for s in shared.iter().filter(|s| s.thing.ruling != Ruling::Nothing) {
        if let Some(said) =
            decision::of_thing(tx, s.thing.id)?.filter(|said| kept.iter().all(|(d, _)| d.id != said.0.id))
        {
            kept.push(said);
        }
    }
    for (d, sealed) in kept {
        for other in [Some(d.scheme), d.other].into_iter().flatten() {
            if let Some(found) = store::find(tx, other)? {
                numbers.insert(other, found.number());
            }
        }
        if let Some(found) = d.thing.map(|t| thing::find(tx, t)).transpose()?.flatten() {
            ruled.insert(found.id, found);
        }
        let words = app::SealedWords::from_bytes(sealed);
        let reason = app.open_words(tx, d.id.uuid(), REASON, &words)?;
        decisions.push((d, reason.map(|r| r.open(Purpose::Investigate).clone())));
    }
    let regions = figures::counts(tx, office, id, By::Region)?;
    let alarms = store::alarm::open_of(tx, id)?;
    let standing = Standing {
        reports: seen,
        new: days.last().map_or(0, |(reports, _)| *reports),
        paying: member::paying(tx, office, id, days_before(app.office.now(), PAYING_DAYS))?,
        regions: i64::try_from(regions.iter().filter(|c| !c.what.is_empty()).count()).unwrap_or(0),
        unknown: i64::try_from(
            shared.iter().filter(|s| s.reports > 1 && s.joins && s.registry.is_none()).count(),
        )
        .unwrap_or(0),
        no_fraud: app.profile.schemes().iter().any(|k| k.code == scheme.kind && !k.suggests),
        growing: alarms.iter().any(|a| a.what == AlarmWhat::Growing),
    };
    Ok(Opened {
        next: next(standing, app.profile.scheme_limits()),
        reports,
        seen,
        shared,
        days,
        from,
        regions,
        ages: figures::counts(tx, office, id, By::Age)?,
        banks: figures::counts(tx, office, id, By::Bank)?,
        langs: figures::counts(tx, office, id, By::Lang)?,
        signs: signs(&figures::signs(tx, office, id, &scheme.kind)?),
        alarms,
        decisions,
        numbers,
        ruled,
        telling: figures::telling(tx, office, id, &scheme.kind)?,
        history: history(tx, office, id)?,
        like: alike(tx, actor, office, &scheme)?,
        may_sort: allowed(actor, &scheme, Action::SortScheme).is_ok(),
        scheme,
    })
}

/// What was done about a scheme, and what it did by itself.
fn history(
    tx: &mut Tx<'_>,
    office: &access::Office,
    id: SchemeId,
) -> Result<Vec<(RecordView, Option<Deed>)>, SchemeError> {
    let mut all = Vec::new();
    for record in audit::records_but(tx, id.uuid(), ["scheme.read", "scheme.money"])? {
        let by = telling::read(tx, office, &record)?;
        all.push((record, by));
    }
    Ok(all)
}

/// Latest reports of which the stories are compared with those of other schemes.
const COMPARED: i64 = 5;

/// Other schemes that tell alike, the nearest first, by reports that the office may see.
fn alike(
    tx: &mut Tx<'_>,
    actor: &Actor,
    office: &access::Office,
    scheme: &Scheme,
) -> Result<Vec<(String, usize)>, SchemeError> {
    let mut found: BTreeMap<SchemeId, usize> = BTreeMap::new();
    for m in member::latest(tx, office, scheme.id, COMPARED)? {
        for n in told_like_seen(tx, office, &m, |other| other.is_some_and(|s| s != scheme.id))? {
            if let (Some(other), Some(alike)) = (n.scheme.filter(|s| *s != scheme.id), n.alike) {
                let most = found.entry(other).or_default();
                *most = alike.max(*most);
            }
        }
    }
    let mut all = Vec::new();
    for (id, alike) in found {
        let other =
            store::find(tx, id)?.filter(|s| s.reports > 0 && allowed(actor, s, Action::ViewScheme).is_ok());
        all.extend(other.map(|s| (s.number(), alike)));
    }
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.truncate(5);
    Ok(all)
}

/// Signs by how many reports show them, the most first.
fn signs(kept: &[String]) -> Vec<(String, usize)> {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for sign in kept.iter().flat_map(|signs| signs.lines()) {
        let count = counted.entry(sign).or_default();
        *count = count.saturating_add(1);
    }
    let mut all: Vec<(String, usize)> = counted.into_iter().map(|(s, n)| (s.to_owned(), n)).collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.truncate(12);
    all
}

/// What the latest reports of a scheme share: what two of them name at least.
pub(super) fn shared(tx: &mut Tx<'_>, app: &App, id: SchemeId) -> Result<Vec<Shared>, SchemeError> {
    let mut all = Vec::new();
    for (t, how, reports) in thing::of_scheme(tx, id, THINGS)? {
        let joins = says(tx, &t)? == Says::Joins;
        let registry = registry::service::status_of(tx, app, t.id)?;
        all.push(Shared { thing: t, how, reports, joins, registry });
    }
    Ok(all)
}

/// Why a report is in its scheme.
pub(super) fn why_here(
    tx: &mut Tx<'_>,
    office: &access::Office,
    (m, shared): (Member, &[Shared]),
) -> Result<Named, SchemeError> {
    let own = thing::of_report(tx, m.report)?;
    let of =
        |t: &Thing| shared.iter().find(|s| s.thing.id == t.id && s.reports > 1 && s.joins).map(|s| s.reports);
    let mut things: Vec<(Thing, i64)> =
        own.into_iter().filter_map(|(t, _)| Some((of(&t)?, t))).map(|(n, t)| (t, n)).collect();
    things.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.id.cmp(&b.0.id)));
    let like = if things.is_empty() { nearest(tx, office, &m)? } else { None };
    let orders = order::service::of_report_in(tx, m.report)?.iter().filter(|o| o.status.is_open()).count();
    Ok(Named { member: m, things, like, orders })
}

/// The nearest other story of the same scheme, of those that the office may see.
fn nearest(
    tx: &mut Tx<'_>,
    office: &access::Office,
    m: &Member,
) -> Result<Option<(String, usize)>, SchemeError> {
    for n in told_like_seen(tx, office, m, |other| other == m.scheme)? {
        if n.scheme == m.scheme
            && let (Some(other), Some(alike)) = (member::find(tx, n.report)?, n.alike)
        {
            return Ok(Some((other.number, alike)));
        }
    }
    Ok(None)
}

/// Whether somebody sorts the scheme of a number.
///
/// # Errors
/// Absent, hidden or forbidden.
pub async fn may_sort(app: &App, actor: &Actor, no: i64) -> Result<(), SchemeError> {
    let actor = actor.clone();
    app.db.read(move |tx| seen_by(tx, &actor, no, Action::SortScheme).map(drop)).await
}

/// Reads a scheme's number from an address.
///
/// # Errors
/// It is none.
pub fn no(text: &str) -> Result<i64, SchemeError> {
    read_number(text).ok_or(SchemeError::NotFound)
}
