//! The clock board: every order that binds a partner, the late ones first; a silent partner is one row with its
//! duty phone; holds that lapse soon have a strip of their own.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use access::Staff;
use app::App;
use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Money, Timestamp};
use order::service::{Board, OrderView};
use order::{ObjectState, Status as Stands};
use serde::Deserialize;
use trail::web::Names;
use web::{ClockState, Ctx, Empty, Markup, Page, Problem};

use super::order_row::{self, Bases, OrderRow, dial};

/// What a slice above says falls due, with its figures.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// Its part of the board; empty where nothing falls due.
    pub markup: Markup,
    /// How much is open.
    pub open: i64,
    /// How much is late.
    pub late: i64,
    /// How much falls due soon.
    pub soon: i64,
}

/// Makes a part of the board for whoever opens it.
pub type BoardPart = Arc<dyn Fn(App, Ctx, Actor) -> Pin<Box<dyn Future<Output = Part> + Send>> + Send + Sync>;

/// The parts of the board, in their order. Handed in as a request extension.
#[derive(Clone, Default)]
pub struct BoardParts(pub Vec<BoardPart>);

impl std::fmt::Debug for BoardParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BoardParts({})", self.0.len())
    }
}

/// All parts of slices above, and their figures together.
async fn above(
    app: &App,
    ctx: &Ctx,
    actor: &Actor,
    parts: Option<Extension<BoardParts>>,
) -> (Vec<Markup>, Part) {
    let (mut markup, mut all) = (Vec::new(), Part::default());
    for part in parts.map(|Extension(p)| p.0).unwrap_or_default() {
        let one = part(app.clone(), ctx.clone(), actor.clone()).await;
        if !one.markup.as_str().is_empty() {
            markup.push(one.markup);
        }
        all.open = all.open.saturating_add(one.open);
        all.late = all.late.saturating_add(one.late);
        all.soon = all.soon.saturating_add(one.soon);
    }
    (markup, all)
}

/// Late orders of one partner from which it counts as silent.
const SILENT: usize = 2;
/// Holds that end within this time stand in the strip.
const SOON_SECS: i64 = 24 * 3600;
/// "Due soon" of the figures on top.
const DUE_SECS: i64 = 15 * 60;
/// Most rows of a list.
const MANY: usize = 100;

/// A partner that does not answer: one row for all its late orders.
struct Silent {
    code: String,
    name: String,
    late: usize,
    open: usize,
    sum: String,
    clock: Markup,
    phone: Option<Markup>,
    contact: String,
}

/// A partner with its orders.
struct Group {
    name: String,
    open: usize,
    late: usize,
    phone: Option<Markup>,
    rows: Vec<OrderRow>,
}

struct Lapsing {
    href: String,
    report: String,
    executor: String,
    held: String,
    clock: Markup,
}

/// The end of a hold that its partner has not confirmed.
struct Releasing {
    href: String,
    report: String,
    executor: String,
    phone: Option<Markup>,
    clock: Markup,
}

