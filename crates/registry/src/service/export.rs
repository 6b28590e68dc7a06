//! What people have decided, taken out: for the office as a file, for institutions as a feed of addresses. Numbers and accounts
//! are known here by their masks alone; whoever needs those asks, or fetches a filter.

use access::{Action, Kind as Thing, Resource};
use app::App;
use audit::Act;
use identifier::Kind;
use kernel::{Actor, Purpose, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::checking::{live_partner, may_ask};
use crate::beforehand::Allowed;
use crate::error::RegistryError;
use crate::model::{Class, Entry, EntryId};
use crate::rules::{self, Known};
use crate::store;

/// Most entries of a page of the feed.
pub const PAGE: i64 = 1_000;
/// Most entries of a file: more is a database's work, not a table's.
pub const MOST: usize = 100_000;

/// A line of what was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its entry.
    pub id: EntryId,
    /// What sort of thing.
    pub kind: Kind,
    /// What may be shown of it; of an address on the network, the address.
    pub value: String,
    /// What is told of it.
    pub class: Class,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Until when, whatever is reported.
    pub until: Option<Timestamp>,
}

fn told(app: &App, allowed: &Allowed<'_>, entry: &Entry, now: Timestamp) -> Option<Decision> {
    let known = Known { entry: Some(entry), beforehand: allowed.beforehand_of(app, entry) };
    let class = rules::verdict(known, now).class;
    matches!(class, Class::Suspect | Class::Listed).then(|| Decision {
        id: entry.id,
        kind: entry.kind,
        value: entry.masked.clone(),
        class,
        since: entry.decided_at,
        until: entry.until_at,
    })
}

/// Everything that is confirmed or listed and told to institutions now; that it was taken out is a record.
///
/// # Errors
/// Forbidden.
pub async fn export(app: &App, actor: &Actor, format: &'static str) -> Result<Vec<Decision>, RegistryError> {
    access::require(actor, Action::ViewIdentifier, &Resource::any(Thing::Identifier))?;
    let (me, by) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let (now, partners) = (me.office.now(), partner::store::all(tx)?);
            let allowed = Allowed::here(&me, &partners);
            let (mut all, mut after) = (Vec::new(), Uuid::nil());
            while all.len() < MOST {
                let page = store::decided(tx, after, PAGE)?;
                let Some(last) = page.last() else { break };
                after = last.id.uuid();
                all.extend(page.iter().filter_map(|e| told(&me, &allowed, e, now)));
            }
            all.truncate(MOST);
            let facts = json!({"format": format, "entries": all.len()});
            let about = Act::about("registry.exported", "identifier", Uuid::nil());
            me.record(tx, &by, &Act { purpose: Some(Purpose::Investigate), facts, ..about })?;
            Ok(all)
        })
        .await
}

/// Addresses on the network that are confirmed or listed, after an entry; and after which to ask next, if there may be more.
///
/// # Errors
/// Forbidden; an institution on trial.
pub async fn addresses(
    app: &App,
    actor: &Actor,
    after: Option<EntryId>,
) -> Result<(Vec<Decision>, Option<EntryId>), RegistryError> {
    may_ask(actor)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .read(move |tx| {
            let (now, partners) = (me.office.now(), partner::store::all(tx)?);
            live_partner(&actor, &partners)?;
            let allowed = Allowed::here(&me, &partners);
            let page = store::network_decided(tx, after.map(|id| id.uuid()).unwrap_or_default(), PAGE)?;
            let whole = i64::try_from(page.len()).is_ok_and(|n| n == PAGE);
            let next = page.last().filter(|_| whole).map(|e| e.id);
            Ok((page.iter().filter_map(|e| told(&me, &allowed, e, now)).collect(), next))
        })
        .await
}
