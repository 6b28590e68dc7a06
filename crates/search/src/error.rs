//! What can go wrong with searching.

use db::DbError;
use kernel::{Class, Coded};

/// What can go wrong with searching.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The node has no index, or it is being made.
    #[error("there is no index to search in")]
    NoIndex,
    /// Another process has the folder of the index.
    #[error("another process has the folder of the index")]
    InUse,
    /// The index failed.
    #[error("the index failed: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// The folder of the index cannot be used.
    #[error("the folder of the index cannot be used: {0}")]
    Folder(#[from] std::io::Error),
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] access::AccessError),
    /// That of the slice whose things are read.
    #[error("{0}")]
    Slice(Box<dyn Coded + Send + Sync>),
    /// The vault's.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl SearchError {
    /// Whether it is that of one thing, which is so tomorrow too: what can be tried again, and trouble with the index, is not.
    #[must_use]
    pub(crate) fn is_of_a_thing(&self) -> bool {
        let of_ours = matches!(self, Self::NoIndex | Self::InUse | Self::Index(_) | Self::Folder(_));
        !of_ours && !matches!(self.class(), Class::Unavailable | Class::Conflict)
    }

    /// The error of a slice whose things are read.
    #[must_use]
    pub fn slice(error: impl Coded + Send + Sync + 'static) -> Self {
        Self::Slice(Box::new(error))
    }
}

impl Coded for SearchError {
    fn class(&self) -> Class {
        match self {
            Self::NoIndex | Self::InUse => Class::Unavailable,
            Self::Index(_) | Self::Folder(_) => Class::Bug,
            Self::Access(e) => e.class(),
            Self::Slice(e) => e.class(),
            Self::Vault(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NoIndex => "search.no_index",
            Self::InUse => "search.in_use",
            Self::Index(_) => "search.index",
            Self::Folder(_) => "search.folder",
            Self::Access(e) => e.code(),
            Self::Slice(e) => e.code(),
            Self::Vault(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
