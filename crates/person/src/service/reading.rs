//! Opening a person: for a report, and for the record.

use std::collections::BTreeSet;

use access::{Action, Kind as Thing, Office, Resource, Scope};
use app::App;
use audit::Act;
use db::Tx;
use identifier::Kind;
use jiff::civil::Date;
use kernel::{Actor, Personal, Purpose, Timestamp};
use report::ReportId;
use serde_json::json;
use uuid::Uuid;

use super::{REASON, TOLD};
use crate::error::PersonError;
use crate::model::{
    Judgement, OpenRecord, Pair, PairState, Person, PersonId, PersonRecord, RecordId, Role, Told, Verdict,
};
use crate::store;

/// Rows of a list, in one part.
const LIMIT: i64 = 50;
/// Records of a person, in one part.
const RECORDS: i64 = 50;

/// What a person is opened for: the number of a report that the officer may open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground(pub String);

/// The report that something is looked up for.
pub(super) fn ground_for(tx: &mut Tx<'_>, actor: &Actor, number: &str) -> Result<ReportId, PersonError> {
    let found = report::store::by_number(tx, &number.trim().to_uppercase())?.ok_or(PersonError::Report)?;
    let thing = Resource::new(Thing::Report, found.id.uuid(), &found.header);
    match access::allowed(actor, Action::ViewReport, &thing) {
        true => Ok(found.id),
        false => Err(PersonError::Report),
    }
}

pub(super) fn resource(record: &PersonRecord) -> Resource {
    Resource::new(Thing::Person, record.id.uuid(), &record.header)
}

/// What a record tells; `None` once its key was destroyed.
pub(super) fn open_told(
    tx: &mut Tx<'_>,
    app: &App,
    record: &PersonRecord,
) -> Result<Option<Personal<Told>>, PersonError> {
    let Some(sealed) = store::told(tx, record.id)? else { return Ok(None) };
    let words = app.open_words(tx, record.subject, TOLD, &app::SealedWords::from_bytes(sealed))?;
    let read = words.and_then(|w| serde_json::from_str(&w.into_inner(Purpose::Investigate)).ok());
    Ok(read.map(Personal::new))
}

/// A record, opened, with the number of its report.
///
/// # Errors
/// The database's, the vault's.
pub fn open_record(tx: &mut Tx<'_>, app: &App, record: PersonRecord) -> Result<OpenRecord, PersonError> {
    let told = open_told(tx, app, &record)?;
    let report = record.report.map(|id| report::store::find(tx, id)).transpose()?.flatten();
    Ok(OpenRecord { record, told, report_number: report.map(|r| r.number) })
}

/// The days of birth that are told: by the number, and as written. Where they differ, both are looked at: a slip makes nobody older.
fn born(told: &Told) -> Vec<Date> {
    let by_number = identifier::birth_date(told.iin.trim()).and_then(|(y, m, d)| Date::new(y, m, d).ok());
    let written = told.record().prepare().birth().and_then(|(y, m, d)| {
        Date::new(i16::try_from(y).ok()?, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok()
    });
    by_number.into_iter().chain(written).collect()
}

/// Whether whoever this is told of is a minor, as far as the number or the day of birth says.
#[must_use]
pub fn is_minor(app: &App, told: &Told, now: Timestamp) -> bool {
    born(told).into_iter().any(|born| app.profile.is_minor(born, now))
}

/// Whether it is told how old they are.
pub(super) fn is_aged(told: &Told) -> bool {
    !born(told).is_empty()
}

/// What a list may show of somebody: initials, else a masked telephone or number.
#[must_use]
pub fn mask(told: &Told) -> String {
    let name = told.name();
    let initials: Vec<String> = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphabetic()))
        .map(|c| format!("{}.", c.to_uppercase()))
        .collect();
    if !initials.is_empty() {
        initials.join(" ")
    } else if told.phone.is_empty() {
        identifier::mask(Kind::Iin, &told.iin)
    } else {
        identifier::mask(Kind::Phone, &told.phone)
    }
}

/// A line of the list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Who.
    pub person: PersonId,
    /// Their number.
    pub number: String,
    /// What may be shown without a purpose.
    pub mask: String,
    /// What they are in the latest record.
    pub role: Role,
    /// How many records of theirs the reader may see.
    pub records: i64,
    /// Whether they are a minor.
    pub minor: bool,
    /// When the latest record came.
    pub at: Timestamp,
}

