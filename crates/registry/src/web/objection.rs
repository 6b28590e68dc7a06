//! Objections at the desk: listed, opened, answered, each with its clock.

use access::{Staff, SteppedUp};
use app::App;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::Purpose;
use serde::Deserialize;
use web::{
    ClockState, Ctx, Empty, ErrorSummary, Field, FieldError, Markup, Page, Problem, SeeOther,
    Status as Shown, Toast, Tone,
};

use super::words;
use crate::error::RegistryError;
use crate::model::{Objection, ObjectionId, ObjectionStatus, ObjectionTold};
use crate::service::objecting;

pub(super) fn status(ctx: &Ctx, status: ObjectionStatus) -> Shown {
    let tone = match status {
        ObjectionStatus::Filed => Tone::Amber,
        ObjectionStatus::Accepted => Tone::Blue,
        ObjectionStatus::Upheld => Tone::Green,
        ObjectionStatus::Rejected | ObjectionStatus::Closed => Tone::Grey,
    };
    Shown::new(ctx, &format!("registry-objection-status-{}", status.as_str()), tone)
}

struct Row {
    href: String,
    number: String,
    clock: Markup,
    status: Shown,
    what: String,
    kind: String,
}

#[derive(Template)]
#[template(path = "registry_objections.html")]
struct Objections {
    ctx: Ctx,
    title: String,
    chips: Vec<(String, String, bool)>,
    number: Field,
    count: String,
    rows: Vec<Row>,
    /// Where the next of them are.
    more: Option<String>,
    empty: Option<Empty>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ListQuery {
    status: String,
    after: String,
    number: String,
}

fn clock(ctx: &Ctx, o: &Objection) -> Markup {
    let since = o.filed_at;
    let state = o.decided_at.map_or(ClockState::Running { since }, |at| ClockState::Done { since, at });
    ctx.clock(o.due_at, ctx.now(), &state)
}

/// `GET /desk/registry/objections`.
pub(crate) async fn index(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let wanted = ObjectionStatus::parse(&query.status);
    let mut errors = Vec::new();
    if !query.number.trim().is_empty() {
        match objecting::by_number(&app, &actor, &query.number).await.map_err(|e| Problem::of(&e))? {
            Some(id) => return Ok(SeeOther::to(format!("/desk/registry/objections/{id}")).into_response()),
            None => errors.push(FieldError::new(&ctx, "number", "registry-objection-number.missing")),
        }
    }
    let all = objecting::list(&app, &actor, wanted, query.after.parse().ok()).await;
    let all = all.map_err(|e| Problem::of(&e))?;
    let rows: Vec<Row> = all
        .rows
        .iter()
        .map(|o| Row {
            href: format!("/desk/registry/objections/{}", o.id),
            number: o.number.clone(),
            clock: clock(&ctx, o),
            status: status(&ctx, o.status),
            what: o.masked.clone(),
            kind: words::kind(&ctx, o.kind),
        })
        .collect();
    let chip = |s: Option<ObjectionStatus>| {
        let word = s.map(ObjectionStatus::as_str);
        let key = word.map_or_else(
            || "registry-objections-waiting".to_owned(),
            |w| format!("registry-objection-status-{w}"),
        );
        let here = "/desk/registry/objections";
        (word.map_or_else(|| here.to_owned(), |w| format!("{here}?status={w}")), ctx.t(&key), s == wanted)
    };
    let here = "/desk/registry/objections";
    let page = Objections {
        title: ctx.t("registry-objections"),
        number: Field::text(&ctx, "number", "registry-objection-number")
            .value(query.number.clone())
            .autocomplete("off")
            .width(20)
            .errors(&errors),
        count: ctx.number(all.count),
        more: all.next.map(|id| {
            let status = wanted.map(|s| format!("status={}&", s.as_str())).unwrap_or_default();
            format!("{here}?{status}after={id}")
        }),
        chips: std::iter::once(None)
            .chain(ObjectionStatus::ALL.iter().copied().map(Some))
            .map(chip)
            .collect(),
        empty: rows.is_empty().then(|| Empty::new(&ctx, "registry-objections-empty")),
        rows,
        ctx,
    };
    Ok(Page(page).into_response())
}

#[derive(Template)]
#[template(path = "registry_objection.html")]
struct Show {
    ctx: Ctx,
    title: String,
    here: String,
    status: Shown,
    clock: Markup,
    what: String,
    kind: String,
    told: Option<ObjectionTold>,
    /// The entry, and where it stands.
    entry: Option<(String, Shown)>,
    answer: Option<String>,
    /// Whether nobody has decided yet: then the words are those of how it was made sure of.
    waits: bool,
    /// Earlier objections about the same thing.
    earlier: Vec<(String, String, Shown)>,
    may_accept: bool,
    may_close: bool,
    accept: Field,
    close: Field,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReasonForm {
    reason: String,
    accept_reason: String,
    close_reason: String,
}

impl ReasonForm {
    /// What was typed: several forms stand on the page, each with a field of its own name.
    fn reason(&self) -> &str {
        let all = [&self.reason, &self.accept_reason, &self.close_reason];
        all.into_iter().find(|typed| !typed.is_empty()).map_or("", String::as_str)
    }
}

fn parse(id: &str) -> Result<ObjectionId, Problem> {
    id.parse().map_err(|_| Problem::of(&RegistryError::NotFound))
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &kernel::Actor,
    id: ObjectionId,
    (act, typed, errors): (&str, &str, Vec<FieldError>),
) -> Result<Response, Problem> {
    let m = objecting::open(app, actor, id).await.map_err(|e| Problem::of(&e))?;
    let of = |name: &str| {
        let mine = act == name;
        Field::area(ctx, &format!("{name}_reason"), &format!("registry-objection-{name}"), 3)
            .value(if mine { typed } else { "" })
            .errors(if mine { errors.as_slice() } else { &[] })
    };
    let code = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Show {
        title: ctx.ta("registry-objection-title", [("number", m.objection.number.as_str())]),
        here: format!("/desk/registry/objections/{id}"),
        status: status(ctx, m.objection.status),
        clock: clock(ctx, &m.objection),
        what: m.objection.masked.clone(),
        kind: words::kind(ctx, m.objection.kind),
        told: m.told.map(|t| t.into_inner(Purpose::HandleReport)),
        entry: m.entry.map(|(e, s)| (format!("/desk/registry/{}", e.id), words::status(ctx, s))),
        waits: m.objection.status.waits(),
        answer: m.answer,
        earlier: m
            .earlier
            .iter()
            .map(|o| (format!("/desk/registry/objections/{}", o.id), o.number.clone(), status(ctx, o.status)))
            .collect(),
        may_accept: m.may_accept,
        may_close: m.may_close,
        accept: of("accept"),
        close: of("close"),
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    };
    Ok((code, Page(page)).into_response())
}

/// `GET /desk/registry/objections/{id}`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    page(&ctx, &app, &actor, parse(&id)?, ("", "", Vec::new())).await
}

async fn done(
    (ctx, app, actor): (&Ctx, &App, &kernel::Actor),
    id: ObjectionId,
    (act, reason): (&str, &str),
    outcome: Result<Objection, RegistryError>,
) -> Result<Response, Problem> {
    match outcome {
        Ok(_) => {
            let toast = Toast::new(&format!("registry-toast-objection-{act}"));
            Ok(SeeOther::to(format!("/desk/registry/objections/{id}")).with_toast(toast).into_response())
        }
        Err(error) => match words::field_error(ctx, &error) {
            Some(wrong) => {
                let wrong = FieldError { field: format!("{act}_reason"), ..wrong };
                page(ctx, app, actor, id, (act, reason, vec![wrong])).await
            }
            None => Err(Problem::of(&error)),
        },
    }
}

/// `POST /desk/registry/objections/{id}/accept`.
pub(crate) async fn accept(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
    Form(form): Form<ReasonForm>,
) -> Result<Response, Problem> {
    let id = parse(&id)?;
    let outcome = objecting::accept(&app, &actor, id, form.reason()).await;
    done((&ctx, &app, &actor), id, ("accept", form.reason()), outcome).await
}

/// `POST /desk/registry/objections/{id}/close`, with a fresh one-time code.
pub(crate) async fn close(
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
    Form(form): Form<ReasonForm>,
) -> Result<Response, Problem> {
    let id = parse(&id)?;
    let outcome = objecting::close(&app, &actor, id, form.reason()).await;
    done((&ctx, &app, &actor), id, ("close", form.reason()), outcome).await
}
