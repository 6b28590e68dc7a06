//! One person: how they are written, what they are, what stands behind each record, what holds the records together. Opened
//! for a report, which is asked for first.

use std::collections::{BTreeMap, BTreeSet};

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Purpose};
use serde::Deserialize;
use web::{
    Ctx, Entry as Line, ErrorSummary, Field, FieldError, Markup, Page, Problem, Status as Shown, Timeline,
};

use super::words;
use crate::error::PersonError;
use crate::model::{PersonId, Told};
use crate::service::{self, Ground, Opened, Place};

/// What is asked before a person is opened.
#[derive(Template)]
#[template(path = "person_ground.html")]
struct Ask {
    ctx: Ctx,
    title: String,
    here: String,
    reports: Vec<String>,
    field: Field,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

/// A record of the person.
struct Row {
    role: String,
    origin: String,
    href: Option<String>,
    /// The order that was answered.
    order: Option<String>,
    facts: Vec<(String, String)>,
    at: Markup,
    /// The record by itself: what it told before, correcting it.
    page: String,
    told_anew: bool,
    taken_back: bool,
    cut: bool,
}

/// What holds two records together.
struct Held {
    between: String,
    how: String,
    bits: String,
    href: String,
}

/// What somebody said.
struct Word {
    verdict: String,
    who: String,
    at: Markup,
    reason: Option<String>,
    undone: Option<Markup>,
    undo: Option<String>,
}

#[derive(Template)]
#[template(path = "person_show.html")]
struct Show {
    ctx: Ctx,
    title: String,
    number: String,
    report: String,
    dropper: String,
    minor: Option<Shown>,
    names: Vec<String>,
    roles: Vec<String>,
    told: Vec<(String, Vec<String>)>,
    formerly: Vec<String>,
    records: Vec<Row>,
    first: usize,
    more: Option<String>,
    all: String,
    waiting: i64,
    joints: Vec<Held>,
    judgements: Vec<Word>,
    history: Timeline,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct For {
    report: String,
    after: String,
    no: usize,
}

fn parse(id: &str) -> Result<PersonId, Problem> {
    id.parse().map_err(|_| Problem::of(&PersonError::NotFound))
}

async fn ask(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    id: PersonId,
    (typed, errors): (&str, Vec<FieldError>),
) -> Result<Response, Problem> {
    let (person, reports) = service::offered(app, actor, id).await.map_err(|e| Problem::of(&e))?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Ask {
        title: ctx.ta("person-title", [("number", person.number.as_str())]),
        here: format!("/desk/persons/{}", person.id),
        reports,
        field: Field::text(ctx, "report", "person-for-report")
            .value(typed)
            .autocomplete("off")
            .width(20)
            .errors(&errors),
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    };
    Ok((status, Page(page)).into_response())
}

/// `GET /desk/persons/{id}?report=NUMBER`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(ground): Query<For>,
) -> Result<Response, Problem> {
    let id = parse(&id)?;
    let report = ground.report.trim().to_uppercase();
    if report.is_empty() {
        return ask(&ctx, &app, &actor, id, ("", Vec::new())).await;
    }
    match service::open(&app, &actor, id, (&Ground(report.clone()), Place::parse(&ground.after))).await {
        Ok(opened) => {
            let names = words::Names::load(&app).await;
            Ok(page((&ctx, &names), &actor, &opened, (report, ground.no)))
        }
        Err(error) => match words::field_error(&ctx, &error) {
            Some(wrong) => ask(&ctx, &app, &actor, id, (&report, vec![wrong])).await,
            None => Err(Problem::of(&error)),
        },
    }
}

/// Each writing once, as it came.
fn distinct(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    all.filter(|text| !text.is_empty() && seen.insert(text.clone())).collect()
}

fn page(
    (ctx, names): (&Ctx, &words::Names),
    reader: &Actor,
    m: &Opened,
    (report, before): (String, usize),
) -> Response {
    // What was taken back is nobody's: it stands with the records alone.
    let told: Vec<Told> = m
        .records
        .iter()
        .filter(|r| r.record.taken_back.is_none())
        .filter_map(|r| r.told.as_ref().map(|t| t.open(Purpose::HandleReport).clone()))
        .collect();
    let of = |key: &str, field: fn(&Told) -> String| (ctx.t(key), distinct(told.iter().map(field)));
    let places: BTreeMap<_, usize> =
        m.records.iter().zip(before.saturating_add(1)..).map(|(r, no)| (r.record.id, no)).collect();
    let place = |id| {
        places
            .get(&id)
            .map(|no| ctx.ta("person-record-no", [("n", *no)]))
            .unwrap_or_else(|| ctx.t("person-record-elsewhere"))
    };
    let page = Show {
        title: ctx.ta("person-title", [("number", m.person.number.as_str())]),
        number: m.person.number.clone(),
        minor: m.minor.then(|| words::minor(ctx)),
        names: distinct(told.iter().map(Told::name)),
        roles: distinct(m.records.iter().map(|r| words::role(ctx, r.record.role))),
        told: [
            of("person-iin.label", |t| t.iin.clone()),
            of("person-birth.label", |t| t.birth.clone()),
            of("person-phone.label", |t| t.phone.clone()),
            of("person-address.label", |t| t.address.clone()),
            of("person-device.label", |t| t.device.clone()),
            of("person-photo.label", |t| t.photo.clone()),
        ]
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .collect(),
        formerly: m.formerly.clone(),
        records: m
            .records
            .iter()
            .map(|r| Row {
                role: words::role(ctx, r.record.role),
                origin: words::origin(ctx, r),
                href: r.report_number.as_ref().map(|number| format!("/desk/reports/{number}")),
                facts: r
                    .told
                    .as_ref()
                    .map(|t| words::facts(ctx, names, t.open(Purpose::HandleReport)))
                    .unwrap_or_default(),
                order: r.told.as_ref().and_then(|t| words::order_page(t.open(Purpose::HandleReport))),
                at: ctx.time(r.record.header.created_at),
                page: format!("/desk/persons/records/{}?report={}", r.record.id, web::encode(&report)),
                told_anew: r.record.told_at > r.record.header.created_at,
                taken_back: r.record.taken_back.is_some(),
                cut: r.record.cut,
            })
            .collect(),
        first: before.saturating_add(1),
        more: m.more.map(|place| {
            let no = before.saturating_add(m.records.len());
            let (id, report) = (m.person.id, web::encode(&report));
            format!("/desk/persons/{id}?report={report}&after={}&no={no}", place.to_text())
        }),
        all: ctx.number(m.person.records),
        waiting: m.waiting,
        joints: m
            .joints
            .iter()
            .map(|j| Held {
                between: format!("{} – {}", place(j.pair.first), place(j.pair.second)),
                how: ctx.t(if j.judged.is_some() { "person-joined-people" } else { "person-joined-machine" }),
                bits: format!("{}, {}", words::bits(ctx, j.pair.bits), words::odds(ctx, j.pair.bits)),
                href: format!("/desk/persons/review?pair={}", j.pair.id),
            })
            .collect(),
        judgements: m
            .judgements
            .iter()
            .map(|(j, reason)| Word {
                verdict: words::verdict(ctx, j.verdict),
                who: words::who(ctx, reader, &j.header.author),
                at: ctx.time(j.header.created_at),
                reason: reason.clone(),
                undone: j.undone_at.map(|at| ctx.time(at)),
                undo: (m.may_judge && j.undone_at.is_none())
                    .then(|| format!("/desk/persons/judgements/{}/undo", j.id)),
            })
            .collect(),
        history: history(ctx, reader, m),
        dropper: format!("/desk/persons/{}/dropper?report={}", m.person.id, web::encode(&report)),
        report,
        ctx: ctx.clone(),
    };
    Page(page).into_response()
}

/// What was done with the person, the newest first.
fn history(ctx: &Ctx, reader: &Actor, m: &Opened) -> Timeline {
    let lines = m.history.iter().filter_map(|r| {
        Some(Line {
            at: r.record.office_at,
            actor: words::who(ctx, reader, &r.record.actor),
            machine: r.record.actor == service::part().label(),
            what: Markup::text(&words::act(ctx, &r.record.act)?),
            basis: String::new(),
            proof: String::new(),
        })
    });
    Timeline::newest_first(ctx, lines.collect())
}
