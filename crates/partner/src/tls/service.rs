//! Adding, confirming and revoking client certificates, and comparing the one that came.

use access::{Action, Resource};
use app::App;
use audit::Act;
use kernel::{Actor, Timestamp};
use serde_json::json;

use crate::agreement::DecideError;
use crate::agreement::service::both_stand;
use crate::manage::{self, KEEP, of_actor};
use crate::model::PartnerId;
use crate::service::PartnerError;
use crate::store as partners;
use crate::tls::rules::{Fingerprint, fingerprint, written};
use crate::tls::store;

/// Name of the sealed field.
const REASON: &str = "certificate_reason";
/// Most certificates that are taken, or wait, at once: the one in use and the one to come.
const MOST: usize = 2;

/// A certificate as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateView {
    /// Pairs of capitals with colons between.
    pub fingerprint: String,
    /// When it was added, office time.
    pub added_at: Timestamp,
    /// Who added it, while it waits for a second administrator.
    pub awaits: Option<String>,
    /// When it was revoked, office time.
    pub revoked_at: Option<Timestamp>,
    /// Why; empty if nothing was written.
    pub reason: String,
}

/// The certificates of an institution, for whoever may see it.
///
/// # Errors
/// As [`crate::manage::one`].
pub async fn list(app: &App, actor: &Actor, code: &str) -> Result<Vec<CertificateView>, PartnerError> {
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .read(move |tx| {
            let partner = of_actor(tx, &me, &actor, &code, (Action::ViewPartner, Action::ViewPartner))?;
            let all = store::of_partner(tx, partner.id)?;
            let mut shown = Vec::new();
            for c in all {
                shown.push(CertificateView {
                    fingerprint: written(&c.fingerprint),
                    added_at: c.added_at,
                    awaits: c.awaits.filter(|_| c.revoked_at.is_none()),
                    revoked_at: c.revoked_at,
                    reason: manage::opened(tx, &me, partner.id, REASON, c.reason_sealed)?,
                });
            }
            Ok(shown)
        })
        .await
}

/// Adds a certificate by its fingerprint. It is taken at once or waits, as a key does
/// ([`manage::add_key`]).
///
/// # Errors
/// Not permitted; no fingerprint; known already; two are there.
pub async fn add(app: &App, actor: &Actor, code: &str, text: &str) -> Result<(), PartnerError> {
    let print = fingerprint(text).ok_or(PartnerError::Fingerprint)?;
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .write(move |tx| {
            let partner = of_actor(tx, &me, &actor, &code, KEEP)?;
            // Two managers at once must not pass the limit together.
            tx.lock_row("partner", partner.id.uuid())?;
            if store::find(tx, partner.id, print)?.is_some() {
                return Err(PartnerError::FingerprintKnown);
            }
            if store::open(tx, partner.id)?.len() >= MOST {
                return Err(PartnerError::Certificates);
            }
            let awaits = manage::waits(tx, &actor)?;
            let facts = json!({"code": code, "fingerprint": written(&print), "awaits": awaits.is_some()});
            store::insert(tx, me.uuid(), partner.id, print, me.office.now(), awaits)?;
            let act = Act::about("partner.certificate_added", "partner", partner.id.uuid());
            Ok(me.record(tx, &actor, &Act { facts, ..act })?)
        })
        .await
}

/// Confirms, as a second administrator, a certificate that another one has added.
///
/// # Errors
/// There is none that waits; not permitted; [`DecideError`].
pub async fn confirm(app: &App, actor: &Actor, code: &str, text: &str) -> Result<(), PartnerError> {
    access::require(actor, Action::ViewPartner, &Resource::any("partner"))?;
    let print = fingerprint(text).ok_or(PartnerError::NotFound)?;
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .write(move |tx| {
            let partner = partners::by_code(tx, &code)?.ok_or(PartnerError::NotFound)?;
            let found = store::find(tx, partner.id, print)?.filter(|c| c.revoked_at.is_none());
            let Some(author) = found.and_then(|c| c.awaits) else { return Err(PartnerError::NotFound) };
            let record = Resource::bare("partner", partner.id.uuid(), &me.node.code);
            if access::allowed(&actor, Action::ConfirmPartner, &record) && author == actor.label() {
                return Err(DecideError::Author.into());
            }
            let record = Resource { author: author.clone(), ..record };
            access::require(&actor, Action::ConfirmPartner, &record)?;
            both_stand(tx, &me, &actor, &author)?;
            if store::confirm(tx, partner.id, print, &author)? {
                let facts = json!({"code": code, "fingerprint": written(&print), "added_by": author});
                let act = Act::about("partner.certificate_confirmed", "partner", partner.id.uuid());
                me.record(tx, &actor, &Act { facts, ..act })?;
            }
            Ok(())
        })
        .await
}

/// Stops taking a certificate, from this commit on, for a reason.
///
/// # Errors
/// There is none; not permitted; [`PartnerError::Reason`].
pub async fn revoke(
    app: &App,
    actor: &Actor,
    code: &str,
    text: &str,
    reason: &str,
) -> Result<(), PartnerError> {
    let print = fingerprint(text).ok_or(PartnerError::NotFound)?;
    let reason = app::reason(reason).ok_or(PartnerError::Reason)?;
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .write(move |tx| {
            let partner = of_actor(tx, &me, &actor, &code, KEEP)?;
            let words = me.seal_words(tx, partner.id.uuid(), REASON, &reason)?;
            if !store::revoke(tx, partner.id, print, me.office.now(), words.bytes())? {
                return Err(PartnerError::NotFound);
            }
            let facts = json!({"code": code, "fingerprint": written(&print), "reason_sealed": words.fact()});
            let act = Act::about("partner.certificate_revoked", "partner", partner.id.uuid());
            Ok(me.record(tx, &actor, &Act { facts, ..act })?)
        })
        .await
}

/// Compares the certificate that a trusted proxy handed over with those of the institution, where its agreement asks for
/// mutual TLS. Where no trusted proxy stands before the node, nothing came: such an institution is refused, not let through.
///
/// # Errors
/// [`PartnerError::Certificate`]; the database's.
pub(crate) async fn check(app: &App, actor: &Actor, came: Option<Fingerprint>) -> Result<(), PartnerError> {
    let Actor::Partner { partner, code, .. } = actor else { return Ok(()) };
    let (id, code) = (PartnerId::from_uuid(*partner), code.clone());
    let good = app
        .db
        .read(move |tx| {
            if !partners::by_code(tx, &code)?.is_some_and(|p| p.mutual_tls) {
                return Ok::<_, PartnerError>(true);
            }
            let Some(came) = came else { return Ok(false) };
            let taken = |c: &store::Certificate| c.fingerprint == came && c.awaits.is_none();
            Ok(store::open(tx, id)?.iter().any(taken))
        })
        .await?;
    if good { Ok(()) } else { Err(PartnerError::Certificate) }
}
