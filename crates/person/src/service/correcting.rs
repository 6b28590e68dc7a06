//! What officers brought is corrected and taken back: with a reason, and what stood before is kept. Taken back, a record is nobody's
//! appearance: nothing is found by it and nobody is joined by it, until somebody puts it back.

use access::Action;
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Personal, Purpose, Timestamp};
use serde_json::json;

use super::forgetting::{carry, part_from};
use super::gathering::born;
use super::hearing::{checked, concerned_by, keep_earlier, tells, weigh_anew, written};
use super::reading::{Ground, ground_for, open_record, open_told, resource};
use super::{REASON, TOLD};
use crate::error::PersonError;
use crate::model::{DropperStatus, OpenRecord, PersonId, PersonRecord, RecordId, Role, Told, Verdict};
use crate::store;

/// What a record told before.
#[derive(Debug, Clone)]
pub struct Version {
    /// What was told.
    pub told: Option<Personal<Told>>,
    /// What they were in the matter.
    pub role: Option<Role>,
    /// When and by whom.
    pub at: (Timestamp, String),
    /// When and by whom it was told anew.
    pub replaced: (Timestamp, String),
    /// Why.
    pub reason: Option<String>,
}

/// A record with what it told before.
#[derive(Debug, Clone)]
pub struct RecordPage {
    /// The record.
    pub open: OpenRecord,
    /// What it told before, the latest first.
    pub versions: Vec<Version>,
    /// Why it was taken back.
    pub why_back: Option<String>,
    /// Whether the reader may correct it and take it back.
    pub may_change: bool,
}

fn words(
    tx: &mut Tx<'_>,
    app: &App,
    subject: uuid::Uuid,
    (field, sealed): (&str, Vec<u8>),
) -> Result<Option<String>, PersonError> {
    let opened = app.open_words(tx, subject, field, &app::SealedWords::from_bytes(sealed))?;
    Ok(opened.map(|w| w.into_inner(Purpose::HandleReport)))
}

/// One record, opened for a report with all that it told before; that is a record.
///
/// # Errors
/// Absent or hidden; no such report for the reader.
pub async fn record_page(
    app: &App,
    actor: &Actor,
    id: RecordId,
    ground: &Ground,
) -> Result<RecordPage, PersonError> {
    let (me, actor, ground) = (app.clone(), actor.clone(), ground.clone());
    app.db
        .write(move |tx| {
            let record = store::record(tx, id)?.ok_or(PersonError::NotFound)?;
            access::require(&actor, Action::ViewPerson, &resource(&record))?;
            let report = ground_for(tx, &actor, &ground.0)?;
            let facts = json!({"report": report.uuid(), "record": id});
            let about = Act::about("person.read", "person", record.person.uuid());
            me.record(tx, &actor, &Act { purpose: Some(Purpose::HandleReport), facts, ..about })?;
            let mut versions = Vec::new();
            for e in store::earlier::of(tx, id.uuid())? {
                let told = words(tx, &me, record.subject, (TOLD, e.sealed))?;
                versions.push(Version {
                    told: told.and_then(|t| serde_json::from_str(&t).ok()).map(Personal::new),
                    role: e.facts.get("role").and_then(|r| r.as_str()).and_then(Role::parse),
                    at: e.told,
                    replaced: e.replaced,
                    reason: words(tx, &me, record.subject, (REASON, e.reason_sealed))?,
                });
            }
            let why = store::why_back(tx, id)?.unwrap_or_default();
            Ok(RecordPage {
                why_back: words(tx, &me, record.subject, (REASON, why))?,
                may_change: record.is_brought()
                    && access::allowed(&actor, Action::JudgePerson, &resource(&record)),
                open: open_record(tx, &me, record)?,
                versions,
            })
        })
        .await
}

