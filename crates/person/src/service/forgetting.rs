//! A report was withdrawn or erased: what it told of persons goes, what officers found out of others stays, and whatever was decided
//! on it comes before somebody's eyes. Nothing goes without a record.

use std::collections::BTreeSet;

use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Purpose};
use report::ReportId;
use serde_json::json;

use super::gathering::{is_large, leave, regather};
use super::hearing::{concerned_by, part};
use crate::error::PersonError;
use crate::model::{Doubt, PersonId, PersonRecord, Role, Source};
use crate::rules::dropper;
use crate::store;

/// Whether a record goes. Withdrawn is what the reporter told; erased is what lies under the report's key, and whatever was written of
/// the victim.
fn goes(record: &PersonRecord, report: ReportId, why: Doubt) -> bool {
    match why {
        Doubt::Withdrawn | Doubt::TakenBack => record.source == Source::Reporter,
        Doubt::Erased => record.subject == report.uuid() || record.role == Role::Victim,
    }
}

pub(super) fn forget(tx: &mut Tx<'_>, app: &App, report: ReportId, why: Doubt) -> Result<(), PersonError> {
    store::gate::pass(tx)?;
    for d in store::dropper::resting_on(tx, report)? {
        let Some(record) = store::record(tx, d.record)?.filter(|_| d.doubt != Some(why)) else { continue };
        store::dropper::save(tx, &dropper::doubt(&d, why, app.office.now()))?;
        let facts =
            json!({"dropper": d.id, "was": d.status.as_str(), "why": why.as_str(), "report": report.uuid()});
        note(tx, app, &part(), ("person.doubted", record.person), facts)?;
    }
    let gone: Vec<PersonRecord> =
        store::of_report(tx, report)?.into_iter().filter(|r| goes(r, report, why)).collect();
    remove(tx, app, &part(), (&gone, why.as_str()))
}

fn note(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (act, person): (&'static str, PersonId),
    facts: serde_json::Value,
) -> Result<(), PersonError> {
    let about = Act::about(act, "person", person.uuid());
    Ok(app.record(tx, actor, &Act { purpose: Some(Purpose::Operate), facts, ..about })?)
}

/// Records go, with what people said about them and what hangs on them; each is a record of what was done.
pub(super) fn remove(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (gone, why): (&[PersonRecord], &str),
) -> Result<(), PersonError> {
    let mut concerned: BTreeSet<PersonId> = BTreeSet::new();
    for record in gone {
        concerned.extend(concerned_by(tx, record)?);
        for said in store::judgements_of(tx, record.id)? {
            app.vault.forget(tx, said.id.uuid())?;
            let other = if said.first == record.id { said.second } else { said.first };
            concerned.extend(store::record(tx, other)?.map(|r| r.person));
        }
        for d in store::dropper::of_record(tx, record.id)? {
            let facts = json!({"dropper": d.id, "was": d.status.as_str(), "why": why, "record": record.id});
            note(tx, app, actor, ("person.matter_gone", record.person), facts)?;
        }
        let report = record.report.map(|id| id.uuid());
        let facts =
            json!({"record": record.id, "source": record.source.as_str(), "why": why, "report": report});
        note(tx, app, actor, ("person.record_gone", record.person), facts)?;
        store::dropper::remove_of(tx, record.id)?;
        store::earlier::remove_of(tx, record.id)?;
        store::unjudge(tx, record.id)?;
        store::unpair(tx, record.id)?;
        store::keep_keys(tx, record.id, &[])?;
        store::remove_record(tx, record.id)?;
        store::gate::count(tx, -1)?;
        if record.subject == record.id.uuid() {
            app.vault.forget(tx, record.subject)?;
        }
    }
    part_from(tx, app, actor, &concerned)
}

/// What a record held together may come apart: at once where few records are concerned, else beside the writer.
pub(super) fn part_from(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    concerned: &BTreeSet<PersonId>,
) -> Result<(), PersonError> {
    if concerned.is_empty() {
        return Ok(());
    }
    if !is_large(tx, concerned)? {
        return regather(tx, app, actor, concerned);
    }
    for person in concerned {
        match store::count_of(tx, *person)? {
            0 => leave(tx, *person)?,
            left => {
                store::set_records(tx, *person, left)?;
                store::set_stale(tx, *person, true)?;
            }
        }
    }
    Ok(())
}
