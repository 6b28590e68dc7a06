//! Entering a one-time code anew before a grave act.

use app::App;
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use kernel::Secret;
use serde::Deserialize;
use web::{Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther};

use super::client::From;
use super::next_path;
use crate::account::{self, Session, SignInError};

#[derive(Template)]
#[template(path = "access_step_up.html")]
struct StepUpPage {
    ctx: Ctx,
    next: String,
    errors: Vec<FieldError>,
}

impl StepUpPage {
    fn summary(&self) -> ErrorSummary {
        ErrorSummary::new(&self.ctx, &self.errors)
    }
    fn code_field(&self) -> Field {
        Field::code(&self.ctx, "code", "access-code")
            .autocomplete("one-time-code")
            .width(10)
            .errors(&self.errors)
    }
}

#[derive(Deserialize)]
pub(crate) struct StepUpForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

pub(crate) async fn show(_session: Session, ctx: Ctx, Query(form): Query<StepUpForm>) -> Response {
    Page(StepUpPage { ctx, next: next_path(&form.next).to_owned(), errors: Vec::new() }).into_response()
}

pub(crate) async fn submit(
    State(app): State<App>,
    session: Session,
    ctx: Ctx,
    From(client): From,
    Form(form): Form<StepUpForm>,
) -> Result<Response, Problem> {
    let next = next_path(&form.next).to_owned();
    let (status, errors) = match account::step_up(&app, &session, &Secret::new(form.code), &client).await {
        Ok(()) => return Ok(SeeOther::to(next).into_response()),
        Err(SignInError::Wrong) => {
            (StatusCode::UNPROCESSABLE_ENTITY, vec![FieldError::new(&ctx, "code", "access-code.wrong")])
        }
        Err(SignInError::TooMany { wait_secs }) => {
            let minutes = i64::from(wait_secs.div_ceil(60));
            let wait = ctx.duration(minutes.saturating_mul(60_000_000));
            let error = FieldError::with(&ctx, "code", "access-login.too-many", &[("minutes", wait)]);
            (StatusCode::TOO_MANY_REQUESTS, vec![error])
        }
        Err(e) => return Err(Problem::of(&e)),
    };
    Ok((status, Page(StepUpPage { ctx, next, errors })).into_response())
}
