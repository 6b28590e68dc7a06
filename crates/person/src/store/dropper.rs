//! SQL of droppers.

use access::{Office, scope_where};
use app::{header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, Value, params};
use kernel::Timestamp;
use order::details::Knowledge;
use report::ReportId;

use crate::model::{Doubt, Dropper, DropperId, DropperStatus, PersonId, RecordId};

macro_rules! own_columns {
    () => {
        "record_id, status, knowledge, minor, guardian_told, voluntary, talked, proposed_by, listed_by, review_at, asked_at, version, \
         ground_id, doubt"
    };
}
macro_rules! select {
    ($($rest:expr),+) => {
        concat!("SELECT ", header_columns!(), ", ", own_columns!(), " FROM person_dropper ", $($rest),+)
    };
}

pub(super) const INSERT: Stmt = Stmt::both(
    "person.dropper_insert",
    concat!(
        "INSERT INTO person_dropper (",
        header_columns!(),
        ", ",
        own_columns!(),
        ", told_sealed) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31)"
    ),
);
pub(super) const FIND: Stmt = Stmt::both("person.dropper_find", select!("WHERE id = ?1"));
pub(super) const OF_PERSON: Stmt = Stmt::both(
    "person.droppers_of_person",
    select!(
        "WHERE record_id IN (SELECT r.id FROM person_record r WHERE r.person_id = ?1) \
         ORDER BY CASE status WHEN 'cleared' THEN 1 ELSE 0 END, created_at DESC, id LIMIT 20"
    ),
);
pub(super) const OF_RECORD: Stmt =
    Stmt::both("person.droppers_of_record", select!("WHERE record_id = ?1 ORDER BY id"));
// Whoever waits for an answer first, then the nearest review; in parts.
pub(super) const LIST: Stmt = Stmt::both(
    "person.droppers_list",
    select!(
        "WHERE ",
        scope_where!("?1", "?2"),
        " AND (?3 = '' OR status = ?3) AND (?3 <> '' OR status <> 'cleared') AND review_at <= ?4 \
         AND (CASE WHEN asked_at IS NULL AND doubt IS NULL THEN 1 ELSE 0 END > CAST(?5 AS BIGINT) \
         OR (CASE WHEN asked_at IS NULL AND doubt IS NULL THEN 1 ELSE 0 END = CAST(?5 AS BIGINT) AND (review_at > ?6 OR (review_at = ?6 AND id > ?7)))) \
         ORDER BY CASE WHEN asked_at IS NULL AND doubt IS NULL THEN 1 ELSE 0 END, review_at, id LIMIT ?8"
    ),
);
pub(super) const COUNT_DUE: Stmt = Stmt::both(
    "person.droppers_count_due",
    concat!(
        "SELECT COUNT(*) FROM person_dropper WHERE ",
        scope_where!("?1", "?2"),
        " AND status <> 'cleared' AND (review_at <= ?3 OR asked_at IS NOT NULL)"
    ),
);
pub(super) const FALLEN_DUE: Stmt = Stmt::both(
    "person.droppers_fallen_due",
    select!(
        "WHERE review_at <= ?1 AND status <> 'cleared' AND (due_told IS NULL OR due_told < review_at) ORDER BY review_at, id LIMIT ?2"
    ),
);
pub(super) const DUE_TOLD: Stmt = Stmt::both(
    "person.dropper_due_told",
    "UPDATE person_dropper SET due_told = review_at WHERE id = ?1 AND (due_told IS NULL OR due_told < review_at)",
);
// Matters that rest on a report: begun for it, or hanging on a record that it told.
pub(super) const RESTING: Stmt = Stmt::both(
    "person.droppers_resting",
    select!(
        "WHERE status <> 'cleared' AND (ground_id = ?1 OR record_id IN (SELECT r.id FROM person_record r WHERE r.report_id = ?1)) \
         ORDER BY id"
    ),
);
pub(super) const WEIGHTY: Stmt = Stmt::both(
    "person.dropper_weighty",
    "SELECT CAST(1 AS BIGINT) FROM person_record r JOIN person_dropper d ON d.record_id = r.id \
     WHERE r.person_id = ?1 AND d.status IN ('proposed', 'listed', 'case') LIMIT 1",
);
pub(super) const OPEN: Stmt = Stmt::both(
    "person.dropper_open",
    "SELECT CAST(1 AS BIGINT) FROM person_record r JOIN person_dropper d ON d.record_id = r.id \
     WHERE r.person_id = ?1 AND d.status <> 'cleared' LIMIT 1",
);
pub(super) const SAVE: Stmt = Stmt::both(
    "person.dropper_save",
    "UPDATE person_dropper SET status = ?3, knowledge = ?4, guardian_told = ?5, voluntary = ?6, talked = ?7, \
     proposed_by = ?8, listed_by = ?9, review_at = ?10, asked_at = ?11, minor = ?12, doubt = ?13, version = ?2 + 1 \
     WHERE id = ?1 AND version = ?2",
);
pub(super) const TELL: Stmt =
    Stmt::both("person.dropper_tell", "UPDATE person_dropper SET told_sealed = ?2 WHERE id = ?1");
