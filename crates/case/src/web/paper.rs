//! The report of a case on one page, as a court reads it: what it is, what was done, by whom and when. Every time is exact, nothing is offered
//! to be done, and what happened stands in the order in which it did.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use web::{Ctx, Page, Problem, Status, Timeline};

use super::show::by;
use super::{page_of, time, words};
use crate::model::{NEVER, Standing, TaskState};
use crate::service::{self, Page as Case};

/// Moments that are printed: a case that has more says so.
const MOMENTS: usize = 5_000;

struct Block {
    title: String,
    lines: Vec<(String, String, Vec<String>)>,
}

struct ReportLine {
    number: String,
    at: String,
    loss: String,
    registers: Vec<String>,
}

struct OrderLine {
    what: String,
    to: String,
    report: String,
    at: String,
    status: Status,
    held: String,
}

#[derive(Template)]
#[template(path = "case_paper.html")]
struct Paper {
    ctx: Ctx,
    organisation: String,
    number: String,
    back: String,
    title: String,
    summary: Vec<String>,
    facts: Vec<(String, String)>,
    reports: Vec<ReportLine>,
    orders: Vec<OrderLine>,
    blocks: Vec<Block>,
    line: Option<Timeline>,
    cut: String,
    made: String,
    zone: String,
}

/// `GET /desk/cases/{number}/paper`. The read is a record.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let p = service::look(&app, &actor, &number).await?;
    let told = service::whole_time_line(&app, &actor, &p.case.number, MOMENTS).await?;
    let banks = time::Banks::read(&app).await?;
    let n = i64::try_from(told.moments.len()).unwrap_or(i64::MAX);
    let who = ctx.viewer().map(|v| v.name.clone()).unwrap_or_default();
    let local = app.profile.rfc3339(ctx.now());
    // The offset is the end of it: `+05:00`.
    let offset = local.get(local.len().saturating_sub(6)..).unwrap_or_default().to_owned();
    let page = Paper {
        organisation: app.profile.organisation().name.get(ctx.lang()).to_owned(),
        number: p.case.number.clone(),
        back: page_of(&p.case.number),
        title: p.title.clone(),
        summary: p.summary.lines().map(str::to_owned).collect(),
        facts: facts(&ctx, &app, &p),
        reports: reports(&ctx, &app, &p),
        orders: orders(&ctx, &p, |code| banks.name(&ctx, code)),
        blocks: blocks(&ctx, &app, &p),
        cut: told.earlier.map(|_| ctx.ta("case-paper-cut", [("n", ctx.number(n))])).unwrap_or_default(),
        line: (!told.moments.is_empty())
            .then(|| Timeline::on_paper(&ctx, time::entries((&ctx, &app, &banks), &told))),
        made: ctx.ta("case-paper-made", [("time", ctx.date_time(ctx.now())), ("who", who)]),
        zone: ctx.ta("case-paper-zone", [("offset", offset)]),
        ctx: ctx.clone(),
    };
    Ok(Page(page).into_response())
}

fn facts(ctx: &Ctx, app: &App, p: &Case) -> Vec<(String, String)> {
    let case = &p.case;
    let mut all = vec![
        (ctx.t("case-opened"), ctx.date_time(case.header.created_at)),
        (ctx.t("case-col-stage"), words::stage(ctx, app, &case.stage)),
        (ctx.t("case-paper-stage-since"), ctx.date_time(case.stage_since)),
        (ctx.t("case-col-lead"), words::who(ctx, &p.people, &case.lead)),
    ];
    if case.stage_due_at != NEVER {
        all.push((ctx.t("case-stage-due"), ctx.date_time(case.stage_due_at)));
    }
    if let Some(at) = case.ended_at {
        all.push((ctx.t("case-paper-ended"), ctx.date_time(at)));
    }
    if let Some(other) = &p.merged_into {
        all.push((ctx.t("case-paper-merged"), other.clone()));
    }
    if let Some(o) = &case.origin {
        let kind = ctx.t(&format!("case-kind-{}", o.kind.as_str()));
        all.push((ctx.t("case-origin"), format!("{kind}, {}", o.number)));
    }
    let sums = |all: &[kernel::Money]| all.iter().map(|m| ctx.money(*m)).collect::<Vec<_>>().join(", ");
    if !p.lost.is_empty() {
        all.push((ctx.t("case-lost"), sums(&p.lost)));
    }
    if !p.held.is_empty() {
        all.push((ctx.t("case-held"), sums(&p.held)));
    }
    all
}

