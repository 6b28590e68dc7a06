//! Readers: each thread has one connection that cannot write, and a transaction per closure, so that all
//! its statements see the same state.

use std::sync::Arc;

use rusqlite::Connection;

use super::link;
use crate::DbError;
use crate::job::{Job, RUNS, Ran};
use crate::queue::Queue;
use crate::tx::{Link, Tx};

/// The thread's whole life.
pub(crate) fn work(queue: &Arc<Queue>, worker: usize, conn: &Connection) {
    while let Some(jobs) = queue.take(worker, 1) {
        for mut job in jobs {
            let failure = run(conn, job.as_mut()).err();
            job.answer(failure);
        }
    }
}

/// Runs one reading closure in a transaction of its own.
pub(crate) fn run(conn: &Connection, job: &mut dyn Job) -> Result<(), DbError> {
    for _ in 0..RUNS {
        conn.execute_batch("BEGIN").map_err(|e| link::error(conn, "begin", &e))?;
        let ran = job.run(&mut Tx::new(Link::Sqlite(conn)));
        if !conn.is_autocommit() {
            conn.execute_batch("ROLLBACK").map_err(|e| link::error(conn, "end of read", &e))?;
        }
        if ran != Ran::Again {
            break;
        }
    }
    Ok(())
}
