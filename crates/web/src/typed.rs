//! What is typed at the office, without what nobody sees. Such characters are pasted along or meant to mislead, and
//! PostgreSQL keeps no NUL. What citizens tell is kept sign by sign and passes elsewhere.

use std::borrow::Cow;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use kernel::{Class, text};
use url::form_urlencoded::{Serializer, parse};

use crate::problem::Problem;
use crate::shell::ROUTE_BODY_LIMIT;

const FORM: &str = "application/x-www-form-urlencoded";

/// A layer around routers whose forms the office fills in.
pub async fn without_unseen(request: Request, next: Next) -> Response {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with(FORM) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, ROUTE_BODY_LIMIT).await else {
        return Problem::new(Class::Invalid, "web.too_large")
            .with_status(StatusCode::PAYLOAD_TOO_LARGE)
            .into_response();
    };
    let Some(seen) = seen(&body) else {
        return next.run(Request::from_parts(parts, Body::from(body))).await;
    };
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(seen.len()));
    next.run(Request::from_parts(parts, Body::from(seen))).await
}

/// The form again if something in it is not seen.
fn seen(body: &[u8]) -> Option<String> {
    let is_seen = |text: &str| matches!(text::seen(text), Cow::Borrowed(_));
    if parse(body).all(|(name, value)| is_seen(&name) && is_seen(&value)) {
        return None;
    }
    let mut out = Serializer::new(String::new());
    for (name, value) in parse(body) {
        out.append_pair(&text::seen(&name), &text::seen(&value));
    }
    Some(out.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_seen_is_left_out() {
        for same in [
            "",
            "a=1&b=%D3%98%D0%BB%D0%B8%D1%8F+x&a=2",
            "text=one%0D%0Atwo%09three",
            "broken=%&x",
            "sum=5%C2%A0000",
        ] {
            assert_eq!(seen(same.as_bytes()), None, "{same}");
        }
        assert_eq!(seen(b"reason=a%00b&pick=1&pick=2").as_deref(), Some("reason=ab&pick=1&pick=2"));
        assert_eq!(seen("name=\u{202e}cba".as_bytes()).as_deref(), Some("name=cba"));
        assert_eq!(seen(b"x=%E2%80%8B").as_deref(), Some("x="));
    }
}
