//! Objections at the portal: somebody says that a thing is theirs, and later hears what came of it.

use std::sync::Arc;

use app::App;
use askama::Template;
use axum::Extension;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse as _, Response};
use kernel::{Coded as _, Purpose};
use serde::Deserialize;
use web::{Ctx, ErrorSummary, Field, FieldError, Markup, Page, Problem, Status as Shown};

use super::objection::status;
use super::portal::Network;
use super::words;
use crate::error::RegistryError;
use crate::live::Live;
use crate::model::{ObjectionStatus, ObjectionTold};
use crate::service::crowd::{Puzzle, Solved};
use crate::service::objecting::{self, Taken};

/// What was typed at the portal.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PortalForm {
    value: String,
    text: String,
    name: String,
    contact: String,
    code: String,
    puzzle: String,
    answer: String,
}

/// An objection as its maker sees it.
struct Made {
    number: String,
    status: Shown,
    words: String,
    answer: Option<String>,
    due: Option<Markup>,
}

#[derive(Template)]
#[template(path = "registry_mine.html")]
struct Mine {
    ctx: Ctx,
    title: String,
    fields: Vec<Field>,
    code: Field,
    made: Option<Made>,
    /// What the browser must work out before it is taken.
    puzzle: Option<Puzzle>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

#[derive(Template)]
#[template(path = "registry_mine_done.html")]
struct Done {
    ctx: Ctx,
    title: String,
    number: String,
    code: String,
    due: Markup,
}

fn mine(
    ctx: Ctx,
    form: &PortalForm,
    (made, puzzle): (Option<Made>, Option<Puzzle>),
    errors: Vec<FieldError>,
) -> Response {
    let code = match (&puzzle, errors.is_empty()) {
        (Some(_), _) => StatusCode::TOO_MANY_REQUESTS,
        (None, true) => StatusCode::OK,
        (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = Mine {
        title: ctx.t("registry-mine.title"),
        fields: vec![
            Field::text(&ctx, "value", "registry-mine-value").value(form.value.clone()).errors(&errors),
            Field::area(&ctx, "text", "registry-mine-text", 5).value(form.text.clone()).errors(&errors),
            Field::text(&ctx, "name", "registry-mine-name")
                .value(form.name.clone())
                .autocomplete("name")
                .errors(&errors),
            Field::text(&ctx, "contact", "registry-mine-contact").value(form.contact.clone()).errors(&errors),
        ],
        code: Field::code(&ctx, "code", "registry-mine-code").value(form.code.clone()).errors(&errors),
        made,
        puzzle,
        summary: ErrorSummary::new(&ctx, &errors),
        errors,
        ctx,
    };
    // Neither what is somebody's nor a code stays at a shared machine.
    (code, [(CACHE_CONTROL, "no-store")], Page(page)).into_response()
}

/// `GET /check/mine`.
pub(crate) async fn portal_form(ctx: Ctx) -> Response {
    mine(ctx, &PortalForm::default(), (None, None), Vec::new())
}

fn wrong(ctx: &Ctx, error: &RegistryError) -> Option<FieldError> {
    let key = Problem::key(error.code());
    match error {
        RegistryError::Field(field) => Some(FieldError::new(ctx, field, &key)),
        RegistryError::Code => Some(FieldError::new(ctx, "code", &key)),
        other => words::field_error(ctx, other),
    }
}

/// `POST /check/mine`.
pub(crate) async fn portal_file(
    ctx: Ctx,
    State(app): State<App>,
    live: Option<Extension<Arc<Live>>>,
    network: Network,
    Form(form): Form<PortalForm>,
) -> Result<Response, Problem> {
    let told =
        ObjectionTold { name: form.name.clone(), contact: form.contact.clone(), text: form.text.clone() };
    // Everything that is missing is said at once.
    let mut errors: Vec<FieldError> =
        objecting::faults(&told).into_iter().filter_map(|f| wrong(&ctx, &RegistryError::Field(f))).collect();
    if let Err(error) = crate::service::read(&app, &form.value) {
        errors.splice(0..0, wrong(&ctx, &error));
    }
    if !errors.is_empty() {
        return Ok(mine(ctx, &form, (None, None), errors));
    }
    let taken = match &live {
        Some(live) => {
            let solved = Solved { text: form.puzzle.clone(), answer: form.answer.clone() };
            objecting::file_from(&app, live, network.0, (&form.value, &told), &solved).await
        }
        None => objecting::file(&app, &form.value, &told).await,
    };
    match taken {
        Err(RegistryError::Puzzle(puzzle)) => Ok(mine(ctx, &form, (None, Some(puzzle)), Vec::new())),
        Ok(Taken { objection, code }) => {
            let page = Done {
                title: ctx.t("registry-mine-done.title"),
                number: objection.number.clone(),
                code: grouped(&code.into_inner(Purpose::OwnData)),
                due: ctx.time(objection.due_at),
                ctx,
            };
            Ok(([(CACHE_CONTROL, "no-store")], Page(page)).into_response())
        }
        Err(error) => match wrong(&ctx, &error) {
            Some(field) => Ok(mine(ctx, &form, (None, None), vec![field])),
            None => Err(Problem::of(&error)),
        },
    }
}

fn grouped(code: &str) -> String {
    web::grouped(code, 4)
}

/// `POST /check/mine/outcome`: what came of it, by the code.
pub(crate) async fn portal_outcome(
    ctx: Ctx,
    State(app): State<App>,
    Form(form): Form<PortalForm>,
) -> Result<Response, Problem> {
    match objecting::by_code(&app, &form.code).await {
        Ok((objection, answer)) => {
            let made = Made {
                number: objection.number.clone(),
                status: status(&ctx, objection.status),
                words: match (objection.status, &answer) {
                    (ObjectionStatus::Closed, None) => ctx.t("registry-objection-told-over"),
                    (status, _) => ctx.t(&format!("registry-objection-told-{}", status.as_str())),
                },
                answer,
                due: objection.status.waits().then(|| ctx.time(objection.due_at)),
            };
            Ok(mine(ctx, &PortalForm::default(), (Some(made), None), Vec::new()))
        }
        Err(error) => match wrong(&ctx, &error) {
            Some(field) => Ok(mine(ctx, &form, (None, None), vec![field])),
            None => Err(Problem::of(&error)),
        },
    }
}
