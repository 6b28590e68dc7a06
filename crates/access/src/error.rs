//! Why an act is refused.

use kernel::{Class, Coded};

use crate::model::Action;

/// Why an act is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// The actor may not even see the thing: it looks exactly like one that does not exist.
    #[error("not found")]
    Hidden,
    /// The thing is no secret to the actor, the act is not permitted.
    #[error("act `{}` is not permitted", .0.as_str())]
    Forbidden(Action),
    /// The act asks for a one-time code entered within the last five minutes.
    #[error("a fresh one-time code is needed")]
    StepUp,
    /// Whoever is marked as away signs nothing before saying to be back.
    #[error("whoever is away signs nothing")]
    Away,
    /// A program may not do it: it takes a person.
    #[error("what takes a second person or a fresh code is done by a person at the page")]
    Program,
    /// The rules could not be asked. Nothing is permitted then.
    #[error("the access rules cannot be asked: {0}")]
    Rules(String),
}

impl Coded for AccessError {
    fn class(&self) -> Class {
        match self {
            Self::Hidden => Class::NotFound,
            Self::Forbidden(_) | Self::StepUp | Self::Away | Self::Program => Class::Forbidden,
            Self::Rules(_) => Class::Bug,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Hidden => "access.not_found",
            Self::Forbidden(_) => "access.forbidden",
            Self::StepUp => "access.step_up",
            Self::Away => "access.away",
            Self::Program => "access.program",
            Self::Rules(_) => "access.rules",
        }
    }
}
