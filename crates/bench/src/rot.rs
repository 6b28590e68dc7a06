//! Row R3: bits that turn and sectors that never came to the disk, in the database of a node with reports, one change at a time. Each is
//! harmless (every row of every table reads as before) or found; what neither is was silent. Beside it the same file without sums, as
//! SQLite alone would keep it.

use std::fs::{File, OpenOptions};
use std::hash::Hasher as _;
use std::io::Write;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use db::rot::{self, Extent, Rot};
use qorgan::slices;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use siphasher::sip::SipHasher13;

use crate::clock::Stopwatch;
use crate::desk::{opened, reports};
use crate::dice::Dice;
use crate::harness::Verdict;
use crate::intake::Scratch;

/// Changes for which the bar is meant.
const BAR: u64 = 1_000_000;
/// Reports in the database.
const REPORTS: u32 = 40;
/// So many of all changes are also made to the file without sums.
const PLAIN_ONE_IN: u64 = 100;
/// What a disk writes at once, bytes.
const SECTOR: usize = 512;

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Changes.
    #[arg(long, default_value_t = BAR)]
    pub changes: u64,
    /// Where the drawing of places begins.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// At the same time; each works on a copy of its own.
    #[arg(long, default_value_t = 2)]
    pub threads: u64,
    /// Folder for the databases; in memory is quickest.
    #[arg(long)]
    pub dir: Option<PathBuf>,
}

/// What became of changes.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    changes: u64,
    /// Found, with the table and the row.
    row: u64,
    /// Found, with the table.
    table: u64,
    /// Found as damage of the whole.
    whole: u64,
    harmless: u64,
    silent: u64,
}

impl Tally {
    fn add(self, other: Self) -> Self {
        Self {
            changes: self.changes + other.changes,
            row: self.row + other.row,
            table: self.table + other.table,
            whole: self.whole + other.whole,
            harmless: self.harmless + other.harmless,
            silent: self.silent + other.silent,
        }
    }

    fn count(&mut self, found: &[Rot], harmless: impl FnOnce() -> bool) {
        self.changes += 1;
        if found.iter().any(|r| r.row.is_some()) {
            self.row += 1;
        } else if found.iter().any(|r| !r.table.is_empty()) {
            self.table += 1;
        } else if !found.is_empty() {
            self.whole += 1;
        } else if harmless() {
            self.harmless += 1;
        } else {
            self.silent += 1;
        }
    }
}

/// Measures the row.
///
/// # Errors
/// A file that cannot be made, or is not sound from the beginning.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let scratch = Scratch::new(options.dir.as_deref())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let data = scratch.0.join("node");
    runtime.block_on(async {
        let app = opened(data.clone(), None).await?;
        reports::file(&app, 0..REPORTS).await?;
        db::outbox::drain(&app.db, &slices::subscribers(&app)).await?;
        anyhow::Ok(())
    })?;
    drop(runtime);
    let file = data.join("qorgan.db");
    // What was written last lies in the log of writes until then.
    let left: i64 =
        Connection::open(&file)?.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    ensure!(left == 0, "the log of writes could not be moved into the database");
    ensure!(rot::check_file(&file, Extent::Whole)?.is_empty(), "the file is not sound from the beginning");
    let size = std::fs::metadata(&file)?.len();
    writeln!(
        out,
        "R3  SQLite, {REPORTS} reports and what follows from them, {size} bytes; one change at a time: a bit, a byte, a sector of zeros, a sector from elsewhere"
    )?;
    let watch = Stopwatch::start();
    let share = options.changes.div_ceil(options.threads.max(1));
    let tallies: Vec<anyhow::Result<(Tally, Tally)>> = std::thread::scope(|scope| {
        let hands: Vec<_> = (0..options.threads.max(1))
            .map(|no| {
                let place = scratch.0.join(format!("copy-{no}"));
                let (file, seed) = (&file, options.seed.wrapping_mul(1_000_003).wrapping_add(no));
                scope.spawn(move || one_hand(file, &place, (seed, share)))
            })
            .collect();
        hands.into_iter().map(|h| h.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a hand fell")))).collect()
    });
    let (mut ours, mut plain) = (Tally::default(), Tally::default());
    for tally in tallies {
        let (one, other) = tally?;
        (ours, plain) = (ours.add(one), plain.add(other));
    }
    say(out, "with sums", ours)?;
    say(out, "without", plain)?;
    writeln!(out, "    {} s", watch.elapsed().as_secs())?;
    ensure!(plain.silent > 0, "nothing was silent without sums: what is silent would not be noticed here");
    Ok(match ours.silent {
        0 if ours.changes >= BAR => Verdict::Met,
        0 => Verdict::Shown,
        _ => Verdict::Missed,
    })
}

fn say(out: &mut dyn Write, name: &str, t: Tally) -> anyhow::Result<()> {
    writeln!(
        out,
        "    {name:<10} {:>8} changes: {} found by table and row, {} by table, {} as a whole, {} harmless, {} silent",
        t.changes, t.row, t.table, t.whole, t.harmless, t.silent
    )?;
    Ok(())
}

