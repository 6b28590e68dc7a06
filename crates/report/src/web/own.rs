//! The citizen's own report: what has been done with their money, what comes next, what they may add.

use app::App;
use askama::Template;
use axum::Extension;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use kernel::{Actor, Purpose};
use serde::Deserialize;
use web::{Callout, Ctx, ErrorSummary, Field, FieldError, Markup, Page, Problem, SeeOther, Toast};

use super::{Panels, UNSENT, VISIT, care, cookie, details, read, told};
use crate::ReportError;
use crate::model::{Message, Payment, ReportId};
use crate::service::{self, Full};

/// Who shows a report in this browser, and which.
pub(super) async fn visitor(app: &App, jar: &CookieJar) -> Result<(Actor, ReportId), Response> {
    match service::visitor(app, &read(jar, VISIT)).await {
        Ok(Some(actor @ Actor::Citizen { report })) => Ok((actor, ReportId::from_uuid(report))),
        Ok(_) => Err(SeeOther::to("/my-report").into_response()),
        Err(error) => Err(Problem::of(&error).into_response()),
    }
}

#[derive(Template)]
#[template(path = "report_open.html")]
struct Open {
    ctx: Ctx,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    number: Field,
    code: Field,
}

fn open_page(ctx: &Ctx, number: &str, errors: &[FieldError], status: StatusCode) -> Response {
    let page = Open {
        errors: errors.to_vec(),
        summary: ErrorSummary::new(ctx, errors),
        number: Field::text(ctx, "number", "report-open-number")
            .value(number)
            .errors(errors)
            .autocomplete("off")
            .width(20),
        code: Field::code(ctx, "code", "report-open-code").errors(errors).autocomplete("off").width(20),
        ctx: ctx.clone(),
    };
    (status, Page(page)).into_response()
}

/// A step of stage two.
pub(super) struct Task {
    pub(super) href: String,
    pub(super) words: String,
    pub(super) done: bool,
}

/// A message as shown.
struct Said {
    at: Markup,
    who: String,
    text: String,
}

/// A payment as filed.
struct Paid {
    sum: String,
    when: String,
    to: String,
    /// The page on which it is completed.
    href: String,
    /// What was told later and waits for an officer.
    notes: Vec<Markup>,
}

