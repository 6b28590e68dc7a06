//! What a delegation is.

use kernel::{Header, Money, Personal, Role, Timestamp};
use profile::Measure;
use uuid::Uuid;

use crate::model::{Kind, Resource};

kernel::id_kind!(
    /// A delegation.
    DelegationKind,
    DelegationId,
    "dlg"
);

/// What is delegated to whom. Times are office time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The account whose power it is.
    pub delegator: Uuid,
    /// The account that may sign in that person's stead.
    pub deputy: Uuid,
    /// The office whose power to sign is given.
    pub role: Role,
    /// Orders of this unit only; empty for those of the whole organisation.
    pub unit: String,
    /// These measures only; empty for all.
    pub measures: Vec<Measure>,
    /// The largest sum of an order; `None` for any, and for orders about no money.
    pub most: Option<Money>,
    /// First moment.
    pub from: Timestamp,
    /// First moment at which it no longer holds.
    pub till: Timestamp,
    /// Number and date of the paper that it rests on, as quoted beside each signature.
    pub number: String,
}

/// A delegation as its giver proposes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelegation {
    /// From the form: the same form sent twice is one delegation.
    pub id: DelegationId,
    /// What is delegated to whom.
    pub terms: Terms,
    /// What the paper says, in words.
    pub ground: String,
}

/// Why a delegation ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndWhy {
    /// Whoever gave it took it back.
    Revoked,
    /// The deputy laid it down, or never took it up.
    Declined,
    /// The head or the administrator ended it.
    Overruled,
    /// The account of one of the two was closed.
    AccountClosed,
}

impl EndWhy {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Revoked, Self::Declined, Self::Overruled, Self::AccountClosed];
    /// As written in columns and records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Revoked => "revoked",
            Self::Declined => "declined",
            Self::Overruled => "overruled",
            Self::AccountClosed => "account_closed",
        }
    }
    /// Reads [`EndWhy::as_str`]; an unknown word is no reason to take it for one that goes on.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|w| w.as_str() == text).unwrap_or(Self::Overruled)
    }
}

/// How a delegation ended before its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// When.
    pub at: Timestamp,
    /// By whom, as [`kernel::Actor::label`].
    pub by: String,
    /// Why.
    pub why: EndWhy,
}

/// How far a delegation has come at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The deputy has not accepted it.
    WaitsForDeputy,
    /// It is accepted; nobody has confirmed it.
    WaitsForConfirmation,
    /// All is agreed, and its first moment is still to come.
    ToCome,
    /// The deputy may sign.
    InForce,
    /// Its term is over.
    Expired,
    /// It was ended before.
    Ended,
}

/// A delegation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// Its id.
    pub id: DelegationId,
    /// The common header; its unit is that of the giver.
    pub header: Header,
    /// What is delegated to whom.
    pub terms: Terms,
    /// What the paper says; `None` where it was not opened, or the key is gone.
    pub ground: Option<Personal<String>>,
    /// When the deputy accepted it.
    pub accepted_at: Option<Timestamp>,
    /// When, and by whom, it was confirmed.
    pub confirmed: Option<(Timestamp, String)>,
    /// How it ended before its time.
    pub ending: Option<Ending>,
}

impl Delegation {
    /// How far it has come at `now`.
    #[must_use]
    pub fn stage(&self, now: Timestamp) -> Stage {
        if self.ending.is_some() {
            Stage::Ended
        } else if self.terms.till <= now {
            Stage::Expired
        } else if self.accepted_at.is_none() {
            Stage::WaitsForDeputy
        } else if self.confirmed.is_none() {
            Stage::WaitsForConfirmation
        } else if now < self.terms.from {
            Stage::ToCome
        } else {
            Stage::InForce
        }
    }
    /// Whether something can still become of it.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        !matches!(self.stage(now), Stage::Ended | Stage::Expired)
    }
    /// Whose power it is, as [`kernel::Actor::label`].
    #[must_use]
    pub fn delegator(&self) -> String {
        format!("staff:{}", self.terms.delegator)
    }
    /// Who may sign, as [`kernel::Actor::label`].
    #[must_use]
    pub fn deputy(&self) -> String {
        format!("staff:{}", self.terms.deputy)
    }
    /// The facts that the access rules decide by.
    #[must_use]
    pub fn resource(&self) -> Resource {
        Resource { author: self.delegator(), ..Resource::new(Kind::Delegation, self.id.uuid(), &self.header) }
            .deputised(&[self.deputy()])
    }
}
