//! A person stands behind a draft and sends it.

use access::{Action, Resource, Stage};
use app::App;
use audit::Act;
use kernel::{Actor, Role};
use serde_json::json;

use super::drafting::{redraft, send_in};
use crate::model::{Order, OrderId, Status};
use crate::{OrderError, rules, store};

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
            let needed = ruling.approvers;
            if ruling.basis.record.prosecutor_sanction {
                return Err(OrderError::Unsanctioned);
            }
            let roles = legal_basis::approvers_needed(&ruling.basis, false).map(|a| a.roles.as_slice());
            let given = store::approvals(tx, id)?;
            let resource =
                Resource::new("order", id.uuid(), &order.header).at(Stage::Draft).signed_by(&given);
            access::require(&actor, signing(&actor, needed, roles.unwrap_or_default()), &resource)?;
            order.approve(&actor, needed)?;
            store::approve(tx, me.uuid(), id, &actor.label(), now)?;
            let given = store::approvals(tx, id)?;
            let facts = json!({"given": given.len(), "needed": needed});
            let act =
                Act { basis: order.header.basis, facts, ..Act::about("order.approved", "order", id.uuid()) };
            me.record(tx, &actor, &act)?;
            if given.len() < needed {
                let waiting = Order { why_waiting: "second_signature".to_owned(), ..order };
                store::save(tx, &waiting, Status::Drafted)?;
                return Ok((waiting, false));
            }
            // The hold-back was for a person to look; a person has looked.
            let order = send_in(tx, &me, &actor, order, given.len(), needed, now)?;
            Ok((order, true))
        })
        .await
}

/// The right that a signature of `actor` takes: an officer on duty sends what one signature of that office
/// is enough for; everything else is an approver's, who never signs the own draft.
#[must_use]
pub fn signing(actor: &Actor, needed: usize, roles: &[Role]) -> Action {
    let on_duty = needed <= 1 && roles.contains(&Role::DutyOfficer) && actor.has(Role::DutyOfficer);
    if on_duty { Action::SendOrder } else { Action::ApproveOrder }
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
