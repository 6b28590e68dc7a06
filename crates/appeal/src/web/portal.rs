//! `/object`: a holder types the code of the notice, sees what is restricted, by whom, on what ground and until when,
//! and objects; later the same code shows what came of it. The code is never in an address.

use app::App;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::Actor;
use web::{Ctx, ErrorSummary, Field, FieldError, Page, Problem, Status as Shown};

use super::{Form, field_error, status};
use crate::error::AppealError;
use crate::model::{Appeal, Ground, NewAppeal, Status, Told};
use crate::rules;
use crate::service::{self, Restricted};

#[derive(Template)]
#[template(path = "appeal_code.html")]
struct CodePage {
    ctx: Ctx,
    title: String,
    code: Field,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

/// An objection as its maker sees it.
struct Made {
    number: String,
    status: Shown,
    words: String,
    reasons: Option<String>,
}

#[derive(Template)]
#[template(path = "appeal_object.html")]
struct ObjectPage {
    ctx: Ctx,
    title: String,
    code: String,
    what: String,
    measure: String,
    sum: Option<String>,
    organisation: String,
    basis: String,
    basis_text: String,
    until: String,
    ended: bool,
    body: String,
    made: Vec<Made>,
    may: bool,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

fn code_page(ctx: Ctx, typed: &str, errors: Vec<FieldError>) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = CodePage {
        title: ctx.t("appeal-portal.title"),
        code: Field::code(&ctx, "code", "appeal-code").value(typed).errors(&errors),
        summary: ErrorSummary::new(&ctx, &errors),
        errors,
        ctx,
    };
    (status, Page(page)).into_response()
}

/// `GET /object`.
pub(crate) async fn show(ctx: Ctx) -> Response {
    code_page(ctx, "", Vec::new())
}

/// `POST /object`: the code alone shows what it opens; the whole form objects.
pub(crate) async fn submit(
    ctx: Ctx,
    State(app): State<App>,
    axum::Form(form): axum::Form<Form>,
) -> Result<Response, Problem> {
    let found = match service::by_code(&app, &form.code).await {
        Ok(found) => found,
        Err(AppealError::NotFound) => {
            let wrong = FieldError::new(&ctx, "code", "error-appeal-not-found");
            return Ok(code_page(ctx, &form.code, vec![wrong]));
        }
        Err(e) => return Err(Problem::of(&e)),
    };
    if form.file.is_empty() {
        return Ok(object_page(ctx, &app, &found, &form, Vec::new()));
    }
    let told = Told { name: form.name.clone(), contact: form.contact.clone(), text: form.text.clone() };
    let ground = Ground::parse(&form.ground);
    // Everything that is missing is said at once.
    let mut wrong = Vec::new();
    if ground.is_none() {
        wrong.push(FieldError::new(&ctx, "ground", "appeal-ground.missing"));
    }
    let fields = rules::faults(&told).into_iter().map(AppealError::Field);
    wrong.extend(fields.filter_map(|fault| field_error(&ctx, &fault)));
    let Some(ground) = ground.filter(|_| wrong.is_empty()) else {
        return Ok(object_page(ctx, &app, &found, &form, wrong));
    };
    let new = NewAppeal { channel: "portal", ground, told };
    match service::file(&app, &Actor::Public, &form.code, new).await {
        // Pressed twice: it is there already, and the page says so.
        Ok(_) => {
            let found = service::by_code(&app, &form.code).await.map_err(|e| Problem::of(&e))?;
            Ok(object_page(ctx, &app, &found, &Form::default(), Vec::new()))
        }
        Err(AppealError::Waits(number)) => {
            let wrong = FieldError::with(&ctx, "text", "appeal-text.waits", [("number", number)]);
            Ok(object_page(ctx, &app, &found, &form, vec![wrong]))
        }
        Err(e) => match field_error(&ctx, &e) {
            Some(wrong) => Ok(object_page(ctx, &app, &found, &form, vec![wrong])),
            None => Err(Problem::of(&e)),
        },
    }
}

fn made(ctx: &Ctx, appeal: &Appeal, reasons: Option<&String>) -> Made {
    let words = match (appeal.status, appeal.decided_at) {
        (Status::Filed, _) => ctx.ta("appeal-made-due", [("time", ctx.date_time(appeal.due_at))]),
        (_, Some(at)) => ctx.ta("appeal-made-decided", [("time", ctx.date_time(at))]),
        _ => String::new(),
    };
    Made {
        number: appeal.number.clone(),
        status: status(ctx, appeal.status),
        words,
        reasons: reasons.cloned(),
    }
}

fn object_page(ctx: Ctx, app: &App, r: &Restricted, form: &Form, errors: Vec<FieldError>) -> Response {
    let record = &r.basis.record;
    let money = order::measure::is_about_money(r.order.measure);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let open = r.appeals.iter().any(|(a, _)| a.status == Status::Filed);
    let upheld = r.appeals.iter().any(|(a, _)| a.status == Status::Upheld);
    let page = ObjectPage {
        title: ctx.t("appeal-object.title"),
        code: if form.code.is_empty() { String::new() } else { form.code.clone() },
        what: r.object.masked.clone(),
        measure: ctx.t(&format!("legal-basis-measure-{}", super::key_part(r.order.measure.as_str()))),
        sum: (money && r.object.held.is_positive()).then(|| ctx.money(r.object.held)),
        organisation: app.profile.organisation().name.get(ctx.lang()).to_owned(),
        basis: format!("{}, {}", record.act_name.get(ctx.lang()), record.article),
        basis_text: record.text.get(ctx.lang()).to_owned(),
        until: ctx.date_time(r.order.ends_at()),
        ended: !r.order.status.is_open() || !r.object.state.is_open(),
        body: record.appeal.body.get(ctx.lang()).to_owned(),
        made: r.appeals.iter().map(|(a, why)| made(&ctx, a, why.as_ref())).collect(),
        // What was not taken stays to be read and copied.
        may: (!open || !errors.is_empty()) && !upheld && !form.code.is_empty(),
        fields: form.fields(&ctx, &errors),
        summary: ErrorSummary::new(&ctx, &errors),
        errors,
        ctx,
    };
    (status, Page(page)).into_response()
}
