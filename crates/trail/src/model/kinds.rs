//! The kinds of ways, ends and certainties.

use serde::{Deserialize, Serialize};

/// How money leaves an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// M20, M21: to another account.
    Moved,
    /// M22: cash.
    Cash,
    /// M23: a purchase.
    Spent,
    /// M24: a crypto address.
    Crypto,
    /// M25: abroad.
    Abroad,
}

/// What became of a sum, or why it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndKind {
    /// Held for the victim.
    Held,
    /// Held under somebody else's request.
    HeldElsewhere,
    /// An order is out and may still be answered.
    Asked,
    /// Went to another account that cannot be followed.
    Moved,
    /// Taken out in cash.
    Cash,
    /// Spent.
    Spent,
    /// Went abroad.
    Abroad,
    /// Became a crypto asset.
    Crypto,
    /// Nobody was asked, or the answer does not explain it.
    Unknown,
    /// The bank that was asked does not find the account or the transaction.
    NotFound,
    /// The partner refused.
    Refused,
    /// The partner did not answer in time.
    Silent,
    /// Was held; the hold has ended.
    Released,
    /// Returned to the victim or paid to the state.
    Returned,
}

impl EndKind {
    /// All of them, in the order of a legend.
    pub const ALL: [Self; 14] = {
        use EndKind as E;
        [
            E::Held,
            E::Returned,
            E::HeldElsewhere,
            E::Asked,
            E::Moved,
            E::Cash,
            E::Spent,
            E::Crypto,
            E::Abroad,
            E::Refused,
            E::Silent,
            E::Released,
            E::NotFound,
            E::Unknown,
        ]
    };
    /// Whether money of this end is known to have left the account.
    #[must_use]
    pub const fn left_account(self) -> bool {
        matches!(self, Self::Moved | Self::Cash | Self::Spent | Self::Abroad | Self::Crypto | Self::Returned)
    }
    /// As in classes and keys of texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::HeldElsewhere => "held-elsewhere",
            Self::Asked => "asked",
            Self::Moved => "moved",
            Self::Cash => "cash",
            Self::Spent => "spent",
            Self::Abroad => "abroad",
            Self::Crypto => "crypto",
            Self::Unknown => "unknown",
            Self::NotFound => "not-found",
            Self::Refused => "refused",
            Self::Silent => "silent",
            Self::Released => "released",
            Self::Returned => "returned",
        }
    }
}

/// How sure a movement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EdgeState {
    /// The reporter says so.
    Told,
    /// The sending institution says so.
    Reported,
    /// A statement says so that somebody brought: no institution has signed it.
    Exhibit,
    /// The receiving institution knows it, or both say the same.
    Confirmed,
    /// The receiving institution does not find it.
    NotFound,
}

impl EdgeState {
    /// As in classes and keys of texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::Reported => "reported",
            Self::Exhibit => "exhibit",
            Self::Confirmed => "confirmed",
            Self::NotFound => "not-found",
        }
    }
}
