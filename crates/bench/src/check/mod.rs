//! Rows G1 to G5 and G7: what asking before every payment costs.
//!
//! The denominators are a bare axum server that says hello, a Redis that holds as many keys, and PostgreSQL's own key
//! look-up, all on this machine and in the same rounds. Ours is the node as it serves: the institution bears a token, the
//! quota counts, every question is written down in a segment with its record, and the registry in memory holds so many
//! entries. One payee in a hundred is known, many more than in any country's payments.

mod listing;
mod load;
mod peers;
mod server;
pub(crate) mod values;

use std::io::Write;
use std::path::PathBuf;

use anyhow::ensure;

use crate::harness::{Bar, By, Cost, LEAST_ROUNDS, Round, Row, Verdict, worst};
use crate::intake::Scratch;
use crate::stats::Ratio;

pub use server::{Serve, serve};

/// Things of one question of many.
const BATCH: usize = 1_000;
/// Questions a second at the fixed rate.
const RATE: u32 = 1_000;

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Seconds of one side of one round.
    #[arg(long, default_value_t = 4)]
    pub seconds: u64,
    /// How many rounds; at least five are run.
    #[arg(long, default_value_t = 5)]
    pub rounds: usize,
    /// Entries of the registry, and keys of each denominator.
    #[arg(long, default_value_t = 10_000_000)]
    pub entries: u64,
    /// Only ours against hello: no Redis, no PostgreSQL.
    #[arg(long)]
    pub quick: bool,
    /// Folder for the databases; on the disk that is to be measured.
    #[arg(long)]
    pub dir: Option<PathBuf>,
}

/// Costs of one round.
#[derive(Debug)]
struct Measured {
    hello: Cost,
    single: Cost,
    many: Cost,
    /// Redis one by one, Redis in sixteens, PostgreSQL.
    peers: Option<[Cost; 3]>,
}

/// Measures the rows.
///
/// # Errors
/// A side that does not work, or tells something else than it should.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    if let Err(needs) = load::probe().and_then(|()| if options.quick { Ok(()) } else { peers::probe() }) {
        writeln!(out, "NOT RUN: needs {}", needs.0)?;
        return Ok(Verdict::Shown);
    }
    let scratch = Scratch::new(options.dir.as_deref())?;
    let hello = server::Process::hello()?;
    let mut node = server::Process::node(&scratch.0, options.entries)?;
    let size = node.size();
    writeln!(out, "{} entries in memory, {} B of tables", size.0, size.1)?;
    load::compare(&node, options.entries)?;
    let peers = (!options.quick).then(|| peers::Peers::start(options.entries)).transpose()?;
    let generator = load::Generator::new(&scratch.0, &node, options.entries)?;
    let (mut rounds, mut asked) = (Vec::new(), 0);
    for _ in 0..options.rounds.max(LEAST_ROUNDS) {
        let (hello, single) =
            (generator.hello(&hello, options.seconds)?, generator.single(&node, options.seconds)?);
        let redis = peers.as_ref().map(|p| {
            Ok::<_, anyhow::Error>([p.one_by_one()?, p.in_sixteens()?, p.postgres(options.seconds)?])
        });
        let many = generator.many(&node, options.seconds)?;
        asked += single.operations() + many.operations() / u64::try_from(BATCH)?;
        rounds.push(Measured { hello, single, many, peers: redis.transpose()? });
    }
    let mut open = Vec::new();
    for _ in 0..options.rounds.max(LEAST_ROUNDS) {
        let theirs = load::open_loop(&hello, RATE, options.seconds)?;
        let ours = load::open_loop(&node, RATE, options.seconds)?;
        asked += ours.operations();
        open.push(Round { theirs, ours });
    }
    // What was answered was written down, to the last question.
    let written = node.end()?;
    ensure!(written >= asked, "{asked} questions were answered, and {written} are in the record");
    writeln!(out, "{written} questions are in the record, at least the {asked} that were counted")?;
    let mut verdicts = judge(out, &rounds, &open)?;
    verdicts.push(memory(out, size)?);
    verdicts.push(listing::run(&scratch.0, options.rounds.max(LEAST_ROUNDS), out)?);
    Ok(worst(&verdicts))
}

fn row(id: &'static str, work: &str, denominator: &str, by: By, bar: Bar) -> Row {
    Row { id, work: work.to_owned(), denominator: denominator.to_owned(), by, bar }
}

fn judge(out: &mut dyn Write, rounds: &[Measured], open: &[Round]) -> anyhow::Result<Vec<Verdict>> {
    let least = |milli| Bar::AtLeast(Ratio::milli(milli));
    let one = "one thing a question, token, quota and record on, as many as go";
    let pairs = |theirs: &dyn Fn(&Measured) -> Option<Cost>, ours: fn(&Measured) -> &Cost| -> Vec<Round> {
        rounds.iter().filter_map(|m| Some(Round { theirs: theirs(m)?, ours: ours(m).clone() })).collect()
    };
    let peer = |no: usize| move |m: &Measured| m.peers.as_ref()?.get(no).cloned();
    let with_hello = pairs(&|m| Some(m.hello.clone()), |m| &m.single);
    let mut verdicts =
        vec![row("G1", one, "bare axum hello, wrk", By::Mean, least(850)).print(out, &with_hello)?];
    if rounds.iter().all(|m| m.peers.is_some()) {
        for (id, denominator, no, bar) in [
            ("G2", "Redis GET, one by one", 0, least(1_200)),
            ("G2", "PostgreSQL, select by key", 2, least(1_700)),
        ] {
            let rounds = pairs(&peer(no), |m| &m.single);
            verdicts.push(row(id, one, denominator, By::Mean, bar).print(out, &rounds)?);
        }
        let many = row(
            "G4",
            "a thing, a thousand in a question",
            "Redis GET, sixteen at once",
            By::Mean,
            least(8_000),
        );
        verdicts.push(many.print(out, &pairs(&peer(1), |m| &m.many))?);
    } else {
        let many =
            row("G4", "a thing, a thousand in a question", "bare axum hello, wrk", By::Mean, Bar::None);
        verdicts.push(many.print(out, &pairs(&|m| Some(m.hello.clone()), |m| &m.many))?);
    }
    let fixed = row(
        "G3",
        "p99 at a thousand questions a second",
        "bare axum hello",
        By::P99,
        Bar::AtMost(Ratio::milli(1_500)),
    );
    verdicts.push(fixed.print(out, open)?);
    Ok(verdicts)
}

/// G5: bytes of an entry in memory, in hundredths.
fn memory(out: &mut dyn Write, (entries, bytes): (u64, u64)) -> anyhow::Result<Verdict> {
    let each = (bytes * 100).checked_div(entries).unwrap_or(u64::MAX);
    let verdict = if each <= 2_500 { Verdict::Met } else { Verdict::Missed };
    writeln!(out, "G5  {entries} entries resident")?;
    writeln!(out, "    figure      {}.{:02} B each; bar <= 25 B: {verdict}", each / 100, each % 100)?;
    Ok(verdict)
}
