//! A sum beside every row, so that a bit that turned on the disk is found and its row named.
//!
//! SQLite keeps no checksum of what it stores: of bits turned at random in a database about half change data unnoticed. Each table
//! therefore has an index `sum_TABLE` over its primary key and `row_sum(all columns)`. SQLite itself keeps it up with every write, and its
//! `integrity_check` computes each row's sum anew and looks for it there: a row, an index or a sum that is not as it was written is told
//! by number. The sum finds accidents (SipHash without a key); whoever changes rows on purpose is the record's matter, which is signed.

use std::hash::Hasher as _;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _};
use siphasher::sip::SipHasher13;

use crate::meta;

/// The function of the indexes.
const FUNCTION: &str = "row_sum";
/// Under which key of `meta` the sum of the schema stands: what a table is, is a row of SQLite's own.
const SCHEMA_KEY: &str = "schema_sum";
/// Tables, each with its columns in order, and each column's place in the primary key.
const COLUMNS: &str = "SELECT m.name, i.name, i.pk FROM sqlite_master m, pragma_table_info(m.name) i \
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND m.sql NOT LIKE 'CREATE VIRTUAL %' \
     ORDER BY m.name, i.cid";

/// Makes the function known to a connection: without it no row can be written.
pub(crate) fn register(conn: &Connection) -> rusqlite::Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function(FUNCTION, -1, flags, |ctx| Ok(sum(ctx)))
}

/// The values with their types and lengths, so that no two rows are told alike.
fn sum(ctx: &Context<'_>) -> i64 {
    let mut hash = SipHasher13::new();
    for at in 0..ctx.len() {
        match ctx.get_raw(at) {
            ValueRef::Null => hash.write_u8(0),
            ValueRef::Integer(n) => {
                hash.write_u8(1);
                hash.write(&n.to_le_bytes());
            }
            ValueRef::Real(n) => {
                hash.write_u8(2);
                hash.write(&n.to_le_bytes());
            }
            ValueRef::Text(bytes) => bytes_of(&mut hash, 3, bytes),
            ValueRef::Blob(bytes) => bytes_of(&mut hash, 4, bytes),
        }
    }
    hash.finish().cast_signed()
}

fn bytes_of(hash: &mut SipHasher13, kind: u8, bytes: &[u8]) {
    hash.write_u8(kind);
    hash.write_usize(bytes.len());
    hash.write(bytes);
}

/// A table as its sums need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Summed {
    pub name: String,
    pub columns: Vec<String>,
    /// Columns of the primary key, in its order; none where it has none.
    pub key: Vec<String>,
}

impl Summed {
    pub(crate) fn index(&self) -> String {
        format!("sum_{}", self.name)
    }

    fn statement(&self) -> String {
        let mut parts = self.key.clone();
        parts.push(format!("{FUNCTION}({})", self.columns.join(", ")));
        format!("CREATE INDEX {} ON {} ({})", self.index(), self.name, parts.join(", "))
    }
}

/// Whether an index of a table is that of its sums: it belongs to no slice's schema.
pub(crate) fn is_sum(table: &str, index: &str) -> bool {
    index.strip_prefix("sum_") == Some(table)
}

/// All tables of the database.
pub(crate) fn tables(conn: &Connection) -> rusqlite::Result<Vec<Summed>> {
    let mut all: Vec<Summed> = Vec::new();
    let mut keys: Vec<Vec<(i64, String)>> = Vec::new();
    let mut statement = conn.prepare(COLUMNS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (table, column, place): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if all.last().is_none_or(|last| last.name != table) {
            all.push(Summed { name: table, columns: Vec::new(), key: Vec::new() });
            keys.push(Vec::new());
        }
        if let (Some(last), Some(key)) = (all.last_mut(), keys.last_mut()) {
            if place > 0 {
                key.push((place, column.clone()));
            }
            last.columns.push(column);
        }
    }
    for (table, mut key) in all.iter_mut().zip(keys) {
        key.sort();
        table.key = key.into_iter().map(|(_, column)| column).collect();
    }
    Ok(all)
}

fn sql_of(conn: &Connection, index: &str) -> rusqlite::Result<Option<String>> {
    let mut statement =
        conn.prepare_cached("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?1")?;
    statement.query_row([index], |row| row.get(0)).optional()
}

/// Tables that a migration alters: a column in an index cannot be dropped, so their sums go first.
pub(crate) fn altered(migration: &str) -> Vec<String> {
    let words: Vec<&str> = migration.split_whitespace().collect();
    let named = words.windows(3).filter_map(|w| match w {
        [alter, table, name]
            if alter.eq_ignore_ascii_case("ALTER") && table.eq_ignore_ascii_case("TABLE") =>
        {
            Some(name.trim_matches('"').to_lowercase())
        }
        _ => None,
    });
    let mut tables: Vec<String> = named.collect();
    tables.sort();
    tables.dedup();
    tables
}

/// Whether a table has sums.
pub(crate) fn has(conn: &Connection, table: &str) -> rusqlite::Result<bool> {
    Ok(sql_of(conn, &format!("sum_{table}"))?.is_some())
}

/// Takes a table's sums away.
pub(crate) fn drop(conn: &Connection, table: &str) -> rusqlite::Result<()> {
    conn.execute_batch(&format!("DROP INDEX sum_{table}"))
}

/// Gives every table its sums, and the schema its own, where they are not as they should be. In the transaction of the migrations.
pub(crate) fn keep(conn: &Connection) -> rusqlite::Result<()> {
    for table in tables(conn)? {
        let wanted = table.statement();
        match sql_of(conn, &table.index())? {
            Some(sql) if sql == wanted => continue,
            Some(_) => conn.execute_batch(&format!("DROP INDEX {}", table.index()))?,
            None => {}
        }
        conn.execute_batch(&wanted)?;
    }
    conn.execute(meta::PUT.sqlite, (SCHEMA_KEY, schema(conn)?.to_string()))?;
    Ok(())
}

/// Whether the schema is the one that was last written down. `None`: no sum of it is there.
pub(crate) fn schema_stands(conn: &Connection) -> rusqlite::Result<Option<bool>> {
    let known: Option<String> =
        conn.query_row(meta::GET.sqlite, [SCHEMA_KEY], |row| row.get(0)).optional()?;
    let now = schema(conn)?.to_string();
    Ok(known.map(|known| known == now))
}

fn schema(conn: &Connection) -> rusqlite::Result<i64> {
    let mut statement = conn.prepare(
        "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master \
         WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\' ORDER BY type, name",
    )?;
    let mut rows = statement.query([])?;
    let mut hash = SipHasher13::new();
    while let Some(row) = rows.next()? {
        for at in 0..4 {
            bytes_of(&mut hash, 3, row.get_ref(at)?.as_bytes().unwrap_or_default());
        }
    }
    Ok(hash.finish().cast_signed())
}
