//! A person stands behind a draft and sends it.

use access::{AccessError, Action, Matter, Resource, Stage, Stead};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Role, Timestamp};
use serde_json::json;

use super::drafting::{redraft, send_in};
use super::sanction;
use crate::approval::{Backing, InStead, Next, Sanctioned, Signature, next};
use crate::model::{Order, OrderId, Status};
use crate::rules::LifeError;
use crate::store::signature::{self, Given};
use crate::{OrderError, law, measure, store};

/// Counts `actor` as an approver of a draft and sends it if that makes enough. Gives the order and
/// whether it went out.
///
/// # Errors
/// Hidden or forbidden; not a draft; the author approving alone what two must; lapsed.
pub async fn approve_and_send(app: &App, actor: &Actor, id: OrderId) -> Result<(Order, bool), OrderError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let now = me.office.now();
            // Two who sign at the same moment are counted one after the other.
            tx.lock_row("orders", id.uuid())?;
            let order = store::find(tx, id)?.ok_or(OrderError::NotFound)?;
            let resource = Resource::new("order", id.uuid(), &order.header).at(Stage::Draft);
            access::require(&actor, Action::ViewOrder, &resource)?;
            if order.status != Status::Drafted {
                return Err(order.approve(&actor, 1).err().map_or(OrderError::NotFound, Into::into));
            }
            if now >= order.expires_at {
                return Err(LifeError::Lapsed.into());
            }
            // The law, the clocks and the routes of this moment, not of the one when it was drafted.
            let cap = order.cap;
            let (order, ruling) = redraft(tx, &me, &actor, order, cap, now)?;
            let signed = sign_in(tx, &me, &actor, (&order, &ruling), now)?;
            let facts = json!({
                "given": signed.before + 1, "needed": ruling.approvers,
                "stead": signed.stead.as_ref().map(|stead| json!({
                    "of": stead.of, "delegation": stead.delegation, "number": stead.number,
                })),
            });
            let act =
                Act { basis: order.header.basis, facts, ..Act::about("order.approved", "order", id.uuid()) };
            me.record(tx, &actor, &act)?;
            move_on(tx, &me, &actor, (order, ruling), now)
        })
        .await
}

/// Sends a sanctioned draft, judged by the law of this moment, if enough of those who signed it still stand.
pub(crate) fn send_if_backed(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    order: Order,
    now: Timestamp,
) -> Result<(Order, bool), OrderError> {
    let cap = order.cap;
    let (order, ruling) = redraft(tx, app, &super::drafting::part(), order, cap, now)?;
    move_on(tx, app, actor, (order, ruling), now)
}

/// Takes a draft as far as those behind it let it go: out, before the prosecutor, or to the next signature.
fn move_on(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (order, ruling): (Order, law::Ruling),
    now: Timestamp,
) -> Result<(Order, bool), OrderError> {
    let record = &ruling.basis.record;
    let signatures = signatures(tx, &order, now)?;
    let backing = Backing {
        author: &order.header.author,
        needed: ruling.approvers,
        roles: &record.approvers.roles,
        signatures: &signatures,
    };
    let sanctioned = sanction::standing(tx, &order, record.prosecutor_sanction)?;
    let why = match next(&backing, sanctioned) {
        Next::Send => {
            let (given, needed) = (backing.counted(), ruling.approvers);
            // The hold-back was for a person to look; a person has looked.
            return Ok((send_in(tx, app, actor, order, (given, needed), sanctioned, now)?, true));
        }
        Next::Signatures => "second_signature",
        Next::AskProsecutor => {
            sanction::put(tx, app, actor, &order, now)?;
            "sanction"
        }
        Next::Prosecutor => "sanction",
        Next::Nothing => return Err(OrderError::Unsanctioned),
    };
    let waiting = Order { why_waiting: why.to_owned(), ..order };
    store::save(tx, &waiting, Status::Drafted)?;
    app.tell(tx, crate::DRAFTED, waiting.id.uuid(), json!({"report": waiting.report}))?;
    Ok((waiting, false))
}

/// A signature that was just given.
struct Signed {
    /// How many counted before it.
    before: usize,
    /// In whose stead it was given.
    stead: Option<Stead>,
}

/// Signs a draft: in one's own right, or in the stead of somebody whose power was lent by a delegation in force. Whoever
/// is marked as away signs nothing before saying to be back.
fn sign_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (order, ruling): (&Order, &law::Ruling),
    now: Timestamp,
) -> Result<Signed, OrderError> {
    let roles = &ruling.basis.record.approvers.roles;
    let given = signatures(tx, order, now)?;
    let live: Vec<&Signature> = given.iter().filter(|s| s.is_live(roles)).collect();
    let labels: Vec<String> = live.iter().map(|s| s.label.clone()).collect();
    let action = signing(actor, ruling.approvers, roles);
    let stead = match in_stead(tx, actor, (order, roles), &live, now)? {
        Some(stead) if action == Action::ApproveOrder => Some(stead),
        _ => None,
    };
    let mut resource =
        Resource::new("order", order.id.uuid(), &order.header).at(Stage::Draft).signed_by(&labels);
    if stead.is_some() {
        resource = resource.deputised(&[actor.label()]);
    }
    access::require(actor, action, &resource).map_err(|e| in_words(e, actor, order, &labels))?;
    order.approve(actor, ruling.approvers)?;
    access::present(tx, actor, now)??;
    let forbidden = || OrderError::from(AccessError::Forbidden(action));
    match &stead {
        None => {
            if !access::still_stands(tx, &actor.label(), roles)? {
                return Err(forbidden());
            }
        }
        Some(stead) => {
            access::hold(tx, stead.delegation)?;
            let matter = matter(tx, order)?;
            let (_, holds) = access::stands(tx, stead.delegation, &actor.label(), &matter, now)?;
            holds.map_err(|_| forbidden())?;
        }
    }
    let row = Given {
        approver: actor.label(),
        at: now,
        stead: stead.as_ref().map(|s| (s.of.clone(), s.delegation)),
    };
    signature::sign(tx, app.uuid(), order.id, &row)?;
    Ok(Signed { before: live.len(), stead })
}

