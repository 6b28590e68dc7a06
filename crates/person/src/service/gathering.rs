//! Who is whose, gathered anew around the persons whom news concerns: joined, parted, ended; and where each pair stands then.
//!
//! Everything here happens behind the gate ([`store::gate`]): one at a time. Of a person with very many records the machine's news is
//! taken in by itself; what may part them is gathered anew beside the writer ([`super::sorting`]), unless people said it: their word is at
//! once.

use std::collections::{BTreeMap, BTreeSet};

use app::App;
use audit::Act;
use db::Tx;
use kernel::Actor;
use serde_json::json;

use super::droppers::look_again;
use crate::error::PersonError;
use crate::model::{
    DropperId, DropperStatus, PairId, PairState, Person, PersonId, PersonRecord, RecordId, Verdict,
};
use crate::rules::{Bond, Place, Said, gather};
use crate::store::{self, Lean, Tie, Word};

/// Most records that the machine's news gathers anew.
pub(super) const MOST: usize = 300;
/// What is put to bonds that go before others, thousandths of a bit: more than any weighs.
const FIRST: i64 = 1_000_000_000_000;
/// Most records that an act names in the record.
const NAMED: usize = 20;

/// Persons, their records, what was said and weighed of them.
#[derive(Debug, Default)]
pub(super) struct Around {
    pub(super) persons: BTreeSet<PersonId>,
    records: BTreeMap<RecordId, Lean>,
    ties: BTreeMap<PairId, Tie>,
    said: BTreeMap<crate::JudgementId, Word>,
    pub(super) bars: BTreeSet<(RecordId, RecordId)>,
}

impl Around {
    /// Takes in a person with their records and what people said of them; gives whom people's word leads to.
    pub(super) fn take(&mut self, person: PersonId, records: Vec<Lean>, words: Vec<Word>) -> Vec<PersonId> {
        self.persons.insert(person);
        self.records.extend(records.into_iter().map(|r| (r.id, r)));
        let mut leads = Vec::new();
        for word in words {
            if word.verdict == Verdict::Same && word.stands {
                leads.extend([word.persons.0, word.persons.1]);
            }
            self.said.insert(word.id, word);
        }
        leads
    }

    /// Takes in two records that were weighed; gives whom they lead to, as long as those who are there are not too many.
    pub(super) fn tie(&mut self, tie: Tie) -> Option<[PersonId; 2]> {
        let leads = tie.place == Place::Sure && self.records.len() <= MOST;
        self.ties.insert(tie.id, tie);
        leads.then_some([tie.persons.0, tie.persons.1])
    }
}

/// On whom matters are open, and on which records those hang.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Matters {
    /// Proposed, listed, or a case.
    weighty: BTreeSet<PersonId>,
    /// Not cleared.
    open: BTreeSet<PersonId>,
    carrying: BTreeMap<RecordId, Vec<DropperId>>,
}

impl Matters {
    pub(super) fn of(tx: &mut Tx<'_>, persons: &BTreeSet<PersonId>) -> Result<Self, PersonError> {
        let mut all = Self::default();
        for person in persons {
            let mut open = store::dropper::of_person(tx, *person)?;
            open.retain(|d| d.status != DropperStatus::Cleared);
            if open.is_empty() {
                continue;
            }
            all.open.insert(*person);
            for d in open {
                all.carrying.entry(d.record).or_default().push(d.id);
            }
            if store::dropper::is_weighty(tx, *person)? {
                all.weighty.insert(*person);
            }
        }
        Ok(all)
    }

    /// Whether the machine may set two records together: it lays nobody's doings to somebody who is listed or about to be, and what
    /// people have taken out of a matter it does not take in again. People are asked.
    fn may(&self, tie: &Tie, left_out: &BTreeSet<RecordId>) -> bool {
        let out = |mine: &RecordId, theirs: &PersonId| left_out.contains(mine) && self.open.contains(theirs);
        let (one, other) = tie.persons;
        one == other
            || !(out(&tie.first, &other)
                || out(&tie.second, &one)
                || self.weighty.contains(&one)
                || self.weighty.contains(&other))
    }
}

