//! SQL of the weights, and of which of them people have put in force.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;

pub(super) const FIND: Stmt = Stmt::both(
    "person.model",
    "SELECT version, body, records, made_at, effect FROM person_model WHERE version = ?1",
);
pub(super) const DIGEST: Stmt =
    Stmt::both("person.model_digest", "SELECT digest, records FROM person_model WHERE version = ?1");
pub(super) const CLEAR: Stmt = Stmt::both(
    "person.model_clear",
    "SELECT version, body, records, made_at, effect FROM person_model WHERE digest = '' AND version > ?1 \
     ORDER BY version LIMIT 1",
);
pub(super) const VEIL: Stmt = Stmt::both(
    "person.model_veil",
    "UPDATE person_model SET body = ?2, digest = ?3 WHERE version = ?1 AND digest = ''",
);
pub(super) const LATEST: Stmt = Stmt::both(
    "person.model_latest",
    "SELECT version, body, records, made_at, effect FROM person_model ORDER BY version DESC LIMIT 1",
);
pub(super) const LIST: Stmt = Stmt::both(
    "person.model_list",
    "SELECT version, '', records, made_at, effect FROM person_model ORDER BY version DESC LIMIT ?1",
);
pub(super) const INSERT: Stmt = Stmt::both(
    "person.model_insert",
    "INSERT INTO person_model (version, body, records, made_at, made_by, effect, digest) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
);
pub(super) const CHOSEN: Stmt = Stmt::both(
    "person.model_chosen",
    "SELECT no, version, chosen_at, chosen_by FROM person_model_choice ORDER BY no DESC LIMIT ?1",
);
pub(super) const CHOOSE: Stmt = Stmt::both(
    "person.model_choose",
    "INSERT INTO person_model_choice (no, version, chosen_at, chosen_by) VALUES (?1, ?2, ?3, ?4)",
);

/// Weights as they are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learnt {
    /// Which.
    pub version: i64,
    /// The weights; empty in a list.
    pub body: String,
    /// From how many records they were learnt.
    pub records: i64,
    /// When.
    pub made_at: Timestamp,
    /// What they would change, as it was reckoned.
    pub effect: Option<String>,
}

/// A choice of weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The how manieth.
    pub no: i64,
    /// Which weights.
    pub version: i64,
    /// Since when.
    pub at: Timestamp,
    /// By whom, as the actor's label.
    pub by: String,
}

fn read(row: &Row) -> Result<Learnt, DbError> {
    Ok(Learnt {
        version: row.get(0)?,
        body: row.get(1)?,
        records: row.get(2)?,
        made_at: row.get(3)?,
        effect: row.get(4)?,
    })
}

/// The weights of a version.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, version: i64) -> Result<Option<Learnt>, DbError> {
    tx.query_opt(&FIND, params![version], read)
}

/// The weights that were learnt last.
///
/// # Errors
/// The database's.
pub fn latest(tx: &mut Tx<'_>) -> Result<Option<Learnt>, DbError> {
    tx.query_opt(&LATEST, params![], read)
}

/// The weights that were learnt, the latest first, without the weights themselves.
///
/// # Errors
/// The database's.
pub fn list(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Learnt>, DbError> {
    tx.query(&LIST, params![limit], read)
}

/// By which keyed hash the weights of a version are known again, empty where there is none yet; and from how many records they were learnt.
///
/// # Errors
/// The database's.
pub fn digest(tx: &mut Tx<'_>, version: i64) -> Result<Option<(String, i64)>, DbError> {
    tx.query_opt(&DIGEST, params![version], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// The first weights behind a version in which names may stand as they sound.
///
/// # Errors
/// The database's.
pub fn clear(tx: &mut Tx<'_>, after: i64) -> Result<Option<Learnt>, DbError> {
    tx.query_opt(&CLEAR, params![after], read)
}

/// The same weights, with no name in them that can be read.
///
/// # Errors
/// The database's.
pub fn veil(tx: &mut Tx<'_>, version: i64, (body, digest): (&str, &str)) -> Result<(), DbError> {
    tx.execute(&VEIL, params![version, body, digest]).map(drop)
}

/// Keeps weights that were learnt, with the keyed hash by which they are known again. Two that learn at once: the second is told that it
/// was too late.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, l: &Learnt, (by, digest): (&str, &str)) -> Result<(), DbError> {
    let all = params![l.version, l.body.as_str(), l.records, l.made_at, by, l.effect.as_deref(), digest];
    tx.execute(&INSERT, all).map(drop)
}

/// What people chose, the latest first.
///
/// # Errors
/// The database's.
pub fn chosen(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Choice>, DbError> {
    tx.query(&CHOSEN, params![limit], |r| {
        Ok(Choice { no: r.get(0)?, version: r.get(1)?, at: r.get(2)?, by: r.get(3)? })
    })
}

/// Somebody chose. Two that choose at once: the second is told that it was too late.
///
/// # Errors
/// The database's.
pub fn choose(tx: &mut Tx<'_>, c: &Choice) -> Result<(), DbError> {
    tx.execute(&CHOOSE, params![c.no, c.version, c.at, c.by.as_str()]).map(drop)
}
