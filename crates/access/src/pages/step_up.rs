//! Entering a one-time code anew before a grave act.

use app::App;
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;
use kernel::Secret;
use serde::Deserialize;
use web::{Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther};

use super::client::From;
use super::held;
use super::{next_path, next_path_of};
use crate::account::{self, Session, SignInError};

/// The page's path.
pub(super) const PATH: &str = "/step-up";

/// Fields of this page's own form: one that has a field of the same name is not kept.
const OWN: [&str; 3] = ["code", "next", "held"];

#[derive(Template)]
#[template(path = "access_step_up.html")]
struct StepUpPage {
    ctx: Ctx,
    next: String,
    /// What was typed into the form that waits, if one does.
    held: Option<Vec<(String, String)>>,
    /// Whose form it is, see [`mark`].
    mark: String,
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

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct StepUpForm {
    code: String,
    next: String,
    held: String,
}

/// Whether a form can be kept on this page.
pub(super) fn holds(form: &held::Form) -> bool {
    next_path(&form.path) == form.path && !form.fields.iter().any(|(name, _)| OWN.contains(&name.as_str()))
}

/// What ties a form that is kept on the page to whoever sent it: nobody else's code carries it out.
pub(super) fn mark(app: &App, session: &Session, path: &str) -> String {
    hex::encode(app.vault.blind("access.held", &format!("{}\u{1f}{path}", session.id)))
}

/// The page for a form that was sent without a fresh code.
pub(super) fn asked(ctx: Ctx, form: held::Form, mark: String) -> Response {
    let page = StepUpPage { ctx, next: form.path, held: Some(form.fields), mark, errors: Vec::new() };
    (StatusCode::FORBIDDEN, Page(page)).into_response()
}

pub(crate) async fn show(session: Session, ctx: Ctx, Query(form): Query<StepUpForm>) -> Response {
    let next = next_path_of(&session.actor, &form.next).to_owned();
    Page(StepUpPage { ctx, next, held: None, mark: String::new(), errors: Vec::new() }).into_response()
}

pub(crate) async fn submit(
    State(app): State<App>,
    session: Session,
    ctx: Ctx,
    From(client): From,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let of = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap_or_default();
    let form = StepUpForm { code: of("code"), next: of("next"), held: of("held") };
    let next = next_path_of(&session.actor, &form.next).to_owned();
    // A form that somebody else has left open on this machine is not carried out by this person's code.
    let held: Option<Vec<(String, String)>> = (!form.held.is_empty()
        && form.held == mark(&app, &session, &next))
    .then(|| fields.into_iter().filter(|(name, _)| !OWN.contains(&name.as_str())).collect());
    // A second click: the code was right already.
    let done = account::require_step_up(&app, &session).is_ok();
    let outcome = match done {
        true => Ok(()),
        false => account::step_up(&app, &session, &Secret::new(form.code), &client).await,
    };
    let (status, errors) = match outcome {
        // The browser sends the same form on (307): the fields that waited, and this page's own, which nobody reads.
        Ok(()) if held.is_some() => return Ok(Redirect::temporary(&next).into_response()),
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
    let mark = form.held;
    Ok((status, Page(StepUpPage { ctx, next, held, mark, errors })).into_response())
}
