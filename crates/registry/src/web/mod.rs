//! Pages: the portal's check, and the office's registry.

mod desk;
mod entry;
mod portal;
mod words;

use app::App;
use axum::Router;
use axum::routing::{get, post};

/// Routes of the portal.
pub fn portal_routes() -> Router<App> {
    Router::new().route("/check", get(portal::show).post(portal::submit))
}

/// Routes of the desk.
pub fn desk_routes() -> Router<App> {
    Router::new()
        .route("/desk/registry", get(desk::show).post(desk::find))
        .route("/desk/registry/{id}", get(entry::show))
        .route("/desk/registry/{id}/confirm", post(entry::confirm))
        .route("/desk/registry/{id}/list", post(entry::list))
        .route("/desk/registry/{id}/clear", post(entry::clear))
        .route("/desk/registry/{id}/object", post(entry::object))
        .route("/desk/registry/{id}/stand", post(entry::stand))
}
