//! Lists that others keep, at the desk: brought with a file, looked over line by line, taken in, taken back.

use access::{Staff, SteppedUp};
use app::App;
use askama::Template;
use axum::extract::multipart::Multipart;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Coded as _};
use serde::Deserialize;
use web::{
    Brought, Choice, Ctx, Empty, ErrorSummary, Field, FieldError, Markup, NotBrought, Page, Problem,
    SeeOther, Status as Shown, Toast, Tone,
};

use super::words;
use crate::error::RegistryError;
use crate::model::{Batch, BatchId, BatchStatus, What};
use crate::rules::batch::{BatchFault, MAX_BYTES};
use crate::service::batch::{self, NewBatch};

/// What a browser may offer to choose.
const ACCEPTED: &str = ".csv,.txt,.xlsx,.json,text/csv,application/json";

/// A list among those that were brought last.
struct Row {
    href: String,
    name: String,
    what: String,
    status: Shown,
    good: String,
    at: Markup,
}

#[derive(Template)]
#[template(path = "registry_lists.html")]
struct Lists {
    ctx: Ctx,
    title: String,
    fields: Vec<Field>,
    rows: Vec<Row>,
    empty: Option<Empty>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

#[derive(Template)]
#[template(path = "registry_batch.html")]
struct Show {
    ctx: Ctx,
    title: String,
    here: String,
    status: Shown,
    what: String,
    text: String,
    partner: Option<String>,
    at: Markup,
    started: Option<Markup>,
    ended: Option<Markup>,
    good: String,
    twice: String,
    faulty: String,
    known: String,
    /// Whether the lines may be looked at still.
    waits: bool,
    faults: Vec<(String, String)>,
    /// How many faults are not shown.
    more: Option<String>,
    done: i64,
    all: i64,
    working: bool,
    progress: String,
    may_start: bool,
    /// Somebody else must sign, and the reader may not.
    second: bool,
    /// Whether taking it in is a signature, which asks for a fresh code.
    signed: bool,
    may_undo: bool,
    applied: bool,
}

/// What was typed into the form.
#[derive(Debug, Default)]
struct Typed {
    what: String,
    name: String,
    partner: String,
    bytes: Vec<u8>,
}

fn what(ctx: &Ctx, what: What) -> String {
    ctx.t(&format!("registry-what-{}", what.as_str()))
}

fn status(ctx: &Ctx, status: BatchStatus) -> Shown {
    let tone = match status {
        BatchStatus::Read => Tone::Amber,
        BatchStatus::Running | BatchStatus::Settling | BatchStatus::Undoing => Tone::Blue,
        BatchStatus::Applied => Tone::Green,
        BatchStatus::Undone => Tone::Grey,
    };
    Shown::new(ctx, &format!("registry-batch-status-{}", status.as_str()), tone)
}

async fn lists(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    (typed, errors): (&Typed, Vec<FieldError>),
) -> Result<Response, Problem> {
    let all = batch::all(app, actor).await.map_err(|e| Problem::of(&e))?;
    let partners = partner::service::all(app).await.map_err(|e| Problem::of(&e))?;
    let choices = What::ALL.iter().map(|w| {
        Choice::new(w.as_str(), what(ctx, *w)).hint(ctx.t(&format!("registry-what-{}.hint", w.as_str())))
    });
    let of = |p: &partner::Partner| Choice::new(&p.code, p.name(ctx.lang()));
    let keepers =
        std::iter::once(Choice::new("", ctx.t("registry-batch-partner.none"))).chain(partners.iter().map(of));
    let fields = vec![
        Field::radios(ctx, "what", "registry-batch-what", choices.collect())
            .value(typed.what.clone())
            .errors(&errors),
        Field::select(ctx, "partner", "registry-batch-partner", keepers.collect())
            .value(typed.partner.clone())
            .errors(&errors),
        Field::text(ctx, "name", "registry-batch-name").value(typed.name.clone()).errors(&errors),
        Field::file(ctx, "table", "registry-batch-file", ACCEPTED, false).errors(&errors),
    ];
    let rows: Vec<Row> = all
        .iter()
        .map(|b| Row {
            href: format!("/desk/registry/lists/{}", b.id),
            name: b.name.clone(),
            what: what(ctx, b.what),
            status: status(ctx, b.status),
            good: ctx.number(b.good),
            at: ctx.time(b.header.created_at),
        })
        .collect();
    let code = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Lists {
        title: ctx.t("registry-lists"),
        fields,
        empty: rows.is_empty().then(|| Empty::new(ctx, "registry-lists-empty")),
        rows,
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    };
    Ok((code, Page(page)).into_response())
}

/// `GET /desk/registry/lists`.
pub(crate) async fn index(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
) -> Result<Response, Problem> {
    lists(
        &ctx,
        &app,
        &actor,
        (&Typed { what: What::Harmful.as_str().to_owned(), ..Typed::default() }, Vec::new()),
    )
    .await
}

/// The form; a file that is too large is a fault of its own.
async fn typed(form: Multipart) -> Result<Typed, BatchFault> {
    let brought = Brought::read(form, "table", MAX_BYTES).await.map_err(|fault| match fault {
        NotBrought::Broken => BatchFault::Format,
        NotBrought::TooLarge => BatchFault::TooLarge,
    })?;
    Ok(Typed {
        what: brought.typed("what"),
        name: brought.typed("name"),
        partner: brought.typed("partner"),
        bytes: brought.file,
    })
}

/// `POST /desk/registry/lists`: reads and judges; nothing is changed.
pub(crate) async fn bring(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    form: Multipart,
) -> Result<Response, Problem> {
    let wrong =
        |field, error: &RegistryError| vec![FieldError::new(&ctx, field, &Problem::key(error.code()))];
    let typed = match typed(form).await {
        Ok(typed) => typed,
        Err(fault) => {
            let errors = wrong("table", &RegistryError::Batch(fault));
            return lists(&ctx, &app, &actor, (&Typed::default(), errors)).await;
        }
    };
    let Some(what) = What::parse(&typed.what) else {
        let errors = vec![FieldError::new(&ctx, "what", "registry-batch-what.missing")];
        return lists(&ctx, &app, &actor, (&typed, errors)).await;
    };
    let (name, partner, bytes) = (typed.name.clone(), typed.partner.clone(), typed.bytes.clone());
    match batch::bring(&app, &actor, NewBatch { what, name, partner, bytes }).await {
        Ok(b) => Ok(SeeOther::to(format!("/desk/registry/lists/{}", b.id)).into_response()),
        Err(error @ RegistryError::Batch(_)) => {
            lists(&ctx, &app, &actor, (&typed, wrong("table", &error))).await
        }
        Err(error @ RegistryError::BatchName) => {
            lists(&ctx, &app, &actor, (&typed, wrong("name", &error))).await
        }
        Err(error) => Err(Problem::of(&error)),
    }
}

fn parse(id: &str) -> Result<BatchId, Problem> {
    id.parse().map_err(|_| Problem::of(&RegistryError::NotFound))
}

/// `GET /desk/registry/lists/{id}`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let m = batch::open(&app, &actor, parse(&id)?).await.map_err(|e| Problem::of(&e))?;
    let partners = partner::service::all(&app).await.map_err(|e| Problem::of(&e))?;
    let b: &Batch = &m.batch;
    let partner = b.partner.as_ref().map(|code| {
        let known = partners.iter().find(|p| p.code == *code);
        known.map_or_else(|| code.clone(), |p| p.name(ctx.lang()).to_owned())
    });
    let faults: Vec<(String, String)> = b
        .faults
        .iter()
        .map(|(no, code)| (ctx.number(i64::try_from(*no).unwrap_or(i64::MAX)), ctx.t(&Problem::key(code))))
        .collect();
    let hidden = b.faulty.saturating_sub(i64::try_from(faults.len()).unwrap_or(0));
    let (done, all) = (b.done.min(b.good), b.good);
    let page = Show {
        title: b.name.clone(),
        here: format!("/desk/registry/lists/{id}"),
        status: status(&ctx, b.status),
        what: what(&ctx, b.what),
        text: ctx.t(&format!("registry-what-{}.hint", b.what.as_str())),
        partner,
        at: ctx.time(b.header.created_at),
        started: b.started_at.map(|at| ctx.time(at)),
        ended: b.ended_at.map(|at| ctx.time(at)),
        good: ctx.number(b.good),
        twice: ctx.number(b.twice),
        faulty: ctx.number(b.faulty),
        known: ctx.number(b.known),
        waits: b.status == BatchStatus::Read,
        faults,
        more: (hidden > 0).then(|| ctx.ta("registry-batch-more", [("n", hidden)])),
        done,
        all,
        working: b.status.is_working(),
        progress: ctx.ta("registry-batch-progress", [("done", ctx.number(done)), ("all", ctx.number(all))]),
        may_start: m.may_start,
        second: m.needs_second && !m.may_start && b.good > 0,
        signed: b.what != What::Harmful,
        may_undo: m.may_undo,
        applied: b.status == BatchStatus::Applied,
        ctx,
    };
    Ok(Page(page).into_response())
}

