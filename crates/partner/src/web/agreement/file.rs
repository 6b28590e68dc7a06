//! An agreement file at the desk: the same that the command line takes. All of it is taken, or nothing of it.

use ::web::{Ctx, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Toast};
use access::{Action, Resource, Staff};
use app::App;
use askama::Template;
use axum::extract::State;
use axum::extract::multipart::Multipart;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Coded as _};

use super::told;
use crate::agreement::file::{At, FileFault, MAX_BYTES, read};
use crate::agreement::{self, AgreementId, Over, Proposal};
use crate::service::PartnerError;
use crate::web::ALL;

/// Most faults that are shown at once.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "partner_file.html")]
struct FilePage {
    ctx: Ctx,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
    field: Field,
    lines: Vec<Line>,
    /// How many faults are left out.
    more: usize,
}

struct Line {
    no: String,
    code: String,
    text: String,
    /// What the parser said, in English.
    technical: String,
}

fn page(ctx: &Ctx, errors: &[FieldError], faults: &[FileFault]) -> FilePage {
    FilePage {
        errors: errors.to_vec(),
        summary: ErrorSummary::new(ctx, errors),
        field: Field::file(ctx, "file", "partner-file", ".json,application/json", false).errors(errors),
        lines: faults.iter().take(SHOWN).map(|fault| line(ctx, fault)).collect(),
        more: faults.len().saturating_sub(SHOWN),
        ctx: ctx.clone(),
    }
}

fn line(ctx: &Ctx, fault: &FileFault) -> Line {
    let no = fault.line.to_string();
    match &fault.at {
        At::Unreadable(why) => {
            Line { no, code: String::new(), text: ctx.t("partner-file.unreadable"), technical: why.clone() }
        }
        At::Field { code, fault } => {
            Line { no, code: code.clone(), text: told(ctx, fault).text, technical: fault.value.clone() }
        }
    }
}

fn may(actor: &Actor) -> Result<(), access::AccessError> {
    access::require(actor, Action::ManagePartners, &Resource::any("partner"))
}

/// `GET /admin/institutions/file`.
pub(super) async fn ask(State(_): State<App>, Staff(actor): Staff, ctx: Ctx) -> Result<Response, Problem> {
    may(&actor)?;
    Ok(Page(page(&ctx, &[], &[])).into_response())
}

/// `POST /admin/institutions/file`: each institution of it waits for a second administrator.
pub(super) async fn take(
    State(app): State<App>,
    Staff(actor): Staff,
    ctx: Ctx,
    form: Multipart,
) -> Result<Response, Problem> {
    may(&actor)?;
    let again = |errors: &[FieldError], faults: &[FileFault]| {
        Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page(&ctx, errors, faults))).into_response())
    };
    let wrong = |what: &str| vec![FieldError::new(&ctx, "file", &format!("partner-file.{what}"))];
    let text = match content(form).await {
        Some(bytes) if bytes.is_empty() => return again(&wrong("missing"), &[]),
        Some(bytes) => String::from_utf8(bytes).unwrap_or_default(),
        None => return again(&wrong("large"), &[]),
    };
    let entries = match read(&text, &app.profile) {
        Ok(entries) => entries,
        Err(faults) => return again(&wrong("wrong"), &faults),
    };
    let propose = |entry| Proposal { id: AgreementId::from_uuid(app.uuid()), over: Over::WhateverIs, entry };
    match agreement::service::propose(&app, &actor, entries.into_iter().map(propose).collect(), false).await {
        Ok(waiting) if waiting.is_empty() => again(&wrong("unchanged"), &[]),
        Ok(waiting) => {
            let toast = Toast::new("partner-file-done").with("n", waiting.len().to_string());
            Ok(SeeOther::to(ALL).with_toast(toast).into_response())
        }
        Err(PartnerError::Terms(faults)) => {
            let errors: Vec<FieldError> =
                faults.0.iter().map(|f| FieldError { field: "file".into(), ..told(&ctx, f) }).collect();
            again(&errors, &[])
        }
        Err(error @ (PartnerError::KeyChanged(_) | PartnerError::KeyKnown)) => {
            let key = Problem::key(error.code());
            again(&[FieldError::new(&ctx, "file", &key)], &[])
        }
        Err(error) => Err(error.into()),
    }
}

/// The file of the form, empty if none was chosen or it was cut off on its way; `None` if it is too large.
async fn content(form: Multipart) -> Option<Vec<u8>> {
    match ::web::Brought::read(form, "file", MAX_BYTES).await {
        Ok(brought) => Some(brought.file),
        Err(::web::NotBrought::Broken) => Some(Vec::new()),
        Err(::web::NotBrought::TooLarge) => None,
    }
}
