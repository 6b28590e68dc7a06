//! The SQL of the outbox and its cursors.

use kernel::Timestamp;
use uuid::Uuid;

use super::{Event, Subscriber};
use crate::{DbError, Row, Stmt, Tx, params};

pub(crate) const PUT: Stmt = Stmt::both(
    "db.outbox_put",
    "INSERT INTO outbox (id, name, subject, body, at) VALUES (?1, ?2, ?3, ?4, ?5)",
);
pub(crate) const NAMES_AFTER: Stmt = Stmt::both(
    "db.outbox_names_after",
    "SELECT feed_no, id, name FROM outbox WHERE feed_no > ?1 ORDER BY feed_no LIMIT ?2",
);
pub(crate) const BY_ID: Stmt =
    Stmt::both("db.outbox_by_id", "SELECT id, name, subject, body, at FROM outbox WHERE id = ?1");
pub(crate) const CURSOR: Stmt = Stmt::both(
    "db.outbox_cursor",
    "SELECT position, tries, retry_at FROM outbox_cursor WHERE subscriber = ?1",
);
pub(crate) const CURSOR_FOR_UPDATE: Stmt = Stmt::split(
    "db.outbox_cursor_for_update",
    "SELECT position, tries, retry_at FROM outbox_cursor WHERE subscriber = ?1",
    "SELECT position, tries, retry_at FROM outbox_cursor WHERE subscriber = ?1 FOR UPDATE",
);
pub(crate) const CURSOR_ENSURE: Stmt = Stmt::both(
    "db.outbox_cursor_ensure",
    "INSERT INTO outbox_cursor (subscriber, position, tries, retry_at) VALUES (?1, 0, 0, 0)
     ON CONFLICT (subscriber) DO NOTHING",
);
pub(crate) const CURSOR_MOVE: Stmt = Stmt::both(
    "db.outbox_cursor_move",
    "UPDATE outbox_cursor SET position = ?3, tries = ?4, retry_at = ?5 WHERE subscriber = ?1 AND position = ?2",
);
pub(crate) const PRUNE: Stmt = Stmt::both(
    "db.outbox_prune",
    "DELETE FROM outbox WHERE id IN (
         SELECT id FROM outbox WHERE feed_no <= ?1 AND at < ?2
         AND NOT EXISTS (SELECT 1 FROM outbox_parked WHERE outbox_parked.event = outbox.id)
         ORDER BY feed_no LIMIT ?3)",
);

/// Events looked through at once. A subscriber whose next event is farther away than this moves its cursor
/// over those that do not concern it; nearer ones are passed over in memory, without a write.
pub(crate) const PAGE: u32 = 128;

/// How far a subscriber has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The number of the last event that it is done with.
    pub position: i64,
    /// Failed tries of its next event.
    pub tries: u32,
    /// Not before this moment.
    pub retry_at: Timestamp,
}

/// What there is to know of an event without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heading {
    pub feed_no: i64,
    pub id: Uuid,
    pub name: String,
}

pub(crate) fn put(tx: &mut Tx<'_>, event: &Event) -> Result<(), DbError> {
    let row = params![event.id, &event.name, event.subject, event.body.to_string(), event.at];
    tx.execute(&PUT, row).map(drop)
}

pub(crate) fn names_after(tx: &mut Tx<'_>, position: i64) -> Result<Vec<Heading>, DbError> {
    tx.query(&NAMES_AFTER, params![position, PAGE], |row| {
        Ok(Heading { feed_no: row.get(0)?, id: row.get(1)?, name: row.get(2)? })
    })
}

/// The event with its body. `Ok(Err(…))` if its body cannot be read: that is the event's fault, not the
/// database's.
pub(crate) fn event(tx: &mut Tx<'_>, id: Uuid) -> Result<Result<Event, String>, DbError> {
    let row = |row: &Row| {
        let body: String = row.get(3)?;
        let event = |body| -> Result<Event, DbError> {
            Ok(Event { id: row.get(0)?, name: row.get(1)?, subject: row.get(2)?, body, at: row.get(4)? })
        };
        match serde_json::from_str(&body) {
            Ok(body) => event(body).map(Ok),
            Err(e) => Ok(Err(format!("the event's body cannot be read: {e}"))),
        }
    };
    Ok(tx.query_opt(&BY_ID, params![id], row)?.unwrap_or_else(|| Err("the event is gone".to_owned())))
}

fn read_cursor(row: &Row) -> Result<Cursor, DbError> {
    Ok(Cursor { position: row.get(0)?, tries: row.get(1)?, retry_at: row.get(2)? })
}

/// The subscriber's cursor as it stands; one that never ran stands at the beginning.
pub(crate) fn cursor(tx: &mut Tx<'_>, subscriber: &str) -> Result<Cursor, DbError> {
    Ok(tx.query_opt(&CURSOR, params![subscriber], read_cursor)?.unwrap_or_default())
}

/// The subscriber's cursor, held until the transaction ends.
pub(crate) fn cursor_for_update(tx: &mut Tx<'_>, subscriber: &str) -> Result<Cursor, DbError> {
    if let Some(found) = tx.query_opt(&CURSOR_FOR_UPDATE, params![subscriber], read_cursor)? {
        return Ok(found);
    }
    tx.execute(&CURSOR_ENSURE, params![subscriber])?;
    tx.query_one(&CURSOR_FOR_UPDATE, params![subscriber], read_cursor)
}

pub(crate) fn move_cursor(
    tx: &mut Tx<'_>,
    subscriber: &str,
    from: Cursor,
    to: Cursor,
) -> Result<(), DbError> {
    if from == to {
        return Ok(());
    }
    tx.guarded(&CURSOR_MOVE, params![subscriber, from.position, to.position, to.tries, to.retry_at])
}

/// Whether an event after the cursor concerns the subscriber.
pub(crate) fn has_next(tx: &mut Tx<'_>, subscriber: &Subscriber) -> Result<bool, DbError> {
    let mut position = cursor(tx, subscriber.name)?.position;
    loop {
        let page = names_after(tx, position)?;
        if page.iter().any(|h| subscriber.events.contains(&h.name.as_str())) {
            return Ok(true);
        }
        match page.last() {
            Some(last) => position = last.feed_no,
            None => return Ok(false),
        }
    }
}

pub(crate) fn prune(tx: &mut Tx<'_>, position: i64, before: Timestamp, limit: u32) -> Result<u64, DbError> {
    tx.execute(&PRUNE, params![position, before, limit])
}
