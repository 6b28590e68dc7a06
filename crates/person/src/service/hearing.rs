//! Hearing of somebody: who files a report, whose an account is, whom an officer writes down, who stands on a list.

use std::collections::BTreeSet;

use access::{Action, Kind as Thing, Resource};
use app::App;
use audit::Act;
use db::{Tx, outbox};
use kernel::{Actor, Purpose};
use report::ReportId;
use report::service::Full;
use serde_json::json;
use uuid::Uuid;

use super::gathering::{born, is_large, take_in};
use super::reading::ground_for;
use super::{TOLD, weighing};
use crate::error::PersonError;
use crate::model::{Doubt, Earlier, Heard, PersonId, PersonRecord, RecordId, Role, Source, Told};
use crate::store;

/// Longest field of a record, characters.
pub const MAX_FIELD: usize = 200;

/// As who persons are heard of.
#[must_use]
pub fn part() -> Actor {
    Actor::system("persons")
}

/// News of a report: who filed it is heard of, as it stands now. Of a report that was withdrawn the reporter is forgotten, and of one
/// that was erased whatever lies under its key; what rests on it must be looked at by somebody.
///
/// # Errors
/// The database's.
pub fn on_report_event(tx: &mut Tx<'_>, app: &App, event: &outbox::Event) -> Result<(), PersonError> {
    let id = ReportId::from_uuid(event.subject);
    match report::service::load(tx, app, &part(), id) {
        Ok(full) if full.report.withdrawn_at.is_none() => hear(tx, app, &part(), &reporter(&full)).map(drop),
        Ok(_) => super::forgetting::forget(tx, app, id, Doubt::Withdrawn),
        Err(report::ReportError::Erased | report::ReportError::NotFound) => {
            super::forgetting::forget(tx, app, id, Doubt::Erased)
        }
        Err(e) => Err(e.into()),
    }
}

fn reporter(full: &Full) -> Heard {
    let told = full.told.reporter.open(Purpose::Investigate);
    Heard {
        source: Source::Reporter,
        source_id: full.report.id.uuid(),
        report: Some(full.report.id),
        role: Role::Victim,
        told: Told {
            iin: told.iin.clone(),
            last: told.name.clone(),
            phone: told.phone.clone(),
            ..Told::default()
        },
    }
}

/// Under whose key a record is sealed. What a report told, and what is written of the victim, lies under the report's and is erased with
/// it; what officers find out of others is not the reporter's to take back, and has a key of its own.
fn subject_of(heard: &Heard, id: RecordId) -> Uuid {
    match (heard.source, heard.role, heard.report) {
        (Source::Reporter | Source::Account, _, Some(report))
        | (Source::Hand, Role::Victim, Some(report)) => report.uuid(),
        _ => id.uuid(),
    }
}

/// What is told, as it is kept, and a keyed hash of it.
pub(super) fn written(app: &App, role: Role, told: &Told) -> (String, Vec<u8>) {
    let words = serde_json::to_string(told).unwrap_or_default();
    let same = app.vault.blind("person.same", &format!("{} {words}", role.as_str())).to_vec();
    (words, same)
}

/// Whether anything is told by which somebody could be found.
pub(super) fn tells(app: &App, told: &Told) -> bool {
    let prepared = told.record().prepare();
    !(weighing::keys(app, &prepared).is_empty() && weighing::words(app, &prepared).is_empty())
}

/// Hears of somebody: keeps a record of it, weighs it, joins it or asks about it. Heard again it is the same record, and what was told
/// before is kept beside it. `None` where nothing is told by which they could be found, or what it would be kept with was erased.
///
/// # Errors
/// The database's, the vault's.
pub fn hear(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    heard: &Heard,
) -> Result<Option<RecordId>, PersonError> {
    hear_of(tx, app, actor, (heard, None))
}

/// The record that something is, heard however often.
pub(super) fn record_of(source: Source, source_id: Uuid) -> RecordId {
    let id = report::rules::derived_id("person_record", source.as_str(), &source_id.simple().to_string());
    RecordId::from_uuid(id.uuid())
}

