//! Looking at exhibits: lists, one of them with its custody, its content, its proof on paper. Each look at what is sealed is an event.

use std::collections::BTreeMap;

use access::{Action, Kind, Office, Resource};
use app::App;
use audit::{Act, Proven};
use kernel::{Actor, Personal, Purpose, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::{Held, Said, WORDS, about, happen, hold, looking};
use crate::error::EvidenceError;
use crate::model::{About, Event, EventKind, Exhibit, ExhibitId, Fate, Form, Look, Place, Words};
use crate::rules::looks::Mark;
use crate::shelf::{Frames, Shelf};
use crate::store;
use crate::store::exhibit::Narrow;

/// How many a page of the list shows.
pub const PAGE: i64 = 50;
/// How many exhibits of a matter are shown.
const MOST_OF_A_MATTER: i64 = 1_000;
/// How many events are shown at once.
const MOST_EVENTS: i64 = 2_000;

/// An exhibit in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The exhibit.
    pub exhibit: Exhibit,
    /// What it is called; `None` once it was destroyed.
    pub title: Option<Personal<String>>,
    /// Who keeps it, by name.
    pub custodian: String,
    /// What is to be seen of the look into it; nothing on the page of a matter.
    pub mark: Mark,
}

/// A page of the list.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// What is on it.
    pub rows: Vec<Listed>,
    /// Where the next page begins.
    pub more: Option<(Timestamp, Uuid)>,
    /// How many there are of what waits for somebody.
    pub counts: Counts,
}

/// How many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// All that the reader sees.
    pub all: i64,
    /// Given to the reader, not yet received.
    pub to_me: i64,
    /// With a proposal that waits for a second person.
    pub proposed: i64,
    /// Found damaged.
    pub damaged: i64,
}

fn office(actor: &Actor) -> Result<Office, EvidenceError> {
    Ok(access::scope(actor, Kind::Exhibit)?.office()?)
}

/// A page of the list. Titles are opened for it, which is recorded.
///
/// # Errors
/// Forbidden.
pub async fn list(app: &App, actor: &Actor, narrow: Narrow) -> Result<Page, EvidenceError> {
    access::require(actor, Action::ViewExhibit, &Resource::any(Kind::Exhibit))?;
    let (me, who, office) = (app.clone(), actor.clone(), office(actor)?);
    app.db
        .write(move |tx| {
            let mut rows = store::exhibit::list(tx, &office, &narrow, PAGE + 1)?;
            let more = rows.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
            rows.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
            let more = rows.last().filter(|_| more).map(|e| (e.changed_at, e.id.uuid()));
            let rows = titled(tx, &me, &who, (rows, true))?;
            Ok(Page { rows, more, counts: count(tx, &office)? })
        })
        .await
}

/// How many there are.
///
/// # Errors
/// Forbidden.
pub async fn counts(app: &App, actor: &Actor) -> Result<Counts, EvidenceError> {
    let office = office(actor)?;
    app.db.read(move |tx| count(tx, &office)).await
}

fn count(tx: &mut db::Tx<'_>, office: &Office) -> Result<Counts, EvidenceError> {
    let [all, to_me, proposed, damaged] = store::exhibit::count(tx, office)?;
    Ok(Counts { all, to_me, proposed, damaged })
}

/// Exhibits of a matter that the reader sees, for the matter's page.
///
/// # Errors
/// Forbidden.
pub fn of_matter(
    tx: &mut db::Tx<'_>,
    app: &App,
    actor: &Actor,
    matter: (&str, Uuid),
) -> Result<Vec<Listed>, EvidenceError> {
    let office = office(actor)?;
    let rows = store::exhibit::of_matter(tx, &office, matter, MOST_OF_A_MATTER)?;
    titled(tx, app, actor, (rows, false))
}

