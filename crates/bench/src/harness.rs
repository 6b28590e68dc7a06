//! Alternating rounds, ratios, bars and how they are printed.

use std::fmt;
use std::io::Write;

use crate::stats::{self, Ratio};

/// Fewer rounds say too little on a noisy machine.
pub const LEAST_ROUNDS: usize = 5;

/// What one side spent in one round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    total_ns: u64,
    operations: u64,
    p50_ns: u64,
    p99_ns: u64,
}

impl Cost {
    /// From the time of each operation.
    #[must_use]
    pub fn of_each(ns: &[u64]) -> Self {
        let total_ns = ns.iter().fold(0_u64, |sum, ns| sum.saturating_add(*ns));
        let operations = u64::try_from(ns.len()).unwrap_or(u64::MAX);
        Self { total_ns, operations, p50_ns: stats::median(ns), p99_ns: stats::percentile(ns, 99) }
    }
    /// Many at once: the time of each, and the wall time of all together, which is what throughput turns over.
    #[must_use]
    pub fn of_concurrent(wall_ns: u64, ns: &[u64]) -> Self {
        Self { total_ns: wall_ns, ..Self::of_each(ns) }
    }
    /// From a whole: so many operations in so much time. Percentiles are then the mean.
    #[must_use]
    pub fn of_all(total_ns: u64, operations: u64) -> Self {
        let mean = total_ns.checked_div(operations).unwrap_or(0);
        Self { total_ns, operations, p50_ns: mean, p99_ns: mean }
    }
    /// Median time of an operation.
    #[must_use]
    pub const fn p50_ns(&self) -> u64 {
        self.p50_ns
    }
    /// Time that 99 of 100 operations stay below.
    #[must_use]
    pub const fn p99_ns(&self) -> u64 {
        self.p99_ns
    }
    /// Operations of the round.
    #[must_use]
    pub const fn operations(&self) -> u64 {
        self.operations
    }
    /// Mean time of an operation.
    #[must_use]
    pub fn mean_ns(&self) -> u64 {
        self.total_ns.checked_div(self.operations).unwrap_or(0)
    }
}

/// One A B pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The denominator.
    pub theirs: Cost,
    /// What is measured.
    pub ours: Cost,
}

/// Which figure of a [`Cost`] is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The median operation: a person waits for one.
    P50,
    /// The mean operation, which is throughput turned over.
    Mean,
    /// The slow tail.
    P99,
}

impl By {
    fn pick(self, cost: &Cost) -> u64 {
        match self {
            Self::P50 => cost.p50_ns(),
            Self::Mean => cost.mean_ns(),
            Self::P99 => cost.p99_ns(),
        }
    }
}

/// Runs both sides in turn: theirs, ours, theirs, ours, …; at least [`LEAST_ROUNDS`] times.
///
/// # Errors
/// The first error of either side.
pub fn alternate(
    rounds: usize,
    mut theirs: impl FnMut() -> anyhow::Result<Cost>,
    mut ours: impl FnMut() -> anyhow::Result<Cost>,
) -> anyhow::Result<Vec<Round>> {
    (0..rounds.max(LEAST_ROUNDS)).map(|_| Ok(Round { theirs: theirs()?, ours: ours()? })).collect()
}

/// What a row has to reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// Theirs divided by ours: so many times as fast.
    AtLeast(Ratio),
    /// Ours divided by theirs: at most so many times as long.
    AtMost(Ratio),
    /// Printed for information, judged by nobody.
    None,
}

impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(ratio) => write!(f, ">= {ratio}"),
            Self::AtMost(ratio) => write!(f, "<= {ratio}"),
            Self::None => f.write_str("none"),
        }
    }
}

/// One line of the table of bars.
#[derive(Debug, Clone)]
pub struct Row {
    /// Number of the row, `T1`.
    pub id: &'static str,
    /// What is done.
    pub work: String,
    /// Against what.
    pub denominator: String,
    /// Which figure is compared.
    pub by: By,
    /// What has to be reached.
    pub bar: Bar,
}

/// How a row came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The bar is reached.
    Met,
    /// The bar is missed.
    Missed,
    /// There is no bar.
    Shown,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Met => "met",
            Self::Missed => "MISSED",
            Self::Shown => "shown only",
        })
    }
}

/// Whether a whole bench passed: worst row first.
#[must_use]
pub fn worst(verdicts: &[Verdict]) -> Verdict {
    let has = |v| verdicts.contains(&v);
    if has(Verdict::Missed) {
        Verdict::Missed
    } else if has(Verdict::Met) {
        Verdict::Met
    } else {
        Verdict::Shown
    }
}

impl Row {
    /// Ratio of each round, the way round that the bar is written.
    #[must_use]
    pub fn ratios(&self, rounds: &[Round]) -> Vec<Ratio> {
        let ratio = |round: &Round| {
            let (theirs, ours) = (self.by.pick(&round.theirs).into(), self.by.pick(&round.ours).into());
            if matches!(self.bar, Bar::AtMost(_)) { Ratio::of(ours, theirs) } else { Ratio::of(theirs, ours) }
        };
        rounds.iter().filter_map(ratio).collect()
    }

