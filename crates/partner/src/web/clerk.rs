//! Who of an institution's people is signed in, for handlers of the console.

use ::web::Problem;
use access::Staff;
use app::App;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use kernel::Actor;

use crate::service::PartnerError;
use crate::store;

/// Somebody of an institution that takes part. The session alone does not say so: an institution that is taken out is
/// out at once, whoever of its people is still signed in.
#[derive(Debug, Clone)]
pub struct Clerk {
    /// The institution, with the person.
    pub actor: Actor,
    /// Its short code.
    pub code: String,
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
        let (app, wanted) = (App::from_ref(state), code.clone());
        match app.db.read(move |tx| store::by_code(tx, &wanted)).await {
            Ok(Some(partner)) if partner.active => Ok(Self { actor, code }),
            Ok(_) => Err(Problem::of(&PartnerError::Out).into_response()),
            Err(error) => Err(Problem::of(&error).into_response()),
        }
    }
}
