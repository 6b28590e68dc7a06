//! SQL of figures: how many reports, when, where, of whom.

use db::{DbError, Row, Stmt, Tx, params};
use kernel::Timestamp;

use crate::model::SchemeId;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// Reports that everybody of the office may see: what everybody is told of counts no others.
macro_rules! open {
    () => {
        "(substr(marking, 1, 6) IN ('clear/', 'green/', 'amber/') OR substr(marking, 1, 13) = 'amber_strict/')"
    };
}

/// Counted by one column, within what an office may see.
macro_rules! by {
    ($column:literal) => {
        concat!(
            "SELECT ",
            $column,
            ", COUNT(*), CAST(COALESCE(SUM(loss_minor), 0) AS BIGINT) FROM scheme_member WHERE scheme_id = ?3 AND ",
            access::scope_where!("?1", "?2"),
            " GROUP BY ",
            $column,
            " ORDER BY 2 DESC, 1"
        )
    };
}

pub(super) const BY_DAY: Stmt = Stmt::both(
    "scheme.by_day",
    concat!(
        "SELECT (created_at - ?4) / 86400000000, COUNT(*), CAST(COALESCE(SUM(loss_minor), 0) AS BIGINT) FROM scheme_member \
         WHERE scheme_id = ?3 AND created_at >= ?4 AND ",
        access::scope_where!("?1", "?2"),
        " GROUP BY (created_at - ?4) / 86400000000 ORDER BY 1"
    ),
);
pub(super) const BY_REGION: Stmt = Stmt::both("scheme.by_region", by!("region"));
pub(super) const BY_AGE: Stmt = Stmt::both("scheme.by_age", by!("age"));
pub(super) const BY_BANK: Stmt = Stmt::both("scheme.by_bank", by!("bank"));
pub(super) const BY_LANG: Stmt = Stmt::both("scheme.by_lang", by!("lang"));
pub(super) const SIGNS: Stmt = Stmt::both(
    "scheme.signs",
    concat!(
        "SELECT signs FROM scheme_member WHERE scheme_id = ?3 AND kind = ?4 AND signs <> '' AND ",
        access::scope_where!("?1", "?2"),
        " ORDER BY created_at DESC LIMIT 500"
    ),
);
pub(super) const TELLING: Stmt = Stmt::both(
    "scheme.telling",
    concat!(
        "SELECT COUNT(*) FROM scheme_member WHERE scheme_id = ?3 AND kind = ?4 AND ",
        access::scope_where!("?1", "?2")
    ),
);
pub(super) const SINCE: Stmt = Stmt::both(
    "scheme.since",
    concat!(
        "SELECT COUNT(*), COUNT(CASE WHEN created_at >= ?3 THEN 1 END) FROM scheme_member WHERE scheme_id = ?1 AND created_at >= ?2 AND ",
        open!()
    ),
);
pub(super) const ALL_SINCE: Stmt = Stmt::both(
    "scheme.all_since",
    concat!(
        "SELECT COUNT(*), COUNT(CASE WHEN created_at >= ?3 THEN 1 END) FROM scheme_member WHERE organisation_id = ?1 AND created_at >= ?2 AND ",
        open!()
    ),
);
pub(super) const BANKS_SINCE: Stmt = Stmt::both(
    "scheme.banks_since",
    concat!(
        "SELECT bank, COUNT(*), COUNT(CASE WHEN created_at >= ?3 THEN 1 END) FROM scheme_member \
         WHERE organisation_id = ?1 AND created_at >= ?2 AND bank <> '' AND ",
        open!(),
        " GROUP BY bank ORDER BY bank"
    ),
);
/// Regions and ages of a scheme's reports: how many before a moment, and since.
pub(super) const NEW_IN: Stmt = Stmt::both(
    "scheme.new_in",
    concat!(
        "SELECT 'region', region, COUNT(CASE WHEN created_at < ?2 THEN 1 END), COUNT(CASE WHEN created_at >= ?2 THEN 1 END) \
         FROM scheme_member WHERE scheme_id = ?1 AND region <> '' AND ",
        open!(),
        " GROUP BY region UNION ALL SELECT 'age', age, COUNT(CASE WHEN created_at < ?2 THEN 1 END), \
         COUNT(CASE WHEN created_at >= ?2 THEN 1 END) FROM scheme_member WHERE scheme_id = ?1 AND age <> '' AND ",
        open!(),
        " GROUP BY age"
    ),
);

