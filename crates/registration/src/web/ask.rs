//! A page that asks for one act: words by its key, its fields, and everything typed again where something is wrong.

use app::App;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Class, Coded as _};
use web::{Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast};

use super::show::Decided;
use super::{field_error, page_of, say};
use crate::error::RegistrationError;
use crate::kinds::Of;
use crate::service::{self, Matter, May};

#[derive(Template)]
#[template(path = "registration_form.html")]
struct FormPage {
    ctx: Ctx,
    title: String,
    lead: String,
    note: Option<String>,
    number: String,
    back: String,
    action: String,
    /// The same form sent twice is one act.
    form_key: String,
    button: String,
    /// The decision that is to be agreed to.
    decided: Option<Decided>,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

/// What one page of a form is: words by `key`, where it goes, its fields.
#[derive(Default)]
pub(super) struct Ask<'a> {
    pub(super) key: &'a str,
    pub(super) path: &'a str,
    /// The key that the form came with; empty for a new one.
    pub(super) form_key: String,
    pub(super) decided: Option<Decided>,
    pub(super) fields: Vec<Field>,
}

/// What an error is about that is no field's fault: the form comes back with everything that was typed.
pub(super) const FORM: &str = "form";

/// The error to show with the form again, so that what was typed is not lost; else the problem.
pub(super) fn kept(ctx: &Ctx, error: &RegistrationError) -> Result<FieldError, Problem> {
    if let Some(wrong) = field_error(ctx, error) {
        return Ok(wrong);
    }
    // Whoever may not even know of it is told nothing; whoever came too late, or is marked as away, is.
    let away = matches!(error, RegistrationError::Access(access::AccessError::Away));
    if error.class() == Class::Conflict || away {
        return Ok(FieldError::new(ctx, FORM, &Problem::key(error.code())));
    }
    Err(Problem::of(error))
}

pub(super) fn form_page(
    ctx: &Ctx,
    number: &Of,
    matter: &Matter,
    ask: Ask<'_>,
    errors: Vec<FieldError>,
) -> Response {
    let status = match &errors[..] {
        [] => StatusCode::OK,
        all if all.iter().any(|e| e.field == FORM) => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let register = matter.register.name.get(ctx.lang());
    let words = |part: &str| {
        let key = say(ctx, &number.kind, &format!("{}.{part}", ask.key));
        ctx.ta(&key, [("register", register)])
    };
    let back = page_of(number);
    let page = FormPage {
        title: words("title"),
        lead: words("lead"),
        button: words("button"),
        note: super::note(ctx, &matter.register),
        number: number.number.clone(),
        action: format!("{back}/{}/{}", matter.register.code, ask.path),
        back,
        form_key: if ask.form_key.is_empty() { ctx.idempotency_key() } else { ask.form_key },
        decided: ask.decided,
        fields: access::code_field(ctx, &errors).into_iter().chain(ask.fields).collect(),
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    };
    (status, Page(page)).into_response()
}

/// The report in this register, if the reader may do this to it now. Whoever handles it and opens a page that was offered
/// before a colleague or the register was quicker is told so.
pub(super) async fn matter(
    app: &App,
    actor: &Actor,
    (number, system): (&Of, &str),
    may: impl Fn(&May) -> bool,
) -> Result<Matter, Problem> {
    let view = service::of_report(app, actor, number).await?;
    let found =
        view.matters.into_iter().find(|m| m.register.code == system).ok_or_else(Problem::not_found)?;
    match found.may {
        now if may(&now) => Ok(found),
        // Who may do nothing to it was offered nothing, and nobody was where it has not come yet.
        now if now == May::default() || found.references.is_empty() => Err(Problem::not_found()),
        now if now.confirm || now.take_back => Err(Problem::of(&RegistrationError::Waits)),
        _ => Err(Problem::of(&RegistrationError::Settled)),
    }
}

pub(super) fn done(number: &Of, toast: &str) -> Response {
    let toast = Toast::new(toast).with("number", number.number.as_str());
    SeeOther::to(page_of(number)).with_toast(toast).into_response()
}

/// What is wrong with the time of an entry: a register that decides cannot have entered a report before it came to it; one
/// that is handed reports can.
pub(super) fn early(ctx: &Ctx, app: &App, system: &str) -> FieldError {
    let decides = app.profile.register(system, app.office.now()).is_some_and(|r| r.decision().is_some());
    let key = if decides { "error-registration-at-decided" } else { "error-registration-at" };
    FieldError::new(ctx, "at", key)
}
