//! The extractor through which every signed request of a partner comes, and the two open operations that
//! a partner needs before it can sign: our keys and our clock.

use std::net::SocketAddr;

use app::App;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, FromRequest, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use httpsig::SigningKey;
use kernel::{Actor, Class};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::described::Refused;
use crate::quota::Purpose;
use crate::service::{self, PartnerError};
use crate::strict::{self, Unread};
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
    /// What the body is said to be, without parameters, in small letters; empty if nothing was said.
    pub media_type: String,
    /// By which key; empty where a token stands for the signature.
    pub keyid: String,
}

impl Signed {
    /// The body as a message.
    ///
    /// # Errors
    /// 415 for a body of another kind than JSON, 400 for one that cannot be read, 422 for a text with a character that
    /// no text has, with the place.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, Problem> {
        self.of_type(&["application/json"])?;
        strict::from_slice(&self.body).map_err(unread)
    }

    /// The same of a message whose readers take objects alone, see [`strict::from_objects`].
    ///
    /// # Errors
    /// As [`Signed::json`].
    pub fn objects<T: serde::de::DeserializeOwned>(&self) -> Result<T, Problem> {
        self.of_type(&["application/json"])?;
        strict::from_objects(&self.body).map_err(unread)
    }

    /// Whether the body is said to be one of `types`.
    ///
    /// # Errors
    /// 415.
    pub fn of_type(&self, types: &[&str]) -> Result<(), Problem> {
        if types.contains(&self.media_type.as_str()) {
            return Ok(());
        }
        Err(Problem::new(Class::Invalid, "web.media_type").with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE))
    }
}

fn unread(error: Unread) -> Problem {
    match error {
        Unread::Shape(error) => unreadable("", error.to_string()),
        Unread::Character { ref pointer, .. } => {
            let code = "web.control_character";
            let (field, text) = (pointer.clone(), error.to_string());
            let field = FieldError { field, code: code.to_owned(), text };
            Problem::new(Class::Invalid, code).with_errors(vec![field])
        }
    }
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
        let body = body_of(body).await?;
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
                Ok(()) => {
                    Ok(Self { actor: v.actor, body, media_type: media_type(&parts.headers), keyid: v.keyid })
                }
                Err(error) => Err(Problem::json(&error).into_response()),
            },
            Err(PartnerError::Quota(full)) => Err(Problem::json(&PartnerError::Quota(full))
                .retry_after(full.retry_after_secs)
                .into_response()),
            Err(error) => Err(Problem::json(&error).into_response()),
        }
    }
}

/// The whole body, unless it is too large.
pub(crate) async fn body_of(body: axum::body::Body) -> Result<Bytes, Response> {
    axum::body::to_bytes(body, MAX_BODY).await.map_err(|_| {
        Problem::new(Class::Invalid, "web.too_large")
            .with_status(StatusCode::PAYLOAD_TOO_LARGE)
            .into_response()
    })
}

pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let said = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The certificate that a trusted proxy handed over. From anybody else the header is ignored.
pub(crate) fn certificate(parts: &http::request::Parts) -> Option<tls::rules::Fingerprint> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip();
    let trusted = parts.extensions.get::<tls::TrustedProxies>()?.contains(peer);
    trusted.then(|| tls::presented(&parts.headers)).flatten()
}

/// The problem of a request that cannot be read: 400, with the field and what is wrong with it.
#[must_use]
pub fn unreadable(field: &str, text: String) -> Problem {
    let field = FieldError { field: field.to_owned(), code: "web.unreadable".to_owned(), text };
    Problem::new(Class::Invalid, "web.unreadable")
        .with_status(StatusCode::BAD_REQUEST)
        .with_errors(vec![field])
}

/// Routes of this slice under `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_keys))
        .routes(routes!(get_clock))
        .merge(crate::bearer::api::routes())
}

/// One key of this node.
#[derive(Debug, Serialize, ToSchema)]
struct NodeKey {
    /// `CODE/NAME`.
    keyid: String,
    /// Ed25519 public key, base64.
    #[schema(pattern = "^[A-Za-z0-9+/]{43}=$")]
    public_key: String,
}

/// The keys by which this node signs.
#[derive(Debug, Serialize, ToSchema)]
struct NodeKeys {
    /// Valid keys.
    keys: Vec<NodeKey>,
}

/// The keys by which this node signs.
#[utoipa::path(
    get, path = "/keys", tag = "node", operation_id = "getKeys",
    responses(
        (status = 200, description = "the keys that are valid now", body = NodeKeys,
            example = json!({"keys": [{"keyid": "DCC/1", "public_key": "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="}]})),
        Refused,
    )
)]
async fn get_keys(State(app): State<App>) -> Json<NodeKeys> {
    let key = SigningKey::from_bytes(app.node.message_key.expose()).verifying_key();
    let key = NodeKey { keyid: app.node.keyid.clone(), public_key: httpsig::public_key_text(&key) };
    Json(NodeKeys { keys: vec![key] })
}

/// What time it is, by both clocks.
#[derive(Debug, Serialize, ToSchema)]
struct Clock {
    /// Office time, in which deadlines are meant.
    #[schema(format = DateTime)]
    office: String,
    /// Wall time, in which signatures are fresh.
    #[schema(format = DateTime)]
    wall: String,
    /// How many times faster office time runs; 1 in production.
    #[schema(minimum = 1)]
    factor: u32,
}

/// What time it is, by both clocks.
#[utoipa::path(
    get, path = "/clock", tag = "node", operation_id = "getClock",
    responses(
        (status = 200, description = "both clocks, read at once", body = Clock,
            example = json!({"office": "2026-11-23T09:05:00Z", "wall": "2026-11-23T09:05:00Z", "factor": 1})),
        Refused,
    )
)]
async fn get_clock(State(app): State<App>) -> Json<Clock> {
    Json(Clock { office: app.office.now().rfc3339(), wall: app.wall.now().rfc3339(), factor: app.factor })
}