/// A place among records, by which a list goes on: when one came, and which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// When it came.
    pub at: Timestamp,
    /// Which.
    pub record: RecordId,
}

impl Place {
    /// In front of all.
    const FIRST: Self =
        Self { at: Timestamp::from_micros(i64::MIN), record: RecordId::from_uuid(Uuid::nil()) };
    /// Behind all.
    const LAST: Self =
        Self { at: Timestamp::from_micros(i64::MAX), record: RecordId::from_uuid(Uuid::max()) };

    /// As an address says it.
    #[must_use]
    pub fn to_text(self) -> String {
        format!("{}.{}", self.at.as_micros(), self.record)
    }
    /// Back from [`Self::to_text`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (at, record) = text.split_once('.')?;
        Some(Self { at: Timestamp::from_micros(at.parse().ok()?), record: record.parse().ok()? })
    }
}

/// The list, and what waits.
#[derive(Debug, Clone)]
pub struct Listing {
    /// Persons, the latest first.
    pub rows: Vec<Listed>,
    /// Where the list goes on.
    pub more: Option<Place>,
    /// Pairs that wait for the reader.
    pub waiting: i64,
}

/// How a list is narrowed, and where it goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Narrow {
    /// Of a role.
    pub role: Option<Role>,
    /// With more than one record.
    pub several: bool,
    /// Behind a place.
    pub after: Option<Place>,
}

fn office(actor: &Actor) -> Result<Office, PersonError> {
    Ok(access::scope(actor, Thing::Person).and_then(Scope::office)?)
}

/// Persons of whom the actor may see a record, the latest first.
///
/// # Errors
/// Hidden.
pub async fn list(app: &App, actor: &Actor, narrow: Narrow) -> Result<Listing, PersonError> {
    let (office, label, me) = (office(actor)?, actor.label(), app.clone());
    app.db
        .read(move |tx| {
            let place = narrow.after.unwrap_or(Place::LAST);
            let by = (narrow.role.map(Role::as_str), narrow.several);
            let most = LIMIT.saturating_add(1);
            let found = store::list(tx, &office, by, ((place.at, place.record), most))?;
            let full = i64::try_from(found.len()).is_ok_and(|n| n > LIMIT);
            let mut rows = Vec::new();
            let mut last = None;
            for row in found.into_iter().take(usize::try_from(LIMIT).unwrap_or(usize::MAX)) {
                last = Some(Place { at: row.at, record: row.latest });
                let Some(record) = store::record(tx, row.latest)? else { continue };
                let told = open_told(tx, &me, &record)?;
                let told = told.as_ref().map(|t| t.open(Purpose::Operate));
                rows.push(Listed {
                    person: row.person,
                    number: row.number,
                    mask: told.map(mask).unwrap_or_default(),
                    role: record.role,
                    records: row.records,
                    minor: told.is_some_and(|t| is_minor(&me, t, me.office.now())),
                    at: row.at,
                });
            }
            let waiting = store::count_waiting(tx, &office, &label)?;
            Ok(Listing { rows, more: last.filter(|_| full), waiting })
        })
        .await
}

/// The person, followed to whom they turned out to be, with as many records as the office may see. Absent where that is none.
fn visible(tx: &mut Tx<'_>, office: &Office, id: PersonId) -> Result<Person, PersonError> {
    let mut person = store::person(tx, id)?.ok_or(PersonError::NotFound)?;
    if let Some(into) = person.into {
        person = store::person(tx, into)?.ok_or(PersonError::NotFound)?;
    }
    let first = (Place::FIRST.at, Place::FIRST.record);
    if store::seen_of(tx, office, person.id, (first, 1))?.is_empty() {
        return Err(PersonError::NotFound);
    }
    person.records = store::count_seen(tx, office, person.id)?;
    Ok(person)
}

/// The person of a number, as far as the actor may see a record of them: for slices that name persons without opening them.
///
/// # Errors
/// Absent or hidden.
pub async fn by_number(app: &App, actor: &Actor, number: &str) -> Result<PersonId, PersonError> {
    let (office, number) = (office(actor)?, number.trim().to_uppercase());
    app.db
        .read(move |tx| {
            let found = store::by_number(tx, &number)?.ok_or(PersonError::NotFound)?;
            Ok(visible(tx, &office, found.id)?.id)
        })
        .await
}

