//! Row S10: names that look like an organisation's. Whose names, which variants and which names of others come from outside
//! (`tools/lookalike_variants.py`: dnstwist, warning lists of MISP); counted, not timed, but for a look-up for information.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead as _, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use lookalike::{Lookalikes, Owner};
use profile::Profile;
use serde::Deserialize;

use crate::clock::Stopwatch;
use crate::harness::{Verdict, worst};

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// What `tools/lookalike_variants.py` has written.
    #[arg(long, default_value = "target/judges/lookalike.jsonl")]
    pub names: PathBuf,
    /// Show so many of what was missed, and of what was wrongly found.
    #[arg(long, default_value_t = 10)]
    pub show: usize,
}

/// Hundredths of a percent of the variants that must be found.
const RECALL: u64 = 9_900;
/// Hundredths of a percent of others' names that may be taken for a variant.
const FALSE: u64 = 10;

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Line {
    Organisation { organisation: String },
    Variant { variant: String, of: String, sort: String },
    Other { other: String },
}

fn per_ten_thousand(part: usize, whole: usize) -> u64 {
    u64::try_from(part * 10_000)
        .unwrap_or(u64::MAX)
        .checked_div(u64::try_from(whole).unwrap_or(1))
        .unwrap_or(0)
}

fn percent(part: usize, whole: usize) -> String {
    let n = per_ten_thousand(part, whole);
    format!("{}.{:02} %", n / 100, n % 100)
}

/// Compares every name with every organisation and counts.
///
/// # Errors
/// The file is missing or not as it should be.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let file = std::fs::File::open(&options.names)
        .with_context(|| format!("{}: made by `cargo xtask bench lookalike`", options.names.display()))?;
    let (mut organisations, mut variants, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for line in std::io::BufReader::new(file).lines() {
        match serde_json::from_str(&line?)? {
            Line::Organisation { organisation } => organisations.push(organisation),
            Line::Variant { variant, of, sort } => variants.push((variant, of, sort)),
            Line::Other { other } => others.push(other),
        }
    }
    let words = words()?;
    let owner = |d: &String| Owner { domains: vec![d.clone()], everywhere: false };
    let owners: Vec<Owner> = organisations.iter().map(owner).collect();
    let all = Lookalikes::new(&owners, &words);

    let mut sorts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let (mut found, mut missed) = (0_usize, Vec::new());
    let genuine: HashSet<&str> = organisations.iter().map(String::as_str).collect();
    // A variant that is another organisation's own name is no variant.
    variants.retain(|(name, ..)| !genuine.contains(name.as_str()));
    for (name, of, sort) in &variants {
        let count = sorts.entry(sort).or_default();
        count.1 += 1;
        // Whichever organisation it is taken for: a name that looks like two is dangerous either way.
        match all.find(name) {
            Some(_) => {
                found += 1;
                count.0 += 1;
            }
            None => missed.push((name, of, sort)),
        }
    }
    let labels: HashSet<&str> = organisations.iter().filter_map(|d| d.split('.').next()).collect();
    let (mut wrong, mut own, mut strangers) = (Vec::new(), 0_usize, 0_usize);
    let watch = Stopwatch::start();
    for name in &others {
        let found = all.find(name);
        // `hsbc.com` beside `hsbc.com.hk`: the same organisation at home in another country, or below its own name.
        if name.split('.').any(|label| labels.contains(label)) {
            own += usize::from(found.is_some());
            continue;
        }
        strangers += 1;
        if let Some(like) = found {
            wrong.push((name, like.domain.to_owned(), like.how));
        }
    }
    let each = watch.nanoseconds().checked_div(u64::try_from(others.len())?).unwrap_or(0);

    let verdict = |met| if met { Verdict::Met } else { Verdict::Missed };
    let recall = verdict(per_ten_thousand(found, variants.len()) >= RECALL);
    let alarms = verdict(wrong.len() * 10_000 <= usize::try_from(FALSE)? * strangers);
    writeln!(
        out,
        "S10 {} variants of {} organisations; {strangers} names of others",
        variants.len(),
        organisations.len()
    )?;
    writeln!(out, "    found        {} ({found}); bar >= 99 %: {recall}", percent(found, variants.len()))?;
    writeln!(
        out,
        "    false alarms {} ({}); bar <= 0.1 %: {alarms}",
        percent(wrong.len(), strangers),
        wrong.len()
    )?;
    writeln!(
        out,
        "    beside them  {own} names that hold an organisation's own label, under another ending or below it"
    )?;
    writeln!(out, "    a look-up    {each} ns")?;
    for (sort, (found, all)) in &sorts {
        writeln!(out, "      {sort:<28} {found} of {all}")?;
    }
    for (name, of, sort) in missed.iter().take(options.show) {
        writeln!(out, "      missed: {name} of {of} ({sort})")?;
    }
    for (name, like, how) in wrong.iter().take(options.show) {
        writeln!(out, "      false alarm: {name} for {like} ({how:?})")?;
    }
    Ok(worst(&[recall, alarms]))
}

/// The words that the country's profile looks for around a name.
fn words() -> anyhow::Result<Vec<String>> {
    let profile = Profile::embedded("kz").map_err(|e| anyhow::anyhow!("{e:?}"))?;
    Ok(profile.identifiers().words_around.clone())
}
