//! The weights by which records are compared: those of this crate until a department has records of its own, then learnt from
//! them, version by version, so that every decision can be shown with what it was made by.

use std::time::Duration;

use app::App;
use audit::Act;
use db::Tx;
use kernel::Purpose;
use serde_json::json;
use uuid::Uuid;

use super::reading::open_told;
use crate::error::PersonError;
use crate::model::RecordId;
use crate::resolve::{self, Kept, Model, Record};
use crate::store;

/// How often it is asked whether there is enough to learn from.
const EVERY: Duration = Duration::from_secs(6 * 3_600);
/// Fewest records from which anything can be learnt.
const LEAST: usize = 1_000;
/// Most records that are looked at.
const MOST: usize = 50_000;
/// Records read at once.
const AT_ONCE: i64 = 500;

/// The weights of today and their version; 0 are those of this crate.
///
/// # Errors
/// The database's.
pub fn current(tx: &mut Tx<'_>) -> Result<(i64, Model), PersonError> {
    Ok(match store::latest_learnt(tx)? {
        Some((version, body, _)) => (version, read(&body)?),
        None => (0, Model::usual()),
    })
}

fn read(body: &str) -> Result<Model, PersonError> {
    let kept: Result<Kept, _> = serde_json::from_str(body);
    Ok(kept.map_err(|_| db::DbError::Bug("`person_model.body` is no model".to_owned()))?.into())
}

/// Learns the weights anew for as long as the process lives.
pub async fn keep_learning(app: App) {
    loop {
        app.timer.sleep(EVERY).await;
        if let Err(error) = learn(&app, LEAST).await {
            tracing::warn!(%error, "weights of persons are learnt later");
        }
    }
}

/// Learns the weights anew from the records that there are, and keeps them as the next version: with so many records at least, and
/// twice as many as the last time. What was decided by the earlier ones stays as it is. Gives the version, if one was learnt.
///
/// # Errors
/// The database's, the vault's.
pub async fn learn(app: &App, least: usize) -> Result<Option<i64>, PersonError> {
    let (count, before) = app
        .db
        .read(|tx| Ok::<_, PersonError>((store::count_records(tx)?, store::latest_learnt(tx)?)))
        .await?;
    let before = before.map_or(0, |(.., records)| records);
    let least = i64::try_from(least).unwrap_or(i64::MAX).max(before.saturating_mul(2));
    if count < least || before >= i64::try_from(MOST).unwrap_or(i64::MAX) {
        return Ok(None);
    }
    let records = all(app).await?;
    let count = records.len();
    let work = move || serde_json::to_string(&resolve::learn(&records).keep()).unwrap_or_default();
    let body = tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| db::DbError::Bug(format!("weights were not learnt: {e}")))?;
    let (me, count) = (app.clone(), i64::try_from(count).unwrap_or(i64::MAX));
    app.db
        .write(move |tx| {
            let version = store::latest_learnt(tx)?.map_or(1, |(version, ..)| version.saturating_add(1));
            let (by, now) = (super::part(), me.office.now());
            store::keep_learnt(tx, (version, &body), count, (now, &by.label()))?;
            let facts = json!({"version": version, "records": count});
            let about = Act::about("person.learnt", "person", Uuid::nil());
            me.record(tx, &by, &Act { purpose: Some(Purpose::Operate), facts, ..about })?;
            Ok(Some(version))
        })
        .await
}

/// What all records tell, as far as so many, read in parts, so that nobody waits for a long reading.
async fn all(app: &App) -> Result<Vec<Record>, PersonError> {
    let mut records: Vec<Record> = Vec::new();
    let mut after = RecordId::from_uuid(Uuid::nil());
    while records.len() < MOST {
        let me = app.clone();
        let part = app.db.read(move |tx| {
            let mut all = Vec::new();
            for id in store::all_ids(tx, after, AT_ONCE)? {
                let Some(record) = store::record(tx, id)? else { continue };
                let told = open_told(tx, &me, &record)?;
                all.push((id, told.map(|t| t.open(Purpose::Operate).record())));
            }
            Ok::<_, PersonError>(all)
        });
        let part = part.await?;
        let Some((last, _)) = part.last() else { break };
        after = *last;
        records.extend(part.into_iter().filter_map(|(_, record)| record));
    }
    Ok(records)
}
