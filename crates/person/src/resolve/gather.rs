//! What weighs enough is gathered, the surest first; nothing is taken in that contradicts what is there.
#![expect(clippy::float_arithmetic, reason = "weights in bits are added and compared")]

use std::collections::BTreeMap;

use std::hash::{Hash as _, Hasher as _};

use siphasher::sip::SipHasher13;

use super::block::candidates;
use super::levels::{Compared, Levels};
use super::model::{GUESSES_OF_TWO, Model, USUAL_OF_TWO};
use super::parallel;
use super::record::{Prepared, Reader, Record};

/// From so many bits on two records are one person's: nine to one.
pub const ONE_PERSON: f64 = 3.17;
/// Below so many bits two records stand against one another: one to sixty.
pub const AGAINST: f64 = -6.0;
/// Most pairs from which weights are learnt.
const LEARNT_FROM: usize = 500_000;
/// Pairs of two clusters that are looked at before they become one.
const LOOKED_AT: usize = 64;

/// Which records are one person's.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolution {
    /// For each record the place of the first of its cluster.
    pub clusters: Vec<u32>,
    /// How many pairs were compared.
    pub compared: usize,
    /// The weights that were learnt.
    pub model: Model,
}

fn read(records: &[Record]) -> Vec<Prepared> {
    let parts = parallel::parts(records, |_, some| {
        let mut reader = Reader::default();
        some.iter().map(|record| record.read(&mut reader)).collect::<Vec<_>>()
    });
    parts.into_iter().flatten().collect()
}

/// How many pairs have each code of levels; of very many pairs so many are looked at, and stand for all.
fn counted(records: &[Prepared], pairs: &[Vec<(u32, u32)>]) -> Vec<u32> {
    let all: usize = pairs.iter().map(Vec::len).sum();
    let each = all.div_ceil(LEARNT_FROM).max(1);
    let parts: Vec<Vec<u32>> = parallel::each(pairs, |some| {
        let mut known = Compared::default();
        let mut counted = vec![0_u32; Levels::CODES];
        for (a, b) in some.iter().step_by(each) {
            let (Some(a), Some(b)) = (at(records, *a), at(records, *b)) else { continue };
            let code = Levels::among(a, b, &mut known).code();
            if let Some(count) = usize::try_from(code).ok().and_then(|at| counted.get_mut(at)) {
                *count = count.saturating_add(1);
            }
        }
        counted
    });
    let mut counted = vec![0_u32; Levels::CODES];
    let each = u32::try_from(each).unwrap_or(u32::MAX);
    for part in parts {
        for (count, more) in counted.iter_mut().zip(part) {
            *count = count.saturating_add(more.saturating_mul(each));
        }
    }
    counted
}

/// Learns the weights from records that came one by one, for weighing others that will come. Whose each is, as far as that is known: a name
/// is as common as many persons bear it.
#[must_use]
pub fn learn<P: Ord>(records: &[Record], whose: &[P]) -> Model {
    let prepared = read(records);
    let counted = counted(&prepared, &candidates(&prepared));
    let mut numbers: BTreeMap<&P, u32> = BTreeMap::new();
    let number = |person| {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        *numbers.entry(person).or_insert(next)
    };
    let whose: Vec<u32> = whose.iter().map(number).collect();
    Model::learn_counted(&prepared, (&counted, &whose), &USUAL_OF_TWO)
}

