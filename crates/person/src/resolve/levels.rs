//! Two records compared: how far each field agrees.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use names::{Word, alike};

use super::record::{Day, Prepared};

/// A field that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The national number.
    Iin,
    /// The family's name.
    Last,
    /// The given name.
    First,
    /// The father's name.
    Middle,
    /// The day of birth.
    Birth,
    /// The telephone.
    Phone,
    /// The address.
    Address,
}

/// All of them, in the order of [`Levels`].
pub const FIELDS: [Field; 7] =
    [Field::Iin, Field::Last, Field::First, Field::Middle, Field::Birth, Field::Phone, Field::Address];

/// How many levels a field has at most, with 0 for "not known of both".
pub(crate) const LEVELS: usize = 5;
/// Nothing is said of both.
pub(crate) const UNKNOWN: u8 = 0;
/// The same.
pub(crate) const SAME: u8 = 1;
/// The same with a slip, or in other words.
pub(crate) const NEAR: u8 = 2;
/// Something in common.
pub(crate) const SOME: u8 = 3;
/// Nothing in common.
pub(crate) const OTHER: u8 = 4;

/// How far the fields of two records agree, in the order of [`FIELDS`]: 0 where one is blank, 1 the same, 2 near, 3 something in
/// common, 4 nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Levels(pub [u8; 7]);

impl Levels {
    /// How many there are.
    pub(crate) const CODES: usize = 78_125;

    /// As one number below [`Levels::CODES`], in their order.
    pub(crate) fn code(self) -> u32 {
        self.0.iter().fold(0, |code, level| code * 5 + u32::from(*level).min(4))
    }

    /// Back from [`Levels::code`].
    pub(crate) fn of_code(code: u32) -> Self {
        let mut levels = [0; 7];
        let mut rest = code;
        for level in levels.iter_mut().rev() {
            *level = u8::try_from(rest % 5).unwrap_or(0);
            rest /= 5;
        }
        Self(levels)
    }

    /// The level of a field.
    #[must_use]
    pub fn of(&self, field: Field) -> u8 {
        FIELDS.iter().zip(self.0).find(|(f, _)| **f == field).map_or(UNKNOWN, |(_, level)| level)
    }

    /// Compares two records.
    #[must_use]
    pub fn between(a: &Prepared, b: &Prepared) -> Self {
        Self::among(a, b, &mut Compared::default())
    }

    /// Compares two of many records: names that were compared before are not compared anew.
    pub(crate) fn among(a: &Prepared, b: &Prepared, known: &mut Compared) -> Self {
        Self::nameless(a, b).with_names(a, b, known)
    }

    /// What is compared at next to no cost: all but the names, of which nothing is said.
    pub(crate) fn nameless(a: &Prepared, b: &Prepared) -> Self {
        Self([
            told(a.iin.as_deref(), b.iin.as_deref()),
            UNKNOWN,
            UNKNOWN,
            UNKNOWN,
            // What two numbers tell is told by the numbers.
            if a.birth_by_number && b.birth_by_number { UNKNOWN } else { days(a.birth, b.birth) },
            told(a.phone.as_deref(), b.phone.as_deref()),
            addresses(&a.address, &b.address),
        ])
    }

    /// The same with the names.
    pub(crate) fn with_names(self, a: &Prepared, b: &Prepared, known: &mut Compared) -> Self {
        let [iin, _, _, _, birth, phone, address] = self.0;
        let (last, first) = families_and_givens(a, b, known);
        let men = a.male.zip(b.male).is_some_and(|(a, b)| a != b);
        // A man is no woman, whatever a form of a name leaves open.
        let first = if men && first == UNKNOWN { OTHER } else { first };
        Self([iin, last, first, known.part(a.middle.as_ref(), b.middle.as_ref()), birth, phone, address])
    }
}

fn level(alike: u64) -> u8 {
    match alike {
        970.. => SAME,
        860.. => NEAR,
        740.. => SOME,
        _ => OTHER,
    }
}

/// Most comparisons of names that are kept.
const MOST_KNOWN: usize = 1_000_000;

/// Names that were compared, by where they lie: the same name is kept once.
#[derive(Debug, Default)]
pub(crate) struct Compared(HashMap<(usize, usize), u8, BuildHasherDefault<Places>>);

/// Hashes places in memory: nobody chooses them, so a multiplication will do (Fibonacci hashing, Knuth, volume 3, 6.4).
#[derive(Debug, Default)]
struct Places(u64);

impl Hasher for Places {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.write_u64(u64::from(*b)));
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(26) ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    fn write_usize(&mut self, n: usize) {
        self.write_u64(u64::try_from(n).unwrap_or(u64::MAX));
    }
}

impl Compared {
    fn part(&mut self, a: Option<&Arc<Word>>, b: Option<&Arc<Word>>) -> u8 {
        let (Some(a), Some(b)) = (a, b) else { return UNKNOWN };
        if Arc::ptr_eq(a, b) {
            return if a.is_initial() { UNKNOWN } else { SAME };
        }
        let (x, y) = (Arc::as_ptr(a).addr(), Arc::as_ptr(b).addr());
        if self.0.len() >= MOST_KNOWN {
            self.0.clear();
        }
        *self.0.entry((x, y)).or_insert_with(|| part(a, b))
    }
}

/// One part of a name. An initial says nothing where it fits.
fn part(a: &Word, b: &Word) -> u8 {
    let alike = alike(a, b);
    if a.is_initial() || b.is_initial() {
        return if alike > 0 { UNKNOWN } else { OTHER };
    }
    level(alike)
}

