//! Row S20: no order has ever left without enough distinct persons behind it who stood at that moment.
//!
//! The real functions of the office work on a real database. From each state that is reached every act is tried; a
//! judge that calls nothing of the program says whether what became of it is lawful: orders by signatures, by the
//! prosecutor's sanction, by a standing approval, and the law itself, which two persons change. Every search must end by
//! itself, and every broken office of [`Mutant`] must be caught, or nothing is proved.

mod ghost;
mod memo;
mod mutant;
mod ops;
mod oracle;
mod plan;
mod search;
mod seen;
mod snapshot;
mod stage;
mod twins;
mod watch;

use std::io::Write;

use anyhow::Context as _;

use self::mutant::Mutant;
use self::search::{Effort, Found, How};
use crate::clock::Stopwatch;
use crate::harness::Verdict;

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// The small worlds only, as the tests do.
    #[arg(long)]
    pub short: bool,
    /// Only the world of this name.
    #[arg(long)]
    pub world: Option<String>,
    /// Most states of a world; a search that reaches it is not exhaustive.
    #[arg(long, default_value_t = 4_000_000)]
    pub most: usize,
    /// Does every act in every state, remembers none: the search as it was, to compare with.
    #[arg(long)]
    pub plain: bool,
    /// Leave the broken offices out.
    #[arg(long)]
    pub no_control: bool,
}

/// Catches the broken offices, then searches the true one.
///
/// # Errors
/// The database's.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    writeln!(out, "S20  orders, standing approvals and changes of the law: who stands behind what has left")?;
    let mut met = true;
    if !options.no_control {
        met &= control(out)?;
    }
    let plans = if options.short { plan::short() } else { plan::whole() };
    for plan in plans.iter().filter(|p| options.world.as_deref().is_none_or(|name| name == p.name)) {
        let watch = Stopwatch::start();
        let how = How { remembers: !options.plain, ..How::most(options.most) };
        let (found, effort) = search::search(plan, how)?;
        let secs = watch.elapsed().as_secs();
        writeln!(out, "{}: {}; {} of staff", plan.name, plan.about, plan.staff)?;
        print(out, &found, effort, secs)?;
        met &= found.closed && found.faults.is_empty();
    }
    let verdict = if met { Verdict::Met } else { Verdict::Missed };
    writeln!(out, "    bar: 0 faults, every search exhausted, every broken office caught  {verdict}")?;
    Ok(verdict)
}

fn print(out: &mut dyn Write, found: &Found, effort: Effort, secs: u64) -> std::io::Result<()> {
    let ended = if found.closed { "exhausted" } else { "NOT exhausted" };
    writeln!(
        out,
        "    {} states ({} with an order out), {} acts tried, {} done, depth {}, {ended}, {secs} s",
        found.states, found.effective, found.tried, found.done, found.depth
    )?;
    writeln!(
        out,
        "    acts and looks done in the database {}, remembered {} (of them {} done all the same), states taken for one and \
         looked at {}, all states in one number {:016x}",
        effort.real, effort.remembered, effort.proved, effort.twins, found.sum
    )?;
    out.flush()?;
    for (fault, way) in &found.faults {
        writeln!(out, "    FAULT {fault}")?;
        let way: Vec<String> = way.iter().map(|op| format!("{op:?}")).collect();
        writeln!(out, "      by {}", way.join(", "))?;
    }
    Ok(())
}

/// Every broken office must be caught.
fn control(out: &mut dyn Write) -> anyhow::Result<bool> {
    let plans = plan::short();
    let mut all = true;
    for mutant in Mutant::ALL {
        let plan = plans.iter().find(|p| p.name == mutant.world()).context("no such world")?;
        let how = How { mutant: Some(mutant), ..How::most(100_000) };
        let (found, _) = search::search(plan, how)?;
        match found.faults.first() {
            Some((fault, way)) => {
                writeln!(out, "control: {}: caught after {} acts", mutant.words(), way.len())?;
                writeln!(out, "    {fault}")?;
            }
            None => writeln!(out, "control: {}: NOT CAUGHT", mutant.words())?,
        }
        all &= !found.faults.is_empty();
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only the first states of each world: the bench looks at all of them.
    const FIRST: usize = 120;

    #[test]
    fn nothing_leaves_without_enough_who_stand_behind_it() {
        let mut left = 0;
        for plan in plan::short() {
            let (found, _) = search::search(&plan, How::most(FIRST)).unwrap();
            assert!(found.faults.is_empty(), "{}: {found:?}", plan.name);
            left += found.effective;
        }
        assert!(left > 0, "no order ever left");
    }

    /// What is remembered must change nothing but the time: the same states in the same order, the same acts.
    #[test]
    fn remembering_finds_the_same() {
        for plan in plan::short() {
            let of = |remembers| search::search(&plan, How { remembers, ..How::most(FIRST / 3) }).unwrap();
            let ((found, effort), (plain, all)) = (of(true), of(false));
            assert_eq!(found, plain, "{}", plan.name);
            assert!(effort.real < all.real && effort.remembered > 0, "{}: {effort:?}", plan.name);
        }
    }

    /// Whoever remembers by too little is found out.
    #[test]
    fn a_table_that_is_not_heard_of_is_noticed() {
        let plans = plan::short();
        let plan = plans.iter().find(|p| p.name == "standing").unwrap();
        for table in ["staff_account", "orders", "standing_approval", "standing_signature"] {
            let how = How { deaf_to: Some(table), ..How::most(FIRST) };
            assert!(search::search(plan, how).is_err(), "{table}");
        }
    }

    #[test]
    fn every_broken_office_is_caught() {
        let mut out = Vec::new();
        assert!(control(&mut out).unwrap(), "{}", String::from_utf8_lossy(&out));
    }
}
