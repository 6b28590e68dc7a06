//! SQL of the filters that institutions fetch.

use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;

pub(super) const PUT: Stmt = Stmt::both(
    "registry.filter_put",
    "INSERT INTO registry_filter (what, number, at_wall, until_wall, things, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
     ON CONFLICT (what) DO UPDATE SET number = excluded.number, at_wall = excluded.at_wall, \
     until_wall = excluded.until_wall, things = excluded.things, body = excluded.body",
);
pub(super) const GET: Stmt = Stmt::both(
    "registry.filter",
    "SELECT number, at_wall, until_wall, things, body FROM registry_filter WHERE what = ?1",
);
pub(super) const HEAD: Stmt = Stmt::both(
    "registry.filter_head",
    "SELECT number, at_wall, until_wall, things, LENGTH(body) FROM registry_filter WHERE what = ?1",
);

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The whole filter.
    Whole,
    /// What has changed since.
    Changes,
}

impl Which {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Changes => "changes",
        }
    }
}

/// What is said of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its number.
    pub number: i64,
    /// When it was made, wall time.
    pub at: Timestamp,
    /// When it is over, wall time.
    pub until: Timestamp,
    /// How many things it holds.
    pub things: i64,
    /// How many bytes it has.
    pub size: i64,
}

/// Keeps a filter in the place of the one before.
///
/// # Errors
/// The database's.
pub fn put(tx: &mut Tx<'_>, which: Which, h: Head, body: &[u8]) -> Result<(), DbError> {
    tx.execute(&PUT, params![which.as_str(), h.number, h.at, h.until, h.things, body]).map(drop)
}

/// The filter itself.
///
/// # Errors
/// The database's.
pub fn get(tx: &mut Tx<'_>, which: Which) -> Result<Option<(Head, Vec<u8>)>, DbError> {
    tx.query_opt(&GET, params![which.as_str()], |r| {
        let body: Vec<u8> = r.get(4)?;
        let size = i64::try_from(body.len()).unwrap_or(i64::MAX);
        let head = Head { number: r.get(0)?, at: r.get(1)?, until: r.get(2)?, things: r.get(3)?, size };
        Ok((head, body))
    })
}

/// What is said of it.
///
/// # Errors
/// The database's.
pub fn head(tx: &mut Tx<'_>, which: Which) -> Result<Option<Head>, DbError> {
    tx.query_opt(&HEAD, params![which.as_str()], |r| {
        let size: i64 = r.get(4)?;
        Ok(Head { number: r.get(0)?, at: r.get(1)?, until: r.get(2)?, things: r.get(3)?, size })
    })
}
