//! What an institution has agreed to, version beside version: taken in by a form or a file at the desk, where a second
//! administrator confirms it, or by the command line. `model <- {rules, place, file, store} <- service <- views`.
//!
//! # Architecture invariant
//! Nothing that waits for a second person changes where orders go, who is believed, or what anybody outside sees: an
//! institution is made, and an institution is changed, by [`service::confirm`] or the command line alone.

pub mod file;
mod model;
pub mod place;
pub mod rules;
pub mod service;
pub(crate) mod store;
pub mod views;

pub use model::{Agreement, AgreementId, AgreementStatus, ContactPoint, Decision, Terms};
pub use rules::{DecideError, End, Fault};
pub use service::{Faults, Over, Proposal};
pub use views::{AgreementView, History};
