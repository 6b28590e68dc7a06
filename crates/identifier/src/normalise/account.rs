//! Account numbers of banks that use no IBAN: only the writing can be made one, nothing can be checked.

use crate::Reason;
use crate::text::fold::{clean, latin_twin};

/// Capitals and digits without blanks and separators, five to thirty-four of them, one digit at least.
///
/// # Errors
/// Why it can be no account number.
pub fn normalise(text: &str) -> Result<String, Reason> {
    let cleaned = clean(text);
    if cleaned.is_empty() {
        return Err(Reason::Empty);
    }
    let mut account = String::with_capacity(cleaned.len());
    for c in cleaned.chars() {
        match c {
            ' ' | '-' | '.' | '/' => {}
            c if c.is_ascii_alphanumeric() => account.push(c.to_ascii_uppercase()),
            c => account.push(latin_twin(c).ok_or(Reason::Characters)?),
        }
    }
    match account.len() {
        0..=4 => Err(Reason::TooShort),
        35.. => Err(Reason::TooLong),
        _ if !account.bytes().any(|b| b.is_ascii_digit()) => Err(Reason::Structure),
        _ => Ok(account),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_is_made_one() {
        assert_eq!(normalise("4081 7810 5380 9131 0419").as_deref(), Ok("40817810538091310419"));
        assert_eq!(normalise("ab-12/345").as_deref(), Ok("AB12345"));
        assert_eq!(normalise("1234"), Err(Reason::TooShort));
        assert_eq!(normalise("счёт 12345"), Err(Reason::Characters));
        assert_eq!(normalise("ABCDEFG"), Err(Reason::Structure));
    }
}
