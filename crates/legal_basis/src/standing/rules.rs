//! When a standing approval may be drafted, signed, revoked, and what it covers. Pure.

use std::fmt;

use kernel::{Class, Coded, Money, Role, Timestamp};
use profile::{Measure, Scope};
use uuid::Uuid;

use crate::model::Basis;
use crate::rules::approvers_needed;
use crate::standing::model::{Ending, NewStanding, Signature, StandingApproval, Status};

/// Longest reason, in characters.
pub const MAX_REASON_CHARS: usize = 1_000;
const DAY_MICROS: i64 = 86_400_000_000;

/// Why a draft is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// The basis is not in force now.
    #[error("the basis is not in force")]
    BasisNotInForce,
    /// The basis wants approvers for each case.
    #[error("the basis wants approvers for each case")]
    PerCase,
    /// The basis does not allow this measure.
    #[error("the basis does not allow this measure")]
    Measure,
    /// Wider than the basis lets a standing approval be.
    #[error("a standing approval under this basis may be at most `{0}`")]
    TooWide(Scope),
    /// A cap is zero or negative.
    #[error("a cap must be above zero")]
    Cap,
    /// The two caps are in different assets.
    #[error("both caps must be in one asset")]
    MixedAssets,
    /// One order may be larger than a whole day.
    #[error("the cap per day must not be below the cap per order")]
    DayBelowOrder,
    /// No hop at all.
    #[error("the hop limit must be at least 1")]
    NoHop,
    /// It would end before it begins, or has ended already.
    #[error("the end must lie after the beginning and in the future")]
    Dates,
    /// It would last longer than the basis lets it.
    #[error("a standing approval under this basis lasts at most {0} days")]
    TooLong(u16),
    /// Nothing says why.
    #[error("the reason is missing or longer than {MAX_REASON_CHARS} characters")]
    Reason,
}

impl Coded for DraftError {
    fn class(&self) -> Class {
        match self {
            Self::BasisNotInForce | Self::PerCase => Class::Conflict,
            _ => Class::Invalid,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::BasisNotInForce => "standing.basis_not_in_force",
            Self::PerCase => "standing.per_case",
            Self::Measure => "standing.measure",
            Self::TooWide(_) => "standing.too_wide",
            Self::Cap => "standing.cap",
            Self::MixedAssets => "standing.mixed_assets",
            Self::DayBelowOrder => "standing.day_below_order",
            Self::NoHop => "standing.no_hop",
            Self::Dates => "standing.dates",
            Self::TooLong(_) => "standing.too_long",
            Self::Reason => "standing.reason",
        }
    }
}

/// Checks the terms of a draft. `basis` is the version that the terms name, if that version is the one in
/// force now.
///
/// # Errors
/// The first thing that stands against it.
pub fn check_draft(terms: &NewStanding, basis: Option<&Basis>, now: Timestamp) -> Result<(), DraftError> {
    let basis =
        basis.filter(|b| b.pair() == terms.basis && b.covers(now)).ok_or(DraftError::BasisNotInForce)?;
    let rule = basis.record.standing.as_ref().ok_or(DraftError::PerCase)?;
    let wrong = |is: bool, error: DraftError| if is { Err(error) } else { Ok(()) };
    wrong(!basis.record.measures.contains(&terms.measure), DraftError::Measure)?;
    wrong(terms.scope > rule.widest, DraftError::TooWide(rule.widest))?;
    wrong(!terms.cap_per_order.is_positive() || !terms.cap_per_day.is_positive(), DraftError::Cap)?;
    wrong(terms.cap_per_order.asset() != terms.cap_per_day.asset(), DraftError::MixedAssets)?;
    wrong(terms.cap_per_day.minor() < terms.cap_per_order.minor(), DraftError::DayBelowOrder)?;
    wrong(terms.hop_limit == 0, DraftError::NoHop)?;
    wrong(terms.valid_to <= terms.valid_from || terms.valid_to <= now, DraftError::Dates)?;
    let longest = i64::from(rule.max_days).saturating_mul(DAY_MICROS);
    wrong(terms.valid_to.micros_since(terms.valid_from) > longest, DraftError::TooLong(rule.max_days))?;
    let length = terms.reason.trim().chars().count();
    wrong(length == 0 || length > MAX_REASON_CHARS, DraftError::Reason)
}

