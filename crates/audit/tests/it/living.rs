//! The log while it grows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use audit::{AuditError, LogKeys, LogSigner, Step};
use db::{Db, Value};
use kernel::WallClock;

use crate::world::{Log, ORIGIN, run};

#[test]
fn an_empty_log_is_sound() {
    for place in testkit::engines() {
        let log = Log::empty(place);
        assert_eq!(log.sequence(), 0);
        let verdict = log.verify();
        assert_eq!((verdict.size, verdict.checkpoints, verdict.pending, verdict.is_sound()), (0, 0, 0, true));
        log.append(3);
        let verdict = log.verify();
        assert_eq!((verdict.size, verdict.checkpoints, verdict.pending, verdict.is_sound()), (0, 0, 3, true));
        assert_eq!(verdict.to_string(), "log sound: 0 records, 0 checkpoints, 3 records waiting\n");
    }
}

#[test]
fn the_log_is_the_tree_of_its_records() {
    for place in testkit::engines() {
        let log = Log::full(place);
        let root = |note: &str| ledger::Checkpoint::open(note, ORIGIN, &log.keys().known).unwrap().root;
        for size in [1_usize, 3, 43, 256, 300] {
            let mut range = ledger::CompactRange::new();
            range.extend(log.leaves().into_iter().take(size));
            assert_eq!(root(&log.note(u64::try_from(size).unwrap())), range.root(), "{size}");
        }
        assert_eq!(log.verify().checkpoints, 5);
        assert_eq!(log.sequence(), 0, "nothing new, nothing signed");
    }
}

/// The node signs nothing on top of a log that is not the one it signed before.
#[test]
fn the_sequencer_refuses_a_log_that_was_changed() {
    for place in testkit::engines() {
        let log = Log::full(place);
        log.append(2);
        log.save();
        for sql in [
            "UPDATE log_head SET size = 299",
            "DELETE FROM log_head",
            "DELETE FROM log_checkpoint WHERE size = 300",
            "DELETE FROM log_checkpoint",
            "DELETE FROM audit_tile WHERE level = 0 AND no = 1",
            "UPDATE audit_tile SET hashes = (SELECT t.hashes FROM audit_tile t WHERE t.level = 1) WHERE level = 0 AND no = 1",
            "UPDATE log_checkpoint SET note = replace(note, '300', '301') WHERE size = 300",
        ] {
            run(&log.db, sql, &[]);
            let refused = log.try_sequence();
            assert!(matches!(refused, Err(AuditError::Tampered(_))), "{sql}: {refused:?}");
            log.restore();
        }
        // One hash of the edge changed, everything else as it was.
        let tile = db::Stmt::both("test", "SELECT hashes FROM audit_tile WHERE level = 0 AND no = 1");
        let mut bytes: Vec<u8> =
            log.db.read_blocking(move |tx| tx.query_one(&tile, &[], |row| row.get(0))).unwrap();
        bytes[0] ^= 1;
        run(&log.db, "UPDATE audit_tile SET hashes = ?1 WHERE level = 0 AND no = 1", &[Value::from(bytes)]);
        assert!(matches!(log.try_sequence(), Err(AuditError::Tampered(_))));
        log.restore();
        assert_eq!(log.sequence(), 2);
        assert!(log.verify().is_sound());
    }
}

/// A new key continues the log only if it is told of the old one; then both are needed to verify.
#[test]
fn keys_change() {
    for place in testkit::engines() {
        let mut log = Log::full(place);
        let former = log.signer.verifier().clone();
        log.append(2);
        log.signer = LogSigner::new(ORIGIN, &[9; 32]).unwrap();
        assert!(matches!(log.try_sequence(), Err(AuditError::Tampered(_))));
        log.signer = log.signer.clone().succeeding(former.clone());
        assert_eq!(log.sequence(), 2);
        let mut keys = log.keys();
        assert!(!audit::verify_database(&log.db, &keys).unwrap().is_sound());
        keys.known.push(former.clone());
        let verdict = audit::verify_database(&log.db, &keys).unwrap();
        assert!(verdict.is_sound() && verdict.checkpoints == 6, "{verdict}");
        let read = LogKeys::parse(&former.to_string()).unwrap();
        assert_eq!((read.origin.as_str(), read.known), (ORIGIN, vec![former]));
        assert!(LogSigner::new("with space", &[1; 32]).is_err());
    }
}

/// Several sequence, somebody writes, somebody verifies: no record is lost, doubled or out of the tree.
#[test]
fn many_at_once() {
    for place in testkit::engines() {
        let log = Log::empty(place);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
        let written = Arc::new(AtomicBool::new(false));
        let sequencers: Vec<_> = (0..3)
            .map(|_| {
                let (db, signer, wall) = (log.db.db.clone(), log.signer.clone(), log.clock.wall());
                runtime.spawn(sequence_until(db, signer, wall, written.clone()))
            })
            .collect();
        for _ in 0..20 {
            log.append(50);
            assert!(log.verify().is_sound(), "{}", log.verify());
        }
        written.store(true, Ordering::SeqCst);
        let placed: u64 = sequencers.into_iter().map(|s| runtime.block_on(s).unwrap()).sum();
        assert_eq!(placed, 1_000, "each record was placed by one");
        let verdict = log.verify();
        assert_eq!((verdict.size, verdict.pending, verdict.is_sound()), (1_000, 0, true), "{verdict}");
    }
}

/// Places records until no more are written and none waits; says how many.
async fn sequence_until(db: Db, signer: LogSigner, wall: WallClock, written: Arc<AtomicBool>) -> u64 {
    let mut placed = 0;
    loop {
        let last = written.load(Ordering::SeqCst);
        match audit::sequence_once(&db, &signer, &wall).await.unwrap() {
            Step::Signed { records, .. } => placed += u64::from(records),
            Step::Idle if last => return placed,
            Step::Idle | Step::Lost => tokio::task::yield_now().await,
        }
    }
}

#[test]
fn the_loop_runs_until_it_is_stopped() {
    for place in testkit::engines() {
        let log = Log::empty(place);
        log.append(600);
        let sequencer = audit::Sequencer::new(log.db.db.clone(), log.signer.clone(), log.clock.wall());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let rounds = std::cell::Cell::new(0);
        runtime.block_on(sequencer.run(|| {
            rounds.set(rounds.get() + 1);
            if rounds.get() == 1 {
                log.append(7);
            }
            std::future::ready(rounds.get() < 2)
        }));
        assert_eq!((log.verify().size, log.verify().pending), (607, 0));
    }
}