/// A file that is changed in one place and put back.
struct Copy {
    path: PathBuf,
    file: File,
    sound: Vec<u8>,
    said: u64,
    plain: bool,
}

impl Copy {
    fn of(file: &Path, path: PathBuf, plain: bool) -> anyhow::Result<Self> {
        std::fs::copy(file, &path)?;
        if plain {
            without_sums(&path)?;
        }
        let said = content(&path).context("the copy cannot be read")?;
        let sound = std::fs::read(&path)?;
        let file = OpenOptions::new().write(true).open(&path)?;
        Ok(Self { path, file, sound, said, plain })
    }

    /// Changes one place, asks, puts it back. Without sums SQLite's own check is asked.
    fn judge(&self, dice: &mut Dice, tally: &mut Tally) -> anyhow::Result<()> {
        let length = self.sound.len();
        let at = dice.below(length);
        let begin = at / SECTOR * SECTOR;
        let (from, bytes) = match dice.below(4) {
            0 => (at, vec![self.byte(at)? ^ (1 << dice.below(8))]),
            1 => (at, vec![u8::try_from(dice.below(256))?]),
            2 => (begin, vec![0; SECTOR]),
            _ => {
                let other = dice.below(length / SECTOR) * SECTOR;
                (begin, self.sound.get(other..other + SECTOR).context("a sector")?.to_vec())
            }
        };
        let was = self.sound.get(from..from + bytes.len()).context("a place")?;
        self.file.write_all_at(&bytes, u64::try_from(from)?)?;
        let found =
            if self.plain { by_itself(&self.path) } else { rot::check_file(&self.path, Extent::Whole)? };
        tally.count(&found, || content(&self.path) == Some(self.said));
        self.file.write_all_at(was, u64::try_from(from)?)?;
        Ok(())
    }

    fn byte(&self, at: usize) -> anyhow::Result<u8> {
        self.sound.get(at).copied().context("a byte")
    }
}

fn one_hand(file: &Path, place: &Path, (seed, share): (u64, u64)) -> anyhow::Result<(Tally, Tally)> {
    let (mut ours, mut plain, mut dice) = (Tally::default(), Tally::default(), Dice(seed));
    std::fs::create_dir_all(place)?;
    let summed = Copy::of(file, place.join("summed.db"), false)?;
    let bare = Copy::of(file, place.join("plain.db"), true)?;
    for no in 0..share {
        summed.judge(&mut dice, &mut ours)?;
        if no % PLAIN_ONE_IN == 0 {
            bare.judge(&mut dice, &mut plain)?;
        }
    }
    Ok((ours, plain))
}

/// As SQLite alone keeps it: no sums of rows, none of the schema.
fn without_sums(path: &Path) -> anyhow::Result<()> {
    let conn = Connection::open(path)?;
    let names: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'sum\\_%' ESCAPE '\\'")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for name in names {
        conn.execute_batch(&format!("DROP INDEX {name}"))?;
    }
    conn.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(())
}

/// What SQLite itself finds.
fn by_itself(path: &Path) -> Vec<Rot> {
    let ask = || -> rusqlite::Result<Vec<String>> {
        let conn = Connection::open(path)?;
        let mut statement = conn.prepare("PRAGMA integrity_check(10)")?;
        statement.query_map([], |row| row.get(0))?.collect()
    };
    let said = ask().unwrap_or_else(|e| vec![e.to_string()]);
    let told = |said| Rot { table: String::new(), row: None, said };
    said.into_iter().filter(|said| said != "ok").map(told).collect()
}

/// A hash over every row of every table, read from the tables themselves; `None` where they cannot be read.
fn content(path: &Path) -> Option<u64> {
    let conn = Connection::open(path).ok()?;
    let tables: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name")
        .ok()?
        .query_map([], |row| row.get(0))
        .ok()?
        .collect::<Result<_, _>>()
        .ok()?;
    let mut hash = SipHasher13::new();
    let tables = std::iter::once("sqlite_master".to_owned()).chain(tables);
    for table in tables {
        hash.write(table.as_bytes());
        // Where an index begins is no content: only whether it leads to the rows, which was asked before.
        let columns = if table == "sqlite_master" { "type, name, tbl_name, sql" } else { "*" };
        let mut statement = conn.prepare(&format!("SELECT {columns} FROM {table} NOT INDEXED")).ok()?;
        let width = statement.column_count();
        let mut rows = statement.query([]).ok()?;
        while let Some(row) = rows.next().ok()? {
            for at in 0..width {
                match row.get_ref(at).ok()? {
                    ValueRef::Null => hash.write_u8(0),
                    ValueRef::Integer(n) => hash.write_i64(n),
                    ValueRef::Real(n) => hash.write(&n.to_le_bytes()),
                    ValueRef::Text(b) | ValueRef::Blob(b) => {
                        hash.write_usize(b.len());
                        hash.write(b);
                    }
                }
            }
        }
    }
    Some(hash.finish())
}
