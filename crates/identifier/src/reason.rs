//! Why a text is not the identifier it is said to be. Pages speak from the code, in three languages.

use kernel::{Class, Coded};

/// Why a text is not an identifier of the kind asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Reason {
    /// Nothing but blanks.
    #[error("the value is empty")]
    Empty,
    /// It has characters that this kind never has.
    #[error("the value has characters that do not belong in it")]
    Characters,
    /// Fewer digits or characters than this kind has.
    #[error("the value is too short")]
    TooShort,
    /// More digits or characters than this kind has.
    #[error("the value is too long")]
    TooLong,
    /// The check digits, or the checksum in the capitals, do not agree with the rest.
    #[error("the check digits do not agree with the rest")]
    CheckDigits,
    /// The parts are not those that the standard or the country lays down.
    #[error("the value is not built as the standard lays down")]
    Structure,
    /// The country or the network is not known.
    #[error("the country, network or issuer is not known")]
    UnknownCountry,
    /// No such telephone number can be assigned.
    #[error("no such telephone number is in use in its country")]
    NotAssigned,
    /// A number of a service that is reached inside one country only (`1414`, `102`).
    #[error("this is a short service number, not a subscriber's number")]
    ShortCode,
    /// A local number without its area code.
    #[error("the area code is missing")]
    NoAreaCode,
    /// The date of birth inside the number does not exist, or its century digit does not.
    #[error("the date of birth inside the number does not exist")]
    BirthDate,
    /// The month of registration or the digit of the type inside the number does not exist.
    #[error("the month or type of registration inside the number does not exist")]
    Registration,
    /// The name ends in no known top-level domain.
    #[error("the name ends in no known top-level domain")]
    UnknownDomain,
    /// Digits are hidden (`4400 **** **** 1234`) so that the number cannot be told.
    #[error("too many digits are hidden")]
    Hidden,
    /// Nothing that the platform knows looks like this.
    #[error("the value looks like no identifier that is known here")]
    Unrecognised,
}

impl Reason {
    /// All reasons, for the test that each has a text.
    pub const ALL: [Self; 15] = [
        Self::Empty,
        Self::Characters,
        Self::TooShort,
        Self::TooLong,
        Self::CheckDigits,
        Self::Structure,
        Self::UnknownCountry,
        Self::NotAssigned,
        Self::ShortCode,
        Self::NoAreaCode,
        Self::BirthDate,
        Self::Registration,
        Self::UnknownDomain,
        Self::Hidden,
        Self::Unrecognised,
    ];
}

impl Coded for Reason {
    fn class(&self) -> Class {
        Class::Invalid
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "identifier.empty",
            Self::Characters => "identifier.characters",
            Self::TooShort => "identifier.too_short",
            Self::TooLong => "identifier.too_long",
            Self::CheckDigits => "identifier.check_digits",
            Self::Structure => "identifier.structure",
            Self::UnknownCountry => "identifier.unknown_country",
            Self::NotAssigned => "identifier.not_assigned",
            Self::ShortCode => "identifier.short_code",
            Self::NoAreaCode => "identifier.no_area_code",
            Self::BirthDate => "identifier.birth_date",
            Self::Registration => "identifier.registration",
            Self::UnknownDomain => "identifier.unknown_domain",
            Self::Hidden => "identifier.hidden",
            Self::Unrecognised => "identifier.unrecognised",
        }
    }
}
