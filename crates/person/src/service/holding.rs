//! An institution says whose an account is: each of them is heard of, and told anew where it says so anew. To hold an account is no
//! accusation: nothing else comes of it.

use app::App;
use db::{Tx, outbox};
use kernel::{Actor, Purpose};
use order::answer::{Code, Holder, HolderKind};
use order::service::Holders;
use order::{ObjectId, OrderError, OrderId};
use report::ReportId;
use uuid::Uuid;

use super::hearing::{hear, part};
use super::reading::open_told;
use crate::error::PersonError;
use crate::model::{Heard, Holding, PersonId, PersonRecord, Role, Source, Told};
use crate::rules::holding::places;
use crate::store;

/// Most records that answers about one thing can come to; beyond it nobody is heard of any more.
const MOST: usize = 200;

/// News of an answer: whoever it says to be the holder of what was asked about is heard of, as it stands after all answers.
///
/// # Errors
/// The database's, the vault's.
pub fn on_answered(tx: &mut Tx<'_>, app: &App, event: &outbox::Event) -> Result<(), PersonError> {
    let word = |name: &str| event.body.get(name);
    let codes = word("codes").and_then(|c| c.as_array()).into_iter().flatten().filter_map(|c| c.as_str());
    if !codes.map(Code::parse).any(Code::takes_holders) {
        return Ok(());
    }
    let Some(object) = word("object").and_then(|o| o.as_str()?.parse::<ObjectId>().ok()) else {
        return Ok(());
    };
    let told = match order::service::holders_in(tx, app, object) {
        Ok(Some(told)) => told,
        Ok(None) | Err(OrderError::Erased | OrderError::NoObject | OrderError::NotFound) => return Ok(()),
        Err(e) => return Err(e.into()),
    };
    // What was asked for a report that was withdrawn meanwhile is nobody's business any more.
    match report::store::find(tx, told.report)? {
        Some(report) if report.withdrawn_at.is_none() => hear_all(tx, app, &told),
        _ => Ok(()),
    }
}

/// A day of a message as people here write it.
fn day(text: &str) -> String {
    text.rsplit('-').collect::<Vec<_>>().join(".")
}

/// What a holder is told to be; nobody where it is an organisation.
fn told_of(h: &Holders, institution: &str, holder: &Holder) -> Option<Told> {
    if holder.kind != HolderKind::Person {
        return None;
    }
    let value = h.value.open(Purpose::Investigate);
    let own = |kind: &str| (h.kind == kind).then(|| value.clone());
    let listed = |first: Option<String>, rest: &[String]| {
        let rest = rest.iter().filter(|r| Some(*r) != first.as_ref()).cloned();
        first.iter().cloned().chain(rest).collect::<Vec<_>>().join(", ")
    };
    let last = if holder.name.is_empty() { &holder.last } else { &holder.name };
    Some(Told {
        iin: holder.iin.clone(),
        last: last.clone(),
        first: holder.first.clone(),
        middle: holder.middle.clone(),
        birth: day(&holder.birth_date),
        // Whose a number is has it.
        phone: listed(own("phone"), &holder.phones),
        address: holder.address.clone(),
        device: listed(own("imei"), &holder.devices),
        photo: String::new(),
        holding: Some(Holding {
            order: h.order.to_string(),
            object: h.object.to_string(),
            institution: institution.to_owned(),
            kind: h.kind.clone(),
            value: value.clone(),
            capacity: holder.role.as_str().to_owned(),
            hop: h.hop,
            from: day(&holder.from),
            until: day(&holder.until),
        }),
    })
}

/// All who are told of now, in their order; `None` for an organisation.
fn all_told(h: &Holders) -> Vec<Option<Told>> {
    let told = h.told.open(Purpose::Investigate).iter();
    told.flat_map(|t| t.holders.iter().map(|holder| told_of(h, &t.executor, holder))).collect()
}

/// Records that answers about a thing told, the oldest first.
fn known(
    tx: &mut Tx<'_>,
    app: &App,
    (report, object): (ReportId, ObjectId),
) -> Result<Vec<(PersonRecord, Told)>, PersonError> {
    let object = object.to_string();
    let mut all = Vec::new();
    for record in store::of_report(tx, report)?.into_iter().filter(|r| r.source == Source::Account) {
        let Some(told) = open_told(tx, app, &record)? else { continue };
        let told = told.into_inner(Purpose::Investigate);
        if told.holding.as_ref().is_some_and(|h| h.object == object) {
            all.push((record, told));
        }
    }
    all.sort_by_key(|(r, _)| (r.header.created_at, r.id));
    Ok(all)
}

