//! SQL for pictures over many reports: what an office may see of a scheme, and of who names a thing. The rule of lists is in each query.

use db::{DbError, Row, Stmt, Tx};
use kernel::Timestamp;
use report::ReportId;
use uuid::Uuid;

use crate::model::{How, SchemeId};

macro_rules! columns {
    () => {
        "m.report_id, m.scheme_id, m.number, m.created_at, m.region, m.bank, m.loss_minor"
    };
}

pub(super) const MEMBERS: Stmt = Stmt::both(
    "scheme.chart_members",
    concat!(
        "SELECT ",
        columns!(),
        " FROM scheme_member m WHERE m.scheme_id = ?3 AND ",
        access::scope_where!("?1", "?2", "m."),
        " ORDER BY m.created_at DESC, m.report_id DESC LIMIT ?4"
    ),
);
pub(super) const NAMINGS: Stmt = Stmt::both(
    "scheme.chart_namings",
    concat!(
        "SELECT n.thing_id, n.report_id, n.how, n.at FROM (SELECT m.report_id FROM scheme_member m WHERE m.scheme_id = ?3 AND ",
        access::scope_where!("?1", "?2", "m."),
        " ORDER BY m.created_at DESC, m.report_id DESC LIMIT ?4) AS seen JOIN scheme_naming n ON n.report_id = seen.report_id \
         ORDER BY n.thing_id, n.at, n.report_id"
    ),
);
pub(super) const NAMED_BY: Stmt = Stmt::both(
    "scheme.chart_named_by",
    concat!(
        "SELECT ",
        columns!(),
        ", n.how, n.at FROM scheme_naming n JOIN scheme_member m ON m.report_id = n.report_id WHERE n.thing_id = ?3 AND ",
        access::scope_where!("?1", "?2", "m."),
        " ORDER BY n.at DESC, n.report_id DESC LIMIT ?4"
    ),
);
pub(super) const COUNT_NAMED_BY: Stmt = Stmt::both(
    "scheme.chart_count_named_by",
    concat!(
        "SELECT COUNT(*) FROM scheme_naming n JOIN scheme_member m ON m.report_id = n.report_id WHERE n.thing_id = ?3 AND ",
        access::scope_where!("?1", "?2", "m.")
    ),
);

/// A report as a picture needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Light {
    /// The report.
    pub report: ReportId,
    /// Its scheme.
    pub scheme: Option<SchemeId>,
    /// Its public number.
    pub number: String,
    /// When it came.
    pub at: Timestamp,
    /// Where the reporter lives; empty if not told.
    pub region: String,
    /// The institution whose client was hit; empty if not told.
    pub bank: String,
    /// What was lost, roughly, in the country's currency.
    pub loss_minor: i64,
}

/// That a report names a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Naming {
    /// The thing.
    pub thing: Uuid,
    /// The report.
    pub report: ReportId,
    /// How it comes to name it.
    pub how: How,
    /// When the report came.
    pub at: Timestamp,
}

fn light(r: &Row) -> Result<Light, DbError> {
    Ok(Light {
        report: ReportId::from_uuid(r.get(0)?),
        scheme: r.get::<Option<Uuid>>(1)?.map(SchemeId::from_uuid),
        number: r.get(2)?,
        at: r.get(3)?,
        region: r.get(4)?,
        bank: r.get(5)?,
        loss_minor: r.get(6)?,
    })
}

fn how(r: &Row, column: usize) -> Result<How, DbError> {
    let how: String = r.get(column)?;
    How::parse(&how).ok_or_else(|| DbError::Bug(format!("`scheme_naming.how` holds `{how}`")))
}

fn scoped(office: &access::Office, id: Uuid) -> Vec<db::Value> {
    let [organisation, unit] = office.params();
    vec![organisation, unit, id.into()]
}

/// Reports of a scheme that an office may see, the latest first, so many at most.
///
/// # Errors
/// The database's.
pub fn members(
    tx: &mut Tx<'_>,
    office: &access::Office,
    id: SchemeId,
    limit: i64,
) -> Result<Vec<Light>, DbError> {
    let mut all = scoped(office, id.uuid());
    all.push(limit.into());
    tx.query(&MEMBERS, &all, light)
}

/// What the latest reports of a scheme name, as far as an office may see them, by thing.
///
/// # Errors
/// The database's.
pub fn namings(
    tx: &mut Tx<'_>,
    office: &access::Office,
    id: SchemeId,
    limit: i64,
) -> Result<Vec<Naming>, DbError> {
    let mut all = scoped(office, id.uuid());
    all.push(limit.into());
    tx.query(&NAMINGS, &all, |r| {
        Ok(Naming {
            thing: r.get(0)?,
            report: ReportId::from_uuid(r.get(1)?),
            how: how(r, 2)?,
            at: r.get(3)?,
        })
    })
}

/// Reports that name a thing and that an office may see, the latest first, so many at most; and how many there are.
///
/// # Errors
/// The database's.
pub fn named_by(
    tx: &mut Tx<'_>,
    office: &access::Office,
    thing: Uuid,
    limit: i64,
) -> Result<(Vec<(Light, Naming)>, i64), DbError> {
    let mut all = scoped(office, thing);
    let count = tx.query_one(&COUNT_NAMED_BY, &all, |r| r.get(0))?;
    all.push(limit.into());
    let rows = tx.query(&NAMED_BY, &all, |r| {
        let report = light(r)?;
        let naming = Naming { thing, report: report.report, how: how(r, 7)?, at: r.get(8)? };
        Ok((report, naming))
    })?;
    Ok((rows, count))
}
