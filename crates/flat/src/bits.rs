//! A set of numbers as bits, that is emptied by undoing what was set.

/// Bits that remember which words they touched, so that emptying costs what filling cost.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bits {
    words: Vec<u64>,
    touched: Vec<usize>,
}

impl Bits {
    /// Empties the set and makes room for numbers below `len`.
    pub(crate) fn reset(&mut self, len: usize) {
        for word in self.touched.drain(..) {
            if let Some(w) = self.words.get_mut(word) {
                *w = 0;
            }
        }
        let needed = len.div_ceil(64);
        if self.words.len() < needed {
            self.words.resize(needed, 0);
        }
    }

    /// Adds one number; whether it was new.
    pub(crate) fn insert(&mut self, number: usize) -> bool {
        let mask = 1_u64 << (number % 64);
        self.add(number / 64, mask) != 0
    }

    /// Adds every number of `from..to` and calls `fresh` with those that were new, upwards. Whole words that
    /// were seen before are passed over 64 at a time: this is what keeps a hub that a thousand paths lead to
    /// from being read a thousand times.
    pub(crate) fn insert_range(&mut self, from: usize, to: usize, mut fresh: impl FnMut(usize)) {
        let mut start = from;
        while start < to {
            let word = start / 64;
            let end = to.min((word + 1) * 64);
            let low = u64::MAX << (start % 64);
            let high = u64::MAX >> ((64 - end % 64) % 64);
            let mut new = self.add(word, low & high);
            while new != 0 {
                fresh(word * 64 + crate::at(new.trailing_zeros()));
                new &= new - 1;
            }
            start = end;
        }
    }

    /// Sets `mask` in a word; the bits that were not set before.
    fn add(&mut self, word: usize, mask: u64) -> u64 {
        let Some(w) = self.words.get_mut(word) else { return 0 };
        let new = mask & !*w;
        if *w == 0 {
            self.touched.push(word);
        }
        *w |= mask;
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn is_a_set(ranges in prop::collection::vec((0_usize..300, 0_usize..150), 0..20), again in any::<bool>()) {
            let mut bits = Bits::default();
            bits.reset(450);
            if again {
                bits.insert_range(0, 450, |_| ());
                bits.reset(450);
            }
            let mut model = BTreeSet::new();
            for (from, len) in ranges {
                let mut fresh = Vec::new();
                bits.insert_range(from, from + len, |n| fresh.push(n));
                let expected: Vec<usize> = (from..from + len).filter(|n| model.insert(*n)).collect();
                prop_assert_eq!(fresh, expected);
                prop_assert_eq!(bits.insert(from), model.insert(from));
            }
        }
    }

    #[test]
    fn beyond_the_room_nothing_is_kept() {
        let mut bits = Bits::default();
        bits.reset(10);
        assert!(!bits.insert(1_000));
    }
}
