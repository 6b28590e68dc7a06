//! All SQL of this slice.

use app::{header_columns, header_places};
use db::{DbError, Migration, Row, Stmt, Tx, params};
use kernel::Timestamp;
use report::ReportId;
use uuid::Uuid;

use crate::model::{KindBy, Scheme, SchemeId};

pub use page::page;

pub mod alarm;
pub mod chart;
pub mod crowd;
pub mod decision;
pub mod figures;
pub mod learnt;
pub mod member;
mod page;
pub mod thing;

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        no: 1,
        name: "scheme",
        sqlite: include_str!("../../migrations/0001_scheme.sqlite.sql"),
        postgres: include_str!("../../migrations/0001_scheme.postgres.sql"),
    },
    Migration {
        no: 2,
        name: "figures",
        sqlite: include_str!("../../migrations/0002_figures.sqlite.sql"),
        postgres: include_str!("../../migrations/0002_figures.postgres.sql"),
    },
];

/// The row under which numbers are drawn and schemes change one after the other.
const TURN: Uuid = Uuid::from_u128(1);

macro_rules! columns {
    () => {
        "no, anchor_id, kind, kind_by, reports, loss_minor, first_at, last_at, alarms, into_id, version"
    };
}
macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", header_columns!(), ", ", columns!(), " FROM scheme ", $rest)
    };
}
/// A list in one order, with its filters: kind, alarms, the least number of reports.
macro_rules! list {
    ($order:literal) => {
        concat!(
            "SELECT ",
            header_columns!(),
            ", ",
            columns!(),
            " FROM scheme WHERE ",
            access::scope_where!("?1", "?2"),
            " AND reports >= ?3 AND (?4 = '' OR kind = ?4) AND alarms >= ?5 ORDER BY ",
            $order,
            " LIMIT ?6"
        )
    };
}

const DRAW: Stmt = Stmt::both("scheme.draw", "UPDATE scheme_turn SET last_no = last_no + 1 WHERE id = ?1");
const DRAWN: Stmt = Stmt::both("scheme.drawn", "SELECT last_no FROM scheme_turn WHERE id = ?1");
const INSERT: Stmt = Stmt::both(
    "scheme.insert",
    concat!(
        "INSERT INTO scheme (",
        header_columns!(),
        ", ",
        columns!(),
        ", unsorted, unwatched) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, 0, NULL, 0, 0, 0)"
    ),
);
const FIND: Stmt = Stmt::both("scheme.find", select!("WHERE id = ?1"));
const BY_NO: Stmt = Stmt::both("scheme.by_no", select!("WHERE no = ?1"));
const INTO: Stmt = Stmt::both("scheme.into", "SELECT into_id FROM scheme WHERE id = ?1");
const PARTS: Stmt = Stmt::both("scheme.parts", select!("WHERE into_id = ?1 ORDER BY no"));
const GROW: Stmt = Stmt::both(
    "scheme.grow",
    "UPDATE scheme SET reports = reports + ?2, loss_minor = loss_minor + ?3, \
     first_at = CASE WHEN first_at < ?4 THEN first_at ELSE ?4 END, last_at = CASE WHEN last_at > ?5 THEN last_at ELSE ?5 END, \
     version = version + 1 WHERE id = ?1",
);
/// Reports that everybody of the office may see: the same words as in the rule for lists.
macro_rules! open {
    () => {
        "(substr(m.marking, 1, 6) IN ('clear/', 'green/', 'amber/') OR substr(m.marking, 1, 13) = 'amber_strict/')"
    };
}
const RECOUNT: Stmt = Stmt::both(
    "scheme.recount",
    concat!(
        "UPDATE scheme SET reports = (SELECT COUNT(*) FROM scheme_member m WHERE m.scheme_id = ?1 AND ",
        open!(),
        "), loss_minor = (SELECT COALESCE(SUM(m.loss_minor), 0) FROM scheme_member m WHERE m.scheme_id = ?1 AND ",
        open!(),
        "), first_at = COALESCE((SELECT MIN(m.created_at) FROM scheme_member m WHERE m.scheme_id = ?1), first_at), \
         last_at = COALESCE((SELECT MAX(m.created_at) FROM scheme_member m WHERE m.scheme_id = ?1), last_at), \
         version = version + 1 WHERE id = ?1"
    ),
);
const BECOME: Stmt = Stmt::both(
    "scheme.become",
    "UPDATE scheme SET into_id = ?2, reports = 0, loss_minor = 0, alarms = 0, unsorted = 0, version = version + 1 WHERE id = ?1",
);
const REVIVE: Stmt =
    Stmt::both("scheme.revive", "UPDATE scheme SET into_id = NULL, version = version + 1 WHERE id = ?1");