/// The same of what came with a list.
pub(super) fn hear_of(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (heard, list): (&Heard, Option<Uuid>),
) -> Result<Option<RecordId>, PersonError> {
    store::gate::pass(tx)?;
    let id = record_of(heard.source, heard.source_id);
    let known = store::record(tx, id)?;
    if !tells(app, &heard.told) {
        if let Some(known) = known.filter(|k| k.taken_back.is_none()) {
            // Nothing is told any more: what was told before stays readable, and counts no more.
            let why = app::SealedWords::from_bytes(Vec::new());
            super::correcting::withhold(tx, app, &part(), (&known, &why))?;
        }
        return Ok(None);
    }
    let (words, same) = written(app, heard.role, &heard.told);
    if known.as_ref().is_some_and(|k| k.same == same && k.taken_back.is_none()) {
        return Ok(Some(id));
    }
    let subject = known.as_ref().map_or_else(|| subject_of(heard, id), |k| k.subject);
    let sealed = app.seal_words(tx, subject, TOLD, &words)?;
    if sealed.bytes().is_empty() {
        return Ok(None);
    }
    let by = (app.office.now(), actor.label());
    match &known {
        Some(known) => {
            if known.taken_back.is_some() {
                super::correcting::count_again(tx, app, actor, known)?;
            }
            keep_earlier(tx, app, known, (&by, &[]))?;
            store::rewrite(tx, id, heard.role, (&same, sealed.bytes()), (by.0, &by.1))?;
        }
        None => begin(tx, app, actor, (id, subject, &same), (heard, list, sealed.bytes()))?,
    }
    weigh_anew(tx, app, (id, &heard.told), known.is_some())?;
    Ok(Some(id))
}

/// A record is weighed, and joined or asked about. Told anew, what held it before may be gone: of somebody with very many records that is
/// sorted beside the writer.
pub(super) fn weigh_anew(
    tx: &mut Tx<'_>,
    app: &App,
    (id, told): (RecordId, &Told),
    again: bool,
) -> Result<(), PersonError> {
    let mut concerned = weighing::compare(tx, app, id, told)?;
    let Some(person) = store::record(tx, id)?.map(|r| r.person) else { return Ok(()) };
    concerned.insert(person);
    if again && is_large(tx, &concerned)? {
        store::set_stale(tx, person, true)?;
    }
    take_in(tx, app, &concerned, id)
}

/// What a record told until now, kept beside it.
pub(super) fn keep_earlier(
    tx: &mut Tx<'_>,
    app: &App,
    record: &PersonRecord,
    (by, reason): (&(kernel::Timestamp, String), &[u8]),
) -> Result<(), PersonError> {
    let Some(sealed) = store::told(tx, record.id)? else { return Ok(()) };
    let earlier = Earlier {
        record: record.id,
        of: record.id.uuid(),
        field: TOLD.to_owned(),
        facts: json!({"role": record.role.as_str()}),
        told: (record.told_at, record.told_by.clone()),
        replaced: by.clone(),
        sealed,
        reason_sealed: reason.to_vec(),
    };
    Ok(store::earlier::keep(tx, app.uuid(), &earlier)?)
}

/// Writes down a new record, of a person of its own for now.
fn begin(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (id, subject, same): (RecordId, Uuid, &[u8]),
    (heard, list, sealed): (&Heard, Option<Uuid>, &[u8]),
) -> Result<(), PersonError> {
    let mut header = app.header(actor, app.profile.default_lang(), "report");
    // It belongs where its report belongs, and is as secret.
    if let Some(report) = heard.report.map(|id| report::store::find(tx, id)).transpose()?.flatten() {
        header.organisation_id.clone_from(&report.header.organisation_id);
        header.unit_id.clone_from(&report.header.unit_id);
        header.region.clone_from(&report.header.region);
        header.marking = report.header.marking.clone();
        header.lang = report.header.lang;
    }
    let mut record = PersonRecord {
        id,
        told_at: header.created_at,
        told_by: actor.label(),
        header,
        source: heard.source,
        source_id: heard.source_id,
        report: heard.report,
        subject,
        born: PersonId::from_uuid(id.uuid()),
        role: heard.role,
        person: PersonId::from_uuid(id.uuid()),
        same: same.to_vec(),
        taken_back: None,
        cut: false,
        list,
    };
    record.born = born(tx, app, Some(&record))?;
    record.person = record.born;
    store::gate::count(tx, 1)?;
    store::insert_record(tx, &record, sealed)?;
    let facts = json!({
        "record": id, "source": heard.source.as_str(), "role": heard.role.as_str(),
        "report": heard.report.map(|r| r.uuid()), "list": list,
    });
    let about = Act::about("person.heard", "person", record.person.uuid());
    Ok(app.record(tx, actor, &Act { purpose: Some(Purpose::Operate), facts, ..about })?)
}

