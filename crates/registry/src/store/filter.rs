//! SQL of the filters that institutions fetch.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;

pub(super) const PUT: Stmt = Stmt::both(
    "registry.filter_put",
    "INSERT INTO registry_filter (what, number, at_wall, until_wall, things, size, body_sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
     ON CONFLICT (what) DO UPDATE SET number = excluded.number, at_wall = excluded.at_wall, \
     until_wall = excluded.until_wall, things = excluded.things, size = excluded.size, body_sealed = excluded.body_sealed \
     WHERE registry_filter.number < excluded.number",
);
pub(super) const GET: Stmt = Stmt::both(
    "registry.filter",
    "SELECT number, at_wall, until_wall, things, size, body_sealed FROM registry_filter WHERE what = ?1",
);
pub(super) const HEAD: Stmt = Stmt::both(
    "registry.filter_head",
    "SELECT number, at_wall, until_wall, things, size FROM registry_filter WHERE what = ?1",
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
    /// As in its column.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
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

/// Keeps a filter, sealed, in the place of the one before; says whether it is newer than that one. An older one changes nothing.
///
/// # Errors
/// The database's.
pub fn put(tx: &mut Tx<'_>, which: Which, h: Head, sealed: &[u8]) -> Result<bool, DbError> {
    let own = params![which.as_str(), h.number, h.at, h.until, h.things, h.size, sealed];
    Ok(tx.execute(&PUT, own)? == 1)
}

/// The filter itself, sealed.
///
/// # Errors
/// The database's.
pub fn get(tx: &mut Tx<'_>, which: Which) -> Result<Option<(Head, Vec<u8>)>, DbError> {
    tx.query_opt(&GET, params![which.as_str()], |r| Ok((read(r)?, r.get(5)?)))
}

/// What is said of it.
///
/// # Errors
/// The database's.
pub fn head(tx: &mut Tx<'_>, which: Which) -> Result<Option<Head>, DbError> {
    tx.query_opt(&HEAD, params![which.as_str()], read)
}

fn read(r: &Row) -> Result<Head, DbError> {
    Ok(Head { number: r.get(0)?, at: r.get(1)?, until: r.get(2)?, things: r.get(3)?, size: r.get(4)? })
}