const SET_KIND: Stmt = Stmt::both(
    "scheme.set_kind",
    "UPDATE scheme SET kind = ?2, kind_by = ?3, version = version + 1 WHERE id = ?1",
);
const UNSORT: Stmt = Stmt::both("scheme.unsort", "UPDATE scheme SET unsorted = unsorted + 1 WHERE id = ?1");
const SORTED: Stmt = Stmt::both("scheme.sorted", "UPDATE scheme SET unsorted = 0 WHERE id = ?1");
const MARK: Stmt =
    Stmt::both("scheme.mark", "SELECT id, unsorted, version FROM scheme WHERE id = ?1 AND into_id IS NULL");
const UNSORTED: Stmt = Stmt::both(
    "scheme.unsorted",
    "SELECT id, unsorted, version FROM scheme WHERE unsorted <> 0 AND into_id IS NULL ORDER BY reports, id LIMIT ?1",
);
const UNWATCH: Stmt = Stmt::both("scheme.unwatch", "UPDATE scheme SET unwatched = 1 WHERE id = ?1");
const WATCHED: Stmt = Stmt::both("scheme.watched", "UPDATE scheme SET unwatched = 0 WHERE id = ?1");
const UNWATCHED: Stmt =
    Stmt::both("scheme.unwatched", select!("WHERE unwatched <> 0 ORDER BY last_at DESC, id LIMIT ?1"));
const BY_LAST: Stmt = Stmt::both("scheme.by_last", list!("last_at DESC, no DESC"));
const BY_REPORTS: Stmt = Stmt::both("scheme.by_reports", list!("reports DESC, no DESC"));
const BY_LOSS: Stmt = Stmt::both("scheme.by_loss", list!("loss_minor DESC, no DESC"));
const BY_NUMBER: Stmt = Stmt::both("scheme.by_number", list!("no DESC"));
const COUNT: Stmt = Stmt::both(
    "scheme.count",
    concat!(
        "SELECT COUNT(*) FROM scheme WHERE ",
        access::scope_where!("?1", "?2"),
        " AND reports >= ?3 AND (?4 = '' OR kind = ?4) AND alarms >= ?5"
    ),
);

/// Every statement, for the test that prepares them on both engines.
pub const STATEMENTS: &[&Stmt] = &[
    &DRAW,
    &DRAWN,
    &INSERT,
    &FIND,
    &BY_NO,
    &INTO,
    &page::PAGE,
    &PARTS,
    &GROW,
    &RECOUNT,
    &BECOME,
    &REVIVE,
    &SET_KIND,
    &UNSORT,
    &SORTED,
    &MARK,
    &UNSORTED,
    &UNWATCH,
    &WATCHED,
    &UNWATCHED,
    &BY_LAST,
    &BY_REPORTS,
    &BY_LOSS,
    &BY_NUMBER,
    &COUNT,
    &chart::MEMBERS,
    &chart::NAMINGS,
    &chart::NAMED_BY,
    &chart::COUNT_NAMED_BY,
    &crowd::NAMED_BY,
    &member::PUT,
    &member::FIND,
    &member::REMOVE,
    &member::PLACE,
    &member::MOVE,
    &member::OF_SCHEME,
    &member::PAGE,
    &member::STORIES,
    &member::TELLING,
    &member::SCHEME_OF,
    &member::ALL_OF,
    &member::SEEN,
    &member::GATHER,
    &member::PAYING,
    &member::LATEST,
    &member::TAG,
    &member::PLACE_OF,
    &decision::SAID_KIND,
    &decision::SAID_OF,
    &decision::OF_THING,
    &member::AFTER,
    &member::NUMBERS,
    &thing::PUT,
    &thing::FIND,
    &thing::RULE,
    &thing::FORGET,
    &thing::BLANK,
    &thing::NAME,
    &thing::UNNAME,
    &thing::OF_REPORT,
    &thing::HOMES,
    &thing::NAMED_BY,
    &thing::OF_SCHEME,
    &thing::SCHEMES_OF,
    &thing::FIRST_IN,
    &thing::REPORTS_OF,
    &thing::NAMINGS,
    &thing::ANY_OWN,
    &thing::BAND,
    &thing::UNBAND,
    &thing::NEAR,
    &thing::NEAR_SEEN,
    &thing::LATER,
    &decision::INSERT,
    &decision::FIND,
    &decision::OF_SCHEME,
    &decision::PARTED,
    &decision::PARTED_TODAY,
    &decision::PARTING,
    &decision::UNDO,
    &decision::PIN_SCHEME,
    &decision::PIN,
    &decision::PINS,
    &decision::PIN_OF,
    &decision::PINNED,
    &decision::UNPIN_REPORT,
    &decision::ABOUT_REPORT,
    &decision::HOLDING,
    &figures::BY_DAY,
    &figures::BY_REGION,
    &figures::BY_AGE,
    &figures::BY_BANK,
    &figures::BY_LANG,
    &figures::SIGNS,
    &figures::TELLING,
    &figures::SINCE,
    &figures::ALL_SINCE,
    &figures::BANKS_SINCE,
    &figures::NEW_IN,
    &alarm::RAISE,
    &alarm::OPEN_OF,
    &alarm::OPEN,
    &alarm::CLOSE,
    &alarm::FIND,
    &alarm::COUNT,
    &alarm::STANDING,
    &alarm::MOVE,
    &member::UNKNOWN,
    &learnt::LATEST,
    &learnt::LATEST_ID,
    &learnt::PUT,
    &learnt::FORGET,
    &learnt::DECIDED,
    &learnt::EXAMPLES,
];

