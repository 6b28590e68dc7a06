//! What can go wrong with absences and delegations.

use db::DbError;
use kernel::{Class, Coded};
use vault::VaultError;

use crate::absence::AbsenceFault;
use crate::delegation::{DelegationFault, StepFault};
use crate::error::AccessError;

/// Why an absence or a delegation is not taken, accepted, confirmed or ended.
#[derive(Debug, thiserror::Error)]
pub enum AwayError {
    /// The absence cannot be taken as said.
    #[error(transparent)]
    Absence(#[from] AbsenceFault),
    /// The delegation cannot be given so.
    #[error(transparent)]
    Delegation(#[from] DelegationFault),
    /// It does not fit how far the delegation has come.
    #[error(transparent)]
    Step(#[from] StepFault),
    /// There is no such person, absence or delegation.
    #[error("not found")]
    NotFound,
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The vault's.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for AwayError {
    fn class(&self) -> Class {
        match self {
            Self::Absence(e) => e.class(),
            Self::Delegation(e) => e.class(),
            Self::Step(e) => e.class(),
            Self::NotFound => Class::NotFound,
            Self::Access(e) => e.class(),
            Self::Vault(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Absence(e) => e.code(),
            Self::Delegation(e) => e.code(),
            Self::Step(e) => e.code(),
            Self::NotFound => "access.not_found",
            Self::Access(e) => e.code(),
            Self::Vault(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
