//! A form that was sent without a fresh one-time code: what was typed is kept on the page that asks for the code, and goes on with it.
//! Nothing of it is stored.

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::Method;
use http::header::CONTENT_TYPE;
use kernel::Class;
use url::form_urlencoded;
use web::{Ctx, Problem, Viewer};

use super::step_up;

/// The longest form that is kept, bytes. A longer one is refused, and can be sent again.
const LONGEST: usize = 64 * 1024;

/// Marks an answer by which a form was refused for want of a code.
#[derive(Debug, Clone, Copy)]
pub(super) struct CodeWanted;

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
