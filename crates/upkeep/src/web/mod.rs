//! The pages of parked news and of the database under `/admin`. To everybody but administrators they do not exist.

mod database;

use ::web::{
    Ctx, Empty, ErrorSummary, Field, FieldError, Markup, Page, Problem, SeeOther, Status, Toast, Tone,
};
use access::Staff;
use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use db::outbox::parked::Parked;
use kernel::Coded as _;
use serde::Deserialize;
use uuid::Uuid;

use crate::service::{self, UpkeepError};

/// Routes of this slice.
pub fn routes() -> Router<App> {
    Router::new()
        .route(database::PATH, get(database::show))
        .route("/admin/database/check", post(database::ask))
        .route("/admin/parked", get(list))
        .route("/admin/parked/again", post(again))
        .route("/admin/parked/leave-out", get(leave_out_form).post(leave_out))
}

#[derive(Template)]
#[template(path = "upkeep_parked.html")]
struct List {
    ctx: Ctx,
    rows: Vec<Row>,
    empty: Option<Empty>,
    full: bool,
}

struct Row {
    subscriber: String,
    event: String,
    name: String,
    subject: String,
    error: String,
    since: Markup,
    tries: u32,
    asked: Option<Status>,
    leave_out: String,
}

/// `GET /admin/parked`.
async fn list(State(app): State<App>, Staff(actor): Staff, ctx: Ctx) -> Result<Response, Problem> {
    let all = service::parked_news(&app, &actor).await?;
    let page = List {
        rows: all.iter().map(|p| row(&ctx, p)).collect(),
        empty: all.is_empty().then(|| Empty::new(&ctx, "upkeep-empty")),
        full: u32::try_from(all.len()).is_ok_and(|n| n >= service::MOST),
        ctx,
    };
    Ok(Page(page).into_response())
}

fn row(ctx: &Ctx, p: &Parked) -> Row {
    Row {
        subscriber: p.subscriber.clone(),
        event: p.event.to_string(),
        name: p.name.clone(),
        subject: p.subject.to_string(),
        error: p.error.clone(),
        since: ctx.time_exact(p.parked_at),
        tries: p.tries,
        asked: p.again.then(|| Status::new(ctx, "upkeep-asked", Tone::Blue)),
        leave_out: format!(
            "/admin/parked/leave-out?subscriber={}&event={}",
            ::web::encode(&p.subscriber),
            p.event
        ),
    }
}

/// Which piece of news, and why.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewsForm {
    subscriber: String,
    event: String,
    reason: String,
}

impl NewsForm {
    fn event(&self) -> Result<Uuid, UpkeepError> {
        self.event.parse().map_err(|_| UpkeepError::NotParked)
    }
}

/// `POST /admin/parked/again`.
async fn again(
    State(app): State<App>,
    Staff(actor): Staff,
    Form(form): Form<NewsForm>,
) -> Result<SeeOther, Problem> {
    // Permission comes first: a junk id must not tell that the page exists.
    let event = form.event().unwrap_or_default();
    service::try_again(&app, &actor, &form.subscriber, event).await?;
    Ok(SeeOther::to("/admin/parked").with_toast(Toast::new("upkeep-again-done")))
}

#[derive(Template)]
#[template(path = "upkeep_leave_out.html")]
struct LeaveOut {
    ctx: Ctx,
    row: Row,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    reason: Field,
}

fn leave_out_page(ctx: Ctx, parked: &Parked, typed: &str, errors: &[FieldError]) -> LeaveOut {
    LeaveOut {
        row: row(&ctx, parked),
        errors: errors.to_vec(),
        summary: ErrorSummary::new(&ctx, errors),
        reason: Field::area(&ctx, "reason", "upkeep-reason", 3).value(typed).errors(errors),
        ctx,
    }
}

async fn parked(app: &App, actor: &kernel::Actor, form: &NewsForm) -> Result<Parked, UpkeepError> {
    let all = service::parked_news(app, actor).await?;
    let event = form.event()?;
    all.into_iter()
        .find(|p| p.subscriber == form.subscriber && p.event == event)
        .ok_or(UpkeepError::NotParked)
}

/// `GET /admin/parked/leave-out`.
async fn leave_out_form(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Query(form): Query<NewsForm>,
) -> Result<Response, Problem> {
    let parked = parked(&app, &actor, &form).await?;
    Ok(Page(leave_out_page(ctx, &parked, "", &[])).into_response())
}

/// `POST /admin/parked/leave-out`.
async fn leave_out(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Form(form): Form<NewsForm>,
) -> Result<Response, Problem> {
    let parked = parked(&app, &actor, &form).await?;
    match service::leave_out(&app, &actor, &form.subscriber, parked.event, &form.reason).await {
        Ok(()) => {
            let back = SeeOther::to("/admin/parked");
            Ok(back.with_toast(Toast::new("upkeep-leave-out-done")).into_response())
        }
        Err(error @ UpkeepError::Reason) => {
            let wrong = FieldError::new(&ctx, "reason", &Problem::key(error.code()));
            let page = leave_out_page(ctx, &parked, &form.reason, &[wrong]);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
