//! What an administrator does with institutions: looks them over, takes one out or in, stops believing a key.

use access::{Action, Resource};
use app::{App, SealedWords};
use audit::Act;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use db::Tx;
use kernel::{Actor, Purpose, Timestamp};
use serde_json::json;

use crate::agreement::{self, DecideError};
use crate::model::{Partner, PartnerId, PartnerKey};
use crate::service::PartnerError;
use crate::{rules, store};

/// What lets somebody change keys: of the own institution, of any.
pub(crate) const KEEP: (Action, Action) = (Action::ManageOwnKeys, Action::ManagePartners);
/// Most keys of one institution that are believed at once.
const MAX_KEYS: usize = 8;

/// Names of the sealed fields.
pub(crate) const STATE_REASON: &str = "state_reason";
const KEY_REASON: &str = "revoked_reason";

/// A key as an administrator sees it. Times are office time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyView {
    /// `CODE/NAME`.
    pub keyid: String,
    /// Since when it is believed.
    pub valid_from: Timestamp,
    /// Since when it is not.
    pub revoked_at: Option<Timestamp>,
    /// Why it is not; empty if nothing was written.
    pub reason: String,
    /// Who added it, while it waits for a second administrator: as [`kernel::Actor::label`].
    pub awaits: Option<String>,
    /// Ed25519 public key, base64.
    pub public_key: String,
}

impl KeyView {
    /// Whether what it signs is believed.
    #[must_use]
    pub const fn is_believed(&self) -> bool {
        self.revoked_at.is_none() && self.awaits.is_none()
    }
}

/// An institution with its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerView {
    /// The institution.
    pub partner: Partner,
    /// Its keys, by key id.
    pub keys: Vec<KeyView>,
    /// When it was last taken out or in, office time.
    pub state_at: Option<Timestamp>,
    /// Why; empty if nothing was written.
    pub state_reason: String,
}

impl PartnerView {
    /// How many of its keys are believed.
    #[must_use]
    pub fn valid_keys(&self) -> usize {
        self.keys.iter().filter(|k| k.is_believed()).count()
    }
}

/// All institutions with their keys, by code.
///
/// # Errors
/// Not permitted; the database's, the vault's.
pub async fn overview(app: &App, actor: &Actor) -> Result<Vec<PartnerView>, PartnerError> {
    access::require(actor, Action::ViewPartner, &Resource::any("partner"))?;
    let me = app.clone();
    app.db
        .read(move |tx| {
            let rows = store::keys(tx)?;
            let partners = store::all(tx)?;
            partners.into_iter().map(|p| view(tx, &me, p, &rows)).collect()
        })
        .await
}

/// An institution, if the actor may do `own` to it where it is the actor's own, or `others` to any.
///
/// # Errors
/// Not permitted; [`PartnerError::NotFound`], also for an institution that is not the actor's.
pub(crate) fn of_actor(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    code: &str,
    (own, others): (Action, Action),
) -> Result<Partner, PartnerError> {
    let outside = matches!(actor, Actor::Partner { .. });
    if !outside {
        access::require(actor, others, &Resource::any("partner"))?;
    }
    let partner = store::by_code(tx, code)?.ok_or(PartnerError::NotFound)?;
    if outside {
        let record = Resource::bare("partner", partner.id.uuid(), &app.node.code);
        // Another partner's record and one that is not there look the same.
        access::require(actor, own, &record).map_err(|e| match e {
            access::AccessError::Hidden => PartnerError::NotFound,
            e => PartnerError::Access(e),
        })?;
    }
    if outside && !partner.active {
        return Err(PartnerError::Out);
    }
    Ok(partner)
}

/// One institution with its keys.
///
/// # Errors
/// As [`overview`]; [`PartnerError::NotFound`].
pub async fn one(app: &App, actor: &Actor, code: &str) -> Result<PartnerView, PartnerError> {
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .read(move |tx| {
            let partner = of_actor(tx, &me, &actor, &code, (Action::ViewPartner, Action::ViewPartner))?;
            let rows = store::keys(tx)?;
            view(tx, &me, partner, &rows)
        })
        .await
}