fn titled(
    tx: &mut db::Tx<'_>,
    app: &App,
    actor: &Actor,
    (rows, marked): (Vec<Exhibit>, bool),
) -> Result<Vec<Listed>, EvidenceError> {
    let names = access::names_of(tx, &app.vault, rows.iter().map(|e| e.custodian.clone()))?;
    let mut all = Vec::new();
    for exhibit in rows {
        let about = about(tx, app, exhibit.id)?;
        let mark = match (&about, exhibit.blob) {
            (Some(about), Some(blob)) if marked => {
                let name = about.acquisition.clone().into_inner(Purpose::HandleReport).file_name;
                looking::mark_of(tx, app, blob, &name)?
            }
            _ => Mark::default(),
        };
        let title = about.map(|a| a.title);
        let custodian = names.get(&exhibit.custodian).cloned().unwrap_or_default();
        all.push(Listed { exhibit, title, custodian, mark });
    }
    if !all.is_empty() {
        let ids: Vec<String> = all.iter().map(|listed| listed.exhibit.id.to_string()).collect();
        let facts = json!({"exhibits": ids});
        let act = Act { facts, ..Act::read("exhibit.list_read", "desk", Uuid::nil(), Purpose::HandleReport) };
        app.record(tx, actor, &act)?;
    }
    Ok(all)
}

/// An event with what was said.
#[derive(Debug, Clone)]
pub struct Custody {
    /// The event.
    pub event: Event,
    /// Who did it, by name; empty for the platform itself.
    pub by: String,
    /// Who else is concerned, by name.
    pub counterpart: String,
    /// The place it was put into.
    pub place: Option<String>,
    /// What was said.
    pub words: Option<Personal<Words>>,
    /// Its place in the log; `None` while it waits.
    pub log_no: Option<u64>,
}

/// What may be done to it now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one button each")]
pub struct May {
    /// Put it into another place, seal it.
    pub keep: bool,
    /// Break its seal.
    pub unseal: bool,
    /// Close it under a seal.
    pub seal: bool,
    /// Give it to somebody.
    pub offer: bool,
    /// Receive it, or not.
    pub receive: bool,
    /// Keep it after all.
    pub call_back: bool,
    /// Call it something else, make something from it, put it into a package.
    pub handle: bool,
    /// Propose what becomes of it.
    pub propose: bool,
    /// Agree to that, or not.
    pub confirm: bool,
    /// Take the own proposal back.
    pub take_back: bool,
    /// Save its content.
    pub content: bool,
}

/// An exhibit, opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The exhibit.
    pub exhibit: Exhibit,
    /// Whether it lies under a seal.
    pub under_seal: bool,
    /// What is sealed of it; `None` once it was destroyed.
    pub about: Option<About>,
    /// Who keeps it, by name.
    pub custodian: String,
    /// Where it lies.
    pub place: Option<Place>,
    /// What happened to it.
    pub custody: Vec<Custody>,
    /// The exhibit from which it was made.
    pub parent: Option<Exhibit>,
    /// What was made from it.
    pub made: Vec<Exhibit>,
    /// Colleagues to whom it may be given.
    pub colleagues: Vec<(Uuid, String)>,
    /// Places where it may be put.
    pub places: Vec<Place>,
    /// What may be done.
    pub may: May,
    /// What the limited reader has said of its bytes.
    pub look: Look,
}

/// Opens an exhibit by its number. What is shown of it is personal: that it was looked at is recorded.
///
/// # Errors
/// Absent or hidden.
pub async fn open(app: &App, actor: &Actor, number: &str) -> Result<Opened, EvidenceError> {
    let (me, who, number) = (app.clone(), actor.clone(), number.to_owned());
    let (mut opened, look) = app
        .db
        .write(move |tx| {
            let (found, _) = store::exhibit::by_number(tx, &number)?.ok_or(EvidenceError::NotFound)?;
            let held = hold(tx, &who, Action::ViewExhibit, found.id)?;
            let opened = read(tx, &me, &who, held)?;
            let purpose = Purpose::HandleReport;
            let facts = json!({"events": opened.exhibit.events});
            let act = Act { facts, ..Act::read("exhibit.read", "exhibit", found.id.uuid(), purpose) };
            me.record(tx, &who, &act)?;
            let look = looking::of(tx, &me, &opened.exhibit)?;
            Ok::<_, EvidenceError>((opened, look))
        })
        .await?;
    opened.look = look.open()?;
    Ok(opened)
}

