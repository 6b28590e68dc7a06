//! What can go wrong with an import.

use db::DbError;
use evidence::EvidenceError;
use kernel::{Class, Coded};

/// What can go wrong with an import.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// No such import, or hidden.
    #[error("not found")]
    NotFound,
    /// A field of the form is missing or cannot be right.
    #[error("the field `{0}` is missing or wrong")]
    Field(&'static str),
    /// A report that is not there, or hidden.
    #[error("there is no report `{0}`")]
    Report(String),
    /// It is no file, or too large to be read as rows.
    #[error("not a file that is read as rows")]
    NoRows,
    /// It was taken back, or is still being read.
    #[error("the import stands otherwise")]
    State,
    /// The exhibit's.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] access::AccessError),
    /// A ciphertext does not open.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for ImportError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound => Class::NotFound,
            Self::Field(_) | Self::Report(_) | Self::NoRows => Class::Invalid,
            Self::State => Class::Conflict,
            Self::Evidence(e) => e.class(),
            Self::Access(e) => e.class(),
            Self::Vault(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "import.not_found",
            Self::Field("reason") => "import.reason",
            Self::Field(_) => "import.field",
            Self::Report(_) => "import.report",
            Self::NoRows => "import.no_rows",
            Self::State => "import.state",
            Self::Evidence(e) => e.code(),
            Self::Access(e) => e.code(),
            Self::Vault(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
