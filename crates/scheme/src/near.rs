//! Stories that are nearly the same: MinHash (Broder 1997) over rows of three words, bands to find pairs, and the rows themselves to
//! make sure.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher as _};

use crate::words::words;

/// Hashes of a story, in bands of [`ROWS`].
const BANDS: usize = 20;
const ROWS: usize = 3;
/// Words in a row.
const ROW: usize = 3;
/// So many per cent of all rows of two stories are the same where they are nearly the same.
pub(crate) const ALIKE: usize = 45;
/// Shorter stories have too few rows to be alike by anything but chance.
const SHORTEST: usize = 5;

/// A story's rows of words, hashed.
pub(crate) fn rows(story: &str) -> BTreeSet<u64> {
    let mut all = words(story);
    // Numbers and sums differ from victim to victim, and are compared as what they are.
    all.retain(|word| !word.bytes().all(|b| b.is_ascii_digit()));
    if all.len() < SHORTEST {
        return BTreeSet::new();
    }
    all.windows(ROW).map(hash).collect()
}

fn hash(value: impl std::hash::Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// One key for each band: stories with a key in common are looked at.
pub(crate) fn bands(rows: &BTreeSet<u64>) -> Vec<u64> {
    if rows.is_empty() {
        return Vec::new();
    }
    (0..BANDS)
        .map(|band| {
            let least: Vec<u64> = (0..ROWS)
                .map(|row| {
                    let seed = hash((band, row));
                    rows.iter().map(|r| mixed(r ^ seed)).min().unwrap_or(0)
                })
                .collect();
            hash((band, least))
        })
        .collect()
}

/// SplitMix64's finish: another order of the same hashes for every seed.
const fn mixed(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// How alike two stories are, per cent: rows in common of all rows.
pub(crate) fn alike(a: &BTreeSet<u64>, b: &BTreeSet<u64>) -> usize {
    let common = a.intersection(b).count();
    let all = a.len().saturating_add(b.len()).saturating_sub(common);
    common.saturating_mul(100).checked_div(all).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearly_the_same_and_not() {
        let a = "Мне позвонил мужчина и сказал что он сотрудник банка и надо перевести все деньги на безопасный счёт прямо сейчас";
        let b = "Мне позвонил мужчина и сказал, что он сотрудник банка и надо перевести все деньги на безопасный счёт срочно сейчас";
        let c = "Купила на сайте кроссовки, оплатила, продавец перестал отвечать и удалил страницу";
        let (a, b, c) = (rows(a), rows(b), rows(c));
        assert!(alike(&a, &b) >= ALIKE && alike(&a, &c) < 5);
        let meet = |x: &BTreeSet<u64>, y: &BTreeSet<u64>| bands(x).iter().any(|k| bands(y).contains(k));
        assert!(meet(&a, &b) && !meet(&a, &c));
        assert_eq!(rows("три слова всего"), BTreeSet::new());
    }
}
