//! Puts messages to institutions on their way: over the wire, as a file, or into the hands of an officer.

use app::App;
use db::{DbError, Tx};
use kernel::Timestamp;
use partner::Protocol;
use partner::notify::{self, Topic};
use uuid::Uuid;

use crate::OrderError;
use crate::model::{ObjectId, Order};
use crate::store;
use crate::store::delivery::{self, Channel, Delivery};

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

/// Puts a message to whoever an order is handed to on its way, and notifies its endpoints. Gives its id.
///
/// # Errors
/// The database's.
pub(crate) fn post(
    tx: &mut Tx<'_>,
    app: &App,
    order: &Order,
    says: Says,
    now: Timestamp,
) -> Result<Uuid, OrderError> {
    let channel = channel(tx, order)?;
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
    delivery::insert(tx, &message, channel, app.wall.now())?;
    if channel == Channel::PartnerApi {
        notify::waiting(tx, app, &order.gateway, says.kind)?;
    }
    Ok(message.id)
}

/// How messages about an order are carried: as its route says, and where that is the partner API, as the institution has
/// agreed.
///
/// # Errors
/// The database's.
pub(crate) fn channel(tx: &mut Tx<'_>, order: &Order) -> Result<Channel, DbError> {
    let gateway = store::steps(tx, order.id)?.into_iter().nth(1).map(|step| step.gateway).unwrap_or_default();
    if let Some(channel) = Channel::parse(&gateway).filter(|c| *c != Channel::PartnerApi) {
        return Ok(channel);
    }
    let agreed = partner::store::by_code(tx, &order.gateway)?.map(|p| p.protocol).unwrap_or_default();
    Ok(match agreed {
        Protocol::Json | Protocol::Iso20022 => Channel::PartnerApi,
        Protocol::FileDrop => Channel::FileDrop,
        Protocol::EmailExport => Channel::EmailExport,
        Protocol::Letter => Channel::Letter,
    })
}

/// Whether a machine carries messages about an order: what ends by its own term is then said, too.
///
/// # Errors
/// The database's.
pub(crate) fn by_machine(tx: &mut Tx<'_>, order: &Order) -> Result<bool, DbError> {
    Ok(matches!(channel(tx, order)?, Channel::PartnerApi | Channel::FileDrop))
}
