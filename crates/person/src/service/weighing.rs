//! A record is weighed against those that share a key with it, and against nobody else.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use access::Office;
use app::App;
use db::Tx;
use kernel::{Header, Purpose};

use super::holding::account_key;
use super::learning;
use super::reading::{is_aged, is_minor, open_told};
use crate::error::PersonError;
use crate::model::{Pair, PairId, PairState, PersonId, PersonRecord, RecordId, SeenBy, Told};
use crate::resolve::{self, Levels, Model, Prepared};
use crate::rules::{Place, place_of};
use crate::store;

/// Most records that one is weighed against: those that share most keys with it.
pub(super) const MOST_WEIGHED: usize = 200;
/// Most records of one person that it is weighed against: of a person with thousands a few say what all say.
const OF_ONE_PERSON: usize = 8;
/// Most records of persons that are looked at before they become one.
const MOST_MEMBERS: usize = 64;
/// Most pairs of those.
const MOST_CROSSED: usize = 256;

/// The first eight bytes of a keyed hash, as a column takes them.
pub(super) fn short(blind: [u8; 32]) -> i64 {
    let (front, _) = blind.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
    i64::from_be_bytes(*front)
}

/// What a record is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    kind: u8,
    /// Hidden.
    pub(super) hash: i64,
}

/// One word of a name.
const WORD: u8 = 0;
/// An account.
const ACCOUNT: u8 = 200;

impl Key {
    /// Whether any of those who share it will do, where they are too many to look at: a number, a telephone, a name with the day of birth.
    const fn is_own(self) -> bool {
        matches!(self.kind, 1 | 4 | 18 | ACCOUNT)
    }
    /// Whether those who share it are missed where they are too many: a whole name, with something besides or without.
    const fn is_name(self) -> bool {
        matches!(self.kind, WORD | 5 | 14..=16)
    }
}

/// What a record is compared by, hidden.
pub(super) fn keys(app: &App, prepared: &Prepared) -> Vec<Key> {
    let mut all = Vec::new();
    resolve::keys(prepared, |kind, parts| {
        let hash = short(app.vault.blind(&format!("person.key.{kind}"), &parts.join("\u{0}")));
        all.push(Key { kind, hash });
    });
    all.sort_unstable();
    all.dedup();
    all
}

/// What one word of a name is found by, for people who look for somebody by it.
pub(super) fn words(app: &App, prepared: &Prepared) -> Vec<Key> {
    let hash = |sound: String| short(app.vault.blind("person.word", &sound));
    prepared.sounds().map(|sound| Key { kind: WORD, hash: hash(sound) }).collect()
}

/// Records that share keys.
#[derive(Debug, Default)]
pub(super) struct Near {
    /// Those that share most first.
    pub(super) records: Vec<RecordId>,
    /// Whether somebody was left out, because too many share a name.
    pub(super) cut: bool,
}

/// Records that share a key, those that share most of them first. A key that too many share says nothing, and narrower ones are beside
/// it; whoever looks by themselves (`office`: of what they may see) is shown some of them, and told that there are more.
pub(super) fn candidates(
    tx: &mut Tx<'_>,
    office: Option<&Office>,
    keys: &[Key],
    most: usize,
) -> Result<Near, PersonError> {
    let many = i64::try_from(resolve::MOST_OF_A_KEY).unwrap_or(i64::MAX);
    let mut shared: BTreeMap<RecordId, (usize, PersonId)> = BTreeMap::new();
    let mut near = Near::default();
    for key in keys {
        let mut found = store::with_key(tx, office, (key.hash, many.saturating_add(1)))?;
        if found.len() > resolve::MOST_OF_A_KEY {
            near.cut |= key.is_name();
            if office.is_none() && !key.is_own() {
                continue;
            }
            found.truncate(resolve::MOST_OF_A_KEY);
        }
        for (record, person) in found {
            let (count, _) = shared.entry(record).or_insert((0, person));
            *count = count.saturating_add(1);
        }
    }
    let mut all: Vec<(usize, RecordId, PersonId)> =
        shared.into_iter().map(|(record, (count, person))| (count, record, person)).collect();
    all.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut of_one: BTreeMap<PersonId, usize> = BTreeMap::new();
    all.retain(|(_, _, person)| {
        let count = of_one.entry(*person).or_default();
        *count = count.saturating_add(1);
        *count <= OF_ONE_PERSON
    });
    near.cut |= all.len() > most;
    near.records = all.into_iter().take(most).map(|(_, record, _)| record).collect();
    Ok(near)
}

/// Thousandths of a bit.
#[expect(clippy::float_arithmetic, reason = "a weight is kept as a whole number of thousandths")]
pub(super) fn milli(bits: f64) -> i64 {
    format!("{:.0}", (bits * 1_000.0).clamp(-1e9, 1e9)).parse().unwrap_or(0)
}