/// A record that officers brought, if the actor may change it.
fn brought(tx: &mut Tx<'_>, actor: &Actor, id: RecordId) -> Result<PersonRecord, PersonError> {
    store::gate::pass(tx)?;
    let record = store::record(tx, id)?.ok_or(PersonError::NotFound)?;
    access::require(actor, Action::ViewPerson, &resource(&record))?;
    access::require(actor, Action::JudgePerson, &resource(&record))?;
    if record.is_brought() { Ok(record) } else { Err(PersonError::Foreign) }
}

/// Whether a matter that is not cleared hangs on a record.
pub(super) fn carries(tx: &mut Tx<'_>, id: RecordId) -> Result<bool, PersonError> {
    Ok(store::dropper::of_record(tx, id)?.iter().any(|d| d.status != DropperStatus::Cleared))
}

/// What people said of a record was said of what it told before: it is taken back in the name of whoever corrects it, and asked anew. The
/// machine does not answer in their place.
fn ask_anew(tx: &mut Tx<'_>, app: &App, actor: &Actor, id: RecordId) -> Result<(), PersonError> {
    for said in store::judgements_of(tx, id)?.into_iter().filter(|j| j.undone_at.is_none()) {
        super::judging::take_back(tx, app, actor, &said)?;
        if said.stands && said.verdict != Verdict::Unsure {
            store::bar::put(tx, said.first, said.second)?;
        }
    }
    Ok(())
}

/// A mark of what a record tells now: another one when it is told anew.
#[must_use]
pub fn stands(record: &PersonRecord) -> String {
    hex::encode(&record.same)
}

/// What was wrong in a record is told anew, with a reason; what stood before is kept. What people said of it goes back to the queue.
///
/// # Errors
/// Absent or forbidden; not brought by officers; taken back; nothing told; no reason; a matter as a dropper hangs on it and is open: told
/// anew it would be another person's; as in [`super::by_hand`].
pub async fn correct(
    app: &App,
    actor: &Actor,
    id: RecordId,
    told: (Role, Told),
    reason: &str,
) -> Result<PersonId, PersonError> {
    correct_over(app, actor, (id, None), told, reason).await
}

/// The same over what somebody has read ([`stands`]): where it is told anew meanwhile, nothing of it is lost unseen.
///
/// # Errors
/// As [`correct`]; [`PersonError::Changed`].
pub async fn correct_over(
    app: &App,
    actor: &Actor,
    (id, read): (RecordId, Option<&str>),
    (role, told): (Role, Told),
    reason: &str,
) -> Result<PersonId, PersonError> {
    let told = checked(told)?;
    let reason = app::reason(reason).ok_or(PersonError::Reasons)?;
    if !tells(app, &told) {
        return Err(PersonError::Nothing);
    }
    let (me, actor, read) = (app.clone(), actor.clone(), read.map(str::to_owned));
    app.db
        .write(move |tx| {
            let record = brought(tx, &actor, id)?;
            if record.taken_back.is_some() {
                return Err(PersonError::TakenBack);
            }
            if read.as_ref().is_some_and(|read| *read != stands(&record)) {
                return Err(PersonError::Changed);
            }
            if carries(tx, id)? {
                return Err(PersonError::Carries);
            }
            let (text, same) = written(&me, role, &told);
            let why = me.seal_words(tx, record.subject, REASON, &reason)?;
            let sealed = me.seal_words(tx, record.subject, TOLD, &text)?;
            if sealed.bytes().is_empty() {
                return Err(PersonError::NotFound);
            }
            let by = (me.office.now(), actor.label());
            keep_earlier(tx, &me, &record, (&by, why.bytes()))?;
            store::rewrite(tx, id, role, (&same, sealed.bytes()), (by.0, &by.1))?;
            let facts = json!({"record": id, "role": role.as_str(), "reason_sealed": why.fact()});
            let about = Act::about("person.corrected", "person", record.person.uuid());
            me.record(tx, &actor, &Act { facts, ..about })?;
            ask_anew(tx, &me, &actor, id)?;
            weigh_anew(tx, &me, (id, &told), true)?;
            Ok(store::record(tx, id)?.ok_or(PersonError::NotFound)?.person)
        })
        .await
}

