//! Cases themselves.

use std::collections::BTreeMap;

use app::{header_columns, header_places};
use db::{DbError, Row, Stmt, Tx, params};
use uuid::Uuid;

use super::unknown;
use crate::model::{Case, CaseId, LinkKind, Origin, State};

macro_rules! own_columns {
    () => {
        "number, origin_kind, origin_id, origin_number, template, stage, stage_since, stage_due_at, priority, lead, \
         closed, state, changed_at, next_due_at, ended_at, merged_into, referred_to"
    };
}
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            header_columns!(),
            ", ",
            $crate::store::file::own_columns!(),
            " FROM case_file ",
            $rest
        )
    };
}
pub(crate) use own_columns;

pub(crate) const INSERT: Stmt = Stmt::both(
    "case_file.insert",
    concat!(
        "INSERT INTO case_file (",
        header_columns!(),
        ", ",
        own_columns!(),
        ", title_sealed, summary_sealed) VALUES (",
        header_places!(),
        ", ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35)"
    ),
);
pub(crate) const FIND: Stmt = Stmt::both("case_file.find", select!("WHERE id = ?1"));
pub(crate) const BY_NUMBER: Stmt = Stmt::both("case_file.by_number", select!("WHERE number = ?1"));
pub(crate) const SEALED: Stmt =
    Stmt::both("case_file.sealed", "SELECT title_sealed, summary_sealed FROM case_file WHERE id = ?1");
pub(crate) const FIND_MANY: Stmt = app::among!("case_file.find_many", select!("WHERE "), "id", "");
pub(crate) const TITLES: Stmt =
    app::among!("case_file.titles", "SELECT id, title_sealed FROM case_file WHERE ", "id", "");
pub(crate) const SAVE: Stmt = Stmt::both(
    "case_file.save",
    "UPDATE case_file SET unit_id = ?2, row_hash = ?3, stage = ?4, stage_since = ?5, stage_due_at = ?6, \
     priority = ?7, lead = ?8, closed = ?9, state = ?10, changed_at = ?11, next_due_at = ?12, ended_at = ?13, \
     merged_into = ?14, referred_to = ?15, marking = ?16 WHERE id = ?1",
);
pub(crate) const RESEAL: Stmt = Stmt::both(
    "case_file.reseal",
    "UPDATE case_file SET title_sealed = ?2, summary_sealed = ?3 WHERE id = ?1",
);
pub(crate) const MERGED_IN: Stmt =
    Stmt::both("case_file.merged_in", select!("WHERE merged_into = ?1 ORDER BY created_at, id LIMIT 500"));
pub(crate) const WORDS_DROP: Stmt = Stmt::both("case_word.drop", "DELETE FROM case_word WHERE case_id = ?1");
pub(crate) const WORDS_ADD: Stmt =
    Stmt::both("case_word.add", "INSERT INTO case_word (id, case_id, word) VALUES (?1, ?2, ?3)");

/// How many own columns never change and are in the row hash.
const FIXED: usize = 5;

fn own(c: &Case) -> [db::Value; 17] {
    let origin = c.origin.as_ref();
    [
        c.number.as_str().into(),
        origin.map_or("", |o| o.kind.as_str()).into(),
        origin.map(|o| o.id).into(),
        origin.map_or("", |o| o.number.as_str()).into(),
        c.template.as_str().into(),
        c.stage.as_str().into(),
        c.stage_since.into(),
        c.stage_due_at.into(),
        c.priority.into(),
        c.lead.as_str().into(),
        c.closed.into(),
        c.state.as_str().into(),
        c.changed_at.into(),
        c.next_due_at.into(),
        c.ended_at.into(),
        c.merged_into.into(),
        c.referred_to.as_str().into(),
    ]
}

/// Writes a new case.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, c: &Case, (title, summary): (&[u8], &[u8])) -> Result<(), DbError> {
    let mut all = own(c).to_vec();
    all.extend([title.into(), summary.into()]);
    tx.execute(&INSERT, &app::header::values(c.id.uuid(), &c.header, &all, FIXED)).map(drop)
}

