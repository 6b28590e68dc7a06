//! Forms that want a fresh one-time code and are too long to be typed twice: sent too late they come back with everything
//! that was typed, and with a field for the code.

use app::App;
use axum::extract::{FromRef, FromRequestParts};
use axum::response::Response;
use http::request::Parts;
use kernel::{Actor, Secret};
use web::{Ctx, Field, FieldError, Problem};

use super::client::From;
use crate::account::{Client, Session, SignInError, require_step_up, step_up};

/// Somebody who is signed in and sends such a form. Whether a code was entered lately is asked by [`Signing::fresh`], once
/// the form has been read.
#[derive(Debug, Clone)]
pub struct Signing {
    session: Session,
    client: Client,
}

/// The name of the field in which a form brings a code.
pub const CODE: &str = "code";

impl Signing {
    /// The person.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.session.actor
    }

    /// Whether a code was entered within the last five minutes, or came with the form. `Some`: the form is shown again with
    /// this error and [`code_field`]; nothing of it is lost.
    ///
    /// # Errors
    /// The session is over; the database's.
    pub async fn fresh(&self, app: &App, ctx: &Ctx, code: &str) -> Result<Option<FieldError>, Problem> {
        if require_step_up(app, &self.session).is_ok() {
            return Ok(None);
        }
        if code.trim().is_empty() {
            return Ok(Some(FieldError::new(ctx, CODE, "access-code.late")));
        }
        match step_up(app, &self.session, &Secret::new(code.to_owned()), &self.client).await {
            Ok(()) => Ok(None),
            Err(SignInError::Wrong) => Ok(Some(FieldError::new(ctx, CODE, "access-code.wrong"))),
            Err(SignInError::TooMany { wait_secs }) => {
                let minutes = i64::from(wait_secs.div_ceil(60));
                let wait = ctx.duration(minutes.saturating_mul(60_000_000));
                Ok(Some(FieldError::with(ctx, CODE, "access-login.too-many", &[("minutes", wait)])))
            }
            Err(e) => Err(Problem::of(&e)),
        }
    }
}

/// The field for the code, where the form must bring one; it comes first.
#[must_use]
pub fn code_field(ctx: &Ctx, errors: &[FieldError]) -> Option<Field> {
    let wanted = errors.iter().any(|e| e.field == CODE);
    let field = || Field::code(ctx, CODE, "access-code").autocomplete("one-time-code").width(10);
    wanted.then(|| field().errors(errors))
}

impl<S> FromRequestParts<S> for Signing
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let session = Session::from_request_parts(parts, state).await?;
        let Ok(From(client)) = From::from_request_parts(parts, state).await;
        Ok(Self { session, client })
    }
}
