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
use crate::model::{Advice, Class, Entry, EntryId};
use crate::rules::{self, Known};
use crate::store;

/// Most entries of a page of the feed.
pub const PAGE: i64 = 1_000;
/// Most pages of a file: more is a database's work, not a table's.
const MOST_PAGES: usize = 100;

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
    // By what is advised, not by what was decided: what is disputed, or somebody's own besides, is on no list to block by.
    let class = match rules::verdict(known, now).advice {
        Advice::Decline => Class::Listed,
        Advice::AskAndWait => Class::Suspect,
        Advice::AskPayer | Advice::Nothing => return None,
    };
    Some(Decision {
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
    let (mut all, mut after) = (Vec::new(), Uuid::nil());
    // Page by page: nobody's writing waits for it, and no entry is read without end.
    for _ in 0..MOST_PAGES {
        let me = app.clone();
        let (last, page) = app
            .db
            .read(move |tx| {
                let (now, partners) = (me.office.now(), partner::store::all(tx)?);
                let allowed = Allowed::here(&me, &partners);
                let page = store::decided(tx, after, PAGE)?;
                let last = page.last().map(|e| e.id.uuid());
                let page: Vec<Decision> = page.iter().filter_map(|e| told(&me, &allowed, e, now)).collect();
                Ok::<_, RegistryError>((last, page))
            })
            .await?;
        all.extend(page);
        let Some(last) = last else { break };
        after = last;
    }
    let (me, by, entries) = (app.clone(), actor.clone(), all.len());
    app.db
        .write(move |tx| {
            let facts = json!({"format": format, "entries": entries});
            let about = Act::about("registry.exported", "identifier", Uuid::nil());
            Ok::<_, RegistryError>(me.record(
                tx,
                &by,
                &Act { purpose: Some(Purpose::Investigate), facts, ..about },
            )?)
        })
        .await?;
    Ok(all)
}

/// That an institution took a page of a feed, and how much stood on it.
pub(super) async fn record_taken(
    app: &App,
    actor: &Actor,
    act: &'static str,
    entries: usize,
) -> Result<(), RegistryError> {
    let Actor::Partner { partner, .. } = actor else { return Ok(()) };
    let (me, actor, partner) = (app.clone(), actor.clone(), *partner);
    app.db
        .write(move |tx| {
            let facts = json!({"entries": entries});
            Ok(me.record(tx, &actor, &Act { facts, ..Act::about(act, "partner", partner) })?)
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
    let (me, by) = (app.clone(), actor.clone());
    let page = app
        .db
        .read(move |tx| {
            let (now, partners) = (me.office.now(), partner::store::all(tx)?);
            live_partner(&by, &partners)?;
            let allowed = Allowed::here(&me, &partners);
            let page = store::network_decided(tx, after.map(|id| id.uuid()).unwrap_or_default(), PAGE)?;
            let whole = i64::try_from(page.len()).is_ok_and(|n| n == PAGE);
            let next = page.last().filter(|_| whole).map(|e| e.id);
            // A link that carries somebody's number is one victim's: nobody else could block by it, and it would tell of them.
            let told = page.iter().filter_map(|e| told(&me, &allowed, e, now));
            let told: Vec<Decision> = told.filter(|d| !d.value.contains('…')).collect();
            Ok::<_, RegistryError>((told, next))
        })
        .await?;
    record_taken(app, actor, "registry.addresses_taken", page.0.len()).await?;
    Ok(page)
}
