//! The number printed on a SIM card: the ICCID of ITU-T E.118, 19 or 20 digits that begin with 89, the last of them a
//! Luhn check digit.

use super::{digits_only, luhn};
use crate::Reason;

/// Industry of telecommunications (ITU-T E.118, 4.1.1): what every card of an operator begins with.
const TELECOM: &str = "89";

/// The canonical ICCID: its digits. The `F` that fills the last half octet where it is read from the card is left out.
///
/// # Errors
/// Why it is none.
pub fn normalise(text: &str) -> Result<String, Reason> {
    let text = text.trim();
    let digits = digits_only(text.strip_suffix(['F', 'f']).unwrap_or(text))?;
    match digits.len() {
        0..=18 => Err(Reason::TooShort),
        19 | 20 if !digits.starts_with(TELECOM) => Err(Reason::Structure),
        19 | 20 if luhn(&digits) => Ok(digits),
        19 | 20 => Err(Reason::CheckDigits),
        _ => Err(Reason::TooLong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples() {
        // Invented: 89, the country, an issuer that does not exist, and a check digit.
        for written in ["8977000000000000019", "8977 0000 0000 0000 019", "8977000000000000019F"] {
            assert_eq!(normalise(written).as_deref(), Ok("8977000000000000019"), "{written}");
        }
        assert_eq!(normalise("8977000000000000018"), Err(Reason::CheckDigits));
        assert_eq!(normalise("1277000000000000016"), Err(Reason::Structure));
        assert_eq!(normalise("897700000000000001"), Err(Reason::TooShort));
        assert_eq!(normalise("897700000000000001999"), Err(Reason::TooLong));
        assert_eq!(normalise("F"), Err(Reason::Empty));
    }
}
