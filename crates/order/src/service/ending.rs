//! Ending a hold, correcting a wrong one, taking back a draft. Restoring what is an innocent person's
//! works from the first day.

use access::{Action, Resource, Stage};
use app::App;
use audit::Act;
use db::{Tx, outbox};
use kernel::{Actor, Money, Timestamp};
use partner::notify::Topic;
use profile::Measure;
use report::ReportId;
use serde_json::json;

use super::drafting::part;
use super::posting::{self, Says};
use crate::OrderError;
use crate::answer::Code;
use crate::model::{Object, ObjectId, ObjectState, Order, OrderId, Status};
use crate::rules::LifeError;
use crate::store::delivery;
use crate::store::{self, objects};

/// Ends an order before its time: by order (`L61`) or after the client's proof (`L62`). The partner is
/// told at once and until it confirms.
///
/// # Errors
/// Hidden or forbidden; not sent, or ended.
pub async fn release(
    app: &App,
    actor: &Actor,
    id: OrderId,
    code: Code,
    reason: &str,
) -> Result<Order, OrderError> {
    let (me, actor, reason) = (app.clone(), actor.clone(), reason.to_owned());
    app.db.write(move |tx| release_in(tx, &me, &actor, id, code, &reason, Action::ReleaseOrder)).await
}

/// Field under which an officer's reason is sealed.
pub const REASON: &str = "order.reason";

/// An officer's reason as a fact of the record. It may name somebody, so it is sealed under the report's key
/// and goes with it.
fn sealed_reason(tx: &mut Tx<'_>, app: &App, order: &Order, reason: &str) -> Result<String, OrderError> {
    let reason: String = reason.chars().take(app::MAX_REASON_CHARS).collect();
    Ok(app.seal_words(tx, order.report.uuid(), REASON, &reason)?.fact())
}

pub(crate) fn release_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    id: OrderId,
    code: Code,
    reason: &str,
    action: Action,
) -> Result<Order, OrderError> {
    tx.lock_row("orders", id.uuid())?;
    let order = store::find(tx, id)?.ok_or(OrderError::NotFound)?;
    access::require(actor, action, &Resource::new("order", id.uuid(), &order.header).at(Stage::Sent))?;
    // It restricts nobody, and whom it takes off the list must not stay there.
    if order.measure == Measure::Delisting {
        return Err(LifeError::NothingHeld.into());
    }
    let (before, now) = (order.status, app.office.now());
    let order = order.release(now)?;
    store::save(tx, &order, before)?;
    delivery::end_for(tx, id)?;
    for object in objects::of_order(tx, id)? {
        tell_release(tx, app, &order, &object, code, 0, now)?;
        free(tx, &object, object.held, ObjectState::Released, now)?;
        super::returns::drop_drafts(tx, app, object.id)?;
    }
    super::extending::end_with(tx, app, id, now)?;
    super::extending::undo(tx, app, &order)?;
    let facts = json!({"code": code.as_string(), "reason_sealed": sealed_reason(tx, app, &order, reason)?});
    let act = Act { basis: order.header.basis, facts, ..Act::about("order.released", "order", id.uuid()) };
    app.record(tx, actor, &act)?;
    app.tell(tx, crate::RELEASED, id.uuid(), json!({"report": order.report}))?;
    Ok(order)
}

/// Corrects a hold that is too wide: lowers what is held on one object to `keep`. The rest is released at
/// once; the order goes on for what remains.
///
/// # Errors
/// Hidden or forbidden; nothing held beyond `keep`.
pub async fn correct(
    app: &App,
    actor: &Actor,
    id: ObjectId,
    keep: Money,
    reason: &str,
) -> Result<Object, OrderError> {
    let (me, actor, reason) = (app.clone(), actor.clone(), reason.to_owned());
    app.db
        .write(move |tx| {
            correct_in(tx, &me, &actor, id, (keep, &reason), Action::CorrectOrder)?;
            objects::find(tx, id)?.ok_or(OrderError::NotFound)
        })
        .await
}

/// The same in a running transaction, by the right `action`, for the slices above.
///
/// # Errors
/// As [`correct`].
pub fn correct_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    id: ObjectId,
    (keep, reason): (Money, &str),
    action: Action,
) -> Result<(), OrderError> {
    let order = objects::find(tx, id)?.ok_or(OrderError::NotFound)?.order;
    tx.lock_row("orders", order.uuid())?;
    let object = objects::find(tx, id)?.ok_or(OrderError::NotFound)?;
    let order = store::find(tx, object.order)?.ok_or(OrderError::NotFound)?;
    let resource = Resource::new("order", order.id.uuid(), &order.header).at(Stage::Sent);
    access::require(actor, action, &resource)?;
    let excess = object.held.minor().saturating_sub(keep.minor().max(0));
    if excess <= 0 || keep.asset() != object.held.asset() {
        return Err(LifeError::NothingHeld.into());
    }
    if keep.minor() <= 0 {
        return release_in(tx, app, actor, order.id, Code::L62, reason, action).map(drop);
    }
    let now = app.office.now();
    tell_release(tx, app, &order, &object, Code::L62, excess, now)?;
    free(tx, &object, Money::from_minor(excess, object.held.asset()), ObjectState::PartlyHeld, now)?;
    super::returns::drop_drafts(tx, app, id)?;
    let reason = sealed_reason(tx, app, &order, reason)?;
    let asset = object.held.asset();
    let facts = json!({
        "object": id, "freed_minor": excess, "asset": asset.code(), "reason_sealed": reason,
    });
    let act =
        Act { basis: order.header.basis, facts, ..Act::about("order.corrected", "order", order.id.uuid()) };
    app.record(tx, actor, &act)?;
    Ok(app.tell(tx, crate::RELEASED, order.id.uuid(), json!({"report": order.report}))?)
}

