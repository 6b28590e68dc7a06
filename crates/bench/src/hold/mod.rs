//! Row H1: what share of stolen money is held, and how soon, in the simulated country in virtual time.
//!
//! First the calibration: with the hand-offs of today the model must give the published rates, with one file
//! of flow parameters for every world. Only if both are hit is the platform run at all, on the same seeds.

mod falsely;
mod first;
mod law;
mod matter;
mod ours;
mod outcome;
mod show;

use std::io::Write;
use std::sync::Arc;

use anyhow::Context as _;
use kernel::Asset;
use profile::Profile;
use sandbox::flow::Flow;
use sandbox::moment::Moment;
use sandbox::world::office::{self, Office, Outcome};
use sandbox::world::{Setup, World};

pub use first::Claimed;
pub use law::{DaySum, Law, Standing, TellsPayer};
pub use matter::{Rumour, Wronged};
pub use ours::{work, work_beside};
pub use outcome::{Ours, share};

use crate::harness::Verdict;

/// How far a calibration may be from what is published, in permille.
const TOLERANCE: i64 = 20;
/// The bar: hold rate in permille, and seconds to hold at the median and at nine of ten.
const BAR_PERMILLE: i64 = 250;
const BAR_P50: i64 = 300;
const BAR_P90: i64 = 900;
/// The standing approval that `demo-init` signs, in tiyn.
const STANDING: Standing = Standing { per_order: 2_000_000_000, per_day: 500_000_000_000, hops: 5 };
/// When every world begins: a Monday morning.
const START: &str = "2026-11-23T09:00:00+05:00";

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// How many seeds, from 1.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    pub seeds: u64,
    /// Victims of each world.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(10..=20_000))]
    pub losses: u64,
    /// Seeds for each half-more-half-less world; 0 leaves them out.
    #[arg(long, default_value_t = 5)]
    pub vary: u64,
    /// Print every parameter with its source.
    #[arg(long)]
    pub parameters: bool,
}

/// Everything a run needs.
#[derive(Debug)]
pub(crate) struct Stand {
    pub(crate) flow: Flow,
    pub(crate) kz: Office,
    pub(crate) best: Office,
    pub(crate) qorgan: Office,
    pub(crate) law: Law,
    pub(crate) from: Moment,
    losses: u64,
}

impl Stand {
    pub(crate) fn new(losses: u64) -> anyhow::Result<Self> {
        let mut offices = office::committed()?;
        let mut named = |name: &str| offices.remove(name).with_context(|| format!("no office `{name}`"));
        let country = Profile::embedded("kz").map_err(|e| anyhow::anyhow!("profile `kz`: {e}"))?;
        let from = Moment::parse(START).context("the start is no time")?;
        let limits = *country.limits(kernel::Timestamp::from_micros(from.0)).context("no limits")?;
        let asset: Asset = country.currency();
        let (day, payer) = (DaySum::CanStillBeHeld, TellsPayer::AsPeopleKnow);
        let law = Law { asset, limits, standing: STANDING, day, payer };
        let (kz, best, qorgan) = (named("kz_today")?, named("best_today")?, named("qorgan")?);
        Ok(Self { flow: Flow::committed()?, kz, best, qorgan, law, from, losses })
    }

    pub(crate) fn world(&self, flow: &Arc<Flow>, seed: u64) -> World {
        World::new(Setup { losses: self.losses, ..Setup::small(seed, Arc::clone(flow), self.from) })
    }

    fn today(&self, office: &Office, seed: u64) -> anyhow::Result<Outcome> {
        Ok(office::work(office, &mut self.world(&Arc::new(self.flow.clone()), seed), seed))
    }

    pub(crate) fn ours(&self, flow: &Arc<Flow>, office: &Office, seed: u64) -> anyhow::Result<Ours> {
        work(&self.law, office, &mut self.world(flow, seed), seed).with_context(|| format!("seed {seed}"))
    }

    /// All seeds of one flow and office together.
    pub(crate) fn all(&self, flow: Flow, office: &Office, seeds: u64) -> anyhow::Result<Ours> {
        let flow = Arc::new(flow);
        let each = in_parallel(seeds, |seed| self.ours(&flow, office, seed))?;
        let mut sum = Ours::default();
        each.iter().for_each(|one| sum.add(one));
        Ok(sum)
    }
}

