//! Droppers: form F9. From a signal to a proposal, a second person's listing, reviews and the way off. Each step is an officer's;
//! the platform lists nobody by itself. What is listed here restricts nothing: the list that payments are checked against is the
//! Antifraud Centre's, and an order to enter somebody there is `order`'s, on the ground of the law.

use std::collections::BTreeSet;

use access::{Action, Kind as Thing, Office, Resource, Scope};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Personal, Purpose, Timestamp};
use order::details::Knowledge;
use serde_json::{Value, json};

use super::holding::known_of;
use super::reading::{Ground, ground_for, is_aged, is_minor, open_told, resource};
use crate::error::PersonError;
use crate::model::{
    Doubt, Dropper, DropperId, DropperStatus, DropperTold, Earlier, Instrument, PersonId, PersonRecord,
};
use crate::rules::dropper::{self, DropperFault, Interview};
use crate::store;

/// Field under which what is told is sealed.
const TOLD: &str = "person.dropper";
/// Field under which a decision's reason is sealed.
const REASON: &str = "person.dropper_reason";
/// Field under which it is sealed why somebody asks to be taken off.
const ASKED: &str = "person.dropper_asked";
/// Most things that somebody gave away.
const MOST_INSTRUMENTS: usize = 30;
/// Longest text, characters.
const MAX_TEXT: usize = 4_000;

/// A dropper with all that is told, opened.
#[derive(Debug, Clone)]
pub struct OpenDropper {
    /// The matter.
    pub dropper: Dropper,
    /// What is told; `None` once it was erased.
    pub told: Option<Personal<DropperTold>>,
    /// Why it was decided so.
    pub reason: Option<String>,
    /// Why they ask to be taken off.
    pub asked: Option<String>,
    /// What was told before, the latest first.
    pub earlier: Vec<EarlierTold>,
    /// Whether the reader may take the officer's steps.
    pub may_keep: bool,
    /// Whether the reader may list, or keep listed.
    pub may_list: bool,
    /// Whether the reader may clear.
    pub may_clear: bool,
}

/// What was told of a dropper before it was told anew.
#[derive(Debug, Clone)]
pub struct EarlierTold {
    /// What was told.
    pub told: Option<Personal<DropperTold>>,
    /// What they knew, as it was understood then.
    pub knowledge: Option<Knowledge>,
    /// When.
    pub at: Timestamp,
    /// By whom, as the actor's label.
    pub by: String,
}

/// What is written of a person as a dropper.
#[derive(Debug, Clone)]
pub struct Matter {
    /// Whose.
    pub person: PersonId,
    /// Their number.
    pub number: String,
    /// What is open, then what was cleared.
    pub all: Vec<OpenDropper>,
    /// Whether they are a minor now.
    pub minor: bool,
    /// Whether a new matter may be begun.
    pub may_begin: bool,
    /// What a new one begins with: what an institution says to be theirs. The officer may change it.
    pub known: Option<Personal<DropperTold>>,
}

pub(super) fn thing(d: &Dropper) -> Resource {
    let mut resource = Resource::new(Thing::Person, d.id.uuid(), &d.header);
    resource.author = d.proposed_by.clone().unwrap_or_default();
    if let Some(by) = &d.listed_by {
        resource.signers.push(by.clone());
    }
    resource
}

/// When somebody must look again: by the profile's term for numbers of persons.
fn review(app: &App, now: Timestamp) -> Timestamp {
    app.profile.identifiers().life("iin").map_or(now, |life| app.profile.term_end(now, life.review))
}

fn opened(
    tx: &mut Tx<'_>,
    app: &App,
    subject: uuid::Uuid,
    (field, sealed): (&str, Option<Vec<u8>>),
) -> Result<Option<String>, PersonError> {
    let Some(bytes) = sealed else { return Ok(None) };
    let words = app.open_words(tx, subject, field, &app::SealedWords::from_bytes(bytes))?;
    Ok(words.map(|w| w.into_inner(Purpose::Investigate)))
}

