//! Names for keys that SQLite leaves nameless, as PostgreSQL would name them: `table_pkey`,
//! `table_column_key`. An index made by `CREATE UNIQUE INDEX` has its own name on both engines.

use rusqlite::Connection;

/// One key or index of a table.
pub(crate) struct Key {
    pub name: String,
    pub columns: Vec<String>,
    pub unique: bool,
}

/// The keys and indexes of `table`, the primary key among them.
pub(crate) fn of(conn: &Connection, table: &str) -> rusqlite::Result<Vec<Key>> {
    let mut keys = Vec::new();
    let mut primary = conn
        .prepare("SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk")?
        .query_map([table], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    let listed = conn
        .prepare("SELECT name, \"unique\", origin FROM pragma_index_list(?1)")?
        .query_map([table], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?, row.get::<_, String>(2)?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    for (index, unique, origin) in listed {
        let columns = conn
            .prepare("SELECT coalesce(name, '') FROM pragma_index_info(?1) ORDER BY seqno")?
            .query_map([&index], |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        let name = match origin.as_str() {
            "pk" => continue,
            _ if super::sums::is_sum(table, &index) => continue,
            "u" => format!("{table}_{}_key", columns.join("_")),
            _ => index,
        };
        keys.push(Key { name, columns, unique });
    }
    if !primary.is_empty() {
        keys.push(Key { name: format!("{table}_pkey"), columns: std::mem::take(&mut primary), unique: true });
    }
    Ok(keys)
}

/// The name of the key that the message `UNIQUE constraint failed: t.a, t.b` speaks of; the message's own
/// words if it cannot be found.
pub(crate) fn violated(conn: &Connection, message: &str) -> String {
    let what = message.rsplit_once("failed: ").map_or(message, |(_, what)| what);
    if let Some(index) = what.strip_prefix("index '").and_then(|rest| rest.strip_suffix('\'')) {
        return index.to_owned();
    }
    let mut table = "";
    let mut columns = Vec::new();
    for part in what.split(", ") {
        if let Some((t, column)) = part.split_once('.') {
            table = t;
            columns.push(column);
        }
    }
    of(conn, table)
        .ok()
        .and_then(|keys| keys.into_iter().find(|key| key.unique && key.columns == columns))
        .map_or_else(|| what.to_owned(), |key| key.name)
}
