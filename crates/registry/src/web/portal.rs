//! The check at the portal: one box, and what is known of whatever is put into it. The question goes in the body of the
//! request alone, and nothing of it is kept.

use app::App;
use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use web::{Ctx, ErrorSummary, Field, FieldError, Page, Problem, Tone};

use super::words;
use crate::rules::PublicAnswer;
use crate::service::{self, Shown};

/// What is told of one thing.
struct Row {
    kind: String,
    value: String,
    tone: Tone,
    icon: &'static str,
    title: String,
    text: String,
}

#[derive(Template)]
#[template(path = "registry_check.html")]
struct Check {
    ctx: Ctx,
    title: String,
    field: Field,
    rows: Vec<Row>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CheckForm {
    value: String,
}

fn row(ctx: &Ctx, shown: &Shown) -> Row {
    let (key, tone, icon) = match shown.answer {
        PublicAnswer::Reported(..) => ("reported", Tone::Amber, "info"),
        PublicAnswer::Warned(..) => ("warned", Tone::Amber, "warning"),
        PublicAnswer::Verified => ("verified", Tone::Blue, "info"),
        PublicAnswer::LooksLike => ("looks-like", Tone::Amber, "warning"),
        PublicAnswer::Nothing => ("nothing", Tone::Grey, "search"),
    };
    let like = [("domain", shown.like.as_deref().unwrap_or_default())];
    let title = match shown.answer {
        PublicAnswer::LooksLike => ctx.ta("registry-check-looks-like.title", like),
        _ => ctx.t(&format!("registry-check-{key}.title")),
    };
    let text = match shown.answer {
        PublicAnswer::Reported(band, last) => ctx.ta(
            "registry-check-reported.text",
            [("band", ctx.t(&format!("registry-band-{}", band.as_str()))), ("age", words::age(ctx, last))],
        ),
        PublicAnswer::Warned(_, last) => {
            ctx.ta("registry-check-warned.text", [("age", words::age(ctx, last))])
        }
        PublicAnswer::LooksLike => ctx.ta("registry-check-looks-like.text", like),
        _ => ctx.t(&format!("registry-check-{key}.text")),
    };
    let value = match shown.kind {
        Some(identifier::Kind::Phone) => web::phone(&shown.value),
        Some(identifier::Kind::Iban) => web::grouped(&shown.value, 4),
        Some(identifier::Kind::Card) => identifier::mask(identifier::Kind::Card, &shown.value),
        _ => shown.value.clone(),
    };
    Row {
        kind: shown.kind.map_or_else(|| ctx.t("registry-short-line"), |k| words::kind(ctx, k)),
        value,
        tone,
        icon,
        title,
        text,
    }
}

fn page(ctx: Ctx, typed: &str, found: &[Shown], errors: Vec<FieldError>) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Check {
        title: ctx.t("registry-check.title"),
        field: Field::area(&ctx, "value", "registry-check-value", 2).value(typed).errors(&errors),
        rows: found.iter().map(|s| row(&ctx, s)).collect(),
        summary: ErrorSummary::new(&ctx, &errors),
        errors,
        ctx,
    };
    // What somebody has asked about is nobody else's business at a shared machine.
    (status, [(CACHE_CONTROL, "no-store")], Page(page)).into_response()
}

/// `GET /check`.
pub(crate) async fn show(ctx: Ctx) -> Response {
    page(ctx, "", &[], Vec::new())
}

/// `POST /check`.
pub(crate) async fn submit(
    ctx: Ctx,
    State(app): State<App>,
    Form(form): Form<CheckForm>,
) -> Result<Response, Problem> {
    match service::check_public(&app, &form.value).await {
        Ok(found) => Ok(page(ctx, &form.value, &found, Vec::new())),
        Err(error) => match words::field_error(&ctx, &error) {
            Some(wrong) => Ok(page(ctx, &form.value, &[], vec![wrong])),
            None => Err(Problem::of(&error)),
        },
    }
}
