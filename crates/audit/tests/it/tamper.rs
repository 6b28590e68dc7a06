//! Whoever has the database can change it. Every change is found, and named as far as anything in the database still
//! tells where it was made.

use audit::{FaultKind, FaultKind as K, LogKeys, LogSigner, record_hash};
use db::Value;
use uuid::Uuid;

use crate::forge::{
    STRANGER, cut, delete_both, edit_with_hashes, edited, insert_leaf, insert_record, inserted, leaves,
    put_tiles, saved_id, set_actor, sign, swap,
};
use crate::world::{Log, SIZE, on_each, run};

/// Kind, position, record: what a test expects of each fault.
pub(crate) type Named = (FaultKind, Option<u64>, Option<Uuid>);

pub(crate) fn named(log: &Log, keys: &LogKeys) -> Vec<Named> {
    let verdict = audit::verify_database(&log.db, keys).unwrap();
    verdict.faults.iter().map(|f| (f.kind, f.position, f.record)).collect()
}

/// Name, what is done to the log, what must be named.
type Case = (&'static str, fn(&Log), fn(&Log) -> Vec<Named>);

const CASES: &[Case] = &[
    ("nothing", |_| {}, |_| vec![]),
    ("record edited", |l| set_actor(l, l.id(100)), |l| vec![(K::Edited, Some(100), Some(l.id(100)))]),
    (
        "record edited with its own hash",
        |l| {
            set_actor(l, l.id(100));
            let hash = record_hash(&l.record(l.id(100)));
            let row = [hash.as_bytes().into(), l.id(100).into()];
            run(&l.db, "UPDATE audit_record SET leaf_hash = ?1 WHERE id = ?2", &row);
        },
        |l| vec![(K::Edited, Some(100), Some(l.id(100)))],
    ),
    (
        "record edited with all its hashes",
        |l| edited(l, 100),
        |l| vec![(K::Edited, Some(100), Some(l.id(100)))],
    ),
    (
        "two records edited with all their hashes",
        |l| {
            edit_with_hashes(l, 2);
            edit_with_hashes(l, 299);
        },
        |l| vec![(K::Edited, Some(2), Some(l.id(2))), (K::Edited, Some(299), Some(l.id(299)))],
    ),
    (
        "half of a basis removed",
        |l| {
            run(&l.db, "UPDATE audit_record SET basis_version = NULL WHERE id = ?1", &[l.id(5).into()]);
        },
        |l| vec![(K::Edited, Some(5), Some(l.id(5)))],
    ),
    (
        "a basis added by half",
        |l| {
            run(&l.db, "UPDATE audit_record SET basis_version = 1 WHERE id = ?1", &[l.id(3).into()]);
        },
        |l| vec![(K::Edited, Some(3), Some(l.id(3)))],
    ),
    (
        "record deleted",
        |l| {
            run(&l.db, "DELETE FROM audit_record WHERE id = ?1", &[l.id(256).into()]);
        },
        |l| vec![(K::Deleted, Some(256), Some(l.id(256)))],
    ),
    (
        "last record deleted",
        |l| {
            run(&l.db, "DELETE FROM audit_record WHERE id = ?1", &[l.id(299).into()]);
        },
        |l| vec![(K::Deleted, Some(299), Some(l.id(299)))],
    ),
    (
        "row of the log deleted",
        |l| {
            run(&l.db, "DELETE FROM audit_leaf WHERE no = 77", &[]);
        },
        |l| vec![(K::Index, Some(77), saved_id(l, 77))],
    ),
    ("record and row deleted", |l| delete_both(l, 77), |_| vec![(K::Deleted, Some(77), None)]),
    (
        "record and row deleted, the rest moved up",
        |l| {
            delete_both(l, 77);
            run(&l.db, "UPDATE audit_leaf SET no = no - 1 WHERE no > 77", &[]);
        },
        |_| vec![(K::Deleted, Some(77), None)],
    ),
    ("record inserted", |l| inserted(l), |_| vec![(K::Inserted, None, Some(STRANGER))]),
    (
        "record and row inserted at the end",
        |l| {
            let hash = insert_record(l, STRANGER);
            insert_leaf(l, SIZE, STRANGER, &hash);
        },
        |_| vec![(K::Inserted, Some(SIZE), Some(STRANGER))],
    ),
    (
        "record and row inserted, the rest moved down",
        |l| {
            let hash = insert_record(l, STRANGER);
            run(&l.db, "UPDATE audit_leaf SET no = no + 1 WHERE no >= 77", &[]);
            insert_leaf(l, 77, STRANGER, &hash);
        },
        |_| vec![(K::Inserted, Some(77), Some(STRANGER))],
    ),
    (
        "record and row inserted beside another",
        |l| {
            let hash = insert_record(l, STRANGER);
            insert_leaf(l, 77, STRANGER, &hash);
        },
        |_| vec![(K::Inserted, Some(77), Some(STRANGER))],
    ),
    (
        "record put in another's place",
        |l| {
            let hash = insert_record(l, STRANGER);
            delete_both(l, 77);
            insert_leaf(l, 77, STRANGER, &hash);
        },
        |_| vec![(K::Edited, Some(77), Some(STRANGER))],
    ),
    (
        "two places swapped",
        |l| swap(l, 20, 280),
        |l| vec![(K::Moved, Some(20), Some(l.id(20))), (K::Moved, Some(280), Some(l.id(280)))],
    ),
    (
        "two records swapped under their ids",
        |l| {
            let (a, b) = (l.id(3), l.id(6));
            for (from, to) in [(a, STRANGER), (b, a), (STRANGER, b)] {
                run(&l.db, "UPDATE audit_record SET id = ?1 WHERE id = ?2", &[to.into(), from.into()]);
            }
        },
        |l| vec![(K::Edited, Some(3), Some(l.id(3))), (K::Edited, Some(6), Some(l.id(6)))],
    ),
    (
        "last place renumbered",
        |l| {
            run(&l.db, "UPDATE audit_leaf SET no = 5000 WHERE no = 299", &[]);
        },
        |l| vec![(K::Moved, Some(5_000), saved_id(l, 299))],
    ),
    (
        "two places swapped beside a deleted one",
        |l| {
            run(&l.db, "DELETE FROM audit_record WHERE id = ?1", &[l.id(77).into()]);
            swap(l, 100, 101);
        },
        |l| {
            vec![
                (K::Deleted, Some(77), Some(l.id(77))),
                (K::Moved, Some(100), Some(l.id(100))),
                (K::Moved, Some(101), Some(l.id(101))),
            ]
        },
    ),
    ("tail cut off", |l| cut(l, 280, false), |_| vec![(K::Truncated, Some(280), None)]),
    (
        "tail cut off with its tiles",
        |l| cut(l, 280, true),
        |_| vec![(K::Truncated, Some(280), None), (K::Tile, None, None)],
    ),
    (
        "hash in a record's row changed",
        |l| {
            let row = [Value::from([1_u8; 32]), l.id(9).into()];
            run(&l.db, "UPDATE audit_record SET leaf_hash = ?1 WHERE id = ?2", &row);
        },
        |l| vec![(K::Index, Some(9), Some(l.id(9)))],
    ),
    (
        "hash in a row of the log changed",
        |l| {
            run(&l.db, "UPDATE audit_leaf SET leaf_hash = ?1 WHERE no = 9", &[Value::from([1_u8; 32])]);
        },
        |l| vec![(K::Index, Some(9), Some(l.id(9)))],
    ),
    (
        "tile changed",
        |l| {
            let mut all = leaves(l);
            all[9] = all[10];
            put_tiles(l, &all);
        },
        |l| vec![(K::Tile, Some(9), Some(l.id(9))), (K::Tile, None, None)],
    ),
    (
        "upper tile deleted",
        |l| {
            run(&l.db, "DELETE FROM audit_tile WHERE level = 1", &[]);
        },
        |_| vec![(K::Tile, None, None), (K::Tile, None, None)],
    ),
    (
        "tile added",
        |l| {
            run(
                &l.db,
                "INSERT INTO audit_tile (level, no, hashes) VALUES (0, 2, ?1)",
                &[Value::from([1_u8; 32])],
            );
        },
        |_| vec![(K::Tile, None, None)],
    ),
    (
        "checkpoint signed by another key",
        |l| sign(l, &leaves(l), &[SIZE], 8),
        |_| vec![(K::Resigned, Some(SIZE), None)],
    ),
    (
        "all checkpoints signed by another key",
        |l| sign(l, &leaves(l), &[1, 3, 43, 256, SIZE], 8),
        |_| vec![(K::Resigned, Some(1), None), (K::CheckpointMissing, None, None)],
    ),
    (
        "history written anew and signed by another key",
        |l| {
            let mut all = leaves(l);
            all[100] = edit_with_hashes(l, 100);
            put_tiles(l, &all);
            sign(l, &all, &[256, SIZE], 8);
        },
        |_| vec![(K::Resigned, Some(256), None)],
    ),
    (
        "root in a checkpoint's row changed",
        |l| {
            run(&l.db, "UPDATE log_checkpoint SET root = ?1 WHERE size = 43", &[Value::from([1_u8; 32])]);
        },
        |_| vec![(K::Checkpoint, Some(43), None)],
    ),
    (
        "note of a checkpoint changed",
        |l| {
            run(&l.db, "UPDATE log_checkpoint SET note = replace(note, '43', '42') WHERE size = 43", &[]);
        },
        |_| vec![(K::Checkpoint, Some(43), None)],
    ),
    (
        "last checkpoint deleted",
        |l| {
            run(&l.db, "DELETE FROM log_checkpoint WHERE size = 300", &[]);
        },
        |l| {
            let mut all: Vec<Named> = (256..SIZE).map(|no| (K::Inserted, Some(no), Some(l.id(no)))).collect();
            all.extend([(K::Tile, None, None), (K::Head, None, None)]);
            all
        },
    ),
    (
        "size of the log changed",
        |l| {
            run(&l.db, "UPDATE log_head SET size = 299", &[]);
        },
        |_| vec![(K::Head, None, None)],
    ),
];

#[test]
fn every_change_is_found_and_named() {
    on_each(|log| {
        log.save();
        for (name, change, expected) in CASES {
            change(log);
            let mut found = named(log, &log.keys());
            let mut wanted = expected(log);
            found.sort();
            wanted.sort();
            assert_eq!(found, wanted, "{name}: {}", log.verify());
            log.restore();
        }
        assert!(log.verify().is_sound());
    });
}

/// A verifier that compares records, rows and tiles with each other, but not with the signed roots.
fn without_roots(log: &Log) -> bool {
    let sql = db::Stmt::both(
        "test",
        "SELECT l.leaf_hash, r.leaf_hash FROM audit_leaf l JOIN audit_record r ON r.id = l.record_id ORDER BY l.no",
    );
    let rows =
        log.db.read_blocking(move |tx| tx.query(&sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))).unwrap();
    let rows: Vec<(Vec<u8>, Vec<u8>)> = rows;
    let tiles = db::Stmt::both("test", "SELECT hashes FROM audit_tile WHERE level = 0 ORDER BY no");
    let tiles: Vec<Vec<u8>> =
        log.db.read_blocking(move |tx| tx.query(&tiles, &[], |row| row.get(0))).unwrap();
    let tiles = tiles.concat();
    let told: Vec<Vec<u8>> = leaves(log).iter().map(|h| h.as_bytes().to_vec()).collect();
    rows.len() == told.len()
        && tiles == told.concat()
        && rows.iter().zip(&told).all(|((leaf, own), told)| leaf == told && own == told)
}

