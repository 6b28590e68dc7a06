//! Feeds: rows numbered 1, 2, 3… *after* their commit, so that a reader with a cursor loses none.
//!
//! A number, a time or an id drawn inside the writing transaction becomes visible out of order on
//! PostgreSQL: a transaction that began early may commit late, and a reader that asks for what is greater
//! than the last it saw never sees its row. So rows are written with `feed_no` NULL, and one sequencer at
//! a time numbers the committed ones from a counter row that it holds until its own commit: numbers
//! become visible in their order and without gaps.

use kernel::Timestamp;

use crate::{Db, DbError, Stmt, Tx, lease, params};

/// Rows numbered in one transaction, at most.
pub const BATCH: u32 = 1_000;
/// How long a sequencer may keep others away, in seconds.
const LEASE_SECS: i64 = 5;

/// A table with `id` (UUID, primary key) and `feed_no` (BIGINT, null until numbered). Made by
/// [`feed!`](crate::feed!); its statements belong into the slice's list.
#[derive(Debug, Clone, Copy)]
pub struct Feed {
    /// The table, which is also the name of the counter and (with `feed:` before it) of the lease.
    pub table: &'static str,
    /// Whether rows wait for a number.
    pub pending: Stmt,
    /// Numbers up to ?2 rows from ?1 + 1 on.
    pub number: Stmt,
}

/// Declares the feed over a table: `const FEED: Feed = db::feed!("audit_record");`. The table should have a
/// unique index on `feed_no` and a partial one on `(id) WHERE feed_no IS NULL`.
#[macro_export]
macro_rules! feed {
    ($table:literal) => {
        $crate::feed::Feed {
            table: $table,
            pending: $crate::Stmt::both(
                concat!("feed.pending.", $table),
                concat!("SELECT id FROM ", $table, " WHERE feed_no IS NULL LIMIT 1"),
            ),
            number: $crate::Stmt::both(
                concat!("feed.number.", $table),
                concat!(
                    "WITH waiting AS (SELECT id FROM ",
                    $table,
                    " WHERE feed_no IS NULL ORDER BY id LIMIT ?2), ",
                    "numbered AS (SELECT id, ?1 + row_number() OVER (ORDER BY id) AS no FROM waiting) ",
                    "UPDATE ",
                    $table,
                    " SET feed_no = numbered.no FROM numbered WHERE ",
                    $table,
                    ".id = numbered.id"
                ),
            ),
        }
    };
}

pub(crate) const ENSURE: Stmt = Stmt::both(
    "db.feed_ensure",
    "INSERT INTO feed_counter (name, last) VALUES (?1, 0) ON CONFLICT (name) DO NOTHING",
);
pub(crate) const LAST: Stmt = Stmt::both("db.feed_last", "SELECT last FROM feed_counter WHERE name = ?1");
pub(crate) const LAST_FOR_UPDATE: Stmt = Stmt::split(
    "db.feed_last_for_update",
    "SELECT last FROM feed_counter WHERE name = ?1",
    "SELECT last FROM feed_counter WHERE name = ?1 FOR UPDATE",
);
pub(crate) const ADVANCE: Stmt =
    Stmt::both("db.feed_advance", "UPDATE feed_counter SET last = last + ?3 WHERE name = ?1 AND last = ?2");

/// Numbers committed rows, at most `limit`, within the caller's transaction; says how many. The counter
/// row is held until that transaction ends.
///
/// # Errors
/// Any [`DbError`].
pub fn number(tx: &mut Tx<'_>, feed: &Feed, limit: u32) -> Result<u64, DbError> {
    let last: Option<i64> = tx.query_opt(&LAST_FOR_UPDATE, params![feed.table], |row| row.get(0))?;
    let last = match last {
        Some(last) => last,
        None => {
            tx.execute(&ENSURE, params![feed.table])?;
            tx.query_one(&LAST_FOR_UPDATE, params![feed.table], |row| row.get(0))?
        }
    };
    // This statement's view begins after the counter row was got, so it sees all that earlier sequencers
    // numbered.
    let rows = tx.execute(&feed.number, params![last, limit])?;
    if rows > 0 {
        let count = i64::try_from(rows).map_err(|_| DbError::Bug("too many rows numbered".to_owned()))?;
        tx.guarded(&ADVANCE, params![feed.table, last, count])?;
    }
    Ok(rows)
}

/// Looks whether rows wait, and if so takes the lease and numbers up to [`BATCH`] of them; says how many.
/// Writes nothing when there is nothing to do, so that it may be called at every commit.
///
/// # Errors
/// Any [`DbError`].
pub async fn number_once(db: &Db, feed: &'static Feed) -> Result<u64, DbError> {
    let (holder, now) = (db.instance(), db.clock().now());
    let name = format!("feed:{}", feed.table);
    let wanted = db
        .read({
            let name = name.clone();
            move |tx| {
                let waiting = tx.query_opt(&feed.pending, &[], |_| Ok(()))?.is_some();
                Ok::<_, DbError>(waiting && !lease::held_by_another(tx, &name, holder, now)?)
            }
        })
        .await?;
    if !wanted {
        return Ok(0);
    }
    db.write(move |tx| number_leased(tx, feed, &name, holder, now)).await
}

fn number_leased(
    tx: &mut Tx<'_>,
    feed: &Feed,
    name: &str,
    holder: uuid::Uuid,
    now: Timestamp,
) -> Result<u64, DbError> {
    if !lease::claim(tx, name, holder, now, now.plus_secs(LEASE_SECS))? {
        return Ok(0);
    }
    number(tx, feed, BATCH)
}

/// The last number given out in the feed over `table`; 0 if none was.
///
/// # Errors
/// Any [`DbError`].
pub fn last(tx: &mut Tx<'_>, table: &str) -> Result<i64, DbError> {
    Ok(tx.query_opt(&LAST, params![table], |row| row.get(0))?.unwrap_or(0))
}
