//! Row Q1: a million short texts in Kazakh and Russian, searched by one word and by two, the ten best first, beside SQLite FTS5 and
//! PostgreSQL `tsvector`. All three are given the same folded words, so their hits are the same sets, which is seen to before
//! anything is timed. Ours restricts by who may see what and counts facets in the same pass; theirs do neither.
//!
//! Row L1 for the index: what a typed question costs with all its forms, with slips forgiven, and by any of its words.

use std::collections::BTreeSet;
use std::io::Write;

use ::search::Part;
use ::search::index::{Ask, Change, Codes, Entry, Index};
use ::search::rules::query::{Look, Reader};
use ::search::rules::ways::ways;
use ::search::rules::words::words;
use ::search::token::{Form, Key};
use anyhow::ensure;
use identifier::Options as Reading;
use postgres::NoTls;
use rusqlite::Connection;
use uuid::Uuid;

use crate::clock::Stopwatch;
use crate::cluster::{Cluster, SETTINGS, probe};
use crate::dice::Dice;
use crate::harness::{Bar, By, Cost, Row, Verdict, alternate, worst};
use crate::stats::{self, Ratio};

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// How many texts.
    #[arg(long, default_value_t = 1_000_000)]
    pub texts: u32,
    /// How many questions of each sort.
    #[arg(long, default_value_t = 100)]
    pub questions: usize,
    /// Rounds of each comparison.
    #[arg(long, default_value_t = 5)]
    pub rounds: usize,
    /// Leave PostgreSQL out.
    #[arg(long)]
    pub no_postgres: bool,
}

/// Words of the invented country's stories.
const VOCABULARY: usize = 50_000;
/// Words of a text.
const WORDS: usize = 25;
/// Texts written at once.
const BATCH: usize = 20_000;
/// Milliseconds that a question of the desk may take at the 95th of a hundred.
const DESK_MS: u64 = 50;

/// Syllables of which words are made, Kazakh and Russian.
const KAZAKH: [&str; 24] = [
    "ба", "қа", "ла", "сы", "дар", "тың", "ғы", "мен", "шо", "ақ", "қой", "жү", "рек", "тө", "лем", "нө",
    "мір", "сө", "зі", "бер", "ген", "ұр", "лық", "ша",
];
const RUSSIAN: [&str; 24] = [
    "пе", "ре", "вод", "де", "нег", "зво", "нил", "банк", "сче", "та", "по", "лу", "чил", "мо", "шен", "ник",
    "ска", "зал", "кар", "ты", "код", "при", "ло", "же",
];

/// Words, half of either language, no two of which sound alike.
fn vocabulary(dice: &mut Dice) -> Vec<(String, String)> {
    let mut known = BTreeSet::new();
    let mut all = Vec::with_capacity(VOCABULARY);
    while all.len() < VOCABULARY {
        let from = if all.len() % 2 == 0 { &KAZAKH } else { &RUSSIAN };
        let parts = 2 + dice.below(3);
        let word: String = (0..parts).filter_map(|_| from.get(dice.below(from.len()))).copied().collect();
        let Some(sound) = words(&word).into_iter().next().map(|w| w.sound) else { continue };
        if known.insert(plain(&sound)) {
            all.push((word, sound));
        }
    }
    all
}

/// A sound as the others keep it: they fold capitals, which are sounds of their own here.
fn plain(sound: &str) -> String {
    sound.chars().map(|c| if c == 'S' { 'w' } else { c.to_ascii_lowercase() }).collect()
}

/// A text by the ranks of its words.
fn text(dice: &mut Dice) -> Vec<usize> {
    (0..WORDS).map(|_| dice.skewed(VOCABULARY)).collect()
}

fn reader() -> Reader<'static> {
    Reader { key: Key::open(), options: Reading::default(), id: &|_, _| Uuid::nil() }
}

/// The three with the same texts.
struct Sides {
    words: Vec<(String, String)>,
    ours: Index,
    sqlite: Connection,
    postgres: Option<(postgres::Client, Cluster)>,
    folder: std::path::PathBuf,
}

