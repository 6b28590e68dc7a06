//! The prosecutor's pages: what waits for a sanction, with the days that are left, and the decision about one order.

use access::{Action, Resource, Staff, SteppedUp};
use app::App;
use askama::Template;
use audit::Act;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Purpose, Timestamp};
use order::details::Details;
use order::model::Sanction;
use order::service::OrderView;
use order::words;
use order::{OrderError, OrderId};
use serde::Deserialize;
use trail::web::Names;
use web::{
    Choice, ClockState, Ctx, Empty, ErrorSummary, Field, FieldError, Markup, Page, Problem, SeeOther, Toast,
};

use super::hands::{HandRow, hand_row};
use super::order::id;
use super::order_row::{self, OrderRow};

/// An order that waits.
struct Row {
    row: OrderRow,
    href: String,
    asked: Markup,
    due: Markup,
    left: String,
    basis: String,
}

#[derive(Template)]
#[template(path = "desk_sanctions.html")]
struct List {
    ctx: Ctx,
    rows: Vec<Row>,
    empty: Option<Empty>,
}

/// How many working days are left, in words.
pub(crate) fn days_left(app: &App, ctx: &Ctx, due: Timestamp) -> String {
    let days = app.profile.calendar().working_days_left(ctx.now(), due);
    if days == 0 {
        ctx.t("desk-sanction-today")
    } else {
        ctx.ta("desk-sanction-left", [("n", i64::from(days))])
    }
}

/// `GET /desk/sanctions`.
pub(crate) async fn list(Staff(actor): Staff, ctx: Ctx, State(app): State<App>) -> Result<Response, Problem> {
    let views = order::service::sanctions(&app, &actor).await?;
    let (names, bases) = (Names::load(&app).await, order_row::bases(&app, &views).await);
    let rows: Vec<Row> = views
        .iter()
        .filter_map(|v| Some((v, v.sanction.as_ref()?)))
        .map(|(v, s)| Row {
            href: format!("/desk/sanctions/{}", v.order.id),
            asked: ctx.time_exact(s.requested_at),
            due: ctx.clock(s.due_at, ctx.now(), &ClockState::Running { since: s.requested_at }),
            left: days_left(&app, &ctx, s.due_at),
            basis: v
                .order
                .header
                .basis
                .and_then(|pair| bases.get(&pair))
                .map_or_else(String::new, |b| words::basis_words(&ctx, b)),
            row: order_row::row(&app, &ctx, &names, &bases, v),
        })
        .collect();
    let empty = rows.is_empty().then(|| Empty::new(&ctx, "desk-sanctions-empty"));
    Ok(Page(List { ctx, rows, empty }).into_response())
}

