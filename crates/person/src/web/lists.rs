//! Lists of persons that others keep: brought with a table, looked over line by line, taken in, taken back.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Coded as _, Purpose};
use web::{
    Brought, Choice, Ctx, Empty, ErrorSummary, Field, FieldError, Markup, NotBrought, Page, Problem,
    SeeOther, Status as Shown, Toast, Tone,
};

use super::words;
use crate::error::PersonError;
use crate::model::{ListId, ListStatus, Role};
use crate::rules::list::{ListFault, MAX_BYTES};
use crate::service::{self, NewList};

struct Row {
    href: String,
    name: String,
    status: Shown,
    good: String,
    at: Markup,
}

#[derive(Template)]
#[template(path = "person_lists.html")]
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
#[template(path = "person_one_list.html")]
struct One {
    ctx: Ctx,
    title: String,
    here: String,
    status: Shown,
    origin: String,
    basis: String,
    at: Markup,
    good: String,
    faulty: String,
    done: Option<String>,
    faults: Vec<(String, String)>,
    preview: Vec<(String, String, String)>,
    may_start: bool,
    may_undo: bool,
}

/// What was typed.
#[derive(Debug, Default)]
struct Typed {
    name: String,
    origin: String,
    basis: String,
    role: String,
    bytes: Vec<u8>,
}

fn status(ctx: &Ctx, status: ListStatus) -> Shown {
    let tone = match status {
        ListStatus::Read => Tone::Amber,
        ListStatus::Running | ListStatus::Undoing => Tone::Blue,
        ListStatus::Applied => Tone::Green,
        ListStatus::Undone => Tone::Grey,
    };
    Shown::new(ctx, &format!("person-list-status-{}", status.as_str()), tone)
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    (typed, errors): (&Typed, Vec<FieldError>),
) -> Result<Response, Problem> {
    service::may_judge(app, actor).map_err(|e| Problem::of(&e))?;
    let all = service::lists(app, actor).await.map_err(|e| Problem::of(&e))?;
    let text = |name: &str, value: &str| {
        Field::text(ctx, name, &format!("person-list-{name}"))
            .value(value)
            .autocomplete("off")
            .errors(&errors)
    };
    let roles = Role::ALL.iter().map(|role| Choice::new(role.as_str(), words::role(ctx, *role)));
    let fields = vec![
        text("name", &typed.name),
        text("origin", &typed.origin),
        text("basis", &typed.basis),
        Field::select(ctx, "role", "person-list-role", roles.collect())
            .value(typed.role.clone())
            .errors(&errors),
        Field::file(ctx, "table", "person-list-table", ".csv,text/csv", false).errors(&errors),
    ];
    let rows: Vec<Row> = all
        .iter()
        .map(|l| Row {
            href: format!("/desk/persons/lists/{}", l.id),
            name: l.name.clone(),
            status: status(ctx, l.status),
            good: ctx.number(l.good),
            at: ctx.time(l.header.created_at),
        })
        .collect();
    let code = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Lists {
        title: ctx.t("person-lists"),
        fields,
        empty: rows.is_empty().then(|| Empty::new(ctx, "person-lists-empty")),
        rows,
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    };
    Ok((code, Page(page)).into_response())
}

/// `GET /desk/persons/lists`.
pub(crate) async fn index(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
) -> Result<Response, Problem> {
    let typed = Typed { role: Role::Witness.as_str().to_owned(), ..Typed::default() };
    page(&ctx, &app, &actor, (&typed, Vec::new())).await
}

async fn typed(form: Multipart) -> Result<Typed, ListFault> {
    let brought = Brought::read(form, "table", MAX_BYTES).await.map_err(|fault| match fault {
        NotBrought::Broken => ListFault::Format,
        NotBrought::TooLarge => ListFault::TooLarge,
    })?;
    Ok(Typed {
        name: brought.typed("name"),
        origin: brought.typed("origin"),
        basis: brought.typed("basis"),
        role: brought.typed("role"),
        bytes: brought.file,
    })
}

