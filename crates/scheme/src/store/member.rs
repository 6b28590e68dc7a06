//! SQL of members: what of each report makes it part of a scheme, and of which.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::{Lang, Marking, Timestamp};
use report::ReportId;
use uuid::Uuid;

use crate::model::{KindBy, Member, SchemeId};
use crate::near::Rows;
use crate::rules::Telling;

macro_rules! columns {
    () => {
        "report_id, scheme_id, alone, organisation_id, unit_id, marking, number, created_at, region, age, lang, bank, loss_minor, \
         kind, kind_by, says, signs, paying_at, told"
    };
}

pub(super) const PUT: Stmt = Stmt::both(
    "scheme.member_put",
    concat!(
        "INSERT INTO scheme_member (",
        columns!(),
        ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19) \
         ON CONFLICT (report_id) DO UPDATE SET region = excluded.region, age = excluded.age, bank = excluded.bank, \
         loss_minor = excluded.loss_minor, kind = excluded.kind, kind_by = excluded.kind_by, says = excluded.says, signs = excluded.signs, \
         paying_at = excluded.paying_at, told = excluded.told, marking = excluded.marking"
    ),
);
pub(super) const FIND: Stmt = Stmt::both(
    "scheme.member_find",
    concat!("SELECT ", columns!(), " FROM scheme_member WHERE report_id = ?1"),
);
pub(super) const SCHEME_OF: Stmt = Stmt::both(
    "scheme.member_scheme_of",
    "SELECT m.report_id, m.scheme_id FROM scheme_member m WHERE m.report_id = ?1 AND m.scheme_id IS NOT NULL",
);
pub(super) const PLACE_OF: Stmt = Stmt::both(
    "scheme.member_place_of",
    "SELECT scheme_id, alone, marking FROM scheme_member WHERE report_id = ?1",
);
pub(super) const TAG: Stmt = Stmt::both(
    "scheme.member_tag",
    "SELECT scheme_id, paying_at, bank FROM scheme_member WHERE report_id = ?1",
);
pub(super) const REMOVE: Stmt =
    Stmt::both("scheme.member_remove", "DELETE FROM scheme_member WHERE report_id = ?1");
pub(super) const PLACE: Stmt = Stmt::both(
    "scheme.member_place",
    "UPDATE scheme_member SET scheme_id = ?2, alone = ?3 WHERE report_id = ?1",
);
pub(super) const MOVE: Stmt =
    Stmt::both("scheme.member_move", "UPDATE scheme_member SET scheme_id = ?2 WHERE scheme_id = ?1");
