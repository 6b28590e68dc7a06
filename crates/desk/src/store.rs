//! All SQL of this slice.

use db::{DbError, Migration, Row, Stmt, Tx, params};
use kernel::{Asset, Lang, Marking, Money, Timestamp};
use report::{Harm, ReportId};
use uuid::Uuid;

use crate::model::{QueueRow, Why};

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        no: 1,
        name: "desk",
        sqlite: include_str!("../migrations/0001_desk.sqlite.sql"),
        postgres: include_str!("../migrations/0001_desk.postgres.sql"),
    },
    Migration {
        no: 2,
        name: "desk_word",
        sqlite: include_str!("../migrations/0002_desk_word.sqlite.sql"),
        postgres: include_str!("../migrations/0002_desk_word.postgres.sql"),
    },
];

macro_rules! columns {
    () => {
        "report_id, organisation_id, unit_id, marking, number, created_at, lang, harm, ongoing, loss_minor, asset, held_minor, \
         reachable_minor, hops, drafts, why, due, owner, owner_name, snoozed_until, snooze_reason, closed_at, changed_at, word_at"
    };
}

const UPSERT: Stmt = Stmt::both(
    "desk.upsert",
    concat!(
        "INSERT INTO desk_row (",
        columns!(),
        ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, \
         ?16, ?17, NULL, '', NULL, '', NULL, ?18, ?19) ON CONFLICT (report_id) DO UPDATE SET loss_minor = excluded.loss_minor, \
         asset = excluded.asset, held_minor = excluded.held_minor, reachable_minor = excluded.reachable_minor, \
         hops = excluded.hops, drafts = excluded.drafts, why = excluded.why, due = excluded.due, word_at = excluded.word_at, \
         changed_at = excluded.changed_at"
    ),
);
const OPEN: Stmt = Stmt::both(
    "desk.open",
    concat!(
        "SELECT ",
        columns!(),
        " FROM desk_row WHERE ",
        access::scope_where!("?1", "?2"),
        " AND closed_at IS NULL ORDER BY due IS NULL, due, created_at LIMIT ?3"
    ),
);
const CLOSED: Stmt = Stmt::both(
    "desk.closed",
    concat!(
        "SELECT ",
        columns!(),
        " FROM desk_row WHERE ",
        access::scope_where!("?1", "?2"),
        " AND closed_at IS NOT NULL ORDER BY closed_at DESC LIMIT ?3"
    ),
);
const BY_NUMBER: Stmt =
    Stmt::both("desk.by_number", concat!("SELECT ", columns!(), " FROM desk_row WHERE number = ?1"));
const OWN: Stmt = Stmt::both(
    "desk.own",
    "UPDATE desk_row SET owner = ?2, owner_name = ?3, changed_at = ?4 WHERE report_id = ?1",
);
const TAKE: Stmt = Stmt::both(
    "desk.take",
    "UPDATE desk_row SET owner = ?2, owner_name = ?3, changed_at = ?4 WHERE report_id = ?1 AND (owner IS NULL OR owner = ?2)",
);
const SNOOZE: Stmt = Stmt::both(
    "desk.snooze",
    "UPDATE desk_row SET snoozed_until = ?2, snooze_reason = ?3, changed_at = ?4 WHERE report_id = ?1",
);
const CLOSE: Stmt =
    Stmt::both("desk.close", "UPDATE desk_row SET closed_at = ?2, changed_at = ?3 WHERE report_id = ?1");
const FORGET: Stmt = Stmt::both("desk.forget", "UPDATE desk_row SET snooze_reason = '' WHERE report_id = ?1");
const WAKE: Stmt = Stmt::both(
    "desk.wake",
    "UPDATE desk_row SET closed_at = NULL, snoozed_until = NULL, snooze_reason = '', changed_at = ?2 \
     WHERE report_id = ?1 AND (closed_at IS NOT NULL OR snoozed_until > ?2)",
);
const COUNTS: Stmt = Stmt::both(
    "desk.counts",
    concat!(
        "SELECT why, COUNT(*) FROM desk_row WHERE ",
        access::scope_where!("?1", "?2"),
        " AND closed_at IS NULL GROUP BY why"
    ),
);

/// Every statement, for the test that prepares them on both engines.
pub const STATEMENTS: &[&Stmt] =
    &[&UPSERT, &OPEN, &CLOSED, &BY_NUMBER, &OWN, &SNOOZE, &CLOSE, &WAKE, &FORGET, &COUNTS];

/// Writes what other slices know; the desk's own columns stay as they are.
///
/// # Errors
/// The database's.
pub fn upsert(tx: &mut Tx<'_>, r: &QueueRow) -> Result<(), DbError> {
    let asset = format!("{}/{}", r.loss.asset().code(), r.loss.asset().scale());
    let own = params![
        r.report,
        r.organisation.as_str(),
        r.unit.as_str(),
        r.marking.to_text(),
        r.number.as_str(),
        r.created_at,
        r.lang.tag(),
        r.harm.as_str(),
        r.ongoing,
        r.loss.minor(),
        asset,
        r.held.minor(),
        r.reachable.minor(),
        r.hops,
        r.drafts,
        r.why.as_str(),
        r.due,
        r.changed_at,
        r.word_at
    ];
    tx.execute(&UPSERT, own).map(drop)
}

