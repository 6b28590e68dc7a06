//! Row L1 for cases: pages, lists, counts, boards and the API over a hundred thousand cases.
//!
//! The cases are made by the verbs of the office, each with a story on a clock of its own; what lists show is held against the bare rows
//! before anything is timed.

mod fill;
mod pages;
mod truth;

use std::io::Write;
use std::path::{Path, PathBuf};

use app::App;

use crate::cluster::{Cluster, SETTINGS};
use crate::desk::opened;
use crate::harness::{Verdict, worst};
use crate::intake::Scratch;

/// Cases for which the bar is meant.
const BAR_CASES: u32 = 100_000;

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Cases.
    #[arg(long, default_value_t = BAR_CASES)]
    pub cases: u32,
    /// Reports that stand in some of them.
    #[arg(long, default_value_t = 5_000)]
    pub reports: u32,
    /// How often each page is asked for.
    #[arg(long, default_value_t = 200)]
    pub times: usize,
    /// On a PostgreSQL of its own, too.
    #[arg(long)]
    pub postgres: bool,
    /// On this PostgreSQL alone, an empty database or one that was filled before.
    #[arg(long)]
    pub database: Option<String>,
    /// Folder for the databases; on the disk that is to be measured. What lies there from a run before is measured again.
    #[arg(long)]
    pub dir: Option<PathBuf>,
}

/// Measures the row on SQLite, and on PostgreSQL where that is wished.
///
/// # Errors
/// A page that does not show what it should.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let scratch = options.dir.is_none().then(|| Scratch::new(None)).transpose()?;
    let place = match (&options.dir, &scratch) {
        (Some(dir), _) => dir.clone(),
        (None, Some(scratch)) => scratch.0.clone(),
        (None, None) => std::env::temp_dir(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let cluster = options.postgres.then(|| Cluster::start(SETTINGS)).transpose()?;
    let mut places = Vec::new();
    if options.database.is_none() {
        places.push(("lite", None));
    }
    let url = options.database.clone().or_else(|| cluster.as_ref().map(Cluster::url));
    places.extend(url.map(|url| ("pg", Some(url))));
    let mut verdicts = Vec::new();
    for (name, database) in places {
        verdicts.extend(runtime.block_on(on(options, &place.join(name), database, out))?);
    }
    let verdict = worst(&verdicts);
    if options.cases < BAR_CASES {
        writeln!(out, "    fewer than the bar is meant for: shown, not judged")?;
        return Ok(Verdict::Shown);
    }
    Ok(verdict)
}

async fn on(
    options: &Options,
    data: &Path,
    database: Option<String>,
    out: &mut dyn Write,
) -> anyhow::Result<Vec<Verdict>> {
    let engine = if database.is_some() { "PostgreSQL" } else { "SQLite" };
    let app = opened(data.to_path_buf(), database).await?;
    let filled = filled(&app, (options.cases, options.reports), data).await?;
    writeln!(
        out,
        "L1  {engine}: {} cases by {} acts of the office (no bulk import), filled in {} s; pages asked {} times each; bar p95 50 ms",
        filled.cases, filled.acts, filled.seconds, options.times
    )?;
    out.flush()?;
    pages::measure(&app, &filled, options.times, out).await
}

/// Fills a node with cases.
async fn filled(app: &App, many: (u32, u32), data: &Path) -> anyhow::Result<fill::Filled> {
    fill::fill(app, many, data).await
}

/// The same for whoever wants a node with cases, and no figures of them.
///
/// # Errors
/// A verb that refuses.
pub(crate) async fn node_with_cases(app: &App, many: u32, data: &Path) -> anyhow::Result<()> {
    filled(app, (many, many / 20), data).await.map(drop)
}
