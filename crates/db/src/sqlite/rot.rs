//! What SQLite's own check says about a file, in tables and rows.

use std::collections::BTreeMap;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode};
use uuid::Uuid;

use super::sums::{self, Summed};
use crate::rot::{MOST, Rot};

/// What is known of the schema: which table a name or a page belongs to.
struct Map {
    tables: Vec<Summed>,
    /// Tables by their indexes.
    by_index: BTreeMap<String, String>,
    /// Tables by the page at which they or their indexes begin.
    by_root: BTreeMap<i64, String>,
}

impl Map {
    fn of(conn: &Connection) -> rusqlite::Result<Self> {
        let mut map =
            Self { tables: sums::tables(conn)?, by_index: BTreeMap::new(), by_root: BTreeMap::new() };
        let mut statement = conn.prepare("SELECT name, tbl_name, rootpage FROM sqlite_master")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (name, table, root): (String, String, Option<i64>) = (row.get(0)?, row.get(1)?, row.get(2)?);
            map.by_root.insert(root.unwrap_or(0), table.clone());
            map.by_index.insert(name, table);
        }
        Ok(map)
    }
}

/// Checks the file: each table with its indexes by itself, so that nothing is read for long in one go; or everything at once, and also
/// what belongs to no table.
pub(crate) fn check(conn: &Connection, whole: bool) -> Vec<Rot> {
    let map = match Map::of(conn) {
        Ok(map) => map,
        Err(e) => return vec![of("", &e.to_string())],
    };
    let mut found = Vec::new();
    match sums::schema_stands(conn) {
        Ok(Some(true)) => {}
        // The row in which it stands is told with its table.
        Ok(None) => found.push(of("meta", "the sum of the schema is not there")),
        Ok(Some(false)) => found.push(of("sqlite_master", "the schema is not as it was written")),
        Err(e) => found.push(of("sqlite_master", &e.to_string())),
    }
    if whole {
        found.extend(ask(conn, &map, None));
    } else {
        for table in &map.tables {
            found.extend(ask(conn, &map, Some(&table.name)));
        }
    }
    found
}

fn of(table: &str, said: &str) -> Rot {
    Rot { table: table.to_owned(), row: None, said: said.to_owned() }
}

/// Of these tables, so far as they are there.
pub(crate) fn of_tables(conn: &Connection, names: &[&str]) -> Vec<Rot> {
    let map = match Map::of(conn) {
        Ok(map) => map,
        Err(e) => return vec![of("", &e.to_string())],
    };
    let there = map.tables.iter().filter(|t| names.contains(&t.name.as_str()));
    there.flat_map(|t| ask(conn, &map, Some(&t.name))).collect()
}

fn ask(conn: &Connection, map: &Map, table: Option<&str>) -> Vec<Rot> {
    let sql = match table {
        Some(table) => format!("PRAGMA integrity_check('{table}')"),
        None => format!("PRAGMA integrity_check({MOST})"),
    };
    let mut found = Vec::new();
    let read = (|| -> rusqlite::Result<()> {
        let mut statement = conn.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let text: String = row.get(0)?;
            // What concerns pages comes as several lines in one.
            for line in text.lines().filter(|l| *l != "ok" && !l.starts_with("***")) {
                found.push(told(conn, map, table, line));
            }
        }
        Ok(())
    })();
    if let Err(e) = read {
        found.push(of(table.unwrap_or_default(), &e.to_string()));
    }
    found
}

/// A line of SQLite's, with the table and the row that it is about.
fn told(conn: &Connection, map: &Map, asked: Option<&str>, line: &str) -> Rot {
    let words: Vec<&str> = line.split_whitespace().collect();
    let after =
        |word: &str| words.iter().zip(words.iter().skip(1)).find(|(w, _)| **w == word).map(|(_, next)| *next);
    let number = |word: &str| after(word).and_then(|n| n.trim_end_matches(':').parse::<i64>().ok());
    let root = number("Tree").or_else(|| number("tree"));
    // `row 7 missing from index sum_t`, `NULL value in t.c`, `Tree 12 page 30 cell 2: …`
    let table = after("index")
        .and_then(|index| map.by_index.get(index))
        .or_else(|| root.and_then(|root| map.by_root.get(&root)))
        .cloned()
        .or_else(|| after("in").and_then(|name| name.split_once('.')).map(|(table, _)| table.to_owned()))
        .or_else(|| asked.map(str::to_owned))
        .unwrap_or_default();
    let nth = number("row");
    let row = nth.and_then(|nth| key(conn, map.tables.iter().find(|t| t.name == table)?, nth));
    Rot { table, row, said: line.to_owned() }
}

/// The primary key of the row that is the n-th of its table; its number alone where it cannot be read.
fn key(conn: &Connection, table: &Summed, nth: i64) -> Option<String> {
    let columns = if table.key.is_empty() { "rowid".to_owned() } else { table.key.join(", ") };
    let sql = format!("SELECT {columns} FROM {} NOT INDEXED LIMIT 1 OFFSET ?1", table.name);
    let read = || -> rusqlite::Result<Vec<String>> {
        let mut statement = conn.prepare(&sql)?;
        let count = statement.column_count();
        statement.query_row([nth.saturating_sub(1)], |row| {
            (0..count).map(|at| Ok(shown(row.get_ref(at)?))).collect()
        })
    };
    Some(read().map_or_else(|_| format!("no. {nth}"), |key| key.join(", ")))
}

/// A part of a key. Keys are ids, numbers, codes and keyed hashes; a text that is longer than a code is not shown.
fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(n) => n.to_string(),
        ValueRef::Real(n) => n.to_string(),
        // What is damaged may be anything, and is shown in a terminal.
        ValueRef::Text(text) if text.len() <= 40 => String::from_utf8_lossy(text).escape_debug().to_string(),
        ValueRef::Text(text) => format!("a text of {} bytes", text.len()),
        ValueRef::Blob(bytes) => Uuid::from_slice(bytes).map_or_else(
            |_| bytes.iter().take(16).map(|b| format!("{b:02x}")).collect(),
            |id| id.to_string(),
        ),
    }
}

/// Whether an error says that the file is damaged, and not that it could not be read now. Of a head that turned SQLite says many things
/// ("unsupported file format" among them), so what is not damage is named.
pub(crate) fn is_damage(e: &rusqlite::Error) -> bool {
    !matches!(
        e.sqlite_error_code(),
        Some(
            ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied
                | ErrorCode::ReadOnly
                | ErrorCode::SystemIoFailure
                | ErrorCode::DiskFull
                | ErrorCode::OutOfMemory
                | ErrorCode::OperationInterrupted
                | ErrorCode::FileLockingProtocolFailed
        )
    )
}
