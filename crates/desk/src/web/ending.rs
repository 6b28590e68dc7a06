//! Ending: a draft taken back, a hold released, a hold that is too wide lowered. What leaves the house is shown
//! before it leaves.

use access::{Action, Resource, Staff, Stage};
use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Money};
use order::answer::Code;
use order::service::OrderView;
use order::{ObjectId, OrderError, OrderId};
use serde::Deserialize;
use trail::web::Names;
use web::{Choice, Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast};

use super::ReasonForm;
use super::order::id;
use super::order_row::{self, ObjectRow};

/// A page that asks for a reason and shows what an end touches.
#[derive(Template)]
#[template(path = "desk_ending.html")]
struct Ending {
    ctx: Ctx,
    title: String,
    text: String,
    action: String,
    back: String,
    button: String,
    executor: String,
    via: Option<String>,
    report: String,
    objects: Vec<ObjectRow>,
    returns: Vec<(String, String)>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    fields: Vec<Field>,
}

/// What the three pages differ in: the key of their texts, the end of their address, what they ask.
pub(super) struct Ask {
    pub key: &'static str,
    pub path: String,
    pub fields: Vec<Field>,
    pub only: Option<ObjectId>,
}

pub(super) async fn page(
    ctx: &Ctx,
    app: &App,
    view: &OrderView,
    ask: Ask,
    errors: &[FieldError],
) -> Response {
    let (names, order) = (Names::load(app).await, &view.order);
    let here = format!("/desk/orders/{}", order.id);
    let objects = view.objects.iter().filter(|o| ask.only.is_none_or(|only| only == o.id));
    // What cannot be read is no reason not to free anybody.
    let returns = order::service::returns_out_of(app, view).await.unwrap_or_default();
    let page = Ending {
        title: ctx.t(&format!("desk-{}.title", ask.key)),
        text: ctx.t(&format!("desk-{}.text", ask.key)),
        button: ctx.t(&format!("desk-{}.button", ask.key)),
        action: format!("{here}/{}", ask.path),
        back: here,
        executor: names.name(ctx, &order.executor),
        via: (order.gateway != order.executor).then(|| names.name(ctx, &order.gateway)),
        report: order.report_number.clone(),
        objects: objects.map(|o| order_row::object(ctx, order, o)).collect(),
        returns: returns.iter().map(|o| (ctx.money(o.cap), format!("/desk/orders/{}", o.id))).collect(),
        errors: errors.to_vec(),
        summary: ErrorSummary::new(ctx, errors),
        fields: ask.fields,
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, Page(page)).into_response()
}

/// The order, if the act is open to the reader: a page of an act nobody may do is not shown.
pub(super) async fn open(
    app: &App,
    actor: &Actor,
    id: OrderId,
    action: Action,
    stage: Stage,
) -> Result<OrderView, OrderError> {
    let view = order::service::open(app, actor, id).await?;
    access::require(actor, action, &Resource::new("order", id.uuid(), &view.order.header).at(stage))?;
    Ok(view)
}

fn reason_field(ctx: &Ctx, value: &str, errors: &[FieldError]) -> Field {
    Field::area(ctx, "reason", "desk-reason", 3).value(value).errors(errors)
}

fn no_reason(ctx: &Ctx, reason: &str) -> Vec<FieldError> {
    if app::reason(reason).is_none() {
        vec![FieldError::new(ctx, "reason", "error-desk-no-reason")]
    } else {
        Vec::new()
    }
}

fn cancel_ask(ctx: &Ctx, reason: &str, errors: &[FieldError]) -> Ask {
    Ask {
        key: "cancel",
        path: "cancel".to_owned(),
        fields: vec![reason_field(ctx, reason, errors)],
        only: None,
    }
}

/// `GET /desk/orders/{id}/cancel`.
pub(crate) async fn cancel_form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let view = open(&app, &actor, id(&text)?, Action::WithdrawOrder, Stage::Draft).await?;
    Ok(page(&ctx, &app, &view, cancel_ask(&ctx, "", &[]), &[]).await)
}

