//! The verbs of the office about changes of the law: permission, load, decide, save, record.

use access::{AccessError, Action, Kind, Resource};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Role, Timestamp};
use profile::BasisRecord;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::change::model::{DraftStatus, LawDraft, LawDraftId, NewChange};
use crate::change::rules::{ChangeErrors, DecideError, check_change, enacted, may_enact, number};
use crate::change::store;
use crate::error::LegalBasisError;
use crate::model::{Basis, effective};

/// A draft that became a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enacted {
    /// The draft.
    pub draft: LawDraft,
    /// The version.
    pub version: i64,
    /// Its first moment.
    pub effective_from: Timestamp,
}

/// Drafts a change. Nothing is in force before a second person has enacted it.
///
/// # Errors
/// The actor may not, there is no such basis or version, [`ChangeErrors`], or the database's.
pub async fn draft(app: &App, actor: &Actor, new: NewChange) -> Result<LawDraft, LegalBasisError> {
    let (app, actor) = (app.clone(), actor.clone());
    app.db.clone().write(move |tx| draft_in(tx, &app, &actor, &new)).await
}

fn draft_in(tx: &mut Tx<'_>, app: &App, actor: &Actor, new: &NewChange) -> Result<LawDraft, LegalBasisError> {
    access::require(
        actor,
        Action::ManageLegalBasis,
        &Resource::bare(Kind::LegalBasis, new.basis, &app.node.code),
    )?;
    if let Some(known) = store::get(tx, new.id)? {
        // The same form again: it is drafted already. Another form with this id cannot be.
        let same = known.header.author == actor.label() && known.basis == new.basis;
        return if same { Ok(known) } else { Err(LegalBasisError::NotFound) };
    }
    let versions = crate::store::versions(tx, new.basis)?;
    let base = versions.iter().find(|b| b.version == new.base).ok_or(LegalBasisError::NotFound)?;
    let mut header = app.header(actor, app.profile.default_lang(), "legal_basis");
    let today = app.profile.civil_date(header.created_at);
    let wrong = check_change(new, base, &versions, app.profile.languages(), today);
    if !wrong.is_empty() {
        return Err(ChangeErrors(wrong).into());
    }
    header.basis = Some((new.basis, new.base));
    let record = BasisRecord { version: number(&versions), ..new.record.clone() };
    let (effective_from, effective_to) = effective(&app.profile, &record);
    let draft = LawDraft {
        id: new.id,
        header,
        author_name: name_of(actor),
        basis: new.basis,
        base: new.base,
        newest: new.newest,
        effective_from,
        effective_to,
        record,
        reason: new.reason.trim().to_owned(),
        status: DraftStatus::Drafted,
        decision: None,
    };
    store::insert(tx, &draft)?;
    record_draft(tx, app, actor, "legal_basis.change_drafted", &draft)?;
    Ok(draft)
}

/// Enacts a draft as a second person: it becomes a new version through the function that stores what the profile
/// brings. The page asks for a fresh one-time code before it calls this.
///
/// # Errors
/// There is none, the actor may not, [`crate::change::DecideError`], or the database's.
pub async fn enact(app: &App, actor: &Actor, id: LawDraftId) -> Result<Enacted, LegalBasisError> {
    let (app, actor) = (app.clone(), actor.clone());
    app.db.clone().write(move |tx| enact_in(tx, &app, &actor, id)).await
}

fn enact_in(tx: &mut Tx<'_>, app: &App, actor: &Actor, id: LawDraftId) -> Result<Enacted, LegalBasisError> {
    tx.lock_row("legal_basis_draft", id.uuid())?;
    let draft = store::get(tx, id)?.ok_or(LegalBasisError::NotFound)?;
    access::require(actor, Action::ViewLegalBasis, &draft.resource())?;
    let versions = crate::store::versions(tx, draft.basis)?;
    let header = app.header(actor, app.profile.default_lang(), "legal_basis");
    let now = header.created_at;
    // Whoever may decide at all is told why this one cannot be; the access rules alone would only say "forbidden".
    let decides = access::allowed(actor, Action::EnactLegalBasis, &elsewhere(&draft));
    if decides {
        may_enact(&draft, &actor.label(), &versions, app.profile.languages(), now)?;
    }
    access::require(actor, Action::EnactLegalBasis, &draft.resource())?;
    access::present(tx, actor, now)??;
    // Two persons change the law, and both stand when it changes.
    if !access::still_stands(tx, &actor.label(), &[Role::Approver])? {
        return Err(AccessError::Forbidden(Action::EnactLegalBasis).into());
    }
    if !access::still_stands(tx, &draft.header.author, &[Role::Approver, Role::Administrator])? {
        return Err(DecideError::AuthorOut.into());
    }
    let version = enacted(&draft, &versions, &app.profile, now);
    crate::store::insert(tx, &version, &header)?;
    let draft = draft.enact((&actor.label(), &name_of(actor)), version.version, now);
    store::decide(tx, &draft)?;
    let act = Act {
        basis: Some((version.id, version.version)),
        facts: json!({
            "key": version.record.key,
            "from": version.effective_from.rfc3339(),
            "to": version.effective_to.map(Timestamp::rfc3339),
            "mark": version.record.source.mark,
            "draft": draft.id.to_string(),
            "drafted_by": draft.header.author,
            "over": draft.base,
            "reason": draft.reason,
            "text_sha256": sha256(&version.record),
        }),
        ..Act::about("legal_basis.version_enacted", "legal_basis", version.id)
    };
    app.record(tx, actor, &act)?;
    Ok(Enacted { draft, version: version.version, effective_from: version.effective_from })
}

