//! Identifiers that pass every public check (digits, Luhn, checksums) and belong to nobody: bank codes that
//! no bank has, card ranges that no scheme issues, phone and IIN ranges marked as invented.

use sha2::{Digest as _, Sha256};
use sha3::Keccak256;

use crate::draw::Draw;

/// An IBAN of Kazakhstan (ISO 13616: `KZ`, two check digits, three of the bank, thirteen of the account).
#[must_use]
pub fn iban(bank_code: &str, account: &str) -> String {
    let check = 98 - mod97(&format!("{bank_code}{account}KZ00"));
    format!("KZ{check:02}{bank_code}{account}")
}

/// Whether the check digits of an IBAN without spaces are right.
#[must_use]
pub fn iban_ok(iban: &str) -> bool {
    let tail = iban.get(4..).unwrap_or_default();
    iban.len() == 20 && iban.is_ascii() && mod97(&format!("{tail}{}", iban.get(..4).unwrap_or_default())) == 1
}

/// ISO 7064 mod 97-10 with letters as 10 to 35.
fn mod97(text: &str) -> u32 {
    text.chars().filter_map(|c| c.to_digit(36)).fold(0, |rest, d| {
        let shift = if d > 9 { 100 } else { 10 };
        (rest * shift + d) % 97
    })
}

