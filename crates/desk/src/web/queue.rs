//! The queue: what is late, what needs a person, what waits.

use std::collections::BTreeMap;

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Timestamp};
use order::words;
use report::ReportId;
use scheme::service::Tag;
use serde::Deserialize;
use uuid::Uuid;
use web::{
    BulkAct, BulkBar, Chip, ClockState, Ctx, Empty, FilterBar, Markup, Page, Problem, SeeOther, Status,
    Toast, Tone, encode,
};

use super::act::{MANY, page_of, take_many, toast};
use super::filter::{Filter, within_hour};
use crate::model::{QueueRow, Why};
use crate::service::{self, Queue};

/// Rows before "show more".
const PAGE: usize = 50;

/// Accounts of those who are away, and till when.
type Away = BTreeMap<Uuid, Timestamp>;

/// A row as shown.
struct Row {
    number: String,
    href: String,
    back: String,
    clock: Option<Markup>,
    loss: String,
    what: String,
    ongoing: Option<Status>,
    /// The reporter wrote, where the row is here for something more urgent.
    word: Option<Status>,
    path: String,
    owner: String,
    /// The owner is away, and till when.
    away: Option<String>,
    mine: bool,
    free: bool,
    why: String,
    why_tag: Status,
    drafts: i64,
    note: String,
    /// The scheme that it belongs to: address, number, how many reports.
    scheme: Option<(String, String)>,
    /// The reporter paid on after reporting.
    paying: Option<Status>,
    /// Further reports of the same scheme that are folded under this one: words and address.
    folded: Option<(String, String)>,
    /// Held now, smallest units: for scripts and the browser walk.
    held_minor: i64,
}

/// What other slices say of the rows.
struct Beside {
    away: Away,
    tags: BTreeMap<ReportId, Tag>,
    folded: BTreeMap<ReportId, usize>,
}

/// A figure on top, with the filter that shows what it counts.
struct Count {
    href: String,
    n: String,
    words: String,
}

#[derive(Template)]
#[template(path = "desk_queue.html")]
struct Show {
    ctx: Ctx,
    counts: Vec<Count>,
    filter: FilterBar,
    rows: Vec<Row>,
    bulk: BulkBar,
    live: String,
    more: Option<String>,
    /// How many rows are folded.
    folded: Option<String>,
    left_out: i64,
    empty: Option<Empty>,
    may_file: bool,
}

