//! `GET /law`: every basis in one table.

use ::web::{Chip, Ctx, Empty, FilterBar, Page, Problem, Status, Tone};
use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use profile::{Measure, SourceMark};
use serde::Deserialize;

use super::words;
use crate::law::{self, BasisState, LawBasis};
use crate::model::Basis;

#[derive(Template)]
#[template(path = "law_list.html")]
struct List {
    ctx: Ctx,
    filter: FilterBar,
    rows: Vec<Row>,
    empty: Option<Empty>,
}

struct Row {
    href: String,
    key: String,
    title: String,
    act: String,
    measures: Vec<String>,
    addressees: Vec<String>,
    since: String,
    ends: Option<String>,
    state: Status,
    mark: String,
    drafts: usize,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    q: String,
}

/// The tag of a state.
pub(super) fn state_tag(ctx: &Ctx, state: BasisState) -> Status {
    let tone = match state {
        BasisState::InForce => Tone::Green,
        BasisState::Planned => Tone::Blue,
        BasisState::Ended | BasisState::Withdrawn => Tone::Grey,
    };
    Status::new(ctx, &format!("legal-basis-state-{}", words::key_part(state.as_str())), tone)
}

/// The tag of how well it has been checked.
pub(super) fn mark_tag(ctx: &Ctx, mark: SourceMark) -> Status {
    let tone = match mark {
        SourceMark::Confirmed => Tone::Green,
        SourceMark::ToBeConfirmed => Tone::Amber,
    };
    Status::new(ctx, &format!("legal-basis-mark-{}", words::key_part(mark.as_str())), tone)
}

/// `GET /law`.
pub(super) async fn list(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let all = law::overview(&app, &actor).await?;
    Ok(Page(page(&ctx, &all, &query.q)).into_response())
}

fn page(ctx: &Ctx, all: &[LawBasis], filter: &str) -> List {
    let wanted: Vec<String> = filter.split_whitespace().take(20).map(str::to_lowercase).collect();
    let shown: Vec<(&LawBasis, &Basis)> = all
        .iter()
        .filter_map(|b| Some((b, b.shown(ctx.now())?)))
        .filter(|(b, shown)| wanted.iter().all(|word| takes(ctx, b, shown, word)))
        .collect();
    let empty = shown.is_empty().then(|| {
        if all.is_empty() {
            Empty::new(ctx, "legal-basis-empty")
        } else {
            Empty::new(ctx, "empty-filter").action(&ctx.path_with(&[("q", "")]), &ctx.t("filter-clear"))
        }
    });
    let count = i64::try_from(shown.len()).unwrap_or(i64::MAX);
    List {
        filter: FilterBar::new(ctx, filter, &chips(ctx, all), count),
        rows: shown.into_iter().map(|(b, v)| row(ctx, b, v)).collect(),
        empty,
        ctx: ctx.clone(),
    }
}

/// What is asked for most, then each measure that some basis allows.
fn chips(ctx: &Ctx, all: &[LawBasis]) -> Vec<Chip> {
    let fixed = [
        ("legal-basis-chip-to-be-confirmed", "mark:to_be_confirmed"),
        ("legal-basis-chip-draft", "is:draft"),
        ("legal-basis-chip-out", "is:out"),
    ];
    let some =
        |m: &&Measure| all.iter().filter_map(|b| b.shown(ctx.now())).any(|b| b.record.measures.contains(m));
    let own = fixed.into_iter().map(|(key, filter)| Chip { key, filter: filter.to_owned() });
    let of = |m: &Measure| Chip { key: words::measure_key(*m), filter: format!("measure:{m}") };
    own.chain(Measure::ALL.iter().filter(some).map(of)).collect()
}

fn takes(ctx: &Ctx, basis: &LawBasis, shown: &Basis, word: &str) -> bool {
    let record = &shown.record;
    match word.split_once(':') {
        Some(("is", "draft")) => basis.waiting().next().is_some(),
        Some(("is", "out")) => basis.state(ctx.now()) != BasisState::InForce,
        Some(("is", state)) => basis.state(ctx.now()).as_str() == state,
        Some(("mark", mark)) => record.source.mark.as_str() == mark,
        Some(("measure", wanted)) => record.measures.iter().any(|m| m.as_str() == wanted),
        Some(("to", wanted)) => record.addressees.iter().any(|a| a.as_str() == wanted),
        Some(_) => false,
        None => {
            let own = [record.title.get(ctx.lang()).to_owned(), words::act(ctx, shown), record.key.clone()];
            own.iter().any(|text| text.to_lowercase().contains(word))
        }
    }
}

fn row(ctx: &Ctx, basis: &LawBasis, shown: &Basis) -> Row {
    let (record, state) = (&shown.record, basis.state(ctx.now()));
    let listed =
        |prefix, codes: Vec<&'static str>| codes.iter().map(|c| words::word(ctx, prefix, c)).collect();
    Row {
        href: super::page_of(&record.key),
        key: record.key.clone(),
        title: record.title.get(ctx.lang()).to_owned(),
        act: words::act(ctx, shown),
        measures: listed("measure", record.measures.iter().map(|m| m.as_str()).collect()),
        addressees: listed("addressee", record.addressees.iter().map(|a| a.as_str()).collect()),
        since: words::begins(ctx, shown.effective_from),
        ends: ends(ctx, basis, shown, state),
        state: state_tag(ctx, state),
        mark: words::word(ctx, "mark", shown.mark().as_str()),
        drafts: basis.waiting().count(),
    }
}

/// When the shown version ends or ended; `None` while nobody knows.
fn ends(ctx: &Ctx, basis: &LawBasis, shown: &Basis, state: BasisState) -> Option<String> {
    let at = match state {
        BasisState::InForce => basis.ends(ctx.now()),
        BasisState::Planned => shown.effective_to,
        BasisState::Ended | BasisState::Withdrawn => basis.ended(ctx.now()),
    };
    at.map(|at| words::last_day(ctx, at))
}
