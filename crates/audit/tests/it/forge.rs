//! What somebody can do who has the database's password, and knows the house, and perhaps its key.

use audit::{Record, record_hash};
use db::Value;
use ledger::{Checkpoint, CompactRange, Frontier, Hash, NoteSigner};
use uuid::Uuid;

use crate::world::{Log, ORIGIN, run};

pub(crate) fn int(n: u64) -> Value {
    Value::from(i64::try_from(n).unwrap())
}

pub(crate) fn leaves(log: &Log) -> Vec<Hash> {
    log.leaves()
}

pub(crate) fn set_actor(log: &Log, id: Uuid) {
    assert_eq!(run(&log.db, "UPDATE audit_record SET actor = 'nobody' WHERE id = ?1", &[id.into()]), 1);
}

/// An edit by somebody who knows the house: the record, the hash in its row and in the log's row.
pub(crate) fn edit_with_hashes(log: &Log, no: u64) -> Hash {
    let id = log.id(no);
    let hash = record_hash(&Record { actor: "nobody".into(), ..log.record(id) });
    set_actor(log, id);
    let bytes = Value::from(hash.as_bytes());
    run(&log.db, "UPDATE audit_record SET leaf_hash = ?1 WHERE id = ?2", &[bytes.clone(), id.into()]);
    run(&log.db, "UPDATE audit_leaf SET leaf_hash = ?1 WHERE no = ?2", &[bytes, int(no)]);
    hash
}

/// All tiles anew from these leaves.
pub(crate) fn put_tiles(log: &Log, leaves: &[Hash]) {
    run(&log.db, "DELETE FROM audit_tile", &[]);
    let mut frontier = Frontier::default();
    let mut tiles = Vec::new();
    for leaf in leaves {
        frontier.push(*leaf, |id, hashes| tiles.push((id, hashes.to_vec())));
    }
    tiles.extend(frontier.partial().map(|(id, hashes)| (id, hashes.to_vec())));
    for (id, hashes) in tiles {
        let bytes: Vec<u8> = hashes.iter().flat_map(|h| *h.as_bytes()).collect();
        let row = [Value::from(id.level), int(id.index), Value::from(bytes)];
        run(&log.db, "INSERT INTO audit_tile (level, no, hashes) VALUES (?1, ?2, ?3)", &row);
    }
}

/// Checkpoints over `leaves` at these sizes, signed by the key from `seed`.
pub(crate) fn sign(log: &Log, leaves: &[Hash], sizes: &[u64], seed: u8) {
    let signer = NoteSigner::new(ORIGIN, ed25519_dalek::SigningKey::from_bytes(&[seed; 32])).unwrap();
    for size in sizes {
        let mut range = CompactRange::new();
        range.extend(leaves[..usize::try_from(*size).unwrap()].iter().copied());
        let checkpoint = Checkpoint { origin: ORIGIN.into(), size: *size, root: range.root() };
        let note = checkpoint.sign(&signer).unwrap().to_string();
        let row = [Value::from(checkpoint.root.as_bytes()), Value::from(note), int(*size)];
        run(&log.db, "UPDATE log_checkpoint SET root = ?1, note = ?2 WHERE size = ?3", &row);
    }
}

pub(crate) fn insert_record(log: &Log, id: Uuid) -> Hash {
    let record = Record { id, ..log.record(log.id(5)) };
    let hash = record_hash(&record);
    let sql = "INSERT INTO audit_record SELECT ?1, office_at, wall_at, actor, act, subject_kind, subject, basis_id,
               basis_version, approval_id, approval_version, purpose, facts, ?2 FROM audit_record WHERE id = ?3";
    let sql = if log.db.engine() == db::Engine::Postgres {
        sql.replace("?1", "?1::uuid").replace("?2", "?2::bytea")
    } else {
        sql.to_owned()
    };
    run(&log.db, &sql, &[id.into(), hash.as_bytes().into(), log.id(5).into()]);
    hash
}

pub(crate) fn insert_leaf(log: &Log, no: u64, id: Uuid, hash: &Hash) {
    let row = [int(no), id.into(), hash.as_bytes().into()];
    run(&log.db, "INSERT INTO audit_leaf (no, record_id, leaf_hash) VALUES (?1, ?2, ?3)", &row);
}

pub(crate) fn edited(log: &Log, no: u64) {
    edit_with_hashes(log, no);
}

pub(crate) fn inserted(log: &Log) {
    insert_record(log, STRANGER);
}

pub(crate) const STRANGER: Uuid = Uuid::from_u128(0xffff);

pub(crate) fn saved_id(log: &Log, no: u64) -> Option<Uuid> {
    // The row is gone; its copy is not.
    let sql = db::Stmt::both("test", "SELECT record_id FROM saved_audit_leaf WHERE no = ?1");
    log.db.read_blocking(move |tx| tx.query_opt(&sql, &[int(no)], |row| row.get(0))).unwrap()
}

pub(crate) fn delete_both(log: &Log, no: u64) {
    run(&log.db, "DELETE FROM audit_record WHERE id = ?1", &[log.id(no).into()]);
    run(&log.db, "DELETE FROM audit_leaf WHERE no = ?1", &[int(no)]);
}

pub(crate) fn swap(log: &Log, a: u64, b: u64) {
    for (from, to) in [(a, 9_999), (b, a), (9_999, b)] {
        run(&log.db, "UPDATE audit_leaf SET no = ?1 WHERE no = ?2", &[int(to), int(from)]);
    }
}

pub(crate) fn cut(log: &Log, from: u64, tiles: bool) {
    let all = leaves(log);
    let sql = "DELETE FROM audit_record WHERE id IN (SELECT record_id FROM audit_leaf WHERE no >= ?1)";
    run(&log.db, sql, &[int(from)]);
    run(&log.db, "DELETE FROM audit_leaf WHERE no >= ?1", &[int(from)]);
    if tiles {
        put_tiles(log, &all[..usize::try_from(from).unwrap()]);
    }
}
