//! What the institution owes a word about, the next due first.

use app::App;
use askama::Template;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse as _, Response};
use kernel::Timestamp;
use order::service::{self, Addressed};
use order::{OrderError, Status as Stands, words};
use partner::web::Clerk;
use serde::Deserialize;
use trail::web::Names;
use web::{Chip, Ctx, Empty, FilterBar, Markup, Page, Problem, SeeOther, Status, Toast, Tone};

use super::{owed_key, running};
use crate::said;

#[derive(Template)]
#[template(path = "console_inbox.html")]
struct Inbox {
    ctx: Ctx,
    name: String,
    score: Option<String>,
    late: usize,
    fresh: Vec<String>,
    filter: FilterBar,
    rows: Vec<Row>,
    /// How many at most are listed, where there may be more.
    cut: Option<i64>,
    empty: Option<Empty>,
    trials: Markup,
}

struct Row {
    id: String,
    href: String,
    clock: Markup,
    clock_words: String,
    measure: String,
    things: Vec<String>,
    more: usize,
    sum: Option<String>,
    status: Status,
    owed: Vec<Status>,
    fresh: bool,
    urgent: bool,
}

/// Things of one order that its row names.
const SHOWN: usize = 3;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
}

/// By when something must be said, and which clock that is.
fn due(a: &Addressed) -> (Timestamp, Timestamp, &'static str) {
    let order = &a.view.order;
    let since = order.sent_at.unwrap_or(order.requested_at);
    match order.status {
        Stands::Sent => (order.ack_due, since, "order-clock-ack"),
        Stands::Acknowledged => (order.action_due, since, "order-clock-answer"),
        // What is owed beside the answer is owed at once.
        _ => {
            let asked = a.owed.iter().map(|o| o.since).min().unwrap_or(since);
            (asked, asked, "console-clock-asked")
        }
    }
}

fn row(ctx: &Ctx, a: &Addressed) -> Row {
    let order = &a.view.order;
    let (due, since, clock_words) = due(a);
    let mut kinds: Vec<&str> = a.owed.iter().map(|o| o.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let of_order = matches!(order.status, Stands::Sent | Stands::Acknowledged);
    Row {
        id: order.id.to_string(),
        href: format!("/console/orders/{}", order.id),
        clock: if of_order { running(ctx, due, since) } else { ctx.time(due) },
        clock_words: ctx.t(clock_words),
        measure: words::measure(ctx, order.measure),
        things: a.view.objects.iter().take(SHOWN).map(|o| words::thing(ctx, &o.kind, &o.masked)).collect(),
        more: a.view.objects.len().saturating_sub(SHOWN),
        sum: words::cap(ctx, order.measure, order.cap),
        status: words::status(ctx, order),
        owed: kinds.iter().map(|k| Status::new(ctx, owed_key(k), Tone::Amber)).collect(),
        fresh: order.status == Stands::Sent,
        urgent: of_order && due < ctx.now(),
    }
}

fn takes(row: &Row, word: &str) -> bool {
    match word.split_once(':') {
        Some(("is", "late")) => row.urgent,
        Some(("is", "new")) => row.fresh,
        Some(("is", "owed")) => !row.owed.is_empty(),
        Some(_) => false,
        None => {
            row.measure.to_lowercase().contains(word)
                || row.things.iter().any(|t| t.to_lowercase().contains(word))
        }
    }
}

/// `GET /console`.
pub(super) async fn show(
    State(app): State<App>,
    clerk: Clerk,
    ctx: Ctx,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let all = service::addressed(&app, &clerk.actor).await?;
    let names = Names::load(&app).await;
    let none = all.is_empty();
    let full = i64::try_from(all.len()).unwrap_or(i64::MAX) >= service::PAGE;
    let mut rows: Vec<(Timestamp, Row)> = all.iter().map(|a| (due(a).0, row(&ctx, a))).collect();
    rows.sort_by_key(|(due, _)| *due);
    let mut rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    let late = rows.iter().filter(|r| r.urgent).count();
    let fresh = rows.iter().filter(|r| r.fresh).map(|r| r.id.clone()).collect();
    let words: Vec<String> = asked.q.split_whitespace().take(20).map(str::to_lowercase).collect();
    rows.retain(|r| words.iter().all(|word| takes(r, word)));
    let chip = |key, filter: &str| Chip { key, filter: filter.to_owned() };
    let chips = [
        chip("console-chip-late", "is:late"),
        chip("console-chip-new", "is:new"),
        chip("console-chip-owed", "is:owed"),
    ];
    let empty = rows.is_empty().then(|| {
        if none {
            Empty::new(&ctx, "console-empty").action("/console/past", &ctx.t("console-past"))
        } else {
            Empty::new(&ctx, "empty-filter").action(&ctx.path_with(&[("q", "")]), &ctx.t("filter-clear"))
        }
    });
    let page = Inbox {
        name: names.name(&ctx, &clerk.code),
        trials: super::trial::list(&app, &ctx, &clerk).await?,
        score: super::scores::own(&app, &ctx, &clerk.code).await?,
        late,
        fresh,
        filter: FilterBar::new(&ctx, &asked.q, &chips, i64::try_from(rows.len()).unwrap_or(i64::MAX)),
        cut: full.then_some(service::PAGE),
        rows,
        empty,
        ctx,
    };
    Ok(Page(page).into_response())
}

/// `POST /console/received`: receipt of one order, or of all that are new, is confirmed.
pub(super) async fn received(
    State(app): State<App>,
    clerk: Clerk,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let ids = pairs.iter().filter(|(name, _)| name == "id").take(200);
    let mut count = 0_usize;
    for (_, text) in ids {
        let id = super::id(text)?;
        match confirm(&app, &clerk, id).await {
            Ok(()) => count = count.saturating_add(1),
            // It ended while the page stood open: nothing to confirm any more.
            Err(OrderError::Life(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let back = pairs.iter().find(|(name, _)| name == "back").map_or("/console", |(_, v)| web::local_path(v));
    let back = if back.starts_with("/console") { back } else { "/console" };
    let toast = Toast::new("console-received-done").with("n", count.to_string());
    Ok(SeeOther::to(back).with_toast(toast).into_response())
}

/// Receipt is confirmed once for each order, however often the button is pressed.
async fn confirm(app: &App, clerk: &Clerk, id: order::OrderId) -> Result<(), OrderError> {
    let view = service::open(app, &clerk.actor, id).await?;
    if view.order.status != Stands::Sent {
        return Ok(());
    }
    let at = view.order.sent_at.unwrap_or(view.order.requested_at);
    let line = order::message::Line { code: "A00".to_owned(), ..order::message::Line::default() };
    // The same at every press: the moment of the receipt is ours, from the record.
    let of = (&view.order, view.order.executor.as_str());
    let said = said::answer(of, None, format!("console-A00-{}", id.uuid().simple()), at, vec![line]);
    service::answer_at_console(app, &clerk.actor, id, said).await.map(drop)
}
