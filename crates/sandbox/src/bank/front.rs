//! The gateways: `POST /{code}/messages`, one listener for the whole country. A message without the node's
//! signature has no effect; a message that comes twice acts once.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use httpsig::{Params, sign_response};
use serde_json::json;

use super::desk::Taken;
use super::work;
use crate::bodies;
use crate::clock::{pause, wall_secs};
use crate::country::{Delivery, Institution};
use crate::node::{Signer, nonce};
use crate::register;
use crate::stage::{Mutant, Stage};
use crate::wire::Message;

/// Largest message: an order of a thousand objects fits many times.
const MAX_BODY: usize = 4 << 20;
/// How long a dead partner lets its callers hang.
const DEAD_SILENCE: Duration = Duration::from_secs(3);

/// The gateways of all institutions.
pub fn routes(stage: Arc<Stage>) -> Router {
    Router::new()
        .route("/{code}/messages", post(messages))
        .route("/{code}/registrations", post(register::take))
        .route("/{code}/referrals", post(bodies::take))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(stage)
}

/// A problem document (RFC 9457).
pub(crate) fn problem(status: StatusCode, code: &str, detail: &str) -> Response {
    let body = json!({"type": "about:blank", "status": status.as_u16(), "code": code, "detail": detail});
    (status, [(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))], body.to_string())
        .into_response()
}

async fn messages(
    State(stage): State<Arc<Stage>>,
    Path(code): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(institution) = stage.country.find(&code) else {
        return problem(StatusCode::NOT_FOUND, "institution.unknown", "there is no such institution");
    };
    if institution.delivery == Delivery::Pull || stage.stopping() {
        return problem(
            StatusCode::SERVICE_UNAVAILABLE,
            "gateway.closed",
            "messages are read from the inbox",
        );
    }
    if stage.dead(&code) {
        pause(DEAD_SILENCE).await;
        return problem(StatusCode::SERVICE_UNAVAILABLE, "gateway.dead", "no answer");
    }
    let manners = stage.manners(&code);
    pause(Duration::from_millis(manners.http_delay_ms)).await;
    if let Err(refusal) = verified(&stage, institution, "messages", &headers, &body).await {
        return *refusal;
    }
    let message: Message = match serde_json::from_slice(&body) {
        Ok(message) => message,
        Err(error) => {
            stage.counts.add("gateway.malformed");
            return problem(StatusCode::BAD_REQUEST, "message.malformed", &error.to_string());
        }
    };
    let taken = work::receive(&stage, &code, &message, None);
    acknowledged(&stage, institution, &message, taken).unwrap_or_else(|| plain(taken))
}

/// A bare 200: bytes arrived, no more.
fn plain(taken: Taken) -> Response {
    let status = if taken == Taken::Again { "taken before" } else { "taken" };
    axum::Json(json!({ "status": status })).into_response()
}

/// Checks the node's signature on what came to one of the institution's doors, and that it is new.
pub(crate) async fn verified(
    stage: &Stage,
    institution: &Institution,
    door: &str,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<(), Box<Response>> {
    if stage.broken(Mutant::TrustAnybody) {
        return Ok(());
    }
    let target = format!("{}/{door}", institution.gateway);
    let mut outcome = stage.node.verify("POST", &target, headers, body);
    if matches!(outcome, Err(httpsig::SigError::UnknownKey(_))) && stage.node.load_keys().await.is_ok() {
        outcome = stage.node.verify("POST", &target, headers, body);
    }
    let refused = |code: &str, detail: &str| {
        stage.counts.add(&format!("gateway.{code}"));
        tracing::warn!(institution = %institution.code, code, detail, "a message was refused at the gateway");
        Err(Box::new(problem(StatusCode::UNAUTHORIZED, code, detail)))
    };
    match outcome {
        Ok(verified) if stage.new_nonce(&verified.keyid, &verified.nonce) => Ok(()),
        Ok(_) => refused("signature.replayed", "this signature was used before"),
        Err(error) => refused(error.code(), &error.to_string()),
    }
}

/// `A00` as the signed body of the response, where the institution does it so.
fn acknowledged(
    stage: &Stage,
    institution: &Institution,
    message: &Message,
    taken: Taken,
) -> Option<Response> {
    let Message::Order(order) = message else { return None };
    if taken != Taken::New || !stage.manners(&institution.code).ack_in_response {
        return None;
    }
    let answer = work::acknowledgement(stage, &institution.code, order);
    let body = serde_json::to_vec(&answer).ok()?;
    let signer = stage.signer(&institution.code).ok()?;
    stage.counts.add("answers.in_response");
    signed_response(&signer, body).map_err(|error| tracing::error!(%error, "a response was not signed")).ok()
}

pub(crate) fn signed_response(signer: &Signer, body: Vec<u8>) -> anyhow::Result<Response> {
    let (created, nonce) = (wall_secs(), nonce()?);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let params = Params { keyid: &signer.keyid, nonce: &nonce, created, expires: created + 240 };
    let unsigned = httpsig::Response { status: 200, headers: &headers, body: &body };
    let added = sign_response(&signer.key, &unsigned, &params)?;
    headers.extend(added);
    Ok((StatusCode::OK, headers, body).into_response())
}
