//! What can go wrong with a case.

use db::DbError;
use kernel::{Class, Coded};

/// What can go wrong with a case.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// There is no such case, or it is hidden.
    #[error("not found")]
    NotFound,
    /// A field is missing, too long, or says nothing that can be taken.
    #[error("the field `{0}` cannot be taken as it is")]
    Field(&'static str),
    /// What is named is not there, or is hidden.
    #[error("what the field `{0}` names is not there")]
    Unknown(&'static str),
    /// It is so already.
    #[error("it is so already")]
    Already,
    /// The case was merged into another.
    #[error("the case was merged into `{0}`")]
    Merged(String),
    /// The case is over.
    #[error("the case is over")]
    Over,
    /// It cannot pass from its stage to that one.
    #[error("it cannot pass to this stage")]
    Stage,
    /// Only a decision of two persons leads there.
    #[error("only a decision of two persons leads there")]
    Decision,
    /// A decision waits for a second person.
    #[error("a decision waits for a second person")]
    Waits,
    /// A register holds the case open: what it is called in code, and the number under which a register has taken it, if one has.
    #[error("the register `{register}` has not decided about the case yet (number `{}`)", number.1)]
    InRegister {
        /// Code of the register that has not decided.
        register: String,
        /// Code of the register that gave it, and the number; empty where there is none.
        number: (String, String),
    },
    /// Nothing waits that could be answered.
    #[error("nothing waits here")]
    Settled,
    /// Whoever leads the case stays in its team.
    #[error("whoever leads the case stays in its team")]
    Lead,
    /// What is closed is not merged into what others see.
    #[error("a closed case is not merged into one that others see")]
    Narrower,
    /// Whoever keeps an exhibit of the case would be shut out of it.
    #[error("`{who}` keeps the exhibit `{exhibit}` and would not see it any more")]
    Keeper {
        /// Number of the exhibit.
        exhibit: String,
        /// Name of its keeper.
        who: String,
    },
    /// Only the people named see the case: a unit to which it is referred would not find it.
    #[error("only the people named see the case")]
    Shut,
    /// A merge cannot be undone any more: something later depends on it.
    #[error("something later depends on it: `{0}`")]
    Depends(&'static str),
    /// A list cannot be read.
    #[error("the list cannot be read")]
    List,
    /// The same form or message was carried out before: it leads to this case.
    #[error("it was done before, in the case `{0}`")]
    Repeated(String),
    /// Another body was sent under the same key.
    #[error("another body was sent under this key before")]
    OtherBody,
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] access::AccessError),
    /// The report slice's.
    #[error(transparent)]
    Report(#[from] report::ReportError),
    /// The order slice's.
    #[error(transparent)]
    Order(#[from] order::OrderError),
    /// The evidence slice's.
    #[error(transparent)]
    Evidence(#[from] evidence::EvidenceError),
    /// The scheme slice's.
    #[error(transparent)]
    Scheme(#[from] scheme::SchemeError),
    /// The registration slice's.
    #[error(transparent)]
    Registration(#[from] registration::RegistrationError),
    /// A ciphertext does not open.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for CaseError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound => Class::NotFound,
            Self::Field(_) | Self::Unknown(_) | Self::List => Class::Invalid,
            Self::Already
            | Self::Merged(_)
            | Self::Over
            | Self::Stage
            | Self::Decision
            | Self::Waits
            | Self::InRegister { .. }
            | Self::Settled
            | Self::Lead
            | Self::Narrower
            | Self::Keeper { .. }
            | Self::Shut
            | Self::Repeated(_)
            | Self::OtherBody
            | Self::Depends(_) => Class::Conflict,
            Self::Access(e) => e.class(),
            Self::Report(e) => e.class(),
            Self::Order(e) => e.class(),
            Self::Evidence(e) => e.class(),
            Self::Scheme(e) => e.class(),
            Self::Registration(e) => e.class(),
            Self::Vault(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "case.not_found",
            Self::Field(_) => "case.field",
            Self::Unknown(_) => "case.unknown",
            Self::List => "case.list",
            Self::Already => "case.already",
            Self::Merged(_) => "case.merged",
            Self::Over => "case.over",
            Self::Stage => "case.stage",
            Self::Decision => "case.decision",
            Self::Waits => "case.waits",
            Self::InRegister { .. } => "case.waits_register",
            Self::Settled => "case.settled",
            Self::Lead => "case.lead",
            Self::Narrower => "case.narrower",
            Self::Keeper { .. } => "case.keeper",
            Self::Shut => "case.shut",
            Self::Repeated(_) => "case.repeated",
            Self::OtherBody => "case.other_body",
            Self::Depends("merged") => "case.depends_merged",
            Self::Depends("moved") => "case.depends_moved",
            Self::Depends("decided") => "case.depends_decided",
            Self::Depends(_) => "case.depends_referred",
            Self::Access(e) => e.code(),
            Self::Report(e) => e.code(),
            Self::Order(e) => e.code(),
            Self::Evidence(e) => e.code(),
            Self::Scheme(e) => e.code(),
            Self::Registration(e) => e.code(),
            Self::Vault(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
