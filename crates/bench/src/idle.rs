//! Row B1: what the node weighs when nothing happens, and how soon it is ready.
//!
//! The database holds so many reports (one payment, three identifiers, a story each) and has delivered its
//! news; there are no partners, so nothing is on its way. Ready means that the portal's first page has been
//! answered.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use sandbox::node::Node;

use crate::clock::Stopwatch;
use crate::harness::{Verdict, worst};
use crate::intake::Scratch;
use crate::intake::callers::Stand;
use crate::kill::node::Server;
use crate::stats;

/// Kilobytes that may be resident.
const BAR_KB: u64 = 150 * 1_024;
/// Until ready.
const BAR_READY: Duration = Duration::from_secs(1);
/// Reports for which the bars are meant.
const BAR_REPORTS: u64 = 1_000_000;

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// How many reports lie in the database.
    #[arg(long, default_value_t = 10_000)]
    pub reports: u64,
    /// Starts, of which the median counts.
    #[arg(long, default_value_t = 5)]
    pub rounds: usize,
    /// Seconds without work before memory is read.
    #[arg(long, default_value_t = 5)]
    pub still: u64,
    /// The program; without it `qorgan` beside this one.
    #[arg(long)]
    pub binary: Option<PathBuf>,
}

/// Fills a database, starts the node on it several times, looks.
///
/// # Errors
/// A node that does not start.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let beside = std::env::current_exe()?.with_file_name("qorgan");
    let binary = options.binary.clone().unwrap_or(beside);
    if !binary.exists() {
        writeln!(out, "NOT RUN: needs `{}` (cargo build --release -p qorgan)", binary.display())?;
        return Ok(Verdict::Shown);
    }
    let scratch = Scratch::new(None)?;
    let stand = Stand::new(&scratch.0.join("data"))?;
    stand.fill(options.reports)?;
    stand.drain()?;
    drop(stand);
    let size = std::fs::metadata(scratch.0.join("data").join("qorgan.db"))?.len();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (mut ready, mut idle) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds.max(1) {
        let (ns, kb) = runtime.block_on(once(&binary, &scratch.0, options.still))?;
        ready.push(ns);
        idle.push(kb);
    }
    let (ns, kb) = (stats::median(&ready), stats::median(&idle));
    writeln!(out, "B1  {} reports, database {} MiB, {} starts", options.reports, size >> 20, ready.len())?;
    let all: Vec<String> = idle.iter().map(|kb| format!("{}", kb >> 10)).collect();
    let times: Vec<String> = ready.iter().map(|ns| stats::time(*ns)).collect();
    let mut verdicts = Vec::new();
    for (what, got, rounds, met, bar) in [
        ("resident, idle", format!("{} MiB", kb >> 10), all.join(" "), kb <= BAR_KB, "<= 150 MiB"),
        ("ready after", stats::time(ns), times.join(" "), Duration::from_nanos(ns) <= BAR_READY, "<= 1 s"),
    ] {
        let verdict = if met { Verdict::Met } else { Verdict::Missed };
        writeln!(
            out,
            "    {what:<15} {got:>10}  rounds {rounds}; bar {bar} at {BAR_REPORTS} reports: {verdict}"
        )?;
        verdicts.push(verdict);
    }
    if options.reports < BAR_REPORTS {
        writeln!(out, "    measured at fewer reports than the bar is meant for: shown, not judged")?;
        return Ok(Verdict::Shown);
    }
    Ok(worst(&verdicts))
}

/// Nanoseconds until the first page, and resident kilobytes afterwards.
async fn once(binary: &Path, dir: &Path, still: u64) -> anyhow::Result<(u64, u64)> {
    let server = Server::again(binary, dir)?;
    let watch = Stopwatch::start();
    let running = server.start().await?;
    let node = Node::new(&server.base())?;
    let page = node.http().get(server.base()).send().await?;
    let ns = watch.nanoseconds();
    anyhow::ensure!(page.status().is_success(), "the portal answers {}", page.status());
    page.bytes().await?;
    let wait = Duration::from_secs(still);
    tokio::time::timeout(wait, std::future::pending::<()>()).await.unwrap_or_default();
    let status = std::fs::read_to_string(format!("/proc/{}/status", running.id()))?;
    let resident =
        status.lines().find_map(|l| l.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok());
    running.stop()?;
    Ok((ns, resident.context("the system does not tell what is resident")?))
}