pub(super) const SAY: Stmt =
    Stmt::both("person.dropper_say", "UPDATE person_dropper SET reason_sealed = ?2 WHERE id = ?1");
pub(super) const ASK: Stmt =
    Stmt::both("person.dropper_ask", "UPDATE person_dropper SET asked_sealed = ?2 WHERE id = ?1");
pub(super) const SEALED: Stmt = Stmt::both(
    "person.dropper_sealed",
    "SELECT told_sealed, reason_sealed, asked_sealed FROM person_dropper WHERE id = ?1",
);
pub(super) const REMOVE_OF: Stmt =
    Stmt::both("person.droppers_remove", "DELETE FROM person_dropper WHERE record_id = ?1");
// Which records came to the person on whom a matter is open since it was begun.
pub(super) const CAME: Stmt = Stmt::both(
    "person.came",
    "INSERT INTO person_came (dropper_id, record_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
);
pub(super) const CAME_ALL: Stmt = Stmt::both(
    "person.came_all",
    "INSERT INTO person_came (dropper_id, record_id) SELECT d.id, r.id FROM person_dropper d JOIN person_record r \
     ON r.person_id = ?2 WHERE d.id = ?1 AND r.taken_back_at IS NULL ON CONFLICT DO NOTHING",
);
pub(super) const SINCE: Stmt = Stmt::both(
    "person.came_since",
    "SELECT w.record_id FROM person_came w JOIN person_record r ON r.id = w.record_id \
     WHERE w.dropper_id = ?1 AND r.person_id = ?2 AND r.taken_back_at IS NULL ORDER BY w.record_id",
);
pub(super) const CAME_REMOVE: Stmt = Stmt::both(
    "person.came_remove",
    "DELETE FROM person_came WHERE record_id = ?1 \
     OR dropper_id IN (SELECT d.id FROM person_dropper d WHERE d.record_id = ?1)",
);

/// How many own columns never change and are in the row hash.
const FIXED: usize = 1;

fn read(row: &Row) -> Result<Dropper, DbError> {
    let (id, header) = app::header::read(row)?;
    let (status, knowledge): (String, Option<String>) = (row.get(17)?, row.get(18)?);
    let knowledge = match knowledge {
        Some(word) => {
            Some(Knowledge::parse(&word).ok_or_else(|| super::bug("person_dropper.knowledge", &word))?)
        }
        None => None,
    };
    let ground: Option<uuid::Uuid> = row.get(28)?;
    let doubt = match row.get::<Option<String>>(29)? {
        Some(word) => Some(Doubt::parse(&word).ok_or_else(|| super::bug("person_dropper.doubt", &word))?),
        None => None,
    };
    let flag = |column: usize| row.get::<i64>(column).map(|n| n != 0);
    Ok(Dropper {
        id: DropperId::from_uuid(id),
        header,
        record: row.get(16)?,
        status: DropperStatus::parse(&status).ok_or_else(|| super::bug("person_dropper.status", &status))?,
        knowledge,
        minor: flag(19)?,
        guardian_told: flag(20)?,
        voluntary: flag(21)?,
        talked: flag(22)?,
        proposed_by: row.get(23)?,
        listed_by: row.get(24)?,
        review_at: row.get(25)?,
        asked_at: row.get(26)?,
        version: row.get(27)?,
        ground: ground.map(ReportId::from_uuid),
        doubt,
    })
}

