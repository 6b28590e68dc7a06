//! SQL of weighed pairs.

use access::Office;
use db::{DbError, Row, Stmt, Tx, Value, params};
use kernel::Timestamp;

use crate::model::{Pair, PairId, PairState, PersonId, RecordId, SeenBy};
use crate::rules::{Place, place_of};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, first_id, second_id, bits, levels, fields, prior, model, state, office, closed, clash FROM person_pair ",
            $rest
        )
    };
}

pub(super) const PUT: Stmt = Stmt::both(
    "person.pair_put",
    "INSERT INTO person_pair (id, first_id, second_id, bits, levels, fields, prior, model, state, at, office, \
     closed, clash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) \
     ON CONFLICT (id) DO UPDATE SET bits = excluded.bits, levels = excluded.levels, fields = excluded.fields, \
     prior = excluded.prior, model = excluded.model, at = excluded.at, office = excluded.office, closed = excluded.closed, \
     clash = excluded.clash",
);
pub(super) const FIND: Stmt = Stmt::both("person.pair_find", select!("WHERE id = ?1"));
pub(super) const OF_FIRST: Stmt =
    Stmt::both("person.pairs_of_first", select!("WHERE first_id = ?1 ORDER BY id LIMIT ?2"));
pub(super) const OF_SECOND: Stmt =
    Stmt::both("person.pairs_of_second", select!("WHERE second_id = ?1 ORDER BY id LIMIT ?2"));
// The next for this officer: of what they may see, and have said nothing of yet. What any of the organisation may see and what their unit
// alone may see are asked apart: each is the end of one index, and nothing is sorted.
macro_rules! next {
    ($closed:literal, $author:literal) => {
        concat!(
            "SELECT id, first_id, second_id, bits, levels, fields, prior, model, state, office, closed, clash FROM person_pair \
             WHERE state = ?2 AND office = ?1 AND closed = ",
            $closed,
            " AND NOT EXISTS (SELECT 1 FROM person_judgement j WHERE j.first_id = person_pair.first_id \
             AND j.second_id = person_pair.second_id AND j.undone_at IS NULL AND j.author = ",
            $author,
            ") ORDER BY bits DESC LIMIT 1"
        )
    };
}
pub(super) const NEXT_OPEN: Stmt = Stmt::both("person.queue_next_open", next!("''", "?3"));
pub(super) const NEXT_CLOSED: Stmt = Stmt::both("person.queue_next_closed", next!("?3", "?4"));
pub(super) const COUNT_WAITING: Stmt = Stmt::both(
    "person.queue_count",
    "SELECT COUNT(*) FROM person_pair WHERE state = 'waiting' AND office = ?1 AND closed IN ('', ?2)",
);
pub(super) const COUNT_SECOND: Stmt = Stmt::both(
    "person.queue_count_second",
    "SELECT COUNT(*) FROM person_pair WHERE state = 'second' AND office = ?1 AND closed IN ('', ?2) \
     AND NOT EXISTS (SELECT 1 FROM person_judgement j WHERE j.first_id = person_pair.first_id \
     AND j.second_id = person_pair.second_id AND j.undone_at IS NULL AND j.author = ?3)",
);
// Ids are hashes: the first ones are as good as drawn, also of those that people have judged.
pub(super) const SOME: Stmt = Stmt::both("person.pairs_some", select!("ORDER BY id LIMIT ?1"));
pub(super) const JUDGED: Stmt =
    Stmt::both("person.pairs_judged", select!("WHERE state = 'judged' ORDER BY id LIMIT ?1"));