/// What the next record about a thing is called, so that whoever hears the same news again finds the same record.
fn source_id(tx: &mut Tx<'_>, object: ObjectId) -> Result<Option<Uuid>, PersonError> {
    for no in 0..MOST {
        let id = report::rules::derived_id("person_holder", &object.to_string(), &no.to_string()).uuid();
        if store::record(tx, super::hearing::record_of(Source::Account, id))?.is_none() {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

fn hear_all(tx: &mut Tx<'_>, app: &App, holders: &Holders) -> Result<(), PersonError> {
    store::gate::pass(tx)?;
    let before = known(tx, app, (holders.report, holders.object))?;
    let now: Vec<Told> = all_told(holders).into_iter().flatten().collect();
    let old: Vec<Told> = before.iter().map(|(_, told)| told.clone()).collect();
    let found = places(&old, &now);
    // Whoever is told of no more counts no more; what was told stays readable.
    for (_, (record, _)) in before.iter().enumerate().filter(|(at, _)| !found.contains(&Some(*at))) {
        super::bringing::give_back(tx, app, record)?;
    }
    for (told, place) in now.into_iter().zip(found) {
        let known = place.and_then(|at| before.get(at)).map(|(record, _)| record.source_id);
        let Some(source_id) = known.map_or_else(|| source_id(tx, holders.object), |id| Ok(Some(id)))? else {
            tracing::warn!(object = %holders.object, "more holders were told of one thing than are heard of");
            return Ok(());
        };
        let heard = Heard {
            source: Source::Account,
            source_id,
            report: Some(holders.report),
            role: Role::AccountHolder,
            told,
        };
        hear(tx, app, &part(), &heard)?;
    }
    Ok(())
}

/// Whose the things are that an order names, each with the person that their record is of now, in the order in which they are told.
/// That it was read is a record.
///
/// # Errors
/// Absent or hidden.
pub async fn holders_of(
    app: &App,
    actor: &Actor,
    id: OrderId,
) -> Result<Vec<(Holders, Vec<Option<PersonId>>)>, PersonError> {
    let read = order::service::holders_of(app, actor, id).await?;
    if read.is_empty() {
        return Ok(Vec::new());
    }
    let me = app.clone();
    app.db
        .read(move |tx| {
            let mut all = Vec::new();
            for holders in &read {
                let before = known(tx, &me, (holders.report, holders.object))?;
                let counts: Vec<&(PersonRecord, Told)> =
                    before.iter().filter(|(r, _)| r.taken_back.is_none()).collect();
                let old: Vec<Told> = counts.iter().map(|(_, told)| told.clone()).collect();
                let told = all_told(holders);
                let now: Vec<Told> = told.iter().flatten().cloned().collect();
                let mut found = places(&old, &now).into_iter();
                let person = |t: &Option<Told>| {
                    let place = t.as_ref().and_then(|_| found.next().flatten());
                    place.and_then(|at| counts.get(at)).map(|(record, _)| record.person)
                };
                let persons = told.iter().map(person).collect();
                all.push((holders.clone(), persons));
            }
            Ok(all)
        })
        .await
}

/// What form F9 begins with of a record that an institution told: what is theirs, and where it lies on the path of the money.
pub(super) fn known_of(told: &Told) -> Option<crate::model::DropperTold> {
    let h = told.holding.as_ref()?;
    Some(crate::model::DropperTold {
        instruments: vec![crate::model::Instrument {
            what: h.value.clone(),
            institution: h.institution.clone(),
            ..crate::model::Instrument::default()
        }],
        hop: if h.hop > 0 { h.hop.to_string() } else { String::new() },
        ..crate::model::DropperTold::default()
    })
}

/// What records are found by that are of somebody whose this account is, beside what is compared.
pub(super) fn account_key(app: &App, value: &str) -> Option<i64> {
    let plain: String = value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    (plain.chars().count() >= 4).then(|| super::weighing::short(app.vault.blind("person.account", &plain)))
}

/// Whether a record is of somebody whose this account is.
pub(super) fn holds(app: &App, told: &Told, key: i64) -> bool {
    told.holding.as_ref().and_then(|h| account_key(app, &h.value)) == Some(key)
}
