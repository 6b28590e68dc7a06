//! A person as a dropper: form F9, step by step.

use access::{Staff, SteppedUp};
use app::App;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Coded as _, Purpose};
use order::details::Knowledge;
use serde::Deserialize;
use web::{Ctx, ErrorSummary, Field, FieldError, Markup, Page, Problem, SeeOther, Status as Shown, Toast};

use super::dropper_form::{Act, Filled, acts, clock, knowledge, line, status, told_fields};
use super::words;
use crate::error::PersonError;
use crate::model::{DropperId, DropperStatus, DropperTold, PersonId};
use crate::rules::dropper::Interview;
use crate::service::{self, EarlierTold, Ground, Matter, OpenDropper, Step};

/// What was told before.
struct Before {
    at: Markup,
    who: String,
    knowledge: Option<String>,
    told: Vec<(String, String)>,
}

/// One matter.
struct Shows {
    id: String,
    status: Shown,
    knowledge: Option<String>,
    flags: Vec<String>,
    instruments: Vec<String>,
    recruitment: String,
    evidence: String,
    /// What else is told, each with its name.
    more: Vec<(String, String)>,
    earlier: Vec<Before>,
    doubt: Option<String>,
    review: Option<Markup>,
    reason: Option<String>,
    asked: Option<String>,
    minor: bool,
}

