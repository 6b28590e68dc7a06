//! Who of an institution's people is signed in, for handlers of the console.

use ::web::Problem;
use access::{MaybeStaff, Staff};
use app::App;
use axum::extract::{FromRef, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use kernel::Actor;

use crate::service::PartnerError;
use crate::store;

/// Somebody of an institution that takes part.
#[derive(Debug, Clone)]
pub struct Clerk {
    /// The institution, with the person.
    pub actor: Actor,
    /// Its short code.
    pub code: String,
}

/// A layer over all pages behind the sign-in: people of an institution that was taken out are out at once, on whichever
/// page; what is left to them is the way out.
pub async fn taking_part(
    State(app): State<App>,
    MaybeStaff(actor): MaybeStaff,
    request: Request,
    next: Next,
) -> Response {
    let way_out = matches!(request.uri().path(), "/sign-in" | "/sign-out" | "/sign-in/demo");
    let Some(Actor::Partner { code, .. }) = actor.filter(|_| !way_out) else {
        return next.run(request).await;
    };
    match app.db.read(move |tx| store::by_code(tx, &code)).await {
        Ok(Some(partner)) if partner.active => next.run(request).await,
        Ok(_) => Problem::of(&PartnerError::Out).into_response(),
        Err(error) => Problem::of(&error).into_response(),
    }
}

impl<S> FromRequestParts<S> for Clerk
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let Staff(actor) = Staff::from_request_parts(parts, state).await?;
        // To staff and citizens the console does not exist.
        let Actor::Partner { code, person: Some(_), .. } = &actor else {
            return Err(Problem::not_found().into_response());
        };
        let code = code.clone();
        Ok(Self { actor, code })
    }
}
