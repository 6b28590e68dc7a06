//! Who works on the case, who is in it, what is to be done and what was decided.

use app::App;
use web::{Ctx, Status, Tone};

use super::{Act, Acts, Line, goes_on, target, words, works};
use crate::model::{LinkKind, Standing, TaskState};
use crate::service::Page as Case;

pub(in crate::web) fn by(ctx: &Ctx, p: &Case, w: &crate::model::Written) -> String {
    format!("{}, {}", words::who(ctx, &p.people, &w.by), ctx.date_time(w.at))
}

pub(super) fn tasks(ctx: &Ctx, app: &App, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
    let line = |(t, title): &(crate::model::Task, String)| {
        let open = t.state == TaskState::Open;
        let mut tags = Vec::new();
        if t.urgent && open {
            tags.push(Status::new(ctx, "case-urgent", Tone::Amber));
        }
        match t.state {
            TaskState::Open => {}
            TaskState::Done => tags.push(Status::new(ctx, "case-task-done", Tone::Green)),
            TaskState::Dropped => tags.push(Status::new(ctx, "case-task-dropped", Tone::Grey)),
        }
        let mut own = Vec::new();
        if works(p) && open {
            own.push(acts.press("done", t.place.id));
            own.push(acts.ask_of("assign", t.place.id.to_string()));
            own.push(acts.ask_of("due", t.place.id.to_string()));
            own.push(acts.press("drop", t.place.id));
        } else if works(p) {
            own.push(acts.press("reopen", t.place.id));
        }
        let done = t.done_at.map(|at| {
            format!(
                "{}, {}",
                words::who(ctx, &p.people, t.done_by.as_deref().unwrap_or_default()),
                ctx.date_time(at)
            )
        });
        Line {
            anchor: format!("task-{}", t.place.id),
            main: words::task(ctx, app, title),
            tags,
            clock: if open && goes_on(p) { words::clock(ctx, t.due_at, t.written.at) } else { None },
            meta: done.unwrap_or_else(|| words::who(ctx, &p.people, &t.assignee)),
            acts: own,
            over: !open,
            ..Line::default()
        }
    };
    p.tasks.iter().map(line).collect()
}

pub(super) fn persons(ctx: &Ctx, app: &App, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
    let line = |(person, w): &(crate::model::CasePerson, crate::model::PersonWords)| {
        let now = person.until.is_none();
        let rights = app.profile.cases().role(&person.duty).and_then(|r| r.rights.clone());
        let mut text: Vec<String> =
            [&w.contact, &w.note].iter().filter(|t| !t.is_empty()).map(|t| (*t).clone()).collect();
        let mut own = Vec::new();
        match (&rights, person.rights_at) {
            (Some(_), Some(at)) => text.push(ctx.ta("case-rights-told", [("time", ctx.date_time(at))])),
            (Some(words), None) if now => {
                text.push(words.get(ctx.lang()).to_owned());
                if works(p) {
                    own.push(acts.press("rights", person.place.id));
                }
            }
            _ => {}
        }
        if works(p) && now {
            own.push(acts.press("person-end", person.place.id));
        }
        let until = person.until.map(|at| ctx.ta("case-until", [("time", ctx.date_time(at))]));
        Line {
            main: w.name.clone(),
            href: person.person.map(|id| target(LinkKind::Person, "", id)),
            meta: [Some(words::duty(ctx, app, &person.duty)), until]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(", "),
            text,
            acts: own,
            over: !now,
            ..Line::default()
        }
    };
    p.persons.iter().map(line).collect()
}

fn decision_tag(ctx: &Ctx, standing: Standing) -> Status {
    let tone = match standing {
        Standing::Proposed => Tone::Amber,
        Standing::Stands => Tone::Green,
        Standing::SentBack => Tone::Red,
        Standing::TakenBack => Tone::Grey,
    };
    Status::new(ctx, &format!("case-standing-{}", words::part(standing.as_str())), tone)
}

pub(super) fn decisions(ctx: &Ctx, app: &App, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
    let line = |(d, reasons, second): &(crate::model::Decision, String, String)| {
        let waits = d.standing == Standing::Proposed;
        let mut own = Vec::new();
        if waits && p.may.confirm {
            let href = format!("{}/confirm", acts.here);
            let words = ctx.t("case-do-confirm");
            own.push(Act { href, words, id: d.place.id.to_string(), post: true, primary: true });
            own.push(acts.ask_of("send-back", d.place.id.to_string()));
        }
        if waits && p.may.work {
            own.push(acts.press("take-back", d.place.id));
        }
        let mut text: Vec<String> = reasons.lines().map(str::to_owned).collect();
        if !second.is_empty() {
            text.push(ctx.ta("case-sent-back-why", [("why", second.as_str())]));
        }
        let paper = (!d.paper.is_empty()).then(|| {
            ctx.ta("case-paper-no", [("number", d.paper.clone()), ("day", words::day(ctx, &d.day))])
        });
        let agreed = d.second_by.as_ref().filter(|_| d.standing == Standing::Stands);
        let agreed = agreed.map(|who| ctx.ta("case-agreed", [("who", words::who(ctx, &p.people, who))]));
        Line {
            main: words::decision(ctx, app, &d.kind),
            tags: vec![decision_tag(ctx, d.standing)],
            meta: words::sentences([Some(by(ctx, p, &d.written)), paper, agreed].into_iter().flatten()),
            text,
            acts: own,
            over: !waits,
            ..Line::default()
        }
    };
    p.decisions.iter().rev().map(line).collect()
}

pub(super) fn notes(ctx: &Ctx, p: &Case) -> Vec<Line> {
    let line = |(n, text, readers): &(crate::model::Note, String, Vec<String>)| {
        let names: Vec<String> = readers.iter().map(|r| words::who(ctx, &p.people, r)).collect();
        let readers = n.restricted.then(|| match names.is_empty() {
            true => ctx.t("case-readers-none"),
            false => ctx.ta("case-readers", [("who", names.join(", "))]),
        });
        Line {
            main: by(ctx, p, &n.written),
            tags: if n.restricted {
                vec![Status::new(ctx, "case-restricted", Tone::Amber)]
            } else {
                Vec::new()
            },
            meta: readers.unwrap_or_default(),
            text: text.lines().map(str::to_owned).collect(),
            ..Line::default()
        }
    };
    p.notes.iter().map(line).collect()
}

pub(super) fn team(ctx: &Ctx, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
    let line = |m: &crate::model::Member| {
        let leads = m.label == p.case.lead && m.until.is_none();
        let until = m.until.map(|at| ctx.ta("case-until", [("time", ctx.date_time(at))]));
        let since = ctx.ta("case-since", [("time", ctx.date_time(m.since))]);
        let parts = [Some(m.duty.clone()).filter(|d| !d.is_empty()), Some(since), until];
        Line {
            main: words::who(ctx, &p.people, &m.label),
            tags: if leads { vec![Status::new(ctx, "case-leads", Tone::Blue)] } else { Vec::new() },
            meta: parts.into_iter().flatten().collect::<Vec<_>>().join(", "),
            acts: if p.may.lead && goes_on(p) && !leads && m.until.is_none() {
                vec![acts.press("member-drop", &m.label)]
            } else {
                Vec::new()
            },
            over: m.until.is_some(),
            ..Line::default()
        }
    };
    p.team.iter().map(line).collect()
}
