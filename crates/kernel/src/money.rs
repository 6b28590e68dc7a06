//! Money: whole units of an asset's smallest part, checked arithmetic, no floats, no rounding of input.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A currency of ISO 4217 or an asset that a profile names (BTC, USDT).
/// `scale` is the number of decimal digits of its smallest unit, at most 9 (ETH is kept in gwei).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Asset {
    code: [u8; 8],
    scale: u8,
}

impl Asset {
    /// `None` unless the code is 3 to 8 of `A-Z0-9` and the scale at most 9.
    #[must_use]
    pub fn new(code: &str, scale: u8) -> Option<Self> {
        let ok = (3..=8).contains(&code.len())
            && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            && scale <= 9;
        let mut bytes = [0_u8; 8];
        for (to, from) in bytes.iter_mut().zip(code.bytes()) {
            *to = from;
        }
        ok.then_some(Self { code: bytes, scale })
    }
    /// The code, `KZT`.
    #[must_use]
    pub fn code(&self) -> &str {
        let end = self.code.iter().position(|b| *b == 0).unwrap_or(self.code.len());
        // INVARIANT: `new` admits ASCII only.
        self.code.get(..end).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or_default()
    }
    /// Decimal digits of the smallest unit.
    #[must_use]
    pub const fn scale(&self) -> u8 {
        self.scale
    }
}

impl fmt::Debug for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.code(), self.scale)
    }
}

impl Serialize for Asset {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&format_args!("{}/{}", self.code(), self.scale))
    }
}
impl<'de> Deserialize<'de> for Asset {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.split_once('/')
            .and_then(|(c, s)| Self::new(c, s.parse().ok()?))
            .ok_or_else(|| serde::de::Error::custom("an asset is written `CODE/scale`"))
    }
}

/// Why an amount was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// No amount was given.
    #[error("the amount is empty")]
    Empty,
    /// Not an amount at all.
    #[error("`{0}` is not an amount")]
    NotANumber(String),
    /// Below zero.
    #[error("the amount is negative")]
    Negative,
    /// Zero where money must have moved.
    #[error("the amount is zero")]
    Zero,
    /// More decimal digits than the asset has.
    #[error("the asset has {scale} decimal digits, {given} were given")]
    TooPrecise {
        /// Digits the asset has.
        scale: u8,
        /// Digits that were given.
        given: usize,
    },
    /// `1.234` of an asset that is divided more finely than that: a thousand, or one and a bit.
    #[error("`{0}` can be read in two ways")]
    Ambiguous(String),
    /// Larger than can be kept.
    #[error("the amount is too large")]
    TooLarge,
    /// Two different assets met in one sum.
    #[error("cannot add {0} and {1}")]
    Mixed(String, String),
}

/// An amount of one asset. May be negative as a difference; orders and payments use positive ones only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    asset: Asset,
}

