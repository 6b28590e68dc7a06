//! Rot on the disk: each byte that turns is harmless or told with its table.

use std::path::{Path, PathBuf};

use db::rot::{self, Extent};
use db::{Db, DbError, Migration, MigrationError, Options, Slice, Tx};
use proptest::prelude::*;
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::support::{self, id, insert};

fn open(path: &Path) -> Db {
    Db::open(&format!("sqlite:{}", path.display()), Options::default()).unwrap()
}

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// A database of some hundred rows, closed, in a folder of its own.
fn filled(name: &str) -> (Folder, PathBuf) {
    let folder = Folder(std::env::temp_dir().join(format!("qorgan-{name}-{}", std::process::id())));
    std::fs::create_dir_all(&folder.0).unwrap();
    let path = folder.0.join("rot.db");
    let db = open(&path);
    db.migrate(&[&support::SLICE]).unwrap();
    db.write_blocking(|tx: &mut Tx<'_>| {
        for n in 0..400_u128 {
            insert(tx, n, &format!("code {n} {}", "ә".repeat(usize::try_from(n % 40).unwrap_or(0))))?;
        }
        tx.execute(&support::SET_N, db::params![id(7), 70_000])?;
        Ok::<_, DbError>(())
    })
    .unwrap();
    drop(db);
    (folder, path)
}

/// Everything that the tables say, read from the tables themselves.
fn content(path: &Path) -> Option<Vec<Vec<Value>>> {
    let conn = Connection::open(path).ok()?;
    let mut all = Vec::new();
    for table in ["item", "pair", "meta", "schema_migration", "outbox", "lease"] {
        let mut statement = conn.prepare(&format!("SELECT * FROM {table} NOT INDEXED")).ok()?;
        let width = statement.column_count();
        let mut rows = statement.query([]).ok()?;
        while let Some(row) = rows.next().ok()? {
            let values: Result<Vec<Value>, _> = (0..width).map(|at| row.get(at)).collect();
            all.push(values.ok()?);
        }
    }
    Some(all)
}

#[test]
fn a_sound_database_is_sound_and_the_catalog_does_not_speak_of_sums() {
    let (_folder, path) = filled("rot-sound");
    for extent in [Extent::Tables, Extent::Whole] {
        assert_eq!(rot::check_file(&path, extent), Ok(vec![]));
    }
    let db = open(&path);
    assert_eq!(rot::check(&db, Extent::Tables), Ok(vec![]));
    let catalog = db::check::catalog(&db).unwrap();
    assert!(!catalog.iter().any(|line| line.contains("sum_")), "{catalog:#?}");
}

#[test]
fn a_row_that_turned_is_named() {
    let (_folder, path) = filled("rot-row");
    // Behind the sums' back, as a disk would.
    let bytes = std::fs::read(&path).unwrap();
    let word = b"code 77 ";
    let places: Vec<usize> =
        bytes.windows(word.len()).enumerate().filter(|(_, w)| w == word).map(|(at, _)| at).collect();
    assert!(places.len() >= 2, "in the table and in the index over codes");
    let mut told = Vec::new();
    for at in places {
        let mut rotten = bytes.clone();
        rotten[at] ^= 1;
        std::fs::write(&path, rotten).unwrap();
        for extent in [Extent::Tables, Extent::Whole] {
            let found = rot::check_file(&path, extent).unwrap();
            assert!(!found.is_empty() && found.iter().all(|r| r.table == "item"), "{found:#?}");
            told.extend(found);
        }
    }
    let row = id(77).to_string();
    assert!(told.iter().any(|r| r.row.as_ref() == Some(&row)), "{told:#?}");
    assert!(told.iter().all(|r| !r.to_string().contains("code 77")), "what a row says is not told");
}

#[test]
fn a_schema_that_turned_is_told() {
    let (_folder, path) = filled("rot-schema");
    let bytes = std::fs::read(&path).unwrap();
    // A condition of a table: nothing reads otherwise, and what is written would be judged by another rule.
    let at = bytes.windows(7).position(|w| w == b"a < 100").unwrap();
    let mut rotten = bytes;
    rotten[at + 4] = b'9';
    std::fs::write(&path, rotten).unwrap();
    let found = rot::check_file(&path, Extent::Tables).unwrap();
    assert!(found.iter().any(|r| r.table == "sqlite_master"), "{found:#?}");
}

