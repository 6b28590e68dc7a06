//! What all lines about an object come to. Pure, and the same whatever the order in which they arrived.

use kernel::{Money, Timestamp};

use super::{Code, Fact};
use crate::model::ObjectState;

/// What all facts about an object come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    /// Its state.
    pub state: ObjectState,
    /// Held now.
    pub held: Money,
    /// Since when.
    pub held_at: Option<Timestamp>,
    /// Balance just before the first hold, where the bank said it.
    pub balance_before: Option<Money>,
    /// What left the account, in the order in which it left.
    pub outflows: Vec<Fact>,
}

/// The payments back that these facts tell of, each once however often it was told.
#[must_use]
pub fn paid_back(facts: &[Fact]) -> Vec<&Fact> {
    let mut paid: Vec<&Fact> = facts.iter().filter(|f| matches!(f.code, Code::P70 | Code::P71)).collect();
    paid.sort_by_cached_key(|f| (f.reference.clone(), f.amount.map(Money::minor), f.code));
    paid.dedup_by(|a, b| a.reference == b.reference && a.amount == b.amount && a.code == b.code);
    paid
}

/// The facts about a hold without the payments that orders to return (`back`, smallest units) account for: the institution
/// may tell such a payment about the hold as well, and it would count twice. What goes beyond them stays.
#[must_use]
pub fn beside_returns(facts: &[Fact], back: i64) -> Vec<Fact> {
    let (mut left, mut known) = (back, Vec::new());
    let paid = |f: &Fact| (f.code, f.reference.clone(), f.amount.map_or(0, Money::minor));
    let mut accounted = |f: &Fact| {
        if !matches!(f.code, Code::P70 | Code::P71) {
            return false;
        }
        let payment = paid(f);
        if known.contains(&payment) {
            return true;
        }
        let fits = payment.2 <= left;
        if fits {
            left = left.saturating_sub(payment.2);
            known.push(payment);
        }
        fits
    };
    in_order(facts).into_iter().filter(|f| !accounted(f)).collect()
}

/// What an order to return money has given back by these facts, and the state of its object. A payment told twice
/// counts once; no more than the cap is believed.
#[must_use]
pub fn fold_return(cap: Money, facts: &[Fact]) -> (ObjectState, Money) {
    let paid = paid_back(facts);
    let sum = paid.iter().filter_map(|f| f.amount).fold(0_i64, |sum, a| sum.saturating_add(a.minor()));
    let sum = Money::from_minor(sum.min(cap.minor()), cap.asset());
    if sum.is_positive() { (ObjectState::Returned, sum) } else { (fold(cap, facts).state, sum) }
}

/// Facts by their own time, what was said twice once. Every field takes part, so that equal sets give equal results whatever
/// order they came in.
#[must_use]
pub fn in_order(facts: &[Fact]) -> Vec<Fact> {
    let mut sorted = facts.to_vec();
    sorted.sort_by_cached_key(|f| {
        (f.at, f.code, f.amount.map(Money::minor), f.reference.clone(), format!("{f:?}"))
    });
    sorted.dedup();
    sorted
}

/// Folds facts into a state. The order of arrival does not matter: facts are taken by their own time, a
/// line said twice counts once, and at the same moment a hold comes before what ends it.
#[must_use]
pub fn fold(cap: Money, facts: &[Fact]) -> Folded {
    let sorted = in_order(facts);
    let zero = Money::from_minor(0, cap.asset());
    let mut out = Folded {
        state: ObjectState::Asked,
        held: zero,
        held_at: None,
        balance_before: None,
        outflows: vec![],
    };
    for fact in &sorted {
        apply(&mut out, fact, cap, zero);
    }
    // A hold that stands says more than what was said of the rest of the money.
    if out.held.is_positive() {
        out.state = if out.held == cap { ObjectState::Held } else { ObjectState::PartlyHeld };
    }
    out
}

impl Folded {
    /// What stands once the office's own word is counted too: no more is held than it left held (`keep`), and
    /// an end that it set (`before`) is not undone by what a partner says of the time before.
    #[must_use]
    pub fn within(mut self, keep: Option<Money>, before: ObjectState) -> Self {
        let Some(keep) = keep.filter(|keep| keep.minor() < self.held.minor() || keep.minor() == 0) else {
            return self;
        };
        let open = self.state.is_open();
        if self.held.minor() > keep.minor() {
            self.held = keep;
        }
        if open {
            self.state = if keep.is_positive() { ObjectState::PartlyHeld } else { before };
        }
        self
    }
}

