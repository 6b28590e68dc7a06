//! Statements on an SQLite connection.

use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};
use rusqlite::{Connection, ErrorCode, ffi};

use crate::{DbError, Row, Value};

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Owned(Owned::Null),
            Self::Int(n) => ToSqlOutput::Owned(Owned::Integer(*n)),
            Self::Bool(b) => ToSqlOutput::Owned(Owned::Integer(i64::from(*b))),
            Self::Text(t) => ToSqlOutput::Borrowed(ValueRef::Text(t.as_bytes())),
            Self::Bytes(b) => ToSqlOutput::Borrowed(ValueRef::Blob(b)),
            Self::Uuid(u) => ToSqlOutput::Borrowed(ValueRef::Blob(u.as_bytes())),
        })
    }
}

fn bind<'c>(
    conn: &'c Connection,
    name: &str,
    sql: &str,
    params: &[Value],
) -> Result<rusqlite::CachedStatement<'c>, DbError> {
    let mut stmt = conn.prepare_cached(sql).map_err(|e| error(conn, name, &e))?;
    if stmt.parameter_count() != params.len() {
        let takes = stmt.parameter_count();
        return Err(DbError::Bug(format!("`{name}` takes {takes} parameters, not {}", params.len())));
    }
    for (at, value) in params.iter().enumerate() {
        stmt.raw_bind_parameter(at.saturating_add(1), value).map_err(|e| error(conn, name, &e))?;
    }
    Ok(stmt)
}

pub(crate) fn execute(conn: &Connection, name: &str, sql: &str, params: &[Value]) -> Result<u64, DbError> {
    let mut stmt = bind(conn, name, sql, params)?;
    let rows = stmt.raw_execute().map_err(|e| error(conn, name, &e))?;
    Ok(u64::try_from(rows).unwrap_or(u64::MAX))
}

pub(crate) fn query(conn: &Connection, name: &str, sql: &str, params: &[Value]) -> Result<Vec<Row>, DbError> {
    let mut stmt = bind(conn, name, sql, params)?;
    let mut rows = stmt.raw_query();
    let mut out = Vec::new();
    while let Some(row) = rows.next().map_err(|e| error(conn, name, &e))? {
        // Counted per row: a statement prepared before a migration learns of new columns as it steps.
        let columns = row.as_ref().column_count();
        let mut values = Vec::with_capacity(columns);
        for at in 0..columns {
            let value = row.get_ref(at).map_err(|e| error(conn, name, &e))?;
            values.push(
                read(value).ok_or_else(|| {
                    DbError::Bug(format!("column {at} of `{name}` is a float or not UTF-8"))
                })?,
            );
        }
        out.push(Row(values));
    }
    Ok(out)
}

pub(crate) fn prepare(conn: &Connection, name: &str, sql: &str) -> Result<(), DbError> {
    conn.prepare(sql).map(drop).map_err(|e| error(conn, name, &e))
}

fn read(value: ValueRef<'_>) -> Option<Value> {
    Some(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Real(_) => return None,
        ValueRef::Text(t) => Value::Text(std::str::from_utf8(t).ok()?.to_owned()),
        ValueRef::Blob(b) => Value::Bytes(b.to_vec()),
    })
}

/// Turns an SQLite error into ours. `conn` serves to look up the name of a violated key.
pub(crate) fn error(conn: &Connection, name: &str, e: &rusqlite::Error) -> DbError {
    let rusqlite::Error::SqliteFailure(code, message) = e else {
        return DbError::Bug(format!("`{name}`: {e}"));
    };
    let message = message.as_deref().unwrap_or("no message");
    match code.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => DbError::Busy(message.to_owned()),
        ErrorCode::ConstraintViolation => match code.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_ROWID => {
                DbError::Unique { constraint: super::keys::violated(conn, message) }
            }
            _ => DbError::Constraint { constraint: message.to_owned() },
        },
        ErrorCode::DiskFull
        | ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::DatabaseCorrupt
        | ErrorCode::NotADatabase
        | ErrorCode::OutOfMemory
        | ErrorCode::PermissionDenied
        | ErrorCode::FileLockingProtocolFailed => DbError::Unavailable(format!("`{name}`: {message}")),
        _ => DbError::Bug(format!("`{name}`: {message}")),
    }
}
