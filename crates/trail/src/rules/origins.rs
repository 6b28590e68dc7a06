//! Of how many reporters there is money in each sum: counted, however many there are, without a set for each sum.
//!
//! A sum is a reporter's own or is made of parts of sums before it. A set for each would be the square of the reporters; so the reporters are
//! gone through so many at a time, and each time one pass over all sums tells in which of them there is money of whom.

/// Reporters of one pass.
const AT_ONCE: usize = 512;
const BITS: usize = 64;
/// Whose money of one pass is in a sum: a bit for each reporter.
type Mask = [u64; AT_ONCE / BITS];

/// Parts that are kept of all sums together: first in, first out makes about as many as there are movements. Of sums that come after as many as
/// this the first part alone is kept.
const MOST: usize = 1 << 20;

/// Whose money each sum is.
#[derive(Debug)]
pub(super) struct Origins {
    /// By sum: the reporter whose own it is, and where its parts end.
    sums: Vec<(Option<usize>, usize)>,
    /// Parts of all sums, one after the other: sums before each.
    parts: Vec<u32>,
    reporters: usize,
}

impl Origins {
    /// No sums yet.
    pub(super) const fn new() -> Self {
        Self { sums: Vec::new(), parts: Vec::new(), reporters: 0 }
    }

    /// The next sum is a reporter's own.
    pub(super) fn of(&mut self, reporter: usize) {
        self.reporters = self.reporters.max(reporter.saturating_add(1));
        self.sums.push((Some(reporter), self.parts.len()));
    }

    /// The next sum is made of parts of sums before it.
    pub(super) fn made(&mut self, of: impl IntoIterator<Item = usize>) {
        let most = MOST.saturating_sub(self.parts.len()).max(1);
        let before = self.sums.len();
        let known = of.into_iter().filter(|part| *part < before);
        self.parts.extend(known.filter_map(|part| u32::try_from(part).ok()).take(most));
        self.sums.push((None, self.parts.len()));
    }

    /// How many reporters there are in each sum, and in each of `places`: the sums of `at` that lie there together.
    pub(super) fn count(&self, at: &[Option<usize>], places: usize) -> (Vec<usize>, Vec<usize>) {
        let (mut of_sum, mut of_place) = (vec![0; self.sums.len()], vec![0; places]);
        for first in (0..self.reporters).step_by(AT_ONCE) {
            let mut masks: Vec<Mask> = Vec::with_capacity(self.sums.len());
            let mut there = vec![Mask::default(); places];
            let mut begins = 0;
            for (sum, (own, ends)) in self.sums.iter().enumerate() {
                let mut mask = own.map(|reporter| bit(reporter, first)).unwrap_or_default();
                for part in self.parts.get(begins..*ends).unwrap_or_default() {
                    if let Some(known) = usize::try_from(*part).ok().and_then(|part| masks.get(part)) {
                        add(&mut mask, known);
                    }
                }
                begins = *ends;
                if let Some(place) = at.get(sum).copied().flatten().and_then(|place| there.get_mut(place)) {
                    add(place, &mask);
                }
                masks.push(mask);
            }
            of_sum.iter_mut().zip(&masks).for_each(|(count, mask)| *count += ones(mask));
            of_place.iter_mut().zip(&there).for_each(|(count, mask)| *count += ones(mask));
        }
        (of_sum, of_place)
    }
}

/// The bit of a reporter in the pass that begins with `first`; none in any other.
fn bit(reporter: usize, first: usize) -> Mask {
    let mut mask = Mask::default();
    if let Some(place) = reporter.checked_sub(first)
        && let Some(word) = mask.get_mut(place / BITS)
    {
        *word = 1 << (place % BITS);
    }
    mask
}

fn add(mask: &mut Mask, other: &Mask) {
    mask.iter_mut().zip(other).for_each(|(word, more)| *word |= more);
}

fn ones(mask: &Mask) -> usize {
    mask.iter().map(|word| word.count_ones()).sum::<u32>().try_into().unwrap_or(AT_ONCE)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Against plain sets: sums of many reporters, made of whatever came before.
        #[test]
        fn counted_as_sets_count(
            sums in prop::collection::vec((0_usize..1_400, prop::collection::vec(0_usize..400, 0..9), 0_usize..5), 1..400)
        ) {
            let (mut origins, mut sets) = (Origins::new(), Vec::<BTreeSet<usize>>::new());
            let (mut at, mut there) = (Vec::new(), vec![BTreeSet::new(); 4]);
            for (reporter, parts, place) in sums {
                let parts: Vec<usize> = parts.into_iter().filter(|part| *part < sets.len()).collect();
                let set: BTreeSet<usize> = if parts.is_empty() {
                    origins.of(reporter);
                    BTreeSet::from([reporter])
                } else {
                    origins.made(parts.iter().copied());
                    parts.iter().flat_map(|part| sets[*part].clone()).collect()
                };
                if let Some(place) = there.get_mut(place) {
                    place.extend(set.iter().copied());
                }
                at.push((place < there.len()).then_some(place));
                sets.push(set);
            }
            let count = |sets: &[BTreeSet<usize>]| sets.iter().map(BTreeSet::len).collect::<Vec<_>>();
            prop_assert_eq!(origins.count(&at, 4), (count(&sets), count(&there)));
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut origins = Origins::new();
        for reporter in 0..1_100 {
            origins.of(reporter);
        }
        for _ in 0..1_000 {
            origins.made(0..1_100);
        }
        assert!(origins.parts.len() <= MOST + 1_000, "{}", origins.parts.len());
        let (of_sum, _) = origins.count(&[], 0);
        assert_eq!((of_sum[1_100], of_sum.last()), (1_100, Some(&1)));
    }
}
