//! Client certificates on the page of an institution: added by fingerprint, two at once while it changes over, revoked at
//! once.

use ::web::{Ctx, ErrorSummary, Field, FieldError, Markup, Page, Problem, SeeOther, Status, Toast, Tone};
use access::{Signing, Staff, SteppedUp};
use app::App;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
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
    reason: String,
    /// Where it is confirmed and revoked, for whoever may.
    confirm: Option<String>,
    revoke: Option<String>,
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
    let href = format!("{}/certificates", home(actor, &partner.code));
    let act = |act: &str, print: &str| format!("{href}/{act}?fingerprint={}", ::web::encode(print));
    let row = |c: tls::CertificateView| Row {
        added: ctx.time_exact(c.added_at),
        state: match (&c.revoked_at, &c.awaits) {
            (Some(_), _) => Status::new(ctx, "partner-key-revoked", Tone::Grey),
            (None, Some(_)) => Status::new(ctx, "partner-agreement-waits", Tone::Amber),
            (None, None) => Status::new(ctx, "partner-key-valid", Tone::Green),
        },
        confirm: (may_manage(actor) && c.awaits.as_ref().is_some_and(|by| *by != me))
            .then(|| act("confirm", &c.fingerprint)),
        revoke: (keeps && c.revoked_at.is_none()).then(|| act("revoke", &c.fingerprint)),
        reason: c.reason,
        fingerprint: c.fingerprint,
    };
    Ok(::web::render(&Section {
        href: href.clone(),
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
    summary: ErrorSummary,
    field: Field,
    /// Whether it will wait for an administrator.
    awaits: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PrintForm {
    fingerprint: String,
    reason: String,
    /// A one-time code, where the last one was too long ago.
    code: String,
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
        summary: ErrorSummary::new(ctx, &errors),
        awaits: manage::waits_for_second(app, actor).await?,
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
        Ok(()) => {
            let waits = manage::waits_for_second(&app, &actor).await?;
            let toast =
                if waits { "partner-certificate-awaits-done" } else { "partner-certificate-add-done" };
            Ok(done(&actor, &code, toast))
        }
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

/// What can be done to a certificate that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Confirm,
    Revoke,
}

#[derive(Template)]
#[template(path = "partner_certificate_act.html")]
struct DeedPage {
    ctx: Ctx,
    back: String,
    name: String,
    title: String,
    text: String,
    button: String,
    action: String,
    fingerprint: String,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    fields: Vec<Field>,
}

/// The page on which one certificate is confirmed or revoked. Which one it is stands there.
async fn deed_page(
    app: &App,
    actor: &Actor,
    ctx: &Ctx,
    (deed, code): (Deed, &str),
    (form, errors): (&PrintForm, Vec<FieldError>),
) -> Result<DeedPage, Problem> {
    let v = manage::one(app, actor, code).await?;
    match deed {
        Deed::Confirm if !may_manage(actor) => return Err(Problem::not_found()),
        Deed::Confirm => {}
        Deed::Revoke => require_keep(app, actor, &v.partner)?,
    }
    let print = tls::rules::fingerprint(&form.fingerprint).map(|print| tls::rules::written(&print));
    let all = service::list(app, actor, code).await?;
    let open = |c: &&tls::CertificateView| {
        c.revoked_at.is_none() && (deed == Deed::Revoke || c.awaits.is_some() || !errors.is_empty())
    };
    let found = all.iter().filter(open).find(|c| Some(&c.fingerprint) == print.as_ref());
    let found = found.ok_or_else(Problem::not_found)?;
    let (key, path) = match deed {
        Deed::Confirm => ("partner-certificate-confirm", "confirm"),
        Deed::Revoke => ("partner-certificate-revoke", "revoke"),
    };
    let reason =
        || Field::area(ctx, "reason", "partner-reason", 3).value(form.reason.clone()).errors(&errors);
    let back = home(actor, code);
    Ok(DeedPage {
        name: v.partner.name(ctx.lang()).to_owned(),
        title: ctx.t(&format!("{key}.title")),
        text: ctx.t(&format!("{key}.text")),
        button: ctx.t(&format!("{key}.button")),
        action: format!("{back}/certificates/{path}"),
        back,
        fingerprint: found.fingerprint.clone(),
        fields: access::code_field(ctx, &errors)
            .into_iter()
            .chain((deed == Deed::Revoke).then(reason))
            .collect(),
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    })
}

/// `GET …/certificates/confirm`. Leads to the one-time code first.
pub(super) async fn confirm_form(
    State(app): State<App>,
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    Path(code): Path<String>,
    Query(form): Query<PrintForm>,
) -> Result<Response, Problem> {
    let form = PrintForm { fingerprint: form.fingerprint, ..PrintForm::default() };
    Ok(Page(deed_page(&app, &actor, &ctx, (Deed::Confirm, &code), (&form, Vec::new())).await?)
        .into_response())
}

/// `POST …/certificates/confirm`: of another administrator.
pub(super) async fn confirm(
    State(app): State<App>,
    signing: Signing,
    ctx: Ctx,
    Path(code): Path<String>,
    Form(form): Form<PrintForm>,
) -> Result<Response, Problem> {
    let actor = signing.actor();
    let again = async |status: StatusCode, wrong: FieldError| {
        let page = deed_page(&app, actor, &ctx, (Deed::Confirm, &code), (&form, vec![wrong])).await?;
        Ok((status, Page(page)).into_response())
    };
    // Whoever may not know of it is told nothing, also of the code.
    deed_page(&app, actor, &ctx, (Deed::Confirm, &code), (&form, Vec::new())).await?;
    if let Some(late) = signing.fresh(&app, &ctx, &form.code).await? {
        return again(StatusCode::UNPROCESSABLE_ENTITY, late).await;
    }
    match service::confirm(&app, actor, &code, &form.fingerprint).await {
        Ok(()) => Ok(done(actor, &code, "partner-certificate-confirm-done")),
        Err(error @ PartnerError::Decide(_)) => {
            again(StatusCode::CONFLICT, FieldError::new(&ctx, "confirm", &Problem::key(error.code()))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET …/certificates/revoke`.
pub(super) async fn revoke_form(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Path(code): Path<String>,
    Query(form): Query<PrintForm>,
) -> Result<Response, Problem> {
    let form = PrintForm { fingerprint: form.fingerprint, ..PrintForm::default() };
    Ok(Page(deed_page(&app, &actor, &ctx, (Deed::Revoke, &code), (&form, Vec::new())).await?).into_response())
}

/// `POST …/certificates/revoke`.
pub(super) async fn revoke(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    Path(code): Path<String>,
    Form(form): Form<PrintForm>,
) -> Result<Response, Problem> {
    match service::revoke(&app, &actor, &code, &form.fingerprint, &form.reason).await {
        Ok(()) => Ok(done(&actor, &code, "partner-certificate-revoke-done")),
        Err(error @ PartnerError::Reason) => {
            let wrong = FieldError::new(&ctx, "reason", &Problem::key(error.code()));
            let page = deed_page(&app, &actor, &ctx, (Deed::Revoke, &code), (&form, vec![wrong])).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn done(actor: &Actor, code: &str, toast: &str) -> Response {
    SeeOther::to(home(actor, code)).with_toast(Toast::new(toast)).into_response()
}
