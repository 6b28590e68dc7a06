//! The form: a new institution, and a change of what one has agreed to.

use ::web::{Ctx, ErrorSummary, FieldError, Page, Problem, SeeOther, Toast};
use access::{Action, Resource, Staff};
use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Coded as _};

use super::answers::Answers;
use super::fields::{self, Section};
use super::{home_of, page_of, told, words};
use crate::agreement::{self, AgreementId, DecideError, Fault, History, Over, Proposal};
use crate::service::PartnerError;
use crate::web::ALL;

#[derive(Template)]
#[template(path = "partner_form.html")]
struct FormPage {
    ctx: Ctx,
    title: String,
    lead: String,
    back: (String, String),
    action: String,
    form_key: String,
    base: String,
    /// What cannot be changed here: code and kind.
    fixed: Vec<(String, String)>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    sections: Vec<Section>,
}

/// What a form is about: nobody yet, or an institution as it stands.
#[derive(Clone, Copy)]
enum About<'a> {
    New,
    Known(&'a History),
}

fn page(ctx: &Ctx, app: &App, about: About<'_>, answers: &Answers, errors: &[FieldError]) -> FormPage {
    let kept = |name: &str, fresh: String| {
        let typed = answers.get(name);
        if typed.is_empty() { fresh } else { typed.to_owned() }
    };
    let new = matches!(about, About::New);
    let form = fields::Form { ctx, answers, errors, profile: &app.profile, new };
    let (title, lead, back, action, base, fixed) = match about {
        About::New => (
            ctx.t("partner-form-new"),
            ctx.t("partner-form-new-lead"),
            (ALL.to_owned(), ctx.t("partner-title")),
            format!("{ALL}/new"),
            0,
            Vec::new(),
        ),
        About::Known(history) => {
            let entry = &history.current;
            let kind = words::kind(ctx, &app.profile, &entry.kind);
            (
                ctx.t("partner-form-change"),
                ctx.t("partner-form-change-lead"),
                (home_of(&entry.code), entry.names.get(ctx.lang()).to_owned()),
                format!("{}/agreement", home_of(&entry.code)),
                history.newest,
                vec![(ctx.t("partner-col-code"), entry.code.clone()), (ctx.t("partner-col-kind"), kind)],
            )
        }
    };
    FormPage {
        title,
        lead,
        back,
        action,
        fixed,
        form_key: kept("idempotency_key", ctx.idempotency_key()),
        base: kept("base", base.to_string()),
        errors: errors.to_vec(),
        summary: ErrorSummary::new(ctx, errors),
        sections: form.sections(),
        ctx: ctx.clone(),
    }
}

fn may_propose(actor: &Actor) -> Result<(), access::AccessError> {
    access::require(actor, Action::ManagePartners, &Resource::any("partner"))
}

/// `GET /admin/institutions/new`.
pub(super) async fn new(State(app): State<App>, Staff(actor): Staff, ctx: Ctx) -> Result<Response, Problem> {
    may_propose(&actor)?;
    Ok(Page(page(&ctx, &app, About::New, &Answers::empty(), &[])).into_response())
}

/// `POST /admin/institutions/new`: it waits for a second administrator.
pub(super) async fn add(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Form(typed): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    may_propose(&actor)?;
    send(&ctx, &app, &actor, About::New, Answers(typed)).await
}

/// `GET /admin/institutions/{code}/agreement`.
pub(super) async fn change(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    may_propose(&actor)?;
    let history = agreement::views::history(&app, &actor, &code).await?;
    let answers = Answers::of(&history.current, &app.profile);
    Ok(Page(page(&ctx, &app, About::Known(&history), &answers, &[])).into_response())
}

/// `POST /admin/institutions/{code}/agreement`: it waits for a second administrator.
pub(super) async fn save(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Path(code): Path<String>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    may_propose(&actor)?;
    let history = agreement::views::history(&app, &actor, &code).await?;
    send(&ctx, &app, &actor, About::Known(&history), Answers(typed)).await
}

async fn send(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    about: About<'_>,
    answers: Answers,
) -> Result<Response, Problem> {
    let (over, base) = match about {
        About::New => (Over::Nothing, None),
        About::Known(history) => {
            (Over::Version(answers.get("base").parse().unwrap_or_default()), Some(&history.current))
        }
    };
    let id = answers.get("idempotency_key").parse().unwrap_or_else(|_| app.uuid());
    let entry = answers.entry(base, &app.profile);
    let proposal = Proposal { id: AgreementId::from_uuid(id), over, entry };
    let errors = match agreement::service::propose(app, actor, vec![proposal], true).await {
        Ok(waiting) => {
            let to = waiting.first().map_or_else(|| ALL.to_owned(), |v| page_of(v.id));
            return Ok(SeeOther::to(to).with_toast(Toast::new("partner-agreement-proposed")).into_response());
        }
        Err(PartnerError::Terms(faults)) => faults.0.iter().map(|fault| told(ctx, fault)).collect(),
        Err(error @ PartnerError::Decide(DecideError::Moved)) => {
            vec![FieldError::new(ctx, "form", &Problem::key(error.code()))]
        }
        Err(error @ PartnerError::KeyChanged(_)) => {
            vec![FieldError::new(ctx, "key_name", &Problem::key(error.code()))]
        }
        Err(PartnerError::KeyKnown) => vec![told(ctx, &Fault::new("public_key", "known", ""))],
        Err(error) => return Err(error.into()),
    };
    let page = page(ctx, app, about, &answers, &errors);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}
