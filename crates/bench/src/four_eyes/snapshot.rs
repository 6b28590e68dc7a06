//! The database as a value: the rows of every table that an act of the office can change, taken and put back through a
//! connection beside the program's.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use rusqlite::Connection;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};

use super::watch::{Tables, Watch};

/// The law is a table of long texts that grows only: its rows count by number.
pub(super) const LAW: &str = "legal_basis";
/// Tables whose rows are part of a state; answers that were taken are among them.
pub(super) const TABLES: [&str; 14] = [
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
    LAW,
    "order_answer",
];
/// What acts leave behind and no act of these reads: emptied, never put back.
const TRACES: [&str; 4] = ["audit_record", "audit_pending", "outbox", "holder_notice"];
/// Columns that pages show and nothing decides by: when an account was closed or opened last, and why (sealed with other
/// bytes each time). Left as they are, every closing would make another table.
const SHOWN: [(&str, &str); 2] = [("staff_account", "state_at"), ("staff_account", "state_reason_sealed")];
/// Loads between two moves of the write-ahead log into the file.
const SWEEP: u32 = 2_000;

/// A value of a column. There are no others in these tables.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Cell {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

/// Rows of one table, in the order of the file.
pub(super) type Rows = Vec<Vec<Cell>>;

/// A state of the database: what each table holds, as its number on the shelf.
pub(super) type Snapshot = [u32; TABLES.len()];

/// Takes and puts back.
pub(super) struct Shelf {
    conn: Connection,
    tables: Vec<Table>,
    loaded: Snapshot,
    loads: u32,
    watch: Watch,
}

struct Table {
    name: &'static str,
    columns: Vec<String>,
    insert: String,
    /// Places of columns that are left out.
    shown: Vec<usize>,
    /// All that it ever held.
    contents: Vec<Arc<Rows>>,
    numbers: HashMap<Arc<Rows>, u32>,
}

impl Shelf {
    /// Over the file of an open database.
    pub(super) fn open(file: &Path) -> anyhow::Result<Self> {
        let conn = Connection::open(file)?;
        db::rot::register(&conn)?;
        conn.set_prepared_statement_cache_capacity(64);
        conn.pragma_update(None, "synchronous", "OFF")?;
        conn.busy_timeout(std::time::Duration::from_secs(5))?;
        let tables: Vec<Table> =
            TABLES.iter().map(|name| Table::of(&conn, name)).collect::<Result<_, _>>()?;
        let watch = Watch::of(&TABLES, &TRACES);
        // Nothing is known to be held yet: the first one taken reads everything.
        Ok(Self { conn, tables, loaded: [u32::MAX; TABLES.len()], loads: 0, watch })
    }

    /// Hears which tables acts touch.
    pub(super) const fn watch(&self) -> &Watch {
        &self.watch
    }

    /// The present state.
    pub(super) fn take(&mut self) -> anyhow::Result<Snapshot> {
        for (table, known) in self.tables.iter_mut().zip(&mut self.loaded) {
            let held = table.contents.get(usize::try_from(*known)?).map(|rows| rows.len());
            // Versions of the law are added and never changed.
            if table.name == LAW && held == Some(table.count(&self.conn)?) {
                continue;
            }
            let rows = table.rows(&self.conn)?;
            *known = table.number(rows)?;
        }
        Ok(self.loaded)
    }

    /// Puts a state back.
    pub(super) fn load(&mut self, state: &Snapshot) -> anyhow::Result<()> {
        let tx = self.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        for ((table, known), wanted) in self.tables.iter().zip(&mut self.loaded).zip(state) {
            if known == wanted {
                continue;
            }
            tx.prepare_cached(&format!("DELETE FROM {}", table.name))?.execute([])?;
            let mut insert = tx.prepare_cached(&table.insert)?;
            for row in table.contents.get(usize::try_from(*wanted)?).context("no such content")?.iter() {
                insert.execute(rusqlite::params_from_iter(row))?;
            }
            *known = *wanted;
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

    /// Whether two states hold the same rows but for what is drawn at random: ids, seals, salts and hashes are all the
    /// bytes in these tables.
    pub(super) fn says_the_same(&self, one: &Snapshot, other: &Snapshot) -> bool {
        let rows = |table: &Table, no: &u32| {
            let rows = usize::try_from(*no).ok().and_then(|no| table.contents.get(no));
            let plain = |cell: &Cell| {
                if matches!(cell, Cell::Blob(_)) { Cell::Blob(Vec::new()) } else { cell.clone() }
            };
            rows.map(|rows| rows.iter().map(|row| row.iter().map(plain).collect()).collect::<Rows>())
        };
        let same = |(table, (one, other)): (&Table, (&u32, &u32))| {
            one == other || rows(table, one) == rows(table, other)
        };
        self.tables.iter().zip(one.iter().zip(other)).all(same)
    }

    /// Changes the database behind the program's back: what no verb of the office does, and what a broken build would.
    pub(super) fn touch(&self, sql: &str) -> anyhow::Result<usize> {
        self.watch.tell(sql);
        self.conn.execute(sql, []).with_context(|| sql.to_owned())
    }

    /// Rows of a table in a state, each with a way to its columns.
    pub(super) fn rows<'a>(
        &'a self,
        state: &Snapshot,
        name: &str,
    ) -> impl Iterator<Item = Fields<'a>> + use<'a> {
        let place = place_of(name);
        let table = self.tables.get(place);
        let number = state.get(place).and_then(|no| usize::try_from(*no).ok());
        let rows = table.zip(number).and_then(|(table, no)| table.contents.get(no));
        rows.into_iter()
            .flat_map(|rows| rows.iter())
            .filter_map(move |row| table.map(|table| Fields { columns: &table.columns, row }))
    }

    /// The same for an act, which looks at the table with this.
    pub(super) fn look<'a>(
        &'a self,
        state: &Snapshot,
        name: &str,
    ) -> impl Iterator<Item = Fields<'a>> + use<'a> {
        self.watch.tell(&format!("SELECT FROM {name}"));
        self.rows(state, name)
    }
}

