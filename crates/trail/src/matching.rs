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

fn score(debit: &Leg, credit: &Leg) -> Option<(u32, Vec<Ground>)> {
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
    let (a, b) = (plain(&debit.reference), plain(&credit.reference));
    let shorter = if a.chars().count() <= b.chars().count() { &a } else { &b };
    // Words that everybody writes are no reference: one has digits.
    let says = shorter.chars().count() >= PIECE && shorter.chars().any(|c| c.is_ascii_digit());
    let inside = says && (a.contains(&b) || b.contains(&a));
    if inside {
        add(400, Ground::Reference);
    }
    if !debit.account.is_empty() && plain(&debit.account) == plain(&credit.account) {
        add(350, Ground::Account);
    }
    let alike = (!debit.name.is_empty() && !credit.name.is_empty())
        .then(|| names::compare(&Name::read(&debit.name), &Name::read(&credit.name)).score);
    match alike {
        Some(alike) if alike >= SAME_NAME => add(250, Ground::Name),
        Some(alike) if alike < NO_NAME => sum = sum.saturating_sub(OTHER_NAME),
        _ => {}
    }
    // Two accounts that are told and differ are two payments.
    let other = !debit.account.is_empty() && !credit.account.is_empty() && !why.contains(&Ground::Account);
    (sum >= ENOUGH && (inside || !other)).then_some((sum, why))
}

/// Finds the credit of each debit: what agrees most first, of what agrees as well the nearest in time. Each is taken once.
#[must_use]
pub fn matched(debits: &[Leg], credits: &[Leg]) -> Vec<Matched> {
    let mut by_amount: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (place, credit) in credits.iter().enumerate() {
        by_amount.entry(credit.amount).or_default().push(place);
    }
    let mut all: Vec<(u32, i64, usize, usize, Vec<Ground>)> = Vec::new();
    for (debit_place, debit) in debits.iter().enumerate() {
        if debit.amount <= 0 {
            continue;
        }
        let least = debit.amount.saturating_sub(debit.amount.saturating_mul(FEE) / 1_000);
        for credit_place in by_amount.range(least..=debit.amount).flat_map(|(_, places)| places) {
            let Some(credit) = credits.get(*credit_place) else { continue };
            if let Some((sum, why)) = score(debit, credit) {
                let apart = credit.at_secs.saturating_sub(debit.at_secs).saturating_abs();
                all.push((sum, apart, debit_place, *credit_place, why));
            }
        }
    }
    all.sort_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2, a.3).cmp(&(b.1, b.2, b.3))));
    let (mut taken, mut given) = (BTreeSet::new(), BTreeSet::new());
    let mut found = Vec::new();
    for (score, _, debit, credit, why) in all {
        if taken.contains(&debit) || given.contains(&credit) {
            continue;
        }
        taken.insert(debit);
        given.insert(credit);
        found.push(Matched { debit, credit, score, why });
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
}
