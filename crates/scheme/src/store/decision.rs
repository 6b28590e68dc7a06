//! SQL of what people have decided, and of the reports that stay where they put them.

use app::{header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use report::ReportId;
use uuid::Uuid;

use crate::model::{Decision, DecisionId, SchemeId, What};

macro_rules! columns {
    () => {
        "what, scheme_id, other_id, thing_id, word, reports, undone_at"
    };
}
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            header_columns!(),
            ", ",
            columns!(),
            ", reason_sealed FROM scheme_decision ",
            $rest
        )
    };
}

pub(super) const INSERT: Stmt = Stmt::both(
    "scheme.decision_insert",
    concat!(
        "INSERT INTO scheme_decision (",
        header_columns!(),
        ", ",
        columns!(),
        ", reason_sealed, undone_by) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, NULL, ?23, NULL)"
    ),
);
pub(super) const FIND: Stmt = Stmt::both("scheme.decision_find", select!("WHERE id = ?1"));
/// A scheme with all that became part of it.
macro_rules! with_parts {
    () => {
        "(WITH RECURSIVE part(id) AS (SELECT ?1 UNION SELECT s.id FROM scheme s JOIN part ON s.into_id = part.id) SELECT id FROM part)"
    };
}
/// The same where a bare placeholder has no type.
macro_rules! with_parts_postgres {
    () => {
        "(WITH RECURSIVE part(id) AS (SELECT CAST(?1 AS UUID) UNION SELECT s.id FROM scheme s JOIN part ON s.into_id = part.id) \
         SELECT id FROM part)"
    };
}
pub(super) const OF_SCHEME: Stmt = Stmt::split(
    "scheme.decision_of_scheme",
    concat!(
        "SELECT ",
        header_columns!(),
        ", ",
        columns!(),
        ", reason_sealed FROM scheme_decision WHERE scheme_id IN ",
        with_parts!(),
        " OR other_id IN ",
        with_parts!(),
        " ORDER BY created_at DESC, id DESC LIMIT 100"
    ),
    concat!(
        "SELECT ",
        header_columns!(),
        ", ",
        columns!(),
        ", reason_sealed FROM scheme_decision WHERE scheme_id IN ",
        with_parts_postgres!(),
        " OR other_id IN ",
        with_parts_postgres!(),
        " ORDER BY created_at DESC, id DESC LIMIT 100"
    ),
);
/// The last kind that an officer said of a scheme, or of what became part of it.
pub(super) const SAID_KIND: Stmt = Stmt::split(
    "scheme.decision_said_kind",
    concat!(
        "SELECT word FROM scheme_decision WHERE what = 'kind' AND undone_at IS NULL AND scheme_id IN ",
        with_parts!(),
        " ORDER BY created_at DESC, id DESC LIMIT 1"
    ),
    concat!(
        "SELECT word FROM scheme_decision WHERE what = 'kind' AND undone_at IS NULL AND scheme_id IN ",
        with_parts_postgres!(),
        " ORDER BY created_at DESC, id DESC LIMIT 1"
    ),
);
/// The last that was said of a thing.
pub(super) const SAID_OF: Stmt = Stmt::both(
    "scheme.decision_said_of",
    "SELECT word FROM scheme_decision WHERE what = 'ruled' AND undone_at IS NULL AND thing_id = ?1 \
     ORDER BY created_at DESC, id DESC LIMIT 1",
);
pub(super) const OF_THING: Stmt = Stmt::both(
    "scheme.decision_of_thing",
    select!("WHERE thing_id = ?1 AND undone_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 1"),
);
pub(super) const PARTED: Stmt = Stmt::both(
    "scheme.decision_parted",
    "SELECT scheme_id, other_id FROM scheme_decision WHERE what = 'parted' AND undone_at IS NULL ORDER BY created_at, id",
);
/// What became of schemes that people keep apart and that are part of others by now.
pub(super) const PARTED_TODAY: Stmt = Stmt::both(
    "scheme.decision_parted_today",
    "WITH RECURSIVE parted (id) AS (SELECT scheme_id FROM scheme_decision WHERE what = 'parted' AND undone_at IS NULL \
     UNION SELECT other_id FROM scheme_decision WHERE what = 'parted' AND undone_at IS NULL AND other_id IS NOT NULL), \
     way (id, now) AS (SELECT id, id FROM parted UNION SELECT w.id, s.into_id FROM way w JOIN scheme s ON s.id = w.now WHERE s.into_id IS NOT NULL) \
     SELECT w.id, w.now FROM way w JOIN scheme s ON s.id = w.now WHERE s.into_id IS NULL AND w.id <> w.now ORDER BY w.id",
);
pub(super) const PARTING: Stmt = Stmt::both(
    "scheme.decision_parting",
    "SELECT id FROM scheme_decision WHERE what = 'parted' AND undone_at IS NULL \
     AND ((scheme_id = ?1 AND other_id = ?2) OR (scheme_id = ?2 AND other_id = ?1))",
);
pub(super) const UNDO: Stmt = Stmt::both(
    "scheme.decision_undo",
    "UPDATE scheme_decision SET undone_at = ?2, undone_by = ?3 WHERE id = ?1 AND undone_at IS NULL",
);
pub(super) const PIN: Stmt = Stmt::both(
    "scheme.pin",
    "INSERT INTO scheme_pin (report_id, decision_id, at, scheme_id) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
);
/// Everything that is in a scheme stays in it.
pub(super) const PIN_SCHEME: Stmt = Stmt::both(
    "scheme.pin_scheme",
    "INSERT INTO scheme_pin (report_id, decision_id, at, scheme_id) \
     SELECT report_id, ?2, ?3, ?4 FROM scheme_member WHERE scheme_id = ?1",
);
/// Pins of a scheme's reports, the last of each first.
pub(super) const PINS: Stmt = Stmt::both(
    "scheme.pins",
    "SELECT p.report_id, p.scheme_id FROM scheme_member m JOIN scheme_pin p ON p.report_id = m.report_id \
     JOIN scheme_decision d ON d.id = p.decision_id WHERE m.scheme_id = ?1 AND d.undone_at IS NULL \
     ORDER BY p.report_id, p.at DESC, p.decision_id DESC",
);
pub(super) const PIN_OF: Stmt = Stmt::both(
    "scheme.pin_of",
    "SELECT p.scheme_id FROM scheme_pin p JOIN scheme_decision d ON d.id = p.decision_id \
     WHERE p.report_id = ?1 AND d.undone_at IS NULL ORDER BY p.at DESC, p.decision_id DESC LIMIT 1",
);
pub(super) const PINNED: Stmt =
    Stmt::both("scheme.pinned", "SELECT report_id FROM scheme_pin WHERE decision_id = ?1 ORDER BY report_id");