fn open_one(tx: &mut Tx<'_>, app: &App, actor: &Actor, d: Dropper) -> Result<OpenDropper, PersonError> {
    let subject = store::record(tx, d.record)?.ok_or(PersonError::NotFound)?.subject;
    let sealed = store::dropper::sealed(tx, d.id)?;
    let told = opened(tx, app, subject, (TOLD, Some(sealed.told)))?;
    let mut earlier = Vec::new();
    for e in store::earlier::of(tx, d.id.uuid())?.into_iter().filter(|e| e.field == TOLD) {
        let told = opened(tx, app, subject, (TOLD, Some(e.sealed)))?;
        earlier.push(EarlierTold {
            told: told.and_then(|t| serde_json::from_str(&t).ok()).map(Personal::new),
            knowledge: e.facts.get("knowledge").and_then(Value::as_str).and_then(Knowledge::parse),
            at: e.told.0,
            by: e.told.1,
        });
    }
    Ok(OpenDropper {
        earlier,
        told: told.and_then(|t| serde_json::from_str(&t).ok()).map(Personal::new),
        reason: opened(tx, app, subject, (REASON, sealed.reason))?,
        asked: opened(tx, app, subject, (ASKED, sealed.asked))?.filter(|_| d.asked_at.is_some()),
        may_keep: access::allowed(actor, Action::KeepDropper, &thing(&d)),
        may_list: access::allowed(actor, Action::ListDropper, &thing(&d)),
        may_clear: access::allowed(actor, Action::ClearDropper, &thing(&d)),
        dropper: d,
    })
}

/// The person, followed to whom they turned out to be, and the record of theirs that a matter would hang on, of those that the actor
/// may see: not what they told as a victim, where anything else is known, and of the report, if one is.
fn record_for(
    tx: &mut Tx<'_>,
    office: &Office,
    id: PersonId,
    report: report::ReportId,
) -> Result<(crate::Person, PersonRecord), PersonError> {
    let mut person = store::person(tx, id)?.ok_or(PersonError::NotFound)?;
    if let Some(into) = person.into {
        person = store::person(tx, into)?.ok_or(PersonError::NotFound)?;
    }
    let record = store::best_of(tx, office, (person.id, report))?.ok_or(PersonError::NotFound)?;
    Ok((person, record))
}

/// Whether any record of a person tells that they are a minor, of those that the office may see, if one is given; and whether any of
/// those that were looked at tells how old they are.
fn youth(
    tx: &mut Tx<'_>,
    app: &App,
    (office, person): (Option<&Office>, PersonId),
    now: Timestamp,
) -> Result<(bool, bool), PersonError> {
    let mut aged = false;
    for record in store::maybe_minors(tx, office, person)? {
        let Some(told) = open_told(tx, app, &record)? else { continue };
        let told = told.open(Purpose::HandleReport);
        aged |= is_aged(told);
        if is_minor(app, told, now) {
            return Ok((true, true));
        }
    }
    Ok((false, aged))
}

/// What all records of a person say of whether they may be listed, whoever may see them: a minor is one also where a colleague's unit knows it.
struct Standing {
    victim: bool,
    minor: bool,
    aged: bool,
}

fn standing(tx: &mut Tx<'_>, app: &App, person: PersonId, now: Timestamp) -> Result<Standing, PersonError> {
    let (minor, aged) = youth(tx, app, (None, person), now)?;
    let aged = aged || store::has_age(tx, person)?;
    Ok(Standing { victim: store::robbed(tx, person)?, minor, aged })
}

/// Of whoever is listed or about to be it came to be known that they were robbed, are a minor, or that nobody knows how old they are: the
/// matter comes before somebody's eyes. Looked at whenever a record joins, leaves or is told anew.
pub(super) fn look_again(
    tx: &mut Tx<'_>,
    app: &App,
    persons: &BTreeSet<PersonId>,
) -> Result<(), PersonError> {
    let now = app.office.now();
    for person in persons {
        if !store::dropper::is_weighty(tx, *person)? {
            continue;
        }
        let known = standing(tx, app, *person, now)?;
        for d in store::dropper::of_person(tx, *person)? {
            let weighty =
                matches!(d.status, DropperStatus::Proposed | DropperStatus::Listed | DropperStatus::Case);
            let why = match known {
                _ if !weighty || d.doubt.is_some() => continue,
                Standing { victim: true, .. } => Doubt::Victim,
                Standing { minor: true, .. } if !d.minor => Doubt::Minor,
                Standing { aged: false, .. } => Doubt::Age,
                Standing { .. } => continue,
            };
            let after = Dropper { minor: d.minor || known.minor, ..dropper::doubt(&d, why, now) };
            store::dropper::save(tx, &after)?;
            let facts = json!({"dropper": d.id, "was": d.status.as_str(), "why": why.as_str()});
            let act = Act {
                purpose: Some(Purpose::Operate),
                facts,
                ..Act::about("person.doubted", "person", person.uuid())
            };
            app.record(tx, &super::part(), &act)?;
        }
    }
    Ok(())
}

