//! Rows T1 to T4: following money through a million transfers and more.

use std::hint::black_box;
use std::io::Write;

use anyhow::{Context, bail, ensure};
use flat::{Floor, Rules, Scratch, Start, Transfer, Transfers};

use crate::clock::{self, Cpu};
use crate::cluster::{Cluster, SETTINGS};
use crate::engine::{Engine, Pg, Query, Sqlite, Stop};
use crate::harness::{Bar, By, Cost, LEAST_ROUNDS, Round, Row, Verdict, worst};
use crate::igraph::Igraph;
use crate::power_law;
use crate::stats::Ratio;

const DAY: u32 = 86_400;
/// Bytes per transfer of the topology, row T4.
const MOST_BYTES: usize = 16;

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// How many transfers.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1_000..=100_000_000))]
    pub transfers: u32,
    /// How many seed transfers.
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..=200))]
    pub seeds: u32,
    /// How many rounds; at least five are run.
    #[arg(long, default_value_t = 5)]
    pub rounds: usize,
    /// Measure against SQLite too (row T2).
    #[arg(long)]
    pub sqlite: bool,
    /// Measure against igraph, too (row T2): a Python that has it.
    #[arg(long)]
    pub igraph: Option<std::path::PathBuf>,
}

/// One question and whether its ratio is judged.
#[derive(Debug, Clone, Copy)]
struct Case {
    label: &'static str,
    query: Query,
    judged: bool,
}

/// The questions, the judged ones last.
fn cases() -> Vec<Case> {
    let reach = |label, hops| Case { label, query: Query::Reach { hops }, judged: false };
    let follow = |label, days, stop, judged| {
        let query = Query::Follow { layers: 6, window_secs: days * DAY, stop };
        Case { label, query, judged }
    };
    // 1,000 tenge in tiyn, and the busiest accounts of a month.
    let stop = Stop { floor: Floor::at_most(100_000).minor(), hub_above: 50 };
    vec![
        reach("accounts within 3 hops", 3),
        reach("accounts within 4 hops", 4),
        follow("transfers, 6 layers, 7 days", 7, None, false),
        follow("transfers, 6 layers, 14 days", 14, None, false),
        follow("transfers, 6 layers, 30 days", 30, None, true),
        follow("transfers, 6 layers, 30 days, amount floor, hubs", 30, Some(stop), true),
    ]
}

/// The same question put to the graph.
#[derive(Debug)]
pub struct Ours {
    graph: Transfers,
    scratch: Scratch,
}

impl Ours {
    /// Packs the transfers.
    ///
    /// # Errors
    /// [`flat::FlatError`].
    pub fn load(accounts: u32, rows: &[Transfer]) -> anyhow::Result<Self> {
        Ok(Self { graph: Transfers::build(accounts, rows.iter().copied())?, scratch: Scratch::default() })
    }

    /// Which the query finds behind `seed`, in no particular order.
    pub fn ids(&mut self, query: Query, seed: &Transfer) -> Vec<u32> {
        match query {
            Query::Reach { hops } => self.graph.reach(&mut self.scratch, seed.to, hops, usize::MAX).accounts,
            Query::Follow { layers, window_secs, stop } => {
                let mut rules = Rules::plain(window_secs, layers);
                if let Some(stop) = stop {
                    rules.floor = Floor::at_most(stop.floor);
                    rules.hub_above = Some(stop.hub_above);
                }
                let start = Start { account: seed.to, at_secs: seed.at_secs };
                self.graph.forward(&mut self.scratch, start, &rules).ids
            }
        }
    }
}

/// Compares every result set, identifier by identifier; the mean size is returned.
///
/// # Errors
/// The first difference.
pub fn compare(
    engine: &mut dyn Engine,
    ours: &mut Ours,
    query: Query,
    seeds: &[Transfer],
) -> anyhow::Result<u64> {
    let mut total = 0_u64;
    for seed in seeds {
        let theirs = engine.ids(query, seed.id)?;
        let mut found = ours.ids(query, seed);
        found.sort_unstable();
        let equal = theirs == found;
        ensure!(
            equal,
            "{query:?} behind transfer {}: {} says {}, the graph says {}; nothing is timed",
            seed.id,
            engine.name(),
            theirs.len(),
            found.len()
        );
        // Also warms the statement that will be timed.
        ensure!(engine.count(query, seed.id)? == u64::try_from(found.len())?, "count and list disagree");
        total += u64::try_from(found.len())?;
    }
    Ok(total.checked_div(u64::try_from(seeds.len())?).unwrap_or(0))
}