/// The id of a pair, and its records in their order.
pub(super) fn pair_of(a: RecordId, b: RecordId) -> (PairId, RecordId, RecordId) {
    let (first, second) = if a < b { (a, b) } else { (b, a) };
    let id = report::rules::derived_id("person_pair", &first.to_string(), &second.to_string());
    (PairId::from_uuid(id.uuid()), first, second)
}

/// What two records weigh. Who may see it is not said yet.
pub(super) fn weigh(
    (version, model): (i64, &Model),
    (a, left): (RecordId, &Prepared),
    (b, right): (RecordId, &Prepared),
) -> Pair {
    let (id, first, second) = pair_of(a, b);
    let weight = model.weigh(left, right);
    let (bits, levels) = (milli(weight.bits), Levels::between(left, right).0);
    let [number, ..] = levels;
    let clash = left.clashes(right);
    let against = place_of(bits, number == 1, clash) == Place::Against;
    Pair {
        id,
        first,
        second,
        bits,
        levels,
        fields: weight.fields.map(milli),
        prior: milli(weight.prior),
        model: version,
        state: if against { PairState::Against } else { PairState::Waiting },
        seen_by: SeenBy::default(),
        clash,
    }
}

/// A record that was opened for comparing.
struct Opened {
    prepared: Prepared,
    person: PersonId,
    header: Header,
}

/// Records that were opened for comparing.
#[derive(Default)]
struct Open(HashMap<RecordId, Arc<Opened>>);

impl Open {
    fn get(&mut self, tx: &mut Tx<'_>, app: &App, id: RecordId) -> Result<Option<Arc<Opened>>, PersonError> {
        if let Some(known) = self.0.get(&id) {
            return Ok(Some(Arc::clone(known)));
        }
        let Some(record) = store::record(tx, id)? else { return Ok(None) };
        let Some(told) = open_told(tx, app, &record)? else { return Ok(None) };
        let prepared = told.open(Purpose::Investigate).record().prepare();
        let opened = Arc::new(Opened { prepared, person: record.person, header: record.header });
        self.0.insert(id, Arc::clone(&opened));
        Ok(Some(opened))
    }
}

/// What a record is kept under.
fn kept_keys(app: &App, told: &Told, prepared: &Prepared) -> Vec<i64> {
    let account = told.holding.as_ref().and_then(|h| account_key(app, &h.value));
    let compared = keys(app, prepared).into_iter().chain(words(app, prepared)).map(|k| k.hash);
    compared.chain(account).collect()
}

/// What those are found by whose an account is.
pub(super) fn account(app: &App, value: &str) -> Option<Key> {
    account_key(app, value).map(|hash| Key { kind: ACCOUNT, hash })
}

/// Weighs a record anew; gives the persons whom that may concern. People's judgements stay.
pub(super) fn compare(
    tx: &mut Tx<'_>,
    app: &App,
    record: RecordId,
    told: &Told,
) -> Result<BTreeSet<PersonId>, PersonError> {
    let (version, model) = learning::current(tx, app)?;
    let prepared = told.record().prepare();
    let Some(own) = store::record(tx, record)? else { return Ok(BTreeSet::new()) };
    let mut open = Open::default();
    let mine = Arc::new(Opened { prepared, person: own.person, header: own.header });
    open.0.insert(record, Arc::clone(&mine));
    let before: Vec<PersonId> =
        store::ties_of_record(tx, record)?.iter().map(|t| t.other(record).1).collect();
    store::keep_keys(tx, record, &kept_keys(app, told, &mine.prepared))?;
    store::unpair_machine(tx, record)?;
    let said = store::pairs_of(tx, record)?;
    let now = app.office.now();
    store::set_age(tx, record, is_aged(told), is_minor(app, told, now))?;
    let (mut concerned, mut against) = (BTreeSet::from_iter(before), Vec::new());
    // Told anew it may contradict those whom it has been with until now.
    let mut joining = BTreeSet::from([mine.person]);
    let near = candidates(tx, None, &keys(app, &mine.prepared), MOST_WEIGHED)?;
    store::set_cut(tx, record, near.cut)?;
    for other in near.records {
        let Some(there) = open.get(tx, app, other)?.filter(|_| other != record) else { continue };
        let mut pair = weigh((version, &model), (record, &mine.prepared), (other, &there.prepared));
        let place = pair.place();
        pair.seen_by = SeenBy::both(&mine.header, &there.header);
        match place {
            Place::Sure | Place::Look => store::put_pair(tx, &pair, now)?,
            Place::Against => against.push((there.person, pair)),
            Place::Nothing => {}
        }
        if !matches!(place, Place::Sure | Place::Look) {
            continue;
        }
        concerned.insert(there.person);
        if place == Place::Sure {
            joining.insert(there.person);
        }
    }
    // What people have said of it stays, and is shown with what it weighs now, however little.
    for kept in said {
        let other = kept.other(record);
        let Some(there) = open.get(tx, app, other)? else { continue };
        let mut pair = weigh((version, &model), (record, &mine.prepared), (other, &there.prepared));
        pair.seen_by = SeenBy::both(&mine.header, &there.header);
        store::put_pair(tx, &pair, now)?;
        concerned.insert(there.person);
    }
    for (_, pair) in against.iter().filter(|(person, _)| joining.contains(person)) {
        store::put_pair(tx, pair, now)?;
    }
    cross(tx, app, (version, &model), (record, &joining, &mut open))?;
    Ok(concerned)
}