/// What is written of a person as a dropper, opened for a report; that is a record.
///
/// # Errors
/// Absent or hidden; no such report for the reader.
pub async fn droppers_of(
    app: &App,
    actor: &Actor,
    id: PersonId,
    ground: &Ground,
) -> Result<Matter, PersonError> {
    let office = access::scope(actor, Thing::Person).and_then(Scope::office)?;
    let (me, actor, ground) = (app.clone(), actor.clone(), ground.clone());
    app.db
        .write(move |tx| {
            let report = ground_for(tx, &actor, &ground.0)?;
            let (person, record) = record_for(tx, &office, id, report)?;
            let about = Act::about("person.read", "person", person.id.uuid());
            let facts = json!({"report": report.uuid(), "dropper": true});
            me.record(tx, &actor, &Act { purpose: Some(Purpose::HandleReport), facts, ..about })?;
            let mut all = Vec::new();
            for d in store::dropper::of_person(tx, person.id)? {
                if access::allowed(&actor, Action::ViewPerson, &thing(&d)) {
                    all.push(open_one(tx, &me, &actor, d)?);
                }
            }
            let (minor, _) = youth(tx, &me, (Some(&office), person.id), me.office.now())?;
            // The youth lane begins as soon as anything tells of it.
            all.iter_mut().for_each(|d| d.dropper.minor |= minor);
            let open = all.iter().any(|d| d.dropper.status != DropperStatus::Cleared);
            let may =
                !record.is_victims() && access::allowed(&actor, Action::KeepDropper, &resource(&record));
            let may_begin = may && !open;
            let told = if may_begin { open_told(tx, &me, &record)? } else { None };
            let known = told.and_then(|t| known_of(t.open(Purpose::HandleReport))).map(Personal::new);
            Ok(Matter { person: person.id, number: person.number, all, minor, may_begin, known })
        })
        .await
}

/// More victims of one account there are not.
const MOST_VICTIMS: u32 = 1_000_000;
/// No path of money that anybody followed was longer.
const MOST_HOPS: u32 = 100;

/// A count as it was typed, blanks between its digits left out; empty where nothing was.
fn figure(field: &'static str, typed: &str, most: u32) -> Result<String, PersonError> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.is_empty() {
        return Ok(digits);
    }
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    let count = digits.parse::<u32>().ok().filter(|n| plain && *n <= most);
    count.map(|n| n.to_string()).ok_or(PersonError::Figure(field))
}

/// What was typed, without blanks around.
fn checked(told: &DropperTold) -> Result<DropperTold, PersonError> {
    let text = |field: &'static str, text: &str| {
        let text = text.trim();
        if text.chars().count() > MAX_TEXT { Err(PersonError::TooLong(field)) } else { Ok(text.to_owned()) }
    };
    let mut instruments: Vec<Instrument> = told.instruments.clone();
    instruments.retain(|i| app::says(&i.what));
    if instruments.len() > MOST_INSTRUMENTS {
        return Err(PersonError::TooLong("instruments"));
    }
    Ok(DropperTold {
        instruments,
        recruitment: text("recruitment", &told.recruitment)?,
        evidence: text("evidence", &told.evidence)?,
        flows_in: text("flows_in", &told.flows_in)?,
        flows_out: text("flows_out", &told.flows_out)?,
        victims: figure("victims", &told.victims, MOST_VICTIMS)?,
        hop: figure("hop", &told.hop, MOST_HOPS)?,
        restrictions: text("restrictions", &told.restrictions)?,
        case: text("case", &told.case)?,
    })
}

