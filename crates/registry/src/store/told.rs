//! SQL of what institutions were told.

use db::{DbError, Stmt, Tx, params};
use kernel::{Actor, Timestamp};

use crate::model::{Class, EntryId};

pub(super) const TELL: Stmt = Stmt::both(
    "registry.tell",
    "INSERT INTO registry_told (entry_id, partner, class, first_at, last_at) VALUES (?1, ?2, ?3, ?4, ?4) \
     ON CONFLICT (entry_id, partner) DO UPDATE SET class = excluded.class, \
     last_at = CASE WHEN excluded.last_at > registry_told.last_at THEN excluded.last_at ELSE registry_told.last_at END",
);
pub(super) const TOLD: Stmt = Stmt::both(
    "registry.told",
    "SELECT partner, class, first_at, last_at FROM registry_told WHERE entry_id = ?1 ORDER BY last_at DESC, partner",
);
pub(super) const OF_PARTNER: Stmt = Stmt::both(
    "registry.told_to",
    "SELECT class, first_at FROM registry_told WHERE entry_id = ?1 AND partner = ?2",
);
pub(super) const CLEARED: Stmt = Stmt::both(
    "registry.cleared_for",
    "SELECT t.entry_id FROM registry_told t JOIN registry_entry e ON e.id = t.entry_id \
     WHERE t.partner = ?1 AND t.entry_id > ?2 AND e.decided = 'cleared' \
     ORDER BY t.entry_id LIMIT ?3",
);
pub(super) const COUNT: Stmt = Stmt::both(
    "registry.day_count",
    "INSERT INTO registry_day (day, partner, asked, known) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (day, partner) \
     DO UPDATE SET asked = registry_day.asked + excluded.asked, known = registry_day.known + excluded.known",
);
pub(super) const COUNTED: Stmt = Stmt::both(
    "registry.days",
    "SELECT CAST(COALESCE(SUM(asked), 0) AS BIGINT), CAST(COALESCE(SUM(known), 0) AS BIGINT) FROM registry_day \
     WHERE day >= ?1",
);

/// Keeps that an institution was told something of an entry: it will be told when it is cleared.
///
/// # Errors
/// The database's.
pub fn tell(tx: &mut Tx<'_>, id: EntryId, to: &Actor, class: Class, at: Timestamp) -> Result<(), DbError> {
    let Actor::Partner { code, .. } = to else { return Ok(()) };
    tx.execute(&TELL, params![id, code.as_str(), class.as_str(), at]).map(drop)
}

/// An institution that was told something of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TellTo {
    /// Its code.
    pub partner: String,
    /// What it was told last.
    pub class: Class,
    /// When first.
    pub first: Timestamp,
    /// When last.
    pub last: Timestamp,
}

/// Who was told something of an entry, the latest first.
///
/// # Errors
/// The database's.
pub fn told(tx: &mut Tx<'_>, id: EntryId) -> Result<Vec<TellTo>, DbError> {
    tx.query(&TOLD, params![id], |r| {
        let class: String = r.get(1)?;
        Ok(TellTo { partner: r.get(0)?, class: read_class(&class)?, first: r.get(2)?, last: r.get(3)? })
    })
}

/// What an institution was told last of an entry, and when it was first told something; `None` if it never was.
///
/// # Errors
/// The database's.
pub fn told_to(tx: &mut Tx<'_>, id: EntryId, partner: &str) -> Result<Option<(Class, Timestamp)>, DbError> {
    let found: Option<(String, Timestamp)> =
        tx.query_opt(&OF_PARTNER, params![id, partner], |r| Ok((r.get(0)?, r.get(1)?)))?;
    found.map(|(class, first)| Ok((read_class(&class)?, first))).transpose()
}

/// What an institution was told of and that has been cleared since, after an entry. Of what is cleared nothing is told, so
/// whoever was told anything was so before, or in the moment in which it was cleared.
///
/// # Errors
/// The database's.
pub fn cleared_for(
    tx: &mut Tx<'_>,
    partner: &str,
    after: uuid::Uuid,
    limit: i64,
) -> Result<Vec<EntryId>, DbError> {
    tx.query(&CLEARED, params![partner, after, limit], |r| Ok(EntryId::from_uuid(r.get(0)?)))
}

fn read_class(class: &str) -> Result<Class, DbError> {
    Class::parse(class).ok_or_else(|| DbError::Bug(format!("`registry_told.class` holds `{class}`")))
}

/// Counts a question of an institution: how many things it asked about, and of how many something was known.
///
/// # Errors
/// The database's.
pub fn count(
    tx: &mut Tx<'_>,
    day: Timestamp,
    partner: &str,
    (asked, known): (usize, usize),
) -> Result<(), DbError> {
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    tx.execute(&COUNT, params![day, partner, number(asked), number(known)]).map(drop)
}

/// How much was asked from a day on, and of how much of it something was known.
///
/// # Errors
/// The database's.
pub fn counted(tx: &mut Tx<'_>, from: Timestamp) -> Result<(i64, i64), DbError> {
    tx.query_one(&COUNTED, params![from], |r| Ok((r.get(0)?, r.get(1)?)))
}