impl Money {
    /// `minor` smallest units of `asset`.
    #[must_use]
    pub const fn from_minor(minor: i64, asset: Asset) -> Self {
        Self { minor, asset }
    }
    /// Smallest units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }
    /// The asset.
    #[must_use]
    pub const fn asset(self) -> Asset {
        self.asset
    }
    /// Whether it is above zero.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// Reads an amount as people write it: spaces and no-break spaces between thousands, comma or point
    /// before decimals. A single separator with exactly three digits behind it separates thousands (`1.234` is
    /// 1,234) where the asset has fewer than three decimals, and is refused where it has more: it could be
    /// either. More decimals than the asset has are
    /// refused, never rounded.
    ///
    /// # Errors
    /// [`MoneyError`] says what is wrong; the sign and zero are judged here too.
    pub fn parse(text: &str, asset: Asset) -> Result<Self, MoneyError> {
        let clean: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}' | '\''))
            .collect();
        if clean.is_empty() {
            return Err(MoneyError::Empty);
        }
        let bad = || MoneyError::NotANumber(text.chars().take(40).collect());
        if !stand_at_thousands(text) {
            return Err(bad());
        }
        if let Some(rest) = clean.strip_prefix(['-', '−']) {
            let numeric = rest.starts_with(|c: char| c.is_ascii_digit());
            return Err(if numeric { MoneyError::Negative } else { bad() });
        }
        if asset.scale > 3 && is_lone_thousand(&clean) {
            return Err(MoneyError::Ambiguous(clean.chars().take(40).collect()));
        }
        let (whole, decimals) = split_decimals(&clean, asset.scale).ok_or_else(bad)?;
        if decimals.len() > usize::from(asset.scale) {
            return Err(MoneyError::TooPrecise { scale: asset.scale, given: decimals.len() });
        }
        let mut minor: i64 = 0;
        let padding = usize::from(asset.scale) - decimals.len();
        for c in whole.chars().chain(decimals.chars()).chain(std::iter::repeat_n('0', padding)) {
            let digit = i64::from(c.to_digit(10).ok_or_else(bad)?);
            minor = minor.checked_mul(10).and_then(|m| m.checked_add(digit)).ok_or(MoneyError::TooLarge)?;
        }
        if minor == 0 { Err(MoneyError::Zero) } else { Ok(Self { minor, asset }) }
    }

    /// The sum.
    ///
    /// # Errors
    /// Different assets, or a sum too large to keep.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_asset(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Self { minor, ..self })
    }

    /// The difference, which may be negative.
    ///
    /// # Errors
    /// Different assets, or a difference too large to keep.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_asset(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Self { minor, ..self })
    }

    fn same_asset(self, other: Self) -> Result<(), MoneyError> {
        if self.asset == other.asset {
            return Ok(());
        }
        Err(MoneyError::Mixed(self.asset.code().to_owned(), other.asset.code().to_owned()))
    }

    /// Reads what a machine wrote: digits, at most one point, at most the asset's decimal digits. Nothing is
    /// guessed: no separators, no sign, no spaces. Zero is an amount here.
    ///
    /// # Errors
    /// Anything else; larger than can be kept.
    pub fn from_decimal(text: &str, asset: Asset) -> Result<Self, MoneyError> {
        let bad = || MoneyError::NotANumber(text.chars().take(40).collect());
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(decimals) {
            return Err(bad());
        }
        let scale = usize::from(asset.scale);
        let decimals = if text.contains('.') { decimals } else { "" };
        if decimals.len() > scale {
            return Err(MoneyError::TooPrecise { scale: asset.scale, given: decimals.len() });
        }
        let minor = format!("{whole}{decimals:0<scale$}").parse().map_err(|_| MoneyError::TooLarge)?;
        Ok(Self { minor, asset })
    }

    /// Plain decimal text with a point, for machines: `2400000.00`.
    #[must_use]
    pub fn to_decimal(self) -> String {
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = self.minor.unsigned_abs().to_string();
        let scale = usize::from(self.asset.scale);
        if scale == 0 {
            return format!("{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, decimals) = padded.split_at(padded.len() - scale);
        format!("{sign}{whole}.{decimals}")
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.asset.code())
    }
}

/// Digits before and behind the decimal separator; `None` if separators do not make sense.
fn split_decimals(clean: &str, scale: u8) -> Option<(String, String)> {
    let separators: Vec<(usize, char)> =
        clean.char_indices().filter(|(_, c)| matches!(c, '.' | ',')).collect();
    if !clean.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        || !clean.starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let Some(&(last, mark)) = separators.last() else { return Some((clean.to_owned(), String::new())) };
    let tail = clean.get(last + 1..)?;
    let repeated = separators.iter().filter(|(_, c)| *c == mark).count() > 1;
    let lone_thousands = scale < 3 && is_lone_thousand(clean);
    let (whole, decimals) = if repeated || lone_thousands { (clean, "") } else { (clean.get(..last)?, tail) };
    let groups: Vec<&str> = whole.split(['.', ',']).collect();
    let grouped = groups.len() == 1 || groups.iter().skip(1).all(|g| g.len() == 3);
    let has_decimals = !decimals.is_empty() || repeated || lone_thousands;
    (grouped && has_decimals && groups.first().is_some_and(|g| !g.is_empty()))
        .then(|| (groups.concat(), decimals.to_owned()))
}

/// Whether spaces stand where thousands end: `1000 2000` is two sums, and no ten million.
fn stand_at_thousands(text: &str) -> bool {
    let is_space = |c: char| c.is_whitespace() || matches!(c, '\u{a0}' | '\u{202f}' | '\'');
    let groups = text.split(is_space).filter(|g| g.contains(|c: char| c.is_ascii_digit()));
    let digits = |group: &str| group.chars().take_while(char::is_ascii_digit).count();
    groups.skip(1).all(|group| digits(group) == 3)
}