/// Own columns that never change and are in the row hash: the number and the anchor.
const FIXED: usize = 2;

/// Waits for its turn: schemes change one after the other.
///
/// # Errors
/// The database's.
pub fn turn(tx: &mut Tx<'_>) -> Result<(), DbError> {
    tx.lock_row("scheme_turn", TURN)
}

/// Draws the next number.
///
/// # Errors
/// The database's.
pub fn draw(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    tx.execute(&DRAW, params![TURN])?;
    tx.query_one(&DRAWN, params![TURN], |r| r.get(0))
}

/// Writes a new scheme.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, s: &Scheme) -> Result<(), DbError> {
    let own = params![
        s.no,
        s.anchor,
        s.kind.as_str(),
        s.kind_by.as_str(),
        s.reports,
        s.loss_minor,
        s.first_at,
        s.last_at
    ];
    tx.execute(&INSERT, &app::header::values(s.id.uuid(), &s.header, own, FIXED)).map(drop)
}

fn read(row: &Row) -> Result<Scheme, DbError> {
    let (id, header) = app::header::read(row)?;
    let by: String = row.get(19)?;
    Ok(Scheme {
        id: SchemeId::from_uuid(id),
        header,
        no: row.get(16)?,
        anchor: ReportId::from_uuid(row.get(17)?),
        kind: row.get(18)?,
        kind_by: KindBy::parse(&by).ok_or_else(|| DbError::Bug(format!("`scheme.kind_by` holds `{by}`")))?,
        reports: row.get(20)?,
        loss_minor: row.get(21)?,
        first_at: row.get(22)?,
        last_at: row.get(23)?,
        alarms: row.get(24)?,
        into: row.get::<Option<Uuid>>(25)?.map(SchemeId::from_uuid),
        version: row.get(26)?,
    })
}

/// The scheme with this key.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: SchemeId) -> Result<Option<Scheme>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// The scheme with this number.
///
/// # Errors
/// The database's.
pub fn by_no(tx: &mut Tx<'_>, no: i64) -> Result<Option<Scheme>, DbError> {
    tx.query_opt(&BY_NO, params![no], read)
}

/// Schemes that became part of this one.
///
/// # Errors
/// The database's.
pub fn parts(tx: &mut Tx<'_>, id: SchemeId) -> Result<Vec<Scheme>, DbError> {
    tx.query(&PARTS, params![id], read)
}

/// What became of a scheme: the one that it is part of by now, or itself.
///
/// # Errors
/// The database's.
pub fn today(tx: &mut Tx<'_>, id: SchemeId) -> Result<SchemeId, DbError> {
    let mut at = id;
    // A scheme goes into another one and never back into what goes into it: the way ends.
    for _ in 0..1_000 {
        let next: Option<Uuid> = tx.query_opt(&INTO, params![at], |r| r.get(0))?.flatten();
        match next {
            Some(next) => at = SchemeId::from_uuid(next),
            None => break,
        }
    }
    Ok(at)
}

/// Counts reports more, or fewer.
///
/// # Errors
/// The database's.
pub fn grow(
    tx: &mut Tx<'_>,
    id: SchemeId,
    (reports, loss_minor): (i64, i64),
    (first, last): (Timestamp, Timestamp),
) -> Result<(), DbError> {
    tx.execute(&GROW, params![id, reports, loss_minor, first, last]).map(drop)
}

