//! SQL of what became of payments about which institutions had asked.

use db::{DbError, Stmt, Tx, Value, params};
use kernel::{Asset, Money, Timestamp};
use uuid::Uuid;

use crate::model::{Class, EntryId, Outcome};

pub(super) const PUT: Stmt = Stmt::both(
    "registry.outcome_put",
    "INSERT INTO registry_outcome (id, entry_id, partner, payer, class, outcome, amount_minor, asset, at, told_at) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (id) DO UPDATE SET entry_id = excluded.entry_id, \
     payer = excluded.payer, class = excluded.class, outcome = excluded.outcome, amount_minor = excluded.amount_minor, \
     asset = excluded.asset, at = excluded.at, told_at = excluded.told_at",
);
/// As `rules::prevented` has it, in the database: a country's figure is no list to be carried about.
pub(super) const PREVENTED: Stmt = Stmt::both(
    "registry.prevented",
    "SELECT asset, CAST(SUM(most - paid) AS BIGINT), COUNT(*) FROM (SELECT o.asset AS asset, \
     CASE WHEN MAX(CASE WHEN o.outcome = 'mistaken' THEN 1 ELSE 0 END) = 1 THEN 0 \
     ELSE MAX(CASE WHEN o.outcome IN ('declined', 'given_up') THEN o.amount_minor ELSE 0 END) END AS most, \
     CAST(SUM(CASE WHEN o.outcome = 'carried_out' THEN o.amount_minor ELSE 0 END) AS BIGINT) AS paid \
     FROM registry_outcome o WHERE o.told_at >= ?1 \
     AND NOT EXISTS (SELECT 1 FROM registry_entry e WHERE e.id = o.entry_id AND e.decided = 'cleared') GROUP BY o.asset, o.partner, o.payer) AS one \
     WHERE most > paid GROUP BY asset ORDER BY asset",
);
pub(super) const COUNTS: Stmt = Stmt::both(
    "registry.outcome_counts",
    "SELECT outcome, COUNT(*) FROM registry_outcome WHERE told_at >= ?1 GROUP BY outcome ORDER BY outcome",
);
/// Whether more payments were told of than are counted for a page.
pub(super) const MANY: Stmt = Stmt::both(
    "registry.outcomes_many",
    "SELECT COUNT(*) FROM (SELECT 1 FROM registry_outcome WHERE told_at >= ?1 LIMIT ?2) AS counted",
);
pub(super) const KEPT: Stmt = Stmt::both(
    "registry.figures",
    "SELECT since, at, at_wall, body FROM registry_figures WHERE organisation_id = ?1",
);
pub(super) const KEEP: Stmt = Stmt::both(
    "registry.figures_keep",
    "INSERT INTO registry_figures (organisation_id, since, at, at_wall, body) VALUES (?1, ?2, ?3, ?4, ?5) \
     ON CONFLICT (organisation_id) DO UPDATE SET since = excluded.since, at = excluded.at, at_wall = excluded.at_wall, \
     body = excluded.body WHERE excluded.at_wall >= registry_figures.at_wall",
);
pub(super) const OF_ENTRY: Stmt = Stmt::both(
    "registry.outcomes_of",
    "SELECT outcome, COUNT(*) FROM registry_outcome WHERE entry_id = ?1 GROUP BY outcome ORDER BY outcome",
);

/// What became of one payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The row: the same for the same payment, from a keyed hash of the institution's own key.
    pub id: Uuid,
    /// The entry that was asked about.
    pub entry: EntryId,
    /// The institution.
    pub partner: String,
    /// Keyed hash of its word for the payer.
    pub payer: [u8; 32],
    /// What it had been told.
    pub class: Class,
    /// What became of it.
    pub outcome: Outcome,
    /// How much.
    pub amount: Money,
    /// When.
    pub at: Timestamp,
}

/// Keeps what became of a payment; what is told again of the same payment takes its place.
///
/// # Errors
/// The database's.
pub fn put(tx: &mut Tx<'_>, p: &Payment, now: Timestamp) -> Result<(), DbError> {
    let own = params![
        p.id,
        p.entry,
        p.partner.as_str(),
        p.payer.as_slice(),
        p.class.as_str(),
        p.outcome.as_str(),
        p.amount.minor(),
        p.amount.asset().code(),
        p.at,
        now
    ];
    tx.execute(&PUT, own).map(drop)
}

/// The least that was prevented since a moment, and for how many payers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prevented {
    /// At least so much.
    pub sum: Money,
    /// Of so many payers.
    pub payers: i64,
}

/// What was prevented since a moment, by asset; `asset` reads a code.
///
/// # Errors
/// The database's.
pub fn prevented(
    tx: &mut Tx<'_>,
    since: Timestamp,
    asset: impl Fn(&str) -> Option<Asset>,
) -> Result<Vec<Prevented>, DbError> {
    let rows: Vec<(String, i64, i64)> =
        tx.query(&PREVENTED, params![since], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    // An asset that the profile has lost is not shown under a wrong sign.
    let known = rows.into_iter().filter_map(|(code, sum, payers)| {
        Some(Prevented { sum: Money::from_minor(sum, asset(&code)?), payers })
    });
    Ok(known.collect())
}

fn by_outcome(tx: &mut Tx<'_>, stmt: &Stmt, of: Value) -> Result<Vec<(Outcome, i64)>, DbError> {
    let rows: Vec<(String, i64)> = tx.query(stmt, &[of], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let read = |(word, n): (String, i64)| {
        let outcome = Outcome::parse(&word);
        let outcome = outcome.ok_or_else(|| DbError::Bug(format!("`registry_outcome` holds `{word}`")))?;
        Ok((outcome, n))
    };
    rows.into_iter().map(read).collect()
}

/// How many payments came to what, since a moment.
///
/// # Errors
/// The database's.
pub fn counts(tx: &mut Tx<'_>, since: Timestamp) -> Result<Vec<(Outcome, i64)>, DbError> {
    by_outcome(tx, &COUNTS, Value::from(since))
}

/// Whether more than so many payments were told of since a moment.
///
/// # Errors
/// The database's.
pub fn more_than(tx: &mut Tx<'_>, most: i64, since: Timestamp) -> Result<bool, DbError> {
    let some: i64 = tx.query_one(&MANY, params![since, most.saturating_add(1)], |r| r.get(0))?;
    Ok(some > most)
}

/// Figures that were counted earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Since when they count.
    pub since: Timestamp,
    /// When they were counted, office time.
    pub at: Timestamp,
    /// When, wall time.
    pub at_wall: Timestamp,
    /// The figures.
    pub body: String,
}

/// The figures that were counted last.
///
/// # Errors
/// The database's.
pub fn kept(tx: &mut Tx<'_>, organisation: &str) -> Result<Option<Kept>, DbError> {
    tx.query_opt(&KEPT, params![organisation], |r| {
        Ok(Kept { since: r.get(0)?, at: r.get(1)?, at_wall: r.get(2)?, body: r.get(3)? })
    })
}

/// Keeps figures in place of older ones.
///
/// # Errors
/// The database's.
pub fn keep(tx: &mut Tx<'_>, organisation: &str, k: &Kept) -> Result<(), DbError> {
    tx.execute(&KEEP, params![organisation, k.since, k.at, k.at_wall, k.body.as_str()]).map(drop)
}

/// The same of an entry, ever.
///
/// # Errors
/// The database's.
pub fn of_entry(tx: &mut Tx<'_>, entry: EntryId) -> Result<Vec<(Outcome, i64)>, DbError> {
    by_outcome(tx, &OF_ENTRY, Value::from(entry))
}
