//! Row R5: orders to forty bad partners, in virtual time by the million and on real sockets by the ten thousand.
//!
//! The partners keep books of their own: what they truly hold, for which order, how often they acted. After the faults
//! have ended and the clocks have gone on, the platform's sums must be those of the books, no sum may have been asked
//! for or held twice, and no order may be forgotten: it is answered, or an officer sees that it is not. Two builds
//! that are broken on purpose come first and must be caught.

mod broken;
mod country;
mod doors;
mod fault;
mod judge;
mod ledger;
mod letters;
mod net;
mod office;
mod server;
mod sim;
mod sockets;
mod words;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use kernel::time::ManualClock;

use self::broken::Build;
use self::fault::Span;
use self::judge::Tally;
use self::sim::Setup;
use crate::clock::Stopwatch;
use crate::harness::{Verdict, worst};

/// How many partners there are.
const PARTNERS: usize = 40;
/// Faults end after three hours, and all must be settled half an hour after that.
const SPAN: Span = Span { faults_end: 3 * 3_600 };
const SETTLED: i64 = SPAN.faults_end + 2_400;
/// Reports of one batch: each batch is a world of its own.
const REPORTS: usize = 500;
/// Orders of a control run, at most.
const CONTROL_REPORTS: usize = 60;

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Orders in virtual time, at least.
    #[arg(long, default_value_t = 10_000)]
    pub orders: u64,
    /// Orders on real sockets, at least; 0 leaves them out.
    #[arg(long, default_value_t = 1_000)]
    pub sockets: u64,
    /// Decides everything that is drawn.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Batches at the same time; without it one for each processor.
    #[arg(long)]
    pub threads: Option<usize>,
    /// Folder of the databases; without it `/dev/shm` where there is one, since nothing here asks whether the disk
    /// keeps its word.
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// Reports of each batch.
    #[arg(long, default_value_t = REPORTS)]
    pub reports: usize,
    /// Leave the control runs out.
    #[arg(long)]
    pub no_control: bool,
}

struct Scratch(PathBuf);

