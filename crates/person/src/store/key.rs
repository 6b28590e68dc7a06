//! SQL of what records are found by.

use access::{Office, scope_where};
use db::{DbError, Stmt, Tx, Value, params};

use crate::model::{PersonId, RecordId};

pub(super) const PUT: Stmt = Stmt::both(
    "person.key_put",
    "INSERT INTO person_key (key, record_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
);
pub(super) const DROP: Stmt = Stmt::both("person.key_drop", "DELETE FROM person_key WHERE record_id = ?1");
pub(super) const WITH: Stmt = Stmt::both(
    "person.key_with",
    "SELECT k.record_id, r.person_id FROM person_key k JOIN person_record r ON r.id = k.record_id WHERE k.key = ?1 LIMIT ?2",
);
pub(super) const WITH_SEEN: Stmt = Stmt::both(
    "person.key_with_seen",
    concat!(
        "SELECT k.record_id, r.person_id FROM person_key k JOIN person_record r ON r.id = k.record_id \
         WHERE k.key = ?3 AND ",
        scope_where!("?1", "?2", "r."),
        " LIMIT ?4"
    ),
);

/// Keeps what a record is found by, in place of what it was found by before.
///
/// # Errors
/// The database's.
pub fn keep(tx: &mut Tx<'_>, record: RecordId, keys: &[i64]) -> Result<(), DbError> {
    tx.execute(&DROP, params![record])?;
    keys.iter().try_for_each(|key| tx.execute(&PUT, params![*key, record]).map(drop))
}

/// Records that are found by a key, with whose they are, so many at most; of those that the office may see, if one is given.
///
/// # Errors
/// The database's.
pub fn with(
    tx: &mut Tx<'_>,
    office: Option<&Office>,
    (key, limit): (i64, i64),
) -> Result<Vec<(RecordId, PersonId)>, DbError> {
    let mut all: Vec<Value> = office.map(|o| o.params().to_vec()).unwrap_or_default();
    all.extend_from_slice(params![key, limit]);
    let stmt = if office.is_some() { &WITH_SEEN } else { &WITH };
    tx.query(stmt, &all, |r| Ok((r.get(0)?, r.get(1)?)))
}
