//! The list of droppers.

use access::{Kind as Thing, Scope};
use app::App;
use kernel::Actor;

use crate::error::PersonError;
use crate::model::{Dropper, DropperStatus, PersonId};
use crate::store;

/// Most rows of a list.
const LIMIT: i64 = 200;

/// A line of the list of droppers.
#[derive(Debug, Clone)]
pub struct DropperRow {
    /// The matter.
    pub dropper: Dropper,
    /// Whose it is.
    pub person: PersonId,
    /// Their number.
    pub number: String,
}

/// Droppers that the actor may see: those who asked to be taken off first, then the nearest review.
///
/// # Errors
/// Hidden.
pub async fn droppers(
    app: &App,
    actor: &Actor,
    status: Option<DropperStatus>,
) -> Result<Vec<DropperRow>, PersonError> {
    let office = access::scope(actor, Thing::Person).and_then(Scope::office)?;
    app.db
        .read(move |tx| {
            let mut all = Vec::new();
            for d in store::dropper::list(tx, &office, status.map_or("", DropperStatus::as_str), LIMIT)? {
                let Some(record) = store::record(tx, d.record)? else { continue };
                let Some(person) = store::person(tx, record.person)? else { continue };
                all.push(DropperRow { dropper: d, person: person.id, number: person.number });
            }
            Ok(all)
        })
        .await
}