/// Who is about to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The account.
    pub user: Uuid,
    /// The name in the account.
    pub name: String,
    /// Offices held now.
    pub roles: Vec<Role>,
}

impl Signer {
    /// As [`kernel::Actor::label`] writes it.
    #[must_use]
    pub fn label(&self) -> String {
        format!("staff:{}", self.user)
    }
}

/// Why a signature is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// It is not a draft any more.
    #[error("only a draft can be signed")]
    NotDraft,
    /// Its end has passed.
    #[error("the end of the approval has passed")]
    Ended,
    /// The version of the basis that it names is not the one in force.
    #[error("the basis it names is not in force any more")]
    BasisNotInForce,
    /// The basis wants approvers for each case.
    #[error("the basis wants approvers for each case")]
    PerCase,
    /// The author may not sign.
    #[error("whoever prepared it cannot sign it")]
    Author,
    /// One person signs once.
    #[error("this person has signed it already")]
    Again,
    /// The person holds none of the offices that may sign.
    #[error("this person holds no office that may sign it")]
    Office,
}

impl Coded for SignError {
    fn class(&self) -> Class {
        match self {
            Self::Author | Self::Office => Class::Forbidden,
            _ => Class::Conflict,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NotDraft => "standing.not_draft",
            Self::Ended => "standing.ended",
            Self::BasisNotInForce => "standing.basis_not_in_force",
            Self::PerCase => "standing.per_case",
            Self::Author => "standing.author",
            Self::Again => "standing.again",
            Self::Office => "standing.office",
        }
    }
}

/// Why a revocation is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RevokeError {
    /// It has ended already.
    #[error("it has ended already")]
    Ended,
    /// Nothing says why.
    #[error("the reason is missing or longer than {MAX_REASON_CHARS} characters")]
    Reason,
}

impl Coded for RevokeError {
    fn class(&self) -> Class {
        match self {
            Self::Ended => Class::Conflict,
            Self::Reason => Class::Invalid,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Ended => "standing.already_ended",
            Self::Reason => "standing.reason",
        }
    }
}

impl StandingApproval {
    /// Who has signed: distinct persons, none of them the author, however they stand now.
    #[must_use]
    pub fn signers(&self) -> usize {
        self.persons(|_| true)
    }

    /// Signatures that count now: of those of [`Self::signers`] who still hold one of the offices that may sign.
    #[must_use]
    pub fn live_signers(&self, offices: &[Role]) -> usize {
        self.persons(|s| s.offices.iter().any(|held| offices.contains(held)))
    }

    fn persons(&self, counts: impl Fn(&Signature) -> bool) -> usize {
        let author = &self.header.author;
        let mut persons: Vec<Uuid> =
            self.signatures.iter().filter(|s| counts(s)).map(|s| s.approver).collect();
        persons.retain(|p| format!("staff:{p}") != *author);
        persons.sort_unstable();
        persons.dedup();
        persons.len()
    }

    /// A person signs. The last signature that the basis asks for, of people who all stand, brings it into force. `basis` is the
    /// version that the approval names, if that version is the one in force now.
    ///
    /// # Errors
    /// The first thing that stands against it.
    pub fn sign(mut self, signer: &Signer, basis: Option<&Basis>, now: Timestamp) -> Result<Self, SignError> {
        let wrong = |is: bool, error: SignError| if is { Err(error) } else { Ok(()) };
        wrong(self.status != Status::Draft, SignError::NotDraft)?;
        wrong(self.terms.valid_to <= now, SignError::Ended)?;
        let own = basis.filter(|b| b.pair() == self.terms.basis && b.covers(now));
        let approvers =
            approvers_needed(own.ok_or(SignError::BasisNotInForce)?, true).ok_or(SignError::PerCase)?;
        wrong(self.header.author == signer.label(), SignError::Author)?;
        wrong(self.signatures.iter().any(|s| s.approver == signer.user), SignError::Again)?;
        wrong(!signer.roles.iter().any(|r| approvers.roles.contains(r)), SignError::Office)?;
        self.signatures.push(Signature {
            approver: signer.user,
            name: signer.name.clone(),
            signed_at: now,
            offices: signer.roles.clone(),
        });
        // Whoever signed and was put out since is no second person.
        if self.live_signers(&approvers.roles) >= usize::from(approvers.count) {
            self.status = Status::InForce;
            self.in_force_at = Some(now);
        }
        Ok(self)
    }

