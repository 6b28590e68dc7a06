//! Pages of the desk: a chart with its tables, why a tie is there, views that people keep, and taking a chart out.

mod acts;
mod axis;
mod data;
mod parts;
mod show;
mod table;
mod why;
mod words;

use app::App;
use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::sources::Sources;

/// Routes of the desk. `sources` are those of the program.
pub fn routes(sources: Sources) -> Router<App> {
    Router::new()
        .route("/desk/chart", get(show::show))
        .route("/desk/chart/why", get(why::show))
        .route("/desk/chart/places", post(acts::place))
        .route("/desk/chart/views", post(acts::keep))
        .route("/desk/chart/views/{id}/remove", post(acts::remove))
        .route("/desk/chart/views/{id}/restore", post(acts::restore))
        .route("/desk/chart/export", post(acts::export))
        .layer(Extension(sources))
}

/// The address of a chart.
fn address(pairs: &[(&str, String)]) -> String {
    let query: Vec<String> = pairs.iter().map(|(n, v)| format!("{n}={}", web::encode(v))).collect();
    if query.is_empty() { "/desk/chart".to_owned() } else { format!("/desk/chart?{}", query.join("&")) }
}
