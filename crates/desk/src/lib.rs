//! The officers' desk: the queue with its clocks, the board, what waits for a signature.
//!
//! The queue is a projection: one row per report, made from the news of `report`, `order` and `trail`, and
//! rebuildable. Only who works on a row, and until when it may wait, is the desk's own.

mod advice;
pub mod model;
pub mod rules;
pub mod service;
pub mod store;
pub mod web;

use std::sync::Arc;

use app::App;
use db::outbox::{HandlerError, Subscriber};

pub use model::{QueueRow, Why};
pub use service::DeskError;

/// Tables and statements of this slice.
pub const SLICE: db::Slice =
    db::Slice { name: "desk", migrations: store::MIGRATIONS, statements: store::STATEMENTS };

/// Texts of this slice.
pub const LOCALES: [::web::Locale; 3] = ::web::locales!("desk");

/// The news that change a row of the queue.
const NEWS: &[&str] = &[
    report::RECEIVED,
    report::PAYMENT_ADDED,
    report::PAYMENT_COMPLETED,
    report::STORY_TOLD,
    report::MESSAGE,
    report::WITHDRAWN,
    report::EXPUNGED,
    order::DRAFTED,
    order::SENT,
    order::ACKNOWLEDGED,
    order::ANSWERED,
    order::LATE,
    order::RELEASED,
    order::EXTENDED,
    order::LAPSED,
    order::NOT_DRAFTED,
];

/// The desk's subscription.
#[must_use]
pub fn subscribers(app: &App) -> Vec<Subscriber> {
    let app = app.clone();
    let handle = Arc::new(move |tx: &mut db::Tx<'_>, event: &db::outbox::Event| {
        service::on_news(tx, &app, event).map_err(HandlerError::from)
    });
    vec![Subscriber { name: "desk.queue", events: NEWS, handle }]
}
