//! Fetching signed filters, over HTTP.

use std::sync::Arc;

use app::App;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use kernel::Actor;
use partner::bearer::{Asked, Roster};
use partner::described::{NotSigned, ProblemBody, Refused, only};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::schema::Object;

use super::{on_trial, refused};
use crate::service::filters::{self, FETCH_COUNTS};
use crate::store::filter::{Head, Which};

/// The media type of a filter.
const FILTER: &str = "application/octet-stream";

fn filters_schema() -> Object {
    only("filters.v1")
}

/// Which filters there are.
#[derive(Debug, Serialize, ToSchema)]
struct Filters {
    /// `filters.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = filters_schema)]
    kind_of_message: String,
    /// The whole one. Not there before the first was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    whole: Option<About>,
    /// What has changed since. Fetch it when the one that you have is a few minutes old.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<About>,
}

/// What is said of a filter.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FilterAbout)]
struct About {
    /// Its number; later ones have greater ones.
    #[schema(minimum = 0)]
    number: i64,
    /// When it was made (wall time).
    #[schema(format = DateTime)]
    at: String,
    /// From when on it is nothing any more (wall time).
    #[schema(format = DateTime)]
    until: String,
    /// How many things it holds.
    #[schema(minimum = 0)]
    things: i64,
    /// How many bytes it has.
    #[schema(minimum = 0)]
    size: i64,
}

fn about(head: Head) -> About {
    let Head { number, at, until, things, size } = head;
    About { number, at: at.rfc3339(), until: until.rfc3339(), things, size }
}

fn example() -> Value {
    json!({"type": "filters.v1",
        "whole": {"number": 1795424400, "at": "2026-11-23T09:00:00Z", "until": "2026-11-25T09:00:00Z", "things": 41250, "size": 46621},
        "changes": {"number": 1795424700, "at": "2026-11-23T09:05:00Z", "until": "2026-11-23T10:05:00Z", "things": 12, "size": 204}})
}
fn none_yet() -> Value {
    json!({"type": "/problems/registry.not_found", "title": "Not found", "status": 404,
        "detail": "There is no such entry.", "code": "registry.not_found"})
}

/// Which filters there are.
#[utoipa::path(
    get, path = "/filters", tag = "registry", operation_id = "getFilters",
    responses(
        (status = 200, description = "the filters", body = Filters, example = json!(example())),
        NotSigned, Refused,
        (status = 403, description = "an institution on trial is told nothing", body = ProblemBody,
            content_type = "application/problem+json", example = json!(on_trial()))
    ),
    security(("signature_input" = [], "signature" = []), ("bearer" = []))
)]
pub(super) async fn get_filters(State(app): State<App>, Asked(signed): Asked) -> Response {
    match filters::offered(&app, &signed.actor).await {
        Ok((whole, changes)) => Json(Filters {
            kind_of_message: "filters.v1".to_owned(),
            whole: whole.map(about),
            changes: changes.map(about),
        })
        .into_response(),
        Err(error) => refused(&error).into_response(),
    }
}

/// The whole filter, signed: what people have confirmed or listed. It says "certainly not" or "perhaps: ask".
#[utoipa::path(
    get, path = "/filters/whole", tag = "registry", operation_id = "getWholeFilter",
    responses(
        (status = 200, description = "the filter", body = String, content_type = "application/octet-stream",
            example = json!("qorganf1…")),
        NotSigned, Refused,
        (status = 403, description = "an institution on trial is told nothing", body = ProblemBody,
            content_type = "application/problem+json", example = json!(on_trial())),
        (status = 404, description = "none was made yet", body = ProblemBody,
            content_type = "application/problem+json", example = json!(none_yet()))
    ),
    security(("signature_input" = [], "signature" = []), ("bearer" = []))
)]
pub(super) async fn get_whole(
    State(app): State<App>,
    roster: Option<Extension<Arc<Roster>>>,
    Asked(signed): Asked,
) -> Response {
    given(&app, roster, &signed.actor, Which::Whole).await
}

/// What has changed since the whole filter, signed. It takes the place of every change before, and is good for an hour.
#[utoipa::path(
    get, path = "/filters/changes", tag = "registry", operation_id = "getFilterChanges",
    responses(
        (status = 200, description = "the changes", body = String, content_type = "application/octet-stream",
            example = json!("qorganf1…")),
        NotSigned, Refused,
        (status = 403, description = "an institution on trial is told nothing", body = ProblemBody,
            content_type = "application/problem+json", example = json!(on_trial())),
        (status = 404, description = "none was made yet", body = ProblemBody,
            content_type = "application/problem+json", example = json!(none_yet()))
    ),
    security(("signature_input" = [], "signature" = []), ("bearer" = []))
)]
pub(super) async fn get_changes(
    State(app): State<App>,
    roster: Option<Extension<Arc<Roster>>>,
    Asked(signed): Asked,
) -> Response {
    given(&app, roster, &signed.actor, Which::Changes).await
}

async fn given(app: &App, roster: Option<Extension<Arc<Roster>>>, actor: &Actor, which: Which) -> Response {
    let body = async {
        // Nothing is counted where there is nothing to be had.
        filters::offered(app, actor).await?;
        if let Some(roster) = roster {
            roster.admit(app, actor, FETCH_COUNTS)?;
        }
        filters::fetch(app, actor, which).await
    };
    match body.await {
        Ok(body) => ([(CONTENT_TYPE, FILTER)], body).into_response(),
        Err(error) => refused(&error).into_response(),
    }
}