fn view(
    tx: &mut Tx<'_>,
    app: &App,
    partner: Partner,
    rows: &[store::KeyRow],
) -> Result<PartnerView, PartnerError> {
    let mut keys = Vec::new();
    for row in rows.iter().filter(|row| row.partner == partner.id) {
        keys.push(KeyView {
            keyid: row.keyid.clone(),
            valid_from: row.valid_from,
            revoked_at: row.revoked_at,
            reason: opened(tx, app, partner.id, KEY_REASON, row.reason_sealed.clone())?,
            awaits: row.awaits.clone().filter(|_| row.revoked_at.is_none()),
            public_key: BASE64_STANDARD.encode(&row.public_key),
        });
    }
    let (state_at, sealed) = store::state(tx, partner.id)?;
    let state_reason = opened(tx, app, partner.id, STATE_REASON, sealed)?;
    Ok(PartnerView { partner, keys, state_at, state_reason })
}

pub(crate) fn opened(
    tx: &mut Tx<'_>,
    app: &App,
    id: PartnerId,
    field: &str,
    sealed: Option<Vec<u8>>,
) -> Result<String, PartnerError> {
    let Some(sealed) = sealed else { return Ok(String::new()) };
    let words = app.open_words(tx, id.uuid(), field, &SealedWords::from_bytes(sealed))?;
    Ok(words.map_or_else(String::new, |words| words.into_inner(Purpose::Operate)))
}

/// Takes an institution out or in again, for a reason. One that is out gets no new orders, and its messages are not
/// believed. One that stands so already is left as it is, without a record.
///
/// # Errors
/// Not permitted; [`PartnerError::NotFound`]; [`PartnerError::Reason`]; [`PartnerError::RegisterKept`] or [`PartnerError::BodyKept`] where another one has
/// become the keeper of its register meanwhile.
pub async fn set_active(
    app: &App,
    actor: &Actor,
    code: &str,
    active: bool,
    reason: &str,
) -> Result<(), PartnerError> {
    access::require(actor, Action::ManagePartners, &Resource::any("partner"))?;
    let reason = app::reason(reason).ok_or(PartnerError::Reason)?;
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .write(move |tx| {
            let partner = store::by_code(tx, &code)?.ok_or(PartnerError::NotFound)?;
            let taken = agreement::place::kept_by_another(&code, &partner.keeps.registers, &store::all(tx)?);
            if let Some(register) = taken.filter(|_| active && !partner.active) {
                return Err(PartnerError::RegisterKept(register.clone()));
            }
            let all = store::all(tx)?;
            let taken = agreement::place::answered_by_another(&code, &partner.keeps.bodies, &all);
            if let Some(body) = taken.filter(|_| active && !partner.active) {
                return Err(PartnerError::BodyKept(body.clone()));
            }
            let words = me.seal_words(tx, partner.id.uuid(), STATE_REASON, &reason)?;
            if !store::set_active(tx, partner.id, active, me.office.now(), words.bytes())? {
                return Ok(());
            }
            let name = if active { "partner.activated" } else { "partner.deactivated" };
            let facts = json!({"code": code, "reason_sealed": words.fact()});
            me.record(tx, &actor, &Act { facts, ..Act::about(name, "partner", partner.id.uuid()) })?;
            Ok(())
        })
        .await
}

/// Who must wait for an administrator with a key or certificate that they add: staff always; the institution's own manager
/// while somebody of the staff may hold what the manager signs in with. Gives the label to wait under.
pub(crate) fn waits(tx: &mut Tx<'_>, actor: &Actor) -> Result<Option<String>, PartnerError> {
    let label = actor.label();
    let waits = match actor {
        Actor::Staff { .. } => true,
        Actor::Partner { person: Some(_), .. } => access::holders(tx, &label)?.iter().any(|h| h.staff),
        _ => false,
    };
    Ok(waits.then_some(label))
}

/// Whether a key or certificate that the actor adds waits for an administrator.
///
/// # Errors
/// The database's.
pub async fn waits_for_second(app: &App, actor: &Actor) -> Result<bool, PartnerError> {
    let actor = actor.clone();
    Ok(app.db.read(move |tx| waits(tx, &actor)).await?.is_some())
}

