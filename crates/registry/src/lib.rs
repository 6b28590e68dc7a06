//! The registry of identifiers: telephones, accounts, addresses that fraud was done with. It hears what reports name,
//! officers confirm it, a second person lists it, whoever it belongs to may object; institutions ask before a payment,
//! anybody asks at the portal, and each is told a class with its reasons and an advice, never the story.
//!
//! `model <- {rules, store} <- {live, service} <- {api, web}`; [`live`] is the copy in memory that answers before payments, and
//! the book in which questions are written down. Reading and comparing identifiers is `identifier`'s; an order
//! against one is `order`'s.
//!
//! # Promises
//! - One report harms nobody: what people have not decided is never a ground to decline (`rules::verdict`).
//! - What belongs to a victim, to an organisation that everybody deals with, or to nobody is told to nobody.
//! - What was cleared stays so until people decide anew.
//! - Personal numbers are kept as keyed hashes and masks. Who asked, how much and why is in the record; what was told of what
//!   is known, too.

pub mod api;
pub mod beforehand;
mod error;
pub mod live;
pub mod model;
pub mod rules;
pub mod service;
pub mod store;
pub mod web;

pub use error::RegistryError;
pub use model::{Entry, EntryId, Status};

/// Tables and statements of this slice.
pub const SLICE: db::Slice =
    db::Slice { name: "registry", migrations: store::MIGRATIONS, statements: store::STATEMENTS };

/// Texts of this slice.
pub const LOCALES: [::web::Locale; 3] = ::web::locales!("registry");
