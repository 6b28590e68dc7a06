//! What an objection is.

use kernel::{Header, Money, Personal, Timestamp};
use order::{ObjectId, OrderId};
use serde::{Deserialize, Serialize};

kernel::id_kind!(
    /// An objection to a restriction.
    AppealKind, AppealId, "apl"
);

kernel::words!(
    /// Why somebody objects.
    Ground {
        /// The money is their own: a sale, a loan paid back, wages.
        Own = "own",
        /// They sold or did something for it.
        Seller = "seller",
        /// They are not who is meant.
        Mistaken = "mistaken",
        /// It takes more than it may.
        TooWide = "too_wide",
        /// They were robbed or deceived themselves.
        Victim = "victim",
        /// Something else.
        Other = "other",
    }
);

kernel::words!(
    /// Where an objection stands.
    Status {
        /// Made, not decided.
        Filed = "filed",
        /// Upheld: the restriction ends everywhere.
        Upheld = "upheld",
        /// Upheld in part: less is held.
        Partly = "partly",
        /// Rejected.
        Rejected = "rejected",
    }
);

/// What the objector tells; sealed under the objection's key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Who objects.
    pub name: String,
    /// How to reach them.
    pub contact: String,
    /// What they say.
    pub text: String,
}

/// A new objection.
#[derive(Clone)]
pub struct NewAppeal {
    /// `portal` or `paper`.
    pub channel: &'static str,
    /// Why.
    pub ground: Ground,
    /// What is told.
    pub told: Told,
}

/// An objection.
#[derive(Debug, Clone)]
pub struct Appeal {
    /// Database key.
    pub id: AppealId,
    /// The common header.
    pub header: Header,
    /// Public number.
    pub number: String,
    /// The order that is objected to.
    pub order: OrderId,
    /// What it restricts.
    pub object: ObjectId,
    /// `portal` or `paper`.
    pub channel: String,
    /// Why.
    pub ground: Ground,
    /// When it was made (office time).
    pub filed_at: Timestamp,
    /// By when it must be decided.
    pub due_at: Timestamp,
    /// Where it stands.
    pub status: Status,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// By whom, as the actor's label.
    pub decided_by: Option<String>,
    /// Institutions that were told to put their records right.
    pub restored: i64,
}

/// What a decision is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The restriction ends everywhere.
    Uphold,
    /// No more than this stays held.
    Lower(Money),
    /// The restriction stays.
    Reject,
}

/// An objection with what was told and decided, opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The objection.
    pub appeal: Appeal,
    /// What was told; `None` once it was erased.
    pub told: Option<Personal<Told>>,
    /// Why it was decided so.
    pub reasons: Option<String>,
}