/// For which reports a person may be opened: those that tell of them and that the actor may see; and their number.
///
/// # Errors
/// Absent or hidden.
pub async fn offered(app: &App, actor: &Actor, id: PersonId) -> Result<(Person, Vec<String>), PersonError> {
    let (office, actor) = (office(actor)?, actor.clone());
    app.db
        .read(move |tx| {
            let person = visible(tx, &office, id)?;
            let first = (Place::FIRST.at, Place::FIRST.record);
            let records = store::seen_of(tx, &office, person.id, (first, LIMIT))?;
            let ids: BTreeSet<ReportId> = records.iter().filter_map(|r| r.report).collect();
            let mut numbers = Vec::new();
            for id in ids {
                let Some(found) = report::store::find(tx, id)? else { continue };
                let thing = Resource::new(Thing::Report, id.uuid(), &found.header);
                if access::allowed(&actor, Action::ViewReport, &thing) {
                    numbers.push(found.number);
                }
            }
            Ok((person, numbers))
        })
        .await
}

/// What holds two records of a person together.
#[derive(Debug, Clone)]
pub struct Joint {
    /// What they weigh.
    pub pair: Pair,
    /// What people said of them.
    pub judged: Option<Judgement>,
}

/// A person with all that stands behind them, as far as the reader may see it: of what is hidden nothing is there, nor counted.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The person; of their records as many as the reader may see.
    pub person: Person,
    /// The report for which they were opened.
    pub report: ReportId,
    /// Their records, oldest first, in parts; also what was taken back.
    pub records: Vec<OpenRecord>,
    /// Where the records go on.
    pub more: Option<Place>,
    /// What holds the records together, the heaviest first.
    pub joints: Vec<Joint>,
    /// What people said of their records, with the reason, oldest first; also what was taken back.
    pub judgements: Vec<(Judgement, Option<String>)>,
    /// Numbers of those who turned out to be them.
    pub formerly: Vec<String>,
    /// Pairs of theirs that wait for a person.
    pub waiting: i64,
    /// Whether they are a minor.
    pub minor: bool,
    /// What was done with them, as recorded.
    pub history: Vec<audit::RecordView>,
    /// Whether the reader may judge.
    pub may_judge: bool,
}

/// One person, opened for a report; that is a record.
///
/// # Errors
/// Absent or hidden; no such report for the reader.
pub async fn open(
    app: &App,
    actor: &Actor,
    id: PersonId,
    (ground, after): (&Ground, Option<Place>),
) -> Result<Opened, PersonError> {
    let (me, actor, ground, office) = (app.clone(), actor.clone(), ground.clone(), office(actor)?);
    app.db
        .write(move |tx| {
            let person = visible(tx, &office, id)?;
            let report = ground_for(tx, &actor, &ground.0)?;
            let place = after.unwrap_or(Place::FIRST);
            let mut seen = store::seen_of(
                tx,
                &office,
                person.id,
                ((place.at, place.record), RECORDS.saturating_add(1)),
            )?;
            let full = i64::try_from(seen.len()).is_ok_and(|n| n > RECORDS);
            seen.truncate(usize::try_from(RECORDS).unwrap_or(usize::MAX));
            let last = seen.last().map(|r| Place { at: r.header.created_at, record: r.id });
            let about = Act::about("person.read", "person", person.id.uuid());
            let facts = json!({"report": report.uuid(), "records": seen.len()});
            me.record(tx, &actor, &Act { purpose: Some(Purpose::HandleReport), facts, ..about })?;
            let may_judge = seen.iter().all(|r| access::allowed(&actor, Action::JudgePerson, &resource(r)));
            let born: BTreeSet<PersonId> = seen.iter().map(|r| r.born).collect();
            let hides = store::hides(tx, &office, person.id)?;
            let mut records = Vec::new();
            for record in seen {
                records.push(open_record(tx, &me, record)?);
            }
            let told = |r: &OpenRecord| r.told.as_ref().map(|t| t.open(Purpose::HandleReport).clone());
            let minor = records.iter().filter_map(told).any(|t| is_minor(&me, &t, me.office.now()));
            let former = store::ended_into(tx, person.id)?.into_iter();
            let history = audit::records_but(tx, person.id.uuid(), ["person.read", "person.looked_up"])?;
            Ok(Opened {
                report,
                more: last.filter(|_| full),
                joints: joints(tx, &office, person.id)?,
                judgements: judgements(tx, &me, (&office, &actor), person.id)?,
                // Somebody all of whose records are hidden never had a number, as far as the reader knows.
                formerly: former.filter(|(id, _)| !hides || born.contains(id)).map(|(_, n)| n).collect(),
                waiting: store::waiting_of(tx, &office, person.id)?,
                minor,
                history: told_of(tx, (&actor, &office), history)?,
                may_judge,
                records,
                person,
            })
        })
        .await
}

