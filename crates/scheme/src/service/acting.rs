//! What people decide about schemes: each with a reason, each in the record, each undone with one click. What they decided stands against
//! whatever is found later.

use access::Action;
use app::App;
use audit::Act;
use db::Tx;
use kernel::Actor;
use report::ReportId;
use serde_json::json;
use uuid::Uuid;

use super::REASON;
use super::joining::{Says, begin, join, put, says, unite};
use crate::error::SchemeError;
use crate::model::{Decision, DecisionId, KindBy, Ruling, Scheme, SchemeId, What};
use crate::store::{self, decision, member, thing};

/// Most reports that one decision moves.
pub(super) const MOST: usize = 500;

/// What came of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The decision, for undoing it.
    pub decision: DecisionId,
    /// The number of the scheme where it goes on.
    pub number: String,
}

/// The scheme that somebody acts on, with everybody else waiting.
fn matter(tx: &mut Tx<'_>, app: &App, actor: &Actor, no: i64) -> Result<Scheme, SchemeError> {
    store::turn(tx)?;
    let scheme = super::opening::seen_by(tx, actor, no, Action::SortScheme)?;
    access::present(tx, actor, app.office.now()).map_err(SchemeError::from)??;
    Ok(scheme)
}

/// What is decided besides its reason.
struct New<'a> {
    what: What,
    scheme: SchemeId,
    other: Option<SchemeId>,
    thing: Option<Uuid>,
    word: &'a str,
    reports: usize,
}

/// Keeps a decision with its reason, and its record.
fn keep(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    id: DecisionId,
    new: &New<'_>,
    reason: &str,
) -> Result<(), SchemeError> {
    let sealed = app.seal_words(tx, id.uuid(), REASON, reason)?;
    let reports = i64::try_from(new.reports).unwrap_or(i64::MAX);
    let kept = Decision {
        id,
        header: app.header(actor, app.profile.default_lang(), "report"),
        what: new.what,
        scheme: new.scheme,
        other: new.other,
        thing: new.thing,
        word: new.word.to_owned(),
        reports,
        undone_at: None,
    };
    decision::insert(tx, &kept, sealed.bytes())?;
    let facts = json!({
        "decision": id.to_string(), "other": new.other.map(|o| o.to_string()), "thing": new.thing,
        "word": new.word, "reports": reports, "reason_sealed": sealed.fact(),
    });
    let act = Act { facts, ..Act::about(act(new.what), "scheme", new.scheme.uuid()) };
    Ok(app.record(tx, actor, &act)?)
}

const fn act(what: What) -> &'static str {
    match what {
        What::Out => "scheme.taken_out",
        What::Parted => "scheme.parted",
        What::In => "scheme.put_in",
        What::Joined => "scheme.joined",
        What::Ruled => "scheme.ruled",
        What::Kind => "scheme.kind_said",
    }
}

