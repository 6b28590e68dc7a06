//! All SQL about versions of agreements. What they say stays sealed here.

use app::{header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, Value, params};
use kernel::{Header, Timestamp};

use crate::agreement::model::{AgreementId, AgreementStatus};
use crate::model::PartnerId;

macro_rules! own_columns {
    () => {
        "partner_id, code, base_version, body_sealed, author_name, status, version, decided_at, decided_by, decided_name, \
         reason_sealed"
    };
}
macro_rules! select {
    () => {
        concat!("SELECT ", header_columns!(), ", ", own_columns!(), " FROM partner_agreement")
    };
}
/// How many of a version's own columns never change.
const FIXED: usize = 5;
/// Most versions in a list.
const LIST_LIMIT: i64 = 200;

pub(crate) const INSERT: Stmt = Stmt::both(
    "partner_agreement.insert",
    concat!(
        "INSERT INTO partner_agreement (",
        header_columns!(),
        ", ",
        own_columns!(),
        ") VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27) ON CONFLICT DO NOTHING"
    ),
);
pub(crate) const ONE: Stmt = Stmt::both("partner_agreement.one", concat!(select!(), " WHERE id = ?1"));
pub(crate) const OF_CODE: Stmt = Stmt::both(
    "partner_agreement.of_code",
    concat!(select!(), " WHERE code = ?1 ORDER BY created_at DESC, id DESC LIMIT ?2"),
);
pub(crate) const WAITING: Stmt = Stmt::both(
    "partner_agreement.waiting",
    concat!(select!(), " WHERE status = 'waits' ORDER BY created_at DESC, id DESC LIMIT ?1"),
);
pub(crate) const NEWEST: Stmt = Stmt::both(
    "partner_agreement.newest",
    concat!(select!(), " WHERE code = ?1 AND status = 'kept' ORDER BY version DESC LIMIT 1"),
);
pub(crate) const DECIDE: Stmt = Stmt::both(
    "partner_agreement.decide",
    "UPDATE partner_agreement SET status = ?2, version = ?3, decided_at = ?4, decided_by = ?5, decided_name = ?6, \
     reason_sealed = ?7 WHERE id = ?1 AND status = 'waits'",
);

/// A version as stored.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub id: AgreementId,
    pub header: Header,
    pub partner: PartnerId,
    pub code: String,
    pub base: i64,
    pub body_sealed: Vec<u8>,
    pub author_name: String,
    pub status: AgreementStatus,
    pub version: Option<i64>,
    pub decided: Option<Decided>,
}

/// A decision as stored.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decided {
    pub at: Timestamp,
    pub by: String,
    pub name: String,
    pub reason_sealed: Option<Vec<u8>>,
}

fn read(row: &Row) -> Result<Stored, DbError> {
    let (id, header) = app::header::read(row)?;
    let own = |no: usize| app::header::WIDTH.saturating_add(no);
    let decided = match row.get::<Option<Timestamp>>(own(7))? {
        None => None,
        Some(at) => Some(Decided {
            at,
            by: row.get(own(8))?,
            name: row.get(own(9))?,
            reason_sealed: row.get(own(10))?,
        }),
    };
    Ok(Stored {
        id: AgreementId::from_uuid(id),
        header,
        partner: row.get(own(0))?,
        code: row.get(own(1))?,
        base: row.get(own(2))?,
        body_sealed: row.get(own(3))?,
        author_name: row.get(own(4))?,
        status: AgreementStatus::parse(&row.get::<String>(own(5))?),
        version: row.get(own(6))?,
        decided,
    })
}

fn decision(version: &Stored) -> [Value; 4] {
    let d = version.decided.as_ref();
    [
        d.map(|d| d.at).into(),
        d.map(|d| d.by.clone()).into(),
        d.map(|d| d.name.clone()).into(),
        d.and_then(|d| d.reason_sealed.clone()).into(),
    ]
}

/// Keeps a version. The same id, or the same number of the same institution, makes the transaction run again.
///
/// # Errors
/// The database's.
pub(crate) fn insert(tx: &mut Tx<'_>, version: &Stored) -> Result<(), DbError> {
    let mut own = params![
        version.partner,
        version.code.as_str(),
        version.base,
        version.body_sealed.clone(),
        version.author_name.as_str(),
        version.status.as_str(),
        version.version
    ]
    .to_vec();
    own.extend(decision(version));
    tx.guarded(&INSERT, &app::header::values(version.id.uuid(), &version.header, &own, FIXED))
}

/// Keeps what was decided; somebody who was faster makes the transaction run again.
///
/// # Errors
/// The database's.
pub(crate) fn decide(tx: &mut Tx<'_>, version: &Stored) -> Result<(), DbError> {
    let mut own = params![version.id, version.status.as_str(), version.version].to_vec();
    own.extend(decision(version));
    tx.guarded(&DECIDE, &own)
}

/// One version.
///
/// # Errors
/// The database's.
pub(crate) fn get(tx: &mut Tx<'_>, id: AgreementId) -> Result<Option<Stored>, DbError> {
    tx.query_opt(&ONE, params![id], read)
}

/// The latest versions of one institution, whatever became of them, newest first.
///
/// # Errors
/// The database's.
pub(crate) fn of_code(tx: &mut Tx<'_>, code: &str) -> Result<Vec<Stored>, DbError> {
    tx.query(&OF_CODE, params![code, LIST_LIMIT], read)
}

/// Versions of all institutions that wait for a second person, newest first.
///
/// # Errors
/// The database's.
pub(crate) fn waiting(tx: &mut Tx<'_>) -> Result<Vec<Stored>, DbError> {
    tx.query(&WAITING, params![LIST_LIMIT], read)
}

/// The version of an institution that holds.
///
/// # Errors
/// The database's.
pub(crate) fn newest(tx: &mut Tx<'_>, code: &str) -> Result<Option<Stored>, DbError> {
    tx.query_opt(&NEWEST, params![code], read)
}