#[derive(Template)]
#[template(path = "_desk_rows.html")]
struct Rows {
    ctx: Ctx,
    rows: Vec<Row>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct QueueQuery {
    q: String,
    page: String,
}

impl QueueQuery {
    fn pages(&self) -> usize {
        self.page.parse().unwrap_or(1).clamp(1, 20)
    }
}

/// More rows than this are a flood: those of one scheme fold to one.
const FLOOD: usize = 50;
/// So many rows of one scheme are not folded.
const FOLDED_FROM: usize = 3;

/// In a flood the rows of one scheme fold to the first of them. Gives how many lie under each.
fn fold(rows: &mut Vec<QueueRow>, tags: &BTreeMap<ReportId, Tag>) -> BTreeMap<ReportId, usize> {
    let number = |r: &QueueRow| tags.get(&r.report).map(|t| t.number.clone()).filter(|n| !n.is_empty());
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for n in rows.iter().filter_map(number) {
        let count = counts.entry(n).or_default();
        *count = count.saturating_add(1);
    }
    let mut firsts: BTreeMap<String, ReportId> = BTreeMap::new();
    let mut folded = BTreeMap::new();
    rows.retain(|r| {
        let Some(n) = number(r).filter(|n| counts.get(n).is_some_and(|c| *c > FOLDED_FROM)) else {
            return true;
        };
        match firsts.get(&n) {
            Some(first) => {
                let under: &mut usize = folded.entry(*first).or_default();
                *under = under.saturating_add(1);
                false
            }
            None => {
                firsts.insert(n, r.report);
                true
            }
        }
    });
    folded
}

/// The rows that a filter leaves: those to show, and how many there are.
async fn filtered(
    app: &App,
    actor: &Actor,
    query: &QueueQuery,
    ctx: &Ctx,
) -> Result<(Queue, Vec<QueueRow>, usize, Beside), Problem> {
    let filter = Filter::read(&query.q);
    let mut queue =
        if filter.closed { service::closed(app, actor).await? } else { service::queue(app, actor).await? };
    let until = filter.hour.as_deref().map(|hour| web::day::read_moment(hour, ctx.zone()));
    if until.is_some() && !filter.closed {
        let more = service::closed(app, actor).await?.rows;
        queue.rows.extend(more.into_iter().filter(|r| within(r, until)));
    }
    let me = if let Actor::Staff { user, .. } = actor { Some(*user) } else { None };
    let away = away(app, actor).await?;
    let (me_app, ids) = (app.clone(), queue.rows.iter().map(|r| r.report).collect::<Vec<_>>());
    let read = app.db.read(move |tx| scheme::service::tags(tx, &me_app, &ids)).await;
    let tags = read.map_err(service::DeskError::from)?;
    let tag = |r: &QueueRow| tags.get(&r.report);
    let mut kept: Vec<QueueRow> = queue
        .rows
        .iter()
        .filter(|r| filter.scheme.is_none() || tag(r).map(|t| &t.number) == filter.scheme.as_ref())
        .filter(|r| within(r, until))
        .filter(|r| {
            let of = |bank: &String| tag(r).is_some_and(|t| t.bank.eq_ignore_ascii_case(bank));
            filter.bank.as_ref().is_none_or(of)
        })
        .filter(|r| !filter.paying || tag(r).is_some_and(|t| t.paying))
        .filter(|r| !filter.away || r.owner.is_some_and(|owner| away.contains_key(&owner)))
        .filter(|r| filter.takes(r, me, ctx.now(), |m| app.profile.rough(m)))
        .cloned()
        .collect();
    // Whoever is probably still paying loses more by the hour.
    if !filter.closed {
        kept.sort_by_key(|r| !tag(r).is_some_and(|t| t.paying));
    }
    let flood =
        kept.len() > FLOOD && filter.scheme.is_none() && until.is_none() && !filter.closed && !filter.all;
    let all = kept.len();
    let folded = if flood { fold(&mut kept, &tags) } else { BTreeMap::new() };
    kept.truncate(PAGE.saturating_mul(query.pages()));
    Ok((queue, kept, all, Beside { away, tags, folded }))
}

/// Whether a row came in the hour that is asked for: `None` where none is, and nothing does in an hour that cannot be read.
fn within(row: &QueueRow, until: Option<Option<Timestamp>>) -> bool {
    until.is_none_or(|until| until.is_some_and(|until| within_hour(row.created_at, until)))
}

/// Everybody of the reader's organisation who is away, and till when.
async fn away(app: &App, actor: &Actor) -> Result<Away, Problem> {
    let organisation = access::organisation_of(actor).unwrap_or_default().to_owned();
    let now = app.office.now();
    let read = app.db.read(move |tx| access::away_now(tx, &organisation, now)).await;
    Ok(read.map_err(service::DeskError::from)?.into_iter().collect())
}

/// `GET /desk`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Query(query): Query<QueueQuery>,
) -> Result<Response, Problem> {
    let (queue, kept, all, beside) = filtered(&app, &actor, &query, &ctx).await?;
    let chips = [
        Chip { key: "desk-chip-late", filter: "is:late".to_owned() },
        Chip { key: "desk-chip-person", filter: "is:person".to_owned() },
        Chip { key: "desk-chip-mine", filter: "is:mine".to_owned() },
        Chip { key: "desk-chip-free", filter: "-assigned".to_owned() },
        Chip { key: "desk-chip-paying", filter: "is:paying".to_owned() },
        Chip { key: "desk-chip-away", filter: "is:away".to_owned() },
        Chip { key: "desk-chip-snoozed", filter: "is:snoozed".to_owned() },
        Chip { key: "desk-chip-closed", filter: "is:closed".to_owned() },
    ];
    let acts = [
        BulkAct { value: "take", key: "desk-act-take" },
        BulkAct { value: "orders", key: "desk-act-orders" },
    ];
    let under: usize = beside.folded.values().sum();
    let left_out = all.saturating_sub(kept.len()).saturating_sub(under);
    let empty = kept.is_empty().then(|| empty(&ctx, &query));
    let page = Show {
        counts: counts(&ctx, &queue),
        filter: FilterBar::new(&ctx, &query.q, &chips, i64::try_from(all).unwrap_or(i64::MAX)),
        rows: kept.iter().map(|r| row(&ctx, &actor, r, &beside)).collect(),
        folded: (under > 0).then(|| ctx.ta("desk-folded-view", [("n", i64::try_from(under).unwrap_or(0))])),
        bulk: BulkBar::new(&ctx, &acts).letter("take", "a").letter("orders", "o"),
        live: format!("/desk/rows?q={}&page={}", encode(&query.q), query.pages()),
        more: (left_out > 0)
            .then(|| ctx.path_with(&[("page", &query.pages().saturating_add(1).to_string())])),
        left_out: i64::try_from(left_out).unwrap_or(i64::MAX),
        empty,
        may_file: super::file::may_file(&actor),
        ctx,
    };
    Ok(Page(page).into_response())
}

