//! Addresses of Bitcoin (base58check, BIP 173, BIP 350), Ethereum (EIP-55) and TRON (base58check, 0x41).

use bech32::Hrp;
use sha2::{Digest as _, Sha256};
use sha3::Keccak256;

use crate::Reason;
use crate::text::fold::clean;

fn bare(text: &str, schemes: &[&str]) -> Result<String, Reason> {
    let cleaned = clean(text);
    if cleaned.is_empty() {
        return Err(Reason::Empty);
    }
    let address = schemes.iter().find_map(|scheme| cleaned.strip_prefix(scheme)).unwrap_or(&cleaned);
    if !address.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Reason::Characters);
    }
    match address.len() {
        0..=25 => Err(Reason::TooShort),
        91.. => Err(Reason::TooLong),
        _ => Ok(address.to_owned()),
    }
}

/// A Bitcoin address of the main network. Base58 keeps its capitals; bech32 becomes lower case.
///
/// # Errors
/// Why it is none.
pub fn btc(text: &str) -> Result<String, Reason> {
    let address = bare(text, &["bitcoin:"])?;
    if address.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("bc1")) {
        let (hrp, _, _) = bech32::segwit::decode(&address).map_err(|_| Reason::CheckDigits)?;
        if hrp != Hrp::parse_unchecked("bc") {
            return Err(Reason::UnknownCountry);
        }
        return Ok(address.to_ascii_lowercase());
    }
    match base58check(&address)? {
        0x00 | 0x05 => Ok(address),
        _ => Err(Reason::UnknownCountry),
    }
}

/// A TRON address.
///
/// # Errors
/// Why it is none.
pub fn tron(text: &str) -> Result<String, Reason> {
    let address = bare(text, &["tron:"])?;
    match base58check(&address)? {
        0x41 => Ok(address),
        _ => Err(Reason::UnknownCountry),
    }
}

/// The version byte of an address of 20 bytes with a right checksum.
fn base58check(address: &str) -> Result<u8, Reason> {
    if address.len() > 36 {
        return Err(Reason::TooLong);
    }
    let bytes = bs58::decode(address).into_vec().map_err(|_| Reason::Characters)?;
    let (Some(payload), Some(sum), Some(version)) = (bytes.get(..21), bytes.get(21..25), bytes.first())
    else {
        return Err(Reason::TooShort);
    };
    if bytes.len() != 25 {
        return Err(Reason::TooLong);
    }
    let hash = Sha256::digest(Sha256::digest(payload));
    if hash.get(..4) == Some(sum) { Ok(*version) } else { Err(Reason::CheckDigits) }
}

/// An Ethereum address with the capitals of EIP-55. All lower or all upper case carries no checksum and is
/// taken; mixed case must be right.
///
/// # Errors
/// Why it is none.
pub fn eth(text: &str) -> Result<String, Reason> {
    let address = bare(text, &["ethereum:"])?;
    let hex = address.strip_prefix("0x").or_else(|| address.strip_prefix("0X")).ok_or(Reason::Structure)?;
    match hex.len() {
        0..=39 => return Err(Reason::TooShort),
        40 => {}
        _ => return Err(Reason::TooLong),
    }
    if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Reason::Characters);
    }
    let canonical = eip_55(&hex.to_ascii_lowercase());
    let has_lower = hex.bytes().any(|b| b.is_ascii_lowercase());
    let has_upper = hex.bytes().any(|b| b.is_ascii_uppercase());
    if has_lower && has_upper && canonical.get(2..) != Some(hex) {
        return Err(Reason::CheckDigits);
    }
    Ok(canonical)
}

fn eip_55(lower: &str) -> String {
    let hash = Keccak256::digest(lower.as_bytes());
    let nibbles = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let mut out = String::with_capacity(42);
    out.push_str("0x");
    out.extend(lower.chars().zip(nibbles).map(|(c, n)| if n >= 8 { c.to_ascii_uppercase() } else { c }));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bitcoin_vectors() {
        for address in [
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        ] {
            assert_eq!(btc(address).as_deref(), Ok(address));
        }
        assert_eq!(
            btc("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4").as_deref(),
            Ok("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")
        );
        assert_eq!(btc("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"), Err(Reason::CheckDigits));
        assert_eq!(btc("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"), Err(Reason::CheckDigits));
        assert_eq!(btc("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"), Err(Reason::TooLong));
    }

    #[test]
    fn ethereum_vectors_of_eip_55() {
        for address in [
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
            "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
            "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        ] {
            assert_eq!(eth(address).as_deref(), Ok(address));
            assert_eq!(eth(&address.to_ascii_lowercase()).as_deref(), Ok(address));
            assert_eq!(eth(&format!("0x{}", address[2..].to_ascii_uppercase())).as_deref(), Ok(address));
        }
        assert_eq!(eth("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"), Err(Reason::CheckDigits));
        assert_eq!(eth("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"), Err(Reason::Structure));
    }

    #[test]
    fn tron_vectors() {
        let address = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t";
        assert_eq!(tron(address).as_deref(), Ok(address));
        assert_eq!(tron("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u"), Err(Reason::CheckDigits));
        assert_eq!(tron("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"), Err(Reason::UnknownCountry));
        assert_eq!(btc(address), Err(Reason::UnknownCountry));
    }
}
