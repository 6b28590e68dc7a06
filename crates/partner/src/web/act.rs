//! Taking an institution out or in, revoking a key: each with a page that says what will happen.

use ::web::{Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast};
use access::{Action, Resource, Staff};
use app::App;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Coded as _};
use serde::Deserialize;

use super::{home, require_keep};
use crate::manage::{self, PartnerView};
use crate::service::PartnerError;

/// What is about to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Deactivate,
    Activate,
    Revoke,
    Test,
}

impl Deed {
    /// The message of its title, text and button.
    const fn key(self) -> &'static str {
        match self {
            Self::Deactivate => "partner-deactivate",
            Self::Activate => "partner-activate",
            Self::Revoke => "partner-revoke",
            Self::Test => "partner-test",
        }
    }
    /// Last part of its address.
    const fn path(self) -> &'static str {
        match self {
            Self::Deactivate => "deactivate",
            Self::Activate => "activate",
            Self::Revoke => "revoke",
            Self::Test => "test",
        }
    }
}

#[derive(Template)]
#[template(path = "partner_act.html")]
struct ActPage {
    ctx: Ctx,
    title: String,
    text: String,
    last_key: bool,
    button: String,
    action: String,
    back: String,
    name: String,
    code: String,
    key: String,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    reason: Field,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ActForm {
    reason: String,
    key: String,
}

fn act_page(
    ctx: Ctx,
    actor: &Actor,
    deed: Deed,
    v: &PartnerView,
    form: &ActForm,
    errors: &[FieldError],
) -> ActPage {
    let words = |part: &str| ctx.t(&format!("{}.{part}", deed.key()));
    let back = home(actor, &v.partner.code);
    ActPage {
        title: words("title"),
        text: words("text"),
        last_key: deed == Deed::Revoke && v.valid_keys() < 2,
        button: words("button"),
        action: format!("{back}/{}", deed.path()),
        back,
        name: v.partner.name(ctx.lang()).to_owned(),
        code: v.partner.code.clone(),
        key: form.key.clone(),
        errors: errors.to_vec(),
        summary: ErrorSummary::new(&ctx, errors),
        reason: Field::area(&ctx, "reason", "partner-reason", 3).value(form.reason.clone()).errors(errors),
        ctx,
    }
}

/// The institution, if the actor may change it; with a key only if it is one of its own.
async fn managed(
    app: &App,
    actor: &Actor,
    deed: Deed,
    code: &str,
    form: &ActForm,
) -> Result<PartnerView, Problem> {
    let v = manage::one(app, actor, code).await?;
    if deed == Deed::Revoke {
        require_keep(app, actor, &v.partner)?;
    } else {
        access::require(actor, Action::ManagePartners, &Resource::any("partner"))?;
    }
    if deed == Deed::Revoke && !v.keys.iter().any(|k| k.keyid == form.key) {
        return Err(Problem::not_found());
    }
    Ok(v)
}

async fn ask(
    app: App,
    actor: Actor,
    ctx: Ctx,
    deed: Deed,
    code: &str,
    form: ActForm,
) -> Result<Response, Problem> {
    let v = managed(&app, &actor, deed, code, &form).await?;
    Ok(Page(act_page(ctx, &actor, deed, &v, &form, &[])).into_response())
}

async fn act(
    app: App,
    actor: Actor,
    ctx: Ctx,
    deed: Deed,
    code: &str,
    form: ActForm,
) -> Result<Response, Problem> {
    let v = managed(&app, &actor, deed, code, &form).await?;
    let done = match deed {
        Deed::Deactivate => manage::set_active(&app, &actor, code, false, &form.reason).await,
        Deed::Activate => manage::set_active(&app, &actor, code, true, &form.reason).await,
        Deed::Test => crate::mode::back_to_test(&app, &actor, code, &form.reason).await,
        Deed::Revoke => manage::revoke_key(&app, &actor, &form.key, &form.reason).await,
    };
    match done {
        Ok(()) => {
            let toast = Toast::new(&format!("{}-done", deed.key()));
            Ok(SeeOther::to(home(&actor, code)).with_toast(toast).into_response())
        }
        Err(error @ (PartnerError::Reason | PartnerError::RegisterKept(_) | PartnerError::BodyKept(_))) => {
            let status = match &error {
                PartnerError::Reason => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::CONFLICT,
            };
            let wrong = FieldError::new(&ctx, "reason", &Problem::key(error.code()));
            let page = act_page(ctx, &actor, deed, &v, &form, &[wrong]);
            Ok((status, Page(page)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

macro_rules! handlers {
    ($($form:ident, $post:ident: $deed:ident;)*) => {$(
        pub(super) async fn $form(
            State(app): State<App>,
            Staff(actor): Staff,
            ctx: Ctx,
            Path(code): Path<String>,
            Query(form): Query<ActForm>,
        ) -> Result<Response, Problem> {
            // Only the key comes with the address: a reason in it would lie in logs and histories.
            ask(app, actor, ctx, Deed::$deed, &code, ActForm { reason: String::new(), ..form }).await
        }
        pub(super) async fn $post(
            State(app): State<App>,
            Staff(actor): Staff,
            ctx: Ctx,
            Path(code): Path<String>,
            Form(form): Form<ActForm>,
        ) -> Result<Response, Problem> {
            act(app, actor, ctx, Deed::$deed, &code, form).await
        }
    )*};
}

handlers! {
    deactivate_form, deactivate: Deactivate;
    activate_form, activate: Activate;
    revoke_form, revoke: Revoke;
    test_form, test: Test;
}
