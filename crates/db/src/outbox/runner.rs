//! Drives deliveries: one step, until nothing is left, or for as long as the server lives.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use kernel::Timestamp;

use super::deliver::{Delivered, Delivery, Stopped};
use super::{FEED, Policy, Subscriber, parked, store};
use crate::database::Pending;
use crate::{Db, DbError, Tx, feed, lease};

/// A pause after a failure of the database itself.
const PAUSE_AFTER_ERROR: Duration = Duration::from_secs(1);
/// Rounds of [`drain`] before it is called a bug: subscribers whose events beget events without end.
const MOST_ROUNDS: usize = 100_000;

/// What one step did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Events numbered.
    pub numbered: u64,
    /// Events handled.
    pub handled: u64,
    /// Handlers that failed.
    pub failed: u64,
    /// Events parked.
    pub parked: u64,
    /// When the earliest pause after a failure ends.
    pub retry_at: Option<Timestamp>,
    /// Whether some cursor was moved over events that do not concern its subscriber.
    pub skipped: bool,
}

impl Progress {
    /// Whether there was nothing to do.
    #[must_use]
    pub const fn is_idle(&self) -> bool {
        self.numbered == 0 && self.handled == 0 && self.failed == 0 && self.parked == 0 && !self.skipped
    }
}

/// One step: numbers committed events and hands a batch to each subscriber that has some waiting, unless
/// it pauses after a failure or another process serves it. Writes nothing when there is nothing to do.
///
/// # Errors
/// Any [`DbError`]; a handler's failure is none.
pub async fn run_once(db: &Db, subscribers: &[Subscriber], policy: Policy) -> Result<Progress, DbError> {
    step(db, subscribers, policy, false).await
}

/// Numbers and delivers until nothing is left, without pauses; says how many events were handled. An
/// event whose handler always fails is parked. For tests and simulations, which must then look at
/// [`super::backlog`]; other processes' leases are not heeded.
///
/// # Errors
/// Any [`DbError`]; [`DbError::Bug`] if it never ends.
pub async fn drain(db: &Db, subscribers: &[Subscriber]) -> Result<usize, DbError> {
    let mut handled = 0_usize;
    for _ in 0..MOST_ROUNDS {
        let progress = step(db, subscribers, Policy::default(), true).await?;
        if progress.is_idle() {
            return Ok(handled);
        }
        handled = handled.saturating_add(usize::try_from(progress.handled).unwrap_or(usize::MAX));
    }
    Err(DbError::Bug(format!("the outbox was not empty after {MOST_ROUNDS} rounds")))
}

async fn step(
    db: &Db,
    subscribers: &[Subscriber],
    policy: Policy,
    at_once: bool,
) -> Result<Progress, DbError> {
    let mut progress = Progress { numbered: number(db, at_once).await?, ..Progress::default() };
    let (holder, now) = (db.instance(), db.clock().now());
    let deliveries: Vec<Delivery> = subscribers
        .iter()
        .map(|s| Delivery { subscriber: s.clone(), policy, holder, now, at_once, batch: policy.batch.max(1) })
        .collect();
    let looked = deliveries.clone();
    let states =
        db.read(move |tx| looked.iter().map(|d| look(tx, d)).collect::<Result<Vec<_>, DbError>>()).await?;
    // All are started before the first is waited for: on SQLite they share a commit, on PostgreSQL they
    // run side by side.
    let mut started: Vec<(Delivery, Pending<Delivered, Stopped>)> = Vec::new();
    for (delivery, state) in deliveries.into_iter().zip(states) {
        match state {
            State::Due | State::FarBehind => {
                progress.skipped |= matches!(state, State::FarBehind);
                let job = delivery.clone();
                started.push((delivery, db.start(true, move |tx| job.run(tx))));
            }
            State::Pauses(until) => {
                progress.retry_at = Some(progress.retry_at.map_or(until, |at| at.min(until)));
            }
            State::Idle => {}
        }
    }
    for (delivery, pending) in started {
        let done = finish(db, delivery, pending.result().await).await?;
        progress.handled = progress.handled.saturating_add(done.handled);
        progress.failed = progress.failed.saturating_add(done.failed);
        progress.parked = progress.parked.saturating_add(done.parked);
    }
    Ok(progress)
}

