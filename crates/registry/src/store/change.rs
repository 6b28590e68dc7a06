//! SQL of the feed of changes, and of the whole registry in pages.

use db::feed::Feed;
use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;

use crate::model::{Entry, EntryId};

/// The feed of changes.
pub(crate) const CHANGES: Feed = db::feed!("registry_change");

pub(super) const PUT: Stmt = Stmt::both(
    "registry.change",
    "INSERT INTO registry_change (id, at_wall, feed_no) VALUES (?1, ?2, NULL) \
     ON CONFLICT (id) DO UPDATE SET at_wall = excluded.at_wall, feed_no = NULL",
);
pub(super) const AFTER: Stmt = Stmt::both(
    "registry.changes_after",
    "SELECT feed_no, id FROM registry_change WHERE feed_no > ?1 ORDER BY feed_no LIMIT ?2",
);
pub(super) const WAITING: Stmt =
    Stmt::both("registry.changes_waiting", "SELECT id FROM registry_change WHERE feed_no IS NULL LIMIT ?1");
pub(super) const LAST: Stmt =
    Stmt::both("registry.change_last", "SELECT COALESCE(MAX(feed_no), 0) FROM registry_change");
pub(super) const PURGE: Stmt = Stmt::both(
    "registry.changes_purge",
    "DELETE FROM registry_change WHERE id IN (SELECT id FROM registry_change WHERE at_wall < ?1 AND feed_no IS NOT NULL \
     ORDER BY at_wall LIMIT 2000) AND feed_no IS NOT NULL",
);
pub(super) const UNNUMBERED: Stmt = Stmt::both(
    "registry.changes_unnumbered",
    "SELECT MIN(at_wall) FROM registry_change WHERE feed_no IS NULL",
);
pub(super) const ENTRIES: Stmt = Stmt::both("registry.entries", "SELECT COUNT(*) FROM registry_entry");

/// An entry was changed, or is no more. Every process hears of it after the commit.
pub(super) fn put(tx: &mut Tx<'_>, id: EntryId, wall: Timestamp) -> Result<(), DbError> {
    tx.execute(&PUT, params![id, wall]).map(drop)
}

/// Numbers and entries of changes after a number.
///
/// # Errors
/// The database's.
pub fn after(tx: &mut Tx<'_>, no: i64, limit: i64) -> Result<Vec<(i64, EntryId)>, DbError> {
    tx.query(&AFTER, params![no, limit], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// Entries whose change is committed and has no number yet.
///
/// # Errors
/// The database's.
pub fn waiting(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<EntryId>, DbError> {
    tx.query(&WAITING, params![limit], |r| r.get(0))
}

/// The number of the last change that has one.
///
/// # Errors
/// The database's.
pub fn last(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    tx.query_one(&LAST, &[], |r| r.get(0))
}

/// Since when the oldest change waits for its number, wall time.
///
/// # Errors
/// The database's.
pub fn unnumbered_since(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, DbError> {
    tx.query_one(&UNNUMBERED, &[], |r| r.get(0))
}

/// How many entries there are.
///
/// # Errors
/// The database's.
pub fn entries(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    tx.query_one(&ENTRIES, &[], |r| r.get(0))
}

/// Forgets changes from before a moment of the wall clock, some at once.
///
/// # Errors
/// The database's.
pub fn purge(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, DbError> {
    tx.execute(&PURGE, params![before])
}

/// The entries after one, in the order of their keys; nothing at the end.
///
/// # Errors
/// The database's.
pub fn page(tx: &mut Tx<'_>, after: EntryId, limit: i64) -> Result<Vec<Entry>, DbError> {
    tx.query(&super::PAGE, params![after, limit], super::read)
}
