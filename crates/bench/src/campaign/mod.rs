//! Row S14: a campaign of false reports against innocents, in the simulated country in virtual time.
//!
//! Banks answer honestly by the ledger. Beside the victims of row H1 people report who lie: most have paid nothing, some
//! a little, some for goods, some name a payment that somebody else made. By the ledger it is known to the tiyn whose
//! money is held and who paid what.
//!
//! **Innocent held** is whoever cannot use money that the reporter has not truly paid to them. Where a reporter truly
//! paid and calls it fraud, the law lets that sum be held until its term, whoever is right: no bank can tell a sale from
//! a fraud by the payment. Those are counted beside it and not hidden.

mod crowd;
mod show;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Arc;

use sandbox::world::model::AccountId;

pub use crowd::{Crowd, False, Trick};

use crate::harness::Verdict;
use crate::hold::{DaySum, Ours, Stand, TellsPayer, Wronged, in_parallel, work, work_beside};

/// Innocents held, at most, in permille of all.
const BAR_HELD: i64 = 1;
/// Loss of the true hold rate, at most, in permille of itself.
const BAR_LOSS: i64 = 20;

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// How many seeds, from 1.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=100))]
    pub seeds: u64,
    /// Victims of each world who tell the truth.
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u64).range(10..=20_000))]
    pub losses: u64,
    /// False reports, within the first day.
    #[arg(long, default_value_t = 3_000)]
    pub reports: u64,
    /// Innocents whom they name.
    #[arg(long, default_value_t = 300)]
    pub innocents: u64,
    /// 10,000 false reports against 1,000 innocents beside 1,000 victims, on five seeds.
    #[arg(long)]
    pub full: bool,
}

/// Rules that the platform and the banks go by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    pub(crate) name: &'static str,
    pub(crate) day: DaySum,
    pub(crate) payer: TellsPayer,
}

/// From how it was to what is reached, and what is left.
const RULES: [Rules; 6] = [
    Rules { name: "as it was", day: DaySum::Asked, payer: TellsPayer::No },
    Rules {
        name: "the day's sum counts what can still be held",
        day: DaySum::CanStillBeHeld,
        payer: TellsPayer::No,
    },
    Rules {
        name: "and the bank compares the payer's institution",
        day: DaySum::CanStillBeHeld,
        payer: TellsPayer::House,
    },
    Rules {
        name: "and the payer's account, which everybody knows",
        day: DaySum::CanStillBeHeld,
        payer: TellsPayer::Everybody,
    },
    Rules {
        name: "the same as people know it; nothing is held for a payer nobody knows",
        day: DaySum::CanStillBeHeld,
        payer: TellsPayer::AsPeopleKnow,
    },
    Rules {
        name: "the same where liars know the account and telephone of whoever paid",
        day: DaySum::CanStillBeHeld,
        payer: TellsPayer::InsidersKnow,
    },
];
/// What the platform does today, by place among [`RULES`].
const TODAY: usize = 4;

/// What false reports of one kind did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Harm {
    /// Reports.
    pub reports: u64,
    /// Reports because of which something is held.
    pub held: u64,
    /// People of whom anything is held.
    pub touched: usize,
    /// People of whom money is held that the reporter has not paid.
    pub wronged: usize,
    /// Held, tiyn.
    pub sum: i64,
    /// Truly paid by reporters because of whom something is held, tiyn.
    pub paid: i64,
    /// Holds beyond what the report disputes.
    pub beyond: u64,
}

/// One kind of rule over all seeds.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) innocents: u64,
    pub(crate) harms: BTreeMap<Trick, Harm>,
    pub(crate) alone: Ours,
    pub(crate) beside: Ours,
    pub(crate) touched: usize,
    pub(crate) wronged: usize,
}

impl Outcome {
    /// Innocents wronged, in permille.
    pub(crate) fn wronged_permille(&self) -> i64 {
        crate::hold::share(i64::try_from(self.wronged).unwrap_or(i64::MAX), self.count())
    }
    fn count(&self) -> i64 {
        i64::try_from(self.innocents).unwrap_or(i64::MAX)
    }
    /// How much of the true hold rate is lost, in permille of itself.
    pub(crate) fn rate_lost(&self) -> i64 {
        crate::hold::share(self.alone.held - self.beside.held, self.alone.held)
    }
}

/// What each kind of report did; and of how many people anything is held, and of how many what nobody paid.
type Judged = (BTreeMap<Trick, Harm>, [usize; 2]);

fn judge(reports: &[False], holds: &[Wronged]) -> Judged {
    let mut harms: BTreeMap<Trick, Harm> = BTreeMap::new();
    let mut people: BTreeMap<Trick, [BTreeSet<AccountId>; 2]> = BTreeMap::new();
    let mut by_report: BTreeMap<usize, Vec<&Wronged>> = BTreeMap::new();
    holds.iter().for_each(|w| by_report.entry(w.rumour).or_default().push(w));
    for (no, report) in reports.iter().enumerate() {
        let harm = harms.entry(report.trick).or_default();
        harm.reports += 1;
        let Some(holds) = by_report.get(&no) else { continue };
        let sum: i64 = holds.iter().map(|w| w.held).sum();
        harm.held += 1;
        harm.sum += sum;
        harm.paid += report.paid;
        harm.beyond += u64::from(sum > report.rumour.claimed.amount);
        let [touched, wronged] = people.entry(report.trick).or_default();
        touched.extend(holds.iter().map(|w| w.account));
        if sum > report.paid {
            wronged.extend(holds.iter().map(|w| w.account));
        }
    }
    let mut all: [BTreeSet<AccountId>; 2] = Default::default();
    for (trick, [touched, wronged]) in people {
        let harm = harms.entry(trick).or_default();
        (harm.touched, harm.wronged) = (touched.len(), wronged.len());
        let [all_touched, all_wronged] = &mut all;
        all_touched.extend(touched);
        all_wronged.extend(wronged);
    }
    (harms, all.map(|set| set.len()))
}

