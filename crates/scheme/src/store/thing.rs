//! SQL of things by which reports are joined, of who names them, and of the bands in which stories are compared.

use db::{DbError, Row, Stmt, Tx, Value, params};
use identifier::Kind;
use kernel::Timestamp;
use report::ReportId;
use uuid::Uuid;

use crate::model::{How, Ruling, SchemeId, Thing};
use crate::near::{BANDS, Rows};

pub(super) const PUT: Stmt = Stmt::both(
    "scheme.thing_put",
    "INSERT INTO scheme_thing (id, kind, masked, own, imitates, ruling) VALUES (?1, ?2, ?3, ?4, ?5, '') \
     ON CONFLICT (id) DO UPDATE SET masked = excluded.masked, imitates = excluded.imitates",
);
pub(super) const FIND: Stmt = Stmt::both(
    "scheme.thing_find",
    "SELECT id, kind, masked, own, imitates, ruling FROM scheme_thing WHERE id = ?1",
);
pub(super) const RULE: Stmt =
    Stmt::both("scheme.thing_rule", "UPDATE scheme_thing SET ruling = ?2 WHERE id = ?1");
/// What nobody names any more is forgotten; of what somebody has said something of, that alone is kept.
pub(super) const FORGET: Stmt = Stmt::both(
    "scheme.thing_forget",
    "DELETE FROM scheme_thing WHERE id = ?1 AND ruling = '' AND NOT EXISTS (SELECT 1 FROM scheme_naming n WHERE n.thing_id = ?1)",
);
pub(super) const BLANK: Stmt = Stmt::both(
    "scheme.thing_blank",
    "UPDATE scheme_thing SET masked = '', imitates = '' WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM scheme_naming n WHERE n.thing_id = ?1)",
);
pub(super) const NAME: Stmt = Stmt::both(
    "scheme.name",
    "INSERT INTO scheme_naming (thing_id, report_id, at, how) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
);
pub(super) const UNNAME: Stmt = Stmt::both("scheme.unname", "DELETE FROM scheme_naming WHERE report_id = ?1");
pub(super) const OF_REPORT: Stmt = Stmt::both(
    "scheme.things_of_report",
    "SELECT t.id, t.kind, t.masked, t.own, t.imitates, t.ruling, n.how FROM scheme_naming n JOIN scheme_thing t ON t.id = n.thing_id \
     WHERE n.report_id = ?1 ORDER BY t.own DESC, t.id",
);
/// The first reports that name a thing and of which nobody has said that they belong to no scheme.
pub(super) const HOMES: Stmt = Stmt::both(
    "scheme.thing_homes",
    "SELECT n.report_id, m.scheme_id FROM scheme_naming n JOIN scheme_member m ON m.report_id = n.report_id \
     WHERE n.thing_id = ?1 AND n.report_id <> ?2 AND NOT m.alone ORDER BY n.at, n.report_id LIMIT 1",
);
pub(super) const NAMED_BY: Stmt = Stmt::both(
    "scheme.thing_named_by",
    "SELECT COUNT(*) FROM (SELECT 1 FROM scheme_naming WHERE thing_id = ?1 LIMIT ?2) AS some_of_them",
);
pub(super) const SCHEMES_OF: Stmt = Stmt::both(
    "scheme.thing_schemes",
    "SELECT DISTINCT m.scheme_id FROM scheme_naming n JOIN scheme_member m ON m.report_id = n.report_id \
     WHERE n.thing_id = ?1 AND m.scheme_id IS NOT NULL",
);
pub(super) const FIRST_IN: Stmt = Stmt::both(
    "scheme.thing_first_in",
    "SELECT n.report_id FROM scheme_naming n JOIN scheme_member m ON m.report_id = n.report_id \
     WHERE n.thing_id = ?1 AND m.scheme_id = ?2 AND NOT m.alone ORDER BY n.at, n.report_id LIMIT 1",
);
pub(super) const REPORTS_OF: Stmt = Stmt::both(
    "scheme.thing_reports",
    "SELECT report_id FROM scheme_naming WHERE thing_id = ?1 ORDER BY at, report_id",
);
/// What the latest reports of a scheme name, by how many of them.
pub(super) const OF_SCHEME: Stmt = Stmt::both(
    "scheme.things_of_scheme",
    "SELECT t.id, t.kind, t.masked, t.own, t.imitates, t.ruling, s.how, s.reports FROM \
     (SELECT n.thing_id, MIN(n.how) AS how, COUNT(*) AS reports FROM \
       (SELECT report_id FROM scheme_member WHERE scheme_id = ?1 AND (substr(marking, 1, 6) IN ('clear/', 'green/', 'amber/') \
        OR substr(marking, 1, 13) = 'amber_strict/') ORDER BY created_at DESC LIMIT 5000) m \
       JOIN scheme_naming n ON n.report_id = m.report_id GROUP BY n.thing_id) s \
     JOIN scheme_thing t ON t.id = s.thing_id ORDER BY s.reports DESC, t.id LIMIT ?2",
);
pub(super) const ANY_OWN: Stmt = Stmt::both(
    "scheme.thing_any_own",
    "SELECT COUNT(*) FROM (SELECT 1 FROM scheme_member m JOIN scheme_naming n ON n.report_id = m.report_id \
     JOIN scheme_thing t ON t.id = n.thing_id WHERE m.scheme_id = ?1 AND ((t.own AND t.ruling = '') OR t.ruling = 'own') LIMIT 1) AS any_of_them",
);
pub(super) const NAMINGS: Stmt = Stmt::both(
    "scheme.namings_of_scheme",
    "SELECT n.thing_id, n.report_id FROM scheme_member m JOIN scheme_naming n ON n.report_id = m.report_id \
     WHERE m.scheme_id = ?1 ORDER BY n.thing_id, n.at, n.report_id",
);
pub(super) const BAND: Stmt = Stmt::both(
    "scheme.band",
    "INSERT INTO scheme_band (band, at, report_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
);
pub(super) const UNBAND: Stmt = Stmt::both("scheme.unband", "DELETE FROM scheme_band WHERE report_id = ?1");