/// `POST /desk/persons/lists`: reads and looks over; nobody is heard of yet.
pub(crate) async fn bring(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    form: Multipart,
) -> Result<Response, Problem> {
    let wrong =
        |field: &str, error: &PersonError| vec![FieldError::new(&ctx, field, &Problem::key(error.code()))];
    let typed = match typed(form).await {
        Ok(typed) => typed,
        Err(fault) => {
            let errors = wrong("table", &PersonError::List(fault));
            return page(&ctx, &app, &actor, (&Typed::default(), errors)).await;
        }
    };
    let new = NewList {
        name: typed.name.clone(),
        origin: typed.origin.clone(),
        basis: typed.basis.clone(),
        role: Role::parse(&typed.role),
        bytes: typed.bytes.clone(),
    };
    match service::bring(&app, &actor, new).await {
        Ok(id) => Ok(SeeOther::to(format!("/desk/persons/lists/{id}")).into_response()),
        Err(error @ PersonError::List(_)) => page(&ctx, &app, &actor, (&typed, wrong("table", &error))).await,
        Err(error @ PersonError::Missing(field)) => {
            page(&ctx, &app, &actor, (&typed, wrong(field, &error))).await
        }
        Err(error) => Err(Problem::of(&error)),
    }
}

fn parse(id: &str) -> Result<ListId, Problem> {
    id.parse().map_err(|_| Problem::of(&PersonError::NotFound))
}

/// `GET /desk/persons/lists/{id}`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let m = service::open_list(&app, &actor, parse(&id)?).await.map_err(|e| Problem::of(&e))?;
    let l = &m.list;
    let (origin, basis) = m.told.as_ref().map(|t| t.open(Purpose::HandleReport).clone()).unwrap_or_default();
    let number = |no: u64| ctx.number(i64::try_from(no).unwrap_or(i64::MAX));
    let preview = m.preview.iter().map(|line| {
        let (no, who, role) = line.open(Purpose::HandleReport);
        (number(*no), who.clone(), Role::parse(role).map(|r| words::role(&ctx, r)).unwrap_or_default())
    });
    let works = matches!(l.status, ListStatus::Running | ListStatus::Undoing);
    let page = One {
        title: l.name.clone(),
        here: format!("/desk/persons/lists/{}", l.id),
        status: status(&ctx, l.status),
        origin,
        basis,
        at: ctx.time(l.header.created_at),
        good: ctx.number(l.good),
        faulty: ctx.number(l.faulty),
        done: works.then(|| {
            let (done, all) = (ctx.number(l.done.min(l.good)), ctx.number(l.good));
            ctx.ta("person-list-done", [("done", done), ("all", all)])
        }),
        faults: l
            .faults
            .iter()
            .map(|(no, fault)| (number(*no), ctx.t(&format!("person-list-fault-{fault}"))))
            .collect(),
        preview: preview.collect(),
        may_start: m.may_work && l.status == ListStatus::Read && l.good > 0,
        may_undo: m.may_work && l.status == ListStatus::Applied,
        ctx: ctx.clone(),
    };
    Ok(Page(page).into_response())
}

fn back(id: ListId, toast: &str) -> Response {
    SeeOther::to(format!("/desk/persons/lists/{id}")).with_toast(Toast::new(toast)).into_response()
}

/// `POST /desk/persons/lists/{id}/start`.
pub(crate) async fn start(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = parse(&id)?;
    service::start_list(&app, &actor, id).await.map_err(|e| Problem::of(&e))?;
    Ok(back(id, "person-toast-list-started"))
}

/// `POST /desk/persons/lists/{id}/undo`.
pub(crate) async fn undo(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = parse(&id)?;
    service::undo_list(&app, &actor, id).await.map_err(|e| Problem::of(&e))?;
    Ok(back(id, "person-toast-list-undone"))
}
