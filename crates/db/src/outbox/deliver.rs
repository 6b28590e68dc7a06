//! One delivery: a batch of events to one subscriber in one transaction with its cursor.

use std::panic::{AssertUnwindSafe, catch_unwind};

use kernel::Timestamp;
use uuid::Uuid;

use super::parked::{self, Parked};
use super::store::{self, Cursor, Heading};
use super::{Event, HandlerError, Policy, Subscriber};
use crate::job::panic_text;
use crate::{DbError, Tx, lease};

/// An error's text is kept this long.
const ERROR_CHARS: usize = 500;

/// The circumstances of a delivery.
#[derive(Clone)]
pub(super) struct Delivery {
    pub subscriber: Subscriber,
    pub policy: Policy,
    pub holder: Uuid,
    pub now: Timestamp,
    /// Pays no heed to leases and pauses: for tests and simulations.
    pub at_once: bool,
    /// Events in this transaction.
    pub batch: usize,
}

/// What a delivery did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Delivered {
    pub handled: u64,
    pub failed: u64,
    pub parked: u64,
}

/// Why the whole transaction must be rolled back.
#[derive(Debug)]
pub(super) enum Stopped {
    Database(DbError),
    /// A handler failed in a way that running the transaction again might mend, and did not.
    Handler {
        event: Uuid,
        error: String,
    },
}

impl From<DbError> for Stopped {
    fn from(e: DbError) -> Self {
        Self::Database(e)
    }
}

impl Delivery {
    /// The whole delivery: parked events that somebody asked for, then the next ones.
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Result<Delivered, Stopped> {
        let mut done = Delivered::default();
        if !self.may_work(tx)? {
            return Ok(done);
        }
        self.parked_again(tx, &mut done)?;
        let from = store::cursor_for_update(tx, self.subscriber.name)?;
        if from.retry_at > self.now && !self.at_once {
            return Ok(done);
        }
        let mut to = from;
        for heading in store::names_after(tx, from.position)? {
            let next = Cursor { position: heading.feed_no, ..Cursor::default() };
            if !self.concerns(&heading) {
                // The tries belong to the next event that concerns it.
                to.position = heading.feed_no;
                continue;
            }
            if done.handled.saturating_add(done.parked) >= u64::try_from(self.batch).unwrap_or(u64::MAX) {
                break;
            }
            match self.handle(tx, heading.id)? {
                Ok(()) => {
                    done.handled = done.handled.saturating_add(1);
                    to = next;
                }
                Err(error) => {
                    done.failed = done.failed.saturating_add(1);
                    match self.failed(tx, to, &heading, error)? {
                        Some(waiting) => {
                            to = waiting;
                            break;
                        }
                        None => {
                            done.parked = done.parked.saturating_add(1);
                            to = next;
                        }
                    }
                }
            }
        }
        store::move_cursor(tx, self.subscriber.name, from, to)?;
        Ok(done)
    }

    /// Counts a failure that rolled the whole transaction back, if `event` is still the next one.
    pub(super) fn count_failure(
        &self,
        tx: &mut Tx<'_>,
        event: Uuid,
        error: &str,
    ) -> Result<Delivered, DbError> {
        let mut done = Delivered::default();
        if !self.may_work(tx)? {
            return Ok(done);
        }
        if parked::asked(tx, self.subscriber.name)? == Some(event) {
            parked::failed_again(tx, self.subscriber.name, event, error)?;
            done.failed = 1;
            return Ok(done);
        }
        let from = store::cursor_for_update(tx, self.subscriber.name)?;
        let page = store::names_after(tx, from.position)?;
        let Some(heading) = page.into_iter().find(|h| self.concerns(h)).filter(|h| h.id == event) else {
            return Ok(done);
        };
        done.failed = 1;
        let to = self.failed(tx, from, &heading, error.to_owned())?.unwrap_or_else(|| {
            done.parked = 1;
            Cursor { position: heading.feed_no, ..Cursor::default() }
        });
        store::move_cursor(tx, self.subscriber.name, from, to)?;
        Ok(done)
    }

