//! Telephone numbers, canonical as E.164.

use rlibphonenumber::{NumberLengthType, PHONE_NUMBER_UTIL, PhoneNumberType};

use crate::Reason;
use crate::text::fold::{clean, lower};

/// The country that a number without country code belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region(rlibphonenumber::Region);

impl Region {
    /// Kazakhstan, which shares the country code 7 with Russia.
    pub const KZ: Self = Self(rlibphonenumber::Region::KZ);

    /// The region of an ISO 3166-1 alpha-2 code that has a numbering plan; `None` for others.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let region = rlibphonenumber::Region::from_code(code).ok()?;
        PHONE_NUMBER_UTIL.get_country_code_for_region(region).map(|_| Self(region))
    }

    /// Whether the trunk prefix is 8 and national numbers have ten digits (country code 7).
    #[must_use]
    pub fn is_zone_seven(self) -> bool {
        PHONE_NUMBER_UTIL.get_country_code_for_region(self.0) == Some(7)
    }
}

impl Default for Region {
    fn default() -> Self {
        Self::KZ
    }
}

/// How sure a number must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// It must be in use by its country's numbering plan.
    Assigned,
    /// Country code and length are enough: it was written with its plus sign. Numbers that their plan never
    /// gave out do appear on screens, for callers show what they like.
    Possible,
    /// A well-formed number of zone 7 is enough: it was written with `+7`, or a word says it is a number,
    /// and plans grow faster than tables of them.
    WellFormed,
}

/// The canonical writing of `text`.
///
/// An extension (`доб. 12`, `вн. 3`, `ext 4`, `ішкі 5`) is left off: the line is what orders address.
///
/// # Errors
/// Why it is no telephone number.
pub fn normalise(text: &str, region: Region) -> Result<String, Reason> {
    let cleaned = clean(text);
    if cleaned.is_empty() {
        return Err(Reason::Empty);
    }
    let main = without_extension(cleaned.strip_prefix("tel:").unwrap_or(&cleaned));
    let mut digits = String::new();
    let mut plus = false;
    for c in main.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if digits.is_empty() && !plus => plus = true,
            ' ' | '-' | '.' | '(' | ')' | '/' | '—' | '_' | '\'' => {}
            _ => return Err(Reason::Characters),
        }
    }
    match digits.len() {
        0 => return Err(Reason::Characters),
        1..=5 if !plus => return Err(Reason::ShortCode),
        1..=5 => return Err(Reason::TooShort),
        6..=7 if !plus => return Err(Reason::NoAreaCode),
        8..=9 if !plus && region.is_zone_seven() => return Err(Reason::TooShort),
        16.. => return Err(Reason::TooLong),
        _ => {}
    }
    from_digits(plus, &digits, region, Proof::WellFormed)
        // A number from abroad is often written without its plus sign.
        .or_else(|| if plus { None } else { from_digits(true, &digits, region, Proof::Assigned) })
        .ok_or_else(|| refusal(&digits, plus, region))
}

fn refusal(digits: &str, plus: bool, region: Region) -> Reason {
    let zone_seven = if plus { digits.starts_with('7') } else { region.is_zone_seven() };
    match (zone_seven, digits.len()) {
        (true, 0..=9) => Reason::TooShort,
        (true, 10) if plus || digits.starts_with('8') => Reason::TooShort,
        (true, 12..) => Reason::TooLong,
        _ => Reason::NotAssigned,
    }
}

fn without_extension(text: &str) -> &str {
    let marks = ["доб", "вн.", "внутр", "ext", "ішкі", "қос", "доп", ";", ",", "#"];
    let low: String = text.chars().map(lower).collect();
    // Lower case may change lengths only outside of what a number is written with; cut by characters.
    let cut = marks.iter().filter_map(|mark| low.find(mark)).min();
    match cut.and_then(|at| low.get(..at)) {
        Some(head) if head.chars().filter(char::is_ascii_digit).count() >= 7 => {
            let keep = head.chars().count();
            text.char_indices().nth(keep).map_or(text, |(at, _)| text.get(..at).unwrap_or(text))
        }
        _ => text,
    }
}

/// E.164 from bare digits, or `None`. `plus` says that the digits begin with a country code.
pub(crate) fn from_digits(plus: bool, digits: &str, region: Region, proof: Proof) -> Option<String> {
    if let Some(national) = zone_seven(plus, digits, region) {
        return check(&format!("+7{national}"), region, proof);
    }
    if plus {
        return check(&format!("+{digits}"), region, proof);
    }
    match digits.strip_prefix("00") {
        Some(rest) => check(&format!("+{rest}"), region, Proof::Assigned),
        None if region.is_zone_seven() => None,
        None => check(digits, region, Proof::Assigned),
    }
}

/// The ten national digits of a number of zone 7, in any of the ways people begin one.
fn zone_seven(plus: bool, digits: &str, region: Region) -> Option<&str> {
    let rest = match (plus, digits.len()) {
        (true, 11) => digits.strip_prefix('7').or_else(|| misplaced_trunk(digits)),
        (false, 11) if region.is_zone_seven() => {
            digits.strip_prefix('8').or_else(|| digits.strip_prefix('7'))
        }
        (false, 10) if region.is_zone_seven() => Some(digits),
        (false, 13) => digits.strip_prefix("007"),
        _ => None,
    };
    rest.filter(|national| national.len() == 10)
}

