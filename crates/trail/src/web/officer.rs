//! The officer's panel: picture, table, books.

use std::collections::{BTreeMap, BTreeSet};

use app::App;
use askama::Template;
use kernel::{Actor, Money, When};
use report::ReportId;
use web::{Ctx, Markup, Status, Tone};

use super::{Names, class_of, icon_of};
use crate::model::{Account, Edge, EdgeState, EndKind, Finding, Trail};
use crate::picture::{self, Text};
use crate::rules::signs::{Reason, Seen};
use crate::rules::{Beside, Compared, Method};
use crate::service::{self, Path};

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
    /// Where the money of several payers meets, the most of them first: the account, and how many and how much. Before the picture.
    meetings: Vec<(String, String)>,
    signs: Vec<SignRow>,
    methods: Methods,
    empty: bool,
    /// Exhibits that tell some of the movements: their page, and of how many.
    exhibits: Vec<(String, String, String)>,
    /// Movements that are kept and are not on it, exhibit by exhibit.
    undated: Vec<UndatedRow>,
    /// Movements and ends that the table leaves out.
    more: usize,
}

/// An account with what is worth a second look there.
struct SignRow {
    account: String,
    says: Vec<String>,
}

/// The methods of telling money apart beside one another.
enum Methods {
    /// They come to the same everywhere.
    Same,
    /// There is nothing to tell apart.
    NothingSaid,
    /// Too much to compare.
    TooMany,
    /// An account, and by each method what came and what is there.
    Differ(Vec<(String, Vec<(String, String)>)>),
}

/// Accounts that a picture draws: with more it says nothing.
const DRAWN: usize = 60;
/// Sentences about what to look closer at.
const FINDINGS: usize = 20;
/// Lines of the table; the largest sums come first into it.
const ROWS: usize = 200;

/// The trail of a report for an officer. Nothing where it may not be seen or was erased.
pub async fn officer_panel(app: &App, ctx: &Ctx, actor: &Actor, report: ReportId) -> Markup {
    match service::path_of(app, actor, report).await {
        Ok(path) => {
            let undated = service::undated(app, actor, report).await.unwrap_or_default();
            panel(ctx, &Names::load(app).await, &path, undated.iter().map(|u| undated_row(ctx, u)).collect())
        }
        Err(_) => Markup::default(),
    }
}

/// The panel of a path that was built before.
#[must_use]
pub fn panel_of(ctx: &Ctx, names: &Names, path: &Path) -> Markup {
    panel(ctx, names, path, Vec::new())
}

/// Movements without a date: where they are listed, the exhibit, how many, and which.
type UndatedRow = (String, String, String, String);

fn undated_row(ctx: &Ctx, u: &service::Undated) -> UndatedRow {
    let one = |(no, line): &(i64, i64)| {
        ctx.ta("trail-undated-row", [("no", ctx.number(*no)), ("line", ctx.number(*line))])
    };
    let mut which: Vec<String> = u.first.iter().map(one).collect();
    if usize::try_from(u.count).is_ok_and(|n| n > which.len()) {
        which.push("…".to_owned());
    }
    let href = format!("/desk/evidence/imports/{}?dated=no", u.import);
    (href, u.exhibit.clone(), ctx.ta("trail-undated", [("n", u.count)]), which.join("; "))
}

