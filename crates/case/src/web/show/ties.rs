//! What ties the case to the law, to registers, to other bodies and to other cases.

use app::App;
use web::{Ctx, Status, Tone};

use super::work::by;
use super::{Acts, Line, page_of, target, words, works};
use crate::model::{MoveKind, Referred};
use crate::service::{self, Page as Case};

pub(super) fn articles(ctx: &Ctx, app: &App, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
    let line = |a: &crate::model::CaseArticle| {
        let known = app.profile.cases().article(&a.code, &a.wording);
        let open = known.is_some_and(|k| k.mark == profile::SourceMark::ToBeConfirmed);
        Line {
            main: words::article(ctx, app, (&a.code, &a.wording)),
            meta: ctx.ta("case-wording", [("day", words::day(ctx, &a.wording))]),
            text: if open { vec![ctx.t("case-unconfirmed")] } else { Vec::new() },
            acts: if works(p) { vec![acts.press("article-drop", a.place.id)] } else { Vec::new() },
            ..Line::default()
        }
    };
    p.articles.iter().map(line).collect()
}

pub(super) fn refs(ctx: &Ctx, app: &App, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
    let rows: Vec<_> = p.refs.iter().map(|(r, _)| r.clone()).collect();
    let due = service::registers_due(&rows);
    let line = |(r, registrar): &(crate::model::CaseRef, String)| {
        let stands = r.wrong_at.is_none();
        let runs = stands && due.iter().any(|(s, at)| *s == r.system && *at == r.due_at);
        let at = ctx.date_time(r.registered_at);
        Line {
            main: format!("{}: {}", words::register(ctx, app, &r.system), r.number),
            tags: if stands { Vec::new() } else { vec![Status::new(ctx, "case-ref-wrong", Tone::Red)] },
            clock: if runs { words::clock(ctx, r.due_at, r.registered_at) } else { None },
            meta: [at, registrar.clone()]
                .into_iter()
                .filter(|t| !t.is_empty())
                .collect::<Vec<_>>()
                .join(", "),
            acts: if stands && works(p) { vec![acts.press("ref-wrong", r.place.id)] } else { Vec::new() },
            over: !stands,
            ..Line::default()
        }
    };
    p.refs.iter().map(line).collect()
}

pub(super) fn fields(ctx: &Ctx, app: &App, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
    let Some(template) = app.profile.cases().template(&p.case.template) else { return Vec::new() };
    let line = |f: &profile::CaseField| {
        let shown = words::value(ctx, f, &p.fields);
        Line {
            main: f.name.get(ctx.lang()).to_owned(),
            text: vec![if shown.is_empty() { ctx.t("case-field-none") } else { shown }],
            acts: if works(p) { vec![acts.ask_of("field", f.code.clone())] } else { Vec::new() },
            ..Line::default()
        }
    };
    template.fields.iter().map(line).collect()
}

pub(super) fn links(ctx: &Ctx, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
    let line = |l: &crate::model::Link| Line {
        main: l.number.clone(),
        href: Some(target(l.kind, &l.number, l.target)),
        meta: ctx.t(&format!("case-kind-{}", l.kind.as_str())),
        acts: if works(p) { vec![acts.press("unlink", l.id)] } else { Vec::new() },
        ..Line::default()
    };
    p.links.iter().map(line).collect()
}

pub(super) fn referrals(ctx: &Ctx, app: &App, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
    let line = |(r, ground, answer): &(crate::model::Referral, String, String)| {
        let waits = r.state == Referred::Sent;
        let tone = match r.state {
            Referred::Sent => Tone::Amber,
            Referred::Accepted => Tone::Green,
            Referred::Returned => Tone::Red,
            Referred::TakenBack => Tone::Grey,
        };
        let mut own = Vec::new();
        if waits && p.may.lead {
            if r.unit.is_empty() {
                own.push(acts.ask("answered"));
            }
            own.push(acts.press("referral-withdraw", r.place.id));
        }
        let mut text: Vec<String> = ground.lines().map(str::to_owned).collect();
        if !r.institution.is_empty() {
            let key = if waits { "case-referral-by-message" } else { "case-referral-was-by-message" };
            text.push(ctx.ta(key, [("institution", r.institution.as_str())]));
        }
        if !r.body_number.is_empty() {
            text.push(ctx.ta("case-referral-number", [("number", r.body_number.as_str())]));
        }
        if !answer.is_empty() {
            text.push(ctx.ta("case-answer", [("words", answer.as_str())]));
        }
        Line {
            main: words::body(ctx, app, &r.body),
            tags: vec![Status::new(ctx, &format!("case-referred-{}", words::part(r.state.as_str())), tone)],
            clock: if waits { words::clock(ctx, r.due_at, r.written.at) } else { None },
            meta: by(ctx, p, &r.written),
            text,
            acts: own,
            over: !waits,
            ..Line::default()
        }
    };
    p.referrals.iter().rev().map(line).collect()
}

pub(super) fn moves(ctx: &Ctx, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
    let line = |(m, number, reason): &(crate::model::Move, Option<String>, String)| {
        let away = m.from == p.case.id;
        let key = match (m.kind, away) {
            (MoveKind::Merge, true) => "case-move-merged-into",
            (MoveKind::Merge, false) => "case-move-merged-in",
            (MoveKind::Split, true) => "case-move-split-off",
            (MoveKind::Split, false) => "case-move-split-from",
        };
        let other = number.clone().unwrap_or_else(|| ctx.t("case-hidden"));
        let undone = m.undone_at.is_some();
        Line {
            main: ctx.ta(key, [("number", other)]),
            href: number.as_ref().map(|n| page_of(n)),
            tags: if undone { vec![Status::new(ctx, "case-undone", Tone::Grey)] } else { Vec::new() },
            meta: by(ctx, p, &m.written),
            text: if reason.is_empty() { Vec::new() } else { vec![reason.clone()] },
            acts: if !undone && p.may.lead { vec![acts.press("undo-move", m.id)] } else { Vec::new() },
            over: undone,
            ..Line::default()
        }
    };
    p.moves.iter().rev().map(line).collect()
}
