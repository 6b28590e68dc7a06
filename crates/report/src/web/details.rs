//! Stage two: what is added to a report that already works, page by page, at any time.

use std::collections::BTreeMap;

use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use kernel::Purpose;
use serde::Deserialize;
use web::{Choice, Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast};

use super::own::{Task, visitor};
use super::payment::{Around, PaymentForm, page as payment_page};
use super::{complete, leaving, unsent};
use crate::draft::PaymentAnswers;
use crate::service::{self, Full};
use crate::{ReportError, intake, rules};

/// Questions of stage two besides the story, in their order; each is a page with its fields.
const SECTIONS: &[(&str, &[Question])] = &[
    (
        "contact",
        &[Question::Choices(
            "channel",
            &["phone", "sms", "messenger", "email", "ad", "site", "app", "in_person"],
        )],
    ),
    (
        "codes",
        &[
            Question::Choices(
                "given",
                &["sms_code", "card_data", "remote_access", "password", "signature", "nothing"],
            ),
            Question::Text("apps"),
        ],
    ),
    ("loans", &[Question::Text("lenders")]),
    (
        "told",
        &[Question::Choices("who", &["bank", "police", "operator", "nobody"]), Question::Text("ticket")],
    ),
    ("about", &[Question::Region, Question::Text("place"), Question::Text("help")]),
    ("wishes", &[Question::Choices("wish", &["return", "prosecution", "information"])]),
];

/// Longest answer to one question of stage two; longer ones belong into the story.
const MAX_ANSWER_CHARS: usize = 4_000;

