//! Whether many reports name a thing, without counting all of them.

use db::{DbError, Stmt, Tx, Value};
use uuid::Uuid;

pub(super) const NAMED_BY: Stmt = Stmt::both(
    "scheme.crowd_named_by",
    concat!(
        "SELECT COUNT(*) FROM (SELECT n.report_id FROM scheme_naming n JOIN scheme_member m ON m.report_id = n.report_id \
         WHERE n.thing_id = ?3 AND ",
        access::scope_where!("?1", "?2", "m."),
        " LIMIT ?4) AS few"
    ),
);

/// The same as a count that stays small.
///
/// # Errors
/// The database's.
pub fn few(tx: &mut Tx<'_>, office: &access::Office, thing: Uuid, limit: usize) -> Result<usize, DbError> {
    let count = named_by(tx, office, thing, i64::try_from(limit).unwrap_or(i64::MAX))?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// How many reports name a thing, of those that an office may see, counted up to a limit.
///
/// # Errors
/// The database's.
pub fn named_by(tx: &mut Tx<'_>, office: &access::Office, thing: Uuid, limit: i64) -> Result<i64, DbError> {
    let [organisation, unit] = office.params();
    let all: Vec<Value> = vec![organisation, unit, thing.into(), limit.into()];
    tx.query_one(&NAMED_BY, &all, |r| r.get(0))
}
