//! SQL of what was learnt from decisions about kinds.

use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;
use report::ReportId;
use uuid::Uuid;

pub(super) const LATEST: Stmt = Stmt::both(
    "scheme.learnt_latest",
    "SELECT id, decided, body FROM scheme_learnt ORDER BY at DESC, id DESC LIMIT 1",
);
pub(super) const LATEST_ID: Stmt =
    Stmt::both("scheme.learnt_latest_id", "SELECT id FROM scheme_learnt ORDER BY at DESC, id DESC LIMIT 1");
pub(super) const PUT: Stmt = Stmt::both(
    "scheme.learnt_put",
    "INSERT INTO scheme_learnt (id, at, stories, decided, body) VALUES (?1, ?2, ?3, ?4, ?5)",
);
pub(super) const FORGET: Stmt =
    Stmt::both("scheme.learnt_forget", "DELETE FROM scheme_learnt WHERE id <> ?1");
/// Which schemes officers have said the kind of.
pub(super) const DECIDED: Stmt = Stmt::both(
    "scheme.learnt_decided",
    "SELECT id, kind, reports FROM scheme WHERE kind_by = 'officer' AND into_id IS NULL ORDER BY id",
);
/// The first reports of such a scheme: more of one fraud would say what the first have said.
pub(super) const EXAMPLES: Stmt = Stmt::both(
    "scheme.learnt_examples",
    "SELECT report_id FROM scheme_member WHERE scheme_id = ?1 ORDER BY created_at, report_id LIMIT ?2",
);

/// What was learnt last: its id, from which decisions, and the model as kept.
pub type Kept = (Uuid, String, Vec<u8>);

/// What was learnt last.
///
/// # Errors
/// The database's.
pub fn latest(tx: &mut Tx<'_>) -> Result<Option<Kept>, DbError> {
    tx.query_opt(&LATEST, params![], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
}

/// The id of what was learnt last.
///
/// # Errors
/// The database's.
pub fn latest_id(tx: &mut Tx<'_>) -> Result<Option<Uuid>, DbError> {
    tx.query_opt(&LATEST_ID, params![], |r| r.get(0))
}

/// Keeps what was learnt, in place of what was before.
///
/// # Errors
/// The database's.
pub fn put(
    tx: &mut Tx<'_>,
    id: Uuid,
    at: Timestamp,
    (stories, decided): (i64, &str),
    body: &[u8],
) -> Result<(), DbError> {
    tx.execute(&PUT, params![id, at, stories, decided, body])?;
    tx.execute(&FORGET, params![id]).map(drop)
}

/// A scheme whose kind an officer has said.
pub type Decided = (Uuid, String, i64);

/// Schemes whose kind officers have said: id, kind, how many reports.
///
/// # Errors
/// The database's.
pub fn decided(tx: &mut Tx<'_>) -> Result<Vec<Decided>, DbError> {
    tx.query(&DECIDED, params![], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
}

/// The first reports of a scheme.
///
/// # Errors
/// The database's.
pub fn examples(tx: &mut Tx<'_>, scheme: Uuid, limit: i64) -> Result<Vec<ReportId>, DbError> {
    tx.query(&EXAMPLES, params![scheme, limit], |r| Ok(ReportId::from_uuid(r.get(0)?)))
}
