//! What a draft of a change is.

use access::{Kind, Resource};
use kernel::{Header, Timestamp};
use profile::BasisRecord;
use uuid::Uuid;

kernel::id_kind!(
    /// A draft of a change of a legal basis.
    LawDraftKind, LawDraftId, "law"
);

/// How far a draft has come. It only ever moves down this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DraftStatus {
    /// Waits for a second person.
    Drafted,
    /// Became a version of the basis.
    Enacted,
    /// Refused, or taken back by its author.
    Refused,
}

impl DraftStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Drafted, Self::Enacted, Self::Refused];
    /// As written in columns and texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Enacted => "enacted",
            Self::Refused => "refused",
        }
    }
    /// Reads [`DraftStatus::as_str`]; an unknown word reads as refused, the status that changes nothing.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|s| s.as_str() == text).unwrap_or(Self::Refused)
    }
}

/// A change as its author proposes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    /// Id of the draft, drawn when the form was opened: the same form sent twice is one draft.
    pub id: LawDraftId,
    /// The basis.
    pub basis: Uuid,
    /// The version that the change is written over.
    pub base: i64,
    /// The highest version of the basis when the form was opened.
    pub newest: i64,
    /// The proposed text with its first and last day. Its version number is set by the service.
    pub record: BasisRecord,
    /// Why, in words: whoever enacts it reads it.
    pub reason: String,
}

/// What became of a draft, by whom and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// When.
    pub at: Timestamp,
    /// By whom, as [`kernel::Actor::label`].
    pub by: String,
    /// The name as it stood in the account then.
    pub name: String,
    /// Why, in words; may be empty where it was enacted.
    pub reason: String,
    /// The version that it became; `None` if it was refused.
    pub version: Option<i64>,
}

/// A change of a legal basis that waits for a second person, or waited for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawDraft {
    /// Its id.
    pub id: LawDraftId,
    /// The common header; its basis is the legal basis and the version that the change is written over.
    pub header: Header,
    /// The author's name as it stood in the account then.
    pub author_name: String,
    /// The basis, as in the header.
    pub basis: Uuid,
    /// The version that the change is written over, as in the header.
    pub base: i64,
    /// The highest version of the basis when the form was opened.
    pub newest: i64,
    /// First moment, if it is enacted before; otherwise the moment at which it is enacted.
    pub effective_from: Timestamp,
    /// First moment at which it no longer holds.
    pub effective_to: Option<Timestamp>,
    /// The proposed text.
    pub record: BasisRecord,
    /// Why, in words.
    pub reason: String,
    /// How far it has come.
    pub status: DraftStatus,
    /// What became of it.
    pub decision: Option<Decision>,
}

impl LawDraft {
    /// The facts that the access rules decide by.
    #[must_use]
    pub fn resource(&self) -> Resource {
        Resource::new(Kind::LegalBasis, self.basis, &self.header)
    }
}
