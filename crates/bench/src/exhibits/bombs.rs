//! Row S7: files that are made to take everything, given to the limited reader: what it takes of memory and processor, and what a reader
//! of pages notices of it.

#[path = "../../../reader/tests/it/hostile.rs"]
mod hostile;
#[expect(
    dead_code,
    reason = "of the makers of the reader's own tests those are used here by which bombs are made"
)]
#[expect(clippy::unwrap_used, reason = "makers of the reader's own tests")]
#[path = "../../../reader/tests/it/made.rs"]
mod made;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use app::App;
use reader::{Ended, Feed, Reader, Reading};
use tokio::sync::mpsc;

use super::reader_of_this_program;
use crate::clock::Stopwatch;
use crate::desk::{Desk, opened};
use crate::harness::{Bar, By, Cost, LEAST_ROUNDS, Round, Row, Verdict, worst};
use crate::intake::Scratch;
use crate::stats::{self, Ratio};

/// What the reader may take at most.
const MOST_BYTES: u64 = 256 << 20;
const MOST_CPU_MS: u64 = 5_000;
/// The kernel counts the limit in whole seconds and tells ticks: what passes until it hears is no more than this.
const NEAR_MS: u64 = 100;
/// So often a bomb is read until its reader was seen.
const MOST_TIMES: u32 = 50;
/// A page is asked for each so many milliseconds.
const PACE: Duration = Duration::from_millis(20);

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Cases over which the pages are asked.
    #[arg(long, default_value_t = 2_000)]
    pub cases: u32,
    /// Pages in each half of a round.
    #[arg(long, default_value_t = 500)]
    pub pages: u32,
    /// How often each bomb is read.
    #[arg(long, default_value_t = 3)]
    pub times: u32,
    /// Folder for the database.
    #[arg(long)]
    pub dir: Option<PathBuf>,
}

struct Bomb {
    name: &'static str,
    bytes: Arc<[u8]>,
}

/// What makes a bomb.
type Maker = fn() -> Vec<u8>;

fn bombs() -> Vec<Bomb> {
    let all: [(&'static str, Maker); 15] = [
        ("zip of 64 MiB of nothing", hostile::flat_zip),
        ("zip of sixteen such zips", hostile::nested_zip),
        ("PDF, a page of 300 MiB", hostile::pdf_page),
        ("PDF, the same packed twice", hostile::pdf_page_twice),
        ("PDF, said to be packed forty times", hostile::pdf_page_often),
        ("PDF, objects in one another", hostile::pdf_deep),
        ("XML, entities of ten to the tenth", hostile::xml_entities),
        ("XML, a million elements deep", hostile::xml_deep),
        ("XML, a text of 40 MiB", hostile::xml_long),
        ("CSV, a line of 60 MiB", hostile::csv_line),
        ("picture of 60,000 by 60,000", hostile::pixels),
        ("e-mail, 5,000 parts deep", hostile::mail_deep),
        ("e-mail of 300,000 parts", hostile::mail_many),
        ("SQLite, bytes turned", hostile::database_broken),
        ("SQLite, of very many pages", hostile::database_huge),
    ];
    all.into_iter().map(|(name, make)| Bomb { name, bytes: make().into() }).collect()
}

/// Measures what bombs take, and what pages notice.
///
/// # Errors
/// A bomb that is not read by a limited process.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let scratch = Scratch::new(options.dir.as_deref())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let bombs = Arc::new(bombs());
    let reader = reader_of_this_program()?;
    let mut verdicts = runtime.block_on(taken(&reader, &bombs, options.times, out))?;
    let data = scratch.0.join("lite");
    let app = runtime.block_on(opened(data.clone(), None))?;
    runtime.block_on(crate::cases::node_with_cases(&app, options.cases, &data))?;
    let rounds = runtime.block_on(beside(&app, (&reader, &bombs), options.pages))?;
    let row = Row {
        id: "S7",
        work: format!(
            "a page of the desk over {} cases while bombs are read one behind the other",
            options.cases
        ),
        denominator: "the same pages while none is read".into(),
        by: By::P99,
        bar: Bar::AtMost(Ratio::milli(1_100)),
    };
    verdicts.push(row.print(out, &rounds)?);
    let halves = Row { by: By::P50, bar: Bar::None, work: "the same, the median page".into(), ..row };
    halves.print(out, &rounds)?;
    std::fs::remove_dir_all(&scratch.0)?;
    Ok(worst(&verdicts))
}

