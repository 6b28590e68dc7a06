//! Row R1, short form: the node is killed at random moments under load, and nothing acknowledged is lost.
//!
//! Clients file reports through the public form and keep what they were acknowledged by. `kill -9`, restart,
//! again. At the end every acknowledged report must be in the database under the number on its receipt, no
//! payment may have two orders, and all news must have been delivered. The control run puts a doorkeeper
//! before the node who says yes before he passes the last page on; it must be caught, or the harness proves
//! nothing. A power cut loses more than a kill does: that is row R2, not this one.

mod check;
mod clients;
pub(crate) mod node;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use sandbox::draw::{Draw, about};
use serde::{Deserialize, Serialize};

use self::clients::Crowd;
use self::node::Server;
use crate::clock::Stopwatch;
use crate::harness::Verdict;

/// Kills of the control run, at most: it ends when it has caught the doorkeeper.
const CONTROL_POINTS: u32 = 60;

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// How many kills.
    #[arg(long, default_value_t = 200)]
    pub points: u32,
    /// Clients at the same time.
    #[arg(long, default_value_t = 12)]
    pub clients: u32,
    /// Decides when the node is killed; what the clients have done by then is up to the machine.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Folder of the run; without it a temporary one, removed when all is well.
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// Go on with the run in `--dir`.
    #[arg(long = "continue", requires = "dir")]
    pub resume: bool,
    /// The program; without it `qorgan` beside this one.
    #[arg(long)]
    pub binary: Option<PathBuf>,
    /// Leave the control run out.
    #[arg(long)]
    pub no_control: bool,
}

/// What is kept between two runs.
#[derive(Debug, Default, Serialize, Deserialize)]
struct State {
    seed: u64,
    points: u32,
    /// Number on the receipt by idempotency key; empty where only the doorkeeper said yes.
    acknowledged: BTreeMap<String, String>,
}

impl State {
    fn load(dir: &Path) -> anyhow::Result<Self> {
        let path = dir.join("state.json");
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        Ok(serde_json::from_str(&text)?)
    }
    fn save(&self, dir: &Path) -> anyhow::Result<()> {
        let new = dir.join("state.new");
        std::fs::write(&new, serde_json::to_vec(self)?)?;
        Ok(std::fs::rename(new, dir.join("state.json"))?)
    }
}

/// Runs the control, then the true run.
///
/// # Errors
/// A node that does not start; a page that is missing.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let binary = options.binary.clone().map_or_else(beside, Ok)?;
    if !binary.exists() {
        writeln!(out, "NOT RUN: needs `{}` (cargo build -p qorgan)", binary.display())?;
        return Ok(Verdict::Shown);
    }
    let temporary = std::env::temp_dir().join(format!("qorgan-bench-kill-{}", std::process::id()));
    let dir = options.dir.clone().unwrap_or_else(|| temporary.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if !options.no_control && !options.resume {
        let caught = runtime.block_on(control(options, &binary, &dir.join("control"), out))?;
        if !caught {
            writeln!(out, "R1  the control was not caught: nothing is judged")?;
            return Ok(Verdict::Missed);
        }
    }
    let verdict = runtime.block_on(truly(options, &binary, &dir.join("true"), out))?;
    if verdict == Verdict::Met && options.dir.is_none() {
        std::fs::remove_dir_all(&temporary)?;
    } else {
        writeln!(out, "    kept in `{}`", dir.display())?;
    }
    Ok(verdict)
}

/// The program that was built with this one.
fn beside() -> anyhow::Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name("qorgan"))
}

/// The doorkeeper says yes too early; gives whether that was seen.
async fn control(options: &Options, binary: &Path, dir: &Path, out: &mut dyn Write) -> anyhow::Result<bool> {
    let mut state = State { seed: options.seed, ..State::default() };
    let server = Server::create(binary, dir, options.seed)?;
    while state.points < CONTROL_POINTS {
        let until = (state.points + 10).min(CONTROL_POINTS);
        let server = kill_until(options, &server, &mut state, until, true).await?;
        let report = check::after(server, &state.acknowledged).await?;
        if report.lost > 0 {
            writeln!(
                out,
                "R1  control: an acknowledgement before the commit is caught after {} kills, {} of {} reports lost",
                state.points,
                report.lost,
                state.acknowledged.len()
            )?;
            return Ok(true);
        }
    }
    Ok(false)
}

async fn truly(options: &Options, binary: &Path, dir: &Path, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let mut state = State { seed: options.seed, ..State::default() };
    let server = if options.resume {
        state = State::load(dir)?;
        Server::again(binary, dir)?
    } else {
        Server::create(binary, dir, options.seed)?
    };
    ensure!(state.points <= options.points, "this run has had {} kills already", state.points);
    let watch = Stopwatch::start();
    let server = kill_until(options, &server, &mut state, options.points, false).await?;
    let report = check::after(server, &state.acknowledged).await?;
    writeln!(
        out,
        "R1  kill -9 under load: {} points, {} clients, seed {}",
        state.points, options.clients, state.seed
    )?;
    writeln!(
        out,
        "    {} reports acknowledged: {} lost, {} under another number (bar: 0)",
        state.acknowledged.len(),
        report.lost,
        report.renumbered
    )?;
    writeln!(
        out,
        "    {} reports, {} payments, {} orders in the database: {} payments with two orders, {} without (bar: 0)",
        report.reports, report.payments, report.orders, report.doubled, report.without
    )?;
    writeln!(
        out,
        "    news not delivered at the end: {} (bar: none)",
        if report.drained { "none" } else { "SOME" }
    )?;
    writeln!(out, "    {} s", watch.elapsed().as_secs())?;
    let bad = report.lost + report.renumbered + report.doubled + report.without;
    let met = bad == 0 && report.drained && !state.acknowledged.is_empty();
    let verdict = if met { Verdict::Met } else { Verdict::Missed };
    writeln!(out, "    {verdict}")?;
    Ok(verdict)
}

/// Kills until `points` are reached; the running node is given back.
async fn kill_until(
    options: &Options,
    server: &Server,
    state: &mut State,
    points: u32,
    early: bool,
) -> anyhow::Result<Server> {
    let crowd = Crowd::start(server.base(), options.clients, state.acknowledged.len(), early)?;
    let mut running = server.start().await?;
    crowd.alive(true);
    while state.points < points {
        let mut dice = Draw::keyed(about(options.seed.wrapping_add(u64::from(state.points)), "kill"));
        // From hardly awake to well under way.
        let wait = Duration::from_millis(dice.between(20, 900).unsigned_abs());
        tokio::time::timeout(wait, std::future::pending::<()>()).await.unwrap_or_default();
        running.kill()?;
        crowd.alive(false);
        state.points += 1;
        state.acknowledged.extend(crowd.receipts());
        state.save(server.dir())?;
        running = server.start().await?;
        crowd.alive(true);
    }
    state.acknowledged.extend(crowd.stop().await?);
    state.save(server.dir())?;
    Ok(server.holding(running))
}
