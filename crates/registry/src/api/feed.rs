//! A feed of addresses, over HTTP: sites, links and addresses of the network that people have confirmed or listed.

use std::sync::Arc;

use app::App;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use identifier::Kind;
use kernel::Actor;
use partner::bearer::{Asked, Roster};
use partner::described::{NotSigned, ProblemBody, Refused, one_of, only};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::openapi::schema::Object;
use utoipa::{IntoParams, ToSchema};

use super::{on_trial, refused};
use crate::error::RegistryError;
use crate::model::{Class, EntryId};
use crate::service::export::{Decision, addresses};

fn addresses_schema() -> Object {
    only("addresses.v1")
}
fn kind_schema() -> Object {
    one_of([Kind::Url, Kind::Domain, Kind::Ip].map(Kind::as_str))
}
fn class_schema() -> Object {
    one_of([Class::Suspect, Class::Listed].map(Class::as_str))
}

/// After which entry to go on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct After {
    /// `next` of the last answer; without it the feed begins anew.
    #[serde(default)]
    #[param(pattern = "^idn_[0-9a-f]{32}$", example = "idn_00000000000080008000000000000001")]
    after: Option<String>,
}

/// A page of addresses.
#[derive(Debug, Serialize, ToSchema)]
struct Addresses {
    /// `addresses.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = addresses_schema)]
    kind_of_message: String,
    /// When (office time).
    #[schema(format = DateTime)]
    at: String,
    /// The addresses, up to a thousand.
    items: Vec<Address>,
    /// After which to ask next. Not there on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// An address.
#[derive(Debug, Serialize, ToSchema)]
struct Address {
    /// What sort of address.
    #[schema(schema_with = kind_schema)]
    kind: &'static str,
    /// The address, canonical.
    value: String,
    /// `suspect`: an officer has confirmed it; warn, do not block. `listed`: as many persons have signed as the law asks.
    #[schema(schema_with = class_schema)]
    class: &'static str,
    /// When the decision is over (office time), whatever is reported meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    until: Option<String>,
}

fn address(d: Decision) -> Address {
    let until = d.until.map(kernel::Timestamp::rfc3339);
    Address { kind: d.kind.as_str(), value: d.value, class: d.class.as_str(), until }
}

fn example() -> Value {
    json!({"type": "addresses.v1", "at": "2026-11-23T09:05:00Z", "items": [
        {"kind": "domain", "value": "bank-bonus.example", "class": "listed", "until": "2027-05-22T09:00:00Z"}]})
}
pub(super) fn no_entry() -> Value {
    json!({"type": "/problems/registry.not_found", "title": "Not found", "status": 404,
        "detail": "There is no such entry.", "code": "registry.not_found"})
}

/// Where a page begins.
pub(super) fn start(after: Result<Query<After>, QueryRejection>) -> Result<Option<EntryId>, RegistryError> {
    let Query(After { after }) = after.map_err(|_| RegistryError::NotFound)?;
    after.map(|id| id.parse::<EntryId>().map_err(|_| RegistryError::NotFound)).transpose()
}

/// Answers with a page, which counts as many questions as it answers.
pub(super) async fn page<T, J: Serialize>(
    (app, roster, actor): (&App, Option<Extension<Arc<Roster>>>, &Actor),
    found: impl Future<Output = Result<(Vec<T>, Option<EntryId>), RegistryError>>,
    body: impl FnOnce(Vec<T>, Option<String>) -> J,
) -> Response {
    let counted = found.await.and_then(|(items, next)| {
        roster.map_or(Ok(()), |roster| roster.admit(app, actor, items.len().max(1)))?;
        Ok((items, next))
    });
    match counted {
        Ok((items, next)) => Json(body(items, next.map(|id| id.to_string()))).into_response(),
        Err(error) => refused(&error).into_response(),
    }
}

/// Addresses on the network that people have confirmed or listed, page by page: for whoever protects their own people, by a filter
/// of names or of mail. What was cleared is not on it the next time: fetch all of it, as often as you use it. Numbers
/// and accounts stand in no feed; ask, or fetch a filter.
#[utoipa::path(
    get, path = "/lists/addresses", tag = "registry", operation_id = "getAddresses", params(After),
    responses(
        (status = 200, description = "a page", body = Addresses, example = json!(example())),
        NotSigned, Refused,
        (status = 403, description = "an institution on trial is told nothing", body = ProblemBody,
            content_type = "application/problem+json", example = json!(on_trial())),
        (status = 404, description = "`after` names no entry", body = ProblemBody,
            content_type = "application/problem+json", example = json!(no_entry()))
    ),
    security(("signature_input" = [], "signature" = []), ("bearer" = []))
)]
pub(super) async fn get_addresses(
    State(app): State<App>,
    roster: Option<Extension<Arc<Roster>>>,
    after: Result<Query<After>, QueryRejection>,
    Asked(signed): Asked,
) -> Response {
    let (me, actor) = (app.clone(), signed.actor.clone());
    let found = async move { addresses(&me, &actor, start(after)?).await };
    page((&app, roster, &signed.actor), found, |items, next| Addresses {
        kind_of_message: "addresses.v1".to_owned(),
        at: app.office.now().rfc3339(),
        items: items.into_iter().map(address).collect(),
        next,
    })
    .await
}