impl Scratch {
    fn new(dir: Option<&Path>) -> anyhow::Result<Self> {
        let memory = Path::new("/dev/shm");
        let place = match dir {
            Some(dir) => dir.to_path_buf(),
            None if memory.is_dir() => memory.to_path_buf(),
            None => std::env::temp_dir(),
        };
        let path = place.join(format!("qorgan-bench-orders-{}", std::process::id()));
        std::fs::create_dir_all(&path).with_context(|| format!("cannot create `{}`", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs the controls, then the simulation.
///
/// # Errors
/// A platform that cannot be set up; the database's.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let scratch = Scratch::new(options.dir.as_deref())?;
    let clock = ManualClock::at(office::START);
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let template = runtime.block_on(office::template(&scratch.0, PARTNERS, &sim::clocks(&clock)))?;
    if !options.no_control && !control(options.seed, &template, out)? {
        writeln!(out, "R5  a broken build was not caught: nothing is judged")?;
        return Ok(Verdict::Missed);
    }
    let mut verdicts = Vec::new();
    if options.orders > 0 {
        verdicts.push(simulate(options, &template, out)?);
    }
    if options.sockets > 0 {
        verdicts.push(on_sockets(options, &scratch.0, out)?);
    }
    Ok(worst(&verdicts))
}

/// Real sockets, with faults for as long as so many orders need to meet them.
fn on_sockets(options: &Options, dir: &Path, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let faults_end = i64::try_from(options.sockets / 25)?.clamp(40, 300);
    let reports = usize::try_from(options.sockets.div_ceil(4))?;
    let setup = sockets::Setup {
        seed: options.seed,
        partners: PARTNERS,
        reports,
        span: Span { faults_end },
        build: Build::True,
    };
    let watch = Stopwatch::start();
    let tally = sockets::run(&setup, dir)?;
    writeln!(
        out,
        "R5  orders to {PARTNERS} bad partners on real sockets, seed {}, faults for {faults_end} s",
        options.seed
    )?;
    show(out, &tally, watch.elapsed().as_secs())
}

fn setup(seed: u64, build: Build) -> Setup {
    Setup { seed, partners: PARTNERS, reports: REPORTS, span: SPAN, settled: SETTLED, build }
}

/// Whether each broken build is caught, by what it should be caught by.
fn control(seed: u64, template: &Path, out: &mut dyn Write) -> anyhow::Result<bool> {
    let mut caught = true;
    for build in [Build::BelievesOk, Build::NewIds] {
        let setup = Setup { reports: CONTROL_REPORTS, ..setup(seed, build) };
        let tally = sim::run(&setup, template, 0)?;
        let by = if build == Build::NewIds { tally.double } else { tally.lost };
        let word = if by > 0 { "caught" } else { "NOT CAUGHT" };
        writeln!(
            out,
            "control: {}: {word}, {} double effects, {} lost of {} orders",
            build.as_str(),
            tally.double,
            tally.lost,
            tally.orders
        )?;
        caught &= by > 0;
    }
    Ok(caught)
}

fn simulate(options: &Options, template: &Path, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let setup = Setup { reports: options.reports, ..setup(options.seed, Build::True) };
    let watch = Stopwatch::start();
    let hands = options.threads.or_else(|| std::thread::available_parallelism().ok().map(Into::into));
    let (next, opened) = (AtomicU64::new(0), AtomicU64::new(0));
    let work = || -> anyhow::Result<Tally> {
        let mut mine = Tally::default();
        while opened.load(Ordering::SeqCst) < options.orders {
            let number = next.fetch_add(1, Ordering::SeqCst);
            let tally = sim::run(&setup, template, number).with_context(|| format!("batch {number}"))?;
            let so_far = opened.fetch_add(tally.orders, Ordering::SeqCst) + tally.orders;
            progress(number, so_far, options.orders, &tally, watch.elapsed().as_secs());
            mine.add(&tally);
        }
        Ok(mine)
    };
    let mut all = Tally::default();
    std::thread::scope(|scope| {
        let started: Vec<_> = (0..hands.unwrap_or(1).max(1)).map(|_| scope.spawn(work)).collect();
        for hand in started {
            let mine = hand.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a worker died")))?;
            all.add(&mine);
        }
        anyhow::Ok(())
    })?;
    let batches = next.load(Ordering::SeqCst);
    writeln!(
        out,
        "R5  orders to {PARTNERS} bad partners in virtual time, seed {}, {batches} batches",
        options.seed
    )?;
    show(out, &all, watch.elapsed().as_secs())
}

/// How far it is, on standard error: a million takes hours, and what was found so far should not wait for the end.
fn progress(batch: u64, so_far: u64, of: u64, tally: &Tally, secs: u64) {
    let mut err = std::io::stderr().lock();
    // Whoever closed it does not want to know.
    let _ = writeln!(
        err,
        "batch {batch}: {} orders, {} double, {} lost; {so_far} of {of} orders, {secs} s",
        tally.orders, tally.double, tally.lost
    );
}

/// Prints what came of it, and judges.
fn show(out: &mut dyn Write, all: &Tally, secs: u64) -> anyhow::Result<Verdict> {
    let tries = (all.order_posts * 100).checked_div(all.orders).unwrap_or(0);
    writeln!(
        out,
        "    {} orders; {} messages posted, {} of them orders: {}.{:02} tries an order",
        all.orders,
        all.posts,
        all.order_posts,
        tries / 100,
        tries % 100
    )?;
    writeln!(
        out,
        "    {} answers kept; {} requests of partners, {} of them refused; {} messages of ours not believed",
        all.answers, all.letters, all.refused, all.unsigned
    )?;
    writeln!(out, "    {} faults injected:", all.injected.total())?;
    for (fault, n) in all.injected.all() {
        writeln!(out, "      {:>9}  {}", n, fault.as_str())?;
    }
    writeln!(out, "    {} at a partner that never came back: shown to officers as late", all.shown)?;
    for complaint in &all.complaints {
        writeln!(out, "    {complaint}")?;
    }
    let rate = all.orders.checked_div(secs.max(1)).unwrap_or(0);
    writeln!(out, "    {secs} s, {rate} orders/s")?;
    writeln!(out, "    double effects {} (bar: 0), lost {} (bar: 0)", all.double, all.lost)?;
    let met = all.is_clean() && all.unsigned == 0 && all.orders > 0;
    let verdict = if met { Verdict::Met } else { Verdict::Missed };
    writeln!(out, "    {verdict}")?;
    Ok(verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same world as the bench's, with fewer orders and less time.
    fn small(build: Build) -> Setup {
        let span = Span { faults_end: 900 };
        Setup { reports: 15, span, settled: 2_700, ..setup(7, build) }
    }

    #[test]
    fn the_platform_is_clean_and_broken_builds_are_caught() {
        let scratch = Scratch::new(None).unwrap();
        let clock = ManualClock::at(office::START);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let clocks = sim::clocks(&clock);
        let made = office::template(&scratch.0, PARTNERS, &clocks);
        let template = runtime.block_on(made).unwrap();
        let run = |build| sim::run(&small(build), &template, 0).unwrap();
        let once = run(Build::True);
        assert!(once.is_clean() && once.unsigned == 0, "{:#?}", once.complaints);
        assert!(once.orders >= 60 && once.answers > 0 && once.refused > 0, "{once:?}");
        assert_eq!(run(Build::True), once, "the same seed gives the same run");
        assert!(run(Build::BelievesOk).lost > 0);
        assert!(run(Build::NewIds).double > 0);
    }
}
