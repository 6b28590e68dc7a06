//! The page: the box, what was found, and how it divides.

use std::sync::Arc;

use access::Staff;
use app::App;
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse as _, Response};
use kernel::{Class, Timestamp};
use serde::Deserialize;
use web::{Ctx, Empty, Markup, Page, Problem, SeeOther, Status};

use super::words;
use crate::model::{Answer, Count, How, Period, Piece, Row, Shown, Wanted};
use crate::service::{self, Asked, PAGE, PAGES};
use crate::shelf::Shelf;

/// Regions that are offered, those with most first.
const REGIONS: usize = 12;

/// A filter that can be set or taken off.
struct ChipView {
    words: String,
    href: String,
    on: bool,
}

/// Filters of one sort.
struct Facet {
    id: &'static str,
    title: String,
    chips: Vec<ChipView>,
}

struct RowView {
    href: String,
    number: String,
    kind: String,
    about: Vec<String>,
    snippet: Vec<Piece>,
    lang: String,
    state: Status,
    region: String,
    at: Option<Markup>,
}

#[derive(Template)]
#[template(path = "search.html")]
struct Show {
    ctx: Ctx,
    typed: String,
    notes: Vec<Markup>,
    count: String,
    facets: Vec<Facet>,
    sorts: Vec<ChipView>,
    rows: Vec<RowView>,
    pages: Option<(String, Option<String>, Option<String>)>,
    empty: Option<Empty>,
}

/// The address: what was typed is sealed in `s`.
#[derive(Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct Address {
    s: String,
    q: String,
    kind: String,
    region: String,
    state: String,
    period: String,
    sort: String,
    page: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    q: String,
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

impl Address {
    fn wanted(&self, text: String) -> Wanted {
        Wanted {
            text,
            kind: some(&self.kind),
            region: some(&self.region),
            state: some(&self.state),
            period: Period::parse(&self.period),
            newest: self.sort == "newest",
            page: self.page.parse::<usize>().unwrap_or(1).saturating_sub(1).min(PAGES.saturating_sub(1)),
        }
    }
    fn is_narrowed(&self) -> bool {
        [&self.kind, &self.region, &self.state, &self.period].iter().any(|f| !f.is_empty())
    }
}

/// `POST /desk/search`: what was typed leads to an address that does not tell it.
pub(crate) async fn ask(
    Staff(actor): Staff,
    State(app): State<App>,
    shelf: Option<Extension<Arc<Shelf>>>,
    Form(typed): Form<Typed>,
) -> Result<SeeOther, Problem> {
    let shelf = shelf.ok_or_else(|| Problem::of(&crate::SearchError::NoIndex))?;
    if !service::may_search(&shelf, &actor) {
        return Err(Problem::of(&access::AccessError::Hidden));
    }
    to_sealed(&app, &actor, &typed.q).await
}

async fn to_sealed(app: &App, actor: &kernel::Actor, typed: &str) -> Result<SeeOther, Problem> {
    let sealed = service::seal(app, actor, typed).await?;
    Ok(SeeOther::to(if sealed.is_empty() {
        "/desk/search".to_owned()
    } else {
        format!("/desk/search?s={sealed}")
    }))
}

/// `GET /desk/search`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    shelf: Option<Extension<Arc<Shelf>>>,
    Query(address): Query<Address>,
) -> Result<Response, Problem> {
    let ctx = ctx.of_no_section();
    let Extension(shelf) = shelf.ok_or_else(|| Problem::new(Class::Unavailable, "search.no_index"))?;
    if !service::may_search(&shelf, &actor) {
        return Err(Problem::of(&access::AccessError::Hidden));
    }
    // A link that somebody wrote by hand.
    if !address.q.trim().is_empty() {
        return Ok(to_sealed(&app, &actor, &address.q).await?.into_response());
    }
    let page = match service::unseal(&app, &actor, &address.s).await? {
        Asked::Typed(words) => {
            let typed = service::words(words);
            let answer = service::search(&app, &shelf, &actor, &address.wanted(typed.clone())).await?;
            found(ctx, &app, &address, typed, &answer)
        }
        Asked::Nothing => nothing_typed(ctx, None),
        Asked::Foreign => nothing_typed(ctx, Some("search-note-foreign")),
        Asked::Old => nothing_typed(ctx, Some("search-note-old")),
    };
    Ok(Page(page).into_response())
}

/// Before anything is typed.
fn nothing_typed(ctx: Ctx, note: Option<&str>) -> Show {
    let notes = note.map(|note| Markup::text(&ctx.t(note))).into_iter().collect();
    Show {
        typed: String::new(),
        notes,
        count: String::new(),
        facets: Vec::new(),
        sorts: Vec::new(),
        rows: Vec::new(),
        pages: None,
        empty: Some(Empty::new(&ctx, "search-start")),
        ctx,
    }
}

fn found(ctx: Ctx, app: &App, address: &Address, typed: String, answer: &Answer) -> Show {
    let total = i64::try_from(answer.total).unwrap_or(i64::MAX);
    let all = ctx.path_with(&[("kind", ""), ("region", ""), ("state", ""), ("period", ""), ("page", "")]);
    let empty = (answer.total == 0).then(|| {
        if answer.all > 0 && address.is_narrowed() {
            Empty::new(&ctx, "empty-filter").action(&all, &ctx.t("filter-clear"))
        } else {
            Empty::new(&ctx, "search-nothing")
        }
    });
    Show {
        notes: notes(&ctx, answer),
        count: ctx.ta("filter-count", [("n", ctx.number(total))]),
        facets: if answer.all == 0 { Vec::new() } else { facets(&ctx, app, address, answer) },
        sorts: sorts(&ctx, address, answer),
        rows: answer.rows.iter().map(|r| row(&ctx, app, r)).collect(),
        pages: pages(&ctx, address, answer),
        typed,
        empty,
        ctx,
    }
}

