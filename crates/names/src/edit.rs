//! How far two words are from one another: Damerau's four slips (optimal string alignment), in quarters of a slip.

use crate::letters::{are_near, is_vowel};

/// A whole slip.
pub(crate) const SLIP: usize = 4;

/// What a slip costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Costs {
    /// Each as much as another: for plain writings.
    Even,
    /// Half for vowels and for signs that are written for one another: for sounds.
    BySound,
}

impl Costs {
    fn change(self, a: char, b: char) -> usize {
        match self {
            _ if a == b => 0,
            Self::BySound if are_near(a, b) => SLIP / 2,
            _ => SLIP,
        }
    }
    const fn gap(self, c: char) -> usize {
        match self {
            Self::BySound if is_vowel(c) || c == 'h' => SLIP / 2,
            _ => SLIP,
        }
    }
}

fn at(row: &[usize], place: usize) -> usize {
    row.get(place).copied().unwrap_or(usize::MAX / 4)
}

/// Beyond every distance.
const FAR: usize = usize::MAX / 4;

/// The distance of two words.
pub(crate) fn distance(a: &str, b: &str, costs: Costs) -> usize {
    distance_up_to(a, b, costs, FAR)
}

/// The distance of two words if it is no more than `most`; else something that is more. Most words that are compared are not alike,
/// which shows after a few letters.
pub(crate) fn distance_up_to(a: &str, b: &str, costs: Costs, most: usize) -> usize {
    let b: Vec<(char, usize)> = b.chars().map(|c| (c, costs.gap(c))).collect();
    let width = b.len().saturating_add(1);
    let (mut before, mut row) = (Vec::with_capacity(width), Vec::with_capacity(width));
    let mut last = Vec::with_capacity(width);
    last.push(0);
    for (_, gap) in &b {
        last.push(at(&last, last.len().saturating_sub(1)).saturating_add(*gap));
    }
    let (mut former, mut least_before) = (None, 0);
    for x in a.chars() {
        let gap = costs.gap(x);
        row.clear();
        let mut come = at(&last, 0).saturating_add(gap);
        row.push(come);
        let (mut left, mut least): (Option<char>, usize) = (None, come);
        for (j, (y, its)) in b.iter().copied().enumerate() {
            let gone = at(&last, j.saturating_add(1)).saturating_add(gap);
            let change = at(&last, j).saturating_add(costs.change(x, y));
            let swapped = former == Some(y) && left == Some(x) && x != y;
            let swap = match j.checked_sub(1) {
                Some(two) if swapped => at(&before, two).saturating_add(SLIP),
                _ => FAR,
            };
            come = gone.min(come.saturating_add(its)).min(change).min(swap);
            row.push(come);
            least = least.min(come);
            left = Some(y);
        }
        // What comes later is reached from this row or, by two letters that changed places, from the one before.
        if least > most && least_before > most {
            return FAR;
        }
        (former, least_before) = (Some(x), least);
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn slips() {
        for (a, b, even, by_sound) in [
            ("", "", 0, 0),
            ("", "ab", 8, 6),
            ("putin", "putin", 0, 0),
            ("putin", "pulin", 4, 4),
            ("putin", "puitn", 4, 2),
            ("tokaev", "tukaev", 4, 2),
            ("sergei", "sergi", 4, 2),
            ("abcd", "badc", 8, 8),
        ] {
            assert_eq!(distance(a, b, Costs::Even), even, "{a} {b}");
            assert!(distance(a, b, Costs::BySound) <= by_sound.max(even), "{a} {b}");
        }
    }

    proptest! {
        /// What a library of others says, where every slip counts as much.
        #[test]
        fn even_slips_are_those_of_others(a in "[a-f]{0,8}", b in "[a-f]{0,8}") {
            prop_assert_eq!(distance(&a, &b, Costs::Even), SLIP * strsim::osa_distance(&a, &b));
        }

        #[test]
        fn symmetric_and_bounded(a in "[a-zC]{0,8}", b in "[a-zC]{0,8}") {
            for costs in [Costs::Even, Costs::BySound] {
                let d = distance(&a, &b, costs);
                prop_assert_eq!(d, distance(&b, &a, costs));
                prop_assert!(d <= SLIP * a.len().max(b.len()) * 2);
                prop_assert_eq!(d == 0, a == b);
            }
        }
    }

    proptest! {
        /// A bound changes nothing of what lies within it.
        #[test]
        fn bounded(a in "[aeikrs]{0,7}", b in "[aeikrs]{0,7}", most in 0_usize..20) {
            for costs in [Costs::Even, Costs::BySound] {
                let (whole, bounded) = (distance(&a, &b, costs), distance_up_to(&a, &b, costs, most));
                let right = if whole <= most { bounded == whole } else { bounded > most };
                prop_assert!(right);
            }
        }
    }
}
