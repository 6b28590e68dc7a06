//! Cases over the API, for programs of the staff: whatever the pages do, by the same functions, and nothing else decides. A program is known
//! by a token of its owner; a browser's session reads and changes nothing. An act has the name that its form has on the page.

mod acts;
mod bodies;
mod codes;
mod lists;
mod opening;
mod sections;
mod shapes;
mod time;
mod whole;

use app::App;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use kernel::{Class, Coded as _};
use partner::api::unreadable;
use partner::described::{ProblemBody, problem, with_field};
use partner::strict;
use serde::de::DeserializeOwned;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{IntoResponses, Modify};
use utoipa_axum::router::OpenApiRouter;
use web::{Ctx, FieldError, Problem};

use crate::error::CaseError;
use crate::service::once;

/// Largest body.
const MAX_BODY: usize = 2 * 1024 * 1024;
/// The header by which a message is known again.
const KEY: &str = "idempotency-key";

/// Routes of this slice under `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(lists::routes())
        .merge(codes::routes())
        .merge(opening::routes())
        .merge(whole::routes())
        .merge(time::routes())
        .merge(acts::routes())
}

/// Adds to the whole description how programs of the staff are known.
#[derive(Debug)]
pub struct StaffTokens;

impl Modify for StaffTokens {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_with(Default::default);
        components.add_security_scheme(
            "staff_token",
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Bearer)
                    .description(Some(
                        "RFC 6750: a key that a member of staff makes for a program on the page `/me/tokens`. It may what its \
                         owner may at that moment; it confirms nothing that takes a second person.",
                    ))
                    .build(),
            ),
        );
    }
}

/// Refusals of everything that is read.
#[derive(Debug, IntoResponses)]
pub enum NotRead {
    /// A parameter that cannot be read.
    #[response(status = 400, content_type = "application/problem+json",
        example = json!(with_field(problem(400, "web.unreadable", "The data was not accepted", "The request could not be read. Check the fields you filled in."), "#/limit", "web.unreadable", "expected a number")))]
    Unreadable(ProblemBody),
    /// No token and no session, or a token that is wrong or has ended (`access.token`).
    #[response(status = 401, content_type = "application/problem+json",
        example = json!(problem(401, "access.token", "Sign in first", "The key is wrong, has ended, or its account is closed.")))]
    Unknown(ProblemBody),
    /// Its owner may not.
    #[response(status = 403, content_type = "application/problem+json",
        example = json!(problem(403, "access.forbidden", "Not permitted", "You have no right to do this. If your work needs it, ask your head of unit.")))]
    Forbidden(ProblemBody),
    /// Not there, or hidden from its owner: the answers do not differ.
    #[response(status = 404, content_type = "application/problem+json",
        example = json!(problem(404, "web.not_found", "No such page", "This page does not exist or is not open to you. Check the link.")))]
    Hidden(ProblemBody),
    /// Something cannot be taken as it is.
    #[response(status = 422, content_type = "application/problem+json",
        example = json!(with_field(problem(422, "case.field", "The data was not accepted", "Check the fields you filled in."), "#/after", "case.field", "Check the fields you filled in.")))]
    Field(ProblemBody),
    /// More than a token bears in a minute. Come again after `Retry-After`.
    #[response(status = 429, content_type = "application/problem+json",
        example = json!(problem(429, "access.token_too_many", "Too many tries", "Too many requests with this key in one minute. Wait as long as the header Retry-After says.")))]
    TooMany(ProblemBody),
}

