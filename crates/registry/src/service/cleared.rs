//! What institutions were told of and people have cleared since: each of them hears of it, whenever it was told.

use app::App;
use db::Tx;
use filter::OpenHash;
use identifier::Kind;
use kernel::{Actor, Timestamp};
use serde_json::json;

use super::checking::{live_partner, may_ask};
use super::export::{PAGE, record_taken};
use super::private;
use crate::error::RegistryError;
use crate::model::{Class, Decided, Entry, EntryId};
use crate::store;
pub use crate::store::TellTo;

/// Something that an institution was told of was cleared. Subject: the entry. Body: nothing.
pub const CLEARED: &str = "registry.cleared.v1";

/// Something that an institution was told of, and that people have cleared since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleared {
    /// Its entry.
    pub id: EntryId,
    /// What sort of thing.
    pub kind: Kind,
    /// What may be shown of it.
    pub masked: String,
    /// Its open hash, by which the institution knows which of its own it is; not where none is kept.
    pub hash: Option<OpenHash>,
    /// When it was cleared.
    pub at: Timestamp,
}

fn thing(tx: &mut Tx<'_>, key: Option<&vault::SubjectKey>, entry: Entry) -> Result<Cleared, RegistryError> {
    let hash = match (key, store::private::find(tx, entry.id)?) {
        (Some(key), Some(kept)) => private::opened(key, &kept).ok(),
        _ => None,
    };
    let at = entry.decided_at.unwrap_or(entry.header.created_at);
    Ok(Cleared { id: entry.id, kind: entry.kind, masked: entry.masked, hash, at })
}

/// What the asking institution was told of and that has been cleared since, after an entry; and after which to ask next.
///
/// # Errors
/// Forbidden; an institution on trial.
pub async fn cleared(
    app: &App,
    actor: &Actor,
    after: Option<EntryId>,
) -> Result<(Vec<Cleared>, Option<EntryId>), RegistryError> {
    may_ask(actor)?;
    let Actor::Partner { code, .. } = actor else { return Ok((Vec::new(), None)) };
    let (me, by, code) = (app.clone(), actor.clone(), code.clone());
    let page = app
        .db
        .read(move |tx| {
            live_partner(&by, &partner::store::all(tx)?)?;
            let key = private::opener(tx, &me)?;
            let after = after.map(|id| id.uuid()).unwrap_or_default();
            let ids = store::cleared_for(tx, &code, after, PAGE)?;
            let whole = i64::try_from(ids.len()).is_ok_and(|n| n == PAGE);
            let next = ids.last().copied().filter(|_| whole);
            let mut all = Vec::with_capacity(ids.len());
            for id in ids {
                let Some(entry) = store::find(tx, id)? else { continue };
                all.push(thing(tx, key.as_ref(), entry)?);
            }
            Ok::<_, RegistryError>((all, next))
        })
        .await?;
    record_taken(app, actor, "registry.cleared_taken", page.0.len()).await?;
    Ok(page)
}

/// An entry as far as it is cleared now.
///
/// # Errors
/// The database's.
pub fn clearance(tx: &mut Tx<'_>, app: &App, id: EntryId) -> Result<Option<Cleared>, RegistryError> {
    let Some(entry) = store::find(tx, id)?.filter(|e| e.decided == Decided::Cleared) else { return Ok(None) };
    let key = private::opener(tx, app)?;
    thing(tx, key.as_ref(), entry).map(Some)
}

/// The same, and the institutions that were told of it.
///
/// # Errors
/// The database's.
pub fn told_of(
    tx: &mut Tx<'_>,
    app: &App,
    id: EntryId,
) -> Result<Option<(Cleared, Vec<TellTo>)>, RegistryError> {
    let Some(cleared) = clearance(tx, app, id)? else { return Ok(None) };
    Ok(Some((cleared, store::told(tx, id)?)))
}

/// Tells whoever sends messages that an entry was cleared of which institutions were told.
pub(super) fn tell(tx: &mut Tx<'_>, app: &App, id: EntryId) -> Result<(), RegistryError> {
    if store::told(tx, id)?.is_empty() {
        return Ok(());
    }
    Ok(app.tell(tx, CLEARED, id.uuid(), json!({}))?)
}

/// Keeps that an institution was told something of an entry. What it was told is written down a moment later than it is told:
/// where the entry was cleared in between, the institution hears of that, too.
pub(crate) fn keep_told(
    tx: &mut Tx<'_>,
    app: &App,
    (id, to): (EntryId, &Actor),
    class: Class,
    at: Timestamp,
) -> Result<(), RegistryError> {
    tx.lock_row("registry_entry", id.uuid())?;
    store::tell(tx, id, to, class, at)?;
    match store::find(tx, id)? {
        Some(entry) if entry.decided == Decided::Cleared => tell(tx, app, id),
        _ => Ok(()),
    }
}
