//! What can go wrong with an exhibit.

use db::DbError;
use kernel::{Class, Coded};

/// What can go wrong with an exhibit.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// No such exhibit, or hidden.
    #[error("not found")]
    NotFound,
    /// A field of the form is missing or cannot be right.
    #[error("the field `{0}` is missing or wrong")]
    Field(&'static str),
    /// It was returned or destroyed: nothing more can be done to it.
    #[error("the exhibit is no longer here")]
    Over,
    /// It is being handed over, or is not.
    #[error("the exhibit is in other hands")]
    OtherHands,
    /// A proposal waits, or none does.
    #[error("what becomes of the exhibit stands otherwise")]
    Proposal,
    /// The exhibit is closed under a seal, or is not.
    #[error("the seal stands otherwise")]
    Seal,
    /// The file has another length than was said.
    #[error("{received} of {announced} bytes have come")]
    Length {
        /// How many were to come.
        announced: i64,
        /// How many have.
        received: i64,
    },
    /// More files are coming in than one person sends at once.
    #[error("too many files are coming in")]
    TooManyComing,
    /// Somebody else is sending or finishing the same file.
    #[error("the file is being worked on")]
    Busy,
    /// The part does not begin where the last one ended.
    #[error("the next part begins at {0}")]
    Offset(i64),
    /// The hash that the sender told is another.
    #[error("the hash of the file is not the one that was told")]
    OtherHash,
    /// A file with nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Larger than is taken.
    #[error("the file is larger than is taken")]
    TooLarge,
    /// The bytes that lie there are not those that were taken in.
    #[error("frame {frame} of the bytes of `{exhibit}` is not what was taken in")]
    Damaged {
        /// Whose.
        exhibit: String,
        /// Which part, from 0.
        frame: i64,
    },
    /// The folder cannot be read or written.
    #[error("the folder of exhibits cannot be used: {0}")]
    Folder(String),
    /// The record has not yet taken in what is to be proved.
    #[error("the record has not yet placed what is to be proved")]
    NotPlaced,
    /// More than goes into one package.
    #[error("more than {0} exhibits do not go into one package")]
    TooMany(usize),
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] access::AccessError),
    /// A ciphertext does not open.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// The record's.
    #[error(transparent)]
    Audit(#[from] audit::AuditError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Fields of the forms, with the codes of their errors.
pub const FIELDS: &[(&str, &str)] = &[
    ("title", "evidence.title"),
    ("sort", "evidence.sort"),
    ("taken_by", "evidence.taken_by"),
    ("basis", "evidence.basis"),
    ("how", "evidence.how"),
    ("taken_at", "evidence.taken_at"),
    ("matter", "evidence.matter"),
    ("file", "evidence.file"),
    ("to", "evidence.to"),
    ("place", "evidence.place"),
    ("lies", "evidence.place"),
    ("seal", "evidence.seal_number"),
    ("reason", "evidence.reason"),
    ("name", "evidence.name"),
    ("sha256", "evidence.sha256"),
];

impl Coded for EvidenceError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound => Class::NotFound,
            Self::Field(_) | Self::Length { .. } | Self::OtherHash | Self::Empty | Self::TooMany(_) => {
                Class::Invalid
            }
            Self::TooLarge | Self::TooManyComing => Class::TooMany,
            Self::Over | Self::OtherHands | Self::Proposal | Self::Seal | Self::Offset(_) => Class::Conflict,
            Self::NotPlaced | Self::Folder(_) | Self::Busy => Class::Unavailable,
            Self::Damaged { .. } => Class::Bug,
            Self::Access(e) => e.class(),
            Self::Vault(e) => e.class(),
            Self::Audit(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "evidence.not_found",
            Self::Field(field) => {
                FIELDS.iter().find(|(f, _)| f == field).map_or("evidence.field", |(_, code)| code)
            }
            Self::Over => "evidence.over",
            Self::OtherHands => "evidence.other_hands",
            Self::Proposal => "evidence.proposal",
            Self::Seal => "evidence.seal",
            Self::Length { .. } => "evidence.length",
            Self::Busy => "evidence.busy",
            Self::TooManyComing => "evidence.too_many_coming",
            Self::Offset(_) => "evidence.offset",
            Self::OtherHash => "evidence.other_hash",
            Self::Empty => "evidence.empty",
            Self::TooLarge => "evidence.too_large",
            Self::Damaged { .. } => "evidence.damaged",
            Self::Folder(_) => "evidence.folder",
            Self::NotPlaced => "evidence.not_placed",
            Self::TooMany(_) => "evidence.too_many",
            Self::Access(e) => e.code(),
            Self::Vault(e) => e.code(),
            Self::Audit(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
