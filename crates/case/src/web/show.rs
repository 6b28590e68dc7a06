//! One case: what comes next on top, then what it is about, who is in it, what is to be done and what was decided.

mod exhibits;

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use kernel::Timestamp;
use uuid::Uuid;
use web::{Ctx, Markup, Page, Problem, Status, Timeline, Tone};

use super::{page_of, time, words};
use crate::model::{LinkKind, MoveKind, Referred, Standing, TaskState};
use crate::rules::next::Next;
use crate::service::{self, Door, Page as Case};

/// Lines of the time line that the page itself shows.
const LINES: usize = 15;

/// Something that may be done: a link to a form, or a button that does it.
pub(super) struct Act {
    href: String,
    words: String,
    id: String,
    post: bool,
    primary: bool,
}

/// A row of a section.
#[derive(Default)]
pub(super) struct Line {
    pub(super) anchor: String,
    pub(super) main: String,
    pub(super) href: Option<String>,
    pub(super) tags: Vec<Status>,
    pub(super) clock: Option<Markup>,
    pub(super) meta: String,
    pub(super) text: Vec<String>,
    pub(super) acts: Vec<Act>,
    pub(super) over: bool,
}

/// A section of the page.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) count: usize,
    pub(super) empty: String,
    pub(super) lines: Vec<Line>,
    pub(super) acts: Vec<Act>,
}

struct ReportRow {
    href: String,
    number: String,
    loss: String,
    at: Markup,
    registers: Vec<String>,
    clocks: Vec<(String, Markup)>,
    acts: Vec<Act>,
}

struct PaperRow {
    href: String,
    what: String,
    to: String,
    report: String,
    status: Status,
    at: Markup,
    held: String,
}

struct NextRow {
    words: String,
    href: String,
    clock: Option<Markup>,
}

#[derive(Template)]
#[template(path = "case_show.html")]
struct Show {
    ctx: Ctx,
    number: String,
    here: String,
    title: String,
    summary: Vec<String>,
    tags: Vec<Status>,
    facts: Vec<(String, Markup)>,
    merged: Option<(String, String)>,
    next: Vec<NextRow>,
    may_next: bool,
    acts: Vec<Act>,
    reports: Vec<ReportRow>,
    more_reports: bool,
    report_acts: Vec<Act>,
    papers: Vec<PaperRow>,
    registers: Markup,
    sections: Vec<Section>,
    line: Option<Timeline>,
    time_acts: Vec<Act>,
}

/// Makes the acts of a page.
struct Acts<'a> {
    ctx: &'a Ctx,
    here: String,
}

impl Acts<'_> {
    fn ask(&self, act: &str) -> Act {
        self.ask_of(act, String::new())
    }
    fn ask_of(&self, act: &str, id: String) -> Act {
        let query = if id.is_empty() { String::new() } else { format!("?id={id}") };
        let href = format!("{}/do/{act}{query}", self.here);
        Act { href, words: self.ctx.t(&format!("case-do-{act}")), id, post: false, primary: false }
    }
    fn press(&self, act: &str, id: impl ToString) -> Act {
        let href = format!("{}/do/{act}", self.here);
        Act {
            href,
            words: self.ctx.t(&format!("case-do-{act}")),
            id: id.to_string(),
            post: true,
            primary: false,
        }
    }
}

/// `GET /desk/cases/{number}`. The read is a record.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let p = service::look(&app, &actor, &number).await?;
    let told = service::time_line(&app, &actor, &p.case.number, (None, None)).await?;
    let acts = Acts { ctx: &ctx, here: page_of(&p.case.number) };
    let banks = time::Banks::read(&app).await?;
    let works = |names: &[&str]| -> Vec<Act> {
        if p.may.work { names.iter().map(|n| acts.ask(n)).collect() } else { Vec::new() }
    };
    let page = Show {
        number: p.case.number.clone(),
        here: page_of(&p.case.number),
        title: p.title.clone(),
        summary: p.summary.lines().map(str::to_owned).collect(),
        tags: tags(&ctx, &p),
        facts: facts(&ctx, &app, &p),
        merged: p.merged_into.as_ref().map(|n| (page_of(n), n.clone())),
        next: p.next.iter().map(|(n, due)| next(&ctx, &app, &p, (n, *due))).collect(),
        may_next: p.case.state == crate::model::State::Open,
        acts: head(&app, &acts, &p),
        reports: reports(&ctx, &app, &p, &acts),
        more_reports: p.more_reports,
        report_acts: works(&["link"]),
        papers: papers(&ctx, &p, |code| banks.name(&ctx, code)),
        registers: registration::web::officer_panel(
            &app,
            &ctx,
            &actor,
            service::registers::KIND.of(&p.case.number),
        )
        .await,
        sections: sections(&ctx, &app, &p, &acts),
        line: (!told.moments.is_empty()).then(|| time::timeline(&ctx, &app, &told, &banks).first(LINES)),
        time_acts: works(&["event"]),
        ctx: ctx.clone(),
    };
    Ok(Page(page).into_response())
}

