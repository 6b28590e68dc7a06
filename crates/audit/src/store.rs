//! The slice's SQL.

use db::{DbError, Row, Stmt, Tx, params};
use ledger::Hash;
use uuid::Uuid;

use crate::model::{Record, RecordView};

/// Columns of a record in the order in which [`record`] reads them.
macro_rules! columns {
    () => {
        "r.id, r.office_at, r.wall_at, r.actor, r.act, r.subject_kind, r.subject, r.basis_id, r.basis_version,
         r.approval_id, r.approval_version, r.purpose, r.facts"
    };
}

const INSERT: Stmt = Stmt::both(
    "audit.insert",
    "INSERT INTO audit_record (id, office_at, wall_at, actor, act, subject_kind, subject, basis_id, basis_version,
       approval_id, approval_version, purpose, facts, leaf_hash)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
);
const ANY: Stmt = Stmt::both("audit.any", "SELECT 1 FROM audit_record LIMIT 1");
const WAIT: Stmt = Stmt::both("audit.wait", "INSERT INTO audit_pending (id) VALUES (?1)");
const WAITING: Stmt = Stmt::both(
    "audit.waiting",
    "SELECT p.id, r.leaf_hash FROM audit_pending p JOIN audit_record r ON r.id = p.id ORDER BY p.id LIMIT ?1",
);
const HEAD: Stmt = Stmt::both("audit.head", "SELECT size FROM log_head WHERE id = ?1");
const ADVANCE: Stmt =
    Stmt::both("audit.advance", "UPDATE log_head SET size = ?3 WHERE id = ?1 AND size = ?2");
/// Leaves come as one value, 16 bytes of id and 32 of hash each: one statement a batch, not one a record.
const PLACE: Stmt = Stmt::split(
    "audit.place",
    "WITH RECURSIVE i (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE n + 1 < ?3)
     INSERT INTO audit_leaf (no, record_id, leaf_hash)
     SELECT ?1 + n, substr(?2, n * 48 + 1, 16), substr(?2, n * 48 + 17, 32) FROM i WHERE n < ?3",
    "INSERT INTO audit_leaf (no, record_id, leaf_hash)
     SELECT ?1::bigint + n, encode(substring(?2::bytea FROM n * 48 + 1 FOR 16), 'hex')::uuid,
            substring(?2::bytea FROM n * 48 + 17 FOR 32)
     FROM generate_series(0, ?3::bigint::integer - 1) AS n",
);
const PLACED: Stmt = Stmt::both(
    "audit.placed",
    "DELETE FROM audit_pending WHERE id IN (SELECT record_id FROM audit_leaf WHERE no >= ?1)",
);
const PUT_TILE: Stmt = Stmt::both(
    "audit.put_tile",
    "INSERT INTO audit_tile (level, no, hashes) VALUES (?1, ?2, ?3)
     ON CONFLICT (level, no) DO UPDATE SET hashes = excluded.hashes",
);
const TILE: Stmt = Stmt::both("audit.tile", "SELECT hashes FROM audit_tile WHERE level = ?1 AND no = ?2");
const TILES_BEHIND: Stmt = Stmt::both(
    "audit.tiles_behind",
    "SELECT no FROM audit_tile WHERE level = ?1 AND no > ?2 ORDER BY no LIMIT ?3",
);
const PUT_CHECKPOINT: Stmt = Stmt::both(
    "audit.put_checkpoint",
    "INSERT INTO log_checkpoint (size, root, note, at) VALUES (?1, ?2, ?3, ?4)",
);
const LAST_CHECKPOINT: Stmt = Stmt::both(
    "audit.last_checkpoint",
    "SELECT size, root, note FROM log_checkpoint ORDER BY size DESC LIMIT 1",
);
const CHECKPOINTS: Stmt = Stmt::both(
    "audit.checkpoints",
    "SELECT size, root, note FROM log_checkpoint WHERE size > ?1 ORDER BY size LIMIT ?2",
);
const LEAVES: Stmt = Stmt::both(
    "audit.leaves",
    concat!(
        "SELECT ",
        columns!(),
        ", r.leaf_hash, l.no, l.record_id, l.leaf_hash FROM audit_leaf l LEFT JOIN audit_record r ON r.id = l.record_id
         WHERE l.no >= ?1 AND l.no < ?2 ORDER BY l.no, l.record_id"
    ),
);
/// Rows at no place below ?1, also those whose number is none.
const BEYOND: Stmt = Stmt::both(
    "audit.beyond",
    concat!(
        "SELECT ",
        columns!(),
        ", r.leaf_hash, l.no, l.record_id, l.leaf_hash FROM audit_leaf l LEFT JOIN audit_record r ON r.id = l.record_id
         WHERE l.no < 0 OR l.no >= ?1 ORDER BY l.no, l.record_id LIMIT ?2"
    ),
);
const LEAF_COUNT: Stmt = Stmt::both("audit.leaf_count", "SELECT count(*) FROM audit_leaf");
/// SQLite keeps what it is given: a row whose id is no UUID would escape every other query.
const MISFITS: Stmt = Stmt::split(
    "audit.misfits",
    "SELECT (SELECT count(*) FROM audit_record WHERE typeof(id) <> 'blob' OR length(id) <> 16)
          + (SELECT count(*) FROM audit_pending WHERE typeof(id) <> 'blob' OR length(id) <> 16)",
    "SELECT 0::bigint",
);
const OUTSIDE: Stmt = Stmt::both(
    "audit.outside",
    concat!(
        "SELECT ",
        columns!(),
        ", r.leaf_hash FROM audit_record r WHERE r.id > ?1
         AND NOT EXISTS (SELECT 1 FROM audit_leaf l WHERE l.record_id = r.id)
         AND NOT EXISTS (SELECT 1 FROM audit_pending p WHERE p.id = r.id) ORDER BY r.id LIMIT ?2"
    ),
);
const PENDING: Stmt = Stmt::both(
    "audit.pending",
    concat!(
        "SELECT ",
        columns!(),
        ", r.leaf_hash, p.id FROM audit_pending p LEFT JOIN audit_record r ON r.id = p.id
         WHERE p.id > ?1 ORDER BY p.id LIMIT ?2"
    ),
);
const FOR_SUBJECT: Stmt = Stmt::both(
    "audit.for_subject",
    concat!(
        "SELECT ",
        columns!(),
        ", (SELECT min(l.no) FROM audit_leaf l WHERE l.record_id = r.id) FROM audit_record r
         WHERE r.subject = ?1 ORDER BY r.office_at DESC, r.id DESC LIMIT ?2"
    ),
);

