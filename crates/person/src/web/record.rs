//! One record of a person: what it told before, and, where officers brought it, correcting it and taking it back.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Coded as _, Purpose};
use serde::Deserialize;
use web::{Ctx, ErrorSummary, Field, FieldError, Markup, Page, Problem, SeeOther, Toast};

use super::hand::{HandForm, told_fields};
use super::words;
use crate::error::PersonError;
use crate::model::{PersonId, RecordId, Role, Told};
use crate::service::{self, Ground, RecordPage};

/// What was told before.
struct Before {
    at: Markup,
    who: String,
    facts: Vec<(String, String)>,
    reason: Option<String>,
}

#[derive(Template)]
#[template(path = "person_record.html")]
struct Show {
    ctx: Ctx,
    title: String,
    here: String,
    back: String,
    report: String,
    /// A mark of what is told now.
    stands: String,
    origin: String,
    /// The order that was answered.
    order: Option<String>,
    facts: Vec<(String, String)>,
    /// When it was taken back, by whom and why.
    taken_back: Option<(Markup, String, Option<String>)>,
    versions: Vec<Before>,
    may_change: bool,
    correct: Vec<Field>,
    take_back: Field,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct For {
    report: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BackForm {
    report: String,
    back_reason: String,
}

fn parse(id: &str) -> Result<RecordId, Problem> {
    id.parse().map_err(|_| Problem::of(&PersonError::NotFound))
}

/// What a record tells, with what they are.
fn facts(
    (ctx, names): (&Ctx, &words::Names),
    role: Option<Role>,
    told: Option<&Told>,
) -> Vec<(String, String)> {
    let mut all = Vec::new();
    all.extend(role.map(|role| (ctx.t("person-role.label"), words::role(ctx, role))));
    all.extend(told.map(|told| words::facts(ctx, names, told)).unwrap_or_default());
    all
}

fn form_of(m: &RecordPage) -> HandForm {
    let told = m.open.told.as_ref().map(|t| t.open(Purpose::HandleReport).clone()).unwrap_or_default();
    HandForm {
        role: m.open.record.role.as_str().to_owned(),
        iin: told.iin,
        last: told.last,
        first: told.first,
        middle: told.middle,
        birth: told.birth,
        phone: told.phone,
        address: told.address,
        device: told.device,
        photo: told.photo,
        ..HandForm::default()
    }
}

async fn page(
    (ctx, app, actor): (&Ctx, &App, &Actor),
    id: RecordId,
    (report, typed, back_reason): (&str, Option<&HandForm>, &str),
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let report = report.trim().to_uppercase();
    let m = match service::record_page(app, actor, id, &Ground(report.clone())).await {
        Ok(m) => m,
        // Without a report the list of persons is where one begins.
        Err(PersonError::Report) => return Ok(SeeOther::to("/desk/persons").into_response()),
        Err(e) => return Err(Problem::of(&e)),
    };
    let names = words::Names::load(app).await;
    let record = &m.open.record;
    let told = m.open.told.as_ref().map(|t| t.open(Purpose::HandleReport).clone());
    let counts = record.taken_back.is_none();
    let before = form_of(&m);
    let form = typed.unwrap_or(&before);
    let mut correct = told_fields(ctx, form, &errors);
    correct.push(
        Field::area(ctx, "reason", "person-correct-reason", 2).value(form.reason.clone()).errors(&errors),
    );
    let versions = m.versions.iter().map(|v| {
        let told = v.told.as_ref().map(|t| t.open(Purpose::HandleReport).clone());
        Before {
            at: ctx.time(v.at.0),
            who: words::who(ctx, actor, &v.at.1),
            facts: facts((ctx, &names), v.role, told.as_ref()),
            reason: v.reason.clone(),
        }
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Show {
        title: ctx.t("person-record"),
        here: format!("/desk/persons/records/{id}"),
        back: format!("/desk/persons/{}?report={}", record.person, web::encode(&report)),
        stands: service::stands(record),
        origin: words::origin(ctx, &m.open),
        order: told.as_ref().and_then(words::order_page),
        facts: facts((ctx, &names), Some(record.role), told.as_ref()),
        taken_back: record
            .taken_back
            .as_ref()
            .map(|(at, by)| (ctx.time(*at), words::who(ctx, actor, by), m.why_back.clone())),
        versions: versions.collect(),
        may_change: m.may_change,
        correct: if m.may_change && counts { correct } else { Vec::new() },
        take_back: Field::area(ctx, "back_reason", "person-back-reason", 2)
            .value(back_reason)
            .errors(&errors),
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        report,
        ctx: ctx.clone(),
    };
    Ok((status, Page(page)).into_response())
}

/// `GET /desk/persons/records/{id}?report=NUMBER`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(ground): Query<For>,
) -> Result<Response, Problem> {
    page((&ctx, &app, &actor), parse(&id)?, (&ground.report, None, ""), Vec::new()).await
}

fn back(person: PersonId, report: &str, toast: Toast) -> Response {
    let to = format!("/desk/persons/{person}?report={}", web::encode(report.trim()));
    SeeOther::to(to).with_toast(toast).into_response()
}

/// `POST /desk/persons/records/{id}`: what was wrong is told anew.
pub(crate) async fn correct(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
    Form(form): Form<HandForm>,
) -> Result<Response, Problem> {
    let no = parse(&id)?;
    let Some(role) = Role::parse(&form.role) else {
        let errors = vec![FieldError::new(&ctx, "role", "person-role.missing")];
        return page((&ctx, &app, &actor), no, (&form.report, Some(&form), ""), errors).await;
    };
    let read = (!form.stands.is_empty()).then_some(form.stands.as_str());
    match service::correct_over(&app, &actor, (no, read), (role, form.told()), &form.reason).await {
        Ok(person) => Ok(back(person, &form.report, Toast::new("person-toast-corrected"))),
        // What stands now is on the page; what was typed is kept, and goes over it when it is sent again.
        Err(error @ PersonError::Changed) => {
            let errors = vec![FieldError::new(&ctx, "last", &Problem::key(error.code()))];
            page((&ctx, &app, &actor), no, (&form.report, Some(&form), ""), errors).await
        }
        Err(error) => match words::field_error(&ctx, &error) {
            Some(wrong) => {
                let field = if wrong.field == "name" { "last".to_owned() } else { wrong.field.clone() };
                let errors = vec![FieldError { field, ..wrong }];
                page((&ctx, &app, &actor), no, (&form.report, Some(&form), ""), errors).await
            }
            None => Err(Problem::of(&error)),
        },
    }
}

/// `POST /desk/persons/records/{id}/back`: it is taken back.
pub(crate) async fn take_back(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(id): Path<String>,
    Form(form): Form<BackForm>,
) -> Result<Response, Problem> {
    let no = parse(&id)?;
    match service::take_record_back(&app, &actor, no, &form.back_reason).await {
        Ok(person) => {
            let undo =
                format!("/desk/persons/records/{no}/restore?report={}", web::encode(form.report.trim()));
            Ok(back(person, &form.report, Toast::new("person-toast-taken-back").undo(&undo)))
        }
        Err(error @ (PersonError::Reasons | PersonError::Carries)) => {
            let errors = vec![FieldError::new(&ctx, "back_reason", &Problem::key(error.code()))];
            page((&ctx, &app, &actor), no, (&form.report, None, &form.back_reason), errors).await
        }
        Err(error) => Err(Problem::of(&error)),
    }
}

/// `POST /desk/persons/records/{id}/restore`: it counts again.
pub(crate) async fn restore(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(ground): Query<For>,
) -> Result<Response, Problem> {
    let person = service::put_record_back(&app, &actor, parse(&id)?).await.map_err(|e| Problem::of(&e))?;
    Ok(back(person, &ground.report, Toast::new("person-toast-put-back")))
}
