//! Acts of people about an entry. Each is in the record with its reason; what stops payments takes as many approvers as
//! the law of the day asks, none of whom confirmed it.

use access::{Action, Kind as Thing, Resource};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Timestamp};
use legal_basis::{Basis, LegalBasisError, Proposal};
use profile::{AddresseeKind, Approvers, Measure, Scope};
use serde_json::{Value, json};

use super::hearing::{ended, expires, keys_of, lives, respared, review, spares};
use super::{OBJECTION, REASON};
use crate::beforehand::Allowed;
use crate::error::RegistryError;
use crate::model::{Decided, Entry, EntryId, ObjectionStatus};
use crate::rules::{self, Beforehand, Guard, LifeError, Term};
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
pub(super) struct Matter {
    pub(super) entry: Entry,
    beforehand: Beforehand,
    pub(super) now: Timestamp,
}

pub(super) fn matter(
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
    let entry = ended(tx, app, entry, now)?;
    let entry = Entry { spared: respared(tx, &entry)?, ..entry };
    Ok(Matter { beforehand: Allowed::here(app, &partners).beforehand_of(app, &entry), entry, now })
}

pub(super) fn keep(tx: &mut Tx<'_>, app: &App, after: Entry) -> Result<Entry, RegistryError> {
    let after = Entry { expires_at: expires(app, &after), ..after };
    store::save(tx, &after, app.wall.now())?;
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
            let until_at = lives(&me, m.entry.kind, m.now);
            let term = Term { now: m.now, review_at: review(&me, &m.entry, m.now), until_at };
            let after = rules::confirm(&m.entry, m.beforehand, term)?;
            let sealed = me.seal_words(tx, id.uuid(), REASON, &reason)?;
            store::unsign(tx, id)?;
            store::say(tx, id, sealed.bytes(), &actor.label())?;
            let facts = json!({"kind": after.kind.as_str(), "reason_sealed": sealed.fact()});
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
            let now = me.office.now();
            let basis = basis(tx, now)?;
            let law = (basis.id, basis.version);
            // The law has changed: what was signed under another counts no more, and its signers may sign anew.
            store::unsign_others(tx, id, law)?;
            let approvers = &basis.record.approvers;
            // A second click signs nothing anew.
            if store::signers(tx, id)?.contains(&actor.label())
                && let Some(entry) = store::find(tx, id)?
            {
                access::require(&actor, Action::ViewIdentifier, &resource(tx, &entry)?)?;
                match rules::standing(&entry, now) {
                    Decided::Listed => return Ok(Signed { entry, missing: 0 }),
                    Decided::Suspect => {
                        return Ok(Signed { missing: missing(tx, id, approvers)?, entry });
                    }
                    _ => {}
                }
            }
            let m = matter(tx, &me, &actor, id, Action::ListIdentifier)?;
            if !access::still_stands(tx, &actor.label(), &approvers.roles)? {
                return Err(access::AccessError::Forbidden(Action::ListIdentifier).into());
            }
            let life = lives(&me, m.entry.kind, now);
            let until_at =
                basis.record.max_term.map_or(life, |term| me.profile.term_end(now, term).min(life));
            let term = Term { now, review_at: review(&me, &m.entry, now), until_at };
            // A list that came after the confirmation protects from going further.
            if spares(tx, &keys_of(&m.entry))? {
                return Err(LifeError::Guarded(Guard::Spared).into());
            }
            // Judged before the signature is kept: what cannot be listed is not signed.
            let after = rules::list(&m.entry, m.beforehand, law, term)?;
            store::sign(tx, id, &actor.label(), law, now)?;
            let missing = missing(tx, id, approvers)?;
            let facts = json!({"kind": after.kind.as_str(), "missing": missing});
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

/// How many more must sign. Who has left since, or holds another office, has not signed.
fn missing(tx: &mut Tx<'_>, id: EntryId, approvers: &Approvers) -> Result<usize, RegistryError> {
    let mut standing = 0_usize;
    for signer in store::signers(tx, id)? {
        standing = standing.saturating_add(usize::from(access::still_stands(tx, &signer, &approvers.roles)?));
    }
    Ok(usize::from(approvers.count).saturating_sub(standing))
}

/// The law under which things are listed on a day. No law, no listing; nor where it wants what is not asked for here.
fn basis(tx: &mut Tx<'_>, now: Timestamp) -> Result<Basis, RegistryError> {
    let (mut refused, laws) =
        (LegalBasisError::NotFound, legal_basis::in_force_of(tx, Measure::Listing, now)?);
    for addressee in AddresseeKind::ALL {
        let proposal = Proposal {
            measure: Measure::Listing,
            addressee: *addressee,
            scope: Scope::Full,
            amount: None,
            reasoned: true,
            spares_exempt: true,
        };
        match legal_basis::allowing(&laws, &proposal, now) {
            Ok(basis) if basis.record.prosecutor_sanction => return Err(RegistryError::Sanction),
            Ok(basis) => return Ok(basis.clone()),
            Err(LegalBasisError::NotFound) => {}
            Err(other) => refused = other,
        }
    }
    Err(refused.into())
}

/// Whether somebody has had a hand in an entry: confirmed it, signed it, written down the objection.
pub(super) fn had_a_hand(tx: &mut Tx<'_>, entry: &Entry, actor: &Actor) -> Result<bool, RegistryError> {
    let (me, (_, by)) = (actor.label(), store::reason(tx, entry.id)?);
    let signed = store::signers(tx, entry.id)?.contains(&me);
    Ok(signed || by.as_deref() == Some(me.as_str()) || entry.objected_by.as_deref() == Some(me.as_str()))
}

/// An officer writes down that somebody says a thing is theirs and has nothing to do with fraud, and why: until it is
/// decided, nothing is declined because of it.
///
/// # Errors
/// Absent or forbidden; no words; nothing is told of it, or an objection waits already.
pub async fn object(app: &App, actor: &Actor, id: EntryId, words: &str) -> Result<Entry, RegistryError> {
    let words = app::reason(words).ok_or(RegistryError::Reasons)?;
    access::require(actor, Action::FileAppeal, &Resource::any(Thing::Appeal))?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let m = matter(tx, &me, &actor, id, Action::ViewIdentifier)?;
            let after = rules::dispute(&m.entry, &actor.label(), m.now)?;
            let sealed = me.seal_words(tx, id.uuid(), OBJECTION, &words)?;
            store::objected(tx, id, sealed.bytes())?;
            let facts = json!({
                "kind": after.kind.as_str(), "objection_sealed": sealed.fact(),
            });
            record(tx, &me, &actor, "registry.disputed", &after, facts)?;
            keep(tx, &me, after)
        })
        .await
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
            // A slip of one's own may be put right; an objection is decided by somebody else.
            if m.entry.disputed_at.is_some() && had_a_hand(tx, &m.entry, &actor)? {
                return Err(access::AccessError::Forbidden(Action::ClearIdentifier).into());
            }
            let after = rules::clear(&m.entry, m.now)?;
            let sealed = me.seal_words(tx, id.uuid(), REASON, &reason)?;
            store::unsign(tx, id)?;
            store::say(tx, id, sealed.bytes(), &actor.label())?;
            let facts = json!({
                "kind": after.kind.as_str(), "was": m.entry.decided.as_str(),
                "reason_sealed": sealed.fact(),
            });
            record(tx, &me, &actor, "registry.cleared", &after, facts)?;
            super::objecting::decided(tx, &me, (&actor, &reason), id, ObjectionStatus::Upheld)?;
            super::cleared::tell(tx, &me, id)?;
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
            if had_a_hand(tx, &m.entry, &actor)? {
                return Err(access::AccessError::Forbidden(Action::ListIdentifier).into());
            }
            let after = rules::stand(&m.entry, m.now)?;
            let sealed = me.seal_words(tx, id.uuid(), REASON, &reason)?;
            let facts = json!({"kind": after.kind.as_str(), "reason_sealed": sealed.fact()});
            record(tx, &me, &actor, "registry.stands", &after, facts)?;
            super::objecting::decided(tx, &me, (&actor, &reason), id, ObjectionStatus::Rejected)?;
            store::save(tx, &after, me.wall.now())?;
            Ok(Entry { version: after.version.saturating_add(1), ..after })
        })
        .await
}

/// Why nothing can be done with an entry by this act, told before somebody tries; `None` if it can.
#[must_use]
pub fn in_the_way(entry: &Entry, beforehand: Beforehand, now: Timestamp) -> Option<LifeError> {
    let (law, term) = ((uuid::Uuid::nil(), 0), Term { now, review_at: now, until_at: now });
    match rules::standing(entry, now) {
        Decided::Suspect => rules::list(entry, beforehand, law, term).err(),
        _ => rules::confirm(entry, beforehand, term).err(),
    }
}