/// A record counts no more; that is a record. Why is empty where the machine does it: what it stood on is told beside.
pub(super) fn withhold(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (record, why): (&PersonRecord, &app::SealedWords),
) -> Result<(), PersonError> {
    let facts = json!({"record": record.id, "reason_sealed": why.fact(), "list": record.list});
    let about = Act::about("person.taken_back", "person", record.person.uuid());
    app.record(tx, actor, &Act { facts, ..about })?;
    let concerned = concerned_by(tx, record)?;
    carry(tx, record)?;
    store::take_back(tx, record.id, (app.office.now(), &actor.label()), why.bytes())?;
    store::keep_keys(tx, record.id, &[])?;
    store::unpair_machine(tx, record.id)?;
    part_from(tx, app, actor, &concerned)
}

/// A record is taken back, and why.
///
/// # Errors
/// Absent or forbidden; not brought by officers; taken back already; no reason; a matter as a dropper hangs on it and is open.
pub async fn take_record_back(
    app: &App,
    actor: &Actor,
    id: RecordId,
    reason: &str,
) -> Result<PersonId, PersonError> {
    let reason = app::reason(reason).ok_or(PersonError::Reasons)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let record = brought(tx, &actor, id)?;
            if record.taken_back.is_some() {
                return Err(PersonError::TakenBack);
            }
            if carries(tx, id)? {
                return Err(PersonError::Carries);
            }
            let why = me.seal_words(tx, record.subject, REASON, &reason)?;
            withhold(tx, &me, &actor, (&record, &why))?;
            Ok(record.person)
        })
        .await
}

/// A record that was taken back counts again: it is weighed as if it had just come.
///
/// # Errors
/// Absent or forbidden; not taken back.
pub async fn put_record_back(app: &App, actor: &Actor, id: RecordId) -> Result<PersonId, PersonError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let record = brought(tx, &actor, id)?;
            if record.taken_back.is_none() {
                return Err(PersonError::Counts);
            }
            restore(tx, &me, &actor, &record)
        })
        .await
}

/// A record counts again; that is a record. Among the records of somebody on whom a matter is open it is somebody of its own until people
/// have answered: the machine lays it to nobody.
pub(super) fn count_again(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    record: &PersonRecord,
) -> Result<(), PersonError> {
    store::put_back(tx, record.id)?;
    let facts = json!({"record": record.id});
    let about = Act::about("person.put_back", "person", record.person.uuid());
    app.record(tx, actor, &Act { facts, ..about })?;
    let all = store::count_of(tx, record.person)?;
    let mut open = store::dropper::of_person(tx, record.person)?;
    open.retain(|d| d.status != DropperStatus::Cleared && d.record != record.id);
    if open.is_empty() {
        return Ok(store::set_records(tx, record.person, all)?);
    }
    for d in open {
        store::bar::put(tx, record.id, d.record)?;
    }
    store::set_records(tx, record.person, all.saturating_sub(1))?;
    // Whoever it was before, so that their number comes back; else somebody new.
    let own = match store::person(tx, record.born)?.filter(|p| p.into.is_some()) {
        Some(person) => {
            store::set_records(tx, person.id, 1)?;
            person.id
        }
        None => born(tx, app, Some(record))?,
    };
    Ok(store::move_to(tx, record.id, own)?)
}

fn restore(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    record: &PersonRecord,
) -> Result<PersonId, PersonError> {
    count_again(tx, app, actor, record)?;
    if let Some(told) = open_told(tx, app, record)? {
        weigh_anew(tx, app, (record.id, told.open(Purpose::Investigate)), true)?;
    }
    Ok(store::record(tx, record.id)?.ok_or(PersonError::NotFound)?.person)
}
