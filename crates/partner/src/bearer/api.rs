//! Asking for a token, and being believed by one.

use std::sync::Arc;

use app::App;
use axum::extract::{FromRequest, Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use kernel::Actor;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::schema::Object;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::roster::Roster;
use super::token::{self, Claims, GOOD_SECS};
use crate::api::{Signed, body_of, certificate, media_type, unreadable};
use crate::described::{NotSigned, Refused, only};
use crate::service::PartnerError;
use crate::{store, tls};
use ::web::Problem;

/// Routes of tokens under `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(post_token))
}

/// A request of an institution that is signed (RFC 9421) or bears a token (RFC 6750).
#[derive(Debug)]
pub struct Asked(pub Signed);

impl FromRequest<App> for Asked {
    type Rejection = Response;
    async fn from_request(req: Request, app: &App) -> Result<Self, Response> {
        let roster = req.extensions().get::<Arc<Roster>>().cloned();
        match (roster, bearer(req.headers())) {
            (Some(roster), Some(token)) => borne(req, app, &roster, &token).await.map(Self),
            _ => Signed::from_request(req, app).await.map(Self),
        }
    }
}

/// The token that a request bears.
fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

async fn borne(req: Request, app: &App, roster: &Roster, token: &str) -> Result<Signed, Response> {
    let partner = roster.bearer(app, token).map_err(refused)?;
    let (parts, body) = req.into_parts();
    let body = body_of(body).await?;
    let actor = Actor::institution(partner.id.uuid(), &partner.code);
    if partner.mutual_tls {
        tls::service::check(app, &actor, certificate(&parts)).await.map_err(refused)?;
    }
    Ok(Signed { actor, body, media_type: media_type(&parts.headers), keyid: String::new() })
}

/// The refusal, with the challenge that RFC 6750 asks for.
fn refused(error: PartnerError) -> Response {
    let problem = Problem::json(&error);
    match error {
        PartnerError::Token => problem.challenge("Bearer error=\"invalid_token\"").into_response(),
        _ => problem.into_response(),
    }
}

fn request_schema() -> Object {
    only("token_request.v1")
}
fn token_schema() -> Object {
    only("token.v1")
}

/// Asks for a token, `token_request.v1`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TokenRequest {
    /// `token_request.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = request_schema)]
    kind_of_message: String,
}

/// A token.
#[derive(Debug, Serialize, ToSchema)]
struct Token {
    /// `token.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = token_schema)]
    kind_of_message: String,
    /// What stands behind `Authorization: Bearer`.
    #[schema(pattern = "^[A-Za-z0-9_-]{66}$")]
    token: String,
    /// For how many seconds it is good.
    #[schema(minimum = 1, maximum = 600)]
    expires_in: i64,
}

fn asked() -> Value {
    json!({"type": "token_request.v1"})
}
fn given() -> Value {
    json!({"type": "token.v1", "expires_in": 600,
        "token": "AQGTpPT5XHcAgAAAAAAAAAB7gdjkm2Lxq1AAAAAAZyP2WJ0b4l1KzM2w7o9XqvB1_A"})
}

/// Gives a token for questions before payments, which are too many to be signed each. It is good for ten minutes and dies with the
/// key by which it was asked for. Orders, answers and reports are signed as before.
#[utoipa::path(
    post, path = "/tokens", tag = "partner", operation_id = "postToken",
    request_body(content = TokenRequest, description = "`token_request.v1`", example = json!(asked())),
    responses(
        (status = 200, description = "the token", body = Token, example = json!(given())),
        NotSigned, Refused,
    ),
    security(("signature_input" = [], "signature" = []))
)]
async fn post_token(
    State(app): State<App>,
    roster: Option<Extension<Arc<Roster>>>,
    signed: Signed,
) -> Response {
    let request: TokenRequest = match signed.json() {
        Ok(request) => request,
        Err(problem) => return problem.into_response(),
    };
    if request.kind_of_message != "token_request.v1" {
        return unreadable("type", "expected `token_request.v1`".to_owned()).into_response();
    }
    match mint(&app, &signed).await {
        Ok(token) => {
            // Whoever has a token is known at once, also where the key was added a moment ago.
            if let Some(Extension(roster)) = roster
                && let Err(error) = roster.refresh(&app).await
            {
                return Problem::json(&error).into_response();
            }
            let kind_of_message = "token.v1".to_owned();
            Json(Token { kind_of_message, token, expires_in: GOOD_SECS }).into_response()
        }
        Err(error) => Problem::json(&error).into_response(),
    }
}

async fn mint(app: &App, signed: &Signed) -> Result<String, PartnerError> {
    let keyid = signed.keyid.clone();
    let key = app.db.read(move |tx| store::key(tx, &keyid)).await?.ok_or(PartnerError::UnknownKey)?;
    let expires = app.wall.now().as_secs().saturating_add(GOOD_SECS);
    Ok(token::mint(&app.vault, Claims { partner: key.partner, key: token::mark(&key.public_key), expires }))
}