#[derive(Template)]
#[template(path = "desk_board.html")]
struct Show {
    ctx: Ctx,
    by_partner: bool,
    counts: [(&'static str, String); 3],
    body: Markup,
    live: String,
}

#[derive(Template)]
#[template(path = "_desk_board.html")]
struct Body {
    ctx: Ctx,
    silent: Vec<Silent>,
    rows: Vec<OrderRow>,
    left_out: usize,
    groups: Vec<Group>,
    lapsing: Vec<Lapsing>,
    lapsing_sum: String,
    releasing: Vec<Releasing>,
    untold: Vec<Releasing>,
    registers: Markup,
    persons: Markup,
    above: Vec<Markup>,
    empty: Option<Empty>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BoardQuery {
    by: String,
}

/// `GET /desk/board?by=clock|partner`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Query(query): Query<BoardQuery>,
    parts: Option<Extension<BoardParts>>,
) -> Result<Response, Problem> {
    let by_partner = query.by == "partner";
    let board = load(&app, &actor).await?;
    let now = ctx.now();
    let due: Vec<Timestamp> =
        board.open.iter().filter(|v| waits(v)).filter_map(|v| v.order.next_due()).collect();
    let late = due.iter().filter(|t| **t < now).count();
    let soon = due.iter().filter(|t| **t >= now && **t < now.plus_secs(DUE_SECS)).count();
    let registers = registration::web::board_panel(&app, &ctx, &actor).await;
    let persons = person::web::board_panel(&app, &ctx, &actor).await;
    let (parts, above) = above(&app, &ctx, &actor, parts).await;
    let more = registers.count;
    let figure = |n: usize, more: i64| ctx.number(i64::try_from(n).unwrap_or(i64::MAX).saturating_add(more));
    let counts = [
        ("desk-count-late", figure(late, more.late.saturating_add(persons.due).saturating_add(above.late))),
        ("desk-count-due", figure(soon, more.soon.saturating_add(above.soon))),
        (
            "desk-count-open",
            ctx.number(
                board
                    .waiting
                    .saturating_add(more.open)
                    .saturating_add(persons.due)
                    .saturating_add(above.open),
            ),
        ),
    ];
    let page = Show {
        by_partner,
        counts,
        body: web::render(
            &body(&ctx, &app, (board, [registers.markup, persons.markup], parts), by_partner).await,
        ),
        live: format!("/desk/board/rows?by={}", if by_partner { "partner" } else { "clock" }),
        ctx,
    };
    Ok(Page(page).into_response())
}

/// `GET /desk/board/rows`: the board alone, for the page that stays fresh by itself.
pub(crate) async fn rows(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Query(query): Query<BoardQuery>,
    parts: Option<Extension<BoardParts>>,
) -> Result<Response, Problem> {
    let (parts, _) = above(&app, &ctx, &actor, parts).await;
    let board = load(&app, &actor).await?;
    let registers = registration::web::board_panel(&app, &ctx, &actor).await.markup;
    let persons = person::web::board_panel(&app, &ctx, &actor).await.markup;
    Ok(Page(body(&ctx, &app, (board, [registers, persons], parts), query.by == "partner").await)
        .into_response())
}

async fn load(app: &App, actor: &Actor) -> Result<Board, Problem> {
    Ok(order::service::board(app, actor).await?)
}

/// Who owes the next word: the gateway until it has confirmed, then whoever must act.
fn owes(v: &OrderView) -> &str {
    if v.order.status == Stands::Sent { v.order.gateway.as_str() } else { v.order.executor.as_str() }
}

/// Whether the partner owes something: a hold that was answered runs by itself.
fn waits(v: &OrderView) -> bool {
    matches!(v.order.status, Stands::Sent | Stands::Acknowledged)
        || v.objects.iter().any(|o| matches!(o.state, ObjectState::Question))
}

fn is_late(v: &OrderView, now: Timestamp) -> bool {
    waits(v) && v.order.next_due().is_some_and(|due| due < now)
}

async fn body(
    ctx: &Ctx,
    app: &App,
    (board, [registers, persons], above): (Board, [Markup; 2], Vec<Markup>),
    by_partner: bool,
) -> Body {
    let now = ctx.now();
    let bases = order_row::bases(app, &board.open).await;
    let names = Names::of(app, board.partners);
    let untold: Vec<Releasing> =
        board.untold.iter().take(MANY).map(|(v, due)| releasing(ctx, &names, v, *due)).collect();
    let released: Vec<Releasing> =
        board.releasing.iter().take(MANY).map(|(v, due)| releasing(ctx, &names, v, *due)).collect();
    let (lapsing, lapsing_sum) = lapsing(ctx, &names, &board.open, now);
    let (silent, quiet) = silent(ctx, &names, &board.open, now);
    let mut waiting: Vec<&OrderView> = board.open.iter().filter(|v| waits(v)).collect();
    waiting.sort_by_key(|v| v.order.next_due());
    let row = |v: &&OrderView| order_row::row(app, ctx, &names, &bases, v);
    let single: Vec<&OrderView> = waiting
        .iter()
        .copied()
        .filter(|v| !(quiet.iter().any(|q| q == owes(v)) && is_late(v, now)))
        .collect();
    let nothing = waiting.is_empty() && lapsing.is_empty() && released.is_empty() && untold.is_empty();
    let empty = (nothing && registers.as_str().is_empty() && persons.as_str().is_empty() && above.is_empty())
        .then(|| Empty::new(ctx, "desk-board-empty"));
    Body {
        rows: if by_partner { Vec::new() } else { single.iter().take(MANY).map(row).collect() },
        left_out: if by_partner { 0 } else { single.len().saturating_sub(MANY) },
        groups: if by_partner { groups(ctx, app, (&names, &bases), &waiting, now) } else { Vec::new() },
        silent: if by_partner { Vec::new() } else { silent },
        lapsing,
        lapsing_sum,
        releasing: released,
        untold,
        registers,
        persons,
        above,
        empty,
        ctx: ctx.clone(),
    }
}

/// Partners with several late orders: the oldest clock speaks for all of them.
fn silent(ctx: &Ctx, names: &Names, open: &[OrderView], now: Timestamp) -> (Vec<Silent>, Vec<String>) {
    let mut late: BTreeMap<&str, Vec<&OrderView>> = BTreeMap::new();
    for v in open.iter().filter(|v| is_late(v, now)) {
        late.entry(owes(v)).or_default().push(v);
    }
    late.retain(|_, orders| orders.len() >= SILENT);
    let mut rows: Vec<(Timestamp, Silent)> = Vec::new();
    for (code, orders) in &late {
        let oldest =
            orders.iter().filter_map(|v| v.order.next_due().map(|due| (due, v.order.requested_at))).min();
        let Some((due, since)) = oldest else { continue };
        let partner = names.partner(code);
        rows.push((
            due,
            Silent {
                code: (*code).to_owned(),
                name: names.name(ctx, code),
                late: orders.len(),
                open: open.iter().filter(|v| owes(v) == *code && waits(v)).count(),
                sum: sum(ctx, orders.iter().map(|v| v.order.cap)),
                clock: ctx.clock(due, now, &ClockState::Running { since }),
                phone: partner.filter(|p| !p.duty_phone.is_empty()).map(|p| dial(&p.duty_phone)),
                contact: partner.map_or_else(String::new, |p| p.contact.clone()),
            },
        ));
    }
    rows.sort_by_key(|(due, _)| *due);
    let codes = late.keys().map(|c| (*c).to_owned()).collect();
    (rows.into_iter().map(|(_, row)| row).collect(), codes)
}

/// Sums of different assets are not added up: each asset stands by itself.
fn sum(ctx: &Ctx, all: impl Iterator<Item = Money>) -> String {
    let mut sums: Vec<Money> = Vec::new();
    for money in all.filter(|m| m.is_positive()) {
        match sums.iter_mut().find(|s| s.asset() == money.asset()) {
            Some(known) => {
                *known = Money::from_minor(known.minor().saturating_add(money.minor()), known.asset())
            }
            None => sums.push(money),
        }
    }
    sums.iter().map(|m| ctx.money(*m)).collect::<Vec<_>>().join(" + ")
}

fn groups(
    ctx: &Ctx,
    app: &App,
    (names, bases): (&Names, &Bases),
    waiting: &[&OrderView],
    now: Timestamp,
) -> Vec<Group> {
    let mut by: BTreeMap<&str, Vec<&OrderView>> = BTreeMap::new();
    for v in waiting {
        by.entry(owes(v)).or_default().push(v);
    }
    let group = |(code, orders): (&str, Vec<&OrderView>)| Group {
        name: names.name(ctx, code),
        open: orders.len(),
        late: orders.iter().filter(|v| is_late(v, now)).count(),
        phone: names.partner(code).filter(|p| !p.duty_phone.is_empty()).map(|p| dial(&p.duty_phone)),
        rows: orders.iter().take(MANY).map(|v| order_row::row(app, ctx, names, bases, v)).collect(),
    };
    let mut all: Vec<Group> = by.into_iter().map(group).collect();
    all.sort_by_key(|g| (std::cmp::Reverse(g.late), std::cmp::Reverse(g.open)));
    all
}

fn releasing(ctx: &Ctx, names: &Names, v: &OrderView, due: Timestamp) -> Releasing {
    let partner = names.partner(&v.order.executor);
    let since = v.order.ended_at.unwrap_or(v.order.requested_at);
    Releasing {
        href: format!("/desk/orders/{}", v.order.id),
        report: v.order.report_number.clone(),
        executor: names.name(ctx, &v.order.executor),
        phone: partner.filter(|p| !p.duty_phone.is_empty()).map(|p| dial(&p.duty_phone)),
        clock: ctx.clock(due, ctx.now(), &ClockState::Running { since }),
    }
}

/// Holds that end soon, the largest sum first: what is lost if nobody acts.
fn lapsing(ctx: &Ctx, names: &Names, open: &[OrderView], now: Timestamp) -> (Vec<Lapsing>, String) {
    let held = |v: &OrderView| v.objects.iter().map(|o| o.held.minor()).fold(0_i64, i64::saturating_add);
    let end = now.plus_secs(SOON_SECS);
    let mut soon: Vec<(&OrderView, i64)> =
        open.iter().map(|v| (v, held(v))).filter(|(v, h)| *h > 0 && v.order.ends_at() <= end).collect();
    soon.sort_by_key(|(_, held)| std::cmp::Reverse(*held));
    let total = sum(ctx, soon.iter().map(|(v, h)| Money::from_minor(*h, v.order.cap.asset())));
    let row = |(v, held): &(&OrderView, i64)| Lapsing {
        href: format!("/desk/orders/{}", v.order.id),
        report: v.order.report_number.clone(),
        executor: names.name(ctx, &v.order.executor),
        held: ctx.money(Money::from_minor(*held, v.order.cap.asset())),
        clock: ctx.clock(
            v.order.ends_at(),
            now,
            &ClockState::Running { since: v.order.sent_at.unwrap_or(v.order.requested_at) },
        ),
    };
    (soon.iter().take(MANY).map(row).collect(), total)
}