/// How it had to be read.
fn notes(ctx: &Ctx, answer: &Answer) -> Vec<Markup> {
    let mut notes = Vec::new();
    match &answer.how {
        How::Typed => {}
        How::Near => notes.push(Markup::text(&ctx.t("search-note-near"))),
        How::Some => notes.push(Markup::text(&ctx.t("search-note-some"))),
        How::Layout(meant) => notes.push(ctx.tm("search-note-layout", [("meant", meant.clone())])),
    }
    if !answer.ready {
        notes.push(Markup::text(&ctx.t("search-note-not-ready")));
    }
    notes
}

/// What a row is called: by its number, or by what tells it from others of the same number.
fn title(ctx: &Ctx, shown: &Shown) -> String {
    let said: Vec<String> = shown.title.iter().map(|a| words::about(ctx, a)).collect();
    if said.is_empty() { shown.number.clone() } else { said.join(", ") }
}

fn row(ctx: &Ctx, app: &App, row: &Row) -> RowView {
    let shown = &row.shown;
    RowView {
        href: shown.href.clone(),
        number: title(ctx, shown),
        kind: words::kind(ctx, row.kind),
        about: shown.about.iter().map(|a| words::about(ctx, a)).filter(|a| !a.is_empty()).collect(),
        snippet: row.snippet.clone(),
        lang: shown.lang.clone(),
        state: words::tag(ctx, row.kind, shown.state),
        region: if shown.region.is_empty() { String::new() } else { words::region(ctx, app, &shown.region) },
        at: (shown.at > Timestamp::from_secs(0)).then(|| ctx.time(shown.at)),
    }
}

/// A filter of one sort with its count; pressing one that is set takes it off.
fn chip(ctx: &Ctx, name: &str, now: &str, value: &str, words: &str, n: u64) -> ChipView {
    let on = now == value;
    let n = ctx.number(i64::try_from(n).unwrap_or(i64::MAX));
    ChipView {
        words: ctx.ta("search-chip", [("words", words.to_owned()), ("n", n)]),
        href: ctx.path_with(&[(name, if on { "" } else { value }), ("page", "")]),
        on,
    }
}

/// The values of a facet, and the one that is set if nothing has it: it can still be taken off.
fn with_set<T: ToString>(counts: &[Count<T>], set: &str) -> Vec<(String, u64)> {
    let mut all: Vec<(String, u64)> = counts.iter().map(|c| (c.value.to_string(), c.n)).collect();
    if !set.is_empty() && !all.iter().any(|(value, _)| value == set) {
        all.push((set.to_owned(), 0));
    }
    all
}

fn facets(ctx: &Ctx, app: &App, address: &Address, answer: &Answer) -> Vec<Facet> {
    let f = &answer.facets;
    let periods: Vec<Count<&str>> =
        f.periods.iter().map(|c| Count { value: c.value.as_str(), n: c.n }).collect();
    let period = Period::parse(&address.period).map_or("", Period::as_str);
    let mut regions = with_set(&f.regions, &address.region);
    regions.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    regions.truncate(REGIONS);
    // States of a kind that is not shown say nothing.
    let mut states = with_set(&f.states, &address.state);
    states.retain(|(state, _)| {
        address.kind.is_empty() || state.split_once('.').is_some_and(|(kind, _)| kind == address.kind)
    });
    let chips =
        |name: &'static str, set: &str, all: Vec<(String, u64)>, words: &dyn Fn(&str) -> String| -> Facet {
            let chips = all.iter().map(|(value, n)| chip(ctx, name, set, value, &words(value), *n)).collect();
            Facet { id: name, title: ctx.t(&format!("search-facet-{name}")), chips }
        };
    let mut all = vec![
        chips("kind", &address.kind, with_set(&f.kinds, &address.kind), &|k| words::kind(ctx, k)),
        chips("state", &address.state, states, &|s| words::state(ctx, s)),
        chips("region", &address.region, regions, &|r| words::region(ctx, app, r)),
        chips("period", period, with_set(&periods, period), &|p| ctx.t(&format!("search-period-{p}"))),
    ];
    all.retain(|facet| !facet.chips.is_empty());
    all
}

fn sorts(ctx: &Ctx, address: &Address, answer: &Answer) -> Vec<ChipView> {
    if answer.total < 2 {
        return Vec::new();
    }
    let newest = address.sort == "newest";
    let one = |word: &str, value: &str, on: bool| ChipView {
        words: ctx.t(word),
        href: ctx.path_with(&[("sort", value), ("page", "")]),
        on,
    };
    vec![one("search-sort-best", "", !newest), one("search-sort-newest", "newest", newest)]
}

/// Which page it is, and the ways to the next to it.
fn pages(ctx: &Ctx, address: &Address, answer: &Answer) -> Option<(String, Option<String>, Option<String>)> {
    let page_len = u64::try_from(PAGE).unwrap_or(u64::MAX);
    let last = answer.total.div_ceil(page_len).min(u64::try_from(PAGES).unwrap_or(u64::MAX));
    let here: u64 = address.page.parse().unwrap_or(1);
    if last < 2 {
        return None;
    }
    let number = |n: u64| ctx.number(i64::try_from(n).unwrap_or(i64::MAX));
    let to = |n: u64| ctx.path_with(&[("page", &if n < 2 { String::new() } else { n.to_string() })]);
    let before = (here > 1).then(|| to(here.saturating_sub(1).min(last)));
    let after = (here < last).then(|| to(here.saturating_add(1)));
    Some((ctx.ta("search-page", [("n", number(here)), ("of", number(last))]), before, after))
}
