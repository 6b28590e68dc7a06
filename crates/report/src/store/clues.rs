//! SQL of what officers found out about a report.

use db::{DbError, Stmt, Tx, params};
use identifier::Kind;
use kernel::{Personal, Purpose, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vault::SubjectKey;

use crate::ReportError;
use crate::model::{Clue, ReportId};
use crate::rules;

pub(super) const INSERT: Stmt = Stmt::both(
    "report.clue_insert",
    "INSERT INTO report_clue (id, report_id, no, at, author, clue_sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
);
pub(super) const LIST: Stmt = Stmt::both(
    "report.clues",
    "SELECT id, at, author, clue_sealed, taken_back_at FROM report_clue WHERE report_id = ?1 ORDER BY no",
);
pub(super) const TAKE_BACK: Stmt = Stmt::both(
    "report.clue_take_back",
    "UPDATE report_clue SET taken_back_at = ?3 WHERE id = ?1 AND report_id = ?2 AND taken_back_at IS NULL",
);
pub(super) const ERASE: Stmt =
    Stmt::both("report.clues_erase", "DELETE FROM report_clue WHERE report_id = ?1");

/// A clue as it is sealed.
#[derive(Debug, Serialize, Deserialize)]
struct Sealed {
    kind: Kind,
    value: String,
    source: String,
}

/// Writes one. `no` counts from 1 within its report.
///
/// # Errors
/// The database's; a number that is taken.
pub fn insert(
    tx: &mut Tx<'_>,
    app: &app::App,
    report: ReportId,
    no: i64,
    clue: &Clue,
    key: &SubjectKey,
) -> Result<(), DbError> {
    let sealed = Sealed {
        kind: clue.kind,
        value: clue.value.open(Purpose::HandleReport).clone(),
        source: clue.source.open(Purpose::HandleReport).clone(),
    };
    let json = serde_json::to_string(&sealed).unwrap_or_default();
    let sealed = key.seal(&app.entropy, "clue", &json);
    tx.execute(&INSERT, params![clue.id, report, no, clue.at, clue.by.as_str(), sealed]).map(drop)
}

/// All of a report, oldest first; those that were taken back, too.
///
/// # Errors
/// The database's, or a ciphertext that does not open.
pub fn list(tx: &mut Tx<'_>, report: ReportId, key: &SubjectKey) -> Result<Vec<Clue>, ReportError> {
    let rows = tx.query(&LIST, params![report], |r| {
        let told = (r.get::<Uuid>(0)?, r.get::<Timestamp>(1)?, r.get::<String>(2)?);
        Ok((told, r.get::<Vec<u8>>(3)?, r.get::<Option<Timestamp>>(4)?))
    })?;
    let mut all = Vec::with_capacity(rows.len());
    for ((id, at, by), sealed, taken_back_at) in rows {
        let json = key.open("clue", &sealed)?.into_inner(Purpose::HandleReport);
        // A kind of a later release that this one does not know is left out, not in the way.
        let Ok(sealed) = serde_json::from_str::<Sealed>(&json) else { continue };
        all.push(Clue {
            id,
            kind: sealed.kind,
            masked: rules::mask(sealed.kind.as_str(), &sealed.value),
            value: Personal::new(sealed.value),
            source: Personal::new(sealed.source),
            at,
            by,
            taken_back_at,
        });
    }
    Ok(all)
}

/// Marks one as taken back. Whether it was not yet.
///
/// # Errors
/// The database's.
pub fn take_back(tx: &mut Tx<'_>, report: ReportId, id: Uuid, at: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&TAKE_BACK, params![id, report, at])? > 0)
}

/// Erases them.
pub(super) fn erase(tx: &mut Tx<'_>, report: ReportId) -> Result<(), DbError> {
    tx.execute(&ERASE, params![report]).map(drop)
}
