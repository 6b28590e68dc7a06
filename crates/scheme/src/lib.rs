//! Schemes: which reports belong together, why, and how the fraud in them is done.
//!
//! Pure: [`gather`] finds what belongs together among stories of a file, [`kind`] how the fraud is done; `joins` and `near` say by what
//! reports are joined, [`rules`] how they come apart and what is out of the ordinary.
//!
//! In the database a scheme is what its reports say *now*: no tie is kept, each is found again from what is named and how it is told, so
//! that nothing is joined by what was taken back. A report joins at once ([`service::hear`]); what may have come apart is sorted anew
//! beside the writer ([`service::sort`]). What people decide is kept as pins on reports and stands against whatever is found later. The
//! same reports, things and decisions give the same schemes, in whatever order they came.

mod ear;
mod error;
pub mod gather;
pub mod jobs;
mod joins;
pub mod kind;
pub mod learn;
pub mod model;
mod near;
pub mod next;
pub mod rules;
pub mod service;
pub mod store;
pub mod web;
mod words;

use std::sync::Arc;

use app::App;
use db::outbox::{Event, HandlerError, Subscriber};

pub use ear::Ear;
pub use error::SchemeError;
pub use gather::{Edge, Story, gather};
pub use kind::{Known, Reader};
pub use learn::Learnt;
pub use model::{Scheme, SchemeId};
pub use near::{Aim, Key, Rows};

/// Tables and statements of this slice.
pub const SLICE: db::Slice =
    db::Slice { name: "scheme", migrations: store::MIGRATIONS, statements: store::STATEMENTS };

/// Texts of this slice.
pub const LOCALES: [::web::Locale; 3] = ::web::locales!("scheme");

/// The news that change what a report says.
const NEWS: &[&str] = &[
    report::RECEIVED,
    report::PAYMENT_ADDED,
    report::PAYMENT_COMPLETED,
    report::STORY_TOLD,
    report::CLUES,
    report::DETAILS,
    report::WITHDRAWN,
    report::EXPUNGED,
    order::ANSWERED,
];

/// The slice's subscription.
#[must_use]
pub fn subscribers(app: &App) -> Vec<Subscriber> {
    let (app, ear) = (app.clone(), Ear::new(app));
    let handle = Arc::new(move |tx: &mut db::Tx<'_>, event: &Event| {
        service::on_news(tx, &app, &ear, event).map_err(HandlerError::from)
    });
    vec![Subscriber { name: "scheme.news", events: NEWS, handle }]
}
