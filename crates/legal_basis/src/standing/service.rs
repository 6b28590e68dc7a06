//! The verbs of the office about standing approvals: permission, load, decide, save, record.

use access::{Action, Kind, Resource};
use app::App;
use audit::Act;
use db::Tx;
use kernel::Actor;
use serde_json::json;

use crate::error::LegalBasisError;
use crate::standing::model::{NewStanding, StandingApproval, StandingId, Status};
use crate::standing::rules::{RevokeError, SignError, Signer, check_draft};
use crate::standing::store;

/// Most approvals in a list.
const LIST_LIMIT: i64 = 200;

/// Prepares a standing approval, or a new version of one. It covers nothing until it is signed.
///
/// # Errors
/// The actor may not, the terms do not fit the basis, or the database's.
pub async fn draft(
    app: &App,
    actor: &Actor,
    terms: NewStanding,
) -> Result<StandingApproval, LegalBasisError> {
    let (app, actor) = (app.clone(), actor.clone());
    app.db.clone().write(move |tx| draft_in(tx, &app, &actor, &terms)).await
}

fn draft_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    terms: &NewStanding,
) -> Result<StandingApproval, LegalBasisError> {
    access::require(actor, Action::DraftStandingApproval, &Resource::any(Kind::StandingApproval))?;
    let now = app.office.now();
    let basis = crate::store::version_in_force(tx, terms.basis.0, now)?;
    check_draft(terms, basis.as_ref(), now)?;
    let (id, version) = match terms.amends {
        None => (StandingId::from_uuid(app.uuid()), 1),
        Some(id) => {
            let known = store::versions(tx, id)?;
            let last = known.last().ok_or(LegalBasisError::NotFound)?;
            access::require(actor, Action::ViewStandingApproval, &last.resource())?;
            (id, last.version.saturating_add(1))
        }
    };
    let mut header = app.header(actor, app.profile.default_lang(), "approval");
    header.basis = Some(terms.basis);
    let terms = NewStanding { amends: None, reason: terms.reason.trim().to_owned(), ..terms.clone() };
    let status = Status::Draft;
    let approval = StandingApproval {
        id,
        version,
        header,
        terms,
        status,
        signatures: Vec::new(),
        in_force_at: None,
        ending: None,
    };
    store::insert(tx, &approval)?;
    let facts = json!({
        "measure": approval.terms.measure,
        "scope": approval.terms.scope,
        "cap_per_order": approval.terms.cap_per_order,
        "cap_per_day": approval.terms.cap_per_day,
        "hop_limit": approval.terms.hop_limit,
        "valid_from": approval.terms.valid_from.rfc3339(),
        "valid_to": approval.terms.valid_to.rfc3339(),
    });
    record(tx, app, actor, "standing_approval.drafted", &approval, facts)?;
    Ok(approval)
}

/// Signs a draft. The last signature that the basis asks for brings it into force and ends its earlier
/// versions. The page asks for a fresh one-time code before it calls this.
///
/// # Errors
/// The actor may not, [`SignError`], or the database's.
pub async fn sign(
    app: &App,
    actor: &Actor,
    id: StandingId,
    version: i64,
) -> Result<StandingApproval, LegalBasisError> {
    let (app, actor) = (app.clone(), actor.clone());
    app.db.clone().write(move |tx| sign_in(tx, &app, &actor, id, version)).await
}

fn sign_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    id: StandingId,
    version: i64,
) -> Result<StandingApproval, LegalBasisError> {
    tx.lock_row("standing_approval", id.uuid())?;
    let versions = store::versions(tx, id)?;
    let mut found = versions.iter().find(|a| a.version == version).ok_or(LegalBasisError::NotFound)?.clone();
    let now = app.office.now();
    let signer = signer(actor);
    // Whoever may see it is told why it cannot be signed; the access rules alone would only say "forbidden".
    access::require(actor, Action::ViewStandingApproval, &found.resource())?;
    let basis = crate::store::version_in_force(tx, found.terms.basis.0, now)?;
    let mut signer = signer.ok_or(SignError::Office)?;
    access::present(tx, actor, now)??;
    // As everybody stands in this transaction: the request may have come in before the account was closed.
    store::hold_signers(tx, &mut found)?;
    let office = access::office_of(tx, &signer.label())?.filter(|office| office.active);
    signer.roles.retain(|role| office.as_ref().is_some_and(|office| office.roles.contains(role)));
    let signed = found.clone().sign(&signer, basis.as_ref(), now)?;
    access::require(actor, Action::SignStandingApproval, &found.resource())?;
    if let Some(signature) = signed.signatures.last() {
        store::insert_signature(tx, &signed, signature)?;
    }
    // Also where the status stays: two who sign at once must not both count themselves the first.
    store::save(tx, &signed, found.status)?;
    let facts = json!({ "signatures": signed.signers(), "in_force": signed.status == Status::InForce });
    record(tx, app, actor, "standing_approval.signed", &signed, facts)?;
    if signed.status == Status::InForce {
        for old in versions.into_iter().filter(|a| a.version < version) {
            end(
                tx,
                app,
                actor,
                &old,
                old.clone().supersede(&actor.label(), now),
                "standing_approval.superseded",
            )?;
        }
    }
    Ok(signed)
}