async fn number(db: &Db, at_once: bool) -> Result<u64, DbError> {
    if !at_once {
        return feed::number_once(db, &FEED).await;
    }
    let waiting = db.read(|tx| tx.query_opt(&FEED.pending, &[], |_| Ok(()))).await?;
    match waiting {
        Some(()) => db.write(|tx| feed::number(tx, &FEED, feed::BATCH)).await,
        None => Ok(0),
    }
}

/// After a transaction that was rolled back as a whole: one event at a time, so that it shows which one
/// is to blame; that one's failure is then counted.
async fn finish(
    db: &Db,
    delivery: Delivery,
    result: Result<Delivered, Stopped>,
) -> Result<Delivered, DbError> {
    let mut result = result;
    if delivery.batch > 1 && matches!(result, Err(Stopped::Handler { .. })) {
        let alone = Delivery { batch: 1, ..delivery.clone() };
        result = db.write(move |tx| alone.run(tx)).await;
    }
    match result {
        Ok(done) => Ok(done),
        Err(Stopped::Database(e)) => Err(e),
        Err(Stopped::Handler { event, error }) => {
            db.write(move |tx| delivery.count_failure(tx, event, &error)).await
        }
    }
}

/// How a subscriber stands before a step.
enum State {
    /// Nothing concerns it, or another process serves it.
    Idle,
    /// An event waits.
    Due,
    /// Its next event waits until then.
    Pauses(Timestamp),
    /// A whole page of events does not concern it: time to move the cursor.
    FarBehind,
}

fn look(tx: &mut Tx<'_>, delivery: &Delivery) -> Result<State, DbError> {
    let name = delivery.subscriber.name;
    let lease_name = Delivery::lease_name(name);
    if !delivery.at_once && lease::held_by_another(tx, &lease_name, delivery.holder, delivery.now)? {
        return Ok(State::Idle);
    }
    if parked::asked(tx, name)?.is_some() {
        return Ok(State::Due);
    }
    let cursor = store::cursor(tx, name)?;
    if cursor.retry_at > delivery.now && !delivery.at_once {
        return Ok(State::Pauses(cursor.retry_at));
    }
    let page = store::names_after(tx, cursor.position)?;
    if page.iter().any(|h| delivery.subscriber.events.contains(&h.name.as_str())) {
        return Ok(State::Due);
    }
    let full = u32::try_from(page.len()).is_ok_and(|n| n >= store::PAGE);
    Ok(if full { State::FarBehind } else { State::Idle })
}

/// Sleeps for a while: the server's timer, or a simulation's.
pub type Sleep = Arc<dyn Fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// Delivers for as long as the server lives. Several processes may run one each over the same database.
#[derive(Clone)]
pub struct Runner {
    /// The database.
    pub db: Db,
    /// All subscribers of the program.
    pub subscribers: Arc<[Subscriber]>,
    /// How hard to try.
    pub policy: Policy,
    /// The timer.
    pub sleep: Sleep,
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Runner({:?})", self.subscribers)
    }
}

impl Runner {
    /// Runs until `stop` is ready. A delivery under way then still ends as a whole or not at all.
    pub async fn run(self, stop: impl Future<Output = ()> + Send) {
        tokio::select! {
            () = stop => {}
            () = self.forever() => {}
        }
    }

    async fn forever(&self) {
        loop {
            let seen = self.db.commits();
            match run_once(&self.db, &self.subscribers, self.policy).await {
                Ok(progress) if progress.is_idle() => self.rest(seen, progress.retry_at).await,
                Ok(_) => {}
                Err(e) => {
                    tracing::error!(error = %e, "the outbox stands still");
                    (self.sleep)(PAUSE_AFTER_ERROR).await;
                }
            }
        }
    }

    /// Until something is committed here, a pause ends, or it is time to look for other processes' events.
    async fn rest(&self, seen: u64, retry_at: Option<Timestamp>) {
        let poll = Duration::from_millis(u64::from(self.policy.poll_ms.max(1)));
        let pause = retry_at.map_or(poll, |at| {
            let micros = at.micros_since(self.db.clock().now()).max(1_000);
            poll.min(Duration::from_micros(u64::try_from(micros).unwrap_or(1_000)))
        });
        tokio::select! {
            _ = self.db.wait_commit(seen) => {}
            () = (self.sleep)(pause) => {}
        }
    }
}