/// The ticked reports, each a member that the actor may see.
fn ticked(
    tx: &mut Tx<'_>,
    actor: &Actor,
    scheme: &Scheme,
    numbers: &[String],
) -> Result<Vec<ReportId>, SchemeError> {
    if numbers.is_empty() || numbers.len() > MOST {
        return Err(SchemeError::NotTicked);
    }
    let mut all = Vec::new();
    for number in numbers {
        let report = super::opening::report(tx, actor, number)?.ok_or(SchemeError::NotTicked)?;
        if member::scheme_of(tx, report)? != Some(scheme.id) {
            return Err(SchemeError::NotTicked);
        }
        all.push(report);
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// Reports do not belong to the scheme: each is by itself until somebody puts it somewhere.
///
/// # Errors
/// Hidden, forbidden, away; no reason; nothing ticked.
pub async fn take_out(
    app: &App,
    actor: &Actor,
    no: i64,
    numbers: &[String],
    reason: &str,
) -> Result<Decided, SchemeError> {
    let reason = app::reason(reason).ok_or(SchemeError::NoReason)?;
    let (me, actor, numbers) = (app.clone(), actor.clone(), numbers.to_vec());
    app.db
        .write(move |tx| {
            let scheme = matter(tx, &me, &actor, no)?;
            let reports = ticked(tx, &actor, &scheme, &numbers)?;
            let (id, now) = (DecisionId::from_uuid(me.uuid()), me.office.now());
            let new = New {
                what: What::Out,
                scheme: scheme.id,
                other: None,
                thing: None,
                word: "",
                reports: reports.len(),
            };
            keep(tx, &me, &actor, id, &new, &reason)?;
            for report in reports {
                decision::pin(tx, report, id, now, None)?;
                member::place(tx, report, None, true)?;
            }
            store::recount(tx, scheme.id)?;
            store::unsort(tx, scheme.id)?;
            Ok(Decided { decision: id, number: scheme.number() })
        })
        .await
}

/// Some of a scheme's reports are another scheme. What is in each stays in it, and nothing joins the two again but a person.
///
/// # Errors
/// As [`take_out`]; all are ticked.
pub async fn part_off(
    app: &App,
    actor: &Actor,
    no: i64,
    numbers: &[String],
    reason: &str,
) -> Result<Decided, SchemeError> {
    let reason = app::reason(reason).ok_or(SchemeError::NoReason)?;
    let (me, actor, numbers) = (app.clone(), actor.clone(), numbers.to_vec());
    app.db
        .write(move |tx| {
            let scheme = matter(tx, &me, &actor, no)?;
            let reports = ticked(tx, &actor, &scheme, &numbers)?;
            let rest = member::all_of(tx, scheme.id)?.into_iter().find(|(r, _)| !reports.contains(r));
            let (Some(_), Some(first)) = (rest, reports.first()) else { return Err(SchemeError::AllTicked) };
            let (id, now) = (DecisionId::from_uuid(me.uuid()), me.office.now());
            let other = begin(tx, &me, *first)?;
            for report in &reports {
                put(tx, &me, other, *report)?;
                decision::pin(tx, *report, id, now, Some(other))?;
            }
            decision::pin_scheme(tx, scheme.id, id, now, scheme.id)?;
            let new = New {
                what: What::Parted,
                scheme: scheme.id,
                other: Some(other),
                thing: None,
                word: "",
                reports: reports.len(),
            };
            keep(tx, &me, &actor, id, &new, &reason)?;
            for id in [scheme.id, other] {
                store::recount(tx, id)?;
                store::unsort(tx, id)?;
            }
            let number = store::find(tx, other)?.map(|s| s.number()).unwrap_or_default();
            Ok(Decided { decision: id, number })
        })
        .await
}

/// A report, by its number, belongs to the scheme; or another scheme, by its number, is the same.
///
/// # Errors
/// Hidden, forbidden, away; no reason; no such number; it belongs to it already.
pub async fn join_in(
    app: &App,
    actor: &Actor,
    no: i64,
    number: &str,
    reason: &str,
) -> Result<Decided, SchemeError> {
    let reason = app::reason(reason).ok_or(SchemeError::NoReason)?;
    let (me, actor, number) = (app.clone(), actor.clone(), number.trim().to_owned());
    app.db
        .write(move |tx| {
            let scheme = matter(tx, &me, &actor, no)?;
            match super::opening::report(tx, &actor, &number)? {
                Some(report) => put_in(tx, &me, &actor, &scheme, report, &reason),
                None => {
                    let other = crate::model::read_number(&number).ok_or(SchemeError::NoSuchNumber)?;
                    let other = super::opening::seen_by(tx, &actor, other, Action::SortScheme)
                        .map_err(|_| SchemeError::NoSuchNumber)?;
                    make_one(tx, &me, &actor, &scheme, &other, &reason)
                }
            }
        })
        .await
}

fn put_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    scheme: &Scheme,
    report: ReportId,
    reason: &str,
) -> Result<Decided, SchemeError> {
    let m = member::find(tx, report)?.ok_or(SchemeError::NoSuchNumber)?;
    if m.scheme == Some(scheme.id) {
        return Err(SchemeError::InAlready);
    }
    let (id, now) = (DecisionId::from_uuid(app.uuid()), app.office.now());
    let new = New { what: What::In, scheme: scheme.id, other: m.scheme, thing: None, word: "", reports: 1 };
    keep(tx, app, actor, id, &new, reason)?;
    decision::pin(tx, report, id, now, Some(scheme.id))?;
    anchor(tx, scheme, id, now)?;
    put(tx, app, scheme.id, report)?;
    if let Some(before) = m.scheme {
        store::recount(tx, before)?;
        store::unsort(tx, before)?;
    }
    store::recount(tx, scheme.id)?;
    Ok(Decided { decision: id, number: scheme.number() })
}

/// Keeps the report with which a scheme began in it: what is put in beside it is in its scheme, wherever others go.
fn anchor(
    tx: &mut Tx<'_>,
    scheme: &Scheme,
    id: DecisionId,
    now: kernel::Timestamp,
) -> Result<(), SchemeError> {
    match held(tx, scheme)? {
        Some(first) => Ok(decision::pin(tx, first, id, now, Some(scheme.id))?),
        None => Ok(()),
    }
}

/// The report with which a scheme began, or the first that is left.
fn held(tx: &mut Tx<'_>, scheme: &Scheme) -> Result<Option<ReportId>, SchemeError> {
    if member::scheme_of(tx, scheme.anchor)? == Some(scheme.id) {
        return Ok(Some(scheme.anchor));
    }
    Ok(member::all_of(tx, scheme.id)?.into_iter().map(|(report, _)| report).next())
}

fn make_one(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    scheme: &Scheme,
    other: &Scheme,
    reason: &str,
) -> Result<Decided, SchemeError> {
    if other.id == scheme.id {
        return Err(SchemeError::InAlready);
    }
    // Who says that they are one says, too, that they are no longer two.
    let (id, now) = (DecisionId::from_uuid(app.uuid()), app.office.now());
    for parted in decision::parting(tx, scheme.id, other.id)? {
        decision::undo(tx, parted, now, &actor.label())?;
        let facts =
            json!({"decision": parted.to_string(), "what": What::Parted.as_str(), "by": id.to_string()});
        app.record(tx, actor, &Act { facts, ..Act::about("scheme.undone", "scheme", scheme.id.uuid()) })?;
    }
    let anchors = [held(tx, scheme)?, held(tx, other)?];
    let into = unite(tx, app, scheme.id, other.id)?;
    let (stays, goes) = if into == scheme.id { (scheme, other) } else { (other, scheme) };
    let reports = usize::try_from(goes.reports).unwrap_or(0);
    let new =
        New { what: What::Joined, scheme: stays.id, other: Some(goes.id), thing: None, word: "", reports };
    keep(tx, app, actor, id, &new, reason)?;
    // One report of each is enough: the others hold to it by themselves.
    for (side, first) in [scheme, other].into_iter().zip(anchors) {
        if let Some(first) = first {
            decision::pin(tx, first, id, now, Some(side.id))?;
        }
    }
    store::recount(tx, into)?;
    Ok(Decided { decision: id, number: stays.number() })
}

/// Says that everybody uses a thing, so that it joins nobody; or that it is this fraud's own, however many name it.
///
/// # Errors
/// Hidden, forbidden, away; no reason; the scheme names no such thing.
pub async fn rule(
    app: &App,
    actor: &Actor,
    no: i64,
    id: Uuid,
    ruling: Ruling,
    reason: &str,
) -> Result<Decided, SchemeError> {
    let reason = app::reason(reason).ok_or(SchemeError::NoReason)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let scheme = matter(tx, &me, &actor, no)?;
            let before = thing::find(tx, id)?.ok_or(SchemeError::NotFound)?;
            if !thing::schemes_of(tx, id)?.contains(&scheme.id) {
                return Err(SchemeError::NotFound);
            }
            let decision = DecisionId::from_uuid(me.uuid());
            let word = format!("{}>{}", before.ruling.as_str(), ruling.as_str());
            let new = New {
                what: What::Ruled,
                scheme: scheme.id,
                other: None,
                thing: Some(id),
                word: &word,
                reports: 0,
            };
            keep(tx, &me, &actor, decision, &new, &reason)?;
            ruled(tx, &me, id, ruling)?;
            Ok(Decided { decision, number: scheme.number() })
        })
        .await
}