pub(crate) fn tell_release(
    tx: &mut Tx<'_>,
    app: &App,
    order: &Order,
    object: &Object,
    code: Code,
    part_minor: i64,
    now: Timestamp,
) -> Result<(), OrderError> {
    let says = Says {
        kind: Topic::Release,
        object: Some(object.id),
        code: code.as_string(),
        amount_minor: part_minor,
    };
    posting::post(tx, app, order, says, now).map(drop)
}

pub(crate) fn free(
    tx: &mut Tx<'_>,
    object: &Object,
    part: Money,
    state: ObjectState,
    now: Timestamp,
) -> Result<(), OrderError> {
    let left = object.held.minor().saturating_sub(part.minor()).max(0);
    let ended =
        object.state.is_open() || matches!(object.state, ObjectState::Ported | ObjectState::HeldElsewhere);
    // What the institution says is before anything was given back; so is what it may keep.
    let back = objects::returned(tx, object.id)?;
    let keep = left.saturating_add(back);
    let next = Object {
        held: Money::from_minor(left, object.held.asset()),
        keep: Some(Money::from_minor(keep, object.held.asset())),
        state: if ended { state } else { object.state },
        changed_at: now,
        ..object.clone()
    };
    Ok(objects::save(tx, &next)?)
}

/// Takes back a draft.
///
/// # Errors
/// Hidden or forbidden; sent before, or ended.
pub async fn cancel(app: &App, actor: &Actor, id: OrderId, reason: &str) -> Result<Order, OrderError> {
    let (me, actor, reason) = (app.clone(), actor.clone(), reason.to_owned());
    app.db
        .write(move |tx| {
            let order = store::find(tx, id)?.ok_or(OrderError::NotFound)?;
            let resource = Resource::new("order", id.uuid(), &order.header).at(Stage::Draft);
            access::require(&actor, Action::WithdrawOrder, &resource)?;
            let order = order.cancel(me.office.now())?;
            store::save(tx, &order, Status::Drafted)?;
            let facts = json!({"reason_sealed": sealed_reason(tx, &me, &order, &reason)?});
            me.record(tx, &actor, &Act { facts, ..Act::about("order.cancelled", "order", id.uuid()) })?;
            me.tell(tx, crate::RELEASED, id.uuid(), json!({"report": order.report}))?;
            Ok(order)
        })
        .await
}

/// The report behind orders was withdrawn: open ones are released, drafts cancelled. What rests on an act of a court or
/// another body was not asked for by the reporter, and is not theirs to end: whoever is behind the fraud may stand beside
/// them.
///
/// # Errors
/// The database's.
pub fn on_withdrawn(tx: &mut Tx<'_>, app: &App, event: &outbox::Event) -> Result<(), OrderError> {
    end_all(tx, app, event, super::extending::rests_on_an_act)
}

/// Ends the orders of a report, but for those that are `kept`.
fn end_all(
    tx: &mut Tx<'_>,
    app: &App,
    event: &outbox::Event,
    kept: impl Fn(&mut Tx<'_>, &Order) -> Result<bool, OrderError>,
) -> Result<(), OrderError> {
    for order in store::of_report(tx, ReportId::from_uuid(event.subject))? {
        // With an order ends what would have made it go on.
        let Some(order) = store::find(tx, order.id)? else { continue };
        if order.status == Status::Drafted {
            let cancelled = order.cancel(app.office.now())?;
            store::save(tx, &cancelled, Status::Drafted)?;
            app.record(tx, &part(), &Act::about("order.cancelled", "order", cancelled.id.uuid()))?;
        } else if order.status.is_open() && order.measure != Measure::Delisting {
            if kept(tx, &order)? {
                continue;
            }
            release_in(tx, app, &part(), order.id, Code::L61, "report withdrawn", Action::ReleaseOrder)?;
        }
    }
    Ok(())
}

/// The personal data of a report was erased: what orders about it name is erased with it. Open orders are
/// ended first, since a partner must not hold what nobody can answer for.
///
/// # Errors
/// The database's.
pub fn on_expunged(tx: &mut Tx<'_>, app: &App, event: &outbox::Event) -> Result<(), OrderError> {
    end_all(tx, app, event, |_, _| Ok(false))?;
    let report = ReportId::from_uuid(event.subject);
    // Without personal data an order names nobody; that the entry ends can still be said.
    for order in store::of_report(tx, report)? {
        if order.measure == Measure::Delisting && order.status.is_open() {
            super::listing::insist(tx, app, &order, app.office.now())?;
        }
    }
    store::erase_reasons(tx, report)?;
    store::sanction::erase(tx, report)?;
    store::notice::erase(tx, report)?;
    Ok(objects::erase(tx, report)?)
}
