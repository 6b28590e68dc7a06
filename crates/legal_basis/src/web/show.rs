//! `GET /law/{key}`: what a basis allows, who must sign, the clocks; every version with what it changed; the changes
//! that wait.

use ::web::{Callout, Ctx, Markup, Page, Problem, Status, Tone};
use access::{Action, Kind, Resource, Staff};
use app::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use kernel::Actor;
use profile::{BasisRecord, SourceMark};

use super::comparison::Comparison;
use super::list::{mark_tag, state_tag};
use super::{page_of, words};
use crate::change::{DraftStatus, LawDraft};
use crate::compare::Field;
use crate::import::held_back;
use crate::law::{self, BasisState, LawBasis};
use crate::model::Basis;

/// A field of a text: its name and what it says.
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) lines: Vec<String>,
}

/// The fields of a page, in its order.
const FACTS: [Field; 18] = [
    Field::Measures,
    Field::Addressees,
    Field::Scope,
    Field::Approvers,
    Field::Sanction,
    Field::Standing,
    Field::MaxTerm,
    Field::Extension,
    Field::Ack,
    Field::Action,
    Field::Exempt,
    Field::Notify,
    Field::AppealBody,
    Field::FileWithin,
    Field::DecideWithin,
    Field::Mark,
    Field::Note,
    Field::Unverified,
];

/// Everything that a text says.
pub(super) fn facts(ctx: &Ctx, record: &BasisRecord) -> Vec<Fact> {
    let one =
        |f: Field| Fact { name: words::field(ctx, f, None), lines: words::value(ctx, record, f, ctx.lang()) };
    FACTS.into_iter().map(one).collect()
}

struct VersionRow {
    no: i64,
    state: Status,
    span: String,
    recorded: String,
    origin: String,
    reason: String,
    change: Option<String>,
    comparison: Option<Comparison>,
}

/// A draft in a list.
pub(super) struct DraftRow {
    href: String,
    status: Status,
    says: String,
    reason: String,
    decided: String,
}

#[derive(Template)]
#[template(path = "law_show.html")]
struct Show {
    ctx: Ctx,
    key: String,
    title: String,
    act: String,
    register: String,
    text: String,
    span: String,
    state: Status,
    mark: Status,
    callout: Option<Callout>,
    notes: Vec<String>,
    version: i64,
    facts: Vec<Fact>,
    change: Option<String>,
    waiting: Vec<DraftRow>,
    decided: Vec<DraftRow>,
    versions: Vec<VersionRow>,
}

/// Whether the actor may draft a change of this basis.
pub(super) fn may_change(app: &App, actor: &Actor, basis: &LawBasis) -> bool {
    let Some(first) = basis.versions.first() else { return false };
    let resource = Resource::bare(Kind::LegalBasis, first.id, &app.node.code);
    !crate::change::rules::is_withdrawn(&basis.versions)
        && access::allowed(actor, Action::ManageLegalBasis, &resource)
}

/// `GET /law/{key}`.
pub(super) async fn show(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Path(key): Path<String>,
) -> Result<Response, Problem> {
    let basis = law::one(&app, &actor, &key).await?;
    let shown = basis.shown(ctx.now()).ok_or_else(Problem::not_found)?;
    Ok(Page(page(&ctx, &app, &actor, &basis, shown)).into_response())
}

fn page(ctx: &Ctx, app: &App, actor: &Actor, basis: &LawBasis, shown: &Basis) -> Show {
    let change = may_change(app, actor, basis).then(|| format!("{}/change", page_of(shown.key())));
    let drafts = |open: bool| {
        let own = basis.drafts.iter().filter(|d| (d.status == DraftStatus::Drafted) == open);
        own.map(|d| draft_row(ctx, d)).collect()
    };
    let mut said = said(ctx, app, basis, shown).into_iter();
    Show {
        key: shown.key().to_owned(),
        title: shown.title().get(ctx.lang()).to_owned(),
        act: words::act(ctx, shown),
        register: shown.act().to_owned(),
        text: shown.text().get(ctx.lang()).to_owned(),
        span: words::span(ctx, basis.held(shown)),
        state: state_tag(ctx, basis.state(ctx.now())),
        mark: mark_tag(ctx, shown.mark()),
        callout: said.next().map(|(tone, text)| Callout::new(ctx, tone, "", Markup::text(&text))),
        notes: said.map(|(_, text)| text).collect(),
        version: shown.version,
        facts: facts(ctx, &shown.record),
        waiting: drafts(true),
        decided: drafts(false),
        versions: versions(ctx, basis, change.as_deref()),
        change,
        ctx: ctx.clone(),
    }
}