/// Runs seeds 1 to `seeds` on all processors; results in order of the seeds.
pub(crate) fn in_parallel<T: Send>(
    seeds: u64,
    run: impl Fn(u64) -> anyhow::Result<T> + Sync,
) -> anyhow::Result<Vec<T>> {
    let hands = std::thread::available_parallelism().map_or(1, |n| u64::try_from(n.get()).unwrap_or(1));
    let run = &run;
    let mut done = std::thread::scope(|scope| {
        let work =
            |hand: u64| move || (1..=seeds).filter(|s| s % hands == hand).map(|s| Ok((s, run(s)?))).collect();
        let started: Vec<_> = (0..hands).map(|hand| scope.spawn(work(hand))).collect();
        started
            .into_iter()
            .map(|hand| hand.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a worker died"))))
            .collect::<anyhow::Result<Vec<Vec<(u64, T)>>>>()
    })?
    .into_iter()
    .flatten()
    .collect::<Vec<_>>();
    done.sort_by_key(|(seed, _)| *seed);
    Ok(done.into_iter().map(|(_, outcome)| outcome).collect())
}

/// Mean of the seeds' rates, in permille.
fn mean(rates: &[i64]) -> i64 {
    let count = i64::try_from(rates.len()).unwrap_or(1).max(1);
    (rates.iter().sum::<i64>() + count / 2) / count
}

/// Calibrates, and if that succeeds measures.
///
/// # Errors
/// When a file is not as it should be, or books do not agree.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let stand = Stand::new(options.losses)?;
    let seeds = options.seeds;
    writeln!(out, "H1  share of loss held, {seeds} seeds of {} victims, virtual time", options.losses)?;
    if options.parameters {
        show::parameters(out, &stand)?;
    }
    writeln!(out, "calibration: the hand-offs of today, the platform not run yet")?;
    let mut today = Vec::new();
    for office in [&stand.kz, &stand.best] {
        let outcomes = in_parallel(seeds, |seed| stand.today(office, seed))?;
        let rates: Vec<i64> = outcomes.iter().map(Outcome::permille).collect();
        let (got, published) = (mean(&rates), office.published_permille.context("nothing is published")?);
        let hit = (got - published).abs() <= TOLERANCE;
        let word = if hit { "hit" } else { "MISSED" };
        writeln!(out, "    {}", office.name)?;
        writeln!(out, "      published {}  model {}  {word}", show::percent(published), show::percent(got))?;
        writeln!(out, "      {}", office.published_source)?;
        today.push((outcomes, hit));
    }
    if today.iter().any(|(_, hit)| !hit) {
        writeln!(out, "the calibration is missed: the platform is not run, nothing is judged")?;
        return Ok(Verdict::Missed);
    }
    let flow = Arc::new(stand.flow.clone());
    let ours = in_parallel(seeds, |seed| stand.ours(&flow, &stand.qorgan, seed))?;
    show::seeds(out, &today, &ours)?;
    let mut all = Ours::default();
    ours.iter().for_each(|one| all.add(one));
    let rate = mean(&ours.iter().map(Ours::permille).collect::<Vec<_>>());
    let verdict = show::verdict(out, rate, &all)?;
    show::bounds(out, &stand, &all, seeds.min(options.vary.max(1)))?;
    if options.vary > 0 {
        show::variations(out, &stand, options.vary)?;
    }
    Ok(verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platform_and_the_ledger_agree_to_the_tiyn_and_twice_gives_the_same() {
        let stand = Stand::new(150).unwrap();
        let flow = Arc::new(stand.flow.clone());
        let once = stand.ours(&flow, &stand.qorgan, 3).unwrap();
        assert_eq!(stand.ours(&flow, &stand.qorgan, 3).unwrap(), once);
        assert!(once.held > 0 && once.held < once.lost, "{once:?}");
        assert!(once.hops > 0, "no hop opened by itself");
        let ended: i64 = once.ends.values().sum();
        // A wrong amount is told by a victim now and then, so the trail's sum is not quite the truth.
        assert!((once.lost..once.lost + once.lost / 50).contains(&ended), "{ended} {once:?}");
    }

    #[test]
    fn nothing_goes_out_beyond_the_standing_approval() {
        let mut stand = Stand::new(60).unwrap();
        let flow = Arc::new(stand.flow.clone());
        stand.law.standing = Standing { per_order: 1, ..STANDING };
        let none = stand.ours(&flow, &stand.qorgan, 1).unwrap();
        assert_eq!((none.orders, none.held), (0, 0));
        assert!(none.waits["order_cap"] > 0);
        stand.law.standing = Standing { hops: 1, ..STANDING };
        let first = stand.ours(&flow, &stand.qorgan, 1).unwrap();
        assert_eq!(first.hops, 0);
        assert!(first.orders > 0 && first.waits["hop"] > 0);
    }
}
