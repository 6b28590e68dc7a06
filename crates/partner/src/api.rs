//! The extractor through which every signed request of a partner comes, and the two open operations that
//! a partner needs before it can sign: our keys and our clock.

use std::net::SocketAddr;

use app::App;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, FromRequest, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use httpsig::SigningKey;
use kernel::{Actor, Class};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::quota::Purpose;
use crate::service::{self, PartnerError};
use crate::tls;
use ::web::{FieldError, Problem};

/// Largest body of a partner's request.
pub const MAX_BODY: usize = 1 << 20;

/// A request whose signature holds: who sent it, and the body byte for byte as it was signed.
#[derive(Debug)]
pub struct Signed {
    /// The partner.
    pub actor: Actor,
    /// What was signed.
    pub body: Bytes,
}

impl FromRequest<App> for Signed {
    type Rejection = Response;
    async fn from_request(req: Request, app: &App) -> Result<Self, Response> {
        Self::read(req, app, Purpose::Other).await
    }
}

/// A signed request that answers an order: the quota keeps a floor for it.
#[derive(Debug)]
pub struct SignedAnswer(pub Signed);

impl FromRequest<App> for SignedAnswer {
    type Rejection = Response;
    async fn from_request(req: Request, app: &App) -> Result<Self, Response> {
        Signed::read(req, app, Purpose::Answer).await.map(Self)
    }
}

impl Signed {
    async fn read(req: Request, app: &App, purpose: Purpose) -> Result<Self, Response> {
        let (parts, body) = req.into_parts();
        let body = axum::body::to_bytes(body, MAX_BODY).await.map_err(|_| {
            ::web::Problem::new(Class::Invalid, "web.too_large")
                .with_status(StatusCode::PAYLOAD_TOO_LARGE)
                .into_response()
        })?;
        // The address that partners know, whatever stands between them and this process. The nested
        // router has cut `/api/v1` off; the original is in the extensions.
        let uri = parts.extensions.get::<axum::extract::OriginalUri>().map_or(&parts.uri, |o| &o.0);
        let path = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        let target = format!("{}{path}", app.node.public_url);
        let request = httpsig::Request {
            method: parts.method.as_str(),
            target_uri: &target,
            headers: &parts.headers,
            body: &body,
        };
        match service::verify_request(app, &request, purpose).await {
            Ok(v) => match tls::service::check(app, &v.actor, certificate(&parts)).await {
                Ok(()) => Ok(Self { actor: v.actor, body }),
                Err(error) => Err(Problem::json(&error).into_response()),
            },
            Err(PartnerError::Quota(full)) => Err(Problem::json(&PartnerError::Quota(full))
                .retry_after(full.retry_after_secs)
                .into_response()),
            Err(error) => Err(Problem::json(&error).into_response()),
        }
    }
}

/// The certificate that a trusted proxy handed over. From anybody else the header is ignored.
fn certificate(parts: &http::request::Parts) -> Option<tls::rules::Fingerprint> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip();
    let trusted = parts.extensions.get::<tls::TrustedProxies>()?.contains(peer);
    trusted.then(|| tls::presented(&parts.headers)).flatten()
}

/// The problem of a body that is no JSON, or JSON of another shape: 400, with the place.
#[must_use]
pub fn malformed(error: &serde_json::Error) -> Problem {
    let place = format!("line {}, column {}", error.line(), error.column());
    let field = FieldError {
        field: String::new(),
        code: "web.unreadable".to_owned(),
        text: format!("{error} ({place})"),
    };
    Problem::new(Class::Invalid, "web.unreadable")
        .with_status(StatusCode::BAD_REQUEST)
        .with_errors(vec![field])
}

/// Routes of this slice under `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_keys)).routes(routes!(get_clock))
}

/// One key of this node.
#[derive(Debug, Serialize, ToSchema)]
struct NodeKey {
    /// `CODE/NAME`.
    keyid: String,
    /// Ed25519 public key, base64.
    public_key: String,
}

/// The keys by which this node signs.
#[derive(Debug, Serialize, ToSchema)]
struct NodeKeys {
    /// Valid keys.
    keys: Vec<NodeKey>,
}

/// The keys by which this node signs.
#[utoipa::path(get, path = "/keys", tag = "node", responses((status = 200, body = NodeKeys)))]
async fn get_keys(State(app): State<App>) -> Json<NodeKeys> {
    let key = SigningKey::from_bytes(app.node.message_key.expose()).verifying_key();
    let key = NodeKey { keyid: app.node.keyid.clone(), public_key: httpsig::public_key_text(&key) };
    Json(NodeKeys { keys: vec![key] })
}

/// What time it is, by both clocks.
#[derive(Debug, Serialize, ToSchema)]
struct Clock {
    /// Office time, in which deadlines are meant.
    office: String,
    /// Wall time, in which signatures are fresh.
    wall: String,
    /// How many times faster office time runs; 1 in production.
    factor: u32,
}

/// What time it is, by both clocks.
#[utoipa::path(get, path = "/clock", tag = "node", responses((status = 200, body = Clock)))]
async fn get_clock(State(app): State<App>) -> Json<Clock> {
    Json(Clock { office: app.office.now().rfc3339(), wall: app.wall.now().rfc3339(), factor: app.factor })
}
