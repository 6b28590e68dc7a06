//! Pages: an exhibit is tried as rows, its rows are brought in, looked at, taken back.

mod panel;
mod show;
mod trying;
mod words;

use app::App;
use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::routing::{get, post};
use kernel::Class;
use web::Problem;

pub use panel::exhibit_panel;

use crate::model::ImportId;

/// A node without a folder keeps no exhibits, and reads none.
impl<S: Send + Sync> FromRequestParts<S> for crate::Office {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Problem::new(Class::Unavailable, "evidence.folder"))
    }
}

/// Routes of the desk.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/evidence/{number}/rows", get(trying::form).post(trying::bring))
        .route("/desk/evidence/{number}/rows/try", post(trying::try_out))
        .route("/desk/evidence/imports/{id}", get(show::show))
        .route("/desk/evidence/imports/{id}/progress", get(show::progress))
        .route("/desk/evidence/imports/{id}/take-back", get(show::ask).post(show::take_back))
}

/// Where an import is.
fn page_of(id: ImportId) -> String {
    format!("/desk/evidence/imports/{id}")
}

/// Where an exhibit is.
fn exhibit_page(number: &str) -> String {
    format!("/desk/evidence/{}", web::encode(number))
}
