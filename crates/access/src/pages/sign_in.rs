//! Signing in and out.

use app::App;
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use http::StatusCode;
use http::header::RETRY_AFTER;
use kernel::Secret;
use serde::Deserialize;
use web::{Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther};

use super::admin::duties_words;
use super::away::on_the_way;
use super::client::From;
use super::{cookie, next_path, next_path_of};
use crate::account::{self, Attempt, DEMO_PASSWORD, Session, SignInError, SignedIn};

/// The sign-in page.
#[derive(Template)]
#[template(path = "access_sign_in.html")]
struct SignInPage {
    ctx: Ctx,
    next: String,
    login: String,
    errors: Vec<FieldError>,
    /// The people of a demonstration: login, name, role in words, present code.
    demo: Vec<[String; 4]>,
    demo_password: &'static str,
}

impl SignInPage {
    fn summary(&self) -> ErrorSummary {
        ErrorSummary::new(&self.ctx, &self.errors)
    }
    fn login_field(&self) -> Field {
        Field::text(&self.ctx, "login", "access-login")
            .value(&self.login)
            .autocomplete("username")
            .width(20)
            .errors(&self.errors)
    }
    fn password_field(&self) -> Field {
        Field::password(&self.ctx, "password", "access-password").errors(&self.errors)
    }
    fn code_field(&self) -> Field {
        Field::code(&self.ctx, "code", "access-code")
            .autocomplete("one-time-code")
            .width(10)
            .errors(&self.errors)
    }
}

/// Where to go on to.
#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

/// The form. Absent fields are empty ones: the answer is the same sentence.
#[derive(Deserialize)]
pub(crate) struct SignInForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    ctx: Ctx,
    session: Option<Session>,
    Query(query): Query<Next>,
) -> Result<Response, Problem> {
    if let Some(session) = session {
        return Ok(SeeOther::to(next_path_of(&session.actor, &query.next)).into_response());
    }
    let page = page(&app, ctx, String::new(), &query.next, Vec::new).await?;
    Ok(Page(page).into_response())
}

pub(crate) async fn submit(
    State(app): State<App>,
    ctx: Ctx,
    old: Option<Session>,
    From(client): From,
    jar: CookieJar,
    Form(form): Form<SignInForm>,
) -> Result<Response, Problem> {
    let (password, code) = (Secret::new(form.password), Secret::new(form.code));
    let attempt = Attempt { login: form.login.clone(), password, code, client };
    match account::sign_in(&app, attempt).await {
        Ok(signed_in) => welcome(&app, old, jar, &signed_in, &form.next).await,
        Err(SignInError::Wrong) => {
            let errors = wrong(&ctx);
            let page = page(&app, ctx, form.login, &form.next, || errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(SignInError::TooMany { wait_secs }) => {
            let errors = too_many(&ctx, wait_secs);
            let page = page(&app, ctx, form.login, &form.next, || errors).await?;
            let wait = [(RETRY_AFTER, wait_secs.to_string())];
            Ok((StatusCode::TOO_MANY_REQUESTS, wait, Page(page)).into_response())
        }
        Err(e) => Err(Problem::of(&e)),
    }
}

/// One sentence for whatever is wrong, beside the first field.
pub(super) fn wrong(ctx: &Ctx) -> Vec<FieldError> {
    vec![FieldError::new(ctx, "login", "access-login.wrong")]
}

pub(super) fn too_many(ctx: &Ctx, wait_secs: u32) -> Vec<FieldError> {
    let minutes = i64::from(wait_secs.div_ceil(60));
    vec![FieldError::with(
        ctx,
        "login",
        "access-login.too-many",
        &[("minutes", ctx.duration(minutes.saturating_mul(60_000_000)))],
    )]
}

/// Signs in as somebody of the demonstration, without typing.
pub(crate) async fn submit_demo(
    State(app): State<App>,
    old: Option<Session>,
    From(client): From,
    jar: CookieJar,
    Form(form): Form<SignInForm>,
) -> Result<Response, Problem> {
    if !app.demo {
        return Err(Problem::not_found());
    }
    let signed_in = account::demo_sign_in(&app, &form.login, &client).await?;
    welcome(&app, old, jar, &signed_in, &form.next).await
}

/// A new cookie, and the session that the browser had before is ended: one browser, one session.
async fn welcome(
    app: &App,
    old: Option<Session>,
    jar: CookieJar,
    signed_in: &SignedIn,
    next: &str,
) -> Result<Response, Problem> {
    if let Some(old) = old {
        account::sign_out(app, &old).await?;
    }
    let jar = jar.add(cookie::of_session(app, &signed_in.token));
    let next =
        on_the_way(app, &signed_in.actor, next).await.map_err(|e| Problem::from(SignInError::from(e)))?;
    Ok((jar, SeeOther::to(next)).into_response())
}

pub(crate) async fn sign_out(
    State(app): State<App>,
    session: Option<Session>,
    jar: CookieJar,
) -> Result<Response, Problem> {
    if let Some(session) = session {
        account::sign_out(&app, &session).await?;
    }
    let toast = web::Toast::new("access-signed-out");
    Ok((jar.add(cookie::forget(&app)), SeeOther::to("/sign-in").with_toast(toast)).into_response())
}

async fn page(
    app: &App,
    ctx: Ctx,
    login: String,
    next: &str,
    errors: impl FnOnce() -> Vec<FieldError>,
) -> Result<SignInPage, Problem> {
    let people = account::demo_panel(app).await?;
    let demo = people
        .into_iter()
        .map(|p| [p.login, p.name, duties_words(&ctx, p.seat.as_ref(), &p.roles), p.code])
        .collect();
    // A login is echoed as far as it can be one.
    let login = login.chars().take(60).collect();
    Ok(SignInPage {
        next: next_path(next).to_owned(),
        login,
        errors: errors(),
        demo,
        demo_password: DEMO_PASSWORD,
        ctx,
    })
}
