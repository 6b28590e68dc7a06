//! Signing and revoking a standing approval. Both go out of the signer's hands, so both have a page of their own; to
//! sign takes a fresh one-time code, to revoke takes none: ending must never wait.

use access::{Staff, SteppedUp};
use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Coded as _};
use legal_basis::LegalBasisError;
use legal_basis::standing::{self, StandingApproval, StandingId};
use web::{Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast};

use super::ReasonForm;
use super::approvals::{ApprovalRow, all_bases, approval};

#[derive(Template)]
#[template(path = "desk_approve.html")]
struct Confirm {
    ctx: Ctx,
    title: String,
    text: String,
    button: String,
    action: String,
    row: ApprovalRow,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    fields: Vec<Field>,
}

fn id(text: &str) -> Result<StandingId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

async fn found(
    app: &App,
    actor: &Actor,
    id: StandingId,
    version: Option<i64>,
) -> Result<StandingApproval, Problem> {
    let versions = standing::view(app, actor, id).await?;
    let wanted = versions.into_iter().rfind(|a| version.is_none_or(|v| a.version == v));
    wanted.ok_or_else(Problem::not_found)
}

/// What a page asks: the key of its texts, where it posts to, its fields and what was wrong with them.
struct Ask {
    key: &'static str,
    action: String,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    a: &StandingApproval,
    ask: Ask,
) -> Result<Response, Problem> {
    let row = approval(ctx, actor, &all_bases(app).await?, a);
    let page = Confirm {
        title: ctx.t(&format!("desk-{}.title", ask.key)),
        text: ctx.t(&format!("desk-{}.text", ask.key)),
        button: ctx.t(&format!("desk-{}.button", ask.key)),
        action: ask.action,
        row,
        summary: ErrorSummary::new(ctx, &ask.errors),
        fields: ask.fields,
        errors: ask.errors,
        ctx: ctx.clone(),
    };
    let status = if page.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Page(page)).into_response())
}

fn sign_ask(id: StandingId, version: i64) -> Ask {
    Ask {
        key: "approval-sign",
        action: format!("/desk/approvals/{id}/{version}/sign"),
        fields: Vec::new(),
        errors: Vec::new(),
    }
}

/// `GET /desk/approvals/{id}/{version}/sign`: the text, word for word. Leads to the one-time code first.
pub(crate) async fn sign_form(
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    State(app): State<App>,
    Path((text, version)): Path<(String, i64)>,
) -> Result<Response, Problem> {
    let id = id(&text)?;
    let a = found(&app, &actor, id, Some(version)).await?;
    page(&ctx, &app, &actor, &a, sign_ask(id, version)).await
}

/// `POST /desk/approvals/{id}/{version}/sign`.
pub(crate) async fn sign(
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    State(app): State<App>,
    Path((text, version)): Path<(String, i64)>,
) -> Result<Response, Problem> {
    let id = id(&text)?;
    match standing::sign(&app, &actor, id, version).await {
        Ok(signed) => {
            let key = if signed.status == standing::Status::InForce {
                "desk-approval-in-force"
            } else {
                "desk-approval-signed"
            };
            Ok(SeeOther::to("/desk/approvals").with_toast(Toast::new(key)).into_response())
        }
        Err(LegalBasisError::Sign(error)) => {
            let a = found(&app, &actor, id, Some(version)).await?;
            let wrong = FieldError::new(&ctx, "sign", &Problem::key(error.code()));
            page(&ctx, &app, &actor, &a, Ask { errors: vec![wrong], ..sign_ask(id, version) }).await
        }
        Err(error) => Err(error.into()),
    }
}

fn revoke_ask(ctx: &Ctx, id: StandingId, reason: &str, errors: Vec<FieldError>) -> Ask {
    let field = Field::area(ctx, "reason", "desk-reason", 3).value(reason).errors(&errors);
    Ask {
        key: "approval-revoke",
        action: format!("/desk/approvals/{id}/revoke"),
        fields: vec![field],
        errors,
    }
}

/// `GET /desk/approvals/{id}/revoke`.
pub(crate) async fn revoke_form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let id = id(&text)?;
    let a = found(&app, &actor, id, None).await?;
    page(&ctx, &app, &actor, &a, revoke_ask(&ctx, id, "", Vec::new())).await
}

/// `POST /desk/approvals/{id}/revoke`: at once and for good.
pub(crate) async fn revoke(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(text): Path<String>,
    Form(form): Form<ReasonForm>,
) -> Result<Response, Problem> {
    let id = id(&text)?;
    match standing::revoke(&app, &actor, id, form.reason.trim()).await {
        Ok(()) => Ok(SeeOther::to("/desk/approvals")
            .with_toast(Toast::new("desk-approval-revoked"))
            .into_response()),
        Err(LegalBasisError::Revoke(error)) => {
            let a = found(&app, &actor, id, None).await?;
            let wrong = FieldError::new(&ctx, "reason", &Problem::key(error.code()));
            page(&ctx, &app, &actor, &a, revoke_ask(&ctx, id, &form.reason, vec![wrong])).await
        }
        Err(error) => Err(error.into()),
    }
}
