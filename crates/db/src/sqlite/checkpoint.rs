//! Moves the write-ahead log into the database file on a connection of its own, so that the writer never
//! stops for it.

use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::oneshot;

/// Changed rows after which a checkpoint is made: about a page each.
const ROWS: u64 = 1_000;
/// A log longer than this is worth a short stop of the writer to begin it anew.
const LONG_LOG_BYTES: u64 = 64 * 1024 * 1024;
/// How long that stop may last.
const SHORT_WAIT: Duration = Duration::from_millis(50);

/// How long one try waits for readers where the log must become empty; a read ends within a second.
const LONG_WAIT: Duration = Duration::from_secs(1);
/// Tries until somebody who wants the log empty is told that it is not.
const TRIES: usize = 5;

/// What the writer and the checkpoint thread share.
#[derive(Default)]
pub(crate) struct Checkpoints {
    state: Mutex<State>,
    bell: Condvar,
}

#[derive(Default)]
struct State {
    rows: u64,
    closed: bool,
    /// Who waits for an empty log.
    waiting: Vec<oneshot::Sender<bool>>,
}

impl Checkpoints {
    /// The writer committed so many changed rows.
    pub(crate) fn wrote(&self, rows: u64) {
        let mut state = self.lock();
        state.rows = state.rows.saturating_add(rows);
        if state.rows >= ROWS {
            self.bell.notify_one();
        }
    }
    /// Asks for an empty log; the answer says whether it became so.
    pub(crate) fn empty(&self) -> oneshot::Receiver<bool> {
        let (sender, receiver) = oneshot::channel();
        self.lock().waiting.push(sender);
        self.bell.notify_one();
        receiver
    }
    /// The thread shall end.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.bell.notify_one();
    }
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Sleeps until there is work; who waits for an empty log, and `None` when the thread shall end.
    fn wait(&self) -> Option<Vec<oneshot::Sender<bool>>> {
        let idle = |s: &mut State| s.rows < ROWS && !s.closed && s.waiting.is_empty();
        let mut state = self.bell.wait_while(self.lock(), idle).unwrap_or_else(PoisonError::into_inner);
        state.rows = 0;
        (!state.closed).then(|| std::mem::take(&mut state.waiting))
    }
    /// The thread's whole life.
    pub(crate) fn work(&self, conn: &Connection, log: &PathBuf) {
        while let Some(waiting) = self.wait() {
            let long = std::fs::metadata(log).is_ok_and(|m| m.len() > LONG_LOG_BYTES);
            let done = if waiting.is_empty() { checkpoint(conn, long).map(|()| false) } else { empty(conn) };
            if let Err(e) = &done {
                tracing::warn!(error = %e, "checkpoint failed");
            }
            for sender in waiting {
                // Nobody may be waiting any more.
                sender.send(matches!(done, Ok(true))).ok();
            }
        }
    }
}

/// PASSIVE never waits for anybody. TRUNCATE holds the writer for a moment, and gives up if a reader stays.
fn checkpoint(conn: &Connection, long: bool) -> rusqlite::Result<()> {
    conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    if long {
        truncate(conn, SHORT_WAIT)?;
    }
    Ok(())
}

/// Whether the log is empty now.
pub(crate) fn empty(conn: &Connection) -> rusqlite::Result<bool> {
    for _ in 0..TRIES {
        if truncate(conn, LONG_WAIT)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The first column of the answer is 1 where somebody was in the way.
fn truncate(conn: &Connection, wait: Duration) -> rusqlite::Result<bool> {
    conn.busy_timeout(wait)?;
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0)).map(|busy| busy == 0)
}
