//! Opening a person: for a report, and for the record.

use std::collections::BTreeSet;

use access::{Action, Kind as Thing, Resource, Scope};
use app::App;
use audit::Act;
use db::Tx;
use identifier::Kind;
use jiff::civil::Date;
use kernel::{Actor, Personal, Purpose, Timestamp};
use report::ReportId;
use serde_json::json;

use super::{REASON, TOLD};
use crate::error::PersonError;
use crate::model::{
    Judgement, OpenRecord, Pair, PairState, Person, PersonId, PersonRecord, RecordId, Role, Told, Verdict,
};
use crate::store;

/// Most rows of a list.
const LIMIT: i64 = 100;
/// Most records that a person shows.
const RECORDS: i64 = 200;

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
    /// How many records are theirs.
    pub records: i64,
    /// Whether they are a minor.
    pub minor: bool,
    /// When the latest record came.
    pub at: Timestamp,
}

/// The list, and what waits.
#[derive(Debug, Clone)]
pub struct Listing {
    /// Persons, the latest first.
    pub rows: Vec<Listed>,
    /// Whether there are more than are shown.
    pub more: bool,
    /// Pairs that wait for a person.
    pub waiting: i64,
}

/// Persons of whom the actor may see a record, of a role, if one is given; `several`: with more than one record.
///
/// # Errors
/// Hidden.
pub async fn list(
    app: &App,
    actor: &Actor,
    role: Option<Role>,
    several: bool,
) -> Result<Listing, PersonError> {
    let office = access::scope(actor, Thing::Person).and_then(Scope::office)?;
    let me = app.clone();
    app.db
        .read(move |tx| {
            let (role, least) = (role.map_or("", Role::as_str), if several { 2 } else { 1 });
            let found = store::list(tx, &office, (role, least), LIMIT.saturating_add(1))?;
            let more = i64::try_from(found.len()).is_ok_and(|n| n > LIMIT);
            let mut rows = Vec::new();
            for row in found.into_iter().take(usize::try_from(LIMIT).unwrap_or(usize::MAX)) {
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
            Ok(Listing { rows, more, waiting: store::count_pairs(tx, PairState::Waiting)? })
        })
        .await
}

/// The person, followed to whom they turned out to be; their records that the actor may see, and how many they may not.
fn visible(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: PersonId,
) -> Result<(Person, Vec<PersonRecord>, usize), PersonError> {
    let mut person = store::person(tx, id)?.ok_or(PersonError::NotFound)?;
    if let Some(into) = person.into {
        person = store::person(tx, into)?.ok_or(PersonError::NotFound)?;
    }
    let all = store::of_person(tx, person.id, RECORDS)?;
    let count = all.len();
    let seen: Vec<PersonRecord> =
        all.into_iter().filter(|r| access::allowed(actor, Action::ViewPerson, &resource(r))).collect();
    if seen.is_empty() {
        return Err(PersonError::NotFound);
    }
    let hidden = count.saturating_sub(seen.len());
    Ok((person, seen, hidden))
}

/// For which reports a person may be opened: those that tell of them and that the actor may see; and their number.
///
/// # Errors
/// Absent or hidden.
pub async fn offered(app: &App, actor: &Actor, id: PersonId) -> Result<(Person, Vec<String>), PersonError> {
    let actor = actor.clone();
    app.db
        .read(move |tx| {
            let (person, records, _) = visible(tx, &actor, id)?;
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

/// A person with all that stands behind them.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The person.
    pub person: Person,
    /// The report for which they were opened.
    pub report: ReportId,
    /// Their records that the reader may see, oldest first.
    pub records: Vec<OpenRecord>,
    /// How many more there are.
    pub hidden: usize,
    /// What holds the records together.
    pub joints: Vec<Joint>,
    /// What people said of their records, with the reason, oldest first; also what was taken back.
    pub judgements: Vec<(Judgement, Option<String>)>,
    /// Numbers of those who turned out to be them.
    pub formerly: Vec<String>,
    /// Pairs of theirs that wait for a person.
    pub waiting: usize,
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
pub async fn open(app: &App, actor: &Actor, id: PersonId, ground: &Ground) -> Result<Opened, PersonError> {
    let (me, actor, ground) = (app.clone(), actor.clone(), ground.clone());
    app.db
        .write(move |tx| {
            let (person, seen, hidden) = visible(tx, &actor, id)?;
            let report = ground_for(tx, &actor, &ground.0)?;
            let about = Act::about("person.read", "person", person.id.uuid());
            let facts = json!({"report": report.uuid(), "records": seen.len()});
            me.record(tx, &actor, &Act { purpose: Some(Purpose::HandleReport), facts, ..about })?;
            let may_judge = seen.iter().all(|r| access::allowed(&actor, Action::JudgePerson, &resource(r)));
            let ids: BTreeSet<RecordId> = seen.iter().map(|r| r.id).collect();
            let (joints, judgements, waiting) = behind(tx, &me, &ids)?;
            let mut records = Vec::new();
            for record in seen {
                records.push(open_record(tx, &me, record)?);
            }
            let now = me.office.now();
            let minor = records
                .iter()
                .filter_map(|r| r.told.as_ref())
                .any(|t| is_minor(&me, t.open(Purpose::HandleReport), now));
            Ok(Opened {
                report,
                hidden,
                joints,
                judgements,
                formerly: store::ended_into(tx, person.id)?.into_iter().map(|(_, number)| number).collect(),
                waiting,
                minor,
                history: audit::records_but(tx, person.id.uuid(), ["person.read", "person.looked_up"])?,
                may_judge,
                records,
                person,
            })
        })
        .await
}

type Behind = (Vec<Joint>, Vec<(Judgement, Option<String>)>, usize);

/// What holds these records together, what was said of them, how many pairs of theirs wait.
fn behind(tx: &mut Tx<'_>, app: &App, ids: &BTreeSet<RecordId>) -> Result<Behind, PersonError> {
    let (mut joints, mut judgements, mut waiting) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut known: BTreeSet<crate::JudgementId> = BTreeSet::new();
    for id in ids {
        let said = store::judgements_of(tx, *id)?;
        for pair in store::pairs_of(tx, *id)? {
            let inside = ids.contains(&pair.first) && ids.contains(&pair.second);
            let judged = said
                .iter()
                .rfind(|j| j.undone_at.is_none() && j.first == pair.first && j.second == pair.second);
            let same = judged.is_some_and(|j| j.verdict == Verdict::Same);
            if pair.state == PairState::Waiting {
                waiting.insert(pair.id);
            } else if inside && pair.first == *id && (same || pair.state == PairState::Joined) {
                joints.push(Joint { pair, judged: judged.cloned() });
            }
        }
        for judgement in said {
            if known.insert(judgement.id) {
                let reason = reason(tx, app, &judgement)?;
                judgements.push((judgement, reason));
            }
        }
    }
    joints.sort_by(|a, b| b.pair.bits.cmp(&a.pair.bits).then(a.pair.id.cmp(&b.pair.id)));
    judgements.sort_by_key(|(j, _)| (j.header.created_at, j.id));
    Ok((joints, judgements, waiting.len()))
}

/// Why somebody judged so; `None` if they gave no reason, or it was erased.
fn reason(tx: &mut Tx<'_>, app: &App, judgement: &Judgement) -> Result<Option<String>, PersonError> {
    let Some(sealed) = store::reason(tx, judgement.id)? else { return Ok(None) };
    let words = app.open_words(tx, judgement.id.uuid(), REASON, &app::SealedWords::from_bytes(sealed))?;
    Ok(words.map(|w| w.into_inner(Purpose::Investigate)))
}
