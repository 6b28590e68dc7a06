//! The partners' side over HTTP: answers in, inbox and orders out. Every request is signed (RFC 9421);
//! faults are problems (RFC 9457) with stable codes.

use app::App;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use kernel::Actor;
use partner::api::{Signed, SignedAnswer};
use partner::described::{NotSigned, ProblemBody, Refused};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::message::{Amount, Answer, Recorded};
use crate::model::OrderId;
use crate::store::delivery;
use crate::{OrderError, described, examples, outgoing, service};

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
    post, path = "/orders/{order_id}/answers", tag = "orders", operation_id = "postAnswer",
    request_body(content = Answer, description = "`answer.v1`", examples(
        ("receipt" = (summary = "The order has come; a person has not looked yet", value = json!(examples::receipt()))),
        ("held_in_part" = (summary = "A part is held, the rest had gone on", value = json!(examples::held_in_part())))
    )),
    params(("order_id" = String, Path, description = "`ord_…`", pattern = "^ord_[0-9a-f]{32}$", example = json!(examples::ORDER))),
    responses(
        (status = 200, description = "taken, now or before", body = Recorded, example = json!({"status": "recorded", "order": "answered"})),
        NotSigned, Refused,
        (status = 404, description = "no such order for this partner", body = ProblemBody, content_type = "application/problem+json",
            example = json!(examples::not_found())),
        (status = 409, description = "the answer id was used for another answer", body = ProblemBody, content_type = "application/problem+json",
            example = json!(examples::conflicting())),
        (status = 410, description = "the order has ended", body = ProblemBody, content_type = "application/problem+json",
            example = json!(examples::ended())),
        (status = 422, description = "the answer cannot be taken as it is; `errors` names the field", body = ProblemBody, content_type = "application/problem+json",
            example = json!(examples::too_much()))
    ),
    security(("signature_input" = [], "signature" = []))
)]
async fn post_answer(
    State(app): State<App>,
    Path(order): Path<String>,
    SignedAnswer(signed): SignedAnswer,
) -> Response {
    let Ok(id) = order.parse::<OrderId>() else { return problem(&OrderError::NotFound) };
    let said: Answer = match signed.json() {
        Ok(said) => said,
        Err(problem) => return problem.into_response(),
    };
    if said.order_id != order {
        return problem(&OrderError::NotFound);
    }
    match service::answer(&app, &signed.actor, id, said, &signed.body).await {
        Ok(outcome) => Json(Recorded { status: "recorded".into(), order: outcome.status.as_str().into() })
            .into_response(),
        Err(error) => problem(&error),
    }
}

/// What a message of ISO 20022 came to.
#[derive(Debug, Serialize, ToSchema)]
struct IsoRecorded {
    /// `recorded`.
    #[schema(schema_with = described::recorded)]
    status: String,
    /// The orders it was about, `ord_…`.
    orders: Vec<String>,
}

/// Takes answers as ISO 20022: camt.029, camt.111, pacs.004. All of a message is taken, or nothing of it.
#[utoipa::path(
    post, path = "/iso20022", tag = "orders", operation_id = "postIso20022",
    request_body(content = String, content_type = "application/xml", description = "One message of ISO 20022", example = json!(examples::camt029())),
    responses(
        (status = 200, description = "taken, now or before", body = IsoRecorded, example = json!({"status": "recorded", "orders": [examples::ORDER]})),
        NotSigned, Refused,
        (status = 404, description = "no such order for this partner", body = ProblemBody, content_type = "application/problem+json",
            example = json!(examples::not_found())),
        (status = 409, description = "the message was taken with another content", body = ProblemBody, content_type = "application/problem+json",
            example = json!(examples::conflicting())),
        (status = 410, description = "the order has ended", body = ProblemBody, content_type = "application/problem+json",
            example = json!(examples::ended())),
        (status = 422, description = "the message cannot be taken as it is", body = ProblemBody, content_type = "application/problem+json",
            example = json!(examples::not_iso()))
    ),
    security(("signature_input" = [], "signature" = []))
)]
async fn post_iso(State(app): State<App>, SignedAnswer(signed): SignedAnswer) -> Response {
    if let Err(problem) = signed.of_type(&["application/xml", "text/xml"]) {
        return problem.into_response();
    }
    match service::answer_iso(&app, &signed.actor, &signed.body).await {
        Ok(orders) => {
            let orders = orders.iter().map(ToString::to_string).collect();
            Json(IsoRecorded { status: "recorded".into(), orders }).into_response()
        }
        Err(error) => problem(&error),
    }
}

