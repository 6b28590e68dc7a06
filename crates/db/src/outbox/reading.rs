//! The outbox read by whoever keeps a cursor of their own, outside the database: an index that each node makes for itself.

use super::Event;
use crate::{DbError, Stmt, Tx, params};

pub(crate) const AFTER: Stmt = Stmt::both(
    "db.outbox_after",
    "SELECT feed_no, id, name, subject, body, at FROM outbox WHERE feed_no > ?1 ORDER BY feed_no LIMIT ?2",
);

/// Events behind a number, with theirs. What nobody listens to any more is removed after a while, so whoever was away for long looks at
/// everything instead. A body that cannot be read is null.
///
/// # Errors
/// Any [`DbError`].
pub fn after(tx: &mut Tx<'_>, position: i64, limit: i64) -> Result<Vec<(i64, Event)>, DbError> {
    tx.query(&AFTER, params![position, limit], |row| {
        let body: String = row.get(4)?;
        let body = serde_json::from_str(&body).unwrap_or_default();
        let event = Event { id: row.get(1)?, name: row.get(2)?, subject: row.get(3)?, body, at: row.get(5)? };
        Ok((row.get(0)?, event))
    })
}
