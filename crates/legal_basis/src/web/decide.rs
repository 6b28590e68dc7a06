//! A draft as its second person reads it: what it changes, why, from when; enacting it takes a fresh one-time code,
//! refusing it takes a reason.

use ::web::{Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Status, Toast};
use access::{Action, Kind, Resource, Staff, SteppedUp};
use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Coded as _};
use serde::Deserialize;

use super::comparison::Comparison;
use super::show::{Fact, draft_tag, facts};
use super::{draft_page, page_of, words};
use crate::change::rules::{MAX_REASON_CHARS, may_enact};
use crate::change::service::{decides, is_author};
use crate::change::{self, DecideError, DraftStatus, LawDraft, LawDraftId};
use crate::error::LegalBasisError;
use crate::model::Basis;
use crate::standing;

#[derive(Template)]
#[template(path = "law_draft.html")]
struct Show {
    ctx: Ctx,
    title: String,
    act: String,
    back: String,
    status: Status,
    says: String,
    span: String,
    /// Said where it may begin later than it was meant to.
    not_before: bool,
    reason: String,
    over: String,
    comparison: Comparison,
    facts: Vec<Fact>,
    decided: String,
    standing: Option<usize>,
    /// Why it cannot be enacted; empty if it can.
    stands_against: String,
    /// Where it is enacted after a one-time code; where the button of this page enacts it.
    enact: Option<String>,
    confirm: Option<String>,
    refuse: Option<String>,
    own: bool,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    field: Field,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReasonForm {
    reason: String,
}

fn id(text: &str) -> Result<LawDraftId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// What the page shows besides the draft itself.
#[derive(Default)]
struct Around {
    /// It asks for the last step: the button enacts.
    confirming: bool,
    typed: String,
    errors: Vec<FieldError>,
}

async fn page(ctx: &Ctx, app: &App, actor: &Actor, id: LawDraftId, around: Around) -> Result<Show, Problem> {
    let (draft, versions) = change::view(app, actor, id).await?;
    let base = versions.iter().find(|b| b.version == draft.base).ok_or_else(Problem::not_found)?;
    let open = draft.status == DraftStatus::Drafted;
    let (own, may) = (is_author(actor, &draft), decides(actor, &draft));
    let against = may_enact(&draft, &actor.label(), &versions, app.profile.languages(), ctx.now()).err();
    let here = draft_page(draft.id);
    let heads = (ctx.ta("legal-basis-version", [("n", base.version)]), ctx.t("legal-basis-draft-text"));
    let enact = (open && may && against.is_none()).then(|| format!("{here}/enact"));
    Ok(Show {
        title: draft.record.title.get(ctx.lang()).to_owned(),
        act: words::act(ctx, base),
        back: page_of(&draft.record.key),
        status: draft_tag(ctx, draft.status),
        says: format!("{}, {}", draft.author_name, ctx.date_time(draft.header.created_at)),
        span: words::span(ctx, (draft.effective_from, draft.effective_to)),
        not_before: open,
        reason: draft.reason.clone(),
        over: ctx.ta("legal-basis-version", [("n", base.version)]),
        comparison: Comparison::new(
            ctx,
            (&base.record, &draft.record),
            &ctx.t("legal-basis-draft-changes"),
            heads,
        ),
        facts: facts(ctx, &draft.record),
        decided: decided(ctx, &draft),
        standing: standing_under(app, actor, base, open && may).await?,
        stands_against: against.filter(|_| open).map_or_else(String::new, |e| ctx.t(&Problem::key(e.code()))),
        confirm: enact.clone().filter(|_| around.confirming),
        enact: enact.filter(|_| !around.confirming),
        refuse: (open && (may || may_take_back(actor, &draft))).then(|| format!("{here}/refuse")),
        own,
        summary: ErrorSummary::new(ctx, &around.errors),
        field: Field::area(ctx, "reason", "legal-basis-refuse-reason", 3)
            .value(around.typed)
            .errors(&around.errors),
        errors: around.errors,
        ctx: ctx.clone(),
    })
}

fn may_take_back(actor: &Actor, draft: &LawDraft) -> bool {
    is_author(actor, draft) && access::allowed(actor, Action::ManageLegalBasis, &draft.resource())
}

fn decided(ctx: &Ctx, draft: &LawDraft) -> String {
    let Some(d) = &draft.decision else { return String::new() };
    let args = [("name", d.name.clone()), ("time", ctx.date_time(d.at)), ("reason", d.reason.clone())];
    let key =
        if d.version.is_some() { "legal-basis-draft-enacted-by" } else { "legal-basis-draft-refused-by" };
    ctx.ta(key, args)
}

/// How many standing approvals in force rest on the version that would be replaced: they cover nothing afterwards.
/// Asked only for whoever may decide and may see them.
async fn standing_under(
    app: &App,
    actor: &Actor,
    base: &Basis,
    asked: bool,
) -> Result<Option<usize>, Problem> {
    let may = access::allowed(actor, Action::ViewStandingApproval, &Resource::any(Kind::StandingApproval));
    if !asked || !may {
        return Ok(None);
    }
    let now = app.office.now();
    let all = standing::list(app, actor).await?;
    let own = all.iter().filter(|a| a.is_in_force(now) && a.terms.basis == base.pair());
    Ok(Some(own.count()).filter(|n| *n > 0))
}

/// `GET /law/drafts/{id}`.
pub(super) async fn show(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    Ok(Page(page(&ctx, &app, &actor, id(&text)?, Around::default()).await?).into_response())
}

/// `GET /law/drafts/{id}/enact`: the same page with the button that enacts. Leads to the one-time code first.
pub(super) async fn enact_form(
    State(app): State<App>,
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let around = Around { confirming: true, ..Around::default() };
    Ok(Page(page(&ctx, &app, &actor, id(&text)?, around).await?).into_response())
}

/// `POST /law/drafts/{id}/enact`.
pub(super) async fn enact(
    State(app): State<App>,
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let id = id(&text)?;
    match change::enact(&app, &actor, id).await {
        Ok(done) => {
            let decided = done.draft.decision.as_ref().map_or(done.effective_from, |d| d.at);
            let key = if done.effective_from > decided {
                "legal-basis-enacted-later"
            } else {
                "legal-basis-enacted"
            };
            let toast = Toast::new(key).with("day", words::begins(&ctx, done.effective_from));
            Ok(SeeOther::to(page_of(&done.draft.record.key)).with_toast(toast).into_response())
        }
        Err(LegalBasisError::Decide(error)) => refused(&ctx, &app, &actor, id, "enact", error, "").await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /law/drafts/{id}/refuse`: of somebody else, or taking the own one back.
pub(super) async fn refuse(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Path(text): Path<String>,
    Form(form): Form<ReasonForm>,
) -> Result<Response, Problem> {
    let id = id(&text)?;
    match change::refuse(&app, &actor, id, &form.reason).await {
        Ok(draft) => {
            let toast = Toast::new("legal-basis-refused");
            Ok(SeeOther::to(page_of(&draft.record.key)).with_toast(toast).into_response())
        }
        Err(LegalBasisError::Decide(error)) => {
            refused(&ctx, &app, &actor, id, "reason", error, &form.reason).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The page again, with what stands against the act.
async fn refused(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    id: LawDraftId,
    field: &str,
    error: DecideError,
    typed: &str,
) -> Result<Response, Problem> {
    let field = if error == DecideError::Reason { field } else { "enact" };
    let wrong = FieldError::new(ctx, field, &Problem::key(error.code()));
    let typed = typed.chars().take(MAX_REASON_CHARS.saturating_mul(2)).collect();
    let around = Around { errors: vec![wrong], typed, ..Around::default() };
    let status = match error {
        DecideError::Author => StatusCode::FORBIDDEN,
        DecideError::Reason => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    };
    Ok((status, Page(page(ctx, app, actor, id, around).await?)).into_response())
}
