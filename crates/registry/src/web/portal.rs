//! The check at the portal: one box, and what is known of whatever is put into it. The question goes in the body of the
//! request alone, and nothing of it is kept.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use app::App;
use askama::Template;
use axum::Extension;
use axum::extract::{ConnectInfo, Form, FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use identifier::Kind;
use partner::tls::TrustedProxies;
use serde::Deserialize;
use web::{Ctx, ErrorSummary, Field, FieldError, Page, Problem, Tone};

use super::words;
use crate::error::RegistryError;
use crate::live::Live;
use crate::rules::PublicAnswer;
use crate::service::crowd::{Puzzle, Solved, check_from};
use crate::service::{self, Shown};

/// What is told of one thing.
struct Row {
    kind: String,
    value: String,
    tone: Tone,
    icon: &'static str,
    title: String,
    text: String,
}

#[derive(Template)]
#[template(path = "registry_check.html")]
struct Check {
    ctx: Ctx,
    title: String,
    field: Field,
    /// What the browser must work out before it is answered.
    puzzle: Option<Puzzle>,
    rows: Vec<Row>,
    /// Whether the message names more than was looked at.
    cut: bool,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CheckForm {
    value: String,
    puzzle: String,
    answer: String,
}

fn row(ctx: &Ctx, shown: &Shown) -> Row {
    let (key, tone, icon) = match shown.answer {
        PublicAnswer::Reported(..) => ("reported", Tone::Amber, "info"),
        PublicAnswer::Warned(..) => ("warned", Tone::Amber, "warning"),
        PublicAnswer::Verified => ("verified", Tone::Blue, "info"),
        PublicAnswer::LooksLike => ("looks-like", Tone::Amber, "warning"),
        PublicAnswer::Nothing => ("nothing", Tone::Grey, "search"),
    };
    let like = [("domain", shown.like.as_deref().unwrap_or_default())];
    let title = match shown.answer {
        PublicAnswer::LooksLike => ctx.ta("registry-check-looks-like.title", like),
        _ => ctx.t(&format!("registry-check-{key}.title")),
    };
    let text = match shown.answer {
        PublicAnswer::Reported(band, last) => ctx.ta(
            "registry-check-reported.text",
            [("band", ctx.t(&format!("registry-band-{}", band.as_str()))), ("age", words::age(ctx, last))],
        ),
        PublicAnswer::Warned(_, last) => {
            ctx.ta("registry-check-warned.text", [("age", words::age(ctx, last))])
        }
        PublicAnswer::LooksLike => ctx.ta("registry-check-looks-like.text", like),
        PublicAnswer::Verified if matches!(shown.kind, Some(Kind::Url | Kind::Domain | Kind::Email)) => {
            ctx.t("registry-check-verified.site")
        }
        _ => ctx.t(&format!("registry-check-{key}.text")),
    };
    let value = match shown.kind {
        Some(Kind::Phone) => web::phone(&shown.value),
        Some(Kind::Iban) => web::grouped(&shown.value, 4),
        Some(Kind::Card) => identifier::mask(Kind::Card, &shown.value),
        _ => shown.value.clone(),
    };
    Row {
        kind: shown.kind.map_or_else(|| ctx.t("registry-short-line"), |k| words::kind(ctx, k)),
        value,
        tone,
        icon,
        title,
        text,
    }
}

fn page(
    ctx: Ctx,
    typed: &str,
    (found, puzzle, cut): (&[Shown], Option<Puzzle>, bool),
    errors: Vec<FieldError>,
) -> Response {
    let status = match (&puzzle, errors.is_empty()) {
        (Some(_), _) => StatusCode::TOO_MANY_REQUESTS,
        (None, true) => StatusCode::OK,
        (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = Check {
        title: ctx.t("registry-check.title"),
        field: Field::area(&ctx, "value", "registry-check-value", 2).value(typed).errors(&errors),
        puzzle,
        rows: found.iter().map(|s| row(&ctx, s)).collect(),
        cut,
        summary: ErrorSummary::new(&ctx, &errors),
        errors,
        ctx,
    };
    // What somebody has asked about is nobody else's business at a shared machine.
    (status, [(CACHE_CONTROL, "no-store")], Page(page)).into_response()
}

/// The network that a request comes from, as a number; `None` where nobody can say: whoever has one address of it has all (256, or a
/// site's /48). Behind a proxy that is trusted it is what the proxy says; an inner address of anybody else stands for everybody
/// behind it, and is held against nobody.
pub(super) struct Network(pub(super) Option<u64>);

impl<S: Send + Sync> FromRequestParts<S> for Network {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_canonical());
        let trusted = parts.extensions.get::<TrustedProxies>();
        let told = parts.headers.get_all("x-forwarded-for").iter().next_back().and_then(|v| v.to_str().ok());
        Ok(Self(peer.and_then(|peer| origin(peer, trusted, told)).map(network)))
    }
}

/// The address that a request comes from: the last that a trusted proxy names, since anybody can write those before it.
fn origin(peer: IpAddr, trusted: Option<&TrustedProxies>, told: Option<&str>) -> Option<IpAddr> {
    if trusted.is_some_and(|all| all.contains(peer)) {
        return told?.rsplit(',').next()?.trim().parse::<IpAddr>().ok().map(|ip| ip.to_canonical());
    }
    let inner = match peer {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    };
    (!inner).then_some(peer)
}

fn network(ip: IpAddr) -> u64 {
    let mut hash = DefaultHasher::new();
    match ip {
        IpAddr::V4(v4) => (u32::from(v4) >> 8).hash(&mut hash),
        IpAddr::V6(v6) => (u128::from(v6) >> 80).hash(&mut hash),
    }
    hash.finish()
}

/// `GET /check`.
pub(crate) async fn show(ctx: Ctx) -> Response {
    page(ctx, "", (&[], None, false), Vec::new())
}

/// `POST /check`.
pub(crate) async fn submit(
    ctx: Ctx,
    State(app): State<App>,
    live: Option<Extension<Arc<Live>>>,
    network: Network,
    Form(form): Form<CheckForm>,
) -> Result<Response, Problem> {
    let found = match &live {
        Some(live) => {
            let solved = Solved { text: form.puzzle, answer: form.answer };
            check_from(&app, live, network.0, &form.value, &solved).await
        }
        None => service::check_public(&app, &form.value).await,
    };
    match found {
        Ok(found) => {
            let cut = service::is_cut(&app, &form.value);
            Ok(page(ctx, &form.value, (&found, None, cut), Vec::new()))
        }
        Err(RegistryError::Puzzle(puzzle)) => {
            Ok(page(ctx, &form.value, (&[], Some(puzzle), false), Vec::new()))
        }
        Err(error) => match words::field_error(&ctx, &error) {
            Some(wrong) => Ok(page(ctx, &form.value, (&[], None, false), vec![wrong])),
            None => Err(Problem::of(&error)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_request_comes_from() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let proxies = TrustedProxies(vec![ip("127.0.0.1")].into());
        let told = Some("198.51.100.1, 203.0.113.7");
        assert_eq!(
            origin(ip("127.0.0.1"), Some(&proxies), told),
            Some(ip("203.0.113.7")),
            "the proxy's own word"
        );
        assert_eq!(origin(ip("192.0.2.9"), Some(&proxies), told), Some(ip("192.0.2.9")), "nobody else's");
        assert_eq!(origin(ip("127.0.0.1"), None, told), None, "everybody behind a proxy that is not named");
        assert_eq!(origin(ip("10.1.2.3"), Some(&proxies), None), None);
        assert_eq!(origin(ip("127.0.0.1"), Some(&proxies), Some("nonsense")), None);
        assert_eq!(network(ip("203.0.113.7")), network(ip("203.0.113.250")));
        assert_ne!(network(ip("203.0.113.7")), network(ip("203.0.114.7")));
        assert_eq!(network(ip("2001:db8:1:2::9")), network(ip("2001:db8:1:ffff::1")));
    }
}
