//! Acts of people about an entry. Each is in the record with its reason; what stops payments takes as many approvers as
//! the law of the day asks, none of whom confirmed it.

use access::{Action, Kind as Thing, Resource};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Timestamp};
use legal_basis::{Basis, LegalBasisError};
use profile::{AddresseeKind, Measure};
use serde_json::{Value, json};

use super::REASON;
use super::hearing::{expires, review};
use crate::beforehand::Allowed;
use crate::error::RegistryError;
use crate::model::{Decided, Entry, EntryId};
use crate::rules::{self, Beforehand, LifeError};
use crate::store;

/// The resource of an entry: whoever confirmed it is its author.
pub(super) fn resource(tx: &mut Tx<'_>, entry: &Entry) -> Result<Resource, RegistryError> {
    let (_, by) = store::reason(tx, entry.id)?;
    let signers = store::signers(tx, entry.id)?;
    let mut resource = Resource::new(Thing::Identifier, entry.id.uuid(), &entry.header).signed_by(&signers);
    resource.author = by.unwrap_or_default();
    Ok(resource)
}

/// What is being acted on, and what is known of it beforehand.
struct Matter {
    entry: Entry,
    beforehand: Beforehand,
    now: Timestamp,
}

fn matter(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    id: EntryId,
    act: Action,
) -> Result<Matter, RegistryError> {
    tx.lock_row("registry_entry", id.uuid())?;
    let entry = store::find(tx, id)?.ok_or(RegistryError::NotFound)?;
    access::require(actor, act, &resource(tx, &entry)?)?;
    let (now, partners) = (app.office.now(), partner::store::all(tx)?);
    access::present(tx, actor, now)??;
    Ok(Matter { beforehand: Allowed::here(app, &partners).beforehand_of(app, &entry), entry, now })
}

fn keep(tx: &mut Tx<'_>, app: &App, after: Entry) -> Result<Entry, RegistryError> {
    let after = Entry { expires_at: expires(app, &after), ..after };
    store::save(tx, &after)?;
    Ok(Entry { version: after.version.saturating_add(1), ..after })
}

fn record(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    act: &'static str,
    entry: &Entry,
    facts: Value,
) -> Result<(), RegistryError> {
    let about = Act::about(act, "identifier", entry.id.uuid());
    Ok(app.record(tx, actor, &Act { facts, basis: entry.basis, ..about })?)
}

/// An officer confirms that fraud is done with a thing, and says why. What was signed before counts no more.
///
/// # Errors
/// Absent or forbidden; no reason; it is protected; it does not fit its life.
pub async fn confirm(app: &App, actor: &Actor, id: EntryId, reason: &str) -> Result<Entry, RegistryError> {
    let reason = app::reason(reason).ok_or(RegistryError::Reasons)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let m = matter(tx, &me, &actor, id, Action::ConfirmIdentifier)?;
            let after = rules::confirm(&m.entry, m.beforehand, (m.now, review(&me, &m.entry, m.now)))?;
            let sealed = me.seal_words(tx, id.uuid(), REASON, &reason)?;
            store::unsign(tx, id)?;
            store::say(tx, id, sealed.bytes(), &actor.label())?;
            let facts =
                json!({"kind": after.kind.as_str(), "masked": after.masked, "reason_sealed": sealed.fact()});
            record(tx, &me, &actor, "registry.confirmed", &after, facts)?;
            keep(tx, &me, after)
        })
        .await
}

/// What came of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The entry.
    pub entry: Entry,
    /// How many more must sign.
    pub missing: usize,
}

/// An approver signs that a thing is listed. With as many signatures as the law asks it is, and partners are advised to
/// decline payments to it.
///
/// # Errors
/// Absent or forbidden, also to whoever confirmed it; no law of this day allows it; it is protected; nobody has confirmed
/// it, or an objection waits.
pub async fn list(app: &App, actor: &Actor, id: EntryId) -> Result<Signed, RegistryError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let m = matter(tx, &me, &actor, id, Action::ListIdentifier)?;
            let basis = basis(tx, m.now)?;
            let law = (basis.id, basis.version);
            // Judged before the signature is kept: what cannot be listed is not signed.
            let until = basis.record.max_term.map(|term| me.profile.term_end(m.now, term));
            let review = review(&me, &m.entry, m.now);
            let after = rules::list(&m.entry, m.beforehand, (law, until), (m.now, review))?;
            store::sign(tx, id, &actor.label(), m.now)?;
            let needed = usize::from(basis.record.approvers.count);
            let missing = needed.saturating_sub(store::signers(tx, id)?.len());
            let facts = json!({"kind": after.kind.as_str(), "masked": after.masked, "missing": missing});
            if missing > 0 {
                let about = Act::about("registry.signed", "identifier", id.uuid());
                me.record(tx, &actor, &Act { facts, basis: Some(law), ..about })?;
                return Ok(Signed { entry: m.entry, missing });
            }
            record(tx, &me, &actor, "registry.listed", &after, facts)?;
            Ok(Signed { entry: keep(tx, &me, after)?, missing: 0 })
        })
        .await
}

