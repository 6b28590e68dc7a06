//! Records in memory, by what they are found by: one person against a million.

use super::block::{MOST, each_key, each_narrow_key, hash};
use super::levels::{Compared, Levels};
use super::model::{Model, Weight};
use super::parallel;
use super::record::{Prepared, Reader, Record};

/// Most records that one is weighed against: those that share most keys with it.
const MOST_WEIGHED: usize = 200;

/// Records in memory.
#[derive(Debug)]
pub struct Index {
    records: Vec<Prepared>,
    /// Keys with the places of their records, sorted.
    keys: Vec<(u64, u32)>,
    model: Model,
}

/// What was found of one person.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Nearest {
    /// Places of records with what they weigh, the likeliest first.
    pub found: Vec<(u32, Weight)>,
    /// How many keys were passed over, because too many share them.
    pub cut: usize,
}

fn keys_of(record: &Prepared, mut take: impl FnMut(u64)) {
    each_key(record, |kind, words| take(hash(kind, words)));
    each_narrow_key(record, |kind, words| take(hash(kind, words)));
}

impl Index {
    /// Puts records into memory, to be weighed by these weights.
    #[must_use]
    pub fn new(records: &[Record], model: Model) -> Self {
        let made = parallel::parts(records, |begin, some| {
            let mut reader = Reader::default();
            let prepared: Vec<Prepared> = some.iter().map(|record| record.read(&mut reader)).collect();
            let mut keys: Vec<(u64, u32)> = Vec::new();
            for (place, record) in (begin..).zip(&prepared) {
                keys_of(record, |key| keys.push((key, place)));
            }
            (prepared, keys)
        });
        let (mut all, mut keys) = (Vec::with_capacity(records.len()), Vec::new());
        for (prepared, some) in made {
            all.extend(prepared);
            keys.extend(some);
        }
        keys.sort_unstable();
        Self { records: all, keys, model }
    }

    /// Records that weigh at least so many bits beside one, the likeliest first.
    #[must_use]
    pub fn near(&self, record: &Record, least: f64) -> Nearest {
        let asked = record.prepare();
        let mut nearest = Nearest::default();
        let mut places: Vec<u32> = Vec::new();
        keys_of(&asked, |key| {
            let begin = self.keys.partition_point(|(k, _)| *k < key);
            let group = self.keys.get(begin..).unwrap_or_default().iter().take_while(|(k, _)| *k == key);
            let group: Vec<u32> = group.take(MOST.saturating_add(1)).map(|(_, place)| *place).collect();
            if group.len() > MOST {
                nearest.cut = nearest.cut.saturating_add(1)
            } else {
                places.extend(group)
            }
        });
        places.sort_unstable();
        let mut shared: Vec<(usize, u32)> =
            places.chunk_by(|a, b| a == b).filter_map(|g| Some((g.len(), *g.first()?))).collect();
        shared.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut known = Compared::default();
        for (_, place) in shared.into_iter().take(MOST_WEIGHED) {
            let Some(there) = usize::try_from(place).ok().and_then(|at| self.records.get(at)) else {
                continue;
            };
            let levels = Levels::among(&asked, there, &mut known);
            let weight = self.model.weigh_levels(levels, &asked, there);
            if weight.bits >= least {
                nearest.found.push((place, weight));
            }
        }
        nearest.found.sort_by(|a, b| b.1.bits.total_cmp(&a.1.bits).then(a.0.cmp(&b.0)));
        nearest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_among_many() {
        let record = |last: &str, first: &str, birth: &str| Record {
            last: last.into(),
            first: first.into(),
            birth: birth.into(),
            ..Record::default()
        };
        let mut all: Vec<Record> = (0..1_000)
            .map(|n| record(&format!("Бөтен{n}"), "Үлгі", &format!("{}-02-03", 1950 + n % 50)))
            .collect();
        all.push(record("Серікова", "Айгүл", "1990-05-17"));
        // So many bear one name that the name alone finds nobody; with the year it does.
        all.extend(
            (0..900).map(|n| record("Ахметов", "Болат", &format!("{}-{:02}-11", 1960 + n % 45, 1 + n % 12))),
        );
        all.push(record("Ахметов", "Болат", "2001-01-30"));
        let index = Index::new(&all, Model::usual());
        let near = index.near(&record("Serikova", "Aigul", "17.05.1990"), 0.0);
        assert_eq!(near.found.first().map(|(place, _)| *place), Some(1_000));
        let near = index.near(&record("Akhmetov", "Bolat", "30.01.2001"), 0.0);
        assert_eq!(near.found.first().map(|(place, _)| *place), Some(1_901));
        assert!(near.cut > 0, "and it is said that not all of the name were compared");
        assert!(index.near(&record("Ешкім", "Емес", ""), 0.0).found.is_empty());
    }
}
