//! The officers' desk: queue, report, orders to send, one order, clock board, standing approvals. Every page works
//! without scripts; what leaves the house has a page that shows exactly what will leave.

mod act;
mod approvals;
mod approve;
mod board;
mod closing;
mod clues;
mod dispatch;
mod ending;
mod extending;
mod file;
mod filed;
mod files;
mod filter;
mod hands;
mod listing;
mod order;
mod order_row;
mod plan;
mod queue;
mod recording;
mod report;
mod returning;
mod sanction;
mod suppress;
#[cfg(test)]
mod tests;
mod timeline;

use app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use serde::Deserialize;

pub use board::{BoardPart, BoardParts, Part};
pub use timeline::timeline_of;

/// The form of a whole report reads this much.
const FORM_BODY_BYTES: usize = 4 * 1024 * 1024;

/// Routes of this slice.
pub fn routes() -> Router<App> {
    // A story that is too long comes back with a sentence beside it instead of a bare refusal.
    let long = Router::new()
        .route("/desk/reports/new", get(file::form).post(file::file))
        .layer(DefaultBodyLimit::max(FORM_BODY_BYTES));
    let with_files = Router::new()
        .route("/desk/reports/{number}/files", post(files::add))
        .layer(DefaultBodyLimit::max(::report::web::FILES_BODY_BYTES));
    Router::new()
        .merge(long)
        .merge(with_files)
        .route("/desk/reports/{number}/files/{no}", get(files::show))
        .route("/desk/reports/filed", get(filed::receipt).post(filed::handed_over))
        .route("/desk", get(queue::show).post(queue::bulk))
        .route("/desk/rows", get(queue::rows))
        .route("/desk/undo/{act}", post(act::undo))
        .route("/desk/reports/{number}", get(report::show))
        .route("/desk/reports/{number}/peek", get(report::peek))
        .route("/desk/reports/{number}/orders", get(plan::of_report))
        .route("/desk/reports/{number}/suppress", get(suppress::show).post(suppress::act))
        .route("/desk/schemes/{number}/suppress", get(suppress::show_scheme).post(suppress::act_scheme))
        .route("/desk/reports/{number}/clues", get(clues::show).post(clues::add))
        .route("/desk/reports/{number}/clues/{clue}/take-back", post(clues::take_back))
        .route("/desk/reports/{number}/take", post(act::take))
        .route("/desk/reports/{number}/give-back", post(act::give_back))
        .route("/desk/reports/{number}/snooze", get(act::snooze_form).post(act::snooze))
        .route("/desk/reports/{number}/wake", post(act::wake))
        .route("/desk/reports/{number}/close", post(closing::close))
        .route("/desk/reports/{number}/reopen", post(act::reopen))
        .route("/desk/reports/{number}/message", post(report::message))
        .route("/desk/orders", get(plan::all))
        .route("/desk/orders/send", post(plan::send))
        .route("/desk/orders/{id}", get(order::show))
        .route("/desk/orders/{id}/cancel", get(ending::cancel_form).post(ending::cancel))
        .route("/desk/orders/{id}/release", get(ending::release_form).post(ending::release))
        .route("/desk/reports/{number}/list", get(listing::show).post(listing::act))
        .route("/desk/orders/{id}/delist", get(listing::delist_form).post(listing::delist))
        .route("/desk/dispatch", get(dispatch::list))
        .route("/desk/dispatch/{id}", get(dispatch::show).post(dispatch::hand_over))
        .route("/desk/dispatch/{id}/file", get(dispatch::file))
        .route("/desk/dispatch/{id}/mail", get(dispatch::mail))
        .route("/desk/orders/{id}/extend", get(extending::show).post(extending::act))
        .route("/desk/orders/{id}/objects/{object}/correct", get(ending::correct_form).post(ending::correct))
        .route("/desk/orders/{id}/objects/{object}/answer", get(recording::form).post(recording::record))
        .route("/desk/orders/{id}/objects/{object}/return", get(returning::show).post(returning::act))
        .route("/desk/sanctions", get(sanction::list))
        .route("/desk/sanctions/{id}", get(sanction::show).post(sanction::decide))
        .route("/desk/board", get(board::show))
        .route("/desk/board/rows", get(board::rows))
        .route("/desk/approvals", get(approvals::show).post(approvals::draft))
        .route("/desk/approvals/{id}/{version}/sign", get(approve::sign_form).post(approve::sign))
        .route("/desk/approvals/{id}/revoke", get(approve::revoke_form).post(approve::revoke))
}

/// The one field that several forms have.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReasonForm {
    reason: String,
}

/// Where an act comes back to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BackForm {
    back: String,
}

impl BackForm {
    /// A path of the desk, else `other`.
    fn or(&self, other: &str) -> String {
        let path = web::local_path(&self.back);
        let inside = path == "/desk" || path.starts_with("/desk/") || path.starts_with("/desk?");
        if inside { path.to_owned() } else { other.to_owned() }
    }
}
