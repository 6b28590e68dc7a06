//! A flat table of gists by the hash of their entries: open addressing in the order of the hash, so that a look-up ends at
//! the first larger one, in a quarter of a thousand shards with a lock each. Nothing is stored of a thing but eight bytes of
//! its keyed hash and twelve of its gist; two things among ten million share a hash with odds of one in four hundred thousand.

use std::sync::{PoisonError, RwLock};

use uuid::Uuid;

use crate::rules::Gist;

/// Shards, by the first byte of the hash.
const SHARDS: usize = 256;
/// Slots of an empty shard.
const SMALLEST: usize = 8;
/// A shard grows by a tenth when nine of ten slots are taken: between 22.2 and 24.5 bytes an entry.
const FULL: (usize, usize) = (9, 10);

/// The hash under which an entry stands; never 0, which marks an empty slot.
#[must_use]
pub fn hash(entry: Uuid) -> u64 {
    let b = entry.as_bytes();
    // Bytes 6 and 8 hold the version and the variant.
    u64::from_be_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[9], b[10]]).max(1)
}

#[derive(Debug, Default)]
struct Shard {
    keys: Vec<u64>,
    values: Vec<[u32; 3]>,
    /// Slots that are anybody's home: the rest is room for those at the end who are pushed on.
    homes: usize,
    taken: usize,
}

/// Gists by hash.
#[derive(Debug)]
pub struct Table {
    shards: Vec<RwLock<Shard>>,
}

impl Default for Table {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| RwLock::default()).collect() }
    }
}

impl Table {
    fn shard(&self, hash: u64) -> Option<&RwLock<Shard>> {
        self.shards.get(usize::from(hash.to_be_bytes()[0]))
    }

    /// The gist of a thing, if it has an entry.
    #[must_use]
    pub fn get(&self, hash: u64) -> Option<Gist> {
        let shard = self.shard(hash)?.read().unwrap_or_else(PoisonError::into_inner);
        shard.find(hash).ok().and_then(|at| shard.values.get(at)).map(|packed| Gist::unpacked(*packed))
    }

    /// Keeps the gist of a thing, or forgets it.
    pub fn set(&self, hash: u64, gist: Option<Gist>) {
        let Some(shard) = self.shard(hash) else { return };
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        match gist {
            Some(gist) => shard.put(hash, gist.packed()),
            None => shard.remove(hash),
        }
    }

    /// Forgets everything, and makes room for so many: entries that come in the order of their hashes would otherwise crowd at
    /// the end of a small shard.
    pub fn clear(&self, expected: usize) {
        let each = expected.div_ceil(SHARDS);
        let size = if each == 0 { 0 } else { (each + each / 50) * FULL.1 / FULL.0 + SMALLEST };
        for shard in &self.shards {
            *shard.write().unwrap_or_else(PoisonError::into_inner) = Shard::of_size(size);
        }
    }

    /// How many entries there are, and how many bytes they take.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        self.shards.iter().fold((0, 0), |(entries, bytes), shard| {
            let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
            (entries + shard.taken, bytes + shard.keys.capacity() * 8 + shard.values.capacity() * 12)
        })
    }
}

impl Shard {
    fn of_size(size: usize) -> Self {
        Self { keys: vec![0; size], values: vec![[0; 3]; size], homes: size - size / 16, taken: 0 }
    }

    /// Where a hash would stand if nothing else did: slots follow the order of hashes.
    fn home(&self, hash: u64) -> usize {
        // The first byte chose the shard.
        let rest = u128::from(hash << 8);
        let homes = u128::try_from(self.homes).unwrap_or(0);
        usize::try_from((rest * homes) >> 64).unwrap_or(0)
    }

    /// The slot of a hash, or the one where it belongs.
    fn find(&self, hash: u64) -> Result<usize, usize> {
        let mut at = self.home(hash);
        while let Some(&key) = self.keys.get(at) {
            match key {
                0 => return Err(at),
                key if key == hash => return Ok(at),
                key if key > hash => return Err(at),
                _ => at += 1,
            }
        }
        Err(at)
    }

    fn put(&mut self, hash: u64, value: [u32; 3]) {
        match self.find(hash) {
            Ok(at) => {
                if let Some(slot) = self.values.get_mut(at) {
                    *slot = value;
                }
            }
            Err(at) => {
                let room = self.taken * FULL.1 < self.keys.len() * FULL.0;
                let empty = self.keys.iter().skip(at).position(|key| *key == 0).map(|more| at + more);
                match empty.filter(|_| room) {
                    Some(empty) => {
                        self.keys.copy_within(at..empty, at + 1);
                        self.values.copy_within(at..empty, at + 1);
                        if let (Some(key), Some(slot)) = (self.keys.get_mut(at), self.values.get_mut(at)) {
                            (*key, *slot) = (hash, value);
                        }
                        self.taken += 1;
                    }
                    None => {
                        self.grow();
                        self.put(hash, value);
                    }
                }
            }
        }
    }

