//! One person against all records: who may be the same, by the weights of the review. For slices that are about to act on
//! somebody, and for officers who are about to write somebody down.

use access::{Action, Kind as Thing, Office, Resource, Scope};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Purpose};
use serde_json::json;

use super::hearing::{checked, may_judge};
use super::reading::{Ground, ground_for, is_minor, mask, open_told};
use super::{learning, weighing};
use crate::error::PersonError;
use crate::model::{DropperStatus, Pair, PersonId, RecordId, Role, Told};
use crate::rules::Place;
use crate::store;

/// Most records that are opened: those that share most with what is asked.
const MOST_OPENED: usize = 32;
/// Most persons that an officer is shown.
const SHOWN: usize = 10;

/// A record that may be theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The record.
    pub record: RecordId,
    /// Whose it is.
    pub person: PersonId,
    /// What both weigh, and why. Its state says nothing: it is not kept.
    pub pair: Pair,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Screened {
    /// The likeliest first.
    pub hits: Vec<Hit>,
    /// Whether some were not compared, because too many share a name.
    pub cut: bool,
}

/// Records that may be of whoever this is told of; what weighs too little for the review is left out. Of those that an office may see, if
/// one is given; a part of the platform that acts by law sees all. Reading personal data for somebody: whoever calls records for what.
///
/// # Errors
/// The database's, the vault's.
pub fn screen(
    tx: &mut Tx<'_>,
    app: &App,
    office: Option<&Office>,
    told: &Told,
) -> Result<Screened, PersonError> {
    let prepared = told.record().prepare();
    let (version, model) = learning::current(tx, app)?;
    let asked = RecordId::from_uuid(uuid::Uuid::nil());
    let mut all = Vec::new();
    let near = weighing::candidates(tx, office, &weighing::keys(app, &prepared), MOST_OPENED)?;
    for id in near.records {
        let Some(record) = store::record(tx, id)? else { continue };
        let Some(theirs) = open_told(tx, app, &record)? else { continue };
        let theirs = theirs.open(Purpose::Investigate).record().prepare();
        let pair = weighing::weigh((version, &model), (asked, &prepared), (id, &theirs));
        if matches!(pair.place(), Place::Sure | Place::Look) {
            all.push(Hit { record: id, person: record.person, pair });
        }
    }
    all.sort_by(|a, b| b.pair.bits.cmp(&a.pair.bits).then(a.record.cmp(&b.record)));
    Ok(Screened { hits: all, cut: near.cut })
}

/// Somebody in the department's own records who may be whoever is about to be written down.
#[derive(Debug, Clone)]
pub struct Near {
    /// Who.
    pub person: PersonId,
    /// Their number.
    pub number: String,
    /// What may be shown: initials.
    pub mask: String,
    /// What they are in the record that is nearest.
    pub role: Role,
    /// How many records of theirs the reader may see.
    pub records: i64,
    /// Whether they are a minor.
    pub minor: bool,
    /// Where their matter as a dropper stands.
    pub dropper: Option<DropperStatus>,
    /// What both weigh, and why.
    pub pair: Pair,
}

/// Who is near in the records that the officer may see, and whether some were not compared.
#[derive(Debug, Clone, Default)]
pub struct NearBy {
    /// The likeliest first, each person once.
    pub all: Vec<Near>,
    /// Whether some were not compared, because too many share a name.
    pub cut: bool,
}

/// Who is near to somebody whom an officer is about to write down for a report. That they were looked up is a record, for each who was
/// shown.
///
/// # Errors
/// Forbidden; no such report; a field too long; a number that is none.
pub async fn near(app: &App, actor: &Actor, ground: &Ground, told: Told) -> Result<NearBy, PersonError> {
    let told = checked(told)?;
    let office = access::scope(actor, Thing::Person).and_then(Scope::office)?;
    access::require(actor, Action::ViewPerson, &Resource::any(Thing::Person))?;
    let (me, actor, ground) = (app.clone(), actor.clone(), ground.clone());
    app.db
        .write(move |tx| {
            may_judge(&me, &actor)?;
            let report = ground_for(tx, &actor, &ground.0)?;
            let found = screen(tx, &me, Some(&office), &told)?;
            let mut all: Vec<Near> = Vec::new();
            for hit in found.hits {
                if all.iter().any(|n| n.person == hit.person) || all.len() >= SHOWN {
                    continue;
                }
                all.extend(near_one(tx, &me, (&actor, &office), hit)?);
            }
            // Also that nobody was found.
            let about = Act::about("person.looked_up", "report", report.uuid());
            let facts = json!({"report": report.uuid(), "found": all.len()});
            me.record(tx, &actor, &Act { purpose: Some(Purpose::HandleReport), facts, ..about })?;
            for near in &all {
                let about = Act::about("person.looked_up", "person", near.person.uuid());
                let facts = json!({"report": report.uuid()});
                me.record(tx, &actor, &Act { purpose: Some(Purpose::HandleReport), facts, ..about })?;
            }
            Ok(NearBy { all, cut: found.cut })
        })
        .await
}

fn near_one(
    tx: &mut Tx<'_>,
    app: &App,
    (actor, office): (&Actor, &Office),
    hit: Hit,
) -> Result<Option<Near>, PersonError> {
    let (Some(record), Some(person)) = (store::record(tx, hit.record)?, store::person(tx, hit.person)?)
    else {
        return Ok(None);
    };
    let Some(theirs) = open_told(tx, app, &record)? else { return Ok(None) };
    let theirs = theirs.open(Purpose::Investigate);
    let mut matters = store::dropper::of_person(tx, person.id)?;
    matters.retain(|d| access::allowed(actor, Action::ViewPerson, &super::droppers::thing(d)));
    Ok(Some(Near {
        person: person.id,
        number: person.number,
        mask: mask(theirs),
        role: record.role,
        records: store::count_seen(tx, office, person.id)?,
        minor: is_minor(app, theirs, app.office.now()),
        dropper: matters.into_iter().map(|d| d.status).find(|s| *s != DropperStatus::Cleared),
        pair: hit.pair,
    }))
}