/// Something counted, with how many reports and what they lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// What: code, language, age.
    pub what: String,
    /// How many reports.
    pub reports: i64,
    /// What they lost, roughly, in the country's currency.
    pub loss_minor: i64,
}

fn count(r: &Row) -> Result<Count, DbError> {
    Ok(Count { what: r.get(0)?, reports: r.get(1)?, loss_minor: r.get(2)? })
}

/// By what reports of a scheme are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Where the reporter lives.
    Region,
    /// How old the reporter is.
    Age,
    /// Whose client.
    Bank,
    /// In which language it was told.
    Lang,
}

/// Reports of a scheme that an office may see, counted.
///
/// # Errors
/// The database's.
pub fn counts(tx: &mut Tx<'_>, office: &access::Office, id: SchemeId, by: By) -> Result<Vec<Count>, DbError> {
    let [organisation, unit] = office.params();
    let stmt = match by {
        By::Region => &BY_REGION,
        By::Age => &BY_AGE,
        By::Bank => &BY_BANK,
        By::Lang => &BY_LANG,
    };
    tx.query(stmt, &[organisation, unit, id.uuid().into()], count)
}

/// Reports a day, from a moment on: the number of the day, reports, loss.
///
/// # Errors
/// The database's.
pub fn days(
    tx: &mut Tx<'_>,
    office: &access::Office,
    id: SchemeId,
    from: Timestamp,
) -> Result<Vec<(i64, i64, i64)>, DbError> {
    let [organisation, unit] = office.params();
    tx.query(&BY_DAY, &[organisation, unit, id.uuid().into(), from.into()], |r| {
        Ok((r.get(0)?, r.get(1)?, r.get(2)?))
    })
}

/// Signs of one kind in the latest five hundred reports, as kept: one line a sign.
///
/// # Errors
/// The database's.
pub fn signs(
    tx: &mut Tx<'_>,
    office: &access::Office,
    id: SchemeId,
    kind: &str,
) -> Result<Vec<String>, DbError> {
    let [organisation, unit] = office.params();
    tx.query(&SIGNS, &[organisation, unit, id.uuid().into(), kind.into()], |r| r.get(0))
}

/// How many reports of a scheme tell of a kind, of those that an office may see.
///
/// # Errors
/// The database's.
pub fn telling(tx: &mut Tx<'_>, office: &access::Office, id: SchemeId, kind: &str) -> Result<i64, DbError> {
    let [organisation, unit] = office.params();
    tx.query_one(&TELLING, &[organisation, unit, id.uuid().into(), kind.into()], |r| r.get(0))
}

/// Reports since two moments, the earlier first.
pub type Since = (i64, i64);

/// Reports of a scheme since two moments.
///
/// # Errors
/// The database's.
pub fn since(tx: &mut Tx<'_>, id: SchemeId, from: Timestamp, last: Timestamp) -> Result<Since, DbError> {
    tx.query_one(&SINCE, params![id, from, last], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// All reports of an organisation since two moments.
///
/// # Errors
/// The database's.
pub fn all_since(
    tx: &mut Tx<'_>,
    organisation: &str,
    from: Timestamp,
    last: Timestamp,
) -> Result<Since, DbError> {
    tx.query_one(&ALL_SINCE, params![organisation, from, last], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// The same by institution whose clients were hit.
///
/// # Errors
/// The database's.
pub fn banks_since(
    tx: &mut Tx<'_>,
    organisation: &str,
    from: Timestamp,
    last: Timestamp,
) -> Result<Vec<(String, Since)>, DbError> {
    tx.query(&BANKS_SINCE, params![organisation, from, last], |r| Ok((r.get(0)?, (r.get(1)?, r.get(2)?))))
}

/// Regions and ages of a scheme: what, which, how many before a moment, how many since.
///
/// # Errors
/// The database's.
pub fn new_in(
    tx: &mut Tx<'_>,
    id: SchemeId,
    at: Timestamp,
) -> Result<Vec<(String, String, i64, i64)>, DbError> {
    tx.query(&NEW_IN, params![id, at], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))
}

/// The beginning of the day so many days before.
#[must_use]
pub fn days_before(now: Timestamp, days: i64) -> Timestamp {
    Timestamp::from_micros(now.as_micros().saturating_sub(days.saturating_mul(DAY)))
}