    /// Takes a hash out, and moves back whatever was pushed on by it.
    fn remove(&mut self, hash: u64) {
        let Ok(mut at) = self.find(hash) else { return };
        loop {
            let next = at + 1;
            match self.keys.get(next).copied().filter(|key| *key != 0 && self.home(*key) < next) {
                Some(key) => {
                    let value = self.values.get(next).copied().unwrap_or_default();
                    if let (Some(k), Some(v)) = (self.keys.get_mut(at), self.values.get_mut(at)) {
                        (*k, *v) = (key, value);
                    }
                    at = next;
                }
                None => {
                    if let Some(key) = self.keys.get_mut(at) {
                        *key = 0;
                    }
                    self.taken -= 1;
                    return;
                }
            }
        }
    }

    fn grow(&mut self) {
        let size = (self.keys.len() + self.keys.len() / 10 + 1).max(SMALLEST);
        let old = std::mem::replace(self, Self { taken: self.taken, ..Self::of_size(size) });
        // In their order each goes to its home, or to the slot after the one before it.
        let mut free = 0;
        for (key, value) in old.keys.into_iter().zip(old.values).filter(|(key, _)| *key != 0) {
            let at = self.home(key).max(free);
            if at >= self.keys.len() {
                self.keys.push(key);
                self.values.push(value);
            } else if let (Some(k), Some(v)) = (self.keys.get_mut(at), self.values.get_mut(at)) {
                (*k, *v) = (key, value);
            }
            free = at + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::model::Decided;

    fn gist(no: u32) -> Gist {
        Gist { until: no, ..Gist::unpacked([0, no, 0]) }
    }

    proptest! {
        /// Whatever is put, changed and forgotten in whatever order, the table knows what a map knows. Hashes are few and lie
        /// close together, so that they push one another on.
        #[test]
        fn knows_what_a_map_knows(acts in prop::collection::vec((0_u64..400, any::<bool>(), any::<u32>()), 0..900)) {
            let (table, mut map) = (Table::default(), BTreeMap::new());
            for (hash, keeps, no) in acts {
                // Three shards; in each the hashes lie in three heaps, one of them at the very end.
                let heap = [0, u64::MAX >> 9, (u64::MAX >> 8) - 200].get(usize::try_from(hash % 3).unwrap()).copied().unwrap();
                let hash = ((hash % 7 % 3) << 56 | (heap + hash / 3)).max(1);
                table.set(hash, keeps.then(|| gist(no)));
                if keeps { map.insert(hash, gist(no)); } else { map.remove(&hash); }
            }
            prop_assert_eq!(table.size().0, map.len());
            for (hash, gist) in &map {
                prop_assert_eq!(table.get(*hash), Some(*gist));
            }
            for hash in (1..500_u64).chain((u64::MAX >> 8) - 300..(u64::MAX >> 8)) {
                prop_assert_eq!(table.get(hash), map.get(&hash).copied());
            }
        }
    }

    /// Bug: a load in the order of the hashes walked over everything that was there for each entry.
    #[test]
    fn what_comes_in_order_stays_near_its_home() {
        let table = Table::default();
        table.clear(100_000);
        for no in 0..100_000_u64 {
            table.set((no * (u64::MAX / 100_000)).max(1), Some(gist(1)));
        }
        let shard = table.shards[7].read().unwrap();
        let far = shard.keys.iter().enumerate().filter(|(_, key)| **key != 0);
        let far = far.map(|(at, key)| at - shard.home(*key)).max().unwrap();
        assert!(far < 64, "{far} slots from home");
        drop(shard);
        assert_eq!(table.size().0, 100_000);
        table.clear(0);
        assert_eq!((table.size().0, table.get(1)), (0, None));
    }

    #[test]
    fn ten_million_would_take_less_than_twenty_five_bytes_each() {
        let table = Table::default();
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state ^ (state >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9).max(1)
        };
        let mut worst = 0;
        for no in 1..=300_000_u32 {
            table.set(next(), Some(Gist { decided: Decided::Suspect, ..gist(no) }));
            if no % 10_000 == 0 && no > 50_000 {
                let (entries, bytes) = table.size();
                worst = worst.max(bytes * 100 / entries);
            }
        }
        assert!(worst < 2_500, "{worst} hundredths of a byte");
    }
}
