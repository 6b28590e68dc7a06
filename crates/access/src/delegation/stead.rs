//! In whose stead somebody may sign, asked in the transaction that counts signatures.

use db::{DbError, Tx};
use kernel::{Role, Timestamp};
use uuid::Uuid;

use super::model::{Delegation, DelegationId, Stage};
use super::rules::{Matter, NotCovered};
use super::store;
use crate::account::office_now;

/// Somebody in whose stead a deputy may sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stead {
    /// By which delegation.
    pub delegation: DelegationId,
    /// Whose power it is, as [`kernel::Actor::label`].
    pub of: String,
    /// The office whose power it is.
    pub role: Role,
    /// Number and date of the paper that the delegation rests on.
    pub number: String,
}

impl Stead {
    fn by(d: &Delegation) -> Self {
        Self { delegation: d.id, of: d.delegator(), role: d.terms.role, number: d.terms.number.clone() }
    }
}

/// In whose stead an account may sign this at `now`, the delegation that ends soonest first. Nobody is held: whoever signs
/// or counts calls [`hold`] and [`stands`].
///
/// # Errors
/// The database's.
pub fn steads(tx: &mut Tx<'_>, deputy: Uuid, matter: &Matter, now: Timestamp) -> Result<Vec<Stead>, DbError> {
    let mut all = Vec::new();
    let own = office_now(tx, deputy)?;
    for d in store::in_force_for(tx, deputy, now)? {
        let giver = office_now(tx, d.terms.delegator)?;
        if d.covers(matter, (giver.as_ref(), own.as_ref()), now).is_ok() {
            all.push(Stead::by(&d));
        }
    }
    Ok(all)
}

/// Holds a delegation and the accounts of both until the transaction ends: what is ended meanwhile ends before or after,
/// never between the question and what rests on it.
///
/// # Errors
/// The database's.
pub fn hold(tx: &mut Tx<'_>, delegation: DelegationId) -> Result<(), DbError> {
    tx.lock_row("delegation", delegation.uuid())?;
    if let Some(found) = store::find(tx, delegation)? {
        tx.lock_row("staff_account", found.delegation.terms.delegator)?;
        tx.lock_row("staff_account", found.delegation.terms.deputy)?;
    }
    Ok(())
}

/// Whether the one who signed as `deputy` by this delegation may do so at `now`, and in whose stead. Whoever rests
/// something on the answer calls [`hold`] before.
///
/// # Errors
/// The database's.
pub fn stands(
    tx: &mut Tx<'_>,
    delegation: DelegationId,
    deputy: &str,
    matter: &Matter,
    now: Timestamp,
) -> Result<(Option<Stead>, Result<(), NotCovered>), DbError> {
    let Some(d) = store::find(tx, delegation)?.map(|s| s.delegation) else {
        return Ok((None, Err(NotCovered::NotInForce)));
    };
    if d.deputy() != deputy {
        return Ok((Some(Stead::by(&d)), Err(NotCovered::NotInForce)));
    }
    let giver = office_now(tx, d.terms.delegator)?;
    let own = office_now(tx, d.terms.deputy)?;
    let covers = d.covers(matter, (giver.as_ref(), own.as_ref()), now);
    Ok((Some(Stead::by(&d)), covers))
}

/// Number and date of the paper that a delegation rests on, as quoted beside signatures; also of one that is over.
///
/// # Errors
/// The database's.
pub fn delegation_number(tx: &mut Tx<'_>, delegation: DelegationId) -> Result<Option<String>, DbError> {
    Ok(store::find(tx, delegation)?.map(|s| s.delegation.terms.number))
}

/// The accounts that may use the power of `account` now, as far as the delegations' own rows say.
///
/// # Errors
/// The database's.
pub(crate) fn lent_by(
    tx: &mut Tx<'_>,
    account: Uuid,
    role: Role,
    now: Timestamp,
) -> Result<Vec<Uuid>, DbError> {
    let open = store::open_of(tx, account, now)?;
    let lent = open
        .iter()
        .filter(|d| d.terms.delegator == account && d.terms.role == role && d.stage(now) == Stage::InForce);
    Ok(lent.map(|d| d.terms.deputy).collect())
}