/// What holds a person's records together, with what people said of them.
fn joints(tx: &mut Tx<'_>, office: &Office, person: PersonId) -> Result<Vec<Joint>, PersonError> {
    let mut all = Vec::new();
    for pair in store::joints(tx, office, person, LIMIT)? {
        let said = store::between(tx, pair.first, pair.second)?;
        let judged = said.into_iter().rfind(|j| j.stands);
        let same = judged.as_ref().is_some_and(|j| j.verdict == Verdict::Same);
        if same || pair.state == PairState::Joined {
            all.push(Joint { pair, judged });
        }
    }
    Ok(all)
}

fn judgements(
    tx: &mut Tx<'_>,
    app: &App,
    (office, actor): (&Office, &Actor),
    person: PersonId,
) -> Result<Vec<(Judgement, Option<String>)>, PersonError> {
    let mut all = Vec::new();
    for judgement in store::readable_judgements(tx, office, (person, &actor.label()), LIMIT)? {
        let reason = reason(tx, app, &judgement)?;
        all.push((judgement, reason));
    }
    all.reverse();
    Ok(all)
}

/// Whether the reader could see what is gone, as it was kept with the line.
fn could_see(office: &Office, kept: Option<&serde_json::Value>) -> bool {
    let word = |name: &str| kept.and_then(|k| k.get(name)).and_then(|v| v.as_str());
    word("office") == Some(office.organisation.as_str())
        && word("closed").is_some_and(|c| c.is_empty() || Some(c) == office.red_unit.as_deref())
}

/// Of what was done, what was done with records that the reader may see: what names none, or a hidden one, is not told. What is gone is
/// hidden, unless it was kept with the line who could see it.
fn told_of(
    tx: &mut Tx<'_>,
    (actor, office): (&Actor, &Office),
    history: Vec<audit::RecordView>,
) -> Result<Vec<audit::RecordView>, PersonError> {
    let mut all = Vec::new();
    for line in history {
        let named = line.facts.get("of").and_then(|of| of.as_array().cloned()).unwrap_or_default();
        let one = line.facts.get("record").cloned();
        let ids: Vec<RecordId> =
            named.iter().chain(&one).filter_map(|id| id.as_str()?.parse().ok()).collect();
        let matter = line.facts.get("dropper").and_then(|id| id.as_str()?.parse().ok());
        let mut seen = !ids.is_empty() || matter.is_some();
        let kept = could_see(office, line.facts.get("seen_by"));
        for id in ids {
            let found = store::record(tx, id)?;
            seen &= found.map_or(kept, |r| access::allowed(actor, Action::ViewPerson, &resource(&r)));
        }
        if let Some(id) = matter {
            let found = store::dropper::find(tx, id)?;
            let thing = super::droppers::thing;
            seen &= found.map_or(kept, |d| access::allowed(actor, Action::ViewPerson, &thing(&d)));
        }
        if seen {
            all.push(line);
        }
    }
    Ok(all)
}

/// Why somebody judged so; `None` if they gave no reason, or it was erased.
fn reason(tx: &mut Tx<'_>, app: &App, judgement: &Judgement) -> Result<Option<String>, PersonError> {
    let Some(sealed) = store::reason(tx, judgement.id)? else { return Ok(None) };
    let words = app.open_words(tx, judgement.id.uuid(), REASON, &app::SealedWords::from_bytes(sealed))?;
    Ok(words.map(|w| w.into_inner(Purpose::Investigate)))
}