/// `GET /desk/rows`: the rows alone, for the list that stays fresh by itself.
pub(crate) async fn rows(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Query(query): Query<QueueQuery>,
) -> Result<Response, Problem> {
    let (_, kept, _, beside) = filtered(&app, &actor, &query, &ctx).await?;
    let rows = kept.iter().map(|r| row(&ctx, &actor, r, &beside)).collect();
    Ok(Page(Rows { rows, ctx }).into_response())
}

/// `POST /desk`: an act on all ticked rows, or the take button of one row.
pub(crate) async fn bulk(
    Staff(actor): Staff,
    State(app): State<App>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<SeeOther, Problem> {
    let all = |name: &'static str| {
        form.iter().filter(move |(n, v)| n.as_str() == name && !v.is_empty()).map(|(_, v)| v.clone())
    };
    let one: Vec<String> = all("take").take(1).collect();
    let ticked: Vec<String> = all("id").take(MANY).collect();
    if all("act").next().as_deref() == Some("orders") {
        return Ok(SeeOther::to(format!("/desk/orders?n={}", encode(&ticked.join(",")))));
    }
    let (taken, others) = take_many(&app, &actor, if one.is_empty() { &ticked } else { &one }).await?;
    let back = SeeOther::to("/desk");
    if others > 0 {
        let told =
            Toast::new("desk-taken-others").with("n", taken.len().to_string()).with("m", others.to_string());
        return Ok(back.with_toast(told));
    }
    Ok(if taken.is_empty() { back } else { back.with_toast(toast("taken", "take", &taken)) })
}

fn counts(ctx: &Ctx, queue: &Queue) -> Vec<Count> {
    let of =
        |f: &dyn Fn(Why) -> bool| queue.counts.iter().filter(|(w, _)| f(*w)).map(|(_, n)| *n).sum::<i64>();
    let drafts = queue.rows.iter().map(|r| r.drafts).sum::<i64>();
    let count = |q: &str, n: i64, key: &str| Count {
        href: format!("/desk?q={}", encode(q)),
        n: ctx.number(n),
        words: ctx.t(key),
    };
    vec![
        count("is:late", of(&|w| w == Why::Late), "desk-count-late"),
        count("is:person", of(&|w| w.needs_person()), "desk-count-person"),
        count("", of(&|w| !w.needs_person()), "desk-count-waiting"),
        Count { href: "/desk/orders".to_owned(), n: ctx.number(drafts), words: ctx.t("desk-count-drafts") },
    ]
}

fn empty(ctx: &Ctx, query: &QueueQuery) -> Empty {
    if query.q.is_empty() {
        Empty::new(ctx, "desk-empty").action("/desk?q=is%3Asnoozed", &ctx.t("desk-empty-snoozed"))
    } else {
        Empty::new(ctx, "empty-filter").action("/desk", &ctx.t("filter-clear"))
    }
}

/// The colour of the reason why a row is here.
const fn tone(why: Why) -> Tone {
    match why {
        Why::Late => Tone::Red,
        Why::Drafts | Why::NoOrder | Why::Ongoing | Why::Question | Why::NotFound | Why::Message => {
            Tone::Amber
        }
        Why::New | Why::Waiting => Tone::Blue,
        Why::Quiet => Tone::Grey,
    }
}

