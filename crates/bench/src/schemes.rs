//! Rows C1, C2: which reports belong together, by what they name and by how they are told, beside scipy and datasketch on the same file in
//! the same run (`--peer` names a script that takes a file and the name of an engine and prints `NAME n=…: …s components …`). And what one
//! report more costs a node that knows many.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use app::App;
use kernel::{Actor, Entropy, Money, When};
use petgraph::unionfind::UnionFind;
use qorgan::node::{self, NodeArgs};
use report::{Harm, NewPayment, NewReport, Reporter, Target};

use crate::clock::wall;
use crate::harness::Verdict;
use crate::intake::Scratch;
use crate::stats;

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Reports for row C1.
    #[arg(long, default_value_t = 1_000_000)]
    pub reports: u32,
    /// Reports for row C2: datasketch is slow.
    #[arg(long, default_value_t = 20_000)]
    pub stories: u32,
    /// Reports of one scheme, as far as one more is timed: 1,000, 10,000, 100,000.
    #[arg(long, default_value_t = 10_000)]
    pub known: u32,
    /// The script that runs scipy and datasketch.
    #[arg(long)]
    pub peer: Option<PathBuf>,
    /// The Python that has them.
    #[arg(long, default_value = "python3")]
    pub python: PathBuf,
}

/// Bars: so many times as fast.
const C1: u64 = 20;
const C2: u64 = 10;
/// As loose as the other side, which takes pairs of words and half of them in common as its least hashes guess it.
const AIM: scheme::Aim = scheme::Aim { row: 2, alike: 40 };
/// Words of which stories are made.
const WORDS: u64 = 4_000;
/// Alternating rounds.
const ROUNDS: usize = 5;

/// A report of the file: which fraud it truly is, what it names, what is told.
struct Report {
    fraud: u64,
    named: Vec<u64>,
    told: String,
}

/// A number that the dice of a place give.
fn draw(of: u64, place: u64) -> u64 {
    let seeded = Entropy::seeded(of.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ place);
    u64::from_le_bytes(seeded.bytes::<8>())
}

/// Frauds of very different sizes; each report names two of its fraud's things and one of its own, and tells its fraud's story in words
/// of which one in eight is another.
fn reports(count: u32, told: bool) -> Vec<Report> {
    (0..u64::from(count))
        .map(|no| {
            let dice = draw(no, 1);
            // A power law: the square of an even draw.
            let even = dice % 1_000;
            let fraud = even * even / 50 + (dice >> 32) % 7 * 20_000;
            let named = vec![fraud * 8 + dice / 7 % 4, fraud * 8 + 4 + dice / 31 % 4, 1 << 40 | no];
            let mut text = String::new();
            for word in 0..if told { 40 } else { 0 } {
                let own = draw(no, 100 + word);
                let which =
                    if own.is_multiple_of(8) { own / 8 % WORDS } else { draw(fraud, 500 + word) % WORDS };
                let _ = write!(text, "w{which} ");
            }
            Report { fraud, named, told: text.trim_end().to_owned() }
        })
        .collect()
}

fn written(reports: &[Report], path: &Path) -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
    for (no, r) in reports.iter().enumerate() {
        let named: Vec<String> = r.named.iter().map(u64::to_string).collect();
        writeln!(out, "{no}\t{}\t{}\t{}", r.fraud, named.join(","), r.told)?;
    }
    Ok(out.flush()?)
}

/// What the other side says: milliseconds, how many groups, and its line about right and wrong.
struct Said {
    milliseconds: u64,
    groups: usize,
    rightness: String,
}

fn theirs(options: &Options, file: &Path, engine: &str) -> anyhow::Result<Option<Said>> {
    let Some(script) = &options.peer else { return Ok(None) };
    let said = Command::new(&options.python).arg(script).arg(file).arg(engine).output()?;
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    let line = text.lines().find(|l| l.starts_with(engine)).with_context(|| {
        let wrong = String::from_utf8_lossy(&said.stderr);
        format!("{engine} does not run: {}", wrong.lines().last().unwrap_or_default())
    })?;
    let seconds = line.split(": ").nth(1).and_then(|t| t.split('s').next()).context("no time")?;
    let (whole, part) = seconds.split_once('.').context("no time")?;
    let milliseconds = format!("{whole}{part:0<3}").get(..whole.len() + 3).context("no time")?.parse()?;
    let groups = line.rsplit(' ').next().context("no count")?.parse()?;
    let rightness = text.lines().find(|l| l.contains("pair P")).unwrap_or_default().trim().to_owned();
    Ok(Some(Said { milliseconds, groups, rightness }))
}

/// Groups by what is named: for each report its root. Pairs in the order of things, so that whoever names one lies together.
fn components(reports: &[Report]) -> Vec<u32> {
    let mut pairs: Vec<(u64, u32)> =
        (0_u32..).zip(reports).flat_map(|(no, r)| r.named.iter().map(move |thing| (*thing, no))).collect();
    pairs.sort_unstable();
    let mut sets = UnionFind::<u32>::new(reports.len());
    let mut before: Option<(u64, u32)> = None;
    for (thing, no) in pairs {
        if let Some((_, home)) = before.filter(|(known, _)| *known == thing) {
            sets.union(home, no);
        } else {
            before = Some((thing, no));
        }
    }
    sets.into_labeling()
}

