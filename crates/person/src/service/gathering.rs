//! Who is whose, gathered anew around the persons whom news concerns: joined, parted, ended; and where each pair stands then.

use std::collections::{BTreeMap, BTreeSet};

use app::App;
use audit::Act;
use db::Tx;
use kernel::Actor;
use serde_json::json;

use crate::error::PersonError;
use crate::model::{Judgement, Pair, PairState, Person, PersonId, PersonRecord, RecordId, Verdict};
use crate::rules::{Bond, Place, Said, gather};
use crate::store;

/// Most records that are gathered at once. Beyond, nobody more is drawn in.
const MOST: usize = 300;

/// Persons, their records, what was said and weighed of them.
#[derive(Default)]
struct Around {
    persons: BTreeSet<PersonId>,
    records: BTreeMap<RecordId, PersonRecord>,
    pairs: BTreeMap<crate::PairId, Pair>,
    said: BTreeMap<crate::JudgementId, Judgement>,
}

/// Takes in whoever is tied to those that are there already.
fn around(tx: &mut Tx<'_>, seeds: &BTreeSet<PersonId>) -> Result<Around, PersonError> {
    let mut all = Around::default();
    let mut next: Vec<PersonId> = seeds.iter().copied().collect();
    while let Some(person) = next.pop() {
        if !all.persons.insert(person) {
            continue;
        }
        tx.lock_row("person", person.uuid())?;
        let most = i64::try_from(MOST).unwrap_or(i64::MAX);
        for record in store::of_person(tx, person, most)? {
            let id = record.id;
            all.records.insert(id, record);
            for pair in store::pairs_of(tx, id)? {
                if pair.place() == Place::Sure {
                    reach(tx, &all, pair.other(id), &mut next)?;
                }
                all.pairs.insert(pair.id, pair);
            }
            for said in store::standing_of(tx, id)? {
                if said.verdict == Verdict::Same {
                    reach(tx, &all, if said.first == id { said.second } else { said.first }, &mut next)?;
                }
                all.said.insert(said.id, said);
            }
        }
    }
    Ok(all)
}

fn reach(
    tx: &mut Tx<'_>,
    all: &Around,
    record: RecordId,
    next: &mut Vec<PersonId>,
) -> Result<(), PersonError> {
    if all.records.contains_key(&record) || all.records.len() > MOST {
        return Ok(());
    }
    if let Some(found) = store::record(tx, record)? {
        next.push(found.person);
    }
    Ok(())
}

/// Gathers anew around these persons, and records who was joined and parted. `actor` is whose word or which part's work made it.
pub(super) fn regather(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    seeds: &BTreeSet<PersonId>,
) -> Result<(), PersonError> {
    let all = around(tx, seeds)?;
    let ids: BTreeSet<RecordId> = all.records.keys().copied().collect();
    let said: Vec<Said> =
        all.said.values().map(|j| Said { first: j.first, second: j.second, verdict: j.verdict }).collect();
    let within = |p: &&Pair| ids.contains(&p.first) && ids.contains(&p.second);
    let bonds: Vec<Bond> = all
        .pairs
        .values()
        .filter(within)
        .filter(|p| p.place() == Place::Sure)
        .map(|p| Bond { first: p.first, second: p.second, bits: p.bits })
        .collect();
    let against: Vec<(RecordId, RecordId)> = all
        .pairs
        .values()
        .filter(within)
        .filter(|p| p.place() == Place::Against)
        .map(|p| (p.first, p.second))
        .collect();
    let sets = gather(&ids, &said, &bonds, &against);
    let whose = settle(tx, app, actor, (&all, &sets))?;
    states(tx, &all, &whose)
}

/// Gives each set a person, the one of most of its records; says whose each record is now.
fn settle(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (all, sets): (&Around, &[BTreeSet<RecordId>]),
) -> Result<BTreeMap<RecordId, PersonId>, PersonError> {
    let (mut whose, mut taken) = (BTreeMap::new(), BTreeSet::new());
    for set in sets {
        let mut counts: BTreeMap<PersonId, usize> = BTreeMap::new();
        for record in set.iter().filter_map(|id| all.records.get(id)) {
            let count = counts.entry(record.person).or_default();
            *count = count.saturating_add(1);
        }
        let free = counts.iter().filter(|(person, _)| !taken.contains(*person));
        // Of as many, the older: its number is the one that people know.
        let best = free.max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0))).map(|(person, _)| *person);
        let person = match best {
            Some(person) => person,
            None => parted(tx, app, (set, all), &taken)?,
        };
        taken.insert(person);
        move_in(tx, app, actor, (person, best.is_none()), (set, all))?;
        whose.extend(set.iter().map(|id| (*id, person)));
    }
    for person in all.persons.difference(&taken) {
        let into = all.records.values().find(|r| r.person == *person).and_then(|r| whose.get(&r.id));
        match into {
            Some(into) => store::end(tx, *person, *into)?,
            None => store::remove_person(tx, *person)?,
        }
    }
    Ok(whose)
}

