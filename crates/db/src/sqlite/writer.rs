//! The one writer: takes whatever queued during the last commit, runs each closure under a savepoint in
//! one transaction, commits once, and only then answers all.
//!
//! SQLite's lock knows no queue: whoever asks at the right moment has it, and a writer that begins anew within
//! microseconds of its commit shuts every other process out for as long as it is busy (a command of the program,
//! a backup). So it waits for the lock in short steps, ends a long transaction early, and pauses now and then.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use kernel::time::{Timestamp, WallClock};
use rusqlite::Connection;

use super::checkpoint::{Checkpoints, log_of};
use super::{Use, link, open};
use crate::DbError;
use crate::commits::Commits;
use crate::job::{Job, RUNS, Ran};
use crate::queue::Queue;
use crate::tx::{Link, Tx};

/// One try at the lock of another process lasts so long; a pause must be longer to be met by one.
const LOCK_STEP: Duration = Duration::from_millis(1);
/// How long the lock is left alone now and then.
const PAUSE: Duration = Duration::from_millis(2);
/// Without a pause at most so long, and no transaction takes up another closure after it: in microseconds.
const UNBROKEN_MICROS: i64 = 250_000;

pub(crate) struct Writer {
    pub path: PathBuf,
    pub queue: Arc<Queue>,
    pub commits: Commits,
    pub checkpoints: Arc<Checkpoints>,
    /// At most this many closures in one transaction.
    pub batch: usize,
    /// How long it waits for another process's lock.
    pub lock_wait: Duration,
    pub clock: WallClock,
}

impl Writer {
    /// The thread's whole life.
    pub(crate) fn work(self, mut conn: Connection) {
        let mut paused = self.clock.now();
        loop {
            let idle_from = self.clock.now();
            let Some(jobs) = self.queue.take(0, self.batch) else { break };
            let now = self.clock.now();
            if Duration::from_micros(now.micros_since(idle_from).unsigned_abs()) >= PAUSE {
                paused = now;
            }
            let mut jobs = VecDeque::from(jobs);
            while !jobs.is_empty() {
                if !self.commit_batch(&conn, &mut jobs) {
                    // After a failed commit the state of this connection is anybody's guess: take a new one.
                    match open(&self.path, Use::Write, self.lock_wait) {
                        Ok(new) => conn = new,
                        Err(e) => tracing::error!(error = %e, "cannot open a new writing connection"),
                    }
                }
                if self.is_over(paused) {
                    self.queue.pause(PAUSE);
                    paused = self.clock.now();
                }
            }
        }
        // What was erased must not outlive the program in the log, however the connection is closed.
        if let Err(e) = super::checkpoint::empty(&conn) {
            tracing::warn!(error = %e, "the log is left as it is");
        }
    }

    /// Whether the longest time without a pause has passed. A clock that was put back counts as over.
    fn is_over(&self, since: Timestamp) -> bool {
        !(0..UNBROKEN_MICROS).contains(&self.clock.now().micros_since(since))
    }

    /// Runs and answers the first of `jobs`, as many as one transaction should take. Says whether the connection
    /// is still good.
    fn commit_batch(&self, conn: &Connection, jobs: &mut VecDeque<Box<dyn Job>>) -> bool {
        let before = conn.total_changes();
        let mut ran = Vec::with_capacity(jobs.len());
        let outcome = self.run_all(conn, jobs, &mut ran);
        let healthy = match &outcome {
            Ok(()) => true,
            Err(e) => {
                tracing::error!(error = %e, jobs = ran.len(), "a batch of writes was not committed");
                matches!(e, DbError::Busy(_)) && conn.is_autocommit()
            }
        };
        if !conn.is_autocommit()
            && let Err(e) = conn.execute_batch("ROLLBACK")
        {
            tracing::error!(error = %e, "cannot roll back");
        }
        let changed = conn.total_changes().saturating_sub(before);
        if outcome.is_ok() && changed > 0 {
            self.commits.add();
            let length = std::fs::metadata(log_of(&self.path)).map_or(0, |m| m.len());
            self.checkpoints.wrote(changed, length);
        }
        let failure = outcome.err();
        for job in ran {
            job.answer(failure.clone());
        }
        healthy
    }