/// Finds out which records are one person's.
#[must_use]
pub fn resolve(records: &[Record]) -> Resolution {
    let order = order(records);
    let mut read: Vec<Option<Prepared>> = read(records).into_iter().map(Some).collect();
    let prepared: Vec<Prepared> =
        order.iter().filter_map(|place| read.get_mut(usize::try_from(*place).ok()?)?.take()).collect();
    drop(read);
    let pairs = candidates(&prepared);
    let model = Model::learn_counted(&prepared, (&counted(&prepared, &pairs), &[]), &GUESSES_OF_TWO);
    let most = model.at_most();
    let nameless = Model::at_most_nameless(&most);
    let work = |pairs: &Vec<(u32, u32)>| weigh(&model, &prepared, (&most, &nameless), pairs);
    let mut weighed: Vec<(f64, u32, u32)> = parallel::each(&pairs, work).into_iter().flatten().collect();
    let compared = pairs.iter().map(Vec::len).sum();
    drop(pairs);
    weighed.sort_unstable_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let mut clusters = Clusters::new(prepared.len());
    let mut known = Compared::default();
    for (_, a, b) in weighed {
        let (here, there) = (clusters.of(a), clusters.of(b));
        let members = (clusters.members(here), clusters.members(there));
        if here != there && fits(&model, &prepared, members, &mut known) {
            clusters.join(here, there);
        }
    }
    Resolution { clusters: first_of_each(&clusters.labels(), &order), compared, model }
}

/// Places of records in an order that what they say gives, so that where they stood in the file decides nothing: weights that are equal
/// are taken in it, and sums of fractions are added in it.
fn order(records: &[Record]) -> Vec<u32> {
    let mut all: Vec<(u64, u32)> = records.iter().map(mark).zip(0..).collect();
    all.sort_unstable_by(|x, y| {
        let of = |place: u32| usize::try_from(place).ok().and_then(|at| records.get(at)).map(Record::fields);
        x.0.cmp(&y.0).then_with(|| of(x.1).cmp(&of(y.1)).then(x.1.cmp(&y.1)))
    });
    all.into_iter().map(|(_, place)| place).collect()
}

/// A number that two records hardly share, the same on every machine and with every compiler.
fn mark(record: &Record) -> u64 {
    let mut hasher = SipHasher13::new();
    record.fields().hash(&mut hasher);
    hasher.finish()
}

/// Clusters of records that were put in order, told by the places that they had before: for each the first of its cluster.
fn first_of_each(labels: &[u32], order: &[u32]) -> Vec<u32> {
    let mut first = vec![u32::MAX; labels.len()];
    let slot = |place: u32| usize::try_from(place).unwrap_or(usize::MAX);
    for (label, place) in labels.iter().zip(order) {
        if let Some(first) = first.get_mut(slot(*label)) {
            *first = (*first).min(*place);
        }
    }
    let mut clusters = vec![0; labels.len()];
    for (label, place) in labels.iter().zip(order) {
        if let (Some(to), Some(first)) = (clusters.get_mut(slot(*place)), first.get(slot(*label))) {
            *to = *first;
        }
    }
    clusters
}

/// Pairs that weigh enough. Names cost most to compare: where even the same rare names would not be enough they are not compared.
fn weigh(
    model: &Model,
    records: &[Prepared],
    (most, nameless): (&[f64], &[f64]),
    pairs: &[(u32, u32)],
) -> Vec<(f64, u32, u32)> {
    let mut known = Compared::default();
    let mut all = Vec::new();
    for (a, b) in pairs {
        let (Some(x), Some(y)) = (at(records, *a), at(records, *b)) else { continue };
        let cheap = Levels::nameless(x, y);
        let father = x.middle.is_some() && y.middle.is_some();
        if nameless.get(Model::place_nameless(cheap, father)).is_none_or(|m| *m < ONE_PERSON) {
            continue;
        }
        let levels = cheap.with_names(x, y, &mut known);
        // Rare names would not be enough.
        let code = usize::try_from(levels.code()).ok();
        if code.and_then(|at| most.get(at)).is_none_or(|m| *m < ONE_PERSON) {
            continue;
        }
        let bits = model.weigh_levels(levels, x, y).bits;
        if bits >= ONE_PERSON {
            all.push((bits, *a, *b));
        }
    }
    all
}

fn at(records: &[Prepared], place: u32) -> Option<&Prepared> {
    records.get(usize::try_from(place).ok()?)
}

