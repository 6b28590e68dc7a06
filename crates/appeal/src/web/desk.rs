//! The desk's side: the list with its clocks, one objection with everything needed to decide it, and objections that
//! came on paper.

use access::{Staff, SteppedUp};
use app::App;
use askama::Template;
use axum::extract::{Form as Body, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Money, Purpose};
use order::ObjectId;
use serde::Deserialize;
use web::{
    Choice, ClockState, Ctx, Empty, ErrorSummary, Field, FieldError, Markup, Page, Problem, SeeOther,
    Status as Shown, Toast,
};

use super::{Form, field_error, ground_words, key_part, status};
use crate::error::AppealError;
use crate::model::{Appeal, Decision, Ground, NewAppeal, Status, Told};
use crate::service::{self, Matter};

struct Row {
    href: String,
    number: String,
    clock: Markup,
    status: Shown,
    ground: String,
    what: String,
    measure: String,
}

#[derive(Template)]
#[template(path = "appeal_list.html")]
struct List {
    ctx: Ctx,
    rows: Vec<Row>,
    chips: Vec<(String, String, bool)>,
    empty: Option<Empty>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ListQuery {
    status: String,
}

fn clock(ctx: &Ctx, a: &Appeal) -> Markup {
    let since = a.filed_at;
    let state = a.decided_at.map_or(ClockState::Running { since }, |at| ClockState::Done { since, at });
    ctx.clock(a.due_at, ctx.now(), &state)
}

fn measure(ctx: &Ctx, m: profile::Measure) -> String {
    ctx.t(&format!("legal-basis-measure-{}", key_part(m.as_str())))
}

/// `GET /desk/appeals`.
pub(crate) async fn list(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let wanted = Status::parse(&query.status).map_or("", Status::as_str);
    let all = service::list(&app, &actor, wanted).await.map_err(|e| Problem::of(&e))?;
    let rows: Vec<Row> = all
        .iter()
        .map(|(a, order, object)| Row {
            href: format!("/desk/appeals/{}", a.number),
            number: a.number.clone(),
            clock: clock(&ctx, a),
            status: status(&ctx, a.status),
            ground: ground_words(&ctx, a.ground),
            what: object.masked.clone(),
            measure: measure(&ctx, order.measure),
        })
        .collect();
    let chip = |s: Option<Status>| {
        let value = s.map_or("", Status::as_str);
        let key =
            s.map_or_else(|| "appeal-all".to_owned(), |s| format!("appeal-status-{}", key_part(s.as_str())));
        let href = if value.is_empty() {
            "/desk/appeals".to_owned()
        } else {
            format!("/desk/appeals?status={value}")
        };
        (href, ctx.t(&key), value == wanted)
    };
    let chips = std::iter::once(None).chain(Status::ALL.iter().copied().map(Some)).map(chip).collect();
    let empty = rows.is_empty().then(|| Empty::new(&ctx, "appeal-empty"));
    Ok(Page(List { rows, chips, empty, ctx }).into_response())
}

#[derive(Template)]
#[template(path = "appeal_show.html")]
struct Show {
    ctx: Ctx,
    title: String,
    number: String,
    status: Shown,
    clock: Markup,
    ground: String,
    channel: String,
    told: Option<Told>,
    order_href: String,
    what: String,
    measure: String,
    held: Option<String>,
    open: Vec<(String, String)>,
    ended: usize,
    corrections: Option<(i64, i64)>,
    reasons: Option<String>,
    may_decide: bool,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DecideForm {
    decision: String,
    keep: String,
    reason: String,
}

/// `GET /desk/appeals/{number}`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    page(&ctx, &app, &actor, &number, (&DecideForm::default(), &[])).await
}

/// `POST /desk/appeals/{number}`: the decision, with a fresh one-time code.
pub(crate) async fn decide(
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
    Body(form): Body<DecideForm>,
) -> Result<Response, Problem> {
    let matter = service::open(&app, &actor, &number).await.map_err(|e| Problem::of(&e))?;
    let decision = match form.decision.as_str() {
        "uphold" => Ok(Decision::Uphold),
        "reject" => Ok(Decision::Reject),
        "lower" => Money::parse(&form.keep, matter.object.held.asset())
            .map(Decision::Lower)
            .map_err(|_| FieldError::new(&ctx, "keep", "error-appeal-keep")),
        _ => Err(FieldError::new(&ctx, "decision", "appeal-decision.missing")),
    };
    let decision = match decision {
        Ok(decision) => decision,
        Err(wrong) => return page(&ctx, &app, &actor, &number, (&form, &[wrong])).await,
    };
    match service::decide(&app, &actor, &number, decision, &form.reason).await {
        Ok(decided) => {
            let toast = Toast::new(&format!("appeal-toast-{}", key_part(decided.status.as_str())))
                .with("n", decided.restored.to_string());
            Ok(SeeOther::to(format!("/desk/appeals/{number}")).with_toast(toast).into_response())
        }
        Err(e) => match field_error(&ctx, &e) {
            Some(wrong) => page(&ctx, &app, &actor, &number, (&form, &[wrong])).await,
            None => Err(Problem::of(&e)),
        },
    }
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    number: &str,
    (form, errors): (&DecideForm, &[FieldError]),
) -> Result<Response, Problem> {
    let m = service::open(app, actor, number).await.map_err(|e| Problem::of(&e))?;
    let partners = partner::service::all(app).await.map_err(|e| Problem::of(&e))?;
    let name = |code: &String| {
        let known = partners.iter().find(|p| p.code == *code);
        known.map_or_else(|| code.clone(), |p| p.name(ctx.lang()).to_owned())
    };
    let a = &m.opened.appeal;
    let status_code = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Show {
        title: ctx.ta("appeal-title", [("number", a.number.as_str())]),
        number: a.number.clone(),
        status: status(ctx, a.status),
        clock: clock(ctx, a),
        ground: ground_words(ctx, a.ground),
        channel: ctx.t(&format!("appeal-channel-{}", key_part(&a.channel))),
        told: m.opened.told.as_ref().map(|t| t.open(Purpose::HandleReport).clone()),
        order_href: format!("/desk/orders/{}", m.order.id),
        what: m.object.masked.clone(),
        measure: measure(ctx, m.order.measure),
        held: m.object.held.is_positive().then(|| ctx.money(m.object.held)),
        open: m.reach.open.iter().map(|(id, _, who)| (format!("/desk/orders/{id}"), name(who))).collect(),
        ended: m.reach.others.len(),
        corrections: (m.corrections.0 > 0).then_some(m.corrections),
        reasons: m.opened.reasons.clone(),
        may_decide: m.may_decide,
        fields: fields(ctx, app, &m, form, errors),
        summary: ErrorSummary::new(ctx, errors),
        errors: errors.to_vec(),
        ctx: ctx.clone(),
    };
    Ok((status_code, Page(page)).into_response())
}

fn fields(ctx: &Ctx, app: &App, m: &Matter, form: &DecideForm, errors: &[FieldError]) -> Vec<Field> {
    let held = m.object.held;
    let mut choices = vec!["uphold"];
    if held.is_positive() {
        choices.push("lower");
    }
    choices.push("reject");
    let choice = |c: &&str| Choice::new(c, ctx.t(&format!("appeal-decision-{c}")));
    let mut fields = vec![
        Field::radios(ctx, "decision", "appeal-decision", choices.iter().map(choice).collect())
            .value(form.decision.clone())
            .errors(errors),
    ];
    if held.is_positive() {
        let code = held.asset();
        let symbol =
            app.profile.asset_info(code.code()).map_or_else(|| code.code().to_owned(), |a| a.symbol.clone());
        fields.push(
            Field::amount(ctx, "keep", "appeal-keep", &symbol)
                .value(form.keep.clone())
                .errors(errors)
                .optional(),
        );
    }
    fields.push(Field::area(ctx, "reason", "appeal-reason", 4).value(form.reason.clone()).errors(errors));
    fields
}

#[derive(Template)]
#[template(path = "appeal_paper.html")]
struct Paper {
    ctx: Ctx,
    title: String,
    action: String,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

fn paper_page(ctx: &Ctx, object: &str, form: &Form, errors: Vec<FieldError>) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Paper {
        title: ctx.t("appeal-paper.title"),
        action: format!("/desk/appeals/new/{object}"),
        fields: form.fields(ctx, &errors),
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    };
    (status, Page(page)).into_response()
}

/// `GET /desk/appeals/new/{object}`.
pub(crate) async fn paper_form(
    Staff(actor): Staff,
    ctx: Ctx,
    Path(object): Path<String>,
) -> Result<Response, Problem> {
    access::require(&actor, access::Action::FileAppeal, &access::Resource::any(access::Kind::Appeal))
        .map_err(|e| Problem::of(&e))?;
    object.parse::<ObjectId>().map_err(|_| Problem::not_found())?;
    Ok(paper_page(&ctx, &object, &Form::default(), Vec::new()))
}

/// `POST /desk/appeals/new/{object}`: what came on paper or by word of mouth.
pub(crate) async fn paper(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(object): Path<String>,
    Body(form): Body<Form>,
) -> Result<Response, Problem> {
    let id: ObjectId = object.parse().map_err(|_| Problem::not_found())?;
    let Some(ground) = Ground::parse(&form.ground) else {
        let wrong = FieldError::new(&ctx, "ground", "appeal-ground.missing");
        return Ok(paper_page(&ctx, &object, &form, vec![wrong]));
    };
    let told = Told { name: form.name.clone(), contact: form.contact.clone(), text: form.text.clone() };
    match service::file_on_paper(&app, &actor, id, NewAppeal { channel: "paper", ground, told }).await {
        Ok(appeal) => Ok(SeeOther::to(format!("/desk/appeals/{}", appeal.number))
            .with_toast(Toast::new("appeal-toast-filed"))
            .into_response()),
        Err(AppealError::Waits(number)) => Ok(SeeOther::to(format!("/desk/appeals/{number}"))
            .with_toast(Toast::new("appeal-toast-waits"))
            .into_response()),
        Err(e) => match field_error(&ctx, &e) {
            Some(wrong) => Ok(paper_page(&ctx, &object, &form, vec![wrong])),
            None => Err(Problem::of(&e)),
        },
    }
}
