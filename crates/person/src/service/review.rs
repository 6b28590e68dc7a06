//! The queue of pairs that the machine cannot decide: one after the other, with what speaks for and against.

use access::{Action, Kind as Thing, Office, Resource, Scope};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Purpose};
use serde_json::json;

use super::judging::is_grave;
use super::reading::{is_minor, open_record, resource};
use crate::error::PersonError;
use crate::model::{DropperStatus, Judgement, OpenRecord, Pair, PairId, PairState, Person, Verdict};
use crate::store;

/// How often the next is looked for where others answer at the same time.
const TRIES: usize = 4;

/// One of the two.
#[derive(Debug, Clone)]
pub struct Side {
    /// The record.
    pub record: OpenRecord,
    /// Whose it is now; of their records, as many as the reader may see.
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
    /// Pairs that wait for the reader, with this one.
    pub waiting: i64,
    /// What people have said of it: then it is shown, not asked. Of what waits for a second person only the reader's own word is
    /// there, and to that person nothing.
    pub standing: Option<Judgement>,
    /// Whether both are one person's now.
    pub joined: bool,
    /// Whether two must say that they are one person's.
    pub grave: bool,
    /// Whether the officer may judge.
    pub may_judge: bool,
}

fn office(actor: &Actor) -> Result<Office, PersonError> {
    Ok(access::scope(actor, Thing::Person).and_then(Scope::office)?)
}

/// How many pairs wait for this reader, of those that they may see.
///
/// # Errors
/// Forbidden.
pub async fn waiting(app: &App, actor: &Actor) -> Result<i64, PersonError> {
    access::require(actor, Action::ViewPerson, &Resource::any(Thing::Person))?;
    let (office, label) = (office(actor)?, actor.label());
    app.db.read(move |tx| Ok(store::count_waiting(tx, &office, &label)?)).await
}

/// The next pair for this officer, the likeliest first, of those that they may see; then those that need a second person, and those
/// that somebody else could not tell, without what they said. `None`: nothing waits. That it was opened is a record. It is looked for
/// beside the writer; whoever was faster has it asked again.
///
/// # Errors
/// Forbidden.
pub async fn next(app: &App, actor: &Actor) -> Result<Option<Look>, PersonError> {
    access::require(actor, Action::ViewPerson, &Resource::any(Thing::Person))?;
    for again in 1..=TRIES {
        let (office, label) = (office(actor)?, actor.label());
        let found = app.db.read(move |tx| {
            for state in [PairState::Waiting, PairState::Second, PairState::Unsure] {
                if let Some(pair) = store::next_pair(tx, &office, (state, &label))? {
                    return Ok(Some((pair, store::count_waiting(tx, &office, &label)?)));
                }
            }
            Ok::<_, PersonError>(None)
        });
        let Some((pair, waiting)) = found.await? else { return Ok(None) };
        let (me, actor, id) = (app.clone(), actor.clone(), pair.id);
        let shown = app.db.write(move |tx| {
            let now = store::pair(tx, id)?.filter(|now| now.state == pair.state || again == TRIES);
            now.map(|now| look(tx, &me, &actor, (now, waiting))).transpose()
        });
        if let Some(look) = shown.await? {
            return Ok(Some(look));
        }
    }
    Ok(None)
}

/// One pair, opened; that is a record.
///
/// # Errors
/// Absent or hidden.
pub async fn one(app: &App, actor: &Actor, id: PairId) -> Result<Look, PersonError> {
    let waiting = waiting(app, actor).await?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let pair = store::pair(tx, id)?.ok_or(PersonError::NotFound)?;
            look(tx, &me, &actor, (pair, waiting))
        })
        .await
}

fn look(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (pair, waiting): (Pair, i64),
) -> Result<Look, PersonError> {
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
    let (office, label) = (office(actor)?, actor.label());
    let said = store::between(tx, pair.first, pair.second)?;
    let shown =
        |j: &Judgement| if j.stands { j.verdict != Verdict::Unsure } else { j.header.author == label };
    Ok(Look {
        waiting,
        standing: said.into_iter().rfind(shown),
        joined: first.person == second.person,
        grave: is_grave(tx, first.person, second.person)?,
        may_judge,
        sides: [side(tx, app, (actor, &office), first)?, side(tx, app, (actor, &office), second)?],
        pair,
    })
}

fn side(
    tx: &mut Tx<'_>,
    app: &App,
    (actor, office): (&Actor, &Office),
    record: crate::model::PersonRecord,
) -> Result<Side, PersonError> {
    let mut person = store::person(tx, record.person)?.ok_or(PersonError::NotFound)?;
    person.records = store::count_seen(tx, office, person.id)?;
    let record = open_record(tx, app, record)?;
    let now = app.office.now();
    let minor = record.told.as_ref().is_some_and(|t| is_minor(app, t.open(Purpose::Investigate), now));
    let mut matters = store::dropper::of_person(tx, person.id)?;
    matters.retain(|d| access::allowed(actor, Action::ViewPerson, &super::droppers::thing(d)));
    let minor = minor || matters.iter().any(|d| d.minor && d.status != DropperStatus::Cleared);
    let dropper = matters.into_iter().map(|d| d.status).find(|s| *s != DropperStatus::Cleared);
    Ok(Side { record, person, minor, dropper })
}