fn row(ctx: &Ctx, actor: &Actor, r: &QueueRow, beside: &Beside) -> Row {
    let now = ctx.now();
    let tag = beside.tags.get(&r.report);
    let scheme = tag.filter(|t| !t.number.is_empty());
    let running = ClockState::Running { since: r.created_at };
    let due = r.due.filter(|_| r.closed_at.is_none() && (r.why != Why::Quiet || r.due > Some(now)));
    let me = if let Actor::Staff { user, .. } = actor { Some(*user) } else { None };
    let mine = me.is_some() && r.owner == me;
    let waits = r.snoozed_until.filter(|until| *until > now);
    Row {
        href: page_of(&r.number),
        back: encode(
            ctx.path()
                .strip_prefix("/desk/rows")
                .map_or_else(|| ctx.path().to_owned(), |q| format!("/desk{q}"))
                .as_str(),
        ),
        clock: due.map(|due| ctx.clock(due, now, &running)),
        loss: if r.loss.is_positive() { ctx.money(r.loss) } else { "–".to_owned() },
        what: ctx.ta(
            "desk-what",
            [
                ("harm", ctx.t(&format!("desk-harm-{}", r.harm.as_str()))),
                ("lang", ctx.t(&lang_key(r.lang.tag()))),
            ],
        ),
        ongoing: r.ongoing.then(|| Status::new(ctx, "desk-ongoing", Tone::Red)),
        word: (r.word_at.is_some() && r.why != Why::Message)
            .then(|| Status::new(ctx, "desk-why-message", Tone::Amber)),
        path: path(ctx, r),
        owner: if r.owner_name.is_empty() { ctx.t("desk-nobody") } else { r.owner_name.clone() },
        away: r
            .owner
            .and_then(|owner| beside.away.get(&owner))
            .map(|till| ctx.ta("desk-owner-away", [("time", ctx.moment(*till))])),
        mine,
        free: r.owner.is_none() && r.closed_at.is_none(),
        why: if r.why.needs_person() {
            ctx.t(&format!("desk-why-{}-text", words::key_part(r.why.as_str())))
        } else {
            String::new()
        },
        why_tag: Status::new(ctx, &format!("desk-why-{}", words::key_part(r.why.as_str())), tone(r.why)),
        drafts: r.drafts,
        note: waits.map_or_else(String::new, |until| {
            ctx.ta("desk-snoozed-until", [("time", ctx.moment(until)), ("reason", r.snooze_reason.clone())])
        }),
        scheme: scheme.map(|t| {
            let words =
                ctx.ta("desk-row-scheme", [("number", t.number.clone()), ("n", ctx.number(t.reports))]);
            (format!("/desk/schemes/{}", t.number), words)
        }),
        paying: tag.filter(|t| t.paying).map(|_| Status::new(ctx, "scheme-tag-paying", Tone::Red)),
        folded: beside.folded.get(&r.report).zip(scheme).map(|(n, t)| {
            let words = ctx.ta("desk-row-folded", [("n", ctx.number(i64::try_from(*n).unwrap_or(0)))]);
            (words, format!("/desk?q={}", encode(&format!("scheme:{}", t.number))))
        }),
        held_minor: r.held.minor(),
        number: r.number.clone(),
    }
}

pub(crate) fn lang_key(tag: &str) -> String {
    if matches!(tag, "kk" | "ru" | "en") { format!("desk-lang-{tag}") } else { "desk-lang-other".to_owned() }
}

/// How far along its path the money is, in words.
fn path(ctx: &Ctx, r: &QueueRow) -> String {
    let mut parts = Vec::new();
    if r.held.is_positive() {
        parts.push(ctx.ta("desk-path-held", [("sum", ctx.money(r.held))]));
    }
    if r.reachable.is_positive() {
        parts.push(ctx.ta("desk-path-reachable", [("sum", ctx.money(r.reachable))]));
    }
    if parts.is_empty() {
        parts.push(ctx.t("desk-path-nothing"));
    }
    if r.hops > 0 {
        parts.push(ctx.ta("desk-path-hops", [("n", r.hops)]));
    }
    parts.join("; ")
}