const FOR_SUBJECT_BUT: Stmt = Stmt::both(
    "audit.for_subject_but",
    concat!(
        "SELECT ",
        columns!(),
        ", (SELECT min(l.no) FROM audit_leaf l WHERE l.record_id = r.id) FROM audit_record r
         WHERE r.subject = ?1 AND r.act <> ?3 AND r.act <> ?4 ORDER BY r.office_at DESC, r.id DESC LIMIT ?2"
    ),
);

const BY_ID: Stmt = Stmt::both(
    "audit.by_id",
    concat!(
        "SELECT ",
        columns!(),
        ", (SELECT min(l.no) FROM audit_leaf l WHERE l.record_id = r.id) FROM audit_record r WHERE r.id = ?1"
    ),
);
const CHECKPOINT_AT: Stmt =
    Stmt::both("audit.checkpoint_at", "SELECT size, root, note FROM log_checkpoint WHERE size = ?1");
const PUT_COSIGNATURE: Stmt = Stmt::both(
    "audit.put_cosignature",
    "INSERT INTO log_cosignature (size, name, line, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
);
const COSIGNATURES: Stmt =
    Stmt::both("audit.cosignatures", "SELECT line FROM log_cosignature WHERE size = ?1 ORDER BY name");
const COSIGNED_SINCE: Stmt = Stmt::both(
    "audit.cosigned_since",
    "SELECT size FROM log_cosignature WHERE name = ?1 AND size > ?2 ORDER BY size DESC LIMIT 100",
);
const COSIGNED: Stmt = Stmt::both("audit.cosigned", "SELECT max(size) FROM log_cosignature WHERE name = ?1");
const PUT_STAMP: Stmt = Stmt::both(
    "audit.put_stamp",
    "INSERT INTO log_stamp (size, authority, token, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
);
const STAMPS_FROM: Stmt = Stmt::both(
    "audit.stamps_from",
    "SELECT size, authority, token FROM log_stamp WHERE size >= ?1 ORDER BY size, authority LIMIT ?2",
);
const STAMPED: Stmt = Stmt::both("audit.stamped", "SELECT max(size) FROM log_stamp WHERE authority = ?1");

