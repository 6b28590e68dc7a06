//! A person stands behind a draft and sends it.

use access::{AccessError, Action, Resource, Stage};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Role, Timestamp};
use serde_json::json;

use super::drafting::{redraft, send_in};
use super::sanction;
use crate::approval::{Backing, Next, Sanctioned, Signature, next};
use crate::model::{Order, OrderId, Status};
use crate::{OrderError, law, rules, store};

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
                return Err(rules::LifeError::Lapsed.into());
            }
            // The law, the clocks and the routes of this moment, not of the one when it was drafted.
            let cap = order.cap;
            let (order, ruling) = redraft(tx, &me, &actor, order, cap, now)?;
            let given = store::approvals(tx, id)?;
            let resource =
                Resource::new("order", id.uuid(), &order.header).at(Stage::Draft).signed_by(&given);
            let action = signing(&actor, ruling.approvers, &ruling.basis.record.approvers.roles);
            access::require(&actor, action, &resource)?;
            order.approve(&actor, ruling.approvers)?;
            if !access::still_stands(tx, &actor.label(), &ruling.basis.record.approvers.roles)? {
                return Err(AccessError::Forbidden(action).into());
            }
            store::approve(tx, me.uuid(), id, &actor.label(), now)?;
            let facts = json!({"given": given.len() + 1, "needed": ruling.approvers});
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
    let signatures = signatures(tx, order.id)?;
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

/// The signatures under a draft, and how their signers stand now. Their accounts are held until the transaction ends:
/// whoever is put out meanwhile is put out before or after, never between.
fn signatures(tx: &mut Tx<'_>, id: OrderId) -> Result<Vec<Signature>, OrderError> {
    let labels = store::approvals(tx, id)?;
    let mut all = Vec::with_capacity(labels.len());
    for label in labels {
        let office = access::office_of(tx, &label)?;
        all.push(Signature { label, office });
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