    /// Median of the rounds' ratios; `None` without a usable round.
    #[must_use]
    pub fn ratio(&self, rounds: &[Round]) -> Option<Ratio> {
        let milli: Vec<u64> = self.ratios(rounds).into_iter().map(Ratio::as_milli).collect();
        (!milli.is_empty()).then(|| Ratio::milli(stats::median(&milli)))
    }

    /// Holds the median ratio against the bar. Rounds that could not be measured miss it.
    #[must_use]
    pub fn judge(&self, rounds: &[Round]) -> Verdict {
        let met = match (self.bar, self.ratio(rounds)) {
            (Bar::None, _) => return Verdict::Shown,
            (Bar::AtLeast(bar), Some(ratio)) => ratio >= bar,
            (Bar::AtMost(bar), Some(ratio)) => ratio <= bar,
            (_, None) => false,
        };
        if met { Verdict::Met } else { Verdict::Missed }
    }

    /// Prints figure, denominator, ratio and bar, and judges.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn print(&self, out: &mut dyn Write, rounds: &[Round]) -> std::io::Result<Verdict> {
        let verdict = self.judge(rounds);
        let side = |pick: fn(&Round) -> &Cost| {
            let all: Vec<u64> = rounds.iter().map(|r| self.by.pick(pick(r))).collect();
            stats::time(stats::median(&all))
        };
        let ratios: Vec<String> = self.ratios(rounds).iter().map(ToString::to_string).collect();
        let ratio = self.ratio(rounds).map_or_else(|| "not measured".to_owned(), |r| r.to_string());
        writeln!(out, "{:<3} {}", self.id, self.work)?;
        writeln!(
            out,
            "    figure      {:>10}  {:?}, median of {} rounds",
            side(|r| &r.ours),
            self.by,
            rounds.len()
        )?;
        writeln!(out, "    denominator {:>10}  {}", side(|r| &r.theirs), self.denominator)?;
        writeln!(out, "    ratio       {ratio:>10}  rounds {}", ratios.join(" "))?;
        writeln!(out, "    bar         {:>10}  {verdict}", self.bar.to_string())?;
        Ok(verdict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(bar: Bar) -> Row {
        Row { id: "X9", work: "work".into(), denominator: "them".into(), by: By::P50, bar }
    }
    fn rounds(pairs: &[(u64, u64)]) -> Vec<Round> {
        let cost = |ns| Cost::of_all(ns, 1);
        pairs.iter().map(|(a, b)| Round { theirs: cost(*a), ours: cost(*b) }).collect()
    }

    #[test]
    fn the_median_round_decides() {
        let rounds = rounds(&[(100, 10), (100, 1), (100, 50), (300, 10), (90, 10)]);
        let row = row(Bar::AtLeast(Ratio::times(10)));
        assert_eq!(row.ratio(&rounds), Some(Ratio::times(10)));
        assert_eq!(row.judge(&rounds), Verdict::Met);
        assert_eq!(Row { bar: Bar::AtLeast(Ratio::milli(10_001)), ..row }.judge(&rounds), Verdict::Missed);
    }

    #[test]
    fn at_most_turns_the_ratio_over() {
        let rounds = rounds(&[(10, 15), (10, 14), (10, 16)]);
        assert_eq!(row(Bar::AtMost(Ratio::milli(1_500))).judge(&rounds), Verdict::Met);
        assert_eq!(row(Bar::AtMost(Ratio::milli(1_499))).judge(&rounds), Verdict::Missed);
    }

    #[test]
    fn what_was_not_measured_is_missed() {
        assert_eq!(row(Bar::AtLeast(Ratio::times(1))).judge(&[]), Verdict::Missed);
        assert_eq!(row(Bar::AtLeast(Ratio::times(1))).judge(&rounds(&[(10, 0)])), Verdict::Missed);
        assert_eq!(row(Bar::None).judge(&[]), Verdict::Shown);
        assert_eq!(worst(&[Verdict::Met, Verdict::Missed, Verdict::Shown]), Verdict::Missed);
        assert_eq!(worst(&[Verdict::Shown]), Verdict::Shown);
    }

    #[test]
    fn sides_take_turns_and_never_fewer_than_five() {
        let order = std::cell::RefCell::new(String::new());
        let side = |letter: char| {
            order.borrow_mut().push(letter);
            Ok(Cost::of_each(&[1, 2, 9]))
        };
        let rounds = alternate(1, || side('A'), || side('B')).unwrap();
        assert_eq!((rounds.len(), order.into_inner().as_str()), (5, "ABABABABAB"));
        let cost = &rounds[0].ours;
        assert_eq!((cost.p50_ns(), cost.mean_ns(), cost.p99_ns(), cost.operations()), (2, 4, 2, 3));
    }

    #[test]
    fn printed_with_figure_denominator_ratio_and_bar() {
        let mut out = Vec::new();
        let row = row(Bar::AtLeast(Ratio::times(5)));
        assert_eq!(row.print(&mut out, &rounds(&[(4_000, 1_000)])).unwrap(), Verdict::Missed);
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            "X9  work\n    figure         1.00 us  P50, median of 1 rounds\n    denominator    4.00 us  them\n    \
             ratio            4.00x  rounds 4.00x\n    bar           >= 5.00x  MISSED\n"
        );
    }
}
