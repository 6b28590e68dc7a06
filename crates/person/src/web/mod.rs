//! Pages of persons: the list and the search, the pairs that wait, one person, somebody written down by hand.

mod dropper;
mod dropper_form;
mod droppers;
mod hand;
mod holders;
mod list;
mod lists;
mod panel;
mod person;
mod record;
mod review;
mod weights;
mod words;

use app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

pub use holders::holders_panel;
pub use panel::{BoardPanel, board_panel};

/// Routes of the desk.
pub fn routes() -> Router<App> {
    // A table that is too large is read as far as it takes to say so.
    let tables = Router::new()
        .route("/desk/persons/lists", get(lists::index).post(lists::bring))
        .layer(DefaultBodyLimit::max(report::web::FILES_BODY_BYTES));
    Router::new()
        .merge(tables)
        .route("/desk/persons", get(list::show).post(list::find))
        .route("/desk/persons/new", get(hand::show).post(hand::submit))
        .route("/desk/persons/review", get(review::show).post(review::judge))
        .route("/desk/persons/review/{id}/part", post(review::part))
        .route("/desk/persons/judgements/{id}/undo", post(review::undo))
        .route("/desk/persons/droppers", get(droppers::list))
        .route("/desk/persons/weights", get(weights::show))
        .route("/desk/persons/weights/{version}", post(weights::choose))
        .route("/desk/persons/lists/{id}", get(lists::show))
        .route("/desk/persons/lists/{id}/start", post(lists::start))
        .route("/desk/persons/lists/{id}/undo", post(lists::undo))
        .route("/desk/persons/records/{id}", get(record::show).post(record::correct))
        .route("/desk/persons/records/{id}/back", post(record::take_back))
        .route("/desk/persons/records/{id}/restore", post(record::restore))
        .route("/desk/persons/{id}", get(person::show))
        .route("/desk/persons/{id}/dropper", get(dropper::show).post(dropper::signal))
        .route("/desk/persons/{id}/dropper/{dropper}/step/{act}", post(dropper::keep))
        .route("/desk/persons/{id}/dropper/{dropper}/sign/{act}", post(dropper::sign))
}
