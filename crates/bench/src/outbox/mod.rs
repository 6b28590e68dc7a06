//! Row D1: notifications with durable state, by the real sender, beside a loop that signs and posts the same and keeps
//! nothing; what one dead endpoint costs the others (D1) and what thirty-nine of forty cost the one (R8); and how
//! orders are signed, beside a bare signature.
//!
//! Client, receiver, bodies, addresses and the number of posts under way are the same on both sides. Everything that
//! came is verified after the clock has stopped: signature, body, that no id came twice and that none is missing.
//! The node's wall clock is moved on between putting and sending, so that nobody waits for the second in which
//! notifications gather.

mod bare;
mod receiver;
pub(crate) mod stand;

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::ensure;

use crate::clock;
use crate::harness::{Bar, By, Cost, LEAST_ROUNDS, Round, Row, Verdict, alternate, worst};
use crate::intake::Scratch;
use crate::stats::{Ratio, time};
use receiver::{Silent, refused};
use stand::Stand;

/// Topics that are put for each endpoint.
const TOPICS: usize = partner::notify::Topic::SUBSCRIBABLE.len();
/// Between two steps of row R8.
const STEP: Duration = Duration::from_millis(20);

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Endpoints that are notified, each of three topics, in one wave.
    #[arg(long, default_value_t = 2_000)]
    pub endpoints: usize,
    /// Waves of one side of one round.
    #[arg(long, default_value_t = 3)]
    pub waves: usize,
    /// How many rounds; at least five are run.
    #[arg(long, default_value_t = 5)]
    pub rounds: usize,
    /// Folder for the databases; on the disk that is to be measured.
    #[arg(long)]
    pub dir: Option<PathBuf>,
}

/// Measures all rows.
///
/// # Errors
/// A side that does not work; a request that is missing, doubled or wrongly signed.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let scratch = Scratch::new(options.dir.as_deref())?;
    let mut verdicts = durable(options, &scratch, out)?;
    verdicts.push(one_dead(options, &scratch, out)?);
    verdicts.push(most_dead(options, &scratch, out)?);
    Ok(worst(&verdicts))
}

