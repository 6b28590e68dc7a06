//! What a basis allows. Pure: facts in, decisions out.

use kernel::{Class, Coded, Money, Timestamp};
use profile::{AddresseeKind, Approvers, Measure, Scope};

use crate::model::Basis;

/// An act that somebody, or the platform itself, is about to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// What it does.
    pub measure: Measure,
    /// To what kind of institution it is addressed.
    pub addressee: AddresseeKind,
    /// How much of the object it touches.
    pub scope: Scope,
    /// The sum it is limited to; `None` where the measure is not about a sum.
    pub amount: Option<Money>,
    /// Whether the act says why a narrower scope would not do.
    pub reasoned: bool,
    /// Whether the act leaves the receipts usable that the basis exempts.
    pub spares_exempt: bool,
}

impl Proposal {
    /// An act limited to a sum, with exempt receipts left usable: what goes out every day.
    #[must_use]
    pub const fn of_amount(measure: Measure, addressee: AddresseeKind, amount: Money) -> Self {
        let scope = Scope::AmountOnly;
        Self { measure, addressee, scope, amount: Some(amount), reasoned: false, spares_exempt: true }
    }
}

/// Why a basis does not allow an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BasisRefusal {
    /// It begins later.
    #[error("the basis is in force only from {0}")]
    NotYetInForce(Timestamp),
    /// It has ended, or another version has taken its place.
    #[error("the basis was in force only until {0}")]
    Ended(Timestamp),
    /// It speaks of other measures.
    #[error("the basis does not allow the measure `{0}`")]
    Measure(Measure),
    /// It speaks of other addressees.
    #[error("the basis does not reach a `{0}`")]
    Addressee(AddresseeKind),
    /// The act touches more than it allows.
    #[error("the basis allows at most `{allowed}`, `{asked}` was asked")]
    TooWide {
        /// What was asked.
        asked: Scope,
        /// Widest scope allowed.
        allowed: Scope,
    },
    /// So wide an act must say why.
    #[error("a scope wider than `{0}` must be reasoned")]
    Unreasoned(Scope),
    /// An act limited to a sum names none above zero.
    #[error("an act limited to an amount must name one above zero")]
    NoAmount,
    /// The act would touch receipts that stay usable by law.
    #[error("exempt receipts must stay usable")]
    ExemptReceipts,
}

impl Coded for BasisRefusal {
    fn class(&self) -> Class {
        Class::Conflict
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NotYetInForce(_) => "legal_basis.not_yet_in_force",
            Self::Ended(_) => "legal_basis.ended",
            Self::Measure(_) => "legal_basis.measure",
            Self::Addressee(_) => "legal_basis.addressee",
            Self::TooWide { .. } => "legal_basis.too_wide",
            Self::Unreasoned(_) => "legal_basis.unreasoned",
            Self::NoAmount => "legal_basis.no_amount",
            Self::ExemptReceipts => "legal_basis.exempt_receipts",
        }
    }
}

/// Everything that stands between `basis` and the act at `at`; empty if it is allowed.
#[must_use]
pub fn refusals(basis: &Basis, proposal: &Proposal, at: Timestamp) -> Vec<BasisRefusal> {
    let record = &basis.record;
    let mut found = Vec::new();
    let mut unless = |fine: bool, refusal: BasisRefusal| {
        if !fine {
            found.push(refusal);
        }
    };
    unless(basis.effective_from <= at, BasisRefusal::NotYetInForce(basis.effective_from));
    if let Some(to) = basis.effective_to {
        unless(at < to, BasisRefusal::Ended(to));
    }
    unless(record.measures.contains(&proposal.measure), BasisRefusal::Measure(proposal.measure));
    unless(record.addressees.contains(&proposal.addressee), BasisRefusal::Addressee(proposal.addressee));
    let allowed = record.scope.widest;
    unless(proposal.scope <= allowed, BasisRefusal::TooWide { asked: proposal.scope, allowed });
    let limit = record.scope.reason_above;
    unless(proposal.scope <= limit || proposal.reasoned, BasisRefusal::Unreasoned(limit));
    let needs_sum = is_about_money(proposal.measure) && proposal.scope == Scope::AmountOnly;
    let named = proposal.amount.map(Money::is_positive);
    unless(named.unwrap_or(!needs_sum), BasisRefusal::NoAmount);
    unless(proposal.spares_exempt || record.exempt_receipts.is_empty(), BasisRefusal::ExemptReceipts);
    found
}

/// Whether `basis` allows the act at `at`.
///
/// # Errors
/// The first of its [`refusals`].
pub fn allows(basis: &Basis, proposal: &Proposal, at: Timestamp) -> Result<(), BasisRefusal> {
    refusals(basis, proposal, at).into_iter().next().map_or(Ok(()), Err)
}

/// Who must sign: for each act, or once for a standing approval. `None` where the basis wants approvers
/// for each case, so that nothing may be automatic.
#[must_use]
pub fn approvers_needed(basis: &Basis, by_standing: bool) -> Option<&Approvers> {
    if by_standing {
        basis.record.standing.as_ref().map(|s| &s.approvers)
    } else {
        Some(&basis.record.approvers)
    }
}

/// Measures that move or hold a sum.
const fn is_about_money(measure: Measure) -> bool {
    matches!(measure, Measure::Hold | Measure::Return)
}

/// The version of one basis that holds at `at`, as far as it was known at `known_at`: among the versions
/// stored by then, the one that began last (of equals, the one stored last), unless it has ended. An
/// earlier version never comes back when a later one ends.
#[must_use]
pub fn pick(versions: &[Basis], at: Timestamp, known_at: Timestamp) -> Option<&Basis> {
    let begun = versions.iter().filter(|b| b.recorded_at <= known_at && b.effective_from <= at);
    begun.max_by_key(|b| (b.effective_from, b.version)).filter(|b| b.covers(at))
}
