//! The databases that the trail is measured against, and the queries they run.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use flat::Transfer;
use postgres::{Client, Statement};

use crate::clock::Cpu;

/// A question about the trail behind one transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Query {
    /// Accounts reachable within so many hops, whatever the times.
    Reach {
        /// Hops behind the receiving account.
        hops: u32,
    },
    /// Transfers reachable in time order.
    Follow {
        /// Layers behind the seed.
        layers: u32,
        /// Seconds from one transfer to the next.
        window_secs: u32,
        /// Least amount and hub threshold, where stop rules are on.
        stop: Option<Stop>,
    },
}

/// Stop rules of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// Least amount in smallest units; representable in the graph, so that both sides apply the same.
    pub floor: u64,
    /// An account that sends more transfers than this within the window is not followed.
    pub hub_above: u32,
}

/// Which SQL is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// PostgreSQL.
    Postgres,
    /// SQLite.
    Sqlite,
}

impl Query {
    /// The recursive query for one seed; it ends in the rows `t`.
    fn rows(self, dialect: Dialect, seed: u32) -> String {
        match self {
            Self::Reach { hops } => format!(
                "WITH RECURSIVE t(id, d) AS (SELECT dst, 0 FROM tr WHERE id = {seed} \
                 UNION SELECT e.dst, t.d + 1 FROM t JOIN tr e ON e.src = t.id WHERE t.d < {hops})"
            ),
            Self::Follow { layers, window_secs: w, stop } => {
                let (hub, floor) = stop.map_or_else(Default::default, |stop| stop.clauses(dialect, w));
                format!(
                    "WITH RECURSIVE t(id, a, ts, d) AS (SELECT id, dst, ts, 0 FROM tr WHERE id = {seed} \
                     UNION SELECT e.id, e.dst, e.ts, t.d + 1 FROM t {hub} JOIN tr e ON e.src = t.a \
                     AND e.ts >= t.ts AND e.ts <= t.ts + {w} {floor} WHERE t.d < {layers})"
                )
            }
        }
    }

    const fn only(self) -> &'static str {
        match self {
            Self::Reach { .. } => "",
            Self::Follow { .. } => "WHERE d > 0",
        }
    }

    /// How many there are: what is timed, since no rows have to travel.
    #[must_use]
    pub fn count(self, dialect: Dialect, seed: u32) -> String {
        format!("{} SELECT count(DISTINCT id) FROM t {}", self.rows(dialect, seed), self.only())
    }

    /// Which they are: what is compared.
    #[must_use]
    pub fn ids(self, dialect: Dialect, seed: u32) -> String {
        format!("{} SELECT DISTINCT id FROM t {} ORDER BY id", self.rows(dialect, seed), self.only())
    }
}

impl Stop {
    /// Hub and floor as clauses. The hub is counted once per row of `t` and no further than needed.
    fn clauses(self, dialect: Dialect, w: u32) -> (String, String) {
        let sent = format!(
            "SELECT 1 FROM tr h WHERE h.src = t.a AND h.ts >= t.ts AND h.ts <= t.ts + {w} LIMIT {}",
            self.hub_above + 1
        );
        let count = format!("SELECT count(*) AS n FROM ({sent}) x");
        let (hub, floor) = (self.hub_above, self.floor);
        match dialect {
            Dialect::Postgres => {
                (format!("JOIN LATERAL ({count}) c ON c.n <= {hub}"), format!("AND e.amt >= {floor}"))
            }
            Dialect::Sqlite => (String::new(), format!("AND e.amt >= {floor} AND ({count}) <= {hub}")),
        }
    }
}

/// A database that holds the transfers in `tr(id, src, dst, ts, amt)`.
pub trait Engine {
    /// Name and version.
    fn name(&self) -> &str;
    /// How many the query finds behind `seed`.
    ///
    /// # Errors
    /// The database's.
    fn count(&mut self, query: Query, seed: u32) -> anyhow::Result<u64>;
    /// Which the query finds, upwards.
    ///
    /// # Errors
    /// The database's.
    fn ids(&mut self, query: Query, seed: u32) -> anyhow::Result<Vec<u32>>;
    /// Processor time of whoever runs the query.
    fn cpu(&self) -> &Cpu;
}

/// PostgreSQL with one connection; statements are prepared, so neither parsing nor planning is timed.
pub struct Pg {
    client: Client,
    prepared: HashMap<String, Statement>,
    cpu: Cpu,
    name: String,
}

impl std::fmt::Debug for Pg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

