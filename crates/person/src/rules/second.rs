//! When one person's word is not enough. Whoever says that two records are one person's, where a matter as a dropper is open on
//! either side, lays somebody else's doings to an account of guilt: two must say it, and the second is not told what the first said.

use crate::model::Verdict;

/// What a word is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It stands.
    Stands,
    /// Somebody else looks, too, without being told.
    Again,
}

/// What a word is worth beside those that others have said of the same two records. `grave`: a matter is open on either side.
#[must_use]
pub fn weigh_words(word: Verdict, grave: bool, others: &[Verdict]) -> Outcome {
    let alone = others.is_empty();
    let agreed = others.contains(&word);
    match word {
        _ if !grave || (agreed && word != Verdict::Unsure) => Outcome::Stands,
        // Keeping two apart, or not knowing, lays nothing to anybody.
        Verdict::Different | Verdict::Unsure if alone => Outcome::Stands,
        _ => Outcome::Again,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words() -> impl Strategy<Value = Vec<Verdict>> {
        prop::collection::vec((0_usize..3).prop_map(|n| Verdict::ALL[n]), 0..5)
    }

    #[test]
    fn what_a_word_is_worth() {
        use Outcome as O;
        use Verdict as V;
        for (word, grave, others, told) in [
            (V::Same, false, &[][..], O::Stands),
            (V::Same, true, &[], O::Again),
            (V::Same, true, &[V::Same], O::Stands),
            (V::Different, true, &[], O::Stands),
            (V::Different, true, &[V::Same], O::Again),
            (V::Different, true, &[V::Same, V::Different], O::Stands),
            (V::Same, true, &[V::Same, V::Different], O::Stands),
            (V::Unsure, true, &[], O::Stands),
            (V::Unsure, true, &[V::Same], O::Again),
            (V::Unsure, true, &[V::Unsure], O::Again),
        ] {
            assert_eq!(weigh_words(word, grave, others), told, "{word:?} {grave} {others:?}");
        }
    }

    proptest! {
        /// Where a matter is open, nobody alone makes two records one person's.
        #[test]
        fn never_alone(others in words()) {
            let stands = weigh_words(Verdict::Same, true, &others) == Outcome::Stands;
            prop_assert_eq!(stands, others.contains(&Verdict::Same));
        }
    }
}
