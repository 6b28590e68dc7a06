//! One box over everything one may see: reports, things, orders, schemes, persons, institutions, in any of the country's writings.
//!
//! Words are kept as keyed hashes in an index of the node's own ([`index`]), which follows the news and is compared with everything there
//! is now and then ([`service::follow`], [`service::go_through`]); it can be thrown away. Who may see what is part of each question, so that
//! neither a count nor a facet nor a guess tells of anything hidden, and whatever is shown is asked of its slice again.
//!
//! A slice adds its kind by a [`Source`] in its own folder, which the program names beside [`sources::own`].

mod error;
pub mod index;
pub mod jobs;
pub mod model;
pub mod rules;
pub mod service;
mod shelf;
mod source;
pub mod sources;
pub mod token;
pub mod web;

pub use error::SearchError;
pub use model::{Answer, Document, Part, Shown, Wanted};
pub use shelf::{Shelf, Sources, with_reader};
pub use source::Source;

/// Texts of this slice.
pub const LOCALES: [::web::Locale; 3] = ::web::locales!("search");
