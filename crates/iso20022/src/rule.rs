//! What one piece of text must be. Writers and readers ask the same rules.

use crate::Flaw;

/// Length of most identifiers.
pub(crate) const ID: Rule = Rule::Text(35);
/// Length of names.
pub(crate) const NAME: Rule = Rule::Text(140);
/// Length of a code of an external code set.
pub(crate) const CODE: Rule = Rule::Text(4);

/// What a text must be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rule {
    /// One line of 1 to so many characters, without white space at its ends.
    Text(usize),
    /// `IBAN2007Identifier`, check digits included.
    Iban,
    /// `UUIDv4Identifier`.
    Uetr,
    /// `BICFIDec2014Identifier`, `AnyBICDec2014Identifier`.
    Bic,
    /// `LEIIdentifier`.
    Lei,
    /// `CountryCode`.
    Country,
    /// `ActiveOrHistoricCurrencyCode`.
    Currency,
    /// `ISODate`, with or without offset.
    Date,
    /// `ISODateTime`, with or without fraction and offset.
    DateTime,
}

impl Rule {
    pub(crate) fn check(self, text: &str) -> Result<(), Flaw> {
        if text.is_empty() {
            return Err(Flaw::Empty);
        }
        let fits = |ok: bool, flaw: Flaw| if ok { Ok(()) } else { Err(flaw) };
        match self {
            Self::Text(max) => line(text, max),
            Self::Iban => fits(iban(text), Flaw::Iban),
            Self::Uetr => fits(uetr(text), Flaw::Uetr),
            Self::Bic => fits(bic(text), Flaw::Bic),
            Self::Lei => fits(lei(text), Flaw::Lei),
            Self::Country => fits(capitals(text, 2), Flaw::Country),
            Self::Currency => fits(capitals(text, 3), Flaw::Currency),
            Self::Date => fits(date(text), Flaw::Date),
            Self::DateTime => fits(date_time(text), Flaw::DateTime),
        }
    }
}

/// Whether XML 1.0 admits the character at all (production 2, `Char`).
pub(crate) const fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}

/// One line of 1 to `max` characters: no control characters, no white space at the ends, which readers drop.
pub(crate) fn line(text: &str, max: usize) -> Result<(), Flaw> {
    if let Some(bad) = text.chars().find(|c| c.is_control() || !is_xml_char(*c)) {
        return Err(Flaw::Character(u32::from(bad)));
    }
    let len = text.chars().count();
    if text.trim().is_empty() {
        Err(Flaw::Empty)
    } else if text.trim().len() != text.len() {
        Err(Flaw::Edges)
    } else if len > max {
        Err(Flaw::TooLong { max, len })
    } else {
        Ok(())
    }
}

fn capitals(text: &str, len: usize) -> bool {
    text.len() == len && text.bytes().all(|b| b.is_ascii_uppercase())
}

/// Two letters, two digits, 1 to 30 letters and digits; moved round and taken as a number, it is 1 modulo 97
/// (ISO 13616, ISO 7064).
fn iban(text: &str) -> bool {
    let (Some(head), Some(rest)) = (text.get(..4), text.get(4..)) else { return false };
    let shape = head.bytes().take(2).all(|b| b.is_ascii_uppercase())
        && head.bytes().skip(2).all(|b| b.is_ascii_digit())
        && (1..=30).contains(&rest.len())
        && rest.bytes().all(|b| b.is_ascii_alphanumeric());
    let number = rest.chars().chain(head.chars()).try_fold(0_u32, |sum, c| {
        let value = c.to_digit(36)?;
        Some((sum * if value < 10 { 10 } else { 100 } + value) % 97)
    });
    shape && number == Some(1)
}

/// 8-4-4-4-12 hexadecimal digits in lower case, version 4, variant of RFC 9562.
fn uetr(text: &str) -> bool {
    let mut groups = text.split('-');
    let hex = |group: Option<&str>, len: usize, first: &str| {
        group.is_some_and(|g| {
            g.len() == len
                && g.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
                && (first.is_empty() || g.chars().next().is_some_and(|c| first.contains(c)))
        })
    };
    hex(groups.next(), 8, "")
        && hex(groups.next(), 4, "")
        && hex(groups.next(), 4, "4")
        && hex(groups.next(), 4, "89ab")
        && hex(groups.next(), 12, "")
        && groups.next().is_none()
}

fn bic(text: &str) -> bool {
    let (Some(country), Some(rest)) = (text.get(4..6), text.get(6..)) else { return false };
    matches!(text.len(), 8 | 11)
        && country.bytes().all(|b| b.is_ascii_uppercase())
        && text.bytes().take(4).chain(rest.bytes()).all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn lei(text: &str) -> bool {
    text.len() == 20
        && text.bytes().take(18).all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && text.bytes().skip(18).all(|b| b.is_ascii_digit())
}

/// So many digits at the start, as a number, and what follows them.
fn digits(text: &str, len: usize) -> Option<(u32, &str)> {
    let (head, rest) = (text.get(..len)?, text.get(len..)?);
    if !head.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some((head.parse().ok()?, rest))
}

/// Takes `YYYY-MM-DD` from the start; gives what follows it.
fn day(text: &str) -> Option<&str> {
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    (year > 0 && (1..=last).contains(&day)).then_some(rest)
}

/// Nothing, `Z` or an offset of at most 14 hours.
fn offset(text: &str) -> bool {
    if text.is_empty() || text == "Z" {
        return true;
    }
    let parts = || {
        let (hours, rest) = digits(text.strip_prefix(['+', '-'])?, 2)?;
        let (minutes, rest) = digits(rest.strip_prefix(':')?, 2)?;
        Some(rest.is_empty() && minutes < 60 && hours * 60 + minutes <= 14 * 60)
    };
    parts() == Some(true)
}

fn date(text: &str) -> bool {
    day(text).is_some_and(offset)
}

fn date_time(text: &str) -> bool {
    let parts = || {
        let (hour, rest) = digits(day(text)?.strip_prefix('T')?, 2)?;
        let (minute, rest) = digits(rest.strip_prefix(':')?, 2)?;
        let (second, rest) = digits(rest.strip_prefix(':')?, 2)?;
        let rest = match rest.strip_prefix('.') {
            Some(fraction) => {
                let after = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
                let len = fraction.len() - after.len();
                (1..=9).contains(&len).then_some(after)?
            }
            None => rest,
        };
        Some(hour < 24 && minute < 60 && second < 60 && offset(rest))
    };
    parts() == Some(true)
}
