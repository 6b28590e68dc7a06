//! Programs of staff, for handlers of the API: known by a token; a browser's session reads and changes nothing.

use app::{App, Came};
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse as _, Response};
use http::header::AUTHORIZATION;
use http::request::Parts;
use kernel::{Actor, Class, Coded as _};
use web::Problem;

use crate::absence::present;
use crate::account::{Program, Session, TokenError, bear};

/// Whoever reads over the API: a program by its token, or somebody signed in at the desk.
#[derive(Debug, Clone)]
pub struct Reads {
    /// The application, which records by which token something was read.
    pub app: App,
    /// Who reads.
    pub actor: Actor,
}

/// Whoever changes something over the API: a program alone, by a token that may, and whose owner is not away. A session of a browser
/// changes nothing here, so that no page of somebody else's can make a browser do it.
#[derive(Debug, Clone)]
pub struct Writes {
    /// The application, which records by which token something was done.
    pub app: App,
    /// Who does it.
    pub actor: Actor,
}

/// What stands behind `Authorization: Bearer`; `None` where nothing does.
fn borne(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(AUTHORIZATION)?;
    // Another scheme is no token: it is refused as one, and never falls back to a cookie.
    let (scheme, token) = value.to_str().unwrap_or_default().split_once(' ').unwrap_or_default();
    Some(if scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" })
}

/// The refusal as a problem, with the challenge of RFC 6750 and when to come again.
fn refused(error: &TokenError) -> Response {
    let problem = Problem::json(error);
    match error {
        TokenError::TooMany { wait_secs } => problem.retry_after(*wait_secs),
        e if e.class() == Class::Unauthenticated => problem.challenge("Bearer"),
        TokenError::Reads => problem.challenge("Bearer error=\"insufficient_scope\""),
        _ => problem,
    }
    .into_response()
}

fn came(app: &App, program: &Program) -> App {
    app.came(Came { token: Some(program.token.uuid()), ..Came::default() })
}

/// Who of the staff is signed in at the desk.
async fn signed_in(parts: &mut Parts, app: &App) -> Result<Option<Session>, Response> {
    let session = <Option<Session> as FromRequestParts<App>>::from_request_parts(parts, app);
    let session = session.await.map_err(|problem| problem.into_response())?;
    Ok(session.filter(|s| matches!(s.actor, Actor::Staff { .. })))
}

impl FromRequestParts<App> for Reads {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        if let Some(token) = borne(parts) {
            let program = bear(app, token).await.map_err(|e| refused(&e))?;
            return Ok(Self { app: came(app, &program), actor: program.actor });
        }
        match signed_in(parts, app).await? {
            Some(session) => Ok(Self { app: app.clone(), actor: session.actor }),
            None => Err(refused(&TokenError::Missing)),
        }
    }
}

impl FromRequestParts<App> for Writes {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let Some(token) = borne(parts) else {
            let known = signed_in(parts, app).await?.is_some();
            return Err(refused(if known { &TokenError::Session } else { &TokenError::Missing }));
        };
        let program = bear(app, token).await.map_err(|e| refused(&e))?;
        if !program.writes {
            return Err(refused(&TokenError::Reads));
        }
        // A machine that goes on in the name of somebody who is away acts for nobody.
        let (who, now) = (program.actor.clone(), app.office.now());
        let here = app.db.read(move |tx| present(tx, &who, now)).await.map_err(TokenError::from);
        here.and_then(|p| p.map_err(TokenError::from)).map_err(|e| refused(&e))?;
        Ok(Self { app: came(app, &program), actor: program.actor })
    }
}
