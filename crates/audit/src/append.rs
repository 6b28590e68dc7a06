//! Writing and reading records.

use db::{DbError, Tx};
use kernel::{Actor, Purpose};
use ledger::{MAX_ENTRY, leaf_hash};
use uuid::Uuid;

use crate::encode::encode;
use crate::model::{Act, MAX_FACTS, Record, RecordView, Stamp};
use crate::store;

/// The most records that [`records_for`] gives: what a page can show.
pub const MAX_VIEW: u32 = 500;

/// Writes the act into the record, in the transaction of the act itself: no record, no act. It gets its place in the
/// signed log within a second ([`crate::Sequencer`]).
///
/// # Errors
/// The database's; [`DbError::Bug`] if the facts are longer than [`MAX_FACTS`].
pub fn append(tx: &mut Tx<'_>, stamp: &Stamp, actor: &Actor, act: &Act) -> Result<(), DbError> {
    let facts = act.facts.to_string();
    if facts.len() > MAX_FACTS {
        return Err(too_long(act, facts.len()));
    }
    let record = Record {
        id: stamp.id,
        office_at: stamp.office,
        wall_at: stamp.wall,
        actor: actor.label(),
        act: act.name.to_owned(),
        subject_kind: act.subject_kind.to_owned(),
        subject: act.subject,
        basis: act.basis,
        approval: act.approval,
        purpose: act.purpose.map(Purpose::as_str).map(str::to_owned),
        facts,
    };
    let entry = encode(&record);
    if entry.len() > MAX_ENTRY {
        return Err(too_long(act, entry.len()));
    }
    store::insert(tx, &record, &leaf_hash(&entry))
}

fn too_long(act: &Act, bytes: usize) -> DbError {
    DbError::Bug(format!("the record of `{}` is {bytes} bytes long, more than the log takes", act.name))
}

/// What was recorded about one thing, newest first, at most [`MAX_VIEW`]: for the timeline on its page.
///
/// # Errors
/// The database's.
pub fn records_for(tx: &mut Tx<'_>, subject: Uuid) -> Result<Vec<RecordView>, DbError> {
    store::for_subject(tx, subject, MAX_VIEW)
}

/// The same without two acts of which there may be very many: whoever reads a page is recorded, and must not push what was done out
/// of it.
///
/// # Errors
/// The database's.
pub fn records_but(tx: &mut Tx<'_>, subject: Uuid, acts: [&str; 2]) -> Result<Vec<RecordView>, DbError> {
    store::for_subject_but(tx, subject, acts, MAX_VIEW)
}

/// Whether anything was ever recorded in this database: no act is without a record, so a database without one is new.
///
/// # Errors
/// The database's.
pub fn any(tx: &mut Tx<'_>) -> Result<bool, DbError> {
    store::any(tx)
}
