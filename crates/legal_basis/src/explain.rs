//! Which version of the law allowed a past act, and what the law of today says of it.

use db::Tx;
use kernel::Timestamp;
use uuid::Uuid;

use crate::error::LegalBasisError;
use crate::model::Basis;
use crate::rules::{self, BasisRefusal, Proposal};
use crate::store;

/// Which version of the law allowed a past act, and what today's law says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The version that the act names.
    pub cited: Basis,
    /// The moment of the act.
    pub at: Timestamp,
    /// Whether that version was the one in force at the moment of the act, by what was stored then.
    pub in_force_then: bool,
    /// The version of the same basis that was in force at that moment, by what was stored then.
    pub then_in_force: Option<i64>,
    /// What stood against the act then. Empty if it was allowed.
    pub then: Vec<BasisRefusal>,
    /// The version of the same basis in force today.
    pub today: Option<Basis>,
    /// The basis that would allow the act today: the same one, or another that is in force.
    pub allowed_today_by: Option<(Uuid, i64)>,
    /// That other basis, where it is another.
    pub other_today: Option<Basis>,
    /// What stands against the act under today's version of the same basis; empty if that allows it, or if
    /// no version of it is in force.
    pub today_refusals: Vec<BasisRefusal>,
}

impl Explanation {
    /// Whether the act was lawful when it was done.
    #[must_use]
    pub fn was_allowed(&self) -> bool {
        self.in_force_then && self.then.is_empty()
    }
    /// Whether it would be lawful today.
    #[must_use]
    pub const fn would_be_allowed_today(&self) -> bool {
        self.allowed_today_by.is_some()
    }
    /// Whether the text has changed since.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        self.today.as_ref().is_none_or(|t| t.version != self.cited.version)
    }
}

/// Explains an act of `at` that cited version `version` of the basis `id`, as seen from `now`.
///
/// # Errors
/// [`LegalBasisError::NotFound`] if there is no such version, or the database's.
pub fn explain(
    tx: &mut Tx<'_>,
    (id, version): (Uuid, i64),
    proposal: &Proposal,
    at: Timestamp,
    now: Timestamp,
) -> Result<Explanation, LegalBasisError> {
    let versions = store::versions(tx, id)?;
    let cited = versions.iter().find(|b| b.version == version).ok_or(LegalBasisError::NotFound)?.clone();
    let then_in_force = rules::pick(&versions, at, at).map(|b| b.version);
    let then = rules::refusals(&cited, proposal, at);
    let today = rules::pick(&versions, now, now).cloned();
    let today_refusals = today.as_ref().map(|b| rules::refusals(b, proposal, now)).unwrap_or_default();
    let same = today.as_ref().filter(|_| today_refusals.is_empty()).map(Basis::pair);
    let other_today = match same {
        Some(_) => None,
        None => {
            let others = store::in_force(tx, proposal.measure, proposal.addressee, now)?;
            others.into_iter().find(|b| rules::allows(b, proposal, now).is_ok())
        }
    };
    Ok(Explanation {
        in_force_then: then_in_force == Some(version),
        then_in_force,
        allowed_today_by: same.or_else(|| other_today.as_ref().map(Basis::pair)),
        cited,
        at,
        then,
        today,
        other_today,
        today_refusals,
    })
}