pub(super) fn read(tx: &mut db::Tx<'_>, app: &App, who: &Actor, held: Held) -> Result<Opened, EvidenceError> {
    let id = held.exhibit.id;
    // The newest, should there be more than a page holds; a package holds them all.
    let custody = behind(tx, app, id, held.exhibit.events.saturating_sub(MOST_EVENTS))?;
    let organisation = held.exhibit.header.organisation_id.clone();
    let places = store::place::list(tx, &organisation)?;
    let place = held.exhibit.place.and_then(|p| places.iter().find(|q| q.id == p).cloned());
    let names = access::names_of(tx, &app.vault, [held.exhibit.custodian.clone()])?;
    let resource = super::resource(&held.exhibit, &held.readers);
    let handle = access::allowed(who, Action::HandleExhibit, &resource);
    let colleagues = if handle && held.might(who, EventKind::Offered) {
        let all = access::colleagues(tx, &app.vault, &organisation)?;
        let keeps = |c: &access::Colleague| {
            c.office.holds_any(&[kernel::Role::DutyOfficer]) && format!("staff:{}", c.account) != who.label()
        };
        let named = |c: access::Colleague| (c.account, c.name.into_inner(Purpose::Operate));
        all.into_iter().filter(keeps).map(named).collect()
    } else {
        Vec::new()
    };
    let parent = match held.exhibit.parent {
        Some(parent) => store::exhibit::find(tx, parent)?.map(|(e, _)| e),
        None => None,
    };
    // What belongs to a closed matter is not named to those outside, be it by its relatives.
    let parent = shown(tx, who, parent.into_iter().collect())?.pop();
    let made = store::exhibit::made_from(tx, id)?;
    let made = shown(tx, who, made)?;
    Ok(Opened {
        about: about(tx, app, id)?,
        custodian: names.into_values().next().unwrap_or_default(),
        place,
        custody,
        parent,
        made,
        colleagues,
        places: places.into_iter().filter(|p| p.open).collect(),
        may: may(who, &held, &resource, handle),
        under_seal: held.under_seal,
        exhibit: held.exhibit,
        look: Look::Nothing,
    })
}

/// Those that the reader may see.
fn shown(tx: &mut db::Tx<'_>, who: &Actor, all: Vec<Exhibit>) -> Result<Vec<Exhibit>, EvidenceError> {
    let mut seen = Vec::new();
    for exhibit in all {
        let readers = store::exhibit::readers(tx, exhibit.id)?;
        if access::allowed(who, Action::ViewExhibit, &super::resource(&exhibit, &readers)) {
            seen.push(exhibit);
        }
    }
    Ok(seen)
}

fn may(who: &Actor, held: &Held, resource: &Resource, handle: bool) -> May {
    let can = |kind| handle && held.might(who, kind);
    let e = &held.exhibit;
    let confirm = access::allowed(who, Action::ConfirmExhibit, resource);
    let ends = match e.proposed {
        Some(Fate::Return) => EventKind::Returned,
        Some(Fate::Destroy) => EventKind::Destroyed,
        None => EventKind::SentBack,
    };
    May {
        keep: can(EventKind::Moved),
        seal: can(EventKind::Sealed),
        unseal: can(EventKind::Unsealed),
        offer: can(EventKind::Offered),
        receive: can(EventKind::Received),
        call_back: can(EventKind::CalledBack),
        handle: can(EventKind::Described),
        propose: can(EventKind::Proposed),
        confirm: confirm && held.might(who, ends),
        take_back: handle && e.proposed.is_some() && e.proposed_by == who.label(),
        content: e.form == Form::File
            && e.blob.is_some()
            && access::allowed(who, Action::OpenExhibit, resource)
            && held.might(who, EventKind::Opened),
    }
}

/// All that happened to an exhibit, with what was said.
pub(super) fn custody(tx: &mut db::Tx<'_>, app: &App, e: &Exhibit) -> Result<Vec<Custody>, EvidenceError> {
    let mut all = Vec::new();
    while let Ok(after) = i64::try_from(all.len()) {
        if after >= e.events {
            break;
        }
        let more = behind(tx, app, e.id, after)?;
        if more.is_empty() {
            return Err(db::DbError::Bug(format!("events of `{}` are missing", e.id)).into());
        }
        all.extend(more);
    }
    Ok(all)
}

