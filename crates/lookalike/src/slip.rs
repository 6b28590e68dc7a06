//! Slips between two words: a letter too many, too few, another, or two neighbours that changed places.

use std::collections::BTreeSet;

/// A word, and all that is left of it without up to `most` of its letters.
pub(crate) fn without(word: &str, most: usize) -> BTreeSet<String> {
    let mut all = BTreeSet::from([word.to_owned()]);
    let mut last = all.clone();
    for _ in 0..most {
        last = last.iter().flat_map(|w| without_one(w)).collect();
        all.extend(last.iter().cloned());
    }
    all
}

fn without_one(word: &str) -> impl Iterator<Item = String> {
    word.char_indices().map(move |(at, c)| {
        let (head, tail) = (word.get(..at), word.get(at.saturating_add(c.len_utf8())..));
        [head.unwrap_or_default(), tail.unwrap_or_default()].concat()
    })
}

/// How many slips two words are apart, if no more than `most` (optimal string alignment distance).
pub(crate) fn count(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i.saturating_add(1)];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], no: usize| row.get(no).copied().unwrap_or(usize::MAX);
            let next = j.saturating_add(1);
            let other = at(&above, j).saturating_add(usize::from(x != y));
            let mut best = other.min(at(&above, next).saturating_add(1)).min(at(&row, j).saturating_add(1));
            let swapped = |i: usize, j: usize| a.get(i) == Some(y) && b.get(j) == Some(x);
            if let (Some(i), Some(j)) = (i.checked_sub(1), j.checked_sub(1))
                && swapped(i, j)
            {
                best = best.min(at(&before, j).saturating_add(1));
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().filter(|slips| *slips <= most)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_sort_of_slip() {
        for slipped in ["kapi", "kasspi", "kazpi", "ksapi", "kaspo", "xaspi", "akaspi", "kaspii"] {
            assert_eq!(count("kaspi", slipped, 2), Some(1), "{slipped}");
            assert_eq!(count(slipped, "kaspi", 1), Some(1), "{slipped}");
        }
        for (other, slips) in
            [("kaspi", Some(0)), ("kaseespi", None), ("kasesspi", None), ("aksip", Some(2)), ("", None)]
        {
            assert_eq!(count("kaspi", other, 2), slips, "{other}");
        }
    }

    proptest! {
        /// The index misses nothing: whatever is so many slips apart has something in common without as many letters.
        #[test]
        fn the_index_finds_every_slip(a in "[a-c]{3,8}", b in "[a-c]{3,8}", most in 1_usize..3) {
            if count(&a, &b, most).is_some() {
                prop_assert!(!without(&a, most).is_disjoint(&without(&b, most)), "{a} {b}");
            }
            prop_assert_eq!(count(&a, &b, 8), count(&b, &a, 8));
        }
    }
}