fn feed(bytes: Arc<[u8]>) -> Feed {
    let (send, chunks) = mpsc::channel(2);
    let size_bytes = u64::try_from(bytes.len()).unwrap_or(0);
    tokio::spawn(async move {
        let mut at = 0_u64;
        for frame in bytes.chunks(1 << 20) {
            if send.send((at, frame.to_vec())).await.is_err() {
                break;
            }
            at = at.saturating_add(u64::try_from(frame.len()).unwrap_or(0));
        }
    });
    Feed { size_bytes, chunks }
}

async fn read(reader: &Reader, bomb: &Bomb) -> anyhow::Result<Reading> {
    let reading = reader.read(feed(Arc::clone(&bomb.bytes)), std::future::pending()).await;
    ensure!(reading.held.all(), "{}: a limit did not hold: {:?}", bomb.name, reading.held);
    ensure!(
        reading.ended != Ended::NotRead && reading.answer.is_some(),
        "{}: {:?}",
        bomb.name,
        reading.ended
    );
    Ok(reading)
}

/// What each bomb takes.
async fn taken(
    reader: &Reader,
    bombs: &[Bomb],
    times: u32,
    out: &mut dyn Write,
) -> anyhow::Result<Vec<Verdict>> {
    writeln!(
        out,
        "S7  what the limited reader takes, the most of {times} times; memory looked at each tenth of a millisecond"
    )?;
    let mut verdicts = Vec::new();
    for bomb in bombs {
        let (mut memory, mut space, mut cpu, mut ended) = (0, 0, 0, Ended::NotRead);
        // What is over sooner than it is seen is read again.
        for round in 0..MOST_TIMES.max(times) {
            if round >= times.max(1) && memory > 0 {
                break;
            }
            let before = waited_for_ms()?;
            let watch = Watch::begin();
            ended = read(reader, bomb).await?.ended;
            let (resident, mapped) = watch.end();
            memory = memory.max(resident);
            space = space.max(mapped);
            cpu = cpu.max(waited_for_ms()?.saturating_sub(before));
        }
        ensure!(memory > 0, "{}: the process was not seen", bomb.name);
        let met = memory <= MOST_BYTES && space <= MOST_BYTES && cpu <= MOST_CPU_MS + NEAR_MS;
        let verdict = if met { Verdict::Met } else { Verdict::Missed };
        writeln!(
            out,
            "    {:<36} {:>5} KiB sent, resident {:>4} MiB, mapped {:>4} MiB, processor {:>5} ms, ended {}; bar 256 MiB, 5 s: {verdict}",
            bomb.name,
            bomb.bytes.len() >> 10,
            memory >> 20,
            space >> 20,
            cpu,
            ended.as_str(),
        )?;
        out.flush()?;
        verdicts.push(verdict);
    }
    Ok(verdicts)
}

/// Processor time of all children of this process that have ended, in milliseconds.
fn waited_for_ms() -> anyhow::Result<u64> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let after = text.rsplit_once(") ").map(|(_, rest)| rest).context("no statistics of this process")?;
    // Times of children are fields 16 and 17 of the line, in hundredths.
    let ticks: u64 = after.split(' ').skip(13).take(2).filter_map(|t| t.parse::<u64>().ok()).sum();
    Ok(ticks.saturating_mul(10))
}

/// Looks at the memory of the children of this process until it is told to stop.
struct Watch {
    over: Arc<AtomicBool>,
    most: Arc<Mutex<(u64, u64)>>,
    looking: std::thread::JoinHandle<()>,
}

