//! Who is whose: what people judged goes before everything, then what weighs most.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{RecordId, Verdict};

/// Two records and what they weigh, thousandths of a bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bond {
    /// One.
    pub first: RecordId,
    /// The other.
    pub second: RecordId,
    /// What they weigh.
    pub bits: i64,
}

/// What people said of two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// One.
    pub first: RecordId,
    /// The other.
    pub second: RecordId,
    /// What they said.
    pub verdict: Verdict,
}

/// Who stands apart from whom.
#[derive(Default)]
struct Apart(BTreeMap<RecordId, BTreeSet<RecordId>>);

impl Apart {
    fn put(&mut self, a: RecordId, b: RecordId) {
        self.0.entry(a).or_default().insert(b);
        self.0.entry(b).or_default().insert(a);
    }
}

/// Sets of records that grow together, the smaller into the larger: so each record moves few times.
struct Sets {
    of: BTreeMap<RecordId, usize>,
    members: Vec<Vec<RecordId>>,
}

impl Sets {
    fn place(&self, record: RecordId) -> Option<usize> {
        self.of.get(&record).copied()
    }
    fn size(&self, place: usize) -> usize {
        self.members.get(place).map_or(0, Vec::len)
    }
    /// Whether one of these stands apart from one of those.
    fn apart(&self, here: usize, there: usize, apart: &Apart) -> bool {
        let (few, many) = if self.size(here) <= self.size(there) { (here, there) } else { (there, here) };
        let few = self.members.get(few).into_iter().flatten();
        few.filter_map(|record| apart.0.get(record)).flatten().any(|other| self.place(*other) == Some(many))
    }
    fn join(&mut self, here: usize, there: usize) {
        let (into, from) = if self.size(here) >= self.size(there) { (here, there) } else { (there, here) };
        let moved = self.members.get_mut(from).map(std::mem::take).unwrap_or_default();
        for record in &moved {
            self.of.insert(*record, into);
        }
        if let Some(members) = self.members.get_mut(into) {
            members.extend(moved);
        }
    }
    fn try_join(&mut self, (a, b): (RecordId, RecordId), apart: &Apart) {
        if let (Some(here), Some(there)) = (self.place(a), self.place(b))
            && here != there
            && !self.apart(here, there, apart)
        {
            self.join(here, there);
        }
    }
}

fn ordered(a: RecordId, b: RecordId) -> (RecordId, RecordId) {
    if a < b { (a, b) } else { (b, a) }
}

