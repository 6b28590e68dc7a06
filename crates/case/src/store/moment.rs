//! The time line.

use access::{Office, scope_where};
use db::{DbError, Row, Stmt, Tx, Value, params};
use kernel::{Header, Timestamp};
use uuid::Uuid;

use super::unknown;
use crate::model::{CaseId, Moment, MomentKind};

macro_rules! page {
    ($kind:literal) => {
        concat!(
            "SELECT m.id, m.home, m.at, m.kind, m.act, m.actor, m.about, m.words_sealed FROM case_moment m WHERE ",
            scope_where!("?1", "?2", "m."),
            " AND m.case_id = ?3 AND (m.at, m.id) < (?4, ?5)",
            $kind,
            " ORDER BY m.at DESC, m.id DESC LIMIT ?6"
        )
    };
}

pub(crate) const INSERT: Stmt = Stmt::both(
    "case_moment.insert",
    "INSERT INTO case_moment (id, case_id, home, at, kind, act, actor, about, words_sealed, organisation_id, \
     unit_id, marking) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO NOTHING",
);
pub(crate) const PAGE: Stmt = Stmt::both("case_moment.page", page!(""));
pub(crate) const OF_KIND: Stmt = Stmt::both("case_moment.of_kind", page!(" AND m.kind = ?7"));
pub(crate) const REHOME: Stmt =
    Stmt::both("case_moment.rehome", "UPDATE case_moment SET case_id = ?2 WHERE home = ?1 AND case_id = ?3");

fn read(row: &Row) -> Result<Moment, DbError> {
    let kind: String = row.get(3)?;
    Ok(Moment {
        id: row.get(0)?,
        home: row.get(1)?,
        at: row.get(2)?,
        kind: MomentKind::parse(&kind).ok_or_else(|| unknown("case_moment.kind", &kind))?,
        act: row.get(4)?,
        actor: row.get(5)?,
        about: row.get(6)?,
        words_sealed: row.get(7)?,
    })
}

/// Adds a moment; the same again is the same. `of` is the header of what it happened to.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, case: CaseId, m: &Moment, of: &Header) -> Result<(), DbError> {
    let row = params![
        m.id,
        case,
        m.home,
        m.at,
        m.kind.as_str(),
        m.act.as_str(),
        m.actor.as_str(),
        m.about.as_str(),
        m.words_sealed.as_deref(),
        of.organisation_id.as_str(),
        of.unit_id.as_str(),
        of.marking.to_text()
    ];
    tx.execute(&INSERT, row).map(drop)
}

/// A page of the time line, the newest first, before a place. What happened to things that one may not see is not on it.
///
/// # Errors
/// The database's.
pub fn page(
    tx: &mut Tx<'_>,
    (office, case): (&Office, CaseId),
    (before, id): (Timestamp, Uuid),
    (kind, limit): (Option<MomentKind>, i64),
) -> Result<Vec<Moment>, DbError> {
    let mut all: Vec<Value> = office.params().to_vec();
    all.extend([case.into(), before.into(), id.into(), limit.into()]);
    match kind {
        None => tx.query(&PAGE, &all, read),
        Some(kind) => {
            all.push(kind.as_str().into());
            tx.query(&OF_KIND, &all, read)
        }
    }
}

/// Moves what happened in `home` from the time line of one case to that of another.
///
/// # Errors
/// The database's.
pub fn rehome(tx: &mut Tx<'_>, home: CaseId, into: CaseId, from: CaseId) -> Result<(), DbError> {
    tx.execute(&REHOME, params![home, into, from]).map(drop)
}
