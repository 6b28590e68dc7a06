//! Stories that are nearly the same: MinHash (Broder 1997) over rows of three words, bands to find pairs, and the rows themselves to
//! make sure.
//!
//! Rows are kept beside reports, so they are hashed under a key: whoever steals the tables must not find out, by trying sentences, what
//! was told. The hash is `SipHash-1-3`, whose values are the same on every machine and with every compiler.

use std::hash::{Hash as _, Hasher as _};

use siphasher::sip::SipHasher13;

use crate::words::words;

/// Bands of a story, each of so many least hashes.
pub const BANDS: usize = 20;
const ROWS: usize = 3;

/// What counts as nearly the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aim {
    /// Words in a row: the fewer, the more stories are alike by chance.
    pub row: usize,
    /// So many per cent of all rows of two stories are the same.
    pub alike: usize,
}

impl Aim {
    /// What the desk joins reports by; rows that are kept are made so.
    pub const DESK: Self = Self { row: 3, alike: 45 };
}
/// Shorter stories have too few rows to be alike by anything but chance.
const SHORTEST: usize = 5;
/// Rows of a story that are kept, the least first: of a long one a fair sample.
const MOST_ROWS: usize = 2_000;

/// Under what rows are hashed.
#[derive(Clone, Copy)]
pub struct Key(pub(crate) u64, pub(crate) u64);

impl Key {
    /// A key of sixteen bytes that nobody outside knows.
    #[must_use]
    pub fn new(bytes: [u8; 16]) -> Self {
        let [a, b, c, d, e, f, g, h, rest @ ..] = bytes;
        Self(u64::from_le_bytes([a, b, c, d, e, f, g, h]), u64::from_le_bytes(rest))
    }

    /// For stories that are in hand anyhow.
    pub(crate) const OPEN: Self = Self(0, 0);
}

/// A story's rows of words, hashed, each once and in order.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Rows(Vec<u64>);

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rows({})", self.0.len())
    }
}

impl Rows {
    /// The rows of a story as they are kept; none where it is too short.
    #[must_use]
    pub fn of(story: &str, key: Key) -> Self {
        Self::in_rows(story, key, Aim::DESK.row)
    }

    /// The same in rows of `row` words.
    #[must_use]
    pub fn in_rows(story: &str, key: Key, row: usize) -> Self {
        let mut all = words(story);
        // Numbers and sums differ from victim to victim, and are compared as what they are.
        all.retain(|word| !word.bytes().all(|b| b.is_ascii_digit()));
        if all.len() < SHORTEST {
            return Self::default();
        }
        let mut rows: Vec<u64> = all.windows(row.max(1)).map(|row| hashed(key, row)).collect();
        rows.sort_unstable();
        rows.dedup();
        rows.truncate(MOST_ROWS);
        Self(rows)
    }

    /// Whether there is nothing to compare.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As kept: eight bytes a row.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|row| row.to_le_bytes()).collect()
    }

    /// Reads [`Rows::to_bytes`]; what is left over is left out.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let (rows, _) = bytes.as_chunks::<8>();
        Self(rows.iter().map(|row| u64::from_le_bytes(*row)).collect())
    }

    /// One key for each band: stories with a key in common are looked at.
    #[must_use]
    pub fn bands(&self) -> Vec<u64> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let band = |band: u64| {
            let least = |row: u64| {
                let seed = mixed(band.wrapping_mul(31).wrapping_add(row).wrapping_add(1));
                self.0.iter().map(|r| mixed(r ^ seed)).min().unwrap_or(0)
            };
            (0..).take(ROWS).fold(mixed(!band), |sum, row| mixed(sum ^ least(row)))
        };
        (0..).take(BANDS).map(band).collect()
    }

    /// How alike two stories are, per cent: rows in common of all rows.
    #[must_use]
    pub fn alike(&self, other: &Self) -> usize {
        let (mut here, mut there, mut common) =
            (self.0.iter().peekable(), other.0.iter().peekable(), 0_usize);
        while let (Some(a), Some(b)) = (here.peek(), there.peek()) {
            let order = a.cmp(b);
            common = common.saturating_add(usize::from(order.is_eq()));
            if order.is_le() {
                here.next();
            }
            if order.is_ge() {
                there.next();
            }
        }
        let all = self.0.len().saturating_add(other.0.len()).saturating_sub(common);
        common.saturating_mul(100).checked_div(all).unwrap_or(0)
    }
}

fn hashed(key: Key, row: &[String]) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(key.0, key.1);
    for word in row {
        word.hash(&mut hasher);
    }
    hasher.finish()
}

/// A permutation of all 64-bit numbers (the finish of `MurmurHash3`, as in `SplitMix64`): another order of the same rows for every seed.
const fn mixed(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(story: &str) -> Rows {
        Rows::of(story, Key::OPEN)
    }

    #[test]
    fn nearly_the_same_and_not() {
        let a = "Мне позвонил мужчина и сказал что он сотрудник банка и надо перевести все деньги на безопасный счёт прямо сейчас";
        let b = "Мне позвонил мужчина и сказал, что он сотрудник банка и надо перевести все деньги на безопасный счёт срочно сейчас";
        let c = "Купила на сайте кроссовки, оплатила, продавец перестал отвечать и удалил страницу";
        let (a, b, c) = (rows(a), rows(b), rows(c));
        assert!(a.alike(&b) >= Aim::DESK.alike && a.alike(&c) < 5);
        assert_eq!((a.alike(&a), a.alike(&b)), (100, b.alike(&a)));
        let meet = |x: &Rows, y: &Rows| x.bands().iter().any(|k| y.bands().contains(k));
        assert!(meet(&a, &b) && !meet(&a, &c));
        assert!(rows("три слова всего").is_empty() && rows("").bands().is_empty());
        assert_eq!(Rows::from_bytes(&a.to_bytes()), a);
    }

    /// Kept rows are compared with those of a later version of the program: their values never change.
    #[test]
    fn the_same_for_ever() {
        let kept = rows("сотрудник банка просил перевести деньги на безопасный счёт");
        assert_eq!(kept.0.len(), 6);
        let other = Rows::of("сотрудник банка просил перевести деньги на безопасный счёт", Key::new([7; 16]));
        assert_eq!(kept.alike(&other), 0, "another key, other rows");
        insta::assert_debug_snapshot!((kept.0.first(), kept.bands().first()));
    }
}
