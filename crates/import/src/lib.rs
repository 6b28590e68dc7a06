//! Exhibits read as rows: statements of accounts, records of calls, chats, reports of device extractions.
//!
//! What an exhibit holds is read by the limited process (`reader`), never here. First it is tried: what the columns mean, what the sums
//! come to, what could not be read; a person looks at that, corrects the mapping, and only then the rows are kept. Each keeps its exhibit
//! and its line. Movements show where the money of a report went (slice `trail`), where the reader may see the exhibit.
//!
//! `model <- {rules, store} <- service <- {web, jobs}`.
//!
//! **Architecture invariant.** Rows are sealed under the key of their exhibit: they go when it is destroyed.
//! **Architecture invariant.** Nothing is corrected or guessed in a row: it stands as it was read, with its line; an import is taken back whole.

mod error;
pub mod jobs;
pub mod model;
pub mod rules;
pub mod service;
pub mod store;
pub mod web;

use std::sync::Arc;

use db::outbox::{Event, HandlerError, Subscriber};

pub use error::ImportError;
pub use model::{Import, ImportId};

/// What reading needs besides the node: the bytes, and the process that reads them.
#[derive(Debug, Clone)]
pub struct Office {
    /// The folder of exhibits.
    pub shelf: evidence::Shelf,
    /// The limited process.
    pub reader: reader::Reader,
}

/// Rows of an exhibit were brought in, could not be read, or were taken back. Subject: the exhibit. Body: `{"import": ID}`.
pub const CHANGED: &str = "import.changed.v1";

/// Tables and statements of this slice.
pub const SLICE: db::Slice =
    db::Slice { name: "import", migrations: store::MIGRATIONS, statements: store::STATEMENTS };

/// What the slice hears.
#[must_use]
pub fn subscribers() -> Vec<Subscriber> {
    let exhibits = Arc::new(|tx: &mut db::Tx<'_>, event: &Event| {
        service::on_exhibit(tx, event).map_err(HandlerError::from)
    });
    let erased = Arc::new(|tx: &mut db::Tx<'_>, event: &Event| {
        service::on_expunged(tx, event).map_err(HandlerError::from)
    });
    vec![
        Subscriber { name: "import.exhibits", events: &[evidence::HAPPENED], handle: exhibits },
        Subscriber { name: "import.expunged", events: &[report::EXPUNGED], handle: erased },
    ]
}

/// Texts of this slice.
pub const LOCALES: [::web::Locale; 3] = ::web::locales!("import");
