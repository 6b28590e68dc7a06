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

/// The distance of two words.
pub(crate) fn distance(a: &str, b: &str, costs: Costs) -> usize {
    let b: Vec<char> = b.chars().collect();
    let (mut before, mut last) = (Vec::new(), vec![0]);
    for c in &b {
        last.push(at(&last, last.len().saturating_sub(1)).saturating_add(costs.gap(*c)));
    }
    let mut former = None;
    for x in a.chars() {
        let mut row = vec![at(&last, 0).saturating_add(costs.gap(x))];
        let mut left: Option<char> = None;
        for (j, y) in b.iter().copied().enumerate() {
            let gone = at(&last, j.saturating_add(1)).saturating_add(costs.gap(x));
            let come = at(&row, j).saturating_add(costs.gap(y));
            let change = at(&last, j).saturating_add(costs.change(x, y));
            let swapped = former == Some(y) && left == Some(x) && x != y;
            let swap = match j.checked_sub(1) {
                Some(two) if swapped => at(&before, two).saturating_add(SLIP),
                _ => usize::MAX / 4,
            };
            row.push(gone.min(come).min(change).min(swap));
            left = Some(y);
        }
        former = Some(x);
        before = std::mem::replace(&mut last, row);
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
}
