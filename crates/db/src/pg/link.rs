//! Statements on a PostgreSQL connection.

use std::collections::HashMap;

use postgres::error::SqlState;
use postgres::types::ToSql;
use postgres::{Client, Statement};
use uuid::Uuid;

use super::value;
use crate::lexer::to_postgres;
use crate::tx::Marks;
use crate::{DbError, Row, Value};

/// A client and the statements prepared on it.
pub(crate) struct PgLink {
    client: Client,
    statements: HashMap<&'static str, Statement>,
    locks: HashMap<&'static str, Statement>,
}

impl PgLink {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, statements: HashMap::new(), locks: HashMap::new() }
    }

    /// Whether the connection is known to be gone.
    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    pub(crate) fn execute(
        &mut self,
        name: &str,
        sql: &'static str,
        params: &[Value],
        marks: &mut Marks,
    ) -> Result<u64, DbError> {
        let stmt = self.statement(name, sql, marks)?;
        let params = arguments(name, &stmt, params)?;
        self.client.execute(&stmt, &params).map_err(|e| self.error(name, &e, marks))
    }

    pub(crate) fn query(
        &mut self,
        name: &str,
        sql: &'static str,
        params: &[Value],
        marks: &mut Marks,
    ) -> Result<Vec<Row>, DbError> {
        let stmt = self.statement(name, sql, marks)?;
        let params = arguments(name, &stmt, params)?;
        let rows = self.client.query(&stmt, &params).map_err(|e| self.error(name, &e, marks))?;
        rows.iter().map(|row| value::read_row(name, row)).collect()
    }

    pub(crate) fn prepare(
        &mut self,
        name: &str,
        sql: &'static str,
        marks: &mut Marks,
    ) -> Result<(), DbError> {
        self.statement(name, sql, marks).map(drop)
    }

    pub(crate) fn batch(&mut self, sql: &str, marks: &mut Marks) -> Result<(), DbError> {
        self.client.batch_execute(sql).map_err(|e| self.error("batch", &e, marks))
    }

    pub(crate) fn lock_row(
        &mut self,
        table: &'static str,
        id: Uuid,
        marks: &mut Marks,
    ) -> Result<(), DbError> {
        let stmt = match self.locks.get(table) {
            Some(stmt) => stmt.clone(),
            None => {
                let sql = format!("SELECT id FROM {table} WHERE id = $1 FOR UPDATE");
                let stmt = self.client.prepare(&sql).map_err(|e| self.error(table, &e, marks))?;
                self.locks.insert(table, stmt.clone());
                stmt
            }
        };
        let id = Value::Uuid(id);
        self.client.query(&stmt, &[&id]).map(drop).map_err(|e| self.error(table, &e, marks))
    }

    fn statement(&mut self, name: &str, sql: &'static str, marks: &mut Marks) -> Result<Statement, DbError> {
        if let Some(stmt) = self.statements.get(sql) {
            return Ok(stmt.clone());
        }
        let stmt = self.client.prepare(&to_postgres(sql)).map_err(|e| self.error(name, &e, marks))?;
        self.statements.insert(sql, stmt.clone());
        Ok(stmt)
    }

    /// Turns an error into ours and marks whether another run can help. The server's `DETAIL` is dropped:
    /// it quotes the row.
    pub(crate) fn error(&mut self, name: &str, e: &postgres::Error, marks: &mut Marks) -> DbError {
        let Some(cause) = e.as_db_error() else {
            // Neither a server's answer nor a broken line: a value that does not fit its parameter.
            if e.to_string().contains("serializing parameter") {
                let why = std::error::Error::source(e).map(ToString::to_string).unwrap_or_default();
                return DbError::Bug(format!("`{name}`: {e}: {why}"));
            }
            marks.lost = true;
            marks.rerun = true;
            return DbError::Unavailable(format!("`{name}`: {e}"));
        };
        let code = cause.code();
        let text = format!("`{name}`: {} ({})", cause.message(), code.code());
        if is_lost(code) {
            marks.lost = true;
            marks.rerun = true;
            return DbError::Unavailable(text);
        }
        if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED {
            marks.rerun = true;
            return DbError::Busy(text);
        }
        if *code == SqlState::FEATURE_NOT_SUPPORTED && cause.message().starts_with("cached plan") {
            // A migration changed a table under a prepared statement: prepare anew and run again.
            self.statements.clear();
            self.locks.clear();
            marks.rerun = true;
            return DbError::Busy(text);
        }
        by_class(code, cause, text)
    }
}

fn by_class(code: &SqlState, cause: &postgres::error::DbError, text: String) -> DbError {
    let constraint = || cause.constraint().or(cause.column()).unwrap_or("unnamed").to_owned();
    if *code == SqlState::UNIQUE_VIOLATION {
        return DbError::Unique { constraint: constraint() };
    }
    match code.code().get(..2) {
        Some("23") => DbError::Constraint { constraint: constraint() },
        // Lock not available, out of connections, disk full, query cancelled.
        Some("55" | "53" | "57") => DbError::Busy(text),
        Some("58") => DbError::Unavailable(text),
        _ => DbError::Bug(text),
    }
}

/// The connection or the server is gone: class 08, or a shutdown.
fn is_lost(code: &SqlState) -> bool {
    code.code().starts_with("08")
        || [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN, SqlState::CANNOT_CONNECT_NOW].contains(code)
        || code.code() == "25P03"
}

fn arguments<'v>(
    name: &str,
    stmt: &Statement,
    params: &'v [Value],
) -> Result<Vec<&'v (dyn ToSql + Sync)>, DbError> {
    if stmt.params().len() != params.len() {
        let takes = stmt.params().len();
        return Err(DbError::Bug(format!("`{name}` takes {takes} parameters, not {}", params.len())));
    }
    Ok(params.iter().map(|value| -> &(dyn ToSql + Sync) { value }).collect())
}