/// Counts its reports anew.
///
/// # Errors
/// The database's.
pub fn recount(tx: &mut Tx<'_>, id: SchemeId) -> Result<(), DbError> {
    tx.execute(&RECOUNT, params![id]).map(drop)
}

/// Makes it part of another one.
///
/// # Errors
/// The database's.
pub fn become_part(tx: &mut Tx<'_>, id: SchemeId, into: SchemeId) -> Result<(), DbError> {
    tx.execute(&BECOME, params![id, into]).map(drop)
}

/// Makes it one by itself again.
///
/// # Errors
/// The database's.
pub fn revive(tx: &mut Tx<'_>, id: SchemeId) -> Result<(), DbError> {
    tx.execute(&REVIVE, params![id]).map(drop)
}

/// Says how the fraud is done.
///
/// # Errors
/// The database's.
pub fn set_kind(tx: &mut Tx<'_>, id: SchemeId, kind: &str, by: KindBy) -> Result<(), DbError> {
    tx.execute(&SET_KIND, params![id, kind, by.as_str()]).map(drop)
}

/// Marks it as to be sorted anew: something that joined its reports is gone.
///
/// # Errors
/// The database's.
pub fn unsort(tx: &mut Tx<'_>, id: SchemeId) -> Result<(), DbError> {
    tx.execute(&UNSORT, params![id]).map(drop)
}

/// Takes the mark away.
///
/// # Errors
/// The database's.
pub fn set_sorted(tx: &mut Tx<'_>, id: SchemeId) -> Result<(), DbError> {
    tx.execute(&SORTED, params![id]).map(drop)
}

/// The mark and the version of a scheme: whether anything has changed since it was looked at.
///
/// # Errors
/// The database's.
pub fn mark(tx: &mut Tx<'_>, id: SchemeId) -> Result<Option<(SchemeId, i64, i64)>, DbError> {
    tx.query_opt(&MARK, params![id], |r| Ok((SchemeId::from_uuid(r.get(0)?), r.get(1)?, r.get(2)?)))
}

/// Schemes to be sorted anew, the smallest first, with their mark and version.
///
/// # Errors
/// The database's.
pub fn unsorted(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<(SchemeId, i64, i64)>, DbError> {
    tx.query(&UNSORTED, params![limit], |r| Ok((SchemeId::from_uuid(r.get(0)?), r.get(1)?, r.get(2)?)))
}

/// Marks it as to be looked at for what is out of the ordinary.
///
/// # Errors
/// The database's.
pub fn unwatch(tx: &mut Tx<'_>, id: SchemeId) -> Result<(), DbError> {
    tx.execute(&UNWATCH, params![id]).map(drop)
}

/// Takes that mark away.
///
/// # Errors
/// The database's.
pub fn watched(tx: &mut Tx<'_>, id: SchemeId) -> Result<(), DbError> {
    tx.execute(&WATCHED, params![id]).map(drop)
}

/// Schemes to be looked at, the last grown first.
///
/// # Errors
/// The database's.
pub fn unwatched(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Scheme>, DbError> {
    tx.query(&UNWATCHED, params![limit], read)
}

/// How a list of schemes is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The last grown first.
    #[default]
    Last,
    /// The most reports first.
    Reports,
    /// The largest loss first.
    Loss,
    /// The newest number first.
    Number,
}

/// Which schemes are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// How the fraud is done; empty for any.
    pub kind: String,
    /// Only those with something out of the ordinary.
    pub alarms: bool,
    /// Only those with so many reports at least.
    pub reports: i64,
    /// In which order.
    pub order: Order,
}

/// Schemes that an office may see, and how many there are.
///
/// # Errors
/// The database's.
pub fn list(
    tx: &mut Tx<'_>,
    office: &access::Office,
    w: &Wanted,
    limit: i64,
) -> Result<(Vec<Scheme>, i64), DbError> {
    let [organisation, unit] = office.params();
    let filter =
        [organisation, unit, w.reports.max(1).into(), w.kind.as_str().into(), i64::from(w.alarms).into()];
    let count = tx.query_one(&COUNT, &filter, |r| r.get(0))?;
    let stmt = match w.order {
        Order::Last => &BY_LAST,
        Order::Reports => &BY_REPORTS,
        Order::Loss => &BY_LOSS,
        Order::Number => &BY_NUMBER,
    };
    let [a, b, c, d, e] = filter;
    Ok((tx.query(stmt, &[a, b, c, d, e, limit.into()], read)?, count))
}
