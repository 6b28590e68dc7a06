//! The citizen's panel: the path of the money in plain words. Nobody else's name and no account number is in it,
//! only institutions and sums; bad news is one sentence, followed by what comes next and by when.

use app::App;
use askama::Template;
use kernel::{Actor, Money, Timestamp};
use order::{OrderError, Status};
use report::ReportId;
use web::{Ctx, Markup};

use super::{Names, class_of, icon_of};
use crate::model::{EndKind, Trail};
use crate::picture;
use crate::service;

/// When somebody must answer, and when holds end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Times {
    /// The next answer that a partner owes.
    answer: Option<Timestamp>,
    /// The first hold to end.
    ends: Option<Timestamp>,
    /// Whether an order waits for an officer.
    drafted: bool,
}

struct Leaf {
    place: String,
    amount: String,
    ends: Vec<LeafEnd>,
    again: bool,
    closes: Option<usize>,
}

struct LeafEnd {
    class: &'static str,
    icon: &'static str,
    words: String,
    amount: String,
}

#[derive(Template)]
#[template(path = "_trail_citizen.html")]
struct Panel {
    ctx: Ctx,
    held: Option<(String, String)>,
    said: Vec<String>,
    next: Option<String>,
    leaves: Vec<Leaf>,
}

/// The path of the reporter's money on the reporter's own page. Nothing where nothing was paid, or the report may
/// not be seen.
pub async fn citizen_panel(app: &App, ctx: &Ctx, actor: &Actor, report: ReportId) -> Markup {
    let Ok(trail) = service::of_report(app, actor, report).await else { return Markup::default() };
    if !trail.disputed().is_positive() {
        return Markup::default();
    }
    // Whoever may see the trail may know when its orders fall due.
    let times = app
        .db
        .read(move |tx| times(&order::service::of_report_in(tx, report)?, tx, report))
        .await
        .unwrap_or_default();
    let names = Names::load(app).await;
    let held = trail.total(EndKind::Held);
    let figure = (ctx.money(held), ctx.ta("trail-citizen-of", [("sum", ctx.money(trail.disputed()))]));
    let panel = Panel {
        held: held.is_positive().then_some(figure),
        said: said(ctx, &trail, times),
        next: next(ctx, &trail, times),
        leaves: leaves(ctx, &names, &trail),
        ctx: ctx.clone(),
    };
    web::render(&panel)
}

fn times(orders: &[order::Order], tx: &mut db::Tx<'_>, report: ReportId) -> Result<Times, OrderError> {
    let objects = order::service::objects_of_report_in(tx, report)?;
    let holds = orders.iter().filter(|o| objects.iter().any(|x| x.order == o.id && x.held.is_positive()));
    Ok(Times {
        answer: orders
            .iter()
            .filter(|o| matches!(o.status, Status::Sent | Status::Acknowledged))
            .map(|o| o.action_due)
            .min(),
        ends: holds.map(|o| o.ends_at()).min(),
        drafted: orders.iter().any(|o| o.status == Status::Drafted && o.measure == profile::Measure::Hold),
    })
}

/// What is so, a sentence for each thing that became of the money, the good first.
fn said(ctx: &Ctx, trail: &Trail, times: Times) -> Vec<String> {
    let mut said = Vec::new();
    let held = trail.total(EndKind::Held);
    if let Some(until) = times.ends.filter(|_| held.is_positive()) {
        let key = if held == trail.disputed() { "trail-citizen-held-all" } else { "trail-citizen-held-part" };
        let args = [
            ("held", ctx.money(held)),
            ("sent", ctx.money(trail.disputed())),
            ("until", ctx.date_time(until)),
        ];
        said.push(ctx.ta(key, args));
    }
    for kind in EndKind::ALL {
        let sum = trail.total(kind);
        if kind != EndKind::Held && sum.is_positive() {
            said.push(ctx.ta(&format!("trail-citizen-{}", kind.as_str()), [("sum", ctx.money(sum))]));
        }
    }
    said
}

/// The next step and by when.
fn next(ctx: &Ctx, trail: &Trail, times: Times) -> Option<String> {
    if let Some(due) = times.answer {
        let late = due < ctx.now();
        let key = if late { "trail-citizen-next-late" } else { "trail-citizen-next-answer" };
        return Some(ctx.ta(key, [("time", ctx.moment(due))]));
    }
    if times.drafted {
        return Some(ctx.t("trail-citizen-next-drafted"));
    }
    let held = trail.total(EndKind::Held).is_positive();
    times
        .ends
        .filter(|_| held)
        .map(|until| ctx.ta("trail-citizen-next-sanction", [("until", ctx.date_time(until))]))
}

fn leaves(ctx: &Ctx, names: &Names, trail: &Trail) -> Vec<Leaf> {
    let end = |index: &usize| {
        let end = trail.ends.get(*index)?;
        let words = ctx.t(&format!("trail-plain-{}", end.kind.as_str()));
        Some(LeafEnd {
            class: class_of(end.kind),
            icon: icon_of(end.kind),
            words,
            amount: ctx.money(end.amount),
        })
    };
    let leaf = |step: picture::Step| {
        let node = trail.nodes.get(step.node)?;
        let came: Money = step.via.and_then(|v| trail.edges.get(v)).map_or(node.began, |e| e.amount);
        let account = &node.account;
        let key = if node.hop == 0 { "trail-citizen-you" } else { "trail-citizen-account" };
        // Nobody knows yet whose it is: then it is what the reader named, by its mask, and no "account".
        let place = if node.hop > 0 && account.institution.is_empty() && !account.masked.is_empty() {
            ctx.ta("trail-citizen-receiver", [("mask", account.masked.as_str())])
        } else {
            ctx.ta(key, [("bank", names.name(ctx, &account.institution))])
        };
        Some(Leaf {
            place,
            amount: ctx.money(came),
            ends: step.ends.iter().filter_map(end).collect(),
            again: step.again,
            closes: step.closes,
        })
    };
    picture::steps(trail).into_iter().filter_map(leaf).collect()
}
