//! Row S20: no order has ever left without enough distinct persons behind it who stood at that moment.
//!
//! The real functions of the office work on a real database. From each state that is reached every act is tried; a
//! judge that calls nothing of the program says whether what became of it is lawful: orders by signatures, by the
//! prosecutor's sanction, by a standing approval, and the law itself, which two persons change. Every search must end by
//! itself, and every broken office of [`Mutant`] must be caught, or nothing is proved.

mod ghost;
mod mutant;
mod ops;
mod oracle;
mod plan;
mod search;
mod seen;
mod snapshot;
mod stage;

use std::io::Write;

use anyhow::Context as _;

use self::mutant::Mutant;
use self::search::Found;
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
    #[arg(long, default_value_t = 20_000)]
    pub most: usize,
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
        let found = search::search(plan, None, options.most)?;
        let secs = watch.elapsed().as_secs();
        writeln!(out, "{}: {}; {} of staff", plan.name, plan.about, plan.staff)?;
        print(out, &found, secs)?;
        met &= found.closed && found.faults.is_empty();
    }
    let verdict = if met { Verdict::Met } else { Verdict::Missed };
    writeln!(out, "    bar: 0 faults, every search exhausted, every broken office caught  {verdict}")?;
    Ok(verdict)
}

fn print(out: &mut dyn Write, found: &Found, secs: u64) -> std::io::Result<()> {
    let ended = if found.closed { "exhausted" } else { "NOT exhausted" };
    writeln!(
        out,
        "    {} states ({} with an order out), {} acts tried, {} done, depth {}, {ended}, {secs} s",
        found.states, found.effective, found.tried, found.done, found.depth
    )?;
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
        let found = search::search(plan, Some(mutant), 100_000)?;
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
            let found = search::search(&plan, None, FIRST).unwrap();
            assert!(found.faults.is_empty(), "{}: {found:?}", plan.name);
            left += found.effective;
        }
        assert!(left > 0, "no order ever left");
    }

    #[test]
    fn every_broken_office_is_caught() {
        let mut out = Vec::new();
        assert!(control(&mut out).unwrap(), "{}", String::from_utf8_lossy(&out));
    }
}
