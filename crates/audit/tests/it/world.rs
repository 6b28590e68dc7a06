//! A log to tamper with.

use std::collections::HashMap;
use std::sync::Arc;

use audit::{Act, LogKeys, LogSigner, Sequencer, Stamp, Verdict};
use db::{Db, Stmt, Value};
use kernel::time::ManualClock;
use kernel::{Actor, Entropy, Purpose, Timestamp};
use serde_json::json;
use testkit::TestDb;
use uuid::Uuid;

pub(crate) const ORIGIN: &str = "test.example/log";
/// Records in each step; each step ends with a checkpoint.
pub(crate) const STEPS: [u64; 5] = [1, 2, 40, 213, 44];
pub(crate) const SIZE: u64 = 300;

const TABLES: [&str; 6] =
    ["audit_record", "audit_pending", "audit_leaf", "audit_tile", "log_checkpoint", "log_head"];

pub(crate) struct Log {
    pub(crate) db: Arc<TestDb>,
    pub(crate) signer: LogSigner,
    pub(crate) clock: ManualClock,
    pub(crate) entropy: Entropy,
    runtime: tokio::runtime::Runtime,
}

impl Log {
    pub(crate) fn empty(db: TestDb) -> Self {
        db.migrate(&[&audit::SLICE]).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let clock = ManualClock::at(Timestamp::from_secs(1_800_000_000));
        let signer = LogSigner::new(ORIGIN, &[7; 32]).unwrap();
        Self { db: Arc::new(db), signer, clock, entropy: Entropy::seeded(1), runtime }
    }

    /// Of [`SIZE`] records in [`STEPS`].
    pub(crate) fn full(db: TestDb) -> Self {
        let log = Self::empty(db);
        for step in STEPS {
            log.append(step);
            assert_eq!(log.sequence(), step);
        }
        log
    }

    pub(crate) fn append(&self, records: u64) -> Vec<Uuid> {
        let acts: Vec<(Stamp, Actor, Act)> = (0..records).map(|i| self.act(i)).collect();
        let ids = acts.iter().map(|(stamp, ..)| stamp.id).collect();
        let done = self.db.write_blocking(move |tx| {
            acts.iter().try_for_each(|(stamp, actor, act)| audit::append(tx, stamp, actor, act))
        });
        done.unwrap();
        ids
    }

    fn act(&self, i: u64) -> (Stamp, Actor, Act) {
        // Ids of one millisecond do not sort in the order of their making.
        self.clock.set(self.clock.now().plus_micros(1_000));
        let now = self.clock.now();
        let stamp = Stamp { id: self.entropy.uuid(now), office: now, wall: now };
        let subject = Uuid::from_u128(u128::from(i % 7));
        let act = match i % 3 {
            0 => Act { facts: json!({"no": i}), ..Act::about("order.sent", "order", subject) },
            1 => Act::read("report.read", "report", subject, Purpose::HandleReport),
            _ => Act {
                basis: Some((Uuid::from_u128(9), 1)),
                approval: Some((Uuid::from_u128(8), 2)),
                ..Act::about("order.approved", "order", subject)
            },
        };
        (stamp, Actor::system("test"), act)
    }

    pub(crate) fn sequence(&self) -> u64 {
        let sequencer = Sequencer::new(self.db.db.clone(), self.signer.clone(), self.clock.wall());
        self.runtime.block_on(sequencer.drain()).unwrap()
    }

    pub(crate) fn try_sequence(&self) -> Result<u64, audit::AuditError> {
        let sequencer = Sequencer::new(self.db.db.clone(), self.signer.clone(), self.clock.wall());
        self.runtime.block_on(sequencer.drain())
    }

    pub(crate) fn keys(&self) -> LogKeys {
        LogKeys::of(&self.signer)
    }

    pub(crate) fn verify(&self) -> Verdict {
        audit::verify_database(&self.db, &self.keys()).unwrap()
    }

    /// Copies all tables, to come back to with [`Log::restore`].
    pub(crate) fn save(&self) {
        for table in TABLES {
            run(&self.db, &format!("CREATE TABLE saved_{table} AS SELECT * FROM {table}"), &[]);
        }
    }

    pub(crate) fn restore(&self) {
        for table in TABLES {
            run(&self.db, &format!("DELETE FROM {table}"), &[]);
            run(&self.db, &format!("INSERT INTO {table} SELECT * FROM saved_{table}"), &[]);
        }
    }

    /// The record at a place of the log.
    pub(crate) fn id(&self, no: u64) -> Uuid {
        let sql = stmt("SELECT record_id FROM audit_leaf WHERE no = ?1");
        let no = i64::try_from(no).unwrap();
        self.db.read_blocking(move |tx| tx.query_one(&sql, &[Value::from(no)], |row| row.get(0))).unwrap()
    }

    pub(crate) fn note(&self, size: u64) -> String {
        let sql = stmt("SELECT note FROM log_checkpoint WHERE size = ?1");
        let size = i64::try_from(size).unwrap();
        self.db.read_blocking(move |tx| tx.query_one(&sql, &[Value::from(size)], |row| row.get(0))).unwrap()
    }

    /// All records that are about the subjects of [`Log::append`], by id.
    pub(crate) fn records(&self) -> HashMap<Uuid, audit::Record> {
        let views = self.db.read_blocking(|tx| {
            let subjects = (0..7).map(|subject| audit::records_for(tx, Uuid::from_u128(subject)));
            subjects.collect::<Result<Vec<_>, db::DbError>>()
        });
        views.unwrap().into_iter().flatten().map(|view| (view.record.id, view.record)).collect()
    }

    /// The record with this id, as stored.
    pub(crate) fn record(&self, id: Uuid) -> audit::Record {
        self.records().remove(&id).unwrap_or_else(|| panic!("no record {id}"))
    }

    /// The leaf hashes of the log, from its records.
    pub(crate) fn leaves(&self) -> Vec<ledger::Hash> {
        let sql = stmt("SELECT record_id FROM audit_leaf ORDER BY no");
        let ids: Vec<Uuid> = self.db.read_blocking(move |tx| tx.query(&sql, &[], |row| row.get(0))).unwrap();
        let records = self.records();
        ids.iter().map(|id| audit::record_hash(&records[id])).collect()
    }
}

fn stmt(sql: &str) -> Stmt {
    // Texts made up in a test live as long as the test's process.
    Stmt::both("test", Box::leak(sql.to_owned().into_boxed_str()))
}

/// What somebody with the database's password can do.
pub(crate) fn run(db: &Db, sql: &str, params: &[Value]) -> u64 {
    let (sql, params) = (stmt(sql), params.to_vec());
    db.write_blocking(move |tx| tx.execute(&sql, &params)).unwrap()
}

/// Runs `test` with a full log on each engine.
pub(crate) fn on_each(test: impl Fn(&Log)) {
    for place in testkit::engines() {
        test(&Log::full(place));
    }
}