/// Whoever may see a draft is told why the signature cannot be theirs; the access rules alone only say "forbidden".
fn in_words(error: AccessError, actor: &Actor, order: &Order, signed: &[String]) -> OrderError {
    let label = actor.label();
    match error {
        AccessError::Forbidden(_) if order.header.author == label => LifeError::OwnDraft.into(),
        AccessError::Forbidden(_) if signed.contains(&label) => LifeError::SignedAlready.into(),
        error => error.into(),
    }
}

/// In whose stead `actor` would sign: nobody's, where the own office is enough. Among several, somebody whose power is
/// not used under this draft yet; else the delegation that ends soonest.
pub(super) fn in_stead(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (order, roles): (&Order, &[Role]),
    live: &[&Signature],
    now: Timestamp,
) -> Result<Option<Stead>, OrderError> {
    let Actor::Staff { user, roles: own, .. } = actor else { return Ok(None) };
    if own.iter().any(|role| roles.contains(role)) {
        return Ok(None);
    }
    let matter = matter(tx, order)?;
    let mut all = access::steads(tx, *user, &matter, now)?;
    all.retain(|stead| roles.contains(&stead.role));
    let used = |stead: &Stead| {
        live.iter().any(|s| {
            let of = s.stead.as_ref().and_then(|by| by.stead.as_ref()).map(|s| s.of.as_str());
            s.label == stead.of || of == Some(stead.of.as_str())
        })
    };
    let fresh = all.iter().position(|stead| !used(stead)).unwrap_or(0);
    Ok((fresh < all.len()).then(|| all.swap_remove(fresh)))
}

/// A draft as delegations look at it. Making a hold go on holds its sum: who was lent less does not sign it.
pub(super) fn matter(tx: &mut Tx<'_>, order: &Order) -> Result<Matter, OrderError> {
    let original = super::extending::original(tx, order)?;
    let what = original.as_ref().unwrap_or(order);
    Ok(Matter {
        organisation: order.header.organisation_id.clone(),
        unit: order.header.unit_id.clone(),
        author: order.header.author.clone(),
        measures: std::iter::once(order.measure).chain(original.as_ref().map(|o| o.measure)).collect(),
        amount: measure::is_about_money(what.measure).then_some(what.cap),
    })
}

/// The signatures under a draft, and how their signers stand now. Their accounts, and the delegations by which they
/// signed, are held until the transaction ends: whoever is put out meanwhile is put out before or after, never between.
fn signatures(tx: &mut Tx<'_>, order: &Order, now: Timestamp) -> Result<Vec<Signature>, OrderError> {
    for given in signature::of_order(tx, order.id)? {
        access::office_of(tx, &given.approver)?;
        if let Some((_, delegation)) = given.stead {
            access::hold(tx, delegation)?;
        }
    }
    signatures_shown(tx, order, now)
}

/// The same for showing: nobody is held, and nothing rests on it.
pub(super) fn signatures_shown(
    tx: &mut Tx<'_>,
    order: &Order,
    now: Timestamp,
) -> Result<Vec<Signature>, OrderError> {
    let (mut all, matter) = (Vec::new(), matter(tx, order)?);
    for Given { approver: label, stead, .. } in signature::of_order(tx, order.id)? {
        let account = label.strip_prefix("staff:").and_then(|id| id.parse::<uuid::Uuid>().ok());
        let office = match account {
            Some(account) => access::office_now(tx, account)?,
            None => None,
        };
        let stead = match stead {
            None => None,
            Some((of, delegation)) => {
                let (stead, holds) = access::stands(tx, delegation, &label, &matter, now)?;
                // What the signature says and what the delegation says must be one.
                Some(InStead { stead: stead.filter(|s| s.of == of), holds })
            }
        };
        all.push(Signature { label, office, stead });
    }
    Ok(all)
}

/// The right that a signature of `actor` takes: an officer on duty sends what one signature of that office
/// is enough for; everything else is an approver's, who never signs the own draft.
#[must_use]
pub fn signing(actor: &Actor, needed: usize, roles: &[Role]) -> Action {
    let on_duty = needed <= 1 && roles.contains(&Role::DutyOfficer) && actor.has(Role::DutyOfficer);
    if on_duty { Action::SendOrder } else { Action::ApproveOrder }
}

/// Nothing that a sanction is wanted for leaves without one.
pub(crate) const fn is_sanctioned(sanctioned: Sanctioned) -> bool {
    matches!(sanctioned, Sanctioned::NotNeeded | Sanctioned::Given)
}

/// The same for several; each stands for itself. Gives how many went out and what stood in the way of
/// the rest.
pub async fn approve_and_send_many(
    app: &App,
    actor: &Actor,
    ids: &[OrderId],
) -> (usize, Vec<(OrderId, OrderError)>) {
    let (mut sent, mut refused) = (0, Vec::new());
    for id in ids {
        match approve_and_send(app, actor, *id).await {
            Ok((_, true)) => sent += 1,
            Ok((_, false)) => {}
            Err(e) => refused.push((*id, e)),
        }
    }
    (sent, refused)
}
