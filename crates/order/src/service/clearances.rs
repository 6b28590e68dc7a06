//! What the registry has cleared is told to every institution that had been told of it: once, by the road on which its orders go.

use app::App;
use audit::Act;
use db::Tx;
use db::outbox::Event;
use kernel::Timestamp;
use partner::Protocol;
use partner::notify::{self, Topic};
use registry::EntryId;
use registry::service::cleared::{Cleared, clearance};
use serde_json::json;
use uuid::Uuid;

use crate::OrderError;
use crate::model::OrderId;
use crate::store::delivery::{self, Channel, Delivery};

/// An entry was cleared: its word goes to whoever was told of it. The same clearance goes to nobody twice.
///
/// # Errors
/// The database's.
pub fn on_cleared(tx: &mut Tx<'_>, app: &App, event: &Event) -> Result<(), OrderError> {
    let entry = EntryId::from_uuid(event.subject);
    // People may have decided anew before the news came.
    let Some((cleared, told)) = clearance(tx, app, entry)? else { return Ok(()) };
    for code in told {
        post(tx, app, &cleared, &code)?;
    }
    Ok(())
}

fn post(tx: &mut Tx<'_>, app: &App, cleared: &Cleared, code: &str) -> Result<(), OrderError> {
    let Some(partner) = partner::store::by_code(tx, code)?.filter(|p| p.active) else { return Ok(()) };
    let id = message_of(cleared.id, code, cleared.at);
    if delivery::find(tx, id)?.is_some() {
        return Ok(());
    }
    let message = Delivery {
        id,
        partner: code.to_owned(),
        kind: Topic::Clearance.as_str().to_owned(),
        order: OrderId::from_uuid(cleared.id.uuid()),
        object: None,
        code: String::new(),
        amount_minor: 0,
        at: cleared.at,
        tries: 0,
    };
    let wall = app.wall.now();
    match partner.protocol {
        Protocol::FileDrop => delivery::insert(tx, &message, Channel::FileDrop, wall)?,
        // Who asks by program reads by program: nobody carries paper for what was answered over the wire.
        Protocol::EmailExport | Protocol::Letter => delivery::insert_done(tx, &message, wall)?,
        Protocol::Json | Protocol::Iso20022 => delivery::insert(tx, &message, Channel::PartnerApi, wall)?,
    }
    if partner.protocol != Protocol::FileDrop {
        notify::waiting(tx, app, code, Topic::Clearance)?;
    }
    let facts = json!({"partner": code, "message": id});
    let about = Act::about("registry.clearance_posted", "identifier", cleared.id.uuid());
    Ok(app.record(tx, &registry::service::part(), &Act { facts, ..about })?)
}

/// The message by which an institution hears of one clearance.
fn message_of(entry: EntryId, code: &str, at: Timestamp) -> Uuid {
    report::rules::derived_id("clearance", code, &format!("{entry} {}", at.as_micros())).uuid()
}
