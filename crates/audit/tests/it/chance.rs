//! Changes drawn by lot: whatever they are, the log is not sound afterwards, and a single one is named where it is.

use audit::{Fault, FaultKind as K};
use db::Value;
use kernel::Entropy;
use uuid::Uuid;

use crate::world::{Log, SIZE, on_each, run};

/// A change of one place, and what names it.
struct Done {
    what: &'static str,
    position: Option<u64>,
    record: Option<Uuid>,
}

fn flip(bytes: &mut [u8], dice: &Entropy) {
    let at = usize::try_from(dice.below(u64::try_from(bytes.len()).unwrap())).unwrap();
    bytes[at] ^= 1 << dice.below(8);
}

fn bytes_of(log: &Log, sql: &'static str, key: Value) -> Vec<u8> {
    let sql = db::Stmt::both("test", sql);
    log.db.read_blocking(move |tx| tx.query_one(&sql, std::slice::from_ref(&key), |row| row.get(0))).unwrap()
}

const COLUMNS: [&str; 12] = [
    "office_at = office_at + 1",
    "wall_at = wall_at - 1",
    "actor = actor || ' '",
    "act = upper(act)",
    "subject_kind = ''",
    "facts = facts || ' '",
    "purpose = CASE WHEN purpose IS NULL THEN '' END",
    "basis_version = CASE WHEN basis_version IS NULL THEN 1 ELSE 7 END",
    "approval_version = NULL, approval_id = CASE WHEN approval_id IS NULL THEN id END",
    "subject = id",
    "basis_id = id, basis_version = 0",
    "approval_id = id, approval_version = 0",
];

fn change(log: &Log, dice: &Entropy) -> Done {
    let no = dice.below(SIZE);
    let (id, place) = (log.id(no), Value::from(i64::try_from(no).unwrap()));
    let done = |what| Done { what, position: Some(no), record: Some(id) };
    match dice.below(7) {
        0 | 1 => {
            let column = COLUMNS[usize::try_from(dice.below(12)).unwrap()];
            run(&log.db, &format!("UPDATE audit_record SET {column} WHERE id = ?1"), &[id.into()]);
            done(column)
        }
        2 => {
            run(&log.db, "DELETE FROM audit_record WHERE id = ?1", &[id.into()]);
            done("record deleted")
        }
        3 => {
            run(&log.db, "DELETE FROM audit_leaf WHERE no = ?1", &[place]);
            done("row of the log deleted")
        }
        4 => {
            let mut hash = bytes_of(log, "SELECT leaf_hash FROM audit_leaf WHERE no = ?1", place.clone());
            flip(&mut hash, dice);
            run(&log.db, "UPDATE audit_leaf SET leaf_hash = ?1 WHERE no = ?2", &[hash.into(), place]);
            done("hash in the log changed")
        }
        5 => {
            let mut hash = bytes_of(log, "SELECT leaf_hash FROM audit_record WHERE id = ?1", id.into());
            flip(&mut hash, dice);
            run(&log.db, "UPDATE audit_record SET leaf_hash = ?1 WHERE id = ?2", &[hash.into(), id.into()]);
            done("hash in the record changed")
        }
        _ => {
            let tile = Value::from(i64::try_from(no / 256).unwrap());
            let mut hashes =
                bytes_of(log, "SELECT hashes FROM audit_tile WHERE level = 0 AND no = ?1", tile.clone());
            let start = usize::try_from(no % 256 * 32).unwrap();
            flip(&mut hashes[start..start + 32], dice);
            run(
                &log.db,
                "UPDATE audit_tile SET hashes = ?1 WHERE level = 0 AND no = ?2",
                &[hashes.into(), tile],
            );
            done("tile changed")
        }
    }
}

fn names(fault: &Fault, done: &Done) -> bool {
    let within =
        fault.position.zip(fault.until).zip(done.position).is_some_and(|((a, b), no)| a <= no && no < b);
    fault.position == done.position || (fault.record.is_some() && fault.record == done.record) || within
}

#[test]
fn every_column_counts() {
    on_each(|log| {
        log.save();
        // Three records in a row are of the three kinds: with facts, with a purpose, with basis and approval.
        let ids: Vec<Uuid> = (3..6).map(|no| log.id(no)).collect();
        for column in COLUMNS {
            let sql = format!("UPDATE audit_record SET {column} WHERE id = ?1");
            let changed = ids.iter().map(|id| run(&log.db, &sql, &[(*id).into()])).sum::<u64>();
            let verdict = log.verify();
            let found: Vec<_> = verdict.faults.iter().map(|f| (f.kind, f.position, f.record)).collect();
            let edited: Vec<_> = (3..6).zip(&ids).map(|(no, id)| (K::Edited, Some(no), Some(*id))).collect();
            assert_eq!((changed, found), (3, edited), "{column}");
            log.restore();
        }
    });
}

#[test]
fn one_change_is_named_where_it_is() {
    on_each(|log| {
        log.save();
        let dice = Entropy::seeded(3);
        for round in 0..60 {
            let done = change(log, &dice);
            let verdict = log.verify();
            assert!(verdict.faults.iter().any(|f| names(f, &done)), "{round} {}: {verdict}", done.what);
            // Nothing else is accused.
            let others = verdict.faults.iter().filter(|f| f.position.is_some() && !names(f, &done)).count();
            assert_eq!(others, 0, "{round} {}: {verdict}", done.what);
            log.restore();
        }
    });
}

#[test]
fn several_changes_are_all_found() {
    on_each(|log| {
        log.save();
        let dice = Entropy::seeded(4);
        for round in 0..30 {
            let changes: Vec<Done> = (0..2 + dice.below(3)).map(|_| change_if_there(log, &dice)).collect();
            let verdict = log.verify();
            for done in &changes {
                assert!(verdict.faults.iter().any(|f| names(f, done)), "{round} {}: {verdict}", done.what);
            }
            log.restore();
        }
    });
}

/// A change of a place that no earlier change has emptied.
fn change_if_there(log: &Log, dice: &Entropy) -> Done {
    let sql =
        db::Stmt::both("test", "SELECT count(*) FROM audit_leaf l JOIN audit_record r ON r.id = l.record_id");
    let whole =
        |log: &Log| -> i64 { log.db.read_blocking(move |tx| tx.query_one(&sql, &[], |r| r.get(0))).unwrap() };
    if whole(log) == i64::try_from(SIZE).unwrap() {
        return change(log, dice);
    }
    let at = dice.below(SIZE);
    let mut note = log.note(43);
    note.insert(usize::try_from(at % 20).unwrap(), 'x');
    run(&log.db, "UPDATE log_checkpoint SET note = ?1 WHERE size = 43", &[note.into()]);
    Done { what: "note changed", position: Some(43), record: None }
}

/// Any byte of any signed note.
#[test]
fn no_byte_of_a_checkpoint_can_be_changed() {
    let log = Log::full(testkit::engines().swap_remove(0));
    let note = log.note(SIZE);
    for (at, old) in note.char_indices() {
        let new = if old == 'A' { 'B' } else { 'A' };
        let changed: String = note.char_indices().map(|(i, c)| if i == at { new } else { c }).collect();
        run(&log.db, "UPDATE log_checkpoint SET note = ?1 WHERE size = 300", &[changed.into()]);
        let verdict = log.verify();
        let found = verdict.faults.iter().any(|f| matches!(f.kind, K::Checkpoint | K::Resigned));
        assert!(found, "byte {at}: {verdict}");
    }
}
