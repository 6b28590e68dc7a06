//! Agreements as administrators read them: one version, the versions of an institution, and what waits.

use access::{Action, Resource};
use app::App;
use kernel::Actor;

use super::model::{Agreement, AgreementId, AgreementStatus};
use super::rules::{self, DecideError};
use super::service::{keyless, open, resource};
use super::store as kept;
use crate::manage;
use crate::model::{Institution, Partner};
use crate::service::PartnerError;
use crate::store;

/// A version as somebody at the desk reads it.
#[derive(Debug, Clone)]
pub struct AgreementView {
    /// The version.
    pub agreement: Agreement,
    /// What it was written over; `None` for a new institution.
    pub before: Option<Institution>,
    /// Why it cannot be confirmed now, by anybody or by the reader.
    pub against: Option<DecideError>,
    /// Whether the reader may confirm versions at all.
    pub confirms: bool,
    /// Whether the reader wrote it.
    pub own: bool,
}

/// One version.
///
/// # Errors
/// There is none; not permitted; the database's, the vault's.
pub async fn view(app: &App, actor: &Actor, id: AgreementId) -> Result<AgreementView, PartnerError> {
    access::require(actor, Action::ViewPartner, &Resource::any("partner"))?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .read(move |tx| {
            let stored = kept::get(tx, id)?.ok_or(PartnerError::NotFound)?;
            let all = kept::of_code(tx, &stored.code)?;
            let base = all.into_iter().find(|v| v.version == Some(stored.base));
            let known = store::by_code(tx, &stored.code)?;
            let before = match base {
                Some(base) => open(tx, &me, base)?.entry,
                None => known.as_ref().filter(|_| stored.version != Some(1)).map(Partner::as_entry),
            };
            let newest = kept::newest(tx, &stored.code)?.and_then(|v| v.version).unwrap_or(0);
            let agreement = open(tx, &me, stored)?;
            // A version that brings no key changes none.
            let brings_none = agreement.entry.as_ref().is_some_and(|entry| entry.public_key.is_empty());
            let before = before.map(|entry| if brings_none { keyless(&entry) } else { entry });
            let same = known.is_none_or(|p| p.id == agreement.partner);
            let against = rules::may_confirm(&agreement, &actor.label(), newest, same).err();
            let two = access::two_persons(tx, &actor.label(), &agreement.header.author)?;
            Ok(AgreementView {
                before,
                against: against.or((!two).then_some(DecideError::OnePerson)),
                confirms: access::allowed(&actor, Action::ConfirmPartner, &resource(&me, &agreement, "")),
                own: agreement.header.author == actor.label(),
                agreement,
            })
        })
        .await
}

/// What an institution has agreed to.
#[derive(Debug, Clone)]
pub struct History {
    /// What holds now.
    pub current: Institution,
    /// The number of the version that holds; 0 where none was kept.
    pub newest: i64,
    /// Versions, newest first; to the institution itself those that were taken in.
    pub versions: Vec<Agreement>,
}

/// What an institution has agreed to, for whoever may see the institution.
///
/// # Errors
/// As [`manage::one`].
pub async fn history(app: &App, actor: &Actor, code: &str) -> Result<History, PartnerError> {
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .read(move |tx| {
            let partner =
                manage::of_actor(tx, &me, &actor, &code, (Action::ViewPartner, Action::ViewPartner))?;
            let mut versions = Vec::new();
            for stored in kept::of_code(tx, &code)? {
                if actor.clerk().is_none() || stored.status == AgreementStatus::Kept {
                    versions.push(open(tx, &me, stored)?);
                }
            }
            let newest =
                versions.iter().filter(|v| v.status == AgreementStatus::Kept).max_by_key(|v| v.version);
            let current = newest.and_then(|v| v.entry.clone()).unwrap_or_else(|| partner.as_entry());
            let newest = newest.and_then(|v| v.version).unwrap_or(0);
            Ok(History { current: keyless(&current), newest, versions })
        })
        .await
}

/// Versions that wait for a second administrator, newest first.
///
/// # Errors
/// Not permitted; the database's, the vault's.
pub async fn waiting(app: &App, actor: &Actor) -> Result<Vec<Agreement>, PartnerError> {
    access::require(actor, Action::ViewPartner, &Resource::any("partner"))?;
    let me = app.clone();
    app.db
        .read(move |tx| {
            let all = kept::waiting(tx)?;
            all.into_iter().map(|stored| open(tx, &me, stored)).collect()
        })
        .await
}