/// Adds a key beside those that are believed: `CODE/NAME`. Gives its id. Added by the institution's own manager it is
/// believed at once, unless somebody of the staff was handed what the manager signs in with; then, and added by an
/// administrator, it waits for an administrator who is another person ([`confirm_key`]). The same key under the same
/// name again is left as it is, without a record.
///
/// # Errors
/// Not permitted; a name or key that is none; [`PartnerError::KeyChanged`] for a name that is taken;
/// [`PartnerError::KeyKnown`] where another name, or another institution, has this key; [`PartnerError::Keys`].
pub async fn add_key(
    app: &App,
    actor: &Actor,
    code: &str,
    name: &str,
    public_key: &str,
) -> Result<String, PartnerError> {
    let name = rules::key_name(name).ok_or(PartnerError::KeyName)?.to_owned();
    let public_key = rules::public_key(public_key).ok_or(PartnerError::Key)?;
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .write(move |tx| {
            let partner = of_actor(tx, &me, &actor, &code, KEEP)?;
            let keyid = format!("{}/{name}", partner.code);
            // Two managers at once must not pass the limit together.
            tx.lock_row("partner", partner.id.uuid())?;
            match store::key(tx, &keyid)? {
                Some(known) if known.public_key == public_key && known.revoked_at.is_none() => {
                    return Ok(keyid);
                }
                Some(_) => return Err(PartnerError::KeyChanged(keyid)),
                None => {}
            }
            if store::key_by_public(tx, public_key)? {
                return Err(PartnerError::KeyKnown);
            }
            let valid = |row: &&store::KeyRow| row.partner == partner.id && row.revoked_at.is_none();
            if store::keys(tx)?.iter().filter(valid).count() >= MAX_KEYS {
                return Err(PartnerError::Keys);
            }
            let awaits = waits(tx, &actor)?;
            let facts = json!({"keyid": keyid, "awaits": awaits.is_some()});
            let key = PartnerKey {
                partner: partner.id,
                keyid: keyid.clone(),
                public_key,
                revoked_at: None,
                awaits,
            };
            store::insert_key(tx, me.uuid(), &key, me.office.now())?;
            me.record(
                tx,
                &actor,
                &Act { facts, ..Act::about("partner.key_added", "partner", partner.id.uuid()) },
            )?;
            Ok(keyid)
        })
        .await
}

/// Confirms, as a second administrator, a key that another one has added: it is believed from this commit on. The page asks
/// for a fresh one-time code before it calls this.
///
/// # Errors
/// There is no such key that waits; not permitted; [`DecideError`]; the database's.
pub async fn confirm_key(app: &App, actor: &Actor, keyid: &str) -> Result<(), PartnerError> {
    access::require(actor, Action::ViewPartner, &Resource::any("partner"))?;
    let (me, actor, keyid) = (app.clone(), actor.clone(), keyid.to_owned());
    app.db
        .write(move |tx| {
            let key = store::key(tx, &keyid)?.filter(|k| k.revoked_at.is_none());
            let key = key.ok_or(PartnerError::NotFound)?;
            let Some(author) = key.awaits else { return Err(PartnerError::NotFound) };
            let record = Resource::bare("partner", key.partner.uuid(), &me.node.code);
            // The author is told why; the access rules alone would only say "forbidden".
            if access::allowed(&actor, Action::ConfirmPartner, &record) && author == actor.label() {
                return Err(DecideError::Author.into());
            }
            let record = Resource { author: author.clone(), ..record };
            access::require(&actor, Action::ConfirmPartner, &record)?;
            agreement::service::both_stand(tx, &me, &actor, &author)?;
            if store::confirm_key(tx, &keyid, &author, me.office.now())? {
                let facts = json!({"keyid": keyid, "added_by": author});
                let act = Act::about("partner.key_confirmed", "partner", key.partner.uuid());
                me.record(tx, &actor, &Act { facts, ..act })?;
            }
            Ok(())
        })
        .await
}

/// Stops believing a key, from this commit on. One that was revoked before is left as it is, without a record.
///
/// # Errors
/// Not permitted; [`PartnerError::NotFound`]; [`PartnerError::Reason`].
pub async fn revoke_key(app: &App, actor: &Actor, keyid: &str, reason: &str) -> Result<(), PartnerError> {
    let code = keyid.split('/').next().unwrap_or_default().to_owned();
    let reason = app::reason(reason).ok_or(PartnerError::Reason)?;
    let (me, actor, keyid) = (app.clone(), actor.clone(), keyid.to_owned());
    app.db
        .write(move |tx| {
            let partner = of_actor(tx, &me, &actor, &code, KEEP)?;
            let key = store::key(tx, &keyid)?.filter(|k| k.partner == partner.id);
            let key = key.ok_or(PartnerError::NotFound)?;
            let words = me.seal_words(tx, key.partner.uuid(), KEY_REASON, &reason)?;
            if store::revoke_key(tx, &keyid, me.office.now(), words.bytes())? {
                let facts = json!({"keyid": keyid, "reason_sealed": words.fact()});
                me.record(
                    tx,
                    &actor,
                    &Act { facts, ..Act::about("partner.key_revoked", "partner", key.partner.uuid()) },
                )?;
            }
            Ok(())
        })
        .await
}
