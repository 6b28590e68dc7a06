//! Which pairs are looked at: those that have something in common by which one person's records are found, however they are written.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use names::Word;
use names::letters::coarse;

use super::parallel;
use super::record::Prepared;

/// Most records that a key may bring together: beyond it, it says nothing.
pub(crate) const MOST: usize = 400;
/// The same where all records are looked at at once: larger groups add pairs by the square, and next to no person.
const MOST_AT_ONCE: usize = 40;

/// Most words of an address that are keys beside a name.
const MOST_PLACES: usize = 4;

/// A key as a number.
pub(super) fn hash(kind: u8, parts: &[&str]) -> u64 {
    let mut hash = DefaultHasher::new();
    kind.hash(&mut hash);
    parts.hash(&mut hash);
    hash.finish()
}

fn begin(text: &str, letters: usize) -> &str {
    text.get(..letters).unwrap_or(text)
}

/// The keys of a record, each as its kind and what it is made of. Whoever keeps them in a table hides them behind a keyed hash first.
pub(crate) fn each_key(record: &Prepared, mut take: impl FnMut(u8, &[&str])) {
    let heard =
        |word: &Option<Arc<Word>>| word.as_ref().filter(|w| !w.is_initial()).map(|w| coarse(&w.sound));
    let (last, first, middle) = (heard(&record.last), heard(&record.first), heard(&record.middle));
    let birth = record.birth.map(|(y, m, d)| format!("{y}-{m}-{d}"));
    if let Some(iin) = &record.iin {
        // A slip in any place leaves one of the three.
        let end = iin.get(iin.len().saturating_sub(8)..).unwrap_or(iin);
        let both = format!("{}{}", begin(iin, 4), iin.get(iin.len().saturating_sub(4)..).unwrap_or_default());
        take(1, &[iin]);
        take(2, &[begin(iin, 8)]);
        take(3, &[end]);
        take(10, &[&both]);
    }
    if let Some(phone) = &record.phone {
        take(4, &[phone]);
    }
    if let (Some(last), Some(first)) = (&last, &first) {
        // In whichever order they stand.
        let (a, b) = if last < first { (last, first) } else { (first, last) };
        take(5, &[a, b]);
        if let Some(middle) = &middle {
            take(11, &[a, b, begin(middle, 3)]);
            // The first letter of the family's name is as often wrong as any.
            take(12, &[last.get(1..).unwrap_or_default(), first, begin(middle, 3)]);
        }
        if let Some((year, ..)) = record.birth {
            let (a, b) = (begin(last, 2), begin(first, 2));
            let (a, b) = if a < b { (a, b) } else { (b, a) };
            take(6, &[&year.to_string(), a, b]);
        }
    }
    if let Some(birth) = &birth {
        for name in [&last, &first].into_iter().flatten() {
            take(7, &[birth, begin(name, 3)]);
        }
    }
    if let (Some(first), Some(middle)) = (&first, &middle) {
        let father = middle.trim_end_matches(['l', 'S', 's', 'k', 'f', 'n']);
        let year = record.birth.map(|(y, ..)| y.to_string()).unwrap_or_default();
        take(8, &[first, begin(father, 3), &year]);
        take(13, &[first, father]);
    }
    // One word of an address is a town's.
    if let (Some(first), [_, _, ..]) = (&first, record.address.as_slice()) {
        take(9, &[&record.address.join(" "), begin(first, 2)]);
    }
}

/// Narrower keys, for tables that grow: a whole name that many bear, with what tells its bearers apart. Where all records are looked at at
/// once they would add no pair that other keys do not have.
pub(crate) fn each_narrow_key(record: &Prepared, mut take: impl FnMut(u8, &[&str])) {
    let heard =
        |word: &Option<Arc<Word>>| word.as_ref().filter(|w| !w.is_initial()).map(|w| coarse(&w.sound));
    let (Some(last), Some(first)) = (heard(&record.last), heard(&record.first)) else { return };
    let (a, b) = if last < first { (&last, &first) } else { (&first, &last) };
    if let Some((year, month, day)) = record.birth {
        take(14, &[a, b, &year.to_string()]);
        take(18, &[a, b, &format!("{year}-{month}-{day}")]);
    }
    if let Some(middle) = heard(&record.middle) {
        take(15, &[a, b, &middle]);
    }
    let places = record.address.iter().filter(|w| !w.bytes().all(|b| b.is_ascii_digit()));
    places.take(MOST_PLACES).for_each(|place| take(16, &[a, b, place]));
}

/// Keys of records with their places, sorted, in parts that have no key in common.
fn sorted(records: &[Prepared]) -> Vec<Vec<(u64, u32)>> {
    let parts = u64::try_from(parallel::threads()).unwrap_or(1);
    let made = parallel::parts(records, |begin, some| {
        let mut all: Vec<Vec<(u64, u32)>> = (0..parts).map(|_| Vec::new()).collect();
        for (place, record) in (begin..).zip(some) {
            each_key(record, |kind, words| {
                let key = hash(kind, words);
                let part = key.checked_rem(parts).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
                if let Some(part) = all.get_mut(part) {
                    part.push((key, place));
                }
            });
        }
        all
    });
    let places: Vec<usize> = (0..parallel::threads()).collect();
    parallel::each(&places, |part| {
        let mut all: Vec<(u64, u32)> = made.iter().filter_map(|m| m.get(*part)).flatten().copied().collect();
        all.sort_unstable();
        all
    })
}

/// Pairs of records to be compared, each once, the smaller place first; in parts, in their order.
pub(crate) fn candidates(records: &[Prepared]) -> Vec<Vec<(u32, u32)>> {
    let sorted = sorted(records);
    // Each part takes the pairs whose first record lies in it, so that none comes twice.
    parallel::parts(records, |begin, some| {
        let end = begin.saturating_add(u32::try_from(some.len()).unwrap_or(u32::MAX));
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for all in &sorted {
            for group in all.chunk_by(|a, b| a.0 == b.0).filter(|g| (2..=MOST_AT_ONCE).contains(&g.len())) {
                for (at, (_, first)) in group.iter().enumerate() {
                    if *first < begin || *first >= end {
                        continue;
                    }
                    let rest = group.get(at.saturating_add(1)..).unwrap_or_default();
                    let others = rest.iter().filter(|(_, second)| second != first);
                    pairs.extend(others.map(|(_, second)| (*first, *second)));
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    })
}