/// Decisions that hold two sides together by a report of each.
pub(super) const HOLDING: Stmt = Stmt::both(
    "scheme.pin_holding",
    "SELECT p.decision_id, p.at, p.scheme_id FROM scheme_pin p JOIN scheme_decision d ON d.id = p.decision_id \
     WHERE p.report_id = ?1 AND d.undone_at IS NULL AND d.what IN ('in', 'joined') AND p.scheme_id IS NOT NULL",
);
pub(super) const ABOUT_REPORT: Stmt = Stmt::both(
    "scheme.decision_about_report",
    "SELECT d.id FROM scheme_pin p JOIN scheme_decision d ON d.id = p.decision_id WHERE p.report_id = ?1 \
     AND (d.what IN ('in', 'out') OR (d.what = 'parted' AND p.scheme_id = d.other_id))",
);
pub(super) const UNPIN_REPORT: Stmt =
    Stmt::both("scheme.unpin_report", "DELETE FROM scheme_pin WHERE report_id = ?1");

/// Own columns that never change and are in the row hash.
const FIXED: usize = 6;

/// Writes a decision.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, d: &Decision, reason_sealed: &[u8]) -> Result<(), DbError> {
    let own = params![d.what.as_str(), d.scheme, d.other, d.thing, d.word.as_str(), d.reports, reason_sealed];
    tx.execute(&INSERT, &app::header::values(d.id.uuid(), &d.header, own, FIXED)).map(drop)
}