/// The law under which things are listed on a day. No law, no listing.
fn basis(tx: &mut Tx<'_>, now: Timestamp) -> Result<Basis, RegistryError> {
    for addressee in AddresseeKind::ALL {
        if let Some(basis) = legal_basis::find_in_force(tx, Measure::Listing, *addressee, now)? {
            return Ok(basis);
        }
    }
    Err(LegalBasisError::NotFound.into())
}

/// Somebody says that a thing is theirs and has nothing to do with fraud: until it is decided, nothing is declined
/// because of it.
///
/// # Errors
/// Absent; nothing is told of it, or an objection waits already.
pub fn dispute(tx: &mut Tx<'_>, app: &App, actor: &Actor, id: EntryId) -> Result<Entry, RegistryError> {
    tx.lock_row("registry_entry", id.uuid())?;
    let entry = store::find(tx, id)?.ok_or(RegistryError::NotFound)?;
    let after = rules::dispute(&entry, app.office.now())?;
    record(
        tx,
        app,
        actor,
        "registry.disputed",
        &after,
        json!({"kind": after.kind.as_str(), "masked": after.masked}),
    )?;
    store::save(tx, &after)?;
    Ok(Entry { version: after.version.saturating_add(1), ..after })
}

/// An approver clears a thing, with a reason: from this moment it is told to nobody, whatever is reported of it, until
/// people decide anew. An objection that waited is upheld by it.
///
/// # Errors
/// Absent or forbidden; no reason; it is cleared already.
pub async fn clear(app: &App, actor: &Actor, id: EntryId, reason: &str) -> Result<Entry, RegistryError> {
    let reason = app::reason(reason).ok_or(RegistryError::Reasons)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let m = matter(tx, &me, &actor, id, Action::ClearIdentifier)?;
            let after = rules::clear(&m.entry, m.now)?;
            let sealed = me.seal_words(tx, id.uuid(), REASON, &reason)?;
            store::unsign(tx, id)?;
            store::say(tx, id, sealed.bytes(), &actor.label())?;
            let facts = json!({
                "kind": after.kind.as_str(), "masked": after.masked, "was": m.entry.decided.as_str(),
                "reason_sealed": sealed.fact(),
            });
            record(tx, &me, &actor, "registry.cleared", &after, facts)?;
            keep(tx, &me, after)
        })
        .await
}

/// An approver finds an objection without ground: the entry stands as before.
///
/// # Errors
/// Absent or forbidden, also to whoever confirmed or signed it; no reason; no objection waits.
pub async fn stand(app: &App, actor: &Actor, id: EntryId, reason: &str) -> Result<Entry, RegistryError> {
    let reason = app::reason(reason).ok_or(RegistryError::Reasons)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            // Whoever had a hand in it decides on no objection to it: the same rule as for signing.
            let m = matter(tx, &me, &actor, id, Action::ListIdentifier)?;
            let after = rules::stand(&m.entry, m.now)?;
            let sealed = me.seal_words(tx, id.uuid(), REASON, &reason)?;
            let facts =
                json!({"kind": after.kind.as_str(), "masked": after.masked, "reason_sealed": sealed.fact()});
            record(tx, &me, &actor, "registry.stands", &after, facts)?;
            store::save(tx, &after)?;
            Ok(Entry { version: after.version.saturating_add(1), ..after })
        })
        .await
}

/// Why nothing can be done with an entry by this act, told before somebody tries; `None` if it can.
#[must_use]
pub fn in_the_way(entry: &Entry, beforehand: Beforehand, now: Timestamp) -> Option<LifeError> {
    let law = (uuid::Uuid::nil(), 0);
    match entry.decided {
        Decided::Suspect => rules::list(entry, beforehand, (law, None), (now, now)).err(),
        _ => rules::confirm(entry, beforehand, (now, now)).err(),
    }
}
