//! Rows E1, E2, E3: records of one person found among many, how right and how fast; beside Splink in the same run where it is to be had
//! (`--splink` names a script that prints `total …s`, `best F1 …` and `peak RSS … MB`).

mod invented;

use std::collections::HashMap;
use std::hash::Hash;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use person::resolve::{Index, Record, resolve};

use crate::clock::{Cpu, wall};
use crate::harness::{Verdict, worst};

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Folder with `febrl4a.csv` and `febrl4b.csv` for row E1.
    #[arg(long)]
    pub febrl: Option<PathBuf>,
    /// Invented persons' records for row E2.
    #[arg(long, default_value_t = 1_000_000)]
    pub records: usize,
    /// The script that runs Splink on `febrl4` or on a number of records.
    #[arg(long)]
    pub splink: Option<PathBuf>,
    /// The Python that has Splink.
    #[arg(long, default_value = "python3")]
    pub python: PathBuf,
}

/// Time may be so many thousandths of theirs: row E1, row E2; memory in row E2.
const TIME_E1: u64 = 200;
const TIME_E2: u64 = 330;
const MEMORY_E2: u64 = 250;

/// What one side made of a set.
#[derive(Debug, Clone, Copy)]
struct Made {
    milliseconds: u64,
    /// Pairwise F1 in ten-thousandths.
    f1: u64,
    megabytes: u64,
}

/// Pairs of records of one cluster.
fn pairs<T: Hash + Eq>(labels: impl Iterator<Item = T>) -> u64 {
    let mut sizes: HashMap<T, u64> = HashMap::new();
    labels.for_each(|label| *sizes.entry(label).or_default() += 1);
    sizes.values().map(|n| n.saturating_mul(n.saturating_sub(1)) / 2).sum()
}

fn per_ten_thousand(part: u64, whole: u64) -> u64 {
    part.saturating_mul(10_000).checked_div(whole).unwrap_or(0)
}

/// The most memory that this process has held, megabytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1_000
}

fn ours(
    records: &[Record],
    truth: &[u32],
    out: &mut dyn Write,
) -> anyhow::Result<(Made, person::resolve::Model)> {
    let (found, ns) = wall(|| resolve(records));
    let both = pairs(found.clusters.iter().zip(truth));
    let (said, are) = (pairs(found.clusters.iter()), pairs(truth.iter()));
    let made = Made {
        milliseconds: ns / 1_000_000,
        f1: per_ten_thousand(both.saturating_mul(2), said.saturating_add(are)),
        megabytes: peak(),
    };
    writeln!(
        out,
        "  ours: {} ms, {} compared, F1 0.{:04} (precision 0.{:04}, recall 0.{:04}), {} MB at most",
        made.milliseconds,
        found.compared,
        made.f1,
        per_ten_thousand(both, said),
        per_ten_thousand(both, are),
        made.megabytes
    )?;
    Ok((made, found.model))
}

/// A number with a point behind a word of a line, in thousandths.
fn behind(line: &str, word: &str, digits: u32) -> Option<u64> {
    let rest = line.split(word).nth(1)?.trim_start();
    let text: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part: String =
        part.chars().chain(std::iter::repeat('0')).take(usize::try_from(digits).ok()?).collect();
    format!("{whole}{part}").parse().ok()
}

/// Splink on the same set, in this run.
fn theirs(options: &Options, set: &str, out: &mut dyn Write) -> anyhow::Result<Option<Made>> {
    let Some(script) = &options.splink else {
        writeln!(out, "  Splink: NOT RUN: needs --splink SCRIPT and a Python that has it")?;
        return Ok(None);
    };
    let said = Command::new(&options.python).arg(script).arg(set).output().context("Python does not run")?;
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    let line = text.lines().find(|l| l.contains("best F1")).unwrap_or_default();
    let made = || {
        Some(Made {
            milliseconds: behind(line, "total", 3)?,
            f1: behind(line, "best F1", 4)?,
            megabytes: behind(line, "peak RSS", 0)?,
        })
    };
    let made = made();
    match &made {
        Some(m) => {
            writeln!(out, "  Splink: {} ms, F1 0.{:04}, {} MB at most", m.milliseconds, m.f1, m.megabytes)?;
        }
        None => {
            let last = String::from_utf8_lossy(&said.stderr);
            writeln!(out, "  Splink: NOT RUN: {}", last.lines().last().unwrap_or("no answer"))?;
        }
    }
    Ok(made)
}

/// Records of FEBRL 4, both files, and whose each is.
fn febrl(folder: &Path) -> anyhow::Result<(Vec<Record>, Vec<u32>)> {
    let (mut records, mut truth) = (Vec::new(), Vec::new());
    for name in ["febrl4a.csv", "febrl4b.csv"] {
        let path = folder.join(name);
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_path(&path)
            .with_context(|| path.display().to_string())?;
        let headings = reader.headers()?.clone();
        let place = |name: &str| headings.iter().position(|h| h == name).context("a column is missing");
        let columns = [
            place("rec_id")?,
            place("soc_sec_id")?,
            place("surname")?,
            place("given_name")?,
            place("date_of_birth")?,
            place("street_number")?,
            place("address_1")?,
            place("suburb")?,
            place("postcode")?,
        ];
        for row in reader.records() {
            let row = row?;
            let [id, iin, last, first, birth, number, street, suburb, postcode] =
                columns.map(|at| row.get(at).unwrap_or_default().to_owned());
            let no =
                id.split('-').nth(1).and_then(|n| n.parse().ok()).context("a record without its number")?;
            truth.push(no);
            let address = format!("{number} {street} {suburb} {postcode}");
            records.push(Record { iin, last, first, birth, address, ..Record::default() });
        }
    }
    Ok((records, truth))
}

