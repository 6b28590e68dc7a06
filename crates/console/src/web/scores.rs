//! How institutions answer: open to everybody, in figures that name no person and no matter.

use ::order::score::{Score, median_of};
use ::order::service;
use app::App;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use tokio::sync::Semaphore;
use trail::web::Names;
use web::{Ctx, Empty, Page, Problem, Sort};

#[derive(Template)]
#[template(path = "console_scores.html")]
struct Show {
    ctx: Ctx,
    sort: Sort,
    rows: Vec<Row>,
    all: Option<Row>,
    empty: Option<Empty>,
}

struct Row {
    name: String,
    orders: String,
    receipt: String,
    answer: String,
    late: String,
    refused: String,
    silent: String,
}

/// Readers who count at once: many thousand orders are read for a page that anybody may ask for, and those who work must
/// not wait for them.
static COUNTING: Semaphore = Semaphore::const_new(2);

async fn counted(app: &App) -> Result<Vec<Score>, Problem> {
    // Nobody ever closes it: without a turn there is nothing to wait for.
    let _turn = COUNTING.acquire().await;
    Ok(service::scores(app).await?)
}

const COLUMNS: [&str; 7] = ["answer", "name", "orders", "receipt", "late", "refused", "silent"];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    sort: Option<String>,
}

/// A time in words; a dash where there is none.
fn time(ctx: &Ctx, micros: Option<i64>) -> String {
    micros.map_or_else(|| "–".to_owned(), |m| ctx.duration(m))
}

fn row(ctx: &Ctx, names: &Names, s: &Score) -> Row {
    Row {
        name: names.name(ctx, &s.code),
        orders: ctx.number(s.orders),
        receipt: time(ctx, s.receipt),
        answer: time(ctx, s.answer),
        late: ctx.percent(s.late),
        refused: ctx.percent(s.refused),
        silent: ctx.percent(s.silent),
    }
}

/// One's own time to answer beside that of all, for whoever works at the console.
pub(super) async fn own(app: &App, ctx: &Ctx, code: &str) -> Result<Option<String>, Problem> {
    let all = counted(app).await?;
    let Some(mine) = all.iter().find(|s| s.code == code).and_then(|s| s.answer) else { return Ok(None) };
    let everybody = median_of(&all, |s| s.answer);
    Ok(Some(ctx.ta("console-score-own", [("own", ctx.duration(mine)), ("all", time(ctx, everybody))])))
}

/// `GET /institutions`.
pub(super) async fn show(
    State(app): State<App>,
    ctx: Ctx,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let mut all = counted(&app).await?;
    let names = Names::load(&app).await;
    let sort = Sort::read(asked.sort.as_deref(), &COLUMNS, "answer");
    let never = i64::MAX;
    match sort.column.as_str() {
        "name" => all.sort_by_cached_key(|s| names.name(&ctx, &s.code)),
        "orders" => all.sort_by_key(|s| s.orders),
        "receipt" => all.sort_by_key(|s| s.receipt.unwrap_or(never)),
        "late" => all.sort_by_key(|s| s.late),
        "refused" => all.sort_by_key(|s| s.refused),
        "silent" => all.sort_by_key(|s| s.silent),
        _ => all.sort_by_key(|s| s.answer.unwrap_or(never)),
    }
    if sort.descending {
        all.reverse();
    }
    let together = Row {
        name: ctx.t("console-score-all"),
        orders: ctx.number(all.iter().map(|s| s.orders).sum()),
        receipt: time(&ctx, median_of(&all, |s| s.receipt)),
        answer: time(&ctx, median_of(&all, |s| s.answer)),
        late: ctx.percent(median_of(&all, |s| Some(s.late)).unwrap_or(0)),
        refused: ctx.percent(median_of(&all, |s| Some(s.refused)).unwrap_or(0)),
        silent: ctx.percent(median_of(&all, |s| Some(s.silent)).unwrap_or(0)),
    };
    let page = Show {
        rows: all.iter().map(|s| row(&ctx, &names, s)).collect(),
        all: (all.len() > 1).then_some(together),
        empty: all.is_empty().then(|| Empty::new(&ctx, "console-score-empty")),
        sort,
        ctx,
    };
    Ok(Page(page).into_response())
}
