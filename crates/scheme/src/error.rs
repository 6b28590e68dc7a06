//! What can go wrong with schemes.

use db::DbError;
use kernel::{Class, Coded};

/// What can go wrong with schemes.
#[derive(Debug, thiserror::Error)]
pub enum SchemeError {
    /// No such scheme, decision or alarm, or hidden.
    #[error("not found")]
    NotFound,
    /// No reason is given.
    #[error("a reason of 1 to 500 characters is needed")]
    NoReason,
    /// Nothing is ticked, or too much, or what does not belong to the scheme.
    #[error("1 to 500 reports of the scheme are to be ticked")]
    NotTicked,
    /// Nothing would be left.
    #[error("all reports of the scheme are ticked")]
    AllTicked,
    /// What is to be put in is no report and no other scheme.
    #[error("no report and no other scheme has this number")]
    NoSuchNumber,
    /// It belongs there already.
    #[error("it belongs to the scheme already")]
    InAlready,
    /// The profile knows no such kind.
    #[error("no such kind")]
    NoSuchKind,
    /// It was undone before.
    #[error("it was undone before")]
    UndoneBefore,
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] access::AccessError),
    /// The report slice's.
    #[error(transparent)]
    Report(#[from] report::ReportError),
    /// The registry's.
    #[error(transparent)]
    Registry(#[from] registry::RegistryError),
    /// The order slice's.
    #[error(transparent)]
    Order(#[from] order::OrderError),
    /// The trail's.
    #[error(transparent)]
    Trail(#[from] trail::TrailError),
    /// The vault's.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for SchemeError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound => Class::NotFound,
            Self::NoReason
            | Self::NotTicked
            | Self::AllTicked
            | Self::NoSuchNumber
            | Self::InAlready
            | Self::NoSuchKind => Class::Invalid,
            Self::UndoneBefore => Class::Conflict,
            Self::Access(e) => e.class(),
            Self::Report(e) => e.class(),
            Self::Registry(e) => e.class(),
            Self::Order(e) => e.class(),
            Self::Trail(e) => e.class(),
            Self::Vault(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "scheme.not_found",
            Self::NoReason => "scheme.no_reason",
            Self::NotTicked => "scheme.not_ticked",
            Self::AllTicked => "scheme.all_ticked",
            Self::NoSuchNumber => "scheme.no_such_number",
            Self::InAlready => "scheme.in_already",
            Self::NoSuchKind => "scheme.no_such_kind",
            Self::UndoneBefore => "scheme.undone_before",
            Self::Access(e) => e.code(),
            Self::Report(e) => e.code(),
            Self::Registry(e) => e.code(),
            Self::Order(e) => e.code(),
            Self::Trail(e) => e.code(),
            Self::Vault(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
