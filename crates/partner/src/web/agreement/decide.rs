//! A version as its second administrator reads it: what it says or changes, who wrote it; confirming it takes a fresh
//! one-time code, refusing it takes a reason.

use ::web::{Ctx, ErrorSummary, Field, FieldError, Markup, Page, Problem, SeeOther, Status, Toast, Tone};
use access::{Staff, SteppedUp};
use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Coded as _};
use serde::Deserialize;

use super::words::{Fact, author, facts};
use super::{home_of, id, page_of, told};
use crate::agreement::{self, Agreement, AgreementId, AgreementStatus, DecideError};
use crate::service::PartnerError;
use crate::web::{ALL, may_manage};

#[derive(Template)]
#[template(path = "partner_agreement.html")]
struct VersionPage {
    ctx: Ctx,
    back: (String, String),
    name: String,
    state: Status,
    number: Option<i64>,
    author: String,
    written: Markup,
    decided: Option<(String, Markup)>,
    reason: String,
    /// Of a change: label, was, becomes.
    changes: Vec<(String, Vec<String>, Vec<String>)>,
    facts: Vec<Fact>,
    new: bool,
    stands_against: String,
    confirm: Option<String>,
    confirming: bool,
    refuse: Option<String>,
    own: bool,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    field: Field,
}

#[derive(Default)]
struct Around {
    confirming: bool,
    typed: String,
    errors: Vec<FieldError>,
}

/// The state of a version in words.
pub(super) fn state(ctx: &Ctx, version: &Agreement) -> Status {
    match version.status {
        AgreementStatus::Waits => Status::new(ctx, "partner-agreement-waits", Tone::Amber),
        AgreementStatus::Kept => Status::new(ctx, "partner-agreement-kept", Tone::Green),
        AgreementStatus::Refused => Status::new(ctx, "partner-agreement-refused", Tone::Grey),
    }
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    id: AgreementId,
    around: Around,
) -> Result<VersionPage, Problem> {
    let v = agreement::views::view(app, actor, id).await?;
    let version = &v.agreement;
    let said = version.entry.as_ref().map(|entry| facts(ctx, &app.profile, entry)).unwrap_or_default();
    let before = v.before.as_ref().map(|entry| facts(ctx, &app.profile, entry)).unwrap_or_default();
    let pairs = before.iter().zip(&said);
    let changed = pairs.filter(|(was, is)| was.lines != is.lines);
    let changes = changed.map(|(was, is)| (is.label.clone(), was.lines.clone(), is.lines.clone())).collect();
    let waits = version.status == AgreementStatus::Waits;
    let name = version.entry.as_ref().map_or("", |e| e.names.get(ctx.lang())).to_owned();
    let known = v.before.is_some() || version.status == AgreementStatus::Kept;
    let back =
        if known { (home_of(&version.code), name.clone()) } else { (ALL.to_owned(), ctx.t("partner-title")) };
    // Whoever cannot confirm at all is not told what stands against it.
    let against = v.against.filter(|_| waits && (v.confirms || v.own));
    Ok(VersionPage {
        back,
        state: state(ctx, version),
        number: version.version,
        author: author(ctx, &version.author_name),
        written: ctx.time_exact(version.header.created_at),
        decided: version.decision.as_ref().map(|d| (d.name.clone(), ctx.time_exact(d.at))),
        reason: version.decision.as_ref().map_or_else(String::new, |d| d.reason.clone()),
        changes,
        facts: said.into_iter().filter(|f| !f.lines.is_empty()).collect(),
        new: v.before.is_none(),
        stands_against: against.map_or_else(String::new, |e| ctx.t(&Problem::key(e.code()))),
        confirm: (waits && v.confirms && v.against.is_none()).then(|| format!("{}/confirm", page_of(id))),
        confirming: around.confirming,
        refuse: (waits && may_manage(actor)).then(|| format!("{}/refuse", page_of(id))),
        own: v.own,
        summary: ErrorSummary::new(ctx, &around.errors),
        field: Field::area(ctx, "reason", "partner-reason", 3).value(around.typed).errors(&around.errors),
        errors: around.errors,
        name,
        ctx: ctx.clone(),
    })
}

/// `GET /admin/agreements/{id}`.
pub(super) async fn show(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    Ok(Page(page(&ctx, &app, &actor, id(&text)?, Around::default()).await?).into_response())
}

/// `GET /admin/agreements/{id}/confirm`: the same page with the button that confirms. Leads to the one-time code first.
pub(super) async fn confirm_form(
    State(app): State<App>,
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let around = Around { confirming: true, ..Around::default() };
    Ok(Page(page(&ctx, &app, &actor, id(&text)?, around).await?).into_response())
}

/// `POST /admin/agreements/{id}/confirm`.
pub(super) async fn confirm(
    State(app): State<App>,
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let id = id(&text)?;
    match agreement::service::confirm(&app, &actor, id).await {
        Ok(done) => {
            let toast = Toast::new("partner-agreement-confirmed");
            Ok(SeeOther::to(home_of(&done.code)).with_toast(toast).into_response())
        }
        Err(error @ (PartnerError::Decide(_) | PartnerError::KeyKnown | PartnerError::KeyChanged(_))) => {
            let status = match &error {
                PartnerError::Decide(DecideError::Author) => StatusCode::FORBIDDEN,
                _ => StatusCode::CONFLICT,
            };
            let errors = vec![FieldError::new(&ctx, "confirm", &Problem::key(error.code()))];
            let around = Around { errors, ..Around::default() };
            Ok((status, Page(page(&ctx, &app, &actor, id, around).await?)).into_response())
        }
        // What was right when it was proposed, and is no longer.
        Err(PartnerError::Terms(faults)) => {
            let told = |fault| FieldError { field: "confirm".to_owned(), ..told(&ctx, fault) };
            let errors = faults.0.iter().map(told).collect();
            let around = Around { errors, ..Around::default() };
            Ok((StatusCode::CONFLICT, Page(page(&ctx, &app, &actor, id, around).await?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReasonForm {
    reason: String,
}

/// `POST /admin/agreements/{id}/refuse`: of somebody else, or taking the own one back.
pub(super) async fn refuse(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Path(text): Path<String>,
    Form(form): Form<ReasonForm>,
) -> Result<Response, Problem> {
    let id = id(&text)?;
    match agreement::service::refuse(&app, &actor, id, &form.reason).await {
        Ok(_) => {
            let toast = Toast::new("partner-agreement-refuse-done");
            Ok(SeeOther::to(ALL).with_toast(toast).into_response())
        }
        Err(error @ (PartnerError::Reason | PartnerError::Decide(_))) => {
            let status = if matches!(error, PartnerError::Reason) {
                StatusCode::UNPROCESSABLE_ENTITY
            } else {
                StatusCode::CONFLICT
            };
            let errors = vec![FieldError::new(&ctx, "reason", &Problem::key(error.code()))];
            let typed = form.reason.chars().take(app::MAX_REASON_CHARS.saturating_mul(2)).collect();
            let around = Around { typed, errors, ..Around::default() };
            Ok((status, Page(page(&ctx, &app, &actor, id, around).await?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