pub(super) const OF_SCHEME: Stmt = Stmt::both(
    "scheme.member_of_scheme",
    "SELECT report_id, created_at, told FROM scheme_member WHERE scheme_id = ?1 AND created_at >= ?2 ORDER BY created_at, report_id LIMIT ?3",
);
pub(super) const ALL_OF: Stmt = Stmt::both(
    "scheme.member_all_of",
    "SELECT report_id, created_at FROM scheme_member WHERE scheme_id = ?1 ORDER BY created_at, report_id",
);
/// A page of what an office may see, the latest first.
pub(super) const PAGE: Stmt = Stmt::both(
    "scheme.member_page",
    concat!(
        "SELECT ",
        columns!(),
        " FROM scheme_member WHERE scheme_id = ?3 AND ",
        access::scope_where!("?1", "?2"),
        " ORDER BY created_at DESC, report_id DESC LIMIT ?4 OFFSET ?5"
    ),
);
pub(super) const GATHER: Stmt = Stmt::both(
    "scheme.member_gather",
    "UPDATE scheme_member SET scheme_id = ?2 WHERE scheme_id IS NULL AND NOT alone \
     AND report_id IN (SELECT report_id FROM scheme_naming WHERE thing_id = ?1)",
);
pub(super) const LATEST: Stmt = Stmt::both(
    "scheme.member_latest",
    concat!(
        "SELECT ",
        columns!(),
        " FROM scheme_member WHERE scheme_id = ?3 AND ",
        access::scope_where!("?1", "?2"),
        " ORDER BY created_at DESC, report_id DESC LIMIT ?4"
    ),
);
pub(super) const SEEN: Stmt = Stmt::both(
    "scheme.member_seen",
    concat!("SELECT COUNT(*) FROM scheme_member WHERE scheme_id = ?3 AND ", access::scope_where!("?1", "?2")),
);
pub(super) const PAYING: Stmt = Stmt::both(
    "scheme.member_paying",
    concat!(
        "SELECT COUNT(*) FROM scheme_member WHERE scheme_id = ?3 AND paying_at >= ?4 AND ",
        access::scope_where!("?1", "?2")
    ),
);
pub(super) const NUMBERS: Stmt = Stmt::both(
    "scheme.member_numbers",
    "SELECT m.number, s.no FROM scheme_member m JOIN scheme s ON s.id = m.scheme_id ORDER BY m.number",
);
pub(super) const AFTER: Stmt = Stmt::both(
    "scheme.member_after",
    "SELECT COUNT(*) FROM (SELECT 1 FROM scheme_member WHERE organisation_id = ?1 AND created_at > ?2 LIMIT 1) AS any_of_them",
);
pub(super) const STORIES: Stmt = Stmt::both(
    "scheme.member_stories",
    "SELECT kind, says, kind_by FROM scheme_member WHERE scheme_id = ?1 AND kind <> '' ORDER BY created_at, report_id",
);
/// Of those that everybody of the office may see.
pub(super) const TELLING: Stmt = Stmt::both(
    "scheme.member_telling",
    "SELECT COUNT(*) FROM scheme_member WHERE scheme_id = ?1 AND kind = ?2 \
     AND (substr(marking, 1, 6) IN ('clear/', 'green/', 'amber/') OR substr(marking, 1, 13) = 'amber_strict/')",
);
pub(super) const UNKNOWN: Stmt = Stmt::both(
    "scheme.member_unknown",
    "SELECT report_id FROM scheme_member WHERE kind_by IN ('', 'learnt') AND organisation_id = ?3 AND created_at >= ?1 \
     ORDER BY created_at DESC, report_id LIMIT ?2",
);

/// Writes what is known of a report now; where it belongs stays as it is.
///
/// # Errors
/// The database's.
pub fn put(tx: &mut Tx<'_>, m: &Member) -> Result<(), DbError> {
    let own = params![
        m.report,
        m.scheme,
        m.alone,
        m.organisation.as_str(),
        m.unit.as_str(),
        m.marking.to_text(),
        m.number.as_str(),
        m.at,
        m.region.as_str(),
        m.age.as_str(),
        m.lang.tag(),
        m.bank.as_str(),
        m.loss_minor,
        m.kind.as_str(),
        m.kind_by.as_str(),
        m.says,
        m.signs.join("\n"),
        m.paying_at,
        m.told.to_bytes()
    ];
    tx.execute(&PUT, own).map(drop)
}

fn scheme(id: Option<Uuid>) -> Option<SchemeId> {
    id.map(SchemeId::from_uuid)
}

fn read(row: &Row) -> Result<Member, DbError> {
    let signs: String = row.get(16)?;
    Ok(Member {
        report: ReportId::from_uuid(row.get(0)?),
        scheme: scheme(row.get(1)?),
        alone: row.get(2)?,
        organisation: row.get(3)?,
        unit: row.get(4)?,
        marking: Marking::from_text(&row.get::<String>(5)?),
        number: row.get(6)?,
        at: row.get(7)?,
        region: row.get(8)?,
        age: row.get(9)?,
        lang: Lang::new(&row.get::<String>(10)?).unwrap_or(Lang::EN),
        bank: row.get(11)?,
        loss_minor: row.get(12)?,
        kind: row.get(13)?,
        kind_by: KindBy::parse(&row.get::<String>(14)?).unwrap_or(KindBy::Nobody),
        says: row.get(15)?,
        signs: signs.lines().map(str::to_owned).collect(),
        paying_at: row.get(17)?,
        told: Rows::from_bytes(&row.get::<Vec<u8>>(18)?),
    })
}

