//! Somebody is written down by hand: from a document, an interview, an answer that names whose an account is.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use web::{Choice, Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast};

use super::words;
use crate::model::{Role, Told};
use crate::service;

#[derive(Template)]
#[template(path = "person_new.html")]
struct New {
    ctx: Ctx,
    title: String,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct HandForm {
    report: String,
    role: String,
    iin: String,
    last: String,
    first: String,
    middle: String,
    birth: String,
    phone: String,
    address: String,
}

fn page(ctx: &Ctx, form: &HandForm, errors: Vec<FieldError>) -> Response {
    let text = |name: &str, key: &str, value: &str| {
        Field::text(ctx, name, key).value(value).autocomplete("off").errors(&errors)
    };
    let roles = Role::ALL.iter().map(|role| Choice::new(role.as_str(), words::role(ctx, *role)));
    let fields = vec![
        text("report", "person-for-report", &form.report).width(20),
        Field::radios(ctx, "role", "person-role", roles.collect()).value(form.role.clone()).errors(&errors),
        text("iin", "person-iin", &form.iin).inputmode("numeric").width(20).optional(),
        text("last", "person-last", &form.last).optional(),
        text("first", "person-first", &form.first).optional(),
        text("middle", "person-middle", &form.middle).optional(),
        text("birth", "person-birth", &form.birth).width(20).optional(),
        text("phone", "person-phone", &form.phone).inputmode("tel").width(20).optional(),
        text("address", "person-address", &form.address).optional(),
    ];
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = New {
        title: ctx.t("person-new"),
        fields,
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    };
    (status, Page(page)).into_response()
}

/// `GET /desk/persons/new`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Query(form): Query<HandForm>,
) -> Result<Response, Problem> {
    service::may_judge(&app, &actor).map_err(|e| Problem::of(&e))?;
    // Nothing personal is read from an address.
    Ok(page(&ctx, &HandForm { report: form.report, ..HandForm::default() }, Vec::new()))
}

/// `POST /desk/persons/new`.
pub(crate) async fn submit(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Form(form): Form<HandForm>,
) -> Result<Response, Problem> {
    let Some(role) = Role::parse(&form.role) else {
        let wrong = FieldError::new(&ctx, "role", "person-role.missing");
        return Ok(page(&ctx, &form, vec![wrong]));
    };
    let told = Told {
        iin: form.iin.clone(),
        last: form.last.clone(),
        first: form.first.clone(),
        middle: form.middle.clone(),
        birth: form.birth.clone(),
        phone: form.phone.clone(),
        address: form.address.clone(),
    };
    match service::by_hand(&app, &actor, &form.report, role, told).await {
        Ok(person) => {
            let to = format!("/desk/persons/{person}?report={}", web::encode(form.report.trim()));
            Ok(SeeOther::to(to).with_toast(Toast::new("person-toast-written")).into_response())
        }
        Err(error) => match words::field_error(&ctx, &error) {
            Some(wrong) => {
                // Where nothing at all is told the first of the name's fields is pointed at.
                let field = if wrong.field == "name" { "last".to_owned() } else { wrong.field.clone() };
                Ok(page(&ctx, &form, vec![FieldError { field, ..wrong }]))
            }
            None => Err(Problem::of(&error)),
        },
    }
}
