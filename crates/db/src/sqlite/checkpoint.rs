//! Moves the write-ahead log into the database file on a connection of its own, so that the writer never
//! stops for it.

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::oneshot;

/// Changed rows after which a checkpoint is made: some tens of MiB of log. A page of an index that is written again
/// and again goes into the file once then, and not with every hundredth report.
const ROWS: u64 = 10_000;
/// A log that has grown by so much is due whatever the rows: parts of files are large and few.
const GROWN_BYTES: u64 = 32 * 1024 * 1024;
/// A log longer than this is worth a short stop of the writer to begin it anew; it is read again at the start after
/// a crash.
const LONG_LOG_BYTES: u64 = 128 * 1024 * 1024;
/// How long that stop may last.
const SHORT_WAIT: Duration = Duration::from_millis(50);

/// How long one try waits for readers where the log must become empty; a read ends within a second.
const LONG_WAIT: Duration = Duration::from_secs(1);
/// Tries until somebody who wants the log empty is told that it is not.
const TRIES: usize = 5;

/// The write-ahead log of a database file.
pub(crate) fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

/// What the writer and the checkpoint thread share.
#[derive(Default)]
pub(crate) struct Checkpoints {
    state: Mutex<State>,
    bell: Condvar,
}

#[derive(Default)]
struct State {
    rows: u64,
    /// Length of the log now, and at the last checkpoint.
    length: u64,
    length_before: u64,
    closed: bool,
    /// Who waits for an empty log.
    waiting: Vec<oneshot::Sender<bool>>,
}

impl State {
    fn is_due(&self) -> bool {
        self.rows >= ROWS || self.length > self.length_before.saturating_add(GROWN_BYTES)
    }
}

impl Checkpoints {
    /// The writer committed so many changed rows; the log has this length now.
    pub(crate) fn wrote(&self, rows: u64, length: u64) {
        let mut state = self.lock();
        state.rows = state.rows.saturating_add(rows);
        state.length = length;
        if state.is_due() {
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
        let idle = |s: &mut State| !s.is_due() && !s.closed && s.waiting.is_empty();
        let mut state = self.bell.wait_while(self.lock(), idle).unwrap_or_else(PoisonError::into_inner);
        state.rows = 0;
        state.length_before = state.length;
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
            // A log that was begun anew is short again.
            if let Ok(now) = std::fs::metadata(log) {
                let mut state = self.lock();
                state.length_before = state.length_before.min(now.len());
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