#[test]
fn a_damaged_table_is_not_altered_and_a_sound_one_gets_new_sums() {
    static LATER: Slice = Slice {
        name: "item",
        migrations: &[
            support::SLICE.migrations[0],
            Migration {
                no: 2,
                name: "later",
                sqlite: "ALTER TABLE item DROP COLUMN note; ALTER TABLE item ADD COLUMN more TEXT;",
                postgres: "",
            },
        ],
        statements: &[],
    };
    let (_folder, path) = filled("rot-altered");
    let bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(8).position(|w| w == b"code 77 ").unwrap();
    let mut rotten = bytes.clone();
    rotten[at] ^= 1;
    std::fs::write(&path, rotten).unwrap();
    let refused = open(&path).migrate(&[&LATER]);
    assert!(
        matches!(&refused, Err(DbError::Migration(MigrationError::Damaged { table, .. })) if table == "item"),
        "{refused:?}"
    );
    std::fs::write(&path, bytes).unwrap();
    open(&path).migrate(&[&LATER]).unwrap();
    assert_eq!(rot::check_file(&path, Extent::Whole), Ok(vec![]));
    let conn = Connection::open(&path).unwrap();
    let sql: String =
        conn.query_row("SELECT sql FROM sqlite_master WHERE name = 'sum_item'", [], |r| r.get(0)).unwrap();
    assert!(sql.contains("more") && !sql.contains("note"), "{sql}");
}

#[test]
fn sums_are_made_where_an_earlier_release_had_none() {
    let (_folder, path) = filled("rot-earlier");
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch("DROP INDEX sum_item; DROP INDEX sum_pair").unwrap();
    drop(conn);
    let found = rot::check_file(&path, Extent::Tables).unwrap();
    assert!(
        found.iter().any(|r| r.table == "sqlite_master"),
        "a sum that was taken away is told: {found:#?}"
    );
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch("DROP INDEX sum_meta; DELETE FROM meta WHERE key = 'schema_sum'").unwrap();
    drop(conn);
    open(&path).migrate(&[&support::SLICE]).unwrap();
    assert_eq!(rot::check_file(&path, Extent::Whole), Ok(vec![]));
    let conn = Connection::open(&path).unwrap();
    let sums: i64 = conn
        .query_row(
            "SELECT count(*) FROM sqlite_master WHERE name IN ('sum_item', 'sum_pair', 'sum_meta')",
            [],
            |r| r.get(0),
        )
        .unwrap();
    assert_eq!(sums, 3);
}

#[test]
fn nothing_turns_in_silence() {
    let (_folder, path) = filled("rot-any");
    let sound = std::fs::read(&path).unwrap();
    let said = content(&path).unwrap();
    let cases = std::env::var("QORGAN_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    runner
        .run(&(0..sound.len(), 0..3_u8, any::<u8>()), |(at, kind, byte)| {
            let mut rotten = sound.clone();
            match kind {
                0 => rotten[at] ^= 1 << (byte % 8),
                1 => rotten[at] = byte,
                // A sector that never came to the disk.
                _ => {
                    let begin = at / 512 * 512;
                    rotten[begin..begin + 512].fill(0);
                }
            }
            std::fs::write(&path, rotten).unwrap();
            let found = rot::check_file(&path, Extent::Whole).unwrap();
            let harmless = content(&path).as_ref() == Some(&said);
            prop_assert!(harmless || !found.is_empty(), "byte {at} turned ({kind}, {byte}) in silence");
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_head_that_turned_is_told() {
    let (_folder, path) = filled("rot-head");
    let sound = std::fs::read(&path).unwrap();
    let said = content(&path).unwrap();
    // Each bit of the hundred bytes that say what the file is: of some SQLite says that it knows no such format.
    for bit in 0..800 {
        let mut rotten = sound.clone();
        rotten[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&path, rotten).unwrap();
        let found = rot::check_file(&path, Extent::Whole);
        let told = found.as_ref().is_ok_and(|f| !f.is_empty());
        let harmless = content(&path).as_ref() == Some(&said);
        assert!(found.is_ok() && (told || harmless), "bit {bit} of the head: {found:?}");
    }
}
