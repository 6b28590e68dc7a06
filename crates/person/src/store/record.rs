//! SQL of records.

use access::{Office, scope_where};
use app::{header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, Value, params};
use kernel::Timestamp;
use report::ReportId;

use crate::model::{PersonId, PersonRecord, RecordId, Role, Source};

macro_rules! own_columns {
    () => {
        "source, source_id, report_id, subject_id, born_id, role, person_id, same, list_id, told_at, told_by, \
         taken_back_at, taken_back_by, is_cut"
    };
}
macro_rules! select {
    ($($rest:expr),+) => {
        concat!("SELECT ", header_columns!(), ", ", own_columns!(), " FROM person_record ", $($rest),+)
    };
}

pub(super) const INSERT: Stmt = Stmt::both(
    "person.record_insert",
    concat!(
        "INSERT INTO person_record (",
        header_columns!(),
        ", ",
        own_columns!(),
        ", told_sealed) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31)"
    ),
);
pub(super) const FIND: Stmt = Stmt::both("person.record_find", select!("WHERE id = ?1"));
pub(super) const OF_PERSON: Stmt = Stmt::both(
    "person.records_of_person",
    select!("WHERE person_id = ?1 AND taken_back_at IS NULL ORDER BY created_at, id LIMIT ?2"),
);
pub(super) const LATEST_OF: Stmt = Stmt::both(
    "person.records_latest_of",
    select!(
        "WHERE person_id = ?1 AND taken_back_at IS NULL AND created_at <= ?2 AND (created_at < ?2 OR id < ?3) \
         ORDER BY created_at DESC, id DESC LIMIT ?4"
    ),
);
pub(super) const LATEST_SEEN: Stmt = Stmt::both(
    "person.record_latest_seen",
    select!(
        "WHERE person_id = ?3 AND taken_back_at IS NULL AND ",
        scope_where!("?1", "?2"),
        " ORDER BY created_at DESC, id DESC LIMIT 1"
    ),
);
// What an officer may see of a person, also what was taken back, in parts.
pub(super) const SEEN_OF: Stmt = Stmt::both(
    "person.records_seen",
    select!(
        "WHERE person_id = ?3 AND ",
        scope_where!("?1", "?2"),
        " AND created_at >= ?4 AND (created_at > ?4 OR id > ?5) ORDER BY created_at, id LIMIT ?6"
    ),
);
pub(super) const COUNT_SEEN: Stmt = Stmt::both(
    "person.records_count_seen",
    concat!(
        "SELECT COUNT(*) FROM person_record WHERE person_id = ?3 AND taken_back_at IS NULL AND ",
        scope_where!("?1", "?2")
    ),
);
pub(super) const COUNT_OF: Stmt = Stmt::both(
    "person.records_count_of",
    "SELECT COUNT(*) FROM person_record WHERE person_id = ?1 AND taken_back_at IS NULL",
);
// Whether somebody has records that the office may not see.
pub(super) const HIDES: Stmt = Stmt::both(
    "person.records_hide",
    concat!(
        "SELECT CAST(1 AS BIGINT) FROM person_record WHERE person_id = ?3 AND CASE WHEN ",
        scope_where!("?1", "?2"),
        " THEN 0 ELSE 1 END = 1 LIMIT 1"
    ),
);
pub(super) const ROBBED: Stmt = Stmt::both(
    "person.records_robbed",
    "SELECT CAST(1 AS BIGINT) FROM person_record WHERE person_id = ?1 AND taken_back_at IS NULL \
     AND (role = 'victim' OR source = 'reporter') LIMIT 1",
);
// The record on which a matter would hang: no victim's if there is another, and of this report if one is.
pub(super) const BEST: Stmt = Stmt::both(
    "person.record_best",
    select!(
        "WHERE person_id = ?3 AND taken_back_at IS NULL AND ",
        scope_where!("?1", "?2"),
        " ORDER BY CASE WHEN role = 'victim' OR source = 'reporter' THEN 1 ELSE 0 END, \
         CASE WHEN report_id = ?4 THEN 0 ELSE 1 END, created_at, id LIMIT 1"
    ),
);
pub(super) const AGED: Stmt = Stmt::both(
    "person.records_aged",
    "SELECT CAST(1 AS BIGINT) FROM person_record WHERE person_id = ?1 AND taken_back_at IS NULL AND is_aged = 1 LIMIT 1",
);
pub(super) const SET_AGE: Stmt =
    Stmt::both("person.record_set_age", "UPDATE person_record SET is_aged = ?2, is_minor = ?3 WHERE id = ?1");
