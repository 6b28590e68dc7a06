//! SQL of where things stood when somebody last looked at a chart.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use super::mention;
use crate::model::{Key, Place};

pub(super) const PUT: Stmt = Stmt::both(
    "chart.place_put",
    "INSERT INTO chart_place (id, author, starts, places, changed_at) VALUES (?1, ?2, ?3, ?4, ?5) \
     ON CONFLICT (id) DO UPDATE SET places = excluded.places, changed_at = excluded.changed_at",
);
/// Those of somebody beyond the latest so many.
pub(super) const BEYOND: Stmt = Stmt::both(
    "chart.place_beyond",
    "SELECT id FROM chart_place WHERE author = ?1 ORDER BY changed_at DESC, id LIMIT 1000 OFFSET ?2",
);
pub(super) const AGE: Stmt = Stmt::both("chart.place_age", "DELETE FROM chart_place WHERE changed_at < ?1");
pub(super) const MENTIONING: Stmt = Stmt::both(
    "chart.place_mentioning",
    "SELECT id, starts, places FROM chart_place \
     WHERE id IN (SELECT row_id FROM chart_mention WHERE key = ?1 AND kind = 'place') ORDER BY id",
);
pub(super) const BEHIND: Stmt = Stmt::both(
    "chart.place_behind",
    "SELECT id, starts, places FROM chart_place WHERE id > ?1 ORDER BY id LIMIT ?2",
);
pub(super) const REWRITE: Stmt =
    Stmt::both("chart.place_rewrite", "UPDATE chart_place SET places = ?2 WHERE id = ?1");
pub(super) const DROP: Stmt = Stmt::both("chart.place_drop", "DELETE FROM chart_place WHERE id = ?1");
pub(super) const FIND: Stmt = Stmt::both("chart.place_find", "SELECT places FROM chart_place WHERE id = ?1");

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

/// Keeps which reports a row of places names.
fn keep(tx: &mut Tx<'_>, id: Uuid, starts: &[Key], places: &[(Key, Place)]) -> Result<(), DbError> {
    mention::keep(tx, (mention::PLACE, id), starts.iter().chain(places.iter().map(|(key, _)| key)))
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
    let said: Vec<&str> = starts.iter().map(Key::as_str).collect();
    let written = write_places(places);
    // As it will be read: no more than is kept of one chart.
    let kept = read_places(&written, MOST_PLACES);
    tx.execute(&PUT, params![id, author, said.join(" "), written, at])?;
    keep(tx, id, starts, &kept)?;
    for beyond in tx.query(&BEYOND, params![author, most], |r| r.get::<Uuid>(0))? {
        remove(tx, beyond)?;
    }
    Ok(())
}

fn remove(tx: &mut Tx<'_>, id: Uuid) -> Result<(), DbError> {
    mention::drop_row(tx, (mention::PLACE, id))?;
    tx.execute(&DROP, params![id]).map(drop)
}

/// Where somebody put things: the row, what the chart began with, the places.
pub type Stood = (Uuid, Vec<Key>, Vec<(Key, Place)>);

fn stood(row: &Row) -> Result<Stood, DbError> {
    let starts: String = row.get(1)?;
    let starts = starts.split(' ').filter_map(Key::parse).collect();
    Ok((row.get(0)?, starts, read_places(&row.get::<String>(2)?, MOST_PLACES)))
}

/// Places of charts in which a report is named.
///
/// # Errors
/// The database's.
pub fn places_mentioning(tx: &mut Tx<'_>, report: &Key) -> Result<Vec<Stood>, DbError> {
    tx.query(&MENTIONING, params![report.as_str()], stood)
}

/// Places behind a row, in the order of the ids.
///
/// # Errors
/// The database's.
pub fn places_behind(tx: &mut Tx<'_>, after: Uuid, limit: i64) -> Result<Vec<Stood>, DbError> {
    tx.query(&BEHIND, params![after, limit], stood)
}

/// Writes places anew; none at all is no row.
///
/// # Errors
/// The database's.
pub fn replace(
    tx: &mut Tx<'_>,
    (id, starts): (Uuid, &[Key]),
    places: &[(Key, Place)],
) -> Result<(), DbError> {
    if places.is_empty() {
        return remove(tx, id);
    }
    tx.execute(&REWRITE, params![id, write_places(places)])?;
    keep(tx, id, starts, places)
}

/// Forgets places that nobody has touched since.
///
/// # Errors
/// The database's.
pub fn age_places(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, DbError> {
    tx.execute(&mention::TAKE_AGED, params![before])?;
    tx.execute(&AGE, params![before])
}

/// Where things stood.
///
/// # Errors
/// The database's.
pub fn places(tx: &mut Tx<'_>, id: Uuid) -> Result<Vec<(Key, Place)>, DbError> {
    let text = tx.query_opt(&FIND, params![id], |r| r.get::<String>(0))?;
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
