//! Rows of an exhibit, from "bring" to the last of them found again and told on the page of its case.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use app::App;
use evidence::model::Acquisition;
use evidence::service::Begun;
use evidence::{Exhibit, Shelf};
use import::model::State;
use import::service::{Query, Wish};
use import::{ImportId, Office};
use kernel::Actor;

use super::made::{Sort, other};
use super::reader_of_this_program;
use crate::clock::{Stopwatch, process_cpu};
use crate::cluster::{Cluster, SETTINGS};
use crate::desk::opened;
use crate::harness::{Verdict, worst};
use crate::intake::Scratch;
use crate::stats;

/// Rows a second that must become durable.
const BAR: u64 = 10_000;
/// Rows for which the bar is meant.
const BAR_ROWS: u32 = 200_000;
const PART: usize = 1 << 20;

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Rows of each exhibit.
    #[arg(long, default_value_t = BAR_ROWS)]
    pub rows: u32,
    /// How often each kind is brought in.
    #[arg(long, default_value_t = 3)]
    pub rounds: u32,
    /// On a PostgreSQL of its own, too.
    #[arg(long)]
    pub postgres: bool,
    /// On this PostgreSQL alone.
    #[arg(long)]
    pub database: Option<String>,
    /// Folder for the databases; on the disk that is to be measured.
    #[arg(long)]
    pub dir: Option<PathBuf>,
}

/// Measures rows a second on SQLite, and on PostgreSQL where that is wished.
///
/// # Errors
/// Rows that are not there afterwards.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let scratch = Scratch::new(options.dir.as_deref())?;
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
        verdicts.extend(runtime.block_on(on(options, &scratch.0.join(name), database, out))?);
    }
    std::fs::remove_dir_all(&scratch.0)?;
    let verdict = worst(&verdicts);
    if options.rows < BAR_ROWS {
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
    let officer = crate::desk::demo(&app, "aliya").await?;
    let office = Office { shelf: Shelf::open(&data.join("evidence"))?, reader: reader_of_this_program()? };
    writeln!(
        out,
        "Rows of exhibits, {engine}: from \"bring\" to the last row found again and told in its case"
    )?;
    let mut verdicts = Vec::new();
    for sort in Sort::ALL {
        let mut rounds = Vec::new();
        for _ in 0..options.rounds.max(1) {
            rounds.push(round(&app, &office, &officer, (sort, options.rows)).await?);
        }
        verdicts.push(print(sort, &rounds, out)?);
    }
    Ok(verdicts)
}

/// What one bringing cost.
struct Round {
    rows: u64,
    /// Until the last row was durable and the import was over.
    brought: Duration,
    /// Until the case's page told it and the last row was found.
    whole: Duration,
    /// Processor time of this process, the reader not among it.
    cpu_ns: u64,
    /// Rows a second in the first tenth and in the last.
    first: u64,
    last: u64,
}

fn rate(rows: u64, time: Duration) -> u64 {
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX).max(1);
    rows.saturating_mul(1_000_000) / micros
}

fn print(sort: Sort, rounds: &[Round], out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let median = |of: fn(&Round) -> u64| stats::median(&rounds.iter().map(of).collect::<Vec<_>>());
    let durable = median(|r| rate(r.rows, r.brought));
    let (first, last) = (median(|r| r.first), median(|r| r.last));
    // The last rows of a full index too, not only the average over a growing one.
    let verdict = if durable.min(last) >= BAR { Verdict::Met } else { Verdict::Missed };
    let spread: Vec<String> = rounds.iter().map(|r| rate(r.rows, r.brought).to_string()).collect();
    writeln!(
        out,
        "    {:<10} {durable:>7} rows/s durable ({}), {} rows/s until found and told; first tenth {first}, last {last}; {} of processor a row; bar 10,000: {verdict}",
        sort.name(),
        spread.join(", "),
        median(|r| rate(r.rows, r.whole)),
        stats::time(median(|r| r.cpu_ns / r.rows.max(1)))
    )?;
    out.flush()?;
    Ok(verdict)
}

