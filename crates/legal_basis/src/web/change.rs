//! `GET` and `POST /law/{key}/change`: drafting a change of a basis.

use ::web::{Ctx, ErrorSummary, FieldError, Page, Problem, SeeOther, Toast};
use access::{Action, Kind, Resource, Staff};
use app::App;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Class, Coded as _};
use profile::BasisFault;
use serde::Deserialize;

use super::answers::{Answers, Wrong, in_lang};
use super::fields::{self, Section};
use super::{draft_page, page_of, words};
use crate::change::rules::newest;
use crate::change::{self, ChangeError, ChangeErrors, LawDraft, LawDraftId, NewChange};
use crate::compare::Field;
use crate::error::LegalBasisError;
use crate::law::{self, LawBasis};
use crate::model::Basis;

#[derive(Template)]
#[template(path = "law_change.html")]
struct Change {
    ctx: Ctx,
    title: String,
    act: String,
    key: String,
    base: i64,
    newest: String,
    draft_key: String,
    action: String,
    back: String,
    later: Option<String>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    sections: Vec<Section>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FormQuery {
    version: Option<i64>,
}

/// The basis, if the actor may draft a change of it.
async fn changeable(app: &App, actor: &Actor, key: &str) -> Result<LawBasis, Problem> {
    let basis = law::one(app, actor, key).await?;
    let id = basis.versions.first().map(|b| b.id).ok_or_else(Problem::not_found)?;
    let resource = Resource::bare(Kind::LegalBasis, id, &app.node.code);
    access::require(actor, Action::ManageLegalBasis, &resource)?;
    if change::rules::is_withdrawn(&basis.versions) {
        return Err(ChangeErrors(vec![ChangeError::Withdrawn]).into());
    }
    Ok(basis)
}

/// The version that the form begins with: the one asked for, else the one in force.
fn base(basis: &LawBasis, ctx: &Ctx, version: Option<i64>) -> Result<Basis, Problem> {
    let found = match version {
        Some(no) => basis.versions.iter().find(|b| b.version == no),
        None => basis.shown(ctx.now()),
    };
    found.cloned().ok_or_else(Problem::not_found)
}

/// `GET /law/{key}/change`.
pub(super) async fn form(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Path(key): Path<String>,
    Query(query): Query<FormQuery>,
) -> Result<Response, Problem> {
    let basis = changeable(&app, &actor, &key).await?;
    let base = base(&basis, &ctx, query.version)?;
    let today = app.profile.civil_date(ctx.now());
    let answers = Answers::of(&base.record, app.profile.languages(), today);
    Ok(Page(page(&ctx, &app, &basis, &base, &answers, &[])).into_response())
}

fn page(
    ctx: &Ctx,
    app: &App,
    basis: &LawBasis,
    base: &Basis,
    answers: &Answers,
    errors: &[FieldError],
) -> Change {
    let kept = |name: &str, fresh: String| {
        let typed = answers.get(name);
        if typed.is_empty() { fresh } else { typed.to_owned() }
    };
    let later = basis.next(ctx.now()).filter(|next| next.version != base.version);
    let form = fields::Form { ctx, answers, errors, langs: app.profile.languages() };
    Change {
        title: base.title().get(ctx.lang()).to_owned(),
        act: words::act(ctx, base),
        key: base.key().to_owned(),
        base: base.version,
        newest: kept("newest", newest(&basis.versions).to_string()),
        draft_key: kept("idempotency_key", ctx.idempotency_key()),
        action: format!("{}/change", page_of(base.key())),
        back: page_of(base.key()),
        later: later.map(|b| words::begins(ctx, b.effective_from)),
        errors: errors.to_vec(),
        summary: ErrorSummary::new(ctx, errors),
        sections: form.sections(),
        ctx: ctx.clone(),
    }
}

/// `POST /law/{key}/change`: drafts it; nothing is in force before somebody else has enacted it.
pub(super) async fn draft(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Path(key): Path<String>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let answers = Answers(typed);
    let basis = changeable(&app, &actor, &key).await?;
    let base = base(&basis, &ctx, Some(answers.get("base").parse().unwrap_or_default()))?;
    match attempt(&ctx, &app, &actor, &base, &answers).await? {
        Ok(draft) => {
            let toast = Toast::new("legal-basis-drafted");
            Ok(SeeOther::to(draft_page(draft.id)).with_toast(toast).into_response())
        }
        Err(errors) => {
            let page = page(&ctx, &app, &basis, &base, &answers, &errors);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

/// The draft, or what is wrong with the form.
async fn attempt(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    base: &Basis,
    answers: &Answers,
) -> Result<Result<LawDraft, Vec<FieldError>>, Problem> {
    let new = match new_change(app, base, answers) {
        Ok(new) => new,
        Err(wrong) => {
            return Ok(Err(wrong.iter().map(|(field, key)| FieldError::new(ctx, field, key)).collect()));
        }
    };
    match change::draft(app, actor, new).await {
        Ok(draft) => Ok(Ok(draft)),
        Err(LegalBasisError::Change(errors)) => Ok(Err(told(ctx, &errors))),
        Err(other) => Err(other.into()),
    }
}

fn new_change(app: &App, base: &Basis, answers: &Answers) -> Result<NewChange, Vec<Wrong>> {
    let record = answers.record(&base.record, app.profile.languages())?;
    let id = answers.get("idempotency_key").parse().unwrap_or_else(|_| app.uuid());
    Ok(NewChange {
        id: LawDraftId::from_uuid(id),
        basis: base.id,
        base: base.version,
        newest: answers.get("newest").parse().unwrap_or_default(),
        record,
        reason: answers.get("reason").to_owned(),
    })
}

/// Each refusal beside the field that it is about.
fn told(ctx: &Ctx, errors: &ChangeErrors) -> Vec<FieldError> {
    errors.0.iter().map(|e| FieldError::new(ctx, &field_of(e), &Problem::key(e.code()))).collect()
}

/// The field of the form that a refusal is about; `form` for the form as a whole.
fn field_of(error: &ChangeError) -> String {
    let fixed = match error {
        _ if error.class() == Class::Conflict => "form",
        ChangeError::Withdrawn | ChangeError::Moved | ChangeError::Fixed | ChangeError::Unchanged => "form",
        ChangeError::Past | ChangeError::TooFar => "from",
        ChangeError::Reason => "reason",
        ChangeError::TooLong(field, lang) => {
            let name = match field {
                Field::Title => "title",
                Field::AppealBody => "appeal",
                Field::Note => "note",
                _ => "text",
            };
            return in_lang(name, lang);
        }
        ChangeError::Fault(fault) => match fault {
            BasisFault::NoText { field, lang } => return in_lang(field, lang),
            BasisFault::EndsBefore => "to",
            BasisFault::NoMeasure => "measures",
            BasisFault::NoAddressee => "addressees",
            BasisFault::ApproverCount { standing: false } => "approvers_count",
            BasisFault::ApproverCount { standing: true } => "standing_count",
            BasisFault::NoOffice { standing: false } => "approvers_roles",
            BasisFault::NoOffice { standing: true } => "standing_roles",
            // `notify.holder` is asked as `notify_holder`, `clocks.ack` as `ack`.
            BasisFault::Term(path) => match path.split_once('.') {
                Some(("notify", whom)) => return format!("notify_{whom}"),
                Some((_, last)) => last,
                None => path,
            },
            BasisFault::ReasonAbove => "reason_above",
            BasisFault::StandingDays => "standing_days",
            BasisFault::StandingWider | BasisFault::StandingScope | BasisFault::StandingSanctioned => {
                "standing"
            }
            BasisFault::Unverified(_) => "unverified",
        },
    };
    fixed.to_owned()
}
