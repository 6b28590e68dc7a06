//! What the platform achieved in one world, or in several.

use std::collections::BTreeMap;

/// From payment to report: upper ends of the classes in seconds, with their names.
const CLASSES: [(i64, &str); 6] = [
    (900, "under 15 min"),
    (3_600, "15 min to 1 h"),
    (6 * 3_600, "1 to 6 h"),
    (24 * 3_600, "6 to 24 h"),
    (72 * 3_600, "1 to 3 days"),
    (i64::MAX, "over 3 days"),
];

/// Sums in tiyn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ours {
    /// Reports with a loss.
    pub reports: u64,
    /// Lost in them.
    pub lost: i64,
    /// Held, ever.
    pub held: i64,
    /// Orders sent.
    pub orders: u64,
    /// Of them, hops that opened by themselves.
    pub hops: u64,
    /// Seconds from report to hold.
    pub to_hold: Vec<i64>,
    /// The same by how many partners' persons stand before the hold, and what was held there.
    pub by_person: BTreeMap<usize, (Vec<i64>, i64)>,
    /// What the money became, by the trails.
    pub ends: BTreeMap<&'static str, i64>,
    /// Orders that would need a person first and are not counted on, by why.
    pub waits: BTreeMap<&'static str, i64>,
    /// Held and lost by the time from the last payment to the report.
    pub classes: [(i64, i64); CLASSES.len()],
}

impl Ours {
    pub(super) fn wait(&mut self, why: &'static str, amount: i64) {
        *self.waits.entry(why).or_insert(0) += amount;
    }
    pub(super) fn hold(&mut self, amount: i64, waited: i64, delay: i64, persons: usize) {
        self.held += amount;
        self.to_hold.push(waited);
        let of = self.by_person.entry(persons).or_default();
        of.0.push(waited);
        of.1 += amount;
        self.class(delay).0 += amount;
    }
    pub(super) fn lost_after(&mut self, delay: i64, amount: i64) {
        self.class(delay).1 += amount;
    }
    fn class(&mut self, delay: i64) -> &mut (i64, i64) {
        let place = CLASSES.iter().position(|(end, _)| delay < *end).unwrap_or(CLASSES.len() - 1);
        // INVARIANT: `place` is below the length of both arrays.
        #[expect(clippy::indexing_slicing, reason = "the place was found in an array of the same length")]
        &mut self.classes[place]
    }
    /// Held share of what was lost, in permille.
    #[must_use]
    pub fn permille(&self) -> i64 {
        share(self.held, self.lost)
    }
    /// Each class with its share of the loss and its hold rate, in permille.
    pub fn by_delay(&self) -> impl Iterator<Item = (&'static str, i64, i64)> {
        let of = |((_, name), (held, lost)): (&(i64, &'static str), &(i64, i64))| {
            (*name, share(*lost, self.lost), share(*held, *lost))
        };
        CLASSES.iter().zip(&self.classes).map(of).collect::<Vec<_>>().into_iter()
    }
    /// Adds another world's outcome.
    pub fn add(&mut self, other: &Self) {
        self.reports += other.reports;
        self.lost += other.lost;
        self.held += other.held;
        self.orders += other.orders;
        self.hops += other.hops;
        self.to_hold.extend(&other.to_hold);
        self.to_hold.sort_unstable();
        for (persons, (waited, amount)) in &other.by_person {
            let of = self.by_person.entry(*persons).or_default();
            of.0.extend(waited);
            of.0.sort_unstable();
            of.1 += amount;
        }
        for (mine, theirs) in [(&mut self.ends, &other.ends), (&mut self.waits, &other.waits)] {
            for (word, amount) in theirs {
                *mine.entry(word).or_insert(0) += amount;
            }
        }
        for (mine, theirs) in self.classes.iter_mut().zip(&other.classes) {
            *mine = (mine.0 + theirs.0, mine.1 + theirs.1);
        }
    }
}

/// `part` of `whole` in permille.
#[must_use]
pub fn share(part: i64, whole: i64) -> i64 {
    let permille = i128::from(part) * 1_000 / i128::from(whole.max(1));
    i64::try_from(permille).unwrap_or(0)
}

/// A quantile of a sorted list.
#[must_use]
pub fn quantile(sorted: &[i64], percent: usize) -> Option<i64> {
    sorted.get(sorted.len().checked_sub(1)? * percent / 100).copied()
}
