//! Asking the registry: officers with a purpose, for the record; everybody else through `check`.

use access::{Action, Kind as Thing, Resource};
use app::App;
use audit::Act;
use db::Tx;
use identifier::{Candidate, Kind, Options, Region};
use kernel::{Actor, Purpose};
use serde_json::json;

use super::acting::resource;
use super::hearing::entry_id;
use super::leads::{By, Lead, leads};
use super::{OBJECTION, REASON, acting};
use crate::beforehand::Allowed;
use crate::error::RegistryError;
use crate::model::{Batch, BatchId, Entry, EntryId, How, Mention, Objection, Outcome, Status};
use crate::rules::{self, Beforehand, Known, LifeError, PublicAnswer, Verdict};
use crate::store;

/// Most entries of a list.
const LIMIT: i64 = 200;
/// Most entries of those that were named last: a glance, not a search.
const GLANCE: i64 = 50;
/// Reports that an entry shows.
const REPORTS: usize = 50;

/// What a pasted value is read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// What sort of thing.
    pub kind: Kind,
    /// Its canonical writing.
    pub canonical: String,
}

/// What was found of a thing that an officer asked about.
#[derive(Debug, Clone)]
pub struct Found {
    /// What it was read as.
    pub seen: Seen,
    /// What may be shown of it.
    pub masked: String,
    /// Its entry, if there is one.
    pub entry: Option<Entry>,
    /// What is known of it beforehand.
    pub beforehand: Beforehand,
    /// The genuine domain that its name looks like.
    pub like: Option<String>,
    /// What partners are told.
    pub verdict: Verdict,
    /// What anybody is told.
    pub public: PublicAnswer,
}

/// How identifiers are read in this country.
#[must_use]
pub fn options(app: &App) -> Options {
    Options { region: Region::from_code(app.profile.phone_region()).unwrap_or_default() }
}

/// Whether a text holds signs that turn the order of those behind them (Unicode bidirectional overrides).
pub(super) fn is_turned(text: &str) -> bool {
    text.contains(['\u{202d}', '\u{202e}'])
}

/// What a pasted value is, the likeliest first.
///
/// # Errors
/// It is nothing that is known here, or not a right one of its kind.
pub fn read(app: &App, text: &str) -> Result<Vec<Seen>, RegistryError> {
    // What turns the order of signs shows a person another number than it is.
    if is_turned(text) {
        return Err(RegistryError::Unread);
    }
    let readings = identifier::recognise(text, &options(app));
    let right: Vec<Seen> = readings
        .iter()
        .filter_map(|Candidate { kind, outcome }| {
            Some(Seen { kind: *kind, canonical: outcome.as_ref().ok()?.clone() })
        })
        .collect();
    match (right.is_empty(), readings.into_iter().find_map(|c| c.outcome.err())) {
        (false, _) => Ok(right),
        (true, Some(reason)) => Err(RegistryError::Value(reason)),
        (true, None) => Err(RegistryError::Unread),
    }
}

/// Why somebody looks something up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// What for.
    pub purpose: Purpose,
    /// The number of the report that it is for, if there is one: one that the officer may open.
    pub report: Option<String>,
}

impl From<Purpose> for Ground {
    fn from(purpose: Purpose) -> Self {
        Self { purpose, report: None }
    }
}

/// The report that something is looked up for.
fn report_for(tx: &mut Tx<'_>, actor: &Actor, number: &str) -> Result<report::ReportId, RegistryError> {
    let found = report::store::by_number(tx, number)?.ok_or(RegistryError::ReportNumber)?;
    let thing = Resource::new(Thing::Report, found.id.uuid(), &found.header);
    match access::allowed(actor, Action::ViewReport, &thing) {
        true => Ok(found.id),
        false => Err(RegistryError::ReportNumber),
    }
}