/// Who records are that parted from a person: whoever one of them was before, so that their number comes back; else somebody new.
fn parted(
    tx: &mut Tx<'_>,
    app: &App,
    (set, all): (&BTreeSet<RecordId>, &Around),
    taken: &BTreeSet<PersonId>,
) -> Result<PersonId, PersonError> {
    let records = set.iter().filter_map(|id| all.records.get(id));
    for record in records.clone().filter(|r| !taken.contains(&r.born)) {
        // Somebody else's records may be that person's now.
        if store::person(tx, record.born)?.is_some_and(|p| p.into.is_some()) {
            return Ok(record.born);
        }
    }
    born(tx, app, records.clone().next())
}

/// A new person, who belongs where their record belongs.
pub(super) fn born(
    tx: &mut Tx<'_>,
    app: &App,
    record: Option<&PersonRecord>,
) -> Result<PersonId, PersonError> {
    let now = app.office.now();
    let mut header = app.header(&super::part(), app.profile.default_lang(), "report");
    if let Some(record) = record {
        header.organisation_id.clone_from(&record.header.organisation_id);
        header.unit_id.clone_from(&record.header.unit_id);
    }
    let person = Person {
        id: PersonId::from_uuid(app.uuid()),
        header,
        number: report::rules::draw_number(&app.entropy, "P", app.profile.civil_year(now)),
        records: 1,
        into: None,
    };
    store::insert_person(tx, &person)?;
    Ok(person.id)
}

fn move_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (person, is_new): (PersonId, bool),
    (set, all): (&BTreeSet<RecordId>, &Around),
) -> Result<(), PersonError> {
    let mut from: BTreeSet<PersonId> = BTreeSet::new();
    for record in set.iter().filter_map(|id| all.records.get(id)).filter(|r| r.person != person) {
        store::move_to(tx, record.id, person)?;
        from.insert(record.person);
    }
    store::set_records(tx, person, i64::try_from(set.len()).unwrap_or(i64::MAX))?;
    if from.is_empty() {
        return Ok(());
    }
    // Told of the person that people know: the one that parts, and the one that takes in.
    let subjects: Vec<PersonId> = if is_new { from.iter().copied().collect() } else { vec![person] };
    let name = if is_new { "person.parted" } else { "person.joined" };
    let others: Vec<PersonId> = if is_new { vec![person] } else { from.into_iter().collect() };
    for subject in subjects {
        let facts = json!({"with": others, "records": set.len()});
        app.record(tx, actor, &Act { facts, ..Act::about(name, "person", subject.uuid()) })?;
    }
    Ok(())
}

/// Where each pair stands. Of several pairs between two persons the heaviest is asked about: it is one question.
fn states(tx: &mut Tx<'_>, all: &Around, whose: &BTreeMap<RecordId, PersonId>) -> Result<(), PersonError> {
    let mut owner = whose.clone();
    for id in all.pairs.values().flat_map(|p| [p.first, p.second]) {
        if let (false, Some(record)) = (owner.contains_key(&id), store::record(tx, id)?) {
            owner.insert(id, record.person);
        }
    }
    let persons = |first: RecordId, second: RecordId| {
        let (a, b) = (owner.get(&first).copied()?, owner.get(&second).copied()?);
        Some(if a < b { (a, b) } else { (b, a) })
    };
    let mut decided: BTreeMap<(PersonId, PersonId), Verdict> = BTreeMap::new();
    let mut judged: BTreeMap<(RecordId, RecordId), Verdict> = BTreeMap::new();
    for said in all.said.values() {
        judged.insert((said.first, said.second), said.verdict);
        if let Some(both) = persons(said.first, said.second) {
            decided.insert(both, said.verdict);
        }
    }
    let mut heaviest: Vec<&Pair> = all.pairs.values().collect();
    heaviest.sort_by(|a, b| b.bits.cmp(&a.bits).then(a.id.cmp(&b.id)));
    let mut asked: BTreeSet<(PersonId, PersonId)> = BTreeSet::new();
    for pair in heaviest {
        let Some(both) = persons(pair.first, pair.second) else { continue };
        let state = match judged.get(&(pair.first, pair.second)) {
            Some(Verdict::Unsure) => PairState::Unsure,
            Some(_) => PairState::Judged,
            None if pair.place() == Place::Against => PairState::Against,
            None if both.0 == both.1 => PairState::Joined,
            None if decided.contains_key(&both) || !asked.insert(both) => PairState::Beside,
            None => PairState::Waiting,
        };
        if state != pair.state {
            store::set_state(tx, pair.id, state)?;
        }
    }
    Ok(())
}

/// Whether something that somebody is about to say goes against what people have said: of three records, two the same and two
/// others the same leave nothing different between the ends.
pub(super) fn would_contradict(
    tx: &mut Tx<'_>,
    seeds: &BTreeSet<PersonId>,
    new: Said,
) -> Result<bool, PersonError> {
    let all = around(tx, seeds)?;
    let ids: BTreeSet<RecordId> = all.records.keys().copied().collect();
    let mut said: Vec<Said> =
        all.said.values().map(|j| Said { first: j.first, second: j.second, verdict: j.verdict }).collect();
    said.push(new);
    let sets = gather(&ids, &said, &[], &[]);
    let one = |s: &Said| sets.iter().any(|set| set.contains(&s.first) && set.contains(&s.second));
    Ok(said.iter().any(|s| match s.verdict {
        Verdict::Same => !one(s),
        Verdict::Different => one(s),
        Verdict::Unsure => false,
    }))
}
