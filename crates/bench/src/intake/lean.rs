//! The denominator's bare rows through `db`: what the database layer alone can do.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use db::{Db, DbError, Migration, Options, Slice, Stmt, params};
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::clock::Stopwatch;
use crate::harness::Cost;

const TABLES: &str = "
CREATE TABLE lean_report(id BLOB PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE lean_identifier(v TEXT NOT NULL, report BLOB NOT NULL, PRIMARY KEY(v, report)) STRICT, WITHOUT ROWID;
CREATE TABLE lean_record(id INTEGER PRIMARY KEY, report BLOB NOT NULL, h BLOB NOT NULL) STRICT;
CREATE TABLE lean_outbox(id INTEGER PRIMARY KEY, report BLOB NOT NULL, st INTEGER NOT NULL) STRICT;
";
const REPORT: Stmt = Stmt::both("lean.report", "INSERT INTO lean_report (id, at, body) VALUES (?1, ?2, ?3)");
const IDENTIFIER: Stmt = Stmt::both(
    "lean.identifier",
    "INSERT INTO lean_identifier (v, report) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
);
const RECORD: Stmt = Stmt::both("lean.record", "INSERT INTO lean_record (report, h) VALUES (?1, ?2)");
const OUTBOX: Stmt = Stmt::both("lean.outbox", "INSERT INTO lean_outbox (report, st) VALUES (?1, 0)");

/// Measured on the embedded database only; the other text is there because a migration has two.
static SLICE: Slice = Slice {
    name: "lean",
    migrations: &[Migration { no: 1, name: "tables", sqlite: TABLES, postgres: "" }],
    statements: &[&REPORT, &IDENTIFIER, &RECORD, &OUTBOX],
};

pub(super) struct Stand {
    db: Db,
    serial: Arc<AtomicU64>,
    body: String,
}

impl Stand {
    pub(super) fn new(data: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(data)?;
        let db = Db::open(&format!("sqlite:{}", data.join("lean.db").display()), Options::default())?;
        db.migrate(&[&SLICE])?;
        Ok(Self { db, serial: Arc::default(), body: "x".repeat(600) })
    }

    pub(super) fn run(&self, runtime: &Runtime, callers: usize, seconds: u64) -> anyhow::Result<Cost> {
        let watch = Stopwatch::start();
        let until = Duration::from_secs(seconds);
        let costs = runtime.block_on(async {
            let mut tasks = Vec::new();
            for _ in 0..callers {
                let (db, serial, body) = (self.db.clone(), Arc::clone(&self.serial), self.body.clone());
                tasks.push(tokio::spawn(async move {
                    let mut mine = Vec::new();
                    while watch.elapsed() < until {
                        let one = Stopwatch::start();
                        write(&db, serial.fetch_add(1, Ordering::Relaxed), body.clone()).await?;
                        mine.push(one.nanoseconds());
                    }
                    anyhow::Ok(mine)
                }));
            }
            let mut all = Vec::new();
            for task in tasks {
                all.extend(task.await??);
            }
            anyhow::Ok(all)
        })?;
        Ok(Cost::of_concurrent(watch.nanoseconds(), &costs))
    }
}

async fn write(db: &Db, serial: u64, body: String) -> Result<(), DbError> {
    // Spread like random keys, so that the index is not merely appended to.
    let mixed = move |no: u64| (serial * 3 + no).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let id = Uuid::from_u64_pair(serial, 0);
    db.write(move |tx| {
        tx.execute(&REPORT, params![id, 0_i64, body.as_str()])?;
        for no in 0..3 {
            tx.execute(&IDENTIFIER, params![format!("id{}", mixed(no)), id])?;
        }
        tx.execute(&RECORD, params![id, [0_u8; 32]])?;
        tx.execute(&OUTBOX, params![id])?;
        Ok::<_, DbError>(())
    })
    .await
}
