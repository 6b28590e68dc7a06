//! The path of the money: what became of it hop by hop, and whom to ask next.
//!
//! The trail is computed from what report and orders know each time it is asked for; this slice keeps no
//! table. It hears [`order::ANSWERED`] and asks for the next order: the hop opens by itself, within the
//! limits of the profile and of a standing approval, and never for more than the disputed sum still
//! unaccounted for.
//!
//! Beside it stands what is found in all transfers of many accounts, where an institution or a body gives them: [`follow`].
//!
//! `model <- rules <- gather <- service <- web`; `gather` turns what the slices below keep into facts; `picture` draws a [`model::Trail`] on the server.

pub mod follow;
mod gather;
pub mod habit;
pub mod matching;
pub mod model;
pub mod picture;
mod reached;
pub mod rules;
pub mod service;
mod told;
pub mod web;
mod within;

pub use gather::meaning;
pub use service::TrailError;
pub use within::{key_of, trail_of};

/// Texts of this slice.
pub const LOCALES: [::web::Locale; 3] = ::web::locales!("trail");