impl Pg {
    /// Loads the transfers with the index that serves all queries from the index alone.
    ///
    /// # Errors
    /// The database's.
    pub fn load(mut client: Client, rows: &[Transfer]) -> anyhow::Result<Self> {
        client.batch_execute(
            "SET statement_timeout = '120s'; CREATE UNLOGGED TABLE tr(id int, src int, dst int, ts int, amt bigint)",
        )?;
        let mut copy = std::io::BufWriter::with_capacity(1 << 20, client.copy_in("COPY tr FROM STDIN")?);
        for row in rows {
            writeln!(copy, "{}\t{}\t{}\t{}\t{}", row.id, row.from, row.to, row.at_secs, row.amount)?;
        }
        copy.into_inner().map_err(|e| e.into_error())?.finish()?;
        client.batch_execute(
            "CREATE INDEX ON tr(src, ts) INCLUDE (dst, id, amt); CREATE INDEX ON tr(id) INCLUDE (dst, ts)",
        )?;
        client.batch_execute("VACUUM (ANALYZE) tr")?;
        let pid: i32 = client.query_one("SELECT pg_backend_pid()", &[])?.try_get(0)?;
        let version: String = client.query_one("SHOW server_version", &[])?.try_get(0)?;
        let version = version.split(' ').next().unwrap_or_default().to_owned();
        Ok(Self {
            client,
            prepared: HashMap::new(),
            cpu: Cpu::process(u32::try_from(pid)?)?,
            name: format!("PostgreSQL {version} recursive CTE"),
        })
    }

    fn run(&mut self, text: String) -> anyhow::Result<Vec<postgres::Row>> {
        let statement = match self.prepared.get(&text) {
            Some(statement) => statement.clone(),
            None => {
                let statement = self.client.prepare(&text)?;
                self.prepared.insert(text, statement.clone());
                statement
            }
        };
        Ok(self.client.query(&statement, &[])?)
    }
}

impl Engine for Pg {
    fn name(&self) -> &str {
        &self.name
    }
    fn count(&mut self, query: Query, seed: u32) -> anyhow::Result<u64> {
        let rows = self.run(query.count(Dialect::Postgres, seed))?;
        let count: i64 = rows.first().context("a count has a row")?.try_get(0)?;
        Ok(u64::try_from(count)?)
    }
    fn ids(&mut self, query: Query, seed: u32) -> anyhow::Result<Vec<u32>> {
        let rows = self.run(query.ids(Dialect::Postgres, seed))?;
        rows.iter().map(|row| Ok(u32::try_from(row.try_get::<_, i32>(0)?)?)).collect()
    }
    fn cpu(&self) -> &Cpu {
        &self.cpu
    }
}

/// SQLite in this thread.
#[derive(Debug)]
pub struct Sqlite {
    connection: rusqlite::Connection,
    cpu: Cpu,
    name: String,
}

impl Sqlite {
    /// Loads the transfers into a new database at `path` (`:memory:` for none) with the same index.
    ///
    /// # Errors
    /// The database's.
    pub fn load(path: &Path, rows: &[Transfer]) -> anyhow::Result<Self> {
        let mut connection = rusqlite::Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA mmap_size = 4000000000; \
             PRAGMA cache_size = -400000; \
             CREATE TABLE tr(id INTEGER PRIMARY KEY, src INT, dst INT, ts INT, amt INT)",
        )?;
        connection.set_prepared_statement_cache_capacity(4_096);
        let tx = connection.transaction()?;
        {
            let mut insert = tx.prepare("INSERT INTO tr VALUES (?1, ?2, ?3, ?4, ?5)")?;
            for row in rows {
                insert.execute((row.id, row.from, row.to, row.at_secs, row.amount))?;
            }
        }
        tx.execute_batch("CREATE INDEX tr_s ON tr(src, ts, dst, amt); ANALYZE")?;
        tx.commit()?;
        let name = format!("SQLite {} recursive CTE", rusqlite::version());
        Ok(Self { connection, cpu: Cpu::this_thread()?, name })
    }
}

impl Engine for Sqlite {
    fn name(&self) -> &str {
        &self.name
    }
    fn count(&mut self, query: Query, seed: u32) -> anyhow::Result<u64> {
        let mut statement = self.connection.prepare_cached(&query.count(Dialect::Sqlite, seed))?;
        Ok(u64::try_from(statement.query_row([], |row| row.get::<_, i64>(0))?)?)
    }
    fn ids(&mut self, query: Query, seed: u32) -> anyhow::Result<Vec<u32>> {
        let mut statement = self.connection.prepare_cached(&query.ids(Dialect::Sqlite, seed))?;
        let ids = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<u32>, _>>()?;
        Ok(ids)
    }
    fn cpu(&self) -> &Cpu {
        &self.cpu
    }
}
