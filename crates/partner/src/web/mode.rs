//! Going live: asked by one administrator, confirmed by another on a page that shows what was passed on trial.

use ::web::{Ctx, ErrorSummary, FieldError, Markup, Page, Problem, SeeOther, Toast};
use access::{Staff, SteppedUp};
use app::App;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Coded as _};

use super::{Panels, home, may_manage};
use crate::model::Mode;
use crate::service::PartnerError;
use crate::{manage, mode};

#[derive(Template)]
#[template(path = "partner_live.html")]
struct LivePage {
    ctx: Ctx,
    back: String,
    name: String,
    panels: Vec<Markup>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

async fn page(
    app: &App,
    actor: &Actor,
    ctx: &Ctx,
    (code, panels): (&str, Option<Panels>),
    errors: Vec<FieldError>,
) -> Result<LivePage, Problem> {
    if !may_manage(actor) {
        return Err(Problem::not_found());
    }
    let v = manage::one(app, actor, code).await?;
    if errors.is_empty() && (v.partner.mode == Mode::Live || v.partner.live_asked_by.is_none()) {
        return Err(Problem::not_found());
    }
    Ok(LivePage {
        back: home(actor, code),
        name: v.partner.name(ctx.lang()).to_owned(),
        panels: Panels::shown(panels, app, ctx, actor, &v.partner).await?,
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    })
}

/// `POST /admin/institutions/{code}/live`: somebody asks.
pub(super) async fn ask(
    State(app): State<App>,
    Staff(actor): Staff,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    mode::ask_live(&app, &actor, &code).await?;
    Ok(SeeOther::to(home(&actor, &code)).with_toast(Toast::new("partner-live-asked-done")).into_response())
}

/// `GET /admin/institutions/{code}/live/confirm`. Leads to the one-time code first.
pub(super) async fn confirm_form(
    State(app): State<App>,
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    Path(code): Path<String>,
    panels: Option<Extension<Panels>>,
) -> Result<Response, Problem> {
    let panels = panels.map(|Extension(p)| p);
    Ok(Page(page(&app, &actor, &ctx, (&code, panels), Vec::new()).await?).into_response())
}

/// `POST /admin/institutions/{code}/live/confirm`.
pub(super) async fn confirm(
    State(app): State<App>,
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    Path(code): Path<String>,
    panels: Option<Extension<Panels>>,
) -> Result<Response, Problem> {
    match mode::confirm_live(&app, &actor, &code).await {
        Ok(()) => {
            let back = SeeOther::to(home(&actor, &code));
            Ok(back.with_toast(Toast::new("partner-live-done")).into_response())
        }
        Err(error @ PartnerError::Decide(_)) => {
            let errors = vec![FieldError::new(&ctx, "confirm", &Problem::key(error.code()))];
            let panels = panels.map(|Extension(p)| p);
            let page = page(&app, &actor, &ctx, (&code, panels), errors).await?;
            Ok((StatusCode::CONFLICT, Page(page)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
