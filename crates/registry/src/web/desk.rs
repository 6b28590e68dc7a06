//! The registry at the desk: looking something up with a purpose, what waits for a person, what was named last.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Purpose};
use serde::Deserialize;
use web::{Choice, Ctx, Empty, ErrorSummary, Field, FieldError, Markup, Page, Problem, Status as Shown};

use super::words;
use crate::model::{Entry, Outcome, Status};
use crate::rules;
use crate::service::{self, Figures, Found, Ground};

struct Row {
    href: String,
    what: String,
    kind: String,
    status: Shown,
    role: String,
    reports: String,
    last: Option<Markup>,
}

/// What was found of a thing that was looked up.
struct Answer {
    what: String,
    kind: String,
    status: Option<Shown>,
    partners: String,
    public: String,
    like: Option<String>,
    href: Option<String>,
}

/// What asking was worth lately, in words.
struct Worth {
    since: Markup,
    counted: Option<Markup>,
    prevented: Vec<String>,
    payers: String,
    asked: String,
    known: String,
    stopped: String,
    carried_out: String,
    mistaken: String,
    objections: String,
    upheld: String,
    undecided: String,
    late: Option<String>,
}

#[derive(Template)]
#[template(path = "registry_list.html")]
struct List {
    ctx: Ctx,
    title: String,
    fields: Vec<Field>,
    answers: Vec<Answer>,
    worth: Worth,
    /// Objections that wait.
    objections: Option<String>,
    waiting: Vec<Row>,
    latest: Vec<Row>,
    empty: Empty,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct FindForm {
    value: String,
    purpose: String,
    report: String,
}

/// For what somebody may look something up.
const PURPOSES: [Purpose; 3] = [Purpose::HandleReport, Purpose::Investigate, Purpose::Audit];

fn row(ctx: &Ctx, (entry, status): &(Entry, Status)) -> Row {
    let t = &entry.tally;
    Row {
        href: format!("/desk/registry/{}", entry.id),
        what: entry.masked.clone(),
        kind: words::kind(ctx, entry.kind),
        status: words::status(ctx, *status),
        role: words::role(ctx, rules::role(entry.kind, t)),
        reports: ctx.number(i64::from(t.harmful.saturating_add(t.told))),
        last: t.last.map(|at| ctx.time(at)),
    }
}

fn answer(ctx: &Ctx, found: &Found) -> Answer {
    let status = found.entry.as_ref().map(|e| words::status(ctx, rules::status(e, ctx.now())));
    Answer {
        what: found.masked.clone(),
        kind: words::kind(ctx, found.seen.kind),
        status,
        partners: words::verdict(ctx, &found.verdict),
        public: words::public(ctx, found.public),
        like: found.like.as_ref().map(|domain| ctx.ta("registry-like.text", [("domain", domain.as_str())])),
        href: found.entry.as_ref().map(|e| format!("/desk/registry/{}", e.id)),
    }
}

fn worth(ctx: &Ctx, f: &Figures) -> Worth {
    let (stopped, mistaken) = (f.stopped(), f.count(Outcome::Mistaken));
    Worth {
        since: ctx.time(f.since),
        counted: f.counted.map(|at| ctx.time(at)),
        prevented: f.prevented.iter().map(|p| ctx.money(p.sum)).collect(),
        payers: ctx.number(f.prevented.iter().map(|p| p.payers).sum()),
        asked: ctx.number(f.asked),
        known: format!("{} ({})", ctx.number(f.known), ctx.share(f.known, f.asked)),
        stopped: ctx.number(stopped),
        carried_out: ctx.number(f.count(Outcome::CarriedOut)),
        mistaken: format!("{} ({})", ctx.number(mistaken), ctx.share(mistaken, stopped)),
        objections: ctx.number(f.objections.all),
        upheld: format!(
            "{} ({})",
            ctx.number(f.objections.upheld),
            ctx.share(f.objections.upheld, f.objections.decided)
        ),
        undecided: ctx.number(f.objections.waiting),
        late: (f.objections.late > 0)
            .then(|| ctx.ta("registry-worth-undecided.late", [("count", ctx.number(f.objections.late))])),
    }
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    (form, found): (&FindForm, &[Found]),
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let waiting = service::to_look_at(app, actor).await.map_err(|e| Problem::of(&e))?;
    let latest = service::latest(app, actor).await.map_err(|e| Problem::of(&e))?;
    let figures = service::figures(app, actor).await.map_err(|e| Problem::of(&e))?;
    let purposes = PURPOSES.iter().map(|p| Choice::new(p.as_str(), words::purpose(ctx, p.as_str())));
    let chosen = if form.purpose.is_empty() { Purpose::HandleReport.as_str() } else { form.purpose.as_str() };
    let fields = vec![
        Field::text(ctx, "value", "registry-value").value(form.value.clone()).errors(&errors),
        Field::select(ctx, "purpose", "registry-purpose", purposes.collect()).value(chosen).errors(&errors),
        Field::text(ctx, "report", "registry-for-report")
            .value(form.report.clone())
            .autocomplete("off")
            .width(20)
            .errors(&errors),
    ];
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = List {
        title: ctx.t("registry-nav"),
        fields,
        answers: found.iter().map(|f| answer(ctx, f)).collect(),
        worth: worth(ctx, &figures),
        objections: (figures.objections.waiting > 0).then(|| ctx.number(figures.objections.waiting)),
        waiting: waiting.iter().map(|e| row(ctx, e)).collect(),
        latest: latest.iter().map(|e| row(ctx, e)).collect(),
        empty: Empty::new(ctx, "registry-empty"),
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    };
    Ok((status, Page(page)).into_response())
}

/// `GET /desk/registry`.
pub(crate) async fn show(Staff(actor): Staff, ctx: Ctx, State(app): State<App>) -> Result<Response, Problem> {
    page(&ctx, &app, &actor, (&FindForm::default(), &[]), Vec::new()).await
}

/// `POST /desk/registry`: looks something up. The value stands in no address.
pub(crate) async fn find(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Form(form): Form<FindForm>,
) -> Result<Response, Problem> {
    let Some(purpose) = PURPOSES.into_iter().find(|p| p.as_str() == form.purpose) else {
        let wrong = FieldError::new(&ctx, "purpose", "registry-purpose.missing");
        return page(&ctx, &app, &actor, (&form, &[]), vec![wrong]).await;
    };
    let number = form.report.trim();
    let ground = Ground { purpose, report: (!number.is_empty()).then(|| number.to_owned()) };
    match service::find(&app, &actor, &form.value, ground).await {
        Ok(found) => page(&ctx, &app, &actor, (&form, &found), Vec::new()).await,
        Err(error) => match words::field_error(&ctx, &error) {
            Some(wrong) => page(&ctx, &app, &actor, (&form, &[]), vec![wrong]).await,
            None => Err(Problem::of(&error)),
        },
    }
}