    /// Somebody takes it back, at once and for good.
    ///
    /// # Errors
    /// It has ended already, or no reason is given.
    pub fn revoke(mut self, by: &str, reason: &str, now: Timestamp) -> Result<Self, RevokeError> {
        if !matches!(self.status, Status::Draft | Status::InForce) {
            return Err(RevokeError::Ended);
        }
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > MAX_REASON_CHARS {
            return Err(RevokeError::Reason);
        }
        self.status = Status::Revoked;
        self.ending = Some(Ending { at: now, by: by.to_owned(), reason: reason.to_owned() });
        Ok(self)
    }

    /// A later version came into force: this one ends, if it has not ended before.
    #[must_use]
    pub fn supersede(mut self, by: &str, now: Timestamp) -> Self {
        if matches!(self.status, Status::Draft | Status::InForce) {
            self.status = Status::Superseded;
            self.ending = Some(Ending { at: now, by: by.to_owned(), reason: String::new() });
        }
        self
    }
}

/// An order that the platform is about to send by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The basis and its version.
    pub basis: (Uuid, i64),
    /// What it does.
    pub measure: Measure,
    /// How much of the object it touches.
    pub scope: Scope,
    /// The sum it asks for.
    pub amount: Money,
    /// Its hop; the victim's own transfer is hop 1.
    pub hop: u8,
    /// What has gone out under this approval today, in smallest units of the same asset.
    pub sent_today_minor: i64,
}

/// One reason why an approval does not cover an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Draft, revoked or superseded.
    NotInForce(Status),
    /// Before its beginning.
    TooEarly,
    /// At or after its end.
    TooLate,
    /// Another basis or another version of it.
    Basis,
    /// Another measure.
    Measure,
    /// The order is wider.
    Scope,
    /// Another asset.
    Asset,
    /// Nothing, or less, is asked for.
    Amount,
    /// More than the cap per order.
    OrderCap,
    /// With what has gone out today, more than the cap per day.
    DayCap,
    /// A deeper hop, or no hop at all.
    Hop,
}

impl Reason {
    /// A stable word for texts and records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotInForce(_) => "not_in_force",
            Self::TooEarly => "too_early",
            Self::TooLate => "too_late",
            Self::Basis => "basis",
            Self::Measure => "measure",
            Self::Scope => "scope",
            Self::Asset => "asset",
            Self::Amount => "amount",
            Self::OrderCap => "order_cap",
            Self::DayCap => "day_cap",
            Self::Hop => "hop",
        }
    }
}

/// Every reason why an approval does not cover an order; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct NotCovered(pub Vec<Reason>);

impl fmt::Display for NotCovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|r| r.as_str()).collect();
        write!(f, "no standing approval covers it: {}", words.join(", "))
    }
}

impl Coded for NotCovered {
    fn class(&self) -> Class {
        Class::Conflict
    }
    fn code(&self) -> &'static str {
        "standing.not_covered"
    }
}

/// Whether the order may go out under this approval at `now`. That the basis itself is still in force and
/// allows the order is a question of its own ([`crate::rules::allows`]).
///
/// # Errors
/// Every reason against it.
pub fn covers(approval: &StandingApproval, order: &Proposal, now: Timestamp) -> Result<(), NotCovered> {
    let terms = &approval.terms;
    let amount = order.amount.minor();
    let of_day = order.sent_today_minor.max(0).checked_add(amount);
    let checks = [
        (approval.status != Status::InForce, Reason::NotInForce(approval.status)),
        (now < terms.valid_from, Reason::TooEarly),
        (terms.valid_to <= now, Reason::TooLate),
        (terms.basis != order.basis, Reason::Basis),
        (terms.measure != order.measure, Reason::Measure),
        (order.scope > terms.scope, Reason::Scope),
        (order.amount.asset() != terms.cap_per_order.asset(), Reason::Asset),
        (amount <= 0, Reason::Amount),
        (amount > terms.cap_per_order.minor(), Reason::OrderCap),
        (of_day.is_none_or(|sum| sum > terms.cap_per_day.minor()), Reason::DayCap),
        (order.hop == 0 || order.hop > terms.hop_limit, Reason::Hop),
    ];
    let reasons: Vec<Reason> = checks.into_iter().filter(|(against, _)| *against).map(|(_, r)| r).collect();
    if reasons.is_empty() { Ok(()) } else { Err(NotCovered(reasons)) }
}
