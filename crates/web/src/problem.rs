//! The one place that knows what a failure looks like over HTTP: RFC 9457 JSON for machines, a page or a
//! fragment in the reader's language for people. Texts come from the catalogue by code: `order.not_open` is
//! the key `error-order-not-open`.
//!
//! "Not found" is always the same answer, whatever its code: absent and hidden things must not differ in
//! bytes (house rule; a test compares them).

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use kernel::{Class, Coded};
use serde::Serialize;

use crate::ctx::Ctx;
use crate::parts::errors::FieldError;
use crate::texts::Arg;

/// In which form the failure is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As the request asks.
    Auto,
    Json,
    Page,
}

/// A failure on its way out. Handlers return `Result<_, Problem>` and use `?` on any [`kernel::Coded`] error;
/// the form (page, fragment, JSON) is chosen from the request when it leaves.
#[derive(Debug, Clone)]
pub struct Problem {
    class: Class,
    code: &'static str,
    status: StatusCode,
    form: Form,
    args: Vec<(String, Arg)>,
    errors: Vec<FieldError>,
    retry_after_secs: Option<u32>,
    challenge: Option<&'static str>,
    way_out: Option<Box<(String, &'static str)>>,
}

impl<E: Coded> From<E> for Problem {
    fn from(error: E) -> Self {
        Self::of(&error)
    }
}

impl Problem {
    /// Of any coded error; a fault of ours is logged here, with its chain of causes.
    #[must_use]
    pub fn of<E: Coded + ?Sized>(error: &E) -> Self {
        if error.class() == Class::Bug {
            tracing::error!(code = error.code(), error = %chain(error), "fault");
        }
        Self::new(error.class(), error.code())
    }
    /// Of a class and a stable code `slice.what`.
    #[must_use]
    pub const fn new(class: Class, code: &'static str) -> Self {
        let status = status_of(class);
        Self {
            class,
            code,
            status,
            form: Form::Auto,
            args: Vec::new(),
            errors: Vec::new(),
            retry_after_secs: None,
            challenge: None,
            way_out: None,
        }
    }
    /// Absent, or hidden from this reader.
    #[must_use]
    pub const fn not_found() -> Self {
        Self::new(Class::NotFound, "web.not_found")
    }
    /// Our own fault; say more in the log.
    #[must_use]
    pub const fn bug(code: &'static str) -> Self {
        Self::new(Class::Bug, code)
    }
    /// The error as JSON, whatever the request asks for: partner API.
    #[must_use]
    pub fn json<E: Coded + ?Sized>(error: &E) -> Self {
        Self { form: Form::Json, ..Self::of(error) }
    }
    /// The error as a page (a fragment for htmx) in the reader's language.
    #[must_use]
    pub fn page<E: Coded + ?Sized>(ctx: &Ctx, error: &E) -> Response {
        Self { form: Form::Page, ..Self::of(error) }.render(ctx)
    }
    /// With values for the text.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Arg>) -> Self {
        self.args.push((name.to_owned(), value.into()));
        self
    }
    /// With the fields that are wrong.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }
    /// With another status than the class has: 400 for a body that is no JSON at all.
    #[must_use]
    pub const fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
    /// With `WWW-Authenticate` (RFC 9110, 11.6.1).
    #[must_use]
    pub const fn challenge(mut self, challenge: &'static str) -> Self {
        self.challenge = Some(challenge);
        self
    }
    /// With a link to where it can be put right: an address of this site, and the key of its words, which say that it opens in a new tab,
    /// so that what was typed here stays. Machines are told by the code.
    #[must_use]
    pub fn way_out(mut self, href: String, words: &'static str) -> Self {
        self.way_out = Some(Box::new((href, words)));
        self
    }
    /// With `Retry-After`.
    #[must_use]
    pub const fn retry_after(mut self, secs: u32) -> Self {
        self.retry_after_secs = Some(secs);
        self
    }
    /// The class.
    #[must_use]
    pub const fn class(&self) -> Class {
        self.class
    }
    /// The stable code as it goes out; the same for everything that is not found.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.class {
            Class::NotFound => "web.not_found",
            _ => self.code,
        }
    }
    /// The status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The key of the text of a code: `order.not_open` -> `error-order-not-open`.
    #[must_use]
    pub fn key(code: &str) -> String {
        let mut key = String::from("error-");
        key.extend(code.chars().map(|c| if matches!(c, '.' | '_') { '-' } else { c }));
        key
    }

    /// Title of the class and text of the code.
    pub(crate) fn words(&self, ctx: &Ctx) -> (String, String) {
        let class = class_key(self.class);
        let key = Self::key(self.code());
        let mut args: Vec<(&str, Arg)> = self.args.iter().map(|(n, a)| (n.as_str(), a.clone())).collect();
        args.push(("phone", ctx.help_phone().into()));
        let key = if ctx.has_text(&key) { key } else { format!("{class}.detail") };
        let detail = ctx.ta(&key, &args);
        (ctx.t(class), detail)
    }

    /// The answer in the form that fits the request.
    pub(crate) fn render(&self, ctx: &Ctx) -> Response {
        let json = match self.form {
            Form::Json => true,
            Form::Page => false,
            Form::Auto => ctx.wants_json(),
        };
        let (title, detail) = self.words(ctx);
        let mut response =
            if json { self.as_json(ctx, title, detail) } else { self.as_html(ctx, title, detail) };
        if let Some(secs) = self.retry_after_secs {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(secs));
        }
        if let Some(challenge) = self.challenge {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }

    fn as_json(&self, ctx: &Ctx, title: String, detail: String) -> Response {
        let errors = self.errors.iter().map(|e| JsonError {
            pointer: pointer(&e.field),
            code: e.code.clone(),
            detail: e.text.clone(),
        });
        let body = Json {
            kind: format!("/problems/{}", self.code()),
            title,
            status: self.status.as_u16(),
            detail: Some(detail),
            code: self.code(),
            instance: Some(format!("urn:request:{}", ctx.request_id())),
            errors: errors.collect(),
        };
        body.answer(self.status)
    }

    fn as_html(&self, ctx: &Ctx, title: String, detail: String) -> Response {
        let errors = self.errors.clone();
        // A missing page carries no id of the request: its bytes must not differ from those of a hidden one.
        let request_id = if self.class == Class::Bug { ctx.request_id().to_owned() } else { String::new() };
        let way_out = self.way_out.as_ref().map(|way| (way.0.clone(), ctx.t(way.1)));
        if ctx.is_htmx() {
            let html = crate::page::render(&ProblemFragment {
                ctx: ctx.clone(),
                title,
                detail,
                errors,
                request_id,
                way_out,
            });
            let mut response =
                (self.status, Html(crate::numbers::unbroken(html.to_string()))).into_response();
            let headers = response.headers_mut();
            headers.insert("hx-retarget", HeaderValue::from_static("#messages"));
            headers.insert("hx-reswap", HeaderValue::from_static("innerHTML"));
            return response;
        }
        let ctx = ctx.clone();
        let html = if is_of_desk(&ctx) {
            crate::page::render(&DeskProblem { ctx, title, detail, errors, request_id, way_out })
        } else {
            crate::page::render(&ProblemPage { ctx, title, detail, errors, request_id, way_out })
        };
        (self.status, Html(crate::numbers::unbroken(html.to_string()))).into_response()
    }
}

