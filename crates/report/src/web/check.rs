//! Check and send.

use app::App;
use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use kernel::Actor;
use partner::Partner;
use serde::Deserialize;
use web::{Callout, Choice, Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther};

use super::told::{self, PaymentLines};
use super::wizard::{Step, current, step, you_page};
use super::{DRAFT, care, cookie, payment, read};
use crate::draft::{self, Answers};
use crate::intake::{self, Place};
use crate::service::{self, Filing};

/// One line of the page.
struct Told {
    label: String,
    value: String,
    change: &'static str,
}

#[derive(Template)]
#[template(path = "report_check.html")]
struct Check {
    ctx: Ctx,
    step: String,
    first: Vec<Told>,
    payments: Vec<PaymentLines>,
    asks_payments: bool,
    last: Vec<Told>,
    care: Option<Callout>,
    key: String,
    confirm: Field,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

fn check_page(ctx: &Ctx, app: &App, partners: &[Partner], a: &Answers, errors: &[FieldError]) -> Response {
    let told = |key: &str, value: String, change: &'static str| Told { label: ctx.t(key), value, change };
    let word = |stem: &str, value: &str| {
        if value.is_empty() { String::new() } else { ctx.t(&format!("{stem}-{value}")) }
    };
    let mut last = vec![told("report-phone.label", a.phone.clone(), "/report/you")];
    last.push(told("report-name.label", a.name.clone(), "/report/you"));
    last.push(told("report-iin.label", a.iin.clone(), "/report/you"));
    if !a.asks_payments() {
        last.push(told("report-check-story", a.story.clone(), "/report/you"));
    }
    let yes = vec![Choice::new("1", ctx.t("report-confirm.yes"))];
    let page = Check {
        step: step(ctx, a, Step::Check),
        first: vec![
            told("report-now.label", word("report-now", &a.ongoing), "/report/now"),
            told("report-kind.label", word("report-kind", &a.kind), "/report/what"),
        ],
        payments: a.payments.iter().map(|p| told::payment(ctx, app, partners, p)).collect(),
        asks_payments: a.asks_payments(),
        last,
        care: care::line(ctx, app, &a.story),
        key: a.idempotency_key.clone(),
        confirm: Field::checks(ctx, "confirm", "report-confirm", yes).errors(errors),
        errors: errors.to_vec(),
        summary: ErrorSummary::new(ctx, errors),
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, Page(page)).into_response()
}

/// `GET /report/check`.
pub(super) async fn check(ctx: Ctx, State(app): State<App>, jar: CookieJar) -> Result<Response, Problem> {
    match current(&app, &jar).await {
        Ok(d) if d.answers.kind.is_empty() => Ok(SeeOther::to("/report/what").into_response()),
        Ok(d) => {
            let partners = partner::service::all(&app).await?;
            Ok(check_page(&ctx, &app, &partners, &d.answers, &[]))
        }
        Err(response) => Ok(response),
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct CheckForm {
    confirm: String,
}

/// `POST /report/check`: files the report. Pressing twice, or again after a cut line, leads to the same
/// receipt.
pub(super) async fn post_check(
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    Form(form): Form<CheckForm>,
) -> Result<Response, Problem> {
    let d = match current(&app, &jar).await {
        Ok(d) => d,
        Err(response) => return Ok(response),
    };
    let partners = partner::service::all(&app).await?;
    if form.confirm.is_empty() {
        let error = FieldError::new(&ctx, "confirm", "report-confirm.missing");
        return Ok(check_page(&ctx, &app, &partners, &d.answers, &[error]));
    }
    let new = match intake::report(&ctx, &app, &d.answers, &partners) {
        Ok(new) => new,
        // What is wrong is said on the page where it can be mended.
        Err((Place::What, _)) => return Ok(SeeOther::to("/report/what").into_response()),
        Err((Place::You, errors)) => return Ok(you_page(&ctx, &d.answers, &errors)),
        Err((Place::Payment(no), errors)) => {
            let typed = d.answers.payments.get(no).cloned().unwrap_or_default();
            return Ok(payment::change_page(&ctx, &app, &partners, &d.answers, no, &typed, &errors));
        }
    };
    let filing = Filing { draft: Some(d.id), with_code: true };
    match service::file(&app, &Actor::Public, new, filing).await {
        Ok(_) => Ok(SeeOther::to("/report/receipt").into_response()),
        Err(error @ crate::ReportError::Filing(_)) => {
            let key = Problem::key(kernel::Coded::code(&error));
            let error = FieldError::new(&ctx, "confirm", &key);
            Ok(check_page(&ctx, &app, &partners, &d.answers, &[error]))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /report/discard`: forgets the draft of this browser.
pub(super) async fn discard(State(app): State<App>, jar: CookieJar) -> Result<Response, Problem> {
    draft::discard(&app, &read(&jar, DRAFT)).await?;
    let jar = jar.remove(cookie(&app, DRAFT, String::new(), "/report"));
    Ok((jar, SeeOther::to("/").with_toast(web::Toast::new("report-discarded"))).into_response())
}