/// Pairs of reports in one group, of one fraud, and both; and how many groups.
fn judged<T: Ord + Clone>(groups: &[T], reports: &[Report]) -> (u64, u64, u64, usize) {
    fn pairs<K: Ord>(keys: impl Iterator<Item = K>) -> u64 {
        let mut sizes = std::collections::BTreeMap::new();
        keys.for_each(|key| *sizes.entry(key).or_insert(0_u64) += 1);
        sizes.values().map(|n| n.saturating_mul(n.saturating_sub(1)) / 2).sum()
    }
    let said = pairs(groups.iter());
    let are = pairs(reports.iter().map(|r| r.fraud));
    let both = pairs(groups.iter().zip(reports).map(|(g, r)| (g.clone(), r.fraud)));
    (said, are, both, groups.iter().collect::<BTreeSet<_>>().len())
}

/// Prints both rows.
///
/// # Errors
/// The other side's; nothing here fails by itself.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let one = named(options, out)?;
    let two = told(options, out)?;
    more(options, out)?;
    Ok(crate::harness::worst(&[one, two]))
}

fn named(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let all = reports(options.reports, false);
    let scratch = Scratch::new(None)?;
    let file = scratch.0.join("reports.tsv");
    written(&all, &file)?;
    writeln!(out, "C1  {} reports, three things each, by what they name", all.len())?;
    let (mut ratios, mut last) = (Vec::new(), None);
    for _ in 0..ROUNDS {
        let peer = theirs(options, &file, "scipy")?;
        let (groups, ns) = wall(|| components(&all));
        let count = groups.iter().collect::<BTreeSet<_>>().len();
        let Some(peer) = peer else {
            writeln!(out, "  ours: {}, {count} groups; scipy: NOT RUN: needs --peer", stats::time(ns))?;
            return Ok(Verdict::Shown);
        };
        anyhow::ensure!(peer.groups == count, "groups differ: scipy {}, ours {count}", peer.groups);
        ratios.push(peer.milliseconds.saturating_mul(1_000_000_000) / ns.max(1));
        last = Some((peer.milliseconds, ns, count));
    }
    verdict(out, "scipy", &ratios, C1, last)
}

fn verdict(
    out: &mut dyn Write,
    peer: &str,
    thousandths: &[u64],
    bar: u64,
    last: Option<(u64, u64, usize)>,
) -> anyhow::Result<Verdict> {
    let ratio = stats::median(thousandths);
    if let Some((theirs, ours, count)) = last {
        let ours = stats::time(ours);
        writeln!(
            out,
            "  the last of {} rounds: {peer} {theirs} ms, ours {ours}, {count} groups",
            thousandths.len()
        )?;
    }
    let met = ratio >= bar.saturating_mul(1_000);
    let word = if met { "met" } else { "MISSED" };
    writeln!(out, "  median {}.{:03}x of {peer}, bar {bar}x: {word}", ratio / 1_000, ratio % 1_000)?;
    Ok(if met { Verdict::Met } else { Verdict::Missed })
}

fn told(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let all = reports(options.stories, true);
    let scratch = Scratch::new(None)?;
    let file = scratch.0.join("stories.tsv");
    written(&all, &file)?;
    writeln!(out, "C2  {} reports by how they are told", all.len())?;
    let story = |(no, r): (usize, &Report)| scheme::Story {
        id: format!("{no:08}"),
        text: r.told.clone(),
        named: Vec::new(),
    };
    let stories: Vec<scheme::Story> = all.iter().enumerate().map(story).collect();
    let none = BTreeSet::new();
    let share = |part: u64, whole: u64| part.saturating_mul(1_000).checked_div(whole).unwrap_or(0);
    let shown = |thousandths: u64| format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
    let ours = |aim: scheme::Aim, out: &mut dyn Write| -> anyhow::Result<(u64, usize, (u64, u64))> {
        let (found, ns) = wall(|| scheme::gather(&stories, &none, aim));
        let (said, are, both, count) = judged(&found.clusters, &all);
        let right = (share(both, said), share(both, are));
        let (p, r) = (shown(right.0), shown(right.1));
        writeln!(
            out,
            "  ours, rows of {} words, {} % alike: {}, pair P {p} R {r}",
            aim.row,
            aim.alike,
            stats::time(ns)
        )?;
        Ok((ns, count, right))
    };
    ours(scheme::Aim::DESK, out)?;
    let (mut ratios, mut last, mut no_worse) = (Vec::new(), None, true);
    for _ in 0..ROUNDS {
        let (ns, count, right) = ours(AIM, out)?;
        let Some(peer) = theirs(options, &file, "datasketch")? else {
            writeln!(out, "  {count} groups; datasketch: NOT RUN: needs --peer")?;
            return Ok(Verdict::Shown);
        };
        writeln!(out, "  {}", peer.rightness)?;
        no_worse &= thousandths(&peer.rightness).is_some_and(|(p, r)| right.0 >= p && right.1 >= r);
        ratios.push(peer.milliseconds.saturating_mul(1_000_000_000) / ns.max(1));
        last = Some((peer.milliseconds, ns, count));
    }
    let speed = verdict(out, "datasketch", &ratios, C2, last)?;
    writeln!(out, "  precision and recall {}", if no_worse { "not lower" } else { "LOWER" })?;
    Ok(if no_worse { speed } else { Verdict::Missed })
}