pub(crate) const STATEMENTS: &[&Stmt] = &[
    &BY_ID,
    &CHECKPOINT_AT,
    &PUT_COSIGNATURE,
    &COSIGNATURES,
    &COSIGNED,
    &COSIGNED_SINCE,
    &PUT_STAMP,
    &STAMPS_FROM,
    &STAMPED,
    &INSERT,
    &ANY,
    &WAIT,
    &WAITING,
    &HEAD,
    &ADVANCE,
    &PLACE,
    &PLACED,
    &PUT_TILE,
    &TILE,
    &TILES_BEHIND,
    &PUT_CHECKPOINT,
    &LAST_CHECKPOINT,
    &CHECKPOINTS,
    &LEAVES,
    &BEYOND,
    &LEAF_COUNT,
    &MISFITS,
    &OUTSIDE,
    &PENDING,
    &FOR_SUBJECT,
    &FOR_SUBJECT_BUT,
];

/// The one row of `log_head`.
const LOG: Uuid = Uuid::nil();

/// A signed checkpoint as it stands in its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredCheckpoint {
    pub size: Option<u64>,
    pub root: Option<Hash>,
    pub note: String,
}

/// A record's row as it is found, read without trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredRecord {
    pub id: Uuid,
    /// `None` if its columns do not make up a record: somebody wrote into them.
    pub record: Option<Record>,
    /// The hash in the row itself.
    pub hash: Option<Hash>,
}

/// A row of the log with the record it names, if that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredLeaf {
    /// `None` if it is no number of a place.
    pub no: Option<u64>,
    pub record_id: Option<Uuid>,
    pub hash: Option<Hash>,
    pub record: Option<StoredRecord>,
}

