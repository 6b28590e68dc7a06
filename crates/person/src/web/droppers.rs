//! The list of droppers, with its days of review.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use web::{Ctx, Empty, Markup, Page, Problem, Status as Shown};

use super::dropper_form::{clock, knowledge, status};
use super::words;
use crate::model::DropperStatus;
use crate::service::{self, DropperNarrow, DropperPlace};

struct Row {
    href: String,
    number: String,
    status: Shown,
    knowledge: String,
    minor: Option<Shown>,
    why: String,
    review: Markup,
}

#[derive(Template)]
#[template(path = "person_droppers.html")]
struct List {
    ctx: Ctx,
    title: String,
    chips: Vec<(String, String, bool)>,
    rows: Vec<Row>,
    more: Option<String>,
    empty: Option<Empty>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ListQuery {
    status: String,
    due: String,
    after: String,
}

/// `GET /desk/persons/droppers`.
pub(crate) async fn list(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let wanted = DropperStatus::parse(&query.status);
    let due = !query.due.is_empty();
    let narrow = DropperNarrow { status: wanted, due, after: DropperPlace::parse(&query.after) };
    let all = service::droppers(&app, &actor, narrow).await.map_err(|e| Problem::of(&e))?;
    let rows: Vec<Row> = all
        .rows
        .iter()
        .map(|r| Row {
            href: format!("/desk/persons/{}", r.person),
            number: r.number.clone(),
            status: status(&ctx, r.dropper.status),
            knowledge: r.dropper.knowledge.map(|k| knowledge(&ctx, k)).unwrap_or_default(),
            minor: r.dropper.minor.then(|| words::minor(&ctx)),
            why: words::why_looked_at(&ctx, &r.dropper),
            review: clock(&ctx, &r.dropper),
        })
        .collect();
    let chip = |s: Option<DropperStatus>| match s {
        None => ("/desk/persons/droppers".to_owned(), ctx.t("person-dropper-open"), wanted.is_none() && !due),
        Some(s) => (
            format!("/desk/persons/droppers?status={}", s.as_str()),
            ctx.t(&format!("person-dropper-status-{}", s.as_str())),
            wanted == Some(s),
        ),
    };
    let page = List {
        title: ctx.t("person-droppers"),
        chips: {
            let mut chips: Vec<_> =
                std::iter::once(None).chain(DropperStatus::ALL.iter().copied().map(Some)).map(chip).collect();
            let words = format!("{}: {}", ctx.t("person-dropper-due"), ctx.number(all.due));
            chips.insert(1, ("/desk/persons/droppers?due=1".to_owned(), words, due));
            chips
        },
        more: all.more.map(|place| {
            let (status, due) = (wanted.map_or("", DropperStatus::as_str), if due { "1" } else { "" });
            format!("/desk/persons/droppers?status={status}&due={due}&after={}", place.to_text())
        }),
        empty: rows
            .is_empty()
            .then(|| Empty::new(&ctx, "person-droppers-empty").action("/desk/persons", &ctx.t("person-nav"))),
        rows,
        ctx: ctx.clone(),
    };
    Ok(Page(page).into_response())
}
