//! The things that are asked about: invented numbers and accounts that are written as people's are.

use identifier::Kind;

/// Prefixes of mobile numbers.
const PREFIXES: [&str; 8] = ["700", "701", "702", "705", "707", "747", "771", "775"];

/// The thing of a number: every other one an account, the rest telephones.
pub(crate) fn value(no: u64) -> (Kind, String) {
    let half = no / 2;
    if no.is_multiple_of(2) {
        (Kind::Iban, iban(half))
    } else {
        let prefix = PREFIXES.get(usize::try_from(half % 8).unwrap_or(0)).copied().unwrap_or("700");
        (Kind::Phone, format!("+7{prefix}{:07}", half / 8 % 10_000_000))
    }
}

/// An account of an invented bank, with the check digits of ISO 13616.
fn iban(no: u64) -> String {
    let body = format!("990{no:013}");
    // Letters count from 10: K is 20, Z is 35; the check digits are worked out over 00.
    let digits = format!("{body}203500");
    let remainder = digits.bytes().fold(0_u64, |sum, digit| (sum * 10 + u64::from(digit - b'0')) % 97);
    format!("KZ{:02}{body}", 98 - remainder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_canonical_and_its_own() {
        let all: Vec<_> = (0..2_000).map(value).collect();
        for (kind, value) in &all {
            assert_eq!(
                identifier::normalise(*kind, value, identifier::Region::default()).as_ref(),
                Ok(value)
            );
        }
        assert_eq!(all.iter().collect::<std::collections::HashSet<_>>().len(), all.len());
    }
}
