//! A new key for an institution: beside the old one, so that nothing is lost while it changes over.

use ::web::{Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast};
use access::SteppedUp;
use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
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
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct KeyForm {
    name: String,
    public_key: String,
}

fn page(ctx: Ctx, actor: &Actor, v: &PartnerView, form: &KeyForm, errors: &[FieldError]) -> NewPage {
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
    Ok(Page(page(ctx, &actor, &v, &KeyForm::default(), &[])).into_response())
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
    match manage::add_key(&app, &actor, &code, &form.name, &form.public_key).await {
        Ok(_) => {
            let back = SeeOther::to(home(&actor, &code));
            Ok(back.with_toast(Toast::new("partner-key-add-done")).into_response())
        }
        Err(error) => {
            let field = match &error {
                PartnerError::KeyName | PartnerError::KeyChanged(_) => "name",
                PartnerError::Key | PartnerError::KeyKnown | PartnerError::Keys => "public_key",
                _ => return Err(error.into()),
            };
            let wrong = FieldError::new(&ctx, field, &Problem::key(error.code()));
            let page = page(ctx, &actor, &v, &form, &[wrong]);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}