/// A thing joins otherwise than before: what it joined is sorted anew, and who names it is joined again.
pub(super) fn ruled(tx: &mut Tx<'_>, app: &App, id: Uuid, ruling: Ruling) -> Result<(), SchemeError> {
    thing::rule(tx, id, ruling)?;
    for scheme in thing::schemes_of(tx, id)? {
        store::unsort(tx, scheme)?;
    }
    // A site that more name than a hub joins nobody either, though nobody has said that everybody uses it.
    let joins = match thing::find(tx, id)? {
        Some(t) => says(tx, &t)? == Says::Joins,
        None => false,
    };
    if !joins {
        return Ok(());
    }
    // Whoever names it belongs with the first who does: all that are by themselves are put there at once, however many they are.
    let Some((first, _)) = thing::home(tx, id, ReportId::from_uuid(Uuid::nil()))? else { return Ok(()) };
    join(tx, app, first)?;
    for scheme in thing::schemes_of(tx, id)? {
        if let Some(report) = thing::first_in(tx, id, scheme)? {
            join(tx, app, report)?;
        }
    }
    if let Some(home) = member::scheme_of(tx, first)? {
        member::gather(tx, id, home)?;
        store::recount(tx, home)?;
        store::unsort(tx, home)?;
        store::unwatch(tx, home)?;
        super::joining::know(tx, app, home, true)?;
    }
    Ok(())
}

/// Says how the fraud of a scheme is done; an empty code takes back what was said.
///
/// # Errors
/// Hidden, forbidden, away; no reason; no such kind.
pub async fn say_kind(
    app: &App,
    actor: &Actor,
    no: i64,
    code: &str,
    reason: &str,
) -> Result<Decided, SchemeError> {
    let reason = app::reason(reason).ok_or(SchemeError::NoReason)?;
    if !code.is_empty() && !app.profile.schemes().iter().any(|kind| kind.code == code) {
        return Err(SchemeError::NoSuchKind);
    }
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .write(move |tx| {
            let scheme = matter(tx, &me, &actor, no)?;
            let decision = DecisionId::from_uuid(me.uuid());
            let said = if scheme.kind_by == KindBy::Officer { scheme.kind.as_str() } else { "" };
            let word = format!("{said}>{code}");
            let new = New {
                what: What::Kind,
                scheme: scheme.id,
                other: None,
                thing: None,
                word: &word,
                reports: 0,
            };
            keep(tx, &me, &actor, decision, &new, &reason)?;
            left_to_stories(tx, &me, scheme.id)?;
            Ok(Decided { decision, number: scheme.number() })
        })
        .await
}

/// What nobody has said is as the stories tell; what somebody has said and nobody undone stands.
pub(super) fn left_to_stories(tx: &mut Tx<'_>, app: &App, id: SchemeId) -> Result<(), SchemeError> {
    store::set_kind(tx, id, "", KindBy::Nobody)?;
    Ok(super::joining::know(tx, app, id, true)?)
}