/// What happened to an exhibit behind that event, at most [`MOST_EVENTS`] of it.
fn behind(tx: &mut db::Tx<'_>, app: &App, id: ExhibitId, after: i64) -> Result<Vec<Custody>, EvidenceError> {
    let events = store::event::of(tx, id, after, MOST_EVENTS)?;
    let labels = events.iter().flat_map(|e| [e.actor.clone(), e.counterpart.clone()]);
    let names = access::names_of(tx, &app.vault, labels)?;
    let sealed: BTreeMap<i64, Vec<u8>> = store::event::words(tx, id)?.into_iter().collect();
    let mut all = Vec::new();
    for event in events {
        let words = match sealed.get(&event.no) {
            Some(bytes) => {
                let sealed = app::SealedWords::from_bytes(bytes.clone());
                let opened = match app.open_words(tx, id.uuid(), WORDS, &sealed)? {
                    Some(text) => Some(text),
                    // Of what was destroyed the decision alone is left, under a key of its own.
                    None => app.open_words(tx, super::taking::end_of(id), WORDS, &sealed)?,
                };
                opened.and_then(|text| {
                    serde_json::from_str(&text.into_inner(Purpose::HandleReport)).ok().map(Personal::new)
                })
            }
            None => None,
        };
        let place = match event.place {
            Some(place) => store::place::find(tx, &app.node.code, place)?.map(|p| p.name),
            None => None,
        };
        all.push(Custody {
            by: names.get(&event.actor).cloned().unwrap_or_default(),
            counterpart: names.get(&event.counterpart).cloned().unwrap_or_else(|| event.counterpart.clone()),
            place,
            words,
            log_no: audit::place_of(tx, event.record)?,
            event,
        });
    }
    Ok(all)
}

/// The content of an exhibit, for somebody who saves it. That is an event.
///
/// # Errors
/// Absent or hidden; a thing; no longer here; damaged.
pub async fn content(
    app: &App,
    shelf: &Shelf,
    actor: &Actor,
    number: &str,
) -> Result<(Exhibit, Personal<String>, Frames), EvidenceError> {
    let (me, who, number) = (app.clone(), actor.clone(), number.to_owned());
    let (exhibit, name, blob, key) = app
        .db
        .write(move |tx| {
            let (found, _) = store::exhibit::by_number(tx, &number)?.ok_or(EvidenceError::NotFound)?;
            let mut held = hold(tx, &who, Action::OpenExhibit, found.id)?;
            let blob = held.exhibit.blob.ok_or(EvidenceError::NotFound)?;
            let blob = store::blob::find(tx, blob)?.ok_or(EvidenceError::Over)?;
            let key = me.vault.subject(tx, blob.id)?.ok_or(EvidenceError::Over)?;
            let about = about(tx, &me, found.id)?.ok_or(EvidenceError::Over)?;
            let said = Said { purpose: Some(Purpose::HandleReport), ..Said::default() };
            happen(tx, &me, &who, &mut held, EventKind::Opened, &said)?;
            let name = about.acquisition.into_inner(Purpose::HandleReport).file_name;
            Ok::<_, EvidenceError>((held.exhibit, Personal::new(name), blob, key))
        })
        .await?;
    let on = shelf.clone();
    let frames = super::settling::aside(move || on.frames(key, blob.frames)).await?;
    Ok((exhibit, name, frames))
}

/// The proof of one event of an exhibit, for printing. That is an event, too.
///
/// # Errors
/// Absent or hidden; no such event; the log has not yet placed it.
pub async fn slip(app: &App, actor: &Actor, number: &str, no: i64) -> Result<Proven, EvidenceError> {
    let (me, who, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let (found, _) = store::exhibit::by_number(tx, &number)?.ok_or(EvidenceError::NotFound)?;
            let mut held = hold(tx, &who, Action::ViewExhibit, found.id)?;
            let event = store::event::of(tx, found.id, no.saturating_sub(1), 1)?;
            let event = event.into_iter().find(|e| e.no == no).ok_or(EvidenceError::NotFound)?;
            let at = audit::newest(tx)?.ok_or(EvidenceError::NotPlaced)?;
            let proven = audit::prove(tx, event.record, &at)?.ok_or(EvidenceError::NotPlaced)?;
            let said = Said { facts: json!({"of": no}), ..Said::default() };
            happen(tx, &me, &who, &mut held, EventKind::Printed, &said)?;
            Ok(proven)
        })
        .await
}
