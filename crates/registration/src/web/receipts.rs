//! Under which number a register took a report, and putting that right.

use access::Staff;
use app::App;
use axum::extract::{Extension, Form as Body, Path, State};
use axum::response::Response;
use uuid::Uuid;
use web::{Ctx, FieldError, Problem};

use super::ask::{Ask, FORM, done, early, form_page, kept, matter};
use super::forms::Form;
use crate::error::RegistrationError;
use crate::kinds::{Kind, Of};
use crate::model::ReferenceId;
use crate::service::{self, Matter};

fn receipt_page(ctx: &Ctx, number: &Of, m: &Matter, form: &Form, errors: Vec<FieldError>) -> Response {
    let fields = form.receipt_fields(ctx, &m.register, &errors);
    let ask = Ask { key: "registration-receipt", path: "receipt", fields, ..Ask::default() };
    form_page(ctx, number, m, ask, errors)
}

/// `GET …/receipt`.
pub(super) async fn receipt_form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Extension(kind): Extension<Kind>,
    Path((number, system)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let number = kind.of(&number);
    let m = matter(&app, &actor, (&number, &system), |may| may.receive).await?;
    Ok(receipt_page(&ctx, &number, &m, &Form::default(), Vec::new()))
}

/// `POST …/receipt`: under which number the register took it.
pub(super) async fn receipt(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Extension(kind): Extension<Kind>,
    Path((number, system)): Path<(String, String)>,
    Body(form): Body<Form>,
) -> Result<Response, Problem> {
    let number = kind.of(&number);
    let again = async |errors: Vec<FieldError>| {
        let late = errors.iter().any(|e| e.field == FORM);
        let m = matter(&app, &actor, (&number, &system), |may| may.receive || late).await?;
        Ok(receipt_page(&ctx, &number, &m, &form, errors))
    };
    let told = match form.receipt(&ctx) {
        Ok(told) => told,
        Err(errors) => return again(errors).await,
    };
    match service::record_receipt(&app, &actor, &number, &system, told).await {
        Ok(_) => Ok(done(&number, "registration-toast-registered")),
        Err(e) => again(vec![kept(&ctx, &e)?]).await,
    }
}

fn correct_page(ctx: &Ctx, number: &Of, m: &Matter, form: &Form, errors: Vec<FieldError>) -> Response {
    let mut fields = form.receipt_fields(ctx, &m.register, &errors);
    fields.push(form.reason_field(ctx, "registration-reason", &errors));
    let ask = Ask {
        key: "registration-correct",
        path: "correct",
        form_key: form.idempotency_key.clone(),
        fields,
        ..Ask::default()
    };
    form_page(ctx, number, m, ask, errors)
}

/// `GET …/correct`.
pub(super) async fn correct_form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Extension(kind): Extension<Kind>,
    Path((number, system)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let number = kind.of(&number);
    let m = matter(&app, &actor, (&number, &system), |may| may.correct).await?;
    let known = m.reference();
    let form = Form {
        number: known.map(|r| r.number.clone()).unwrap_or_default(),
        at: known.map(|r| web::day::written_moment(r.registered_at, ctx.zone())).unwrap_or_default(),
        ..Form::default()
    };
    Ok(correct_page(&ctx, &number, &m, &form, Vec::new()))
}

/// `POST …/correct`: the wrong number is marked and kept.
pub(super) async fn correct(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Extension(kind): Extension<Kind>,
    Path((number, system)): Path<(String, String)>,
    Body(form): Body<Form>,
) -> Result<Response, Problem> {
    let number = kind.of(&number);
    let again = async |errors: Vec<FieldError>| {
        let late = errors.iter().any(|e| e.field == FORM);
        let m = matter(&app, &actor, (&number, &system), |may| may.correct || late).await?;
        Ok(correct_page(&ctx, &number, &m, &form, errors))
    };
    let told = match form.receipt(&ctx) {
        Ok(told) => told,
        Err(errors) => return again(errors).await,
    };
    let id: Uuid = form.idempotency_key.parse().unwrap_or_else(|_| app.uuid());
    let id = ReferenceId::from_uuid(id);
    match service::correct_once(&app, &actor, (&number, &system), id, told, &form.reason).await {
        Ok(_) => Ok(done(&number, "registration-toast-corrected")),
        Err(RegistrationError::Field("at")) => again(vec![early(&ctx, &app, &system)]).await,
        Err(e) => again(vec![kept(&ctx, &e)?]).await,
    }
}
