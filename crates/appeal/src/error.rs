//! What can go wrong with an objection.

use db::DbError;
use kernel::{Class, Coded};
use order::OrderError;

/// What can go wrong with an objection.
#[derive(Debug, thiserror::Error)]
pub enum AppealError {
    /// No notice has this code, or there is no such objection.
    #[error("not found")]
    NotFound,
    /// Too many codes are tried at once.
    #[error("too many codes are tried at once")]
    Busy,
    /// A field is missing or too long.
    #[error("the field `{0}` is missing or too long")]
    Field(&'static str),
    /// Nothing restricts the thing.
    #[error("nothing can be objected to here")]
    NothingToObject,
    /// An objection about it waits already.
    #[error("objection `{0}` about it waits already")]
    Waits(String),
    /// It was decided before.
    #[error("the objection was decided before")]
    Decided,
    /// What is to stay held is not less than what is held.
    #[error("what stays held must be above zero and less than what is held")]
    Keep,
    /// No reasons are given.
    #[error("a decision needs reasons")]
    Reasons,
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] access::AccessError),
    /// The order slice's.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// The law slice's.
    #[error(transparent)]
    Law(#[from] legal_basis::LegalBasisError),
    /// A ciphertext does not open.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for AppealError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound => Class::NotFound,
            Self::Busy => Class::Unavailable,
            Self::Field(_) | Self::Keep | Self::Reasons => Class::Invalid,
            Self::NothingToObject | Self::Waits(_) | Self::Decided => Class::Conflict,
            Self::Access(e) => e.class(),
            Self::Order(e) => e.class(),
            Self::Law(e) => e.class(),
            Self::Vault(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "appeal.not_found",
            Self::Busy => "appeal.busy",
            Self::Field("name") => "appeal.name",
            Self::Field("contact") => "appeal.contact",
            Self::Field(_) => "appeal.text",
            Self::NothingToObject => "appeal.nothing",
            Self::Waits(_) => "appeal.waits",
            Self::Decided => "appeal.decided",
            Self::Keep => "appeal.keep",
            Self::Reasons => "appeal.reasons",
            Self::Access(e) => e.code(),
            Self::Order(e) => e.code(),
            Self::Law(e) => e.code(),
            Self::Vault(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