/// Both ways of counting what one side spent.
#[derive(Debug)]
struct Spent {
    cpu: Cost,
    wall: Cost,
}

/// What the engine spent, seed by seed.
fn theirs(engine: &mut dyn Engine, query: Query, seeds: &[Transfer]) -> anyhow::Result<Spent> {
    let (mut cpu, mut wall) = (Vec::with_capacity(seeds.len()), Vec::with_capacity(seeds.len()));
    for seed in seeds {
        let before = engine.cpu().nanoseconds()?;
        let (count, ns) = clock::wall(|| engine.count(query, seed.id));
        black_box(count?);
        // One thread cannot work longer than the wall shows: what is more is the price of looking at the clock.
        cpu.push(engine.cpu().nanoseconds()?.saturating_sub(before).min(ns));
        wall.push(ns);
    }
    Ok(Spent { cpu: Cost::of_each(&cpu), wall: Cost::of_each(&wall) })
}

/// What we spent, seed by seed in turn: never the same seed twice in a row, so that caches do not flatter.
/// Searches are far shorter than the processor clock can tell, so they are timed by the wall and scaled by
/// what the whole round took of each.
fn mine(ours: &mut Ours, cpu: &Cpu, query: Query, seeds: &[Transfer]) -> anyhow::Result<Spent> {
    let pass = |ours: &mut Ours, sums: &mut [u64]| {
        for (seed, sum) in seeds.iter().zip(sums) {
            let (found, ns) = clock::wall(|| ours.ids(query, seed));
            black_box(found);
            *sum = sum.saturating_add(ns);
        }
    };
    let mut sums = vec![0_u64; seeds.len()];
    // The first pass only says how many are needed for a span that can be measured.
    let ((), first) = clock::wall(|| pass(ours, &mut sums));
    let passes = (50_000_000 / first.max(1)).clamp(2, 1_000);
    sums.fill(0);
    let (((), wall), spent) =
        cpu.during(|| clock::wall(|| (0..passes).for_each(|_| pass(ours, &mut sums))))?;
    let scaled = |numerator: u64, denominator: u64| {
        let scale = |sum: &u64| {
            let ns = u128::from(*sum) * u128::from(numerator)
                / u128::from(denominator.max(1))
                / u128::from(passes);
            u64::try_from(ns).unwrap_or(u64::MAX)
        };
        Cost::of_each(&sums.iter().map(scale).collect::<Vec<_>>())
    };
    Ok(Spent { cpu: scaled(spent.min(wall), wall), wall: scaled(1, 1) })
}

fn bar_for(id: &str, transfers: u32) -> Bar {
    match (id, transfers) {
        (_, ..1_000_000) => Bar::None,
        ("T1", ..10_000_000) => Bar::AtLeast(Ratio::times(50)),
        ("T1", _) => Bar::AtLeast(Ratio::times(100)),
        _ => Bar::AtLeast(Ratio::times(10)),
    }
}

fn against(
    id: &'static str,
    engine: &mut dyn Engine,
    ours: &mut Ours,
    seeds: &[Transfer],
    options: &Options,
    out: &mut dyn Write,
) -> anyhow::Result<Vec<Verdict>> {
    let cpu = Cpu::this_thread()?;
    let mut verdicts = Vec::new();
    for case in cases() {
        let mean = compare(engine, ours, case.query, seeds)?;
        writeln!(out, "\n{}: {mean} found on average, {} seeds, sets equal", case.label, seeds.len())?;
        let (mut on_cpu, mut on_wall) = (Vec::new(), Vec::new());
        for _ in 0..options.rounds.max(LEAST_ROUNDS) {
            let (theirs, ours) = (theirs(engine, case.query, seeds)?, mine(ours, &cpu, case.query, seeds)?);
            on_cpu.push(Round { theirs: theirs.cpu, ours: ours.cpu });
            on_wall.push(Round { theirs: theirs.wall, ours: ours.wall });
        }
        let row = |work: &str, by, bar| Row {
            id,
            work: format!("{}, {work}", case.label),
            denominator: engine.name().to_owned(),
            by,
            bar,
        };
        let bar = if case.judged { bar_for(id, options.transfers) } else { Bar::None };
        verdicts.push(row("CPU time", By::P50, bar).print(out, &on_cpu)?);
        verdicts.push(row("CPU time", By::Mean, Bar::None).print(out, &on_cpu)?);
        verdicts.push(row("wall time", By::P50, Bar::None).print(out, &on_wall)?);
    }
    Ok(verdicts)
}

