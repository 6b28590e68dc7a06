//! Cases: what is looked into, by whom, by when, and what was decided. A case is opened from a report, from a scheme or by hand; a team works
//! on it and, where it is closed, nobody else is let in. Its time line makes itself from what happens in it and to what it is about.
//!
//! `model <- {rules, store} <- service <- {web, api, jobs}`. Offences, stages, capacities, shapes, kinds of decisions and the bodies that a case is
//! referred to are data (`cases.toml` of the profile).
//!
//! # Architecture invariants
//! - Words that people write are sealed under the key of the case in which they were written, also after a merge has moved them.
//! - A merge moves rows and changes none: authors, dates and keys stay, and an undone merge leaves what was before.
//! - A restricted note is there for its author and those whom it names; for all others it is not there, and not counted.
//! - A form or message that comes twice is carried out once (`service/once`): looked up under the lock of the case, written down with the act.
//! - A stage to which a decision of two persons leads is reached by no other way.

pub mod api;
mod error;
pub mod exchange;
pub mod jobs;
pub mod model;
pub mod rules;
pub mod service;
pub mod store;
pub mod web;

use std::sync::Arc;

use db::outbox::{Event, HandlerError, Subscriber};

pub use error::CaseError;
pub use model::{Case, CaseId};

/// A case was opened. Subject: the case. Body: `{}`.
pub const OPENED: &str = "case.opened.v1";
/// A case passed to another stage. Subject: the case. Body: `{"stage": CODE}`.
pub const STAGED: &str = "case.staged.v1";
/// A case was merged into another or parted, or that was undone. Subject: the case that was left. Body: `{"into": ID}`.
pub const MOVED: &str = "case.moved.v1";
/// Who is let in to a case, or whether others are, has changed. Subject: the case. Body: `{}`.
pub const LET_IN: &str = "case.let_in.v1";

/// Tables and statements of this slice.
pub const SLICE: db::Slice =
    db::Slice { name: "case", migrations: store::MIGRATIONS, statements: store::STATEMENTS };

/// Texts of this slice.
pub const LOCALES: [::web::Locale; 3] = ::web::locales!("case");

/// News after which the history of a report is read once more into the time lines of its cases.
const NEWS: &[&str] = &[
    report::PAYMENT_ADDED,
    report::PAYMENT_COMPLETED,
    report::STORY_TOLD,
    report::CLUES,
    report::DETAILS,
    report::MESSAGE,
    report::WITHDRAWN,
    report::EXPUNGED,
    registration::REGISTERED,
    registration::DECIDED,
    registration::CHANGED,
    order::DRAFTED,
    order::SENT,
    order::ACKNOWLEDGED,
    order::ANSWERED,
    order::LATE,
    order::RELEASED,
    order::EXTENDED,
    order::LAPSED,
    order::SANCTION_ASKED,
];

/// The slice's subscription.
#[must_use]
pub fn subscribers() -> Vec<Subscriber> {
    let handle = Arc::new(move |tx: &mut db::Tx<'_>, event: &Event| {
        service::on_news(tx, event).map_err(HandlerError::from)
    });
    let exhibits = Arc::new(move |tx: &mut db::Tx<'_>, event: &Event| {
        service::on_exhibit(tx, event).map_err(HandlerError::from)
    });
    vec![
        Subscriber { name: "case.news", events: NEWS, handle },
        Subscriber {
            name: "case.exhibits",
            events: &[evidence::HAPPENED, import::CHANGED],
            handle: exhibits,
        },
    ]
}
