//! Account numbers by ISO 13616, check digits by ISO 7064 (mod 97-10).

use super::iban_table::structure;
use crate::Reason;
use crate::text::fold::{clean, latin_twin};

/// The longest IBAN of any country, in characters.
pub(crate) const LONGEST: usize = 33;

/// The canonical writing: capitals without blanks. Cyrillic letters that are drawn like Latin ones are
/// taken for those, and only the check digits decide whether that was right.
///
/// # Errors
/// Why it is no IBAN.
pub fn normalise(text: &str) -> Result<String, Reason> {
    let cleaned = clean(text);
    if cleaned.is_empty() {
        return Err(Reason::Empty);
    }
    let mut iban = String::with_capacity(LONGEST);
    for c in cleaned.chars() {
        match letter(c) {
            Some(c) => iban.push(c),
            None if matches!(c, ' ' | '-' | '.') => {}
            None => return Err(Reason::Characters),
        }
    }
    check(&iban).map(|()| iban)
}

/// The character as an IBAN has it, or `None` if it can be none of its characters.
pub(crate) fn letter(c: char) -> Option<char> {
    if c.is_ascii_alphanumeric() { Some(c.to_ascii_uppercase()) } else { latin_twin(c) }
}

/// How many characters an IBAN of this country has; `None` if the country issues none.
pub(crate) fn length(country: &str) -> Option<usize> {
    structure(country).map(|runs| runs.iter().map(|(n, _)| *n).fold(4, usize::saturating_add))
}

/// Whether capitals and digits without blanks are an IBAN.
///
/// # Errors
/// Why not.
pub(crate) fn check(iban: &str) -> Result<(), Reason> {
    let (Some(country), Some(digits), Some(bban)) = (iban.get(..2), iban.get(2..4), iban.get(4..)) else {
        return Err(Reason::TooShort);
    };
    let runs = structure(country).ok_or(Reason::UnknownCountry)?;
    let due = length(country).unwrap_or(0);
    match iban.len() {
        n if n < due => return Err(Reason::TooShort),
        n if n > due => return Err(Reason::TooLong),
        _ => {}
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) || !is_built(bban, runs) {
        return Err(Reason::Structure);
    }
    // 00, 01 and 99 would satisfy the remainder too but are never issued.
    if matches!(digits, "00" | "01" | "99")
        || mod_97(bban.chars().chain(country.chars()).chain(digits.chars())) != 1
    {
        return Err(Reason::CheckDigits);
    }
    Ok(())
}

fn is_built(bban: &str, runs: &[(usize, char)]) -> bool {
    let mut chars = bban.chars();
    runs.iter().all(|(length, class)| {
        (0..*length).all(|_| {
            chars.next().is_some_and(|c| match class {
                'n' => c.is_ascii_digit(),
                'a' => c.is_ascii_uppercase(),
                _ => c.is_ascii_digit() || c.is_ascii_uppercase(),
            })
        })
    })
}

fn mod_97(chars: impl Iterator<Item = char>) -> u32 {
    chars.filter_map(|c| c.to_digit(36)).fold(0, |rest, value| {
        let shift = if value > 9 { 100 } else { 10 };
        rest.saturating_mul(shift).saturating_add(value) % 97
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_the_registry() {
        for iban in [
            "KZ86125KZT5004100100",
            "GB29NWBK60161331926819",
            "DE89370400440532013000",
            "TR330006100519786457841326",
            "AE070331234567890123456",
            "NO9386011117947",
            "FR1420041010050500013M02606",
            "RU0304452522540817810538091310419",
        ] {
            assert_eq!(normalise(iban).as_deref(), Ok(iban));
        }
    }

    #[test]
    fn blanks_case_and_twins() {
        for written in [
            "kz86 125k zt50 0410 0100",
            "KZ 86 125K ZT5 004 100 100",
            "КZ86125КZТ5004100100",
            "kz86-125k-zt50-0410-0100",
        ] {
            assert_eq!(normalise(written).as_deref(), Ok("KZ86125KZT5004100100"), "{written}");
        }
    }

    #[test]
    fn refusals_say_why() {
        for (written, reason) in [
            ("KZ87125KZT5004100100", Reason::CheckDigits),
            ("KZ86125KZT500410010", Reason::TooShort),
            ("KZ86125KZT50041001000", Reason::TooLong),
            ("KZ86A25KZT5004100100", Reason::Structure),
            ("ZZ86125KZT5004100100", Reason::UnknownCountry),
            ("KZ86 125K!", Reason::Characters),
            ("Ж86125", Reason::Characters),
            ("KZ", Reason::TooShort),
            (" ", Reason::Empty),
        ] {
            assert_eq!(normalise(written), Err(reason), "{written}");
        }
    }
}