async fn round(
    app: &App,
    office: &Office,
    officer: &Actor,
    (sort, rows): (Sort, u32),
) -> anyhow::Result<Round> {
    let new = case::service::NewCase {
        title: format!("Көрсеткіш: {} (ойдан шығарылған)", sort.name()),
        priority: 1,
        ..Default::default()
    };
    let number = case::service::open(app, officer, new).await?.number;
    let exhibit = take(app, &office.shelf, officer, (sort, rows)).await?;
    case::service::put_exhibit(app, officer, &number, &exhibit.number).await?;
    drain(app).await?;

    let cpu = process_cpu()?;
    let watch = Stopwatch::start();
    let wish = Wish { exhibit: exhibit.number.clone(), ..Wish::default() };
    let begun = import::service::begin(app, officer, wish).await?;
    let over = Arc::new(AtomicBool::new(false));
    let seen =
        tokio::spawn(follow(app.clone(), officer.clone(), (begun.id, rows), (watch, Arc::clone(&over))));
    let done = import::service::carry_out(app, office, officer, begun.id).await?;
    let brought = watch.elapsed();
    over.store(true, Ordering::SeqCst);
    let cpu_ns = process_cpu()?.saturating_sub(cpu);
    ensure!(
        done.state == State::Read && done.rows == i64::from(rows) && done.troubles == 0,
        "{}: {done:?}",
        sort.name()
    );
    drain(app).await?;
    let line = case::service::time_line(app, officer, &number, (None, None)).await?;
    ensure!(line.moments.iter().any(|(m, _)| m.act == "import.ended"), "the case does not tell of it");
    let page = case::service::look(app, officer, &number).await?;
    ensure!(page.exhibits.len() == 1, "the case shows {} exhibits", page.exhibits.len());
    // The last row whose other side comes once.
    let no = (0..rows).rev().find(|no| !no.is_multiple_of(4)).context("no row")?;
    let query = Query { with: other(no), ..Query::default() };
    let found = import::service::open(app, officer, done.id, query).await?;
    let all: i64 = found.kinds.iter().map(|(_, n)| n).sum();
    ensure!(all == i64::from(rows), "{all} rows are kept");
    if sort != Sort::Chat || no.is_multiple_of(2) {
        ensure!(!found.rows.is_empty(), "the last row is not found again by {}", other(no));
    }
    let whole = watch.elapsed();
    let (first, last) = seen.await??;
    Ok(Round { rows: u64::from(rows), brought, whole, cpu_ns, first, last })
}

/// Follows how many rows are durable: rows a second in the first tenth and in the last.
async fn follow(
    app: App,
    officer: Actor,
    (id, rows): (ImportId, u32),
    (watch, over): (Stopwatch, Arc<AtomicBool>),
) -> anyhow::Result<(u64, u64)> {
    let mut steps: Vec<(u64, Duration)> = Vec::new();
    while !over.load(Ordering::SeqCst) {
        let import = import::service::stands(&app, &officer, id).await?;
        let now = u64::try_from(import.rows).unwrap_or(0);
        if now > 0 && steps.last().is_none_or(|(n, _)| *n < now) {
            steps.push((now, watch.elapsed()));
        }
        app.timer.sleep(Duration::from_millis(3)).await;
    }
    let between = |from: u64, to: u64| {
        let begins = steps.iter().find(|(n, _)| *n >= from);
        let ends = steps.iter().find(|(n, _)| *n >= to).or(steps.last());
        match (begins, ends) {
            (Some(a), Some(b)) => rate(b.0.saturating_sub(a.0), b.1.saturating_sub(a.1)),
            _ => 0,
        }
    };
    let all = u64::from(rows);
    // From the first rows that are there: what the reading process takes to begin is in the whole.
    Ok((between(1, all / 10), between(all * 9 / 10, all)))
}

async fn drain(app: &App) -> anyhow::Result<()> {
    db::outbox::drain(&app.db, &qorgan::slices::subscribers(app)).await?;
    Ok(())
}

async fn take(app: &App, shelf: &Shelf, who: &Actor, (sort, rows): (Sort, u32)) -> anyhow::Result<Exhibit> {
    let bytes = sort.bytes(rows);
    let told = Acquisition {
        title: "Үзінді (ойдан шығарылған)".into(),
        sort: "statement".into(),
        taken_by: "капитан Үлгі".into(),
        how: "банк тапсырды".into(),
        basis: "хат № 1 (үлгі)".into(),
        file_name: sort.file().into(),
        ..Acquisition::default()
    };
    let upload = evidence::service::begin(app, who, i64::try_from(bytes.len())?).await?;
    let mut at = 0_i64;
    for part in bytes.chunks(PART) {
        evidence::service::append(app, shelf, who, (upload.id, at), part.to_vec()).await?;
        at += i64::try_from(part.len())?;
    }
    let begun = Begun { told, ..Begun::default() };
    Ok(evidence::service::finish(app, shelf, who, upload.id, begun).await?)
}
