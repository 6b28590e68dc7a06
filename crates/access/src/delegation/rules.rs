//! What may be delegated, by which steps, and what a delegation covers. Pure.

use kernel::{Class, Coded, Money, Role, Timestamp};
use profile::Measure;
use uuid::Uuid;

use super::model::{Delegation, EndWhy, Ending, NewDelegation, Stage, Terms};
use crate::account::OfficeHeld;

/// Longest number of a paper, in characters.
pub const MAX_NUMBER_CHARS: usize = 60;

/// Why a delegation cannot be given so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DelegationFault {
    /// Nobody is their own deputy.
    #[error("nobody is their own deputy")]
    Oneself,
    /// Only the power to sign orders can be delegated, and only by whoever holds it as an office of their own: what was
    /// delegated is not delegated on.
    #[error("the giver does not hold the power that is delegated")]
    NotHeld,
    /// The deputy works no orders in this organisation, or administers or sanctions.
    #[error("this person cannot be a deputy")]
    Deputy,
    /// It ends before it begins, or is over, or begins in the past.
    #[error("a delegation ends after it begins, and begins today or later")]
    Dates,
    /// Longer than the profile allows.
    #[error("the term is longer than the profile allows")]
    TooLong,
    /// The largest sum is not above zero.
    #[error("the largest sum must be above zero")]
    Most,
    /// The paper's number is missing or too long.
    #[error("the number of the order is missing or too long")]
    Number,
    /// What the paper says is missing or too long.
    #[error("the ground is missing or too long")]
    Ground,
}

impl Coded for DelegationFault {
    fn class(&self) -> Class {
        Class::Invalid
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Oneself => "access.delegation_oneself",
            Self::NotHeld => "access.delegation_not_held",
            Self::Deputy => "access.delegation_deputy",
            Self::Dates => "access.delegation_dates",
            Self::TooLong => "access.delegation_long",
            Self::Most => "access.delegation_most",
            Self::Number => "access.delegation_number",
            Self::Ground => "access.delegation_ground",
        }
    }
}

/// Why a step does not fit how far a delegation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepFault {
    /// It has ended, or its term is over.
    #[error("the delegation has ended")]
    Over,
    /// This was done before.
    #[error("this was done before")]
    Already,
    /// The deputy comes first.
    #[error("the deputy has not accepted it yet")]
    NotAccepted,
    /// One of the two confirms nothing.
    #[error("it is confirmed by neither of the two")]
    OneOfTheTwo,
    /// Whoever gave it, or takes it, does not stand any more.
    #[error("one of the two does not hold the office any more")]
    NotStanding,
}

impl Coded for StepFault {
    fn class(&self) -> Class {
        Class::Conflict
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Over => "access.delegation_over",
            Self::Already => "access.delegation_already",
            Self::NotAccepted => "access.delegation_not_accepted",
            Self::OneOfTheTwo => "access.delegation_one_of_two",
            Self::NotStanding => "access.delegation_not_standing",
        }
    }
}

/// One of the two, as they stand now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The account.
    pub account: Uuid,
    /// Its organisation.
    pub organisation: String,
    /// Offices held now.
    pub office: OfficeHeld,
}

impl Party {
    /// Whether the person may be a deputy: works orders, and neither administers nor sanctions.
    #[must_use]
    pub fn may_be_deputy(&self) -> bool {
        may_be_deputy(&self.office)
    }
}

/// Whether somebody who stands so may be a deputy.
pub(crate) fn may_be_deputy(office: &OfficeHeld) -> bool {
    let works = office.holds_any(&[Role::DutyOfficer, Role::Approver]);
    works && !office.holds_any(&[Role::Administrator, Role::Prosecutor, Role::Auditor])
}

/// Whether a delegation can be given so at `now`. `longest` is the last moment that the profile lets a term that begins
/// then end at; `today` the first moment of the day.
///
/// # Errors
/// Every fault, in the order of the form.
pub fn check(
    new: &NewDelegation,
    (delegator, deputy): (&Party, &Party),
    (today, now, longest): (Timestamp, Timestamp, Timestamp),
) -> Result<(), Vec<DelegationFault>> {
    let t: &Terms = &new.terms;
    let number = t.number.trim();
    let faults = [
        (delegator.account == deputy.account, DelegationFault::Oneself),
        (t.role != Role::Approver || !delegator.office.holds_any(&[t.role]), DelegationFault::NotHeld),
        (!deputy.may_be_deputy() || deputy.organisation != delegator.organisation, DelegationFault::Deputy),
        (t.till <= t.from || t.till <= now || t.from < today, DelegationFault::Dates),
        (t.till > longest, DelegationFault::TooLong),
        (t.most.is_some_and(|m| !m.is_positive()), DelegationFault::Most),
        (number.is_empty() || number.chars().count() > MAX_NUMBER_CHARS, DelegationFault::Number),
        (app::reason(&new.ground).is_none(), DelegationFault::Ground),
    ];
    let all: Vec<DelegationFault> = faults.into_iter().filter(|(wrong, _)| *wrong).map(|(_, f)| f).collect();
    if all.is_empty() { Ok(()) } else { Err(all) }
}