/// The record, then one of each person in turn: nobody with many keeps those of others from being looked at.
fn in_turn(record: RecordId, of_each: &[Vec<RecordId>]) -> Vec<RecordId> {
    let longest = of_each.iter().map(Vec::len).max().unwrap_or(0);
    let others = (0..longest).flat_map(|at| of_each.iter().filter_map(move |all| all.get(at).copied()));
    std::iter::once(record).chain(others.filter(|id| *id != record)).take(MOST_MEMBERS).collect()
}

/// Whoever is about to become one person must not contradict one another: so records of each are weighed against those of the others, and
/// the record itself against those whom it is with.
fn cross(
    tx: &mut Tx<'_>,
    app: &App,
    model: (i64, &Model),
    (record, joining, open): (RecordId, &BTreeSet<PersonId>, &mut Open),
) -> Result<(), PersonError> {
    let mut of_each = Vec::new();
    for person in joining {
        let most = i64::try_from(MOST_MEMBERS).unwrap_or(i64::MAX);
        of_each.push(store::of_person(tx, *person, most)?.into_iter().map(|r| r.id).collect());
    }
    let members = in_turn(record, &of_each);
    let now = app.office.now();
    let mut crossed = 0_usize;
    for (at, a) in members.iter().enumerate() {
        for b in members.iter().skip(at.saturating_add(1)) {
            let (Some(left), Some(right)) = (open.get(tx, app, *a)?, open.get(tx, app, *b)?) else {
                continue;
            };
            if left.person == right.person && *a != record {
                continue;
            }
            crossed = crossed.saturating_add(1);
            if crossed > MOST_CROSSED {
                return Ok(());
            }
            if store::pair(tx, pair_of(*a, *b).0)?.is_some() {
                continue;
            }
            let mut pair = weigh(model, (*a, &left.prepared), (*b, &right.prepared));
            if pair.place() != Place::Nothing {
                pair.seen_by = SeenBy::both(&left.header, &right.header);
                store::put_pair(tx, &pair, now)?;
            }
        }
    }
    Ok(())
}

/// Pairs that were kept as telling two right numbers before anybody had looked whether they are right: those that do not clash are put
/// right, and whose they are is gathered anew.
fn put_right(
    tx: &mut Tx<'_>,
    app: &App,
    (record, mine): (&PersonRecord, &Prepared),
) -> Result<(), PersonError> {
    for (pair, other) in store::clashing(tx, record.id)? {
        let Some(there) = store::record(tx, other)?.filter(|r| r.taken_back.is_none()) else { continue };
        let Some(told) = open_told(tx, app, &there)? else { continue };
        if !mine.clashes(&told.open(Purpose::Investigate).record().prepare()) {
            store::no_clash(tx, pair)?;
            store::set_stale(tx, record.person, true)?;
            store::set_stale(tx, there.person, true)?;
        }
    }
    Ok(())
}

/// Records are kept under today's keys, so many at a time; `false` once all are.
///
/// # Errors
/// The database's, the vault's.
pub async fn key_anew(app: &App) -> Result<bool, PersonError> {
    const AT_ONCE: i64 = 50;
    let me = app.clone();
    app.db
        .write(move |tx| {
            let as_far = store::gate::keyed(tx)?;
            if as_far == "done" {
                return Ok(false);
            }
            store::gate::pass(tx)?;
            let after: RecordId = as_far.parse().unwrap_or_else(|_| RecordId::from_uuid(uuid::Uuid::nil()));
            let some = store::all_ids(tx, after, AT_ONCE)?;
            for id in &some {
                let Some(record) = store::record(tx, *id)?.filter(|r| r.taken_back.is_none()) else {
                    continue;
                };
                let Some(told) = open_told(tx, &me, &record)? else { continue };
                let told = told.open(Purpose::Investigate);
                let prepared = told.record().prepare();
                store::keep_keys(tx, *id, &kept_keys(&me, told, &prepared))?;
                put_right(tx, &me, (&record, &prepared))?;
                store::set_age(tx, *id, is_aged(told), is_minor(&me, told, me.office.now()))?;
            }
            let last = some.last().map_or_else(|| "done".to_owned(), RecordId::to_string);
            store::gate::set_keyed(tx, &last)?;
            Ok(true)
        })
        .await
}
