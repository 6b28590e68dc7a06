//! What can go wrong with the registry.

use db::DbError;
use identifier::Reason;
use kernel::{Class, Coded};

use crate::rules::batch::BatchFault;
use crate::rules::{Guard, LifeError};
use crate::service::crowd::Puzzle;

/// What can go wrong with the registry.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// There is no such entry.
    #[error("not found")]
    NotFound,
    /// What was asked about is no identifier of any kind.
    #[error("this is no identifier that is known here")]
    Unread,
    /// What was asked about is not a right one of its kind.
    #[error("the value is not right: {}", .0.code())]
    Value(Reason),
    /// No reason is given.
    #[error("a reason is needed")]
    Reasons,
    /// Nothing is asked about, or too much at once.
    #[error("1 to 1000 things can be asked about at once")]
    Items,
    /// Nothing is asked about without its name, or too much at once.
    #[error("1 to 100 things can be asked about at once without naming them")]
    PrivateItems,
    /// A blinded point is none.
    #[error("a blinded point is no point of the group")]
    Point,
    /// The message is of another type, or its reason or a kind is none of the known words.
    #[error("the type, the reason or a kind is none of the known words")]
    Why,
    /// The key of a payment or the word for a payer is missing or too long.
    #[error("a payment and its payer are named by 1 to 64 characters")]
    Key,
    /// The amount is nothing, too large, or of a currency that is not known.
    #[error("the amount is nothing, too large or of an unknown currency")]
    Amount,
    /// The time lies in the future or too far back.
    #[error("the time lies in the future or more than 30 days back")]
    Time,
    /// The institution was told nothing of the thing.
    #[error("nothing was told of this thing")]
    NotTold,
    /// The text is too long.
    #[error("the text is too long")]
    TooLong,
    /// A field of an objection is missing or too long.
    #[error("the field {0} is missing or too long")]
    Field(&'static str),
    /// The objection stands elsewhere by now.
    #[error("the objection stands elsewhere by now")]
    ObjectionStands,
    /// Nothing is told of the thing, so nothing can be disputed.
    #[error("nothing is told of the thing")]
    NothingTold,
    /// No objection has this code.
    #[error("no objection has this code")]
    Code,
    /// No report that the officer may open has this number.
    #[error("no report has this number")]
    ReportNumber,
    /// A file is no list.
    #[error(transparent)]
    Batch(#[from] BatchFault),
    /// The list has no name, or one that is too long.
    #[error("a list has a name of at most 100 characters")]
    BatchName,
    /// The list stands elsewhere by now.
    #[error("the list stands elsewhere by now")]
    BatchStands,
    /// People have cleared the thing: a file does not bring it back.
    #[error("people have cleared it")]
    ClearedBefore,
    /// People have confirmed or listed the thing: people clear it, no list silences it.
    #[error("people have decided on it")]
    DecidedBefore,
    /// Numbers of persons stand on no list.
    #[error("numbers of persons stand on no list")]
    Person,
    /// A network is so wide that it is the property of thousands.
    #[error("the network is too wide")]
    TooWide,
    /// A network, or everybody together, asks so much about numbers that the browser must work for an answer.
    #[error("a puzzle is to be solved first")]
    Puzzle(Puzzle),
    /// Too many ask at once.
    #[error("too many ask at once")]
    Busy,
    /// The law wants the prosecutor's sanction, which is not asked for here.
    #[error("the law wants a sanction for it")]
    Sanction,
    /// The institution is on trial: nothing real is told to it.
    #[error("an institution on trial is told nothing")]
    OnTrial,
    /// It does not fit the life of the entry.
    #[error(transparent)]
    Life(#[from] LifeError),
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] access::AccessError),
    /// No law of this day allows it.
    #[error(transparent)]
    Law(#[from] legal_basis::LegalBasisError),
    /// The report slice's.
    #[error(transparent)]
    Report(#[from] report::ReportError),
    /// The partner slice's.
    #[error(transparent)]
    Partner(#[from] partner::PartnerError),
    /// A ciphertext does not open.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl RegistryError {
    /// The same of a value that was read once and is told several times.
    pub(crate) const fn again(&self) -> Self {
        match self {
            Self::Value(reason) => Self::Value(*reason),
            Self::Key => Self::Key,
            Self::Amount => Self::Amount,
            Self::Time => Self::Time,
            _ => Self::Unread,
        }
    }
}

impl Coded for RegistryError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound => Class::NotFound,
            Self::Unread
            | Self::Value(_)
            | Self::Reasons
            | Self::Items
            | Self::PrivateItems
            | Self::Point
            | Self::Why
            | Self::Key
            | Self::Amount
            | Self::Time
            | Self::NotTold
            | Self::TooLong => Class::Invalid,
            Self::Batch(_)
            | Self::BatchName
            | Self::ClearedBefore
            | Self::DecidedBefore
            | Self::Person
            | Self::TooWide => Class::Invalid,
            Self::Field(_) | Self::ReportNumber => Class::Invalid,
            Self::Code => Class::NotFound,
            Self::BatchStands | Self::ObjectionStands | Self::NothingTold => Class::Conflict,
            Self::Busy | Self::Puzzle(_) => Class::Unavailable,
            Self::OnTrial => Class::Forbidden,
            Self::Life(_) | Self::Sanction => Class::Conflict,
            Self::Access(e) => e.class(),
            Self::Law(e) => e.class(),
            Self::Report(e) => e.class(),
            Self::Partner(e) => e.class(),
            Self::Vault(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "registry.not_found",
            Self::Unread => "registry.unread",
            Self::Value(_) => "registry.value",
            Self::Reasons => "registry.reasons",
            Self::Items => "registry.items",
            Self::PrivateItems => "registry.private_items",
            Self::Point => "registry.point",
            Self::Why => "registry.why",
            Self::Key => "registry.key",
            Self::Amount => "registry.amount",
            Self::Time => "registry.time",
            Self::NotTold => "registry.not_told",
            Self::TooLong => "registry.too_long",
            Self::Batch(fault) => match fault {
                BatchFault::Empty => "registry.batch_empty",
                BatchFault::TooLarge => "registry.batch_too_large",
                BatchFault::Format => "registry.batch_format",
                BatchFault::Column => "registry.batch_column",
                BatchFault::Matching => "registry.batch_matching",
            },
            Self::Field(field) => match *field {
                "name" => "registry.field_name",
                "contact" => "registry.field_contact",
                _ => "registry.field_text",
            },
            Self::ObjectionStands => "registry.objection_stands",
            Self::NothingTold => "registry.nothing_told",
            Self::Code => "registry.code",
            Self::ReportNumber => "registry.report_number",
            Self::BatchName => "registry.batch_name",
            Self::BatchStands => "registry.batch_stands",
            Self::ClearedBefore => "registry.cleared_before",
            Self::DecidedBefore => "registry.decided_before",
            Self::Person => "registry.person",
            Self::TooWide => "registry.too_wide",
            Self::Puzzle(_) => "registry.puzzle",
            Self::Busy => "registry.busy",
            Self::Sanction => "registry.sanction",
            Self::OnTrial => "registry.on_trial",
            Self::Life(LifeError::Stands(_)) => "registry.stands",
            Self::Life(LifeError::Guarded(guard)) => match guard {
                Guard::Verified => "registry.verified",
                Guard::Shared => "registry.shared",
                Guard::Reserved => "registry.reserved",
                Guard::Spared => "registry.spared",
                Guard::Victim => "registry.victim",
                Guard::Crowd => "registry.crowd",
                Guard::Unreported => "registry.unreported",
            },
            Self::Access(e) => e.code(),
            Self::Law(e) => e.code(),
            Self::Report(e) => e.code(),
            Self::Partner(e) => e.code(),
            Self::Vault(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
