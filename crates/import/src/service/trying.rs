//! Trying: what would come of it, without keeping any of it.

use app::App;
use kernel::Actor;
use statement::{Plan, Row, Trouble};
use uuid::Uuid;

use super::{mapping, read_rows, typed_mapping};
use crate::Office;
use crate::error::ImportError;
use crate::model::{Told, Tried};

/// How many rows are shown.
const FIRST: usize = 25;
/// How many troubles are.
const TROUBLES: usize = 200;

/// What is done with what somebody said of a file like this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Memory {
    /// A file with the same headings is read as it was said; one whose headings say nothing is told that there is something.
    #[default]
    Ask,
    /// The file is read as it is found.
    Leave,
    /// What was offered is taken.
    Take(Uuid),
}

impl Tried {
    /// What the columns mean, or may: where it could not be read, too, so that somebody says what they are.
    #[must_use]
    pub fn plan(&self) -> Option<&Plan> {
        let read = self.told.summary.as_ref().and_then(|s| s.plan.as_ref());
        let known = self.told.failure.as_ref().and_then(|f| f.plan.as_deref());
        read.or(known).filter(|plan| plan.columns.len() > 1)
    }
}

/// Reads an exhibit as rows to see what comes of it. That its content was read is an event of its custody, each time that it was: where
/// something is remembered of files with these headings, it is read once to know the headings and once as it was said.
///
/// # Errors
/// Absent or hidden; a thing; damaged; too large.
pub async fn try_out(
    app: &App,
    office: &Office,
    actor: &Actor,
    (number, typed, memory): (&str, &str, Memory),
) -> Result<Tried, ImportError> {
    let asked = typed_mapping(typed)?;
    let memory = if asked.is_some() && memory == Memory::Ask { Memory::Leave } else { memory };
    if let Memory::Take(id) = memory {
        let plan = Plan::from_toml(typed).map_err(|_| ImportError::Field("mapping"))?;
        let Some((before, plan)) = mapping::take(app, id, &plan).await? else {
            return read(app, office, actor, (number, asked)).await;
        };
        let tried = read(app, office, actor, (number, Some(plan.to_toml()))).await?;
        return Ok(Tried { before: Some(before), ..tried });
    }
    let found = read(app, office, actor, (number, asked)).await?;
    let Some(plan) = found.plan().filter(|_| memory == Memory::Ask) else { return Ok(found) };
    let Some((before, said)) = mapping::recall(app, plan).await? else { return Ok(found) };
    if !before.applied {
        return Ok(Tried { before: Some(before), ..found });
    }
    let fields = |plan: &Plan| plan.columns.iter().map(|c| c.field).collect::<Vec<_>>();
    if (fields(&said), said.sort, said.serial) == (fields(plan), plan.sort, plan.serial) {
        // What is found by itself is what was said.
        return Ok(found);
    }
    let tried = read(app, office, actor, (number, Some(said.to_toml()))).await?;
    Ok(Tried { before: Some(before), ..tried })
}

async fn read(
    app: &App,
    office: &Office,
    actor: &Actor,
    (number, mapping): (&str, Option<String>),
) -> Result<Tried, ImportError> {
    let begun = read_rows(app, office, actor, (number, mapping.clone())).await?;
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
        mapping: mapping.unwrap_or_default(),
        summary: end.summary,
        troubles,
        failure: end.failure,
        ended: Some(end.ended),
        ..Told::default()
    };
    Ok(Tried { told, first, rows, troubles: wrong, before: None })
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
pub(super) fn broken(error: tokio::task::JoinError) -> ImportError {
    ImportError::Db(db::DbError::Bug(format!("rows were not read: {error}")))
}
