//! Amounts, exactly as they are written: whole units of a power of ten, no floats, nothing rounded.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Most digits of an amount.
const DIGITS: usize = 24;
/// Most of them behind the point.
const SCALE: u8 = 12;

/// A number with so many digits behind the point. `1.0` and `1.00` are equal and are written as they came.
#[derive(Clone, Copy, Default)]
pub struct Decimal {
    units: i128,
    scale: u8,
}

impl Decimal {
    /// Nothing.
    pub const ZERO: Self = Self { units: 0, scale: 0 };

    /// `units` of 10 to the power of minus `scale`; `None` where that is more than is kept.
    #[must_use]
    pub fn new(units: i128, scale: u8) -> Option<Self> {
        let most = 10_i128.checked_pow(u32::try_from(DIGITS).ok()?)?;
        (scale <= SCALE && units.checked_abs()? < most).then_some(Self { units, scale })
    }

    /// Units and how many digits stand behind the point.
    #[must_use]
    pub const fn parts(self) -> (i128, u8) {
        (self.units, self.scale)
    }

    /// What a machine wrote: a sign perhaps, digits, at most one point.
    #[must_use]
    pub fn from_machine(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() {
            return None;
        }
        let value = Self::of(whole, decimals)?;
        Some(if negative { value.negated() } else { value })
    }

    fn of(whole: &str, decimals: &str) -> Option<Self> {
        let whole = whole.trim_start_matches('0');
        if whole.len().checked_add(decimals.len())? > DIGITS {
            return None;
        }
        let mut units: i128 = 0;
        for c in whole.chars().chain(decimals.chars()) {
            let digit = if c.is_ascii_digit() { c.to_digit(10)? } else { return None };
            units = units.checked_mul(10)?.checked_add(i128::from(digit))?;
        }
        Self::new(units, u8::try_from(decimals.len()).ok()?)
    }

    /// The same below zero.
    #[must_use]
    pub const fn negated(self) -> Self {
        // INVARIANT: `new` keeps units far from the ends.
        Self { units: self.units.wrapping_neg(), scale: self.scale }
    }

    /// The same above zero.
    #[must_use]
    pub const fn abs(self) -> Self {
        if self.units < 0 { self.negated() } else { self }
    }

    /// Whether it is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.units < 0
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.units == 0
    }

    fn at(self, scale: u8) -> Option<i128> {
        let by = 10_i128.checked_pow(u32::from(scale.checked_sub(self.scale)?))?;
        self.units.checked_mul(by)
    }

    /// The sum; `None` where it is more than is kept.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        Self::new(self.at(scale)?.checked_add(other.at(scale)?)?, scale)
    }

    /// The difference; `None` where it is more than is kept.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(other.negated())
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        let scale = self.scale.max(other.scale);
        matches!((self.at(scale), other.at(scale)), (Some(a), Some(b)) if a == b)
    }
}
impl Eq for Decimal {}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let digits = self.units.unsigned_abs().to_string();
        let scale = usize::from(self.scale);
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale.saturating_add(1));
        let (whole, decimals) = padded.split_at(padded.len().saturating_sub(scale));
        write!(f, "{sign}{whole}.{decimals}")
    }
}
impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        Self::from_machine(&text).ok_or_else(|| serde::de::Error::custom("not a decimal number"))
    }
}

/// What stands before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// `1 234,56`
    #[serde(rename = ",")]
    Comma,
    /// `1,234.56`
    #[serde(rename = ".")]
    Point,
}

/// Why an amount was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// Nothing stands there.
    Empty,
    /// It is no amount.
    NoAmount,
    /// It can be read in two ways.
    Ambiguous,
}

/// What an amount looks like without spaces, signs and the currency.
struct Bare {
    negative: bool,
    digits: String,
}

