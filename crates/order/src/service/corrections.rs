//! What was wrong is put right everywhere: every restriction of the same thing ends, and every institution that ever
//! received it is told that nothing stands against it, until it says that it has put its own records right.

use access::{Action, Resource, Stage};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Timestamp};
use partner::notify::Topic;
use profile::Measure;
use serde_json::json;

use super::ending::{REASON, release_in};
use super::posting::{self, Says};
use crate::answer::Code;
use crate::model::{Object, ObjectId, Order, OrderId, Status};
use crate::store::delivery;
use crate::store::{self, objects};
use crate::{OrderError, measure};

/// How far a thing has gone: orders that restrict it now, and orders through which institutions have received it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Orders that bind somebody now.
    pub open: Vec<(OrderId, ObjectId, String)>,
    /// Drafts that would restrict it again.
    pub drafts: Vec<OrderId>,
    /// Others, ended or about data: their addressees have the thing in their records.
    pub others: Vec<(OrderId, ObjectId, String)>,
}

/// Everywhere that the thing of `object` was sent.
///
/// # Errors
/// The database's.
pub fn reach(tx: &mut Tx<'_>, object: ObjectId) -> Result<Reach, OrderError> {
    let mut all = Reach::default();
    for named in objects::same(tx, object)? {
        let Some(order) = store::find(tx, named.order)? else { continue };
        let entry = (order.id, named.id, order.executor.clone());
        let restricts = measure::restricts(order.measure);
        if order.status == Status::Drafted {
            // What would make it go on is as wrong as what would restrict it anew.
            if restricts || order.measure == Measure::Extension {
                all.drafts.push(order.id);
            }
        } else if restricts && order.status.is_open() {
            all.open.push(entry);
        } else if order.sent_at.is_some() {
            all.others.push(entry);
        }
    }
    Ok(all)
}

/// Ends every restriction of the thing that `object` names, as after its holder's proof, and tells everybody who
/// received it. An order about several things is only ended for this one. Gives how many institutions are told.
///
/// # Errors
/// Forbidden; the database's.
pub fn restore_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    object: ObjectId,
    reason: &str,
) -> Result<usize, OrderError> {
    let now = app.office.now();
    let reach = reach(tx, object)?;
    for (order, object, _) in &reach.open {
        end_one(tx, app, actor, *order, *object, (reason, now))?;
    }
    for id in &reach.drafts {
        drop_draft(tx, app, *id, object, now)?;
    }
    for (order, object, _) in reach.open.iter().chain(&reach.others) {
        if let (Some(order), Some(object)) = (store::find(tx, *order)?, objects::find(tx, *object)?) {
            tell(tx, app, &order, &object, now)?;
        }
    }
    Ok(reach.open.len().saturating_add(reach.others.len()))
}

fn end_one(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    order: OrderId,
    object: ObjectId,
    (reason, now): (&str, Timestamp),
) -> Result<(), OrderError> {
    tx.lock_row("orders", order.uuid())?;
    let all = objects::of_order(tx, order)?;
    let others = all.iter().any(|o| o.id != object && o.state.is_open());
    if !others {
        release_in(tx, app, actor, order, Code::L62, reason, Action::RestoreObject)?;
        return Ok(());
    }
    let order = store::find(tx, order)?.ok_or(OrderError::NotFound)?;
    let resource = Resource::new("order", order.id.uuid(), &order.header).at(Stage::Sent);
    access::require(actor, Action::RestoreObject, &resource)?;
    let Some(object) = all.iter().find(|o| o.id == object) else { return Ok(()) };
    super::ending::tell_release(tx, app, &order, object, Code::L62, 0, now)?;
    super::ending::free(tx, object, object.held, crate::ObjectState::Released, now)?;
    super::returns::drop_drafts(tx, app, object.id)?;
    let words = app.seal_words(tx, order.report.uuid(), REASON, reason)?;
    let facts = json!({"object": object.id, "reason_sealed": words.fact()});
    let act = Act {
        basis: order.header.basis,
        facts,
        ..Act::about("order.object_restored", "order", order.id.uuid())
    };
    app.record(tx, actor, &act)?;
    Ok(app.tell(tx, crate::RELEASED, order.id.uuid(), json!({"report": order.report}))?)
}

/// A draft that would restrict the thing again is taken back; whoever still wants its other objects drafts anew.
fn drop_draft(
    tx: &mut Tx<'_>,
    app: &App,
    id: OrderId,
    because: ObjectId,
    now: Timestamp,
) -> Result<(), OrderError> {
    tx.lock_row("orders", id.uuid())?;
    let Some(order) = store::find(tx, id)?.filter(|o| o.status == Status::Drafted) else { return Ok(()) };
    let order = order.cancel(now)?;
    store::save(tx, &order, Status::Drafted)?;
    let facts = json!({"why": "an objection was upheld", "object": because});
    let act = Act { facts, ..Act::about("order.cancelled", "order", id.uuid()) };
    app.record(tx, &super::drafting::part(), &act)?;
    Ok(app.tell(tx, crate::RELEASED, id.uuid(), json!({"report": order.report}))?)
}

fn tell(
    tx: &mut Tx<'_>,
    app: &App,
    order: &Order,
    object: &Object,
    now: Timestamp,
) -> Result<(), OrderError> {
    if order.status == Status::Drafted {
        return Ok(());
    }
    let says = Says { object: Some(object.id), ..Says::whole(Topic::Correction, order) };
    posting::post(tx, app, order, says, now).map(drop)
}

/// How many institutions were told that nothing stands against a thing, and how many of them have said that they put
/// it right.
///
/// # Errors
/// The database's.
pub fn corrections(tx: &mut Tx<'_>, object: ObjectId) -> Result<(i64, i64), OrderError> {
    let mut sum = (0, 0);
    for named in objects::same(tx, object)? {
        let (told, done) = delivery::count_about(tx, named.id, "correction")?;
        sum = (sum.0 + told, sum.1 + done);
    }
    Ok(sum)
}
