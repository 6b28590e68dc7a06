//! What happens when nobody does anything: silence is escalated, terms end.

use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Timestamp};
use partner::notify::Topic;
use profile::Measure;
use serde_json::json;

use super::ending::{free, tell_release};
use super::posting::{self, Says};
use crate::answer::Code;
use crate::model::{ObjectState, Order, Status};
use crate::store::delivery;
use crate::store::{self, objects};
use crate::{OrderError, measure};

/// How many orders one tick works on; the rest waits for the next, which comes at once.
const BATCH: i64 = 200;

/// What a tick did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ticked {
    /// Orders whose silence was escalated.
    pub escalated: usize,
    /// Orders that ended by their term.
    pub lapsed: usize,
    /// Orders that waited because of somebody's word, which nobody has confirmed, and went out.
    pub let_out: usize,
}

/// Escalates what is late and ends what has expired, by the office clock.
///
/// # Errors
/// The database's.
pub async fn tick(app: &App) -> Result<Ticked, OrderError> {
    let me = app.clone();
    app.db
        .write(move |tx| {
            let (now, clock) = (me.office.now(), Actor::system("clock"));
            let mut ticked = Ticked::default();
            for order in store::expired(tx, now, BATCH)? {
                // With an order ends what would have made it go on, and that may stand in this list, too. Somebody may be
                // making it go on at this moment.
                tx.lock_row("orders", order.id.uuid())?;
                let Some(order) = store::find(tx, order.id)? else { continue };
                ticked.lapsed += usize::from(lapse(tx, &me, &clock, order, now)?);
            }
            ticked.lapsed += super::extending::lapse_parts(tx, &me, now, BATCH)?;
            for order in store::late(tx, now, BATCH)? {
                escalate(tx, &me, &clock, order, now)?;
                ticked.escalated += 1;
            }
            ticked.let_out = super::owning::let_out(tx, &me, now)?;
            Ok(ticked)
        })
        .await
}

fn lapse(
    tx: &mut Tx<'_>,
    app: &App,
    clock: &Actor,
    order: Order,
    now: Timestamp,
) -> Result<bool, OrderError> {
    let before = order.status;
    let Some(order) = order.lapse(now) else { return Ok(false) };
    store::save(tx, &order, before)?;
    delivery::end_for(tx, order.id)?;
    // The partner ends its hold by the same clock; the message makes sure of it where its own has failed.
    let told = before.is_open() && measure::restricts(order.measure) && posting::by_machine(tx, &order)?;
    let mut freed = 0_i64;
    for object in objects::of_order(tx, order.id)? {
        if told && object.state.is_open() {
            tell_release(tx, app, &order, &object, Code::L60, 0, now)?;
        }
        freed = freed.saturating_add(object.held.minor());
        free(tx, &object, object.held, ObjectState::Lapsed, now)?;
        super::returns::drop_drafts(tx, app, object.id)?;
    }
    super::extending::end_with(tx, app, order.id, now)?;
    if before.is_open() && order.measure == Measure::Delisting {
        super::listing::insist(tx, app, &order, now)?;
    }
    let facts =
        json!({"freed_minor": freed, "expires_at": order.ends_at().rfc3339(), "was": before.as_str()});
    let act =
        Act { basis: order.header.basis, facts, ..Act::about("order.lapsed", "order", order.id.uuid()) };
    app.record(tx, clock, &act)?;
    app.tell(tx, crate::LAPSED, order.id.uuid(), json!({"report": order.report, "freed_minor": freed}))?;
    Ok(true)
}

/// A silent partner: a reminder goes out by the slower table, and the board names the duty phone.
fn escalate(
    tx: &mut Tx<'_>,
    app: &App,
    clock: &Actor,
    order: Order,
    now: Timestamp,
) -> Result<(), OrderError> {
    let before = order.status;
    let order = Order { escalated_at: Some(now), ..order };
    store::save(tx, &order, before)?;
    posting::post(tx, app, &order, Says::whole(Topic::Reminder, &order), now)?;
    let what = if before == Status::Sent { "acknowledgement" } else { "answer" };
    let facts = json!({"late": what, "partner": order.gateway, "executor": order.executor});
    let act =
        Act { basis: order.header.basis, facts, ..Act::about("order.escalated", "order", order.id.uuid()) };
    app.record(tx, clock, &act)?;
    app.tell(tx, crate::LATE, order.id.uuid(), json!({"report": order.report, "late": what}))?;
    Ok(())
}
