//! The queue of pairs that the machine cannot decide: one after the other, with what speaks for and against.

use access::{Action, Kind as Thing, Resource};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Purpose};
use serde_json::json;

use super::reading::{is_minor, open_record, resource};
use crate::error::PersonError;
use crate::model::{DropperStatus, Judgement, OpenRecord, Pair, PairId, PairState, Person, Verdict};
use crate::store;

/// Pairs of the queue that are looked through for one that the officer may see.
const LOOKED_THROUGH: i64 = 100;

/// One of the two.
#[derive(Debug, Clone)]
pub struct Side {
    /// The record.
    pub record: OpenRecord,
    /// Whose it is now.
    pub person: Person,
    /// Whether they are a minor.
    pub minor: bool,
    /// Where their matter as a dropper stands, if there is one that is not cleared.
    pub dropper: Option<DropperStatus>,
}

/// A pair to be looked at.
#[derive(Debug, Clone)]
pub struct Look {
    /// What they weigh.
    pub pair: Pair,
    /// The first, then the second.
    pub sides: [Side; 2],
    /// Pairs that wait, with this one.
    pub waiting: i64,
    /// What people have said of it: then it is shown, not asked. Of a pair that waits for a second look nothing is told.
    pub standing: Option<Judgement>,
    /// Whether both are one person's now.
    pub joined: bool,
    /// Whether the officer may judge.
    pub may_judge: bool,
}

/// How many pairs wait for a person.
///
/// # Errors
/// Forbidden.
pub async fn waiting(app: &App, actor: &Actor) -> Result<i64, PersonError> {
    access::require(actor, Action::ViewPerson, &Resource::any(Thing::Person))?;
    app.db.read(|tx| Ok(store::count_pairs(tx, PairState::Waiting)?)).await
}

/// The next pair for this officer, the likeliest first; then those that somebody else could not tell, without what they said.
/// `None`: nothing waits. That it was opened is a record.
///
/// # Errors
/// Forbidden.
pub async fn next(app: &App, actor: &Actor) -> Result<Option<Look>, PersonError> {
    access::require(actor, Action::ViewPerson, &Resource::any(Thing::Person))?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            for state in [PairState::Waiting, PairState::Unsure] {
                for pair in store::queue(tx, state, LOOKED_THROUGH)? {
                    // A second look is another person's.
                    let said = store::between(tx, pair.first, pair.second)?;
                    if said.iter().any(|j| j.header.author == actor.label()) {
                        continue;
                    }
                    match look(tx, &me, &actor, pair) {
                        Ok(found) => return Ok(Some(found)),
                        Err(PersonError::Access(_) | PersonError::NotFound) => {}
                        Err(e) => return Err(e),
                    }
                }
            }
            Ok(None)
        })
        .await
}

/// One pair, opened; that is a record.
///
/// # Errors
/// Absent or hidden.
pub async fn one(app: &App, actor: &Actor, id: PairId) -> Result<Look, PersonError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let pair = store::pair(tx, id)?.ok_or(PersonError::NotFound)?;
            look(tx, &me, &actor, pair)
        })
        .await
}

fn look(tx: &mut Tx<'_>, app: &App, actor: &Actor, pair: Pair) -> Result<Look, PersonError> {
    let first = store::record(tx, pair.first)?.ok_or(PersonError::NotFound)?;
    let second = store::record(tx, pair.second)?.ok_or(PersonError::NotFound)?;
    for record in [&first, &second] {
        access::require(actor, Action::ViewPerson, &resource(record))?;
    }
    let may_judge =
        [&first, &second].iter().all(|r| access::allowed(actor, Action::JudgePerson, &resource(r)));
    for record in [&first, &second] {
        let facts = json!({"pair": pair.id, "report": record.report.map(|id| id.uuid())});
        let about = Act::about("person.read", "person", record.person.uuid());
        app.record(tx, actor, &Act { purpose: Some(Purpose::Investigate), facts, ..about })?;
    }
    let said = store::between(tx, pair.first, pair.second)?;
    let standing = said.into_iter().rfind(|j| j.verdict != Verdict::Unsure);
    Ok(Look {
        waiting: store::count_pairs(tx, PairState::Waiting)?,
        standing,
        joined: first.person == second.person,
        may_judge,
        sides: [side(tx, app, first)?, side(tx, app, second)?],
        pair,
    })
}

fn side(tx: &mut Tx<'_>, app: &App, record: crate::model::PersonRecord) -> Result<Side, PersonError> {
    let person = store::person(tx, record.person)?.ok_or(PersonError::NotFound)?;
    let record = open_record(tx, app, record)?;
    let now = app.office.now();
    let minor = record.told.as_ref().is_some_and(|t| is_minor(app, t.open(Purpose::Investigate), now));
    let matters = store::dropper::of_person(tx, person.id)?;
    let dropper = matters.into_iter().map(|d| d.status).find(|s| *s != DropperStatus::Cleared);
    Ok(Side { record, person, minor, dropper })
}
