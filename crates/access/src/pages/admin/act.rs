//! Closing, opening, new secrets, ending a session: each with a page that says what will happen.

use app::App;
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use kernel::{Actor, Purpose};
use serde::Deserialize;
use web::{Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast};

use super::{HandedPage, account_id, base, code_first, field_error};
use crate::account::{self, Account, Session, SessionId, TokenId, require_step_up};
use crate::pages::Staff;

/// What is about to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Close,
    Open,
    Reset,
}

impl Deed {
    /// The message of its title, text and button.
    const fn key(self) -> &'static str {
        match self {
            Self::Close => "access-close",
            Self::Open => "access-open",
            Self::Reset => "access-reset",
        }
    }
    /// Last part of its address.
    const fn path(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Open => "open",
            Self::Reset => "reset",
        }
    }
}

#[derive(Template)]
#[template(path = "access_act.html")]
struct ActPage {
    ctx: Ctx,
    title: String,
    text: String,
    button: String,
    action: String,
    back: String,
    name: String,
    login: String,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    reason: Option<Field>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReasonForm {
    reason: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SessionForm {
    session: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TokenForm {
    token: String,
}

/// The account, if the actor may change it.
async fn managed(app: &App, actor: &Actor, id: &str) -> Result<Account, Problem> {
    let (account, _) = account::account(app, actor, account_id(id)?).await?;
    account::require_manager(actor, &account)?;
    Ok(account)
}

fn page(
    ctx: Ctx,
    actor: &Actor,
    deed: Deed,
    account: &Account,
    typed: &str,
    errors: &[FieldError],
) -> ActPage {
    let words = |part: &str| ctx.t(&format!("{}.{part}", deed.key()));
    let back = format!("{}/{}", base(actor), account.id);
    let reason = Field::area(&ctx, "reason", "access-reason", 3).value(typed).errors(errors);
    ActPage {
        title: words("title"),
        text: words("text"),
        button: words("button"),
        action: format!("{back}/{}", deed.path()),
        back,
        name: account.name.open(Purpose::Operate).clone(),
        login: account.login.clone(),
        summary: ErrorSummary::new(&ctx, errors),
        errors: errors.to_vec(),
        reason: (deed != Deed::Reset).then_some(reason),
        ctx,
    }
}

/// `GET /admin/accounts/{id}/close`. No code is asked for: closing only ever takes rights away, and may be urgent.
pub(crate) async fn close_form(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let account = managed(&app, &actor, &id).await?;
    Ok(Page(page(ctx, &actor, Deed::Close, &account, "", &[])).into_response())
}

/// `POST /admin/accounts/{id}/close`.
pub(crate) async fn close(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Path(id): Path<String>,
    Form(form): Form<ReasonForm>,
) -> Result<Response, Problem> {
    let account = managed(&app, &actor, &id).await?;
    set_state(&app, &actor, ctx, Deed::Close, &account, &form.reason).await
}

/// `GET /admin/accounts/{id}/open`.
pub(crate) async fn open_form(
    State(app): State<App>,
    session: Session,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    grave_form(&app, &session, ctx, Deed::Open, &id).await
}

/// `POST /admin/accounts/{id}/open`.
pub(crate) async fn open(
    State(app): State<App>,
    session: Session,
    ctx: Ctx,
    Path(id): Path<String>,
    Form(form): Form<ReasonForm>,
) -> Result<Response, Problem> {
    let account = managed(&app, &session.actor, &id).await?;
    require_step_up(&app, &session)?;
    set_state(&app, &session.actor, ctx, Deed::Open, &account, &form.reason).await
}

async fn set_state(
    app: &App,
    actor: &Actor,
    ctx: Ctx,
    deed: Deed,
    account: &Account,
    reason: &str,
) -> Result<Response, Problem> {
    match account::set_active(app, actor, &account.login, deed == Deed::Open, reason).await {
        Ok(()) => {
            let done = if deed == Deed::Open { "access-account-opened" } else { "access-account-closed" };
            let back = SeeOther::to(format!("{}/{}", base(actor), account.id));
            Ok(back.with_toast(Toast::new(done)).into_response())
        }
        Err(error) => match field_error(&ctx, &error) {
            Some(wrong) => {
                let page = page(ctx, actor, deed, account, reason, &[wrong]);
                Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
            }
            None => Err(error.into()),
        },
    }
}

/// `GET /admin/accounts/{id}/reset`.
pub(crate) async fn reset_form(
    State(app): State<App>,
    session: Session,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    grave_form(&app, &session, ctx, Deed::Reset, &id).await
}

async fn grave_form(
    app: &App,
    session: &Session,
    ctx: Ctx,
    deed: Deed,
    id: &str,
) -> Result<Response, Problem> {
    let account = managed(app, &session.actor, id).await?;
    if let Some(away) = code_first(app, session, &ctx) {
        return Ok(away);
    }
    Ok(Page(page(ctx, &session.actor, deed, &account, "", &[])).into_response())
}

/// `POST /admin/accounts/{id}/reset`: the answer shows the new secrets, once.
pub(crate) async fn reset(
    State(app): State<App>,
    session: Session,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let account = managed(&app, &session.actor, &id).await?;
    require_step_up(&app, &session)?;
    let handed = account::renew_account(&app, &session.actor, &account.login).await?;
    Ok(Page(HandedPage::new(ctx, &session.actor, &handed, false)).into_response())
}

/// `POST /admin/accounts/{id}/sessions/end`.
pub(crate) async fn end_session(
    State(app): State<App>,
    Staff(actor): Staff,
    Path(id): Path<String>,
    Form(form): Form<SessionForm>,
) -> Result<SeeOther, Problem> {
    let account = managed(&app, &actor, &id).await?;
    let session: SessionId = form.session.parse().map_err(|_| Problem::not_found())?;
    account::end_session_of(&app, &actor, &account.login, session).await?;
    let back = SeeOther::to(format!("{}/{}", base(&actor), account.id));
    Ok(back.with_toast(Toast::new("access-session-ended")))
}

/// `POST /admin/accounts/{id}/tokens/end`.
pub(crate) async fn end_token(
    State(app): State<App>,
    Staff(actor): Staff,
    Path(id): Path<String>,
    Form(form): Form<TokenForm>,
) -> Result<SeeOther, Problem> {
    let account = managed(&app, &actor, &id).await?;
    let token: TokenId = form.token.parse().map_err(|_| Problem::not_found())?;
    account::end_token_of(&app, &actor, &account.login, token).await?;
    let back = SeeOther::to(format!("{}/{}", base(&actor), account.id));
    Ok(back.with_toast(Toast::new("access-token-ended")))
}
