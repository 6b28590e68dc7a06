//! Merges and partings: which rows lie where, and each row that was moved.

use db::{DbError, Row as DbRow, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

use super::unknown;
use crate::model::{CaseId, Move, MoveKind, What, Written};
use crate::rules::moving::Row;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, from_case, into_case, author, created_at, reason_sealed, undone_at FROM case_move ",
            $rest
        )
    };
}

pub(crate) const INSERT: Stmt = Stmt::both(
    "case_move.insert",
    "INSERT INTO case_move (id, kind, from_case, into_case, author, created_at, reason_sealed) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
);
pub(crate) const OF_CASE: Stmt = Stmt::both(
    "case_move.of_case",
    select!("WHERE from_case = ?1 OR into_case = ?1 ORDER BY created_at, id LIMIT 500"),
);
pub(crate) const FIND: Stmt = Stmt::both("case_move.find", select!("WHERE id = ?1"));
pub(crate) const UNDO: Stmt = Stmt::both(
    "case_move.undo",
    "UPDATE case_move SET undone_at = ?2, undone_by = ?3 WHERE id = ?1 AND undone_at IS NULL",
);
pub(crate) const MOVED: Stmt = Stmt::both(
    "case_moved.insert",
    "INSERT INTO case_moved (id, move_id, what, row_id) VALUES (?1, ?2, ?3, ?4)",
);
pub(crate) const MOVED_EXHIBIT: Stmt = Stmt::both(
    "case_moved.exhibit",
    "INSERT INTO case_moved (id, move_id, what, row_id, home) VALUES (?1, ?2, 'exhibit', ?3, ?4)",
);
pub(crate) const EXHIBITS_OF: Stmt = Stmt::both(
    "case_moved.exhibits_of",
    "SELECT row_id, home FROM case_moved WHERE move_id = ?1 AND what = 'exhibit' AND home IS NOT NULL ORDER BY id",
);
pub(crate) const ROWS_OF: Stmt =
    Stmt::both("case_moved.of_move", "SELECT what, row_id FROM case_moved WHERE move_id = ?1 ORDER BY id");
/// Rows of a move that another moved later and that was not undone.
pub(crate) const LATER_ROWS: Stmt = Stmt::both(
    "case_moved.later",
    "SELECT COUNT(*) FROM case_moved d JOIN case_moved l ON l.row_id = d.row_id AND l.move_id <> d.move_id \
     JOIN case_move m ON m.id = l.move_id WHERE d.move_id = ?1 AND m.created_at >= ?2 AND m.undone_at IS NULL \
     AND m.from_case = ?3",
);
pub(crate) const LINKS: Stmt = Stmt::both(
    "case_link.rows",
    "SELECT id, case_id, kind, target FROM case_link WHERE case_id = ?1 AND removed_at IS NULL",
);
pub(crate) const PERSONS: Stmt =
    Stmt::both("case_person.rows", "SELECT id, case_id FROM case_person WHERE case_id = ?1");
pub(crate) const TASKS: Stmt =
    Stmt::both("case_task.rows", "SELECT id, case_id FROM case_task WHERE case_id = ?1");
pub(crate) const NOTES: Stmt =
    Stmt::both("case_note.rows", "SELECT id, case_id FROM case_note WHERE case_id = ?1");
pub(crate) const REFS: Stmt =
    Stmt::both("case_ref.rows", "SELECT id, case_id FROM case_ref WHERE case_id = ?1");
pub(crate) const ARTICLES: Stmt = Stmt::both(
    "case_article.rows",
    "SELECT id, case_id, code, wording FROM case_article WHERE case_id = ?1 AND removed_at IS NULL",
);
pub(crate) const DECISIONS: Stmt =
    Stmt::both("case_decision.rows", "SELECT id, case_id FROM case_decision WHERE case_id = ?1");
pub(crate) const FIELDS: Stmt =
    Stmt::both("case_field.rows", "SELECT id, case_id, code FROM case_field WHERE case_id = ?1");