/// The first reports of one band, for `UNION`: nearly the same stories have nearly the same bands, so each is found many times.
macro_rules! first_of {
    ($n:literal) => {
        concat!(
            "SELECT * FROM (SELECT report_id FROM scheme_band WHERE band = ?",
            $n,
            " ORDER BY at, report_id LIMIT 32) AS b",
            $n
        )
    };
}
macro_rules! first_of_all {
    ($first:literal $(, $n:literal)*) => {
        concat!(
            "SELECT m.report_id, m.scheme_id, m.alone, m.told, m.created_at FROM (",
            first_of!($first),
            $(" UNION ", first_of!($n),)*
            ") AS found JOIN scheme_member m ON m.report_id = found.report_id WHERE (m.scheme_id IS NULL OR m.scheme_id <> ?21)"
        )
    };
}
pub(super) const NEAR: Stmt = Stmt::both(
    "scheme.near",
    first_of_all!(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20),
);
/// The first reports of one band that an office may see.
macro_rules! first_seen {
    ($n:literal) => {
        concat!(
            "SELECT * FROM (SELECT b.report_id FROM scheme_band b JOIN scheme_member s ON s.report_id = b.report_id WHERE b.band = ?",
            $n,
            " AND ",
            access::scope_where!("?21", "?22", "s."),
            " ORDER BY b.at, b.report_id LIMIT 32) AS b",
            $n
        )
    };
}
macro_rules! first_seen_of_all {
    ($first:literal $(, $n:literal)*) => {
        concat!(
            "SELECT m.report_id, m.scheme_id, m.alone, m.told, m.created_at FROM (",
            first_seen!($first),
            $(" UNION ", first_seen!($n),)*
            ") AS found JOIN scheme_member m ON m.report_id = found.report_id"
        )
    };
}
pub(super) const NEAR_SEEN: Stmt = Stmt::both(
    "scheme.near_seen",
    first_seen_of_all!(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20),
);
/// Reports of a band that came later than the one that is looked at.
pub(super) const LATER: Stmt = Stmt::both(
    "scheme.band_later",
    "SELECT m.report_id, m.scheme_id, m.alone, m.told, m.created_at FROM \
     (SELECT report_id FROM scheme_band WHERE band = ?1 AND (at > ?2 OR (at = ?2 AND report_id > ?3)) ORDER BY at, report_id LIMIT 200) b \
     JOIN scheme_member m ON m.report_id = b.report_id WHERE (m.scheme_id IS NULL OR m.scheme_id <> ?4)",
);

