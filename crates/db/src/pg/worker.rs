//! A thread with a client: runs closures in transactions, again where that helps, and connects anew when
//! the line breaks.

use std::sync::Arc;
use std::time::Duration;

use postgres::{Config, NoTls};

use super::link::PgLink;
use crate::DbError;
use crate::commits::Commits;
use crate::job::{Job, RUNS, Ran};
use crate::queue::Queue;
use crate::tx::{Link, Marks, Tx};

/// First pause before connecting or running again; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(4);
/// Longest pause between two tries to connect.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// Tries to connect while a job waits: about four seconds in all.
const CONNECT_TRIES: u32 = 10;

pub(crate) struct Worker {
    pub number: usize,
    pub config: Config,
    pub queue: Arc<Queue>,
    pub commits: Commits,
}

/// How a commit ended.
enum Commit {
    Done,
    /// The server rolled back and says that another run can help.
    Again(DbError),
    /// Not done, or nobody knows: never run again.
    Failed(DbError),
}

impl Worker {
    /// The thread's whole life. `link`: a client that is connected already.
    pub(crate) fn work(self, mut link: Option<PgLink>) {
        // While the server is away each job gets one try to connect, so that a long queue is not held up.
        let mut away = false;
        while let Some(jobs) = self.queue.take(self.number, 1) {
            for mut job in jobs {
                let tries = if away { 1 } else { CONNECT_TRIES };
                let failure = self.run(&mut link, job.as_mut(), tries);
                away = link.is_none();
                job.answer(failure);
            }
        }
    }

    /// Runs one closure to its end. An error stands in for the closure's own result.
    fn run(&self, link: &mut Option<PgLink>, job: &mut dyn Job, tries: u32) -> Option<DbError> {
        let mut failure = None;
        let mut unique_before = false;
        for run in 1..=RUNS {
            let client = match self.connected(link, tries) {
                Ok(client) => client,
                Err(e) => return Some(e),
            };
            let (ran, marks, end) = transaction(client, job);
            if marks.lost || client.is_closed() {
                *link = None;
            }
            failure = match end {
                Commit::Done => {
                    // A neighbour may have inserted the same key between our look and our insert: a
                    // find-or-insert closure finds it in a second run. More would only repeat the error.
                    let raced = ran == Ran::Failed && marks.unique && job.writes() && !unique_before;
                    unique_before |= marks.unique;
                    if ran == Ran::Done && marks.changed > 0 && job.writes() {
                        self.commits.add();
                    }
                    if !raced && ran != Ran::Again {
                        return None;
                    }
                    None
                }
                Commit::Again(e) => Some(e),
                Commit::Failed(e) => return Some(e),
            };
            self.back_off(run);
        }
        failure
    }

    /// A pause before the next run, a little different for each worker so that two do not dance in step.
    fn back_off(&self, run: u32) {
        let millis = 1_u64.checked_shl(run.min(6)).unwrap_or(64);
        let skew = u64::try_from(self.number % 7).unwrap_or(0);
        self.queue.pause(Duration::from_millis(millis.saturating_add(skew)));
    }

    fn connected<'l>(&self, link: &'l mut Option<PgLink>, tries: u32) -> Result<&'l mut PgLink, DbError> {
        if link.as_ref().is_some_and(PgLink::is_closed) {
            *link = None;
        }
        let mut pause = FIRST_PAUSE;
        for left in (0..tries).rev() {
            if link.is_some() {
                break;
            }
            match connect(&self.config) {
                Ok(new) => *link = Some(new),
                Err(e) if left == 0 => return Err(e),
                Err(e) => {
                    tracing::warn!(error = %e, "cannot connect, trying again");
                    if !self.queue.pause(pause) {
                        return Err(crate::queue::closed());
                    }
                    pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
                }
            }
        }
        link.as_mut().ok_or_else(|| DbError::Unavailable("not connected".to_owned()))
    }
}

/// Connects. Transactions of this project never idle: the server ends one that does, so that a stuck
/// process cannot hold locks for ever.
pub(crate) fn connect(config: &Config) -> Result<PgLink, DbError> {
    let reach = |e: postgres::Error| {
        let why = std::error::Error::source(&e).map(ToString::to_string).unwrap_or_default();
        DbError::Unavailable(format!("cannot connect to PostgreSQL: {e} {why}"))
    };
    let mut client = config.connect(NoTls).map_err(reach)?;
    client
        .batch_execute("SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = warning")
        .map_err(reach)?;
    Ok(PgLink::new(client))
}

/// One run in one transaction. Reads get one unchanging view, as on SQLite; writes READ COMMITTED, because
/// correctness rests on guards and keys, never on SERIALIZABLE.
fn transaction(link: &mut PgLink, job: &mut dyn Job) -> (Ran, Marks, Commit) {
    let begin = if job.writes() {
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
    } else {
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    };
    let mut marks = Marks::default();
    if let Err(e) = link.batch(begin, &mut marks) {
        return (Ran::Again, marks, if marks.rerun { Commit::Again(e) } else { Commit::Failed(e) });
    }
    let mut tx = Tx::new(Link::Postgres(link));
    let ran = job.run(&mut tx);
    let mut marks = tx.marks;
    if ran == Ran::Done {
        let mut at_commit = Marks::default();
        let end = commit(link, &mut at_commit);
        marks.lost |= at_commit.lost;
        return (ran, marks, end);
    }
    if link.batch("ROLLBACK", &mut Marks::default()).is_err() {
        marks.lost = true;
    }
    (ran, marks, Commit::Done)
}

fn commit(link: &mut PgLink, marks: &mut Marks) -> Commit {
    match link.batch("COMMIT", marks) {
        Ok(()) => Commit::Done,
        Err(e) if marks.lost => {
            Commit::Failed(DbError::Unavailable(format!("the outcome of a commit is unknown: {e}")))
        }
        Err(e) if marks.rerun => Commit::Again(e),
        Err(e) => Commit::Failed(e),
    }
}