fn note(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (act, person): (&'static str, PersonId),
    facts: Value,
) -> Result<(), PersonError> {
    Ok(app.record(tx, actor, &Act { facts, ..Act::about(act, "person", person.uuid()) })?)
}

/// An officer writes down a signal that somebody lent their account.
///
/// # Errors
/// Absent or forbidden; no such report; nothing said; one is open already.
pub async fn signal(
    app: &App,
    actor: &Actor,
    id: PersonId,
    ground: &Ground,
    told: &DropperTold,
) -> Result<DropperId, PersonError> {
    let office = access::scope(actor, Thing::Person).and_then(Scope::office)?;
    let (me, actor, ground, told) = (app.clone(), actor.clone(), ground.clone(), checked(told)?);
    if !app::says(&told.evidence) {
        return Err(PersonError::Reasons);
    }
    app.db
        .write(move |tx| {
            store::gate::pass(tx)?;
            let report = ground_for(tx, &actor, &ground.0)?;
            let (person, record) = record_for(tx, &office, id, report)?;
            access::require(&actor, Action::KeepDropper, &resource(&record))?;
            if record.is_victims() {
                return Err(DropperFault::Victim.into());
            }
            // One that the officer may not see is not there for them.
            let mut open = store::dropper::of_person(tx, person.id)?;
            open.retain(|d| access::allowed(&actor, Action::ViewPerson, &thing(d)));
            if open.iter().any(|d| d.status != DropperStatus::Cleared) {
                return Err(PersonError::Open);
            }
            let now = me.office.now();
            let (minor, _) = youth(tx, &me, (Some(&office), person.id), now)?;
            let mut header = me.header(&actor, me.profile.default_lang(), "report");
            header.organisation_id.clone_from(&record.header.organisation_id);
            header.unit_id.clone_from(&record.header.unit_id);
            header.marking = record.header.marking.clone();
            let d = Dropper {
                id: DropperId::from_uuid(me.uuid()),
                header,
                record: record.id,
                status: DropperStatus::Signalled,
                knowledge: None,
                minor,
                guardian_told: false,
                voluntary: false,
                talked: false,
                proposed_by: None,
                listed_by: None,
                review_at: review(&me, now),
                asked_at: None,
                ground: Some(report),
                doubt: None,
                version: 0,
            };
            let words = serde_json::to_string(&told).unwrap_or_default();
            let sealed = me.seal_words(tx, record.subject, TOLD, &words)?;
            store::dropper::insert(tx, &d, sealed.bytes())?;
            let facts = json!({"dropper": d.id, "minor": minor, "report": report.uuid()});
            note(tx, &me, &actor, ("person.signalled", person.id), facts)?;
            Ok(d.id)
        })
        .await
}

/// A step that an officer takes.
#[derive(Clone)]
pub enum Step {
    /// Somebody has made sure of it.
    Verify,
    /// The person was heard; what is told of them now.
    Interview(Interview, DropperTold),
    /// It is proposed that they be listed.
    Propose,
    /// A second person lists them.
    List,
    /// They ask to be taken off, and why.
    AskOff(String),
    /// Somebody looked again: it stays, and why.
    Keep(String),
    /// They are none, or no more, and why.
    Clear(String),
    /// A criminal case is open: its number.
    Case(String),
}

impl Step {
    const fn action(&self) -> Action {
        match self {
            Self::Verify | Self::Interview(..) | Self::Propose | Self::AskOff(_) | Self::Case(_) => {
                Action::KeepDropper
            }
            Self::List | Self::Keep(_) => Action::ListDropper,
            Self::Clear(_) => Action::ClearDropper,
        }
    }
    const fn act(&self) -> &'static str {
        match self {
            Self::Verify => "person.verified",
            Self::Interview(..) => "person.interviewed",
            Self::Propose => "person.proposed",
            Self::List => "person.listed",
            Self::AskOff(_) => "person.asked_off",
            Self::Keep(_) => "person.reviewed",
            Self::Clear(_) => "person.cleared",
            Self::Case(_) => "person.case_opened",
        }
    }
}

