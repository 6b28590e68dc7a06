//! The list of cases: by stage, one's own, late; lists that people keep; what was referred to one's unit; one's tasks.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Purpose};
use serde::Deserialize;
use uuid::Uuid;
use web::{
    Chip, Ctx, Empty, Field, FieldError, FilterBar, Markup, Page, Problem, SeeOther, Sort, Status, Toast,
    encode,
};

use super::{page_of, words};
use crate::error::CaseError;
use crate::model::NEVER;
use crate::rules::filter::Order;
use crate::service::{self, Titled};

/// Rows of one page; each "more" shows as many more.
const ROWS: i64 = 50;

pub(super) struct Row {
    href: String,
    number: String,
    title: String,
    stage: String,
    state: Option<Status>,
    priority: Option<Status>,
    lead: String,
    due: Option<Markup>,
    changed: Markup,
}

struct Kept {
    href: String,
    name: String,
    count: String,
    drop: Option<String>,
}

struct ToDo {
    href: String,
    number: String,
    title: String,
    due: Option<Markup>,
}

#[derive(Template)]
#[template(path = "case_list.html")]
struct List {
    ctx: Ctx,
    may_open: bool,
    coming: Vec<(String, String)>,
    to_do: Vec<ToDo>,
    stages: Vec<(String, String, String, bool)>,
    views: Vec<Kept>,
    filter: FilterBar,
    filter_text: String,
    sort_text: String,
    heads: [Markup; 4],
    rows: Vec<Row>,
    more: Option<String>,
    left_out: i64,
    empty: Option<Empty>,
    find: Field,
    found: Option<Vec<Row>>,
    name: Field,
    errors: Vec<FieldError>,
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct ListQuery {
    q: String,
    sort: String,
    page: String,
}

pub(super) fn row(ctx: &Ctx, app: &App, t: &Titled) -> Row {
    let c = &t.case;
    let title = t.title.as_ref().map(|w| w.open(Purpose::Investigate).clone()).unwrap_or_default();
    Row {
        href: page_of(&c.number),
        number: c.number.clone(),
        title,
        stage: words::stage(ctx, app, &c.stage),
        state: words::state_tag(ctx, c),
        priority: words::priority(ctx, c.priority),
        lead: if t.lead.is_empty() { ctx.t("case-nobody") } else { t.lead.clone() },
        due: (c.next_due_at != NEVER).then(|| words::clock(ctx, c.next_due_at, c.stage_since)).flatten(),
        changed: ctx.time(c.changed_at),
    }
}

/// `GET /desk/cases`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let wanted = service::wanted(&app, &query.q);
    if let Some(number) = &wanted.number {
        return Ok(SeeOther::to(page_of(number)).into_response());
    }
    page(&ctx, &app, &actor, (&query, None), Vec::new()).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct FindForm {
    words: String,
}

/// `POST /desk/cases`: by words of titles, which stand in no address.
pub(crate) async fn find(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Form(form): Form<FindForm>,
) -> Result<Response, Problem> {
    if let Some(number) = crate::rules::filter::number(&form.words) {
        return Ok(SeeOther::to(page_of(&number)).into_response());
    }
    let found = service::find(&app, &actor, &form.words).await?;
    page(&ctx, &app, &actor, (&ListQuery::default(), Some((form.words, found))), Vec::new()).await
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    (query, found): (&ListQuery, Option<(String, Vec<Titled>)>),
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let sort = Sort::read(Some(&query.sort), &["due", "opened", "changed", "priority"], "-changed");
    let order = match sort.column.as_str() {
        "due" => Order::Due,
        "opened" => Order::Opened,
        "priority" => Order::Priority,
        _ => Order::Changed,
    };
    let wanted = service::wanted(app, &query.q);
    let pages = query.page.parse::<i64>().unwrap_or(1).clamp(1, 10);
    let listed = service::list(app, actor, (wanted.clone(), order, ROWS.saturating_mul(pages))).await?;
    let shown = i64::try_from(listed.rows.len()).unwrap_or(0);
    let left_out = listed.count.saturating_sub(shown);
    let empty = listed.rows.is_empty().then(|| {
        if query.q.is_empty() {
            Empty::new(ctx, "case-empty").action("/desk/cases/new", &ctx.t("case-new.title"))
        } else {
            Empty::new(ctx, "empty-filter").action("/desk/cases", &ctx.t("filter-clear"))
        }
    });
    let chips = [
        ("case-chip-mine", "is:mine"),
        ("case-chip-late", "is:late"),
        ("case-chip-urgent", "is:urgent"),
        ("case-chip-over", "is:over"),
    ]
    .map(|(key, filter)| Chip { key, filter: filter.to_owned() });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let typed = found.as_ref().map(|(words, _)| words.clone()).unwrap_or_default();
    let shown_page = List {
        may_open: access::allowed(
            actor,
            access::Action::OpenCase,
            &access::Resource::any(access::Kind::Case),
        ),
        coming: coming(app, actor).await?,
        to_do: to_do(ctx, app, actor).await?,
        stages: stages(ctx, app, &listed.stages, &wanted.stage),
        views: views(ctx, app, actor).await?,
        filter: FilterBar::new(ctx, &query.q, &chips, listed.count),
        filter_text: query.q.clone(),
        sort_text: query.sort.clone(),
        heads: [
            sort.head(ctx, "opened", "case-col-number"),
            sort.head(ctx, "priority", "case-col-title"),
            sort.head(ctx, "due", "case-col-due"),
            sort.head(ctx, "changed", "case-col-changed"),
        ],
        rows: listed.rows.iter().map(|t| row(ctx, app, t)).collect(),
        more: (left_out > 0 && pages < 10)
            .then(|| ctx.path_with(&[("page", &pages.saturating_add(1).to_string())])),
        left_out,
        empty,
        find: Field::text(ctx, "words", "case-find").value(typed).width(20).autocomplete("off"),
        found: found.map(|(_, all)| all.iter().map(|t| row(ctx, app, t)).collect()),
        name: Field::text(ctx, "name", "case-f-view").width(20).errors(&errors),
        errors,
        ctx: ctx.clone(),
    };
    Ok((status, Page(shown_page)).into_response())
}

/// Open cases by stage, each a filter.
fn stages(ctx: &Ctx, app: &App, counts: &[(String, i64)], on: &str) -> Vec<(String, String, String, bool)> {
    let open = app.profile.cases().stages.iter().filter(|s| !s.end);
    open.map(|s| {
        let n = counts.iter().find(|(code, _)| *code == s.code).map_or(0, |(_, n)| *n);
        let href =
            if s.code == on { "/desk/cases".to_owned() } else { format!("/desk/cases?q=stage%3A{}", s.code) };
        (href, s.name.get(ctx.lang()).to_owned(), ctx.number(n), s.code == on)
    })
    .collect()
}

async fn coming(app: &App, actor: &Actor) -> Result<Vec<(String, String)>, Problem> {
    let all = service::coming(app, actor).await?;
    Ok(all.into_iter().map(|c| (page_of(&c.number), c.number)).collect())
}

async fn to_do(ctx: &Ctx, app: &App, actor: &Actor) -> Result<Vec<ToDo>, Problem> {
    let all = service::to_do(app, actor).await?;
    Ok(all
        .into_iter()
        .take(5)
        .map(|(task, title, case)| ToDo {
            href: format!("{}#tasks", page_of(&case.number)),
            number: case.number,
            title: words::task(ctx, app, &title),
            due: words::clock(ctx, task.due_at, task.written.at),
        })
        .collect())
}

async fn views(ctx: &Ctx, app: &App, actor: &Actor) -> Result<Vec<Kept>, Problem> {
    let mut all = Vec::new();
    for (view, name) in service::offered(app, actor).await? {
        let own = view.owner == actor.label();
        all.push(Kept {
            href: format!("/desk/cases?q={}&sort={}", encode(&view.filter), encode(&view.sort)),
            name,
            count: if view.shared { ctx.t("case-view-shared") } else { String::new() },
            drop: own.then(|| format!("/desk/cases/views/{}/drop", view.id)),
        });
    }
    Ok(all)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ViewForm {
    name: String,
    q: String,
    sort: String,
    shared: String,
}

/// `POST /desk/cases/views`: keeps the list that is shown.
pub(crate) async fn keep(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Form(form): Form<ViewForm>,
) -> Result<Response, Problem> {
    let kept =
        service::keep_view(&app, &actor, (&form.name, &form.q, &form.sort, !form.shared.is_empty())).await;
    match kept {
        Ok(()) => {
            let back = format!("/desk/cases?q={}&sort={}", encode(&form.q), encode(&form.sort));
            Ok(SeeOther::to(back).with_toast(Toast::new("case-toast-view")).into_response())
        }
        Err(CaseError::Field(_)) => {
            let wrong = FieldError::new(&ctx, "name", "case-f-view.wrong");
            let query = ListQuery { q: form.q, sort: form.sort, ..ListQuery::default() };
            page(&ctx, &app, &actor, (&query, None), vec![wrong]).await
        }
        Err(e) => Err(e.into()),
    }
}

/// `POST /desk/cases/views/{id}/drop`.
pub(crate) async fn throw_away(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<SeeOther, Problem> {
    let id = Uuid::parse_str(&id).map_err(|_| Problem::not_found())?;
    service::throw_away(&app, &actor, id).await?;
    Ok(SeeOther::to("/desk/cases").with_toast(Toast::new("case-toast-view-gone")))
}