/// What is known of a value, for an officer. Who asked, about what, why and for which report is a record, also where nothing
/// was found.
///
/// # Errors
/// Forbidden; no identifier; a report that is not there for the officer.
pub async fn find(
    app: &App,
    actor: &Actor,
    text: &str,
    ground: impl Into<Ground>,
) -> Result<Vec<Found>, RegistryError> {
    let Ground { purpose, report } = ground.into();
    access::require(actor, Action::ViewIdentifier, &Resource::any(Thing::Identifier))?;
    let readings = read(app, text)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let (now, partners) = (me.office.now(), partner::store::all(tx)?);
            let allowed = Allowed::here(&me, &partners);
            let report = report.as_deref().map(str::to_uppercase);
            let report = report.as_deref().map(|number| report_for(tx, &actor, number)).transpose()?;
            let mut all: Vec<Found> = Vec::new();
            for Lead { seen, how, .. } in readings.iter().flat_map(leads) {
                let seen = &seen;
                if all.iter().any(|found| found.seen == *seen) {
                    continue;
                }
                let id = entry_id(&me, seen.kind, &seen.canonical);
                let entry = match store::find(tx, id)? {
                    Some(e) if access::allowed(&actor, Action::ViewIdentifier, &resource(tx, &e)?) => Some(e),
                    _ => None,
                };
                // What a thing leads to is shown where there is something to be shown.
                if entry.is_none() && how != By::Itself {
                    continue;
                }
                let beforehand = allowed.beforehand(seen.kind, &seen.canonical);
                let known = Known { entry: entry.as_ref(), beforehand };
                let (verdict, public) = (rules::verdict(known, now), rules::public(known, now));
                let masked = identifier::mask(seen.kind, &seen.canonical);
                let mut facts = json!({"kind": seen.kind.as_str(), "found": entry.is_some()});
                if let (Some(report), Some(facts)) = (report, facts.as_object_mut()) {
                    facts.insert("report".to_owned(), json!(report.uuid()));
                }
                let about = Act::about("registry.looked_up", "identifier", id.uuid());
                me.record(tx, &actor, &Act { purpose: Some(purpose), facts, ..about })?;
                let like = allowed.imitated(seen.kind, &seen.canonical).map(str::to_owned);
                all.push(Found { seen: seen.clone(), masked, entry, beforehand, like, verdict, public });
            }
            Ok(all)
        })
        .await
}

/// An entry with all that stands behind it.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The entry.
    pub entry: Entry,
    /// Where it stands now.
    pub status: Status,
    /// The genuine domain that its name looks like.
    pub like: Option<String>,
    /// What partners are told.
    pub verdict: Verdict,
    /// What anybody is told.
    pub public: PublicAnswer,
    /// Reports that name it, the latest first: those that the reader may see.
    pub mentions: Vec<(Mention, report::Report)>,
    /// How many reports name it that the reader may not see.
    pub hidden: usize,
    /// How many more name it, earlier than those.
    pub earlier: usize,
    /// Lists that name it.
    pub lists: Vec<Batch>,
    /// The latest objections from the portal to it.
    pub objections: Vec<Objection>,
    /// Why it was confirmed or cleared, and by whom.
    pub reason: Option<String>,
    /// What the last objector said, as an officer wrote it down.
    pub objection: Option<String>,
    /// By whom, as the actor's label.
    pub by: Option<String>,
    /// Institutions that were told something of it.
    pub told: Vec<store::TellTo>,
    /// What became of payments to it.
    pub became: Vec<(Outcome, i64)>,
    /// What was done with it and who asked about it, as recorded.
    pub history: Vec<audit::RecordView>,
    /// Who has signed that it is listed.
    pub signers: Vec<String>,
    /// Why the next act would be refused; `None` if it would not.
    pub in_the_way: Option<LifeError>,
    /// Whether the reader may confirm it.
    pub may_confirm: bool,
    /// Whether the reader may sign it.
    pub may_list: bool,
    /// Whether the reader may clear it.
    pub may_clear: bool,
    /// Whether the reader may write down an objection to it.
    pub may_object: bool,
}

/// What somebody typed about an entry, opened; `None` if nothing was kept.
fn opened(
    tx: &mut Tx<'_>,
    app: &App,
    id: EntryId,
    (field, sealed): (&str, Option<Vec<u8>>),
) -> Result<Option<String>, RegistryError> {
    let Some(bytes) = sealed else { return Ok(None) };
    let words = app.open_words(tx, id.uuid(), field, &app::SealedWords::from_bytes(bytes))?;
    Ok(words.map(|w| w.into_inner(Purpose::Investigate)))
}

