//! Which entries of a statement left with, or after, the disputed money that came by the path. Pure.

use std::collections::BTreeSet;

use kernel::{Money, Timestamp};

use crate::model::{Account, Exit};

/// A day.
const DAY_MICROS: i64 = 86_400_000_000;
/// So far two clocks, or the day of a payment and the day it was booked, may lie apart.
pub(super) const APART_MICROS: i64 = 2 * DAY_MICROS;
/// Movements of one statement beyond which nothing more is taken: the trail has a limit, and answers of institutions come first.
const MOST_LINES: usize = 5_000;

/// An entry of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Key of the line that it becomes.
    pub key: String,
    /// When; of a day alone its first moment.
    pub at: Timestamp,
    /// Whether the day alone was told.
    pub day: bool,
    /// Whether money came in.
    pub incoming: bool,
    /// How much.
    pub amount: Money,
    /// The balance after it.
    pub balance: Option<i64>,
    /// The other side's account.
    pub other: Option<Account>,
    /// Its reference; empty where there is none.
    pub reference: String,
    /// How it left, where it left.
    pub how: Exit,
}

/// Disputed money that came to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// Key of the payment or line that brought it.
    pub key: String,
    /// How much.
    pub amount: i64,
    /// When, at the earliest.
    pub at: Timestamp,
    /// Key of the account that it came from.
    pub from: String,
    /// Its reference; empty where there is none.
    pub reference: String,
}

/// A movement out of the account that an institution has told already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    /// How much.
    pub amount: i64,
    /// When.
    pub at: Timestamp,
    /// Key of the account that it went to; empty where that was not told.
    pub to: String,
    /// Its reference; empty where there is none.
    pub reference: String,
}

/// An entry that left after disputed money came, and which arrival it is counted behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Left<'e> {
    /// The entry.
    pub entry: &'e Entry,
    /// Place of the arrival.
    pub behind: usize,
    /// What stood on the account before that came.
    pub stood_before: Option<i64>,
}

/// Which entries left with, or after, the disputed money that came: from the entry on by which it came, where the statement shows that one,
/// else by the time. No more are taken than all that came and what stood before it: behind that nothing disputed can be left.
pub(crate) fn lines<'e>(entries: &'e [Entry], arrivals: &[Arrival], known: &[Known]) -> Vec<Left<'e>> {
    let ordered = in_time(entries);
    let found = came_by(&ordered, arrivals);
    let stood: Vec<Option<i64>> = found
        .iter()
        .map(|place| {
            let entry = place.and_then(|at| ordered.get(at))?;
            entry.balance.map(|balance| balance.saturating_sub(entry.amount.minor()).max(0))
        })
        .collect();
    let mut told: Vec<Option<&Known>> = known.iter().map(Some).collect();
    let (mut all, mut gone) = (Vec::new(), 0_i64);
    for (place, entry) in ordered.iter().enumerate().filter(|(_, e)| !e.incoming) {
        let before = |at: usize| match found.get(at).copied().flatten() {
            Some(came) => came < place,
            None => arrivals.get(at).is_some_and(|a| a.at <= last_moment(entry)),
        };
        let behind: Vec<usize> = (0..arrivals.len()).filter(|at| before(*at)).collect();
        let Some(latest) = behind.last().copied() else { continue };
        let came: i64 =
            behind.iter().filter_map(|at| arrivals.get(*at)).map(|a| a.amount).fold(0, i64::saturating_add);
        let first = behind.first().and_then(|at| stood.get(*at)).copied().flatten().unwrap_or(0);
        if gone >= came.saturating_add(first) || all.len() >= MOST_LINES {
            continue;
        }
        gone = gone.saturating_add(entry.amount.minor());
        if let Some(slot) = told.iter_mut().find(|slot| slot.is_some_and(|k| is_same(k, entry))) {
            *slot = None;
            continue;
        }
        all.push(Left { entry, behind: latest, stood_before: stood.get(latest).copied().flatten() });
    }
    all
}

