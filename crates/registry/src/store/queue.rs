//! SQL of what waits for people, and of what was named last. Each reason for which an entry waits has a statement and an index
//! of its own, so that a page of them is read without looking at the others, however many there are. `until_at + 0`, because
//! PostgreSQL takes "decided" and "not over yet" for independent and would rather gather and sort all of them.

use app::header_columns;
use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;

use super::read;
use crate::model::{Entry, EntryId};

/// Somebody says that it is theirs; the oldest first.
pub(super) const DISPUTED: Stmt = Stmt::both(
    "registry.queue_disputed",
    select!("WHERE organisation_id = ?1 AND disputed_at IS NOT NULL ORDER BY disputed_at, id LIMIT ?2"),
);
/// Confirmed, and not signed yet.
pub(super) const SUSPECT: Stmt = Stmt::both(
    "registry.queue_suspect",
    select!(
        "WHERE organisation_id = ?1 AND decided = 'suspect' AND until_at + 0 > ?2 AND disputed_at IS NULL \
         ORDER BY decided_at, id LIMIT ?3"
    ),
);
/// It has stopped an honest payment.
pub(super) const DOUBTED: Stmt = Stmt::both(
    "registry.queue_doubted",
    select!(
        "WHERE organisation_id = ?1 AND doubted_at IS NOT NULL AND until_at + 0 > ?2 AND disputed_at IS NULL \
         AND decided <> 'suspect' ORDER BY doubted_at, id LIMIT ?3"
    ),
);
/// Listed for so long that somebody must look at it again.
pub(super) const REVIEW: Stmt = Stmt::both(
    "registry.queue_review",
    select!(
        "WHERE organisation_id = ?1 AND decided = 'listed' AND review_at <= ?2 AND until_at + 0 > ?2 AND disputed_at IS NULL \
         AND doubted_at IS NULL ORDER BY review_at, id LIMIT ?3"
    ),
);
pub(super) const LATEST: Stmt = Stmt::both(
    "registry.latest",
    select!(
        "WHERE organisation_id = ?1 AND last_at IS NOT NULL AND (harmful > 0 OR heard > 1) ORDER BY last_at DESC, id LIMIT ?2"
    ),
);
pub(super) const OVER: Stmt = Stmt::both(
    "registry.over",
    "SELECT id FROM registry_entry WHERE decided IN ('suspect', 'listed') AND until_at <= ?1 ORDER BY until_at LIMIT ?2",
);

/// Entries that wait for a person at `now`: objections first, the oldest first; then what waits for a signature; then what
/// stopped an honest payment; then reviews.
///
/// # Errors
/// The database's.
pub fn to_look_at(
    tx: &mut Tx<'_>,
    organisation: &str,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Entry>, DbError> {
    let mut all = tx.query(&DISPUTED, params![organisation, limit], read)?;
    for reason in [&SUSPECT, &DOUBTED, &REVIEW] {
        let left = limit.saturating_sub(i64::try_from(all.len()).unwrap_or(limit));
        if left > 0 {
            all.extend(tx.query(reason, params![organisation, now, left], read)?);
        }
    }
    Ok(all)
}

/// The entries that were named last as what harm was done with, or by several who do not know each other.
///
/// # Errors
/// The database's.
pub fn latest(tx: &mut Tx<'_>, organisation: &str, limit: i64) -> Result<Vec<Entry>, DbError> {
    tx.query(&LATEST, params![organisation, limit], read)
}

/// Entries of which a decision is over and still stands in the row, the oldest first.
///
/// # Errors
/// The database's.
pub fn over(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<EntryId>, DbError> {
    tx.query(&OVER, params![now, limit], |r| r.get(0))
}
