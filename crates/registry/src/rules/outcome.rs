//! What asking is worth: how much money stayed where it was because somebody asked before paying. A figure that is
//! published must not be larger than the truth, so it is built to be a floor.

use crate::model::Outcome;

/// The least that was prevented for one payer, in smallest units, from everything that became of that payer's payments.
///
/// Whoever is declined tries again, often with another sum and to another account: attempts are not added up, the largest
/// counts. What was paid all the same is taken off. Where one of them turned out to be honest, nothing counts.
#[must_use]
pub fn prevented(attempts: impl IntoIterator<Item = (Outcome, i64)>) -> i64 {
    let (mut most, mut paid, mut honest) = (0_i64, 0_i64, false);
    for (outcome, amount) in attempts {
        match outcome {
            Outcome::Declined | Outcome::GivenUp => most = most.max(amount),
            Outcome::CarriedOut => paid = paid.saturating_add(amount),
            Outcome::Mistaken => honest = true,
        }
    }
    if honest {
        return 0;
    }
    most.saturating_sub(paid).max(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn attempts_are_not_added_up() {
        use Outcome::{CarriedOut, Declined, GivenUp, Mistaken};
        for (attempts, least) in [
            (vec![], 0),
            (vec![(Declined, 500)], 500),
            (vec![(Declined, 500), (Declined, 300), (GivenUp, 400)], 500),
            (vec![(Declined, 500), (CarriedOut, 200)], 300),
            (vec![(Declined, 500), (CarriedOut, 200), (CarriedOut, 400)], 0),
            (vec![(Mistaken, 900)], 0),
            (vec![(Declined, 500), (Mistaken, 500)], 0),
            (vec![(CarriedOut, 900)], 0),
        ] {
            assert_eq!(prevented(attempts.clone()), least, "{attempts:?}");
        }
    }

    proptest! {
        /// Never more than the largest that was stopped, never less than nothing, and in whatever order it was told.
        #[test]
        fn is_a_floor(attempts in prop::collection::vec((prop::sample::select(Outcome::ALL), 0_i64..1_000), 0..12)) {
            let told = prevented(attempts.clone());
            let largest = attempts.iter().filter(|(o, _)| o.is_stopped()).map(|(_, a)| *a).max();
            prop_assert!((0..=largest.unwrap_or(0)).contains(&told));
            let mut turned = attempts;
            turned.reverse();
            prop_assert_eq!(prevented(turned), told);
        }
    }
}
