//! Databases of SQLite, read from memory: no file is opened, nothing in it is run.

use rusqlite::{Connection, config::DbConfig};

use crate::answer::{Answer, Part, Warning};
use crate::seen::Seen;

/// Most tables whose rows are counted.
const TABLES: usize = 300;
/// So far rows are counted.
const ROWS: i64 = 1_000_000;

fn be16(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?)))
}

fn be32(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?)))
}

/// What the header says (<https://sqlite.org/fileformat2.html>).
pub(crate) fn header(seen: &Seen, answer: &mut Answer) {
    let head = seen.head();
    let page = match be16(head, 16) {
        Some(1) => 65_536,
        Some(size) => size,
        None => 0,
    };
    let pages = be32(head, 28).unwrap_or(0);
    answer.fact("page_size", &page.to_string());
    answer.fact("pages", &pages.to_string());
    answer.fact("free_pages", &be32(head, 36).unwrap_or(0).to_string());
    answer.fact("user_version", &be32(head, 60).unwrap_or(0).to_string());
    answer.fact("application_id", &be32(head, 68).unwrap_or(0).to_string());
    answer.fact("written_by", &be32(head, 96).unwrap_or(0).to_string());
    let text = match be32(head, 56) {
        Some(1) => "utf-8",
        Some(2) => "utf-16le",
        Some(3) => "utf-16be",
        _ => "",
    };
    answer.fact("encoding", text);
    // Changes that were not yet brought over lie in a file beside it.
    answer.fact("journal", if head.get(18) == Some(&2) { "wal" } else { "rollback" });
    if page.saturating_mul(pages) > seen.size() {
        answer.warn(Warning::Damaged, "size");
    }
}

/// What tables there are, and how many rows. `report` is told when the names are known: counting may take long.
pub(crate) fn tables(seen: &Seen, answer: &mut Answer, report: &mut dyn FnMut(&Answer)) {
    if !seen.is_whole() {
        answer.warn(Warning::NotWhole, "");
        return;
    }
    if tell(seen.head(), answer, report).is_err() {
        answer.warn(Warning::Damaged, "");
    }
}

fn open(bytes: &[u8]) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    // A database with a log beside it cannot be opened in memory; its own pages are the same.
    let rollback: &[u8] = &[1, 1];
    let patched =
        bytes.get(..18).unwrap_or_default().iter().chain(rollback).chain(bytes.get(20..).unwrap_or_default());
    connection.deserialize_read_exact("main", Bytes(patched), bytes.len(), true)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    Ok(connection)
}

/// Bytes one by one, as something that can be read.
struct Bytes<I>(I);
impl<'b, I: Iterator<Item = &'b u8>> std::io::Read for Bytes<I> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let mut many = 0;
        for (slot, byte) in to.iter_mut().zip(&mut self.0) {
            *slot = *byte;
            many += 1;
        }
        Ok(many)
    }
}

fn tell(bytes: &[u8], answer: &mut Answer, report: &mut dyn FnMut(&Answer)) -> rusqlite::Result<()> {
    let connection = open(bytes)?;
    let mut names: Vec<(String, String, String)> = Vec::new();
    {
        let mut statement =
            connection.prepare("SELECT type, name, coalesce(sql, '') FROM sqlite_schema LIMIT 5000")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            names.push((row.get(0)?, row.get(1)?, row.get(2)?));
        }
    }
    let mut schema = String::new();
    for (kind, name, sql) in &names {
        if kind != "table" {
            answer.part(Part { name: name.clone(), kind: kind.clone(), ..Part::default() });
        }
        // A view only shows what is there in another way.
        if kind == "trigger" {
            answer.warn(Warning::Scripts, name);
        }
        if schema.len() < crate::answer::PREVIEW_BYTES {
            schema.push_str(sql);
            schema.push_str(";\n");
        }
    }
    answer.preview(&schema, false);
    let tables: Vec<_> = names.iter().filter(|(kind, ..)| kind == "table").collect();
    answer.fact("tables", &tables.len().to_string());
    report(answer);
    for (no, (_, name, sql)) in tables.into_iter().enumerate() {
        let is_virtual = sql.to_ascii_uppercase().trim_start().starts_with("CREATE VIRTUAL");
        let rows = if is_virtual || no >= TABLES {
            None
        } else {
            let quoted = name.replace('"', "\"\"");
            let count = format!("SELECT count(*) FROM (SELECT 1 FROM \"{quoted}\" LIMIT {ROWS})");
            let count = connection.query_row(&count, [], |row| row.get::<_, i64>(0));
            if count.is_err() {
                answer.warn(Warning::Damaged, name);
            }
            count.ok()
        };
        let kind = if is_virtual { "virtual table" } else { "table" };
        let size = rows.and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
        answer.part(Part { name: name.clone(), kind: kind.to_owned(), size, ..Part::default() });
    }
    Ok(())
}
