//! What officers say of how frauds are done is learnt: counted anew whenever they have said something else, and asked where the words of
//! the profile say nothing.

use std::collections::BTreeMap;

use app::App;
use db::Tx;
use kernel::Purpose;
use report::ReportId;

use super::hearing::hear;
use crate::ear::{Ear, part};
use crate::error::SchemeError;
use crate::learn::Learnt;
use crate::store::figures::days_before;
use crate::store::{learnt, member};

/// Reports of one scheme that are learnt from.
const OF_ONE: i64 = 30;
/// Reports that are listened to anew once something was learnt.
const ANEW: i64 = 200;
/// How far back.
const ANEW_DAYS: i64 = 30;

/// Counts anew if officers have said something else since. `true` if they have.
///
/// # Errors
/// The database's.
pub async fn learn(app: &App, ear: &Ear) -> Result<bool, SchemeError> {
    let (known, decided, from) = app.db.read(decided).await?;
    if known.unwrap_or_default() == from {
        return Ok(false);
    }
    let mut model = Learnt::default();
    for (scheme, kind, _) in decided {
        let (me, key) = (app.clone(), ear.key());
        let stories = app.db.read(move |tx| stories(tx, &me, scheme)).await?;
        for story in stories {
            model.count(&kind, &story, key);
        }
    }
    let body = serde_json::to_vec(&model).map_err(|e| db::DbError::Bug(e.to_string()))?;
    let (id, at, stories) = (app.uuid(), app.wall.now(), i64::from(model.stories()));
    app.db.write(move |tx| learnt::put(tx, id, at, (stories, &from), &body)).await?;
    let since = days_before(app.office.now(), ANEW_DAYS);
    let organisation = app.node.code.clone();
    for report in app.db.read(move |tx| member::unknown(tx, &organisation, since, ANEW)).await? {
        let (me, ear) = (app.clone(), ear.clone());
        app.db.write(move |tx| hear(tx, &me, &ear, report)).await?;
    }
    Ok(true)
}

type Decided = (Option<String>, Vec<learnt::Decided>, String);

/// From which decisions and reports something was learnt, and from which it would be now: also what was erased is noticed.
fn decided(tx: &mut Tx<'_>) -> Result<Decided, db::DbError> {
    let decided = learnt::decided(tx)?;
    let mut from = Vec::new();
    for (id, kind, _) in &decided {
        let reports = learnt::examples(tx, *id, OF_ONE)?;
        let ids: Vec<db::Value> = reports.iter().map(|r| db::Value::from(r.uuid())).collect();
        from.push(format!("{kind} {:?}", db::row_hash(&ids)));
    }
    let known = learnt::latest(tx)?.map(|(_, from, _)| from);
    Ok((known, decided, from.join("\n")))
}

/// The stories of a scheme's first reports. They are counted and not kept.
fn stories(tx: &mut Tx<'_>, app: &App, scheme: uuid::Uuid) -> Result<Vec<String>, SchemeError> {
    let mut all: BTreeMap<ReportId, String> = BTreeMap::new();
    for id in learnt::examples(tx, scheme, OF_ONE)? {
        match report::service::load(tx, app, &part(), id) {
            Ok(full) => drop(all.insert(id, full.told.story.open(Purpose::Investigate).clone())),
            Err(report::ReportError::Erased | report::ReportError::NotFound) => {}
            Err(e) => return Err(e.into()),
        }
    }
    Ok(all.into_values().filter(|story| !story.is_empty()).collect())
}