// Whoever was of age when it was told is so for ever; whoever was none is looked at again.
pub(super) const MINORS: Stmt = Stmt::both(
    "person.records_minors",
    select!(
        "WHERE person_id = ?1 AND taken_back_at IS NULL AND (is_minor = 1 OR is_minor IS NULL) ORDER BY created_at DESC, id"
    ),
);
pub(super) const MINORS_SEEN: Stmt = Stmt::both(
    "person.records_minors_seen",
    select!(
        "WHERE person_id = ?3 AND taken_back_at IS NULL AND (is_minor = 1 OR is_minor IS NULL) AND ",
        scope_where!("?1", "?2"),
        " ORDER BY created_at DESC, id"
    ),
);
pub(super) const LEAN: Stmt = Stmt::both(
    "person.records_lean",
    "SELECT id, person_id, born_id FROM person_record WHERE person_id = ?1 AND taken_back_at IS NULL ORDER BY id",
);
pub(super) const OF_REPORT: Stmt =
    Stmt::both("person.records_of_report", select!("WHERE report_id = ?1 ORDER BY id"));
pub(super) const OF_LIST: Stmt =
    Stmt::both("person.records_of_list", select!("WHERE list_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3"));
pub(super) const ALL_IDS: Stmt =
    Stmt::both("person.record_ids", "SELECT id FROM person_record WHERE id > ?1 ORDER BY id LIMIT ?2");
pub(super) const TOLD: Stmt =
    Stmt::both("person.told", "SELECT told_sealed FROM person_record WHERE id = ?1");
pub(super) const REWRITE: Stmt = Stmt::both(
    "person.rewrite",
    "UPDATE person_record SET role = ?2, same = ?3, told_sealed = ?4, told_at = ?5, told_by = ?6 WHERE id = ?1",
);
pub(super) const MOVE: Stmt =
    Stmt::both("person.move", "UPDATE person_record SET person_id = ?2 WHERE id = ?1");
pub(super) const MOVE_ALL: Stmt =
    Stmt::both("person.move_all", "UPDATE person_record SET person_id = ?2 WHERE person_id = ?1");
pub(super) const CUT: Stmt =
    Stmt::both("person.cut", "UPDATE person_record SET is_cut = ?2 WHERE id = ?1 AND is_cut <> ?2");
pub(super) const TAKE_BACK: Stmt = Stmt::both(
    "person.take_back",
    "UPDATE person_record SET taken_back_at = ?2, taken_back_by = ?3, taken_back_sealed = ?4 \
     WHERE id = ?1 AND taken_back_at IS NULL",
);
pub(super) const PUT_BACK: Stmt = Stmt::both(
    "person.put_back",
    "UPDATE person_record SET taken_back_at = NULL, taken_back_by = NULL, taken_back_sealed = NULL \
     WHERE id = ?1 AND taken_back_at IS NOT NULL",
);
pub(super) const WHY_BACK: Stmt =
    Stmt::both("person.why_back", "SELECT taken_back_sealed FROM person_record WHERE id = ?1");
pub(super) const REMOVE: Stmt = Stmt::both("person.record_remove", "DELETE FROM person_record WHERE id = ?1");

/// How many own columns never change and are in the row hash.
const FIXED: usize = 5;

fn read(row: &Row) -> Result<PersonRecord, DbError> {
    let (id, header) = app::header::read(row)?;
    let (source, role): (String, String) = (row.get(16)?, row.get(21)?);
    let report: Option<uuid::Uuid> = row.get(18)?;
    let (told_at, back): (Option<Timestamp>, Option<Timestamp>) = (row.get(25)?, row.get(27)?);
    Ok(PersonRecord {
        id: RecordId::from_uuid(id),
        source: Source::parse(&source).ok_or_else(|| super::bug("person_record.source", &source))?,
        source_id: row.get(17)?,
        report: report.map(ReportId::from_uuid),
        subject: row.get(19)?,
        role: Role::parse(&role).ok_or_else(|| super::bug("person_record.role", &role))?,
        born: row.get(20)?,
        person: row.get(22)?,
        same: row.get(23)?,
        list: row.get(24)?,
        told_at: told_at.unwrap_or(header.created_at),
        told_by: row.get::<Option<String>>(26)?.unwrap_or_else(|| header.author.clone()),
        taken_back: back.zip(row.get(28)?),
        cut: row.get::<i64>(29)? != 0,
        header,
    })
}

