//! An import, and the rows that came of it.

use evidence::ExhibitId;
use kernel::Timestamp;
use reader::Ended;
use reader::child::Failure;
use serde::{Deserialize, Serialize};
use statement::{Row, Summary, Trouble};

kernel::id_kind!(
    /// An exhibit read as rows.
    ImportKind,
    ImportId,
    "imp"
);

kernel::words!(
    /// Where an import has come to.
    State {
        /// Rows are being read.
        Reading = "reading",
        /// It was read to its end.
        Read = "read",
        /// It could not be read to its end: no row of it is kept.
        Failed = "failed",
        /// Somebody took it back.
        TakenBack = "taken_back",
    }
);

kernel::words!(
    /// What a row is.
    RowKind {
        /// Money moved on an account.
        Movement = "movement",
        /// Somebody called.
        Call = "call",
        /// Somebody wrote.
        Message = "message",
        /// An account with some service.
        Account = "account",
    }
);

/// An exhibit that was read as rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Which one.
    pub id: ImportId,
    /// Of which exhibit.
    pub exhibit: ExhibitId,
    /// Who had it read, as [`kernel::Actor::label`].
    pub author: String,
    /// When.
    pub begun_at: Timestamp,
    /// Where it has come to.
    pub state: State,
    /// How many rows are kept.
    pub rows: i64,
    /// How many things were wrong.
    pub troubles: i64,
    /// When something last happened to it.
    pub changed_at: Timestamp,
}

/// What was found, and by which mapping. Sealed under the exhibit's key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// The mapping by which it was read, TOML; empty where it was found out.
    pub mapping: String,
    /// What the rows come to.
    pub summary: Option<Box<Summary>>,
    /// What was wrong, the first of it.
    pub troubles: Vec<Trouble>,
    /// Why it was not read to its end.
    pub failure: Option<Failure>,
    /// How the reading process ended.
    pub ended: Option<Ended>,
    /// Why it was taken back.
    pub taken_back: String,
    /// Whether somebody said otherwise of the columns than was found.
    pub corrected: bool,
    /// What a row looked like where headings say nothing.
    pub shape: String,
}

/// What somebody said of a file like this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsBefore {
    /// Which one.
    pub id: uuid::Uuid,
    /// By whom, by name.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Whether the file was read so: its headings are the same. Else it is offered.
    pub applied: bool,
}

/// What trying comes to: nothing of it is kept.
#[derive(Debug, Clone)]
pub struct Tried {
    /// What was found.
    pub told: Told,
    /// The first rows.
    pub first: Vec<Row>,
    /// How many there are.
    pub rows: u64,
    /// How many things were wrong.
    pub troubles: u64,
    /// What somebody said of a file like this one.
    pub before: Option<AsBefore>,
}

/// A row as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its number among the rows, from 1.
    pub no: i64,
    /// The line of the file.
    pub line: i64,
    /// What it is.
    pub kind: RowKind,
    /// When, as far as it was told; a day alone is its first moment.
    pub at: Option<Timestamp>,
    /// Whose account or number it is: kind of identifier and canonical writing.
    pub own: Option<(String, String)>,
    /// The other side.
    pub other: Option<(String, String)>,
    /// The row as it was read.
    pub row: Row,
}