#[derive(Template)]
#[template(path = "desk_sanction.html")]
struct Decide {
    ctx: Ctx,
    title: String,
    row: OrderRow,
    things: Vec<String>,
    basis: String,
    basis_text: String,
    due: Markup,
    left: String,
    hands: Vec<HandRow>,
    hash: String,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DecideForm {
    decision: String,
    reason: String,
}

/// `GET /desk/sanctions/{id}`: what exactly is to be sanctioned. Leads to the one-time code first.
pub(crate) async fn show(
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    State(app): State<App>,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    page(&ctx, &app, &actor, id(&text)?, (&DecideForm::default(), &[])).await
}

/// `POST /desk/sanctions/{id}`.
pub(crate) async fn decide(
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    State(app): State<App>,
    Path(text): Path<String>,
    Form(form): Form<DecideForm>,
) -> Result<Response, Problem> {
    let id = id(&text)?;
    let give = match form.decision.as_str() {
        "give" => Some(true),
        "refuse" => Some(false),
        _ => None,
    };
    let mut errors = Vec::new();
    if give.is_none() {
        errors.push(FieldError::new(&ctx, "decision", "desk-sanction-decision.missing"));
    }
    if app::reason(&form.reason).is_none() {
        errors.push(FieldError::new(&ctx, "reason", "error-desk-no-reason"));
    }
    let Some(give) = give.filter(|_| errors.is_empty()) else {
        return page(&ctx, &app, &actor, id, (&form, &errors)).await;
    };
    let done = order::service::decide_sanction(&app, &actor, id, give, form.reason.trim()).await?;
    let key = match (give, done.sent) {
        (true, true) => "desk-sanction-given-sent",
        (true, false) => "desk-sanction-given",
        (false, _) => "desk-sanction-refused",
    };
    Ok(SeeOther::to("/desk/sanctions").with_toast(Toast::new(key)).into_response())
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    id: OrderId,
    (form, errors): (&DecideForm, &[FieldError]),
) -> Result<Response, Problem> {
    let view = order::service::open(app, actor, id).await?;
    let resource =
        Resource::new("order", id.uuid(), &view.order.header).put_to_prosecutor(view.sanction.is_some());
    access::require(actor, Action::SanctionOrder, &resource)?;
    let asked = view.sanction.clone().filter(|s| s.given.is_none()).ok_or(OrderError::NothingToSanction)?;
    let (names, bases) = (Names::load(app).await, order_row::bases(app, std::slice::from_ref(&view)).await);
    let basis = view.order.header.basis.and_then(|pair| bases.get(&pair));
    let choices = ["give", "refuse"].map(|c| Choice::new(c, ctx.t(&format!("desk-sanction-{c}"))));
    let decision = Field::radios(ctx, "decision", "desk-sanction-decision", choices.to_vec());
    let page = Decide {
        title: ctx.t("desk-sanction-title"),
        things: opened(ctx, app, actor, &view).await?,
        basis: basis.map_or_else(|| ctx.t("order-basis-none"), |b| words::basis_words(ctx, b)),
        basis_text: basis.map_or_else(String::new, |b| b.text().get(ctx.lang()).to_owned()),
        due: due(ctx, &asked),
        left: days_left(app, ctx, asked.due_at),
        hands: order::service::hands(app, &view.order).await?.iter().map(|h| hand_row(ctx, h)).collect(),
        hash: hex::encode(asked.content),
        fields: vec![
            decision.value(form.decision.clone()).errors(errors),
            Field::area(ctx, "reason", "desk-reason", 3).value(form.reason.clone()).errors(errors),
        ],
        summary: ErrorSummary::new(ctx, errors),
        errors: errors.to_vec(),
        row: order_row::row(app, ctx, &names, &bases, &view),
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Page(page)).into_response())
}

fn due(ctx: &Ctx, s: &Sanction) -> Markup {
    ctx.clock(s.due_at, ctx.now(), &ClockState::Running { since: s.requested_at })
}

/// What the order names, opened for the decision; the read is a record.
async fn opened(ctx: &Ctx, app: &App, actor: &Actor, view: &OrderView) -> Result<Vec<String>, Problem> {
    let names = Names::load(app).await;
    let (me, who, objects, order) = (app.clone(), actor.clone(), view.objects.clone(), view.order.clone());
    let values = app
        .db
        .write(move |tx| {
            let mut all = Vec::new();
            for object in &objects {
                match order::service::open_object_in(tx, &me, object, Purpose::ExecuteOrder) {
                    Ok(opened) => {
                        let value = opened.value.into_inner(Purpose::ExecuteOrder);
                        all.push((object.kind.clone(), value, opened.details));
                    }
                    Err(OrderError::Erased) => {}
                    Err(e) => return Err(e),
                }
            }
            let act = Act::read("order.plan_read", "report", order.report.uuid(), Purpose::ExecuteOrder);
            me.record(tx, &who, &act)?;
            Ok::<_, OrderError>(all)
        })
        .await?;
    // Whoever sanctions sees all that the sanction covers: also what is asked for, and where money goes.
    let lines = |(kind, value, details): &(String, String, Option<Details>)| {
        let said = details
            .as_ref()
            .map(|d| words::details(ctx, |code| names.name(ctx, code), d))
            .unwrap_or_default();
        std::iter::once(words::thing(ctx, kind, &words::shown(kind, value)))
            .chain(said)
            .collect::<Vec<String>>()
    };
    Ok(values.iter().flat_map(lines).collect())
}