/// Seeds spread over the first half of the transfers, so that enough time lies behind them.
fn pick_seeds(rows: &[Transfer], count: u32) -> anyhow::Result<Vec<Transfer>> {
    let all = rows.len();
    let step = (all / 2 / usize::try_from(count)?).max(1);
    (0..usize::try_from(count)?)
        .map(|i| rows.get((i * step + 17) % all).copied().context("no such seed"))
        .collect()
}

/// Runs the rows and prints them.
///
/// # Errors
/// When an engine fails or result sets differ.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let rows = power_law::transfers(options.transfers);
    let accounts = power_law::accounts(options.transfers);
    let (ours, built) = clock::wall(|| Ours::load(accounts, &rows));
    let mut ours = ours?;
    let seeds = pick_seeds(&rows, options.seeds)?;
    let (bytes, count) = (ours.graph.bytes(), ours.graph.len());
    if count != rows.len() {
        bail!("the graph holds {count} of {} transfers", rows.len());
    }
    writeln!(out, "{count} transfers between {accounts} accounts, packed in {}", crate::stats::time(built))?;
    let fits = bytes <= MOST_BYTES * count;
    let tenths = bytes * 10 / count;
    writeln!(out, "T4  topology in memory\n    figure      {}.{} B per transfer", tenths / 10, tenths % 10)?;
    writeln!(out, "    bar         <= {MOST_BYTES} B  {}", if fits { "met" } else { "MISSED" })?;
    let mut verdicts = vec![if fits { Verdict::Met } else { Verdict::Missed }];
    verdicts.push(crate::trail_http::run(accounts, &rows, &seeds, options.rounds, out)?);

    let cluster = Cluster::start(SETTINGS)?;
    {
        let mut pg = Pg::load(cluster.connect()?, &rows)?;
        verdicts.extend(against("T1", &mut pg, &mut ours, &seeds, options, out)?);
    }
    if options.sqlite {
        let path = std::env::temp_dir().join(format!("qorgan-bench-{}.sqlite", std::process::id()));
        let loaded = Sqlite::load(&path, &rows);
        let judged = loaded.and_then(|mut db| against("T2", &mut db, &mut ours, &seeds, options, out));
        let _ = std::fs::remove_file(&path);
        verdicts.extend(judged?);
    }
    match &options.igraph {
        Some(python) => verdicts.extend(against_igraph(python, &rows, &mut ours, &seeds, options, out)?),
        None => writeln!(out, "\nT2  igraph: NOT RUN: needs --igraph PYTHON")?,
    }
    Ok(worst(&verdicts))
}

/// Accounts within three and four hops, which is what igraph can be asked: it knows no time.
fn against_igraph(
    python: &std::path::Path,
    rows: &[Transfer],
    ours: &mut Ours,
    seeds: &[Transfer],
    options: &Options,
    out: &mut dyn Write,
) -> anyhow::Result<Vec<Verdict>> {
    let (igraph, cpu) = (Igraph::load(python, rows, seeds)?, Cpu::this_thread()?);
    let mut rounds: [Vec<Round>; 2] = [Vec::new(), Vec::new()];
    for _ in 0..options.rounds.max(LEAST_ROUNDS) {
        let said = igraph.ask()?;
        for ((hops, said), rounds) in [3, 4].into_iter().zip(said).zip(&mut rounds) {
            let query = Query::Reach { hops };
            for (seed, theirs) in seeds.iter().zip(&said.accounts) {
                let found = u64::try_from(ours.ids(query, seed).len())?;
                ensure!(
                    found == *theirs,
                    "within {hops} hops of transfer {}: igraph {theirs}, ours {found}",
                    seed.id
                );
            }
            rounds.push(Round { theirs: said.cost, ours: mine(ours, &cpu, query, seeds)?.cpu });
        }
    }
    let mut verdicts = Vec::new();
    for (hops, rounds) in [3, 4].into_iter().zip(rounds) {
        writeln!(out, "\naccounts within {hops} hops, counts equal")?;
        let row = |by, bar| Row {
            id: "T2",
            work: format!("accounts within {hops} hops, CPU time"),
            denominator: "igraph".to_owned(),
            by,
            bar,
        };
        let bar = if options.transfers < 1_000_000 { Bar::None } else { Bar::AtLeast(Ratio::times(2)) };
        verdicts.push(row(By::P50, bar).print(out, &rounds)?);
        verdicts.push(row(By::Mean, Bar::None).print(out, &rounds)?);
    }
    Ok(verdicts)
}