// Pairs of a person's records with whomever, as gathering needs them: with whose both are now.
macro_rules! ties {
    ($this:literal) => {
        concat!(
            "SELECT p.id, p.first_id, p.second_id, p.bits, p.levels, p.state, a.person_id, b.person_id, p.clash FROM person_record r \
             JOIN person_pair p ON p.",
            $this,
            " = r.id JOIN person_record a ON a.id = p.first_id JOIN person_record b ON b.id = p.second_id \
             WHERE r.person_id = ?1 AND a.taken_back_at IS NULL AND b.taken_back_at IS NULL"
        )
    };
}
pub(super) const TIES_FIRST: Stmt = Stmt::both("person.ties_first", ties!("first_id"));
pub(super) const TIES_SECOND: Stmt = Stmt::both("person.ties_second", ties!("second_id"));
macro_rules! ties_of_record {
    ($this:literal) => {
        concat!(
            "SELECT p.id, p.first_id, p.second_id, p.bits, p.levels, p.state, a.person_id, b.person_id, p.clash FROM person_pair p \
             JOIN person_record a ON a.id = p.first_id JOIN person_record b ON b.id = p.second_id \
             WHERE p.",
            $this,
            " = ?1 AND a.taken_back_at IS NULL AND b.taken_back_at IS NULL"
        )
    };
}
pub(super) const TIES_OF_FIRST: Stmt = Stmt::both("person.ties_of_first", ties_of_record!("first_id"));
pub(super) const TIES_OF_SECOND: Stmt = Stmt::both("person.ties_of_second", ties_of_record!("second_id"));
// What holds a person's records together, as far as the officer may see both.
pub(super) const JOINTS: Stmt = Stmt::both(
    "person.joints",
    "SELECT p.id, p.first_id, p.second_id, p.bits, p.levels, p.fields, p.prior, p.model, p.state, p.office, p.closed, p.clash \
         FROM person_record r JOIN person_pair p ON p.first_id = r.id JOIN person_record o ON o.id = p.second_id \
         WHERE r.person_id = ?3 AND o.person_id = ?3 AND p.state IN ('joined', 'judged') AND p.office = ?1 \
         AND (p.closed = '' OR p.closed = ?2) AND r.taken_back_at IS NULL AND o.taken_back_at IS NULL \
         ORDER BY p.bits DESC, p.id LIMIT ?4",
);
macro_rules! waiting_of {
    ($this:literal) => {
        concat!(
            "SELECT COUNT(*) FROM person_record r JOIN person_pair p ON p.",
            $this,
            " = r.id WHERE r.person_id = ?3 AND p.state IN ('waiting', 'second') AND p.office = ?1 \
             AND (p.closed = '' OR p.closed = ?2)"
        )
    };
}
pub(super) const WAITING_FIRST: Stmt = Stmt::both("person.waiting_first", waiting_of!("first_id"));
pub(super) const WAITING_SECOND: Stmt = Stmt::both("person.waiting_second", waiting_of!("second_id"));
pub(super) const SET_STATE: Stmt =
    Stmt::both("person.pair_state", "UPDATE person_pair SET state = ?2 WHERE id = ?1");
pub(super) const CLASHING: Stmt = Stmt::both(
    "person.pairs_clashing",
    "SELECT id, second_id FROM person_pair WHERE first_id = ?1 AND clash = 1 ORDER BY id",
);
pub(super) const NO_CLASH: Stmt =
    Stmt::both("person.pair_no_clash", "UPDATE person_pair SET clash = 0 WHERE id = ?1");
pub(super) const REMOVE_OF: Stmt =
    Stmt::both("person.pairs_remove", "DELETE FROM person_pair WHERE first_id = ?1 OR second_id = ?1");
pub(super) const REMOVE_MACHINE: Stmt = Stmt::both(
    "person.pairs_remove_machine",
    "DELETE FROM person_pair WHERE (first_id = ?1 OR second_id = ?1) AND state NOT IN ('judged', 'unsure', 'second')",
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
        seen_by: SeenBy { office: row.get(9)?, closed: row.get(10)? },
        clash: row.get::<i64>(11)? != 0,
    })
}

/// Two records that were weighed, as gathering needs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tie {
    /// The pair.
    pub id: PairId,
    /// One record.
    pub first: RecordId,
    /// The other.
    pub second: RecordId,
    /// What they weigh, thousandths of a bit.
    pub bits: i64,
    /// Where both lie.
    pub place: Place,
    /// Where they stand.
    pub state: PairState,
    /// Whose both are now.
    pub persons: (PersonId, PersonId),
    /// Whether both tell a right national number, and not the same.
    pub clash: bool,
}

impl Tie {
    /// The record beside this one, and whose it is.
    #[must_use]
    pub fn other(&self, record: RecordId) -> (RecordId, PersonId) {
        if self.first == record { (self.second, self.persons.1) } else { (self.first, self.persons.0) }
    }
}

fn tie(row: &Row) -> Result<Tie, DbError> {
    let (bits, levels, state): (i64, String, String) = (row.get(3)?, row.get(4)?, row.get(5)?);
    let clash = row.get::<i64>(8)? != 0;
    Ok(Tie {
        id: row.get(0)?,
        first: row.get(1)?,
        second: row.get(2)?,
        bits,
        place: place_of(bits, levels.starts_with('1'), clash),
        clash,
        state: PairState::parse(&state).ok_or_else(|| super::bug("person_pair.state", &state))?,
        persons: (row.get(6)?, row.get(7)?),
    })
}

