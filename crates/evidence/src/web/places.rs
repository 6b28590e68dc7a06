//! Places where things lie.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::Actor;
use serde::Deserialize;
use uuid::Uuid;
use web::{Ctx, Empty, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast};

use super::words;
use crate::model::Place;
use crate::service;

#[derive(Template)]
#[template(path = "evidence_places.html")]
struct Places {
    ctx: Ctx,
    rows: Vec<Place>,
    name: Field,
    may: bool,
    empty: Option<Empty>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    name: String,
    open: String,
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    name: &str,
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let rows = service::place_names(app, actor).await.map_err(|e| Problem::of(&e))?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Places {
        empty: rows.is_empty().then(|| Empty::new(ctx, "evidence-places-empty")),
        rows,
        name: Field::text(ctx, "name", "evidence-place-name").value(name).errors(&errors),
        may: super::list::may_take(actor),
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    };
    Ok((status, Page(page)).into_response())
}

/// `GET /desk/evidence/places`.
pub(super) async fn show(Staff(actor): Staff, ctx: Ctx, State(app): State<App>) -> Result<Response, Problem> {
    page(&ctx, &app, &actor, "", Vec::new()).await
}

/// `POST /desk/evidence/places`.
pub(super) async fn add(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    match service::add_place(&app, &actor, &typed.name).await {
        Ok(_) => {
            let toast = Toast::new("evidence-toast-place");
            Ok(SeeOther::to("/desk/evidence/places").with_toast(toast).into_response())
        }
        Err(error) => match words::field_error(&ctx, &error) {
            Some(wrong) => page(&ctx, &app, &actor, &typed.name, vec![wrong]).await,
            None => Err(Problem::of(&error)),
        },
    }
}

/// `POST /desk/evidence/places/{id}`: whether anything may still be put there.
pub(super) async fn set(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let open = typed.open == "yes";
    service::set_place_open(&app, &actor, id, open).await.map_err(|e| Problem::of(&e))?;
    Ok(SeeOther::to("/desk/evidence/places").with_toast(Toast::new("evidence-toast-place")).into_response())
}
