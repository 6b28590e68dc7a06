//! SQL of answers: what institutions said about objects, sealed with the report's key.

use db::{DbError, Stmt, Tx, params};
use kernel::{Purpose, Timestamp};
use report::ReportId;
use uuid::Uuid;
use vault::SubjectKey;

use crate::OrderError;
use crate::answer::{Code, Fact, HoldersTold, Said};
use crate::model::{ObjectId, OrderId};

pub(crate) const INSERT: Stmt = Stmt::both(
    "order.answer_insert",
    "INSERT INTO order_answer (id, order_id, object_id, report_id, partner, executor, at, received_at, codes, body_hash, \
     body_sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
);
pub(crate) const FIND: Stmt =
    Stmt::both("order.answer_find", "SELECT body_hash FROM order_answer WHERE id = ?1");
pub(crate) const OF_OBJECT: Stmt = Stmt::both(
    "order.answers",
    "SELECT body_sealed FROM order_answer WHERE object_id = ?1 ORDER BY received_at, id",
);
pub(crate) const TOLD: Stmt = Stmt::both(
    "order.answers_told",
    "SELECT executor, received_at, body_sealed FROM order_answer WHERE object_id = ?1 ORDER BY received_at, id",
);
pub(crate) const ERASE: Stmt =
    Stmt::both("order.answers_erase", "UPDATE order_answer SET body_sealed = ?2 WHERE report_id = ?1");

pub(crate) const CODES: Stmt = Stmt::both(
    "order.answer_codes",
    "SELECT a.object_id, a.codes, a.at FROM order_object x JOIN order_answer a ON a.object_id = x.id \
     WHERE x.report_id = ?1 ORDER BY a.received_at, a.id",
);

/// An answer as it came.
#[derive(Debug, Clone)]
pub struct SealedAnswer {
    /// Derived from partner and answer id.
    pub id: Uuid,
    /// The order.
    pub order: OrderId,
    /// The object, unless the whole order is acknowledged.
    pub object: Option<ObjectId>,
    /// The report it serves.
    pub report: ReportId,
    /// Who signed it.
    pub partner: String,
    /// Who acted.
    pub executor: String,
    /// When it was so.
    pub at: Timestamp,
    /// When it came.
    pub received_at: Timestamp,
    /// Its codes, by comma.
    pub codes: String,
    /// Keyed hash of the body as it came.
    pub body_hash: [u8; 32],
    /// Its facts as sealed JSON.
    pub body: Vec<u8>,
}

/// Writes an answer.
///
/// # Errors
/// The database's; the same id again is [`DbError::Unique`].
pub fn insert(tx: &mut Tx<'_>, a: &SealedAnswer) -> Result<(), DbError> {
    let own = params![
        a.id,
        a.order,
        a.object,
        a.report,
        a.partner.as_str(),
        a.executor.as_str(),
        a.at,
        a.received_at,
        a.codes.as_str(),
        a.body_hash,
        a.body.as_slice()
    ];
    tx.execute(&INSERT, own).map(drop)
}

/// Hash of the body that was taken under this answer id, if any.
///
/// # Errors
/// The database's.
pub fn hash(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Vec<u8>>, DbError> {
    tx.query_opt(&FIND, params![id], |r| r.get(0))
}

/// All facts that partners stated about an object.
///
/// # Errors
/// The database's, or a ciphertext that does not open.
pub fn facts(tx: &mut Tx<'_>, object: ObjectId, key: &SubjectKey) -> Result<Vec<Fact>, OrderError> {
    let sealed: Vec<Vec<u8>> = tx.query(&OF_OBJECT, params![object], |r| r.get(0))?;
    let mut all = Vec::new();
    for cipher in sealed {
        all.extend(opened(&cipher, key, Purpose::ExecuteOrder)?);
    }
    Ok(all)
}

fn opened(cipher: &[u8], key: &SubjectKey, purpose: Purpose) -> Result<Vec<Fact>, OrderError> {
    let json = key.open("answer", cipher)?.into_inner(purpose);
    let facts = serde_json::from_str(&json)
        .map_err(|_| DbError::Bug(format!("column `order_answer.body` holds `{}`", "unreadable")))?;
    Ok(facts)
}

/// What each answer told of whose an object is, by arrival; those that name nobody are left out.
///
/// # Errors
/// The database's, or a ciphertext that does not open.
pub fn holders(tx: &mut Tx<'_>, object: ObjectId, key: &SubjectKey) -> Result<Vec<HoldersTold>, OrderError> {
    let kept: Vec<(String, Timestamp, Vec<u8>)> =
        tx.query(&TOLD, params![object], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    let mut all = Vec::new();
    for (executor, received_at, cipher) in kept {
        let facts = opened(&cipher, key, Purpose::Investigate)?;
        all.extend(HoldersTold::of(&executor, received_at, facts));
    }
    Ok(all)
}

/// What answers said of the objects of a report's orders: codes and times alone, which are not sealed.
///
/// # Errors
/// The database's.
pub fn said(tx: &mut Tx<'_>, report: ReportId) -> Result<Vec<(ObjectId, Said)>, DbError> {
    tx.query(&CODES, params![report], |row| {
        let codes: String = row.get(1)?;
        let said = Said { codes: codes.split(',').map(Code::parse).collect(), at: row.get(2)? };
        Ok((row.get(0)?, said))
    })
}
