//! What can go wrong with a matter in a register.

use db::DbError;
use kernel::{Class, Coded};

/// What can go wrong with a matter in a register.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    /// No such matter, no such register, or hidden.
    #[error("not found")]
    NotFound,
    /// A field of the form is missing or cannot be right.
    #[error("the field `{0}` is missing or wrong")]
    Field(&'static str),
    /// The register's numbers look otherwise.
    #[error("a number of this register looks like `{0}`")]
    NumberForm(String),
    /// The number stands for another matter already.
    #[error("the number stands for another matter")]
    NumberTaken,
    /// The register has taken it, or a decision stands: nothing more can be done to it this way.
    #[error("the matter is settled in this register")]
    Settled,
    /// A decision waits for a second person.
    #[error("a decision waits for a second person")]
    Waits,
    /// No decision waits.
    #[error("no decision waits for a second person")]
    NothingToConfirm,
    /// Whoever proposed the decision holds the office no more: it is nobody's word.
    #[error("whoever proposed it has left the office")]
    LeftOffice,
    /// The register is not handed matters, or not decided about.
    #[error("this register works otherwise")]
    OtherWay,
    /// No file lies ready that somebody could carry, or that the register could not have taken.
    #[error("no file lies ready to be carried")]
    NothingToCarry,
    /// The register gave the number itself, under its signature: it is not this office's to change.
    #[error("the register gave this number itself")]
    RegistersOwn,
    /// A decision about the matter waits or stands: its entry cannot be taken back under it.
    #[error("a decision rests on this entry")]
    RestedOn,
    /// The register before does not hold the matter.
    #[error("the register before does not hold it")]
    NotEntered,
    /// Nothing was written down that could be put right.
    #[error("there is no number to put right")]
    NothingToCorrect,
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] access::AccessError),
    /// The report slice's.
    #[error(transparent)]
    Report(#[from] report::ReportError),
    /// A ciphertext does not open.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Fields of the forms, with the codes of their errors.
pub const FIELDS: &[(&str, &str)] = &[
    ("number", "registration.number"),
    ("at", "registration.at"),
    ("registrar", "registration.registrar"),
    ("paper", "registration.paper"),
    ("day", "registration.day"),
    ("articles", "registration.articles"),
    ("addressee", "registration.addressee"),
    ("reasons", "registration.reasons"),
    ("words", "registration.words"),
    ("reason", "registration.reason"),
];

impl Coded for RegistrationError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound => Class::NotFound,
            Self::Field(_) | Self::NumberForm(_) => Class::Invalid,
            Self::NumberTaken
            | Self::Settled
            | Self::Waits
            | Self::NothingToConfirm
            | Self::LeftOffice
            | Self::OtherWay
            | Self::NothingToCarry
            | Self::RegistersOwn
            | Self::RestedOn
            | Self::NotEntered
            | Self::NothingToCorrect => Class::Conflict,
            Self::Access(e) => e.class(),
            Self::Report(e) => e.class(),
            Self::Vault(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "registration.not_found",
            Self::Field(field) => {
                FIELDS.iter().find(|(f, _)| f == field).map_or("registration.field", |(_, code)| code)
            }
            Self::NumberForm(_) => "registration.number_form",
            Self::NumberTaken => "registration.number_taken",
            Self::Settled => "registration.settled",
            Self::Waits => "registration.waits",
            Self::NothingToConfirm => "registration.nothing_to_confirm",
            Self::LeftOffice => "registration.left_office",
            Self::OtherWay => "registration.other_way",
            Self::NothingToCarry => "registration.nothing_to_carry",
            Self::RegistersOwn => "registration.registers_own",
            Self::RestedOn => "registration.rested_on",
            Self::NotEntered => "registration.not_entered",
            Self::NothingToCorrect => "registration.nothing_to_correct",
            Self::Access(e) => e.code(),
            Self::Report(e) => e.code(),
            Self::Vault(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
