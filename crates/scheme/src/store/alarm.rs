//! SQL of what is out of the ordinary.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::{Alarm, AlarmId, AlarmWhat, SchemeId};

macro_rules! columns {
    () => {
        "id, scheme_id, what, subject, raised_at, last_at, seen, expected_milli, chance_e"
    };
}

/// The same alarm again is the same row with newer figures; one that was closed stays closed until it is raised anew.
pub(super) const RAISE: Stmt = Stmt::both(
    "scheme.alarm_raise",
    "INSERT INTO scheme_alarm (id, organisation_id, scheme_id, what, subject, raised_at, last_at, seen, expected_milli, chance_e, \
     closed_at, closed_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9, NULL, NULL) \
     ON CONFLICT (id) DO UPDATE SET last_at = excluded.last_at, seen = excluded.seen, \
     expected_milli = excluded.expected_milli, chance_e = excluded.chance_e",
);
pub(super) const OPEN_OF: Stmt = Stmt::both(
    "scheme.alarm_open_of",
    concat!(
        "SELECT ",
        columns!(),
        " FROM scheme_alarm WHERE scheme_id = ?1 AND closed_at IS NULL ORDER BY raised_at DESC, id"
    ),
);
pub(super) const OPEN: Stmt = Stmt::both(
    "scheme.alarm_open",
    concat!(
        "SELECT ",
        columns!(),
        " FROM scheme_alarm WHERE organisation_id = ?1 AND closed_at IS NULL ORDER BY raised_at DESC, id LIMIT ?2"
    ),
);
pub(super) const FIND: Stmt = Stmt::both(
    "scheme.alarm_find",
    concat!("SELECT ", columns!(), " FROM scheme_alarm WHERE id = ?1 AND organisation_id = ?2"),
);
pub(super) const STANDING: Stmt =
    Stmt::both("scheme.alarm_standing", "SELECT COUNT(*) FROM scheme_alarm WHERE id = ?1");
pub(super) const CLOSE: Stmt = Stmt::both(
    "scheme.alarm_close",
    "UPDATE scheme_alarm SET closed_at = ?2, closed_by = ?3 WHERE id = ?1 AND closed_at IS NULL",
);
pub(super) const MOVE: Stmt =
    Stmt::both("scheme.alarm_move", "UPDATE scheme_alarm SET scheme_id = ?2 WHERE scheme_id = ?1");
pub(super) const COUNT: Stmt = Stmt::both(
    "scheme.alarm_count",
    "UPDATE scheme SET alarms = (SELECT COUNT(*) FROM scheme_alarm a WHERE a.scheme_id = ?1 AND a.closed_at IS NULL) WHERE id = ?1",
);

fn read(r: &Row) -> Result<Alarm, DbError> {
    let what: String = r.get(2)?;
    Ok(Alarm {
        id: AlarmId::from_uuid(r.get(0)?),
        scheme: r.get::<Option<Uuid>>(1)?.map(SchemeId::from_uuid),
        what: AlarmWhat::parse(&what)
            .ok_or_else(|| DbError::Bug(format!("`scheme_alarm.what` holds `{what}`")))?,
        subject: r.get(3)?,
        raised_at: r.get(4)?,
        last_at: r.get(5)?,
        seen: r.get(6)?,
        expected_milli: r.get(7)?,
        chance_e: r.get(8)?,
    })
}

/// Raises an alarm, or renews its figures. `true` if it is new.
///
/// # Errors
/// The database's.
pub fn raise(tx: &mut Tx<'_>, organisation: &str, a: &Alarm) -> Result<bool, DbError> {
    let known: i64 = tx.query_one(&STANDING, params![a.id], |r| r.get(0))?;
    let own = params![
        a.id,
        organisation,
        a.scheme,
        a.what.as_str(),
        a.subject.as_str(),
        a.raised_at,
        a.seen,
        a.expected_milli,
        a.chance_e
    ];
    tx.execute(&RAISE, own)?;
    Ok(known == 0)
}

/// What is out of the ordinary with a scheme and nobody has seen.
///
/// # Errors
/// The database's.
pub fn open_of(tx: &mut Tx<'_>, id: SchemeId) -> Result<Vec<Alarm>, DbError> {
    tx.query(&OPEN_OF, params![id], read)
}

/// The same of an organisation, the latest first.
///
/// # Errors
/// The database's.
pub fn open(tx: &mut Tx<'_>, organisation: &str, limit: i64) -> Result<Vec<Alarm>, DbError> {
    tx.query(&OPEN, params![organisation, limit], read)
}

/// The alarm with this key.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, organisation: &str, id: AlarmId) -> Result<Option<Alarm>, DbError> {
    tx.query_opt(&FIND, params![id, organisation], read)
}

/// Somebody has seen it. `false` if somebody had before.
///
/// # Errors
/// The database's.
pub fn close(tx: &mut Tx<'_>, id: AlarmId, at: Timestamp, by: &str) -> Result<bool, DbError> {
    Ok(tx.execute(&CLOSE, params![id, at, by])? == 1)
}

/// Makes the alarms of one scheme another's.
///
/// # Errors
/// The database's.
pub fn move_all(tx: &mut Tx<'_>, from: SchemeId, to: SchemeId) -> Result<(), DbError> {
    tx.execute(&MOVE, params![from, to])?;
    count(tx, to)
}

/// Counts a scheme's open alarms anew.
///
/// # Errors
/// The database's.
pub fn count(tx: &mut Tx<'_>, id: SchemeId) -> Result<(), DbError> {
    tx.execute(&COUNT, params![id]).map(drop)
}
