//! The database as a value: the rows of every table that an act of the office can change, taken and put back through a
//! connection beside the program's.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use rusqlite::Connection;
use rusqlite::types::Value;

/// Tables whose rows are part of a state.
pub(super) const TABLES: [&str; 12] = [
    "staff_account",
    "staff_absence",
    "delegation",
    "orders",
    "order_object",
    "order_step",
    "order_approval",
    "order_sanction",
    "delivery",
    "standing_approval",
    "standing_signature",
    "legal_basis_draft",
];
/// The law is a table of long texts that grows only: its rows count by number.
pub(super) const LAW: &str = "legal_basis";
/// Answers that were taken.
const ANSWERS: &str = "order_answer";
/// What acts leave behind and no act of these reads: emptied, never put back.
const TRACES: [&str; 4] = ["audit_record", "audit_pending", "outbox", "holder_notice"];
/// Loads between two moves of the write-ahead log into the file.
const SWEEP: u32 = 2_000;

/// Rows of one table, in the order of the file.
pub(super) type Rows = Vec<Vec<Value>>;

/// A state of the database.
pub(super) type Snapshot = Vec<Arc<Rows>>;

/// Takes and puts back.
pub(super) struct Shelf {
    conn: Connection,
    tables: Vec<Table>,
    loaded: Snapshot,
    loads: u32,
}

struct Table {
    name: &'static str,
    columns: Vec<String>,
    insert: String,
}

impl Shelf {
    /// Over the file of an open database.
    pub(super) fn open(file: &Path) -> anyhow::Result<Self> {
        let conn = Connection::open(file)?;
        conn.set_prepared_statement_cache_capacity(64);
        conn.pragma_update(None, "synchronous", "OFF")?;
        conn.busy_timeout(std::time::Duration::from_secs(5))?;
        let names = TABLES.into_iter().chain([LAW, ANSWERS]);
        let tables: Vec<Table> = names.map(|name| Table::of(&conn, name)).collect::<Result<_, _>>()?;
        let mut shelf = Self { conn, tables, loaded: Vec::new(), loads: 0 };
        shelf.loaded = shelf.tables.iter().map(|_| Arc::default()).collect();
        shelf.take()?;
        Ok(shelf)
    }

    /// The present state. Tables that nothing has changed are shared with the state loaded last.
    pub(super) fn take(&mut self) -> anyhow::Result<Snapshot> {
        for (table, known) in self.tables.iter().zip(&mut self.loaded) {
            if table.name == LAW && table.count(&self.conn)? == known.len() {
                continue;
            }
            let rows = table.rows(&self.conn)?;
            if **known != rows {
                *known = Arc::new(rows);
            }
        }
        Ok(self.loaded.clone())
    }

    /// Puts a state back.
    pub(super) fn load(&mut self, state: &Snapshot) -> anyhow::Result<()> {
        let tx = self.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        for ((table, known), wanted) in self.tables.iter().zip(&mut self.loaded).zip(state) {
            if Arc::ptr_eq(known, wanted) {
                continue;
            }
            tx.prepare_cached(&format!("DELETE FROM {}", table.name))?.execute([])?;
            let mut insert = tx.prepare_cached(&table.insert)?;
            for row in wanted.iter() {
                insert.execute(rusqlite::params_from_iter(row))?;
            }
            *known = Arc::clone(wanted);
        }
        for name in TRACES {
            tx.prepare_cached(&format!("DELETE FROM {name}"))?.execute([])?;
        }
        tx.commit()?;
        self.loads = self.loads.wrapping_add(1);
        if self.loads.is_multiple_of(SWEEP) {
            self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        }
        Ok(())
    }

    /// Changes the database behind the program's back: what no verb of the office does, and what a broken build would.
    pub(super) fn touch(&self, sql: &str) -> anyhow::Result<usize> {
        self.conn.execute(sql, []).with_context(|| sql.to_owned())
    }

    /// Rows of a table in a state, each with a way to its columns.
    pub(super) fn rows<'a>(
        &'a self,
        state: &'a Snapshot,
        name: &str,
    ) -> impl Iterator<Item = Fields<'a>> + use<'a> {
        let place = self.tables.iter().position(|t| t.name == name);
        let table = place.and_then(|n| self.tables.get(n));
        let rows = place.and_then(|n| state.get(n));
        rows.into_iter()
            .flat_map(|rows| rows.iter())
            .filter_map(move |row| table.map(|table| Fields { columns: &table.columns, row }))
    }
}

impl Table {
    fn of(conn: &Connection, name: &'static str) -> anyhow::Result<Self> {
        let mut asked = conn.prepare(&format!("SELECT name FROM pragma_table_info('{name}')"))?;
        let columns: Vec<String> =
            asked.query_map([], |row| row.get(0))?.collect::<Result<_, rusqlite::Error>>()?;
        anyhow::ensure!(!columns.is_empty(), "no table `{name}`");
        let places: Vec<String> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
        let insert = format!("INSERT INTO {name} ({}) VALUES ({})", columns.join(", "), places.join(", "));
        Ok(Self { name, columns, insert })
    }

    fn count(&self, conn: &Connection) -> anyhow::Result<usize> {
        let mut all = conn.prepare_cached(&format!("SELECT COUNT(*) FROM {}", self.name))?;
        let count: i64 = all.query_row([], |row| row.get(0))?;
        Ok(usize::try_from(count)?)
    }

    fn rows(&self, conn: &Connection) -> anyhow::Result<Rows> {
        let mut all = conn.prepare_cached(&format!("SELECT * FROM {}", self.name))?;
        let width = self.columns.len();
        let rows =
            all.query_map([], |row| (0..width).map(|n| row.get(n)).collect::<Result<Vec<Value>, _>>())?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    columns: &'a [String],
    row: &'a [Value],
}

impl Fields<'_> {
    fn value(&self, name: &str) -> Option<&Value> {
        self.row.get(self.columns.iter().position(|c| c == name)?)
    }
    /// A text; empty where there is none.
    pub(super) fn text(&self, name: &str) -> String {
        match self.value(name) {
            Some(Value::Text(text)) => text.clone(),
            _ => String::new(),
        }
    }
    /// A number.
    pub(super) fn int(&self, name: &str) -> Option<i64> {
        match self.value(name) {
            Some(Value::Integer(n)) => Some(*n),
            _ => None,
        }
    }
    /// Bytes; none where there are none.
    pub(super) fn bytes(&self, name: &str) -> &[u8] {
        match self.value(name) {
            Some(Value::Blob(bytes)) => bytes,
            _ => &[],
        }
    }
}
