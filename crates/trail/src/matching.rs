//! One payment seen twice: as a debit at the bank that sent it and as a credit at the bank that received it, under references of their
//! own. Pure; amounts in smallest units, of one asset.

use std::collections::{BTreeMap, BTreeSet};

use names::Name;

/// One side of a payment, as a bank booked it. What is blank says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leg {
    /// How much, in smallest units.
    pub amount: i64,
    /// When, seconds since 1970.
    pub at_secs: i64,
    /// The bank's reference, or the payer's words.
    pub reference: String,
    /// The one who pays or is paid, by name.
    pub name: String,
    /// The account that is paid.
    pub account: String,
}

/// A debit and the credit that it became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// Place of the debit.
    pub debit: usize,
    /// Place of the credit.
    pub credit: usize,
    /// How much speaks for it, per mille, more than a thousand where everything agrees.
    pub score: u32,
    /// What does.
    pub why: Vec<Ground>,
}

/// What speaks for a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// The same sum.
    Amount,
    /// The sum less a fee.
    LessFee,
    /// Booked within an hour.
    SameHour,
    /// Booked within a day.
    SameDay,
    /// Later than a day: over a weekend.
    Later,
    /// The same reference, or one within the other.
    Reference,
    /// The same account.
    Account,
    /// The same name.
    Name,
}

/// Latest credit after its debit, and how far the receiving bank's clock may be behind, seconds.
const LATEST: i64 = 4 * 86_400;
const CLOCKS: i64 = 900;
/// Most that a fee takes, per mille of the sum.
const FEE: i64 = 20;
/// Shortest piece of a reference that says something.
const PIECE: usize = 6;
/// From so much on two legs are one payment: the same sum within a day does, where nothing speaks against it.
const ENOUGH: u32 = 450;
/// A name that is another one's takes so much.
const OTHER_NAME: u32 = 250;
/// From this on names count as the same, below that as another's, per mille.
const SAME_NAME: u64 = 730;
const NO_NAME: u64 = 350;

fn plain(reference: &str) -> String {
    reference.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// A side, read once for all that it is held against.
struct Read<'a> {
    leg: &'a Leg,
    reference: String,
    /// Whether the reference is long enough to say something.
    speaks: bool,
    account: String,
    name: Option<Name>,
    /// Where it stands among those of its sum, in the order of their times.
    rank: usize,
}

fn read(legs: &[Leg]) -> Vec<Read<'_>> {
    let mut order: Vec<usize> = (0..legs.len()).collect();
    let of = |place: usize| legs.get(place).map(|leg| (leg.amount, leg.at_secs));
    order.sort_unstable_by_key(|place| (of(*place), *place));
    let mut all: Vec<Read<'_>> = legs
        .iter()
        .map(|leg| {
            let reference = plain(&leg.reference);
            // Words that everybody writes are no reference: one has digits.
            let speaks = reference.chars().count() >= PIECE && reference.chars().any(|c| c.is_ascii_digit());
            let name = (!leg.name.is_empty()).then(|| Name::read(&leg.name));
            Read { leg, reference, speaks, account: plain(&leg.account), name, rank: 0 }
        })
        .collect();
    for group in order.chunk_by(|a, b| of(*a).map(|x| x.0) == of(*b).map(|x| x.0)) {
        for (rank, place) in group.iter().enumerate() {
            if let Some(read) = all.get_mut(*place) {
                read.rank = rank;
            }
        }
    }
    all
}

fn score(d: &Read<'_>, c: &Read<'_>) -> Option<(u32, Vec<Ground>)> {
    let (debit, credit) = (d.leg, c.leg);
    let late = credit.at_secs.saturating_sub(debit.at_secs);
    let fee = debit.amount.saturating_sub(credit.amount);
    if !(-CLOCKS..=LATEST).contains(&late)
        || fee < 0
        || fee.saturating_mul(1_000) > debit.amount.saturating_mul(FEE)
    {
        return None;
    }
    let (mut sum, mut why) = (0_u32, Vec::new());
    let mut add = |says: u32, ground: Ground| {
        sum = sum.saturating_add(says);
        why.push(ground);
    };
    if fee == 0 {
        add(350, Ground::Amount)
    } else {
        add(150, Ground::LessFee)
    }
    match late {
        ..=3_600 => add(200, Ground::SameHour),
        3_601..=86_400 => add(120, Ground::SameDay),
        _ => add(40, Ground::Later),
    }
    let shorter = if d.reference.len() <= c.reference.len() { d } else { c };
    let inside = shorter.speaks && (d.reference.contains(&c.reference) || c.reference.contains(&d.reference));
    if inside {
        add(400, Ground::Reference);
    }
    if !d.account.is_empty() && d.account == c.account {
        add(350, Ground::Account);
    }
    let alike = d.name.as_ref().zip(c.name.as_ref()).map(|(a, b)| names::compare(a, b).score);
    match alike {
        Some(alike) if alike >= SAME_NAME => add(250, Ground::Name),
        Some(alike) if alike < NO_NAME => sum = sum.saturating_sub(OTHER_NAME),
        _ => {}
    }
    // Two accounts that are told and differ are two payments.
    let other = !d.account.is_empty() && !c.account.is_empty() && !why.contains(&Ground::Account);
    (sum >= ENOUGH && (inside || !other)).then_some((sum, why))
}

