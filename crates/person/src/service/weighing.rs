//! A record is weighed against those that share a key with it, and against nobody else.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use app::App;
use db::Tx;
use kernel::Purpose;

use super::learning;
use super::reading::open_told;
use crate::error::PersonError;
use crate::model::{Pair, PairId, PairState, PersonId, RecordId, Told};
use crate::resolve::{self, Levels, Model, Prepared};
use crate::rules::Place;
use crate::store;

/// Most records that one is weighed against: those that share most keys with it.
pub(super) const MOST_WEIGHED: usize = 200;
/// Most records of persons that are looked at before they become one.
const MOST_MEMBERS: usize = 64;
/// Most pairs of those.
const MOST_CROSSED: usize = 256;

/// The first eight bytes of a keyed hash, as a column takes them.
fn short(blind: [u8; 32]) -> i64 {
    let (front, _) = blind.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
    i64::from_be_bytes(*front)
}

/// What a record is compared by, hidden.
pub(super) fn keys(app: &App, prepared: &Prepared) -> Vec<i64> {
    let mut all = Vec::new();
    resolve::keys(prepared, |kind, parts| {
        all.push(short(app.vault.blind(&format!("person.key.{kind}"), &parts.join("\u{0}"))));
    });
    all.sort_unstable();
    all.dedup();
    all
}

/// What one word of a name is found by, for people who look for somebody by it.
pub(super) fn words(app: &App, prepared: &Prepared) -> Vec<i64> {
    prepared.sounds().map(|sound| short(app.vault.blind("person.word", &sound))).collect()
}

/// Records that share a key, those that share most of them first. A key that too many share says nothing.
pub(super) fn candidates(tx: &mut Tx<'_>, keys: &[i64], most: usize) -> Result<Vec<RecordId>, PersonError> {
    let many = i64::try_from(resolve::MOST_OF_A_KEY).unwrap_or(i64::MAX);
    let mut shared: BTreeMap<RecordId, usize> = BTreeMap::new();
    for key in keys {
        let found = store::with_key(tx, *key, many.saturating_add(1))?;
        if found.len() > resolve::MOST_OF_A_KEY {
            continue;
        }
        for record in found {
            let count = shared.entry(record).or_default();
            *count = count.saturating_add(1);
        }
    }
    let mut all: Vec<(usize, RecordId)> = shared.into_iter().map(|(record, count)| (count, record)).collect();
    all.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    Ok(all.into_iter().take(most).map(|(_, record)| record).collect())
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

/// What two records weigh.
pub(super) fn weigh(
    (version, model): (i64, &Model),
    (a, left): (RecordId, &Prepared),
    (b, right): (RecordId, &Prepared),
) -> Pair {
    let (id, first, second) = pair_of(a, b);
    let weight = model.weigh(left, right);
    Pair {
        id,
        first,
        second,
        bits: milli(weight.bits),
        levels: Levels::between(left, right).0,
        fields: weight.fields.map(milli),
        prior: milli(weight.prior),
        model: version,
        state: PairState::Waiting,
    }
}

/// Records that were opened for comparing.
#[derive(Default)]
struct Open(HashMap<RecordId, Prepared>);

impl Open {
    fn get(&mut self, tx: &mut Tx<'_>, app: &App, id: RecordId) -> Result<Option<Prepared>, PersonError> {
        if let Some(known) = self.0.get(&id) {
            return Ok(Some(known.clone()));
        }
        let Some(record) = store::record(tx, id)? else { return Ok(None) };
        let Some(told) = open_told(tx, app, &record)? else { return Ok(None) };
        let prepared = told.open(Purpose::Investigate).record().prepare();
        self.0.insert(id, prepared.clone());
        Ok(Some(prepared))
    }
}

/// Weighs a record anew; gives the persons whom that may concern. People's judgements stay.
pub(super) fn compare(
    tx: &mut Tx<'_>,
    app: &App,
    record: RecordId,
    told: &Told,
) -> Result<BTreeSet<PersonId>, PersonError> {
    let (version, model) = learning::current(tx)?;
    let prepared = told.record().prepare();
    let mut open = Open::default();
    open.0.insert(record, prepared.clone());
    store::keep_keys(tx, record, &{
        let mut all = keys(app, &prepared);
        all.extend(words(app, &prepared));
        all
    })?;
    store::unpair_machine(tx, record)?;
    let now = app.office.now();
    let (mut concerned, mut joining) = (BTreeSet::new(), BTreeSet::new());
    for other in candidates(tx, &keys(app, &prepared), MOST_WEIGHED)? {
        let Some(there) = open.get(tx, app, other)?.filter(|_| other != record) else { continue };
        let pair = weigh((version, &model), (record, &prepared), (other, &there));
        let place = pair.place();
        if !matches!(place, Place::Sure | Place::Look) {
            continue;
        }
        store::put_pair(tx, &pair, now)?;
        if let Some(theirs) = store::record(tx, other)? {
            concerned.insert(theirs.person);
            if place == Place::Sure {
                joining.insert(theirs.person);
            }
        }
    }
    // Whoever is about to become one person must not contradict one another: so all of them are weighed.
    let mut members = vec![record];
    for person in joining {
        let most = i64::try_from(MOST_MEMBERS).unwrap_or(i64::MAX);
        members
            .extend(store::of_person(tx, person, most)?.into_iter().map(|r| r.id).filter(|id| *id != record));
    }
    members.truncate(MOST_MEMBERS);
    let mut crossed = 0_usize;
    for (at, a) in members.iter().enumerate() {
        for b in members.iter().skip(at.saturating_add(1)) {
            crossed = crossed.saturating_add(1);
            let known = store::pair(tx, pair_of(*a, *b).0)?.is_some();
            if known || crossed > MOST_CROSSED {
                continue;
            }
            let (Some(left), Some(right)) = (open.get(tx, app, *a)?, open.get(tx, app, *b)?) else {
                continue;
            };
            let pair = weigh((version, &model), (*a, &left), (*b, &right));
            if pair.place() != Place::Nothing {
                store::put_pair(tx, &pair, now)?;
            }
        }
    }
    Ok(concerned)
}
