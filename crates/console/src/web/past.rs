//! What was handed to the institution so far, the newest first: its own look-back.

use app::App;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use kernel::Timestamp;
use order::service::{self, Addressed};
use order::{Status as Stands, words};
use partner::web::Clerk;
use serde::Deserialize;
use web::{Chip, Ctx, Empty, FilterBar, Markup, Page, Problem, Status};

#[derive(Template)]
#[template(path = "console_past.html")]
struct Past {
    ctx: Ctx,
    filter: FilterBar,
    rows: Vec<Row>,
    older: Option<String>,
    newest: bool,
    empty: Option<Empty>,
}

struct Row {
    href: String,
    asked: Markup,
    measure: String,
    things: Vec<String>,
    more: usize,
    sum: Option<String>,
    held: Option<String>,
    status: Status,
    receipt: Option<String>,
    answer: Option<String>,
    late: bool,
    open: bool,
}

/// Things of one order that its row names.
const SHOWN: usize = 3;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    /// Only what was asked before this moment, in microseconds.
    before: Option<i64>,
}

fn row(ctx: &Ctx, a: &Addressed) -> Row {
    let order = &a.view.order;
    let since = order.sent_at.unwrap_or(order.requested_at);
    let took = |at: Option<Timestamp>| at.map(|at| ctx.duration(at.micros_since(since).max(0)));
    let held: i64 = a.view.objects.iter().map(|o| o.held.minor()).sum();
    Row {
        href: format!("/console/orders/{}", order.id),
        asked: ctx.time_exact(since),
        measure: words::measure(ctx, order.measure),
        things: a.view.objects.iter().take(SHOWN).map(|o| words::thing(ctx, &o.kind, &o.masked)).collect(),
        more: a.view.objects.len().saturating_sub(SHOWN),
        sum: words::cap(ctx, order.measure, order.cap),
        held: (held > 0).then(|| ctx.money(kernel::Money::from_minor(held, order.cap.asset()))),
        status: words::status(ctx, order),
        receipt: took(order.acknowledged_at),
        answer: took(order.answered_at),
        late: order.answered_at.is_some_and(|at| at > order.action_due) || order.escalated_at.is_some(),
        open: order.status.is_open(),
    }
}

fn takes(row: &Row, word: &str) -> bool {
    match word.split_once(':') {
        Some(("is", "open")) => row.open,
        Some(("is", "ended")) => !row.open,
        Some(("is", "late")) => row.late,
        Some(("is", "held")) => row.held.is_some(),
        Some(_) => false,
        None => {
            row.measure.to_lowercase().contains(word)
                || row.things.iter().any(|t| t.to_lowercase().contains(word))
        }
    }
}

/// `GET /console/past`.
pub(super) async fn show(
    State(app): State<App>,
    clerk: Clerk,
    ctx: Ctx,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let newest = asked.before.is_none();
    let before = asked.before.map_or_else(|| ctx.now().plus_secs(1), Timestamp::from_micros);
    let all = service::addressed_past(&app, &clerk.actor, before).await?;
    let full = i64::try_from(all.len()).unwrap_or(i64::MAX) >= service::PAGE;
    let older = all
        .last()
        .filter(|_| full)
        .map(|a| ctx.path_with(&[("before", &a.view.order.requested_at.as_micros().to_string())]));
    let none = all.is_empty();
    let words: Vec<String> = asked.q.split_whitespace().take(20).map(str::to_lowercase).collect();
    let mut rows: Vec<Row> = all.iter().map(|a| row(&ctx, a)).collect();
    debug_assert!(all.iter().all(|a| a.view.order.status != Stands::Drafted), "drafts are nobody's business");
    rows.retain(|r| words.iter().all(|word| takes(r, word)));
    let chip = |key, filter: &str| Chip { key, filter: filter.to_owned() };
    let chips = [
        chip("console-chip-open", "is:open"),
        chip("console-chip-ended", "is:ended"),
        chip("console-chip-late", "is:late"),
        chip("console-chip-held", "is:held"),
    ];
    let empty = rows.is_empty().then(|| {
        if none {
            Empty::new(&ctx, "console-past-empty")
        } else {
            Empty::new(&ctx, "empty-filter").action(&ctx.path_with(&[("q", "")]), &ctx.t("filter-clear"))
        }
    });
    let page = Past {
        filter: FilterBar::new(&ctx, &asked.q, &chips, i64::try_from(rows.len()).unwrap_or(i64::MAX)),
        rows,
        older,
        newest,
        empty,
        ctx,
    };
    Ok(Page(page).into_response())
}
