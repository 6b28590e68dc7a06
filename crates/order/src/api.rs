//! The partners' side over HTTP: answers in, inbox and orders out. Every request is signed (RFC 9421);
//! faults are problems (RFC 9457) with stable codes.

use app::App;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use kernel::Actor;
use partner::api::{Signed, SignedAnswer};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::message::{Amount, Answer, Recorded};
use crate::model::OrderId;
use crate::store::delivery;
use crate::{OrderError, outgoing, service};

/// Routes of this slice under `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(post_answer))
        .routes(routes!(post_iso))
        .routes(routes!(get_inbox))
        .routes(routes!(get_order))
}

fn problem(error: &OrderError) -> Response {
    let problem = ::web::Problem::json(error);
    let OrderError::Answer(fault) = error else { return problem.into_response() };
    let field =
        ::web::FieldError { field: fault.pointer(), code: fault.code().to_owned(), text: fault.to_string() };
    problem.with_errors(vec![field]).into_response()
}

/// Takes a partner's answer to an order. The same `answer_id` with the same body is answered as before.
#[utoipa::path(
    post, path = "/orders/{order_id}/answers", tag = "orders", request_body = Answer,
    params(("order_id" = String, Path, description = "`ord_…`")),
    responses((status = 200, body = Recorded), (status = 401, description = "not signed, or wrongly"),
        (status = 404, description = "no such order for this partner"), (status = 409, description = "answer id used for another answer"),
        (status = 410, description = "the order has ended"), (status = 429, description = "more than the agreement allows in a minute; `Retry-After`"),
        (status = 422, description = "the answer cannot be taken as it is"))
)]
async fn post_answer(
    State(app): State<App>,
    Path(order): Path<String>,
    SignedAnswer(signed): SignedAnswer,
) -> Response {
    let Signed { actor, body } = signed;
    let Ok(id) = order.parse::<OrderId>() else { return problem(&OrderError::NotFound) };
    let said: Answer = match serde_json::from_slice(&body) {
        Ok(said) => said,
        Err(error) => return partner::api::malformed(&error).into_response(),
    };
    if said.order_id != order {
        return problem(&OrderError::NotFound);
    }
    match service::answer(&app, &actor, id, said, &body).await {
        Ok(outcome) => Json(Recorded { status: "recorded".into(), order: outcome.status.as_str().into() })
            .into_response(),
        Err(error) => problem(&error),
    }
}

/// What a message of ISO 20022 came to.
#[derive(Debug, Serialize, ToSchema)]
struct IsoRecorded {
    /// `recorded`.
    status: String,
    /// The orders it was about, `ord_…`.
    orders: Vec<String>,
}

/// Takes answers as ISO 20022: camt.029, camt.111, pacs.004. All of a message is taken, or nothing of it.
#[utoipa::path(
    post, path = "/iso20022", tag = "orders", request_body(content = String, content_type = "application/xml"),
    responses((status = 200, body = IsoRecorded), (status = 401, description = "not signed, or wrongly"),
        (status = 404, description = "no such order for this partner"), (status = 409, description = "the message was taken with another content"),
        (status = 410, description = "the order has ended"), (status = 429, description = "more than the agreement allows in a minute; `Retry-After`"),
        (status = 422, description = "the message cannot be taken as it is"))
)]
async fn post_iso(State(app): State<App>, SignedAnswer(signed): SignedAnswer) -> Response {
    let Signed { actor, body } = signed;
    match service::answer_iso(&app, &actor, &body).await {
        Ok(orders) => {
            let orders = orders.iter().map(ToString::to_string).collect();
            Json(IsoRecorded { status: "recorded".into(), orders }).into_response()
        }
        Err(error) => problem(&error),
    }
}

/// Where to go on reading.
#[derive(Debug, Deserialize, IntoParams)]
struct Cursor {
    /// Messages after this number; 0 for all.
    #[serde(default)]
    after: i64,
    /// At most this many, 1 to 500; 100 if left out.
    limit: Option<i64>,
}

/// One message of the inbox.
#[derive(Debug, Serialize, ToSchema)]
struct InboxItem {
    /// Its number, rising; gaps are possible.
    seq: i64,
    /// The message, as it is also posted to the gateway.
    message: crate::message::Message,
}

