//! Who has asked about a thing: the auditor's page.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use web::{Ctx, ErrorSummary, Field, FieldError, Markup, Page, Problem};

use super::words;
use crate::service::{self, Asked};

/// One act of somebody.
struct Row {
    at: Markup,
    who: String,
    what: String,
    why: String,
    report: String,
}

/// What an institution was told.
struct Told {
    who: String,
    what: String,
    first: Markup,
    last: Markup,
}

struct Answer {
    what: String,
    kind: String,
    rows: Vec<Row>,
    cut: bool,
    told: Vec<Told>,
}

#[derive(Template)]
#[template(path = "registry_asked.html")]
struct Show {
    ctx: Ctx,
    title: String,
    field: Field,
    answers: Vec<Answer>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AskedForm {
    value: String,
}

/// Who did something, in words: a person of the office by name, an institution by its own.
fn who(ctx: &Ctx, partners: &[partner::Partner], asked: &Asked, label: &str) -> String {
    if let Some(name) = asked.names.get(label) {
        return name.clone();
    }
    match label.split(':').collect::<Vec<_>>().as_slice() {
        ["partner", code, ..] => institution(ctx, partners, code),
        ["citizen" | "public"] => ctx.t("registry-actor-citizen"),
        ["staff", ..] => ctx.t("registry-actor-staff"),
        _ => ctx.t("registry-actor-system"),
    }
}

fn institution(ctx: &Ctx, partners: &[partner::Partner], code: &str) -> String {
    let known = partners.iter().find(|p| p.code == code);
    known.map_or_else(|| code.to_owned(), |p| p.name(ctx.lang()).to_owned())
}

fn answer(ctx: &Ctx, partners: &[partner::Partner], asked: &Asked) -> Answer {
    let row = |act: &audit::RecordView| {
        Some(Row {
            at: ctx.time(act.record.office_at),
            who: who(ctx, partners, asked, &act.record.actor),
            what: words::act(ctx, &act.record.act)?,
            why: act.record.purpose.as_deref().map(|p| words::purpose(ctx, p)).unwrap_or_default(),
            report: service::report_of(act)
                .and_then(|id| asked.reports.get(&id).cloned())
                .unwrap_or_default(),
        })
    };
    Answer {
        what: asked.masked.clone(),
        kind: words::kind(ctx, asked.seen.kind),
        rows: asked.acts.iter().filter_map(row).collect(),
        cut: asked.acts.len() >= usize::try_from(audit::MAX_VIEW).unwrap_or(usize::MAX),
        told: asked
            .told
            .iter()
            .map(|t| Told {
                who: institution(ctx, partners, &t.partner),
                what: words::class(ctx, t.class),
                first: ctx.time(t.first),
                last: ctx.time(t.last),
            })
            .collect(),
    }
}

async fn page(
    ctx: &Ctx,
    app: &App,
    (value, found): (&str, &[Asked]),
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let partners = partner::service::all(app).await.map_err(|e| Problem::of(&e))?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Show {
        title: ctx.t("registry-audit"),
        field: Field::text(ctx, "value", "registry-value").value(value).autocomplete("off").errors(&errors),
        answers: found.iter().map(|asked| answer(ctx, &partners, asked)).collect(),
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    };
    Ok((status, Page(page)).into_response())
}

/// `GET /desk/registry/asked`.
pub(crate) async fn show(Staff(actor): Staff, ctx: Ctx, State(app): State<App>) -> Result<Response, Problem> {
    service::may_audit(&actor).map_err(|e| Problem::of(&e))?;
    page(&ctx, &app, ("", &[]), Vec::new()).await
}

/// `POST /desk/registry/asked`: the value stands in no address.
pub(crate) async fn find(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Form(form): Form<AskedForm>,
) -> Result<Response, Problem> {
    match service::who_asked(&app, &actor, &form.value).await {
        Ok(found) => page(&ctx, &app, (&form.value, &found), Vec::new()).await,
        Err(error) => match words::field_error(&ctx, &error) {
            Some(wrong) => page(&ctx, &app, (&form.value, &[]), vec![wrong]).await,
            None => Err(Problem::of(&error)),
        },
    }
}