fn bare(text: &str) -> Result<Bare, Unread> {
    let mut digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’' | '`'))
        .map(|c| if matches!(c, '−' | '–' | '—') { '-' } else { c })
        .collect();
    if digits.is_empty() {
        return Err(Unread::Empty);
    }
    let mut negative = false;
    if let Some(inner) = digits.strip_prefix('(').and_then(|d| d.strip_suffix(')')) {
        negative = true;
        digits = inner.to_owned();
    }
    // A currency before or behind: letters and signs, and the full stop of an abbreviation (`руб.`).
    // Where the encoding of an old export has no such sign, a question mark stands for it.
    let is_money = |c: char| c.is_alphabetic() || matches!(c, '₸' | '₽' | '$' | '€' | '£' | '¥' | '₺' | '?');
    let without = |d: &str| {
        let d = d.trim_start_matches(is_money);
        let end = d.trim_end_matches('.');
        let end = if end.ends_with(is_money) { end } else { d };
        end.trim_end_matches(is_money).to_owned()
    };
    digits = without(&digits);
    for _ in 0..2 {
        if let Some(rest) = digits.strip_prefix('-') {
            negative = !negative;
            digits = without(rest);
        } else if let Some(rest) = digits.strip_prefix('+') {
            digits = without(rest);
        } else if let Some(rest) = digits.strip_suffix('-') {
            negative = !negative;
            digits = without(rest);
        }
    }
    let plain = digits.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','))
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        && digits.chars().any(|c| c.is_ascii_digit());
    if plain { Ok(Bare { negative, digits }) } else { Err(Unread::NoAmount) }
}

/// Whether groups of three stand between the separators.
fn in_thousands(whole: &str, by: char) -> bool {
    let mut groups = whole.split(by);
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3)
}

/// Which of the two marks stands before the decimals, as far as this one amount shows it.
#[must_use]
pub fn shows(text: &str) -> Option<Mark> {
    let digits = bare(text).ok()?.digits;
    let mark = |c: char| if c == ',' { Mark::Comma } else { Mark::Point };
    let last = digits.rfind([',', '.'])?;
    let (whole, behind) = digits.split_at(last);
    let sign = behind.chars().next()?;
    let decimals = behind.len().saturating_sub(1);
    let other = if sign == ',' { '.' } else { ',' };
    if whole.contains(other) && !whole.contains(sign) {
        return Some(mark(sign));
    }
    if whole.contains(sign) {
        // `1,234,567`: thousands, so that the other one stands before decimals.
        return Some(mark(other));
    }
    (decimals != 3 || whole.len() > 3 || whole == "0").then(|| mark(sign))
}

/// Reads an amount as people and banks write it. `mark` is what stands before decimals in this file, where that is known.
///
/// # Errors
/// [`Unread`] says why not.
pub fn told(text: &str, mark: Option<Mark>) -> Result<Decimal, Unread> {
    let Bare { negative, digits } = bare(text)?;
    let commas = digits.matches(',').count();
    let points = digits.matches('.').count();
    let decimal = match (commas, points) {
        (0, 0) => None,
        (c, 0) if c > 1 => None,
        (0, p) if p > 1 => None,
        (1, 0) | (0, 1) => {
            let sign = if commas == 1 { ',' } else { '.' };
            let seen = if commas == 1 { Mark::Comma } else { Mark::Point };
            let by = match (mark, shows(text)) {
                (Some(known), _) => Some(known),
                (None, Some(shown)) => Some(shown),
                (None, None) => return Err(Unread::Ambiguous),
            };
            (by == Some(seen)).then_some(sign)
        }
        // Both: the one that comes last, once, stands before the decimals.
        (c, p) => match digits.rfind([',', '.']).and_then(|at| digits.get(at..)?.chars().next()) {
            Some(',') if c == 1 => Some(','),
            Some('.') if p == 1 => Some('.'),
            _ => return Err(Unread::NoAmount),
        },
    };
    let (whole, decimals) = match decimal {
        Some(sign) => digits.split_once(sign).unwrap_or((digits.as_str(), "")),
        None => (digits.as_str(), ""),
    };
    let by = if whole.contains(',') { ',' } else { '.' };
    if whole.contains([',', '.']) && (!in_thousands(whole, by)) {
        return Err(Unread::NoAmount);
    }
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let value = Decimal::of(&whole, decimals).ok_or(Unread::NoAmount)?;
    Ok(if negative { value.negated() } else { value })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn d(text: &str) -> Decimal {
        Decimal::from_machine(text).unwrap()
    }

    #[test]
    fn amounts_as_banks_write_them() {
        for (text, value) in [
            ("1 234,56", "1234.56"),
            ("1\u{a0}234,56", "1234.56"),
            ("1\u{202f}234.56", "1234.56"),
            ("1,234.56", "1234.56"),
            ("1.234,56", "1234.56"),
            ("1,234,567", "1234567"),
            ("1.234.567,8", "1234567.8"),
            ("-500", "-500"),
            ("−500,00", "-500.00"),
            ("(500,00)", "-500.00"),
            ("500,00-", "-500.00"),
            ("+ 12 000,00 ₸", "12000.00"),
            ("- 12 000,00 ₸", "-12000.00"),
            ("12 000 тг.", "12000"),
            ("KZT 99.90", "99.90"),
            ("0,5", "0.5"),
            ("0,123", "0.123"),
            (",5", "0.5"),
            ("1234,567", "1234.567"),
        ] {
            assert_eq!(told(text, None), Ok(d(value)), "{text}");
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_not_guessed() {
        assert_eq!(told("1.234", None), Err(Unread::Ambiguous));
        assert_eq!(told("1,234", None), Err(Unread::Ambiguous));
        assert_eq!(told("1,234", Some(Mark::Point)), Ok(d("1234")));
        assert_eq!(told("1,234", Some(Mark::Comma)), Ok(d("1.234")));
        assert_eq!(told("1.234", Some(Mark::Comma)), Ok(d("1234")));
    }

    #[test]
    fn what_is_no_amount() {
        for text in
            ["", " ", "-", "abc", "1,2,3", "12.34.56", "1,23.456,7", "12a3", "=1+1", "1..2", "NaN", "1e5"]
        {
            assert!(told(text, None).is_err(), "{text}");
        }
        assert!(told(&"9".repeat(40), None).is_err());
    }

    #[test]
    fn equal_however_written() {
        assert_eq!(d("1.0"), d("1.00"));
        assert_eq!(d("-0"), Decimal::ZERO);
        assert_eq!(d("0.10").checked_add(d("0.2")).unwrap().to_string(), "0.30");
        assert_eq!(d("-0.05").to_string(), "-0.05");
    }

    proptest! {
        #[test]
        fn reads_what_it_writes(units in -1_000_000_000_000_i128..1_000_000_000_000, scale in 0_u8..=6) {
            let value = Decimal::new(units, scale).unwrap();
            prop_assert_eq!(Decimal::from_machine(&value.to_string()), Some(value));
            prop_assert_eq!(told(&value.to_string(), Some(Mark::Point)), Ok(value));
            let comma = value.to_string().replace('.', ",");
            prop_assert_eq!(told(&comma, Some(Mark::Comma)), Ok(value));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            let _ = told(&text, None);
            let _ = told(&text, Some(Mark::Comma));
            let _ = shows(&text);
        }
    }
}