/// `POST /desk/orders/{id}/cancel`: a draft is taken back; nothing had left.
pub(crate) async fn cancel(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(text): Path<String>,
    Form(form): Form<ReasonForm>,
) -> Result<Response, Problem> {
    let id = id(&text)?;
    let errors = no_reason(&ctx, &form.reason);
    if !errors.is_empty() {
        let view = open(&app, &actor, id, Action::WithdrawOrder, Stage::Draft).await?;
        return Ok(page(&ctx, &app, &view, cancel_ask(&ctx, &form.reason, &errors), &errors).await);
    }
    let order = order::service::cancel(&app, &actor, id, form.reason.trim()).await?;
    let back = format!("/desk/reports/{}/orders", web::encode(&order.report_number));
    Ok(SeeOther::to(back).with_toast(Toast::new("desk-cancelled")).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReleaseForm {
    code: String,
    reason: String,
}

fn release_ask(ctx: &Ctx, form: &ReleaseForm, errors: &[FieldError]) -> Ask {
    let choices = ["L61", "L62"].map(|c| Choice::new(c, ctx.t(&format!("desk-release-{c}"))));
    let code = Field::radios(ctx, "code", "desk-release-code", choices.to_vec())
        .value(form.code.clone())
        .errors(errors);
    Ask {
        key: "release",
        path: "release".to_owned(),
        fields: vec![code, reason_field(ctx, &form.reason, errors)],
        only: None,
    }
}

/// `GET /desk/orders/{id}/release`: shows what leaves.
pub(crate) async fn release_form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let view = open(&app, &actor, id(&text)?, Action::ReleaseOrder, Stage::Sent).await?;
    Ok(page(&ctx, &app, &view, release_ask(&ctx, &ReleaseForm::default(), &[]), &[]).await)
}

/// `POST /desk/orders/{id}/release`.
pub(crate) async fn release(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(text): Path<String>,
    Form(form): Form<ReleaseForm>,
) -> Result<Response, Problem> {
    let id = id(&text)?;
    let code = match form.code.as_str() {
        "L61" => Some(Code::L61),
        "L62" => Some(Code::L62),
        _ => None,
    };
    let mut errors = no_reason(&ctx, &form.reason);
    let Some(code) = code.filter(|_| errors.is_empty()) else {
        if code.is_none() {
            errors.insert(0, FieldError::new(&ctx, "code", "desk-release-code.missing"));
        }
        let view = open(&app, &actor, id, Action::ReleaseOrder, Stage::Sent).await?;
        return Ok(page(&ctx, &app, &view, release_ask(&ctx, &form, &errors), &errors).await);
    };
    order::service::release(&app, &actor, id, code, form.reason.trim()).await?;
    let back = format!("/desk/orders/{id}");
    Ok(SeeOther::to(back).with_toast(Toast::new("desk-released")).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CorrectForm {
    keep: String,
    reason: String,
}

fn correct_ask(
    ctx: &Ctx,
    app: &App,
    object: ObjectId,
    held: Money,
    form: &CorrectForm,
    errors: &[FieldError],
) -> Ask {
    let code = held.asset();
    let symbol =
        app.profile.asset_info(code.code()).map_or_else(|| code.code().to_owned(), |a| a.symbol.clone());
    let keep =
        Field::amount(ctx, "keep", "desk-correct-keep", &symbol).value(form.keep.clone()).errors(errors);
    let fields = vec![keep, reason_field(ctx, &form.reason, errors)];
    Ask { key: "correct", path: format!("objects/{object}/correct"), fields, only: Some(object) }
}

fn object_of(view: &OrderView, text: &str) -> Result<(ObjectId, Money), Problem> {
    let found = view.objects.iter().find(|o| o.id.to_string() == text);
    found.map(|o| (o.id, o.held)).ok_or_else(Problem::not_found)
}

/// `GET /desk/orders/{id}/objects/{object}/correct`.
pub(crate) async fn correct_form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path((text, object)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let view = open(&app, &actor, id(&text)?, Action::CorrectOrder, Stage::Sent).await?;
    let (object, held) = object_of(&view, &object)?;
    let ask = correct_ask(&ctx, &app, object, held, &CorrectForm::default(), &[]);
    Ok(page(&ctx, &app, &view, ask, &[]).await)
}

/// `POST /desk/orders/{id}/objects/{object}/correct`: what is held on one object is lowered.
pub(crate) async fn correct(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path((text, object)): Path<(String, String)>,
    Form(form): Form<CorrectForm>,
) -> Result<Response, Problem> {
    let view = open(&app, &actor, id(&text)?, Action::CorrectOrder, Stage::Sent).await?;
    let (object, held) = object_of(&view, &object)?;
    let zero = form.keep.trim() == "0";
    let keep =
        if zero { Ok(Money::from_minor(0, held.asset())) } else { Money::parse(&form.keep, held.asset()) };
    let mut errors = no_reason(&ctx, &form.reason);
    let keep = match keep {
        Ok(keep) if keep.minor() < held.minor() && keep.minor() >= 0 => Some(keep),
        Ok(_) => {
            errors.insert(
                0,
                FieldError::with(&ctx, "keep", "desk-correct-keep.too-much", [("held", ctx.money(held))]),
            );
            None
        }
        Err(_) => {
            errors.insert(0, FieldError::new(&ctx, "keep", "desk-correct-keep.missing"));
            None
        }
    };
    let Some(keep) = keep.filter(|_| errors.is_empty()) else {
        let ask = correct_ask(&ctx, &app, object, held, &form, &errors);
        return Ok(page(&ctx, &app, &view, ask, &errors).await);
    };
    order::service::correct(&app, &actor, object, keep, form.reason.trim()).await?;
    let back = format!("/desk/orders/{}", view.order.id);
    Ok(SeeOther::to(back).with_toast(Toast::new("desk-corrected")).into_response())
}
