//! What a standing approval is.

use access::{Resource, Stage};
use kernel::{Header, Money, Role, Timestamp};
use profile::{Measure, Scope};
use uuid::Uuid;

kernel::id_kind!(
    /// A standing approval.
    StandingKind, StandingId, "sta"
);

/// How far a version has come. It only ever moves down this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Signatures are being gathered.
    Draft,
    /// Signed by all whom the basis asks for; it covers orders between its dates.
    InForce,
    /// A later version came into force.
    Superseded,
    /// Taken back.
    Revoked,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Draft, Self::InForce, Self::Superseded, Self::Revoked];
    /// As written in columns and texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InForce => "in_force",
            Self::Superseded => "superseded",
            Self::Revoked => "revoked",
        }
    }
    /// Reads [`Status::as_str`]; an unknown word reads as revoked, the status that covers nothing.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|s| s.as_str() == text).unwrap_or(Self::Revoked)
    }
}

/// A signature under one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The account that signed.
    pub approver: Uuid,
    /// The name as it stood in the account then.
    pub name: String,
    /// When.
    pub signed_at: Timestamp,
    /// Offices that the signer holds now; none where the account is closed or gone.
    pub offices: Vec<Role>,
}

/// How a version ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// When.
    pub at: Timestamp,
    /// By whom, as [`kernel::Actor::label`].
    pub by: String,
    /// Why, in words.
    pub reason: String,
}

/// The terms that an author proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStanding {
    /// A new version of this approval; `None` for a new one.
    pub amends: Option<StandingId>,
    /// The basis and its version.
    pub basis: (Uuid, i64),
    /// What may be done.
    pub measure: Measure,
    /// How much of an object may be touched.
    pub scope: Scope,
    /// Largest order.
    pub cap_per_order: Money,
    /// Largest sum of one day, in the profile's zone, over all orders under this approval: what they hold, and what an
    /// institution still owes a word about.
    pub cap_per_day: Money,
    /// Deepest hop; the victim's own transfer is hop 1.
    pub hop_limit: u8,
    /// First moment.
    pub valid_from: Timestamp,
    /// First moment at which it no longer holds.
    pub valid_to: Timestamp,
    /// Why it is needed, in words: the approvers read it.
    pub reason: String,
}

/// One version of a standing approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingApproval {
    /// The same for all versions.
    pub id: StandingId,
    /// From 1.
    pub version: i64,
    /// The common header; its basis is the legal basis.
    pub header: Header,
    /// Its terms.
    pub terms: NewStanding,
    /// How far it has come.
    pub status: Status,
    /// Who has signed it.
    pub signatures: Vec<Signature>,
    /// When the last signature was given.
    pub in_force_at: Option<Timestamp>,
    /// How it ended, if it was revoked or superseded.
    pub ending: Option<Ending>,
}

impl StandingApproval {
    /// Id and version, as orders keep them.
    #[must_use]
    pub const fn pair(&self) -> (Uuid, i64) {
        (self.id.uuid(), self.version)
    }
    /// Whether it covers orders at `now`, as far as its own status and dates say.
    #[must_use]
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.status == Status::InForce && self.terms.valid_from <= now && now < self.terms.valid_to
    }
    /// The facts that the access rules decide by.
    #[must_use]
    pub fn resource(&self) -> Resource {
        let stage = match self.status {
            Status::Draft => Stage::Waiting,
            Status::InForce => Stage::Sent,
            Status::Superseded | Status::Revoked => Stage::Ended,
        };
        let labels: Vec<String> = self.signatures.iter().map(|s| format!("staff:{}", s.approver)).collect();
        Resource::new(access::Kind::StandingApproval, self.id.uuid(), &self.header)
            .at(stage)
            .signed_by(&labels)
    }
}
