//! SQL of weighed pairs.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;

use crate::model::{Pair, PairId, PairState, RecordId};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, first_id, second_id, bits, levels, fields, prior, model, state FROM person_pair ",
            $rest
        )
    };
}

pub(super) const PUT: Stmt = Stmt::both(
    "person.pair_put",
    "INSERT INTO person_pair (id, first_id, second_id, bits, levels, fields, prior, model, state, at) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) \
     ON CONFLICT (id) DO UPDATE SET bits = excluded.bits, levels = excluded.levels, fields = excluded.fields, \
     prior = excluded.prior, model = excluded.model, at = excluded.at",
);
pub(super) const FIND: Stmt = Stmt::both("person.pair_find", select!("WHERE id = ?1"));
pub(super) const OF_FIRST: Stmt =
    Stmt::both("person.pairs_of_first", select!("WHERE first_id = ?1 ORDER BY id LIMIT ?2"));
pub(super) const OF_SECOND: Stmt =
    Stmt::both("person.pairs_of_second", select!("WHERE second_id = ?1 ORDER BY id LIMIT ?2"));
pub(super) const QUEUE: Stmt =
    Stmt::both("person.queue", select!("WHERE state = ?1 ORDER BY bits DESC, id LIMIT ?2"));
pub(super) const COUNT: Stmt =
    Stmt::both("person.pairs_count", "SELECT COUNT(*) FROM person_pair WHERE state = ?1");
pub(super) const SET_STATE: Stmt =
    Stmt::both("person.pair_state", "UPDATE person_pair SET state = ?2 WHERE id = ?1");
pub(super) const REMOVE_OF: Stmt =
    Stmt::both("person.pairs_remove", "DELETE FROM person_pair WHERE first_id = ?1 OR second_id = ?1");
pub(super) const REMOVE_MACHINE: Stmt = Stmt::both(
    "person.pairs_remove_machine",
    "DELETE FROM person_pair WHERE (first_id = ?1 OR second_id = ?1) AND state NOT IN ('judged', 'unsure')",
);

/// Most pairs of a record that are looked at on either side.
const LIMIT: i64 = 400;

fn read(row: &Row) -> Result<Pair, DbError> {
    let (levels, fields, state): (String, String, String) = (row.get(4)?, row.get(5)?, row.get(8)?);
    let mut digits = [0_u8; 7];
    for (digit, c) in digits.iter_mut().zip(levels.bytes()) {
        *digit = c.saturating_sub(b'0');
    }
    Ok(Pair {
        id: row.get(0)?,
        first: row.get(1)?,
        second: row.get(2)?,
        bits: row.get(3)?,
        levels: digits,
        fields: serde_json::from_str(&fields).map_err(|_| super::bug("person_pair.fields", &fields))?,
        prior: row.get(6)?,
        model: row.get(7)?,
        state: PairState::parse(&state).ok_or_else(|| super::bug("person_pair.state", &state))?,
    })
}

/// Keeps what two records weigh, in place of what they weighed before; where they stand is set beside.
///
/// # Errors
/// The database's.
pub fn put(tx: &mut Tx<'_>, p: &Pair, at: Timestamp) -> Result<(), DbError> {
    let levels: String = p.levels.iter().map(u8::to_string).collect();
    let fields = serde_json::to_string(&p.fields).unwrap_or_default();
    let all = params![
        p.id,
        p.first,
        p.second,
        p.bits,
        levels.as_str(),
        fields.as_str(),
        p.prior,
        p.model,
        p.state.as_str(),
        at
    ];
    tx.execute(&PUT, all).map(drop)
}

/// A pair.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: PairId) -> Result<Option<Pair>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// Pairs that a record is in.
///
/// # Errors
/// The database's.
pub fn of_record(tx: &mut Tx<'_>, record: RecordId) -> Result<Vec<Pair>, DbError> {
    let mut all = tx.query(&OF_FIRST, params![record, LIMIT], read)?;
    all.extend(tx.query(&OF_SECOND, params![record, LIMIT], read)?);
    Ok(all)
}

/// Pairs that stand so, the heaviest first.
///
/// # Errors
/// The database's.
pub fn queue(tx: &mut Tx<'_>, state: PairState, limit: i64) -> Result<Vec<Pair>, DbError> {
    tx.query(&QUEUE, params![state.as_str(), limit], read)
}

/// How many stand so.
///
/// # Errors
/// The database's.
pub fn count(tx: &mut Tx<'_>, state: PairState) -> Result<i64, DbError> {
    tx.query_one(&COUNT, params![state.as_str()], |r| r.get(0))
}

/// Where a pair stands now.
///
/// # Errors
/// The database's.
pub fn set_state(tx: &mut Tx<'_>, id: PairId, state: PairState) -> Result<(), DbError> {
    tx.execute(&SET_STATE, params![id, state.as_str()]).map(drop)
}

/// Pairs of a record go.
///
/// # Errors
/// The database's.
pub fn remove_of(tx: &mut Tx<'_>, record: RecordId) -> Result<(), DbError> {
    tx.execute(&REMOVE_OF, params![record]).map(drop)
}

/// Pairs of a record that people have not judged go: it is weighed anew.
///
/// # Errors
/// The database's.
pub fn remove_machine(tx: &mut Tx<'_>, record: RecordId) -> Result<(), DbError> {
    tx.execute(&REMOVE_MACHINE, params![record]).map(drop)
}
