//! What keeps a thing from being held against anybody: organisations that everybody deals with, services that many
//! honest people share, addresses that lead nowhere, what belongs to a victim.

use identifier::Kind;

use super::tally::role;
use crate::model::{Entry, Role};

/// What the profile and the office know of a thing beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Beforehand {
    /// It is an organisation's own: a bank's number, a public service, an emergency line, this portal.
    pub verified: bool,
    /// Many honest people share it: a marketplace, a messenger, a wallet of an exchange.
    pub shared: bool,
    /// It leads nowhere in public, or is a zone under which others have their names.
    pub reserved: bool,
    /// Its name looks like an organisation's, and is not.
    pub imitates: bool,
}

/// Why a thing is not confirmed or listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Guard {
    /// It is an organisation's own.
    Verified,
    /// Many honest people share it.
    Shared,
    /// It is nobody's in public.
    Reserved,
    /// A list that was taken in protects it.
    Spared,
    /// It is a victim's own.
    Victim,
    /// Of a card only ten digits are known.
    Crowd,
    /// No report that stands names it.
    Unreported,
}

impl Guard {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Verified,
        Self::Shared,
        Self::Reserved,
        Self::Spared,
        Self::Victim,
        Self::Crowd,
        Self::Unreported,
    ];

    /// As in codes and keys of texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Shared => "shared",
            Self::Reserved => "reserved",
            Self::Spared => "spared",
            Self::Victim => "victim",
            Self::Crowd => "crowd",
            Self::Unreported => "unreported",
        }
    }
}

/// What keeps an entry from being confirmed; `None` if nothing does.
#[must_use]
pub fn confirming(entry: &Entry, beforehand: Beforehand) -> Option<Guard> {
    match entry {
        _ if beforehand.verified => Some(Guard::Verified),
        _ if beforehand.reserved => Some(Guard::Reserved),
        _ if entry.spared => Some(Guard::Spared),
        _ if role(entry.kind, &entry.tally) == Role::Victim => Some(Guard::Victim),
        _ if entry.tally.harmful == 0 && entry.tally.told == 0 => Some(Guard::Unreported),
        _ => None,
    }
}

/// What keeps an entry from being listed: a listing stops payments, so it must mean one thing and nobody else's.
#[must_use]
pub fn listing(entry: &Entry, beforehand: Beforehand) -> Option<Guard> {
    match entry {
        _ if beforehand.shared => Some(Guard::Shared),
        _ if entry.kind == Kind::Card && !entry.whole => Some(Guard::Crowd),
        // Who is a victim and took a payment is a matter for people, not for every bank's machine.
        _ if entry.tally.own_verified > 0 => Some(Guard::Victim),
        _ => confirming(entry, beforehand),
    }
}
