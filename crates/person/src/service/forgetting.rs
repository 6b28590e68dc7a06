//! A report was withdrawn or erased: what it told of persons goes, what officers found out of others stays, and whatever was decided
//! on it comes before somebody's eyes. Nothing goes without a record.

use std::collections::BTreeSet;

use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Purpose};
use report::ReportId;
use serde_json::json;

use super::correcting::carries;
use super::droppers::look_again;
use super::gathering::{is_large, leave, regather};
use super::hearing::{concerned_by, part};
use crate::error::PersonError;
use crate::model::{Doubt, PersonId, PersonRecord, RecordId, Role, SeenBy, Source, Verdict};
use crate::rules::dropper;
use crate::store;

/// Whether a record goes. Withdrawn is what the reporter told, and whose accounts institutions told for the report; erased is what lies under the report's key, and whatever was written of
/// the victim.
fn goes(record: &PersonRecord, report: ReportId, why: Doubt) -> bool {
    match why {
        Doubt::Withdrawn | Doubt::TakenBack | Doubt::Victim | Doubt::Minor | Doubt::Age => {
            matches!(record.source, Source::Reporter | Source::Account)
        }
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
    let mut gone = Vec::new();
    for record in store::of_report(tx, report)?.into_iter().filter(|r| goes(r, report, why)) {
        // What was decided on an institution's answer stays until somebody has looked: whoever withdraws may be made to.
        let holder = record.source == Source::Account && why == Doubt::Withdrawn;
        if !(holder && carries(tx, record.id)?) {
            gone.push(record);
        }
    }
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

/// Most pairs of two persons between which people are asked in place of one that is gone.
const MOST_BARS: usize = 64;

/// A record is about to go: what kept its person apart from others goes with it. The machine does not join them in its place; people are
/// asked between what is left of both.
pub(super) fn carry(tx: &mut Tx<'_>, record: &PersonRecord) -> Result<(), PersonError> {
    let mut apart: BTreeSet<PersonId> = BTreeSet::new();
    for word in store::words_of(tx, record.person)? {
        let of_it = word.first == record.id || word.second == record.id;
        if of_it && word.stands && word.verdict == Verdict::Different {
            apart.extend([word.persons.0, word.persons.1]);
        }
    }
    for (a, b) in store::bar::of_record(tx, record.id)? {
        let other = if a == record.id { b } else { a };
        apart.extend(store::record(tx, other)?.filter(|r| r.taken_back.is_none()).map(|r| r.person));
    }
    apart.remove(&record.person);
    if apart.is_empty() {
        return Ok(());
    }
    let ties = store::ties_of_person(tx, record.person)?;
    let left = store::lean_of(tx, record.person)?.into_iter().map(|r| r.id).find(|id| *id != record.id);
    let Some(left) = left else { return Ok(()) };
    for person in apart {
        let between = ties.iter().filter(|t| {
            t.first != record.id
                && t.second != record.id
                && (t.persons.0 == person) != (t.persons.1 == person)
        });
        let mut bars: Vec<(RecordId, RecordId)> =
            between.map(|t| (t.first, t.second)).take(MOST_BARS).collect();
        let theirs = store::lean_of(tx, person)?.first().map(|r| r.id);
        bars.extend(theirs.map(|theirs| (left, theirs)));
        for (a, b) in bars {
            store::bar::put(tx, a, b)?;
        }
    }
    Ok(())
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
        carry(tx, record)?;
        // Who could see it: what was done with it is told to nobody else, when it is gone.
        let seen_by = SeenBy::both(&record.header, &record.header);
        let seen_by = json!({"office": seen_by.office, "closed": seen_by.closed});
        for said in store::judgements_of(tx, record.id)? {
            app.vault.forget(tx, said.id.uuid())?;
            let other = if said.first == record.id { said.second } else { said.first };
            concerned.extend(store::record(tx, other)?.map(|r| r.person));
        }
        for d in store::dropper::of_record(tx, record.id)? {
            let facts = json!({"dropper": d.id, "was": d.status.as_str(), "why": why, "record": record.id, "seen_by": &seen_by});
            note(tx, app, actor, ("person.matter_gone", record.person), facts)?;
        }
        let report = record.report.map(|id| id.uuid());
        let facts = json!({"record": record.id, "source": record.source.as_str(), "why": why, "report": report, "seen_by": &seen_by});
        note(tx, app, actor, ("person.record_gone", record.person), facts)?;
        store::dropper::remove_of(tx, record.id)?;
        store::earlier::remove_of(tx, record.id)?;
        store::unjudge(tx, record.id)?;
        store::unpair(tx, record.id)?;
        store::bar::remove_of(tx, record.id)?;
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
    look_again(tx, app, concerned)
}