fn tags(ctx: &Ctx, p: &Case) -> Vec<Status> {
    let mut all: Vec<Status> = words::state_tag(ctx, &p.case).into_iter().collect();
    all.extend(words::priority(ctx, p.case.priority));
    match Door::of(&p.case) {
        Door::Open => {}
        door => all.push(Status::new(ctx, &format!("case-door-{}", door.as_str()), Tone::Grey)),
    }
    all
}

fn facts(ctx: &Ctx, app: &App, p: &Case) -> Vec<(String, Markup)> {
    let text = |t: String| Markup::told(&t);
    let mut all = vec![
        (ctx.t("case-col-stage"), text(words::stage(ctx, app, &p.case.stage))),
        (ctx.t("case-col-lead"), text(words::who(ctx, &p.people, &p.case.lead))),
    ];
    if let Some(clock) = words::clock(ctx, p.case.stage_due_at, p.case.stage_since) {
        all.push((ctx.t("case-stage-due"), clock));
    }
    if let Some(o) = &p.case.origin {
        all.push((ctx.t("case-origin"), Markup::link(&target(o.kind, &o.number, o.id), &o.number)));
    }
    for (r, _) in p.refs.iter().filter(|(r, _)| r.wrong_at.is_none()) {
        all.push((words::register(ctx, app, &r.system), text(r.number.clone())));
    }
    let sums = |all: &[kernel::Money]| all.iter().map(|m| ctx.money(*m)).collect::<Vec<_>>().join(", ");
    if !p.lost.is_empty() {
        all.push((ctx.t("case-lost"), text(sums(&p.lost))));
    }
    if !p.held.is_empty() {
        all.push((ctx.t("case-held"), text(sums(&p.held))));
    }
    all.push((ctx.t("case-opened"), ctx.time_exact(p.case.header.created_at)));
    all
}

fn head(app: &App, acts: &Acts<'_>, p: &Case) -> Vec<Act> {
    let mut all = Vec::new();
    if p.may.receive {
        all.push(Act { primary: true, ..acts.ask("accept") });
        all.push(acts.ask("return"));
    }
    let open = p.case.state == crate::model::State::Open;
    if p.may.work && open {
        all.push(Act { primary: !p.may.receive, ..acts.ask("task") });
        all.push(acts.ask("note"));
    }
    if p.may.work {
        all.push(acts.ask("decide"));
    }
    if p.may.lead && !service::leading(app, &p.case).is_empty() {
        all.push(acts.ask("stage"));
    }
    if p.may.work && open {
        all.push(acts.ask("describe"));
        all.push(acts.ask("priority"));
    }
    if p.may.lead && open {
        all.extend(["hand-over", "door", "refer", "merge", "split"].map(|a| acts.ask(a)));
    }
    all
}

/// The page of a thing.
pub(super) fn target(kind: LinkKind, number: &str, id: Uuid) -> String {
    match kind {
        LinkKind::Report => format!("/desk/reports/{number}"),
        LinkKind::Scheme => format!("/desk/schemes/{number}"),
        LinkKind::Person => format!("/desk/persons/{}", person::PersonId::from_uuid(id)),
        LinkKind::Case => page_of(number),
    }
}

fn next(ctx: &Ctx, app: &App, p: &Case, (what, due): (&Next, Option<Timestamp>)) -> NextRow {
    let here = page_of(&p.case.number);
    let (words, href) = match what {
        Next::Receive => (ctx.t("case-next-receive"), format!("{here}/do/accept")),
        Next::Confirm(_) => (ctx.t("case-next-confirm"), "#decisions".to_owned()),
        Next::Task(id) => {
            let of = p.tasks.iter().find(|(t, _)| t.place.id == *id);
            let title = of.map(|(_, title)| words::task(ctx, app, title));
            (title.unwrap_or_default(), format!("#task-{id}"))
        }
        Next::Register(code) => {
            let name = words::register(ctx, app, code);
            (ctx.ta("case-next-register", [("register", name)]), "#refs".to_owned())
        }
        Next::Referral => (ctx.t("case-next-referral"), "#referrals".to_owned()),
        Next::Stage => (ctx.t("case-next-stage"), format!("{here}/do/decide")),
        Next::Lead => (ctx.t("case-next-lead"), format!("{here}/do/hand-over")),
        Next::Article => (ctx.t("case-next-article"), format!("{here}/do/article")),
        Next::Rights(n) => (ctx.ta("case-next-rights", [("n", *n)]), "#persons".to_owned()),
    };
    NextRow { words, href, clock: due.and_then(|at| words::clock(ctx, at, p.case.stage_since)) }
}