#[derive(Template)]
#[template(path = "person_dropper.html")]
struct Show {
    ctx: Ctx,
    title: String,
    here: String,
    back: String,
    report: String,
    minor: Option<Shown>,
    matters: Vec<Shows>,
    acts: Vec<Act>,
    /// Matters that are open, where there are several.
    others: Vec<String>,
    /// The one whose steps are shown.
    chosen: String,
    order: Option<String>,
    begin: Vec<Field>,
    /// Whether some of it was filled in from what an institution told.
    filled: bool,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct For {
    report: String,
    matter: String,
}

/// What is told besides, each with its name.
fn besides(ctx: &Ctx, told: &DropperTold) -> Vec<(String, String)> {
    let all = [
        ("person-dropper-flows-in.label", &told.flows_in),
        ("person-dropper-flows-out.label", &told.flows_out),
        ("person-dropper-victims.label", &told.victims),
        ("person-dropper-hop.label", &told.hop),
        ("person-dropper-restrictions.label", &told.restrictions),
        ("person-dropper-case.label", &told.case),
    ];
    all.into_iter().filter(|(_, v)| !v.is_empty()).map(|(key, v)| (ctx.t(key), v.clone())).collect()
}

fn before(ctx: &Ctx, reader: &Actor, e: &EarlierTold) -> Before {
    let told = e.told.as_ref().map(|t| t.open(Purpose::HandleReport).clone()).unwrap_or_default();
    let instruments: Vec<String> = told.instruments.iter().map(line).collect();
    let mut all = vec![
        (ctx.t("person-dropper-instruments.label"), instruments.join("; ")),
        (ctx.t("person-dropper-recruitment.label"), told.recruitment.clone()),
        (ctx.t("person-dropper-evidence.label"), told.evidence.clone()),
    ];
    all.retain(|(_, v)| !v.is_empty());
    all.extend(besides(ctx, &told));
    Before {
        at: ctx.time(e.at),
        who: words::who(ctx, reader, &e.by),
        knowledge: e.knowledge.map(|k| knowledge(ctx, k)),
        told: all,
    }
}

fn shows(ctx: &Ctx, reader: &Actor, m: &OpenDropper) -> Shows {
    let d = &m.dropper;
    let told = m.told.as_ref().map(|t| t.open(Purpose::HandleReport).clone()).unwrap_or_default();
    let flags = [("voluntary", d.voluntary), ("talked", d.talked), ("guardian_told", d.guardian_told)];
    let flag = |(name, _): (&str, bool)| ctx.t(&format!("person-dropper-flag-{}", words::key_part(name)));
    Shows {
        id: d.id.to_string(),
        status: status(ctx, d.status),
        knowledge: d.knowledge.map(|k| knowledge(ctx, k)),
        flags: flags.into_iter().filter(|(_, set)| *set).map(flag).collect(),
        instruments: told.instruments.iter().map(line).collect(),
        more: besides(ctx, &told),
        earlier: m.earlier.iter().map(|e| before(ctx, reader, e)).collect(),
        doubt: d.doubt.map(|_| words::why_looked_at(ctx, d)),
        recruitment: told.recruitment,
        evidence: told.evidence,
        review: (d.status != DropperStatus::Cleared).then(|| clock(ctx, d)),
        reason: m.reason.clone(),
        asked: m.asked.clone(),
        minor: d.minor,
    }
}

fn parse(id: &str) -> Result<PersonId, Problem> {
    id.parse().map_err(|_| Problem::of(&PersonError::NotFound))
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    id: PersonId,
    (filled, errors): (&Filled, Vec<FieldError>),
) -> Result<Response, Problem> {
    let ground = Ground(filled.report.clone());
    let m: Matter = match service::droppers_of(app, actor, id, &ground).await {
        Ok(m) => m,
        // Without a report the person's own page asks for one.
        Err(PersonError::Report) => return Ok(SeeOther::to(format!("/desk/persons/{id}")).into_response()),
        Err(e) => return Err(Problem::of(&e)),
    };
    let report = filled.report.trim().to_uppercase();
    // After a merge there may be several, and each goes on by itself.
    let open: Vec<&OpenDropper> =
        m.all.iter().filter(|d| d.dropper.status != DropperStatus::Cleared).collect();
    let wanted = open.iter().find(|d| d.dropper.id.to_string() == filled.matter);
    let chosen: Option<&OpenDropper> = wanted.or(open.first()).copied();
    // What is known stands there only while nobody has typed anything.
    let fresh = errors.is_empty() && filled.told() == DropperTold::default();
    let known = m.known.as_ref().filter(|_| fresh).map(|k| Filled::of(k.open(Purpose::HandleReport)));
    let code = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let listed = open.iter().any(|d| d.dropper.status == DropperStatus::Listed && d.may_keep);
    let page = Show {
        title: ctx.ta("person-dropper-title", [("number", m.number.as_str())]),
        here: format!("/desk/persons/{}/dropper", m.person),
        back: format!("/desk/persons/{}?report={}", m.person, web::encode(&report)),
        minor: (m.minor || open.iter().any(|d| d.dropper.minor)).then(|| words::minor(ctx)),
        matters: m.all.iter().map(|d| shows(ctx, actor, d)).collect(),
        acts: chosen.map(|d| acts(ctx, d, (filled, &errors))).unwrap_or_default(),
        others: if open.len() > 1 {
            open.iter().map(|d| d.dropper.id.to_string()).collect()
        } else {
            Vec::new()
        },
        chosen: chosen.map(|d| d.dropper.id.to_string()).unwrap_or_default(),
        order: listed.then(|| format!("/desk/reports/{}/list", web::encode(&report))),
        begin: if m.may_begin {
            told_fields(ctx, known.as_ref().unwrap_or(filled), &errors)
        } else {
            Vec::new()
        },
        filled: known.is_some(),
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        report,
        ctx: ctx.clone(),
    };
    Ok((code, Page(page)).into_response())
}

/// `GET /desk/persons/{id}/dropper?report=NUMBER`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(ground): Query<For>,
) -> Result<Response, Problem> {
    let filled = Filled { report: ground.report, matter: ground.matter, ..Filled::default() };
    page(&ctx, &app, &actor, parse(&id)?, (&filled, Vec::new())).await
}

fn wrong(ctx: &Ctx, act: &str, error: &PersonError) -> Option<FieldError> {
    let field = match error {
        PersonError::Reasons if act == "signal" => "evidence".to_owned(),
        PersonError::Reasons if act == "case" => {
            return Some(FieldError::new(ctx, "case", "person-dropper-case.missing"));
        }
        PersonError::Reasons => format!("{act}_reason"),
        PersonError::TooLong(name) | PersonError::Figure(name) => (*name).to_owned(),
        _ => return None,
    };
    Some(FieldError::new(ctx, &field, &Problem::key(error.code())))
}

