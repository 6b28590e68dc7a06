//! What no honest log has in it.

use audit::FaultKind as K;

use crate::tamper::{Named, named};
use crate::world::{Log, run};

/// The gap that a deleted checkpoint leaves is seen where it is longer than any honest one.
#[test]
fn a_missing_checkpoint_in_the_middle() {
    for place in testkit::engines() {
        let log = Log::empty(place);
        log.append(600);
        assert_eq!(log.sequence(), 600);
        assert!(log.verify().is_sound());
        run(&log.db, "DELETE FROM log_checkpoint WHERE size = 512", &[]);
        let verdict = log.verify();
        let [fault] = verdict.faults.as_slice() else { panic!("{verdict}") };
        assert_eq!((fault.kind, fault.position, fault.until), (K::CheckpointMissing, Some(0), Some(600)));
    }
}

/// SQLite keeps what it is given: columns of other types must not stop the verifier or escape it.
#[test]
fn values_that_are_none_do_not_stop_the_verifier() {
    let log = Log::full(testkit::engines().swap_remove(0));
    assert_eq!(log.db.engine(), db::Engine::Sqlite);
    log.save();
    let id = log.id(9);
    let cases: [(&str, Vec<Named>); 7] = [
        ("UPDATE audit_record SET facts = x'00ff' WHERE id = ?1", vec![(K::Edited, Some(9), Some(id))]),
        ("UPDATE audit_record SET subject = 'x' WHERE id = ?1", vec![(K::Edited, Some(9), Some(id))]),
        ("UPDATE audit_record SET leaf_hash = 'x' WHERE id = ?1", vec![(K::Index, Some(9), Some(id))]),
        ("UPDATE audit_leaf SET leaf_hash = x'01' WHERE record_id = ?1", vec![(K::Index, Some(9), Some(id))]),
        ("UPDATE audit_leaf SET no = 'x' WHERE record_id = ?1", vec![(K::Moved, None, Some(id))]),
        ("UPDATE log_head SET size = 'x' WHERE ?1 <> x''", vec![(K::Head, None, None)]),
        (
            "UPDATE audit_tile SET hashes = 'x' WHERE level = 1 AND ?1 <> x''",
            vec![(K::Tile, None, None), (K::Tile, None, None)],
        ),
    ];
    for (sql, expected) in cases {
        run(&log.db, sql, &[id.into()]);
        assert_eq!(named(&log, &log.keys()), expected, "{sql}: {}", log.verify());
        log.restore();
    }
    run(&log.db, "UPDATE audit_record SET id = 'x' WHERE id = ?1", &[id.into()]);
    assert_eq!(named(&log, &log.keys()), vec![(K::Deleted, Some(9), Some(id)), (K::Inserted, None, None)]);
}