/// The persons that these records are. People's "same" joins, whatever the machine holds against it; people's "different" keeps
/// apart, whatever the machine says for it; then bonds join, the heaviest first, unless a record of one set contradicts one of the
/// other. Whatever order the facts come in, the persons are the same. As long as there are facts, not as their square.
#[must_use]
pub fn gather(
    records: &BTreeSet<RecordId>,
    said: &[Said],
    bonds: &[Bond],
    against: &[(RecordId, RecordId)],
) -> Vec<BTreeSet<RecordId>> {
    let mut sets = Sets {
        of: records.iter().enumerate().map(|(place, record)| (*record, place)).collect(),
        members: records.iter().map(|record| vec![*record]).collect(),
    };
    let of = |verdict: Verdict| -> BTreeSet<(RecordId, RecordId)> {
        said.iter().filter(|s| s.verdict == verdict).map(|s| ordered(s.first, s.second)).collect()
    };
    let (same, different) = (of(Verdict::Same), of(Verdict::Different));
    let mut apart = Apart::default();
    different.iter().for_each(|(a, b)| apart.put(*a, *b));
    for pair in &same {
        sets.try_join(*pair, &apart);
    }
    // What the machine holds against two records counts only where people have not said that they are one person's.
    let held = against.iter().map(|(a, b)| ordered(*a, *b)).filter(|pair| !same.contains(pair));
    held.for_each(|(a, b)| apart.put(a, b));
    let mut heaviest: Vec<(i64, (RecordId, RecordId))> =
        bonds.iter().map(|b| (b.bits, ordered(b.first, b.second))).collect();
    heaviest.sort_by(|x, y| y.0.cmp(&x.0).then(x.1.cmp(&y.1)));
    for (_, pair) in heaviest {
        sets.try_join(pair, &apart);
    }
    let gathered = sets.members.into_iter().filter(|m| !m.is_empty());
    let mut all: Vec<BTreeSet<RecordId>> = gathered.map(|m| m.into_iter().collect()).collect();
    all.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn id(n: u8) -> RecordId {
        RecordId::from_uuid(Uuid::from_u128(u128::from(n)))
    }
    fn records(count: u8) -> BTreeSet<RecordId> {
        (0..count).map(id).collect()
    }
    fn bond(a: u8, b: u8, bits: i64) -> Bond {
        Bond { first: id(a), second: id(b), bits }
    }
    fn said(a: u8, b: u8, verdict: Verdict) -> Said {
        Said { first: id(a), second: id(b), verdict }
    }
    fn sizes(all: &[BTreeSet<RecordId>]) -> Vec<usize> {
        all.iter().map(BTreeSet::len).collect()
    }

    #[test]
    fn people_go_before_the_machine() {
        let bonds = [bond(0, 1, 20_000), bond(1, 2, 15_000)];
        assert_eq!(sizes(&gather(&records(4), &[], &bonds, &[])), [3, 1]);
        let parted = [said(0, 2, Verdict::Different)];
        let all = gather(&records(4), &parted, &bonds, &[]);
        assert_eq!(all[0], BTreeSet::from([id(0), id(1)]), "the heavier bond stays");
        let joined = [said(0, 3, Verdict::Same)];
        assert_eq!(sizes(&gather(&records(4), &joined, &bonds, &[(id(0), id(3))])), [4]);
        // What contradicts one member stays out.
        assert_eq!(sizes(&gather(&records(4), &[], &bonds, &[(id(2), id(0))])), [2, 1, 1]);
        assert_eq!(sizes(&gather(&records(2), &[said(0, 1, Verdict::Unsure)], &[], &[])), [1, 1]);
    }

    fn pairs() -> impl Strategy<Value = Vec<(u8, u8, i64)>> {
        prop::collection::vec((0_u8..8, 0_u8..8, 10_000_i64..30_000), 0..14)
            .prop_map(|all| all.into_iter().filter(|(a, b, _)| a != b).collect())
    }

    proptest! {
        /// People's word holds whatever the machine says, and the order of facts changes nothing.
        #[test]
        fn a_judgement_holds(bonds in pairs(), contradicts in pairs(), words in pairs(), turn in 0_usize..14) {
            // Of what people say only what they could say: nobody is let contradict what stands.
            let mut all_said: Vec<Said> = Vec::new();
            for (a, b, n) in words {
                let verdict = if n % 2 == 0 { Verdict::Same } else { Verdict::Different };
                let mut with = all_said.clone();
                with.push(said(a, b, verdict));
                let sets = gather(&records(8), &with, &[], &[]);
                let kept = with.iter().all(|s| {
                    let one = sets.iter().any(|set| set.contains(&s.first) && set.contains(&s.second));
                    one == (s.verdict == Verdict::Same)
                });
                if kept { all_said = with; }
            }
            let mut bonds: Vec<Bond> = bonds.into_iter().map(|(a, b, n)| bond(a, b, n)).collect();
            let mut against: Vec<_> = contradicts.into_iter().map(|(a, b, _)| (id(a), id(b))).collect();
            let found = gather(&records(8), &all_said, &bonds, &against);
            for s in &all_said {
                let one = found.iter().any(|set| set.contains(&s.first) && set.contains(&s.second));
                prop_assert_eq!(one, s.verdict == Verdict::Same);
            }
            prop_assert_eq!(found.iter().map(BTreeSet::len).sum::<usize>(), 8);
            let mut turned = all_said.clone();
            if !bonds.is_empty() { let n = turn % bonds.len(); bonds.rotate_left(n); }
            turned.reverse();
            against.reverse();
            prop_assert_eq!(found, gather(&records(8), &turned, &bonds, &against));
        }
    }
}