/// A line, for whoever signs for it.
struct LineRow {
    no: String,
    kind: String,
    value: String,
}

#[derive(Template)]
#[template(path = "registry_batch_lines.html")]
struct Lines {
    ctx: Ctx,
    title: String,
    here: String,
    rows: Vec<LineRow>,
    earlier: Option<usize>,
    later: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LinesQuery {
    page: usize,
}

/// `GET /desk/registry/lists/{id}/lines`: what is signed for, opened; that is a record.
pub(crate) async fn lines(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<LinesQuery>,
) -> Result<Response, Problem> {
    let (b, all) = batch::lines(&app, &actor, parse(&id)?, query.page).await.map_err(|e| Problem::of(&e))?;
    let rows = all.iter().map(|line| LineRow {
        no: ctx.number(i64::try_from(line.no).unwrap_or(i64::MAX)),
        kind: line.kind.map_or_else(|| ctx.t("registry-batch-network"), |k| words::kind(&ctx, k)),
        value: line.read.clone(),
    });
    let page = Lines {
        title: b.name,
        here: format!("/desk/registry/lists/{id}"),
        rows: rows.collect(),
        earlier: query.page.checked_sub(1),
        later: (all.len() == batch::LINES_PAGE).then(|| query.page.saturating_add(1)),
        ctx,
    };
    Ok(([(CACHE_CONTROL, "no-store")], Page(page)).into_response())
}

fn back(id: &str, toast: &str) -> Response {
    SeeOther::to(format!("/desk/registry/lists/{id}")).with_toast(Toast::new(toast)).into_response()
}

/// `POST /desk/registry/lists/{id}/start`: of what somebody says fraud was done with.
pub(crate) async fn start(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let no = parse(&id)?;
    let m = batch::open(&app, &actor, no).await.map_err(|e| Problem::of(&e))?;
    // What protects is signed for, with a fresh code.
    if m.batch.what != What::Harmful {
        return Err(Problem::of(&RegistryError::BatchStands));
    }
    batch::start(&app, &actor, no).await.map_err(|e| Problem::of(&e))?;
    Ok(back(&id, "registry-toast-batch-started"))
}

/// `POST /desk/registry/lists/{id}/sign`: of what is never held against anybody, with a fresh one-time code.
pub(crate) async fn sign(
    SteppedUp(actor): SteppedUp,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    batch::start(&app, &actor, parse(&id)?).await.map_err(|e| Problem::of(&e))?;
    Ok(back(&id, "registry-toast-batch-started"))
}

/// `POST /desk/registry/lists/{id}/undo`.
pub(crate) async fn undo(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    batch::undo(&app, &actor, parse(&id)?).await.map_err(|e| Problem::of(&e))?;
    Ok(back(&id, "registry-toast-batch-undone"))
}
