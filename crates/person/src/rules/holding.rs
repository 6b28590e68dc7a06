//! Whom an institution tells anew: which of the records that it told of before is whose. Pure.

use std::collections::BTreeSet;

use crate::model::Told;
use crate::resolve::Prepared;

/// For each who is told now, the place of the record that told of them before, each record once: by the number; else by a name that
/// sounds alike in whatever writing, where no right number speaks against it. Whoever has none was not told of before.
#[must_use]
pub fn places(known: &[Told], told: &[Told]) -> Vec<Option<usize>> {
    let mut found: Vec<Option<usize>> = vec![None; told.len()];
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let capacity = |t: &Told| t.holding.as_ref().map(|h| h.capacity.clone());
    for same_capacity in [true, false] {
        for (found, new) in found.iter_mut().zip(told).filter(|(f, t)| f.is_none() && !t.iin.is_empty()) {
            let free = known.iter().enumerate().filter(|(at, _)| !taken.contains(at));
            let mut same = free.filter(|(_, old)| old.iin == new.iin);
            let place = same.find(|(_, old)| !same_capacity || capacity(old) == capacity(new));
            if let Some((at, _)) = place {
                *found = Some(at);
                taken.insert(at);
            }
        }
    }
    let (before, now): (Vec<Prepared>, Vec<Prepared>) = (
        known.iter().map(|t| t.record().prepare()).collect(),
        told.iter().map(|t| t.record().prepare()).collect(),
    );
    let mut alike: Vec<(usize, usize, usize, usize)> = Vec::new();
    for (n, new) in now.iter().enumerate() {
        for (k, old) in before.iter().enumerate() {
            let shared = shared(old, new);
            if shared > 0 && !old.clashes(new) {
                alike.push((usize::MAX.saturating_sub(shared), n.abs_diff(k), n, k));
            }
        }
    }
    alike.sort_unstable();
    for (_, _, n, k) in alike {
        if let Some(place) = found.get_mut(n).filter(|f| f.is_none())
            && taken.insert(k)
        {
            *place = Some(k);
        }
    }
    found
}

/// How many parts of the name sound the same; a family's name alone is a household's, and none.
fn shared(a: &Prepared, b: &Prepared) -> usize {
    let (a, b): (BTreeSet<String>, BTreeSet<String>) = (a.sounds().collect(), b.sounds().collect());
    let common = a.intersection(&b).count();
    let least = a.len().min(b.len()).min(2);
    if common >= least { common } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(name: &str, iin: &str) -> Told {
        Told { last: name.into(), iin: iin.into(), ..Told::default() }
    }

    /// Invented numbers with right check digits.
    fn iin(body: &str) -> String {
        let all = (0..10).map(|d| format!("{body}{d}"));
        let right = |n: &String| {
            identifier::normalise(identifier::Kind::Iin, n, identifier::Region::default()).is_ok()
        };
        all.into_iter().find(right).unwrap()
    }

    #[test]
    fn who_is_told_anew_is_the_same() {
        let (one, other) = (iin("90051739901"), iin("85041239902"));
        let serik = told("Серікова Айгүл Болатқызы", "");
        for (known, new, place) in [
            // The same number under any name, a name in another writing, a number that comes to it.
            (vec![told("Серікова Айгүл", &one)], told("Другая Фамилия", &one), Some(0)),
            (vec![serik.clone()], told("Serikova Aigul", &one), Some(0)),
            (vec![told("Айгүл", "")], told("Серікова Айгүл", ""), Some(0)),
            // Two right numbers are two persons; a household is not one person; nobody is like nobody.
            (vec![told("Серікова Айгүл", &other)], told("Серікова Айгүл", &one), None),
            (vec![serik.clone()], told("Серікова Айнұр Болатқызы", ""), Some(0)),
            (vec![told("Серікова Айгүл", "")], told("Серікова Айнұр", ""), None),
            (vec![told("", "")], told("", ""), None),
            (vec![], serik.clone(), None),
            // The likelier of two.
            (vec![told("Серікова Айнұр", &other), serik.clone()], told("Serikova Aigul", ""), Some(1)),
        ] {
            assert_eq!(places(&known, std::slice::from_ref(&new)), [place], "{} {}", new.last, new.iin);
        }
    }

    #[test]
    fn an_agent_and_a_holder_of_one_number_stay_two() {
        let number = iin("90051739901");
        let with = |capacity: &str| Told {
            holding: Some(crate::model::Holding { capacity: capacity.into(), ..Default::default() }),
            ..told("Серікова Айгүл", &number)
        };
        let known = [with("holder"), with("agent")];
        assert_eq!(places(&known, &[with("agent"), with("holder")]), [Some(1), Some(0)]);
        assert_eq!(places(&known[..1], &[with("agent")]), [Some(0)], "corrected");
    }

    proptest! {
        #[test]
        fn each_record_is_told_anew_once(names in proptest::collection::vec("(Серікова|Ахметов) (Айгүл|Болат)( Serik)?", 0..6), told_now in proptest::collection::vec("(Серікова|Akhmetov) (Айгүл|Болат|Bolat)", 0..6)) {
            let of = |all: &[String]| all.iter().map(|n| told(n, "")).collect::<Vec<_>>();
            let found = places(&of(&names), &of(&told_now));
            let places: Vec<usize> = found.iter().flatten().copied().collect();
            let once: BTreeSet<usize> = places.iter().copied().collect();
            prop_assert_eq!(once.len(), places.len());
            prop_assert!(places.iter().all(|p| *p < names.len()));
        }
        #[test]
        fn what_is_told_again_is_the_same(names in proptest::collection::btree_set("(Серікова|Ахметов|Омарова) (Айгүл|Болат|Дина)", 1..6)) {
            let all: Vec<Told> = names.iter().map(|n| told(n, "")).collect();
            let found = places(&all, &all);
            prop_assert_eq!(found, (0..all.len()).map(Some).collect::<Vec<_>>());
        }
    }
}