/// Takes an approval back, every version of it, at once and for good.
///
/// # Errors
/// The actor may not, [`RevokeError`], or the database's.
pub async fn revoke(app: &App, actor: &Actor, id: StandingId, reason: &str) -> Result<(), LegalBasisError> {
    let (app, actor, reason) = (app.clone(), actor.clone(), reason.to_owned());
    app.db.clone().write(move |tx| revoke_in(tx, &app, &actor, id, &reason)).await
}

fn revoke_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    id: StandingId,
    reason: &str,
) -> Result<(), LegalBasisError> {
    tx.lock_row("standing_approval", id.uuid())?;
    let versions = store::versions(tx, id)?;
    let last = versions.last().ok_or(LegalBasisError::NotFound)?;
    access::require(actor, Action::RevokeStandingApproval, &last.resource())?;
    let now = app.office.now();
    let open: Vec<_> =
        versions.iter().filter(|a| matches!(a.status, Status::Draft | Status::InForce)).collect();
    if open.is_empty() {
        return Err(RevokeError::Ended.into());
    }
    for old in open {
        let ended = old.clone().revoke(&actor.label(), reason, now)?;
        end(tx, app, actor, old, ended, "standing_approval.revoked")?;
    }
    Ok(())
}

/// Saves the end of a version and records it.
fn end(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    old: &StandingApproval,
    ended: StandingApproval,
    act: &'static str,
) -> Result<(), LegalBasisError> {
    if old.status == ended.status {
        return Ok(());
    }
    store::save(tx, &ended, old.status)?;
    let facts =
        json!({ "was": old.status.as_str(), "reason": ended.ending.as_ref().map(|e| e.reason.clone()) });
    record(tx, app, actor, act, &ended, facts)
}

/// The latest approvals that the actor may see, newest first.
///
/// # Errors
/// The actor may not, or the database's.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<StandingApproval>, LegalBasisError> {
    access::require(actor, Action::ViewStandingApproval, &Resource::any(Kind::StandingApproval))?;
    let found = app.db.read(|tx| store::all(tx, LIST_LIMIT)).await?;
    let seen = |a: &StandingApproval| access::allowed(actor, Action::ViewStandingApproval, &a.resource());
    Ok(found.into_iter().filter(seen).collect())
}

/// All versions of one approval, oldest first.
///
/// # Errors
/// There is none, the actor may not know of it, or the database's.
pub async fn view(
    app: &App,
    actor: &Actor,
    id: StandingId,
) -> Result<Vec<StandingApproval>, LegalBasisError> {
    let versions = app.db.read(move |tx| store::versions(tx, id)).await?;
    let last = versions.last().ok_or(LegalBasisError::NotFound)?;
    access::require(actor, Action::ViewStandingApproval, &last.resource())?;
    Ok(versions)
}

fn signer(actor: &Actor) -> Option<Signer> {
    match actor {
        Actor::Staff { user, name, roles, .. } => {
            Some(Signer { user: *user, name: name.clone(), roles: roles.clone() })
        }
        _ => None,
    }
}

fn record(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    name: &'static str,
    approval: &StandingApproval,
    facts: serde_json::Value,
) -> Result<(), LegalBasisError> {
    let act = Act {
        basis: Some(approval.terms.basis),
        approval: Some(approval.pair()),
        facts,
        ..Act::about(name, "standing_approval", approval.id.uuid())
    };
    Ok(app.record(tx, actor, &act)?)
}