/// Whether somebody may say who is who in this office at all.
///
/// # Errors
/// Forbidden.
pub fn may_judge(app: &App, actor: &Actor) -> Result<(), PersonError> {
    let mine = Resource {
        organisation: app.node.code.clone(),
        unit: app.node.unit.clone(),
        ..Resource::any(Thing::Person)
    };
    Ok(access::require(actor, Action::JudgePerson, &mine)?)
}

/// An officer writes somebody down, for a report: of the victim under its key, of anybody else under a key of their own.
///
/// # Errors
/// Forbidden; no such report; nothing told; a field too long; a number that is none.
pub async fn by_hand(
    app: &App,
    actor: &Actor,
    report: &str,
    role: Role,
    told: Told,
) -> Result<PersonId, PersonError> {
    let told = checked(told)?;
    let (me, actor, report) = (app.clone(), actor.clone(), report.trim().to_uppercase());
    app.db
        .write(move |tx| {
            may_judge(&me, &actor)?;
            let report = ground_for(tx, &actor, &report)?;
            let heard = Heard {
                source: Source::Hand,
                source_id: me.uuid(),
                report: Some(report),
                role,
                told: told.clone(),
            };
            let record = hear(tx, &me, &actor, &heard)?.ok_or(PersonError::Nothing)?;
            let person = store::record(tx, record)?.ok_or(PersonError::NotFound)?.person;
            let facts = json!({"record": record, "role": role.as_str(), "report": report.uuid()});
            let about = Act::about("person.written", "person", person.uuid());
            me.record(tx, &actor, &Act { facts, ..about })?;
            Ok(person)
        })
        .await
}

/// Fewer digits are no telephone, not even a short one.
const FEWEST_DIGITS: usize = 3;

/// What was typed, without blanks around; a number, a day of birth and a telephone must be one.
pub(super) fn checked(told: Told) -> Result<Told, PersonError> {
    let trimmed = |text: &str| text.trim().to_owned();
    let iin = trimmed(&told.iin);
    let iin = if iin.is_empty() {
        iin
    } else {
        identifier::normalise(identifier::Kind::Iin, &iin, identifier::Region::default())
            .map_err(|_| PersonError::Number)?
    };
    let told = Told {
        iin,
        last: trimmed(&told.last),
        first: trimmed(&told.first),
        middle: trimmed(&told.middle),
        birth: trimmed(&told.birth),
        phone: trimmed(&told.phone),
        address: trimmed(&told.address),
        device: trimmed(&told.device),
        photo: trimmed(&told.photo),
        holding: None,
    };
    if !told.birth.is_empty() && !crate::resolve::is_birth(&told.birth) {
        return Err(PersonError::Birth);
    }
    if !told.phone.is_empty() && told.phone.chars().filter(char::is_ascii_digit).count() < FEWEST_DIGITS {
        return Err(PersonError::Phone);
    }
    let fields = [
        ("last", &told.last),
        ("first", &told.first),
        ("middle", &told.middle),
        ("birth", &told.birth),
        ("phone", &told.phone),
        ("address", &told.address),
        ("device", &told.device),
        ("photo", &told.photo),
    ];
    let long = fields.into_iter().find(|(_, text)| text.chars().count() > MAX_FIELD).map(|(name, _)| name);
    match long {
        Some(name) => Err(PersonError::TooLong(name)),
        None => Ok(told),
    }
}

/// Persons whom the going of a record concerns: whose it is, and whoever stood apart or together by its word.
pub(super) fn concerned_by(
    tx: &mut Tx<'_>,
    record: &PersonRecord,
) -> Result<BTreeSet<PersonId>, PersonError> {
    let mut all = BTreeSet::from([record.person]);
    for tie in store::ties_of_record(tx, record.id)? {
        all.insert(tie.other(record.id).1);
    }
    Ok(all)
}