/// Takes a step. What lists, keeps or clears is signed by somebody who is present, and keeping is not by whoever listed or proposed.
///
/// # Errors
/// Absent or forbidden; the step does not fit; no reason where one is needed.
pub async fn take(app: &App, actor: &Actor, id: DropperId, step: Step) -> Result<PersonId, PersonError> {
    let (me, actor) = (app.clone(), actor.clone());
    let step = match step {
        Step::AskOff(why) => Step::AskOff(app::reason(&why).ok_or(PersonError::Reasons)?),
        Step::Keep(why) => Step::Keep(app::reason(&why).ok_or(PersonError::Reasons)?),
        Step::Clear(why) => Step::Clear(app::reason(&why).ok_or(PersonError::Reasons)?),
        Step::Case(number) if app::is_line(&number, 60) => Step::Case(number.trim().to_owned()),
        Step::Case(_) => return Err(PersonError::Reasons),
        Step::Interview(heard, told) => Step::Interview(heard, checked(&told)?),
        other => other,
    };
    app.db
        .write(move |tx| {
            store::gate::pass(tx)?;
            tx.lock_row("person_dropper", id.uuid())?;
            let d = store::dropper::find(tx, id)?.ok_or(PersonError::NotFound)?;
            access::require(&actor, Action::ViewPerson, &thing(&d))?;
            access::require(&actor, step.action(), &thing(&d))?;
            let now = me.office.now();
            if step.action() != Action::KeepDropper {
                access::present(tx, &actor, now)??;
            }
            let record = store::record(tx, d.record)?.ok_or(PersonError::NotFound)?;
            let known = standing(tx, &me, record.person, now)?;
            // What came to be known since counts: a minor is one, whatever the signal said.
            let d = Dropper { minor: d.minor || known.minor, ..d };
            if matches!(step, Step::Propose | Step::List | Step::Keep(_) | Step::Case(_)) {
                if known.victim {
                    return Err(DropperFault::Victim.into());
                }
                if !known.aged {
                    return Err(DropperFault::Age.into());
                }
            }
            if matches!(step, Step::List) {
                two_of_office(tx, &d, &actor)?;
            }
            if matches!(step, Step::Keep(_)) {
                another(tx, &d, &actor)?;
            }
            let (after, mut facts) = stepped(tx, &me, &actor, (&d, &record), (&step, now))?;
            store::dropper::save(tx, &after)?;
            if let Some(facts) = facts.as_object_mut() {
                facts.insert("dropper".to_owned(), json!(d.id));
                facts.insert("minor".to_owned(), json!(d.minor));
            }
            note(tx, &me, &actor, (step.act(), record.person), facts)?;
            Ok(record.person)
        })
        .await
}

/// Whoever proposed it still holds the office, and is another person than who lists.
fn two_of_office(tx: &mut Tx<'_>, d: &Dropper, actor: &Actor) -> Result<(), PersonError> {
    if d.minor && !d.guardian_told {
        return Err(DropperFault::Guardian.into());
    }
    if !access::still_stands(tx, &actor.label(), &[kernel::Role::Approver])? {
        return Err(access::AccessError::Forbidden(Action::ListDropper).into());
    }
    let by = d.proposed_by.clone().unwrap_or_default();
    if !access::still_stands(tx, &by, &[kernel::Role::DutyOfficer])? {
        return Err(DropperFault::LeftOffice.into());
    }
    if !access::two_persons(tx, &by, &actor.label())? {
        return Err(DropperFault::OwnProposal.into());
    }
    Ok(())
}

/// Whoever looks again holds the office, and is another person than who proposed and who listed, by whatever account.
fn another(tx: &mut Tx<'_>, d: &Dropper, actor: &Actor) -> Result<(), PersonError> {
    if !access::still_stands(tx, &actor.label(), &[kernel::Role::Approver])? {
        return Err(access::AccessError::Forbidden(Action::ListDropper).into());
    }
    for by in d.proposed_by.iter().chain(&d.listed_by) {
        if !access::two_persons(tx, by, &actor.label())? {
            return Err(DropperFault::OwnProposal.into());
        }
    }
    Ok(())
}

/// What is told of them now.
fn told_now(
    tx: &mut Tx<'_>,
    app: &App,
    (d, record): (&Dropper, &PersonRecord),
) -> Result<DropperTold, PersonError> {
    let sealed = store::dropper::sealed(tx, d.id)?.told;
    let told = opened(tx, app, record.subject, (TOLD, Some(sealed)))?;
    Ok(told.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default())
}

