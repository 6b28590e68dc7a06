//! Amounts in two bytes, rounded down to eleven significant bits.
//!
//! A code keeps the order of amounts and loses less than one part in 1,024. That suffices for the one use the
//! graph makes of it: the floor under which a transfer is not followed. A [`Floor`] is itself one of the
//! representable amounts, and against such a floor the test on codes is *exact* for every amount:
//! `amount >= floor` exactly if `code(amount) >= code(floor)`. So the search drops nothing at or above the
//! floor that was asked for, and says which floor it applied.

const MANTISSA_BITS: u32 = 10;
const ONE: u64 = 1 << MANTISSA_BITS;

/// The code of an amount: never decreasing, equal for amounts that differ by less than a thousandth or so.
#[must_use]
pub fn encode(amount: u64) -> u16 {
    if amount < 2 * ONE {
        return u16::try_from(amount).unwrap_or(u16::MAX);
    }
    // `amount >> shift` has exactly eleven bits, the uppermost of which is not stored.
    let shift = u64::BITS - amount.leading_zeros() - (MANTISSA_BITS + 1);
    let code = (u64::from(shift) + 1) * ONE + ((amount >> shift) - ONE);
    u16::try_from(code).unwrap_or(u16::MAX)
}

/// The smallest amount that has this code: at most the amount that was encoded.
#[must_use]
pub const fn decode(code: u16) -> u64 {
    #[expect(clippy::as_conversions, reason = "const fn: u16 to u64 widens")]
    let code = code as u64;
    if code < 2 * ONE {
        return code;
    }
    let shift = code / ONE - 1;
    let mantissa = code % ONE + ONE;
    if shift + 11 > 64 { u64::MAX } else { mantissa << shift }
}

/// The least amount that is followed, in smallest units. Rounded down to a representable amount, so a search
/// never drops what the caller wanted followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Floor(u16);

impl Floor {
    /// Everything is followed.
    pub const NONE: Self = Self(0);

    /// The greatest floor that is not above `minor` smallest units.
    #[must_use]
    pub fn at_most(minor: u64) -> Self {
        Self(encode(minor))
    }
    /// The floor that is applied, in smallest units.
    #[must_use]
    pub const fn minor(self) -> u64 {
        decode(self.0)
    }
    pub(crate) const fn code(self) -> u16 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn vectors() {
        for (amount, code) in [
            (0, 0),
            (1, 1),
            (2_047, 2_047),
            (2_048, 2_048),
            (2_049, 2_048),
            (4_096, 3_072),
            (u64::MAX, 56_319),
        ] {
            assert_eq!(encode(amount), code, "{amount}");
        }
        assert_eq!(Floor::at_most(1_000_000).minor(), 999_936);
        assert_eq!(Floor::default(), Floor::NONE);
    }

    proptest! {
        #[test]
        fn order_is_kept(a: u64, b: u64) {
            prop_assert_eq!(a.cmp(&b), a.cmp(&b).then(encode(a).cmp(&encode(b))));
            prop_assert!(a > b || encode(a) <= encode(b));
        }
        #[test]
        fn little_is_lost_and_only_once(a: u64) {
            let kept = decode(encode(a));
            prop_assert!(kept <= a && a - kept <= a / 1_024);
            prop_assert_eq!(encode(kept), encode(a));
        }
        #[test]
        fn the_floor_test_is_exact(amount: u64, asked: u64, shift in 0_u32..64) {
            let (amount, floor) = (amount >> shift, Floor::at_most(asked >> shift));
            prop_assert_eq!(encode(amount) >= floor.code(), amount >= floor.minor());
            prop_assert!(floor.minor() <= asked >> shift);
        }
    }
}