/// `+8 701 …`: no country begins so; the writer means the trunk prefix.
fn misplaced_trunk(digits: &str) -> Option<&str> {
    digits
        .strip_prefix('8')
        .filter(|rest| rest.starts_with("70") || rest.starts_with("77") || rest.starts_with("74"))
}

/// Whether a number of zone 7 has the form of its mobile networks: it needs no look into the tables then, which takes longer than
/// everything else about a telephone.
fn is_well_formed(number: &str) -> bool {
    let Some(national) = number.strip_prefix("+7").filter(|n| n.len() == 10) else { return false };
    let mut chars = national.chars();
    let begins =
        matches!((chars.next(), chars.next()), (Some('7'), Some('0'..='7')) | (Some('9'), Some('0'..='9')));
    begins && chars.all(|c| c.is_ascii_digit())
}

fn check(number: &str, region: Region, proof: Proof) -> Option<String> {
    if proof == Proof::WellFormed && is_well_formed(number) {
        return Some(number.to_owned());
    }
    let parsed = PHONE_NUMBER_UTIL.parse(number, Some(region.0)).ok()?;
    let possible = || {
        proof == Proof::Possible
            && number.len() > 10
            && matches!(parsed.is_possible_with_reason(), Ok(NumberLengthType::IsPossible))
            // No country but Italy begins its national numbers with the zero of the trunk prefix.
            && (!parsed.get_national_significant_number().starts_with('0') || parsed.country_code == 39)
    };
    (parsed.is_valid() || possible())
        .then(|| format!("+{}{}", parsed.country_code, parsed.get_national_significant_number()))
}

/// Whether the canonical number is one of a mobile network: such numbers are also written without any
/// prefix and without blanks.
pub(crate) fn is_mobile(canonical: &str) -> bool {
    PHONE_NUMBER_UTIL
        .parse(canonical, None)
        .is_ok_and(|n| matches!(n.get_type(), PhoneNumberType::Mobile | PhoneNumberType::FixedLineOrMobile))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_of_writing_one_number() {
        for written in [
            "+77011234567",
            "87011234567",
            "77011234567",
            "7011234567",
            "8 701 123 45 67",
            "8(701)1234567",
            "+7-701-123-45-67",
            "8 (701) 123-45-67",
            "701 123 45 67",
            "8.701.123.45.67",
            "+7 701 123 45 6 7",
            "8\u{a0}701\u{a0}123\u{a0}45\u{a0}67",
            "８７０１１２３４５６７",
            "8701\u{200b}123\u{200b}4567",
            "tel:+77011234567",
            "+7 701 123 45 67 доб. 12",
            "8 701 123 45 67 (вн. 3)",
            "007 701 123 45 67",
            "+8 701 123 45 67",
        ] {
            assert_eq!(normalise(written, Region::KZ).as_deref(), Ok("+77011234567"), "{written}");
        }
    }

    /// The short way says what the tables say.
    #[test]
    fn well_formed_numbers_are_what_the_tables_make_of_them() {
        for begin in 0..100 {
            for rest in ["0000000", "1234567", "9999999"] {
                let number = format!("+7{begin:02}0{rest}");
                if is_well_formed(&number) {
                    let parsed = PHONE_NUMBER_UTIL.parse(&number, Some(Region::KZ.0)).unwrap();
                    let written =
                        format!("+{}{}", parsed.country_code, parsed.get_national_significant_number());
                    assert_eq!(written, number);
                }
            }
        }
        assert!(
            !is_well_formed("+7701123456")
                && !is_well_formed("+7701123456x")
                && !is_well_formed("87011234567")
        );
    }

    #[test]
    fn other_lines_and_countries() {
        for (written, canonical) in [
            ("8 (7172) 55-12-34", "+77172551234"),
            ("8 727 258 12 34", "+77272581234"),
            ("8 800 080 18 90", "+78000801890"),
            ("8 916 123-45-67", "+79161234567"),
            ("8 (495) 123-45-67", "+74951234567"),
            ("+998 90 123 45 67", "+998901234567"),
            ("998901234567", "+998901234567"),
            ("+996 555 123 456", "+996555123456"),
            ("+44 20 7946 0958", "+442079460958"),
            ("+39 06 6982 1234", "+390669821234"),
            ("+7 709 123 45 67", "+77091234567"),
        ] {
            assert_eq!(normalise(written, Region::KZ).as_deref(), Ok(canonical), "{written}");
            assert_eq!(normalise(canonical, Region::KZ).as_deref(), Ok(canonical));
        }
    }

    #[test]
    fn refusals_say_why() {
        for (written, reason) in [
            ("", Reason::Empty),
            ("1414", Reason::ShortCode),
            ("55-12-34", Reason::NoAreaCode),
            ("870112345", Reason::TooShort),
            ("8701123456", Reason::TooShort),
            ("+7701123456", Reason::TooShort),
            ("870112345678", Reason::TooLong),
            ("8 101 123 45 67", Reason::NotAssigned),
            ("8 701 abc", Reason::Characters),
            ("12345678901234567", Reason::TooLong),
        ] {
            assert_eq!(normalise(written, Region::KZ), Err(reason), "{written}");
        }
    }

    #[test]
    fn another_country_writes_otherwise() {
        let germany = Region::from_code("DE").unwrap();
        assert_eq!(normalise("030 123456", germany).as_deref(), Ok("+4930123456"));
        assert_eq!(Region::from_code("ZZ"), None);
    }
}
