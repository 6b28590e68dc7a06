//! All SQL of this slice: views that people keep, where things stood when somebody last looked, and which of both name which report.

use access::Office;
use app::{header_columns, header_places};
use db::{DbError, Migration, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

pub use self::place::{
    MOST_PLACES, Stood, age_places, places, places_behind, places_mentioning, put_places, read_places,
    replace, write_places,
};
use crate::model::{Key, SavedView, ViewId};

mod mention;
mod place;

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        no: 1,
        name: "chart",
        sqlite: include_str!("../../migrations/0001_chart.sqlite.sql"),
        postgres: include_str!("../../migrations/0001_chart.postgres.sql"),
    },
    Migration {
        no: 2,
        name: "mention",
        sqlite: include_str!("../../migrations/0002_mention.sqlite.sql"),
        postgres: include_str!("../../migrations/0002_mention.postgres.sql"),
    },
];

macro_rules! columns {
    () => {
        "shared, shown, about, asked, places, name_sealed, removed_at"
    };
}
macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", header_columns!(), ", ", columns!(), " FROM chart_view ", $rest)
    };
}
/// For the list: neither what is asked nor where things stand.
macro_rules! listed {
    ($rest:literal) => {
        concat!(
            "SELECT id, shared, created_at, name_sealed FROM chart_view WHERE organisation_id = ?1 ",
            $rest
        )
    };
}

const INSERT: Stmt = Stmt::both(
    "chart.view_insert",
    concat!(
        "INSERT INTO chart_view (",
        header_columns!(),
        ", ",
        columns!(),
        ") VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, NULL)"
    ),
);
const FIND: Stmt = Stmt::both("chart.view_find", select!("WHERE id = ?1"));
const OWN: Stmt = Stmt::both(
    "chart.view_own",
    listed!("AND removed_at IS NULL AND author = ?2 ORDER BY created_at DESC, id DESC LIMIT ?3"),
);
const SHARED: Stmt = Stmt::both(
    "chart.view_shared",
    listed!(
        "AND removed_at IS NULL AND author <> ?2 AND shared AND unit_id = ?4 ORDER BY created_at DESC, id DESC LIMIT ?3"
    ),
);
const REWRITE: Stmt = Stmt::both(
    "chart.view_rewrite",
    "UPDATE chart_view SET about = ?2, asked = ?3, places = ?4, name_sealed = ?5 WHERE id = ?1",
);
const DROP: Stmt = Stmt::both("chart.view_drop", "DELETE FROM chart_view WHERE id = ?1");
const MENTIONING: Stmt = Stmt::both(
    "chart.view_mentioning",
    select!("WHERE id IN (SELECT row_id FROM chart_mention WHERE key = ?1 AND kind = 'view') ORDER BY id"),
);
const BEHIND: Stmt = Stmt::both("chart.view_behind", select!("WHERE id > ?1 ORDER BY id LIMIT ?2"));
const LONG_GONE: Stmt = Stmt::both(
    "chart.view_long_gone",
    "SELECT id FROM chart_view WHERE removed_at < ?1 ORDER BY removed_at, id LIMIT ?2",
);
const COUNT: Stmt = Stmt::both(
    "chart.view_count",
    "SELECT COUNT(*) FROM chart_view WHERE author = ?1 AND removed_at IS NULL",
);
const REMOVE: Stmt = Stmt::both(
    "chart.view_remove",
    "UPDATE chart_view SET removed_at = ?2 WHERE id = ?1 AND removed_at IS NULL",
);
const RESTORE: Stmt = Stmt::both(
    "chart.view_restore",
    "UPDATE chart_view SET removed_at = NULL WHERE id = ?1 AND removed_at IS NOT NULL",
);
/// Every statement, for the test that prepares them on both engines.
pub const STATEMENTS: &[&Stmt] = &[
    &INSERT,
    &FIND,
    &OWN,
    &SHARED,
    &COUNT,
    &REMOVE,
    &RESTORE,
    &REWRITE,
    &DROP,
    &MENTIONING,
    &BEHIND,
    &LONG_GONE,
    &mention::ADD,
    &mention::OF_ROW,
    &mention::TAKE,
    &mention::TAKE_ALL,
    &mention::TAKE_AGED,
    &place::PUT,
    &place::FIND,
    &place::BEYOND,
    &place::AGE,
    &place::MENTIONING,
    &place::BEHIND,
    &place::REWRITE,
    &place::DROP,
];

/// How many own columns never change and are in the row hash.
const FIXED: usize = 2;

