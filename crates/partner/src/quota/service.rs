//! Counting a signed request, in the transaction that uses its nonce up.

use app::App;
use db::Tx;

use crate::model::Partner;
use crate::quota::rules::{Purpose, Quota, Used, admit};
use crate::quota::store;
use crate::service::PartnerError;

/// What an institution may send: by its agreement, else by the profile.
#[must_use]
pub fn quota(app: &App, partner: &Partner) -> Quota {
    let terms = app.profile.partner_terms();
    Quota {
        requests: partner.requests_per_minute.unwrap_or(terms.requests_per_minute),
        answers_floor: terms.answers_floor,
    }
}

/// Takes a request into account.
///
/// # Errors
/// [`PartnerError::Quota`]; the database's.
pub(crate) fn take(
    tx: &mut Tx<'_>,
    app: &App,
    partner: &Partner,
    purpose: Purpose,
) -> Result<(), PartnerError> {
    tx.lock_row("partner_use", partner.id.uuid())?;
    let before = store::used(tx, partner.id)?;
    let now = admit(quota(app, partner), before, purpose, app.wall.now().as_secs())?;
    Ok(store::keep(tx, partner.id, before, now)?)
}

/// What an institution has used in the present minute, and what it may.
///
/// # Errors
/// The database's.
pub async fn now(app: &App, partner: &Partner) -> Result<(Used, Quota), PartnerError> {
    let id = partner.id;
    let used = app.db.read(move |tx| Ok::<_, PartnerError>(store::used(tx, id)?)).await?;
    Ok((used.at(app.wall.now().as_secs()), quota(app, partner)))
}
