//! Pages: the list, taking in, one exhibit with its custody, the acts on it, packages.

mod acts;
mod ask;
mod list;
mod look;
mod look_words;
mod packages;
mod panel;
mod places;
mod send;
mod show;
mod take;
mod words;

use std::sync::Arc;

use app::App;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts};
use axum::http::request::Parts;
use axum::routing::{get, post};
use kernel::Class;
use ledger::NoteVerifier;
use web::Problem;

use crate::rules::MOST_PART;
use crate::shelf::Shelf;

pub use words::state;

pub use panel::{Above, Finder, Panel};

/// What the pages need besides the node: the shelf, and whose signatures packages carry.
#[derive(Debug, Clone)]
pub struct Office {
    /// The folder of exhibits.
    pub shelf: Shelf,
    /// Whether this node looks into files.
    pub looks: bool,
    /// The log's key.
    pub log: NoteVerifier,
    /// Keys of the witnesses that this node asks.
    pub witnesses: Arc<Vec<NoteVerifier>>,
}

/// A node without a folder keeps no exhibits.
impl<S: Send + Sync> FromRequestParts<S> for Office {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Problem::new(Class::Unavailable, "evidence.folder"))
    }
}

/// Room for a part of a file and what stands around it, bytes.
const PART_BYTES: usize = MOST_PART + 64 * 1024;

/// Routes of the desk.
pub fn routes() -> Router<App> {
    let files = Router::new()
        .route("/desk/evidence/new", get(take::form).post(take::take))
        .layer(DefaultBodyLimit::max(report::web::FILES_BODY_BYTES));
    let parts = Router::new()
        .route("/desk/evidence/uploads/{id}", get(send::stands).patch(send::part))
        .layer(DefaultBodyLimit::max(PART_BYTES));
    let at = "/desk/evidence/{number}";
    Router::new()
        .merge(files)
        .merge(parts)
        .route("/desk/evidence", get(list::show))
        .route("/desk/evidence/uploads", post(send::begin))
        .route("/desk/evidence/uploads/{id}/finish", post(send::finish))
        .route("/desk/evidence/places", get(places::show).post(places::add))
        .route("/desk/evidence/places/{id}", post(places::set))
        .route("/desk/evidence/package", get(packages::form).post(packages::make))
        .route(at, get(show::show))
        .route(&format!("{at}/content"), post(show::content))
        .route(&format!("{at}/proof/{{no}}"), post(show::proof))
        .route(&format!("{at}/move"), post(acts::move_to))
        .route(&format!("{at}/offer"), post(acts::offer))
        .route(&format!("{at}/receive"), post(acts::receive))
        .route(&format!("{at}/call-back"), post(acts::call_back))
        .route(&format!("{at}/{{act}}"), get(acts::form).post(acts::act))
}

/// Where an exhibit is.
fn page_of(number: &str) -> String {
    format!("/desk/evidence/{}", web::encode(number))
}
