//! Checks of statements and schemas, for a test over all slices: they stand in for checked macros.

use std::collections::BTreeSet;

use crate::migrate::with_own;
use crate::tx::Link;
use crate::{Db, DbError, Engine, Slice, Stmt, Tx, lexer, params, sqlite};

/// Prepares every registered statement of `slices` (and of this crate) on a migrated database; says how
/// many there are. Also refuses two statements of one name and dialects that differ in their parameters.
///
/// # Errors
/// [`DbError::Bug`] that lists every statement that is wrong and why.
pub fn prepare_all(db: &Db, slices: &[&'static Slice]) -> Result<usize, DbError> {
    let statements: Vec<&'static Stmt> =
        with_own(slices).iter().flat_map(|slice| slice.statements.iter().copied()).collect();
    let mut wrong = Vec::new();
    let mut names = BTreeSet::new();
    for stmt in &statements {
        if !names.insert(stmt.name) {
            wrong.push(format!("`{}` names two statements", stmt.name));
        }
        let (sqlite, postgres) = (lexer::highest(stmt.sqlite), lexer::highest(stmt.postgres));
        if sqlite != postgres {
            wrong.push(format!("`{}` takes {sqlite} parameters here and {postgres} there", stmt.name));
        }
    }
    let count = statements.len();
    let failed = db.write_blocking(move |tx| {
        let mut failed = Vec::new();
        for stmt in &statements {
            if let Err(e) = tx.attempt(|tx| tx.prepare(stmt)) {
                failed.push(e.to_string());
            }
        }
        Ok::<_, DbError>(failed)
    })?;
    wrong.extend(failed);
    if wrong.is_empty() { Ok(count) } else { Err(DbError::Bug(wrong.join("; "))) }
}

/// What there is in the database, one line each, sorted, in words that are the same on both engines:
/// `table order`, `column order.status text not null`, `index order_pkey (id) unique`. Two engines with
/// the same migrations give the same lines. Columns of expressions in an index are left empty.
///
/// # Errors
/// Any [`DbError`].
pub fn catalog(db: &Db) -> Result<Vec<String>, DbError> {
    db.read_blocking(|tx| {
        let mut lines = match tx.engine() {
            Engine::Sqlite => sqlite_catalog(tx)?,
            Engine::Postgres => postgres_catalog(tx)?,
        };
        lines.sort();
        Ok(lines)
    })
}

const SQLITE_TABLES: Stmt = Stmt::both(
    "db.sqlite_tables",
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
);
const SQLITE_COLUMNS: Stmt = Stmt::both(
    "db.sqlite_columns",
    "SELECT name, upper(type), \"notnull\" = 1 OR pk > 0 FROM pragma_table_info(?1)",
);

fn sqlite_catalog(tx: &mut Tx<'_>) -> Result<Vec<String>, DbError> {
    let mut lines = Vec::new();
    for table in tx.query(&SQLITE_TABLES, &[], |row| row.get::<String>(0))? {
        lines.push(format!("table {table}"));
        let columns = tx.query(&SQLITE_COLUMNS, params![&table], |row| {
            Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<bool>(2)?))
        })?;
        lines.extend(columns.iter().map(|(name, kind, must)| column_line(&table, name, kind, *must)));
        let Link::Sqlite(conn) = &tx.link else { continue };
        let keys = sqlite::keys::of(conn, &table).map_err(|e| DbError::Bug(e.to_string()))?;
        lines.extend(keys.iter().map(|key| index_line(&key.name, &key.columns.join(", "), key.unique)));
    }
    Ok(lines)
}

const POSTGRES_TABLES: Stmt = Stmt::both(
    "db.postgres_tables",
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')",
);
const POSTGRES_COLUMNS: Stmt = Stmt::both(
    "db.postgres_columns",
    "SELECT table_name::text, column_name::text, upper(data_type::text), is_nullable = 'NO'
     FROM information_schema.columns WHERE table_schema = current_schema()",
);
const POSTGRES_INDEXES: Stmt = Stmt::both(
    "db.postgres_indexes",
    "SELECT i.relname, x.indisunique, coalesce((
         SELECT string_agg(coalesce(a.attname, ''), ', ' ORDER BY k.place)
         FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
         LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum AND k.attnum > 0
         WHERE k.place <= x.indnkeyatts), '')
     FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_namespace n ON n.oid = i.relnamespace
     WHERE n.nspname = current_schema()",
);

fn postgres_catalog(tx: &mut Tx<'_>) -> Result<Vec<String>, DbError> {
    let mut lines = tx.query(&POSTGRES_TABLES, &[], |row| Ok(format!("table {}", row.get::<String>(0)?)))?;
    lines.extend(tx.query(&POSTGRES_COLUMNS, &[], |row| {
        let (table, name, kind): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(column_line(&table, &name, &kind, row.get(3)?))
    })?);
    lines.extend(tx.query(&POSTGRES_INDEXES, &[], |row| {
        Ok(index_line(&row.get::<String>(0)?, &row.get::<String>(2)?, row.get(1)?))
    })?);
    Ok(lines)
}

fn column_line(table: &str, name: &str, kind: &str, must: bool) -> String {
    // By SQLite's rules of affinity, with PostgreSQL's names added.
    let kind = if kind.contains("INT") || kind.contains("BOOL") {
        "integer"
    } else if ["CHAR", "CLOB", "TEXT"].iter().any(|k| kind.contains(k)) {
        "text"
    } else if ["BLOB", "BYTEA", "UUID"].iter().any(|k| kind.contains(k)) {
        "blob"
    } else {
        "other"
    };
    format!("column {table}.{name} {kind}{}", if must { " not null" } else { "" })
}

fn index_line(name: &str, columns: &str, unique: bool) -> String {
    format!("index {name} ({columns}){}", if unique { " unique" } else { "" })
}