/// Writes a new record.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, r: &PersonRecord, told_sealed: &[u8]) -> Result<(), DbError> {
    let own = params![
        r.source.as_str(),
        r.source_id,
        r.report.map(|id| id.uuid()),
        r.subject,
        r.born,
        r.role.as_str(),
        r.person,
        r.same.as_slice(),
        r.list,
        r.told_at,
        r.told_by.as_str(),
        r.taken_back.as_ref().map(|(at, _)| *at),
        r.taken_back.as_ref().map(|(_, by)| by.as_str()),
        i64::from(r.cut),
        told_sealed
    ];
    tx.execute(&INSERT, &app::header::values(r.id.uuid(), &r.header, own, FIXED)).map(drop)
}

/// A record.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: RecordId) -> Result<Option<PersonRecord>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// Records of a person that count, oldest first.
///
/// # Errors
/// The database's.
pub fn of_person(tx: &mut Tx<'_>, person: PersonId, limit: i64) -> Result<Vec<PersonRecord>, DbError> {
    tx.query(&OF_PERSON, params![person, limit], read)
}

/// Records of a person that count, the latest first, before a place.
///
/// # Errors
/// The database's.
pub fn latest_of(
    tx: &mut Tx<'_>,
    person: PersonId,
    ((at, before), limit): ((Timestamp, RecordId), i64),
) -> Result<Vec<PersonRecord>, DbError> {
    tx.query(&LATEST_OF, params![person, at, before, limit], read)
}

/// The latest record of a person that counts and that the office may see.
///
/// # Errors
/// The database's.
pub fn latest_seen(
    tx: &mut Tx<'_>,
    office: &Office,
    person: PersonId,
) -> Result<Option<PersonRecord>, DbError> {
    let mut all: Vec<Value> = office.params().to_vec();
    all.extend_from_slice(params![person]);
    tx.query_opt(&LATEST_SEEN, &all, read)
}

/// Records of a person that the office may see, also what was taken back, oldest first, behind a place.
///
/// # Errors
/// The database's.
pub fn seen_of(
    tx: &mut Tx<'_>,
    office: &Office,
    person: PersonId,
    ((at, after), limit): ((Timestamp, RecordId), i64),
) -> Result<Vec<PersonRecord>, DbError> {
    let mut all: Vec<Value> = office.params().to_vec();
    all.extend_from_slice(params![person, at, after, limit]);
    tx.query(&SEEN_OF, &all, read)
}

/// How many records of a person the office may see.
///
/// # Errors
/// The database's.
pub fn count_seen(tx: &mut Tx<'_>, office: &Office, person: PersonId) -> Result<i64, DbError> {
    let mut all: Vec<Value> = office.params().to_vec();
    all.extend_from_slice(params![person]);
    tx.query_one(&COUNT_SEEN, &all, |r| r.get(0))
}

/// How many records a person has.
///
/// # Errors
/// The database's.
pub fn count_of(tx: &mut Tx<'_>, person: PersonId) -> Result<i64, DbError> {
    tx.query_one(&COUNT_OF, params![person], |r| r.get(0))
}

/// Whether a person has records that the office may not see.
///
/// # Errors
/// The database's.
pub fn hides(tx: &mut Tx<'_>, office: &Office, person: PersonId) -> Result<bool, DbError> {
    let mut all: Vec<Value> = office.params().to_vec();
    all.extend_from_slice(params![person]);
    Ok(tx.query_opt(&HIDES, &all, |r| r.get::<i64>(0))?.is_some())
}

