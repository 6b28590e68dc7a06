//! An entry for slices above, in their own transaction.

use access::Action;
use db::Tx;
use kernel::Actor;

use super::acting::resource;
use crate::error::RegistryError;
use crate::model::{Entry, EntryId};
use crate::store;

/// An entry that somebody may see; `None` for one that is absent or hidden.
///
/// # Errors
/// The database's.
pub fn seen(tx: &mut Tx<'_>, actor: &Actor, id: EntryId) -> Result<Option<Entry>, RegistryError> {
    let Some(entry) = store::find(tx, id)? else { return Ok(None) };
    let thing = resource(tx, &entry)?;
    Ok(access::allowed(actor, Action::ViewIdentifier, &thing).then_some(entry))
}
