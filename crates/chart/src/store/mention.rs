//! SQL of which views and places name which report. Reports alone are looked up so: one that is erased goes from all of them at once, and
//! whatever else is gone is swept.

use std::collections::BTreeSet;

use db::{DbError, Stmt, Tx, params};
use uuid::Uuid;

use crate::model::Key;

/// Kinds of rows.
pub(super) const VIEW: &str = "view";
pub(super) const PLACE: &str = "place";

pub(super) const ADD: Stmt = Stmt::both(
    "chart.mention_add",
    "INSERT INTO chart_mention (key, kind, row_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
);
pub(super) const OF_ROW: Stmt =
    Stmt::both("chart.mention_of_row", "SELECT key FROM chart_mention WHERE kind = ?1 AND row_id = ?2");
pub(super) const TAKE: Stmt = Stmt::both(
    "chart.mention_take",
    "DELETE FROM chart_mention WHERE key = ?1 AND kind = ?2 AND row_id = ?3",
);
pub(super) const TAKE_ALL: Stmt =
    Stmt::both("chart.mention_take_all", "DELETE FROM chart_mention WHERE kind = ?1 AND row_id = ?2");
/// Of places that are about to be forgotten.
pub(super) const TAKE_AGED: Stmt = Stmt::both(
    "chart.mention_take_aged",
    "DELETE FROM chart_mention WHERE kind = 'place' AND row_id IN (SELECT id FROM chart_place WHERE changed_at < ?1)",
);

/// Keeps which reports a row names, or hangs something on; what stays as it was is not written.
pub(super) fn keep<'k>(
    tx: &mut Tx<'_>,
    (kind, row): (&str, Uuid),
    keys: impl IntoIterator<Item = &'k Key>,
) -> Result<(), DbError> {
    let named = keys.into_iter().map(Key::inner).filter(|key| key.kind() == "report");
    let named: BTreeSet<String> = named.map(|key| key.to_string()).collect();
    let known: BTreeSet<String> =
        tx.query(&OF_ROW, params![kind, row], |r| r.get::<String>(0))?.into_iter().collect();
    for key in known.difference(&named) {
        tx.execute(&TAKE, params![key.as_str(), kind, row])?;
    }
    for key in named.difference(&known) {
        tx.execute(&ADD, params![key.as_str(), kind, row])?;
    }
    Ok(())
}

/// A row is gone.
pub(super) fn drop_row(tx: &mut Tx<'_>, (kind, row): (&str, Uuid)) -> Result<(), DbError> {
    tx.execute(&TAKE_ALL, params![kind, row]).map(drop)
}
