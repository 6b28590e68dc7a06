//! Seeded chance. Every decision of the simulated country draws from a stream of its own, keyed by what it
//! is about, so that a hold in one place never changes the dice thrown in another: two runs on one seed
//! differ only by what was done in them.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// A stream of dice for one decision.
#[derive(Debug, Clone)]
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// The stream that belongs to `key`.
    #[must_use]
    pub fn keyed(key: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(key))
    }

    /// Any 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `bound`, without bias; 0 where `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        let limit = u64::MAX - u64::MAX % bound;
        loop {
            let x = self.bits();
            if x < limit {
                return x % bound;
            }
        }
    }

    /// A whole number from `low` to `high`, both included; `low` where the range is empty.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        if high <= low {
            return low;
        }
        let span = high.abs_diff(low).saturating_add(1);
        low.saturating_add_unsigned(self.below(span))
    }

    /// True in `permille` of a thousand cases.
    pub fn chance(&mut self, permille: i64) -> bool {
        self.between(1, 1_000) <= permille
    }

    /// One of `items`, `None` where there is none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(items.len()).unwrap_or(0);
        usize::try_from(self.below(count)).ok().and_then(|i| items.get(i))
    }

    /// One of `items` by weight, `None` where all weights are zero.
    pub fn weighted<T: Copy>(&mut self, items: &[(T, i64)]) -> Option<T> {
        let total: i64 = items.iter().map(|(_, w)| (*w).max(0)).sum();
        let mut left = self.between(1, total);
        items
            .iter()
            .find(|(_, w)| {
                left -= (*w).max(0);
                total > 0 && left <= 0
            })
            .map(|(item, _)| *item)
    }

    /// Puts `items` into an order of chance.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = usize::try_from(self.below(u64::try_from(last).unwrap_or(0) + 1)).unwrap_or(0);
            items.swap(last, other);
        }
    }

    /// `count` decimal digits.
    pub fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from_digit(u32::try_from(self.below(10)).unwrap_or(0), 10).unwrap_or('0'))
            .collect()
    }

    /// `N` bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        self.0.fill_bytes(&mut out);
        out
    }
}

/// Mixes a part into a key (splitmix64), so that neighbouring numbers give unrelated streams.
#[must_use]
pub const fn mix(key: u64, part: u64) -> u64 {
    let mut z = key ^ part.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Mixes a word into a key: what the stream is about.
#[must_use]
pub fn about(key: u64, word: &str) -> u64 {
    word.bytes().fold(mix(key, 0xA5), |k, b| mix(k, u64::from(b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn between_stays_between(key: u64, low in -1_000_i64..1_000, span in 0_i64..1_000) {
            let x = Draw::keyed(key).between(low, low + span);
            prop_assert!((low..=low + span).contains(&x));
        }
        #[test]
        fn weighted_never_takes_a_zero(key: u64) {
            prop_assert_eq!(Draw::keyed(key).weighted(&[('a', 0), ('b', 3), ('c', 0)]), Some('b'));
        }
    }

    #[test]
    fn streams_are_repeatable_and_apart() {
        assert_eq!(Draw::keyed(about(1, "x")).bytes::<16>(), Draw::keyed(about(1, "x")).bytes::<16>());
        assert_ne!(Draw::keyed(about(1, "x")).bits(), Draw::keyed(about(1, "y")).bits());
        assert_eq!(Draw::keyed(3).weighted::<u8>(&[(1, 0)]), None);
        assert!(!Draw::keyed(3).chance(0) && Draw::keyed(3).chance(1_000));
    }
}
