//! The session's cookie.

use app::App;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use kernel::Secret;

/// Over TLS the name begins with `__Host-`: browsers then take the cookie only from this very host, for all
/// paths, with `Secure` (RFC 6265bis 4.1.3.2).
const SECURE_NAME: &str = "__Host-qorgan";
const PLAIN_NAME: &str = "qorgan";

/// Whether people come by TLS.
fn https(app: &App) -> bool {
    app.node.public_url.starts_with("https://")
}

fn name(app: &App) -> &'static str {
    if https(app) { SECURE_NAME } else { PLAIN_NAME }
}

/// The token that the browser sent, if any.
pub(crate) fn token(app: &App, jar: &CookieJar) -> Option<String> {
    jar.get(name(app)).map(|c| c.value().to_owned())
}

/// Without a date: the browser forgets it when it is closed, the server ends the session before that.
pub(crate) fn of_session(app: &App, token: &Secret<String>) -> Cookie<'static> {
    base(app, token.expose().clone())
}

/// Tells the browser to forget the cookie.
pub(crate) fn forget(app: &App) -> Cookie<'static> {
    let mut cookie = base(app, String::new());
    cookie.make_removal();
    cookie
}

fn base(app: &App, value: String) -> Cookie<'static> {
    Cookie::build((name(app), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(https(app))
        .build()
}
