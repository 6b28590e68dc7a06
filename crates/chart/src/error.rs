//! What can go wrong with charts.

use db::DbError;
use kernel::{Class, Coded};

/// What can go wrong with charts.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// Nothing that the chart should begin with is there, or it is hidden; no such view.
    #[error("not found")]
    NotFound,
    /// A view needs a name.
    #[error("a name of 1 to 80 characters is needed")]
    NoName,
    /// Somebody keeps too many views.
    #[error("too many views are kept")]
    TooMany,
    /// What is taken out is for a purpose that there is not.
    #[error("no such purpose")]
    NoPurpose,
    /// What is taken out is of a format that there is not.
    #[error("no such format")]
    NoFormat,
    /// There is nothing to be taken out.
    #[error("an empty chart")]
    Nothing,
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] access::AccessError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
    /// What a slice says whose things are shown.
    #[error("{why}")]
    Slice {
        /// The class of the failure.
        class: Class,
        /// Its code.
        code: &'static str,
        /// What it says.
        why: String,
    },
}

impl ChartError {
    /// What a slice says whose things are shown; a failure of the database stays one.
    #[must_use]
    pub fn of<E: Coded>(error: &E) -> Self {
        Self::Slice { class: error.class(), code: error.code(), why: error.to_string() }
    }
}

impl Coded for ChartError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound => Class::NotFound,
            Self::NoName | Self::NoPurpose | Self::NoFormat | Self::Nothing => Class::Invalid,
            Self::TooMany => Class::Conflict,
            Self::Access(e) => e.class(),
            Self::Db(e) => e.class(),
            Self::Slice { class, .. } => *class,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "chart.not_found",
            Self::NoName => "chart.no_name",
            Self::TooMany => "chart.too_many",
            Self::NoPurpose => "chart.no_purpose",
            Self::NoFormat => "chart.no_format",
            Self::Nothing => "chart.nothing",
            Self::Access(e) => e.code(),
            Self::Db(e) => e.code(),
            Self::Slice { code, .. } => code,
        }
    }
}
