//! SQL of what institutions asked, in segments.

use db::{DbError, Stmt, Tx, params};
use kernel::Timestamp;
use uuid::Uuid;

pub(super) const INSERT: Stmt = Stmt::both(
    "registry.segment_insert",
    "INSERT INTO check_record (id, node, process, start_no, questions, at, root, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
);
pub(super) const HOLDS: Stmt = Stmt::both(
    "registry.segment_of",
    "SELECT id, node, process, start_no, questions, at, root, body FROM check_record \
     WHERE process = ?1 AND start_no <= ?2 ORDER BY start_no DESC LIMIT 1",
);

pub(super) const WRITTEN: Stmt = Stmt::both(
    "registry.segment_written",
    "SELECT questions FROM check_record WHERE process = ?1 AND start_no = ?2",
);
pub(super) const COUNT: Stmt = Stmt::both(
    "registry.segment_questions",
    "SELECT CAST(COALESCE(SUM(questions), 0) AS BIGINT) FROM check_record",
);

/// Questions of a tenth of a second, as they are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentRow {
    /// Its key.
    pub id: Uuid,
    /// The node.
    pub node: String,
    /// The process that counted.
    pub process: Uuid,
    /// The number of its first question.
    pub start: i64,
    /// How many questions.
    pub questions: i64,
    /// When it was closed, office time.
    pub at: Timestamp,
    /// Root of the tree over the questions (RFC 9162).
    pub root: [u8; 32],
    /// The questions, one line each.
    pub body: Vec<u8>,
}

/// Writes a segment.
///
/// # Errors
/// The database's; the same again is [`DbError::Unique`].
pub fn insert(tx: &mut Tx<'_>, s: &SegmentRow) -> Result<(), DbError> {
    let own = params![
        s.id,
        s.node.as_str(),
        s.process,
        s.start,
        s.questions,
        s.at,
        s.root.as_slice(),
        s.body.as_slice()
    ];
    tx.execute(&INSERT, own).map(drop)
}

/// The segment in which a question of a process stands.
///
/// # Errors
/// The database's.
pub fn holding(tx: &mut Tx<'_>, process: Uuid, no: i64) -> Result<Option<SegmentRow>, DbError> {
    tx.query_opt(&HOLDS, params![process, no], |r| {
        let root: Vec<u8> = r.get(6)?;
        let root = root.try_into().map_err(|_| DbError::Bug("`check_record.root` is no hash".to_owned()))?;
        let row = SegmentRow {
            id: r.get(0)?,
            node: r.get(1)?,
            process: r.get(2)?,
            start: r.get(3)?,
            questions: r.get(4)?,
            at: r.get(5)?,
            root,
            body: r.get(7)?,
        };
        Ok((row.start.saturating_add(row.questions) > no).then_some(row))
    })
    .map(Option::flatten)
}

/// How many questions the segment has that begins with a number, if it is written down.
///
/// # Errors
/// The database's.
pub fn written(tx: &mut Tx<'_>, process: Uuid, start: i64) -> Result<Option<i64>, DbError> {
    tx.query_opt(&WRITTEN, params![process, start], |r| r.get(0))
}

/// How many questions are written down.
///
/// # Errors
/// The database's.
pub fn questions(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    tx.query_one(&COUNT, &[], |r| r.get(0))
}
