//! How row H1 is printed.

use std::io::{Result, Write};

use sandbox::flow::Param;
use sandbox::world::office::{Office, Outcome};

use super::outcome::{quantile, share};
use super::{BAR_P50, BAR_P90, BAR_PERMILLE, Ours, Stand};
use crate::harness::Verdict;

/// Permille as percent with one decimal.
pub(super) fn percent(permille: i64) -> String {
    format!("{}.{} %", permille / 10, (permille % 10).abs())
}

fn waited(sorted: &[i64], percent: usize) -> String {
    quantile(sorted, percent).map_or_else(|| "-".to_owned(), span)
}

/// Seconds as minutes or hours.
fn span(secs: i64) -> String {
    match secs {
        0..600 => format!("{}:{:02} min", secs / 60, secs % 60),
        600..36_000 => format!("{} min", secs / 60),
        _ => format!("{} h", secs / 3_600),
    }
}

fn offices(stand: &Stand) -> [(&'static str, &Office); 3] {
    [("kz_today", &stand.kz), ("best_today", &stand.best), ("qorgan", &stand.qorgan)]
}

fn of_office(office: &Office) -> [(&'static str, &Param); 7] {
    [
        ("acted_on", &office.acted_on),
        ("first", &office.first),
        ("next", &office.next),
        ("most_hops", &office.most_hops),
        ("opens", &office.opens),
        ("closes", &office.closes),
        ("weekends", &office.weekends),
    ]
}

/// Every parameter with unit, shape and source.
pub(super) fn parameters(out: &mut dyn Write, stand: &Stand) -> Result<()> {
    writeln!(out, "flow (flow.toml), the same in every world:")?;
    stand.flow.each().iter().try_for_each(|(name, param)| parameter(out, name, param))?;
    for (section, office) in offices(stand) {
        writeln!(out, "hand-offs [{section}] (handoffs.toml): {}", office.name)?;
        of_office(office).iter().try_for_each(|(name, param)| parameter(out, name, param))?;
    }
    let standing = stand.law.standing;
    let limits = &stand.law.limits;
    writeln!(
        out,
        "standing approval: {} tiyn an order, {} a day, hop {}; profile: {} hops, {} h, hubs above {}",
        standing.per_order,
        standing.per_day,
        standing.hops,
        limits.max_hops,
        limits.hop_window_hours,
        limits.hub_counterparties
    )
}

fn parameter(out: &mut dyn Write, name: &str, param: &Param) -> Result<()> {
    let mark = if param.assumption { "ASSUMPTION" } else { "sourced" };
    writeln!(out, "    {name} [{}] {mark} {:?}", param.unit, param.shape)?;
    let why = [&param.source, &param.note].map(String::as_str).join(" ");
    if why.trim().is_empty() { Ok(()) } else { writeln!(out, "        {}", why.trim()) }
}

/// One line a seed.
pub(super) fn seeds(out: &mut dyn Write, today: &[(Vec<Outcome>, bool)], ours: &[Ours]) -> Result<()> {
    writeln!(out, "seed      KZ    best    ours   ours: p50, p90 to hold   best: p50, p90")?;
    for (no, one) in ours.iter().enumerate() {
        let rate = |world: usize| today.get(world).and_then(|(all, _)| all.get(no));
        let text = |world| rate(world).map_or_else(String::new, |o| percent(o.permille()));
        let best = rate(1).map(|o| o.to_hold.clone()).unwrap_or_default();
        writeln!(
            out,
            "{:>4} {:>7} {:>7} {:>7}   {:>9} {:>9}     {:>9} {:>9}",
            no + 1,
            text(0),
            text(1),
            percent(one.permille()),
            waited(&one.to_hold, 50),
            waited(&one.to_hold, 90),
            waited(&best, 50),
            waited(&best, 90)
        )?;
    }
    Ok(())
}

/// Figure, denominator and bar.
pub(super) fn verdict(out: &mut dyn Write, rate: i64, all: &Ours) -> Result<Verdict> {
    let (p50, p90) = (quantile(&all.to_hold, 50), quantile(&all.to_hold, 90));
    let checks = [
        (rate >= BAR_PERMILLE, format!("share held {} (bar >= {})", percent(rate), percent(BAR_PERMILLE))),
        (
            p50.is_some_and(|p| p <= BAR_P50),
            format!("p50 to hold {} (bar <= {})", waited(&all.to_hold, 50), span(BAR_P50)),
        ),
        (
            p90.is_some_and(|p| p <= BAR_P90),
            format!("p90 to hold {} (bar <= {})", waited(&all.to_hold, 90), span(BAR_P90)),
        ),
    ];
    for (met, text) in &checks {
        writeln!(out, "    {text}: {}", if *met { Verdict::Met } else { Verdict::Missed })?;
    }
    writeln!(
        out,
        "    {} reports, {} orders, of them {} hops by themselves; platform and ledger agree to the tiyn",
        all.reports, all.orders, all.hops
    )?;
    Ok(if checks.iter().all(|(met, _)| *met) { Verdict::Met } else { Verdict::Missed })
}

/// What bounds the rate: where the rest went, how late reports come, and worlds with one obstacle removed.
pub(super) fn bounds(out: &mut dyn Write, stand: &Stand, all: &Ours, seeds: u64) -> anyhow::Result<()> {
    writeln!(out, "what bounds it: by time from the last payment to the report")?;
    for (name, of_loss, held) in all.by_delay() {
        writeln!(out, "    {name:<14} {:>7} of the loss, held {:>7}", percent(of_loss), percent(held))?;
    }
    writeln!(out, "held after how many partners' persons had looked, one after another")?;
    for (persons, (waited, amount)) in &all.by_person {
        writeln!(
            out,
            "    {persons:<2} {:>7} of what is held, p50 {:>9}, p90 {:>9}",
            percent(share(*amount, all.held)),
            self::waited(waited, 50),
            self::waited(waited, 90)
        )?;
    }
    writeln!(out, "what the money became, by the trails")?;
    for (word, amount) in &all.ends {
        writeln!(out, "    {word:<24} {:>7}", percent(share(*amount, all.lost)))?;
    }
    writeln!(out, "not counted on, since a person would have to decide (share of the loss)")?;
    for (word, amount) in &all.waits {
        writeln!(out, "    {word:<24} {:>7}", percent(share(*amount, all.lost)))?;
    }
    writeln!(out, "one obstacle removed ({seeds} seeds)")?;
    let flow = &stand.flow;
    let line = |all: &Ours| {
        let (p50, p90) = (waited(&all.to_hold, 50), waited(&all.to_hold, 90));
        format!("{:>7}, p50 {p50:>9}, p90 {p90:>9}", percent(all.permille()))
    };
    let base = line(&stand.all(flow.clone(), &stand.qorgan, seeds)?);
    let own = |name: &str| match name {
        "first" => Office {
            first: stand.qorgan.first.scaled(0),
            next: stand.qorgan.next.scaled(0),
            ..stand.qorgan.clone()
        },
        _ => stand.qorgan.clone(),
    };
    writeln!(out, "    as it is                             {base}")?;
    for (what, changed, office) in [
        ("the platform takes no time at all", flow.clone(), own("first")),
        ("partners' persons take no time", flow.with_scaled("partner_person", 0), own("")),
        ("victims report at once", flow.with_scaled("report_delay", 0), own("")),
    ] {
        let rate = line(&stand.all(changed, &office, seeds)?);
        writeln!(out, "    {what:<36} {rate}")?;
    }
    Ok(())
}

/// Each assumption half less and half more, largest effect first.
pub(super) fn variations(out: &mut dyn Write, stand: &Stand, seeds: u64) -> anyhow::Result<()> {
    writeln!(out, "each assumption at 50 % and 150 % of itself, ours, {seeds} seeds")?;
    let mut rows = Vec::new();
    for (name, param) in stand.flow.each() {
        if param.assumption {
            let rate = |percent| -> anyhow::Result<i64> {
                Ok(stand.all(stand.flow.with_scaled(name, percent), &stand.qorgan, seeds)?.permille())
            };
            rows.push((name.to_owned(), rate(50)?, rate(150)?));
        }
    }
    let office = &stand.qorgan;
    for (name, half, more) in [
        (
            "[qorgan] first",
            Office { first: office.first.scaled(50), ..office.clone() },
            Office { first: office.first.scaled(150), ..office.clone() },
        ),
        (
            "[qorgan] next",
            Office { next: office.next.scaled(50), ..office.clone() },
            Office { next: office.next.scaled(150), ..office.clone() },
        ),
    ] {
        let rate = |office: &Office| -> anyhow::Result<i64> {
            Ok(stand.all(stand.flow.clone(), office, seeds)?.permille())
        };
        rows.push((name.to_owned(), rate(&half)?, rate(&more)?));
    }
    rows.sort_by_key(|(_, half, more)| std::cmp::Reverse((half - more).abs()));
    for (name, half, more) in &rows {
        writeln!(out, "    {name:<24} {:>7} {:>7}", percent(*half), percent(*more))?;
    }
    let least = rows.iter().flat_map(|(_, a, b)| [*a, *b]).min().unwrap_or(0);
    writeln!(out, "    the lowest of them is {}", percent(least))?;
    Ok(())
}
