//! Rows I1 and I2: a report is taken durably, and how long a lone one waits.
//!
//! The denominator is PostgreSQL taking report, three identifiers, record and news in one prepared statement
//! from 32 clients of `pgbench`. Ours is the real verb, [`report::service::file`]: access check, recognition
//! in the story, sealing under a fresh key, payment, three sightings, record, news. The lean variant writes
//! the denominator's bare rows through [`db`], to show what the rest costs.

pub(crate) mod callers;
mod lean;
mod pg;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::cluster::{Cluster, SETTINGS};
use crate::harness::{Bar, By, Cost, LEAST_ROUNDS, Round, Row, Verdict, worst};
use crate::stats::{Ratio, time};
use crate::{clock, durable};

/// Clients of the denominator.
const CLIENTS: u32 = 32;

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Seconds of one side of one round.
    #[arg(long, default_value_t = 3)]
    pub seconds: u64,
    /// How many rounds; at least five are run.
    #[arg(long, default_value_t = 5)]
    pub rounds: usize,
    /// Folder for both databases; on the disk that is to be measured.
    #[arg(long)]
    pub dir: Option<PathBuf>,
}

/// A folder that is removed at the end.
#[derive(Debug)]
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new(dir: Option<&Path>) -> anyhow::Result<Self> {
        let place = dir.map_or_else(std::env::temp_dir, Path::to_path_buf);
        let path = place.join(format!("qorgan-bench-intake-{}", std::process::id()));
        std::fs::create_dir_all(&path).with_context(|| format!("cannot create `{}`", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Costs of one round, and processor time of this process for one report of ours and of the lean one.
#[derive(Debug)]
struct Measured {
    theirs: Cost,
    full: [Cost; 2],
    lean: [Cost; 2],
    cpu_ns: [u64; 2],
    syncs: Cost,
}

/// Measures both rows.
///
/// # Errors
/// A side that does not work; a report that is not found afterwards.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let scratch = Scratch::new(options.dir.as_deref())?;
    let cluster = Cluster::start(SETTINGS)?;
    let pg = pg::Bench::new(&cluster, &scratch.0)?;
    let full = callers::Stand::new(&scratch.0.join("full"))?;
    let lean = lean::Stand::new(&scratch.0.join("lean"))?;
    let mut rounds = Vec::new();
    for _ in 0..options.rounds.max(LEAST_ROUNDS) {
        let syncs = durable::fdatasync(&scratch.0, 300)?;
        let theirs = pg.run(CLIENTS, options.seconds)?;
        let (first, cpu_full) = spent(|| full.run(32, options.seconds))?;
        let lean_few = lean.run(full.runtime(), 32, options.seconds)?;
        let second = full.run(1_000, options.seconds)?;
        let (lean_many, cpu_lean) = spent(|| lean.run(full.runtime(), 1_000, options.seconds))?;
        rounds.push(Measured {
            theirs,
            full: [first, second],
            lean: [lean_few, lean_many],
            cpu_ns: [cpu_full, cpu_lean],
            syncs,
        });
    }
    let taken = full.check()?;
    let (syncs, alone) = lone(&full, &scratch.0, options.rounds.max(LEAST_ROUNDS))?;
    show(out, &rounds, taken)?;
    judge(out, &rounds, &syncs, &alone)
}

/// Runs, and says how much processor time of this process one operation took.
fn spent(work: impl FnOnce() -> anyhow::Result<Cost>) -> anyhow::Result<(Cost, u64)> {
    let before = clock::process_cpu()?;
    let cost = work()?;
    let ns = clock::process_cpu()?.saturating_sub(before);
    let each = ns.checked_div(cost.operations()).unwrap_or(0);
    Ok((cost, each))
}

/// One report at a time against one `fdatasync` at a time.
fn lone(full: &callers::Stand, dir: &Path, rounds: usize) -> anyhow::Result<(Vec<Cost>, Vec<Cost>)> {
    let (mut syncs, mut alone) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        syncs.push(durable::fdatasync(dir, 300)?);
        alone.push(full.alone(300)?);
    }
    Ok((syncs, alone))
}

fn per_second(cost: &Cost) -> u64 {
    1_000_000_000_u64.checked_div(cost.mean_ns()).unwrap_or(0)
}

/// Everything in one table, round by round.
fn show(out: &mut dyn Write, rounds: &[Measured], taken: u64) -> anyhow::Result<()> {
    writeln!(
        out,
        "durable intake, operations a second (p99); {taken} reports of ours found afterwards, none missing"
    )?;
    writeln!(
        out,
        "  fdatasync | PostgreSQL, 32 clients | ours, 32 callers | ours, 1,000 | lean, 32 | lean, 1,000 | CPU a report: ours, lean"
    )?;
    for r in rounds {
        let side = |cost: &Cost| format!("{} ({})", per_second(cost), time(cost.p99_ns()));
        let [few, many] = &r.full;
        let [lean_few, lean_many] = &r.lean;
        let [cpu, cpu_lean] = r.cpu_ns;
        writeln!(
            out,
            "  {} | {} | {} | {} | {} | {} | {}, {}",
            per_second(&r.syncs),
            side(&r.theirs),
            side(few),
            side(many),
            side(lean_few),
            side(lean_many),
            time(cpu),
            time(cpu_lean)
        )?;
    }
    Ok(())
}

fn judge(
    out: &mut dyn Write,
    rounds: &[Measured],
    syncs: &[Cost],
    alone: &[Cost],
) -> anyhow::Result<Verdict> {
    let pairs = |pick: fn(&Measured) -> Option<&Cost>| -> Vec<Round> {
        let pair = |m: &Measured| Some(Round { theirs: m.theirs.clone(), ours: pick(m)?.clone() });
        rounds.iter().filter_map(pair).collect()
    };
    let row = |work: &str, by, bar| Row {
        id: "I1",
        work: work.to_owned(),
        denominator: "PostgreSQL, one prepared statement, 32 clients (pgbench)".to_owned(),
        by,
        bar,
    };
    let (twice, no_slower) = (Bar::AtLeast(Ratio::times(2)), Bar::AtMost(Ratio::times(1)));
    let few: fn(&Measured) -> Option<&Cost> = |m| m.full.first();
    let many: fn(&Measured) -> Option<&Cost> = |m| m.full.get(1);
    let lean_few: fn(&Measured) -> Option<&Cost> = |m| m.lean.first();
    let lean_many: fn(&Measured) -> Option<&Cost> = |m| m.lean.get(1);
    let mut verdicts = Vec::new();
    for (work, pick, by, bar) in [
        ("the real verb, 32 callers, wall time a report", few, By::Mean, twice),
        ("the real verb, 32 callers, p99", few, By::P99, no_slower),
        ("the real verb, 1,000 callers, wall time a report", many, By::Mean, Bar::None),
        ("the real verb, 1,000 callers, p99", many, By::P99, Bar::None),
        ("bare rows, 32 callers, wall time a report", lean_few, By::Mean, Bar::None),
        ("bare rows, 32 callers, p99", lean_few, By::P99, Bar::None),
        ("bare rows, 1,000 callers, wall time a report", lean_many, By::Mean, Bar::None),
    ] {
        verdicts.push(row(work, by, bar).print(out, &pairs(pick))?);
    }
    let lone = Row {
        id: "I2",
        work: "a lone report, from call to acknowledgement".to_owned(),
        denominator: "one fdatasync of a 4 KiB append".to_owned(),
        by: By::P50,
        bar: Bar::AtMost(Ratio::milli(1_500)),
    };
    let pairs: Vec<Round> =
        syncs.iter().zip(alone).map(|(s, a)| Round { theirs: s.clone(), ours: a.clone() }).collect();
    verdicts.push(lone.print(out, &pairs)?);
    Ok(worst(&verdicts))
}
