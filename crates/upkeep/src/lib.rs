//! What keeps a node going and is nobody's case: at present, news between the parts of the platform that one of
//! them could not handle. An administrator sees which part, which kind of news, what it said, and has it tried again
//! or leaves it out; and whether the database is as it was written. No case data: ids only.
//!
//! `{service, rot} <- web`. The rows are the outbox's, in `db`.

pub mod rot;
pub mod service;
pub mod web;

pub use service::UpkeepError;

/// The words of this slice's pages and failures.
pub const LOCALES: [::web::Locale; 3] = ::web::locales!("upkeep");