/// Of records between which people have not answered yet those that are not held in an open matter by people: the machine leaves them out
/// of it. The record on which the matter hangs stays, with whatever people say is the same person's; else the one that began as the person.
fn left_out(all: &Around, ids: &BTreeSet<RecordId>, matters: &Matters) -> BTreeSet<RecordId> {
    let mut out = BTreeSet::new();
    if all.bars.is_empty() || matters.open.is_empty() {
        return out;
    }
    let sets = gather(ids, &standing(all), &[], &[]);
    let held: BTreeSet<RecordId> = sets
        .into_iter()
        .filter(|set| set.iter().any(|id| matters.carrying.contains_key(id)))
        .flatten()
        .collect();
    for (a, b) in &all.bars {
        let (Some(x), Some(y)) = (all.records.get(a), all.records.get(b)) else { continue };
        let (mine, theirs) = (matters.open.contains(&x.person), matters.open.contains(&y.person));
        let one = x.person == y.person && !held.contains(a) && !held.contains(b);
        let stays = |r: &Lean| held.contains(&r.id) || (one && r.born == r.person);
        if theirs && !stays(x) {
            out.insert(*a);
        }
        if mine && !stays(y) {
            out.insert(*b);
        }
    }
    out
}

/// Takes in whoever is tied to those that are there already: by people's word as far as it goes, by the machine's as long as they are
/// not too many.
fn around(tx: &mut Tx<'_>, seeds: &BTreeSet<PersonId>, with_ties: bool) -> Result<Around, PersonError> {
    let mut all = Around::default();
    let mut next: Vec<PersonId> = seeds.iter().copied().collect();
    while let Some(person) = next.pop() {
        if all.persons.contains(&person) {
            continue;
        }
        let leads = all.take(person, store::lean_of(tx, person)?, store::words_of(tx, person)?);
        next.extend(leads);
        if !with_ties {
            continue;
        }
        all.bars.extend(store::bar::of_person(tx, person)?);
        for tie in store::ties_of_person(tx, person)? {
            next.extend(all.tie(tie).into_iter().flatten());
        }
    }
    Ok(all)
}

fn standing(all: &Around) -> Vec<Said> {
    let words = all.said.values().filter(|w| w.stands);
    words.map(|w| Said { first: w.first, second: w.second, verdict: w.verdict }).collect()
}

