//! All SQL about drafts of changes.

use app::{header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::change::model::{Decision, DraftStatus, LawDraft, LawDraftId};

macro_rules! own_columns {
    () => {
        "newest_version, effective_from, effective_to, body, reason, author_name, status, enacted_version, decided_at, \
         decided_by, decided_name, decided_reason"
    };
}
macro_rules! select {
    () => {
        concat!("SELECT ", header_columns!(), ", ", own_columns!(), " FROM legal_basis_draft")
    };
}
/// How many of a draft's own columns never change.
const FIXED: usize = 6;

pub(crate) const INSERT: Stmt = Stmt::both(
    "law_draft.insert",
    concat!(
        "INSERT INTO legal_basis_draft (",
        header_columns!(),
        ", ",
        own_columns!(),
        ") VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28) ON CONFLICT DO NOTHING"
    ),
);
pub(crate) const ONE: Stmt = Stmt::both("law_draft.one", concat!(select!(), " WHERE id = ?1"));
pub(crate) const OF_BASIS: Stmt = Stmt::both(
    "law_draft.of_basis",
    concat!(select!(), " WHERE basis_id = ?1 ORDER BY created_at DESC, id DESC LIMIT ?2"),
);
pub(crate) const WAITING: Stmt = Stmt::both(
    "law_draft.waiting",
    concat!(select!(), " WHERE status = 'drafted' ORDER BY created_at DESC, id DESC LIMIT ?1"),
);
pub(crate) const DECIDE: Stmt = Stmt::both(
    "law_draft.decide",
    "UPDATE legal_basis_draft SET status = ?2, enacted_version = ?3, decided_at = ?4, decided_by = ?5, \
     decided_name = ?6, decided_reason = ?7 WHERE id = ?1 AND status = 'drafted'",
);

/// Most drafts in a list.
const LIST_LIMIT: i64 = 200;

fn read(row: &Row) -> Result<LawDraft, DbError> {
    let (id, header) = app::header::read(row)?;
    let own = |no: usize| app::header::WIDTH.saturating_add(no);
    let broken = |what: &str| DbError::Bug(format!("a draft of a legal basis has a broken {what}"));
    let (basis, base) = header.basis.ok_or_else(|| broken("basis"))?;
    let body: String = row.get(own(3))?;
    let decided: Option<Timestamp> = row.get(own(8))?;
    let decision = match decided {
        None => None,
        Some(at) => Some(Decision {
            at,
            by: row.get(own(9))?,
            name: row.get(own(10))?,
            reason: row.get(own(11))?,
            version: row.get(own(7))?,
        }),
    };
    Ok(LawDraft {
        id: LawDraftId::from_uuid(id),
        header,
        author_name: row.get(own(5))?,
        basis,
        base,
        newest: row.get(own(0))?,
        effective_from: row.get(own(1))?,
        effective_to: row.get(own(2))?,
        record: serde_json::from_str(&body).map_err(|e| broken(&format!("body: {e}")))?,
        reason: row.get(own(4))?,
        status: DraftStatus::parse(&row.get::<String>(own(6))?),
        decision,
    })
}

/// Stores a draft; the same id again makes the transaction run again.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, draft: &LawDraft) -> Result<(), DbError> {
    let body = serde_json::to_string(&draft.record).map_err(|e| DbError::Bug(e.to_string()))?;
    let decision = draft.decision.as_ref();
    let own = params![
        draft.newest,
        draft.effective_from,
        draft.effective_to,
        body,
        draft.reason.as_str(),
        draft.author_name.as_str(),
        draft.status.as_str(),
        decision.and_then(|d| d.version),
        decision.map(|d| d.at),
        decision.map(|d| d.by.clone()),
        decision.map(|d| d.name.clone()),
        decision.map(|d| d.reason.clone())
    ];
    tx.guarded(&INSERT, &app::header::values(draft.id.uuid(), &draft.header, own, FIXED))
}

/// Saves what became of a draft; somebody who was faster makes the transaction run again.
///
/// # Errors
/// The database's.
pub fn decide(tx: &mut Tx<'_>, draft: &LawDraft) -> Result<(), DbError> {
    let decision = draft.decision.as_ref();
    let own = params![
        draft.id,
        draft.status.as_str(),
        decision.and_then(|d| d.version),
        decision.map(|d| d.at),
        decision.map(|d| d.by.clone()),
        decision.map(|d| d.name.clone()),
        decision.map(|d| d.reason.clone())
    ];
    tx.guarded(&DECIDE, own)
}

/// One draft.
///
/// # Errors
/// The database's.
pub fn get(tx: &mut Tx<'_>, id: LawDraftId) -> Result<Option<LawDraft>, DbError> {
    tx.query_opt(&ONE, params![id], read)
}

/// The latest drafts of one basis, whatever became of them, newest first.
///
/// # Errors
/// The database's.
pub fn of_basis(tx: &mut Tx<'_>, basis: Uuid) -> Result<Vec<LawDraft>, DbError> {
    tx.query(&OF_BASIS, params![basis, LIST_LIMIT], read)
}

/// The latest drafts of all bases that wait for a second person, newest first.
///
/// # Errors
/// The database's.
pub fn waiting(tx: &mut Tx<'_>) -> Result<Vec<LawDraft>, DbError> {
    tx.query(&WAITING, params![LIST_LIMIT], read)
}