fn report_rows(ctx: &Ctx, app: &App, p: &Case) -> Vec<ReportRow> {
    p.reports
        .iter()
        .map(|r| ReportRow {
            href: target(LinkKind::Report, &r.report.number, r.link.target),
            number: r.report.number.clone(),
            loss: if r.report.loss.is_positive() { ctx.money(r.report.loss) } else { "–".to_owned() },
            at: ctx.time(r.report.header.created_at),
            registers: r
                .numbers
                .iter()
                .map(|(s, n)| format!("{}: {n}", words::register(ctx, app, s)))
                .collect(),
            clocks: r
                .due
                .iter()
                .filter_map(|(s, due)| {
                    Some((words::register(ctx, app, s), words::clock(ctx, *due, r.report.header.created_at)?))
                })
                .collect(),
            acts: Vec::new(),
        })
        .collect()
}

fn reports(ctx: &Ctx, app: &App, p: &Case, acts: &Acts<'_>) -> Vec<ReportRow> {
    let mut rows = report_rows(ctx, app, p);
    for (row, r) in rows.iter_mut().zip(&p.reports) {
        if p.may.work {
            row.acts.push(acts.press("unlink", r.link.id));
        }
    }
    rows
}

fn papers(ctx: &Ctx, p: &Case, name: impl Fn(&str) -> String) -> Vec<PaperRow> {
    p.papers
        .iter()
        .map(|c| PaperRow {
            href: format!("/desk/orders/{}", c.order.id),
            what: order::words::measure(ctx, c.order.measure),
            to: name(&c.order.executor),
            report: c.report.clone(),
            status: order::words::status(ctx, &c.order),
            at: ctx.time(c.order.sent_at.unwrap_or(c.order.requested_at)),
            held: c.held.map_or_else(|| "–".to_owned(), |m| ctx.money(m)),
        })
        .collect()
}

fn section(ctx: &Ctx, id: &'static str, lines: Vec<Line>, acts: Vec<Act>) -> Section {
    Section {
        id,
        title: ctx.t(&format!("case-sec-{id}")),
        count: lines.iter().filter(|l| !l.over).count(),
        empty: ctx.t(&format!("case-sec-{id}.empty")),
        lines,
        acts,
    }
}

fn sections(ctx: &Ctx, app: &App, p: &Case, acts: &Acts<'_>) -> Vec<Section> {
    let open = p.case.state == crate::model::State::Open;
    let works = |name: &str| if p.may.work && open { vec![acts.ask(name)] } else { Vec::new() };
    let leads = |name: &str| if p.may.lead && open { vec![acts.ask(name)] } else { Vec::new() };
    let mut all = vec![
        exhibits::section_of(ctx, p, acts),
        section(ctx, "tasks", tasks(ctx, app, p, acts), works("task")),
        section(ctx, "persons", persons(ctx, app, p, acts), works("person")),
        section(ctx, "decisions", decisions(ctx, app, p, acts), Vec::new()),
        section(ctx, "notes", notes(ctx, p), works("note")),
        section(ctx, "articles", articles(ctx, app, p, acts), works("article")),
        section(ctx, "refs", refs(ctx, app, p, acts), works("ref")),
        section(ctx, "team", team(ctx, p, acts), leads("member")),
    ];
    let fields = fields(ctx, app, p, acts);
    if !fields.is_empty() {
        all.push(section(ctx, "fields", fields, Vec::new()));
    }
    if !p.links.is_empty() {
        all.push(section(ctx, "links", links(ctx, p, acts), Vec::new()));
    }
    if !p.referrals.is_empty() {
        all.push(section(ctx, "referrals", referrals(ctx, app, p, acts), Vec::new()));
    }
    if !p.moves.is_empty() {
        all.push(section(ctx, "moves", moves(ctx, p, acts), Vec::new()));
    }
    all
}

pub(super) fn by(ctx: &Ctx, p: &Case, w: &crate::model::Written) -> String {
    format!("{}, {}", words::who(ctx, &p.people, &w.by), ctx.date_time(w.at))
}

fn tasks(ctx: &Ctx, app: &App, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
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
        if p.may.work && open {
            own.push(acts.press("done", t.place.id));
            own.push(acts.ask_of("assign", t.place.id.to_string()));
            own.push(acts.ask_of("due", t.place.id.to_string()));
            own.push(acts.press("drop", t.place.id));
        } else if p.may.work {
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
            clock: if open { words::clock(ctx, t.due_at, t.written.at) } else { None },
            meta: done.unwrap_or_else(|| words::who(ctx, &p.people, &t.assignee)),
            acts: own,
            over: !open,
            ..Line::default()
        }
    };
    p.tasks.iter().map(line).collect()
}

