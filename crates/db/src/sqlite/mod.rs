//! SQLite: one writer thread with group commit, a pool of readers, checkpoints on a connection of their own.

pub(crate) mod checkpoint;
pub(crate) mod keys;
pub(crate) mod link;
pub(crate) mod reader;
pub(crate) mod rot;
pub(crate) mod sums;
pub(crate) mod writer;

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::DbError;

/// Prepared statements kept per connection.
const STATEMENTS: usize = 512;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Write,
    Read,
    Checkpoint,
}

/// Opens the file (and makes it, readable by its owner only) for one use. `lock_wait`: how long it waits
/// for another process's lock.
pub(crate) fn open(path: &Path, purpose: Use, lock_wait: Duration) -> Result<Connection, DbError> {
    let unavailable =
        |e: &dyn std::fmt::Display| DbError::Unavailable(format!("cannot open the SQLite file: {e}"));
    if purpose == Use::Write && !path.exists() {
        create_private(path).map_err(|e| unavailable(&e))?;
    }
    try_open(path, purpose, lock_wait).map_err(|e| unavailable(&e))
}

/// [`open`] of a file that is there, with SQLite's own error.
pub(crate) fn try_open(path: &Path, purpose: Use, lock_wait: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(lock_wait)?;
    prepare(&conn, purpose)?;
    sums::register(&conn)?;
    Ok(conn)
}

/// The settings of every connection, and those of its use. `synchronous=FULL`: NORMAL loses acknowledged
/// commits when the power goes. `secure_delete`: what the law has erased must not linger in free pages.
fn prepare(conn: &Connection, purpose: Use) -> rusqlite::Result<()> {
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // A plan follows from the text alone. Otherwise the planner looks at what is bound, and parses and plans most
    // statements anew each time they run with another value: a sixth of the time of a busy node.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    // Keys are spread at random, so every write touches pages all over its indexes: with SQLite's own 2 MiB they
    // would be read again and again. In KiB, filled only as far as it is used.
    conn.pragma_update(None, "cache_size", if purpose == Use::Write { -65_536 } else { -8_192 })?;
    if purpose == Use::Read {
        return conn.pragma_update(None, "query_only", true);
    }
    conn.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    conn.pragma_update(None, "foreign_keys", true)?;
    // Checkpoints are the other connection's work; the writer must not stop for them.
    conn.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))?;
    Ok(())
}

#[cfg(unix)]
fn create_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path).map(drop)
}
#[cfg(not(unix))]
fn create_private(path: &Path) -> std::io::Result<()> {
    std::fs::OpenOptions::new().write(true).create(true).truncate(false).open(path).map(drop)
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn a_statement_is_planned_once_whatever_is_bound() {
        let dir = std::env::temp_dir().join(format!("qorgan-plans-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let path = dir.join("plans.db");
        for purpose in [Use::Write, Use::Read] {
            let conn = open(&path, purpose, Duration::from_secs(1)).unwrap();
            if purpose == Use::Write {
                conn.execute_batch(
                    "CREATE TABLE t (a INTEGER, b TEXT); CREATE INDEX i ON t (a) WHERE b = 'x';",
                )
                .unwrap();
            }
            let mut statement =
                conn.prepare("SELECT a FROM t WHERE b = ?1 AND a > ?2 ORDER BY a LIMIT ?3").unwrap();
            for bound in [1, 0, -1, 7] {
                let mut rows = statement.query((format!("b{bound}"), bound, bound)).unwrap();
                assert!(rows.next().unwrap().is_none());
            }
            assert_eq!(statement.get_status(StatementStatus::RePrepare), 0, "{purpose:?}");
        }
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