/// Statements run forward or back; within a day the order of the file stands.
fn in_time(entries: &[Entry]) -> Vec<&Entry> {
    let mut all: Vec<&Entry> = entries.iter().collect();
    let back = all.first().zip(all.last()).is_some_and(|(first, last)| first.at > last.at);
    if back {
        all.reverse();
    }
    all.sort_by_key(|e| e.at);
    all
}

/// The last moment that the entry can have been.
pub(super) fn last_moment(entry: &Entry) -> Timestamp {
    if entry.day { entry.at.plus_micros(DAY_MICROS.saturating_sub(1)) } else { entry.at }
}

/// The entry by which each arrival came, each at most once: by its reference, then by who sent it, then by the time.
fn came_by(ordered: &[&Entry], arrivals: &[Arrival]) -> Vec<Option<usize>> {
    let mut taken = BTreeSet::new();
    let mut found = vec![None; arrivals.len()];
    for closeness in 0..3 {
        for (slot, arrival) in found.iter_mut().zip(arrivals) {
            if slot.is_some() {
                continue;
            }
            let fits = |e: &Entry| {
                let near = (arrival.at.micros_since(e.at).abs()) <= APART_MICROS;
                let sender = e.other.as_ref().is_some_and(|o| o.key == arrival.from);
                e.incoming
                    && e.amount.minor() == arrival.amount
                    && match closeness {
                        0 => !arrival.reference.is_empty() && e.reference == arrival.reference,
                        1 => near && sender,
                        // Where the statement names another sender, it is another payment.
                        _ => {
                            near && e
                                .other
                                .as_ref()
                                .is_none_or(|_| sender || arrival.from.starts_with("payer-"))
                        }
                    }
            };
            let best = ordered
                .iter()
                .enumerate()
                .filter(|(at, e)| !taken.contains(at) && fits(e))
                .min_by_key(|(at, e)| (arrival.at.micros_since(e.at).abs(), *at));
            if let Some((at, _)) = best {
                taken.insert(at);
                *slot = Some(at);
            }
        }
    }
    found
}

/// Whether an institution has told of this very movement: by its reference, else by sum, goal and day.
fn is_same(known: &Known, entry: &Entry) -> bool {
    if known.amount != entry.amount.minor() {
        return false;
    }
    if !known.reference.is_empty() && known.reference == entry.reference {
        return true;
    }
    let to = entry.other.as_ref().map_or("", |o| o.key.as_str());
    known.to == to && known.at.micros_since(entry.at).abs() <= DAY_MICROS
}

#[cfg(test)]
mod tests {
    use kernel::Asset;
    use proptest::prelude::*;

    use super::*;

    fn kzt(n: i64) -> Money {
        Money::from_minor(n, Asset::new("KZT", 2).unwrap())
    }

    fn account(key: &str) -> Account {
        Account { key: key.into(), institution: "BANK".into(), masked: key.into() }
    }

    fn entry(row: i64, secs: i64, amount: i64, other: &str) -> Entry {
        Entry {
            key: format!("i-{row}"),
            at: Timestamp::from_secs(secs),
            day: false,
            incoming: amount > 0,
            amount: kzt(amount.abs()),
            balance: None,
            other: (!other.is_empty()).then(|| account(other)),
            reference: String::new(),
            how: Exit::Moved,
        }
    }

    fn arrival(key: &str, secs: i64, amount: i64) -> Arrival {
        let (key, from) = (key.to_owned(), "victim".to_owned());
        Arrival { key, amount, at: Timestamp::from_secs(secs), from, reference: String::new() }
    }