/// Refusals of everything that is done.
#[derive(Debug, IntoResponses)]
pub enum NotDone {
    /// A body that is no JSON or lacks a member, or has one that is not known.
    #[response(status = 400, content_type = "application/problem+json",
        example = json!(with_field(problem(400, "web.unreadable", "The data was not accepted", "The request could not be read. Check the fields you filled in."), "#/", "web.unreadable", "missing field `task` at line 1 column 2")))]
    Unreadable(ProblemBody),
    /// No token, or one that is wrong or has ended (`access.token`).
    #[response(status = 401, content_type = "application/problem+json",
        example = json!(problem(401, "access.token", "Sign in first", "The key is wrong, has ended, or its account is closed.")))]
    Unknown(ProblemBody),
    /// Its owner may not (`access.forbidden`) or is away (`access.away`); the token reads only (`access.token_reads`); a browser's session
    /// came without a token (`access.token_session`); it takes a person (`access.program`).
    #[response(status = 403, content_type = "application/problem+json",
        example = json!(problem(403, "access.token_reads", "Not permitted", "This key only reads. Make one that also writes.")))]
    Forbidden(ProblemBody),
    /// Not there, or hidden from its owner: the answers do not differ.
    #[response(status = 404, content_type = "application/problem+json",
        example = json!(problem(404, "web.not_found", "No such page", "This page does not exist or is not open to you. Check the link.")))]
    Hidden(ProblemBody),
    /// The case does not stand so that it could be done; or another body came under this key before (`case.other_body`).
    #[response(status = 409, content_type = "application/problem+json",
        example = json!(problem(409, "case.already", "It has changed meanwhile", "It is so already.")))]
    Conflict(ProblemBody),
    /// The body is too long.
    #[response(status = 413, content_type = "application/problem+json",
        example = json!(problem(413, "web.too_large", "The data was not accepted", "Too much was sent at once. Send it in parts.")))]
    TooLarge(ProblemBody),
    /// The body is of another kind than the operation takes.
    #[response(status = 415, content_type = "application/problem+json",
        example = json!(problem(415, "web.media_type", "The data was not accepted", "Data in this format is not accepted.")))]
    MediaType(ProblemBody),
    /// Something cannot be taken as it is; `errors` names the member.
    #[response(status = 422, content_type = "application/problem+json",
        example = json!(with_field(problem(422, "case.field", "The data was not accepted", "Check the fields you filled in."), "#/task", "case.field", "Check the fields you filled in.")))]
    Field(ProblemBody),
    /// More than a token bears in a minute. Come again after `Retry-After`.
    #[response(status = 429, content_type = "application/problem+json",
        example = json!(problem(429, "access.token_too_many", "Too many tries", "Too many requests with this key in one minute. Wait as long as the header Retry-After says.")))]
    TooMany(ProblemBody),
}

/// A failure as a problem, with the member at fault in the words of the form.
fn refused(ctx: &Ctx, error: &CaseError) -> Response {
    let problem = Problem::json(error);
    match error {
        CaseError::Field(field) | CaseError::Unknown(field) => {
            let key = format!("case-f-{}.wrong", crate::web::words::part(field));
            let key = if ctx.has_text(&key) { key } else { Problem::key(error.code()) };
            let wrong =
                FieldError { field: (*field).to_owned(), code: error.code().to_owned(), text: ctx.t(&key) };
            problem.with_errors(vec![wrong])
        }
        CaseError::Merged(into) => problem.with("number", into.as_str()),
        CaseError::InRegister { register, number: (by, number) } => {
            let number = if number.is_empty() { "–".to_owned() } else { format!("{by}: {number}") };
            problem.with("register", register.to_uppercase()).with("number", number)
        }
        CaseError::Keeper { exhibit, who } => {
            problem.with("exhibit", exhibit.as_str()).with("who", who.as_str())
        }
        _ => problem,
    }
    .into_response()
}

/// An answer, or the failure.
fn answered<T: serde::Serialize>(ctx: &Ctx, result: Result<T, CaseError>) -> Response {
    match result {
        Ok(shape) => Json(shape).into_response(),
        Err(error) => refused(ctx, &error),
    }
}

/// What a request says its body is, without parameters, in small letters.
fn media_type(headers: &HeaderMap) -> String {
    let said = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The whole body, of one of these kinds.
fn body_of(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    kinds: &[&str],
) -> Result<Bytes, Problem> {
    let too_large =
        || Problem::new(Class::Invalid, "web.too_large").with_status(StatusCode::PAYLOAD_TOO_LARGE);
    let body = body.map_err(|_| too_large())?;
    if body.len() > MAX_BODY {
        return Err(too_large());
    }
    if !kinds.contains(&media_type(headers).as_str()) {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Problem::new(Class::Invalid, "web.media_type").with_status(status));
    }
    Ok(body)
}

/// The body as a shape.
fn read<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(T, Bytes), Problem> {
    let body = body_of(headers, body, &["application/json"])?;
    let read = strict::from_slice::<T>(&body).map_err(|error| match error {
        strict::Unread::Shape(error) => unreadable("", error.to_string()),
        strict::Unread::Character { ref pointer, .. } => {
            let code = "web.control_character";
            let wrong = FieldError { field: pointer.clone(), code: code.to_owned(), text: error.to_string() };
            Problem::new(Class::Invalid, code).with_errors(vec![wrong])
        }
    })?;
    Ok((read, body))
}

/// The key by which a message is known again; a fresh one where none was sent.
fn key_of(app: &App, headers: &HeaderMap) -> Result<String, Problem> {
    let Some(value) = headers.get(KEY) else { return Ok(app.uuid().to_string()) };
    let text = value.to_str().unwrap_or_default().trim();
    if text.is_empty() || text.len() > once::MAX_KEY || !text.chars().all(|c| c.is_ascii_graphic()) {
        return Err(unreadable("Idempotency-Key", "expected 1 to 128 visible characters".to_owned()));
    }
    Ok(text.to_owned())
}
