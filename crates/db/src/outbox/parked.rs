//! Events that a subscriber could not handle. They are tried again by themselves, less and less often; what
//! still fails waits for a person, who mends what is wrong and has it tried again.

use kernel::Timestamp;
use uuid::Uuid;

use crate::{DbError, Stmt, Tx, params};

pub(crate) const PARK: Stmt = Stmt::both(
    "db.outbox_park",
    "INSERT INTO outbox_parked (subscriber, event, feed_no, error, tries, parked_at, again)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
);
pub(crate) const LIST: Stmt = Stmt::both(
    "db.outbox_parked_list",
    "SELECT p.subscriber, p.event, p.feed_no, o.name, o.subject, p.error, p.tries, p.parked_at, p.again
     FROM outbox_parked p JOIN outbox o ON o.id = p.event
     WHERE p.feed_no > ?1 ORDER BY p.feed_no, p.subscriber LIMIT ?2",
);
pub(crate) const COUNT: Stmt =
    Stmt::both("db.outbox_parked_count", "SELECT count(*) FROM outbox_parked WHERE subscriber = ?1");
pub(crate) const ASK_AGAIN: Stmt = Stmt::both(
    "db.outbox_parked_ask_again",
    "UPDATE outbox_parked SET again = ?3 WHERE subscriber = ?1 AND event = ?2",
);
pub(crate) const ASKED: Stmt = Stmt::split(
    "db.outbox_parked_asked",
    "SELECT event FROM outbox_parked WHERE subscriber = ?1 AND again = 1 ORDER BY feed_no LIMIT 1",
    "SELECT event FROM outbox_parked WHERE subscriber = ?1 AND again ORDER BY feed_no LIMIT 1",
);
pub(crate) const FAILED_AGAIN: Stmt = Stmt::both(
    "db.outbox_parked_failed_again",
    "UPDATE outbox_parked SET error = ?3, tries = tries + 1, again = ?4 WHERE subscriber = ?1 AND event = ?2",
);
pub(crate) const REMOVE: Stmt =
    Stmt::both("db.outbox_parked_remove", "DELETE FROM outbox_parked WHERE subscriber = ?1 AND event = ?2");

/// A parked event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// The subscriber that failed.
    pub subscriber: String,
    /// The event's id.
    pub event: Uuid,
    /// The event's number in the feed.
    pub feed_no: i64,
    /// The event's name.
    pub name: String,
    /// The record it tells of.
    pub subject: Uuid,
    /// What the handler said last.
    pub error: String,
    /// Tries so far.
    pub tries: u32,
    /// When it was parked, wall time.
    pub parked_at: Timestamp,
    /// Whether another try was asked for and has not been made yet.
    pub again: bool,
}

/// Parked events with a feed number above `after`, in their order, at most `limit`.
///
/// # Errors
/// Any [`DbError`].
pub fn list(tx: &mut Tx<'_>, after: i64, limit: u32) -> Result<Vec<Parked>, DbError> {
    tx.query(&LIST, params![after, limit], |row| {
        Ok(Parked {
            subscriber: row.get(0)?,
            event: row.get(1)?,
            feed_no: row.get(2)?,
            name: row.get(3)?,
            subject: row.get(4)?,
            error: row.get(5)?,
            tries: row.get(6)?,
            parked_at: row.get(7)?,
            again: row.get(8)?,
        })
    })
}

/// How many events of `subscriber` are parked.
///
/// # Errors
/// Any [`DbError`].
pub fn count(tx: &mut Tx<'_>, subscriber: &str) -> Result<u64, DbError> {
    tx.query_one(&COUNT, params![subscriber], |row| row.get(0))
}

/// Asks for one more try of a parked event; the runner makes it. Says whether there is such an event.
///
/// # Errors
/// Any [`DbError`].
pub fn retry(tx: &mut Tx<'_>, subscriber: &str, event: Uuid) -> Result<bool, DbError> {
    Ok(tx.execute(&ASK_AGAIN, params![subscriber, event, true])? == 1)
}

/// First wait of a parked event, in seconds; each later one is four times as long.
const FIRST_WAIT_SECS: i64 = 60;
/// Tries by itself, those before it was parked included: after about a day only a person can help.
const MOST_TRIES: u32 = 10;

/// Whether a parked event is to be tried again by itself at `now`: 1, 5, 21, 85, 341 and 1,365 minutes after
/// it was parked.
#[must_use]
pub fn is_due(parked: &Parked, tries_before: u32, now: Timestamp) -> bool {
    let made = parked.tries.saturating_sub(tries_before);
    if parked.again || parked.tries >= MOST_TRIES {
        return false;
    }
    let waits = (0..=made).map(|no| FIRST_WAIT_SECS.saturating_mul(4_i64.saturating_pow(no.min(12))));
    now >= parked.parked_at.plus_secs(waits.sum())
}

/// Asks for another try of every parked event whose time has come; says how many. `policy` is the runner's.
///
/// # Errors
/// Any [`DbError`].
pub fn retry_due(tx: &mut Tx<'_>, policy: super::Policy, now: Timestamp) -> Result<u64, DbError> {
    let mut asked = 0;
    for parked in list(tx, 0, 500)?.iter().filter(|p| is_due(p, policy.tries, now)) {
        asked += u64::from(retry(tx, &parked.subscriber, parked.event)?);
    }
    Ok(asked)
}

/// Gives a parked event up for good. Says whether there was such an event.
///
/// # Errors
/// Any [`DbError`].
pub fn remove(tx: &mut Tx<'_>, subscriber: &str, event: Uuid) -> Result<bool, DbError> {
    Ok(tx.execute(&REMOVE, params![subscriber, event])? == 1)
}

pub(super) fn asked(tx: &mut Tx<'_>, subscriber: &str) -> Result<Option<Uuid>, DbError> {
    tx.query_opt(&ASKED, params![subscriber], |row| row.get(0))
}

pub(super) fn failed_again(
    tx: &mut Tx<'_>,
    subscriber: &str,
    event: Uuid,
    error: &str,
) -> Result<(), DbError> {
    tx.execute(&FAILED_AGAIN, params![subscriber, event, error, false]).map(drop)
}

pub(super) fn park(tx: &mut Tx<'_>, failure: &Parked) -> Result<(), DbError> {
    let Parked { subscriber, event, feed_no, error, tries, parked_at, .. } = failure;
    let row = params![subscriber, event, *feed_no, error, *tries, *parked_at, false];
    tx.execute(&PARK, row).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parked_events_are_tried_less_and_less_often() {
        let at = |minutes: i64| Timestamp::from_secs(1_000_000 + minutes * 60);
        let parked = |tries| Parked {
            subscriber: "s".into(),
            event: Uuid::nil(),
            feed_no: 1,
            name: "n.v1".into(),
            subject: Uuid::nil(),
            error: "e".into(),
            tries,
            parked_at: at(0),
            again: false,
        };
        for (tries, minutes) in [(4, 1), (5, 5), (6, 21), (7, 85), (8, 341), (9, 1_365)] {
            assert!(!is_due(&parked(tries), 4, at(minutes).plus_secs(-1)), "{tries}");
            assert!(is_due(&parked(tries), 4, at(minutes)), "{tries}");
        }
        assert!(!is_due(&parked(10), 4, at(1_000_000)), "a person's turn");
        assert!(!is_due(&Parked { again: true, ..parked(4) }, 4, at(5)), "asked for already");
    }
}
