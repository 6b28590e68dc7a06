//! A page that asks for one act: words by its key, its fields, and everything typed again where something is wrong.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use web::{Ctx, ErrorSummary, Field, FieldError, Page};

#[derive(Template)]
#[template(path = "evidence_form.html")]
struct FormPage {
    ctx: Ctx,
    title: String,
    lead: String,
    back: String,
    back_words: String,
    action: String,
    button: String,
    fields: Vec<Field>,
    /// Whether it sends a file.
    file: bool,
    /// What is named beside the form: exhibits that go into a package.
    listed: Vec<(String, String)>,
    /// What is said while a file comes, and the address of the page as it is loaded; empty where none comes.
    saves: (String, String),
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

/// What one page of a form is.
#[derive(Default)]
pub(super) struct Ask<'a> {
    pub(super) key: &'a str,
    pub(super) action: String,
    pub(super) back: (String, String),
    pub(super) fields: Vec<Field>,
    pub(super) file: bool,
    pub(super) listed: Vec<(String, String)>,
    pub(super) saves: (String, String),
}

pub(super) fn page(ctx: &Ctx, ask: Ask<'_>, errors: Vec<FieldError>) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let words = |part: &str| ctx.t(&format!("{}.{part}", ask.key));
    let page = FormPage {
        title: words("title"),
        lead: words("lead"),
        button: words("button"),
        back: ask.back.0,
        back_words: ask.back.1,
        action: ask.action,
        fields: ask.fields,
        file: ask.file,
        listed: ask.listed,
        saves: ask.saves,
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    };
    (status, Page(page)).into_response()
}