/// Precision and recall of a line `… pair P 0.981 R 0.840`, in thousandths.
fn thousandths(line: &str) -> Option<(u64, u64)> {
    let read = |text: &str| -> Option<u64> {
        let (whole, part) = text.split_once('.')?;
        format!("{whole}{part:0<3}").get(..whole.len().saturating_add(3))?.parse().ok()
    };
    let mut words = line.split_whitespace().skip_while(|word| *word != "P").skip(1);
    let precision = read(words.next()?)?;
    let recall = read(words.nth(1)?)?;
    Some((precision, recall))
}

/// One report more, where many of one fraud are known: what it takes to hear it, with everything that is read and written, but for the
/// commit, which many share.
fn more(options: &Options, out: &mut dyn Write) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let scratch = Scratch::new(None)?;
    runtime.block_on(heard(options, &scratch.0.join("node"), out))
}

/// Reports after which the next ones are timed.
const STEPS: [u32; 3] = [1_000, 10_000, 100_000];
/// Reports that are timed.
const TIMED: u32 = 300;

async fn heard(options: &Options, data: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    let app = node::open(&NodeArgs {
        data: data.to_owned(),
        database: None,
        profile: "kz".to_owned(),
        public_url: "http://127.0.0.1:8080".to_owned(),
    })?;
    let ear = scheme::Ear::new(&app);
    let mut known = 0_u32;
    for step in STEPS.into_iter().filter(|step| *step <= options.known) {
        while known < step {
            let some = step.saturating_sub(known).min(500);
            hear(&app, &ear, known..known.saturating_add(some)).await?;
            known = known.saturating_add(some);
        }
        let times = hear(&app, &ear, known..known.saturating_add(TIMED)).await?;
        known = known.saturating_add(TIMED);
        writeln!(
            out,
            "    one report heard, {step} of its scheme known: median {}, p99 {}",
            stats::time(stats::median(&times)),
            stats::time(stats::percentile(&times, 99))
        )?;
        out.flush()?;
    }
    Ok(())
}

/// Files reports of one fraud, and hears them one by one; gives how long each took.
async fn hear(app: &App, ear: &scheme::Ear, numbers: std::ops::Range<u32>) -> anyhow::Result<Vec<u64>> {
    let filings = numbers.clone().map(|no| {
        let (app, new) = (app.clone(), victim(app, no));
        tokio::spawn(async move {
            report::service::file(&app, &Actor::Public, new, report::service::Filing::default()).await
        })
    });
    for filing in filings.collect::<Vec<_>>() {
        filing.await??;
    }
    let (me, ear) = (app.clone(), ear.clone());
    let times = app
        .db
        .write(move |tx| {
            let mut times = Vec::new();
            for no in numbers.clone() {
                let (heard, ns) = wall(|| scheme::service::hear(tx, &me, &ear, id(no)));
                heard?;
                times.push(ns);
            }
            Ok::<_, scheme::SchemeError>(times)
        })
        .await?;
    Ok(times)
}

fn id(no: u32) -> report::ReportId {
    report::rules::id_from_key(uuid::Uuid::from_u128(u128::from(no) + 1))
}

/// A victim of one fraud: the same caller, an account of many, a story nearly as the others'.
fn victim(app: &App, no: u32) -> NewReport {
    const WHEN: [&str; 8] = ["утром", "днём", "вечером", "вчера", "сегодня", "поздно", "рано", "срочно"];
    let word =
        |n: u32| WHEN.iter().cycle().nth(usize::try_from(n % 8).unwrap_or(0)).copied().unwrap_or_default();
    let to = format!("KZ00BENCH{:011}", no % 50);
    NewReport {
        id: id(no),
        channel: "portal".to_owned(),
        lang: kernel::Lang::RU,
        ongoing: false,
        harm: Harm::Money,
        reporter: Reporter { phone: format!("+7701{no:07}"), ..Reporter::default() },
        story: format!(
            "Мне {} позвонил мужчина с номера +77000000777, представился сотрудником банка и сказал, что по моей карте подозрительная \
             операция и все деньги надо {} перевести на безопасный счёт, я {} перевела",
            word(no),
            word(no / 8),
            word(no / 64)
        ),
        payments: vec![NewPayment {
            amount: Money::from_minor(1_000_000, app.profile.currency()),
            when: When::exactly(app.office.now()),
            own_institution: String::new(),
            own_account: String::new(),
            to: Some(Target { kind: "account".to_owned(), masked: to.clone(), value: to }),
            to_institution: String::new(),
            reference: String::new(),
        }],
    }
}
