//! What the registry has cleared is told to every institution that had been told of it, by the road on which its programs hear.

use app::App;
use audit::Act;
use db::outbox::Event;
use db::{DbError, Tx};
use partner::notify::{self, Topic};
use partner::{Mode, Partner, Protocol};
use registry::EntryId;
use registry::service::cleared::{Cleared, TellTo, told_of};
use serde_json::json;
use uuid::Uuid;

use crate::OrderError;
use crate::model::OrderId;
use crate::store::delivery::{self, Channel, Delivery};

/// An entry was cleared: its word goes to whoever was told of it, once; and once more to whoever was told of it after all, by a
/// process that had not heard of the clearance yet.
///
/// # Errors
/// The database's.
pub fn on_cleared(tx: &mut Tx<'_>, app: &App, event: &Event) -> Result<(), OrderError> {
    let entry = EntryId::from_uuid(event.subject);
    // People may have decided anew before the news came.
    let Some((cleared, told)) = told_of(tx, app, entry)? else { return Ok(()) };
    let mut partners = Vec::new();
    for told in told {
        let Some(partner) = partner::store::by_code(tx, &told.partner)? else { continue };
        if post(tx, app, &cleared, (&partner, &told))? {
            partners.push(told.partner);
        }
    }
    if partners.is_empty() {
        return Ok(());
    }
    let facts =
        json!({"partners": partners.len(), "first": partners.iter().take(MOST_NAMED).collect::<Vec<_>>()});
    let about = Act::about("registry.clearance_posted", "identifier", entry.uuid());
    Ok(app.record(tx, &registry::service::part(), &Act { facts, ..about })?)
}

/// So many institutions a record names; the rest stands in what they were told.
const MOST_NAMED: usize = 500;

/// Puts the word on its way; `false` if it is.
fn post(
    tx: &mut Tx<'_>,
    app: &App,
    cleared: &Cleared,
    (partner, told): (&Partner, &TellTo),
) -> Result<bool, OrderError> {
    let message = Delivery {
        id: message_of(cleared, told),
        partner: partner.code.clone(),
        kind: Topic::Clearance.as_str().to_owned(),
        order: OrderId::from_uuid(cleared.id.uuid()),
        object: None,
        code: String::new(),
        amount_minor: 0,
        at: cleared.at,
        tries: 0,
    };
    if delivery::find(tx, message.id)?.is_some() {
        return Ok(false);
    }
    let wall = app.wall.now();
    match road(partner) {
        Some(channel) => delivery::insert(tx, &message, channel, wall)?,
        None => delivery::insert_done(tx, &message, wall)?,
    }
    if partner.protocol != Protocol::FileDrop {
        notify::waiting(tx, app, &partner.code, Topic::Clearance)?;
    }
    Ok(true)
}

/// How it goes; `None` where it lies in the inbox and nobody carries it: whoever asks by program reads by program.
fn road(partner: &Partner) -> Option<Channel> {
    match partner.protocol {
        Protocol::FileDrop => Some(Channel::FileDrop),
        Protocol::EmailExport | Protocol::Letter => None,
        Protocol::Json | Protocol::Iso20022 => {
            let takes = partner.active && partner.mode == Mode::Live && !partner.gateway_url.is_empty();
            takes.then_some(Channel::PartnerApi)
        }
    }
}

/// How a message that waits is carried by now; `None` where it is left in the inbox.
///
/// # Errors
/// The database's.
pub(crate) fn channel(tx: &mut Tx<'_>, code: &str) -> Result<Option<Channel>, DbError> {
    Ok(partner::store::by_code(tx, code)?.as_ref().and_then(road))
}

/// The message by which an institution hears of one clearance; another one if it was told of the thing after all.
fn message_of(cleared: &Cleared, told: &TellTo) -> Uuid {
    let fact = format!("{} {} {}", cleared.id, cleared.at.as_micros(), told.last.as_micros());
    report::rules::derived_id("clearance", &told.partner, &fact).uuid()
}
