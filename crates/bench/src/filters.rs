//! Row G6: what a filter at an institution's own site weighs, and what its changes weigh.
//!
//! The denominator is what browsers keep of dangerous addresses: sorted prefixes of four bytes each (Safe Browsing's update API).
//! Sizes are counted, not timed; a look-up is timed for information.

use std::io::Write;

use ed25519_dalek::SigningKey;
use filter::{Filter, Made, OpenHash, Seen};

use crate::clock::Stopwatch;
use crate::harness::{Verdict, worst};

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Things in the whole filter.
    #[arg(long, default_value_t = 10_000_000)]
    pub things: u64,
    /// Of a thousand things so many come, and as many go, between two whole filters.
    #[arg(long, default_value_t = 1)]
    pub per_mille: u64,
}

/// Bytes of a prefix in the denominator.
const PREFIX: u64 = 4;
/// Hundredths of a byte that a thing may take.
const BAR: u64 = 120;
/// Things that are looked up.
const LOOKS: u64 = 1_000_000;

fn thing(no: u64) -> OpenHash {
    OpenHash::of("phone", &format!("+7700{no:09}"))
}

/// Makes a filter and its changes, counts, looks up.
///
/// # Errors
/// A filter that cannot be made, is not believed, or misses what it holds.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let key = SigningKey::from_bytes(&[7; 32]);
    let made = |number| Made { number, at: 0, until: 3_600 };
    let all: Vec<OpenHash> = (0..options.things).map(thing).collect();
    let watch = Stopwatch::start();
    let whole = filter::base(&all, [5; 16], made(1), &key)?;
    let took = watch.elapsed();
    let churn = options.things * options.per_mille / 1_000;
    let added: Vec<OpenHash> = (options.things..options.things + churn).map(thing).collect();
    let gone = usize::try_from(churn)?;
    let (removed, stay) = all.split_at_checked(gone).unwrap_or_default();
    let then: Vec<OpenHash> = stay.iter().chain(&added).copied().collect();
    let changes = filter::delta(&whole, (&added, removed), &then, made(2), &key)?;
    let opened = Filter::open(&whole, &changes, &key.verifying_key(), &mut Seen::default(), 1)?;
    for thing in &then {
        anyhow::ensure!(opened.may_hold(thing, 1)?, "what the filter holds is not found");
    }
    let strangers: Vec<OpenHash> = (0..LOOKS).map(|no| thing(options.things * 2 + no)).collect();
    let watch = Stopwatch::start();
    let mut wrong = 0_u64;
    for stranger in &strangers {
        wrong += u64::from(opened.may_hold(stranger, 1)?);
    }
    let look = watch.nanoseconds().checked_div(LOOKS).unwrap_or(0);
    let (bytes, change) = (u64::try_from(whole.len())?, u64::try_from(changes.len())?);
    let each = (bytes * 100).checked_div(options.things).unwrap_or(u64::MAX);
    let share = (change * 10_000).checked_div(bytes).unwrap_or(u64::MAX);
    let per = LOOKS.checked_div(wrong).unwrap_or(LOOKS);
    let verdict = |met| if met { Verdict::Met } else { Verdict::Missed };
    let (size, delta) = (verdict(each <= BAR && per >= 240), verdict(share <= 100));
    writeln!(
        out,
        "G6  {} things, made in {} ms; {churn} came and {churn} went since",
        options.things,
        took.as_millis()
    )?;
    writeln!(
        out,
        "    figure      {}.{:02} B a thing, wrong once in {per}; bar <= 1.20 B at 1 in 256: {size}",
        each / 100,
        each % 100
    )?;
    writeln!(out, "    denominator {PREFIX} B a thing, sorted prefixes")?;
    writeln!(
        out,
        "    changes     {change} B, {}.{:02} % of the whole; bar <= 1 %: {delta}",
        share / 100,
        share % 100
    )?;
    writeln!(out, "    a look-up   {look} ns, its hash included")?;
    Ok(worst(&[size, delta]))
}
