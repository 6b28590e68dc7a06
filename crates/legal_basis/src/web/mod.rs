//! The law at the desk, under `/law`: every member of the staff reads it; administrators and approvers draft changes;
//! an approver who did not draft one enacts or refuses it.

mod answers;
mod change;
mod comparison;
mod decide;
mod fields;
mod list;
mod panel;
mod show;
mod words;

use app::App;
use axum::Router;
use axum::routing::{get, post};

pub use panel::explanation_panel;

use crate::change::LawDraftId;

/// Routes of this slice.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/law", get(list::list))
        .route("/law/{key}", get(show::show))
        .route("/law/{key}/change", get(change::form).post(change::draft))
        .route("/law/drafts/{id}", get(decide::show))
        .route("/law/drafts/{id}/enact", get(decide::enact_form).post(decide::enact))
        .route("/law/drafts/{id}/refuse", post(decide::refuse))
}

/// The address of a basis.
pub(crate) fn page_of(key: &str) -> String {
    format!("/law/{}", ::web::encode(key))
}

/// The address of a draft.
pub(crate) fn draft_page(id: LawDraftId) -> String {
    format!("/law/drafts/{id}")
}
