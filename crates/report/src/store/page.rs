//! Reports in the order of their keys, for whoever compares an index with them.

use db::{DbError, Stmt, Tx, params};
use uuid::Uuid;

// What belongs to a report is little, and looked up by an index.
pub(super) const PAGE: Stmt = Stmt::both(
    "report.page",
    "SELECT r.id, r.marking, r.organisation_id, r.unit_id, r.withdrawn_at, \
     CAST(length(r.reporter_sealed) AS BIGINT), CAST(COALESCE(length(r.story_sealed), -1) AS BIGINT), \
     CAST(COALESCE(length(r.details_sealed), -1) AS BIGINT), \
     (SELECT COUNT(*) FROM report_story s WHERE s.report_id = r.id), \
     (SELECT COUNT(*) FROM report_payment p WHERE p.report_id = r.id), \
     (SELECT COUNT(*) FROM report_correction c WHERE c.report_id = r.id), \
     (SELECT COUNT(*) FROM report_clue c WHERE c.report_id = r.id), \
     (SELECT COUNT(c.taken_back_at) FROM report_clue c WHERE c.report_id = r.id) \
     FROM report r WHERE r.id > ?1 ORDER BY r.id LIMIT ?2",
);

/// The reports behind one, each with a text that is another once anything has changed that is told of it: its marking, whether it was
/// withdrawn or erased, how much was told, how often.
///
/// # Errors
/// The database's.
pub fn page(tx: &mut Tx<'_>, after: Uuid, limit: i64) -> Result<Vec<(Uuid, String)>, DbError> {
    tx.query(&PAGE, params![after, limit], |r| {
        let (marking, organisation, unit) = (r.get::<String>(1)?, r.get::<String>(2)?, r.get::<String>(3)?);
        let withdrawn: Option<i64> = r.get(4)?;
        let told: Vec<i64> = (5..=12).map(|column| r.get(column)).collect::<Result<_, _>>()?;
        Ok((r.get(0)?, format!("{marking} {organisation} {unit} {} {told:?}", withdrawn.is_some())))
    })
}