/// One kind of rule on all seeds, with the campaign and without.
pub(crate) fn measure(options: &Options, rules: Rules) -> anyhow::Result<Outcome> {
    let mut stand = Stand::new(options.losses)?;
    (stand.law.day, stand.law.payer) = (rules.day, rules.payer);
    let flow = Arc::new(stand.flow.clone());
    let size = (options.innocents, options.reports);
    let each = in_parallel(options.seeds, |seed| {
        let alone = work(&stand.law, &stand.qorgan, &mut stand.world(&flow, seed), seed)?;
        let mut world = stand.world(&flow, seed);
        let crowd = Crowd::new(&mut world, seed, size, rules.payer)?;
        let rumours: Vec<_> = crowd.reports.iter().map(|r| r.rumour.clone()).collect();
        let (beside, wronged) = work_beside(&stand.law, &stand.qorgan, &mut world, seed, &rumours)?;
        Ok((alone, beside, judge(&crowd.reports, &wronged)))
    })?;
    let mut sum = Outcome { innocents: options.innocents * options.seeds, ..Outcome::default() };
    for (alone, beside, (harms, [touched, wronged])) in each {
        sum.alone.add(&alone);
        sum.beside.add(&beside);
        sum.touched += touched;
        sum.wronged += wronged;
        for (trick, harm) in harms {
            let of = sum.harms.entry(trick).or_default();
            of.reports += harm.reports;
            of.held += harm.held;
            of.sum += harm.sum;
            of.paid += harm.paid;
            of.beyond += harm.beyond;
            of.touched += harm.touched;
            of.wronged += harm.wronged;
        }
    }
    Ok(sum)
}

/// Measures every rule, and judges what the platform does today.
///
/// # Errors
/// When books do not agree.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let full = Options { seeds: 5, losses: 1_000, reports: 10_000, innocents: 1_000, full: true };
    let options = if options.full { &full } else { options };
    show::head(out, options)?;
    let mut verdict = Verdict::Missed;
    for (no, rules) in RULES.into_iter().enumerate() {
        let outcome = measure(options, rules)?;
        let met = show::rules(out, rules, &outcome)?;
        if no == TODAY {
            verdict = if met { Verdict::Met } else { Verdict::Missed };
        }
    }
    show::bar(out, verdict)?;
    Ok(verdict)
}

/// Whether the bar is met.
pub(crate) fn is_met(outcome: &Outcome) -> bool {
    let beyond: u64 = outcome.harms.values().map(|h| h.beyond).sum();
    // Of 1,000 innocents one: whole people, so that a small world is not let off.
    outcome.wronged_permille() <= BAR_HELD && outcome.rate_lost() <= BAR_LOSS && beyond == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Options = Options { seeds: 1, losses: 60, reports: 600, innocents: 60, full: false };

    #[test]
    fn nothing_beyond_the_dispute_and_a_little_is_held_for_a_little() {
        let outcome = measure(&SMALL, RULES[TODAY]).unwrap();
        assert!(outcome.harms.values().all(|h| h.beyond == 0), "{outcome:?}");
        for trick in [Trick::Tiny, Trick::Goods] {
            let harm = &outcome.harms[&trick];
            assert!(harm.held > 0 && harm.sum <= harm.paid && harm.wronged == 0, "{trick:?} {harm:?}");
        }
        assert!(outcome.alone.held > 0);
    }

    #[test]
    fn a_payment_of_somebody_else_is_known_by_its_account() {
        let before = measure(&SMALL, RULES[0]).unwrap();
        assert!(before.harms[&Trick::Others].wronged > 0, "the lie works where nobody compares");
        let after = measure(&SMALL, RULES[3]).unwrap();
        assert_eq!(after.wronged, 0, "{after:?}");
        assert!(after.alone.held >= before.alone.held, "true reports are held as before, or better");
    }

    #[test]
    fn nobody_is_held_for_a_payer_nobody_knows() {
        let today = measure(&SMALL, RULES[TODAY]).unwrap();
        assert_eq!(today.wronged, 0, "{today:?}");
        assert!(today.harms[&Trick::Goods].held > 0, "what was truly paid is found, whoever asks");
        assert!(today.alone.waits.contains_key("payer_unknown") || today.alone.held > 0);
        // The harness sees what is left: who knows the payer is believed.
        let insiders = measure(&SMALL, RULES[5]).unwrap();
        assert!(insiders.harms[&Trick::Others].wronged > 0, "{insiders:?}");
    }
}
