//! Pages of the desk: the list of cases, one case, its time line, its paper, and a form for each act.

mod acts;
mod board;
mod bring;
mod forms;
mod list;
mod new;
mod panel;
mod paper;
mod show;
mod time;
pub(crate) mod words;

use app::App;
use axum::Router;
use axum::routing::{get, post};

pub use acts::acts;
pub use board::{BoardPanel, board_panel};
pub use panel::{report_panel, scheme_panel};
pub(crate) use time::{Banks, sentence};

/// Routes of the desk.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/cases", get(list::show).post(list::find))
        .route("/desk/cases/new", get(new::form).post(new::open))
        .route("/desk/cases/bring", get(bring::form).post(bring::bring))
        .route("/desk/cases/views", post(list::keep))
        .route("/desk/cases/views/{id}/drop", post(list::throw_away))
        .route("/desk/cases/{number}", get(show::show))
        .route("/desk/cases/{number}/time", get(time::show))
        .route("/desk/cases/{number}/paper", get(paper::show))
        .route("/desk/cases/{number}/confirm", post(acts::confirm))
        .route("/desk/cases/{number}/do/{act}", get(acts::form).post(acts::act))
        .merge(registration::web::routes_of(crate::service::registers::KIND))
}

/// The address of a case's page.
pub(crate) fn page_of(number: &str) -> String {
    format!("/desk/cases/{number}")
}
