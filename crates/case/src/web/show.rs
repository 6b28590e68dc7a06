//! One case: what comes next on top, then what it is about, who is in it, what is to be done and what was decided.

mod exhibits;
mod ties;
mod work;

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use kernel::Timestamp;
use uuid::Uuid;
use web::{Ctx, Markup, Page, Problem, Status, Timeline, Tone};

pub(super) use self::work::by;
use super::{page_of, time, words};
use crate::model::LinkKind;
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

/// Whether the case goes on: what is over is read.
fn goes_on(p: &Case) -> bool {
    p.case.state == crate::model::State::Open
}

/// Whether its reader may work on it.
fn works(p: &Case) -> bool {
    p.may.work && goes_on(p)
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
        if works(&p) { names.iter().map(|n| acts.ask(n)).collect() } else { Vec::new() }
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
    if p.may.work
        && crate::rules::decisions(app.profile.cases(), &p.case.stage, p.case.state).next().is_some()
    {
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
        if works(p) {
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
        section(ctx, "tasks", work::tasks(ctx, app, p, acts), works("task")),
        section(ctx, "persons", work::persons(ctx, app, p, acts), works("person")),
        section(ctx, "decisions", work::decisions(ctx, app, p, acts), Vec::new()),
        section(ctx, "notes", work::notes(ctx, p), works("note")),
        section(ctx, "articles", ties::articles(ctx, app, p, acts), works("article")),
        section(ctx, "refs", ties::refs(ctx, app, p, acts), works("ref")),
        section(ctx, "team", work::team(ctx, p, acts), leads("member")),
    ];
    let fields = ties::fields(ctx, app, p, acts);
    if !fields.is_empty() {
        all.push(section(ctx, "fields", fields, Vec::new()));
    }
    if !p.links.is_empty() {
        all.push(section(ctx, "links", ties::links(ctx, p, acts), Vec::new()));
    }
    if !p.referrals.is_empty() {
        all.push(section(ctx, "referrals", ties::referrals(ctx, app, p, acts), Vec::new()));
    }
    if !p.moves.is_empty() {
        all.push(section(ctx, "moves", ties::moves(ctx, p, acts), Vec::new()));
    }
    all
}
