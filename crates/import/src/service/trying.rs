//! Trying: what would come of it, without keeping any of it.

use app::App;
use kernel::Actor;
use statement::{Row, Trouble};

use super::{mapping, read_rows};
use crate::Office;
use crate::error::ImportError;
use crate::model::{Told, Tried};

/// How many rows are shown.
const FIRST: usize = 25;
/// How many troubles are.
const TROUBLES: usize = 200;

/// Reads an exhibit as rows to see what comes of it. That its content was read is an event of its custody.
///
/// # Errors
/// Absent or hidden; a thing; damaged; too large.
pub async fn try_out(
    app: &App,
    office: &Office,
    actor: &Actor,
    (number, typed): (&str, &str),
) -> Result<Tried, ImportError> {
    let typed = mapping(typed)?;
    let begun = read_rows(app, office, actor, (number, typed.clone())).await?;
    let rows = begun.rows;
    let count = tokio::task::spawn_blocking(move || {
        let (mut first, mut troubles) = (Vec::new(), Vec::new());
        let mut counts = (0_u64, 0_u64);
        for row in rows {
            match row {
                Row::Trouble(trouble) => {
                    counts.1 = counts.1.saturating_add(1);
                    if troubles.len() < TROUBLES {
                        troubles.push(trouble);
                    }
                }
                row => {
                    counts.0 = counts.0.saturating_add(1);
                    if first.len() < FIRST {
                        first.push(row);
                    }
                }
            }
        }
        (first, troubles, counts)
    });
    let end = begun.end.await.map_err(broken)?;
    let (first, troubles, (rows, wrong)): (Vec<Row>, Vec<Trouble>, _) = count.await.map_err(broken)?;
    let told = Told {
        mapping: typed.unwrap_or_default(),
        summary: end.summary,
        troubles,
        failure: end.failure,
        ended: Some(end.ended),
        taken_back: String::new(),
    };
    Ok(Tried { told, first, rows, troubles: wrong })
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
pub(super) fn broken(error: tokio::task::JoinError) -> ImportError {
    ImportError::Db(db::DbError::Bug(format!("rows were not read: {error}")))
}
