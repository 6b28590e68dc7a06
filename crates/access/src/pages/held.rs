//! A form that was sent without a fresh one-time code: what was typed is kept on the page that asks for the code, and goes on with it.
//! A form whose session ended meanwhile: what was typed is kept on the page that says so, and is sent again by whoever has signed in, by a
//! press of their own. Nothing of it is stored.

use askama::Template;
use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use kernel::Class;
use url::form_urlencoded;
use web::{Ctx, Page, Problem, Viewer};

use super::step_up;

/// The longest form that is kept, bytes. A longer one is refused, and can be sent again.
const LONGEST: usize = 64 * 1024;

/// Marks an answer by which a form was refused for want of a code.
#[derive(Debug, Clone, Copy)]
pub(super) struct CodeWanted;

/// Marks an answer by which whoever is not signed in was refused; where they came from.
#[derive(Debug, Clone)]
pub(super) struct SignInWanted {
    pub(super) back: String,
}

/// A form as it was sent: where to, and its fields.
#[derive(Debug, Clone)]
pub(super) struct Form {
    pub(super) path: String,
    pub(super) fields: Vec<(String, String)>,
}

/// Reads a short form without taking it from the request.
///
/// # Errors
/// The answer to a form that broke off: what came of it is carried out by nobody.
pub(super) async fn read(request: Request) -> Result<(Request, Option<Form>), Response> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let plain = kind.is_some_and(|t| t.starts_with("application/x-www-form-urlencoded"));
    let length = request.body().size_hint().upper().and_then(|n| usize::try_from(n).ok());
    let short = length.is_some_and(|n| n <= LONGEST);
    if request.method() != Method::POST || !plain || !short || request.uri().path() == step_up::PATH {
        return Ok((request, None));
    }
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, LONGEST).await else {
        return Err(Problem::new(Class::Invalid, "web.unreadable").into_response());
    };
    let fields = form_urlencoded::parse(&bytes).into_owned().collect();
    let path = parts.uri.path_and_query().map_or_else(String::new, |p| p.as_str().to_owned());
    let form = Some(Form { path, fields });
    Ok((Request::from_parts(parts, Body::from(bytes)), form))
}

/// The page that asks for the code, with the form, where the form was refused for want of one.
pub(super) fn instead(
    response: Response,
    ctx: Option<Ctx>,
    (viewer, mark): (&Viewer, impl Fn(&str) -> String),
    form: Option<Form>,
) -> Response {
    let wanted = response.extensions().get::<CodeWanted>().is_some();
    match (ctx, form) {
        (Some(ctx), Some(form)) if wanted && !ctx.is_htmx() && !ctx.wants_json() && step_up::holds(&form) => {
            let mark = mark(&form.path);
            step_up::asked(ctx.for_viewer(viewer.clone()), form, mark)
        }
        _ => response,
    }
}

/// Fields that are typed anew: secrets are written into no page.
const SECRET: &[&str] = &["password", "current", "new", "code", "secret"];

#[derive(Template)]
#[template(path = "access_ended.html")]
struct Ended {
    ctx: Ctx,
    back: String,
    form: Form,
}

/// The page that says that the session has ended, with the form, where one was refused for that.
pub(super) fn ended(response: Response, ctx: Option<Ctx>, form: Option<Form>) -> Response {
    let wanted = response.extensions().get::<SignInWanted>().cloned();
    match (ctx, form, wanted) {
        (Some(ctx), Some(form), Some(wanted)) if !ctx.is_htmx() && !ctx.wants_json() && keeps(&form) => {
            (StatusCode::UNAUTHORIZED, Page(Ended { ctx, back: wanted.back, form })).into_response()
        }
        _ => response,
    }
}

/// Whether a form can be kept on that page.
fn keeps(form: &Form) -> bool {
    super::next_path(&form.path) == form.path
        && !form.fields.iter().any(|(name, _)| SECRET.contains(&name.as_str()))
}
