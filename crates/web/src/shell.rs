//! What stands around every router: context, security headers, limits, compression, the log line, and the
//! translation of every failure into words.

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT, ACCEPT_LANGUAGE, ALLOW, CONTENT_TYPE, SET_COOKIE};
use http::{HeaderName, HeaderValue, StatusCode};
use kernel::Class;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;

use crate::ctx::{Ctx, Viewer};
use crate::parts::toast::Toast;
use crate::problem::{Problem, class_of};
use crate::site::Site;
use crate::{prefs, security};

pub(crate) const ROUTE_BODY_LIMIT: usize = 1024 * 1024;

/// Puts the shell around `router` (its own state already given) and adds the shared routes: `/assets/`,
/// `/language/{lang}`, `/preferences`, `/problems/{code}`, the page for whatever is not found, and `/kit` in
/// development and demonstration. Extractor rejections, unknown paths and wrong methods become [`Problem`]s.
pub fn wrap(router: Router, site: &Site) -> Router {
    router
        .merge(prefs::routes(site))
        .fallback(|| async { Problem::not_found() })
        .layer(DefaultBodyLimit::max(ROUTE_BODY_LIMIT))
        .layer(RequestBodyLimitLayer::new(site.config().body_limit_bytes))
        .layer(from_fn_with_state(site.clone(), shell))
        .layer(CompressionLayer::new())
}

/// The shell around what programs ask by the thousand: words are looked for only where something is refused, nothing is
/// compressed, no cookie is read and no line is logged for each answer.
pub fn wrap_busy(router: Router, site: &Site) -> Router {
    router.layer(DefaultBodyLimit::max(ROUTE_BODY_LIMIT)).layer(from_fn_with_state(site.clone(), busy_shell))
}

async fn busy_shell(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (uri, method) = (request.uri().clone(), request.method().clone());
    let words = [ACCEPT, ACCEPT_LANGUAGE]
        .map(|name| request.headers().get(&name).cloned().map(|value| (name, value)));
    let mut response = next.run(request).await;
    if response.status().is_success() {
        security::protect_answer(response.headers_mut());
        return response;
    }
    let (mut parts, ()) = Request::new(()).into_parts();
    (parts.uri, parts.method) = (uri, method);
    parts.headers.extend(words.into_iter().flatten());
    let ctx = Ctx::from_request(&site, &parts);
    let mut response = in_words(&ctx, response);
    security::protect(response.headers_mut(), &site);
    // What another shell has answered has its own.
    if let Ok(id) = HeaderValue::from_str(ctx.request_id()) {
        response.headers_mut().entry(HeaderName::from_static("x-request-id")).or_insert(id);
    }
    tracing::info!(request_id = ctx.request_id(), status = response.status().as_u16(), "refused");
    response
}

async fn shell(State(site): State<Site>, request: Request, next: Next) -> Response {
    let started = site.config().wall.now();
    let (mut parts, body) = request.into_parts();
    let ctx = Ctx::from_request(&site, &parts);
    let method = parts.method.clone();
    let route = parts.extensions.get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let allowed = security::same_site(&parts, &site);
    parts.extensions.insert(ctx.clone());
    let response = if allowed {
        next.run(Request::from_parts(parts, body)).await
    } else {
        Problem::new(Class::Forbidden, "web.cross_site").into_response()
    };
    let ctx = match response.extensions().get::<Viewer>() {
        Some(viewer) => ctx.for_viewer(viewer.clone()),
        None => ctx,
    };
    let mut response = in_words(&ctx, response);
    security::protect(response.headers_mut(), &site);
    if let Ok(id) = HeaderValue::from_str(ctx.request_id()) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    // The route's pattern and never the path itself: paths carry ids and tokens.
    tracing::info!(
        request_id = ctx.request_id(),
        %method,
        route,
        status = response.status().as_u16(),
        micros = site.config().wall.now().micros_since(started),
        "answered"
    );
    response
}

/// Problems in the reader's words; bare refusals of extractors and of the router too. A toast that was shown is
/// forgotten.
fn in_words(ctx: &Ctx, response: Response) -> Response {
    let status = response.status();
    if let Some(problem) = response.extensions().get::<Problem>() {
        return keep_allow(&response, problem.render(ctx));
    }
    let kind = response.headers().get(CONTENT_TYPE).map_or(b"".as_slice(), HeaderValue::as_bytes);
    let is_page = kind.starts_with(b"text/html");
    let bare = kind.is_empty() || kind.starts_with(b"text/plain");
    if (status.is_client_error() || status.is_server_error()) && bare {
        let class = class_of(status);
        let problem = Problem::new(class, code_of(status)).with_status(status);
        return keep_allow(&response, problem.render(ctx));
    }
    let mut response = response;
    if is_page && ctx.toast().is_some() && !ctx.is_htmx() {
        response.headers_mut().append(SET_COOKIE, Toast::forget());
    }
    response
}

fn keep_allow(old: &Response, mut new: Response<Body>) -> Response {
    if let Some(allow) = old.headers().get(ALLOW) {
        new.headers_mut().insert(ALLOW, allow.clone());
    }
    for cookie in old.headers().get_all(SET_COOKIE) {
        new.headers_mut().append(SET_COOKIE, cookie.clone());
    }
    new
}

const fn code_of(status: StatusCode) -> &'static str {
    match status {
        StatusCode::METHOD_NOT_ALLOWED => "web.method",
        StatusCode::PAYLOAD_TOO_LARGE => "web.too_large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "web.media_type",
        StatusCode::TOO_MANY_REQUESTS => "web.too_many",
        StatusCode::NOT_FOUND => "web.not_found",
        StatusCode::INTERNAL_SERVER_ERROR => "web.fault",
        StatusCode::SERVICE_UNAVAILABLE => "web.unavailable",
        _ => "web.unreadable",
    }
}
