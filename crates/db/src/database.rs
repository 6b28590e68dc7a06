//! The database as slices see it: closures go in, results come out.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use kernel::{Entropy, WallClock};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::commits::Commits;
use crate::job::{Closure, Job};
use crate::pg::worker::{Worker, connect};
use crate::queue::Queue;
use crate::sqlite::checkpoint::{Checkpoints, log_of};
use crate::sqlite::writer::Writer;
use crate::sqlite::{Use, reader, writer};
use crate::tx::Tx;
use crate::{DbError, Engine, Slice};

/// How a database is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// PostgreSQL: threads with one client each. Default 8.
    pub threads: usize,
    /// SQLite: reading threads with one connection each. Default 4.
    pub readers: usize,
    /// SQLite: closures in one commit, at most. Default 1,000.
    pub batch: usize,
    /// Jobs that may wait; more are refused as busy. Default 20,000.
    pub queue: usize,
    /// SQLite only: run closures on the caller's thread, one commit each, so that a simulation runs the
    /// same way every time. Default off.
    pub inline: bool,
    /// SQLite: how long a write waits for another process's lock. Default 5 seconds.
    pub lock_wait: Duration,
    /// The clock for leases, retries and the dates of migrations. Default: the machine's.
    pub clock: WallClock,
    /// Who holds leases. Default: a random UUID per opened database.
    pub instance: Option<Uuid>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            threads: 8,
            readers: 4,
            batch: 1_000,
            queue: 20_000,
            inline: false,
            lock_wait: Duration::from_secs(5),
            clock: WallClock::system(),
            instance: None,
        }
    }
}

/// Name of SQLite's writing thread.
const WRITER: &str = "db-writer";

/// An open database; clones share it. Its threads end when the last clone is dropped.
#[derive(Clone)]
pub struct Db(Arc<Shared>);

struct Shared {
    engine: Engine,
    /// SQLite's file.
    file: Option<PathBuf>,
    writes: Arc<Queue>,
    reads: Arc<Queue>,
    commits: Commits,
    checkpoints: Arc<Checkpoints>,
    inline: Option<Mutex<rusqlite::Connection>>,
    clock: WallClock,
    instance: Uuid,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Db({:?})", self.0.engine)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // SQLite moves its log into the database when the last connection closes, if it closes alone: where two
        // do so at one moment, each sees the other and neither does. So the writer goes last, by itself.
        self.reads.close();
        self.checkpoints.close();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let (writer, others): (Vec<_>, Vec<_>) =
            threads.into_iter().partition(|thread| thread.thread().name() == Some(WRITER));
        join(others);
        self.writes.close();
        join(writer);
    }
}

/// Waits for threads to end.
fn join(threads: Vec<JoinHandle<()>>) {
    for thread in threads {
        // A closure may have held the last clone: a thread cannot wait for itself.
        if thread.thread().id() != std::thread::current().id() && thread.join().is_err() {
            tracing::error!("a database thread had panicked");
        }
    }
}

/// A result on its way.
pub(crate) struct Pending<T, E>(oneshot::Receiver<Result<T, E>>);

impl<T, E: From<DbError>> Pending<T, E> {
    pub(crate) async fn result(self) -> Result<T, E> {
        self.0.await.unwrap_or_else(|_| Err(E::from(crate::queue::closed())))
    }
}

