//! Client certificates on the page of an institution: added by fingerprint, two at once while it changes over, revoked at
//! once.

use ::web::{Ctx, Field, FieldError, Markup, Page, Problem, SeeOther, Status, Toast, Tone};
use access::SteppedUp;
use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Coded as _};
use serde::Deserialize;

use super::{home, may_manage, require_keep};
use crate::model::Partner;
use crate::service::PartnerError;
use crate::tls::service;
use crate::{manage, tls};

#[derive(Template)]
#[template(path = "_partner_certificates.html")]
struct Section {
    ctx: Ctx,
    href: String,
    required: bool,
    keeps: bool,
    rows: Vec<Row>,
}

struct Row {
    fingerprint: String,
    added: Markup,
    state: Status,
    confirms: bool,
    revokes: bool,
}

/// The section "Certificates"; nothing where none was ever added and none is asked for.
pub(super) async fn section(
    app: &App,
    ctx: &Ctx,
    actor: &Actor,
    partner: &Partner,
    keeps: bool,
) -> Result<Markup, Problem> {
    let all = service::list(app, actor, &partner.code).await?;
    let me = actor.label();
    let row = |c: tls::CertificateView| Row {
        added: ctx.time_exact(c.added_at),
        state: match (&c.revoked_at, &c.awaits) {
            (Some(_), _) => Status::new(ctx, "partner-key-revoked", Tone::Grey),
            (None, Some(_)) => Status::new(ctx, "partner-agreement-waits", Tone::Amber),
            (None, None) => Status::new(ctx, "partner-key-valid", Tone::Green),
        },
        confirms: may_manage(actor) && c.awaits.as_ref().is_some_and(|by| *by != me),
        revokes: keeps && c.revoked_at.is_none(),
        fingerprint: c.fingerprint,
    };
    Ok(::web::render(&Section {
        href: format!("{}/certificates", home(actor, &partner.code)),
        required: partner.mutual_tls,
        keeps,
        rows: all.into_iter().map(row).collect(),
        ctx: ctx.clone(),
    }))
}

#[derive(Template)]
#[template(path = "partner_certificate.html")]
struct ActPage {
    ctx: Ctx,
    back: String,
    name: String,
    errors: Vec<FieldError>,
    field: Field,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PrintForm {
    fingerprint: String,
}

async fn page(
    app: &App,
    actor: &Actor,
    ctx: &Ctx,
    code: &str,
    (typed, errors): (&str, Vec<FieldError>),
) -> Result<ActPage, Problem> {
    let v = manage::one(app, actor, code).await?;
    require_keep(app, actor, &v.partner)?;
    Ok(ActPage {
        back: home(actor, code),
        name: v.partner.name(ctx.lang()).to_owned(),
        field: Field::area(ctx, "fingerprint", "partner-certificate-print", 2).value(typed).errors(&errors),
        errors,
        ctx: ctx.clone(),
    })
}

/// `GET …/certificates`: the form that adds one.
pub(super) async fn form(
    State(app): State<App>,
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    Ok(Page(page(&app, &actor, &ctx, &code, ("", Vec::new())).await?).into_response())
}

/// `POST …/certificates`.
pub(super) async fn add(
    State(app): State<App>,
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    Path(code): Path<String>,
    Form(form): Form<PrintForm>,
) -> Result<Response, Problem> {
    match service::add(&app, &actor, &code, &form.fingerprint).await {
        Ok(()) => Ok(done(&actor, &code, "partner-certificate-add-done")),
        Err(
            error @ (PartnerError::Fingerprint | PartnerError::FingerprintKnown | PartnerError::Certificates),
        ) => {
            let wrong = FieldError::new(&ctx, "fingerprint", &Problem::key(error.code()));
            let page = page(&app, &actor, &ctx, &code, (&form.fingerprint, vec![wrong])).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST …/certificates/confirm`: of another administrator.
pub(super) async fn confirm(
    State(app): State<App>,
    SteppedUp(actor): SteppedUp,
    Path(code): Path<String>,
    Form(form): Form<PrintForm>,
) -> Result<Response, Problem> {
    service::confirm(&app, &actor, &code, &form.fingerprint).await?;
    Ok(done(&actor, &code, "partner-certificate-confirm-done"))
}

/// `POST …/certificates/revoke`.
pub(super) async fn revoke(
    State(app): State<App>,
    access::Staff(actor): access::Staff,
    Path(code): Path<String>,
    Form(form): Form<PrintForm>,
) -> Result<Response, Problem> {
    service::revoke(&app, &actor, &code, &form.fingerprint).await?;
    Ok(done(&actor, &code, "partner-certificate-revoke-done"))
}

fn done(actor: &Actor, code: &str, toast: &str) -> Response {
    SeeOther::to(home(actor, code)).with_toast(Toast::new(toast)).into_response()
}
