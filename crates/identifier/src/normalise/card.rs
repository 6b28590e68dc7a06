//! Payment cards (ISO/IEC 7812). The whole number exists here only as a [`Secret`]; everything else sees
//! the first six and last four digits.

use kernel::Secret;

use super::{digits_only, luhn};
use crate::Reason;

/// A whole card number that passed its check digit.
#[derive(Debug, Clone)]
pub struct CardNumber {
    digits: Secret<String>,
    canonical: String,
}

impl CardNumber {
    /// First six and last four digits, ten in all.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }
    /// The whole number, for the keyed token and the order that must name it; never for show or storage.
    #[must_use]
    pub const fn whole(&self) -> &Secret<String> {
        &self.digits
    }
}

/// A whole card number out of a field.
///
/// # Errors
/// Why it is none.
pub fn parse(text: &str) -> Result<CardNumber, Reason> {
    let digits = match digits_only(text) {
        Err(Reason::Characters) if has_mask(text) => return Err(Reason::Hidden),
        other => other?,
    };
    check(&digits)?;
    let canonical = shorten(&digits).ok_or(Reason::TooShort)?;
    Ok(CardNumber { digits: Secret::new(digits), canonical })
}

/// The canonical ten digits, from a whole number, from one whose middle is hidden (`4400 43** **** 1234`),
/// or from the ten digits themselves.
///
/// # Errors
/// Why it is no card, or which digits are hidden that must be seen.
pub fn normalise(text: &str) -> Result<String, Reason> {
    match digits_only(text) {
        Ok(digits) if digits.len() == 10 && is_card_issuer(&digits) => Ok(digits),
        Err(Reason::Characters) if has_mask(text) => masked(text).ok_or(Reason::Hidden),
        _ => parse(text).map(|card| card.canonical),
    }
}

/// First six and last four of a number of thirteen digits or more.
pub(crate) fn shorten(digits: &str) -> Option<String> {
    let first = digits.get(..6)?;
    let last = digits.len().checked_sub(4).and_then(|at| digits.get(at..))?;
    Some(format!("{first}{last}"))
}

/// Whether bare digits are a card number.
///
/// # Errors
/// Why not.
pub(crate) fn check(digits: &str) -> Result<(), Reason> {
    match digits.len() {
        0..=12 => return Err(Reason::TooShort),
        20.. => return Err(Reason::TooLong),
        _ => {}
    }
    if !is_card_issuer(digits) {
        return Err(Reason::UnknownCountry);
    }
    // Ranges fix the length: American Express 15, most others 16, some UnionPay, Maestro and Visa others.
    let american = digits.starts_with("34") || digits.starts_with("37");
    let length_fits = match digits.len() {
        15 => american,
        16 => !american,
        13 => digits.starts_with('4'),
        17..=19 => digits.starts_with("62") || digits.starts_with("50") || digits.starts_with("6"),
        _ => false,
    };
    if !length_fits {
        return Err(Reason::Structure);
    }
    if luhn(digits) { Ok(()) } else { Err(Reason::CheckDigits) }
}

/// Whether some card network issues numbers that begin so: Visa, Mastercard, Maestro, American Express,
/// JCB, UnionPay, Discover, MIR, and Uzbekistan's Uzcard and Humo.
pub(crate) fn is_card_issuer(digits: &str) -> bool {
    let first = |n: usize| digits.get(..n).and_then(|head| head.parse::<u32>().ok()).unwrap_or(0);
    matches!(first(1), 4)
        || matches!(first(2), 34 | 35 | 37 | 50..=58 | 62 | 63 | 65 | 67..=69)
        || matches!(first(4), 2200..=2204 | 2221..=2720 | 6011 | 8600 | 9860)
}

/// Signs that people hide digits with.
pub(crate) const fn is_mask(c: char) -> bool {
    matches!(c, '*' | 'x' | 'X' | 'х' | 'Х' | '•' | '●' | '∗' | '#' | '■' | '…' | '·' | '✱' | '_')
}

fn has_mask(text: &str) -> bool {
    text.chars().any(is_mask) && text.chars().any(|c| c.is_ascii_digit())
}

/// The ten digits of a number whose first six and last four can be seen.
pub(crate) fn masked(text: &str) -> Option<String> {
    let signs: Vec<char> =
        crate::text::fold::clean(text).chars().filter(|c| !matches!(c, ' ' | '-' | '—' | '.')).collect();
    let mask_from = signs.iter().position(|c| !c.is_ascii_digit())?;
    let mask_to = signs.iter().rposition(|c| !c.is_ascii_digit())?;
    let middle = signs.get(mask_from..=mask_to)?;
    if !middle.iter().all(|c| is_mask(*c)) || !(6..=8).contains(&mask_from) {
        return None;
    }
    let tail = signs.get(mask_to.saturating_add(1)..)?;
    let first: String = signs.get(..6)?.iter().collect();
    let last: String = tail.iter().collect();
    (last.len() == 4 && is_card_issuer(&first)).then(|| format!("{first}{last}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_six_and_last_four() {
        for written in [
            "4400430112345670",
            "4400 4301 1234 5670",
            "4400-4301-1234-5670",
            "４４００４３０１１２３４５６７０",
            "4400 43** **** 5670",
            "440043******5670",
            "4400 43XX XXXX 5670",
            "440043…5670",
            "4400435670",
        ] {
            assert_eq!(normalise(written).as_deref(), Ok("4400435670"), "{written}");
        }
        assert!(!format!("{:?}", parse("4400430112345670").unwrap()).contains("4400430112345670"));
    }

    #[test]
    fn refusals_say_why() {
        for (written, reason) in [
            ("4400430112345671", Reason::CheckDigits),
            ("440043011234567", Reason::Structure),
            ("44004301123", Reason::TooShort),
            ("44004301123456700000", Reason::TooLong),
            ("1400430112345670", Reason::UnknownCountry),
            ("4400 **** **** 5670", Reason::Hidden),
            ("карта", Reason::Characters),
        ] {
            assert_eq!(normalise(written), Err(reason), "{written}");
        }
        assert_eq!(parse("4400435670").map(|_| ()), Err(Reason::TooShort), "a field wants the whole number");
    }

    #[test]
    fn networks() {
        for (number, known) in [
            ("4111111111111111", true),
            ("5555555555554444", true),
            ("378282246310005", true),
            ("3530111333300000", true),
            ("6011111111111117", true),
            ("2200000000000004", true),
            ("8600000000000007", true),
            ("9860000000000003", false), // wrong check digit
            ("1234567812345670", false), // no issuer
        ] {
            assert_eq!(parse(number).is_ok(), known, "{number}");
        }
    }
}
