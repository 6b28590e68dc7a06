//! Whose hands stand behind a draft, told to people: who signed, in whose stead, what counts and why the rest does not;
//! and in what capacity a reader could sign.

use std::collections::BTreeMap;

use access::{DelegationId, Resource, Stead};
use app::App;
use db::{DbError, Tx};
use kernel::{Actor, Timestamp};

use super::sending::{in_stead, signatures_shown};
use crate::approval::{Backing, Signature, Void};
use crate::model::{Order, OrderId, Status};
use crate::store::signature;
use crate::{OrderError, law};

/// A signature as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hand {
    /// Name of whoever signed; empty if the account's key is gone.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// In whose stead, by which delegation, and its number; `None` in one's own right.
    pub stead: Option<InSteadOf>,
    /// Why it does not count now; `None` if it does, and for what has left already.
    pub void: Option<Void>,
}

/// In whose stead a signature was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InSteadOf {
    /// The name.
    pub name: String,
    /// The delegation.
    pub delegation: DelegationId,
    /// Number and date of its paper.
    pub number: String,
}

/// How a reader stands to a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capacity {
    /// How many signatures count now.
    pub given: usize,
    /// Labels of those whose signatures count for themselves.
    pub signers: Vec<String>,
    /// Whether the reader is one of them.
    pub signed: bool,
    /// In whose stead the reader would sign; `None` in the own right, or not at all.
    pub stead: Option<InSteadOf>,
    /// Whether the reader is marked as away, and signs nothing.
    pub away: bool,
}

impl Capacity {
    /// The order as a thing of the rules, for what this reader may do about it.
    #[must_use]
    pub fn resource(&self, order: &Order, reader: &Actor) -> Resource {
        let resource = Resource::new("order", order.id.uuid(), &order.header).signed_by(&self.signers);
        if self.stead.is_some() { resource.deputised(&[reader.label()]) } else { resource }
    }
}

/// Who has signed an order, with names; of a draft also what counts.
///
/// # Errors
/// The database's, the vault's.
pub async fn hands(app: &App, order: &Order) -> Result<Vec<Hand>, OrderError> {
    let (me, order) = (app.clone(), order.clone());
    app.db
        .read(move |tx| {
            let given = signature::of_order(tx, order.id)?;
            let stands = if order.status == Status::Drafted {
                let signatures = signatures_shown(tx, &order, me.office.now())?;
                let (needed, roles) = asks(tx, &order)?;
                let backing =
                    Backing { author: &order.header.author, needed, roles: &roles, signatures: &signatures };
                backing.weighed().into_iter().map(|(_, void)| void).collect()
            } else {
                vec![None; given.len()]
            };
            let mut all = Vec::with_capacity(given.len());
            for (given, void) in given.into_iter().zip(stands) {
                let stead = match given.stead {
                    None => None,
                    Some((of, delegation)) => Some(in_stead_of(tx, &me, &of, delegation)?),
                };
                let name = name(tx, &me, &given.approver)?;
                all.push(Hand { name, at: given.at, stead, void });
            }
            Ok(all)
        })
        .await
}

fn name(tx: &mut Tx<'_>, app: &App, label: &str) -> Result<String, OrderError> {
    let mut known = access::names_of(tx, &app.vault, [label.to_owned()])?;
    Ok(known.remove(label).unwrap_or_default())
}

fn in_stead_of(
    tx: &mut Tx<'_>,
    app: &App,
    of: &str,
    delegation: DelegationId,
) -> Result<InSteadOf, OrderError> {
    let number = access::delegation_number(tx, delegation)?.unwrap_or_default();
    Ok(InSteadOf { name: name(tx, app, of)?, delegation, number })
}

/// How many the basis of a draft asks for, and of which offices.
fn asks(tx: &mut Tx<'_>, order: &Order) -> Result<(usize, Vec<kernel::Role>), DbError> {
    let basis = match order.header.basis {
        Some((id, version)) => legal_basis::store::get(tx, id, version)?,
        None => None,
    };
    Ok(basis.map_or_else(|| (1, Vec::new()), |b| (law::needed(&b), b.record.approvers.roles)))
}

/// How `actor` stands to each of these drafts.
///
/// # Errors
/// The database's, the vault's.
pub async fn capacities(
    app: &App,
    actor: &Actor,
    drafts: &[OrderId],
) -> Result<BTreeMap<OrderId, Capacity>, OrderError> {
    let (me, actor, drafts) = (app.clone(), actor.clone(), drafts.to_vec());
    app.db
        .read(move |tx| {
            let (mut all, now) = (BTreeMap::new(), me.office.now());
            for id in &drafts {
                let Some(order) = crate::store::find(tx, *id)? else { continue };
                if order.status == Status::Drafted {
                    all.insert(*id, capacity(tx, &me, &actor, &order, now)?);
                }
            }
            Ok(all)
        })
        .await
}

fn capacity(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    order: &Order,
    now: Timestamp,
) -> Result<Capacity, OrderError> {
    let (needed, roles) = asks(tx, order)?;
    let signatures = signatures_shown(tx, order, now)?;
    let given =
        Backing { author: &order.header.author, needed, roles: &roles, signatures: &signatures }.counted();
    let live: Vec<&Signature> = signatures.iter().filter(|s| s.is_live(&roles)).collect();
    let signers: Vec<String> = live.iter().map(|s| s.label.clone()).collect();
    let stead = match in_stead(tx, actor, (order, &roles), &live, now)? {
        None => None,
        Some(Stead { delegation, of, .. }) => Some(in_stead_of(tx, app, &of, delegation)?),
    };
    let away = access::present(tx, actor, now)?.is_err();
    Ok(Capacity { given, signed: signers.contains(&actor.label()), signers, stead, away })
}