/// The family's and the given name, also where they stand in each other's place.
fn families_and_givens(a: &Prepared, b: &Prepared, known: &mut Compared) -> (u8, u8) {
    let straight =
        (known.part(a.last.as_ref(), b.last.as_ref()), known.part(a.first.as_ref(), b.first.as_ref()));
    let bad = |level: u8| level == OTHER || level == UNKNOWN;
    if bad(straight.0) && bad(straight.1) {
        let crossed =
            (known.part(a.last.as_ref(), b.first.as_ref()), known.part(a.first.as_ref(), b.last.as_ref()));
        let good = |level: u8| level == SAME || level == NEAR;
        if good(crossed.0) && good(crossed.1) {
            return crossed;
        }
    }
    straight
}

/// Whether two rows of digits differ by one slip: a digit changed, lost or added, or two changed places. That is where their
/// distance of Damerau is one.
fn is_slip(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.get(same..).unwrap_or_default(), b.get(same..).unwrap_or_default());
    match (a, b) {
        ([], []) => false,
        ([_, left @ ..], [_, right @ ..]) if a.len() == b.len() => {
            let swapped = matches!((a, b), ([a1, a2, ..], [b1, b2, ..]) if a1 == b2 && a2 == b1);
            left == right || (swapped && left.get(1..) == right.get(1..))
        }
        (long, [_, left @ ..]) if long.len() == left.len() => long == left,
        ([_, left @ ..], long) if long.len() == left.len() => long == left,
        _ => false,
    }
}

fn told(a: Option<&str>, b: Option<&str>) -> u8 {
    a.zip(b).map_or(UNKNOWN, |(a, b)| numbers(a, b))
}

/// Two rows of digits.
pub(crate) fn numbers(a: &str, b: &str) -> u8 {
    if a == b {
        SAME
    } else if is_slip(a.as_bytes(), b.as_bytes()) {
        NEAR
    } else {
        OTHER
    }
}

/// A day as eight digits.
fn written((y, m, d): Day) -> [u8; 8] {
    let digit = |n: u16, of: u16| u8::try_from(n.checked_div(of).unwrap_or(0) % 10).unwrap_or(0);
    let (m, d) = (u16::from(m), u16::from(d));
    [
        digit(y, 1_000),
        digit(y, 100),
        digit(y, 10),
        digit(y, 1),
        digit(m, 10),
        digit(m, 1),
        digit(d, 10),
        digit(d, 1),
    ]
}

fn days(a: Option<Day>, b: Option<Day>) -> u8 {
    let (Some(a), Some(b)) = (a, b) else { return UNKNOWN };
    if a == b {
        return SAME;
    }
    let swapped = a.0 == b.0 && a.1 == b.2 && a.2 == b.1;
    if swapped || is_slip(&written(a), &written(b)) {
        return NEAR;
    }
    let same = [a.0 == b.0, a.1 == b.1, a.2 == b.2].into_iter().filter(|same| *same).count();
    if same == 2 { SOME } else { OTHER }
}

fn addresses(a: &[String], b: &[String]) -> u8 {
    if a.is_empty() || b.is_empty() {
        return UNKNOWN;
    }
    let common = a.iter().filter(|w| b.binary_search(w).is_ok()).count();
    let all = a.len().saturating_add(b.len()).saturating_sub(common);
    match common.saturating_mul(100).checked_div(all).unwrap_or(0) {
        75.. => SAME,
        50.. => NEAR,
        25.. => SOME,
        _ => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::Record;
    use super::*;

    fn record(last: &str, first: &str, middle: &str, birth: &str) -> Record {
        Record {
            last: last.into(),
            first: first.into(),
            middle: middle.into(),
            birth: birth.into(),
            ..Record::default()
        }
    }
    fn between(a: &Record, b: &Record) -> [u8; 7] {
        Levels::between(&a.prepare(), &b.prepare()).0
    }

    #[test]
    fn one_person_in_two_writings_and_two_of_one_family() {
        let one = record("Серікова", "Айгүл", "Болатқызы", "1990-05-17");
        let again = record("Serikova", "Aigul", "Bolatovna", "17.05.1990");
        assert_eq!(between(&one, &again), [0, 1, 1, 1, 1, 0, 0]);
        let swapped = record("Айгуль", "Серикова", "", "1990-05-18");
        assert_eq!(between(&one, &swapped), [0, 1, 1, 0, 2, 0, 0]);
        let sister = record("Серікова", "Айнұр", "Болатқызы", "1992-01-03");
        assert_eq!(between(&one, &sister), [0, 1, 4, 1, 4, 0, 0]);
        let brother = record("Серіков", "", "Болатұлы", "1990-05-17");
        assert_eq!(between(&one, &brother), [0, 2, 4, 4, 1, 0, 0]);
    }

    #[test]
    fn slips_in_digits() {
        for (a, b, slip) in [
            ("7015550123", "7015550132", true),
            ("7015550123", "7015550124", true),
            ("7015550123", "701555012", true),
            ("7015550123", "07015550123", true),
            ("7015550123", "7015550134", false),
            ("", "1", true),
            ("12", "3456", false),
        ] {
            assert_eq!(is_slip(a.as_bytes(), b.as_bytes()), slip, "{a} {b}");
            assert_eq!(is_slip(b.as_bytes(), a.as_bytes()), slip, "{b} {a}");
        }
    }

    proptest::proptest! {
        /// The plain distance says the same.
        #[test]
        fn a_slip_is_a_distance_of_one(a in "[0-3]{0,6}", b in "[0-3]{0,6}") {
            proptest::prop_assert_eq!(is_slip(a.as_bytes(), b.as_bytes()), strsim::osa_distance(&a, &b) == 1);
        }
    }
}