/// Record, its hash, the row of the log and every tile changed together: nothing but the signed roots shows it, and they
/// tell between which two checkpoints it is. A verifier that leaves out the roots misses it.
#[test]
fn only_the_roots_show_a_change_made_everywhere() {
    on_each(|log| {
        log.save();
        for (no, from, until) in [(0, 0, 1), (2, 1, 3), (100, 43, 256), (299, 256, 300)] {
            let mut all = leaves(log);
            all[usize::try_from(no).unwrap()] = edit_with_hashes(log, no);
            put_tiles(log, &all);
            assert!(without_roots(log), "the control is no control");
            let verdict = log.verify();
            let [fault] = verdict.faults.as_slice() else { panic!("{verdict}") };
            assert_eq!((fault.kind, fault.position, fault.until), (K::Rewritten, Some(from), Some(until)));
            assert_eq!(fault.record, (until - from == 1).then(|| log.id(no)), "{fault}");
            log.restore();
        }
    });
}

/// With the key, everything can be signed anew; with the database, everything can be set back. The log itself then looks
/// sound, and only a checkpoint kept outside shows it.
#[test]
fn a_kept_checkpoint_shows_what_the_log_cannot() {
    on_each(|log| {
        log.save();
        let (old, new) = (log.note(43), log.note(SIZE));
        let keys = log.keys();
        assert_eq!(named(log, &keys.clone().since(&old).since(&new)), vec![]);

        // Another history, signed with the stolen key.
        let mut all = leaves(log);
        all[100] = edit_with_hashes(log, 100);
        put_tiles(log, &all);
        sign(log, &all, &[256, SIZE], 7);
        assert_eq!(named(log, &keys), vec![], "sound by itself");
        assert_eq!(named(log, &keys.clone().since(&old)), vec![], "the change is younger than the note");
        assert_eq!(named(log, &keys.clone().since(&new)), vec![(K::Forked, Some(0), None)]);
        log.restore();

        // Set back to an earlier state, completely.
        let earlier = leaves(log)[..256].to_vec();
        cut(log, 256, false);
        put_tiles(log, &earlier);
        run(&log.db, "DELETE FROM log_checkpoint WHERE size > 256", &[]);
        run(&log.db, "UPDATE log_head SET size = 256", &[]);
        assert_eq!(named(log, &keys), vec![], "sound by itself");
        assert_eq!(named(log, &keys.clone().since(&old)), vec![]);
        assert_eq!(named(log, &keys.clone().since(&new)), vec![(K::RolledBack, Some(256), None)]);

        // Set back, and continued.
        log.append(60);
        log.sequence();
        assert_eq!(named(log, &keys), vec![], "sound by itself");
        assert_eq!(named(log, &keys.clone().since(&new)), vec![(K::Forked, Some(0), None)]);
        log.restore();

        let foreign = LogSigner::new("other.example/log", &[7; 32]).unwrap();
        assert!(audit::verify_database(&log.db, &LogKeys::of(&foreign).since(&new)).is_err());
        assert!(audit::verify_database(&log.db, &keys.since("junk")).is_err());
    });
}

#[test]
fn records_that_wait_are_watched_too() {
    on_each(|log| {
        log.append(5);
        log.save();
        let verdict = log.verify();
        assert_eq!((verdict.pending, verdict.is_sound()), (5, true));
        let sql = db::Stmt::both("test", "SELECT id FROM audit_pending ORDER BY id LIMIT 1");
        let id: Uuid = log.db.read_blocking(move |tx| tx.query_one(&sql, &[], |row| row.get(0))).unwrap();
        let cases: [(&str, FaultKind); 3] = [
            ("UPDATE audit_record SET act = 'x' WHERE id = ?1", K::Edited),
            ("DELETE FROM audit_record WHERE id = ?1", K::Deleted),
            ("DELETE FROM audit_pending WHERE id = ?1", K::Inserted),
        ];
        for (sql, kind) in cases {
            run(&log.db, sql, &[id.into()]);
            assert_eq!(named(log, &log.keys()), vec![(kind, None, Some(id))], "{sql}");
            log.restore();
        }
    });
}
