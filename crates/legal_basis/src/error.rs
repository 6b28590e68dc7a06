//! What can go wrong in this slice.

use access::AccessError;
use db::DbError;
use kernel::{Class, Coded};

use crate::change::{ChangeErrors, DecideError};
use crate::rules::BasisRefusal;
use crate::standing::{DraftError, NotCovered, RevokeError, SignError};

/// A failure of this slice.
#[derive(Debug, thiserror::Error)]
pub enum LegalBasisError {
    /// There is no such basis or approval, or the actor may not know of it.
    #[error("not found")]
    NotFound,
    /// The basis does not allow the act.
    #[error(transparent)]
    Refused(#[from] BasisRefusal),
    /// The standing approval cannot be drafted like this.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// The standing approval cannot be signed by this person, or now.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// It cannot be revoked.
    #[error(transparent)]
    Revoke(#[from] RevokeError),
    /// The standing approval does not cover the act.
    #[error(transparent)]
    NotCovered(#[from] NotCovered),
    /// The change cannot be drafted like this.
    #[error(transparent)]
    Change(#[from] ChangeErrors),
    /// The draft of a change cannot be decided like this.
    #[error(transparent)]
    Decide(#[from] DecideError),
    /// The actor may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for LegalBasisError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound => Class::NotFound,
            Self::Refused(_) | Self::NotCovered(_) => Class::Conflict,
            Self::Draft(e) => e.class(),
            Self::Sign(e) => e.class(),
            Self::Revoke(e) => e.class(),
            Self::Change(e) => e.class(),
            Self::Decide(e) => e.class(),
            Self::Access(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "legal_basis.not_found",
            Self::Refused(e) => e.code(),
            Self::Draft(e) => e.code(),
            Self::Sign(e) => e.code(),
            Self::Revoke(e) => e.code(),
            Self::NotCovered(e) => e.code(),
            Self::Change(e) => e.code(),
            Self::Decide(e) => e.code(),
            Self::Access(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
