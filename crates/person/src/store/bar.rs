//! SQL of records that the machine joins only once people have answered.

use db::{DbError, Stmt, Tx, params};

use crate::model::{PersonId, RecordId};

pub(super) const PUT: Stmt = Stmt::both(
    "person.bar_put",
    "INSERT INTO person_bar (first_id, second_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
);
macro_rules! of_person {
    ($this:literal) => {
        concat!(
            "SELECT w.first_id, w.second_id FROM person_record r JOIN person_bar w ON w.",
            $this,
            " = r.id JOIN person_record a ON a.id = w.first_id JOIN person_record b ON b.id = w.second_id \
             WHERE r.person_id = ?1 AND a.taken_back_at IS NULL AND b.taken_back_at IS NULL"
        )
    };
}
pub(super) const OF_FIRST: Stmt = Stmt::both("person.bars_first", of_person!("first_id"));
pub(super) const OF_SECOND: Stmt = Stmt::both("person.bars_second", of_person!("second_id"));
pub(super) const OF_RECORD: Stmt = Stmt::both(
    "person.bars_of_record",
    "SELECT first_id, second_id FROM person_bar WHERE first_id = ?1 OR second_id = ?1",
);
pub(super) const LIFT: Stmt =
    Stmt::both("person.bar_lift", "DELETE FROM person_bar WHERE first_id = ?1 AND second_id = ?2");
pub(super) const LIFT_BETWEEN: Stmt = Stmt::both(
    "person.bar_lift_between",
    "DELETE FROM person_bar WHERE first_id IN (SELECT r.id FROM person_record r WHERE r.person_id = ?1) \
     AND second_id IN (SELECT s.id FROM person_record s WHERE s.person_id = ?2)",
);
pub(super) const REMOVE_OF: Stmt =
    Stmt::both("person.bars_remove", "DELETE FROM person_bar WHERE first_id = ?1 OR second_id = ?1");

/// Two records; the first is the one with the smaller id.
pub type Bar = (RecordId, RecordId);

fn ids(row: &db::Row) -> Result<Bar, DbError> {
    Ok((row.get(0)?, row.get(1)?))
}

/// From now on the machine does not join these two, until people have answered.
///
/// # Errors
/// The database's.
pub fn put(tx: &mut Tx<'_>, a: RecordId, b: RecordId) -> Result<(), DbError> {
    let (first, second) = if a < b { (a, b) } else { (b, a) };
    tx.execute(&PUT, params![first, second]).map(drop)
}

/// Those of a person's records that count, and of whomever.
///
/// # Errors
/// The database's.
pub fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Bar>, DbError> {
    let mut all = tx.query(&OF_FIRST, params![person], ids)?;
    all.extend(tx.query(&OF_SECOND, params![person], ids)?);
    Ok(all)
}

/// Those of a record.
///
/// # Errors
/// The database's.
pub fn of_record(tx: &mut Tx<'_>, record: RecordId) -> Result<Vec<Bar>, DbError> {
    tx.query(&OF_RECORD, params![record], ids)
}

/// People have answered of two records of two persons: the machine's word counts again between these persons.
///
/// # Errors
/// The database's.
pub fn lift(
    tx: &mut Tx<'_>,
    (first, second): Bar,
    (one, other): (PersonId, PersonId),
) -> Result<(), DbError> {
    tx.execute(&LIFT, params![first, second])?;
    if one != other {
        tx.execute(&LIFT_BETWEEN, params![one, other])?;
        tx.execute(&LIFT_BETWEEN, params![other, one])?;
    }
    Ok(())
}

/// Those of a record go with it.
///
/// # Errors
/// The database's.
pub fn remove_of(tx: &mut Tx<'_>, record: RecordId) -> Result<(), DbError> {
    tx.execute(&REMOVE_OF, params![record]).map(drop)
}