/// `POST /desk/persons/{id}/dropper`: somebody says that the person lent their account.
pub(crate) async fn signal(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let (id, filled) = (parse(&id)?, Filled::read(form));
    let ground = Ground(filled.report.clone());
    let done = service::signal(&app, &actor, id, &ground, &filled.told()).await.map(|_| id);
    back((&ctx, &app, &actor), (id, "signal"), &filled, done).await
}

async fn back(
    (ctx, app, actor): (&Ctx, &App, &Actor),
    (id, act): (PersonId, &'static str),
    filled: &Filled,
    done: Result<PersonId, PersonError>,
) -> Result<Response, Problem> {
    match done {
        Ok(person) => {
            let report = web::encode(&filled.report.trim().to_uppercase());
            Ok(SeeOther::to(format!("/desk/persons/{person}/dropper?report={report}"))
                .with_toast(Toast::new(&format!("person-dropper-toast-{act}")))
                .into_response())
        }
        Err(error) => match wrong(ctx, act, &error) {
            Some(wrong) => page(ctx, app, actor, id, (filled, vec![wrong])).await,
            None => Err(Problem::of(&error)),
        },
    }
}

/// Steps that need no fresh code.
const KEPT: [&str; 5] = ["verify", "interview", "propose", "ask", "case"];
/// Steps that are signed with a fresh code.
const SIGNED: [&str; 3] = ["list", "keep", "clear"];

fn step(ctx: &Ctx, act: &str, filled: &Filled) -> Result<Step, FieldError> {
    Ok(match act {
        "verify" => Step::Verify,
        "interview" => {
            let knowledge = Knowledge::parse(&filled.knowledge)
                .ok_or_else(|| FieldError::new(ctx, "knowledge", "person-dropper-knowledge.missing"))?;
            let heard = Interview {
                knowledge,
                voluntary: filled.has("voluntary"),
                talked: filled.has("talked"),
                guardian_told: filled.has("guardian_told"),
            };
            Step::Interview(heard, filled.told())
        }
        "propose" => Step::Propose,
        "case" => Step::Case(filled.case.clone()),
        "ask" => Step::AskOff(filled.reason.clone()),
        "list" => Step::List,
        "keep" => Step::Keep(filled.reason.clone()),
        _ => Step::Clear(filled.reason.clone()),
    })
}

async fn take(
    (ctx, app, actor): (&Ctx, &App, &Actor),
    (person, id, act): (&str, &str, &'static str),
    form: Vec<(String, String)>,
) -> Result<Response, Problem> {
    let (person, mut filled) = (parse(person)?, Filled::read(form));
    id.clone_into(&mut filled.matter);
    let id: DropperId = id.parse().map_err(|_| Problem::of(&PersonError::NotFound))?;
    match step(ctx, act, &filled) {
        Ok(step) => {
            let done = service::take(app, actor, id, step).await;
            back((ctx, app, actor), (person, act), &filled, done).await
        }
        Err(wrong) => page(ctx, app, actor, person, (&filled, vec![wrong])).await,
    }
}

fn word(all: &[&'static str], act: &str) -> Result<&'static str, Problem> {
    all.iter().find(|a| **a == act).copied().ok_or_else(|| Problem::of(&PersonError::NotFound))
}

/// `POST /desk/persons/{id}/dropper/{dropper}/step/{act}`: the officer's steps.
pub(crate) async fn keep(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path((person, id, act)): Path<(String, String, String)>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    take((&ctx, &app, &actor), (&person, &id, word(&KEPT, &act)?), form).await
}

/// `POST /desk/persons/{id}/dropper/{dropper}/sign/{act}`: the approver's, with a fresh one-time code.
pub(crate) async fn sign(
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    State(app): State<App>,
    Path((person, id, act)): Path<(String, String, String)>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    take((&ctx, &app, &actor), (&person, &id, word(&SIGNED, &act)?), form).await
}
