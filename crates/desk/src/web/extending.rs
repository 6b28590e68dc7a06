//! A restriction goes on: on which ground, till when, and why.

use access::{Action, Staff};
use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Coded as _};
use order::OrderId;
use order::extending::ExtendError;
use order::service::{Ground, Grounds};
use order::words;
use serde::Deserialize;
use trail::web::Names;
use web::{Choice, Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast, encode};

use super::order::id;
use super::order_row::{self, ObjectRow};

/// A ground on which it cannot go on, and why.
struct Barred {
    basis: String,
    why: String,
}

#[derive(Template)]
#[template(path = "desk_extend.html")]
struct Show {
    ctx: Ctx,
    executor: String,
    report: String,
    ends: String,
    objects: Vec<ObjectRow>,
    barred: Vec<Barred>,
    underway: Option<String>,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    action: String,
    back: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ExtendForm {
    ground: String,
    act: String,
    reason: String,
}

/// A ground in words, with the end that it leads to and how many persons must sign.
fn choice(ctx: &Ctx, ground: &Ground) -> Option<Choice> {
    let further = ground.further.ok()?;
    let facts = [
        ("basis", words::basis_words(ctx, &ground.basis)),
        ("title", ground.basis.title().get(ctx.lang()).to_owned()),
        ("until", ctx.date_time(further.ends)),
    ];
    let text = ctx.ta("desk-extend-ground-choice", facts);
    let (n, of) = further.uses.map_or((0, 0), |(n, of)| (i64::from(n), i64::from(of)));
    let uses = if n > 0 { ctx.ta("desk-extend-uses", [("n", n), ("of", of)]) } else { String::new() };
    let signers = i64::try_from(ground.approvers).unwrap_or(1);
    let needs = ctx.ta("desk-extend-signatures", [("n", signers)]);
    let sanction = ground.basis.record.prosecutor_sanction.then(|| ctx.t("order-why-sanction"));
    let act = ground.by_act.then(|| ctx.t("desk-extend-by-act"));
    let hints: Vec<String> =
        [Some(uses), Some(needs), sanction, act].into_iter().flatten().filter(|t| !t.is_empty()).collect();
    Some(Choice::new(&ground.basis.id.to_string(), text).hint(hints.join(" · ")))
}

async fn page(ctx: &Ctx, app: &App, found: &Grounds, form: &ExtendForm, errors: &[FieldError]) -> Response {
    let (names, order) = (Names::load(app).await, &found.order);
    let here = format!("/desk/orders/{}", order.id);
    let choices: Vec<Choice> = found.all.iter().filter_map(|g| choice(ctx, g)).collect();
    let barred = found.all.iter().filter_map(|g| {
        let why = g.further.err()?;
        Some(Barred { basis: words::basis_words(ctx, &g.basis), why: ctx.t(&Problem::key(why.code())) })
    });
    let chosen = match choices.as_slice() {
        [only] if form.ground.is_empty() => only.value.clone(),
        _ => form.ground.clone(),
    };
    let other = found.all.iter().any(|g| g.by_act && g.further.is_ok());
    let mut fields = Vec::new();
    if !choices.is_empty() && found.underway.is_none() {
        fields.push(Field::radios(ctx, "ground", "desk-extend-ground", choices).value(chosen).errors(errors));
        if other {
            fields.push(Field::text(ctx, "act", "desk-extend-act").value(form.act.clone()).errors(errors));
        }
        fields.push(
            Field::area(ctx, "reason", "desk-extend-reason", 3).value(form.reason.clone()).errors(errors),
        );
    }
    let show = Show {
        executor: names.name(ctx, &order.executor),
        report: order.report_number.clone(),
        ends: ctx.date_time(order.ends_at()),
        objects: found.objects.iter().map(|o| order_row::object(ctx, order, o)).collect(),
        barred: barred.collect(),
        underway: found.underway.map(|id| format!("/desk/orders/{id}")),
        fields,
        summary: ErrorSummary::new(ctx, errors),
        errors: errors.to_vec(),
        action: format!("{here}/extend"),
        back: here,
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, Page(show)).into_response()
}

/// Whether the reader may make `order` go on, and there is something of it that could.
pub(super) fn may(actor: &Actor, order: &order::Order, objects: &[order::Object]) -> bool {
    let going = objects.iter().any(|o| order::extending::goes_on(order.status, o.state));
    going
        && order::measure::has_term(order.measure)
        && access::allowed(actor, Action::DraftOrder, &access::Resource::any("order"))
}

/// `GET /desk/orders/{id}/extend`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let found = order::service::grounds(&app, &actor, id(&text)?).await?;
    Ok(page(&ctx, &app, &found, &ExtendForm::default(), &[]).await)
}

/// `POST /desk/orders/{id}/extend`: an order that makes it go on is drafted; it waits for its signatures.
pub(crate) async fn act(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(text): Path<String>,
    Form(form): Form<ExtendForm>,
) -> Result<Response, Problem> {
    let id: OrderId = id(&text)?;
    let found = order::service::grounds(&app, &actor, id).await?;
    let chosen = found.all.iter().find(|g| g.further.is_ok() && g.basis.id.to_string() == form.ground);
    let mut errors = Vec::new();
    // Offered a moment ago, barred now: freed meanwhile, or used up by a colleague.
    let gone = chosen.is_none() && found.all.iter().any(|g| g.basis.id.to_string() == form.ground);
    if chosen.is_none() {
        let key = if gone { "desk-extend-ground.gone" } else { "desk-extend-ground.missing" };
        errors.push(FieldError::new(&ctx, "ground", key));
    }
    if chosen.is_some_and(|g| g.by_act) && !app::says(&form.act) {
        errors.push(FieldError::new(&ctx, "act", &Problem::key(ExtendError::NoAct.code())));
    }
    if form.act.chars().count() > order::details::MAX_TEXT {
        errors.push(FieldError::new(
            &ctx,
            "act",
            &Problem::key(order::details::DetailsFault::TooLong.code()),
        ));
    } else if chosen.is_some_and(|g| !g.by_act) && !form.act.trim().is_empty() {
        errors.push(FieldError::new(&ctx, "act", "desk-extend-act.other"));
    }
    if app::reason(&form.reason).is_none() {
        errors.push(FieldError::new(&ctx, "reason", "error-desk-no-reason"));
    }
    let Some(chosen) = chosen.filter(|_| errors.is_empty()) else {
        let mut again = page(&ctx, &app, &found, &form, &errors).await;
        if gone {
            *again.status_mut() = StatusCode::CONFLICT;
        }
        return Ok(again);
    };
    let ground = (chosen.basis.id, Some(form.act.clone()));
    order::service::draft_extension(&app, &actor, id, ground, form.reason.trim()).await?;
    let to = format!("/desk/orders?n={}&measure=extension", encode(&found.order.report_number));
    Ok(SeeOther::to(to).with_toast(Toast::new("desk-extend-drafted")).into_response())
}
