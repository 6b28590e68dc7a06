//! Decisions and proposals.

use app::{SealedWords, header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;
use profile::Outcome;
use uuid::Uuid;

use crate::model::{Decision, DecisionId, Paper, RegistrationId, Standing};

macro_rules! own_columns {
    () => {
        "registration_id, outcome, paper_number, paper_day, articles, addressee"
    };
}

pub(super) const INSERT: Stmt = Stmt::both(
    "registration.decision_insert",
    concat!(
        "INSERT INTO registration_decision (",
        header_columns!(),
        ", ",
        own_columns!(),
        ", reasons_sealed, standing) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)"
    ),
);
pub(super) const OF_REGISTRATION: Stmt = Stmt::both(
    "registration.decision_of_registration",
    concat!(
        "SELECT ",
        header_columns!(),
        ", ",
        own_columns!(),
        ", standing, second_at, second_by FROM registration_decision WHERE registration_id = ?1 \
         ORDER BY created_at, CASE standing WHEN 'sent_back' THEN 0 ELSE 1 END, id"
    ),
);
pub(super) const SEALED: Stmt = Stmt::both(
    "registration.decision_sealed",
    "SELECT reasons_sealed, second_reason_sealed FROM registration_decision WHERE id = ?1",
);
pub(super) const SECOND: Stmt = Stmt::both(
    "registration.decision_second",
    "UPDATE registration_decision SET standing = ?2, second_at = ?3, second_by = ?4, second_reason_sealed = ?5 \
     WHERE id = ?1 AND standing = 'proposed'",
);
pub(super) const ERASE: Stmt = Stmt::both(
    "registration.decision_erase",
    "UPDATE registration_decision SET reasons_sealed = ?3, second_reason_sealed = NULL WHERE registration_id IN \
     (SELECT id FROM registration WHERE subject_kind = ?1 AND subject_id = ?2)",
);

/// What an emptied column holds.
const NOTHING: &[u8] = &[];
/// How many own columns never change and are in the row hash.
const FIXED: usize = 6;

/// Writes a decision or a proposal.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, d: &Decision, reasons: &SealedWords) -> Result<(), DbError> {
    let day = d.paper.day.map(|day| day.to_string()).unwrap_or_default();
    let own = params![
        d.registration,
        d.outcome.as_str(),
        d.paper.number.as_str(),
        day,
        d.paper.articles.as_str(),
        d.addressee.as_str(),
        reasons.bytes(),
        d.standing.as_str()
    ];
    tx.execute(&INSERT, &app::header::values(d.id.uuid(), &d.header, own, FIXED)).map(drop)
}

fn read(row: &Row) -> Result<Decision, DbError> {
    let (id, header) = app::header::read(row)?;
    let (outcome, day, standing): (String, String, String) = (row.get(17)?, row.get(19)?, row.get(22)?);
    let bug = |column: &str, text: &str| {
        DbError::Bug(format!("column `registration_decision.{column}` holds `{text}`"))
    };
    Ok(Decision {
        id: DecisionId::from_uuid(id),
        header,
        registration: row.get(16)?,
        outcome: Outcome::parse(&outcome).ok_or_else(|| bug("outcome", &outcome))?,
        paper: Paper { number: row.get(18)?, day: day.parse().ok(), articles: row.get(20)? },
        addressee: row.get(21)?,
        standing: Standing::parse(&standing).ok_or_else(|| bug("standing", &standing))?,
        second_at: row.get(23)?,
        second_by: row.get(24)?,
    })
}

/// Decisions and proposals about a matter, the oldest first.
///
/// # Errors
/// The database's.
pub fn of_registration(tx: &mut Tx<'_>, id: RegistrationId) -> Result<Vec<Decision>, DbError> {
    tx.query(&OF_REGISTRATION, params![id], read)
}

/// What it says, and why the second person did not agree; both sealed.
///
/// # Errors
/// The database's.
pub fn sealed(tx: &mut Tx<'_>, id: DecisionId) -> Result<(SealedWords, Option<SealedWords>), DbError> {
    tx.query_one(&SEALED, params![id], |r| {
        let second: Option<Vec<u8>> = r.get(1)?;
        Ok((SealedWords::from_bytes(r.get(0)?), second.map(SealedWords::from_bytes)))
    })
}

/// Keeps what the second person said. Somebody faster makes the closure run again.
///
/// # Errors
/// The database's.
pub fn second(
    tx: &mut Tx<'_>,
    id: DecisionId,
    standing: Standing,
    (at, by): (Timestamp, &str),
    reason: &SealedWords,
) -> Result<(), DbError> {
    tx.guarded(&SECOND, params![id, standing.as_str(), at, by, reason.bytes()])
}

/// Empties what was sealed about a matter.
///
/// # Errors
/// The database's.
pub fn erase(tx: &mut Tx<'_>, kind: &str, subject: Uuid) -> Result<(), DbError> {
    tx.execute(&ERASE, params![kind, subject, NOTHING]).map(drop)
}
