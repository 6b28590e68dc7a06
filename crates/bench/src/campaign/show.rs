//! How row S14 is printed.

use std::io::{Result, Write};

use super::{BAR_HELD, BAR_LOSS, Options, Outcome, Rules, is_met};
use crate::harness::Verdict;

fn percent(permille: i64) -> String {
    let sign = if permille < 0 { "-" } else { "" };
    format!("{sign}{}.{} %", permille.abs() / 10, permille.abs() % 10)
}

/// Tiyn as tenge.
fn tenge(minor: i64) -> i64 {
    minor / 100
}

pub(super) fn head(out: &mut dyn Write, options: &Options) -> Result<()> {
    let Options { seeds, losses, reports, innocents, .. } = options;
    writeln!(
        out,
        "S14  {reports} false reports in a day against {innocents} innocents beside {losses} victims, {seeds} seeds, virtual time"
    )?;
    writeln!(out, "    innocent held: money is held that the reporter has not truly paid to them")
}

pub(super) fn rules(out: &mut dyn Write, rules: Rules, outcome: &Outcome) -> Result<bool> {
    let met = is_met(outcome);
    writeln!(out, "{}", rules.name)?;
    writeln!(
        out,
        "    true reports held   alone {}  beside the campaign {}  lost {}",
        percent(outcome.alone.permille()),
        percent(outcome.beside.permille()),
        percent(outcome.rate_lost())
    )?;
    if let Some(waits) = outcome.beside.waits.get("day_cap") {
        writeln!(out, "    true orders that wait because the day's sum is used up: {} tenge", tenge(*waits))?;
    }
    writeln!(
        out,
        "    innocents held      {} of {} ({}); with those whom the reporter truly paid: {}",
        outcome.wronged,
        outcome.innocents,
        percent(outcome.wronged_permille()),
        outcome.touched
    )?;
    for (trick, harm) in &outcome.harms {
        writeln!(
            out,
            "    {:<32} {:>6} reports, {:>5} led to a hold of {:>5} people: {:>12} tenge held, {:>12} truly paid, {} beyond the dispute",
            trick.words(),
            harm.reports,
            harm.held,
            harm.touched,
            tenge(harm.sum),
            tenge(harm.paid),
            harm.beyond
        )?;
    }
    Ok(met)
}

pub(super) fn bar(out: &mut dyn Write, verdict: Verdict) -> Result<()> {
    writeln!(
        out,
        "    bar: at most {} of innocents held, true hold rate loses at most {}, nothing beyond the disputed sum  {verdict}",
        percent(BAR_HELD),
        percent(BAR_LOSS)
    )
}
