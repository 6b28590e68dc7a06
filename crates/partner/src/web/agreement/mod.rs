//! Agreements at the desk: a new institution by a form or a file, a change of what is agreed, and the page on which a second
//! administrator reads a version and decides.

mod answers;
mod decide;
mod fields;
mod file;
mod form;
mod section;
mod words;

use ::web::{Ctx, FieldError, Problem};
use app::App;
use axum::Router;
use axum::routing::{get, post};

use super::ALL;
use crate::agreement::{AgreementId, Fault};

pub(super) use section::{Waiting, end_tag, section, waiting};
pub(super) use words::{kind, phone};

/// Keys of texts that are put together here, for the test that looks for them in each language.
pub(super) const TEXTS: &[&str] = &words::TEXTS;

/// Routes of the administrator.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/institutions/new", get(form::new).post(form::add))
        .route("/admin/institutions/file", get(file::ask).post(file::take))
        .route("/admin/institutions/{code}/agreement", get(form::change).post(form::save))
        .route("/admin/agreements/{id}", get(decide::show))
        .route("/admin/agreements/{id}/confirm", get(decide::confirm_form).post(decide::confirm))
        .route("/admin/agreements/{id}/refuse", post(decide::refuse))
}

/// Where a version is read.
fn page_of(id: AgreementId) -> String {
    format!("/admin/agreements/{id}")
}

/// Where an institution is read.
fn home_of(code: &str) -> String {
    format!("{ALL}/{code}")
}

fn id(text: &str) -> Result<AgreementId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// The text of a fault: `partner-form-FIELD.WHAT`.
fn told(ctx: &Ctx, fault: &Fault) -> FieldError {
    let name = if fault.field.starts_with("name_") { "name" } else { &fault.field };
    let key = format!("partner-form-{}.{}", name.replace('_', "-"), fault.what);
    FieldError::with(ctx, &field_of(fault), &key, [("value", fault.value.as_str())])
}

/// The field of the form that a fault is about.
fn field_of(fault: &Fault) -> String {
    match fault.field.as_str() {
        "contacts" => "contact_1_name".to_owned(),
        "keyid" => "key_name".to_owned(),
        other => other.to_owned(),
    }
}
