//! SQL of what is told after filing: stories told anew, facts of payments completed or corrected.

use db::{DbError, Stmt, Tx, params};
use kernel::{Personal, Purpose, Timestamp};
use uuid::Uuid;
use vault::SubjectKey;

use crate::ReportError;
use crate::model::{Correction, EarlierStory, Fact, Payment, PaymentId, ReportId};
use crate::rules;

pub(super) const STORY_INSERT: Stmt = Stmt::both(
    "report.story_insert",
    "INSERT INTO report_story (id, report_id, no, at, from_citizen, author, text_sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
);
pub(super) const STORIES: Stmt =
    Stmt::both("report.stories", "SELECT at, text_sealed FROM report_story WHERE report_id = ?1 ORDER BY no");
pub(super) const STORIES_ERASE: Stmt =
    Stmt::both("report.stories_erase", "DELETE FROM report_story WHERE report_id = ?1");
pub(super) const CORRECTION_INSERT: Stmt = Stmt::both(
    "report.correction_insert",
    "INSERT INTO report_correction (id, report_id, payment_id, no, at, from_citizen, author, applied, fact_sealed) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
);
pub(super) const CORRECTIONS: Stmt = Stmt::both(
    "report.corrections",
    "SELECT payment_id, at, from_citizen, applied, fact_sealed FROM report_correction WHERE report_id = ?1 ORDER BY no",
);
pub(super) const CORRECTIONS_ERASE: Stmt =
    Stmt::both("report.corrections_erase", "DELETE FROM report_correction WHERE report_id = ?1");
pub(super) const LAST_SAID: Stmt = Stmt::both(
    "report.last_said",
    "SELECT MAX(CASE WHEN from_citizen THEN at END), \
     MAX(CASE WHEN NOT from_citizen AND author NOT LIKE 'system:%' THEN at END) FROM report_message WHERE report_id = ?1",
);
pub(super) const LAST_NOTED: Stmt = Stmt::both(
    "report.last_noted",
    "SELECT MAX(at) FROM report_correction WHERE report_id = ?1 AND from_citizen AND NOT applied",
);

/// A fact with its text sealed, told later.
#[derive(Debug, Clone)]
pub struct SealedFact {
    /// Database key.
    pub id: Uuid,
    /// Which payment.
    pub payment: PaymentId,
    /// Whether it stands in the payment from now on.
    pub applied: bool,
    /// The fact as JSON, sealed.
    pub fact: Vec<u8>,
}

/// Writes a version of the story. `no` counts from 1 within its report.
///
/// # Errors
/// The database's; a number that is taken.
pub fn insert_story(
    tx: &mut Tx<'_>,
    report: ReportId,
    (id, no): (Uuid, i64),
    at: Timestamp,
    from: (bool, &str),
    sealed: &[u8],
) -> Result<(), DbError> {
    tx.execute(&STORY_INSERT, params![id, report, no, at, from.0, from.1, sealed]).map(drop)
}

/// The stories told after filing, oldest first.
///
/// # Errors
/// The database's, or a ciphertext that does not open.
pub fn stories(tx: &mut Tx<'_>, id: ReportId, key: &SubjectKey) -> Result<Vec<EarlierStory>, ReportError> {
    let rows = tx.query(&STORIES, params![id], |r| Ok((r.get::<Timestamp>(0)?, r.get::<Vec<u8>>(1)?)))?;
    rows.into_iter().map(|(at, sealed)| Ok(EarlierStory { at, text: key.open("story", &sealed)? })).collect()
}

/// The stories told before the one that is shown, oldest first. `filed` is when the report was.
///
/// # Errors
/// The database's, or a ciphertext that does not open.
pub fn retold(
    tx: &mut Tx<'_>,
    id: ReportId,
    key: &SubjectKey,
    filed: Timestamp,
) -> Result<Vec<EarlierStory>, ReportError> {
    let later = stories(tx, id, key)?;
    let first = super::story_as_filed(tx, id, key)?.map(|text| EarlierStory { at: filed, text });
    let mut all: Vec<EarlierStory> = first.into_iter().chain(later).collect();
    all.pop();
    Ok(all)
}

/// Writes one fact told later. `no` counts from 1 within its report.
///
/// # Errors
/// The database's; a number that is taken.
pub fn insert_correction(
    tx: &mut Tx<'_>,
    report: ReportId,
    no: i64,
    at: Timestamp,
    from: (bool, &str),
    f: &SealedFact,
) -> Result<(), DbError> {
    let own = params![f.id, report, f.payment, no, at, from.0, from.1, f.applied, f.fact.as_slice()];
    tx.execute(&CORRECTION_INSERT, own).map(drop)
}

/// All payments of a report as they stand now, opened with its key.
///
/// # Errors
/// The database's, or a ciphertext that does not open.
pub fn payments(tx: &mut Tx<'_>, id: ReportId, key: &SubjectKey) -> Result<Vec<Payment>, ReportError> {
    Ok(with_corrections(tx, id, key)?.0)
}

/// All payments as they stand now, and what was told of them after filing, oldest first.
///
/// # Errors
/// The database's, or a ciphertext that does not open.
pub fn with_corrections(
    tx: &mut Tx<'_>,
    id: ReportId,
    key: &SubjectKey,
) -> Result<(Vec<Payment>, Vec<Correction>), ReportError> {
    let mut payments = super::payments::payments_as_filed(tx, id, key)?;
    let rows = tx.query(&CORRECTIONS, params![id], |r| {
        let told = (r.get::<PaymentId>(0)?, r.get::<Timestamp>(1)?);
        Ok((told, r.get::<bool>(2)?, r.get::<bool>(3)?, r.get::<Vec<u8>>(4)?))
    })?;
    let mut corrections = Vec::with_capacity(rows.len());
    for ((payment, at), from_citizen, applied, sealed) in rows {
        let json = key.open("fact", &sealed)?.into_inner(Purpose::HandleReport);
        // A fact of a later release that this one cannot read is left out, not in the way.
        let Ok(fact) = serde_json::from_str::<Fact>(&json) else { continue };
        let Some(p) = payments.iter_mut().find(|p| p.id == payment) else { continue };
        let was = rules::known(p, &fact).map(Personal::new);
        if applied {
            rules::put(p, fact.clone());
        }
        corrections.push(Correction { payment, at, from_citizen, applied, was, is: Personal::new(fact) });
    }
    Ok((payments, corrections))
}

/// When each side last had the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LastSaid {
    /// The reporter: a message, a file, or a correction that an officer must look at.
    pub reporter: Option<Timestamp>,
    /// An officer.
    pub desk: Option<Timestamp>,
}

/// When each side last had the word; what the platform wrote by itself answers nobody.
///
/// # Errors
/// The database's.
pub fn last_said(tx: &mut Tx<'_>, id: ReportId) -> Result<LastSaid, DbError> {
    let said = tx.query_opt(&LAST_SAID, params![id], |r| {
        Ok((r.get::<Option<Timestamp>>(0)?, r.get::<Option<Timestamp>>(1)?))
    })?;
    let noted = tx.query_opt(&LAST_NOTED, params![id], |r| r.get::<Option<Timestamp>>(0))?.flatten();
    let (reporter, desk) = said.unwrap_or_default();
    let added = super::files::last_added(tx, id)?;
    Ok(LastSaid { reporter: reporter.max(noted).max(added), desk })
}

/// Erases what was told later.
pub(super) fn erase(tx: &mut Tx<'_>, id: ReportId) -> Result<(), DbError> {
    tx.execute(&STORIES_ERASE, params![id])?;
    tx.execute(&CORRECTIONS_ERASE, params![id]).map(drop)
}
