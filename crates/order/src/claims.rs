//! Who gets what of money that several victims claim. Pure. Where nothing else is decided, in proportion to the
//! claims: nobody is served first because of an earlier report.

/// Parts of `pot` in proportion to `claims` (smallest units, none below zero): no part above its claim, no unit
/// lost or made, the same for equal sets whatever their order but for the last units, which go to the largest
/// remainders and among equal ones to the first (Hamilton's method).
#[must_use]
pub fn pro_rata(pot: i64, claims: &[i64]) -> Vec<i64> {
    let total: i128 = claims.iter().map(|c| i128::from((*c).max(0))).sum();
    let pot = i128::from(pot.max(0)).min(total);
    if total == 0 {
        return vec![0; claims.len()];
    }
    let mut parts: Vec<i128> = Vec::with_capacity(claims.len());
    let mut rests: Vec<(i128, usize)> = Vec::with_capacity(claims.len());
    for (no, claim) in claims.iter().enumerate() {
        let exact = pot * i128::from((*claim).max(0));
        parts.push(exact / total);
        rests.push((exact % total, no));
    }
    let mut left = pot - parts.iter().sum::<i128>();
    rests.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (rest, no) in rests {
        if left > 0
            && rest > 0
            && let Some(part) = parts.get_mut(no)
        {
            *part += 1;
            left -= 1;
        }
    }
    parts.into_iter().map(|p| i64::try_from(p).unwrap_or(i64::MAX)).collect()
}

/// Takes each part out of the pots, each claim's own pot first: `(claim, pot, amount)`. Pot `i` is claim `i`'s own.
#[must_use]
pub fn draw(pots: &[i64], parts: &[i64]) -> Vec<(usize, usize, i64)> {
    let mut left: Vec<i64> = pots.iter().map(|p| (*p).max(0)).collect();
    let mut wanted: Vec<i64> = parts.iter().map(|p| (*p).max(0)).collect();
    let mut drawn = Vec::new();
    let mut take = |claim: usize, pot: usize, left: &mut Vec<i64>, wanted: &mut Vec<i64>| {
        if let (Some(there), Some(want)) = (left.get_mut(pot), wanted.get_mut(claim)) {
            let amount = (*there).min(*want);
            if amount > 0 {
                *there -= amount;
                *want -= amount;
                drawn.push((claim, pot, amount));
            }
        }
    };
    for claim in 0..parts.len() {
        take(claim, claim, &mut left, &mut wanted);
    }
    for claim in 0..parts.len() {
        for pot in 0..pots.len() {
            take(claim, pot, &mut left, &mut wanted);
        }
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn by_hand() {
        assert_eq!(pro_rata(500, &[1_000, 1_000]), [250, 250]);
        assert_eq!(pro_rata(500, &[300]), [300]);
        assert_eq!(pro_rata(100, &[1, 1, 1]), [1, 1, 1]);
        assert_eq!(pro_rata(2, &[1, 1, 1]), [1, 1, 0]);
        assert_eq!(pro_rata(10, &[0, 0]), [0, 0]);
        assert_eq!(pro_rata(0, &[5, 5]), [0, 0]);
        assert_eq!(
            pro_rata(i64::MAX, &[i64::MAX, i64::MAX]).iter().map(|p| i128::from(*p)).sum::<i128>(),
            i128::from(i64::MAX)
        );
        assert_eq!(draw(&[500, 0], &[250, 250]), [(0, 0, 250), (1, 0, 250)]);
    }

    proptest! {
        #[test]
        fn nothing_lost_nothing_made(pot in 0_i64..2_000, claims in prop::collection::vec(0_i64..500, 0..8)) {
            let parts = pro_rata(pot, &claims);
            let total: i64 = claims.iter().sum();
            prop_assert_eq!(parts.iter().sum::<i64>(), pot.min(total));
            for (part, claim) in parts.iter().zip(&claims) {
                prop_assert!(part <= claim);
                // Never a whole unit away from the exact proportion.
                if total > 0 {
                    let exact = i128::from(pot.min(total)) * i128::from(*claim);
                    prop_assert!((i128::from(*part) * i128::from(total) - exact).abs() < i128::from(total));
                }
            }
        }
        #[test]
        fn a_larger_claim_never_gets_less(pot in 0_i64..2_000, claims in prop::collection::vec(0_i64..500, 2..8)) {
            let parts = pro_rata(pot, &claims);
            for (i, a) in claims.iter().enumerate() {
                for (j, b) in claims.iter().enumerate() {
                    if a > b { prop_assert!(parts[i] >= parts[j]); }
                }
            }
        }
        #[test]
        fn every_part_is_drawn_from_what_is_there(
            pots in prop::collection::vec(0_i64..300, 1..6), claims in prop::collection::vec(0_i64..300, 6),
        ) {
            let claims = &claims[..pots.len()];
            let parts = pro_rata(pots.iter().sum(), claims);
            let drawn = draw(&pots, &parts);
            for (claim, part) in parts.iter().enumerate() {
                prop_assert_eq!(drawn.iter().filter(|d| d.0 == claim).map(|d| d.2).sum::<i64>(), *part);
            }
            for (pot, there) in pots.iter().enumerate() {
                prop_assert!(drawn.iter().filter(|d| d.1 == pot).map(|d| d.2).sum::<i64>() <= *there);
            }
        }
    }
}