    fn keys(all: &[Left<'_>]) -> Vec<String> {
        all.iter().map(|l| l.entry.key.clone()).collect()
    }

    #[test]
    fn what_left_after_it_came_is_told_and_what_left_before_is_not() {
        let all = [
            entry(1, 10, -900, "shop"),
            entry(2, 20, 500, "victim"),
            entry(3, 30, -200, "a"),
            entry(4, 40, 70, "friend"),
            entry(5, 50, -300, "b"),
            entry(6, 60, -400, "c"),
        ];
        let found = lines(&all, &[arrival("p", 20, 500)], &[]);
        assert_eq!(keys(&found), ["i-3", "i-5"], "behind all that came nothing disputed is left");
        // The statement runs back: the same comes of it.
        let back: Vec<Entry> = all.iter().rev().cloned().collect();
        assert_eq!(keys(&lines(&back, &[arrival("p", 20, 500)], &[])), ["i-3", "i-5"]);
    }

    #[test]
    fn what_stood_before_leaves_first_and_is_counted() {
        let mut came = entry(1, 20, 500, "victim");
        came.balance = Some(1_500);
        let all = [
            came,
            entry(2, 30, -900, "a"),
            entry(3, 40, -500, "b"),
            entry(4, 50, -500, "c"),
            entry(5, 60, -1, "d"),
        ];
        let found = lines(&all, &[arrival("p", 20, 500)], &[]);
        assert_eq!(keys(&found), ["i-2", "i-3", "i-4"]);
        assert_eq!(found[0].stood_before, Some(1_000));
    }

    #[test]
    fn a_payment_of_another_sender_is_not_the_one_that_came() {
        let all = [
            entry(1, 20, 500, "somebody"),
            entry(2, 30, -500, "a"),
            entry(3, 3_000, 500, "victim"),
            entry(4, 4_000, -500, "b"),
        ];
        let found = lines(&all, &[arrival("p", 2_990, 500)], &[]);
        assert_eq!(keys(&found), ["i-4"]);
        // Of a payer whose account nobody told, the time decides.
        let unknown = Arrival { from: "payer-1".into(), ..arrival("p", 21, 500) };
        assert_eq!(keys(&lines(&all, &[unknown], &[])), ["i-2"]);
    }

    #[test]
    fn what_an_institution_told_is_not_told_twice() {
        let all = [entry(1, 20, 500, "victim"), entry(2, 30, -200, "a"), entry(3, 31, -200, "a")];
        let known =
            Known { amount: 200, at: Timestamp::from_secs(100), to: "a".into(), reference: String::new() };
        assert_eq!(keys(&lines(&all, &[arrival("p", 20, 500)], &[known])), ["i-3"]);
    }

    #[test]
    fn a_day_alone_is_no_moment() {
        let day = |row, amount, other| Entry { day: true, ..entry(row, 0, amount, other) };
        let all = [day(1, -50, "early"), day(2, 500, "victim"), day(3, -400, "a")];
        let found = lines(&all, &[arrival("p", 40_000, 500)], &[]);
        assert_eq!(keys(&found), ["i-3"], "the order of the file stands within a day");
        // The statement does not show what came: by the day it may have left afterwards.
        let found = lines(&all[2..], &[arrival("p", 40_000, 500)], &[]);
        assert_eq!(keys(&found), ["i-3"]);
    }

    proptest! {
        #[test]
        fn never_more_than_came_and_one_entry_over(
            rows in prop::collection::vec((0_i64..400, -900_i64..900, 0_usize..4), 0..60),
            came in prop::collection::vec((0_i64..400, 1_i64..900), 0..5),
        ) {
            let names = ["victim", "a", "b", ""];
            let all: Vec<Entry> = rows
                .iter()
                .enumerate()
                .filter(|(_, (_, amount, _))| *amount != 0)
                .map(|(n, (at, amount, who))| entry(i64::try_from(n).unwrap(), *at, *amount, names[*who]))
                .collect();
            let mut arrivals: Vec<Arrival> =
                came.iter().enumerate().map(|(n, (at, sum))| arrival(&format!("p{n}"), *at, *sum)).collect();
            arrivals.sort_by_key(|a| a.at);
            let found = lines(&all, &arrivals, &[]);
            let mut seen = BTreeSet::new();
            for left in &found {
                prop_assert!(!left.entry.incoming && seen.insert(&left.entry.key));
                prop_assert!(left.behind < arrivals.len());
            }
            let total: i64 = arrivals.iter().map(|a| a.amount).sum();
            let without_last: i64 = found.iter().rev().skip(1).map(|l| l.entry.amount.minor()).sum();
            prop_assert!(found.is_empty() || without_last < total);
        }
    }
}
