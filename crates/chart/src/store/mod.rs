//! All SQL of this slice: views that people keep, and where things stood when somebody last looked.

use access::Office;
use app::{header_columns, header_places};
use db::{DbError, Migration, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::{Key, Place, SavedView, ViewId};

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[Migration {
    no: 1,
    name: "chart",
    sqlite: include_str!("../../migrations/0001_chart.sqlite.sql"),
    postgres: include_str!("../../migrations/0001_chart.postgres.sql"),
}];

macro_rules! columns {
    () => {
        "about, shared, asked, places, shown, name_sealed, removed_at"
    };
}
macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", header_columns!(), ", ", columns!(), " FROM chart_view ", $rest)
    };
}
/// Views of an office that somebody may see: their own, and those that their unit shares.
macro_rules! mine {
    () => {
        "organisation_id = ?1 AND removed_at IS NULL AND (author = ?2 OR (shared AND unit_id = ?3))"
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
const LIST: Stmt = Stmt::both(
    "chart.view_list",
    concat!(
        "SELECT ",
        header_columns!(),
        ", ",
        columns!(),
        " FROM chart_view WHERE ",
        mine!(),
        " ORDER BY created_at DESC, id DESC LIMIT ?4"
    ),
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
const PUT_PLACES: Stmt = Stmt::both(
    "chart.place_put",
    "INSERT INTO chart_place (id, places, changed_at) VALUES (?1, ?2, ?3) \
     ON CONFLICT (id) DO UPDATE SET places = excluded.places, changed_at = excluded.changed_at",
);
const PLACES: Stmt = Stmt::both("chart.place_find", "SELECT places FROM chart_place WHERE id = ?1");

/// Every statement, for the test that prepares them on both engines.
pub const STATEMENTS: &[&Stmt] = &[&INSERT, &FIND, &LIST, &COUNT, &REMOVE, &RESTORE, &PUT_PLACES, &PLACES];

/// How many own columns never change and are in the row hash.
const FIXED: usize = 5;

/// Places as text: a line each, the key and two numbers.
#[must_use]
pub fn write_places(places: &[(Key, Place)]) -> String {
    places.iter().map(|(key, p)| format!("{key} {} {}\n", p.x, p.y)).collect()
}

/// Reads them; lines that are none are left out.
#[must_use]
pub fn read_places(text: &str, most: usize) -> Vec<(Key, Place)> {
    let read = |line: &str| {
        let mut parts = line.split(' ');
        let key = Key::parse(parts.next()?)?;
        let (x, y): (i32, i32) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let near = |n: i32| n.abs() <= 1_000_000;
        (near(x) && near(y)).then_some((key, Place { x, y }))
    };
    text.lines().filter_map(read).take(most).collect()
}

/// Places that a view or a person keeps at most.
pub const MOST_PLACES: usize = 2_000;

/// Writes a new view, its name sealed.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, v: &SavedView, name_sealed: &[u8]) -> Result<(), DbError> {
    let own =
        params![v.about.as_str(), v.shared, v.asked.as_str(), write_places(&v.places), v.shown, name_sealed];
    tx.execute(&INSERT, &app::header::values(v.id.uuid(), &v.header, own, FIXED)).map(drop)
}

/// A view, and its sealed name.
fn read(row: &Row) -> Result<(SavedView, Vec<u8>), DbError> {
    let (id, header) = app::header::read(row)?;
    let about: String = row.get(16)?;
    let bug = || DbError::Bug(format!("`chart_view.about` holds `{about}`"));
    let view = SavedView {
        id: ViewId::from_uuid(id),
        header,
        about: Key::parse(&about).ok_or_else(bug)?,
        shared: row.get(17)?,
        asked: row.get(18)?,
        places: read_places(&row.get::<String>(19)?, MOST_PLACES),
        shown: row.get(20)?,
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

/// Views that somebody of a unit may see, the latest first.
///
/// # Errors
/// The database's.
pub fn list(
    tx: &mut Tx<'_>,
    office: &Office,
    (author, unit): (&str, &str),
    limit: i64,
) -> Result<Vec<(SavedView, Vec<u8>)>, DbError> {
    tx.query(&LIST, params![office.organisation.as_str(), author, unit, limit], read)
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

/// Keeps where things stand for somebody.
///
/// # Errors
/// The database's.
pub fn put_places(tx: &mut Tx<'_>, id: Uuid, places: &[(Key, Place)], at: Timestamp) -> Result<(), DbError> {
    tx.execute(&PUT_PLACES, params![id, write_places(places), at]).map(drop)
}

/// Where things stood.
///
/// # Errors
/// The database's.
pub fn places(tx: &mut Tx<'_>, id: Uuid) -> Result<Vec<(Key, Place)>, DbError> {
    let text = tx.query_opt(&PLACES, params![id], |r| r.get::<String>(0))?;
    Ok(text.map(|t| read_places(&t, MOST_PLACES)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_they_are_written() {
        let all = vec![
            (Key::of("report", Uuid::from_u128(1)), Place { x: -7, y: 900 }),
            (Key::named("group", "of~x~region.KZ-75|bank.A"), Place { x: 0, y: 0 }),
        ];
        assert_eq!(read_places(&write_places(&all), 9), all);
        assert_eq!(read_places(&write_places(&all), 1).len(), 1);
        for junk in ["", "x", "report:1", "report:1 2", "report:1 2 x", "report:1 99999999 0", "<b> 1 2"] {
            assert_eq!(read_places(junk, 9), [], "{junk}");
        }
    }
}
