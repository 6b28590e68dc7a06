//! Partners: banks, payment organisations, operators and clearing centres. Who they are, where their
//! gateway is, by which keys they sign, and whether a signed message may be believed. [`notify`] tells them that
//! something waits.
//!
//! `model <- {rules, store} <- {service, manage} <- {api, web}`. Orders and answers are other slices' business.

pub mod api;
pub mod described;
pub mod manage;
pub mod model;
pub mod notify;
pub mod rules;
pub mod service;
pub mod store;
mod strict;
pub mod web;

pub use model::{Contact, Country, Institution, Partner, PartnerId, PartnerKey, PartnerRole, Protocol};
pub use service::{PartnerError, Verified};

/// Tables and statements of this slice.
pub const SLICE: db::Slice =
    db::Slice { name: "partner", migrations: store::MIGRATIONS, statements: store::STATEMENTS };

/// The words of this slice's pages and failures.
pub const LOCALES: [::web::Locale; 3] = ::web::locales!("partner");