/// What is known of a report.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, report: ReportId) -> Result<Option<Member>, DbError> {
    tx.query_opt(&FIND, params![report], read)
}

/// The scheme of a report, if it is in one.
///
/// # Errors
/// The database's.
pub fn scheme_of(tx: &mut Tx<'_>, report: ReportId) -> Result<Option<SchemeId>, DbError> {
    tx.query_opt(&SCHEME_OF, params![report], |r| Ok(SchemeId::from_uuid(r.get(1)?)))
}

/// Where a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its scheme.
    pub scheme: Option<SchemeId>,
    /// Somebody has said that it belongs to none.
    pub alone: bool,
    /// Everybody of the office may see it.
    pub open: bool,
}

/// Where a report stands; nothing of one that is not known.
///
/// # Errors
/// The database's.
pub fn standing(tx: &mut Tx<'_>, report: ReportId) -> Result<Option<Place>, DbError> {
    tx.query_opt(&PLACE_OF, params![report], |r| {
        let marking = Marking::from_text(&r.get::<String>(2)?);
        Ok(Place { scheme: scheme(r.get(0)?), alone: r.get(1)?, open: marking.tlp != kernel::Tlp::Red })
    })
}

/// Where a report belongs, and whether somebody has said that it belongs to none; nothing of one that is not known.
///
/// # Errors
/// The database's.
pub fn place_of(tx: &mut Tx<'_>, report: ReportId) -> Result<Option<(Option<SchemeId>, bool)>, DbError> {
    Ok(standing(tx, report)?.map(|place| (place.scheme, place.alone)))
}

/// Where a report belongs, when its reporter last paid after reporting, and the institution whose client they are.
pub type Tagged = (Option<SchemeId>, Option<Timestamp>, String);

/// The scheme of a report, if it is known at all, with what a list says beside it.
///
/// # Errors
/// The database's.
pub fn tag(tx: &mut Tx<'_>, report: ReportId) -> Result<Option<Tagged>, DbError> {
    tx.query_opt(&TAG, params![report], |r| Ok((scheme(r.get(0)?), r.get(1)?, r.get(2)?)))
}

/// Forgets a report.
///
/// # Errors
/// The database's.
pub fn remove(tx: &mut Tx<'_>, report: ReportId) -> Result<(), DbError> {
    tx.execute(&REMOVE, params![report]).map(drop)
}

