//! What can go wrong with persons.

use db::DbError;
use kernel::{Class, Coded};

use crate::rules::dropper::DropperFault;

/// What can go wrong with persons.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// There is no such person, record or pair for whoever asks.
    #[error("not found")]
    NotFound,
    /// No report is named, or none that is there for the officer.
    #[error("no report with this number")]
    Report,
    /// Nothing is told by which somebody could be found.
    #[error("nothing is told by which somebody could be found")]
    Nothing,
    /// A field is too long.
    #[error("the field `{0}` is too long")]
    TooLong(&'static str),
    /// A number is none.
    #[error("the number is not right")]
    Number,
    /// No day that there is, nor a year, in which somebody who is alive can have been born.
    #[error("this is no day of birth")]
    Birth,
    /// A telephone has digits.
    #[error("this is no telephone")]
    Phone,
    /// No reason is given.
    #[error("a reason is missing or too long")]
    Reasons,
    /// People have said otherwise, and only people take that back.
    #[error("it goes against what people have judged")]
    Contradicts,
    /// It was decided before.
    #[error("it was decided before")]
    Decided,
    /// What was said was taken back before.
    #[error("it was undone before")]
    Undone,
    /// The record counts: nobody took it back.
    #[error("the record was not taken back")]
    Counts,
    /// A matter as a dropper is open already.
    #[error("a matter is open already")]
    Open,
    /// A list is being taken in or back, or was.
    #[error("the list has gone on meanwhile")]
    ListMoved,
    /// These weights are in use.
    #[error("these weights are chosen already")]
    Chosen,
    /// No count that there can be: `victims` or `hop`.
    #[error("the field `{0}` is no number that there can be")]
    Figure(&'static str),
    /// Officers did not bring it, and so cannot correct it here.
    #[error("officers did not bring this record")]
    Foreign,
    /// It was told anew after it was read.
    #[error("the record was told anew meanwhile")]
    Changed,
    /// It was taken back.
    #[error("the record was taken back")]
    TakenBack,
    /// A matter as a dropper hangs on it and is open.
    #[error("an open matter hangs on the record")]
    Carries,
    /// Something must be said that is not.
    #[error("the field `{0}` is missing")]
    Missing(&'static str),
    /// A list is none: it cannot be read.
    #[error(transparent)]
    List(#[from] crate::rules::list::ListFault),
    /// A step with a dropper that is refused.
    #[error(transparent)]
    Dropper(#[from] DropperFault),
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] access::AccessError),
    /// The report slice's.
    #[error(transparent)]
    Told(#[from] report::ReportError),
    /// The order slice's.
    #[error(transparent)]
    Order(#[from] order::OrderError),
    /// A ciphertext does not open.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for PersonError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound => Class::NotFound,
            Self::Report
            | Self::Nothing
            | Self::TooLong(_)
            | Self::Number
            | Self::Birth
            | Self::Phone
            | Self::Figure(_)
            | Self::Reasons => Class::Invalid,
            Self::Contradicts
            | Self::Decided
            | Self::Undone
            | Self::Counts
            | Self::Open
            | Self::ListMoved
            | Self::Chosen
            | Self::Foreign
            | Self::TakenBack
            | Self::Changed
            | Self::Carries => Class::Conflict,
            Self::List(_) | Self::Missing(_) => Class::Invalid,
            Self::Dropper(
                DropperFault::Stands
                | DropperFault::OwnProposal
                | DropperFault::LeftOffice
                | DropperFault::Doubt,
            ) => Class::Conflict,
            Self::Dropper(_) => Class::Invalid,
            Self::Access(e) => e.class(),
            Self::Told(e) => e.class(),
            Self::Order(e) => e.class(),
            Self::Vault(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "person.not_found",
            Self::Report => "person.report",
            Self::Nothing => "person.nothing",
            Self::TooLong(_) => "person.too_long",
            Self::Number => "person.number",
            Self::Birth => "person.birth",
            Self::Phone => "person.phone",
            Self::Reasons => "person.reasons",
            Self::Contradicts => "person.contradicts",
            Self::Decided => "person.decided",
            Self::Undone => "person.undone",
            Self::Counts => "person.counts",
            Self::Open => "person.open",
            Self::ListMoved => "person.list_moved",
            Self::Chosen => "person.chosen",
            Self::Figure("hop") => "person.figure_hop",
            Self::Figure(_) => "person.figure_victims",
            Self::Foreign => "person.foreign",
            Self::TakenBack => "person.taken_back",
            Self::Changed => "person.changed",
            Self::Carries => "person.carries",
            Self::Missing(_) => "person.missing",
            Self::List(fault) => fault.code(),
            Self::Dropper(fault) => fault.code(),
            Self::Access(e) => e.code(),
            Self::Told(e) => e.code(),
            Self::Order(e) => e.code(),
            Self::Vault(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
