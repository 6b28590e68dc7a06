//! A matter in the country's registers: handed over, numbered by the register, decided on within the time of the law.
//! The platform keeps no register of its own and replaces none: it hands over, keeps what the registers answer, shows the
//! clock, and has whoever refuses give reasons.
//!
//! `model <- {rules, store} <- service <- {web, api, jobs}`. Which registers there are, in which order, by which clocks, is data
//! (`registers.toml` of the profile). Kinds of matter are an open list ([`Kind`]): reports are this slice's own, slices above bring theirs.

pub mod api;
mod error;
mod examples;
pub mod export;
pub mod jobs;
mod kinds;
pub mod model;
pub mod roads;
pub mod rules;
pub mod service;
pub mod store;
pub mod web;

pub use error::{FIELDS, RegistrationError};
pub use kinds::{Head, Kind, Of, Wants};
pub use model::{Reference, Registration, RegistrationId, State, Subject};

/// A register took a matter under a number. Subject: the matter. Body: `{"kind": KIND, "system": CODE}`.
pub const REGISTERED: &str = "registration.registered.v1";
/// A decision about a matter stands. Subject: the matter. Body: `{"kind": KIND, "system": CODE, "outcome": OUTCOME}`.
pub const DECIDED: &str = "registration.decided.v1";
/// Something else became of a matter that is no report: it was opened, handed over, turned away, proposed, put right; or a report's number was
/// put right. Subject: the matter. Body: `{"kind": KIND, "system": CODE}`.
pub const CHANGED: &str = "registration.changed.v1";

/// Tables and statements of this slice.
pub const SLICE: db::Slice =
    db::Slice { name: "registration", migrations: store::MIGRATIONS, statements: store::STATEMENTS };

/// Texts of this slice.
pub const LOCALES: [::web::Locale; 3] = ::web::locales!("registration");