fn reports(ctx: &Ctx, app: &App, p: &Case) -> Vec<ReportLine> {
    let line = |r: &service::Reported| {
        let number = |(system, n): &(String, String)| format!("{}: {n}", words::register(ctx, app, system));
        let due = |(system, at): &(String, kernel::Timestamp)| {
            let args = [("register", words::register(ctx, app, system)), ("time", ctx.date_time(*at))];
            ctx.ta("case-paper-due", args)
        };
        ReportLine {
            number: r.report.number.clone(),
            at: ctx.date_time(r.report.header.created_at),
            loss: if r.report.loss.is_positive() { ctx.money(r.report.loss) } else { "–".to_owned() },
            registers: r.numbers.iter().map(number).chain(r.due.iter().map(due)).collect(),
        }
    };
    p.reports.iter().map(line).collect()
}

fn orders(ctx: &Ctx, p: &Case, name: impl Fn(&str) -> String) -> Vec<OrderLine> {
    let line = |c: &service::Correspondence| OrderLine {
        what: order::words::measure(ctx, c.order.measure),
        to: name(&c.order.executor),
        report: c.report.clone(),
        at: ctx.date_time(c.order.sent_at.unwrap_or(c.order.requested_at)),
        status: order::words::status(ctx, &c.order),
        held: c.held.map_or_else(|| "–".to_owned(), |m| ctx.money(m)),
    };
    p.papers.iter().rev().map(line).collect()
}

fn blocks(ctx: &Ctx, app: &App, p: &Case) -> Vec<Block> {
    let block = |id: &str, lines| Block { title: ctx.t(&format!("case-sec-{id}")), lines };
    let articles = p.articles.iter().map(|a| {
        let wording = ctx.ta("case-wording", [("day", words::day(ctx, &a.wording))]);
        (words::article(ctx, app, (&a.code, &a.wording)), wording, Vec::new())
    });
    // A number that was found wrong is none.
    let refs = p.refs.iter().filter(|(r, _)| r.wrong_at.is_none()).map(|(r, registrar)| {
        let number = format!("{}: {}", words::register(ctx, app, &r.system), r.number);
        let at = [ctx.date_time(r.registered_at), registrar.clone()];
        (number, at.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(", "), Vec::new())
    });
    let persons = p.persons.iter().filter(|(row, _)| row.until.is_none()).map(|(row, w)| {
        let told = row.rights_at.map(|at| ctx.ta("case-rights-told", [("time", ctx.date_time(at))]));
        (w.name.clone(), words::duty(ctx, app, &row.duty), told.into_iter().collect())
    });
    let team = p.team.iter().filter(|m| m.until.is_none()).map(|m| {
        let since = ctx.ta("case-since", [("time", ctx.date_time(m.since))]);
        let parts = [m.duty.clone(), since];
        let parts = parts.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>();
        (words::who(ctx, &p.people, &m.label), parts.join(", "), Vec::new())
    });
    let template = app.profile.cases().template(&p.case.template);
    let fields = template.into_iter().flat_map(|t| &t.fields).filter_map(|f| {
        let shown = words::value(ctx, f, &p.fields);
        (!shown.is_empty()).then(|| (f.name.get(ctx.lang()).to_owned(), shown, Vec::new()))
    });
    vec![
        block("articles", articles.collect()),
        block("refs", refs.collect()),
        block("fields", fields.collect()),
        block("persons", persons.collect()),
        block("decisions", decisions(ctx, app, p)),
        block("referrals", referrals(ctx, app, p)),
        block("exhibits", exhibits(ctx, p)),
        block("tasks", tasks(ctx, app, p)),
        block("notes", notes(ctx, p)),
        block("team", team.collect()),
    ]
}

