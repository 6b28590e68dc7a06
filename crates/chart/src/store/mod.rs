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
    select!("WHERE about LIKE ?1 OR asked LIKE ?1 OR places LIKE ?1 ORDER BY id"),
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
const PUT_PLACES: Stmt = Stmt::both(
    "chart.place_put",
    "INSERT INTO chart_place (id, author, starts, places, changed_at) VALUES (?1, ?2, ?3, ?4, ?5) \
     ON CONFLICT (id) DO UPDATE SET places = excluded.places, changed_at = excluded.changed_at",
);
const BOUND_PLACES: Stmt = Stmt::both(
    "chart.place_bound",
    "DELETE FROM chart_place WHERE author = ?1 AND id NOT IN \
     (SELECT id FROM chart_place WHERE author = ?1 ORDER BY changed_at DESC, id LIMIT ?2)",
);
const AGE_PLACES: Stmt = Stmt::both("chart.place_age", "DELETE FROM chart_place WHERE changed_at < ?1");
const PLACES_MENTIONING: Stmt = Stmt::both(
    "chart.place_mentioning",
    "SELECT id, starts, places FROM chart_place WHERE starts LIKE ?1 OR places LIKE ?1 ORDER BY id",
);
const PLACES_BEHIND: Stmt = Stmt::both(
    "chart.place_behind",
    "SELECT id, starts, places FROM chart_place WHERE id > ?1 ORDER BY id LIMIT ?2",
);
const REPLACE: Stmt = Stmt::both("chart.place_rewrite", "UPDATE chart_place SET places = ?2 WHERE id = ?1");
const DROP_PLACES: Stmt = Stmt::both("chart.place_drop", "DELETE FROM chart_place WHERE id = ?1");
const PLACES: Stmt = Stmt::both("chart.place_find", "SELECT places FROM chart_place WHERE id = ?1");

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
    &PUT_PLACES,
    &PLACES,
    &BOUND_PLACES,
    &AGE_PLACES,
    &PLACES_MENTIONING,
    &PLACES_BEHIND,
    &REPLACE,
    &DROP_PLACES,
];

/// How many own columns never change and are in the row hash.
const FIXED: usize = 2;

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
        params![v.shared, v.shown, v.about.as_str(), v.asked.as_str(), write_places(&v.places), name_sealed];
    tx.execute(&INSERT, &app::header::values(v.id.uuid(), &v.header, own, FIXED)).map(drop)
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

/// Views that name a thing anywhere.
///
/// # Errors
/// The database's.
pub fn mentioning(tx: &mut Tx<'_>, key: &Key) -> Result<Vec<(SavedView, Vec<u8>)>, DbError> {
    tx.query(&MENTIONING, params![like(key)], read)
}

/// Keys hold neither of the signs that this comparison takes for any letter, but for the line in a kind's word: it fits too much, never too
/// little.
fn like(key: &Key) -> String {
    format!("%{key}%")
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
    tx.execute(&REWRITE, all).map(drop)
}

/// Removes a view for good.
///
/// # Errors
/// The database's.
pub fn drop_view(tx: &mut Tx<'_>, id: ViewId) -> Result<(), DbError> {
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

/// Keeps where things stand for somebody in a chart with these starts, and of all that they have kept the latest so many.
///
/// # Errors
/// The database's.
pub fn put_places(
    tx: &mut Tx<'_>,
    (id, author, starts): (Uuid, &str, &[Key]),
    places: &[(Key, Place)],
    (at, most): (Timestamp, i64),
) -> Result<(), DbError> {
    let starts: Vec<&str> = starts.iter().map(Key::as_str).collect();
    tx.execute(&PUT_PLACES, params![id, author, starts.join(" "), write_places(places), at])?;
    tx.execute(&BOUND_PLACES, params![author, most]).map(drop)
}

/// Where somebody put things: the row, what the chart began with, the places.
pub type Stood = (Uuid, Vec<Key>, Vec<(Key, Place)>);

fn stood(row: &Row) -> Result<Stood, DbError> {
    let starts: String = row.get(1)?;
    let starts = starts.split(' ').filter_map(Key::parse).collect();
    Ok((row.get(0)?, starts, read_places(&row.get::<String>(2)?, MOST_PLACES)))
}

/// Places of charts in which a thing is named.
///
/// # Errors
/// The database's.
pub fn places_mentioning(tx: &mut Tx<'_>, key: &Key) -> Result<Vec<Stood>, DbError> {
    tx.query(&PLACES_MENTIONING, params![like(key)], stood)
}

/// Places behind a row, in the order of the ids.
///
/// # Errors
/// The database's.
pub fn places_behind(tx: &mut Tx<'_>, after: Uuid, limit: i64) -> Result<Vec<Stood>, DbError> {
    tx.query(&PLACES_BEHIND, params![after, limit], stood)
}

/// Writes places anew; none at all is no row.
///
/// # Errors
/// The database's.
pub fn replace(tx: &mut Tx<'_>, id: Uuid, places: &[(Key, Place)]) -> Result<(), DbError> {
    if places.is_empty() {
        return tx.execute(&DROP_PLACES, params![id]).map(drop);
    }
    tx.execute(&REPLACE, params![id, write_places(places)]).map(drop)
}

/// Forgets places that nobody has touched since.
///
/// # Errors
/// The database's.
pub fn age_places(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, DbError> {
    tx.execute(&AGE_PLACES, params![before])
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
