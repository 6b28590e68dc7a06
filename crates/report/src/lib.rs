//! Fraud reports: from the citizen's first answer to the receipt, and the citizen's own view of it.
//!
//! A report is taken as it comes and never refused for being incomplete; what is missing is asked for
//! later. Filing writes the report, its payments, its sightings, the record and the news of it in one
//! transaction. What happens to the money is told by the slices above, which subscribe to
//! [`RECEIVED`], [`PAYMENT_ADDED`], [`PAYMENT_COMPLETED`], [`STORY_TOLD`] and [`MESSAGE`].

pub mod api;
pub mod draft;
mod error;
mod examples;
pub mod intake;
pub mod jobs;
pub mod model;
mod named;
pub mod rules;
pub mod service;
mod sight;
pub mod store;
mod visit;
pub mod web;

pub use error::ReportError;
pub use model::{Harm, NewPayment, NewReport, Payment, PaymentId, Report, ReportId, Reporter, Target};
pub use named::{Named, Source, named, owned, region};
pub use service::Filed;

/// A report was filed. Subject: the report. Body: `{}`.
pub const RECEIVED: &str = "report.received.v1";
/// A payment was added to a report later. Subject: the report. Body: `{"payment": UUID}`.
pub const PAYMENT_ADDED: &str = "report.payment_added.v1";
/// Facts of a payment were filled in or put right: an order that was impossible may be drafted now. Subject:
/// the report. Body: `{"payment": UUID}`.
pub const PAYMENT_COMPLETED: &str = "report.payment_completed.v1";
/// Officers found something out, or took it back. Subject: the report. Body: `{}`.
pub const CLUES: &str = "report.clues.v1";
/// Somebody wrote. Subject: the report. Body: `{"from": "reporter"}` or `{"from": "desk"}`; a correction that
/// an officer must look at is a word of the reporter, too.
pub const MESSAGE: &str = "report.message.v1";
/// The story was told or told anew. Subject: the report. Body: `{}`.
pub const STORY_TOLD: &str = "report.story_told.v1";
/// Answers of stage two were given or changed. Subject: the report. Body: `{}`.
pub const DETAILS: &str = "report.details_kept.v1";
/// Personal data was erased by law. Subject: the report. Body: `{}`.
pub const EXPUNGED: &str = "report.expunged.v1";
/// The citizen withdrew the report. Subject: the report. Body: `{}`.
pub const WITHDRAWN: &str = "report.withdrawn.v1";

/// Tables and statements of this slice.
pub const SLICE: db::Slice =
    db::Slice { name: "report", migrations: store::MIGRATIONS, statements: store::STATEMENTS };

/// Texts of this slice.
pub const LOCALES: [::web::Locale; 3] = ::web::locales!("report");