/// A 16-digit card number whose last digit is the Luhn check (ISO/IEC 7812-1).
#[must_use]
pub fn card(bin: &str, middle: &str) -> String {
    let body = format!("{bin}{middle}");
    let sum = luhn_sum(&body, true);
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// Whether the Luhn check holds.
#[must_use]
pub fn luhn_ok(number: &str) -> bool {
    !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
        && luhn_sum(number, false).is_multiple_of(10)
}

fn luhn_sum(digits: &str, check_digit_missing: bool) -> u32 {
    digits
        .chars()
        .rev()
        .filter_map(|c| c.to_digit(10))
        .enumerate()
        .map(|(place, digit)| {
            let doubled = (place % 2 == 0) == check_digit_missing;
            let value = if doubled { digit * 2 } else { digit };
            value / 10 + value % 10
        })
        .sum()
}

/// First six and last four of a card: all that leaves an institution.
#[must_use]
pub fn masked(card: &str) -> String {
    let tail = card.get(card.len().saturating_sub(4)..).unwrap_or_default();
    format!("{}******{tail}", card.get(..6).unwrap_or_default())
}

/// First six and last four digits of a card in whatever form it was written, `None` if there are fewer.
#[must_use]
pub fn card_ends(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let tail = digits.len().checked_sub(4)?;
    (digits.len() >= 10).then(|| {
        format!("{}{}", &digits.get(..6).unwrap_or_default(), digits.get(tail..).unwrap_or_default())
    })
}

/// A phone of the invented range +7 700 000 xx xx.
#[must_use]
pub fn phone(number: u64) -> String {
    format!("+7700000{:04}", number % 10_000)
}

/// An IIN with valid date, sex digit and check digit, in the serial range 99xx that this country marks as
/// invented. `None` where the serial has no check digit (one in about a hundred).
#[must_use]
pub fn iin(birth: &str, century_and_sex: u8, serial: u64) -> Option<String> {
    let body = format!("{birth}{century_and_sex}99{:02}", serial % 100);
    checked(body)
}

/// A BIN of a resident organisation with a right check digit, in the serial range 99xxx that this country marks as invented; `month` is
/// year and month of registration. `None` where the serial has no check digit.
#[must_use]
pub fn bin(month: &str, serial: u64) -> Option<String> {
    checked(format!("{month}4099{:03}", serial % 1_000))
}

/// The number with its check digit; `None` where none is issued.
fn checked(body: String) -> Option<String> {
    let digits: Vec<u32> = body.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum = |shift: usize| -> u32 {
        digits
            .iter()
            .enumerate()
            .map(|(i, d)| d * u32::try_from((i + shift) % 11 + 1).unwrap_or(0))
            .sum::<u32>()
            % 11
    };
    let check = match sum(0) {
        10 => sum(2),
        first => first,
    };
    (check < 10 && digits.len() == 11).then(|| format!("{body}{check}"))
}

/// The number of a SIM card (ICCID): the country's beginning, an issuer of this country, a right check digit.
#[must_use]
pub fn sim(draw: &mut Draw) -> String {
    let issuer = draw.pick(&["001", "002"]).copied().unwrap_or_default();
    let body = format!("8977{issuer}{}", draw.digits(11));
    let right = (0..10).map(|check| format!("{body}{check}")).find(|text| luhn_ok(text));
    right.unwrap_or(body)
}

/// A TRON address (base58check of `41` and 20 bytes).
#[must_use]
pub fn wallet_tron(draw: &mut Draw) -> String {
    base58check(0x41, &draw.bytes::<20>())
}

/// A Bitcoin address: pay-to-public-key-hash or, as often, version 0 segwit.
#[must_use]
pub fn wallet_btc(draw: &mut Draw) -> String {
    let program = draw.bytes::<20>();
    let old = base58check(0, &program);
    if draw.chance(500) {
        return old;
    }
    bech32::segwit::encode_v0(bech32::hrp::BC, &program).unwrap_or(old)
}

/// An Ethereum address with the mixed-case check of EIP-55.
#[must_use]
pub fn wallet_eth(draw: &mut Draw) -> String {
    let plain = hex::encode(draw.bytes::<20>());
    let hash = hex::encode(Keccak256::digest(plain.as_bytes()));
    let mixed: String = plain
        .chars()
        .zip(hash.chars())
        .map(|(c, h)| if h.to_digit(16).is_some_and(|d| d >= 8) { c.to_ascii_uppercase() } else { c })
        .collect();
    format!("0x{mixed}")
}

fn base58check(version: u8, payload: &[u8]) -> String {
    let mut bytes = vec![version];
    bytes.extend_from_slice(payload);
    let check = Sha256::digest(Sha256::digest(&bytes));
    bytes.extend(check.iter().take(4));
    bs58::encode(bytes).into_string()
}

/// A short stable name made of other names: letters and digits only, safe in every protocol field.
#[must_use]
pub fn short_hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hex::encode(hash.finalize()).chars().take(24).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ibans_pass_their_check(account in "[0-9A-Z]{12}[0-9]", bank in "8[0-9]{2}") {
            let text = iban(&bank, &account);
            prop_assert!(iban_ok(&text), "{text}");
            let last = if text.ends_with('0') { '1' } else { '0' };
            let altered = format!("{}{last}", &text[..19]);
            prop_assert!(!iban_ok(&altered));
        }
        #[test]
        fn cards_pass_luhn(middle in "[0-9]{9}") {
            let text = card("272091", &middle);
            prop_assert!(text.len() == 16 && luhn_ok(&text), "{text}");
            let masked = masked(&text);
            prop_assert_eq!(card_ends(&masked), card_ends(&text));
        }
        #[test]
        fn iins_pass_their_check(serial in 0_u64..100, sex in 3_u8..=4) {
            if let Some(text) = iin("850412", sex, serial) {
                let d: Vec<u32> = text.chars().map(|c| c.to_digit(10).unwrap()).collect();
                let first: u32 = d[..11].iter().zip(1..).map(|(d, w)| d * w).sum::<u32>() % 11;
                let second: u32 = d[..11].iter().zip([3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]).map(|(d, w)| d * w).sum::<u32>() % 11;
                prop_assert_eq!(d[11], if first == 10 { second } else { first });
            }
        }
    }

    /// Known good values of the standards' own examples.
    #[test]
    fn published_examples() {
        assert!(iban_ok("KZ86125KZT5004100100"));
        assert!(luhn_ok("4111111111111111") && !luhn_ok("4111111111111112"));
        assert_eq!(base58check(0, &[0; 20]), "1111111111111111111114oLvT2");
        assert!(wallet_tron(&mut Draw::keyed(1)).starts_with('T'));
        // EIP-55: the checksum of this address is published with mixed case.
        let known = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
        let plain = known[2..].to_lowercase();
        let hash = hex::encode(Keccak256::digest(plain.as_bytes()));
        let again: String = plain
            .chars()
            .zip(hash.chars())
            .map(|(c, h)| if h.to_digit(16).unwrap() >= 8 { c.to_ascii_uppercase() } else { c })
            .collect();
        assert_eq!(format!("0x{again}"), known);
    }

    #[test]
    fn phones_are_of_the_invented_range() {
        assert_eq!(phone(7), "+77000000007");
        assert_eq!(card_ends("123"), None);
    }
}