fn number(row: &Row, index: usize) -> Option<u64> {
    u64::try_from(row.get::<i64>(index).ok()?).ok()
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn hash(row: &Row, index: usize) -> Option<Hash> {
    row.get::<Vec<u8>>(index).ok().and_then(|bytes| Hash::from_slice(&bytes))
}

fn record(row: &Row) -> Result<Record, DbError> {
    let ground = |id: Option<Uuid>, version: Option<i64>| match (id, version) {
        (Some(id), Some(version)) => Ok(Some((id, version))),
        (None, None) => Ok(None),
        // Half a ground was never written by us and must not hash like none.
        _ => Err(DbError::Bug("an id without its version".to_owned())),
    };
    Ok(Record {
        id: row.get(0)?,
        office_at: row.get(1)?,
        wall_at: row.get(2)?,
        actor: row.get(3)?,
        act: row.get(4)?,
        subject_kind: row.get(5)?,
        subject: row.get(6)?,
        basis: ground(row.get(7)?, row.get(8)?)?,
        approval: ground(row.get(9)?, row.get(10)?)?,
        purpose: row.get(11)?,
        facts: row.get(12)?,
    })
}

/// The record of a joined row, `None` if there is none.
fn stored_record(row: &Row) -> Option<StoredRecord> {
    let id = row.get(0).ok()?;
    Some(StoredRecord { id, record: record(row).ok(), hash: hash(row, 13) })
}

/// Writes a record and lets it wait for its place.
pub(crate) fn insert(tx: &mut Tx<'_>, r: &Record, leaf: &Hash) -> Result<(), DbError> {
    let (basis, approval) = (r.basis.unzip(), r.approval.unzip());
    let row = params![
        r.id,
        r.office_at,
        r.wall_at,
        &r.actor,
        &r.act,
        &r.subject_kind,
        r.subject,
        basis.0,
        basis.1,
        approval.0,
        approval.1,
        r.purpose.as_deref(),
        &r.facts,
        leaf.as_bytes(),
    ];
    tx.execute(&INSERT, row)?;
    tx.execute(&WAIT, params![r.id]).map(drop)
}

/// Records that wait, oldest ids first.
pub(crate) fn waiting(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<(Uuid, Option<Hash>)>, DbError> {
    tx.query(&WAITING, params![limit], |row| Ok((row.get(0)?, hash(row, 1))))
}

/// How many records the log has by its head row.
pub(crate) fn head(tx: &mut Tx<'_>) -> Result<Option<u64>, DbError> {
    Ok(tx.query_opt(&HEAD, params![LOG], |row| Ok(number(row, 0)))?.flatten())
}

/// Moves the head; `false` if another sequencer was faster.
pub(crate) fn advance(tx: &mut Tx<'_>, from: u64, to: u64) -> Result<bool, DbError> {
    Ok(tx.execute(&ADVANCE, params![LOG, signed(from), signed(to)])? == 1)
}

/// Gives records their places from `from` on; says how many of them had been waiting.
pub(crate) fn place(tx: &mut Tx<'_>, from: u64, leaves: &[(Uuid, Hash)]) -> Result<usize, DbError> {
    let mut packed = Vec::with_capacity(leaves.len() * 48);
    for (id, hash) in leaves {
        packed.extend_from_slice(id.as_bytes());
        packed.extend_from_slice(hash.as_bytes());
    }
    let count = i64::try_from(leaves.len()).unwrap_or(i64::MAX);
    tx.execute(&PLACE, params![signed(from), packed, count])?;
    let placed = tx.execute(&PLACED, params![signed(from)])?;
    Ok(usize::try_from(placed).unwrap_or(usize::MAX))
}

pub(crate) fn put_tile(tx: &mut Tx<'_>, level: u8, index: u64, hashes: &[Hash]) -> Result<(), DbError> {
    let bytes: Vec<u8> = hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
    tx.execute(&PUT_TILE, params![level, signed(index), bytes]).map(drop)
}

/// The bytes of a tile, if it is there.
pub(crate) fn tile(tx: &mut Tx<'_>, level: u8, index: u64) -> Result<Option<Vec<u8>>, DbError> {
    Ok(tx.query_opt(&TILE, params![level, signed(index)], |row| Ok(row.get(0).ok()))?.flatten())
}

/// Indices of stored tiles of a level behind `after`.
pub(crate) fn tiles_behind(tx: &mut Tx<'_>, level: u8, after: i64, limit: u32) -> Result<Vec<u64>, DbError> {
    let rows = tx.query(&TILES_BEHIND, params![level, after, limit], |row| Ok(number(row, 0)))?;
    Ok(rows.into_iter().flatten().collect())
}

pub(crate) fn put_checkpoint(
    tx: &mut Tx<'_>,
    checkpoint: &ledger::Checkpoint,
    note: &str,
    at: kernel::Timestamp,
) -> Result<(), DbError> {
    let row = params![signed(checkpoint.size), checkpoint.root.as_bytes(), note, at];
    tx.execute(&PUT_CHECKPOINT, row).map(drop)
}

fn stored_checkpoint(row: &Row) -> Result<StoredCheckpoint, DbError> {
    Ok(StoredCheckpoint { size: number(row, 0), root: hash(row, 1), note: row.get(2).unwrap_or_default() })
}

pub(crate) fn last_checkpoint(tx: &mut Tx<'_>) -> Result<Option<StoredCheckpoint>, DbError> {
    tx.query_opt(&LAST_CHECKPOINT, &[], stored_checkpoint)
}

/// Checkpoints of more than `after` records (-1 for all), smallest first.
pub(crate) fn checkpoints(tx: &mut Tx<'_>, after: i64, limit: u32) -> Result<Vec<StoredCheckpoint>, DbError> {
    tx.query(&CHECKPOINTS, params![after, limit], stored_checkpoint)
}

fn stored_leaf(row: &Row) -> Result<StoredLeaf, DbError> {
    let (record_id, hash) = (row.get(15).ok(), hash(row, 16));
    Ok(StoredLeaf { no: number(row, 14), record_id, hash, record: stored_record(row) })
}

/// Rows of the log from `from` to before `to`, each with its record.
pub(crate) fn leaves(tx: &mut Tx<'_>, from: u64, to: u64) -> Result<Vec<StoredLeaf>, DbError> {
    tx.query(&LEAVES, params![signed(from), signed(to)], stored_leaf)
}

/// Rows of the log at no place below `size`.
pub(crate) fn beyond(tx: &mut Tx<'_>, size: u64, limit: u32) -> Result<Vec<StoredLeaf>, DbError> {
    tx.query(&BEYOND, params![signed(size), limit], stored_leaf)
}

/// Whether there is any record, placed or waiting.
pub(crate) fn any(tx: &mut Tx<'_>) -> Result<bool, DbError> {
    Ok(tx.query_opt(&ANY, &[], |_| Ok(()))?.is_some())
}

/// How many rows the log has.
pub(crate) fn leaf_count(tx: &mut Tx<'_>) -> Result<u64, DbError> {
    Ok(tx.query_one(&LEAF_COUNT, &[], |row| Ok(number(row, 0)))?.unwrap_or(0))
}

/// How many rows have an id that is none.
pub(crate) fn misfits(tx: &mut Tx<'_>) -> Result<u64, DbError> {
    Ok(tx.query_one(&MISFITS, &[], |row| Ok(number(row, 0)))?.unwrap_or(0))
}

/// Records that neither stand in the log nor wait, by id behind `after`.
pub(crate) fn outside(tx: &mut Tx<'_>, after: Uuid, limit: u32) -> Result<Vec<StoredRecord>, DbError> {
    let rows = tx.query(&OUTSIDE, params![after, limit], |row| Ok(stored_record(row)))?;
    Ok(rows.into_iter().flatten().collect())
}

/// Places in the queue and their records, by id behind `after`.
pub(crate) fn pending(
    tx: &mut Tx<'_>,
    after: Uuid,
    limit: u32,
) -> Result<Vec<(Uuid, Option<StoredRecord>)>, DbError> {
    tx.query(&PENDING, params![after, limit], |row| Ok((row.get(14)?, stored_record(row))))
}

/// Records about `subject`, newest first.
pub(crate) fn for_subject(tx: &mut Tx<'_>, subject: Uuid, limit: u32) -> Result<Vec<RecordView>, DbError> {
    tx.query(&FOR_SUBJECT, params![subject, limit], view)
}

pub(crate) fn for_subject_but(
    tx: &mut Tx<'_>,
    subject: Uuid,
    [first, second]: [&str; 2],
    limit: u32,
) -> Result<Vec<RecordView>, DbError> {
    tx.query(&FOR_SUBJECT_BUT, params![subject, limit, first, second], view)
}

fn view(row: &Row) -> Result<RecordView, DbError> {
    let record = record(row)?;
    let facts = serde_json::from_str(&record.facts).unwrap_or_default();
    let position = row.get::<Option<i64>>(13)?.and_then(|no| u64::try_from(no).ok());
    Ok(RecordView { record, facts, position })
}

/// One record with its place.
pub(crate) fn by_id(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<RecordView>, DbError> {
    tx.query_opt(&BY_ID, params![id], view)
}

/// The checkpoint of exactly so many records.
pub(crate) fn checkpoint_at(tx: &mut Tx<'_>, size: u64) -> Result<Option<StoredCheckpoint>, DbError> {
    tx.query_opt(&CHECKPOINT_AT, params![signed(size)], stored_checkpoint)
}

pub(crate) fn put_cosignature(
    tx: &mut Tx<'_>,
    (size, name, line): (u64, &str, &str),
    at: kernel::Timestamp,
) -> Result<(), DbError> {
    tx.execute(&PUT_COSIGNATURE, params![signed(size), name, line, at]).map(drop)
}

/// Lines of witnesses under the checkpoint of so many records.
pub(crate) fn cosignatures(tx: &mut Tx<'_>, size: u64) -> Result<Vec<String>, DbError> {
    tx.query(&COSIGNATURES, params![signed(size)], |row| row.get(0))
}

/// The largest checkpoint that a witness has seen.
pub(crate) fn cosigned(tx: &mut Tx<'_>, name: &str) -> Result<Option<u64>, DbError> {
    let size: Option<i64> = tx.query_one(&COSIGNED, params![name], |row| row.get(0))?;
    Ok(size.and_then(|size| u64::try_from(size).ok()))
}

/// The checkpoints of more than `place` records that a witness has seen, the newest first.
pub(crate) fn cosigned_since(tx: &mut Tx<'_>, name: &str, place: u64) -> Result<Vec<u64>, DbError> {
    let sizes: Vec<i64> = tx.query(&COSIGNED_SINCE, params![name, signed(place)], |row| row.get(0))?;
    Ok(sizes.into_iter().filter_map(|size| u64::try_from(size).ok()).collect())
}

pub(crate) fn put_stamp(
    tx: &mut Tx<'_>,
    (size, authority, token): (u64, &str, &[u8]),
    at: kernel::Timestamp,
) -> Result<(), DbError> {
    tx.execute(&PUT_STAMP, params![signed(size), authority, token, at]).map(drop)
}

/// Time stamps of checkpoints of at least so many records, the smallest first.
pub(crate) fn stamps_from(
    tx: &mut Tx<'_>,
    size: u64,
    limit: u32,
) -> Result<Vec<(u64, String, Vec<u8>)>, DbError> {
    let rows = tx.query(&STAMPS_FROM, params![signed(size), limit], |row| {
        Ok((number(row, 0), row.get(1)?, row.get(2)?))
    })?;
    Ok(rows.into_iter().filter_map(|(size, authority, token)| Some((size?, authority, token))).collect())
}

/// The largest checkpoint that an authority has stamped.
pub(crate) fn stamped(tx: &mut Tx<'_>, authority: &str) -> Result<Option<u64>, DbError> {
    let size: Option<i64> = tx.query_one(&STAMPED, params![authority], |row| row.get(0))?;
    Ok(size.and_then(|size| u64::try_from(size).ok()))
}
