//! What every answer carries, and where a form may come from.

use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, ORIGIN, REFERRER_POLICY, SET_COOKIE,
    STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::site::Site;

/// No script and no style but our own files, no frame around us, no markup made from text unless it goes
/// through one of the two policies: `default` is the one htmx needs for the answers it swaps in, `qorgan` is
/// ours.
pub(crate) const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types default qorgan";

/// Over TLS no cookie leaves without `Secure`, whoever set it.
fn secure_cookies(headers: &mut HeaderMap) {
    let cookies: Vec<HeaderValue> = headers.get_all(SET_COOKIE).iter().cloned().collect();
    headers.remove(SET_COOKIE);
    for cookie in cookies {
        let text = cookie.to_str().unwrap_or_default();
        let secured = if text.to_ascii_lowercase().contains("; secure") {
            None
        } else {
            HeaderValue::from_str(&format!("{text}; Secure")).ok()
        };
        headers.append(SET_COOKIE, secured.unwrap_or(cookie));
    }
}

/// Puts the security headers on an answer.
pub(crate) fn protect(headers: &mut HeaderMap, site: &Site) {
    let fixed: [(HeaderName, &'static str); 7] = [
        (CONTENT_SECURITY_POLICY, CSP),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        // `same-origin` and not `no-referrer`: the latter makes browsers send `Origin: null` with our own
        // forms, and that header is what tells them from forged ones. Nothing leaves this site either way.
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
        ),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if site.config().https {
        secure_cookies(headers);
        headers
            .entry(STRICT_TRANSPORT_SECURITY)
            .or_insert(HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if headers.get(CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/html")) {
        headers.append(VARY, HeaderValue::from_static("cookie, accept-language, hx-request"));
    }
}

/// What an answer to a program carries: it is no page, and nobody keeps it.
pub(crate) fn protect_answer(headers: &mut HeaderMap) {
    headers.entry(X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// Whether a request that changes something comes from our own pages, or from no browser at all.
///
/// Browsers say where a form comes from: `Sec-Fetch-Site`, or at least `Origin`. A request with neither is
/// not a browser's; it is let through only without cookies, for then there is nobody's session to abuse.
/// Partner messages (`/api/`) carry signatures and no cookies, so the rule passes them untouched.
pub(crate) fn same_site(parts: &Parts, site: &Site) -> bool {
    if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE) {
        return true;
    }
    let text = |name: &HeaderName| parts.headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(from) = text(&HeaderName::from_static("sec-fetch-site")) {
        return matches!(from, "same-origin" | "none");
    }
    match text(&ORIGIN) {
        Some(origin) => own_origin(origin, text(&HOST), &site.config().origins),
        None => !parts.headers.contains_key(COOKIE),
    }
}

fn own_origin(origin: &str, host: Option<&str>, allowed: &[String]) -> bool {
    let own_host = origin
        .split_once("://")
        .is_some_and(|(scheme, rest)| matches!(scheme, "http" | "https") && Some(rest) == host);
    own_host || allowed.iter().any(|a| a.trim_end_matches('/') == origin)
}