    /// Begins, runs jobs, commits. Afterwards `ran` has every job that was run, and all where it could not begin: who
    /// was not begun when another one's transaction failed has the next.
    fn run_all(
        &self,
        conn: &Connection,
        jobs: &mut VecDeque<Box<dyn Job>>,
        ran: &mut Vec<Box<dyn Job>>,
    ) -> Result<(), DbError> {
        let mut outcome = begin(conn, self.lock_wait);
        let began = self.clock.now();
        while outcome.is_ok()
            && (ran.is_empty() || !self.is_over(began))
            && let Some(mut job) = jobs.pop_front()
        {
            outcome = run_one(conn, job.as_mut());
            ran.push(job);
        }
        if ran.is_empty() {
            ran.extend(jobs.drain(..));
        }
        outcome?;
        conn.execute_batch("COMMIT").map_err(|e| match link::error(conn, "commit", &e) {
            DbError::Busy(why) => DbError::Busy(why),
            other => DbError::Unavailable(format!("commit failed: {other}")),
        })
    }
}

/// Takes the lock. SQLite's own waiting sleeps up to a tenth of a second between two tries and so misses the pause
/// of a busy writer; with a timeout of one step it tries, sleeps a millisecond, and tries once more.
fn begin(conn: &Connection, wait: Duration) -> Result<(), DbError> {
    let failed = |e: rusqlite::Error| link::error(conn, "begin", &e);
    conn.busy_timeout(LOCK_STEP).map_err(failed)?;
    let mut outcome = conn.execute_batch("BEGIN IMMEDIATE").map_err(failed);
    let mut left = wait.saturating_sub(LOCK_STEP);
    while matches!(outcome, Err(DbError::Busy(_))) && !left.is_zero() {
        left = left.saturating_sub(LOCK_STEP);
        outcome = conn.execute_batch("BEGIN IMMEDIATE").map_err(failed);
    }
    conn.busy_timeout(wait).map_err(failed)?;
    outcome
}

/// Runs one closure under its savepoint. An error means that the whole transaction is gone.
fn run_one(conn: &Connection, job: &mut dyn Job) -> Result<(), DbError> {
    for run in 1..=RUNS {
        control(conn, "SAVEPOINT job")?;
        let mut tx = Tx::new(Link::Sqlite(conn));
        let ran = job.run(&mut tx);
        // A full disk or a failed read can end the transaction behind our back.
        if conn.is_autocommit() {
            return Err(DbError::Unavailable("the engine gave the transaction up".to_owned()));
        }
        match ran {
            Ran::Done => return control(conn, "RELEASE job"),
            Ran::Failed | Ran::Again => {
                control(conn, "ROLLBACK TO job")?;
                control(conn, "RELEASE job")?;
            }
        }
        // Nothing else writes meanwhile, so no pause is needed before the next run.
        if ran == Ran::Failed || run == RUNS {
            break;
        }
    }
    Ok(())
}

fn control(conn: &Connection, sql: &str) -> Result<(), DbError> {
    conn.prepare_cached(sql)
        .and_then(|mut stmt| stmt.raw_execute())
        .map(drop)
        .map_err(|e| link::error(conn, sql, &e))
}

/// Runs one job alone on the caller's thread: for simulations. Reads use the same connection, which must
/// not write for them either.
pub(crate) fn run_inline(conn: &Connection, mut job: Box<dyn Job>, commits: &Commits) {
    let before = conn.total_changes();
    let outcome = if job.writes() { write_alone(conn, job.as_mut()) } else { read_alone(conn, job.as_mut()) };
    if !conn.is_autocommit() && conn.execute_batch("ROLLBACK").is_err() {
        tracing::error!("cannot roll back");
    }
    if job.writes() && outcome.is_ok() && conn.total_changes() > before {
        commits.add();
    }
    job.answer(outcome.err());
}

fn write_alone(conn: &Connection, job: &mut dyn Job) -> Result<(), DbError> {
    conn.execute_batch("BEGIN IMMEDIATE").map_err(|e| link::error(conn, "begin", &e))?;
    run_one(conn, job)?;
    conn.execute_batch("COMMIT").map_err(|e| link::error(conn, "commit", &e))
}

/// The connection can write, so what was read is rolled back and looked at. Not `PRAGMA query_only`: each change of it
/// expires every prepared statement, and a simulation would spend a third of its time on parsing them again.
fn read_alone(conn: &Connection, job: &mut dyn Job) -> Result<(), DbError> {
    let before = conn.total_changes();
    super::reader::run(conn, job)?;
    if conn.total_changes() == before {
        return Ok(());
    }
    Err(DbError::Bug("a reading closure has written".to_owned()))
}
