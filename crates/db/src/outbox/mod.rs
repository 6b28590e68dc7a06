//! The outbox: how news travels from slice to slice. An event is written in the transaction of the act it
//! tells of, numbered after commit, and handed to each subscriber in order.
//!
//! A subscriber's handler runs in the same transaction that moves its cursor, so its effect *on the
//! database* happens exactly once, whatever fails. Whatever it does outside the database (it should do
//! nothing there) may happen more often. An event that cannot be handled after several tries is parked
//! with its error and holds up nobody; later events of the same subject then come before it.

mod deliver;
pub mod parked;
pub(crate) mod reading;
mod runner;
pub(crate) mod store;

use std::error::Error;
use std::sync::Arc;

use kernel::Timestamp;
use uuid::Uuid;

pub use reading::after;
pub use runner::{Progress, Runner, Sleep, drain, run_once};

use crate::feed::Feed;
use crate::{Db, DbError, Tx};

/// The feed over the outbox, for those who read it by cursor themselves.
pub const FEED: Feed = crate::feed!("outbox");

/// A piece of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Unique id, version 7.
    pub id: Uuid,
    /// Name with version, `report.received.v1`.
    pub name: String,
    /// The record it tells of.
    pub subject: Uuid,
    /// What happened. Personal data only as ciphertext, read tolerantly: unknown members are skipped.
    pub body: serde_json::Value,
    /// When it happened, office time.
    pub at: Timestamp,
}

/// Why a handler failed; its text is kept with a parked event, so it must not carry personal data.
pub type HandlerError = Box<dyn Error + Send + Sync>;

/// What a subscriber does with an event, in a transaction. It may be run several times before one commit.
pub type Handler = Arc<dyn Fn(&mut Tx<'_>, &Event) -> Result<(), HandlerError> + Send + Sync>;

/// Somebody who wants to hear of certain events.
#[derive(Clone)]
pub struct Subscriber {
    /// Unique and for ever: the cursor's key. A new subscriber begins with the oldest event kept.
    pub name: &'static str,
    /// The names of the events, with versions.
    pub events: &'static [&'static str],
    /// What to do.
    pub handle: Handler,
}

impl std::fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Subscriber({} of {:?})", self.name, self.events)
    }
}

/// How hard and how long deliveries are tried.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Tries before an event is parked.
    pub tries: u32,
    /// Pause after the first failure, in milliseconds; each later one is four times as long.
    pub first_pause_ms: u32,
    /// Events handled in one transaction.
    pub batch: usize,
    /// How long a process that died keeps others from its subscribers, in seconds.
    pub lease_secs: u32,
    /// How often other processes' events are looked for, in milliseconds.
    pub poll_ms: u32,
}

impl Default for Policy {
    fn default() -> Self {
        // Tries at 0, 0.25, 1.25 and 5.25 seconds: nobody's news waits longer for somebody else's fault.
        Self { tries: 4, first_pause_ms: 250, batch: 32, lease_secs: 10, poll_ms: 500 }
    }
}

impl Policy {
    /// When to try again after the `failures`-th failure at `now`.
    fn retry_at(&self, failures: u32, now: Timestamp) -> Timestamp {
        let factor = 4_i64.saturating_pow(failures.saturating_sub(1).min(12));
        let micros = i64::from(self.first_pause_ms).saturating_mul(1_000).saturating_mul(factor);
        now.plus_micros(micros)
    }
}

/// Writes an event into the outbox, in the transaction of the act it tells of.
///
/// # Errors
/// Any [`DbError`]; [`DbError::Unique`] if the id was used before.
pub fn put(tx: &mut Tx<'_>, event: &Event) -> Result<(), DbError> {
    store::put(tx, event)
}

/// What is still to be delivered: for the health page, and for tests that must end with nothing left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Whether committed events wait for their number.
    pub unnumbered: bool,
    /// Subscribers with events they have not handled.
    pub behind: Vec<&'static str>,
    /// Parked events of these subscribers.
    pub parked: u64,
}

impl Backlog {
    /// Whether everything was delivered and nothing is parked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.unnumbered && self.behind.is_empty() && self.parked == 0
    }
}

/// Looks what is still to be delivered to `subscribers`.
///
/// # Errors
/// Any [`DbError`].
pub async fn backlog(db: &Db, subscribers: &[Subscriber]) -> Result<Backlog, DbError> {
    let subscribers = subscribers.to_vec();
    db.read(move |tx| {
        let unnumbered = tx.query_opt(&FEED.pending, &[], |_| Ok(()))?.is_some();
        let mut found = Backlog { unnumbered, ..Backlog::default() };
        for subscriber in &subscribers {
            if store::has_next(tx, subscriber)? {
                found.behind.push(subscriber.name);
            }
            found.parked = found.parked.saturating_add(parked::count(tx, subscriber.name)?);
        }
        Ok(found)
    })
    .await
}

/// Deletes at most `limit` events that happened before `before`, that all `subscribers` have passed and
/// that are not parked; says how many. Called by the retention job with *all* subscribers of the program.
///
/// # Errors
/// Any [`DbError`].
pub fn prune(
    tx: &mut Tx<'_>,
    subscribers: &[Subscriber],
    before: Timestamp,
    limit: u32,
) -> Result<u64, DbError> {
    let mut lowest = i64::MAX;
    for subscriber in subscribers {
        lowest = lowest.min(store::cursor(tx, subscriber.name)?.position);
    }
    store::prune(tx, lowest, before, limit)
}
