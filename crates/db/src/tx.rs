//! The transaction that stores work on: one type for both engines.

use uuid::Uuid;

use crate::pg::link::PgLink;
use crate::sqlite::link as lite;
use crate::{DbError, Engine, Row, Stmt, Value};

/// A running transaction. Read and write closures get one; they cannot keep it.
///
/// After a statement has failed the transaction is *broken* on both engines: every further statement
/// fails and nothing is committed, even if the closure returns `Ok`. A closure that wants to go on after
/// a failure (a unique violation, say) puts the statement into [`Tx::attempt`]; better still is
/// `INSERT … ON CONFLICT DO NOTHING`.
pub struct Tx<'a> {
    pub(crate) link: Link<'a>,
    pub(crate) marks: Marks,
    depth: u32,
}

pub(crate) enum Link<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut PgLink),
}

/// What happened in a transaction, for the runner.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Marks {
    /// Running the closure again can help (conflict, serialisation failure, deadlock, lost connection).
    pub rerun: bool,
    /// A unique key stood in the way; on PostgreSQL a neighbour may have been faster.
    pub unique: bool,
    /// A statement failed: nothing may be committed.
    pub broken: bool,
    /// The connection is of no more use.
    pub lost: bool,
    /// Rows changed so far; 0 means that nobody needs to be woken.
    pub changed: u64,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(link: Link<'a>) -> Self {
        Self { link, marks: Marks::default(), depth: 0 }
    }

    /// The engine under this transaction.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        match self.link {
            Link::Sqlite(_) => Engine::Sqlite,
            Link::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a statement that returns no rows; says how many rows it changed.
    ///
    /// # Errors
    /// Any [`DbError`]; the transaction is broken afterwards.
    pub fn execute(&mut self, stmt: &Stmt, params: &[Value]) -> Result<u64, DbError> {
        self.usable(stmt.name)?;
        told(stmt);
        let done = match &mut self.link {
            Link::Sqlite(conn) => lite::execute(conn, stmt.name, stmt.sqlite, params),
            Link::Postgres(link) => link.execute(stmt.name, stmt.postgres, params, &mut self.marks),
        };
        match done {
            Ok(rows) => {
                self.marks.changed = self.marks.changed.saturating_add(rows);
                Ok(rows)
            }
            Err(e) => Err(self.broke(e)),
        }
    }

    /// Runs a statement that must change exactly one row (`UPDATE … WHERE id = ?1 AND status = ?2`).
    ///
    /// # Errors
    /// [`DbError::Conflict`] if it changed none: the closure is run again (bounded) when it returns an
    /// error. [`DbError::Bug`] if it changed several.
    pub fn guarded(&mut self, stmt: &Stmt, params: &[Value]) -> Result<(), DbError> {
        match self.execute(stmt, params)? {
            1 => Ok(()),
            0 => {
                self.marks.rerun = true;
                Err(DbError::Conflict)
            }
            rows => {
                let e = DbError::Bug(format!("guarded statement `{}` changed {rows} rows", stmt.name));
                Err(self.broke(e))
            }
        }
    }

    /// Runs a query (or a statement with `RETURNING`) and maps each row.
    ///
    /// # Errors
    /// Any [`DbError`], also those of `map`.
    pub fn query<T>(
        &mut self,
        stmt: &Stmt,
        params: &[Value],
        map: impl FnMut(&Row) -> Result<T, DbError>,
    ) -> Result<Vec<T>, DbError> {
        self.usable(stmt.name)?;
        told(stmt);
        let done = match &mut self.link {
            Link::Sqlite(conn) => lite::query(conn, stmt.name, stmt.sqlite, params),
            Link::Postgres(link) => link.query(stmt.name, stmt.postgres, params, &mut self.marks),
        };
        match done {
            Ok(rows) => {
                if writes(stmt.sqlite) {
                    let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
                    self.marks.changed = self.marks.changed.saturating_add(count);
                }
                rows.iter().map(map).collect()
            }
            Err(e) => Err(self.broke(e)),
        }
    }

    /// Like [`Tx::query`] for at most one row.
    ///
    /// # Errors
    /// Any [`DbError`]; [`DbError::Bug`] if there are several rows.
    pub fn query_opt<T>(
        &mut self,
        stmt: &Stmt,
        params: &[Value],
        map: impl FnMut(&Row) -> Result<T, DbError>,
    ) -> Result<Option<T>, DbError> {
        let mut rows = self.query(stmt, params, map)?;
        if rows.len() > 1 {
            return Err(DbError::Bug(format!(
                "`{}` returned {} rows, not at most one",
                stmt.name,
                rows.len()
            )));
        }
        Ok(rows.pop())
    }

    /// Like [`Tx::query`] for exactly one row.
    ///
    /// # Errors
    /// Any [`DbError`]; [`DbError::NoRow`] if there is none.
    pub fn query_one<T>(
        &mut self,
        stmt: &Stmt,
        params: &[Value],
        map: impl FnMut(&Row) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        self.query_opt(stmt, params, map)?.ok_or(DbError::NoRow { statement: stmt.name })
    }

    /// Holds the row of `table` with this `id` until the transaction ends: `FOR UPDATE` on PostgreSQL,
    /// nothing on SQLite, which has one writer anyway. A row that does not exist is not held.
    ///
    /// # Errors
    /// Any [`DbError`]; [`DbError::Bug`] if `table` is not a plain name.
    pub fn lock_row(&mut self, table: &'static str, id: Uuid) -> Result<(), DbError> {
        if table.is_empty()
            || !table.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        {
            return Err(DbError::Bug(format!("`{table}` is not a plain table name")));
        }
        self.usable(table)?;
        let done = match &mut self.link {
            Link::Sqlite(_) => Ok(()),
            Link::Postgres(link) => link.lock_row(table, id, &mut self.marks),
        };
        done.map_err(|e| self.broke(e))
    }

    /// Runs `f` under a savepoint: what it did is undone if it returns an error, and the transaction is
    /// as usable as before.
    ///
    /// # Errors
    /// Those of `f`. If the savepoint cannot be rolled back the transaction stays broken.
    pub fn attempt<T, E: From<DbError>>(
        &mut self,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.usable("savepoint")?;
        self.depth = self.depth.saturating_add(1);
        let name = format!("a{}", self.depth);
        let before = self.marks.changed;
        let mut result = match self.batch(&format!("SAVEPOINT {name}")) {
            Ok(()) => f(self),
            Err(e) => Err(E::from(e)),
        };
        if result.is_ok() && self.marks.broken {
            result = Err(E::from(went_on()));
        }
        let end = if result.is_ok() {
            self.batch(&format!("RELEASE SAVEPOINT {name}"))
        } else {
            self.batch_anyway(&format!("ROLLBACK TO SAVEPOINT {name}; RELEASE SAVEPOINT {name}"))
        };
        self.depth = self.depth.saturating_sub(1);
        match (end, &result) {
            (Ok(()), Err(_)) => {
                self.marks.broken = false;
                self.marks.changed = before;
            }
            (Ok(()), Ok(_)) => {}
            (Err(e), Ok(_)) => result = Err(E::from(e)),
            (Err(_), Err(_)) => {}
        }
        result
    }

    /// Runs several statements without parameters: migrations and savepoints only.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        self.usable("batch")?;
        self.batch_anyway(sql)
    }

    fn batch_anyway(&mut self, sql: &str) -> Result<(), DbError> {
        let done = match &mut self.link {
            Link::Sqlite(conn) => conn.execute_batch(sql).map_err(|e| lite::error(conn, "batch", &e)),
            Link::Postgres(link) => link.batch(sql, &mut self.marks),
        };
        done.map_err(|e| self.broke(e))
    }

    /// Prepares a statement without running it.
    pub(crate) fn prepare(&mut self, stmt: &Stmt) -> Result<(), DbError> {
        self.usable(stmt.name)?;
        let done = match &mut self.link {
            Link::Sqlite(conn) => lite::prepare(conn, stmt.name, stmt.sqlite),
            Link::Postgres(link) => link.prepare(stmt.name, stmt.postgres, &mut self.marks),
        };
        done.map_err(|e| self.broke(e))
    }

    fn usable(&self, name: &str) -> Result<(), DbError> {
        if self.marks.broken {
            return Err(DbError::Bug(format!("`{name}` came after a statement that failed")));
        }
        Ok(())
    }

    fn broke(&mut self, e: DbError) -> DbError {
        self.marks.broken = true;
        self.marks.unique |= matches!(e, DbError::Unique { .. });
        e
    }
}

/// The error of a closure that returned `Ok` although a statement in it had failed.
pub(crate) fn went_on() -> DbError {
    DbError::Bug("the closure went on after a statement that failed; nothing was saved".to_owned())
}

/// Tells whoever listens at `trace` which statement runs: its text, which is a constant, and nothing of what is bound to
/// it. An exhaustive search of the office's states learns from it which tables an act has looked at.
fn told(stmt: &Stmt) {
    tracing::trace!(target: "db::statement", statement = stmt.name, sql = stmt.sqlite);
}

fn writes(sql: &str) -> bool {
    let word = sql.split_whitespace().next().unwrap_or("");
    ["insert", "update", "delete", "with", "replace"].iter().any(|w| word.eq_ignore_ascii_case(w))
}
