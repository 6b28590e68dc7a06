//! Changing one's own password.

use app::App;
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use kernel::{Coded as _, Secret};
use serde::Deserialize;
use web::{Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast};

use super::client::From;
use crate::account::{self, AccountError, Session, SignInError};

#[derive(Template)]
#[template(path = "access_password.html")]
struct PasswordPage {
    ctx: Ctx,
    login: String,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    fields: Vec<Field>,
}

/// The form. What was typed is never sent back.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct PasswordForm {
    current: String,
    new: String,
}

fn page(ctx: Ctx, session: &Session, errors: &[FieldError]) -> PasswordPage {
    let fields = vec![
        Field::password(&ctx, "current", "access-password-current").errors(errors),
        Field::password(&ctx, "new", "access-password-new").autocomplete("new-password").errors(errors),
    ];
    PasswordPage {
        login: session.login.clone(),
        summary: ErrorSummary::new(&ctx, errors),
        errors: errors.to_vec(),
        fields,
        ctx,
    }
}

pub(crate) async fn show(session: Session, ctx: Ctx) -> Response {
    Page(page(ctx, &session, &[])).into_response()
}

pub(crate) async fn submit(
    State(app): State<App>,
    session: Session,
    ctx: Ctx,
    From(client): From,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Problem> {
    let (current, new) = (Secret::new(form.current), Secret::new(form.new));
    let (status, wrong) = match account::change_password(&app, &session, &current, new, &client).await {
        Ok(()) => {
            let back = SeeOther::to("/me/sessions");
            return Ok(back.with_toast(Toast::new("access-password-changed")).into_response());
        }
        Err(e @ AccountError::CurrentPassword) => {
            (StatusCode::UNPROCESSABLE_ENTITY, field(&ctx, "current", &e))
        }
        Err(e @ AccountError::Password(_)) => (StatusCode::UNPROCESSABLE_ENTITY, field(&ctx, "new", &e)),
        Err(AccountError::SignIn(e)) if matches!(*e, SignInError::TooMany { .. }) => {
            let SignInError::TooMany { wait_secs } = *e else { return Err(Problem::of(&*e)) };
            let wait = ctx.duration(i64::from(wait_secs.div_ceil(60)).saturating_mul(60_000_000));
            let error = FieldError::with(&ctx, "current", "access-login.too-many", &[("minutes", wait)]);
            (StatusCode::TOO_MANY_REQUESTS, error)
        }
        Err(e) => return Err(e.into()),
    };
    Ok((status, Page(page(ctx, &session, &[wrong]))).into_response())
}

fn field(ctx: &Ctx, name: &str, error: &AccountError) -> FieldError {
    FieldError::new(ctx, name, &Problem::key(error.code()))
}
