//! The officer's panel: picture, table, books.

use app::App;
use askama::Template;
use kernel::{Actor, Money, When};
use report::ReportId;
use web::{Ctx, Markup, Status, Tone};

use super::{Names, class_of, icon_of};
use crate::model::{Account, Edge, EdgeState, EndKind, Finding, Trail};
use crate::picture::{self, Text};
use crate::service;

/// A movement or an end, as a row of the table.
struct Row {
    hop: String,
    from: String,
    to: String,
    amount: String,
    time: Option<Markup>,
    state: Status,
    is_end: bool,
}

/// A line of the tree on phones.
struct Leaf {
    account: String,
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
#[template(path = "_trail_officer.html")]
struct Panel {
    ctx: Ctx,
    svg: Markup,
    rows: Vec<Row>,
    leaves: Vec<Leaf>,
    sums: String,
    balanced: bool,
    findings: Vec<String>,
    empty: bool,
}

/// The trail of a report for an officer. Nothing where it may not be seen or was erased.
pub async fn officer_panel(app: &App, ctx: &Ctx, actor: &Actor, report: ReportId) -> Markup {
    match service::of_report(app, actor, report).await {
        Ok(trail) => panel_of(ctx, &Names::load(app).await, &trail),
        Err(_) => Markup::default(),
    }
}

/// The panel of a trail that was built before.
#[must_use]
pub fn panel_of(ctx: &Ctx, names: &Names, trail: &Trail) -> Markup {
    let (sums, balanced) = sums(ctx, trail);
    let panel = Panel {
        svg: Markup::trusted(picture::svg(trail, "trail-picture", &|text| label(ctx, names, trail, text))),
        rows: rows(ctx, names, trail),
        leaves: leaves(ctx, names, trail),
        sums,
        balanced,
        findings: trail.findings.iter().map(|f| finding(ctx, names, trail, f)).collect(),
        empty: trail.nodes.is_empty(),
        ctx: ctx.clone(),
    };
    web::render(&panel)
}

fn label(ctx: &Ctx, names: &Names, trail: &Trail, text: Text<'_>) -> String {
    match text {
        Text::Title => ctx.t("trail-title"),
        Text::Summary => {
            let (sum, held) = (ctx.money(trail.disputed()), ctx.money(trail.total(EndKind::Held)));
            ctx.ta("trail-summary", [("sum", sum), ("held", held)])
        }
        Text::Account(node) => {
            let name = names.name(ctx, &node.account.institution);
            let masked = &node.account.masked;
            if node.hop == 0 && masked.is_empty() {
                format!("{}\n{name}", ctx.t("trail-payer"))
            } else {
                format!("{name}\n{masked}")
            }
        }
        Text::Amount(money) => ctx.money(money),
        Text::Movement(edge) => {
            format!("{}\n{}", ctx.money(edge.amount), moment(ctx, edge))
        }
        Text::End(end) => format!("{}\n{}", ctx.t(&end_key(end.kind)), ctx.money(end.amount)),
    }
}

/// When a movement was, as short as may be and no more exact than it was told.
fn moment(ctx: &Ctx, edge: &Edge) -> String {
    if edge.at != edge.latest {
        return when(ctx, edge);
    }
    let today = ctx.formats().day(edge.at) == ctx.formats().day(ctx.now());
    let day = if today { String::new() } else { format!("{} ", ctx.date_dense(edge.at)) };
    format!("{day}{}", ctx.hour(edge.at))
}

fn when(ctx: &Ctx, edge: &Edge) -> String {
    report::web::when(ctx, &When { earliest: edge.at, latest: edge.latest, told: String::new() })
}

/// The key of the words of an end.
fn end_key(kind: EndKind) -> String {
    format!("trail-end-{}", kind.as_str())
}

fn account(ctx: &Ctx, names: &Names, account: &Account) -> String {
    let name = names.name(ctx, &account.institution);
    if account.masked.is_empty() { name } else { format!("{name}, {}", account.masked) }
}

fn at(ctx: &Ctx, names: &Names, trail: &Trail, node: usize) -> (String, u32) {
    trail.nodes.get(node).map_or_else(|| (String::new(), 0), |n| (account(ctx, names, &n.account), n.hop))
}

fn rows(ctx: &Ctx, names: &Names, trail: &Trail) -> Vec<Row> {
    let moves = trail.edges.iter().map(|e| {
        let ((from, _), (to, hop)) = (at(ctx, names, trail, e.from), at(ctx, names, trail, e.to));
        let tone = if e.state == EdgeState::NotFound { Tone::Amber } else { Tone::Grey };
        let state = Status::new(ctx, &format!("trail-edge-{}", e.state.as_str()), tone);
        (
            hop,
            0,
            Row {
                hop: hop.to_string(),
                from,
                to,
                amount: ctx.money(e.amount),
                time: Some(if e.at == e.latest { ctx.time_exact(e.at) } else { Markup::text(&when(ctx, e)) }),
                state,
                is_end: false,
            },
        )
    });
    let ends = trail.ends.iter().map(|e| {
        let (from, hop) = at(ctx, names, trail, e.node);
        let state = Status::new(ctx, &end_key(e.kind), tone(e.kind));
        let time = e.at.map(|t| ctx.time_exact(t));
        (
            hop,
            1,
            Row {
                hop: hop.to_string(),
                from,
                to: String::new(),
                amount: ctx.money(e.amount),
                time,
                state,
                is_end: true,
            },
        )
    });
    let mut all: Vec<_> = moves.chain(ends).collect();
    all.sort_by_key(|(hop, kind, _)| (*hop, *kind));
    all.into_iter().map(|(_, _, row)| row).collect()
}

/// The colour that repeats what the words of an end say.
const fn tone(kind: EndKind) -> Tone {
    match kind {
        EndKind::Held | EndKind::HeldElsewhere | EndKind::Returned => Tone::Green,
        EndKind::Asked => Tone::Blue,
        EndKind::Silent | EndKind::Refused => Tone::Red,
        EndKind::Unknown | EndKind::NotFound => Tone::Amber,
        EndKind::Moved
        | EndKind::Cash
        | EndKind::Spent
        | EndKind::Abroad
        | EndKind::Crypto
        | EndKind::Released => Tone::Grey,
    }
}

fn leaves(ctx: &Ctx, names: &Names, trail: &Trail) -> Vec<Leaf> {
    let end = |index: &usize| {
        let end = trail.ends.get(*index)?;
        let (class, icon) = (class_of(end.kind), icon_of(end.kind));
        Some(LeafEnd { class, icon, words: ctx.t(&end_key(end.kind)), amount: ctx.money(end.amount) })
    };
    let leaf = |step: picture::Step| {
        let node = trail.nodes.get(step.node)?;
        let came = step.via.and_then(|v| trail.edges.get(v)).map_or(node.began, |e| e.amount);
        let ends = step.ends.iter().filter_map(end).collect();
        Some(Leaf {
            account: account(ctx, names, &node.account),
            amount: ctx.money(came),
            ends,
            again: step.again,
            closes: step.closes,
        })
    };
    picture::steps(trail).into_iter().filter_map(leaf).collect()
}

/// What the ends come to, and whether that is what was paid: the check is printed, right or wrong.
fn sums(ctx: &Ctx, trail: &Trail) -> (String, bool) {
    let parts: Vec<Money> =
        EndKind::ALL.into_iter().map(|k| trail.total(k)).filter(|m| m.is_positive()).collect();
    let ended = parts.iter().map(|m| m.minor()).fold(0_i64, i64::saturating_add);
    let books = trail.check();
    let off = books.iter().map(|b| b.difference.minor().saturating_abs()).fold(0_i64, i64::saturating_add);
    let gap = trail.disputed().minor().saturating_sub(ended).saturating_abs().max(off);
    let sum: Vec<String> = parts.iter().map(|m| ctx.money(*m)).collect();
    let args = [
        ("parts", sum.join(" + ")),
        ("sum", ctx.money(trail.disputed())),
        ("gap", ctx.money(Money::from_minor(gap, trail.asset))),
    ];
    let balanced = gap == 0;
    (ctx.ta(if balanced { "trail-check-ok" } else { "trail-check-off" }, args), balanced)
}

fn finding(ctx: &Ctx, names: &Names, trail: &Trail, finding: &Finding) -> String {
    match finding {
        Finding::OlderMoney { .. } => ctx.t("trail-finding-older-money"),
        Finding::Beyond { amount, .. } => ctx.ta("trail-finding-beyond", [("sum", ctx.money(*amount))]),
        Finding::Unlisted { node, amount } => {
            let (place, _) = at(ctx, names, trail, *node);
            ctx.ta("trail-finding-unlisted", [("sum", ctx.money(*amount)), ("place", place)])
        }
        Finding::WentElsewhere { .. } => ctx.t("trail-finding-went-elsewhere"),
        Finding::Ignored { .. } => ctx.t("trail-finding-ignored"),
    }
}