fn persons(ctx: &Ctx, app: &App, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
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
                if p.may.work {
                    own.push(acts.press("rights", person.place.id));
                }
            }
            _ => {}
        }
        if p.may.work && now {
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

pub(super) fn decision_tag(ctx: &Ctx, standing: Standing) -> Status {
    let tone = match standing {
        Standing::Proposed => Tone::Amber,
        Standing::Stands => Tone::Green,
        Standing::SentBack => Tone::Red,
        Standing::TakenBack => Tone::Grey,
    };
    Status::new(ctx, &format!("case-standing-{}", words::part(standing.as_str())), tone)
}

fn decisions(ctx: &Ctx, app: &App, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
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
            meta: [Some(by(ctx, p, &d.written)), paper, agreed]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(". "),
            text,
            acts: own,
            over: !waits,
            ..Line::default()
        }
    };
    p.decisions.iter().rev().map(line).collect()
}

fn notes(ctx: &Ctx, p: &Case) -> Vec<Line> {
    let line = |(n, text, readers): &(crate::model::Note, String, Vec<String>)| {
        let names: Vec<String> = readers.iter().map(|r| words::who(ctx, &p.people, r)).collect();
        let readers = n.restricted.then(|| ctx.ta("case-readers", [("who", names.join(", "))]));
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

fn articles(ctx: &Ctx, app: &App, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
    let line = |a: &crate::model::CaseArticle| {
        let known = app.profile.cases().article(&a.code, &a.wording);
        let open = known.is_some_and(|k| k.mark == profile::SourceMark::ToBeConfirmed);
        Line {
            main: words::article(ctx, app, (&a.code, &a.wording)),
            meta: ctx.ta("case-wording", [("day", words::day(ctx, &a.wording))]),
            text: if open { vec![ctx.t("case-unconfirmed")] } else { Vec::new() },
            acts: if p.may.work { vec![acts.press("article-drop", a.place.id)] } else { Vec::new() },
            ..Line::default()
        }
    };
    p.articles.iter().map(line).collect()
}

fn refs(ctx: &Ctx, app: &App, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
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
            acts: if stands && p.may.work { vec![acts.press("ref-wrong", r.place.id)] } else { Vec::new() },
            over: !stands,
            ..Line::default()
        }
    };
    p.refs.iter().map(line).collect()
}

fn team(ctx: &Ctx, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
    let line = |m: &crate::model::Member| {
        let leads = m.label == p.case.lead && m.until.is_none();
        let until = m.until.map(|at| ctx.ta("case-until", [("time", ctx.date_time(at))]));
        let since = ctx.ta("case-since", [("time", ctx.date_time(m.since))]);
        let parts = [Some(m.duty.clone()).filter(|d| !d.is_empty()), Some(since), until];
        Line {
            main: words::who(ctx, &p.people, &m.label),
            tags: if leads { vec![Status::new(ctx, "case-leads", Tone::Blue)] } else { Vec::new() },
            meta: parts.into_iter().flatten().collect::<Vec<_>>().join(", "),
            acts: if p.may.lead && !leads && m.until.is_none() {
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

fn fields(ctx: &Ctx, app: &App, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
    let Some(template) = app.profile.cases().template(&p.case.template) else { return Vec::new() };
    let line = |f: &profile::CaseField| {
        let value =
            p.fields.iter().find(|(v, _)| v.code == f.code).map(|(_, v)| v.clone()).unwrap_or_default();
        let shown = f.choices.iter().find(|(c, _)| *c == value).map(|(_, n)| n.get(ctx.lang()).to_owned());
        let shown = shown.unwrap_or(value);
        Line {
            main: f.name.get(ctx.lang()).to_owned(),
            text: vec![if shown.is_empty() { ctx.t("case-field-none") } else { shown }],
            acts: if p.may.work { vec![acts.ask_of("field", f.code.clone())] } else { Vec::new() },
            ..Line::default()
        }
    };
    template.fields.iter().map(line).collect()
}

fn links(ctx: &Ctx, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
    let line = |l: &crate::model::Link| Line {
        main: l.number.clone(),
        href: Some(target(l.kind, &l.number, l.target)),
        meta: ctx.t(&format!("case-kind-{}", l.kind.as_str())),
        acts: if p.may.work { vec![acts.press("unlink", l.id)] } else { Vec::new() },
        ..Line::default()
    };
    p.links.iter().map(line).collect()
}

fn referrals(ctx: &Ctx, app: &App, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
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

fn moves(ctx: &Ctx, p: &Case, acts: &Acts<'_>) -> Vec<Line> {
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
