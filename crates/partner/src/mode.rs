//! Test and live: an institution begins on trial, goes live by two persons, and back by one.

use access::{Action, Resource};
use app::App;
use audit::Act;
use kernel::{Actor, Role};
use serde_json::json;

use crate::agreement::DecideError;
use crate::agreement::service::both_stand;
use crate::manage::STATE_REASON;
use crate::model::Mode;
use crate::service::PartnerError;
use crate::store;

/// Asks that an institution goes live. Nothing changes before a second administrator confirms. Asked again, or of one that is
/// live, it is left as it is, without a record.
///
/// # Errors
/// Not permitted; [`PartnerError::NotFound`]; the database's.
pub async fn ask_live(app: &App, actor: &Actor, code: &str) -> Result<(), PartnerError> {
    access::require(actor, Action::ManagePartners, &Resource::any("partner"))?;
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .write(move |tx| {
            let partner = store::by_code(tx, &code)?.ok_or(PartnerError::NotFound)?;
            if !access::still_stands(tx, &actor.label(), &[Role::Administrator])? {
                return Err(access::AccessError::Forbidden(Action::ManagePartners).into());
            }
            if store::ask_live(tx, partner.id, &actor.label())? {
                let act = Act::about("partner.live_asked", "partner", partner.id.uuid());
                me.record(tx, &actor, &Act { facts: json!({"code": code}), ..act })?;
            }
            Ok(())
        })
        .await
}

/// Confirms, as a second administrator, that an institution goes live: orders are routed to it from this commit on. The page
/// asks for a fresh one-time code before it calls this.
///
/// # Errors
/// Nobody has asked; not permitted; [`DecideError`]; the database's.
pub async fn confirm_live(app: &App, actor: &Actor, code: &str) -> Result<(), PartnerError> {
    access::require(actor, Action::ViewPartner, &Resource::any("partner"))?;
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .write(move |tx| {
            let partner = store::by_code(tx, &code)?.ok_or(PartnerError::NotFound)?;
            let Some(author) = partner.live_asked_by.filter(|_| partner.mode == Mode::Test) else {
                return Err(DecideError::Settled.into());
            };
            let record = Resource::bare("partner", partner.id.uuid(), &me.node.code);
            // Who asked is told why; the access rules alone would only say "forbidden".
            if access::allowed(&actor, Action::ConfirmPartner, &record) && author == actor.label() {
                return Err(DecideError::Author.into());
            }
            let record = Resource { author: author.clone(), ..record };
            access::require(&actor, Action::ConfirmPartner, &record)?;
            both_stand(tx, &me, &actor, &author)?;
            if store::go_live(tx, partner.id, &author)? {
                let facts = json!({"code": code, "asked_by": author});
                let act = Act::about("partner.live", "partner", partner.id.uuid());
                me.record(tx, &actor, &Act { facts, ..act })?;
            }
            Ok(())
        })
        .await
}

/// Takes an institution back to test, at once and by one person, or takes back what was asked: no new order is routed to it.
/// What it has already stays its own to answer and to free. One that is on trial is left as it is, without a record.
///
/// # Errors
/// Not permitted; [`PartnerError::NotFound`]; [`PartnerError::Reason`]; the database's.
pub async fn back_to_test(app: &App, actor: &Actor, code: &str, reason: &str) -> Result<(), PartnerError> {
    access::require(actor, Action::ManagePartners, &Resource::any("partner"))?;
    let reason = app::reason(reason).ok_or(PartnerError::Reason)?;
    let (me, actor, code) = (app.clone(), actor.clone(), code.to_owned());
    app.db
        .write(move |tx| {
            let partner = store::by_code(tx, &code)?.ok_or(PartnerError::NotFound)?;
            let words = me.seal_words(tx, partner.id.uuid(), STATE_REASON, &reason)?;
            if store::back_to_test(tx, partner.id, me.office.now(), words.bytes())? {
                let facts =
                    json!({"code": code, "was": partner.mode.as_str(), "reason_sealed": words.fact()});
                let act = Act::about("partner.test", "partner", partner.id.uuid());
                me.record(tx, &actor, &Act { facts, ..act })?;
            }
            Ok(())
        })
        .await
}
