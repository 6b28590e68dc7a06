//! Who has asked about a thing, for whoever controls it: officers by name with what they gave as their reason, institutions with
//! what they were told. It opens no entry, no report and no case, and is itself in the record.

use std::collections::BTreeMap;

use access::{Action, Kind as Thing, Resource};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Purpose};
use serde_json::json;
use uuid::Uuid;

use super::asking::{Seen, read};
use super::hearing::entry_id;
use crate::error::RegistryError;
use crate::store;

/// Everybody who had to do with a thing.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What it was read as.
    pub seen: Seen,
    /// What may be shown of it.
    pub masked: String,
    /// What people did and read, the latest first, at most [`audit::MAX_VIEW`]. The record outlives the entry: also what was
    /// done with one that is gone stands here.
    pub acts: Vec<audit::RecordView>,
    /// Names of the staff in them, by label.
    pub names: BTreeMap<String, String>,
    /// Numbers of the reports for which something was looked up.
    pub reports: BTreeMap<Uuid, String>,
    /// Institutions that were told something, as long as there is an entry.
    pub told: Vec<store::TellTo>,
}

/// Whether somebody controls what others look up.
///
/// # Errors
/// Forbidden, also to whoever holds another office besides.
pub fn may_audit(actor: &Actor) -> Result<(), RegistryError> {
    Ok(access::require(actor, Action::AuditIdentifier, &Resource::any(Thing::Identifier))?)
}

/// Who has asked about a thing and what was done with it. That this was asked is a record about the same thing.
///
/// # Errors
/// Forbidden to whoever holds another office; no identifier.
pub async fn who_asked(app: &App, actor: &Actor, text: &str) -> Result<Vec<Asked>, RegistryError> {
    may_audit(actor)?;
    let readings = read(app, text)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let mut all = Vec::new();
            for seen in &readings {
                all.push(of(tx, &me, seen)?);
                let about = Act::about(
                    "registry.audited",
                    "identifier",
                    entry_id(&me, seen.kind, &seen.canonical).uuid(),
                );
                let facts = json!({"kind": seen.kind.as_str()});
                me.record(tx, &actor, &Act { purpose: Some(Purpose::Audit), facts, ..about })?;
            }
            Ok(all)
        })
        .await
}

fn of(tx: &mut Tx<'_>, app: &App, seen: &Seen) -> Result<Asked, RegistryError> {
    let id = entry_id(app, seen.kind, &seen.canonical);
    let acts = audit::records_for(tx, id.uuid())?;
    let names = access::names_of(tx, &app.vault, acts.iter().map(|a| a.record.actor.clone()))?;
    let mut reports = BTreeMap::new();
    for report in acts.iter().filter_map(report_of) {
        if let Some(found) = report::store::find(tx, report::ReportId::from_uuid(report))? {
            reports.insert(report, found.number);
        }
    }
    Ok(Asked {
        masked: identifier::mask(seen.kind, &seen.canonical),
        seen: seen.clone(),
        told: store::told(tx, id)?,
        acts,
        names,
        reports,
    })
}

/// The report for which something was looked up.
#[must_use]
pub fn report_of(act: &audit::RecordView) -> Option<Uuid> {
    act.facts.get("report")?.as_str()?.parse().ok()
}