impl Db {
    /// Opens `sqlite:PATH` or `postgres://…` (no TLS: a socket, loopback or a tunnel).
    ///
    /// # Errors
    /// [`DbError::Unavailable`] if the file or server cannot be reached; [`DbError::Bug`] for another url.
    pub fn open(url: &str, options: Options) -> Result<Self, DbError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return open_sqlite(Path::new(path), options);
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return open_postgres(url, options);
        }
        // The url may hold a password: only its scheme is shown.
        let scheme = url.split(':').next().unwrap_or("");
        Err(DbError::Bug(format!("database url begins with `{scheme}`, not with `sqlite:` or `postgres://`")))
    }

    /// Brings the schema to what `slices` (and this crate) ask for.
    ///
    /// # Errors
    /// [`DbError::Migration`] if the database is newer than this program or a migration was changed.
    pub fn migrate(&self, slices: &[&'static Slice]) -> Result<(), DbError> {
        crate::migrate::migrate(self, slices)
    }

    /// Runs `f` in a writing transaction and commits; answers after the commit is durable. `f` may be run
    /// several times (conflict, deadlock, lost connection; on PostgreSQL once more after a unique violation,
    /// because a neighbour may have inserted the same key meanwhile), so it changes nothing but the
    /// database. It must not call the database itself: it would wait for the thread it runs on. If the
    /// returned future is dropped the closure still runs.
    ///
    /// # Errors
    /// Those of `f`, after everything was rolled back, and those of the database.
    pub async fn write<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.start(true, f).result().await
    }

    /// Runs `f` in a transaction that cannot write and sees one unchanging state.
    ///
    /// # Errors
    /// Those of `f` and those of the database.
    pub async fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.start(false, f).result().await
    }

    /// [`Db::write`] for commands and tests: blocks the calling thread.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn write_blocking<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.block(true, f)
    }

    /// [`Db::read`] for commands and tests: blocks the calling thread.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn read_blocking<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.block(false, f)
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// SQLite's file; none of a server.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.0.file.as_deref()
    }

    /// Waits until this process has committed more than `seen` changes; gives the count to wait on next.
    /// Other processes' commits do not wake: pollers add a time-out of their own.
    pub async fn wait_commit(&self, seen: u64) -> u64 {
        self.0.commits.above(seen).await
    }

    /// Waits until what was overwritten or deleted is out of the files that this program keeps: SQLite's
    /// write-ahead log is moved into the database, where erased places are zeroed, and emptied. `false` if a
    /// reader stood in the way for seconds; the next call tries again. PostgreSQL's log and dead rows are the
    /// server's, and its administrator's (`VACUUM`, archiving): nothing is done there and `true` is given.
    pub async fn sweep(&self) -> bool {
        match self.0.engine {
            Engine::Sqlite => self.0.checkpoints.empty().await.unwrap_or(false),
            Engine::Postgres => true,
        }
    }

    /// How many changes this process has committed.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.0.commits.count()
    }

    /// How many closures wait to write, for the health page.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.0.writes.waiting()
    }

    /// The clock of leases and retries.
    #[must_use]
    pub fn clock(&self) -> &WallClock {
        &self.0.clock
    }

    /// Who this process is in leases.
    #[must_use]
    pub fn instance(&self) -> Uuid {
        self.0.instance
    }

    /// Starts a closure now; its result can be waited for later. Several started together share a commit.
    pub(crate) fn start<T, E, F>(&self, writes: bool, f: F) -> Pending<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        self.push(writes, f, move |result| {
            // Nobody may be waiting any more; the work is done all the same.
            sender.send(result).ok();
        });
        Pending(receiver)
    }

    fn block<T, E, F>(&self, writes: bool, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        self.push(writes, f, move |result| {
            sender.send(result).ok();
        });
        receiver.recv().unwrap_or_else(|_| Err(E::from(crate::queue::closed())))
    }

    fn push<T, E, F>(&self, writes: bool, f: F, reply: impl FnOnce(Result<T, E>) + Send + 'static)
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let job: Box<dyn Job> = Box::new(Closure { f, writes, result: None, reply: Box::new(reply) });
        match (&self.0.inline, writes) {
            (Some(conn), _) => {
                let conn = conn.lock().unwrap_or_else(PoisonError::into_inner);
                writer::run_inline(&conn, job, &self.0.commits);
            }
            (None, true) => self.0.writes.push(job),
            (None, false) => self.0.reads.push(job),
        }
    }
}

