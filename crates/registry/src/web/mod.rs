//! Pages: the portal's check, and the office's registry.

mod asked;
mod batch;
mod desk;
mod entry;
mod export;
mod mine;
mod objection;
mod portal;
mod words;

use app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

/// A list, and what stands around it. Larger files are told that they are too large as far as this.
const LIST_BODY_BYTES: usize = 8 * 1024 * 1024;

/// Routes of the portal.
pub fn portal_routes() -> Router<App> {
    Router::new()
        .route("/check", get(portal::show).post(portal::submit))
        .route("/check/mine", get(mine::portal_form).post(mine::portal_file))
        .route("/check/mine/outcome", post(mine::portal_outcome))
}

/// Routes of the desk.
pub fn desk_routes() -> Router<App> {
    let lists = Router::new()
        .route("/desk/registry/lists", get(batch::index).post(batch::bring))
        .layer(DefaultBodyLimit::max(LIST_BODY_BYTES));
    Router::new()
        .merge(lists)
        .route("/desk/registry/lists/{id}", get(batch::show))
        .route("/desk/registry/lists/{id}/lines", get(batch::lines))
        .route("/desk/registry/lists/{id}/start", post(batch::start))
        .route("/desk/registry/lists/{id}/sign", post(batch::sign))
        .route("/desk/registry/lists/{id}/undo", post(batch::undo))
        .route("/desk/registry/objections", get(objection::index))
        .route("/desk/registry/objections/{id}", get(objection::show))
        .route("/desk/registry/objections/{id}/accept", post(objection::accept))
        .route("/desk/registry/objections/{id}/close", post(objection::close))
        .route("/desk/registry/export", post(export::take))
        .route("/desk/registry/asked", get(asked::show).post(asked::find))
        .route("/desk/registry", get(desk::show).post(desk::find))
        .route("/desk/registry/{id}", get(entry::show))
        .route("/desk/registry/{id}/confirm", post(entry::confirm))
        .route("/desk/registry/{id}/list", post(entry::list))
        .route("/desk/registry/{id}/clear", post(entry::clear))
        .route("/desk/registry/{id}/object", post(entry::object))
        .route("/desk/registry/{id}/stand", post(entry::stand))
}
