//! The pages under `/console`. Every one works without scripts, and shows only what was handed to the institution of
//! whoever is signed in.

mod answer;
mod inbox;
mod order;
mod past;
mod scores;
mod table;
#[cfg(test)]
mod tests;
mod trial;

use ::order::OrderId;
use ::order::words;
use app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use kernel::Timestamp;
use web::{ClockState, Ctx, Markup, Problem};

pub use trial::panel as trial_panel;

/// A table, and what stands around it.
const TABLE_BODY_BYTES: usize = 4 * 1024 * 1024;

/// Routes of this slice.
pub fn routes() -> Router<App> {
    let tables = Router::new()
        .route("/console/table", get(table::show).post(table::check))
        .route("/console/table/send", post(table::send))
        .layer(DefaultBodyLimit::max(TABLE_BODY_BYTES));
    Router::new()
        .merge(tables)
        .route("/console", get(inbox::show))
        .route("/console/received", post(inbox::received))
        .route("/console/orders/{id}", get(order::show))
        .route("/console/orders/{id}/objects/{object}/answer", get(answer::form).post(answer::send))
        .route("/console/table.csv", get(table::take))
        .route("/console/past", get(past::show))
        .route("/console/trials/{id}", get(trial::show).post(trial::answer))
        .route("/admin/institutions/{code}/trial", post(trial::send))
}

/// What everybody may see.
pub fn portal_routes() -> Router<App> {
    Router::new().route("/institutions", get(scores::show))
}

/// Reads the id in the address; anything else is not found.
fn id(text: &str) -> Result<OrderId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// A clock that runs since an order was sent.
fn running(ctx: &Ctx, due: Timestamp, since: Timestamp) -> Markup {
    ctx.clock(due, ctx.now(), &ClockState::Running { since })
}

/// The text of what an institution owes beside its answer.
fn owed_key(kind: &str) -> &'static str {
    match kind {
        "release" => "console-owed-release",
        "notice" => "console-owed-notice",
        _ => "console-owed-correction",
    }
}

/// An answer code in words, with its letters.
fn code_words(ctx: &Ctx, code: ::order::answer::Code) -> String {
    words::code(ctx, &code.as_string())
}