    pub(super) fn lease_name(subscriber: &str) -> String {
        format!("outbox:{subscriber}")
    }

    fn may_work(&self, tx: &mut Tx<'_>) -> Result<bool, DbError> {
        if self.at_once {
            return Ok(true);
        }
        let until = self.now.plus_secs(i64::from(self.policy.lease_secs));
        lease::claim(tx, &Self::lease_name(self.subscriber.name), self.holder, self.now, until)
    }

    fn concerns(&self, heading: &Heading) -> bool {
        self.subscriber.events.contains(&heading.name.as_str())
    }

    /// What a failure of the next event leads to: a cursor that waits, or `None` if the event was parked.
    fn failed(
        &self,
        tx: &mut Tx<'_>,
        at: Cursor,
        heading: &Heading,
        error: String,
    ) -> Result<Option<Cursor>, DbError> {
        let tries = at.tries.saturating_add(1);
        let (subscriber, event) = (self.subscriber.name, heading.id);
        if tries < self.policy.tries {
            tracing::warn!(subscriber, %event, tries, error, "an event could not be handled, trying again");
            let retry_at = self.policy.retry_at(tries, self.now);
            return Ok(Some(Cursor { position: at.position, tries, retry_at }));
        }
        tracing::error!(subscriber, %event, tries, error, "an event could not be handled and was parked");
        let parked = Parked {
            subscriber: subscriber.to_owned(),
            event,
            feed_no: heading.feed_no,
            name: heading.name.clone(),
            subject: Uuid::nil(),
            error,
            tries,
            parked_at: self.now,
            again: false,
        };
        parked::park(tx, &parked)?;
        Ok(None)
    }

    /// Tries parked events again that somebody asked for.
    fn parked_again(&self, tx: &mut Tx<'_>, done: &mut Delivered) -> Result<(), Stopped> {
        for _ in 0..self.batch {
            let Some(event) = parked::asked(tx, self.subscriber.name)? else { break };
            match self.handle(tx, event)? {
                Ok(()) => {
                    parked::remove(tx, self.subscriber.name, event)?;
                    done.handled = done.handled.saturating_add(1);
                }
                Err(error) => {
                    parked::failed_again(tx, self.subscriber.name, event, &error)?;
                    done.failed = done.failed.saturating_add(1);
                }
            }
        }
        Ok(())
    }

    /// Hands one event to the handler under a savepoint. The inner error is the handler's.
    fn handle(&self, tx: &mut Tx<'_>, id: Uuid) -> Result<Result<(), String>, Stopped> {
        let event = match store::event(tx, id)? {
            Ok(event) => event,
            Err(unreadable) => return Ok(Err(unreadable)),
        };
        let result = tx.attempt(|tx| self.call(tx, &event));
        let Err(Failure(error)) = result else { return Ok(Ok(())) };
        let error = describe(error.as_ref());
        if tx.marks.rerun {
            return Err(Stopped::Handler { event: id, error });
        }
        if tx.marks.broken {
            return Err(Stopped::Database(DbError::Unavailable(error)));
        }
        Ok(Err(error))
    }

    fn call(&self, tx: &mut Tx<'_>, event: &Event) -> Result<(), Failure> {
        // The savepoint is rolled back after a panic, so nothing half-done is seen again.
        catch_unwind(AssertUnwindSafe(|| (self.subscriber.handle)(tx, event)))
            .unwrap_or_else(|payload| {
                Err(format!("the handler panicked: {}", panic_text(payload.as_ref())).into())
            })
            .map_err(Failure)
    }
}

/// A handler's error, so that a savepoint can carry it.
struct Failure(HandlerError);

impl From<DbError> for Failure {
    fn from(e: DbError) -> Self {
        Self(Box::new(e))
    }
}

/// The error and its causes in one line, cut to a length.
fn describe(error: &(dyn std::error::Error + Send + Sync + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text.chars().take(ERROR_CHARS).collect()
}
