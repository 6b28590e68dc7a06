//! Files that come part by part: begun, sent on, asked about after a break, finished. For scripts of a page and for programs alike.

use access::Staff;
use app::App;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;
use web::{Ctx, Problem};

use super::Office;
use super::take::Typed;
use crate::error::EvidenceError;
use crate::model::Upload;
use crate::service;

/// Where the next part begins, as resumable uploads call it.
const OFFSET: &str = "upload-offset";

fn told(upload: &Upload, status: StatusCode) -> Response {
    let body = json!({"id": upload.id, "size": upload.size_bytes, "received": upload.received_bytes});
    let headers = [(OFFSET, upload.received_bytes.to_string())];
    (status, headers, Json(body)).into_response()
}

/// How large the file is.
#[derive(Debug, Deserialize)]
pub(super) struct Begin {
    size: i64,
}

/// `POST /desk/evidence/uploads`.
pub(super) async fn begin(
    Staff(actor): Staff,
    State(app): State<App>,
    Json(begin): Json<Begin>,
) -> Result<Response, Problem> {
    let upload = service::begin(&app, &actor, begin.size).await.map_err(|e| Problem::json(&e))?;
    Ok(told(&upload, StatusCode::CREATED))
}

/// `GET /desk/evidence/uploads/{id}`: where it stands.
pub(super) async fn stands(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let upload = service::upload(&app, &actor, id).await.map_err(|e| Problem::json(&e))?;
    Ok(told(&upload, StatusCode::OK))
}

/// `PATCH /desk/evidence/uploads/{id}`: the next part.
pub(super) async fn part(
    Staff(actor): Staff,
    State(app): State<App>,
    office: Office,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Problem> {
    let at = headers.get(OFFSET).and_then(|at| at.to_str().ok()).and_then(|at| at.parse().ok());
    let at = at.ok_or_else(|| Problem::json(&EvidenceError::Offset(0)))?;
    let came = service::append(&app, &office.shelf, &actor, (id, at), bytes.to_vec()).await;
    let upload = came.map_err(|e| Problem::json(&e))?;
    Ok(told(&upload, StatusCode::OK))
}

/// `POST /desk/evidence/uploads/{id}/finish`: it is whole, and this is what is told of it.
pub(super) async fn finish(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    office: Office,
    above: Option<axum::Extension<super::Above>>,
    Path(id): Path<Uuid>,
    Json(typed): Json<Typed>,
) -> Result<Response, Problem> {
    let above = above.map(|a| a.0).unwrap_or_default();
    let done = async {
        let begun = typed.begun(&ctx, (&app, &above), &actor).await?;
        service::finish(&app, &office.shelf, &actor, id, begun).await
    };
    match done.await {
        Ok(exhibit) => {
            let body = json!({"number": exhibit.number, "href": super::page_of(&exhibit.number)});
            Ok((StatusCode::CREATED, Json(body)).into_response())
        }
        Err(error) => match super::words::field_error(&ctx, &error) {
            Some(wrong) => {
                let body = json!({"field": wrong.field, "text": wrong.text});
                Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response())
            }
            None => Err(Problem::json(&error)),
        },
    }
}