/// One entry, opened for reading; that is a record.
///
/// # Errors
/// Absent or hidden.
pub async fn entry(app: &App, actor: &Actor, id: EntryId) -> Result<Opened, RegistryError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let entry = store::find(tx, id)?.ok_or(RegistryError::NotFound)?;
            let seen = resource(tx, &entry)?;
            access::require(&actor, Action::ViewIdentifier, &seen)?;
            let (now, partners) = (me.office.now(), partner::store::all(tx)?);
            let allowed = Allowed::here(&me, &partners);
            let (beforehand, like) = (allowed.beforehand_of(&me, &entry), allowed.imitated_by(&entry));
            let like = like.map(str::to_owned);
            let known = Known { entry: Some(&entry), beforehand };
            let mut mentions = Vec::new();
            let (on_lists, all): (Vec<Mention>, Vec<Mention>) =
                store::mentions(tx, id)?.into_iter().partition(|m| m.how == How::Listing);
            let (count, mut looked_at) = (store::mention_count(tx, id)?, 0_usize);
            let mut lists = Vec::new();
            for on in on_lists {
                lists.extend(store::batch::find(tx, BatchId::from_uuid(on.report))?);
            }
            for mention in all {
                if mentions.len() == REPORTS {
                    break;
                }
                looked_at = looked_at.saturating_add(1);
                let Some(report) = report::store::find(tx, report::ReportId::from_uuid(mention.report))?
                else {
                    continue;
                };
                let thing = Resource::new(Thing::Report, report.id.uuid(), &report.header);
                if access::allowed(&actor, Action::ViewReport, &thing) {
                    mentions.push((mention, report));
                }
            }
            let (sealed, by) = store::reason(tx, id)?;
            let reason = opened(tx, &me, id, (REASON, sealed))?;
            let objection = store::objection(tx, id)?;
            let objection = opened(tx, &me, id, (OBJECTION, objection))?;
            let facts = json!({"kind": entry.kind.as_str()});
            let about = Act::about("registry.read", "identifier", id.uuid());
            me.record(tx, &actor, &Act { purpose: Some(Purpose::Investigate), facts, ..about })?;
            Ok(Opened {
                status: rules::status(&entry, now),
                like,
                verdict: rules::verdict(known, now),
                public: rules::public(known, now),
                hidden: looked_at.saturating_sub(mentions.len()),
                earlier: count.saturating_sub(looked_at),
                mentions,
                lists,
                objections: store::objection::of_entry(tx, id, None, GLANCE)?,
                reason,
                objection: objection.filter(|_| entry.disputed_at.is_some()),
                by,
                signers: store::signers(tx, id)?,
                told: store::told(tx, id)?,
                became: store::of_entry(tx, id)?,
                history: audit::records_but(tx, id.uuid(), ["registry.read", "registry.audited"])?,
                in_the_way: acting::in_the_way(&entry, beforehand, now),
                may_confirm: access::allowed(&actor, Action::ConfirmIdentifier, &seen),
                may_list: access::allowed(&actor, Action::ListIdentifier, &seen),
                // An objection is decided by somebody who had no hand in it.
                may_clear: access::allowed(&actor, Action::ClearIdentifier, &seen)
                    && !(entry.disputed_at.is_some() && acting::had_a_hand(tx, &entry, &actor)?),
                may_object: access::allowed(&actor, Action::FileAppeal, &Resource::any(Thing::Appeal))
                    && rules::dispute(&entry, "", now).is_ok(),
                entry,
            })
        })
        .await
}

/// Whether people have cleared a thing: nothing is done to it by itself then.
///
/// # Errors
/// The database's.
pub fn is_cleared(tx: &mut Tx<'_>, app: &App, kind: Kind, canonical: &str) -> Result<bool, db::DbError> {
    let entry = store::find(tx, entry_id(app, kind, canonical))?;
    Ok(entry.is_some_and(|e| e.decided == crate::model::Decided::Cleared))
}

/// Where a thing stands in the registry, by the id of the identifier; nothing where it has no entry.
///
/// # Errors
/// The database's.
pub fn status_of(tx: &mut Tx<'_>, app: &App, id: uuid::Uuid) -> Result<Option<Status>, db::DbError> {
    let now = app.office.now();
    Ok(store::find(tx, EntryId::from_uuid(id))?.map(|entry| rules::status(&entry, now)))
}

/// Whether a list of what is never held against anybody protects a thing.
///
/// # Errors
/// The database's.
pub fn is_spared(tx: &mut Tx<'_>, app: &App, kind: Kind, canonical: &str) -> Result<bool, db::DbError> {
    let keys = rules::spared::keys(kind, canonical, entry_id(app, kind, canonical));
    Ok(store::spared::by(tx, &keys)?.is_some())
}

/// Entries that wait for a person: a second signature, an objection, a review.
///
/// # Errors
/// Forbidden.
pub async fn to_look_at(app: &App, actor: &Actor) -> Result<Vec<(Entry, Status)>, RegistryError> {
    access::require(actor, Action::ViewIdentifier, &Resource::any(Thing::Identifier))?;
    let (code, now) = (app.node.code.clone(), app.office.now());
    let all = app.db.read(move |tx| store::to_look_at(tx, &code, now, LIMIT)).await?;
    Ok(all
        .into_iter()
        .map(|e| {
            let status = rules::status(&e, now);
            (e, status)
        })
        .collect())
}

/// The entries that were named last.
///
/// # Errors
/// Forbidden.
pub async fn latest(app: &App, actor: &Actor) -> Result<Vec<(Entry, Status)>, RegistryError> {
    access::require(actor, Action::ViewIdentifier, &Resource::any(Thing::Identifier))?;
    let (code, now) = (app.node.code.clone(), app.office.now());
    let all = app.db.read(move |tx| store::latest(tx, &code, GLANCE)).await?;
    Ok(all
        .into_iter()
        .map(|e| {
            let status = rules::status(&e, now);
            (e, status)
        })
        .collect())
}