/// Most messages of one page, and how many where nothing is said.
const MAX_PAGE: i64 = 500;
const PAGE: i64 = 100;

/// Where to go on reading.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Cursor {
    /// Messages after this number; 0 for all.
    #[serde(default)]
    #[param(minimum = 0, default = 0, example = 0)]
    after: i64,
    /// At most this many.
    #[serde(default = "page")]
    #[param(minimum = 1, maximum = 500, default = 100, example = 100)]
    limit: i64,
}

const fn page() -> i64 {
    PAGE
}

impl Cursor {
    /// The parameter that is out of bounds, with what it must be.
    fn fault(&self) -> Option<(&'static str, String)> {
        if self.after < 0 {
            return Some(("after", "`after` is 0 or more".to_owned()));
        }
        let fits = (1..=MAX_PAGE).contains(&self.limit);
        (!fits).then(|| ("limit", format!("`limit` is 1 to {MAX_PAGE}")))
    }
}

/// One message of the inbox.
#[derive(Debug, Serialize, ToSchema)]
struct InboxItem {
    /// Its number, rising; gaps are possible.
    #[schema(minimum = 1)]
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
    #[schema(minimum = 0)]
    next: i64,
}

/// The pull inbox: the same messages that are posted to the gateway, numbered after commit.
#[utoipa::path(
    get, path = "/inbox", tag = "orders", operation_id = "getInbox", params(Cursor),
    responses(
        (status = 200, description = "messages behind the cursor, oldest first; none if there is nothing new", body = Inbox,
            example = json!(examples::inbox())),
        NotSigned, Refused
    ),
    security(("signature_input" = [], "signature" = []))
)]
async fn get_inbox(
    State(app): State<App>,
    cursor: Result<Query<Cursor>, QueryRejection>,
    signed: Signed,
) -> Response {
    let Actor::Partner { code, .. } = signed.actor else { return problem(&OrderError::NotFound) };
    let cursor = match cursor {
        Ok(Query(cursor)) => cursor,
        Err(error) => return partner::api::unreadable("", error.body_text()).into_response(),
    };
    if let Some((field, words)) = cursor.fault() {
        return partner::api::unreadable(field, words).into_response();
    }
    let Cursor { after, limit } = cursor;
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
    #[schema(pattern = "^ord_[0-9a-f]{32}$")]
    order_id: String,
    /// Where it stands.
    #[schema(schema_with = described::status)]
    status: String,
    /// By when receipt must be confirmed.
    #[schema(format = DateTime)]
    ack_due: String,
    /// By when it must be answered.
    #[schema(format = DateTime)]
    action_due: String,
    /// When it ends by itself.
    #[schema(format = DateTime)]
    expires_at: String,
    /// What it names.
    objects: Vec<ObjectView>,
}

/// One thing an order names.
#[derive(Debug, Serialize, ToSchema)]
struct ObjectView {
    /// `obj_…`.
    #[schema(pattern = "^obj_[0-9a-f]{32}$")]
    object_id: String,
    /// What is known of it.
    #[schema(schema_with = described::state)]
    state: String,
    /// The most that may be held.
    cap: Amount,
    /// What is held now, as far as we were told.
    held: Amount,
}

/// State of an order that was addressed to this partner.
#[utoipa::path(
    get, path = "/orders/{order_id}", tag = "orders", operation_id = "getOrder",
    params(("order_id" = String, Path, description = "`ord_…`", pattern = "^ord_[0-9a-f]{32}$", example = json!(examples::ORDER))),
    responses(
        (status = 200, description = "the order as this partner may see it", body = OrderState, example = json!(examples::order_state())),
        NotSigned, Refused,
        (status = 404, description = "no such order for this partner", body = ProblemBody, content_type = "application/problem+json",
            example = json!(examples::not_found()))
    ),
    security(("signature_input" = [], "signature" = []))
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