/// Writes a new view, its name sealed.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, v: &SavedView, name_sealed: &[u8]) -> Result<(), DbError> {
    let own =
        params![v.shared, v.shown, v.about.as_str(), v.asked.as_str(), write_places(&v.places), name_sealed];
    tx.execute(&INSERT, &app::header::values(v.id.uuid(), &v.header, own, FIXED))?;
    mention::keep(tx, (mention::VIEW, v.id.uuid()), &v.keys())
}

/// A view, and its sealed name.
fn read(row: &Row) -> Result<(SavedView, Vec<u8>), DbError> {
    let (id, header) = app::header::read(row)?;
    let about: String = row.get(18)?;
    let bug = || DbError::Bug(format!("`chart_view.about` holds `{about}`"));
    let view = SavedView {
        id: ViewId::from_uuid(id),
        header,
        about: Key::parse(&about).ok_or_else(bug)?,
        shared: row.get(16)?,
        asked: row.get(19)?,
        places: read_places(&row.get::<String>(20)?, MOST_PLACES),
        shown: row.get(17)?,
        removed_at: row.get(22)?,
        name: String::new(),
    };
    Ok((view, row.get(21)?))
}

/// A view, and its sealed name.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: ViewId) -> Result<Option<(SavedView, Vec<u8>)>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// A view in a list: its id, whether the unit sees it, when it was kept, its sealed name.
pub type Line = (ViewId, bool, Timestamp, Vec<u8>);

fn line(row: &Row) -> Result<Line, DbError> {
    Ok((ViewId::from_uuid(row.get(0)?), row.get(1)?, row.get(2)?, row.get(3)?))
}

/// Views that somebody keeps, the latest first.
///
/// # Errors
/// The database's.
pub fn own(tx: &mut Tx<'_>, office: &Office, author: &str, limit: i64) -> Result<Vec<Line>, DbError> {
    tx.query(&OWN, params![office.organisation.as_str(), author, limit], line)
}

/// Views that others of a unit share, the latest first.
///
/// # Errors
/// The database's.
pub fn shared(
    tx: &mut Tx<'_>,
    office: &Office,
    (author, unit): (&str, &str),
    limit: i64,
) -> Result<Vec<Line>, DbError> {
    tx.query(&SHARED, params![office.organisation.as_str(), author, limit, unit], line)
}

/// Views that name a report anywhere.
///
/// # Errors
/// The database's.
pub fn mentioning(tx: &mut Tx<'_>, report: &Key) -> Result<Vec<(SavedView, Vec<u8>)>, DbError> {
    tx.query(&MENTIONING, params![report.as_str()], read)
}

/// Views behind one, in the order of their ids.
///
/// # Errors
/// The database's.
pub fn behind(tx: &mut Tx<'_>, after: Uuid, limit: i64) -> Result<Vec<(SavedView, Vec<u8>)>, DbError> {
    tx.query(&BEHIND, params![after, limit], read)
}

/// Writes what a view begins with, asks and where things stand anew, and its sealed name: empty for none.
///
/// # Errors
/// The database's.
pub fn rewrite(tx: &mut Tx<'_>, v: &SavedView, name_sealed: &[u8]) -> Result<(), DbError> {
    let all = params![v.id, v.about.as_str(), v.asked.as_str(), write_places(&v.places), name_sealed];
    tx.execute(&REWRITE, all)?;
    mention::keep(tx, (mention::VIEW, v.id.uuid()), &v.keys())
}

/// Removes a view for good.
///
/// # Errors
/// The database's.
pub fn drop_view(tx: &mut Tx<'_>, id: ViewId) -> Result<(), DbError> {
    mention::drop_row(tx, (mention::VIEW, id.uuid()))?;
    tx.execute(&DROP, params![id]).map(drop)
}

/// Views that were thrown away before a moment, the oldest first.
///
/// # Errors
/// The database's.
pub fn long_gone(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> Result<Vec<ViewId>, DbError> {
    tx.query(&LONG_GONE, params![before, limit], |r| r.get(0).map(ViewId::from_uuid))
}

/// How many views somebody keeps.
///
/// # Errors
/// The database's.
pub fn count(tx: &mut Tx<'_>, author: &str) -> Result<i64, DbError> {
    tx.query_one(&COUNT, params![author], |r| r.get(0))
}

/// Throws a view away; whether it was there.
///
/// # Errors
/// The database's.
pub fn remove(tx: &mut Tx<'_>, id: ViewId, at: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&REMOVE, params![id, at])? > 0)
}

/// Takes it back.
///
/// # Errors
/// The database's.
pub fn restore(tx: &mut Tx<'_>, id: ViewId) -> Result<bool, DbError> {
    Ok(tx.execute(&RESTORE, params![id])? > 0)
}
