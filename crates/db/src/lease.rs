//! Leases in rows: which process does a piece of work that one at a time should do.
//!
//! A lease saves work, it does not make it right: a process may be paused past its lease's end and not
//! know. What must not happen twice is guarded in the same transaction (a cursor, a counter).

use kernel::Timestamp;
use uuid::Uuid;

use crate::{DbError, Stmt, Tx, params};

pub(crate) const ENSURE: Stmt = Stmt::both(
    "db.lease_ensure",
    "INSERT INTO lease (name, holder, until) VALUES (?1, ?2, 0) ON CONFLICT (name) DO NOTHING",
);
pub(crate) const CLAIM: Stmt = Stmt::both(
    "db.lease_claim",
    "UPDATE lease SET holder = ?2, until = ?4 WHERE name = ?1 AND (holder = ?2 OR until < ?3)",
);
pub(crate) const RELEASE: Stmt =
    Stmt::both("db.lease_release", "UPDATE lease SET until = 0 WHERE name = ?1 AND holder = ?2");
pub(crate) const HELD: Stmt =
    Stmt::both("db.lease_held", "SELECT 1 FROM lease WHERE name = ?1 AND holder <> ?2 AND until >= ?3");

/// Takes or prolongs the lease `name` until `until`, unless another holder has it at `now`.
///
/// # Errors
/// Any [`DbError`].
pub fn claim(
    tx: &mut Tx<'_>,
    name: &str,
    holder: Uuid,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, DbError> {
    if tx.execute(&CLAIM, params![name, holder, now, until])? == 1 {
        return Ok(true);
    }
    tx.execute(&ENSURE, params![name, holder])?;
    Ok(tx.execute(&CLAIM, params![name, holder, now, until])? == 1)
}

/// Gives the lease back before its end, so that another need not wait for it.
///
/// # Errors
/// Any [`DbError`].
pub fn release(tx: &mut Tx<'_>, name: &str, holder: Uuid) -> Result<(), DbError> {
    tx.execute(&RELEASE, params![name, holder]).map(drop)
}

/// Whether somebody other than `holder` has the lease at `now`: a look that changes nothing.
///
/// # Errors
/// Any [`DbError`].
pub fn held_by_another(tx: &mut Tx<'_>, name: &str, holder: Uuid, now: Timestamp) -> Result<bool, DbError> {
    Ok(tx.query_opt(&HELD, params![name, holder, now], |row| row.get::<i64>(0))?.is_some())
}