/// Writes down somebody who may be a dropper.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, d: &Dropper, told_sealed: &[u8]) -> Result<(), DbError> {
    let own = params![
        d.record,
        d.status.as_str(),
        d.knowledge.map(Knowledge::as_str),
        i64::from(d.minor),
        i64::from(d.guardian_told),
        i64::from(d.voluntary),
        i64::from(d.talked),
        d.proposed_by.as_deref(),
        d.listed_by.as_deref(),
        d.review_at,
        d.asked_at,
        d.version,
        d.ground.map(|id| id.uuid()),
        d.doubt.map(Doubt::as_str),
        told_sealed
    ];
    tx.execute(&INSERT, &app::header::values(d.id.uuid(), &d.header, own, FIXED)).map(drop)
}

/// One of them.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: DropperId) -> Result<Option<Dropper>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// What is written of a person as a dropper, what is open first.
///
/// # Errors
/// The database's.
pub fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Dropper>, DbError> {
    tx.query(&OF_PERSON, params![person], read)
}

/// What hangs on a record.
///
/// # Errors
/// The database's.
pub fn of_record(tx: &mut Tx<'_>, record: RecordId) -> Result<Vec<Dropper>, DbError> {
    tx.query(&OF_RECORD, params![record], read)
}

/// A place in the list of droppers: whether nobody waits for an answer, the day of review, the id.
pub type Place = (i64, Timestamp, DropperId);

/// Those that the office may see, behind a place; those who asked to be taken off or are in doubt first, then the nearest review. An
/// empty status means all that are not cleared; `till`: only those whose review is due then.
///
/// # Errors
/// The database's.
pub fn list(
    tx: &mut Tx<'_>,
    office: &Office,
    (status, till): (&str, Timestamp),
    ((flag, at, after), limit): (Place, i64),
) -> Result<Vec<Dropper>, DbError> {
    let mut all: Vec<Value> = office.params().to_vec();
    all.extend_from_slice(params![status, till, flag, at, after, limit]);
    tx.query(&LIST, &all, read)
}

/// How many wait for somebody who looks: whose review is due, or who asked to be taken off.
///
/// # Errors
/// The database's.
pub fn count_due(tx: &mut Tx<'_>, office: &Office, now: Timestamp) -> Result<i64, DbError> {
    let mut all: Vec<Value> = office.params().to_vec();
    all.extend_from_slice(params![now]);
    tx.query_one(&COUNT_DUE, &all, |r| r.get(0))
}

