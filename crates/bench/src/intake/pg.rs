//! The denominator: PostgreSQL and `pgbench`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::cluster::{self, Cluster};
use crate::harness::Cost;

const TABLES: &str = "
CREATE TABLE report(id bigserial PRIMARY KEY, at timestamptz default now(), body text);
CREATE TABLE ident(v text, report bigint, PRIMARY KEY(v, report));
CREATE TABLE audit(id bigserial PRIMARY KEY, report bigint, h bytea);
CREATE TABLE outbox(id bigserial PRIMARY KEY, report bigint, st int);";

const SCRIPT: &str = r"\set a random(1, 4000000000)
\set b random(1, 4000000000)
\set c random(1, 4000000000)
WITH r AS (INSERT INTO report(body) VALUES (repeat('x', 600)) RETURNING id),
 i AS (INSERT INTO ident SELECT 'id'||x, r.id FROM r, unnest(ARRAY[:a::bigint, :b, :c]) x ON CONFLICT DO NOTHING),
 a AS (INSERT INTO audit(report, h) SELECT id, '\x00000000000000000000000000000000'::bytea FROM r)
INSERT INTO outbox(report, st) SELECT id, 0 FROM r;
";

pub(super) struct Bench {
    pgbench: PathBuf,
    port: String,
    dir: PathBuf,
}

impl Bench {
    pub(super) fn new(cluster: &Cluster, dir: &Path) -> anyhow::Result<Self> {
        let bin = cluster::probe().map_err(|needs| anyhow::anyhow!("needs {}", needs.0))?;
        cluster.connect()?.batch_execute(TABLES)?;
        std::fs::write(dir.join("intake.sql"), SCRIPT)?;
        let url = cluster.url();
        let port = url.rsplit(':').next().and_then(|end| end.split('/').next()).context("no port")?;
        Ok(Self { pgbench: bin.join("pgbench"), port: port.to_owned(), dir: dir.to_path_buf() })
    }

    /// So many clients for so many seconds, each transaction's time logged.
    pub(super) fn run(&self, clients: u32, seconds: u64) -> anyhow::Result<Cost> {
        let mut command = Command::new(&self.pgbench);
        command.current_dir(&self.dir).args(["-h", "127.0.0.1", "-U", "postgres", "-n", "-M", "prepared"]);
        command.args(["-p", &self.port, "-f", "intake.sql", "-l", "--log-prefix=latency", "-j", "1"]);
        command.args(["-c", &clients.to_string(), "-T", &seconds.to_string(), "postgres"]);
        let done = command.output().context("cannot run `pgbench`")?;
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        ensure!(done.status.success(), "pgbench: {}", String::from_utf8_lossy(&done.stderr));
        let mut costs = Vec::new();
        for entry in std::fs::read_dir(&self.dir)? {
            let path = entry?.path();
            if path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("latency")) {
                let text = std::fs::read_to_string(&path)?;
                let micros = text.lines().filter_map(|l| l.split(' ').nth(2)?.parse::<u64>().ok());
                costs.extend(micros.map(|us| us * 1_000));
                std::fs::remove_file(&path)?;
            }
        }
        // `tps = 6456.12 (without initial connection time)`; in thousandths, as there are no floats here.
        let tps = said.lines().find_map(|l| l.strip_prefix("tps = ")?.split(' ').next());
        let (whole, part) = tps.and_then(|t| t.split_once('.')).context("pgbench names no rate")?;
        let thousandths: String = part.chars().chain("000".chars()).take(3).collect();
        let milli = whole.parse::<u128>()? * 1_000 + thousandths.parse::<u128>()?;
        let wall = u128::try_from(costs.len())? * 1_000_000_000_000 / milli.max(1);
        Ok(Cost::of_concurrent(u64::try_from(wall)?, &costs))
    }
}
