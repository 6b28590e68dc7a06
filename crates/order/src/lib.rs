//! Orders to partners: drafted, approved, sent, acknowledged, answered, released, lapsed.
//!
//! No order without a basis in force, enough approvers (per order, or by a standing approval that covers
//! it), clocks, and an end of its own. Answers are taken once and fold into the same state in whatever
//! order they arrive. Where money goes next is `trail`'s business: it hears [`ANSWERED`] and asks for the
//! next order through [`service::draft_in`].
//!
//! `model <- {rules, answer, message, store} <- law <- service <- {api, jobs}`.

pub mod answer;
pub mod api;
pub mod approval;
pub mod claims;
mod described;
pub mod details;
mod error;
mod examples;
pub mod extending;
pub mod folder;
pub mod iso;
pub mod jobs;
mod law;
pub mod measure;
pub mod message;
pub mod model;
pub mod outgoing;
pub mod payer;
pub mod rules;
pub mod score;
pub mod service;
pub mod store;
#[cfg(test)]
mod testing;
pub mod trial;
pub mod words;

pub use error::OrderError;
pub use model::{NewObject, NewOrder, Object, ObjectId, ObjectState, Order, OrderId, Status};
pub use partner::gateway;

/// An order was drafted. Subject: the order. Body: `{"report": ID}`.
pub const DRAFTED: &str = "order.drafted.v1";
/// An order went out. Subject: the order. Body: `{"report": ID}`.
pub const SENT: &str = "order.sent.v1";
/// A partner has an order. Subject: the order. Body: `{"report": ID, "object": ID|null, "codes": […]}`.
pub const ACKNOWLEDGED: &str = "order.acknowledged.v1";
/// A partner said what became of the money. Subject and body as [`ACKNOWLEDGED`].
pub const ANSWERED: &str = "order.answered.v1";
/// An order is late. Subject: the order. Body: `{"report": ID, "late": "acknowledgement"|"answer"}`.
pub const LATE: &str = "order.late.v1";
/// An order ended by order, in whole or in part. Subject: the order. Body: `{"report": ID}`.
pub const RELEASED: &str = "order.released.v1";
/// An order ends at another time than before: it was made to go on, or the institution refused that. Subject: the order.
/// Body: `{"report": ID}`.
pub const EXTENDED: &str = "order.extended.v1";
/// An order ended by its term. Subject: the order. Body: `{"report": ID, "freed_minor": N}`.
pub const LAPSED: &str = "order.lapsed.v1";
/// The prosecutor was asked to sanction an order. Subject: the order. Body: `{"report": ID}`.
pub const SANCTION_ASKED: &str = "order.sanction_asked.v1";
/// A payment led to no order. Subject: the report. Body: `{"payment": ID, "why": CODE}`.
pub const NOT_DRAFTED: &str = "order.not_drafted.v1";

/// Tables and statements of this slice.
pub const SLICE: db::Slice =
    db::Slice { name: "order", migrations: store::MIGRATIONS, statements: store::STATEMENTS };

/// Texts of this slice.
pub const LOCALES: [::web::Locale; 3] = ::web::locales!("order");