fn read(r: &Row) -> Result<(Decision, Vec<u8>), DbError> {
    let (id, header) = app::header::read(r)?;
    let what: String = r.get(16)?;
    let decision = Decision {
        id: DecisionId::from_uuid(id),
        header,
        what: What::parse(&what)
            .ok_or_else(|| DbError::Bug(format!("`scheme_decision.what` holds `{what}`")))?,
        scheme: SchemeId::from_uuid(r.get(17)?),
        other: r.get::<Option<Uuid>>(18)?.map(SchemeId::from_uuid),
        thing: r.get(19)?,
        word: r.get(20)?,
        reports: r.get(21)?,
        undone_at: r.get(22)?,
    };
    Ok((decision, r.get(23)?))
}

/// The decision with this key, and its reason as sealed.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: DecisionId) -> Result<Option<(Decision, Vec<u8>)>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// The latest hundred decisions about a scheme, with their reasons as sealed.
///
/// # Errors
/// The database's.
pub fn of_scheme(tx: &mut Tx<'_>, id: SchemeId) -> Result<Vec<(Decision, Vec<u8>)>, DbError> {
    tx.query(&OF_SCHEME, params![id], read)
}

/// The kind that an officer said last of a scheme, or of what became part of it, and nobody has undone; empty where it was left to the
/// stories.
///
/// # Errors
/// The database's.
pub fn said_kind(tx: &mut Tx<'_>, id: SchemeId) -> Result<Option<String>, DbError> {
    tx.query_opt(&SAID_KIND, params![id], said)
}

/// What was said last of a thing and nobody has undone.
///
/// # Errors
/// The database's.
pub fn said_of(tx: &mut Tx<'_>, thing: Uuid) -> Result<Option<String>, DbError> {
    tx.query_opt(&SAID_OF, params![thing], said)
}

/// The word behind the sign: before it stands what was said before.
fn said(r: &Row) -> Result<String, DbError> {
    let word: String = r.get(0)?;
    Ok(word.rsplit('>').next().unwrap_or_default().to_owned())
}

/// The decision about a thing that stands, with its reason as sealed.
///
/// # Errors
/// The database's.
pub fn of_thing(tx: &mut Tx<'_>, thing: Uuid) -> Result<Option<(Decision, Vec<u8>)>, DbError> {
    tx.query_opt(&OF_THING, params![thing], read)
}

/// Pairs of schemes that people keep apart, in the order in which they were parted.
///
/// # Errors
/// The database's.
pub fn parted(tx: &mut Tx<'_>) -> Result<Vec<(SchemeId, SchemeId)>, DbError> {
    let pair = |r: &Row| -> Result<Option<(SchemeId, SchemeId)>, DbError> {
        let other: Option<Uuid> = r.get(1)?;
        let scheme = SchemeId::from_uuid(r.get(0)?);
        Ok(other.map(|other| (scheme, SchemeId::from_uuid(other))))
    };
    Ok(tx.query(&PARTED, params![], pair)?.into_iter().flatten().collect())
}

/// Schemes of those pairs that became part of others, each with what it is called today.
///
/// # Errors
/// The database's.
pub fn parted_today(tx: &mut Tx<'_>) -> Result<Vec<(SchemeId, SchemeId)>, DbError> {
    let pair = |r: &Row| Ok((SchemeId::from_uuid(r.get(0)?), SchemeId::from_uuid(r.get(1)?)));
    tx.query(&PARTED_TODAY, params![], pair)
}