/// Those whose review has fallen due, and nobody was told yet.
///
/// # Errors
/// The database's.
pub fn fallen_due(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<Dropper>, DbError> {
    tx.query(&FALLEN_DUE, params![now, limit], read)
}

/// It was told that the review is due; `false`: somebody was faster.
///
/// # Errors
/// The database's.
pub fn due_told(tx: &mut Tx<'_>, id: DropperId) -> Result<bool, DbError> {
    Ok(tx.execute(&DUE_TOLD, params![id])? > 0)
}

/// Matters that rest on a report and are not cleared.
///
/// # Errors
/// The database's.
pub fn resting_on(tx: &mut Tx<'_>, report: ReportId) -> Result<Vec<Dropper>, DbError> {
    tx.query(&RESTING, params![report.uuid()], read)
}

/// Whether somebody is listed or about to be.
///
/// # Errors
/// The database's.
pub fn is_weighty(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, DbError> {
    Ok(tx.query_opt(&WEIGHTY, params![person], |r| r.get::<i64>(0))?.is_some())
}

/// Whether a matter of somebody's is open.
///
/// # Errors
/// The database's.
pub fn is_open(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, DbError> {
    Ok(tx.query_opt(&OPEN, params![person], |r| r.get::<i64>(0))?.is_some())
}

/// Keeps where the matter stands. Somebody faster makes the closure run again.
///
/// # Errors
/// The database's.
pub fn save(tx: &mut Tx<'_>, d: &Dropper) -> Result<(), DbError> {
    let all = params![
        d.id,
        d.version,
        d.status.as_str(),
        d.knowledge.map(Knowledge::as_str),
        i64::from(d.guardian_told),
        i64::from(d.voluntary),
        i64::from(d.talked),
        d.proposed_by.as_deref(),
        d.listed_by.as_deref(),
        d.review_at,
        d.asked_at,
        i64::from(d.minor),
        d.doubt.map(Doubt::as_str)
    ];
    tx.guarded(&SAVE, all)
}

/// What is told of them is another now.
///
/// # Errors
/// The database's.
pub fn tell(tx: &mut Tx<'_>, id: DropperId, sealed: &[u8]) -> Result<(), DbError> {
    tx.execute(&TELL, params![id, sealed]).map(drop)
}

/// Why it was decided so.
///
/// # Errors
/// The database's.
pub fn say(tx: &mut Tx<'_>, id: DropperId, sealed: &[u8]) -> Result<(), DbError> {
    tx.execute(&SAY, params![id, sealed]).map(drop)
}

/// Why they ask to be taken off.
///
/// # Errors
/// The database's.
pub fn ask(tx: &mut Tx<'_>, id: DropperId, sealed: &[u8]) -> Result<(), DbError> {
    tx.execute(&ASK, params![id, sealed]).map(drop)
}

/// What is told, why it was decided so, why they ask; sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// What is told.
    pub told: Vec<u8>,
    /// Why it was decided so.
    pub reason: Option<Vec<u8>>,
    /// Why they ask to be taken off.
    pub asked: Option<Vec<u8>>,
}

/// Whatever is sealed of one.
///
/// # Errors
/// The database's.
pub fn sealed(tx: &mut Tx<'_>, id: DropperId) -> Result<Sealed, DbError> {
    tx.query_one(&SEALED, params![id], |r| {
        Ok(Sealed { told: r.get(0)?, reason: r.get(1)?, asked: r.get(2)? })
    })
}

/// A record came to the person on whom a matter is open.
///
/// # Errors
/// The database's.
pub fn came(tx: &mut Tx<'_>, id: DropperId, record: RecordId) -> Result<(), DbError> {
    tx.execute(&CAME, params![id, record]).map(drop)
}

/// All records of another person came to the one on whom a matter is open.
///
/// # Errors
/// The database's.
pub fn came_all(tx: &mut Tx<'_>, id: DropperId, from: PersonId) -> Result<(), DbError> {
    tx.execute(&CAME_ALL, params![id, from]).map(drop)
}

/// Records that count and came to a person since a matter was begun on them, however old they are themselves.
///
/// # Errors
/// The database's.
pub fn came_since(tx: &mut Tx<'_>, id: DropperId, person: PersonId) -> Result<Vec<RecordId>, DbError> {
    tx.query(&SINCE, params![id, person], |r| r.get(0))
}

/// What hangs on a record goes with it, and to whose matter it came.
///
/// # Errors
/// The database's.
pub fn remove_of(tx: &mut Tx<'_>, record: RecordId) -> Result<(), DbError> {
    tx.execute(&CAME_REMOVE, params![record])?;
    tx.execute(&REMOVE_OF, params![record]).map(drop)
}
