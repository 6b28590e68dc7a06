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

use super::gathering::{born, regather};
use super::reading::ground_for;
use super::{TOLD, weighing};
use crate::error::PersonError;
use crate::model::{Heard, PersonId, PersonRecord, RecordId, Role, Source, Told};
use crate::store;

/// Longest field of a record, characters.
pub const MAX_FIELD: usize = 200;

/// As who persons are heard of.
#[must_use]
pub fn part() -> Actor {
    Actor::system("persons")
}

/// News of a report: who filed it is heard of, as it stands now. Of a report that was withdrawn or erased nothing is kept.
///
/// # Errors
/// The database's.
pub fn on_report_event(tx: &mut Tx<'_>, app: &App, event: &outbox::Event) -> Result<(), PersonError> {
    let id = ReportId::from_uuid(event.subject);
    match report::service::load(tx, app, &part(), id) {
        Ok(full) if full.report.withdrawn_at.is_none() => hear(tx, app, &part(), &reporter(&full)).map(drop),
        Ok(_) | Err(report::ReportError::Erased | report::ReportError::NotFound) => forget(tx, app, id),
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

/// Hears of somebody: keeps a record of it, weighs it, joins it or asks about it. Heard again it is the same record. `None`
/// where nothing is told by which they could be found, or what it would be kept with was erased.
///
/// # Errors
/// The database's, the vault's.
pub fn hear(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    heard: &Heard,
) -> Result<Option<RecordId>, PersonError> {
    let id = report::rules::derived_id(
        "person_record",
        heard.source.as_str(),
        &heard.source_id.simple().to_string(),
    );
    let id = RecordId::from_uuid(id.uuid());
    let known = store::record(tx, id)?;
    let prepared = heard.told.record().prepare();
    if weighing::keys(app, &prepared).is_empty() && weighing::words(app, &prepared).is_empty() {
        if let Some(known) = known {
            remove(tx, app, &[known])?;
        }
        return Ok(None);
    }
    let words = serde_json::to_string(&heard.told).unwrap_or_default();
    let same = app.vault.blind("person.same", &format!("{} {words}", heard.role.as_str()));
    if known.as_ref().is_some_and(|k| k.same == same) {
        return Ok(Some(id));
    }
    let subject = heard.report.map_or_else(|| id.uuid(), |report| report.uuid());
    let sealed = app.seal_words(tx, subject, TOLD, &words)?;
    if sealed.bytes().is_empty() {
        return Ok(None);
    }
    let person = match &known {
        Some(known) => {
            store::rewrite(tx, id, heard.role, &same, sealed.bytes())?;
            known.person
        }
        None => begin(tx, app, actor, (id, subject, &same), (heard, sealed.bytes()))?,
    };
    let mut concerned = weighing::compare(tx, app, id, &heard.told)?;
    concerned.insert(person);
    regather(tx, app, &part(), &concerned)?;
    Ok(Some(id))
}

/// Writes down a new record, of a person of its own for now.
fn begin(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (id, subject, same): (RecordId, uuid::Uuid, &[u8]),
    (heard, sealed): (&Heard, &[u8]),
) -> Result<PersonId, PersonError> {
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
        header,
        source: heard.source,
        source_id: heard.source_id,
        report: heard.report,
        subject,
        born: PersonId::from_uuid(id.uuid()),
        role: heard.role,
        person: PersonId::from_uuid(id.uuid()),
        same: same.to_vec(),
    };
    record.born = born(tx, app, Some(&record))?;
    record.person = record.born;
    store::insert_record(tx, &record, sealed)?;
    Ok(record.person)
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

/// An officer writes somebody down, for a report and under its key.
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

/// What was typed, without blanks around; a number must be one.
fn checked(told: Told) -> Result<Told, PersonError> {
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
    };
    let fields = [
        ("last", &told.last),
        ("first", &told.first),
        ("middle", &told.middle),
        ("birth", &told.birth),
        ("phone", &told.phone),
        ("address", &told.address),
    ];
    let long = fields.into_iter().find(|(_, text)| text.chars().count() > MAX_FIELD).map(|(name, _)| name);
    match long {
        Some(name) => Err(PersonError::TooLong(name)),
        None => Ok(told),
    }
}

/// Whatever a report told of persons goes, with what people said about it.
fn forget(tx: &mut Tx<'_>, app: &App, report: ReportId) -> Result<(), PersonError> {
    let gone = store::of_report(tx, report)?;
    remove(tx, app, &gone)
}

fn remove(tx: &mut Tx<'_>, app: &App, gone: &[PersonRecord]) -> Result<(), PersonError> {
    let mut concerned: BTreeSet<PersonId> = BTreeSet::new();
    for record in gone {
        concerned.insert(record.person);
        // Whoever stood apart by this record's word is gathered anew, too.
        for pair in store::pairs_of(tx, record.id)? {
            concerned.extend(store::record(tx, pair.other(record.id))?.map(|r| r.person));
        }
        for said in store::judgements_of(tx, record.id)? {
            app.vault.forget(tx, said.id.uuid())?;
            let other = if said.first == record.id { said.second } else { said.first };
            concerned.extend(store::record(tx, other)?.map(|r| r.person));
        }
        store::dropper::remove_of(tx, record.id)?;
        store::unjudge(tx, record.id)?;
        store::unpair(tx, record.id)?;
        store::keep_keys(tx, record.id, &[])?;
        store::remove_record(tx, record.id)?;
        if record.report.is_none() {
            app.vault.forget(tx, record.subject)?;
        }
    }
    if concerned.is_empty() { Ok(()) } else { regather(tx, app, &part(), &concerned) }
}