fn as_u64(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// What one side of D1 spent: on putting, and on sending and keeping; processor time and commits of the latter.
struct Spent {
    put: u64,
    sent: u64,
    cpu: u64,
    commits: u64,
}

/// So many waves through the sender, verified.
fn waves(stand: &Stand, waves: usize) -> anyhow::Result<Spent> {
    let codes = stand.codes();
    let (mut spent, before) = (Spent { put: 0, sent: 0, cpu: 0, commits: 0 }, stand.count("done")?);
    for wave in 1..=waves {
        spent.put += stand.put(&codes)?;
        let (cpu, commits) = (clock::process_cpu()?, stand.app.db.commits());
        spent.sent += stand.send(wave * codes.len() * TOPICS) + stand.settled();
        spent.cpu += clock::process_cpu()?.saturating_sub(cpu);
        spent.commits += stand.app.db.commits().saturating_sub(commits);
    }
    let (count, receipts) = (waves * codes.len() * TOPICS, stand.receiver.taken());
    let verified = stand.verify(&receipts)?;
    ensure!(verified == count, "{count} were put and {verified} came");
    let done = stand.count("done")? - before;
    ensure!(
        done == i64::try_from(count)? && stand.count("pending")? == 0,
        "{done} of {count} are kept as taken"
    );
    Ok(spent)
}

fn durable(options: &Options, scratch: &Scratch, out: &mut dyn Write) -> anyhow::Result<Vec<Verdict>> {
    let stand = Stand::new(&scratch.0.join("durable"), options.endpoints, &[])?;
    let count = options.waves * options.endpoints * TOPICS;
    // Connections stand and caches are warm on both sides.
    waves(&stand, 1)?;
    bare::hmac(&stand, options.endpoints)?;
    stand.receiver.taken();
    let (mut alone, mut whole) = (Vec::new(), Vec::new());
    let each = |ns: u64| ns / as_u64(count);
    for _ in 0..options.rounds.max(LEAST_ROUNDS) {
        let cpu = clock::process_cpu()?;
        let theirs = Cost::of_all(bare::hmac(&stand, count)?, as_u64(count));
        let cpu = clock::process_cpu()?.saturating_sub(cpu);
        let verified = stand.verify(&stand.receiver.taken())?;
        ensure!(verified == count, "{count} were posted and {verified} came");
        let spent = waves(&stand, options.waves)?;
        let ours = |ns| Cost::of_all(ns, as_u64(count));
        writeln!(
            out,
            "  CPU of sender and receiver: {} bare, {} ours; {} notifications a commit",
            time(each(cpu)),
            time(each(spent.cpu)),
            as_u64(count).checked_div(spent.commits).unwrap_or(0)
        )?;
        alone.push(Round { theirs: theirs.clone(), ours: ours(spent.sent) });
        whole.push(Round { theirs, ours: ours(spent.put + spent.sent) });
    }
    writeln!(
        out,
        "{count} notifications a round, each received once and verified on both sides, all kept as taken"
    )?;
    let row = |work: &str, bar| Row {
        id: "D1",
        work: work.to_owned(),
        denominator: "the same bodies signed by HMAC and posted, nothing kept; same client and receiver"
            .to_owned(),
        by: By::Mean,
        bar,
    };
    let half = Bar::AtLeast(Ratio::milli(500));
    let mut verdicts = vec![
        row("a notification claimed, signed, posted and kept durably, by the sender", half)
            .print(out, &alone)?,
        row("the same with the putting, each in an act of its own", Bar::None).print(out, &whole)?,
    ];
    verdicts.push(orders(&stand, options, out)?);
    Ok(verdicts)
}

/// The signing and posting of orders. Keeping is the order slice's, which cannot be driven without a case.
fn orders(stand: &Stand, options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let count = options.endpoints * TOPICS;
    let side = |work: fn(&Stand, usize) -> anyhow::Result<u64>,
                verify: fn(&Stand, &[receiver::Receipt]) -> anyhow::Result<usize>| {
        let cost = Cost::of_all(work(stand, count)?, as_u64(count));
        let verified = verify(stand, &stand.receiver.taken())?;
        ensure!(verified == count, "{count} were posted and {verified} came");
        anyhow::Ok(cost)
    };
    let rounds = alternate(
        options.rounds,
        || side(bare::ed25519, bare::verify_ed25519),
        || side(bare::rfc9421, bare::verify_rfc9421),
    )?;
    let row = Row {
        id: "D1o",
        work: "an order signed by RFC 9421 (Ed25519, digest) and posted; nothing kept".to_owned(),
        denominator: "the same body under a bare Ed25519 signature, posted".to_owned(),
        by: By::Mean,
        bar: Bar::None,
    };
    Ok(row.print(out, &rounds)?)
}

/// So many waves to the living; with the dead put, too, or without. Gives nanoseconds until all had come.
fn beside(stand: &Stand, waves: usize, with_dead: bool) -> anyhow::Result<u64> {
    let living = stand.codes();
    let mut codes = living.clone();
    if with_dead {
        codes.extend_from_slice(stand.dead());
    }
    let mut ns = 0;
    for wave in 1..=waves {
        stand.put(&codes)?;
        ns += stand.send(wave * living.len() * TOPICS);
    }
    let receipts = stand.receiver.taken();
    let verified = stand.verify(&receipts)?;
    ensure!(verified == waves * living.len() * TOPICS, "{verified} came");
    Ok(ns)
}

/// Thirty-nine endpoints that are alive, and one that takes connections and never answers.
fn one_dead(options: &Options, scratch: &Scratch, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let dead = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let silent = Silent::start(&dead)?;
    let stand = Stand::new(&scratch.0.join("one_dead"), 39, &[silent.address])?;
    // Five percent are looked for: longer rounds, and more of them.
    let (waves, rounds) = (options.waves * 50, options.rounds.max(LEAST_ROUNDS) * 2);
    beside(&stand, waves, false)?;
    let operations = as_u64(waves * 39 * TOPICS);
    let side = |with_dead| Ok(Cost::of_all(beside(&stand, waves, with_dead)?, operations));
    let rounds = alternate(rounds, || side(false), || side(true))?;
    let row = Row {
        id: "D1",
        work: "a notification to one of 39 living endpoints, beside one that never answers".to_owned(),
        denominator: "the same without the dead one".to_owned(),
        by: By::Mean,
        bar: Bar::AtMost(Ratio::milli(1_050)),
    };
    let verdict = row.print(out, &rounds)?;
    slow_down(out, &row, &rounds)?;
    Ok(verdict)
}

/// One endpoint that is alive and thirty-nine that are not: half never answer, half refuse.
fn most_dead(options: &Options, scratch: &Scratch, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let dead = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let mut addresses = Vec::new();
    for n in 0..39 {
        addresses.push(if n % 2 == 0 { Silent::start(&dead)?.address } else { refused()? });
    }
    let stand = Stand::new(&scratch.0.join("most_dead"), 1, &addresses)?;
    let times = options.waves * 100;
    // At a fixed rate: at each step it is 1.1 seconds later for the node, and the dead ones' waits go by as fast.
    let side = |with_dead: bool| {
        let mut each = Vec::new();
        for _ in 0..times {
            each.push(beside(&stand, 1, with_dead)?);
            stand.pause(STEP);
        }
        Ok(Cost::of_each(&each))
    };
    side(false)?;
    let rounds = alternate(options.rounds, || side(false), || side(true))?;
    let row = Row {
        id: "R8",
        work: "three notifications to the one living endpoint of 40, until they came".to_owned(),
        denominator: "the same without the 39 dead ones".to_owned(),
        by: By::P99,
        bar: Bar::AtMost(Ratio::milli(1_100)),
    };
    let verdict = row.print(out, &rounds)?;
    slow_down(out, &row, &rounds)?;
    let median = Row { by: By::P50, bar: Bar::None, ..row };
    median.print(out, &rounds)?;
    Ok(verdict)
}

/// The ratio in percent, as the bar is written.
fn slow_down(out: &mut dyn Write, row: &Row, rounds: &[Round]) -> anyhow::Result<()> {
    let milli = row.ratio(rounds).map_or(0, Ratio::as_milli);
    let (sign, off) = if milli < 1_000 { ("-", 1_000 - milli) } else { ("+", milli - 1_000) };
    writeln!(out, "    slow-down   {:>10}", format!("{sign}{}.{} %", off / 10, off % 10))?;
    Ok(())
}