/// What stood in a field before is kept beside it.
fn keep_earlier(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    d: &Dropper,
    (field, sealed, now): (&str, Option<Vec<u8>>, Timestamp),
) -> Result<(), PersonError> {
    let Some(sealed) = sealed.filter(|s| !s.is_empty()) else { return Ok(()) };
    let before = store::earlier::of(tx, d.id.uuid())?.into_iter().find(|e| e.field == field);
    let told = before.map_or_else(|| (d.header.created_at, d.header.author.clone()), |e| e.replaced);
    let facts = json!({
        "knowledge": d.knowledge.map(Knowledge::as_str), "voluntary": d.voluntary, "talked": d.talked,
        "guardian_told": d.guardian_told, "status": d.status.as_str(),
    });
    let earlier = Earlier {
        record: d.record,
        of: d.id.uuid(),
        field: field.to_owned(),
        facts,
        told,
        replaced: (now, actor.label()),
        sealed,
        reason_sealed: Vec::new(),
    };
    Ok(store::earlier::keep(tx, app.uuid(), &earlier)?)
}

/// What is told is told anew; what stood before is kept.
fn tell_anew(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (d, record): (&Dropper, &PersonRecord),
    (told, now): (&DropperTold, Timestamp),
) -> Result<(), PersonError> {
    let before = store::dropper::sealed(tx, d.id)?.told;
    keep_earlier(tx, app, actor, d, (TOLD, Some(before), now))?;
    let words = serde_json::to_string(told).unwrap_or_default();
    let sealed = app.seal_words(tx, record.subject, TOLD, &words)?;
    Ok(store::dropper::tell(tx, d.id, sealed.bytes())?)
}

/// A reason is given; the one before is kept.
fn said(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (d, record): (&Dropper, &PersonRecord),
    (field, why, now): (&str, &str, Timestamp),
) -> Result<app::SealedWords, PersonError> {
    let before = store::dropper::sealed(tx, d.id)?;
    let before = if field == ASKED { before.asked } else { before.reason };
    keep_earlier(tx, app, actor, d, (field, before, now))?;
    Ok(app.seal_words(tx, record.subject, field, why)?)
}

/// The matter after a step, and what the record says of it; what was told or said is sealed.
fn stepped(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (d, record): (&Dropper, &PersonRecord),
    (step, now): (&Step, Timestamp),
) -> Result<(Dropper, Value), PersonError> {
    Ok(match step {
        Step::Verify => (dropper::verify(d)?, json!({})),
        Step::Interview(heard, told) => {
            let after = dropper::interview(d, *heard)?;
            tell_anew(tx, app, actor, (d, record), (told, now))?;
            (after, json!({"knowledge": heard.knowledge.as_str(), "voluntary": heard.voluntary}))
        }
        Step::Case(number) => {
            let after = dropper::open_case(d)?;
            let told = DropperTold { case: number.clone(), ..told_now(tx, app, (d, record))? };
            tell_anew(tx, app, actor, (d, record), (&told, now))?;
            (after, json!({"was": d.status.as_str()}))
        }
        Step::Propose => {
            let told = told_now(tx, app, (d, record))?;
            (dropper::propose(d, told.instruments.len(), &actor.label())?, json!({}))
        }
        Step::List => {
            let after = dropper::list(d, &actor.label(), review(app, now))?;
            let review = after.review_at.rfc3339();
            (after, json!({"review": review}))
        }
        Step::AskOff(why) => {
            let after = dropper::ask_off(d, now)?;
            let sealed = said(tx, app, actor, (d, record), (ASKED, why, now))?;
            store::dropper::ask(tx, d.id, sealed.bytes())?;
            (after, json!({"reason_sealed": sealed.fact()}))
        }
        Step::Keep(why) => {
            let after = dropper::keep(d, review(app, now))?;
            let sealed = said(tx, app, actor, (d, record), (REASON, why, now))?;
            store::dropper::say(tx, d.id, sealed.bytes())?;
            (after, json!({"reason_sealed": sealed.fact()}))
        }
        Step::Clear(why) => {
            let after = dropper::clear(d)?;
            let sealed = said(tx, app, actor, (d, record), (REASON, why, now))?;
            store::dropper::say(tx, d.id, sealed.bytes())?;
            (after, json!({"was": d.status.as_str(), "reason_sealed": sealed.fact()}))
        }
    })
}
