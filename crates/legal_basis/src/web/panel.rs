//! The panel that explains a past act: which version of the law allowed it then, whether it would be allowed today.

use ::web::{Ctx, Markup, Status, Tone, render};
use askama::Template;

use super::comparison::Comparison;
use super::{page_of, words};
use crate::explain::Explanation;
use crate::model::Basis;
use crate::rules::BasisRefusal;

/// A version in a line: which one, from when to when, where it can be read.
struct Line {
    title: String,
    act: String,
    href: String,
    span: String,
}

#[derive(Template)]
#[template(path = "_legal_basis_explanation.html")]
struct Panel {
    ctx: Ctx,
    at: String,
    then: Status,
    cited: Line,
    text: String,
    /// Said where the cited version was not in force at the moment of the act.
    not_in_force: String,
    then_refusals: Vec<String>,
    today: Status,
    today_says: String,
    today_line: Option<Line>,
    today_refusals: Vec<String>,
    changed: String,
    comparison: Option<Comparison>,
}

/// An explanation as a fragment, for the page of an act. It decides nothing about who may see it: the law is public,
/// and whoever may see the act may know on what ground it stands.
#[must_use]
pub fn explanation_panel(ctx: &Ctx, e: &Explanation) -> Markup {
    let told = |refusals: &[BasisRefusal]| refusals.iter().map(|r| refusal(ctx, *r)).collect();
    let today = e.today.as_ref();
    let later = today.filter(|t| t.version != e.cited.version);
    render(&Panel {
        at: ctx.date_time(e.at),
        then: verdict(ctx, e.was_allowed(), "legal-basis-explain-allowed", "legal-basis-explain-not-allowed"),
        cited: line(ctx, &e.cited),
        text: e.cited.text().get(ctx.lang()).to_owned(),
        not_in_force: not_in_force(ctx, e),
        then_refusals: told(&e.then),
        today: verdict(
            ctx,
            e.would_be_allowed_today(),
            "legal-basis-explain-allowed-today",
            "legal-basis-explain-not-allowed-today",
        ),
        today_says: today_says(ctx, e),
        today_line: e.other_today.as_ref().or(later).map(|b| line(ctx, b)),
        today_refusals: told(&e.today_refusals),
        changed: changed(ctx, e),
        comparison: later.map(|t| {
            let heads = (version(ctx, &e.cited), version(ctx, t));
            Comparison::new(ctx, (&e.cited.record, &t.record), &ctx.t("legal-basis-explain-changes"), heads)
        }),
        ctx: ctx.clone(),
    })
}

fn verdict(ctx: &Ctx, fine: bool, yes: &str, no: &str) -> Status {
    if fine { Status::new(ctx, yes, Tone::Green) } else { Status::new(ctx, no, Tone::Red) }
}

fn version(ctx: &Ctx, basis: &Basis) -> String {
    ctx.ta("legal-basis-version", [("n", basis.version)])
}

fn line(ctx: &Ctx, basis: &Basis) -> Line {
    Line {
        title: format!("{}. {}", basis.title().get(ctx.lang()), version(ctx, basis)),
        act: words::act(ctx, basis),
        href: format!("{}#v{}", page_of(basis.key()), basis.version),
        span: words::span(ctx, (basis.effective_from, basis.effective_to)),
    }
}

/// A refusal in words.
fn refusal(ctx: &Ctx, refusal: BasisRefusal) -> String {
    ctx.t(&::web::Problem::key(kernel::Coded::code(&refusal)))
}

fn not_in_force(ctx: &Ctx, e: &Explanation) -> String {
    match e.then_in_force {
        _ if e.in_force_then => String::new(),
        Some(n) => ctx.ta("legal-basis-explain-other-then", [("n", n)]),
        None => ctx.t("legal-basis-explain-none-then"),
    }
}

/// By what it would be allowed today, or why it would not.
fn today_says(ctx: &Ctx, e: &Explanation) -> String {
    match (&e.other_today, &e.today) {
        (Some(_), _) => ctx.t("legal-basis-explain-by-another"),
        (None, None) => ctx.t("legal-basis-explain-none-today"),
        (None, Some(_)) if !e.would_be_allowed_today() => String::new(),
        (None, Some(t)) if t.version == e.cited.version => ctx.t("legal-basis-explain-by-same"),
        (None, Some(t)) => ctx.ta("legal-basis-explain-by-later", [("n", t.version)]),
    }
}

fn changed(ctx: &Ctx, e: &Explanation) -> String {
    match &e.today {
        None => ctx.t("legal-basis-explain-ended"),
        Some(t) if t.version == e.cited.version => ctx.t("legal-basis-explain-unchanged"),
        Some(_) => String::new(),
    }
}