fn judged(
    out: &mut dyn Write,
    row: &str,
    (ours, theirs): (Made, Option<Made>),
    (time, memory): (u64, Option<u64>),
) -> anyhow::Result<Verdict> {
    let Some(theirs) = theirs else { return Ok(Verdict::Shown) };
    let share = |a: u64, b: u64| a.saturating_mul(1_000).checked_div(b).unwrap_or(u64::MAX);
    let (took, held) =
        (share(ours.milliseconds, theirs.milliseconds), share(ours.megabytes, theirs.megabytes));
    let met = ours.f1 >= theirs.f1 && took <= time && memory.is_none_or(|most| held <= most);
    let verdict = if met { Verdict::Met } else { Verdict::Missed };
    let part = |n: u64| format!("{}.{:03}", n / 1_000, n % 1_000);
    writeln!(out, "{row}: time {} of theirs, memory {}: {verdict}", part(took), part(held))?;
    Ok(verdict)
}

/// One person against all: the slowest of so many, in microseconds.
const MOST_E3: u64 = 5_000;
/// How many persons are asked about.
const ASKED_E3: usize = 1_000;

/// Row E3: one person against all records in memory, one after the other on one thread, by its processor time.
fn screened(
    records: &[Record],
    truth: &[u32],
    model: person::resolve::Model,
    out: &mut dyn Write,
) -> anyhow::Result<Verdict> {
    let (index, ns) = wall(|| Index::new(records, model));
    let each = records.len().checked_div(ASKED_E3).unwrap_or(1).max(1);
    let cpu = Cpu::this_thread()?;
    let (mut times, mut found) = (Vec::new(), 0_usize);
    for (asked, whose) in records.iter().zip(truth).step_by(each) {
        let (near, ns) = cpu.during(|| index.near(asked, person::resolve::ONE_PERSON))?;
        times.push(ns / 1_000);
        let theirs = |place: u32| usize::try_from(place).ok().and_then(|at| truth.get(at)) == Some(whose);
        found += usize::from(near.found.iter().any(|(place, _)| theirs(*place)));
    }
    times.sort_unstable();
    let of = |part: usize| times.get(times.len().saturating_mul(part) / 1_000).copied().unwrap_or(0);
    let slowest = times.last().copied().unwrap_or(0);
    let verdict = if slowest < MOST_E3 { Verdict::Met } else { Verdict::Missed };
    writeln!(
        out,
        "E3: {} asked against {}, half within {} us, 99 of 100 within {} us, slowest {slowest} us of processor time; {found} found themselves; built in {} ms: {verdict}",
        times.len(),
        records.len(),
        of(500),
        of(990),
        ns / 1_000_000
    )?;
    Ok(verdict)
}

/// Runs the rows.
///
/// # Errors
/// A file is missing or not as it should be.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let mut verdicts = Vec::new();
    if let Some(folder) = &options.febrl {
        let (records, truth) = febrl(folder)?;
        writeln!(out, "E1: FEBRL 4, {} records", records.len())?;
        let made = (ours(&records, &truth, out)?.0, theirs(options, "febrl4", out)?);
        verdicts.push(judged(out, "E1", made, (TIME_E1, None))?);
    } else {
        writeln!(out, "E1: NOT RUN: needs --febrl FOLDER")?;
    }
    let (records, truth) = invented::records(options.records);
    writeln!(out, "E2: {} invented records", records.len())?;
    let (ours, model) = ours(&records, &truth, out)?;
    verdicts.push(screened(&records, &truth, model, out)?);
    drop((records, truth));
    let made = (ours, theirs(options, &options.records.to_string(), out)?);
    verdicts.push(judged(out, "E2", made, (TIME_E2, Some(MEMORY_E2)))?);
    Ok(worst(&verdicts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_splink_prints_is_read() {
        let line = "splink febrl4: train 1.0s predict 2.1s cluster 0.1s total 11.3s, scored pairs kept 5, true pairs 5, best F1 0.9925 (P 1.0 R 0.9 at 0.5), peak RSS 412 MB";
        assert_eq!(behind(line, "total", 3), Some(11_300));
        assert_eq!(behind(line, "best F1", 4), Some(9_925));
        assert_eq!(behind(line, "peak RSS", 0), Some(412));
    }

    #[test]
    fn invented_persons_are_found() {
        let (records, truth) = invented::records(2_000);
        let found = resolve(&records);
        let both = pairs(found.clusters.iter().zip(&truth));
        let all = pairs(found.clusters.iter()) + pairs(truth.iter());
        assert!(per_ten_thousand(2 * both, all) > 9_000);
        assert_eq!(invented::records(2_000).0, records, "the same every time");
    }
}