pub(crate) const LINK: Stmt =
    Stmt::both("case_link.move", "UPDATE case_link SET case_id = ?2 WHERE id = ?1 AND case_id = ?3");
pub(crate) const PERSON: Stmt =
    Stmt::both("case_person.move", "UPDATE case_person SET case_id = ?2 WHERE id = ?1 AND case_id = ?3");
pub(crate) const TASK: Stmt =
    Stmt::both("case_task.move", "UPDATE case_task SET case_id = ?2 WHERE id = ?1 AND case_id = ?3");
pub(crate) const NOTE: Stmt =
    Stmt::both("case_note.move", "UPDATE case_note SET case_id = ?2 WHERE id = ?1 AND case_id = ?3");
pub(crate) const REF: Stmt =
    Stmt::both("case_ref.move", "UPDATE case_ref SET case_id = ?2 WHERE id = ?1 AND case_id = ?3");
pub(crate) const ARTICLE: Stmt =
    Stmt::both("case_article.move", "UPDATE case_article SET case_id = ?2 WHERE id = ?1 AND case_id = ?3");
pub(crate) const DECISION: Stmt =
    Stmt::both("case_decision.move", "UPDATE case_decision SET case_id = ?2 WHERE id = ?1 AND case_id = ?3");
pub(crate) const FIELD: Stmt =
    Stmt::both("case_field.move", "UPDATE case_field SET case_id = ?2 WHERE id = ?1 AND case_id = ?3");
pub(crate) const DECIDED_SINCE: Stmt = Stmt::both(
    "case_decision.since",
    "SELECT COUNT(*) FROM case_decision WHERE case_id = ?1 AND created_at > ?2 \
     AND standing IN ('proposed', 'stands')",
);
pub(crate) const REFERRED_SINCE: Stmt = Stmt::both(
    "case_referral.since",
    "SELECT COUNT(*) FROM case_referral WHERE case_id = ?1 AND created_at > ?2 \
     AND state IN ('sent', 'accepted')",
);

fn read(row: &DbRow) -> Result<Move, DbError> {
    let kind: String = row.get(1)?;
    Ok(Move {
        id: row.get(0)?,
        kind: MoveKind::parse(&kind).ok_or_else(|| unknown("case_move.kind", &kind))?,
        from: row.get(2)?,
        into: row.get(3)?,
        written: Written { by: row.get(4)?, at: row.get(5)? },
        reason_sealed: row.get(6)?,
        undone_at: row.get(7)?,
    })
}

/// Writes a move down.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, m: &Move) -> Result<(), DbError> {
    let row = params![
        m.id,
        m.kind.as_str(),
        m.from,
        m.into,
        m.written.by.as_str(),
        m.written.at,
        m.reason_sealed.as_slice()
    ];
    tx.execute(&INSERT, row).map(drop)
}

/// Moves that a case was part of, the oldest first.
///
/// # Errors
/// The database's.
pub fn of_case(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<Move>, DbError> {
    tx.query(&OF_CASE, params![case], read)
}

/// One move.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Move>, DbError> {
    tx.query_opt(&FIND, params![id], read)
}

/// Marks a move as undone. Somebody faster makes the closure run again.
///
/// # Errors
/// The database's.
pub fn undo(tx: &mut Tx<'_>, id: Uuid, (at, by): (Timestamp, &str)) -> Result<(), DbError> {
    tx.guarded(&UNDO, params![id, at, by])
}

/// Notes that a row was moved.
///
/// # Errors
/// The database's.
pub fn moved(tx: &mut Tx<'_>, id: Uuid, of: Uuid, (what, row): (What, Uuid)) -> Result<(), DbError> {
    tx.execute(&MOVED, params![id, of, what.as_str(), row]).map(drop)
}