/// Keeps what has changed of it. Unit and marking are part of the row's hash, which is made anew. The row is held by whoever calls.
///
/// # Errors
/// The database's.
pub fn save(tx: &mut Tx<'_>, c: &Case) -> Result<(), DbError> {
    let hashed = app::header::values(c.id.uuid(), &c.header, &own(c), FIXED);
    let hash = hashed.get(app::header::WIDTH.saturating_sub(1)).cloned().unwrap_or(db::Value::Null);
    tx.guarded(
        &SAVE,
        params![
            c.id,
            c.header.unit_id.as_str(),
            hash,
            c.stage.as_str(),
            c.stage_since,
            c.stage_due_at,
            c.priority,
            c.lead.as_str(),
            c.closed,
            c.state.as_str(),
            c.changed_at,
            c.next_due_at,
            c.ended_at,
            c.merged_into,
            c.referred_to.as_str(),
            c.header.marking.to_text()
        ],
    )
}

pub(crate) fn read(row: &Row) -> Result<Case, DbError> {
    let (id, header) = app::header::read(row)?;
    let (kind, state): (String, String) = (row.get(17)?, row.get(27)?);
    let target: Option<Uuid> = row.get(18)?;
    let origin = match (LinkKind::parse(&kind), target) {
        (Some(kind), Some(id)) => Some(Origin { kind, id, number: row.get(19)? }),
        _ => None,
    };
    Ok(Case {
        id: CaseId::from_uuid(id),
        header,
        number: row.get(16)?,
        origin,
        template: row.get(20)?,
        stage: row.get(21)?,
        stage_since: row.get(22)?,
        stage_due_at: row.get(23)?,
        priority: row.get(24)?,
        lead: row.get(25)?,
        closed: row.get(26)?,
        state: State::parse(&state).ok_or_else(|| unknown("case_file.state", &state))?,
        changed_at: row.get(28)?,
        next_due_at: row.get(29)?,
        ended_at: row.get(30)?,
        merged_into: row.get(31)?,
        referred_to: row.get(32)?,
    })
}

/// A case by its id.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: CaseId) -> Result<Option<Case>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// A case by its number.
///
/// # Errors
/// The database's.
pub fn by_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<Case>, DbError> {
    tx.query_opt(&BY_NUMBER, params![number], read)
}

/// Title and summary, sealed.
///
/// # Errors
/// The database's.
pub fn sealed(tx: &mut Tx<'_>, id: CaseId) -> Result<(Vec<u8>, Vec<u8>), DbError> {
    tx.query_one(&SEALED, params![id], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// Titles of several cases, sealed.
///
/// # Errors
/// The database's.
pub fn titles(
    tx: &mut Tx<'_>,
    cases: impl IntoIterator<Item = CaseId>,
) -> Result<BTreeMap<CaseId, Vec<u8>>, DbError> {
    let ids = app::ids(cases.into_iter().map(CaseId::uuid));
    Ok(tx.query(&TITLES, &[ids], |r| Ok((r.get(0)?, r.get(1)?)))?.into_iter().collect())
}

/// Several cases.
///
/// # Errors
/// The database's.
pub fn find_many(
    tx: &mut Tx<'_>,
    cases: impl IntoIterator<Item = CaseId>,
) -> Result<BTreeMap<CaseId, Case>, DbError> {
    let ids = app::ids(cases.into_iter().map(CaseId::uuid));
    Ok(tx.query(&FIND_MANY, &[ids], read)?.into_iter().map(|c| (c.id, c)).collect())
}

/// Writes title and summary anew.
///
/// # Errors
/// The database's.
pub fn reseal(tx: &mut Tx<'_>, id: CaseId, (title, summary): (&[u8], &[u8])) -> Result<(), DbError> {
    tx.guarded(&RESEAL, params![id, title, summary])
}

/// Cases that were merged into this one, the oldest first, at most 500.
///
/// # Errors
/// The database's.
pub fn merged_in(tx: &mut Tx<'_>, id: CaseId) -> Result<Vec<Case>, DbError> {
    tx.query(&MERGED_IN, params![id], read)
}

/// Keeps by which words a case is found, in the place of those before.
///
/// # Errors
/// The database's.
pub fn set_words(tx: &mut Tx<'_>, id: CaseId, words: &[(Uuid, Vec<u8>)]) -> Result<(), DbError> {
    tx.execute(&WORDS_DROP, params![id])?;
    for (row, word) in words {
        tx.execute(&WORDS_ADD, params![*row, id, word.as_slice()])?;
    }
    Ok(())
}
