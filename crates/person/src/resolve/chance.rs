//! How often two persons' records agree, seen by looking at records drawn by chance.
#![expect(clippy::float_arithmetic, reason = "counts become shares")]

use super::levels::{Compared, LEVELS, Levels};
use super::model::{GUESS_OF_TWO, shares};
use super::parallel;
use super::record::Prepared;

/// Pairs of records that are drawn.
const DRAWN: u64 = 100_000;

/// How often records of two persons agree: pairs drawn evenly over all, always the same ones.
pub(super) fn by_chance(records: &[Prepared], of_two: &[[f64; 4]; 7]) -> [[f64; LEVELS]; 7] {
    let drawn = drawn(records.len());
    let counted = parallel::parts(&drawn, |_, some| {
        let mut known = Compared::default();
        let mut counts = [[0_u32; LEVELS]; 7];
        for (i, j) in some {
            let (Some(a), Some(b)) = (records.get(*i), records.get(*j)) else { continue };
            for (counts, level) in counts.iter_mut().zip(Levels::among(a, b, &mut known).0) {
                if let Some(count) = counts.get_mut(usize::from(level)) {
                    *count = count.saturating_add(1);
                }
            }
        }
        counts
    });
    let mut counts = [[0.0; LEVELS]; 7];
    for part in counted {
        for (count, more) in counts.as_flattened_mut().iter_mut().zip(part.as_flattened()) {
            *count += f64::from(*more);
        }
    }
    let mut all = [[0.0; LEVELS]; 7];
    for (all, (counts, guess)) in all.iter_mut().zip(counts.into_iter().zip(of_two)) {
        *all = shares(counts, *guess, GUESS_OF_TWO);
    }
    all
}

/// Places of records that are looked at by twos, evenly over all, always the same ones.
fn drawn(records: usize) -> Vec<(usize, usize)> {
    let count = u64::try_from(records).unwrap_or(u64::MAX);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut draw = || {
        // SplitMix64 (Steele, Lea and Flood 2014).
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)).checked_rem(count).unwrap_or(0)).unwrap_or(0)
    };
    let all = count.saturating_mul(count.saturating_sub(1)) / 2;
    (0..DRAWN.min(all / 4)).map(|_| (draw(), draw())).filter(|(i, j)| i != j).collect()
}
