//! The name that stands in place of a number over a text message: an alphanumeric address of 3GPP TS 23.040, 9.1.2.5, at
//! most eleven characters.

use crate::Reason;
use crate::text::fold::clean;

/// The longest such name: eleven characters of seven bits fill the ten octets that there are.
const LONGEST: usize = 11;

/// The canonical name: in capitals, since operators compare without regard to them.
///
/// # Errors
/// Why it is none. What has no letter is a number, and [`Reason::Structure`].
pub fn normalise(text: &str) -> Result<String, Reason> {
    let cleaned = clean(text);
    let name = cleaned.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_uppercase();
    if !name.chars().all(|c| c.is_ascii_graphic() || c == ' ') {
        return Err(Reason::Characters);
    }
    match name.len() {
        0 => Err(Reason::Empty),
        1 => Err(Reason::TooShort),
        n if n > LONGEST => Err(Reason::TooLong),
        _ if name.bytes().any(|b| b.is_ascii_alphabetic()) => Ok(name),
        _ => Err(Reason::Structure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples() {
        for written in ["Oidan Bank", " OIDAN  BANK ", "oidan bank"] {
            assert_eq!(normalise(written).as_deref(), Ok("OIDAN BANK"), "{written}");
        }
        assert_eq!(normalise("1414"), Err(Reason::Structure));
        assert_eq!(normalise("OIDAN BANK KZ"), Err(Reason::TooLong));
        assert_eq!(normalise("Банк"), Err(Reason::Characters));
        assert_eq!(normalise(" "), Err(Reason::Empty));
        assert_eq!(normalise("A"), Err(Reason::TooShort));
    }
}
