//! Pages of the desk: schemes, one scheme, and what people decide about it.

mod decide;
mod list;
mod money;
mod panel;
mod pictures;
mod show;
mod words;

use app::App;
use axum::Router;
use axum::routing::{get, post};

pub use panel::{Panel, Panels, report_panel};

/// Routes of the desk.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/schemes", get(list::show))
        .route("/desk/schemes/alarms/{id}/seen", post(decide::seen))
        .route("/desk/schemes/decisions/{id}/undo", post(decide::undo))
        .route("/desk/schemes/{number}", get(show::show))
        .route("/desk/schemes/{number}/money", get(money::show))
        .route("/desk/schemes/{number}/decide", get(decide::form).post(decide::decide))
}

/// The address of a scheme's page.
pub(crate) fn page_of(number: &str) -> String {
    format!("/desk/schemes/{number}")
}