impl Watch {
    fn begin() -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let most = Arc::new(Mutex::new((0, 0)));
        let (stop, kept) = (Arc::clone(&over), Arc::clone(&most));
        let looking = std::thread::spawn(move || {
            let mut child = None;
            while !stop.load(Ordering::SeqCst) {
                child = child.or_else(child_of_this);
                if let Some((resident, mapped)) = child.and_then(memory) {
                    let mut most = kept.lock().unwrap_or_else(PoisonError::into_inner);
                    *most = (most.0.max(resident), most.1.max(mapped));
                }
                pause(Duration::from_micros(100));
            }
        });
        Self { over, most, looking }
    }

    fn end(self) -> (u64, u64) {
        self.over.store(true, Ordering::SeqCst);
        let _ = self.looking.join();
        *self.most.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark looks at this very machine")]
fn pause(time: Duration) {
    std::thread::sleep(time);
}

/// A child of this process.
fn child_of_this() -> Option<u32> {
    std::fs::read_dir("/proc/self/task").ok()?.flatten().find_map(|thread| {
        let children = std::fs::read_to_string(thread.path().join("children")).ok()?;
        children.split_whitespace().next()?.parse().ok()
    })
}

/// Most of memory that a process had resident, and mapped, so far. Before it has become the reader it is this program, and limits nothing.
fn memory(pid: u32) -> Option<(u64, u64)> {
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).ok()?;
    let held = limits.lines().find(|l| l.starts_with("Max address space"))?;
    if !held.contains(&MOST_BYTES.to_string()) {
        return None;
    }
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let of: BTreeMap<&str, u64> = status
        .lines()
        .filter_map(|line| line.split_once(':'))
        .filter_map(|(name, value)| {
            Some((name, value.trim().strip_suffix(" kB")?.parse::<u64>().ok()? << 10))
        })
        .collect();
    Some((*of.get("VmHWM")?, *of.get("VmSize")?))
}

/// Pages, quiet and while bombs are read, in turn.
async fn beside(
    app: &App,
    (reader, bombs): (&Reader, &Arc<Vec<Bomb>>),
    pages: u32,
) -> anyhow::Result<Vec<Round>> {
    let desk = Arc::new(Desk::sign_in_as(app, "aliya").await?);
    let page = desk.ask("GET", "/desk/cases", String::new()).await?;
    let shown = crate::desk::text(page).await?;
    ensure!(shown.contains("data-row"), "the list shows no case");
    let case = shown.split("/desk/cases/C-").nth(1).and_then(|rest| rest.split('"').next());
    let case = format!("/desk/cases/C-{}", case.context("no case on the list")?);
    let paths: Arc<[String; 3]> = Arc::new(["/desk/cases".to_owned(), case, "/desk/board".to_owned()]);
    // Once through, so that nothing is read for the first time in the first half.
    asked(app, &desk, &paths, 30).await?;
    let mut rounds = Vec::new();
    for _ in 0..LEAST_ROUNDS {
        let theirs = asked(app, &desk, &paths, pages).await?;
        let over = Arc::new(AtomicBool::new(false));
        let (stop, reader, bombs) = (Arc::clone(&over), reader.clone(), Arc::clone(bombs));
        let reading = tokio::spawn(async move {
            let mut read_so_far = 0_u32;
            while !stop.load(Ordering::SeqCst) {
                for bomb in bombs.iter() {
                    if !stop.load(Ordering::SeqCst) {
                        read(&reader, bomb).await?;
                        read_so_far = read_so_far.saturating_add(1);
                    }
                }
            }
            Ok::<_, anyhow::Error>(read_so_far)
        });
        let ours = asked(app, &desk, &paths, pages).await?;
        over.store(true, Ordering::SeqCst);
        ensure!(reading.await?? > 0, "no bomb was read meanwhile");
        rounds.push(Round { theirs, ours });
    }
    Ok(rounds)
}

/// Asks for pages at a steady pace, each counted from when it was due.
async fn asked(app: &App, desk: &Arc<Desk>, paths: &Arc<[String; 3]>, many: u32) -> anyhow::Result<Cost> {
    let watch = Stopwatch::start();
    let mut going = Vec::new();
    for no in 0..many {
        let due = PACE.saturating_mul(no);
        if let Some(early) = due.checked_sub(watch.elapsed()) {
            app.timer.sleep(early).await;
        }
        let (desk, paths) = (Arc::clone(desk), Arc::clone(paths));
        going.push(tokio::spawn(async move {
            let path = paths.get(usize::try_from(no).unwrap_or(0) % paths.len()).context("no page")?;
            let answer = desk.ask("GET", path, String::new()).await?;
            ensure!(answer.status().as_u16() == 200, "{path} gives {}", answer.status());
            crate::desk::text(answer).await?;
            Ok::<_, anyhow::Error>(watch.elapsed().saturating_sub(due))
        }));
    }
    let mut all = Vec::new();
    for one in going {
        all.push(u64::try_from(one.await??.as_nanos()).unwrap_or(u64::MAX));
    }
    ensure!(stats::median(&all) > 0, "nothing was measured");
    Ok(Cost::of_each(&all))
}