/// Notes that an exhibit was moved, and to which case it belonged.
///
/// # Errors
/// The database's.
pub fn moved_exhibit(
    tx: &mut Tx<'_>,
    id: Uuid,
    of: Uuid,
    (exhibit, home): (Uuid, Uuid),
) -> Result<(), DbError> {
    tx.execute(&MOVED_EXHIBIT, params![id, of, exhibit, home]).map(drop)
}

/// The exhibits of a move, and to which case each belonged.
///
/// # Errors
/// The database's.
pub fn exhibits_of(tx: &mut Tx<'_>, of: Uuid) -> Result<Vec<(Uuid, Uuid)>, DbError> {
    tx.query(&EXHIBITS_OF, params![of], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// The rows of a move.
///
/// # Errors
/// The database's.
pub fn rows_of(tx: &mut Tx<'_>, of: Uuid) -> Result<Vec<(What, Uuid)>, DbError> {
    tx.query(&ROWS_OF, params![of], |r| {
        let what: String = r.get(0)?;
        Ok((What::parse(&what).ok_or_else(|| unknown("case_moved.what", &what))?, r.get(1)?))
    })
}

/// How many of its rows were moved on since, out of `from`.
///
/// # Errors
/// The database's.
pub fn moved_on(tx: &mut Tx<'_>, of: Uuid, at: Timestamp, from: CaseId) -> Result<i64, DbError> {
    tx.query_one(&LATER_ROWS, params![of, at, from], |r| r.get(0))
}

/// How many decisions were taken, and how many referrals made, in a case since.
///
/// # Errors
/// The database's.
pub fn since(tx: &mut Tx<'_>, case: CaseId, at: Timestamp) -> Result<(i64, i64), DbError> {
    let decided = tx.query_one(&DECIDED_SINCE, params![case, at], |r| r.get(0))?;
    let referred = tx.query_one(&REFERRED_SINCE, params![case, at], |r| r.get(0))?;
    Ok((decided, referred))
}

/// All rows of a case that a merge moves.
///
/// # Errors
/// The database's.
pub fn rows(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<Row>, DbError> {
    let mut all = Vec::new();
    for (what, statement) in [
        (What::Person, &PERSONS),
        (What::Task, &TASKS),
        (What::Note, &NOTES),
        (What::Ref, &REFS),
        (What::Decision, &DECISIONS),
    ] {
        all.extend(tx.query(statement, params![case], |r| {
            Ok(Row { id: r.get(0)?, case: r.get(1)?, what, same: None })
        })?);
    }
    all.extend(tx.query(&LINKS, params![case], |r| {
        let same = format!("{}:{}", r.get::<String>(2)?, r.get::<Uuid>(3)?);
        Ok(Row { id: r.get(0)?, case: r.get(1)?, what: What::Link, same: Some(same) })
    })?);
    all.extend(tx.query(&ARTICLES, params![case], |r| {
        let same = format!("{}@{}", r.get::<String>(2)?, r.get::<String>(3)?);
        Ok(Row { id: r.get(0)?, case: r.get(1)?, what: What::Article, same: Some(same) })
    })?);
    all.extend(tx.query(&FIELDS, params![case], |r| {
        let same = r.get::<String>(2)?;
        Ok(Row { id: r.get(0)?, case: r.get(1)?, what: What::Field, same: Some(same) })
    })?);
    Ok(all)
}

/// Puts a row into another case. Somebody who is not moved so is no row here.
///
/// # Errors
/// The database's.
pub fn put(tx: &mut Tx<'_>, (what, row): (What, Uuid), into: CaseId, from: CaseId) -> Result<(), DbError> {
    let statement = match what {
        What::Link => &LINK,
        What::Person => &PERSON,
        What::Task => &TASK,
        What::Note => &NOTE,
        What::Ref => &REF,
        What::Article => &ARTICLE,
        What::Decision => &DECISION,
        What::Field => &FIELD,
        What::Member | What::Exhibit => return Ok(()),
    };
    tx.execute(statement, params![row, into, from]).map(drop)
}