/// All reports that are in a scheme, by their number, with the number of the scheme: for whoever compares them with something.
///
/// # Errors
/// The database's.
pub fn all_numbers(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>, DbError> {
    tx.query(&NUMBERS, params![], |r| Ok((r.get(0)?, crate::model::number(r.get(1)?))))
}

/// Whether reports are known that came after a moment.
///
/// # Errors
/// The database's.
pub fn any_after(tx: &mut Tx<'_>, organisation: &str, at: Timestamp) -> Result<bool, DbError> {
    Ok(tx.query_one(&AFTER, params![organisation, at], |r| r.get::<i64>(0))? > 0)
}

/// Puts a report into a scheme, or into none.
///
/// # Errors
/// The database's.
pub fn place(tx: &mut Tx<'_>, report: ReportId, to: Option<SchemeId>, alone: bool) -> Result<(), DbError> {
    tx.execute(&PLACE, params![report, to, alone]).map(drop)
}

/// Puts all of one scheme into another; gives how many.
///
/// # Errors
/// The database's.
pub fn move_all(tx: &mut Tx<'_>, from: SchemeId, to: SchemeId) -> Result<u64, DbError> {
    tx.execute(&MOVE, params![from, to])
}

/// Reports of a scheme from a moment on, with how they are told, so many at most.
///
/// # Errors
/// The database's.
pub fn of_scheme(
    tx: &mut Tx<'_>,
    id: SchemeId,
    from: Timestamp,
    limit: i64,
) -> Result<Vec<(ReportId, Timestamp, Rows)>, DbError> {
    tx.query(&OF_SCHEME, params![id, from, limit], |r| {
        Ok((ReportId::from_uuid(r.get(0)?), r.get(1)?, Rows::from_bytes(&r.get::<Vec<u8>>(2)?)))
    })
}

/// All reports of a scheme, in the order in which they came.
///
/// # Errors
/// The database's.
pub fn all_of(tx: &mut Tx<'_>, id: SchemeId) -> Result<Vec<(ReportId, Timestamp)>, DbError> {
    tx.query(&ALL_OF, params![id], |r| Ok((ReportId::from_uuid(r.get(0)?), r.get(1)?)))
}

/// Reports of a scheme that an office may see, the latest first, and how many there are.
///
/// # Errors
/// The database's.
pub fn page(
    tx: &mut Tx<'_>,
    office: &access::Office,
    id: SchemeId,
    (limit, offset): (i64, i64),
) -> Result<(Vec<Member>, i64), DbError> {
    let [organisation, unit] = office.params();
    let count = tx.query_one(&SEEN, &[organisation.clone(), unit.clone(), id.uuid().into()], |r| r.get(0))?;
    let all = tx.query(&PAGE, &[organisation, unit, id.uuid().into(), limit.into(), offset.into()], read)?;
    Ok((all, count))
}

/// How many reporters of a scheme were known to pay after reporting, since a moment.
///
/// # Errors
/// The database's.
pub fn paying(
    tx: &mut Tx<'_>,
    office: &access::Office,
    id: SchemeId,
    since: Timestamp,
) -> Result<i64, DbError> {
    let [organisation, unit] = office.params();
    tx.query_one(&PAYING, &[organisation, unit, id.into(), since.into()], |r| r.get(0))
}

/// Puts whoever names a thing and is by itself into a scheme. Gives how many.
///
/// # Errors
/// The database's.
pub fn gather(tx: &mut Tx<'_>, thing: Uuid, into: SchemeId) -> Result<u64, DbError> {
    tx.execute(&GATHER, params![thing, into])
}

/// The latest reports of a scheme that an office may see.
///
/// # Errors
/// The database's.
pub fn latest(
    tx: &mut Tx<'_>,
    office: &access::Office,
    id: SchemeId,
    limit: i64,
) -> Result<Vec<Member>, DbError> {
    let [organisation, unit] = office.params();
    tx.query(&LATEST, &[organisation, unit, id.into(), limit.into()], read)
}

/// Of what kinds the stories of a scheme tell, in the order in which its reports came; stories that tell of none are left out.
///
/// # Errors
/// The database's.
pub fn stories(tx: &mut Tx<'_>, id: SchemeId) -> Result<Vec<Telling>, DbError> {
    tx.query(&STORIES, params![id], |r| {
        let by: String = r.get(2)?;
        Ok(Telling { kind: r.get(0)?, says: r.get(1)?, words: by == KindBy::Words.as_str() })
    })
}

/// How many reports of a scheme tell of a kind, of those that everybody of the office may see.
///
/// # Errors
/// The database's.
pub fn telling(tx: &mut Tx<'_>, id: SchemeId, kind: &str) -> Result<i64, DbError> {
    tx.query_one(&TELLING, params![id, kind], |r| r.get(0))
}

/// The latest reports of which nobody knows how the fraud was done, or what was learnt says so alone.
///
/// # Errors
/// The database's.
pub fn unknown(
    tx: &mut Tx<'_>,
    organisation: &str,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<ReportId>, DbError> {
    tx.query(&UNKNOWN, params![since, limit, organisation], |r| Ok(ReportId::from_uuid(r.get(0)?)))
}
