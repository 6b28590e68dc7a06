//! The questions of stage one, but for the payments. Each page keeps what was typed, good or bad, before it
//! goes on; the order can leave after the last of them.

use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use web::{Callout, Choice, Ctx, ErrorSummary, Field, FieldError, Markup, Page, Problem, SeeOther, Tone};

use super::{DRAFT, cookie, leaving, read};
use crate::draft::{self, Answers, Draft};
use crate::{Harm, intake};

/// The draft of this browser. A filed one leads to its receipt, none to the beginning.
pub(super) async fn current(app: &App, jar: &CookieJar) -> Result<Draft, Response> {
    match draft::find(app, &read(jar, DRAFT)).await {
        Ok(Some(draft)) if draft.filed.is_some() => Err(SeeOther::to("/report/receipt").into_response()),
        Ok(Some(draft)) => Ok(draft),
        Ok(None) => Err(SeeOther::to("/report/now").into_response()),
        Err(error) => Err(Problem::of(&error).into_response()),
    }
}

/// Pages that are counted, once the branch is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// What happened.
    What,
    /// Which payment.
    Payment,
    /// Phone and name.
    You,
    /// Check and send.
    Check,
}

/// "Step 3 of 5". The two first pages are steps one and two; only lost money asks for payments.
pub(super) fn step(ctx: &Ctx, answers: &Answers, step: Step) -> String {
    if step == Step::What && answers.kind.is_empty() {
        // How many there are depends on the answer.
        return ctx.ta("wizard-step-open", [("at", 2)]);
    }
    let skipped = i64::from(!answers.asks_payments());
    let at = match step {
        Step::What => 2,
        Step::Payment => 3,
        Step::You => 4 - skipped,
        Step::Check => 5 - skipped,
    };
    ctx.ta("wizard-step", [("at", at), ("of", 5 - skipped)])
}

/// A page with one or more questions.
#[derive(Template)]
#[template(path = "report_question.html")]
struct Question {
    ctx: Ctx,
    title: String,
    back: &'static str,
    step: String,
    action: &'static str,
    /// Where scripts save what is being typed; empty where one press answers the page.
    keep: &'static str,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    notice: Option<Callout>,
    lead: String,
    fields: Vec<Markup>,
    /// Whether answers exist that can be erased.
    begun: bool,
}

impl Question {
    fn new(ctx: &Ctx, key: &str, action: &'static str, back: &'static str, errors: &[FieldError]) -> Self {
        let lead = format!("{key}.lead");
        Self {
            title: ctx.t(&format!("{key}.title")),
            back,
            step: String::new(),
            action,
            keep: "",
            errors: errors.to_vec(),
            summary: ErrorSummary::new(ctx, errors),
            notice: None,
            lead: if ctx.has_text(&lead) { ctx.t(&lead) } else { String::new() },
            fields: Vec::new(),
            begun: true,
            ctx: ctx.clone(),
        }
    }
    fn with(mut self, field: &Field) -> Self {
        self.fields.push(web::render(field));
        self
    }
    fn answer(self) -> Response {
        let status = if self.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        (status, Page(self)).into_response()
    }
}

/// `GET /report`: goes on where the browser left off, or begins.
pub(super) async fn begin(State(app): State<App>, jar: CookieJar) -> Result<Response, Problem> {
    let to = match draft::find(&app, &read(&jar, DRAFT)).await? {
        Some(d) if d.filed.is_some() => {
            let jar = jar.remove(cookie(&app, DRAFT, String::new(), "/report"));
            return Ok((jar, SeeOther::to("/report/now")).into_response());
        }
        Some(d) => first_open(&d.answers),
        None => "/report/now",
    };
    Ok(SeeOther::to(to).into_response())
}

/// The first page that is not answered yet.
fn first_open(a: &Answers) -> &'static str {
    match () {
        () if a.ongoing.is_empty() => "/report/now",
        () if a.kind.is_empty() => "/report/what",
        () if a.asks_payments() && (a.payments.is_empty() || !a.unfinished().is_empty()) => "/report/payment",
        () if a.phone.is_empty() && !a.no_phone() => "/report/you",
        () => "/report/check",
    }
}

fn now_page(ctx: &Ctx, draft: Option<&Draft>, errors: &[FieldError]) -> Response {
    let choices = vec![
        Choice::new("yes", ctx.t("report-now-yes")).hint(ctx.t("report-now-yes.hint")),
        Choice::new("no", ctx.t("report-now-no")),
    ];
    let answer = draft.map_or("", |d| d.answers.ongoing.as_str());
    let field = Field::radios(ctx, "ongoing", "report-now", choices).value(answer).errors(errors).heading();
    let page = Question::new(ctx, "report-now-page", "/report/now", "/", errors).with(&field);
    Question { begun: draft.is_some(), ..page }.answer()
}