/// Decisions that keep two schemes apart.
///
/// # Errors
/// The database's.
pub fn parting(tx: &mut Tx<'_>, a: SchemeId, b: SchemeId) -> Result<Vec<DecisionId>, DbError> {
    tx.query(&PARTING, params![a, b], |r| Ok(DecisionId::from_uuid(r.get(0)?)))
}

/// Undoes a decision. `false` if it was undone before.
///
/// # Errors
/// The database's.
pub fn undo(tx: &mut Tx<'_>, id: DecisionId, at: Timestamp, by: &str) -> Result<bool, DbError> {
    Ok(tx.execute(&UNDO, params![id, at, by])? == 1)
}

/// Keeps a report where a decision puts it.
///
/// # Errors
/// The database's.
pub fn pin(
    tx: &mut Tx<'_>,
    report: ReportId,
    decision: DecisionId,
    at: Timestamp,
    to: Option<SchemeId>,
) -> Result<(), DbError> {
    tx.execute(&PIN, params![report, decision, at, to]).map(drop)
}

/// Keeps everything that is in `scheme` in `to`; gives how many.
///
/// # Errors
/// The database's.
pub fn pin_scheme(
    tx: &mut Tx<'_>,
    scheme: SchemeId,
    decision: DecisionId,
    at: Timestamp,
    to: SchemeId,
) -> Result<u64, DbError> {
    tx.execute(&PIN_SCHEME, params![scheme, decision, at, to])
}

/// Where people keep the reports of a scheme, by report: the last decision that stands.
///
/// # Errors
/// The database's.
pub fn pins(tx: &mut Tx<'_>, id: SchemeId) -> Result<Vec<(ReportId, Option<SchemeId>)>, DbError> {
    let mut all = tx.query(&PINS, params![id], |r| {
        Ok((ReportId::from_uuid(r.get(0)?), r.get::<Option<Uuid>>(1)?.map(SchemeId::from_uuid)))
    })?;
    all.dedup_by_key(|(report, _)| *report);
    Ok(all)
}

/// Where people keep a report: `None` if nobody has said.
///
/// # Errors
/// The database's.
pub fn pin_of(tx: &mut Tx<'_>, report: ReportId) -> Result<Option<Option<SchemeId>>, DbError> {
    tx.query_opt(&PIN_OF, params![report], |r| Ok(r.get::<Option<Uuid>>(0)?.map(SchemeId::from_uuid)))
}

/// Hands what decisions hold by one report to another one: the first goes, and what somebody decided stands.
///
/// # Errors
/// The database's.
pub fn hand_over(tx: &mut Tx<'_>, from: ReportId, to: ReportId) -> Result<(), DbError> {
    let held: Vec<(Uuid, Timestamp, Uuid)> =
        tx.query(&HOLDING, params![from], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    for (decision, at, scheme) in held {
        pin(tx, to, DecisionId::from_uuid(decision), at, Some(SchemeId::from_uuid(scheme)))?;
    }
    Ok(())
}

/// The reports that a decision put somewhere.
///
/// # Errors
/// The database's.
pub fn pinned(tx: &mut Tx<'_>, id: DecisionId) -> Result<Vec<ReportId>, DbError> {
    tx.query(&PINNED, params![id], |r| Ok(ReportId::from_uuid(r.get(0)?)))
}

/// Decisions that were about this report, or a few with it.
///
/// # Errors
/// The database's.
pub fn about_report(tx: &mut Tx<'_>, report: ReportId) -> Result<Vec<DecisionId>, DbError> {
    tx.query(&ABOUT_REPORT, params![report], |r| Ok(DecisionId::from_uuid(r.get(0)?)))
}

/// Forgets a report.
///
/// # Errors
/// The database's.
pub fn unpin_report(tx: &mut Tx<'_>, report: ReportId) -> Result<(), DbError> {
    tx.execute(&UNPIN_REPORT, params![report]).map(drop)
}
