//! Rot: rows that are not as they were written, because a bit turned on the disk, a page was torn or a block was lost.
//!
//! On SQLite every row has a sum ([`crate::migrate`] sees to it) and its check names the table and the row. PostgreSQL keeps sums of its
//! pages itself, if the cluster was made with them (`initdb --data-checksums`): there the check reads every row of every table, and says
//! so if there are no sums; what it cannot see is in indexes (`amcheck` is the server's administrator's).

use std::path::Path;
use std::time::Duration;

use crate::sqlite::{self, Use};
use crate::tx::Link;
use crate::{Db, DbError, Stmt, Tx};

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rot {
    /// The table; empty where no table can be named.
    pub table: String,
    /// Primary key of the row, its columns by comma, where a row can be named.
    pub row: Option<String>,
    /// What the engine said.
    pub said: String,
}

impl std::fmt::Display for Rot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let table = if self.table.is_empty() { "database" } else { &self.table };
        match &self.row {
            Some(row) => write!(f, "{table} {row}: {}", self.said),
            None => write!(f, "{table}: {}", self.said),
        }
    }
}

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Table by table, each read by itself: for a node that works meanwhile.
    Tables,
    /// All of the file at once, with what belongs to no table: free pages, pages used twice. Keeps the log of writes from being moved
    /// into the database until it ends.
    Whole,
}

/// So many places of one table, and of all in one go, are told; whatever has more is to be restored, not mended.
pub const MOST: usize = 200;

/// How long another process may hold the file before the check gives up.
const WAIT: Duration = Duration::from_secs(5);

/// Looks for rot. Blocks for as long as the whole database takes to be read.
///
/// # Errors
/// The database cannot be asked now. Damage is no error, but what was found.
pub fn check(db: &Db, extent: Extent) -> Result<Vec<Rot>, DbError> {
    match db.file() {
        Some(path) => check_file(path, extent),
        None => check_server(db),
    }
}

/// Looks for rot in an SQLite file, also one that cannot be opened as a database any more.
///
/// # Errors
/// The file cannot be read now.
pub fn check_file(path: &Path, extent: Extent) -> Result<Vec<Rot>, DbError> {
    look(path, |conn| sqlite::rot::check(conn, extent == Extent::Whole))
}

/// Looks at what says which database an SQLite file is: its schema's migrations and the facts about itself. A few hundred rows, so that a
/// program can look before it believes them.
///
/// # Errors
/// The file cannot be read now.
pub fn check_itself(path: &Path) -> Result<Vec<Rot>, DbError> {
    look(path, |conn| sqlite::rot::of_tables(conn, &["meta", "schema_migration"]))
}

fn look(path: &Path, check: impl FnOnce(&rusqlite::Connection) -> Vec<Rot>) -> Result<Vec<Rot>, DbError> {
    match sqlite::try_open(path, Use::Read, WAIT) {
        Ok(conn) => Ok(check(&conn)),
        Err(e) if sqlite::rot::is_damage(&e) => {
            Ok(vec![Rot { table: String::new(), row: None, said: e.to_string() }])
        }
        Err(e) => Err(DbError::Unavailable(format!("cannot open the SQLite file: {e}"))),
    }
}

/// Makes the function of the sums known to a connection of somebody else's, who writes rows by other means than this crate: benches that
/// put back a state of the database.
///
/// # Errors
/// SQLite's, which would be out of memory.
pub fn register(conn: &rusqlite::Connection) -> Result<(), DbError> {
    sqlite::sums::register(conn).map_err(|e| sqlite::link::error(conn, "db.row_sum", &e))
}

pub(crate) const HAS_SUMS: Stmt =
    Stmt::split("db.rot_has_sums", "SELECT 'on'", "SELECT current_setting('data_checksums')");
pub(crate) const TABLES: Stmt = Stmt::split(
    "db.rot_tables",
    "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
    "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
     WHERE c.relkind = 'r' AND n.nspname = current_schema() ORDER BY c.relname",
);

fn check_server(db: &Db) -> Result<Vec<Rot>, DbError> {
    let mut found = Vec::new();
    let (sums, tables) = db.read_blocking(|tx| {
        let sums: String = tx.query_one(&HAS_SUMS, &[], |row| row.get(0))?;
        let tables: Vec<String> = tx.query(&TABLES, &[], |row| row.get(0))?;
        Ok::<_, DbError>((sums, tables))
    })?;
    if sums != "on" {
        let said = "the cluster keeps no sums of its pages (initdb --data-checksums): rot is not found here";
        found.push(Rot { table: String::new(), row: None, said: said.to_owned() });
    }
    for table in tables {
        let of = table.clone();
        match db.read_blocking(move |tx| read_all(tx, &of)) {
            Ok(()) => {}
            // The server's own words name the block and the file.
            Err(DbError::Unavailable(said) | DbError::Bug(said)) => {
                found.push(Rot { table, row: None, said })
            }
            Err(other) => return Err(other),
        }
    }
    Ok(found)
}

/// Reads every value of a table from its own pages, those kept beside it too.
fn read_all(tx: &mut Tx<'_>, table: &str) -> Result<(), DbError> {
    let Link::Postgres(_) = &tx.link else {
        return Err(DbError::Bug("only a server is read so".to_owned()));
    };
    tx.batch("SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_bitmapscan = off")?;
    tx.batch(&format!("SELECT sum(length(t::text)) FROM \"{table}\" t"))
}
