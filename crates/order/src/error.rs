//! What can go wrong with an order.

use db::DbError;
use kernel::{Class, Coded};
use legal_basis::BasisRefusal;
use vault::VaultError;

use crate::answer::AnswerFault;
use crate::details::DetailsFault;
use crate::extending::ExtendError;
use crate::iso::IsoFault;
use crate::rules::LifeError;

/// What can go wrong with an order.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// No such order, or not for this actor.
    #[error("no such order")]
    NotFound,
    /// No basis in force allows this measure today.
    #[error("no legal basis in force allows this measure")]
    NoBasis,
    /// The preferred basis in force does not allow the act as it is asked.
    #[error("the law does not allow it so: {0}")]
    NotAllowed(BasisRefusal),
    /// What the order says of its objects does not fit.
    #[error(transparent)]
    Details(#[from] DetailsFault),
    /// An order names nothing, too much, or something that its measure cannot name.
    #[error("an order of this measure cannot name these objects")]
    Objects,
    /// The prosecutor has not sanctioned it.
    #[error("the prosecutor has not sanctioned it")]
    Unsanctioned,
    /// Nothing about this order waits for the prosecutor.
    #[error("nothing about this order waits for the prosecutor")]
    NothingToSanction,
    /// What was put before the prosecutor has changed since.
    #[error("what was put before the prosecutor has changed since")]
    SanctionOutdated,
    /// It is what a victim has told of as their own.
    #[error("a victim has told of it as their own")]
    OfVictim,
    /// It is an address of a private network, of the machine itself, or the platform's own.
    #[error("it cannot be reached in public, or is the platform's own")]
    Reserved,
    /// It belongs to an organisation that everybody deals with.
    #[error("it belongs to an organisation that everybody deals with")]
    Known,
    /// Many honest people share it.
    #[error("many honest people share it")]
    Shared,
    /// It cannot go on.
    #[error(transparent)]
    Extend(#[from] ExtendError),
    /// A person's national number is none.
    #[error("the person's number cannot be read: {0:?}")]
    PersonNumber(identifier::Reason),
    /// The order lists nobody, or has ended.
    #[error("the order lists nobody")]
    NotListed,
    /// Nothing of it can be given back.
    #[error("nothing is held that could be returned")]
    NothingToReturn,
    /// No route leads to the institution, or it takes no part.
    #[error("no route leads to institution `{0}`")]
    NoRoute(String),
    /// The institution, or one that must pass the order on to it, takes part on trial only.
    #[error("institution `{0}` is in test mode: no order is routed to it")]
    InTest(String),
    /// Trial orders go to institutions in test mode only.
    #[error("the institution is not in test mode")]
    NotOnTrial,
    /// A step of its life cannot be taken.
    #[error(transparent)]
    Life(#[from] LifeError),
    /// An answer cannot be taken as it is.
    #[error(transparent)]
    Answer(#[from] AnswerFault),
    /// A message of ISO 20022 is no answer.
    #[error(transparent)]
    Iso(#[from] IsoFault),
    /// The answer id was used for another answer.
    #[error("`answer_id` was used for another answer")]
    AnswerConflict,
    /// The answer names an object that the order does not.
    #[error("the order has no such object")]
    NoObject,
    /// The answer names another executor than the order.
    #[error("the order is addressed to `{0}`")]
    WrongExecutor(String),
    /// The answer names another order than the one it was handed in for.
    #[error("the answer names another order")]
    WrongOrder,
    /// Personal data of the report was erased.
    #[error("the personal data of this report has been erased")]
    Erased,
    /// A message was handed over before, or the node carries it.
    #[error("the message was handed over before")]
    HandedOver,
    /// Nothing is to be handed over any more.
    #[error("nothing is to be handed over any more")]
    NothingToCarry,
    /// It is not said how a message was handed over.
    #[error("it is not said how the message was handed over")]
    NotSaidHow,
    /// What an institution signed is no answer.
    #[error("the file holds no answer")]
    NoAnswer,
    /// The partner slice's.
    #[error(transparent)]
    Partner(#[from] partner::PartnerError),
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] access::AccessError),
    /// The law slice's.
    #[error(transparent)]
    Law(#[from] legal_basis::LegalBasisError),
    /// The report slice's.
    #[error(transparent)]
    Report(#[from] report::ReportError),
    /// A ciphertext does not open.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The registry's.
    #[error(transparent)]
    Registry(#[from] registry::RegistryError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl OrderError {
    /// Whether the law or the routes stand in the way, so that a fact leads to no order: something to be
    /// noted for a person, not a fault.
    #[must_use]
    pub const fn is_no_way(&self) -> bool {
        matches!(self, Self::NoBasis | Self::NoRoute(_) | Self::InTest(_) | Self::NotAllowed(_))
    }
}

impl Coded for OrderError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound => Class::NotFound,
            Self::NoBasis
            | Self::Details(_)
            | Self::Objects
            | Self::PersonNumber(_)
            | Self::Reserved
            | Self::Known
            | Self::Shared
            | Self::NotSaidHow
            | Self::NoAnswer
            | Self::NoRoute(_)
            | Self::InTest(_)
            | Self::Answer(_)
            | Self::Iso(_)
            | Self::NoObject
            | Self::WrongExecutor(_)
            | Self::WrongOrder => Class::Invalid,
            Self::Life(LifeError::Ended(_) | LifeError::Lapsed) | Self::Erased => Class::Gone,
            Self::Life(LifeError::OwnDraft) => Class::Forbidden,
            Self::Life(_)
            | Self::AnswerConflict
            | Self::NotAllowed(_)
            | Self::Unsanctioned
            | Self::NothingToSanction
            | Self::SanctionOutdated
            | Self::OfVictim
            | Self::NotListed
            | Self::HandedOver
            | Self::NothingToCarry
            | Self::NotOnTrial
            | Self::NothingToReturn => Class::Conflict,
            Self::Extend(e) => e.class(),
            Self::Partner(e) => e.class(),
            Self::Access(e) => e.class(),
            Self::Law(e) => e.class(),
            Self::Report(e) => e.class(),
            Self::Registry(e) => e.class(),
            Self::Vault(_) => Class::Bug,
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "order.unknown",
            Self::NoBasis => "order.no_basis",
            Self::NotAllowed(e) => e.code(),
            Self::Details(e) => e.code(),
            Self::Objects => "order.objects",
            Self::Unsanctioned => "order.unsanctioned",
            Self::NothingToSanction => "order.nothing_to_sanction",
            Self::SanctionOutdated => "order.sanction_outdated",
            Self::OfVictim => "order.own_of_victim",
            Self::Reserved => "order.reserved",
            Self::Known => "order.known",
            Self::Shared => "order.shared",
            Self::PersonNumber(_) => "order.person_number",
            Self::NotListed => "order.not_listed",
            Self::HandedOver => "order.handed_over",
            Self::NothingToCarry => "order.nothing_to_carry",
            Self::NotSaidHow => "order.not_said_how",
            Self::NoAnswer => "answer.not_an_answer",
            Self::NothingToReturn => "order.nothing_to_return",
            Self::NoRoute(_) => "order.no_route",
            Self::InTest(_) => "order.in_test",
            Self::NotOnTrial => "order.not_on_trial",
            Self::Life(e) => e.code(),
            Self::Answer(e) => e.code(),
            Self::Iso(IsoFault::Read(_)) => "answer.iso20022",
            Self::Iso(IsoFault::NoAnswer) => "answer.no_answer",
            Self::Iso(IsoFault::NoOrder) => "answer.no_order",
            Self::AnswerConflict => "answer.conflicting",
            Self::NoObject => "answer.no_object",
            Self::WrongExecutor(_) => "answer.wrong_executor",
            Self::WrongOrder => "answer.wrong_order",
            Self::Erased => "order.erased",
            Self::Extend(e) => e.code(),
            Self::Partner(e) => e.code(),
            Self::Access(e) => e.code(),
            Self::Law(e) => e.code(),
            Self::Report(e) => e.code(),
            Self::Registry(e) => e.code(),
            Self::Vault(_) => "order.sealed",
            Self::Db(e) => e.code(),
        }
    }
}