/// Without [`crate::wrap`] around the router there are no texts: JSON with the code alone. With it, this body is
/// replaced by the full answer.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = Json {
            kind: format!("/problems/{}", self.code()),
            title: self.status.canonical_reason().unwrap_or_default().to_owned(),
            status: self.status.as_u16(),
            detail: None,
            code: self.code(),
            instance: None,
            errors: Vec::new(),
        };
        let mut response = body.answer(self.status);
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Serialize)]
struct Json {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<JsonError>,
}

#[derive(Serialize)]
struct JsonError {
    pointer: String,
    code: String,
    detail: String,
}

impl Json {
    fn answer(&self, status: StatusCode) -> Response {
        let body = serde_json::to_vec(self).unwrap_or_default();
        let kind = HeaderValue::from_static("application/problem+json");
        (status, [(CONTENT_TYPE, kind)], body).into_response()
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    ctx: Ctx,
    title: String,
    detail: String,
    errors: Vec<FieldError>,
    request_id: String,
    way_out: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "problem_desk.html")]
struct DeskProblem {
    ctx: Ctx,
    title: String,
    detail: String,
    errors: Vec<FieldError>,
    request_id: String,
    way_out: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "_problem.html")]
struct ProblemFragment {
    ctx: Ctx,
    title: String,
    detail: String,
    errors: Vec<FieldError>,
    request_id: String,
    way_out: Option<(String, String)>,
}

/// Whether a page that is refused belongs to those who are signed in.
fn is_of_desk(ctx: &Ctx) -> bool {
    let under = |section: &str| {
        ctx.path().strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    };
    under("/desk") || (ctx.viewer().is_some() && ["/admin", "/console", "/law", "/me"].into_iter().any(under))
}

/// The JSON pointer (RFC 6901) of a field: a name stands at the top of the body, what begins with `/` is a
/// pointer already and names a place within.
fn pointer(field: &str) -> String {
    if field.starts_with('/') {
        return format!("#{field}");
    }
    format!("#/{}", field.replace('~', "~0").replace('/', "~1"))
}

const fn status_of(class: Class) -> StatusCode {
    match class {
        Class::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Class::Unauthenticated => StatusCode::UNAUTHORIZED,
        Class::Forbidden => StatusCode::FORBIDDEN,
        Class::NotFound => StatusCode::NOT_FOUND,
        Class::Conflict => StatusCode::CONFLICT,
        Class::Gone => StatusCode::GONE,
        Class::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Class::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Class::Bug => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The class of a plain status that an extractor or the router answered with.
pub(crate) const fn class_of(status: StatusCode) -> Class {
    match status.as_u16() {
        401 => Class::Unauthenticated,
        403 => Class::Forbidden,
        404 => Class::NotFound,
        409 | 412 => Class::Conflict,
        410 => Class::Gone,
        429 => Class::TooMany,
        502..=504 => Class::Unavailable,
        500..=599 => Class::Bug,
        _ => Class::Invalid,
    }
}

pub(crate) const fn class_key(class: Class) -> &'static str {
    match class {
        Class::Invalid => "problem-invalid",
        Class::Unauthenticated => "problem-unauthenticated",
        Class::Forbidden => "problem-forbidden",
        Class::NotFound => "problem-not-found",
        Class::Conflict => "problem-conflict",
        Class::Gone => "problem-gone",
        Class::TooMany => "problem-too-many",
        Class::Unavailable => "problem-unavailable",
        Class::Bug => "problem-bug",
    }
}

fn chain<E: std::error::Error + ?Sized>(error: &E) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
