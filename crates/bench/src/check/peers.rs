//! The denominators that hold as many keys: Redis and PostgreSQL.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, ensure};

use crate::cluster::{self, Cluster, Needs, SETTINGS};
use crate::harness::Cost;

/// Clients of each.
const CLIENTS: &str = "32";
const SELECT: &str = "\\set i random(1, KEYS)\nSELECT kind, level, case_id FROM ind WHERE v = 'id' || :i;\n";

pub(super) fn probe() -> Result<(), Needs> {
    cluster::probe()?;
    for program in ["redis-server", "redis-benchmark"] {
        let found =
            Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        found.map_err(|_| Needs("`redis-server` and `redis-benchmark`"))?;
    }
    Ok(())
}

pub(super) struct Peers {
    redis: Child,
    port: String,
    keys: u64,
    cluster: Cluster,
    pgbench: PathBuf,
}

impl Drop for Peers {
    fn drop(&mut self) {
        let _ = self.redis.kill();
        let _ = self.redis.wait();
    }
}

impl Peers {
    pub(super) fn start(keys: u64) -> anyhow::Result<Self> {
        let bin = cluster::probe().map_err(|needs| anyhow::anyhow!("needs {}", needs.0))?;
        // Bound to find a free port, and let go again.
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port().to_string();
        let redis = Command::new("redis-server")
            .args(["--port", &port, "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"])
            .stdout(Stdio::null())
            .spawn()?;
        let peers =
            Self { redis, port, keys, cluster: Cluster::start(SETTINGS)?, pgbench: bin.join("pgbench") };
        std::thread::park_timeout(Duration::from_secs(1));
        let all = keys.to_string();
        peers.redis(&[
            "-P",
            "64",
            "-c",
            "8",
            "-n",
            &all,
            "-r",
            &all,
            "-d",
            "24",
            "set",
            "key:__rand_int__",
            "xxxxxxxxxxxxxxxxxxxxxxxx",
        ])?;
        let table = format!(
            "CREATE TABLE ind(v text PRIMARY KEY, kind int, level int, case_id bigint); \
             INSERT INTO ind SELECT 'id' || i, i % 9, i % 4, i FROM generate_series(1, {keys}) i; ANALYZE ind;"
        );
        peers.cluster.connect()?.batch_execute(&table)?;
        Ok(peers)
    }

    fn redis(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let done =
            Command::new("redis-benchmark").args(["-p", &self.port, "--csv"]).args(arguments).output()?;
        ensure!(done.status.success(), "redis-benchmark: {}", String::from_utf8_lossy(&done.stderr));
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    }

    fn get(&self, requests: u64, more: &[&str]) -> anyhow::Result<Cost> {
        let (count, keys) = (requests.to_string(), self.keys.to_string());
        let mut arguments = vec!["-c", CLIENTS, "-n", &count, "-r", &keys];
        arguments.extend(more);
        arguments.extend(["get", "key:__rand_int__"]);
        let said = self.redis(&arguments)?;
        // The last line: `"get key:__rand_int__","37540.12","0.412",…`
        let rate =
            said.lines().last().and_then(|l| l.split("\",\"").nth(1)).context("redis names no rate")?;
        of_rate(rate, requests)
    }

    /// One `GET` after another on each connection.
    pub(super) fn one_by_one(&self) -> anyhow::Result<Cost> {
        self.get(150_000, &[])
    }

    /// Sixteen at once.
    pub(super) fn in_sixteens(&self) -> anyhow::Result<Cost> {
        self.get(1_500_000, &["-P", "16"])
    }

    /// A prepared look-up by key.
    pub(super) fn postgres(&self, seconds: u64) -> anyhow::Result<Cost> {
        let script = std::env::temp_dir().join(format!("qorgan-bench-select-{}.sql", std::process::id()));
        std::fs::write(&script, SELECT.replace("KEYS", &self.keys.to_string()))?;
        let url = self.cluster.url();
        let done = Command::new(&self.pgbench)
            .args(["-n", "-M", "prepared", "-c", "8", "-j", "1", "-T", &seconds.to_string(), "-f"])
            .arg(&script)
            .arg(&url)
            .output()?;
        std::fs::remove_file(&script)?;
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        ensure!(done.status.success(), "pgbench: {}", String::from_utf8_lossy(&done.stderr));
        let tps = said.lines().find_map(|l| l.strip_prefix("tps = ")?.split(' ').next());
        of_rate(tps.context("pgbench names no rate")?, 1_000_000)
    }
}

/// From operations a second, as text with a fraction.
fn of_rate(rate: &str, operations: u64) -> anyhow::Result<Cost> {
    let (whole, part) = rate.split_once('.').unwrap_or((rate, "0"));
    let thousandths: String = part.chars().chain("000".chars()).take(3).collect();
    let milli = whole.parse::<u128>()? * 1_000 + thousandths.parse::<u128>()?;
    ensure!(milli > 0, "nothing was done");
    let total = u128::from(operations) * 1_000_000_000_000 / milli;
    Ok(Cost::of_all(u64::try_from(total)?, operations))
}
