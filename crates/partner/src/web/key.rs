//! A new key for an institution: beside the old one, so that nothing is lost while it changes over. One that an administrator
//! has added waits for a second one.

use ::web::{Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast};
use access::SteppedUp;
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

#[derive(Template)]
#[template(path = "partner_key_new.html")]
struct NewPage {
    ctx: Ctx,
    back: String,
    name: String,
    code: String,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    fields: Vec<Field>,
    /// Whether it will wait for an administrator, and who adds it.
    awaits: bool,
    staff: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct KeyForm {
    name: String,
    public_key: String,
}

fn page(
    ctx: Ctx,
    (actor, awaits): (&Actor, bool),
    v: &PartnerView,
    form: &KeyForm,
    errors: &[FieldError],
) -> NewPage {
    let fields = vec![
        Field::text(&ctx, "name", "partner-key-name")
            .value(&form.name)
            .autocomplete("off")
            .width(20)
            .errors(errors),
        Field::area(&ctx, "public_key", "partner-key-public", 4)
            .value(form.public_key.clone())
            .errors(errors),
    ];
    NewPage {
        back: home(actor, &v.partner.code),
        name: v.partner.name(ctx.lang()).to_owned(),
        code: v.partner.code.clone(),
        summary: ErrorSummary::new(&ctx, errors),
        errors: errors.to_vec(),
        fields,
        awaits,
        staff: actor.clerk().is_none(),
        ctx,
    }
}

/// The institution, if the actor may keep its keys.
async fn kept(app: &App, actor: &Actor, code: &str) -> Result<PartnerView, Problem> {
    let v = manage::one(app, actor, code).await?;
    require_keep(app, actor, &v.partner)?;
    Ok(v)
}

/// `GET …/keys/new`.
pub(super) async fn form(
    State(app): State<App>,
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let v = kept(&app, &actor, &code).await?;
    let awaits = manage::waits_for_second(&app, &actor).await?;
    Ok(Page(page(ctx, (&actor, awaits), &v, &KeyForm::default(), &[])).into_response())
}

/// `POST …/keys/new`.
pub(super) async fn add(
    State(app): State<App>,
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    Path(code): Path<String>,
    Form(form): Form<KeyForm>,
) -> Result<Response, Problem> {
    let v = kept(&app, &actor, &code).await?;
    let awaits = manage::waits_for_second(&app, &actor).await?;
    match manage::add_key(&app, &actor, &code, &form.name, &form.public_key).await {
        Ok(_) => {
            let back = SeeOther::to(home(&actor, &code));
            let toast = match (awaits, actor.clerk()) {
                (false, _) => "partner-key-add-done",
                (true, None) => "partner-key-awaits-done",
                (true, Some(_)) => "partner-key-awaits-done-manager",
            };
            Ok(back.with_toast(Toast::new(toast)).into_response())
        }
        Err(error) => {
            let field = match &error {
                PartnerError::KeyName | PartnerError::KeyChanged(_) => "name",
                PartnerError::Key | PartnerError::KeyKnown | PartnerError::Keys => "public_key",
                _ => return Err(error.into()),
            };
            let wrong = FieldError::new(&ctx, field, &Problem::key(error.code()));
            let page = page(ctx, (&actor, awaits), &v, &form, &[wrong]);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

#[derive(Template)]
#[template(path = "partner_key_confirm.html")]
struct ConfirmPage {
    ctx: Ctx,
    back: String,
    name: String,
    key: String,
    public_key: String,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ConfirmForm {
    key: String,
}

/// The page on which a second administrator sees the key and confirms it.
async fn confirm_page(
    app: &App,
    actor: &Actor,
    ctx: &Ctx,
    (code, key): (&str, &str),
    errors: Vec<FieldError>,
) -> Result<ConfirmPage, Problem> {
    access::require(actor, access::Action::ManagePartners, &access::Resource::any("partner"))?;
    let v = manage::one(app, actor, code).await?;
    let found =
        v.keys.iter().find(|k| k.keyid == key && k.awaits.is_some()).ok_or_else(Problem::not_found)?;
    Ok(ConfirmPage {
        back: home(actor, code),
        name: v.partner.name(ctx.lang()).to_owned(),
        key: found.keyid.clone(),
        public_key: found.public_key.clone(),
        summary: ErrorSummary::new(ctx, &errors),
        errors,
        ctx: ctx.clone(),
    })
}

/// `GET /admin/institutions/{code}/keys/confirm`.
pub(super) async fn confirm_form(
    State(app): State<App>,
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    Path(code): Path<String>,
    Query(form): Query<ConfirmForm>,
) -> Result<Response, Problem> {
    Ok(Page(confirm_page(&app, &actor, &ctx, (&code, &form.key), Vec::new()).await?).into_response())
}

/// `POST /admin/institutions/{code}/keys/confirm`.
pub(super) async fn confirm(
    State(app): State<App>,
    SteppedUp(actor): SteppedUp,
    ctx: Ctx,
    Path(code): Path<String>,
    Form(form): Form<ConfirmForm>,
) -> Result<Response, Problem> {
    // The key must be one of the institution that the address names.
    confirm_page(&app, &actor, &ctx, (&code, &form.key), Vec::new()).await?;
    match manage::confirm_key(&app, &actor, &form.key).await {
        Ok(()) => {
            let back = SeeOther::to(home(&actor, &code));
            Ok(back.with_toast(Toast::new("partner-key-add-done")).into_response())
        }
        Err(error @ PartnerError::Decide(_)) => {
            let wrong = FieldError::new(&ctx, "confirm", &Problem::key(error.code()));
            let page = confirm_page(&app, &actor, &ctx, (&code, &form.key), vec![wrong]).await?;
            Ok((StatusCode::CONFLICT, Page(page)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