/// Credits of one debit that are kept at a time: where thousands have one sum, all pairs would fill the memory.
const KEPT: usize = 64;

/// A pair that speaks for itself: how much, how far apart in time and in rank, debit, credit, why.
type Pair = (u32, i64, usize, usize, usize, Vec<Ground>);

/// What agrees most first, of what agrees as well the nearest in time, of those the one that stands in the same place among its sum's.
fn before(a: &Pair, b: &Pair) -> std::cmp::Ordering {
    b.0.cmp(&a.0).then((a.1, a.2, a.3, a.4).cmp(&(b.1, b.2, b.3, b.4)))
}

/// The best credits of a debit among those that are left, and whether there were more.
fn best(
    (place, debit): (usize, &Read<'_>),
    credits: &[Read<'_>],
    by_amount: &BTreeMap<i64, Vec<usize>>,
) -> (Vec<Pair>, bool) {
    let least = debit.leg.amount.saturating_sub(debit.leg.amount.saturating_mul(FEE) / 1_000);
    let (mut all, mut more) = (Vec::new(), false);
    let at = |place: &usize| credits.get(*place).map_or(i64::MAX, |c| c.leg.at_secs);
    for places in by_amount.range(least..=debit.leg.amount).map(|(_, places)| places) {
        // They lie in the order of their times.
        let from = places.partition_point(|p| at(p) < debit.leg.at_secs.saturating_sub(CLOCKS));
        let near = places.iter().skip(from).take_while(|p| at(p) <= debit.leg.at_secs.saturating_add(LATEST));
        for credit_place in near {
            let Some(credit) = credits.get(*credit_place) else { continue };
            let Some((sum, why)) = score(debit, credit) else { continue };
            let apart = credit.leg.at_secs.saturating_sub(debit.leg.at_secs).saturating_abs();
            all.push((sum, apart, debit.rank.abs_diff(credit.rank), place, *credit_place, why));
            if all.len() >= 2 * KEPT {
                all.sort_unstable_by(before);
                all.truncate(KEPT);
                more = true;
            }
        }
    }
    all.sort_unstable_by(before);
    more |= all.len() > KEPT;
    all.truncate(KEPT);
    (all, more)
}

/// Finds the credit of each debit: what agrees most first, of what agrees as well the nearest in time. Each is taken once.
#[must_use]
pub fn matched(debits: &[Leg], credits: &[Leg]) -> Vec<Matched> {
    let (debits, credits) = (read(debits), read(credits));
    let mut by_amount: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (place, credit) in credits.iter().enumerate() {
        by_amount.entry(credit.leg.amount).or_default().push(place);
    }
    let time = |place: &usize| (credits.get(*place).map(|c| c.leg.at_secs), *place);
    by_amount.values_mut().for_each(|places| places.sort_unstable_by_key(time));
    let mut found = Vec::new();
    let mut waiting: Vec<usize> = (0..debits.len()).collect();
    // Whose best credits were all taken by others is asked again among what is left.
    while !waiting.is_empty() {
        let (mut all, mut again) = (Vec::new(), Vec::new());
        for place in std::mem::take(&mut waiting) {
            let Some(debit) = debits.get(place).filter(|d| d.leg.amount > 0) else { continue };
            let (some, more) = best((place, debit), &credits, &by_amount);
            all.extend(some);
            again.extend(more.then_some(place));
        }
        all.sort_unstable_by(before);
        let (mut taken, mut given) = (BTreeSet::new(), BTreeSet::new());
        for (score, _, _, debit, credit, why) in all {
            if taken.contains(&debit) || given.contains(&credit) {
                continue;
            }
            taken.insert(debit);
            given.insert(credit);
            found.push(Matched { debit, credit, score, why });
        }
        if given.is_empty() {
            break;
        }
        by_amount.values_mut().for_each(|places| places.retain(|place| !given.contains(place)));
        waiting.extend(again.into_iter().filter(|place| !taken.contains(place)));
    }
    found.sort_by_key(|m| m.debit);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leg(amount: i64, at_secs: i64, reference: &str, name: &str, account: &str) -> Leg {
        Leg { amount, at_secs, reference: reference.into(), name: name.into(), account: account.into() }
    }
    fn pairs(debits: &[Leg], credits: &[Leg]) -> Vec<(usize, usize)> {
        matched(debits, credits).into_iter().map(|m| (m.debit, m.credit)).collect()
    }

    #[test]
    fn references_that_differ_and_what_agrees_else() {
        let debits = [
            leg(500_000, 1_000, "OUT-778812", "Серікова Айгүл", ""),
            leg(500_000, 1_100, "OUT-778813", "Ким Олег", ""),
            leg(700_000, 2_000, "", "", "KZ86 125K ZT50 0410 0100"),
        ];
        let credits = [
            leg(500_000, 1_400, "IN/9", "Kim Oleg", ""),
            leg(500_000, 1_500, "IN/8", "Serikova Aigul", ""),
            leg(695_000, 90_000, "", "", "KZ86125KZT5004100100"),
            leg(500_000, 900_000, "", "", ""),
        ];
        assert_eq!(pairs(&debits, &credits), [(0, 1), (1, 0), (2, 2)]);
        let why = matched(&debits, &credits).remove(2).why;
        assert_eq!(why, [Ground::LessFee, Ground::Later, Ground::Account]);
    }

    #[test]
    fn what_is_no_match() {
        let debit = [leg(100_000, 10_000, "", "Ким Олег", "")];
        for credit in [
            leg(100_001, 10_000, "", "", ""),
            leg(90_000, 10_000, "", "", ""),
            leg(100_000, 8_000, "", "", ""),
            leg(100_000, 10_000 + LATEST + 1, "", "", ""),
            leg(100_000, 10_100, "", "Айгүл Серікова", ""),
        ] {
            assert_eq!(pairs(&debit, std::slice::from_ref(&credit)), [], "{credit:?}");
        }
        assert_eq!(pairs(&[leg(-5, 0, "", "", ""), leg(0, 0, "", "", "")], &[leg(-5, 0, "", "", "")]), []);
        // Of two that agree as well, the nearest; each once.
        let two = [leg(100_000, 60_000, "", "", ""), leg(100_000, 20_000, "", "", "")];
        assert_eq!(pairs(&debit, &two), [(0, 1)]);
        assert_eq!(pairs(&[debit[0].clone(), debit[0].clone()], &two[..1]), [(0, 0)]);
    }

    /// All pairs, the best first, each side once: what the rounds must come to.
    fn plainly(debits: &[Leg], credits: &[Leg]) -> Vec<(usize, usize)> {
        let (d, c) = (read(debits), read(credits));
        let mut all: Vec<Pair> = Vec::new();
        for (i, debit) in d.iter().enumerate().filter(|(_, d)| d.leg.amount > 0) {
            for (j, credit) in c.iter().enumerate() {
                if let Some((sum, why)) = score(debit, credit) {
                    let apart = (credit.leg.at_secs - debit.leg.at_secs).abs();
                    all.push((sum, apart, debit.rank.abs_diff(credit.rank), i, j, why));
                }
            }
        }
        all.sort_by(before);
        let (mut taken, mut given) = (BTreeSet::new(), BTreeSet::new());
        all.retain(|p| {
            !taken.contains(&p.3) && !given.contains(&p.4) && taken.insert(p.3) && given.insert(p.4)
        });
        let mut pairs: Vec<_> = all.into_iter().map(|p| (p.3, p.4)).collect();
        pairs.sort_unstable();
        pairs
    }

    #[test]
    fn thousands_of_one_sum_at_one_time_have_a_credit_each() {
        let many: Vec<Leg> = (0..3_000).map(|_| leg(10_000, 50_000, "", "", "")).collect();
        let expected: Vec<(usize, usize)> = (0..3_000).map(|n| (n, n)).collect();
        assert_eq!(pairs(&many, &many), expected);
    }

    proptest::proptest! {
        #[test]
        fn the_rounds_give_what_all_pairs_give(
            debits in proptest::collection::vec((1_i64..4, 0_i64..40), 0..60),
            credits in proptest::collection::vec((1_i64..4, 0_i64..40), 0..60),
        ) {
            let legs = |all: &[(i64, i64)]| -> Vec<Leg> {
                all.iter().map(|(sum, at)| leg(sum * 100_000, at * 500, "", "", "")).collect()
            };
            let (debits, credits) = (legs(&debits), legs(&credits));
            proptest::prop_assert_eq!(pairs(&debits, &credits), plainly(&debits, &credits));
        }
    }
}