fn panel(ctx: &Ctx, names: &Names, path: &Path, undated: Vec<UndatedRow>) -> Markup {
    let trail = &path.trail;
    let (sums, balanced) = sums(ctx, trail);
    let drawn = trail.nodes.len() <= DRAWN;
    let picture = || picture::svg(trail, "trail-picture", &|text| label(ctx, names, trail, text));
    let (rows, more) = rows(ctx, names, trail);
    let panel = Panel {
        svg: if drawn { Markup::trusted(picture()) } else { Markup::default() },
        rows,
        more,
        leaves: if drawn { leaves(ctx, names, trail) } else { Vec::new() },
        meetings: meetings(ctx, names, path),
        signs: signs(ctx, names, path),
        methods: methods(ctx, names, path),
        sums,
        balanced,
        findings: findings(ctx, names, trail),
        empty: trail.nodes.is_empty(),
        undated,
        exhibits: path
            .exhibits
            .iter()
            .map(|(number, n)| {
                let href = format!("/desk/evidence/{}", web::encode(number));
                (
                    href,
                    number.clone(),
                    ctx.ta("trail-exhibit-lines", [("n", ctx.number(i64::try_from(*n).unwrap_or(i64::MAX)))]),
                )
            })
            .collect(),
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

/// The lines of the table by hop, and how many smaller sums are left out of it.
fn rows(ctx: &Ctx, names: &Names, trail: &Trail) -> (Vec<Row>, usize) {
    let amounts = trail.edges.iter().map(|e| e.amount).chain(trail.ends.iter().map(|e| e.amount));
    let mut order: Vec<(std::cmp::Reverse<i64>, usize)> =
        amounts.enumerate().map(|(at, amount)| (std::cmp::Reverse(amount.minor()), at)).collect();
    order.sort_unstable();
    let more = order.len().saturating_sub(ROWS);
    let large: BTreeSet<usize> = order.into_iter().take(ROWS).map(|(_, at)| at).collect();
    let ends_at = trail.edges.len();
    let moves = trail.edges.iter().enumerate().filter(|(at, _)| large.contains(at)).map(|(_, e)| {
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
    let ends =
        trail.ends.iter().enumerate().filter(|(at, _)| large.contains(&(ends_at + at))).map(|(_, e)| {
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
    (all.into_iter().map(|(_, _, row)| row).collect(), more)
}

/// Meeting points above the picture: with more of them the picture is no longer on the first screen.
const MEETINGS: usize = 5;

/// Where the money of several payers meets, the most payers first.
fn meetings(ctx: &Ctx, names: &Names, path: &Path) -> Vec<(String, String)> {
    let meets = |sign: &crate::rules::signs::Sign| match &sign.what {
        Seen::Meeting { payers, came } => Some((*payers, *came, sign.node)),
        _ => None,
    };
    let mut all: Vec<_> = path.signs.iter().filter_map(meets).collect();
    all.sort_by_key(|(payers, came, node)| {
        (std::cmp::Reverse(*payers), std::cmp::Reverse(came.minor()), *node)
    });
    let words = |(payers, came, node)| {
        let (account, _) = at(ctx, names, &path.trail, node);
        let args = [("n", ctx.number(i64::try_from(payers).unwrap_or(i64::MAX))), ("sum", ctx.money(came))];
        (account, ctx.ta("trail-meeting", args))
    };
    all.into_iter().take(MEETINGS).map(words).collect()
}

/// What is worth a second look, account by account.
fn signs(ctx: &Ctx, names: &Names, path: &Path) -> Vec<SignRow> {
    let mut all: Vec<(usize, SignRow)> = Vec::new();
    for sign in &path.signs {
        let says = sign_words(ctx, names, &path.trail, &sign.what);
        if let Some((_, row)) = all.iter_mut().find(|(node, _)| *node == sign.node) {
            row.says.push(says);
        } else {
            let (account, _) = at(ctx, names, &path.trail, sign.node);
            all.push((sign.node, SignRow { account, says: vec![says] }));
        }
    }
    all.into_iter().map(|(_, row)| row).collect()
}

fn sign_words(ctx: &Ctx, names: &Names, trail: &Trail, what: &Seen) -> String {
    match what {
        Seen::Meeting { payers, came } => {
            ctx.ta("trail-sign-meeting", [("n", payers.to_string()), ("sum", ctx.money(*came))])
        }
        Seen::Loop { through, .. } => {
            let way: Vec<String> = through.iter().map(|node| at(ctx, names, trail, *node).0).collect();
            ctx.ta("trail-sign-loop", [("way", way.join(" → "))])
        }
        Seen::BelowThreshold { payments, total, threshold, span: (first, last), left, confirmed } => {
            let args = [
                ("n", payments.to_string()),
                ("sum", ctx.money(*total)),
                ("threshold", ctx.money(*threshold)),
                ("first", ctx.date_time(*first)),
                ("last", ctx.date_time(*last)),
            ];
            let says = ctx.ta(if *left { "trail-sign-below-out" } else { "trail-sign-below-in" }, args);
            // What no published source says is not shown as if it were law.
            if *confirmed { says } else { format!("{says} {}", ctx.t("trail-sign-unconfirmed")) }
        }
        Seen::PassedThrough { reasons } => {
            let reasons: Vec<String> = reasons.iter().map(|r| reason(ctx, trail, *r)).collect();
            ctx.ta("trail-sign-passed", [("reasons", reasons.join("; "))])
        }
    }
}

fn reason(ctx: &Ctx, trail: &Trail, reason: Reason) -> String {
    match reason {
        Reason::Quick { percent, minutes } => {
            let time = ctx.duration(minutes.max(1).saturating_mul(60_000_000));
            ctx.ta("trail-reason-quick", [("percent", percent.to_string()), ("time", time)])
        }
        Reason::Empty { stood } => {
            ctx.ta("trail-reason-empty", [("sum", ctx.money(Money::from_minor(stood, trail.asset)))])
        }
        Reason::Payers(n) => ctx.ta("trail-reason-payers", [("n", n.to_string())]),
        Reason::Parts(n) => ctx.ta("trail-reason-parts", [("n", n.to_string())]),
        Reason::Converted => ctx.t("trail-reason-converted"),
    }
}

/// The methods beside one another, where they come to different sums.
fn methods(ctx: &Ctx, names: &Names, path: &Path) -> Methods {
    match &path.beside {
        Compared::TooMany => Methods::TooMany,
        Compared::NothingSaid => Methods::NothingSaid,
        Compared::Differ(rows) if rows.is_empty() => Methods::Same,
        Compared::Differ(rows) => {
            let sums = |row: &Beside| row.by.iter().map(|(a, b)| (ctx.money(*a), ctx.money(*b))).collect();
            Methods::Differ(rows.iter().map(|row| (account(ctx, names, &row.account), sums(row))).collect())
        }
    }
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

/// What to look closer at, each sentence once with how often it holds, and no more of them than anybody reads.
fn findings(ctx: &Ctx, names: &Names, trail: &Trail) -> Vec<String> {
    let mut all: Vec<(String, usize)> = Vec::new();
    let mut place: BTreeMap<String, usize> = BTreeMap::new();
    for f in &trail.findings {
        let words = finding(ctx, names, trail, f);
        match place.get(&words).and_then(|at| all.get_mut(*at)) {
            Some((_, times)) => *times = times.saturating_add(1),
            None => {
                place.insert(words.clone(), all.len());
                all.push((words, 1));
            }
        }
    }
    let more = all.len().saturating_sub(FINDINGS);
    let told = all.into_iter().take(FINDINGS);
    let mut told: Vec<String> =
        told.map(|(words, times)| if times > 1 { format!("{words} ({times}×)") } else { words }).collect();
    if more > 0 {
        told.push(ctx.ta("trail-findings-more", [("n", more)]));
    }
    told
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
