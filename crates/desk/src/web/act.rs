//! Acts inside the house: taken at once, and taken back by the notice that follows them.

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::Actor;
use serde::Deserialize;
use web::{Choice, Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast, encode};

use super::BackForm;
use crate::service;

/// Most rows of one act on many.
pub(crate) const MANY: usize = 60;

/// Where a report's page is.
pub(crate) fn page_of(number: &str) -> String {
    format!("/desk/reports/{}", encode(number))
}

/// The notice after an act on some reports, with the way to take it back.
pub(crate) fn toast(key: &str, undo: &str, numbers: &[String]) -> Toast {
    let undo = format!("/desk/undo/{undo}?n={}", encode(&numbers.join(",")));
    match numbers {
        [one] => Toast::new(&format!("desk-{key}")).with("number", one).undo(&undo),
        many => Toast::new(&format!("desk-{key}-many")).with("n", many.len().to_string()).undo(&undo),
    }
}

/// `POST /desk/reports/{number}/take`.
pub(crate) async fn take(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(number): Path<String>,
    Form(form): Form<BackForm>,
) -> Result<SeeOther, Problem> {
    service::take(&app, &actor, &number).await?;
    Ok(SeeOther::to(form.or("/desk")).with_toast(toast("taken", "take", &[number])))
}

/// `POST /desk/reports/{number}/give-back`.
pub(crate) async fn give_back(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(number): Path<String>,
    Form(form): Form<BackForm>,
) -> Result<SeeOther, Problem> {
    service::give_back(&app, &actor, &number).await?;
    Ok(SeeOther::to(form.or("/desk")).with_toast(Toast::new("desk-given-back").with("number", number)))
}

/// `POST /desk/reports/{number}/wake`.
pub(crate) async fn wake(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(number): Path<String>,
    Form(form): Form<BackForm>,
) -> Result<SeeOther, Problem> {
    service::wake(&app, &actor, &number).await?;
    Ok(SeeOther::to(form.or("/desk")).with_toast(Toast::new("desk-woken").with("number", number)))
}

/// `POST /desk/reports/{number}/reopen`.
pub(crate) async fn reopen(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(number): Path<String>,
    Form(form): Form<BackForm>,
) -> Result<SeeOther, Problem> {
    service::reopen(&app, &actor, &number).await?;
    Ok(SeeOther::to(form.or("/desk")).with_toast(Toast::new("desk-reopened").with("number", number)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct UndoQuery {
    n: String,
}

/// `POST /desk/undo/{act}?n=NUMBER,…`: takes an act back.
pub(crate) async fn undo(
    Staff(actor): Staff,
    State(app): State<App>,
    Path(act): Path<String>,
    Query(query): Query<UndoQuery>,
    Form(form): Form<BackForm>,
) -> Result<SeeOther, Problem> {
    let mut kept = 0_usize;
    for number in query.n.split(',').filter(|n| !n.is_empty()).take(MANY) {
        // The button may be pressed long afterwards: what a colleague did since is not undone by it.
        if !service::may_undo(&app, &actor, number, &act).await? {
            kept = kept.saturating_add(1);
            continue;
        }
        match act.as_str() {
            "take" => service::give_back(&app, &actor, number).await?,
            "snooze" => service::wake(&app, &actor, number).await?,
            "close" => service::reopen(&app, &actor, number).await?,
            _ => return Err(Problem::not_found()),
        };
    }
    let toast = if kept == 0 { "toast-undone" } else { "desk-undo-late" };
    Ok(SeeOther::to(form.or("/desk")).with_toast(Toast::new(toast)))
}

#[derive(Template)]
#[template(path = "desk_snooze.html")]
struct Snooze {
    ctx: Ctx,
    number: String,
    back: String,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    fields: Vec<Field>,
}

fn snooze_page(ctx: &Ctx, number: String, form: &SnoozeForm, errors: &[FieldError]) -> Response {
    let choices =
        [("900", 15), ("1800", 30)].map(|(value, n)| Choice::new(value, ctx.ta("unit-minute", [("n", n)])));
    let hours = [("3600", 1), ("14400", 4), ("43200", 12)]
        .map(|(value, n)| Choice::new(value, ctx.ta("unit-hour", [("n", n)])));
    let secs = if form.secs.is_empty() { "1800" } else { form.secs.as_str() };
    let page = Snooze {
        fields: vec![
            Field::area(ctx, "reason", "desk-snooze-reason", 2).value(form.reason.clone()).errors(errors),
            Field::radios(ctx, "secs", "desk-snooze-for", choices.into_iter().chain(hours).collect())
                .value(secs),
        ],
        errors: errors.to_vec(),
        summary: ErrorSummary::new(ctx, errors),
        back: form.back.clone(),
        number,
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, Page(page)).into_response()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SnoozeForm {
    reason: String,
    secs: String,
    back: String,
}

/// `GET /desk/reports/{number}/snooze`: why, and for how long.
pub(crate) async fn snooze_form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
    Query(back): Query<BackForm>,
) -> Result<Response, Problem> {
    let report = report::service::by_number(&app, &actor, &number).await?;
    let form = SnoozeForm { back: back.or("/desk"), ..SnoozeForm::default() };
    Ok(snooze_page(&ctx, report.number, &form, &[]))
}

/// `POST /desk/reports/{number}/snooze`.
pub(crate) async fn snooze(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
    Form(form): Form<SnoozeForm>,
) -> Result<Response, Problem> {
    let secs = form.secs.parse().unwrap_or(1_800);
    match service::snooze(&app, &actor, &number, secs, &form.reason).await {
        Ok(_) => {
            let back = BackForm { back: form.back }.or("/desk");
            Ok(SeeOther::to(back).with_toast(toast("snoozed", "snooze", &[number])).into_response())
        }
        Err(service::DeskError::NoReason) => {
            let error = FieldError::new(&ctx, "reason", "error-desk-no-reason");
            Ok(snooze_page(&ctx, number, &form, &[error]))
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes reports in hand; gives those that were taken, and how many others have already.
///
/// # Errors
/// The database's; what one cannot see, or may not take, is left out.
pub(crate) async fn take_many(
    app: &App,
    actor: &Actor,
    numbers: &[String],
) -> Result<(Vec<String>, usize), service::DeskError> {
    let (mut taken, mut others) = (Vec::new(), 0_usize);
    for number in numbers.iter().take(MANY) {
        match service::take(app, actor, number).await {
            Ok(_) => taken.push(number.clone()),
            Err(service::DeskError::Taken) => others = others.saturating_add(1),
            Err(e @ service::DeskError::Db(_)) => return Err(e),
            Err(_) => {}
        }
    }
    Ok((taken, others))
}
