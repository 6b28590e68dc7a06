//! The common header as columns. Every main table begins with these sixteen, in this order, so that one
//! macro writes them into each slice's statements and one function into their parameters.

use db::Value;
use kernel::{Header, Lang, Marking};
use uuid::Uuid;

/// The column names, for `INSERT INTO t (…)` and `SELECT …`: numbers 1 to 16.
#[macro_export]
macro_rules! header_columns {
    () => {
        "id, origin_node, organisation_id, unit_id, region, marking, lang, created_at, source_time, source_zone, \
         author, basis_id, basis_version, profile_version, retention_class, row_hash"
    };
}

/// The placeholders `?1` to `?16`; the slice's own columns go on with `?17`.
#[macro_export]
macro_rules! header_places {
    () => {
        "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16"
    };
}

/// How many columns the header has; a slice's own begin at this index in a row.
pub const WIDTH: usize = 16;

/// The header's parameters followed by `own`. The row hash covers the header and the first `fixed` of
/// `own`: what never changes after the row is written, so that a scrub finds silent rot and tampering.
#[must_use]
pub fn values(id: Uuid, header: &Header, own: &[Value], fixed: usize) -> Vec<Value> {
    let mut all = vec![
        Value::from(id),
        Value::from(header.origin_node.as_str()),
        Value::from(header.organisation_id.as_str()),
        Value::from(header.unit_id.as_str()),
        Value::from(header.region.as_str()),
        Value::from(header.marking.to_text()),
        Value::from(header.lang.tag()),
        Value::from(header.created_at),
        Value::from(header.source_time),
        Value::from(header.source_zone.as_str()),
        Value::from(header.author.as_str()),
        Value::from(header.basis.map(|b| b.0)),
        Value::from(header.basis.map(|b| b.1)),
        Value::from(header.profile_version.as_str()),
        Value::from(header.retention_class.as_str()),
    ];
    let hash = {
        let mut hashed = all.clone();
        hashed.extend(own.iter().take(fixed).cloned());
        db::row_hash(&hashed)
    };
    all.push(Value::from(hash));
    all.extend(own.iter().cloned());
    all
}

/// Reads the header from the first sixteen columns of a row.
///
/// # Errors
/// A column of another type: the table was not written by this program.
pub fn read(row: &db::Row) -> Result<(Uuid, Header), db::DbError> {
    let basis: Option<Uuid> = row.get(11)?;
    let version: Option<i64> = row.get(12)?;
    let header = Header {
        origin_node: row.get(1)?,
        organisation_id: row.get(2)?,
        unit_id: row.get(3)?,
        region: row.get(4)?,
        marking: Marking::from_text(&row.get::<String>(5)?),
        lang: Lang::new(&row.get::<String>(6)?).unwrap_or(Lang::EN),
        created_at: row.get(7)?,
        source_time: row.get(8)?,
        source_zone: row.get(9)?,
        author: row.get(10)?,
        basis: basis.zip(version),
        profile_version: row.get(13)?,
        retention_class: row.get(14)?,
    };
    Ok((row.get(0)?, header))
}
