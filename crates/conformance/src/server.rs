//! The node's side of the API, as much of it as a partner needs: keys, clock, answers in, inbox and orders out.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, OriginalUri, Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock;
use crate::hear::Said;
use crate::kit::Kit;

/// Largest answer, as at the live node.
const MAX_BODY: usize = 1 << 20;

/// The routes.
pub fn routes(kit: Arc<Kit>) -> Router {
    Router::new()
        .route("/api/v1/keys", get(keys))
        .route("/api/v1/clock", get(time))
        .route("/api/v1/inbox", get(inbox))
        .route("/api/v1/orders/{id}", get(order))
        .route("/api/v1/orders/{id}/answers", post(answer))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(kit)
}

async fn keys(State(kit): State<Arc<Kit>>) -> Json<Value> {
    Json(json!({"keys": [{"keyid": kit.signer.keyid, "public_key": kit.signer.public_text()}]}))
}

async fn time() -> Json<Value> {
    // To the microsecond: a partner's clock that is set by it must not jump back a second each time.
    let now = clock::exact(clock::now());
    Json(json!({"office": now, "wall": now, "factor": 1}))
}

fn problem(status: StatusCode, code: &str, detail: &str, errors: Vec<Value>) -> Response {
    let body = json!({
        "type": "about:blank", "status": status.as_u16(), "code": code, "detail": detail, "errors": errors,
    });
    (status, [(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))], body.to_string())
        .into_response()
}

/// The address that was signed: what the partner knows, not what this process listens on.
fn target(kit: &Kit, uri: &http::Uri) -> String {
    let path = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    format!("{}{path}", kit.plan.public_url)
}

async fn answer(
    State(kit): State<Arc<Kit>>,
    Path(order): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // An answer to an order of another run says nothing about this one, also by its signature.
    if !kit.state().orders.contains_key(&order) {
        return problem(StatusCode::NOT_FOUND, "order.unknown", "this run sent no such order", Vec::new());
    }
    let signed = kit.verified("POST", &target(&kit, &uri), &headers, &body);
    match kit.hear(&order, signed, &body) {
        Said::Recorded => Json(json!({"status": "recorded", "order": "answered"})).into_response(),
        Said::Unsigned(code) => {
            problem(StatusCode::UNAUTHORIZED, &code, "the signature does not hold", Vec::new())
        }
        Said::Malformed(why) => problem(StatusCode::BAD_REQUEST, "web.unreadable", &why, Vec::new()),
        Said::Unknown => {
            problem(StatusCode::NOT_FOUND, "order.unknown", "there is no such order", Vec::new())
        }
        Said::Conflict => problem(
            StatusCode::CONFLICT,
            "answer.conflicting",
            "this id stands for another answer",
            Vec::new(),
        ),
        Said::Faulty(faults) => {
            let errors = faults.iter().filter(|f| !f.code.is_empty());
            let errors: Vec<Value> = errors
                .map(|f| json!({"pointer": f.pointer, "code": f.code, "detail": format!("expected {}, came {}", f.expected, f.came)}))
                .collect();
            let code = faults.iter().map(|f| f.code).find(|c| !c.is_empty()).unwrap_or("answer.lines");
            problem(StatusCode::UNPROCESSABLE_ENTITY, code, "the answer cannot be taken as it is", errors)
        }
        Said::Fault => {
            problem(StatusCode::INTERNAL_SERVER_ERROR, "bug", "a fault that is played", Vec::new())
        }
        Said::Silence => {
            clock::pause(kit.plan.silence).await;
            problem(StatusCode::GATEWAY_TIMEOUT, "unavailable", "a silence that is played", Vec::new())
        }
    }
}

#[derive(Debug, Deserialize)]
struct Cursor {
    #[serde(default)]
    after: usize,
    limit: Option<usize>,
}

async fn inbox(
    State(kit): State<Arc<Kit>>,
    Query(cursor): Query<Cursor>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    if let Err(code) = kit.verified("GET", &target(&kit, &uri), &headers, &[]) {
        return problem(StatusCode::UNAUTHORIZED, &code, "the signature does not hold", Vec::new());
    }
    let limit = cursor.limit.unwrap_or(100).clamp(1, 500);
    let state = kit.state();
    let page = state.inbox.iter().enumerate().map(|(no, message)| (no + 1, message));
    let page: Vec<Value> = page
        .skip(cursor.after)
        .take(limit)
        .map(|(seq, message)| json!({"seq": seq, "message": message}))
        .collect();
    let next = cursor.after + page.len();
    Json(json!({"messages": page, "next": next})).into_response()
}

async fn order(
    State(kit): State<Arc<Kit>>,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    if let Err(code) = kit.verified("GET", &target(&kit, &uri), &headers, &[]) {
        return problem(StatusCode::UNAUTHORIZED, &code, "the signature does not hold", Vec::new());
    }
    let state = kit.state();
    let Some(sent) = state.orders.get(&id).filter(|o| !o.forged) else {
        return problem(StatusCode::NOT_FOUND, "order.unknown", "there is no such order", Vec::new());
    };
    let status = if state.answers(&id).next().is_some() { "answered" } else { "sent" };
    let objects: Vec<Value> = sent.asked.objects.keys().map(|o| json!({"object_id": o})).collect();
    let [ack_due, action_due, expires_at] = &sent.due;
    Json(json!({
        "order_id": id, "status": status, "ack_due": ack_due, "action_due": action_due, "expires_at": expires_at,
        "objects": objects,
    }))
    .into_response()
}