/// Refuses a draft, or takes it back as its author.
///
/// # Errors
/// There is none, the actor may not, [`crate::change::DecideError`], or the database's.
pub async fn refuse(
    app: &App,
    actor: &Actor,
    id: LawDraftId,
    reason: &str,
) -> Result<LawDraft, LegalBasisError> {
    let (app, actor, reason) = (app.clone(), actor.clone(), reason.to_owned());
    app.db.clone().write(move |tx| refuse_in(tx, &app, &actor, id, &reason)).await
}

fn refuse_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    id: LawDraftId,
    reason: &str,
) -> Result<LawDraft, LegalBasisError> {
    tx.lock_row("legal_basis_draft", id.uuid())?;
    let draft = store::get(tx, id)?.ok_or(LegalBasisError::NotFound)?;
    if is_author(actor, &draft) {
        access::require(actor, Action::ManageLegalBasis, &draft.resource())?;
    } else {
        access::require(actor, Action::EnactLegalBasis, &draft.resource())?;
    }
    let draft = draft.refuse((&actor.label(), &name_of(actor)), reason, app.office.now())?;
    store::decide(tx, &draft)?;
    record_draft(tx, app, actor, "legal_basis.change_refused", &draft)?;
    Ok(draft)
}

/// A draft with all versions of its basis, oldest first.
///
/// # Errors
/// There is none, the actor may not see the law, or the database's.
pub async fn view(
    app: &App,
    actor: &Actor,
    id: LawDraftId,
) -> Result<(LawDraft, Vec<Basis>), LegalBasisError> {
    let found = app.db.read(move |tx| match store::get(tx, id)? {
        None => Ok::<_, db::DbError>(None),
        Some(draft) => {
            let versions = crate::store::versions(tx, draft.basis)?;
            Ok(Some((draft, versions)))
        }
    });
    let (draft, versions) = found.await?.ok_or(LegalBasisError::NotFound)?;
    access::require(actor, Action::ViewLegalBasis, &draft.resource())?;
    Ok((draft, versions))
}

/// Whether the actor wrote the draft.
#[must_use]
pub fn is_author(actor: &Actor, draft: &LawDraft) -> bool {
    draft.header.author == actor.label()
}

/// Whether the actor may decide drafts of others.
#[must_use]
pub fn decides(actor: &Actor, draft: &LawDraft) -> bool {
    access::allowed(actor, Action::EnactLegalBasis, &draft.resource())
}

/// The draft as if somebody else had written it: may this person decide such drafts at all?
fn elsewhere(draft: &LawDraft) -> Resource {
    Resource { author: String::new(), ..draft.resource() }
}

fn name_of(actor: &Actor) -> String {
    match actor {
        Actor::Staff { name, .. } => name.clone(),
        other => other.label(),
    }
}

fn record_draft(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    name: &'static str,
    draft: &LawDraft,
) -> Result<(), LegalBasisError> {
    let act = Act {
        basis: Some((draft.basis, draft.base)),
        facts: json!({
            "key": draft.record.key,
            "draft": draft.id.to_string(),
            "from": draft.effective_from.rfc3339(),
            "to": draft.effective_to.map(Timestamp::rfc3339),
            "reason": draft.decision.as_ref().map_or(&draft.reason, |d| &d.reason),
            "text_sha256": sha256(&draft.record),
        }),
        ..Act::about(name, "legal_basis", draft.basis)
    };
    Ok(app.record(tx, actor, &act)?)
}

/// What the record keeps of a text: enough to show that this and no other was drafted or enacted.
fn sha256(record: &BasisRecord) -> Option<String> {
    let body = serde_json::to_vec(record).ok()?;
    Some(hex::encode(Sha256::digest(body)))
}