fn shared(
    engine: Engine,
    writes: Arc<Queue>,
    reads: Arc<Queue>,
    options: &Options,
) -> Result<Shared, DbError> {
    let instance = match options.instance {
        Some(instance) => instance,
        None => Entropy::from_os()
            .map_err(|e| DbError::Unavailable(format!("no randomness: {e}")))?
            .uuid(options.clock.now()),
    };
    Ok(Shared {
        engine,
        file: None,
        writes,
        reads,
        commits: Commits::new(),
        checkpoints: Arc::default(),
        inline: None,
        clock: options.clock.clone(),
        instance,
        threads: Mutex::default(),
    })
}

impl Shared {
    fn spawn(&self, name: String, work: impl FnOnce() + Send + 'static) -> Result<(), DbError> {
        let thread = std::thread::Builder::new()
            .name(name)
            .spawn(work)
            .map_err(|e| DbError::Unavailable(format!("cannot start a thread: {e}")))?;
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }
}

fn open_sqlite(path: &Path, options: Options) -> Result<Db, DbError> {
    let conn = crate::sqlite::open(path, Use::Write, options.lock_wait)?;
    let writes = Arc::new(Queue::new(1, options.queue));
    let reads = Arc::new(Queue::new(options.readers.max(1), options.queue));
    let mut shared = shared(Engine::Sqlite, writes, reads, &options)?;
    shared.file = Some(path.to_owned());
    let log = log_of(path);
    let (conn_checkpoint, checkpoints) =
        (crate::sqlite::open(path, Use::Checkpoint, options.lock_wait)?, shared.checkpoints.clone());
    shared.spawn("db-checkpoint".to_owned(), move || checkpoints.work(&conn_checkpoint, &log))?;
    if options.inline {
        shared.inline = Some(Mutex::new(conn));
        return Ok(Db(Arc::new(shared)));
    }
    let worker = Writer {
        path: path.to_owned(),
        queue: shared.writes.clone(),
        commits: shared.commits.clone(),
        checkpoints: shared.checkpoints.clone(),
        batch: options.batch.max(1),
        lock_wait: options.lock_wait,
        clock: options.clock.clone(),
    };
    shared.spawn(WRITER.to_owned(), move || worker.work(conn))?;
    for number in 0..options.readers.max(1) {
        let (conn, queue) = (crate::sqlite::open(path, Use::Read, options.lock_wait)?, shared.reads.clone());
        shared.spawn(format!("db-reader-{number}"), move || reader::work(&queue, number, &conn))?;
    }
    Ok(Db(Arc::new(shared)))
}

fn open_postgres(url: &str, options: Options) -> Result<Db, DbError> {
    if options.inline {
        return Err(DbError::Bug("closures can be run inline on SQLite only".to_owned()));
    }
    let mut config = postgres::Config::from_str(url)
        .map_err(|e| DbError::Bug(format!("the PostgreSQL url cannot be read: {e}")))?;
    config.connect_timeout(Duration::from_secs(5)).keepalives_idle(Duration::from_secs(30));
    if config.get_application_name().is_none() {
        config.application_name("qorgan");
    }
    let queue = Arc::new(Queue::new(options.threads.max(1), options.queue));
    let shared = shared(Engine::Postgres, queue.clone(), queue, &options)?;
    // The first worker connects before this returns, so that a wrong url is told at once. It happens on
    // the worker's thread because the caller's may belong to an async runtime, where the client panics.
    let (sender, connected) = std::sync::mpsc::sync_channel(1);
    for number in 0..options.threads.max(1) {
        let (queue, commits) = (shared.writes.clone(), shared.commits.clone());
        let worker = Worker { number, config: config.clone(), queue, commits };
        let first = (number == 0).then(|| sender.clone());
        shared.spawn(format!("db-pg-{number}"), move || {
            let mut link = None;
            if let Some(sender) = first {
                let told = connect(&worker.config).map(|new| link = Some(new));
                sender.send(told).ok();
            }
            worker.work(link);
        })?;
    }
    connected.recv().unwrap_or_else(|_| Err(crate::queue::closed()))?;
    Ok(Db(Arc::new(shared)))
}