/// Pairs of a person's records with whomever.
///
/// # Errors
/// The database's.
pub fn ties_of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Tie>, DbError> {
    let mut all = tx.query(&TIES_FIRST, params![person], tie)?;
    all.extend(tx.query(&TIES_SECOND, params![person], tie)?);
    Ok(all)
}

/// Pairs of one record.
///
/// # Errors
/// The database's.
pub fn ties_of_record(tx: &mut Tx<'_>, record: RecordId) -> Result<Vec<Tie>, DbError> {
    let mut all = tx.query(&TIES_OF_FIRST, params![record], tie)?;
    all.extend(tx.query(&TIES_OF_SECOND, params![record], tie)?);
    Ok(all)
}

/// What holds a person's records together, as far as the office may see both; the heaviest first, so many at most.
///
/// # Errors
/// The database's.
pub fn joints(tx: &mut Tx<'_>, office: &Office, person: PersonId, limit: i64) -> Result<Vec<Pair>, DbError> {
    let mut all: Vec<Value> = office.params().to_vec();
    all.extend_from_slice(params![person, limit]);
    tx.query(&JOINTS, &all, read)
}

/// How many pairs of a person wait that the office may see.
///
/// # Errors
/// The database's.
pub fn waiting_of(tx: &mut Tx<'_>, office: &Office, person: PersonId) -> Result<i64, DbError> {
    let mut all: Vec<Value> = office.params().to_vec();
    all.extend_from_slice(params![person]);
    let first: i64 = tx.query_one(&WAITING_FIRST, &all, |r| r.get(0))?;
    Ok(first.saturating_add(tx.query_one(&WAITING_SECOND, &all, |r| r.get(0))?))
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
        at,
        p.seen_by.office.as_str(),
        p.seen_by.closed.as_str(),
        i64::from(p.clash)
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

/// The heaviest pair that stands so, that the office may see and of which this reader has said nothing.
///
/// # Errors
/// The database's.
pub fn next(
    tx: &mut Tx<'_>,
    office: &Office,
    (state, reader): (PairState, &str),
) -> Result<Option<Pair>, DbError> {
    let [organisation, unit] = office.params();
    let state = Value::from(state.as_str());
    let open = [organisation.clone(), state.clone(), Value::from(reader)];
    let open = tx.query_opt(&NEXT_OPEN, &open, read)?;
    let closed = [organisation, state, unit, Value::from(reader)];
    let closed = tx.query_opt(&NEXT_CLOSED, &closed, read)?;
    Ok(match (open, closed) {
        (Some(open), Some(closed)) if closed.bits > open.bits => Some(closed),
        (open, closed) => open.or(closed),
    })
}

/// How many wait for this reader: of what the office may see, those that nobody has judged, and those that wait for a second person.
///
/// # Errors
/// The database's.
pub fn count_waiting(tx: &mut Tx<'_>, office: &Office, reader: &str) -> Result<i64, DbError> {
    let mut all: Vec<Value> = office.params().to_vec();
    let first: i64 = tx.query_one(&COUNT_WAITING, &all, |r| r.get(0))?;
    all.extend_from_slice(params![reader]);
    Ok(first.saturating_add(tx.query_one(&COUNT_SECOND, &all, |r| r.get(0))?))
}

/// So many pairs, as good as drawn.
///
/// # Errors
/// The database's.
pub fn some(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Pair>, DbError> {
    tx.query(&SOME, params![limit], read)
}

/// So many pairs that people have judged.
///
/// # Errors
/// The database's.
pub fn judged(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Pair>, DbError> {
    tx.query(&JUDGED, params![limit], read)
}

/// Where a pair stands now.
///
/// # Errors
/// The database's.
pub fn set_state(tx: &mut Tx<'_>, id: PairId, state: PairState) -> Result<(), DbError> {
    tx.execute(&SET_STATE, params![id, state.as_str()]).map(drop)
}

/// Pairs of which a record is the first and that are kept as telling two right numbers, with the second.
///
/// # Errors
/// The database's.
pub fn clashing(tx: &mut Tx<'_>, first: RecordId) -> Result<Vec<(PairId, RecordId)>, DbError> {
    tx.query(&CLASHING, params![first], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// One of the two numbers is not right.
///
/// # Errors
/// The database's.
pub fn no_clash(tx: &mut Tx<'_>, id: PairId) -> Result<(), DbError> {
    tx.execute(&NO_CLASH, params![id]).map(drop)
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