/// One separator with three digits behind it. No thousands begin with a zero: `0,001` is a thousandth.
fn is_lone_thousand(clean: &str) -> bool {
    let mut parts = clean.split(['.', ',']);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match (parts.next(), parts.next(), parts.next()) {
        (Some(whole), Some(tail), None) => {
            digits(whole) && digits(tail) && tail.len() == 3 && !whole.starts_with('0')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_sums_in_one_field_are_none() {
        for text in ["1000 2000", "12 34", "1 50000", "5 000 5"] {
            assert!(matches!(Money::parse(text, kzt()), Err(MoneyError::NotANumber(_))), "{text}");
        }
        for (text, minor) in [("150 000", 15_000_000), ("2 400 000,50", 240_000_050), (" 5 000 ", 500_000)] {
            assert_eq!(Money::parse(text, kzt()).map(Money::minor), Ok(minor), "{text}");
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_asked_about() {
        let btc = Asset::new("BTC", 8).unwrap();
        for text in ["1.234", "2,500", "12,345"] {
            assert_eq!(Money::parse(text, btc), Err(MoneyError::Ambiguous(text.to_owned())), "{text}");
        }
        for (text, minor) in [
            ("0,015", 1_500_000),
            ("1.2340", 123_400_000),
            ("1,234.5", 123_450_000_000),
            ("2500", 250_000_000_000),
        ] {
            assert_eq!(Money::parse(text, btc).map(Money::minor), Ok(minor), "{text}");
        }
    }

    fn kzt() -> Asset {
        Asset::new("KZT", 2).unwrap()
    }

    #[test]
    fn no_thousand_begins_with_a_zero() {
        for text in ["0,001", "0.001", "00.500"] {
            assert_eq!(
                Money::parse(text, kzt()),
                Err(MoneyError::TooPrecise { scale: 2, given: 3 }),
                "{text}"
            );
        }
        assert_eq!(Money::parse("1,234", kzt()).map(Money::minor), Ok(123_400));
    }

    #[test]
    fn a_machine_writes_one_way() {
        let kzt = Asset::new("KZT", 2).unwrap();
        let read = |text: &str| Money::from_decimal(text, kzt).map(Money::minor);
        assert_eq!(
            [read("620000.00"), read("0"), read("5.1"), read("007.50")],
            [Ok(62_000_000), Ok(0), Ok(510), Ok(750)]
        );
        for bad in ["", ".", "5.", ".5", "1.234.567", "1,5", "1 000", "-1", "+1", "1e3", "٣"] {
            assert!(matches!(read(bad), Err(MoneyError::NotANumber(_))), "{bad}");
        }
        assert_eq!(read("1.234"), Err(MoneyError::TooPrecise { scale: 2, given: 3 }));
        assert_eq!(read("99999999999999999999"), Err(MoneyError::TooLarge));
        let whole = Asset::new("KRW", 0).unwrap();
        assert_eq!(Money::from_decimal("12", whole).map(Money::minor), Ok(12));
    }

    #[test]
    fn as_people_write() {
        for (text, minor) in [
            ("2400000", 240_000_000),
            ("2 400 000", 240_000_000),
            ("2\u{a0}400\u{a0}000,50", 240_000_050),
            ("1.234", 123_400),
            ("1,234", 123_400),
            ("1.234.567", 123_456_700),
            ("1,234.56", 123_456),
            ("1.234,5", 123_450),
            ("0,01", 1),
            ("12,5", 1_250),
        ] {
            assert_eq!(Money::parse(text, kzt()).map(Money::minor), Ok(minor), "{text}");
        }
    }

    #[test]
    fn what_is_refused() {
        use MoneyError as E;
        let no = |t: &str| Money::parse(t, kzt()).unwrap_err();
        assert_eq!(no(""), E::Empty);
        assert_eq!(no("  "), E::Empty);
        assert_eq!(no("-5"), E::Negative);
        assert_eq!(no("0"), E::Zero);
        assert_eq!(no("0,00"), E::Zero);
        assert_eq!(no("1,2345"), E::TooPrecise { scale: 2, given: 4 });
        assert_eq!(no("99999999999999999999"), E::TooLarge);
        for junk in ["abc", "1e5", "--5", "1.23.4", ",5", "5,", "١٢٣", "1,23,456"] {
            assert!(matches!(no(junk), E::NotANumber(_)), "{junk}");
        }
    }

    proptest! {
        #[test]
        fn decimal_text_round_trip(minor in 1_i64..i64::MAX, scale in 0_u8..=9) {
            // Three decimals are the one scale where a lone separator with three digits is a decimal.
            let asset = Asset::new("XTS", scale).unwrap();
            let money = Money::from_minor(minor, asset);
            prop_assert_eq!(Money::parse(&money.to_decimal(), asset), Ok(money));
        }
        #[test]
        fn addition_undone_by_subtraction(a in -1_000_000_000_i64..1_000_000_000, b in -1_000_000_000_i64..1_000_000_000) {
            let (a, b) = (Money::from_minor(a, kzt()), Money::from_minor(b, kzt()));
            prop_assert_eq!(a.checked_add(b).unwrap().checked_sub(b), Ok(a));
        }
        #[test]
        fn never_panics(text in ".{0,40}") {
            let _ = Money::parse(&text, kzt());
        }
    }

    #[test]
    fn assets_do_not_mix() {
        let usd = Money::from_minor(1, Asset::new("USD", 2).unwrap());
        assert!(matches!(Money::from_minor(1, kzt()).checked_add(usd), Err(MoneyError::Mixed(..))));
        assert!(
            Asset::new("kzt", 2).is_none()
                && Asset::new("KZT", 10).is_none()
                && Asset::new("TOOLONGCODE", 2).is_none()
        );
    }
}
