//! Lines between what the machine decides and what a person looks at, in thousandths of a bit.

/// From here on two records are joined without a person: a thousand to one. What is joined parts again, but whoever reads of
/// somebody else's matter in the meantime has read it.
pub const SURE: i64 = 10_000;
/// From here on a person is asked: as likely as not.
pub const LOOK: i64 = 0;
/// Below, two records contradict one another: one to sixty.
const AGAINST: i64 = -6_000;

/// What weighed records are for one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// One person's.
    Sure,
    /// A person looks.
    Look,
    /// Nothing is known.
    Nothing,
    /// Two persons'.
    Against,
}

/// Where two records lie that weigh so much. The same number under two names is looked at, however little the rest says: a slip,
/// or somebody who uses another's number.
#[must_use]
pub const fn place(bits: i64, same_number: bool) -> Place {
    match bits {
        SURE.. => Place::Sure,
        LOOK..SURE => Place::Look,
        _ if same_number => Place::Look,
        AGAINST..LOOK => Place::Nothing,
        _ => Place::Against,
    }
}

/// The same where it is known whether both tell a right national number and not the same (`clash`): then the machine joins never, and
/// what does not speak for one person speaks against it.
#[must_use]
pub const fn place_of(bits: i64, same_number: bool, clash: bool) -> Place {
    match place(bits, same_number) {
        Place::Sure if clash => Place::Look,
        Place::Nothing if clash => Place::Against,
        other => other,
    }
}

/// How much something says, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// From eight bits on.
    Strong,
    /// From three bits on.
    Some,
    /// Less.
    Little,
    /// Nothing.
    Nothing,
}

impl Strength {
    /// As in keys of texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Some => "some",
            Self::Little => "little",
            Self::Nothing => "nothing",
        }
    }
}

/// How much so many thousandths of a bit say, for or against.
#[must_use]
pub const fn strength(bits: i64) -> Strength {
    match bits.unsigned_abs() {
        8_000.. => Strength::Strong,
        3_000.. => Strength::Some,
        50.. => Strength::Little,
        _ => Strength::Nothing,
    }
}

/// How many to one, rounded to a power of two: of 6.3 bits 64. Never more than a million, which nobody can tell from certain.
#[must_use]
pub fn odds(bits: i64) -> u64 {
    let whole = u32::try_from(bits.unsigned_abs().checked_div(1_000).unwrap_or(0)).unwrap_or(u32::MAX);
    1_u64.checked_shl(whole.min(20)).unwrap_or(1).min(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        for (bits, told) in [
            (30_000, Place::Sure),
            (10_000, Place::Sure),
            (9_999, Place::Look),
            (0, Place::Look),
            (-1, Place::Nothing),
            (-6_000, Place::Nothing),
            (-6_001, Place::Against),
        ] {
            assert_eq!(place(bits, false), told, "{bits}");
        }
        assert_eq!(place(-2_000, true), Place::Look);
        // Two numbers are two persons' until people say otherwise.
        assert_eq!(place_of(30_000, false, true), Place::Look);
        assert_eq!(place_of(-1, false, true), Place::Against);
        assert_eq!(place_of(30_000, true, false), Place::Sure);
        assert_eq!([odds(0), odds(6_300), odds(-6_300), odds(99_000)], [1, 64, 64, 1_000_000]);
    }
}
