//! What can go wrong between a slice and its database.

use kernel::{Class, Coded};

/// A failure of the database layer.
///
/// No message carries a column's content: PostgreSQL's `DETAIL` is dropped on purpose, because it quotes
/// the row (personal data have no place in a log).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// A guarded statement changed no row: somebody else was faster. The runner has already run the
    /// closure again a bounded number of times.
    #[error("the row changed meanwhile")]
    Conflict,
    /// The database or a queue in front of it is full or locked; trying later can help.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The database cannot be reached or cannot store; the work was not done, unless the text says that
    /// the outcome of a commit is unknown.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// A unique key exists already. `constraint` has PostgreSQL's name for it on both engines: the
    /// index's own name, or `table_pkey`, or `table_column_key`.
    #[error("unique key `{constraint}` exists already")]
    Unique {
        /// The name of the index or key.
        constraint: String,
    },
    /// Another constraint was violated (not null, check, foreign key): the program's fault.
    #[error("constraint violated: {constraint}")]
    Constraint {
        /// The engine's name for it.
        constraint: String,
    },
    /// `query_one` found no row.
    #[error("no row for statement `{statement}`")]
    NoRow {
        /// The statement's name.
        statement: &'static str,
    },
    /// The schema of the database does not fit this program.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// A programming mistake: a wrong statement, a wrong type, a panic inside a closure.
    #[error("database misuse: {0}")]
    Bug(String),
}

/// Why a database cannot be brought to the schema of this program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MigrationError {
    /// The text of an applied migration is not what it was when it was applied.
    #[error("migration {no} `{name}` of slice `{slice}` was applied with another text")]
    Changed {
        /// The slice.
        slice: String,
        /// The migration's number.
        no: u32,
        /// The migration's name.
        name: String,
    },
    /// The database has a migration that this program does not know.
    #[error(
        "the database has migration {no} of slice `{slice}`, newer than this program: install the newer release"
    )]
    Newer {
        /// The slice.
        slice: String,
        /// The number in the database.
        no: i64,
    },
    /// The migrations of a slice are not numbered 1, 2, 3…, or a slice is named twice.
    #[error("the migrations of slice `{slice}` are not numbered 1, 2, 3…, or two slices have this name")]
    Numbering {
        /// The slice.
        slice: String,
    },
    /// The migration's text uses what this project does not allow.
    #[error("migration {no} of slice `{slice}` uses `{word}`, which is not allowed here")]
    Forbidden {
        /// The slice.
        slice: String,
        /// The migration's number.
        no: u32,
        /// The word that is not allowed.
        word: &'static str,
    },
    /// A table that is to be altered is not as it was written.
    #[error(
        "table `{table}` is damaged and cannot be altered ({found}): restore a backup, or see `qorgan check-database`"
    )]
    Damaged {
        /// The table.
        table: String,
        /// The first thing that was found.
        found: String,
    },
    /// The migration failed.
    #[error("migration {no} `{name}` of slice `{slice}` failed: {why}")]
    Failed {
        /// The slice.
        slice: String,
        /// The migration's number.
        no: u32,
        /// The migration's name.
        name: String,
        /// What the engine said.
        why: String,
    },
}

impl Coded for DbError {
    fn class(&self) -> Class {
        match self {
            Self::Conflict | Self::Unique { .. } => Class::Conflict,
            Self::Busy(_) | Self::Unavailable(_) => Class::Unavailable,
            Self::NoRow { .. } => Class::NotFound,
            Self::Constraint { .. } | Self::Migration(_) | Self::Bug(_) => Class::Bug,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Conflict => "db.conflict",
            Self::Busy(_) => "db.busy",
            Self::Unavailable(_) => "db.unavailable",
            Self::Unique { .. } => "db.unique",
            Self::Constraint { .. } => "db.constraint",
            Self::NoRow { .. } => "db.no_row",
            Self::Migration(_) => "db.migration",
            Self::Bug(_) => "db.bug",
        }
    }
}