/// Whether two clusters are one person's: no record of one stands against one of the other, and on the whole more speaks for it.
fn fits(model: &Model, records: &[Prepared], (here, there): (&[u32], &[u32]), known: &mut Compared) -> bool {
    // The pair itself weighs enough, or nobody would ask.
    if let ([_], [_]) = (here, there) {
        return true;
    }
    let pairs = here.iter().flat_map(|a| there.iter().map(move |b| (*a, *b))).take(LOOKED_AT);
    let mut sum = 0.0;
    for (a, b) in pairs {
        let (Some(a), Some(b)) = (at(records, a), at(records, b)) else { continue };
        let bits = model.weigh_levels(Levels::among(a, b, known), a, b).bits;
        if bits < AGAINST {
            return false;
        }
        sum += bits;
    }
    sum > 0.0
}

/// Clusters that grow together.
#[derive(Debug)]
struct Clusters {
    label: Vec<u32>,
    members: Vec<Vec<u32>>,
}

impl Clusters {
    fn new(count: usize) -> Self {
        let all = 0..u32::try_from(count).unwrap_or(u32::MAX);
        Self { label: all.clone().collect(), members: all.map(|n| vec![n]).collect() }
    }
    fn of(&self, record: u32) -> u32 {
        usize::try_from(record).ok().and_then(|n| self.label.get(n)).copied().unwrap_or(record)
    }
    fn members(&self, cluster: u32) -> &[u32] {
        usize::try_from(cluster).ok().and_then(|n| self.members.get(n)).map_or(&[], Vec::as_slice)
    }
    /// The smaller goes into the larger.
    fn join(&mut self, a: u32, b: u32) {
        let (into, from) = if self.members(a).len() >= self.members(b).len() { (a, b) } else { (b, a) };
        let moved = usize::try_from(from)
            .ok()
            .and_then(|n| self.members.get_mut(n))
            .map(std::mem::take)
            .unwrap_or_default();
        for record in &moved {
            if let Some(label) = usize::try_from(*record).ok().and_then(|n| self.label.get_mut(n)) {
                *label = into;
            }
        }
        if let Some(members) = usize::try_from(into).ok().and_then(|n| self.members.get_mut(n)) {
            members.extend(moved);
        }
    }
    /// The first record of each record's cluster.
    fn labels(&self) -> Vec<u32> {
        let first = |cluster: u32| self.members(cluster).iter().min().copied().unwrap_or(cluster);
        self.label.iter().map(|cluster| first(*cluster)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(iin: &str, last: &str, first: &str, middle: &str, birth: &str, phone: &str) -> Record {
        Record {
            iin: iin.into(),
            last: last.into(),
            first: first.into(),
            middle: middle.into(),
            birth: birth.into(),
            phone: phone.into(),
            ..Record::default()
        }
    }

    #[test]
    fn writings_of_one_and_a_family() {
        let records = [
            record("900517400120", "Серікова", "Айгүл", "Болатқызы", "1990-05-17", "87015550123"),
            record("", "Serikova", "Aigul", "", "17.05.1990", "+7 701 555 01 23"),
            record("", "Серикова", "Айгуль", "Болатовна", "1990-05-17", ""),
            // Her sister, with the same telephone.
            record("", "Серікова", "Айнұр", "Болатқызы", "1992-03-01", "87015550123"),
            // Her twin brother.
            record("", "Серіков", "Айдос", "Болатұлы", "1990-05-17", "87015550123"),
            record("", "Ким", "Олег", "", "1985-01-01", ""),
        ];
        let found = resolve(&records);
        assert_eq!(found.clusters, [0, 0, 0, 3, 4, 5]);
        assert_eq!(resolve(&records), found);
    }

    #[test]
    fn nothing_and_blanks() {
        assert_eq!(resolve(&[]).clusters, Vec::<u32>::new());
        assert_eq!(resolve(&[Record::default(), Record::default()]).clusters, [0, 1]);
    }
}
