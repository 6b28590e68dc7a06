//! What an institution was told of and people have cleared since, over HTTP.

use std::sync::Arc;

use app::App;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use partner::bearer::{Asked, Roster};
use partner::described::{NotSigned, ProblemBody, Refused, only};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::schema::Object;

use super::feed::{After, no_entry, page, start};
use super::on_trial;
use crate::service::cleared::{Cleared, cleared};

/// A page of what was cleared.
#[derive(Debug, Serialize, ToSchema)]
struct ClearedPage {
    /// `cleared.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = cleared_schema)]
    kind_of_message: String,
    /// When (office time).
    #[schema(format = DateTime)]
    at: String,
    /// What was cleared, up to a thousand.
    items: Vec<ClearedThing>,
    /// After which to ask next. Not there on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Something that you were told of and that was cleared.
#[derive(Debug, Serialize, ToSchema)]
struct ClearedThing {
    /// What sort of thing.
    #[schema(schema_with = super::kind_schema)]
    kind: &'static str,
    /// What may be shown of it.
    masked: String,
    /// The hash of its canonical writing, as in filters: by it you find it among your own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[0-9a-f]{32}$")]
    hash: Option<String>,
    /// When it was cleared (office time).
    #[schema(format = DateTime)]
    cleared_at: String,
}

fn cleared_schema() -> Object {
    only("cleared.v1")
}
fn cleared_example() -> Value {
    json!({"type": "cleared.v1", "at": "2026-11-23T09:05:00Z", "items": [
        {"kind": "iban", "masked": "KZ31…0017", "hash": "2b0c6f6ad1a3c0a0c5b1d4b4b3f7f2fd", "cleared_at": "2026-11-23T09:00:00Z"}]})
}

/// What you were told of and that people have cleared since: put your own records right, and let go whoever you stopped because
/// of it. An answer that you may keep for half a minute takes care of new payments; this is for what you wrote down.
#[utoipa::path(
    get, path = "/lists/cleared", tag = "registry", operation_id = "getCleared", params(After),
    responses(
        (status = 200, description = "a page", body = ClearedPage, example = json!(cleared_example())),
        NotSigned, Refused,
        (status = 403, description = "an institution on trial is told nothing", body = ProblemBody,
            content_type = "application/problem+json", example = json!(on_trial())),
        (status = 404, description = "`after` names no entry", body = ProblemBody,
            content_type = "application/problem+json", example = json!(no_entry()))
    ),
    security(("signature_input" = [], "signature" = []), ("bearer" = []))
)]
pub(super) async fn get_cleared(
    State(app): State<App>,
    roster: Option<Extension<Arc<Roster>>>,
    after: Result<Query<After>, QueryRejection>,
    Asked(signed): Asked,
) -> Response {
    let (me, actor) = (app.clone(), signed.actor.clone());
    let found = async move { cleared(&me, &actor, start(after)?).await };
    page((&app, roster, &signed.actor), found, |items, next| ClearedPage {
        kind_of_message: "cleared.v1".to_owned(),
        at: app.office.now().rfc3339(),
        items: items.into_iter().map(cleared_thing).collect(),
        next,
    })
    .await
}

fn cleared_thing(c: Cleared) -> ClearedThing {
    let hash = c.hash.map(|hash| hex::encode(hash.as_bytes()));
    ClearedThing { kind: c.kind.as_str(), masked: c.masked, hash, cleared_at: c.at.rfc3339() }
}
