//! Partners: banks, payment organisations, operators and clearing centres. Who they are, where their
//! gateway is, by which keys they sign, and whether a signed message may be believed. [`agreement`] keeps what they have
//! agreed to, version beside version; [`notify`] tells them that something waits; [`quota`] counts
//! what they send.
//!
//! `model <- {rules, store} <- {service, manage, agreement} <- {api, web}`. Orders and answers are other slices' business.

pub mod agreement;
pub mod api;
pub mod bearer;
pub mod described;
pub mod envelope;
pub mod gateway;
pub mod manage;
pub mod mode;
pub mod model;
pub mod notify;
pub mod quota;
pub mod rules;
pub mod service;
pub mod store;
pub mod strict;
pub mod tls;
pub mod web;

pub use model::{Contact, Country, Institution, Mode, Partner, PartnerId, PartnerKey, PartnerRole, Protocol};
pub use service::{PartnerError, Verified};

/// Tables and statements of this slice.
pub const SLICE: db::Slice =
    db::Slice { name: "partner", migrations: store::MIGRATIONS, statements: store::STATEMENTS };

/// The words of this slice's pages and failures.
pub const LOCALES: [::web::Locale; 3] = ::web::locales!("partner");
