//! What can go wrong with endpoints and notifications.

use db::DbError;
use kernel::{Class, Coded};

use super::address::AddressError;

/// Why an act on endpoints is refused, or fails.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// The node does not post to this address.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// No topic, or one that cannot be asked for.
    #[error(
        "an endpoint hears of one or several of `order`, `release`, `reminder`, `notice`, `correction`, `clearance`"
    )]
    Topics,
    /// The partner has an endpoint at this address.
    #[error("there is an endpoint at this address already")]
    Known,
    /// The partner has as many endpoints as it may.
    #[error("a partner has at most 8 endpoints")]
    Limit,
    /// The secret was changed too often within a day.
    #[error("a secret is changed at most three times in 24 hours")]
    Rotations,
    /// Nothing is posted to it at present.
    #[error("the endpoint takes nothing at present")]
    NotActive,
    /// The partner's key was destroyed, so no secret can be kept for it.
    #[error("no secret can be kept for this partner: its key was destroyed")]
    NoKey,
    /// There is no such partner, endpoint or notification.
    #[error("no such partner, endpoint or notification")]
    NotFound,
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] access::AccessError),
    /// The vault's.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl NotifyError {
    /// The vault's failure; where it is the database's, that.
    #[must_use]
    pub fn from_vault(error: vault::VaultError) -> Self {
        match error {
            vault::VaultError::Db(e) => Self::Db(e),
            other => Self::Vault(other),
        }
    }
}

impl Coded for NotifyError {
    fn class(&self) -> Class {
        match self {
            Self::Address(_) | Self::Topics => Class::Invalid,
            Self::Known | Self::Limit | Self::NotActive => Class::Conflict,
            Self::Rotations => Class::TooMany,
            Self::NoKey => Class::Gone,
            Self::NotFound => Class::NotFound,
            Self::Access(e) => e.class(),
            Self::Vault(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Address(AddressError::Unreadable) => "partner.endpoint_url",
            Self::Address(AddressError::Scheme) => "partner.endpoint_https",
            Self::Address(AddressError::Inside) => "partner.endpoint_inside",
            Self::Topics => "partner.endpoint_topics",
            Self::Known => "partner.endpoint_known",
            Self::Limit => "partner.endpoint_limit",
            Self::Rotations => "partner.endpoint_rotations",
            Self::NotActive => "partner.endpoint_not_active",
            Self::NoKey => "partner.endpoint_no_key",
            Self::NotFound => "partner.not_found",
            Self::Access(e) => e.code(),
            Self::Vault(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
