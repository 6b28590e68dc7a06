//! Exhibits for slices above, in their own transaction.

use access::Action;
use db::Tx;
use kernel::{Actor, Header};
use uuid::Uuid;

use crate::error::EvidenceError;
use crate::model::{Exhibit, ExhibitId};
use crate::store;

/// The exhibit of that number, if the actor may do that with it. Whoever shows something of it records that.
///
/// # Errors
/// Absent or hidden.
pub fn of_number(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: Action,
    number: &str,
) -> Result<Exhibit, EvidenceError> {
    let found = store::exhibit::by_number(tx, number.trim())?;
    permitted(tx, actor, action, found.map(|(exhibit, _)| exhibit))
}

/// The exhibit of that id, if the actor may do that with it.
///
/// # Errors
/// Absent or hidden.
pub fn of_id(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: Action,
    id: ExhibitId,
) -> Result<Exhibit, EvidenceError> {
    let found = store::exhibit::find(tx, id)?;
    permitted(tx, actor, action, found.map(|(exhibit, _)| exhibit))
}

fn permitted(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: Action,
    found: Option<Exhibit>,
) -> Result<Exhibit, EvidenceError> {
    let exhibit = found.ok_or(EvidenceError::NotFound)?;
    let readers = store::exhibit::readers(tx, exhibit.id)?;
    access::require(actor, action, &super::resource(&exhibit, &readers))?;
    Ok(exhibit)
}

/// Who is let in to a matter.
#[derive(Debug, Clone, Copy)]
pub struct LetIn<'a> {
    /// Whether nobody but its people is.
    pub closed: bool,
    /// Those people.
    pub readers: &'a [String],
    /// Its header: exhibits are its unit's. A stricter marking goes over to them and does not come off by itself: what it kept shut may
    /// have a reason of its own.
    pub under: &'a Header,
}

/// Lets these in to all exhibits of a matter and, where it is closed, nobody else. Called by the slice that keeps the matter, in the
/// transaction in which it lets them in, and which records that.
///
/// # Errors
/// The database's.
pub fn let_in_of(tx: &mut Tx<'_>, matter: (&str, Uuid), to: &LetIn<'_>) -> Result<(), EvidenceError> {
    let all = store::exhibit::ids_of_matter(tx, matter)?;
    super::let_in(tx, &all, to.closed, to.readers)?;
    for id in all {
        let Some((mut exhibit, _)) = store::exhibit::find(tx, id)? else { continue };
        exhibit.header.unit_id.clone_from(&to.under.unit_id);
        if to.under.marking.tlp == kernel::Tlp::Red {
            exhibit.header.marking.tlp = kernel::Tlp::Red;
        }
        store::exhibit::remark(tx, &exhibit)?;
    }
    Ok(())
}

/// Whether nobody is kept out of it but those whom its marking keeps out: what comes of it may then be used by the office as a whole.
///
/// # Errors
/// The database's.
pub fn is_open(tx: &mut Tx<'_>, id: ExhibitId) -> Result<bool, EvidenceError> {
    let found = store::exhibit::find(tx, id)?;
    Ok(found.is_some_and(|(e, _)| !e.closed && e.header.marking.tlp != kernel::Tlp::Red))
}
