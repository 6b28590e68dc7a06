//! The number of a mobile device (3GPP TS 23.003): 15 digits, the last of them a Luhn check digit.

use super::{digits_only, luhn};
use crate::Reason;

/// The canonical IMEI: fifteen digits. A sixteen-digit IMEISV has no check digit and is refused.
///
/// # Errors
/// Why it is none.
pub fn normalise(text: &str) -> Result<String, Reason> {
    let digits = digits_only(text)?;
    check(&digits).map(|()| digits)
}

/// Whether bare digits are an IMEI.
pub(crate) fn check(digits: &str) -> Result<(), Reason> {
    match digits.len() {
        0..=14 => Err(Reason::TooShort),
        15 if digits.bytes().all(|b| b == b'0') => Err(Reason::Structure),
        15 if luhn(digits) => Ok(()),
        15 => Err(Reason::CheckDigits),
        _ => Err(Reason::TooLong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples() {
        for written in ["490154203237518", "49-015420-323751-8", "49 015420 323751 8"] {
            assert_eq!(normalise(written).as_deref(), Ok("490154203237518"));
        }
        assert_eq!(normalise("490154203237519"), Err(Reason::CheckDigits));
        assert_eq!(normalise("4901542032375188"), Err(Reason::TooLong));
        assert_eq!(normalise("000000000000000"), Err(Reason::Structure));
    }
}