/// The place of a table among all; beyond them if it is none.
pub(super) fn place_of(name: &str) -> usize {
    TABLES.iter().position(|known| *known == name).unwrap_or(TABLES.len())
}

/// What a state holds in these tables alone.
pub(super) fn only(state: &Snapshot, tables: Tables) -> Snapshot {
    let mut part = *state;
    part.iter_mut().enumerate().filter(|(at, _)| !tables.has(*at)).for_each(|(_, no)| *no = u32::MAX);
    part
}

impl Table {
    fn of(conn: &Connection, name: &'static str) -> anyhow::Result<Self> {
        let mut asked = conn.prepare(&format!("SELECT name FROM pragma_table_info('{name}')"))?;
        let columns: Vec<String> =
            asked.query_map([], |row| row.get(0))?.collect::<Result<_, rusqlite::Error>>()?;
        anyhow::ensure!(!columns.is_empty(), "no table `{name}`");
        let places: Vec<String> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
        let insert = format!("INSERT INTO {name} ({}) VALUES ({})", columns.join(", "), places.join(", "));
        let shown = |column: &String| SHOWN.iter().any(|(t, c)| *t == name && c == column);
        let shown = columns.iter().enumerate().filter(|(_, c)| shown(c)).map(|(at, _)| at).collect();
        Ok(Self { name, columns, insert, shown, contents: Vec::new(), numbers: HashMap::new() })
    }

    fn count(&self, conn: &Connection) -> anyhow::Result<usize> {
        let mut all = conn.prepare_cached(&format!("SELECT COUNT(*) FROM {}", self.name))?;
        let count: i64 = all.query_row([], |row| row.get(0))?;
        Ok(usize::try_from(count)?)
    }

    fn rows(&self, conn: &Connection) -> anyhow::Result<Rows> {
        let mut all = conn.prepare_cached(&format!("SELECT * FROM {}", self.name))?;
        let (mut rows, mut out) = (all.query([])?, Rows::new());
        while let Some(row) = rows.next()? {
            let cell = |at: usize| match row.get_ref(at)? {
                _ if self.shown.contains(&at) => Ok(Cell::Null),
                ValueRef::Null => Ok(Cell::Null),
                ValueRef::Integer(n) => Ok(Cell::Int(n)),
                ValueRef::Text(text) => Ok(Cell::Text(std::str::from_utf8(text)?.to_owned())),
                ValueRef::Blob(bytes) => Ok(Cell::Blob(bytes.to_vec())),
                ValueRef::Real(_) => Err(anyhow::anyhow!("a float in `{}`", self.name)),
            };
            out.push((0..self.columns.len()).map(cell).collect::<Result<_, _>>()?);
        }
        Ok(out)
    }

    /// The number of a content: the same rows have the same one.
    fn number(&mut self, rows: Rows) -> anyhow::Result<u32> {
        if let Some(known) = self.numbers.get(&rows) {
            return Ok(*known);
        }
        let (no, rows) = (u32::try_from(self.contents.len())?, Arc::new(rows));
        self.contents.push(Arc::clone(&rows));
        self.numbers.insert(rows, no);
        Ok(no)
    }
}

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(n) => ValueRef::Integer(*n),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    columns: &'a [String],
    row: &'a [Cell],
}

impl Fields<'_> {
    fn value(&self, name: &str) -> Option<&Cell> {
        self.row.get(self.columns.iter().position(|c| c == name)?)
    }
    /// A text; empty where there is none.
    pub(super) fn text(&self, name: &str) -> String {
        match self.value(name) {
            Some(Cell::Text(text)) => text.clone(),
            _ => String::new(),
        }
    }
    /// A number.
    pub(super) fn int(&self, name: &str) -> Option<i64> {
        match self.value(name) {
            Some(Cell::Int(n)) => Some(*n),
            _ => None,
        }
    }
    /// Bytes; none where there are none.
    pub(super) fn bytes(&self, name: &str) -> &[u8] {
        match self.value(name) {
            Some(Cell::Blob(bytes)) => bytes,
            _ => &[],
        }
    }
}
