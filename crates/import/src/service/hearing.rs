//! What goes when something else goes: the rows of an exhibit that was destroyed, the tie to a report that was erased.

use db::Tx;
use db::outbox::Event;
use evidence::ExhibitId;
use evidence::model::EventKind;

use crate::error::ImportError;
use crate::store;

/// Imports of one exhibit that are looked through.
const MOST: i64 = 10_000;

/// Something happened to an exhibit: with one that was destroyed its rows go, whose key is gone with it.
///
/// # Errors
/// The database's.
pub fn on_exhibit(tx: &mut Tx<'_>, event: &Event) -> Result<(), ImportError> {
    let what = event.body.get("event").and_then(serde_json::Value::as_str);
    if what != Some(EventKind::Destroyed.as_str()) {
        return Ok(());
    }
    for import in store::of_exhibit(tx, ExhibitId::from_uuid(event.subject), MOST)? {
        store::empty(tx, import.id)?;
    }
    Ok(())
}

/// A report was erased: nothing says any more that rows show its money.
///
/// # Errors
/// The database's.
pub fn on_expunged(tx: &mut Tx<'_>, event: &Event) -> Result<(), ImportError> {
    Ok(store::drop_report(tx, event.subject)?)
}
