//! The weights by which records are compared: those of this crate until a department has records of its own, then learnt from
//! them, version by version, so that every decision can be shown with what it was made by.

use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Purpose};
use serde_json::json;
use uuid::Uuid;

use super::reading::open_told;
use crate::error::PersonError;
use crate::model::RecordId;
use crate::resolve::{Kept, Model, Record, resolve};
use crate::store;

/// Fewest records from which anything can be learnt.
const LEAST: usize = 1_000;
/// Most records that are looked at.
const MOST: usize = 50_000;
/// Records read at once.
const AT_ONCE: i64 = 500;

/// Why nothing was learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LearnError {
    /// There are too few records.
    TooFew(usize),
}

/// The weights of today and their version; 0 are those of this crate.
///
/// # Errors
/// The database's.
pub fn current(tx: &mut Tx<'_>) -> Result<(i64, Model), PersonError> {
    Ok(match store::latest_learnt(tx)? {
        Some((version, body)) => (version, read(&body)?),
        None => (0, Model::usual()),
    })
}

fn read(body: &str) -> Result<Model, PersonError> {
    let kept: Result<Kept, _> = serde_json::from_str(body);
    Ok(kept.map_err(|_| db::DbError::Bug("`person_model.body` is no model".to_owned()))?.into())
}

/// Learns the weights anew from the records that there are, and keeps them as the next version. What was decided by the earlier
/// ones stays as it is.
///
/// # Errors
/// Forbidden; the database's.
pub async fn learn(app: &App, actor: &Actor) -> Result<Result<i64, LearnError>, PersonError> {
    super::may_judge(app, actor)?;
    let mut records: Vec<Record> = Vec::new();
    let mut after = RecordId::from_uuid(Uuid::nil());
    loop {
        let me = app.clone();
        // In parts, so that nobody waits for a long reading.
        let part = app.db.read(move |tx| {
            let mut all = Vec::new();
            for id in store::all_ids(tx, after, AT_ONCE)? {
                let Some(record) = store::record(tx, id)? else { continue };
                let told = open_told(tx, &me, &record)?;
                all.push((id, told.map(|t| t.open(Purpose::Investigate).record())));
            }
            Ok::<_, PersonError>(all)
        });
        let part = part.await?;
        let Some((last, _)) = part.last() else { break };
        after = *last;
        records.extend(part.into_iter().filter_map(|(_, record)| record));
        if records.len() >= MOST {
            break;
        }
    }
    if records.len() < LEAST {
        return Ok(Err(LearnError::TooFew(records.len())));
    }
    let body = serde_json::to_string(&resolve(&records).model.keep(records.len())).unwrap_or_default();
    let (me, actor, count) = (app.clone(), actor.clone(), i64::try_from(records.len()).unwrap_or(i64::MAX));
    app.db
        .write(move |tx| {
            let version = store::latest_learnt(tx)?.map_or(1, |(version, _)| version.saturating_add(1));
            store::keep_learnt(tx, (version, &body), count, (me.office.now(), &actor.label()))?;
            let about = Act::about("person.learnt", "person", Uuid::nil());
            let facts = json!({"version": version, "records": count});
            me.record(tx, &actor, &Act { facts, ..about })?;
            Ok(Ok(version))
        })
        .await
}