enum Question {
    Choices(&'static str, &'static [&'static str]),
    Text(&'static str),
    /// Where the reporter lives: a region of the profile.
    Region,
}

impl Question {
    const fn name(&self) -> &'static str {
        match self {
            Self::Choices(name, _) | Self::Text(name) => name,
            Self::Region => rules::REGION.1,
        }
    }
}

type Given = BTreeMap<String, Vec<String>>;

fn answers(full: &Full) -> BTreeMap<String, Given> {
    full.details
        .as_ref()
        .and_then(|d| serde_json::from_str(d.open(Purpose::OwnData)).ok())
        .unwrap_or_default()
}

/// What may be added, and what has been.
pub(super) fn tasks(ctx: &Ctx, full: &Full) -> Vec<Task> {
    let answered = answers(full);
    // What an order waits for comes first.
    let missing = full.payments.iter().filter(|p| complete::is_incomplete(p)).map(|p| Task {
        href: format!("/my-report/payment/{}", p.no),
        words: ctx.ta("report-task-complete", [("n", p.no)]),
        done: false,
    });
    let mut tasks: Vec<Task> = missing.collect();
    tasks.push(Task {
        href: "/my-report/story".to_owned(),
        words: ctx.t("report-task-story"),
        done: !full.told.story.open(Purpose::OwnData).is_empty(),
    });
    tasks.extend(SECTIONS.iter().map(|(section, _)| Task {
        href: format!("/my-report/details/{section}"),
        words: ctx.t(&format!("report-task-{section}")),
        done: answered.get(*section).is_some_and(|given| !given.is_empty()),
    }));
    // After the question on loans: most have a statement or a screenshot at hand by then.
    let at = tasks.iter().position(|t| t.href.ends_with("/told")).unwrap_or(tasks.len());
    let files = Task {
        href: "/my-report/files".to_owned(),
        words: ctx.t("report-task-files"),
        done: full.files.iter().any(|f| !f.removed),
    };
    tasks.insert(at, files);
    tasks
}

/// A page with one form, after the report exists.
#[derive(Template)]
#[template(path = "report_add.html")]
struct Add {
    ctx: Ctx,
    title: String,
    lead: String,
    action: String,
    /// Where scripts save what is being typed; empty for nowhere.
    keep: &'static str,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    fields: Vec<Field>,
}

fn add_page(
    ctx: &Ctx,
    key: &str,
    action: String,
    keep: &'static str,
    fields: Vec<Field>,
    errors: &[FieldError],
) -> Response {
    let lead = format!("{key}.lead");
    let page = Add {
        title: ctx.t(&format!("{key}.title")),
        lead: if ctx.has_text(&lead) { ctx.t(&lead) } else { String::new() },
        action,
        keep,
        errors: errors.to_vec(),
        summary: ErrorSummary::new(ctx, errors),
        fields,
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, Page(page)).into_response()
}

pub(super) fn saved() -> Response {
    SeeOther::to("/my-report").with_toast(Toast::new("toast-saved")).into_response()
}

fn story_page(ctx: &Ctx, text: &str, errors: &[FieldError]) -> Response {
    let field = Field::area(ctx, "story", "report-story", 12).value(text).errors(errors);
    add_page(
        ctx,
        "report-story-page",
        "/my-report/story".to_owned(),
        "/my-report/keep/story",
        vec![field],
        errors,
    )
}

/// `GET /my-report/story`: what was told, or what is being told and was not sent.
pub(super) async fn story(ctx: Ctx, State(app): State<App>, jar: CookieJar) -> Result<Response, Problem> {
    let (actor, id) = match visitor(&app, &jar).await {
        Ok(v) => v,
        Err(response) => return Ok(response),
    };
    let full = service::open(&app, &actor, id, Purpose::OwnData).await?;
    let begun = unsent::find(&app, &jar, id).await?.map(|d| d.answers.story).filter(|s| !s.is_empty());
    Ok(story_page(&ctx, begun.as_ref().unwrap_or_else(|| full.told.story.open(Purpose::OwnData)), &[]))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct StoryForm {
    story: String,
    leave: String,
}

/// `POST /my-report/keep/story`: what is being typed.
pub(super) async fn keep_story(
    State(app): State<App>,
    jar: CookieJar,
    Form(form): Form<StoryForm>,
) -> Result<Response, Problem> {
    let Ok((_, id)) = visitor(&app, &jar).await else { return Ok(StatusCode::CONFLICT.into_response()) };
    if form.story.len() > rules::MAX_STORY_BYTES {
        return Ok(StatusCode::UNPROCESSABLE_ENTITY.into_response());
    }
    let jar = unsent::keep(&app, jar, id, |a| a.story = form.story).await?;
    Ok((jar, StatusCode::NO_CONTENT).into_response())
}

/// `POST /my-report/story`.
pub(super) async fn post_story(
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    Form(form): Form<StoryForm>,
) -> Result<Response, Problem> {
    let (actor, id) = match visitor(&app, &jar).await {
        Ok(v) => v,
        Err(response) => return Ok(response),
    };
    if form.story.len() > rules::MAX_STORY_BYTES {
        let error = FieldError::new(&ctx, "story", "error-report-story-too-long");
        return Ok(story_page(&ctx, &form.story, &[error]));
    }
    if let Some(leaves) = leaving(&ctx, &form.leave, "/my-report/story") {
        let jar = unsent::keep(&app, jar, id, |a| a.story = form.story).await?;
        return Ok((jar, leaves).into_response());
    }
    service::tell_story(&app, &actor, id, form.story.trim()).await?;
    unsent::sent(&app, &jar, id, |a| a.story.clear()).await?;
    Ok(saved())
}

fn fields(
    ctx: &Ctx,
    app: &App,
    section: &str,
    questions: &[Question],
    given: &Given,
    errors: &[FieldError],
) -> Vec<Field> {
    let before = |name: &str| given.get(name).cloned().unwrap_or_default();
    let field = |q: &Question| match q {
        Question::Choices(name, values) => {
            let key = format!("report-{section}-{name}").replace('_', "-");
            let choice = |v: &&str| Choice::new(v, ctx.t(&format!("{key}-{}", v.replace('_', "-"))));
            Field::checks(ctx, name, &key, values.iter().map(choice).collect()).values(before(name))
        }
        Question::Text(name) => {
            let key = format!("report-{section}-{name}");
            Field::area(ctx, name, &key, 3).value(before(name).join("\n")).errors(errors).optional()
        }
        Question::Region => {
            let none = Choice::new("", ctx.t("report-about-region-none"));
            let name = |r: &profile::Region| Choice::new(&r.code, r.name.get(ctx.lang()).to_owned());
            let choices = std::iter::once(none).chain(app.profile.regions().iter().map(name)).collect();
            Field::select(ctx, q.name(), "report-about-region", choices)
                .value(before(q.name()).join(""))
                .optional()
        }
    };
    questions.iter().map(field).collect()
}

fn section(name: &str) -> Option<&'static (&'static str, &'static [Question])> {
    SECTIONS.iter().find(|(s, _)| *s == name)
}

fn details_page(
    ctx: &Ctx,
    app: &App,
    (name, questions): (&str, &[Question]),
    given: &Given,
    errors: &[FieldError],
) -> Response {
    let action = format!("/my-report/details/{name}");
    add_page(
        ctx,
        &format!("report-{name}-page"),
        action,
        "",
        fields(ctx, app, name, questions, given, errors),
        errors,
    )
}

/// `GET /my-report/details/{section}`.
pub(super) async fn details(
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let (actor, id) = match visitor(&app, &jar).await {
        Ok(v) => v,
        Err(response) => return Ok(response),
    };
    let Some((name, questions)) = section(&name) else { return Err(Problem::not_found()) };
    let full = service::open(&app, &actor, id, Purpose::OwnData).await?;
    let given = answers(&full).remove(*name).unwrap_or_default();
    Ok(details_page(&ctx, &app, (name, questions), &given, &[]))
}

/// The answers of one page: known questions, known choices, nothing else.
fn given(app: &App, form: Vec<(String, String)>, questions: &[Question]) -> Given {
    let mut given = Given::new();
    for (field, value) in form {
        let value = value.trim();
        let taken = questions.iter().filter(|q| q.name() == field).any(|q| match q {
            Question::Choices(_, values) => values.contains(&value),
            Question::Text(_) => !value.is_empty(),
            Question::Region => app.profile.regions().iter().any(|r| r.code == value),
        });
        let kept = given.entry(field.clone()).or_default();
        if taken && !kept.iter().any(|v| v == value) {
            kept.push(value.to_owned());
        }
    }
    given.retain(|_, values| !values.is_empty());
    given
}

/// `POST /my-report/details/{section}`.
pub(super) async fn post_details(
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    Path(name): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let (actor, id) = match visitor(&app, &jar).await {
        Ok(v) => v,
        Err(response) => return Ok(response),
    };
    let Some((name, questions)) = section(&name) else { return Err(Problem::not_found()) };
    let leave = form.iter().find(|(field, _)| field == "leave").map(|(_, v)| v.clone()).unwrap_or_default();
    let given = given(&app, form, questions);
    let long = |q: &&Question| {
        given.get(q.name()).is_some_and(|v| v.iter().any(|t| t.chars().count() > MAX_ANSWER_CHARS))
    };
    let errors: Vec<FieldError> = questions
        .iter()
        .filter(long)
        .map(|q| FieldError::new(&ctx, q.name(), "report-answer-too-long"))
        .collect();
    if !errors.is_empty() {
        return Ok(details_page(&ctx, &app, (name, questions), &given, &errors));
    }
    let full = service::open(&app, &actor, id, Purpose::OwnData).await?;
    let mut all = answers(&full);
    all.insert((*name).to_owned(), given);
    let json = serde_json::to_string(&all).unwrap_or_default();
    service::keep_details(&app, &actor, id, &json).await?;
    Ok(leaving(&ctx, &leave, &format!("/my-report/details/{name}")).unwrap_or_else(saved))
}

fn later(ctx: &Ctx) -> Around {
    Around {
        step: String::new(),
        action: "/my-report/payment".to_owned(),
        back: "/my-report",
        keep: "/my-report/keep/payment",
        wizard: false,
        title: "report-payment-page.forgotten",
        key: ctx.idempotency_key(),
        told: None,
    }
}

/// `GET /my-report/payment`: a payment that was forgotten.
pub(super) async fn payment(ctx: Ctx, State(app): State<App>, jar: CookieJar) -> Result<Response, Problem> {
    let (_, id) = match visitor(&app, &jar).await {
        Ok(v) => v,
        Err(response) => return Ok(response),
    };
    let typed = unsent::find(&app, &jar, id).await?.map(|d| d.answers.unfinished()).unwrap_or_default();
    let partners = partner::service::all(&app).await?;
    Ok(payment_page(&ctx, &app, &partners, later(&ctx), &typed, &[]))
}

/// `POST /my-report/keep/payment`: what is being typed.
pub(super) async fn keep_payment(
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    Form(form): Form<PaymentForm>,
) -> Result<Response, Problem> {
    let Ok((_, id)) = visitor(&app, &jar).await else { return Ok(StatusCode::CONFLICT.into_response()) };
    let jar = unsent::keep(&app, jar, id, |a| a.keep_unfinished(&form.answers().dated(&ctx))).await?;
    Ok((jar, StatusCode::NO_CONTENT).into_response())
}

/// `POST /my-report/payment`.
pub(super) async fn post_payment(
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    Form(form): Form<PaymentForm>,
) -> Result<Response, Problem> {
    let (actor, id) = match visitor(&app, &jar).await {
        Ok(v) => v,
        Err(response) => return Ok(response),
    };
    // Nothing is done any more about the money of a report that was taken back: nothing more is taken either.
    if service::receipt_facts(&app, id).await?.withdrawn_at.is_some() {
        return Ok(SeeOther::to("/my-report").into_response());
    }
    let typed = form.answers();
    if let Some(leaves) = leaving(&ctx, &form.leave, "/my-report/payment") {
        let jar = unsent::keep(&app, jar, id, |a| a.keep_unfinished(&typed.dated(&ctx))).await?;
        return Ok((jar, leaves).into_response());
    }
    let partners = partner::service::all(&app).await?;
    let again = |errors: &[FieldError]| {
        let around = Around { key: form.idempotency_key.clone(), ..later(&ctx) };
        payment_page(&ctx, &app, &partners, around, &typed, errors)
    };
    let payment = match intake::payment(&ctx, &app, &partners, &typed) {
        Ok(payment) => payment,
        Err(errors) => return Ok(again(&errors)),
    };
    match service::add_payment(&app, &actor, id, payment, &form.idempotency_key).await {
        Ok(()) => {
            unsent::sent(&app, &jar, id, |a| a.keep_unfinished(&PaymentAnswers::default())).await?;
            Ok(saved())
        }
        Err(error @ ReportError::Filing(_)) => {
            let key = Problem::key(kernel::Coded::code(&error));
            Ok(again(&[FieldError::new(&ctx, "amount", &key)]))
        }
        Err(error) => Err(error.into()),
    }
}
