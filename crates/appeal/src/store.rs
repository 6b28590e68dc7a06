//! All SQL of this slice.

use app::{header_columns, header_places};
use db::{DbError, Migration, Row, Stmt, Tx, params};
use kernel::Timestamp;
use order::{ObjectId, OrderId};

use crate::model::{Appeal, AppealId, Ground, Status};

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[Migration {
    no: 1,
    name: "appeal",
    sqlite: include_str!("../migrations/0001_appeal.sqlite.sql"),
    postgres: include_str!("../migrations/0001_appeal.postgres.sql"),
}];

macro_rules! own_columns {
    () => {
        "number, order_id, object_id, channel, ground, filed_at, due_at, status, decided_at, decided_by, restored"
    };
}
macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", header_columns!(), ", ", own_columns!(), " FROM appeal ", $rest)
    };
}

const INSERT: Stmt = Stmt::both(
    "appeal.insert",
    concat!(
        "INSERT INTO appeal (",
        header_columns!(),
        ", ",
        own_columns!(),
        ", told_sealed) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28)"
    ),
);
const BY_NUMBER: Stmt = Stmt::both("appeal.by_number", select!("WHERE number = ?1"));
const OF_OBJECT: Stmt = Stmt::both("appeal.of_object", select!("WHERE object_id = ?1 ORDER BY filed_at, id"));
const OF_ORDER: Stmt = Stmt::both("appeal.of_order", select!("WHERE order_id = ?1 ORDER BY filed_at, id"));
const LIST: Stmt = Stmt::both(
    "appeal.list",
    select!(
        "WHERE organisation_id = ?1 AND (?2 = '' OR status = ?2) \
         ORDER BY CASE status WHEN 'filed' THEN 0 ELSE 1 END, due_at, id LIMIT ?3"
    ),
);
const TOLD: Stmt = Stmt::both("appeal.told", "SELECT told_sealed, reasons_sealed FROM appeal WHERE id = ?1");
const DECIDE: Stmt = Stmt::both(
    "appeal.decide",
    "UPDATE appeal SET status = ?2, decided_at = ?3, decided_by = ?4, reasons_sealed = ?5, restored = ?6 \
     WHERE id = ?1 AND status = 'filed'",
);
const WAITING: Stmt = Stmt::both(
    "appeal.waiting",
    "SELECT COUNT(*), COUNT(CASE WHEN due_at <= ?2 THEN 1 END) FROM appeal WHERE organisation_id = ?1 AND status = 'filed'",
);

/// Every statement, for the test that prepares them on both engines.
pub const STATEMENTS: &[&Stmt] =
    &[&INSERT, &BY_NUMBER, &OF_OBJECT, &OF_ORDER, &LIST, &TOLD, &DECIDE, &WAITING];

/// How many own columns never change and are in the row hash.
const FIXED: usize = 7;

/// Writes a new objection.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, a: &Appeal, told_sealed: &[u8]) -> Result<(), DbError> {
    let own = params![
        a.number.as_str(),
        a.order,
        a.object,
        a.channel.as_str(),
        a.ground.as_str(),
        a.filed_at,
        a.due_at,
        a.status.as_str(),
        a.decided_at,
        a.decided_by.as_deref(),
        a.restored,
        told_sealed
    ];
    tx.execute(&INSERT, &app::header::values(a.id.uuid(), &a.header, own, FIXED)).map(drop)
}

fn read(row: &Row) -> Result<Appeal, DbError> {
    let (id, header) = app::header::read(row)?;
    let (ground, status): (String, String) = (row.get(20)?, row.get(23)?);
    let bug = |column: &str, text: &str| DbError::Bug(format!("column `appeal.{column}` holds `{text}`"));
    Ok(Appeal {
        id: AppealId::from_uuid(id),
        header,
        number: row.get(16)?,
        order: row.get(17)?,
        object: row.get(18)?,
        channel: row.get(19)?,
        ground: Ground::parse(&ground).ok_or_else(|| bug("ground", &ground))?,
        filed_at: row.get(21)?,
        due_at: row.get(22)?,
        status: Status::parse(&status).ok_or_else(|| bug("status", &status))?,
        decided_at: row.get(24)?,
        decided_by: row.get(25)?,
        restored: row.get(26)?,
    })
}

/// The objection of this number.
///
/// # Errors
/// The database's.
pub fn by_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<Appeal>, DbError> {
    tx.query_opt(&BY_NUMBER, params![number], read)
}

/// Objections about an object, oldest first.
///
/// # Errors
/// The database's.
pub fn of_object(tx: &mut Tx<'_>, object: ObjectId) -> Result<Vec<Appeal>, DbError> {
    tx.query(&OF_OBJECT, params![object], read)
}

/// Objections about what an order restricts, oldest first.
///
/// # Errors
/// The database's.
pub fn of_order(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<Appeal>, DbError> {
    tx.query(&OF_ORDER, params![order], read)
}

/// Objections of an organisation, undecided ones first, the nearest due first. An empty status means all.
///
/// # Errors
/// The database's.
pub fn list(tx: &mut Tx<'_>, organisation: &str, status: &str, limit: i64) -> Result<Vec<Appeal>, DbError> {
    tx.query(&LIST, params![organisation, status, limit], read)
}

/// What was told, and why it was decided so; both sealed.
///
/// # Errors
/// The database's.
pub fn sealed(tx: &mut Tx<'_>, id: AppealId) -> Result<(Vec<u8>, Option<Vec<u8>>), DbError> {
    tx.query_one(&TOLD, params![id], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// Keeps a decision. Somebody faster makes the closure run again.
///
/// # Errors
/// The database's.
pub fn decide(tx: &mut Tx<'_>, a: &Appeal, reasons_sealed: &[u8]) -> Result<(), DbError> {
    tx.guarded(
        &DECIDE,
        params![a.id, a.status.as_str(), a.decided_at, a.decided_by.as_deref(), reasons_sealed, a.restored],
    )
}

/// How many objections wait, and how many of them are late.
///
/// # Errors
/// The database's.
pub fn waiting(tx: &mut Tx<'_>, organisation: &str, now: Timestamp) -> Result<(i64, i64), DbError> {
    tx.query_one(&WAITING, params![organisation, now], |r| Ok((r.get(0)?, r.get(1)?)))
}
