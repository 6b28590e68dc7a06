//! Persons: who is who among reporters, owners of accounts, people whom officers write down and lists of others. A record is
//! one appearance; records that are one person's are found by the model of [`resolve`], which is pure, and what lies in the
//! middle waits for an officer.
//!
//! `resolve`, `model <- {rules, store} <- service <- web`.
//!
//! # Promises
//! - What people have judged is never undone by the machine, whatever comes later; people take it back.
//! - Nothing is merged for good: what joins two records is kept, and they part again.
//! - What is told of a person lies sealed under the key of the report that told it, and goes with that report; what a record is
//!   found by is a keyed hash.
//! - Whoever opens a person says for which report, and that is a record.

mod error;
pub mod model;
pub mod resolve;
pub mod rules;
pub mod service;
pub mod store;
pub mod web;

pub use error::PersonError;
pub use model::{JudgementId, PairId, Person, PersonId, RecordId};

/// Tables and statements of this slice.
pub const SLICE: db::Slice =
    db::Slice { name: "person", migrations: store::MIGRATIONS, statements: store::STATEMENTS };

/// Texts of this slice.
pub const LOCALES: [::web::Locale; 3] = ::web::locales!("person");
