//! The page of the desk.

mod page;
mod words;

use app::App;
use axum::Router;
use axum::routing::get;

/// Routes of the desk.
pub fn routes() -> Router<App> {
    Router::new().route("/desk/search", get(page::show).post(page::ask))
}
