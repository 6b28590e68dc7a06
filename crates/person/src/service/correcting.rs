//! What officers brought is corrected and taken back: with a reason, and what stood before is kept. Taken back, a record is nobody's
//! appearance: nothing is found by it and nobody is joined by it, until somebody puts it back.

use access::Action;
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Personal, Purpose, Timestamp};
use serde_json::json;

use super::forgetting::part_from;
use super::hearing::{checked, concerned_by, keep_earlier, tells, weigh_anew, written};
use super::reading::{Ground, ground_for, open_record, open_told, resource};
use super::{REASON, TOLD};
use crate::error::PersonError;
use crate::model::{DropperStatus, OpenRecord, PersonId, PersonRecord, RecordId, Role, Told};
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

/// What was wrong in a record is told anew, with a reason; what stood before is kept.
///
/// # Errors
/// Absent or forbidden; not brought by officers; taken back; nothing told; no reason; as in [`super::by_hand`].
pub async fn correct(
    app: &App,
    actor: &Actor,
    id: RecordId,
    (role, told): (Role, Told),
    reason: &str,
) -> Result<PersonId, PersonError> {
    let told = checked(told)?;
    let reason = app::reason(reason).ok_or(PersonError::Reasons)?;
    if !tells(app, &told) {
        return Err(PersonError::Nothing);
    }
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let record = brought(tx, &actor, id)?;
            if record.taken_back.is_some() {
                return Err(PersonError::TakenBack);
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
            weigh_anew(tx, &me, (id, &told), true)?;
            Ok(store::record(tx, id)?.ok_or(PersonError::NotFound)?.person)
        })
        .await
}

/// A record counts no more.
pub(super) fn withhold(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (record, why): (&PersonRecord, &[u8]),
) -> Result<(), PersonError> {
    let concerned = concerned_by(tx, record)?;
    store::take_back(tx, record.id, (app.office.now(), &actor.label()), why)?;
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
            let open = store::dropper::of_record(tx, id)?;
            if open.iter().any(|d| d.status != DropperStatus::Cleared) {
                return Err(PersonError::Carries);
            }
            let why = me.seal_words(tx, record.subject, REASON, &reason)?;
            let facts = json!({"record": id, "reason_sealed": why.fact()});
            let about = Act::about("person.taken_back", "person", record.person.uuid());
            me.record(tx, &actor, &Act { facts, ..about })?;
            withhold(tx, &me, &actor, (&record, why.bytes()))?;
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
                return Err(PersonError::Decided);
            }
            restore(tx, &me, &actor, &record)
        })
        .await
}

pub(super) fn restore(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    record: &PersonRecord,
) -> Result<PersonId, PersonError> {
    store::put_back(tx, record.id)?;
    let left = store::count_of(tx, record.person)?;
    store::set_records(tx, record.person, left)?;
    let facts = json!({"record": record.id});
    let about = Act::about("person.put_back", "person", record.person.uuid());
    app.record(tx, actor, &Act { facts, ..about })?;
    if let Some(told) = open_told(tx, app, record)? {
        weigh_anew(tx, app, (record.id, told.open(Purpose::Investigate)), true)?;
    }
    Ok(store::record(tx, record.id)?.ok_or(PersonError::NotFound)?.person)
}
