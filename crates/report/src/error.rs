//! What can go wrong with a report.

use db::DbError;
use kernel::{Class, Coded};
use vault::VaultError;

use crate::rules::FilingError;
use crate::rules::files::FileError;
use crate::service::ClueError;

/// What can go wrong with a report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// No such report, or not for this actor.
    #[error("no such report")]
    NotFound,
    /// It cannot be taken as it is.
    #[error(transparent)]
    Filing(#[from] FilingError),
    /// A file cannot be taken.
    #[error(transparent)]
    File(#[from] FileError),
    /// Something found out cannot be added.
    #[error(transparent)]
    Clue(#[from] ClueError),
    /// Another message has come with this outside key.
    #[error("another message has been sent with the same external id")]
    OtherBody,
    /// Number and code do not open a report.
    #[error("number and code do not open a report")]
    WrongCode,
    /// Too many wrong codes.
    #[error("too many wrong codes, try again later")]
    TooManyTries,
    /// Its personal data has been erased by law.
    #[error("the personal data of this report has been erased")]
    Erased,
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] access::AccessError),
    /// A ciphertext does not open.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for ReportError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound => Class::NotFound,
            Self::Filing(_) | Self::File(_) => Class::Invalid,
            Self::Clue(ClueError::Known) => Class::Conflict,
            Self::Clue(_) => Class::Invalid,
            Self::OtherBody => Class::Conflict,
            Self::WrongCode => Class::Unauthenticated,
            Self::TooManyTries => Class::TooMany,
            Self::Erased => Class::Gone,
            Self::Access(e) => e.class(),
            Self::Vault(_) => Class::Bug,
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "report.not_found",
            Self::Filing(FilingError::StoryTooLong) => "report.story_too_long",
            Self::Filing(FilingError::TooManyPayments) => "report.too_many_payments",
            Self::Filing(FilingError::NameTooLong) => "report.name_too_long",
            Self::Filing(FilingError::PaymentInFuture) => "report.payment_in_future",
            Self::Filing(FilingError::PaymentTooOld) => "report.payment_too_old",
            Self::Filing(FilingError::AmountNotPositive) => "report.amount_not_positive",
            Self::Filing(FilingError::AmountTooLarge) => "report.amount_too_large",
            Self::Filing(FilingError::ReferenceTooLong) => "report.reference_too_long",
            Self::Filing(FilingError::MixedAssets) => "report.mixed_assets",
            Self::Filing(FilingError::ToItself) => "report.to_itself",
            Self::File(FileError::Empty) => "report.file_empty",
            Self::File(FileError::TooLarge) => "report.file_too_large",
            Self::File(FileError::TooMany) => "report.file_too_many",
            Self::Clue(ClueError::Unreadable(reason)) => reason.code(),
            Self::Clue(ClueError::Source) => "report.clue_source",
            Self::Clue(ClueError::Own) => "report.clue_own",
            Self::Clue(ClueError::Known) => "report.clue_known",
            Self::Clue(ClueError::TooMany) => "report.clue_too_many",
            Self::OtherBody => "report.other_body",
            Self::WrongCode => "report.wrong_code",
            Self::TooManyTries => "report.too_many_tries",
            Self::Erased => "report.erased",
            Self::Access(e) => e.code(),
            Self::Vault(_) => "report.sealed",
            Self::Db(e) => e.code(),
        }
    }
}
