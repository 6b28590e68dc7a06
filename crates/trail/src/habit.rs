//! Which payments of somebody to somebody else are habit: rent, wages, a loan, again and again in one rhythm. Money that was stolen
//! goes on another way. Pure.

/// A month is as long as it is, and a pay day moves for a weekend: so many days from a monthly rhythm keep it. Others are kept to the
/// day, or chance would make rhythms among those who pay often.
const MONTH: std::ops::RangeInclusive<i64> = 27..=31;
const MONTHS_DIFFER: i64 = 3;
/// Shorter than this there is no rhythm, days.
const SHORTEST: i64 = 2;
/// Payments outside any rhythm that stand as close together as this are one dealing in parts, days.
const IN_PARTS: i64 = 10;
/// So many payments between two are a relation, whatever their rhythm.
const RELATION: usize = 120;

/// The places of payments of one payer to one payee that belong to no habit, upwards. `days` are their days, in any unit that
/// counts whole days, ordered.
///
/// A payment is habit if the time between it and another one comes again between two others: once a month, twice a month. So a
/// single payment to somebody is none, nor is one beside a rhythm of others.
#[must_use]
pub fn unusual(days: &[i64]) -> Vec<usize> {
    let count = days.len();
    if count > RELATION {
        return Vec::new();
    }
    let mut gaps: Vec<(i64, usize, usize)> = Vec::new();
    for (i, first) in days.iter().enumerate() {
        for (j, second) in days.iter().enumerate().skip(i.saturating_add(1)) {
            gaps.push((second.saturating_sub(*first).saturating_abs(), i, j));
        }
    }
    gaps.retain(|(gap, ..)| *gap >= SHORTEST);
    gaps.sort_unstable();
    let mut in_rhythm = vec![false; count];
    let again = |a: &(i64, usize, usize), b: &(i64, usize, usize)| {
        let slack = if MONTH.contains(&a.0) { MONTHS_DIFFER } else { 0 };
        b.0.saturating_sub(a.0) <= slack
    };
    for (at, gap) in gaps.iter().enumerate() {
        // Neighbours in the order of length are the ones that may be as long.
        let near = gaps.get(at.saturating_add(1)).filter(|next| again(gap, next));
        if let Some(next) = near {
            for place in [gap.1, gap.2, next.1, next.2] {
                if let Some(place) = in_rhythm.get_mut(place) {
                    *place = true;
                }
            }
        }
    }
    let single: Vec<usize> = (0..count).filter(|at| in_rhythm.get(*at) == Some(&false)).collect();
    let day = |at: usize| days.get(at).copied().unwrap_or_default();
    let in_parts = |at: &usize| {
        single.iter().any(|other| other != at && day(*other).abs_diff(day(*at)) <= IN_PARTS.unsigned_abs())
    };
    single.iter().copied().filter(|at| !in_parts(at)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rhythms_and_what_stands_beside_them() {
        for (days, unusual_places) in [
            (&[][..], &[][..]),
            (&[5], &[0]),
            (&[5, 9], &[]),
            (&[5, 90], &[0, 1]),
            (&[0, 30, 60, 90], &[]),
            (&[0, 30, 41, 60, 90], &[2]),
            // Twice in a rhythm of five months, and once before.
            (&[4, 137, 139, 291, 293], &[0]),
            (&[4, 340, 342], &[0]),
            (&[0, 31, 60, 91], &[]),
        ] {
            assert_eq!(unusual(days), unusual_places, "{days:?}");
        }
        let many: Vec<i64> = (0..200).map(|n| n * n).collect();
        assert_eq!(unusual(&many), Vec::<usize>::new());
    }

    proptest! {
        #[test]
        fn a_rhythm_is_habit_wherever_it_begins(start in 0_i64..1_000, every in 3_i64..40, times in 3_usize..12) {
            let days: Vec<i64> = (0..times).map(|n| start + every * i64::try_from(n).unwrap()).collect();
            prop_assert_eq!(unusual(&days), Vec::<usize>::new());
        }
    }
}