/// A page of the inbox.
#[derive(Debug, Serialize, ToSchema)]
struct Inbox {
    /// Messages, oldest first.
    messages: Vec<InboxItem>,
    /// The cursor for the next page.
    next: i64,
}

/// The pull inbox: the same messages that are posted to the gateway, numbered after commit.
#[utoipa::path(get, path = "/inbox", tag = "orders", params(Cursor), responses((status = 200, body = Inbox), (status = 401, description = "not signed, or wrongly")))]
async fn get_inbox(State(app): State<App>, Query(cursor): Query<Cursor>, signed: Signed) -> Response {
    let Actor::Partner { code, .. } = signed.actor else { return problem(&OrderError::NotFound) };
    let (after, limit) = (cursor.after.max(0), cursor.limit.unwrap_or(100).clamp(1, 500));
    let me = app.clone();
    let page = app
        .db
        .read(move |tx| {
            let mut page = Inbox { messages: Vec::new(), next: after };
            for (seq, d) in delivery::inbox(tx, &code, after, limit)? {
                page.next = seq;
                if let Some(message) = outgoing::build(tx, &me, &d)? {
                    page.messages.push(InboxItem { seq, message });
                }
            }
            Ok::<_, OrderError>(page)
        })
        .await;
    page.map_or_else(|e| problem(&e), |p| Json(p).into_response())
}

/// An order as its addressee may see it.
#[derive(Debug, Serialize, ToSchema)]
struct OrderState {
    /// `ord_…`.
    order_id: String,
    /// Where it stands.
    status: String,
    /// By when receipt must be confirmed.
    ack_due: String,
    /// By when it must be answered.
    action_due: String,
    /// When it ends by itself.
    expires_at: String,
    /// What it names.
    objects: Vec<ObjectView>,
}

/// One thing an order names.
#[derive(Debug, Serialize, ToSchema)]
struct ObjectView {
    /// `obj_…`.
    object_id: String,
    /// What is known of it.
    state: String,
    /// The most that may be held.
    cap: Amount,
    /// What is held now, as far as we were told.
    held: Amount,
}

/// State of an order that was addressed to this partner.
#[utoipa::path(
    get, path = "/orders/{order_id}", tag = "orders", params(("order_id" = String, Path, description = "`ord_…`")),
    responses((status = 200, body = OrderState), (status = 401, description = "not signed, or wrongly"), (status = 404, description = "no such order for this partner"))
)]
async fn get_order(State(app): State<App>, Path(order): Path<String>, signed: Signed) -> Response {
    let Ok(id) = order.parse::<OrderId>() else { return problem(&OrderError::NotFound) };
    match service::open(&app, &signed.actor, id).await {
        Err(OrderError::NotFound | OrderError::Access(access::AccessError::Hidden)) => {
            trial_state(&app, &signed.actor, id).await
        }
        Err(error) => problem(&error),
        Ok(view) => {
            let time = |t| app.profile.rfc3339(t);
            let o = &view.order;
            let objects = view.objects.iter().map(|x| ObjectView {
                object_id: x.id.to_string(),
                state: x.state.as_str().into(),
                cap: Amount::of(x.cap),
                held: Amount::of(x.held),
            });
            Json(OrderState {
                order_id: o.id.to_string(),
                status: o.status.as_str().into(),
                ack_due: time(o.ack_due),
                action_due: time(o.action_due),
                expires_at: time(o.ends_at()),
                objects: objects.collect(),
            })
            .into_response()
        }
    }
}

/// State of a trial order.
async fn trial_state(app: &App, actor: &Actor, id: OrderId) -> Response {
    let trial = match crate::trial::service::handed(app, actor, id).await {
        Ok(trial) => trial,
        Err(error) => return problem(&error),
    };
    let status = match (trial.answered_at, trial.acknowledged_at) {
        (Some(_), _) => crate::Status::Answered,
        (None, Some(_)) => crate::Status::Acknowledged,
        (None, None) => crate::Status::Sent,
    };
    let time = |t| app.profile.rfc3339(t);
    Json(OrderState {
        order_id: id.to_string(),
        status: status.as_str().into(),
        ack_due: time(trial.ack_due),
        action_due: time(trial.action_due),
        expires_at: time(trial.expires_at),
        objects: Vec::new(),
    })
    .into_response()
}
