//! Persons in the order of their keys, for whoever compares an index with them.

use db::{DbError, Stmt, Tx, params};
use uuid::Uuid;

// Records are few for each person, and looked up by an index. What is told anew, taken back or put back changes it, too.
pub(super) const PAGE: Stmt = Stmt::both(
    "person.page",
    "SELECT p.id, p.records, p.into_id, (SELECT COUNT(*) FROM person_record r WHERE r.person_id = p.id), \
     (SELECT MAX(COALESCE(r.told_at, r.created_at)) FROM person_record r WHERE r.person_id = p.id), \
     (SELECT COUNT(r.taken_back_at) FROM person_record r WHERE r.person_id = p.id), \
     (SELECT MAX(r.taken_back_at) FROM person_record r WHERE r.person_id = p.id) \
     FROM person p WHERE p.id > ?1 ORDER BY p.id LIMIT ?2",
);

/// The persons behind one, each with what of them changes.
///
/// # Errors
/// The database's.
pub fn page(tx: &mut Tx<'_>, after: Uuid, limit: i64) -> Result<Vec<(Uuid, String)>, DbError> {
    tx.query(&PAGE, params![after, limit], |r| {
        let (records, into, count) = (r.get::<i64>(1)?, r.get::<Option<Uuid>>(2)?, r.get::<i64>(3)?);
        let latest: Option<i64> = r.get(4)?;
        let (back, last): (i64, Option<i64>) = (r.get(5)?, r.get(6)?);
        Ok((r.get(0)?, format!("{records} {into:?} {count} {latest:?} {back} {last:?}")))
    })
}