/// `GET /report/now`.
pub(super) async fn now(ctx: Ctx, State(app): State<App>, jar: CookieJar) -> Result<Response, Problem> {
    let known = draft::find(&app, &read(&jar, DRAFT)).await?.filter(|d| d.filed.is_none());
    Ok(now_page(&ctx, known.as_ref(), &[]))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct NowForm {
    ongoing: String,
    leave: String,
}

/// `POST /report/now`: the draft begins here.
pub(super) async fn post_now(
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    Form(form): Form<NowForm>,
) -> Result<Response, Problem> {
    let known = draft::find(&app, &read(&jar, DRAFT)).await?.filter(|d| d.filed.is_none());
    let leaves = leaving(&ctx, &form.leave, "/report/now");
    let answered = matches!(form.ongoing.as_str(), "yes" | "no");
    if !answered {
        let missing = FieldError::new(&ctx, "ongoing", "report-now.missing");
        return Ok(leaves.unwrap_or_else(|| now_page(&ctx, known.as_ref(), &[missing])));
    }
    let next = leaves.unwrap_or_else(|| SeeOther::to("/report/what").into_response());
    if let Some(mut d) = known {
        d.answers.ongoing = form.ongoing;
        draft::save(&app, &d).await?;
        return Ok(next);
    }
    let (token, _) = draft::begin(&app, Answers { ongoing: form.ongoing, ..Answers::default() }).await?;
    Ok((jar.add(cookie(&app, DRAFT, token, "/report")), next).into_response())
}

/// Answers to "what happened" that are no fraud and are told what helps instead.
const NOT_FRAUD: [&str; 2] = ["mistake", "quarrel"];

fn what_page(ctx: &Ctx, answers: &Answers, errors: &[FieldError]) -> Response {
    let kinds = Harm::ALL.into_iter().map(Harm::as_str).chain(NOT_FRAUD);
    let choice = |kind: &str| {
        let key = format!("report-kind-{kind}");
        Choice::new(kind, ctx.t(&key)).hint(ctx.t(&format!("{key}.hint")))
    };
    let field = Field::radios(ctx, "kind", "report-kind", kinds.map(choice).collect())
        .value(answers.kind.as_str())
        .errors(errors)
        .heading();
    let mut page = Question::new(ctx, "report-what-page", "/report/what", "/report/now", errors).with(&field);
    page.step = self::step(ctx, answers, Step::What);
    if answers.ongoing == "yes" {
        page.notice = Some(stop(ctx));
    }
    page.answer()
}

/// What to do at once while they are in touch.
pub(super) fn stop(ctx: &Ctx) -> Callout {
    Callout::new(ctx, Tone::Amber, &ctx.t("report-now-stop.title"), Markup::text(&ctx.t("report-now-stop")))
}

/// `GET /report/what`.
pub(super) async fn what(ctx: Ctx, State(app): State<App>, jar: CookieJar) -> Response {
    match current(&app, &jar).await {
        Ok(d) => what_page(&ctx, &d.answers, &[]),
        Err(response) => response,
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct WhatForm {
    kind: String,
    leave: String,
}

/// `POST /report/what`.
pub(super) async fn post_what(
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    Form(form): Form<WhatForm>,
) -> Result<Response, Problem> {
    let mut d = match current(&app, &jar).await {
        Ok(d) => d,
        Err(response) => return Ok(response),
    };
    let leaves = leaving(&ctx, &form.leave, "/report/what");
    if leaves.is_none() && NOT_FRAUD.contains(&form.kind.as_str()) {
        return Ok(SeeOther::to(format!("/report/not-fraud/{}", form.kind)).into_response());
    }
    let Some(harm) = Harm::parse(&form.kind) else {
        let missing = FieldError::new(&ctx, "kind", "report-kind.missing");
        return Ok(leaves.unwrap_or_else(|| what_page(&ctx, &d.answers, &[missing])));
    };
    d.answers.kind = form.kind;
    draft::save(&app, &d).await?;
    let next = if harm == Harm::Money { "/report/payment" } else { "/report/you" };
    Ok(leaves.unwrap_or_else(|| SeeOther::to(next).into_response()))
}

#[derive(Template)]
#[template(path = "report_not_fraud.html")]
struct NotFraud {
    ctx: Ctx,
    title: String,
    steps: Vec<String>,
}

/// `GET /report/not-fraud/{which}`: a mistyped account or a quarrel with a real shop, and what helps there.
pub(super) async fn not_fraud(ctx: Ctx, Path(which): Path<String>) -> Result<Response, Problem> {
    let key = match which.as_str() {
        "mistake" => "report-mistake",
        "quarrel" => "report-quarrel",
        _ => return Err(Problem::not_found()),
    };
    let steps = ["step-1", "step-2", "step-3"].map(|step| ctx.t(&format!("{key}.{step}"))).to_vec();
    Ok(Page(NotFraud { title: ctx.t(&format!("{key}.title")), steps, ctx }).into_response())
}

/// The page "how can we reach you", also with the errors that sending found.
pub(super) fn you_page(ctx: &Ctx, a: &Answers, errors: &[FieldError]) -> Response {
    let back = if a.asks_payments() { "/report/payment" } else { "/report/what" };
    let mut page = Question::new(ctx, "report-you-page", "/report/you", back, errors);
    page.step = step(ctx, a, Step::You);
    page.keep = "/report/keep/you";
    if !a.asks_payments() {
        let story = Field::area(ctx, "story", "report-short-story", 5).value(a.story.as_str()).errors(errors);
        page = page.with(&if a.kind == Harm::Nothing.as_str() { story } else { story.optional() });
    }
    let phone = Field::phone(ctx, "phone", "report-phone").value(a.phone.as_str()).errors(errors);
    page = page.with(&if a.kind == Harm::Nothing.as_str() { phone.optional() } else { phone });
    // Offered once the empty phone was asked about, so that it tempts nobody before.
    if a.no_phone() || errors.iter().any(|e| e.code == "report-phone.missing") {
        let no = Choice::new("1", ctx.t("report-no-phone.yes"));
        let field = Field::checks(ctx, "no_phone", "report-no-phone", vec![no]);
        page = page.with(&field.values(a.no_phone().then_some("1")));
    }
    page.with(
        &Field::text(ctx, "name", "report-name")
            .value(a.name.as_str())
            .errors(errors)
            .autocomplete("name")
            .optional(),
    )
    .with(&iin(ctx, a, errors))
    .answer()
}

/// The number of the person. Whoever does not know the account is told what it is good for: by it their bank finds them.
fn iin(ctx: &Ctx, a: &Answers, errors: &[FieldError]) -> Field {
    let field = Field::code(ctx, "iin", "report-iin")
        .value(a.iin.as_str())
        .errors(errors)
        .autocomplete("off")
        .width(20)
        .optional();
    if a.payments.iter().any(|p| p.own_account.trim().is_empty()) {
        field.hint(ctx.t("report-iin.instead"))
    } else {
        field
    }
}

/// `GET /report/you`.
pub(super) async fn you(ctx: Ctx, State(app): State<App>, jar: CookieJar) -> Response {
    match current(&app, &jar).await {
        Ok(d) => you_page(&ctx, &d.answers, &[]),
        Err(response) => response,
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct YouForm {
    name: String,
    phone: String,
    iin: String,
    no_phone: String,
    story: Option<String>,
    leave: String,
}

impl YouForm {
    /// Puts it into the answers. A story that is too long is shown back but not kept.
    fn put(self, a: &mut Answers) {
        let short = |text: String| text.chars().take(1_000).collect::<String>();
        (a.name, a.phone, a.iin) = (short(self.name), short(self.phone), short(self.iin));
        a.set_no_phone(!self.no_phone.is_empty());
        if let Some(story) = self.story {
            a.story = story;
        }
    }
}

/// `POST /report/keep/you`: what is being typed, without a judgement.
pub(super) async fn keep_you(
    State(app): State<App>,
    jar: CookieJar,
    Form(form): Form<YouForm>,
) -> Result<StatusCode, Problem> {
    let Ok(mut d) = current(&app, &jar).await else { return Ok(StatusCode::CONFLICT) };
    form.put(&mut d.answers);
    keep(&app, &d).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Saves a draft unless its story is beyond what is ever taken.
async fn keep(app: &App, d: &Draft) -> Result<(), Problem> {
    if d.answers.story.len() <= crate::rules::MAX_STORY_BYTES {
        draft::save(app, d).await?;
    }
    Ok(())
}

/// `POST /report/you`.
pub(super) async fn post_you(
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    Form(form): Form<YouForm>,
) -> Result<Response, Problem> {
    let mut d = match current(&app, &jar).await {
        Ok(d) => d,
        Err(response) => return Ok(response),
    };
    let leaves = leaving(&ctx, &form.leave, "/report/you");
    form.put(&mut d.answers);
    keep(&app, &d).await?;
    if let Some(leaves) = leaves {
        return Ok(leaves);
    }
    if let Err(errors) = intake::reporter(&ctx, &app, &d.answers) {
        return Ok(you_page(&ctx, &d.answers, &errors));
    }
    Ok(SeeOther::to("/report/check").into_response())
}