/// Whether somebody was robbed, as one of their records says.
///
/// # Errors
/// The database's.
pub fn robbed(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, DbError> {
    Ok(tx.query_opt(&ROBBED, params![person], |r| r.get::<i64>(0))?.is_some())
}

/// The record of a person on which a matter would hang, of those that the office may see: no victim's if there is another, and of
/// this report if one is.
///
/// # Errors
/// The database's.
pub fn best_of(
    tx: &mut Tx<'_>,
    office: &Office,
    (person, report): (PersonId, ReportId),
) -> Result<Option<PersonRecord>, DbError> {
    let mut all: Vec<Value> = office.params().to_vec();
    all.extend_from_slice(params![person, report.uuid()]);
    tx.query_opt(&BEST, &all, read)
}

/// Whether any record of a person tells how old they are.
///
/// # Errors
/// The database's.
pub fn has_age(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, DbError> {
    Ok(tx.query_opt(&AGED, params![person], |r| r.get::<i64>(0))?.is_some())
}

/// Records of a person by which they may be a minor: those that told of one, and those that were not looked at yet. Of those that the
/// office may see, if one is given.
///
/// # Errors
/// The database's.
pub fn maybe_minors(
    tx: &mut Tx<'_>,
    office: Option<&Office>,
    person: PersonId,
) -> Result<Vec<PersonRecord>, DbError> {
    let mut all: Vec<Value> = office.map(|o| o.params().to_vec()).unwrap_or_default();
    all.extend_from_slice(params![person]);
    tx.query(if office.is_some() { &MINORS_SEEN } else { &MINORS }, &all, read)
}

/// Whether a record tells how old somebody is, and whether they are a minor.
///
/// # Errors
/// The database's.
pub fn set_age(tx: &mut Tx<'_>, id: RecordId, aged: bool, minor: bool) -> Result<(), DbError> {
    tx.execute(&SET_AGE, params![id, i64::from(aged), i64::from(minor)]).map(drop)
}

/// As much of a record as gathering needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lean {
    /// The record.
    pub id: RecordId,
    /// Whose it is.
    pub person: PersonId,
    /// The person that it began as.
    pub born: PersonId,
}

/// All records of a person that count.
///
/// # Errors
/// The database's.
pub fn lean_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Lean>, DbError> {
    tx.query(&LEAN, params![person], |r| Ok(Lean { id: r.get(0)?, person: r.get(1)?, born: r.get(2)? }))
}

/// Records that came with a list, behind one.
///
/// # Errors
/// The database's.
pub fn of_list(
    tx: &mut Tx<'_>,
    list: uuid::Uuid,
    after: RecordId,
    limit: i64,
) -> Result<Vec<PersonRecord>, DbError> {
    tx.query(&OF_LIST, params![list, after, limit], read)
}

/// Records that a report told.
///
/// # Errors
/// The database's.
pub fn of_report(tx: &mut Tx<'_>, report: ReportId) -> Result<Vec<PersonRecord>, DbError> {
    tx.query(&OF_REPORT, params![report], read)
}

/// Ids of records behind one, for going through all of them.
///
/// # Errors
/// The database's.
pub fn all_ids(tx: &mut Tx<'_>, after: RecordId, limit: i64) -> Result<Vec<RecordId>, DbError> {
    tx.query(&ALL_IDS, params![after, limit], |r| r.get(0))
}

/// What a record tells, sealed.
///
/// # Errors
/// The database's.
pub fn told(tx: &mut Tx<'_>, id: RecordId) -> Result<Option<Vec<u8>>, DbError> {
    tx.query_opt(&TOLD, params![id], |r| r.get(0))
}

/// What is told of them is another now, since when, and by whom.
///
/// # Errors
/// The database's.
pub fn rewrite(
    tx: &mut Tx<'_>,
    id: RecordId,
    role: Role,
    (same, sealed): (&[u8], &[u8]),
    (at, by): (Timestamp, &str),
) -> Result<(), DbError> {
    tx.execute(&REWRITE, params![id, role.as_str(), same, sealed, at, by]).map(drop)
}

/// All records of somebody are another person's, also what was taken back.
///
/// # Errors
/// The database's.
pub fn move_all(tx: &mut Tx<'_>, from: PersonId, into: PersonId) -> Result<(), DbError> {
    tx.execute(&MOVE_ALL, params![from, into]).map(drop)
}

/// Whether some were not compared with it.
///
/// # Errors
/// The database's.
pub fn set_cut(tx: &mut Tx<'_>, id: RecordId, cut: bool) -> Result<(), DbError> {
    tx.execute(&CUT, params![id, i64::from(cut)]).map(drop)
}

/// Somebody took it back, and why. Somebody faster makes the closure run again.
///
/// # Errors
/// The database's.
pub fn take_back(
    tx: &mut Tx<'_>,
    id: RecordId,
    (at, by): (Timestamp, &str),
    why: &[u8],
) -> Result<(), DbError> {
    tx.guarded(&TAKE_BACK, params![id, at, by, why])
}

/// It counts again. Somebody faster makes the closure run again.
///
/// # Errors
/// The database's.
pub fn put_back(tx: &mut Tx<'_>, id: RecordId) -> Result<(), DbError> {
    tx.guarded(&PUT_BACK, params![id])
}

/// Why it was taken back, sealed.
///
/// # Errors
/// The database's.
pub fn why_back(tx: &mut Tx<'_>, id: RecordId) -> Result<Option<Vec<u8>>, DbError> {
    Ok(tx.query_opt(&WHY_BACK, params![id], |r| r.get::<Option<Vec<u8>>>(0))?.flatten())
}

/// It is another person's.
///
/// # Errors
/// The database's.
pub fn move_to(tx: &mut Tx<'_>, id: RecordId, person: PersonId) -> Result<(), DbError> {
    tx.execute(&MOVE, params![id, person]).map(drop)
}

/// It goes.
///
/// # Errors
/// The database's.
pub fn remove(tx: &mut Tx<'_>, id: RecordId) -> Result<(), DbError> {
    tx.execute(&REMOVE, params![id]).map(drop)
}