/// People took back that two records are one person's, and a matter is open: whatever came to the person since it was begun, however old it
/// is itself, and is not held with it by people is asked about, too.
pub(super) fn ask_back(tx: &mut Tx<'_>, persons: &BTreeSet<PersonId>) -> Result<(), PersonError> {
    let all = around(tx, persons, false)?;
    let sets = gather(&all.records.keys().copied().collect(), &standing(&all), &[], &[]);
    for person in persons {
        for d in store::dropper::of_person(tx, *person)? {
            if d.status == DropperStatus::Cleared {
                continue;
            }
            let held = sets.iter().find(|set| set.contains(&d.record));
            for id in store::dropper::came_since(tx, d.id, *person)? {
                if id != d.record && !held.is_some_and(|set| set.contains(&id)) {
                    store::bar::put(tx, id, d.record)?;
                }
            }
        }
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
    let all = around(tx, seeds, true)?;
    let matters = Matters::of(tx, &all.persons)?;
    let sets = decide(&all, &matters);
    note_who_came(tx, (&all, &sets), &matters)?;
    let whose = settle(tx, app, actor, (&all, &sets))?;
    for (pair, state) in states_of(&all, &sets) {
        store::set_state(tx, pair, state)?;
    }
    look_again(tx, app, &whose.into_values().collect())
}

/// Who is whose, of all that was said, weighed and barred.
pub(super) fn decide(all: &Around, matters: &Matters) -> Vec<BTreeSet<RecordId>> {
    let ids: BTreeSet<RecordId> = all.records.keys().copied().collect();
    let left = left_out(all, &ids, matters);
    let within = || all.ties.values().filter(|t| ids.contains(&t.first) && ids.contains(&t.second));
    // What is left out takes nobody along who is held by others.
    let first = |t: &Tie| if left.contains(&t.first) || left.contains(&t.second) { 0 } else { FIRST };
    let bond = |t: &Tie| Bond { first: t.first, second: t.second, bits: t.bits.saturating_add(first(t)) };
    let sure = within().filter(|t| t.place == Place::Sure && matters.may(t, &left));
    let bonds: Vec<Bond> = sure.map(bond).collect();
    let apart = within().filter(|t| t.place == Place::Against || t.clash).map(|t| (t.first, t.second));
    let against: Vec<(RecordId, RecordId)> = apart.chain(all.bars.iter().copied()).collect();
    gather(&ids, &standing(all), &bonds, &against)
}

/// A record was weighed: what holds it is taken in. Where few are concerned all are gathered anew; of very many only this record's
/// bonds are looked at.
pub(super) fn take_in(
    tx: &mut Tx<'_>,
    app: &App,
    seeds: &BTreeSet<PersonId>,
    record: RecordId,
) -> Result<(), PersonError> {
    if !is_large(tx, seeds)? {
        return regather(tx, app, &super::part(), seeds);
    }
    // Whoever gathers them beside the writer looks again.
    seeds.iter().try_for_each(|person| store::touch(tx, *person))?;
    let mut ties = store::ties_of_record(tx, record)?;
    ties.sort_by(|a, b| b.bits.cmp(&a.bits).then(a.id.cmp(&b.id)));
    for tie in ties.iter().filter(|t| t.place == Place::Sure) {
        let whose = |tx: &mut Tx<'_>, id| Ok::<_, PersonError>(store::record(tx, id)?.map(|r| r.person));
        let (Some(here), Some(there)) = (whose(tx, record)?, whose(tx, tie.other(record).0)?) else {
            continue;
        };
        if here == there || store::dropper::is_weighty(tx, here)? || store::dropper::is_weighty(tx, there)? {
            continue;
        }
        merge(tx, app, here, there)?;
    }
    let whose = store::record(tx, record)?.map(|r| r.person);
    look_again(tx, app, &seeds.iter().copied().chain(whose).collect())?;
    let mut asked: BTreeSet<PersonId> = BTreeSet::new();
    let mut again = store::ties_of_record(tx, record)?;
    again.sort_by(|a, b| b.bits.cmp(&a.bits).then(a.id.cmp(&b.id)));
    for tie in again {
        let (_, other) = tie.other(record);
        let kept = matches!(tie.state, PairState::Judged | PairState::Unsure | PairState::Second);
        let state = match tie.place {
            _ if kept => tie.state,
            Place::Against => PairState::Against,
            _ if tie.persons.0 == tie.persons.1 => PairState::Joined,
            _ if !asked.insert(other) => PairState::Beside,
            _ => PairState::Waiting,
        };
        if state != tie.state {
            store::set_state(tx, tie.id, state)?;
        }
    }
    Ok(())
}

/// Whether so many records are concerned that not all are gathered at each piece of the machine's news.
pub(super) fn is_large(tx: &mut Tx<'_>, persons: &BTreeSet<PersonId>) -> Result<bool, PersonError> {
    let mut all = 0_i64;
    for person in persons {
        all = all.saturating_add(store::person(tx, *person)?.map_or(0, |p| p.records));
    }
    Ok(usize::try_from(all).unwrap_or(usize::MAX) > MOST)
}

/// Whether people have yet to answer between two persons.
fn is_barred(tx: &mut Tx<'_>, from: PersonId, into: PersonId) -> Result<bool, PersonError> {
    for (a, b) in store::bar::of_person(tx, from)? {
        for id in [a, b] {
            if store::record(tx, id)?.is_some_and(|r| r.person == into) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Two persons become one, unless anything said or weighed keeps them apart. The smaller one's records are looked at.
fn merge(tx: &mut Tx<'_>, app: &App, here: PersonId, there: PersonId) -> Result<(), PersonError> {
    let count = |tx: &mut Tx<'_>, id| Ok::<_, PersonError>((store::count_of(tx, id)?, id));
    let (a, b) = (count(tx, here)?, count(tx, there)?);
    // Of as many, the older stays: its number is the one that people know.
    let ((more, into), (few, from)) = if (a.0, b.1) > (b.0, a.1) { (a, b) } else { (b, a) };
    let between = |persons: &(PersonId, PersonId)| *persons == (from, into) || *persons == (into, from);
    let words: Vec<Word> = store::words_of(tx, from)?.into_iter().filter(|w| between(&w.persons)).collect();
    if words.iter().any(|w| w.verdict == Verdict::Different && w.stands) {
        return Ok(());
    }
    let ties: Vec<Tie> =
        store::ties_of_person(tx, from)?.into_iter().filter(|t| between(&t.persons)).collect();
    if ties.iter().any(|t| t.place == Place::Against || t.clash) || is_barred(tx, from, into)? {
        return Ok(());
    }
    let said = |t: &&Tie| matches!(t.state, PairState::Judged | PairState::Unsure | PairState::Second);
    for tie in ties.iter().filter(|t| !said(t)) {
        store::set_state(tx, tie.id, PairState::Joined)?;
    }
    let moved: Vec<RecordId> = store::lean_of(tx, from)?.into_iter().map(|r| r.id).collect();
    let all = more.saturating_add(few);
    note_all_came(tx, into, from)?;
    note_all_came(tx, from, into)?;
    store::move_all(tx, from, into)?;
    store::set_records(tx, into, all)?;
    store::end(tx, from, into)?;
    let facts = json!({"with": [from], "records": all, "of": moved.iter().take(NAMED).collect::<Vec<_>>()});
    app.record(tx, &super::part(), &Act { facts, ..Act::about("person.joined", "person", into.uuid()) })?;
    Ok(())
}

/// To whose matters records came with these sets: those that were not of the same person before.
pub(super) fn note_who_came(
    tx: &mut Tx<'_>,
    (all, sets): (&Around, &[BTreeSet<RecordId>]),
    matters: &Matters,
) -> Result<(), PersonError> {
    let was = |id: &RecordId| all.records.get(id).map(|r| r.person);
    for (carrying, droppers) in &matters.carrying {
        let Some(set) = sets.iter().find(|set| set.contains(carrying)) else { continue };
        for new in set.iter().filter(|id| was(id) != was(carrying)) {
            droppers.iter().try_for_each(|d| store::dropper::came(tx, *d, *new))?;
        }
    }
    Ok(())
}

/// The same where two persons become one as a whole.
fn note_all_came(tx: &mut Tx<'_>, into: PersonId, from: PersonId) -> Result<(), PersonError> {
    for d in store::dropper::of_person(tx, into)? {
        if d.status != DropperStatus::Cleared {
            store::dropper::came_all(tx, d.id, from)?;
        }
    }
    Ok(())
}

/// Gives each set a person, the one of most of its records; says whose each record is now.
pub(super) fn settle(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (all, sets): (&Around, &[BTreeSet<RecordId>]),
) -> Result<BTreeMap<RecordId, PersonId>, PersonError> {
    let (mut whose, mut taken) = (BTreeMap::new(), BTreeSet::new());
    // Of as many records those go first that began as the person: who stays keeps the number, and who was joined parts.
    let began = |set: &BTreeSet<RecordId>, person: Option<PersonId>| {
        let mut records = set.iter().filter_map(|id| all.records.get(id));
        records.any(|r| r.born == r.person && person.is_none_or(|p| p == r.person))
    };
    let mut sets: Vec<&BTreeSet<RecordId>> = sets.iter().collect();
    sets.sort_by_key(|set| (std::cmp::Reverse(set.len()), !began(set, None)));
    for set in sets {
        let mut counts: BTreeMap<PersonId, usize> = BTreeMap::new();
        for record in set.iter().filter_map(|id| all.records.get(id)) {
            let count = counts.entry(record.person).or_default();
            *count = count.saturating_add(1);
        }
        let free = counts.iter().filter(|(person, _)| !taken.contains(*person));
        // Then the older: its number is the one that people know.
        let best = free
            .max_by_key(|(person, count)| (**count, began(set, Some(**person)), std::cmp::Reverse(**person)))
            .map(|(person, _)| *person);
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
            Some(into) => {
                // What was taken back goes where the others went.
                store::move_all(tx, *person, *into)?;
                store::end(tx, *person, *into)?;
            }
            None => leave(tx, *person)?,
        }
    }
    Ok(whose)
}

/// Somebody without a record that counts: gone, unless one was taken back, which may count again.
pub(super) fn leave(tx: &mut Tx<'_>, person: PersonId) -> Result<(), PersonError> {
    if store::person(tx, person)?.is_some_and(|p| p.into.is_none()) {
        store::set_records(tx, person, 0)?;
    }
    Ok(store::remove_person(tx, person)?)
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
    let one = records.clone().next().map(|r| store::record(tx, r.id)).transpose()?.flatten();
    born(tx, app, one.as_ref())
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
    let mut moved: Vec<RecordId> = Vec::new();
    for record in set.iter().filter_map(|id| all.records.get(id)).filter(|r| r.person != person) {
        store::move_to(tx, record.id, person)?;
        from.insert(record.person);
        moved.push(record.id);
    }
    store::set_records(tx, person, i64::try_from(set.len()).unwrap_or(i64::MAX))?;
    if from.is_empty() {
        return Ok(());
    }
    // Told of the person that people know: the one that parts, and the one that takes in.
    let subjects: Vec<PersonId> = if is_new { from.iter().copied().collect() } else { vec![person] };
    let name = if is_new { "person.parted" } else { "person.joined" };
    let others: Vec<PersonId> = if is_new { vec![person] } else { from.into_iter().collect() };
    let named = |ids: &[PersonId]| ids.iter().take(NAMED).copied().collect::<Vec<_>>();
    for subject in subjects {
        let of: Vec<&RecordId> = moved.iter().take(NAMED).collect();
        let facts = json!({"with": named(&others), "records": set.len(), "of": of});
        app.record(tx, actor, &Act { facts, ..Act::about(name, "person", subject.uuid()) })?;
    }
    Ok(())
}

/// One of those who were gathered, or somebody beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    Set(usize),
    Other(PersonId),
}

/// Which pairs stand otherwise than until now. Of several pairs between two persons the heaviest is asked about: it is one question.
pub(super) fn states_of(all: &Around, sets: &[BTreeSet<RecordId>]) -> Vec<(PairId, PairState)> {
    let mut place: BTreeMap<RecordId, usize> = BTreeMap::new();
    for (at, set) in sets.iter().enumerate() {
        place.extend(set.iter().map(|id| (*id, at)));
    }
    let persons = |first: RecordId, second: RecordId, were: (PersonId, PersonId)| {
        let a = place.get(&first).map_or(Of::Other(were.0), |at| Of::Set(*at));
        let b = place.get(&second).map_or(Of::Other(were.1), |at| Of::Set(*at));
        if a < b { (a, b) } else { (b, a) }
    };
    let mut changed = Vec::new();
    let mut decided: BTreeSet<(Of, Of)> = BTreeSet::new();
    let mut judged: BTreeMap<(RecordId, RecordId), Verdict> = BTreeMap::new();
    let mut begun: BTreeSet<(RecordId, RecordId)> = BTreeSet::new();
    for word in all.said.values() {
        if word.stands {
            judged.insert((word.first, word.second), word.verdict);
            decided.insert(persons(word.first, word.second, word.persons));
        } else {
            begun.insert((word.first, word.second));
        }
    }
    let mut heaviest: Vec<&Tie> = all.ties.values().collect();
    // A question that somebody has begun to answer goes on.
    heaviest.sort_by_key(|t| (!begun.contains(&(t.first, t.second)), std::cmp::Reverse(t.bits), t.id));
    let mut asked: BTreeSet<(Of, Of)> = BTreeSet::new();
    for tie in heaviest {
        let both = persons(tie.first, tie.second, tie.persons);
        let state = match judged.get(&(tie.first, tie.second)) {
            Some(Verdict::Unsure) => PairState::Unsure,
            Some(_) => PairState::Judged,
            None if begun.contains(&(tie.first, tie.second)) && (both.0 == both.1 || asked.insert(both)) => {
                PairState::Second
            }
            None if both.0 == both.1 && tie.place != Place::Against => PairState::Joined,
            None if tie.place == Place::Against => PairState::Against,
            None if decided.contains(&both) || !asked.insert(both) => PairState::Beside,
            None => PairState::Waiting,
        };
        if state != tie.state {
            changed.push((tie.id, state));
        }
    }
    changed
}

/// Whether something that somebody is about to say goes against what people have said: of three records, two the same and two
/// others the same leave nothing different between the ends.
pub(super) fn would_contradict(
    tx: &mut Tx<'_>,
    seeds: &BTreeSet<PersonId>,
    new: Said,
) -> Result<bool, PersonError> {
    let all = around(tx, seeds, false)?;
    let ids: BTreeSet<RecordId> = all.records.keys().copied().collect();
    let mut said = standing(&all);
    said.push(new);
    let sets = gather(&ids, &said, &[], &[]);
    let mut place: BTreeMap<RecordId, usize> = BTreeMap::new();
    for (at, set) in sets.iter().enumerate() {
        place.extend(set.iter().map(|id| (*id, at)));
    }
    let one = |s: &Said| matches!((place.get(&s.first), place.get(&s.second)), (Some(a), Some(b)) if a == b);
    Ok(said.iter().any(|s| match s.verdict {
        Verdict::Same => !one(s),
        Verdict::Different => one(s),
        Verdict::Unsure => false,
    }))
}