type Lines = Vec<(String, String, Vec<String>)>;

/// What waits, was sent back or taken back is no decision.
fn decisions(ctx: &Ctx, app: &App, p: &Case) -> Lines {
    let stands = p.decisions.iter().filter(|(d, ..)| d.standing == Standing::Stands);
    let line = |(d, reasons, _): &(crate::model::Decision, String, String)| {
        let paper = (!d.paper.is_empty()).then(|| {
            ctx.ta("case-paper-no", [("number", d.paper.clone()), ("day", words::day(ctx, &d.day))])
        });
        let agreed = d.second_by.as_ref();
        let agreed = agreed.map(|who| ctx.ta("case-agreed", [("who", words::who(ctx, &p.people, who))]));
        let meta = [Some(by(ctx, p, &d.written)), paper, agreed];
        let meta = words::sentences(meta.into_iter().flatten());
        (words::decision(ctx, app, &d.kind), meta, reasons.lines().map(str::to_owned).collect())
    };
    stands.map(line).collect()
}

fn referrals(ctx: &Ctx, app: &App, p: &Case) -> Lines {
    let line = |(r, ground, answer): &(crate::model::Referral, String, String)| {
        let state = ctx.t(&format!("case-referred-{}", words::part(r.state.as_str())));
        let answered = r.answered_at.map(|at| format!("{state}, {}", ctx.date_time(at)));
        let mut text: Vec<String> = ground.lines().map(str::to_owned).collect();
        if !r.body_number.is_empty() {
            text.push(ctx.ta("case-referral-number", [("number", r.body_number.as_str())]));
        }
        if !answer.is_empty() {
            text.push(ctx.ta("case-answer", [("words", answer.as_str())]));
        }
        let meta = words::sentences([by(ctx, p, &r.written), answered.unwrap_or(state)]);
        (words::body(ctx, app, &r.body), meta, text)
    };
    p.referrals.iter().map(line).collect()
}

fn exhibits(ctx: &Ctx, p: &Case) -> Lines {
    let line = |e: &service::Exhibited| {
        let title = e.title.clone().map(|t| t.into_inner(kernel::Purpose::Investigate)).unwrap_or_default();
        let at = ctx.date_time(e.exhibit.header.created_at);
        let kept = ctx.ta("case-paper-exhibit", [("time", at), ("who", e.custodian.clone())]);
        (e.exhibit.number.clone(), title, vec![kept])
    };
    p.exhibits.iter().map(line).collect()
}

fn tasks(ctx: &Ctx, app: &App, p: &Case) -> Lines {
    let line = |(t, title): &(crate::model::Task, String)| {
        let open = t.state == TaskState::Open;
        let who = if open { &t.assignee } else { t.done_by.as_ref().unwrap_or(&t.assignee) };
        let at = if open { Some(t.due_at).filter(|at| *at != NEVER) } else { t.done_at };
        let at = at.map(|at| match open {
            true => ctx.ta("case-paper-by", [("time", ctx.date_time(at))]),
            false => ctx.date_time(at),
        });
        let state = ctx.t(&format!("case-task-{}", t.state.as_str()));
        let parts = [Some(state), Some(words::who(ctx, &p.people, who)), at];
        let parts: Vec<String> = parts.into_iter().flatten().filter(|t| !t.is_empty()).collect();
        (words::task(ctx, app, title), parts.join(", "), Vec::new())
    };
    p.tasks.iter().map(line).collect()
}

/// A restricted note goes into no report; that there are some does.
fn notes(ctx: &Ctx, p: &Case) -> Lines {
    let open = p.notes.iter().filter(|(n, ..)| !n.restricted);
    let line = |(n, text, _): &(crate::model::Note, String, Vec<String>)| {
        (by(ctx, p, &n.written), String::new(), text.lines().map(str::to_owned).collect())
    };
    let left = p.notes.iter().filter(|(n, ..)| n.restricted).count();
    let left = (left > 0).then(|| ctx.ta("case-paper-restricted", [("n", left)]));
    open.map(line).chain(left.map(|text| (text, String::new(), Vec::new()))).collect()
}
