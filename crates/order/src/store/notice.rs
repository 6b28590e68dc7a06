//! SQL of what holders are told.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use report::ReportId;

use crate::model::{HolderNotice, ObjectId};

macro_rules! columns {
    () => {
        "id, order_id, report_id, code_sealed, drafted_at, due_at, told_at"
    };
}

pub(crate) const INSERT: Stmt = Stmt::both(
    "order.notice_insert",
    "INSERT INTO holder_notice (id, order_id, report_id, code_hash, code_sealed, drafted_at, due_at) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
);
pub(crate) const FIND: Stmt =
    Stmt::both("order.notice_find", concat!("SELECT ", columns!(), " FROM holder_notice WHERE id = ?1"));
pub(crate) const BY_CODE: Stmt = Stmt::both(
    "order.notice_by_code",
    concat!("SELECT ", columns!(), " FROM holder_notice WHERE code_hash = ?1"),
);
pub(crate) const TOLD: Stmt = Stmt::both(
    "order.notice_told",
    "UPDATE holder_notice SET told_at = ?2 WHERE id = ?1 AND told_at IS NULL",
);
pub(crate) const RENEW: Stmt =
    Stmt::both("order.notice_renew", "UPDATE holder_notice SET due_at = ?2, told_at = NULL WHERE id = ?1");
pub(crate) const OVERDUE: Stmt = Stmt::both(
    "order.notices_overdue",
    concat!(
        "SELECT ",
        columns!(),
        " FROM holder_notice WHERE told_at IS NULL AND due_at <= ?1 \
         AND order_id IN (SELECT id FROM orders WHERE status IN ('sent', 'acknowledged', 'answered')) ORDER BY due_at LIMIT ?2"
    ),
);
/// The hash of a code opens nothing any more: what stands in its place is no hash, and unlike any other.
pub(crate) const ERASE: Stmt = Stmt::split(
    "order.notices_erase",
    "UPDATE holder_notice SET code_sealed = ?2, code_hash = id WHERE report_id = ?1",
    "UPDATE holder_notice SET code_sealed = ?2, code_hash = uuid_send(id) WHERE report_id = ?1",
);

fn read(row: &Row) -> Result<HolderNotice, DbError> {
    Ok(HolderNotice {
        object: row.get(0)?,
        order: row.get(1)?,
        report: row.get(2)?,
        code_sealed: row.get(3)?,
        drafted_at: row.get(4)?,
        due_at: row.get(5)?,
        told_at: row.get(6)?,
    })
}

/// The holder is to be told anew, by `due`.
///
/// # Errors
/// The database's.
pub fn renew(tx: &mut Tx<'_>, object: ObjectId, due: Timestamp) -> Result<(), DbError> {
    tx.execute(&RENEW, params![object, due]).map(drop)
}

/// Keeps a notice. `false` if the object has one.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, n: &HolderNotice, code_hash: [u8; 32]) -> Result<bool, DbError> {
    let own =
        params![n.object, n.order, n.report, code_hash, n.code_sealed.as_slice(), n.drafted_at, n.due_at];
    Ok(tx.execute(&INSERT, own)? == 1)
}

/// The notice about an object.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, object: ObjectId) -> Result<Option<HolderNotice>, DbError> {
    tx.query_opt(&FIND, params![object], read)
}

/// The notice that a code opens.
///
/// # Errors
/// The database's.
pub fn by_code(tx: &mut Tx<'_>, code_hash: [u8; 32]) -> Result<Option<HolderNotice>, DbError> {
    tx.query_opt(&BY_CODE, params![code_hash], read)
}

/// The holder was told. The first time counts.
///
/// # Errors
/// The database's.
pub fn told(tx: &mut Tx<'_>, object: ObjectId, at: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&TOLD, params![object, at])? == 1)
}

/// Notices whose time has come and of which no institution has said that the holder has it.
///
/// # Errors
/// The database's.
pub fn overdue(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<HolderNotice>, DbError> {
    tx.query(&OVERDUE, params![now, limit], read)
}

/// Forgets the codes of notices that served a report.
///
/// # Errors
/// The database's.
pub fn erase(tx: &mut Tx<'_>, report: ReportId) -> Result<(), DbError> {
    tx.execute(&ERASE, params![report, Vec::<u8>::new()]).map(drop)
}