/// What an officer must know before relying on it, the gravest first.
fn said(ctx: &Ctx, app: &App, basis: &LawBasis, shown: &Basis) -> Vec<(Tone, String)> {
    let mut all = Vec::new();
    let now = ctx.now();
    match basis.state(now) {
        BasisState::InForce => {}
        state => all.push((Tone::Amber, words::word(ctx, "not-now", state.as_str()))),
    }
    if shown.mark() == SourceMark::ToBeConfirmed {
        all.push((Tone::Amber, ctx.t("legal-basis-not-confirmed")));
    }
    if let (Some(next), true) = (basis.next(now), basis.current(now).is_some()) {
        let day = words::begins(ctx, next.effective_from);
        let key = if next.is_end() { "legal-basis-ends-then" } else { "legal-basis-changes-then" };
        all.push((Tone::Blue, ctx.ta(key, [("day", day)])));
    }
    if let Some(record) = held_back(&basis.versions, &app.profile) {
        all.push((Tone::Amber, ctx.ta("legal-basis-held-back", [("n", record.version)])));
    }
    all
}

/// All versions, the one that begins last first.
fn versions(ctx: &Ctx, basis: &LawBasis, change: Option<&str>) -> Vec<VersionRow> {
    let mut rows: Vec<VersionRow> =
        basis.by_time().into_iter().map(|b| version(ctx, basis, b, change)).collect();
    rows.reverse();
    rows
}

fn version(ctx: &Ctx, basis: &LawBasis, b: &Basis, change: Option<&str>) -> VersionRow {
    let current = basis.current(ctx.now()).is_some_and(|c| c.version == b.version);
    let planned = !b.is_end() && b.effective_from > ctx.now();
    let (key, tone) = match (current, b.is_end(), planned) {
        (true, ..) => ("legal-basis-version-in-force", Tone::Green),
        (_, true, _) => ("legal-basis-version-end", Tone::Grey),
        (_, _, true) => ("legal-basis-version-planned", Tone::Blue),
        _ => ("legal-basis-version-past", Tone::Grey),
    };
    let draft = basis.drafts.iter().find(|d| Some(d.id.uuid()) == b.draft);
    let origin = match (draft, draft.and_then(|d| d.decision.as_ref())) {
        (Some(d), Some(decision)) => {
            let args = [("author", d.author_name.as_str()), ("second", decision.name.as_str())];
            ctx.ta("legal-basis-from-desk", args)
        }
        _ if b.draft.is_some() => ctx.t("legal-basis-from-desk-unknown"),
        _ => ctx.t("legal-basis-from-profile"),
    };
    let comparison = basis.before(b.version).map(|old| {
        let heads = [old.version, b.version].map(|n| ctx.ta("legal-basis-version", [("n", n)]));
        let label = ctx.ta("legal-basis-what-changed-in", [("n", b.version)]);
        let [was, is] = heads;
        Comparison::new(ctx, (&old.record, &b.record), &label, (was, is))
    });
    VersionRow {
        no: b.version,
        state: Status::new(ctx, key, tone),
        span: span(ctx, basis, b),
        recorded: ctx.date_time(b.recorded_at),
        origin,
        reason: draft.map_or_else(String::new, |d| d.reason.clone()),
        // A change begins today or later: what has ended is not written over.
        change: change.filter(|_| planned).map(|href| format!("{href}?version={}", b.version)),
        comparison: comparison.filter(|c| c.len() > 0),
    }
}

/// From when to when a version holds or held.
fn span(ctx: &Ctx, basis: &LawBasis, b: &Basis) -> String {
    let (from, to) = basis.held(b);
    let replaced = !b.is_end() && to.is_some_and(|to| to <= from);
    if replaced { ctx.t("legal-basis-span-never") } else { words::span(ctx, (from, to)) }
}

/// The tag of a draft's status.
pub(super) fn draft_tag(ctx: &Ctx, status: DraftStatus) -> Status {
    let tone = match status {
        DraftStatus::Drafted => Tone::Amber,
        DraftStatus::Enacted => Tone::Green,
        DraftStatus::Refused => Tone::Grey,
    };
    Status::new(ctx, &format!("legal-basis-draft-{}", status.as_str()), tone)
}

fn draft_row(ctx: &Ctx, d: &LawDraft) -> DraftRow {
    let args = [("author", d.author_name.clone()), ("time", ctx.date_time(d.header.created_at))];
    let decided = d.decision.as_ref().map_or_else(String::new, |x| {
        let args = [("name", x.name.clone()), ("time", ctx.date_time(x.at)), ("reason", x.reason.clone())];
        let key =
            if x.version.is_some() { "legal-basis-draft-enacted-by" } else { "legal-basis-draft-refused-by" };
        ctx.ta(key, args)
    });
    DraftRow {
        href: super::draft_page(d.id),
        status: draft_tag(ctx, d.status),
        says: ctx.ta("legal-basis-draft-by", args),
        reason: d.reason.clone(),
        decided,
    }
}