/// Makes a thing known.
///
/// # Errors
/// The database's.
pub fn put(tx: &mut Tx<'_>, t: &Thing) -> Result<(), DbError> {
    let own = params![t.id, t.kind.as_str(), t.masked.as_str(), t.own, t.imitates.as_str()];
    tx.execute(&PUT, own).map(drop)
}

fn read(r: &Row) -> Result<Thing, DbError> {
    let (kind, ruling): (String, String) = (r.get(1)?, r.get(5)?);
    let bug = |column: &str, text: &str| DbError::Bug(format!("`scheme_thing.{column}` holds `{text}`"));
    Ok(Thing {
        id: r.get(0)?,
        kind: Kind::parse(&kind).ok_or_else(|| bug("kind", &kind))?,
        masked: r.get(2)?,
        own: r.get(3)?,
        imitates: r.get(4)?,
        ruling: Ruling::parse(&ruling).ok_or_else(|| bug("ruling", &ruling))?,
    })
}

fn how(r: &Row, column: usize) -> Result<How, DbError> {
    let how: String = r.get(column)?;
    How::parse(&how).ok_or_else(|| DbError::Bug(format!("`scheme_naming.how` holds `{how}`")))
}

/// The thing with this id.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Thing>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// Forgets a thing that nobody names any more.
///
/// # Errors
/// The database's.
pub fn forget(tx: &mut Tx<'_>, id: Uuid) -> Result<(), DbError> {
    tx.execute(&FORGET, params![id])?;
    tx.execute(&BLANK, params![id]).map(drop)
}

/// Keeps what somebody has said of a thing.
///
/// # Errors
/// The database's.
pub fn rule(tx: &mut Tx<'_>, id: Uuid, ruling: Ruling) -> Result<(), DbError> {
    tx.execute(&RULE, params![id, ruling.as_str()]).map(drop)
}

/// Puts down that a report names a thing.
///
/// # Errors
/// The database's.
pub fn name(tx: &mut Tx<'_>, thing: Uuid, report: ReportId, at: Timestamp, how: How) -> Result<(), DbError> {
    tx.execute(&NAME, params![thing, report, at, how.as_str()]).map(drop)
}

/// Forgets what a report names.
///
/// # Errors
/// The database's.
pub fn unname(tx: &mut Tx<'_>, report: ReportId) -> Result<(), DbError> {
    tx.execute(&UNNAME, params![report]).map(drop)
}

/// What a report names, and how.
///
/// # Errors
/// The database's.
pub fn of_report(tx: &mut Tx<'_>, report: ReportId) -> Result<Vec<(Thing, How)>, DbError> {
    tx.query(&OF_REPORT, params![report], |r| Ok((read(r)?, how(r, 6)?)))
}

/// The first report that names a thing, but for one, and its scheme.
///
/// # Errors
/// The database's.
pub fn home(
    tx: &mut Tx<'_>,
    thing: Uuid,
    but: ReportId,
) -> Result<Option<(ReportId, Option<SchemeId>)>, DbError> {
    tx.query_opt(&HOMES, params![thing, but], |r| {
        Ok((ReportId::from_uuid(r.get(0)?), r.get::<Option<Uuid>>(1)?.map(SchemeId::from_uuid)))
    })
}