#[derive(Template)]
#[template(path = "report_own.html")]
struct Own {
    ctx: Ctx,
    number: String,
    as_of: Markup,
    created: Markup,
    loss: Option<String>,
    withdrawn: bool,
    next_message: Option<Markup>,
    /// The promised time has passed and the message is not here yet.
    overdue: bool,
    care: Option<Callout>,
    panels: Vec<Markup>,
    paid: Vec<Paid>,
    tasks: Vec<Task>,
    said: Vec<Said>,
    message: Field,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

async fn own_page(
    ctx: &Ctx,
    app: &App,
    panels: Panels,
    (actor, full): (&Actor, &Full),
    (text, errors): (&str, &[FieldError]),
) -> Response {
    let report = &full.report;
    let withdrawn = report.withdrawn_at.is_some();
    // Whoever took the report back is promised nothing more about the money.
    let panels = if withdrawn { Vec::new() } else { panels.show(app, ctx, actor, report.id).await };
    let partners = partner::service::all(app).await.unwrap_or_default();
    let page = Own {
        number: report.number.clone(),
        as_of: told::moment(ctx, ctx.now()),
        created: ctx.time(report.header.created_at),
        loss: report.loss.is_positive().then(|| ctx.money(report.loss)),
        withdrawn,
        // A promise that has passed stays on the page: whoever waits must see that we know.
        next_message: (!withdrawn).then(|| told::moment(ctx, report.next_message_at)),
        overdue: report.next_message_at <= ctx.now(),
        care: care::line(ctx, app, full.told.story.open(Purpose::OwnData)),
        panels,
        paid: full.payments.iter().map(|p| paid(ctx, &partners, full, p)).collect(),
        tasks: details::tasks(ctx, full),
        said: full.messages.iter().map(|m| said(ctx, m)).collect(),
        message: Field::area(ctx, "text", "report-message", 3).value(text).errors(errors),
        errors: errors.to_vec(),
        summary: ErrorSummary::new(ctx, errors),
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, Page(page)).into_response()
}

/// `GET /my-report`: the report where this browser may see one, else the door.
pub(super) async fn show(
    ctx: Ctx,
    State(app): State<App>,
    panels: Option<Extension<Panels>>,
    jar: CookieJar,
) -> Result<Response, Problem> {
    let Ok((actor, id)) = visitor(&app, &jar).await else {
        return Ok(open_page(&ctx, "", &[], StatusCode::OK));
    };
    let full = match service::open(&app, &actor, id, Purpose::OwnData).await {
        Ok(full) => full,
        Err(ReportError::Erased | ReportError::NotFound) => {
            return Ok(open_page(&ctx, "", &[], StatusCode::OK));
        }
        Err(error) => return Err(error.into()),
    };
    let panels = panels.map(|Extension(p)| p).unwrap_or_default();
    Ok(own_page(&ctx, &app, panels, (&actor, &full), ("", &[])).await)
}

fn paid(ctx: &Ctx, partners: &[partner::Partner], full: &Full, p: &Payment) -> Paid {
    let notes = full.corrections.iter().filter(|c| c.payment == p.id && !c.applied).map(|c| {
        let fact = c.is.open(Purpose::OwnData);
        let label = ctx.t(&format!("report-fact-{}", fact.field()));
        let value = told::fact(ctx, partners, fact);
        ctx.tm(
            "report-own-note",
            [("label", label.into()), ("value", value.into()), ("time", web::Arg::from(ctx.time(c.at)))],
        )
    });
    Paid {
        sum: ctx.money(p.amount),
        when: told::when(ctx, &p.when),
        to: p.to_masked.clone(),
        href: format!("/my-report/payment/{}", p.no),
        notes: notes.collect(),
    }
}

fn said(ctx: &Ctx, m: &Message) -> Said {
    let who = match (m.from_citizen, m.from_system) {
        (true, _) => "report-message-you",
        (false, true) => "report-message-platform",
        (false, false) => "report-message-us",
    };
    let text = m.text.open(Purpose::OwnData);
    Said { at: ctx.time(m.at), who: ctx.t(who), text: if m.from_system { ctx.t(text) } else { text.clone() } }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct OpenForm {
    number: String,
    code: String,
}

/// `POST /my-report`: number and code open the report. A number that does not exist, a wrong code and too
/// many of them answer alike, in every byte: nobody learns which numbers exist.
pub(super) async fn open(
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    Form(form): Form<OpenForm>,
) -> Result<Response, Problem> {
    let typed: String = form.number.chars().take(40).collect();
    let number = as_printed(&app, &typed);
    if !crate::rules::number_is_plausible(&number) {
        let error = FieldError::new(&ctx, "number", "report-open-number.unreadable");
        return Ok(open_page(&ctx, &typed, &[error], StatusCode::UNPROCESSABLE_ENTITY));
    }
    match service::open_with_code(&app, &number, &form.code).await {
        Ok((token, _)) => {
            Ok((jar.add(cookie(&app, VISIT, token, "/my-report")), SeeOther::to("/my-report"))
                .into_response())
        }
        Err(ReportError::WrongCode | ReportError::TooManyTries) => {
            let wrong = FieldError::new(&ctx, "code", "report-open-code.wrong");
            Ok(open_page(&ctx, &typed, &[wrong], StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

/// A number as the receipt prints it. Only its twelve digits matter: the letter may be typed in another
/// alphabet or left out, the hyphens too.
fn as_printed(app: &App, typed: &str) -> String {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let (year, rest) = digits.split_at_checked(4).unwrap_or(("", ""));
    format!("{}-{year}-{rest}", app.profile.receipt_prefix())
}

/// `POST /my-report/leave`: this browser forgets the report.
pub(super) async fn leave(State(app): State<App>, jar: CookieJar) -> Result<Response, Problem> {
    crate::draft::discard(&app, &read(&jar, UNSENT)).await?;
    let gone = |name| cookie(&app, name, String::new(), "/my-report");
    let jar = jar.remove(gone(VISIT)).remove(gone(UNSENT));
    Ok((jar, SeeOther::to("/").with_toast(Toast::new("report-own-left"))).into_response())
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct MessageForm {
    text: String,
    idempotency_key: String,
}

/// `POST /my-report/message`.
pub(super) async fn post_message(
    ctx: Ctx,
    State(app): State<App>,
    panels: Option<Extension<Panels>>,
    jar: CookieJar,
    Form(form): Form<MessageForm>,
) -> Result<Response, Problem> {
    let (actor, id) = match visitor(&app, &jar).await {
        Ok(v) => v,
        Err(response) => return Ok(response),
    };
    let text = form.text.trim();
    let full = service::open(&app, &actor, id, Purpose::OwnData).await?;
    let wrong = match text {
        "" => Some("report-message.missing"),
        _ if text.len() > crate::rules::MAX_STORY_BYTES => Some("error-report-story-too-long"),
        _ => None,
    };
    if let Some(key) = wrong {
        let errors = [FieldError::new(&ctx, "text", key)];
        let panels = panels.map(|Extension(p)| p).unwrap_or_default();
        return Ok(own_page(&ctx, &app, panels, (&actor, &full), (text, &errors)).await);
    }
    // Pressed twice: the message stands there already.
    let last = full.messages.last().filter(|m| m.from_citizen);
    if last.is_none_or(|m| m.text.open(Purpose::OwnData) != text) {
        service::message(&app, &actor, id, text, &form.idempotency_key).await?;
    }
    Ok(SeeOther::to("/my-report").with_toast(Toast::new("report-message-sent")).into_response())
}

#[derive(Template)]
#[template(path = "report_withdraw.html")]
struct Withdraw {
    ctx: Ctx,
}

/// `GET /my-report/withdraw`: says what will happen; it leaves the house, so it is a page of its own.
pub(super) async fn withdraw(ctx: Ctx, State(app): State<App>, jar: CookieJar) -> Response {
    match visitor(&app, &jar).await {
        Ok(_) => Page(Withdraw { ctx }).into_response(),
        Err(response) => response,
    }
}

/// `POST /my-report/withdraw`.
pub(super) async fn post_withdraw(State(app): State<App>, jar: CookieJar) -> Result<Response, Problem> {
    let (actor, id) = match visitor(&app, &jar).await {
        Ok(v) => v,
        Err(response) => return Ok(response),
    };
    service::withdraw(&app, &actor, id).await?;
    Ok(SeeOther::to("/my-report").into_response())
}
