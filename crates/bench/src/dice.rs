//! Draws that are the same in every run of one seed.

/// `SplitMix64`.
#[derive(Debug, Clone)]
pub(crate) struct Dice(pub u64);

impl Dice {
    /// Any number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// A number below `n`; 0 where there is none.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n).unwrap_or(1).max(1)).unwrap_or(0)
    }
    /// A rank of a vocabulary, the low ones far more often: the cube of an even draw.
    pub(crate) fn skewed(&mut self, n: usize) -> usize {
        let part = u128::from(self.next() >> 32);
        let cube = (part * part * part) >> 64;
        usize::try_from((cube * u128::try_from(n).unwrap_or(0)) >> 32).unwrap_or(0).min(n.saturating_sub(1))
    }
}