/// What an order is, as far as delegations care.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// The organisation whose order it is.
    pub organisation: String,
    /// The unit whose order it is.
    pub unit: String,
    /// Who prepared it, as [`kernel::Actor::label`].
    pub author: String,
    /// What it does, and what it makes go on: each must be lent.
    pub measures: Vec<Measure>,
    /// What it asks for, or makes go on, at most; `None` if it is about no money.
    pub amount: Option<Money>,
}

/// Why a delegation does not let its deputy sign an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NotCovered {
    /// It is not in force: not accepted, not confirmed, not begun, over or ended.
    NotInForce,
    /// Whoever gave it does not hold the office any more, or the deputy may be none any more.
    NotStanding,
    /// One of the two prepared the order.
    OwnDraft,
    /// The order is of another organisation or unit.
    Unit,
    /// The order does something else.
    Measure,
    /// The order asks for more, or for another asset.
    Amount,
}

impl NotCovered {
    /// A stable word for texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotInForce => "not_in_force",
            Self::NotStanding => "not_standing",
            Self::OwnDraft => "own_draft",
            Self::Unit => "unit",
            Self::Measure => "measure",
            Self::Amount => "amount",
        }
    }
}

impl Delegation {
    /// Whether the deputy may sign the matter in the giver's stead at `now`; the two stand as given. `None` is an account
    /// that is gone.
    ///
    /// # Errors
    /// The first thing that stands against it.
    pub fn covers(
        &self,
        matter: &Matter,
        (delegator, deputy): (Option<&OfficeHeld>, Option<&OfficeHeld>),
        now: Timestamp,
    ) -> Result<(), NotCovered> {
        let t = &self.terms;
        let holds = delegator.is_some_and(|office| office.holds_any(&[t.role]));
        let takes = deputy.is_some_and(may_be_deputy);
        let too_much = match (t.most, matter.amount) {
            (Some(most), Some(asked)) => asked.asset() != most.asset() || asked.minor() > most.minor(),
            (_, None) | (None, _) => false,
        };
        let checks = [
            (self.stage(now) != Stage::InForce || t.delegator == t.deputy, NotCovered::NotInForce),
            (!holds || !takes, NotCovered::NotStanding),
            (matter.author == self.delegator() || matter.author == self.deputy(), NotCovered::OwnDraft),
            (
                matter.organisation != self.header.organisation_id
                    || !t.unit.is_empty() && t.unit != matter.unit,
                NotCovered::Unit,
            ),
            (
                !t.measures.is_empty() && !matter.measures.iter().all(|m| t.measures.contains(m)),
                NotCovered::Measure,
            ),
            (too_much, NotCovered::Amount),
        ];
        checks.into_iter().find(|(against, _)| *against).map_or(Ok(()), |(_, why)| Err(why))
    }

    /// The deputy accepts.
    ///
    /// # Errors
    /// It is over, or was accepted before.
    pub fn accept(mut self, now: Timestamp) -> Result<Self, StepFault> {
        self.goes_on(now)?;
        if self.accepted_at.is_some() {
            return Err(StepFault::Already);
        }
        self.accepted_at = Some(now);
        Ok(self)
    }

    /// A third person confirms it.
    ///
    /// # Errors
    /// It is over, not accepted, confirmed before, or `by` is one of the two.
    pub fn confirm(mut self, by: &str, now: Timestamp) -> Result<Self, StepFault> {
        self.goes_on(now)?;
        if by == self.delegator() || by == self.deputy() {
            return Err(StepFault::OneOfTheTwo);
        }
        if self.confirmed.is_some() {
            return Err(StepFault::Already);
        }
        if self.accepted_at.is_none() {
            return Err(StepFault::NotAccepted);
        }
        self.confirmed = Some((now, by.to_owned()));
        Ok(self)
    }

    /// Somebody ends it, at once and for good.
    ///
    /// # Errors
    /// It is over already.
    pub fn end(mut self, by: &str, why: EndWhy, now: Timestamp) -> Result<Self, StepFault> {
        self.goes_on(now)?;
        self.ending = Some(Ending { at: now, by: by.to_owned(), why });
        Ok(self)
    }

    fn goes_on(&self, now: Timestamp) -> Result<(), StepFault> {
        if self.is_open(now) { Ok(()) } else { Err(StepFault::Over) }
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
