//! All SQL about what institutions have used.

use db::{DbError, Stmt, Tx, params};

use crate::model::PartnerId;
use crate::quota::rules::Used;

pub(crate) const GET: Stmt =
    Stmt::both("partner_use.get", "SELECT minute, requests, answers FROM partner_use WHERE id = ?1");
pub(crate) const PUT: Stmt = Stmt::both(
    "partner_use.put",
    "INSERT INTO partner_use (id, minute, requests, answers) VALUES (?1, ?2, ?3, ?4) \
     ON CONFLICT (id) DO UPDATE SET minute = excluded.minute, requests = excluded.requests, answers = excluded.answers \
     WHERE partner_use.minute = ?5 AND partner_use.requests = ?6 AND partner_use.answers = ?7",
);

/// What an institution has used in the minute in which it sent last.
///
/// # Errors
/// The database's.
pub(crate) fn used(tx: &mut Tx<'_>, partner: PartnerId) -> Result<Used, DbError> {
    let found = tx.query_opt(&GET, params![partner], |row| {
        let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        Ok(Used { minute: row.get(0)?, requests: count(row.get(1)?), answers: count(row.get(2)?) })
    })?;
    Ok(found.unwrap_or_default())
}

/// Keeps what is used now in the place of `before`; somebody who was faster makes the transaction run again.
///
/// # Errors
/// The database's.
pub(crate) fn keep(tx: &mut Tx<'_>, partner: PartnerId, before: Used, now: Used) -> Result<(), DbError> {
    let own = params![
        partner,
        now.minute,
        i64::from(now.requests),
        i64::from(now.answers),
        before.minute,
        i64::from(before.requests),
        i64::from(before.answers)
    ];
    tx.guarded(&PUT, own)
}