/// How many reports name a thing, as far as `limit`.
///
/// # Errors
/// The database's.
pub fn named_by(tx: &mut Tx<'_>, thing: Uuid, limit: usize) -> Result<usize, DbError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let count: i64 = tx.query_one(&NAMED_BY, params![thing, limit], |r| r.get(0))?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// The schemes of the reports that name a thing.
///
/// # Errors
/// The database's.
pub fn schemes_of(tx: &mut Tx<'_>, thing: Uuid) -> Result<Vec<SchemeId>, DbError> {
    tx.query(&SCHEMES_OF, params![thing], |r| Ok(SchemeId::from_uuid(r.get(0)?)))
}

/// The reports that name a thing, in the order in which they came.
///
/// # Errors
/// The database's.
pub fn reports_of(tx: &mut Tx<'_>, thing: Uuid) -> Result<Vec<ReportId>, DbError> {
    tx.query(&REPORTS_OF, params![thing], |r| Ok(ReportId::from_uuid(r.get(0)?)))
}

/// The first report of a scheme that names a thing.
///
/// # Errors
/// The database's.
pub fn first_in(tx: &mut Tx<'_>, thing: Uuid, scheme: SchemeId) -> Result<Option<ReportId>, DbError> {
    tx.query_opt(&FIRST_IN, params![thing, scheme], |r| Ok(ReportId::from_uuid(r.get(0)?)))
}

/// What the latest five thousand reports of a scheme name, by how many of them, the most named first.
///
/// # Errors
/// The database's.
pub fn of_scheme(tx: &mut Tx<'_>, id: SchemeId, limit: i64) -> Result<Vec<(Thing, How, i64)>, DbError> {
    tx.query(&OF_SCHEME, params![id, limit], |r| Ok((read(r)?, how(r, 6)?, r.get(7)?)))
}

/// Whether a scheme's reports name things that are somebody's own.
///
/// # Errors
/// The database's.
pub fn any_own(tx: &mut Tx<'_>, id: SchemeId) -> Result<bool, DbError> {
    Ok(tx.query_one(&ANY_OWN, params![id], |r| r.get::<i64>(0))? > 0)
}

/// Who names what in a scheme, by thing, in the order in which the reports came.
///
/// # Errors
/// The database's.
pub fn namings(tx: &mut Tx<'_>, id: SchemeId) -> Result<Vec<(Uuid, ReportId)>, DbError> {
    tx.query(&NAMINGS, params![id], |r| Ok((r.get(0)?, ReportId::from_uuid(r.get(1)?))))
}

/// Puts a report's story into its bands.
///
/// # Errors
/// The database's.
pub fn band(tx: &mut Tx<'_>, bands: &[i64], at: Timestamp, report: ReportId) -> Result<(), DbError> {
    bands.iter().try_for_each(|band| tx.execute(&BAND, params![*band, at, report]).map(drop))
}

/// Takes it out of them.
///
/// # Errors
/// The database's.
pub fn unband(tx: &mut Tx<'_>, report: ReportId) -> Result<(), DbError> {
    tx.execute(&UNBAND, params![report]).map(drop)
}

/// A report that lies near another one.
#[derive(Debug, Clone)]
pub struct Near {
    /// The report.
    pub report: ReportId,
    /// Its scheme.
    pub scheme: Option<SchemeId>,
    /// Somebody has said that it belongs to none.
    pub alone: bool,
    /// How it is told.
    pub told: Rows,
    /// When it came.
    pub came: Timestamp,
}

fn near_row(r: &Row) -> Result<Near, DbError> {
    Ok(Near {
        report: ReportId::from_uuid(r.get(0)?),
        scheme: r.get::<Option<Uuid>>(1)?.map(SchemeId::from_uuid),
        alone: r.get(2)?,
        told: Rows::from_bytes(&r.get::<Vec<u8>>(3)?),
        came: r.get(4)?,
    })
}

/// The first reports of each band, but for those of one scheme.
///
/// # Errors
/// The database's.
pub fn near(tx: &mut Tx<'_>, bands: &[i64], but: Option<SchemeId>) -> Result<Vec<Near>, DbError> {
    if bands.len() != BANDS {
        return Ok(Vec::new());
    }
    let mut places: Vec<Value> = bands.iter().map(|band| Value::from(*band)).collect();
    places.push(but.map_or(Uuid::nil(), SchemeId::uuid).into());
    tx.query(&NEAR, &places, near_row)
}

/// The first reports of each band that an office may see: whatever it may not see takes nobody's place.
///
/// # Errors
/// The database's.
pub fn near_seen(tx: &mut Tx<'_>, office: &access::Office, bands: &[i64]) -> Result<Vec<Near>, DbError> {
    if bands.len() != BANDS {
        return Ok(Vec::new());
    }
    let places = bands.iter().map(|band| Value::from(*band)).chain(office.params());
    tx.query(&NEAR_SEEN, &places.collect::<Vec<_>>(), near_row)
}

/// Of the next two hundred reports of a band that came later than one, those that are not in its scheme.
///
/// # Errors
/// The database's.
pub fn later(
    tx: &mut Tx<'_>,
    band: i64,
    (at, report): (Timestamp, ReportId),
    but: Option<SchemeId>,
) -> Result<Vec<Near>, DbError> {
    tx.query(&LATER, params![band, at, report, but.map_or(Uuid::nil(), SchemeId::uuid)], near_row)
}