fn apply(out: &mut Folded, fact: &Fact, cap: Money, zero: Money) {
    let amount = fact.amount.unwrap_or(zero);
    out.balance_before = out.balance_before.or(fact.balance_before);
    match fact.code {
        Code::H10 | Code::H11 => {
            // A second statement of a hold replaces the first; it is not added to it.
            out.held = if amount.minor() > cap.minor() { cap } else { amount };
            out.held_at = out.held_at.or(Some(fact.at));
        }
        // Of what somebody lets go before a word was said of it, that word is still owed: it may have been lost on its
        // way, and more may be held than was let go.
        Code::L60 | Code::L61 | Code::L62 if !out.held.is_positive() && out.state.is_unanswered() => {}
        // What was never held cannot be given back.
        Code::P70 | Code::P71 if !out.held.is_positive() => {}
        Code::L60 | Code::L61 | Code::L62 | Code::P70 | Code::P71 => {
            let part = fact.amount.map_or(out.held.minor(), Money::minor);
            out.held = Money::from_minor((out.held.minor() - part).max(0), cap.asset());
            out.state = match fact.code {
                Code::L60 => ObjectState::Lapsed,
                Code::L61 | Code::L62 => ObjectState::Released,
                _ => ObjectState::Returned,
            };
        }
        Code::M20 | Code::M21 | Code::M24 => out.state = ObjectState::Moved,
        Code::M22 => out.state = ObjectState::Cash,
        Code::M23 | Code::N33 => out.state = ObjectState::Spent,
        Code::M25 => out.state = ObjectState::Abroad,
        Code::H12 => out.state = ObjectState::HeldElsewhere,
        Code::N30 | Code::N31 | Code::N32 => out.state = ObjectState::NotFound,
        Code::N34 => out.state = ObjectState::Ported,
        Code::N35 => out.state = ObjectState::ServedAbroad,
        Code::N36 => out.state = ObjectState::NothingKept,
        Code::R40 | Code::R41 | Code::R42 => out.state = ObjectState::Refused,
        Code::R43 => out.state = ObjectState::NotConfirmed,
        Code::B10 => out.state = ObjectState::Done,
        Code::B11 => out.state = ObjectState::PartlyDone,
        Code::B12 => out.state = ObjectState::DoneElsewhere,
        Code::B13 => out.state = ObjectState::Removed,
        Code::D10 => out.state = ObjectState::Disclosed,
        Code::D11 => out.state = ObjectState::PartlyDisclosed,
        Code::K10 => out.state = ObjectState::Kept,
        Code::Q50 => out.state = ObjectState::Question,
        Code::A00 | Code::S10 | Code::S20 | Code::E90 | Code::Native => {}
    }
    if fact.code.is_outflow() {
        out.outflows.push(fact.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Asset;
    use proptest::prelude::*;

    fn kzt(minor: i64) -> Money {
        Money::from_minor(minor, Asset::new("KZT", 2).unwrap())
    }
    fn now() -> Timestamp {
        Timestamp::from_secs(1_800_000_000)
    }
    fn fact(code: Code, minor: i64, at: i64) -> Fact {
        Fact {
            code,
            amount: (minor > 0).then(|| kzt(minor)),
            balance_before: None,
            stood_before: None,
            at: now().plus_secs(at),
            institution: None,
            account: None,
            reference: None,
            terminal: None,
            place: None,
            camera_until: None,
            told_at: None,
            other_numbers: None,
            holders: Vec::new(),
            text: None,
            by_hand: None,
        }
    }

    #[test]
    fn the_office_has_the_last_word() {
        let cap = kzt(1_000);
        let said = |facts: &[Fact]| fold(cap, facts);
        let held = [fact(Code::H10, 1_000, 0)];
        let within = |facts: &[Fact], keep: Option<i64>, before| {
            let out = said(facts).within(keep.map(kzt), before);
            (out.held.minor(), out.state)
        };
        assert_eq!(within(&held, None, ObjectState::Held), (1_000, ObjectState::Held));
        assert_eq!(within(&held, Some(400), ObjectState::PartlyHeld), (400, ObjectState::PartlyHeld));
        assert_eq!(within(&held, Some(0), ObjectState::Lapsed), (0, ObjectState::Lapsed));
        assert_eq!(within(&[], Some(0), ObjectState::Released), (0, ObjectState::Released));
        // The partner freed more than that by itself; what it says of other ends stands.
        let freed = [held[0].clone(), fact(Code::L62, 700, 5)];
        assert_eq!(within(&freed, Some(400), ObjectState::PartlyHeld), (300, ObjectState::PartlyHeld));
        // A number that was blocked and that the office let go stays let go, whatever is said of before.
        assert_eq!(
            within(&[fact(Code::B10, 0, 0)], Some(0), ObjectState::Released),
            (0, ObjectState::Released)
        );
        let gone = [fact(Code::M22, 1_000, 0)];
        assert_eq!(within(&gone, Some(0), ObjectState::Lapsed), (0, ObjectState::Cash));
    }

    #[test]
    fn a_return_told_twice_counts_once_and_never_above_the_cap() {
        let paid = |minor, reference: &str| Fact {
            reference: Some(reference.to_owned()),
            ..fact(Code::P70, minor, 0)
        };
        let sum = |facts: &[Fact]| fold_return(kzt(100), facts).1.minor();
        assert_eq!(sum(&[paid(40, "a"), Fact { at: now().plus_secs(9), ..paid(40, "a") }]), 40);
        assert_eq!(sum(&[paid(40, "a"), paid(40, "b")]), 80);
        assert_eq!(sum(&[paid(90, "a"), paid(90, "b")]), 100);
        assert_eq!(fold_return(kzt(100), &[fact(Code::N33, 0, 0)]).0, ObjectState::Spent);
        assert_eq!(fold_return(kzt(100), &[paid(1, "a")]).0, ObjectState::Returned);
    }

    /// Bug: part of a hold is let go before the hold itself was heard of. That looked like the end of it: the order was
    /// answered, and nobody asked again while the rest was held.
    #[test]
    fn an_end_without_a_beginning_is_no_word_yet() {
        let cap = kzt(1_000);
        for code in [Code::L60, Code::L61, Code::L62] {
            let end = fact(code, 250, 5);
            let alone = fold(cap, std::slice::from_ref(&end));
            assert_eq!((alone.state, alone.held.minor()), (ObjectState::Asked, 0), "{code:?}");
            let both = fold(cap, &[end, fact(Code::H10, 1_000, 0)]);
            assert_eq!((both.state, both.held.minor()), (ObjectState::PartlyHeld, 750), "{code:?}");
        }
        let asked = fold(cap, &[fact(Code::Q50, 0, 0), fact(Code::L62, 0, 1)]);
        assert_eq!(asked.state, ObjectState::Question);
        // Of what the office has ended itself, its own word stands.
        let ended = fold(cap, &[fact(Code::L61, 0, 1)]).within(Some(kzt(0)), ObjectState::Released);
        assert_eq!((ended.state, ended.held.minor()), (ObjectState::Released, 0));
    }

    #[test]
    fn states() {
        let state = |facts: &[Fact]| fold(kzt(100), facts).state;
        assert_eq!(state(&[]), ObjectState::Asked);
        assert_eq!(state(&[fact(Code::H10, 100, 1)]), ObjectState::Held);
        assert_eq!(state(&[fact(Code::H11, 60, 1), fact(Code::M22, 40, 0)]), ObjectState::PartlyHeld);
        assert_eq!(state(&[fact(Code::M21, 100, 1)]), ObjectState::Moved);
        assert_eq!(state(&[fact(Code::H10, 100, 1), fact(Code::L60, 0, 9)]), ObjectState::Lapsed);
        assert_eq!(state(&[fact(Code::B10, 0, 1)]), ObjectState::Done);
        assert_eq!(state(&[fact(Code::B10, 0, 1), fact(Code::L62, 0, 9)]), ObjectState::Released);
        assert_eq!(state(&[fact(Code::L61, 0, 9), fact(Code::B11, 0, 1)]), ObjectState::Released);
        assert_eq!(state(&[fact(Code::R43, 0, 1)]), ObjectState::NotConfirmed);
        // A check that took its time, and then the block.
        assert_eq!(state(&[fact(Code::B10, 0, 9), fact(Code::Q50, 0, 1)]), ObjectState::Done);
        // The end of the hold arrives before the hold itself: its own time decides.
        assert_eq!(state(&[fact(Code::L60, 0, 9), fact(Code::H10, 100, 1)]), ObjectState::Lapsed);
        assert_eq!(state(&[fact(Code::H10, 100, 1), fact(Code::P70, 100, 9)]), ObjectState::Returned);
        assert_eq!(state(&[fact(Code::H10, 100, 1), fact(Code::L62, 30, 9)]), ObjectState::PartlyHeld);
    }

    fn any_fact() -> impl Strategy<Value = Fact> {
        (0..Code::TABLE.len(), 0_i64..200, -50_i64..50)
            .prop_map(|(c, minor, at)| fact(Code::TABLE[c], minor, at))
    }

    proptest! {
        #[test]
        fn order_of_arrival_does_not_matter(mut facts in proptest::collection::vec(any_fact(), 0..8), seed: u64) {
            let before = fold(kzt(100), &facts);
            let entropy = kernel::Entropy::seeded(seed);
            for i in (1..facts.len()).rev() {
                let j = usize::try_from(entropy.below(u64::try_from(i + 1).unwrap())).unwrap();
                facts.swap(i, j);
            }
            prop_assert_eq!(fold(kzt(100), &facts), before);
        }
        #[test]
        fn said_twice_counts_once(facts in proptest::collection::vec(any_fact(), 0..6)) {
            let twice: Vec<Fact> = facts.iter().chain(&facts).cloned().collect();
            prop_assert_eq!(fold(kzt(100), &twice), fold(kzt(100), &facts));
        }
        #[test]
        fn never_more_held_than_asked(facts in proptest::collection::vec(any_fact(), 0..8)) {
            let held = fold(kzt(100), &facts).held.minor();
            prop_assert!((0..=100).contains(&held));
        }
    }
}