impl Drop for Sides {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn named(words: &[(String, String)], ranks: &[usize], of: impl Fn(&(String, String)) -> String) -> String {
    ranks.iter().filter_map(|r| words.get(*r)).map(of).collect::<Vec<_>>().join(" ")
}

fn entry(n: u32, story: &str) -> Entry {
    let mut tokens = Vec::new();
    reader().tokens(&Part::Words(story.to_owned()), &mut tokens);
    tokens.sort_unstable();
    tokens.dedup();
    let byte = |n: u32| u8::try_from(n).unwrap_or(0);
    // Three in four are the reader's organisation's; twenty regions, two states.
    let codes = Codes { kind: 1, region: byte(n % 20) + 1, state: byte(n % 2) + 1 };
    Entry { tokens, scope: 1, codes, at: i64::from(n) * 60_000_000, stamp: 1 }
}

fn fill(options: &Options, out: &mut dyn Write) -> anyhow::Result<Sides> {
    let folder = std::env::temp_dir().join(format!("qorgan-bench-search-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let mut dice = Dice(1);
    let words = vocabulary(&mut dice);
    let ours = Index::open(&folder.join("ours"), "bench")?;
    let sqlite = Connection::open(folder.join("fts.db"))?;
    sqlite.execute_batch(
        "PRAGMA synchronous=OFF; PRAGMA cache_size=-262144; CREATE VIRTUAL TABLE d USING fts5(t)",
    )?;
    let postgres = match (options.no_postgres, probe()) {
        (false, Ok(_)) => {
            let cluster = Cluster::start(SETTINGS)?;
            let mut client = postgres::Client::connect(&cluster.url(), NoTls)?;
            client.batch_execute("CREATE UNLOGGED TABLE fts (id int, t text, v tsvector)")?;
            Some((client, cluster))
        }
        (true, _) => None,
        (false, Err(needs)) => {
            writeln!(out, "NOT RUN beside PostgreSQL: needs {}", needs.0)?;
            None
        }
    };
    let mut sides = Sides { words, ours, sqlite, postgres, folder };
    let (mut our_ns, mut sqlite_ns, mut postgres_ns) = (0_u64, 0_u64, 0_u64);
    let mut n = 0_u32;
    while n < options.texts {
        let part: Vec<(u32, Vec<usize>)> =
            (n..options.texts).take(BATCH).map(|n| (n, text(&mut dice))).collect();
        n = n.saturating_add(u32::try_from(part.len())?);
        let watch = Stopwatch::start();
        let changes = part.iter().map(|(n, ranks)| {
            let story = named(&sides.words, ranks, |w| w.0.clone());
            Change { kind: 1, id: Uuid::from_u128(u128::from(*n)), entries: vec![entry(*n, &story)] }
        });
        sides.ours.write(&changes.collect::<Vec<_>>())?;
        our_ns = our_ns.saturating_add(watch.nanoseconds());
        let watch = Stopwatch::start();
        let tx = sides.sqlite.unchecked_transaction()?;
        for (n, ranks) in &part {
            let folded = named(&sides.words, ranks, |w| plain(&w.1));
            tx.prepare_cached("INSERT INTO d (rowid, t) VALUES (?1, ?2)")?
                .execute((i64::from(*n), folded))?;
        }
        tx.commit()?;
        sqlite_ns = sqlite_ns.saturating_add(watch.nanoseconds());
        if let Some((client, _)) = &mut sides.postgres {
            let watch = Stopwatch::start();
            let mut copy = client.copy_in("COPY fts (id, t) FROM STDIN")?;
            for (n, ranks) in &part {
                writeln!(copy, "{n}\t{}", named(&sides.words, ranks, |w| plain(&w.1)))?;
            }
            copy.finish()?;
            postgres_ns = postgres_ns.saturating_add(watch.nanoseconds());
        }
    }
    let watch = Stopwatch::start();
    sides.ours.commit("")?;
    our_ns = our_ns.saturating_add(watch.nanoseconds());
    if let Some((client, _)) = &mut sides.postgres {
        let watch = Stopwatch::start();
        client.batch_execute("UPDATE fts SET v = to_tsvector('simple', t)")?;
        client.batch_execute("CREATE INDEX ON fts USING gin (v)")?;
        client.batch_execute("VACUUM ANALYZE fts")?;
        postgres_ns = postgres_ns.saturating_add(watch.nanoseconds());
    }
    let size = |path: &std::path::Path| folder_bytes(path).div_ceil(1_000_000);
    writeln!(
        out,
        "{} texts: ours {}, {} MB; FTS5 {}, {} MB; PostgreSQL {}",
        options.texts,
        stats::time(our_ns),
        size(&sides.folder.join("ours")),
        stats::time(sqlite_ns),
        size(&sides.folder.join("fts.db")),
        stats::time(postgres_ns),
    )?;
    Ok(sides)
}

fn folder_bytes(path: &std::path::Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(path) else { return std::fs::metadata(path).map_or(0, |m| m.len()) };
    entries.flatten().map(|e| folder_bytes(&e.path())).sum()
}

/// A question by the ranks of its words, the first rarer than the second.
type Question = Vec<usize>;

fn questions(options: &Options) -> (Vec<Question>, Vec<Question>) {
    let mut dice = Dice(2);
    let mut one = Vec::new();
    let mut two = Vec::new();
    for _ in 0..options.questions {
        let (rare, common) = (dice.skewed(VOCABULARY), 300 + dice.below(3_000));
        one.push(vec![rare]);
        two.push(vec![rare, common]);
    }
    (one, two)
}

impl Sides {
    fn ask(&self, question: &Question, limit: usize) -> Ask {
        let token = |sound: &str| Look { token: Key::open().token(Form::Word(sound)), weight: 1.0 };
        let words = question.iter().filter_map(|r| self.words.get(*r)).map(|w| vec![token(&w.1)]).collect();
        Ask { words, scopes: vec![1, 2], since: vec![0, 1, 2, 3], limit, ..Ask::default() }
    }
    fn folded(&self, question: &Question, between: &str) -> String {
        let words: Vec<String> =
            question.iter().filter_map(|r| self.words.get(*r)).map(|w| plain(&w.1)).collect();
        words.join(between)
    }

    /// All that each finds, as numbers of texts.
    fn sets(&mut self, question: &Question) -> anyhow::Result<Vec<BTreeSet<i64>>> {
        let found = self.ours.ask(&self.ask(question, usize::MAX >> 1))?;
        let number = |id: &Uuid| i64::try_from(id.as_u128()).unwrap_or(-1);
        let mut all = vec![found.hits.iter().map(|h| number(&h.id)).collect::<BTreeSet<i64>>()];
        ensure!(u64::try_from(found.hits.len())? == found.total, "the count is not that of the hits");
        let mut statement = self.sqlite.prepare_cached("SELECT rowid FROM d WHERE d MATCH ?1")?;
        let rows = statement.query_map([self.folded(question, " AND ")], |r| r.get::<_, i64>(0))?;
        all.push(rows.collect::<Result<_, _>>()?);
        drop(statement);
        let query = self.folded(question, " & ");
        if let Some((client, _)) = &mut self.postgres {
            let rows = client.query("SELECT id FROM fts WHERE v @@ to_tsquery('simple', $1)", &[&query])?;
            all.push(rows.iter().map(|r| i64::from(r.get::<_, i32>(0))).collect());
        }
        Ok(all)
    }

    fn time_ours(&self, all: &[Question]) -> anyhow::Result<Cost> {
        let mut ns = Vec::new();
        for question in all {
            let ask = self.ask(question, 10);
            let watch = Stopwatch::start();
            let found = self.ours.ask(&ask)?;
            ns.push(watch.nanoseconds());
            ensure!(found.hits.len() <= 10);
        }
        Ok(p95(&ns))
    }
    fn time_sqlite(&self, all: &[Question]) -> anyhow::Result<Cost> {
        let mut ns = Vec::new();
        for question in all {
            let query = self.folded(question, " AND ");
            let watch = Stopwatch::start();
            let mut statement =
                self.sqlite.prepare_cached("SELECT rowid FROM d WHERE d MATCH ?1 ORDER BY rank LIMIT 10")?;
            let rows = statement.query_map([query], |r| r.get::<_, i64>(0))?;
            let rows = rows.collect::<Result<Vec<_>, _>>()?;
            ns.push(watch.nanoseconds());
            ensure!(rows.len() <= 10);
        }
        Ok(p95(&ns))
    }
    fn time_postgres(&mut self, all: &[Question]) -> anyhow::Result<Cost> {
        let queries: Vec<String> = all.iter().map(|q| self.folded(q, " & ")).collect();
        let Some((client, _)) = &mut self.postgres else { return Ok(p95(&[])) };
        let statement = client.prepare(
            "SELECT id FROM fts, to_tsquery('simple', $1) q WHERE v @@ q ORDER BY ts_rank(v, q) DESC LIMIT 10",
        )?;
        let mut ns = Vec::new();
        for query in queries {
            let watch = Stopwatch::start();
            let rows = client.query(&statement, &[&query])?;
            ns.push(watch.nanoseconds());
            ensure!(rows.len() <= 10);
        }
        Ok(p95(&ns))
    }
}

/// The 95th of a hundred, as what is compared.
fn p95(ns: &[u64]) -> Cost {
    Cost::of_all(stats::percentile(ns, 95), 1)
}

/// Makes the texts, sees that all find the same, and times them.
///
/// # Errors
/// The database's, the index's; hits that differ.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let mut sides = fill(options, out)?;
    let (one, two) = questions(options);
    let mut hits = 0_usize;
    for question in one.iter().chain(&two) {
        let sets = sides.sets(question)?;
        let ours = sets.first().cloned().unwrap_or_default();
        hits = hits.saturating_add(ours.len());
        ensure!(sets.iter().all(|set| *set == ours), "the hits of {question:?} differ");
    }
    writeln!(out, "{} questions, {hits} hits, the same on all sides", one.len() + two.len())?;
    let mut verdicts = Vec::new();
    let sides = std::cell::RefCell::new(sides);
    for (what, all) in [("one word", &one), ("two words", &two)] {
        let row = |denominator: &str| Row {
            id: "Q1",
            work: format!("{what}, the ten best of {} texts, p95 of {} questions", options.texts, all.len()),
            denominator: format!("{denominator}, p95"),
            by: By::P50,
            bar: Bar::AtMost(Ratio::milli(100)),
        };
        let rounds =
            alternate(options.rounds, || sides.borrow().time_sqlite(all), || sides.borrow().time_ours(all))?;
        verdicts.push(row("SQLite FTS5").print(out, &rounds)?);
        if sides.borrow().postgres.is_some() {
            let rounds = alternate(
                options.rounds,
                || sides.borrow_mut().time_postgres(all),
                || sides.borrow().time_ours(all),
            )?;
            verdicts.push(row("PostgreSQL tsvector, GIN").print(out, &rounds)?);
        }
    }
    verdicts.push(desk(&sides.borrow(), &two, out)?);
    Ok(worst(&verdicts))
}

/// What the desk asks: all forms of each word, one way after the other.
fn desk(sides: &Sides, all: &[Question], out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let mut verdicts = Vec::new();
    let common: Vec<Question> = (0..all.len()).map(|n| vec![n % 40, n % 37]).collect();
    for (what, all) in [("as typed", all), ("the commonest words", &common)] {
        for (way, any, near) in
            [("all words", false, false), ("slips forgiven", false, true), ("any word", true, false)]
        {
            let mut ns = Vec::new();
            for question in all {
                let typed = named(&sides.words, question, |w| w.0.clone());
                let Some(first) = ways(&reader(), &typed).into_iter().next() else { continue };
                let first = ::search::rules::ways::Way { near, any, ..first };
                let ask = Ask { words: first.words(), any, ..sides.ask(question, 20) };
                let watch = Stopwatch::start();
                sides.ours.ask(&ask)?;
                ns.push(watch.nanoseconds());
            }
            let p95 = stats::percentile(&ns, 95);
            let verdict = if p95 <= DESK_MS * 1_000_000 { Verdict::Met } else { Verdict::Missed };
            writeln!(
                out,
                "L1  the index, two words {what}, {way}: p50 {}, p95 {}; bar {DESK_MS} ms: {verdict}",
                stats::time(stats::median(&ns)),
                stats::time(p95),
            )?;
            verdicts.push(verdict);
        }
    }
    Ok(worst(&verdicts))
}
