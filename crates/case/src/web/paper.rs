//! The report of a case on one page, for paper: what it is, what was done, by whom and when.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use web::{Ctx, Markup, Page, Problem, Timeline};

use super::show::{PaperRow, ReportRow, by, facts, papers, report_rows};
use super::{page_of, time, words};
use crate::model::{Standing, TaskState};
use crate::service;

struct Block {
    title: String,
    empty: String,
    lines: Vec<(String, String, Vec<String>)>,
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
    facts: Vec<(String, Markup)>,
    reports: Vec<ReportRow>,
    papers: Vec<PaperRow>,
    blocks: Vec<Block>,
    line: Option<Timeline>,
    cut: bool,
    made: String,
}

/// `GET /desk/cases/{number}/paper`. The read is a record.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let p = service::look(&app, &actor, &number).await?;
    let told = service::time_line(&app, &actor, &p.case.number, (None, None)).await?;
    let banks = time::Banks::read(&app).await?;
    let page = Paper {
        organisation: app.profile.organisation().name.get(ctx.lang()).to_owned(),
        number: p.case.number.clone(),
        back: page_of(&p.case.number),
        title: p.title.clone(),
        summary: p.summary.lines().map(str::to_owned).collect(),
        facts: facts(&ctx, &app, &p),
        reports: report_rows(&ctx, &app, &p),
        papers: papers(&ctx, &p, |code| banks.name(&ctx, code)),
        blocks: blocks(&ctx, &app, &p),
        cut: told.earlier.is_some(),
        line: (!told.moments.is_empty()).then(|| time::timeline(&ctx, &app, &told, &banks)),
        made: ctx.date_time(ctx.now()),
        ctx: ctx.clone(),
    };
    Ok(Page(page).into_response())
}

fn blocks(ctx: &Ctx, app: &App, p: &service::Page) -> Vec<Block> {
    let block = |id: &str, lines| Block {
        title: ctx.t(&format!("case-sec-{id}")),
        empty: ctx.t(&format!("case-sec-{id}.empty")),
        lines,
    };
    let articles = p.articles.iter().map(|a| {
        let wording = ctx.ta("case-wording", [("day", words::day(ctx, &a.wording))]);
        (words::article(ctx, app, (&a.code, &a.wording)), wording, Vec::new())
    });
    let persons = p.persons.iter().filter(|(row, _)| row.until.is_none()).map(|(row, w)| {
        let told = row.rights_at.map(|at| ctx.ta("case-rights-told", [("time", ctx.date_time(at))]));
        (w.name.clone(), words::duty(ctx, app, &row.duty), told.into_iter().collect())
    });
    let tasks = p.tasks.iter().map(|(t, title)| {
        let state = ctx.t(&format!("case-task-{}", t.state.as_str()));
        let who =
            if t.state == TaskState::Open { &t.assignee } else { t.done_by.as_ref().unwrap_or(&t.assignee) };
        (words::task(ctx, app, title), format!("{state}, {}", words::who(ctx, &p.people, who)), Vec::new())
    });
    // What waits, was sent back or taken back is no decision.
    let decisions =
        p.decisions.iter().filter(|(d, ..)| d.standing == Standing::Stands).map(|(d, reasons, _)| {
            let agreed = d.second_by.as_ref();
            let agreed = agreed.map(|who| ctx.ta("case-agreed", [("who", words::who(ctx, &p.people, who))]));
            let meta =
                [Some(by(ctx, p, &d.written)), agreed].into_iter().flatten().collect::<Vec<_>>().join(". ");
            (words::decision(ctx, app, &d.kind), meta, reasons.lines().map(str::to_owned).collect())
        });
    // A restricted note goes into no report.
    let notes = p.notes.iter().filter(|(n, ..)| !n.restricted).map(|(n, text, _)| {
        (by(ctx, p, &n.written), String::new(), text.lines().map(str::to_owned).collect())
    });
    let exhibits = p.exhibits.iter().map(|e| {
        let title = e.title.clone().map(|t| t.into_inner(kernel::Purpose::Investigate)).unwrap_or_default();
        (e.exhibit.number.clone(), title, Vec::new())
    });
    let team = p.team.iter().filter(|m| m.until.is_none());
    let team = team.map(|m| (words::who(ctx, &p.people, &m.label), m.duty.clone(), Vec::new()));
    vec![
        block("articles", articles.collect()),
        block("persons", persons.collect()),
        block("decisions", decisions.collect()),
        block("exhibits", exhibits.collect()),
        block("tasks", tasks.collect()),
        block("notes", notes.collect()),
        block("team", team.collect()),
    ]
}
