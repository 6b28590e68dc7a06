//! Failures of the record's machinery. What verification finds is no failure but a [`crate::report::Fault`].

use db::DbError;
use kernel::{Class, Coded};

/// Why the log could not be continued, exported or verified.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The stored log does not fit the last checkpoint that this node signed. It signs no more until somebody has found
    /// out why: a signature now would make the change look right.
    #[error("the stored log does not fit the last signed checkpoint: {0}")]
    Tampered(String),
    /// The name of the log is no key name.
    #[error("`{0}` cannot be the name of a log")]
    Name(String),
    /// The checkpoint that somebody kept is none of this log, or not signed by its key.
    #[error("the kept checkpoint cannot be used: {0}")]
    Kept(#[from] ledger::CheckpointError),
    /// A record that the log names is missing or damaged, so that the log cannot be exported.
    #[error("the record at position {0} is missing or damaged: verify the log first")]
    Incomplete(u64),
    /// A file of an export cannot be read or written.
    #[error("file `{path}`: {why}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        why: String,
    },
}

impl Coded for AuditError {
    fn class(&self) -> Class {
        match self {
            Self::Db(e) => e.class(),
            Self::Kept(_) | Self::File { .. } | Self::Name(_) => Class::Invalid,
            Self::Tampered(_) | Self::Incomplete(_) => Class::Bug,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Db(e) => e.code(),
            Self::Tampered(_) => "audit.tampered",
            Self::Name(_) => "audit.name",
            Self::Kept(_) => "audit.kept",
            Self::Incomplete(_) => "audit.incomplete",
            Self::File { .. } => "audit.file",
        }
    }
}