fn read(row: &Row) -> Result<QueueRow, DbError> {
    let asset: String = row.get(10)?;
    let asset = asset
        .split_once('/')
        .and_then(|(code, scale)| Asset::new(code, scale.parse().ok()?))
        .ok_or_else(|| DbError::Bug(format!("column `desk_row.asset` holds `{}`", &asset)))?;
    Ok(QueueRow {
        report: row.get(0)?,
        organisation: row.get(1)?,
        unit: row.get(2)?,
        marking: Marking::from_text(&row.get::<String>(3)?),
        number: row.get(4)?,
        created_at: row.get(5)?,
        lang: Lang::new(&row.get::<String>(6)?).unwrap_or(Lang::EN),
        harm: Harm::parse(&row.get::<String>(7)?).unwrap_or_default(),
        ongoing: row.get(8)?,
        loss: Money::from_minor(row.get(9)?, asset),
        held: Money::from_minor(row.get(11)?, asset),
        reachable: Money::from_minor(row.get(12)?, asset),
        hops: row.get(13)?,
        drafts: row.get(14)?,
        why: Why::parse(&row.get::<String>(15)?),
        due: row.get(16)?,
        owner: row.get(17)?,
        owner_name: row.get(18)?,
        snoozed_until: row.get(19)?,
        snooze_reason: row.get(20)?,
        closed_at: row.get(21)?,
        changed_at: row.get(22)?,
        word_at: row.get(23)?,
    })
}

/// Open rows that this office may see, the next due first.
///
/// # Errors
/// The database's.
pub fn open(tx: &mut Tx<'_>, office: &access::Office, limit: i64) -> Result<Vec<QueueRow>, DbError> {
    let [organisation, unit] = office.params();
    tx.query(&OPEN, &[organisation, unit, limit.into()], read)
}

/// Closed rows that this office may see, the last closed first.
///
/// # Errors
/// The database's.
pub fn closed(tx: &mut Tx<'_>, office: &access::Office, limit: i64) -> Result<Vec<QueueRow>, DbError> {
    let [organisation, unit] = office.params();
    tx.query(&CLOSED, &[organisation, unit, limit.into()], read)
}

/// The row of a report's number.
///
/// # Errors
/// The database's.
pub fn by_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<QueueRow>, DbError> {
    tx.query_opt(&BY_NUMBER, params![number], read)
}

/// Takes a row in hand that nobody else has; says whether it was so.
///
/// # Errors
/// The database's.
pub fn take(
    tx: &mut Tx<'_>,
    report: ReportId,
    (by, name): (Uuid, &str),
    at: Timestamp,
) -> Result<bool, DbError> {
    Ok(tx.execute(&TAKE, params![report, by, name, at])? > 0)
}

/// Sets or clears who works on it.
///
/// # Errors
/// The database's.
pub fn own(
    tx: &mut Tx<'_>,
    report: ReportId,
    owner: Option<(Uuid, &str)>,
    at: Timestamp,
) -> Result<(), DbError> {
    tx.guarded(&OWN, params![report, owner.map(|o| o.0), owner.map_or("", |o| o.1), at])
}

/// Lets it wait, or ends its waiting.
///
/// # Errors
/// The database's.
pub fn snooze(
    tx: &mut Tx<'_>,
    report: ReportId,
    until: Option<Timestamp>,
    reason: &str,
    at: Timestamp,
) -> Result<(), DbError> {
    tx.guarded(&SNOOZE, params![report, until, reason, at])
}

/// Closes or reopens it.
///
/// # Errors
/// The database's.
pub fn close(
    tx: &mut Tx<'_>,
    report: ReportId,
    closed: Option<Timestamp>,
    at: Timestamp,
) -> Result<(), DbError> {
    tx.guarded(&CLOSE, params![report, closed, at])
}

/// Brings a closed or waiting row back. `false` if it stood in the queue already.
///
/// # Errors
/// The database's.
pub fn wake(tx: &mut Tx<'_>, report: ReportId, now: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&WAKE, params![report, now])? == 1)
}

/// Open rows by why they are here.
///
/// # Errors
/// The database's.
pub fn counts(tx: &mut Tx<'_>, office: &access::Office) -> Result<Vec<(Why, i64)>, DbError> {
    tx.query(&COUNTS, &office.params(), |r| Ok((Why::parse(&r.get::<String>(0)?), r.get(1)?)))
}

/// Forgets what officers wrote about a report that was erased.
///
/// # Errors
/// The database's.
pub fn forget(tx: &mut Tx<'_>, report: ReportId) -> Result<(), DbError> {
    tx.execute(&FORGET, params![report]).map(drop)
}
