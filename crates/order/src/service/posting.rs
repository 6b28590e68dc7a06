//! Puts messages to institutions on their way. A letter is carried by hand: nothing goes on the wire for it.

use app::App;
use db::{DbError, Tx};
use kernel::Timestamp;
use partner::notify::{self, Topic};
use uuid::Uuid;

use crate::OrderError;
use crate::model::{ObjectId, Order, OrderId};
use crate::store;
use crate::store::delivery::{self, Delivery};

/// What a message says.
pub(crate) struct Says {
    /// Its kind, and of what the institution is notified.
    pub kind: Topic,
    /// About which object; the whole order if none.
    pub object: Option<ObjectId>,
    /// `L60`, `L61`, `L62` of a release, else empty.
    pub code: String,
    /// The sum at stake, smallest units: larger ones go first; of a release the part, 0 for all.
    pub amount_minor: i64,
}

impl Says {
    /// About a whole order, as urgent as its sum.
    pub fn whole(kind: Topic, order: &Order) -> Self {
        Self { kind, object: None, code: String::new(), amount_minor: order.cap.minor() }
    }
}

/// Puts a message to whoever an order is handed to on its way, and notifies its endpoints. Gives its id, `None` where
/// the order went by letter.
///
/// # Errors
/// The database's.
pub(crate) fn post(
    tx: &mut Tx<'_>,
    app: &App,
    order: &Order,
    says: Says,
    now: Timestamp,
) -> Result<Option<Uuid>, OrderError> {
    if !goes_by_api(tx, order.id)? {
        return Ok(None);
    }
    let message = Delivery {
        id: app.uuid(),
        partner: order.gateway.clone(),
        kind: says.kind.as_str().to_owned(),
        order: order.id,
        object: says.object,
        code: says.code,
        amount_minor: says.amount_minor,
        at: now,
        tries: 0,
    };
    delivery::insert(tx, &message, app.wall.now())?;
    notify::waiting(tx, app, &order.gateway, says.kind)?;
    Ok(Some(message.id))
}

/// Whether the first step of an order's route is the partner API, and not a letter.
///
/// # Errors
/// The database's.
pub(crate) fn goes_by_api(tx: &mut Tx<'_>, order: OrderId) -> Result<bool, DbError> {
    Ok(store::steps(tx, order)?.get(1).is_some_and(|step| step.gateway == "partner_api"))
}
