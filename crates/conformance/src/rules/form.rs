//! What the things are called that orders and answers name. Check digits are computed where the form has them.

/// Kinds that an order may name.
const KINDS: [&str; 18] = [
    "iban",
    "account",
    "card",
    "phone",
    "wallet_btc",
    "wallet_eth",
    "wallet_tron",
    "sim",
    "imei",
    "sender",
    "url",
    "domain",
    "ip",
    "app",
    "advertisement",
    "handle",
    "material",
    "person",
];

/// Whether an order may name such a thing.
#[must_use]
pub fn kind_known(kind: &str) -> bool {
    KINDS.contains(&kind)
}

/// Whether `value` is an account of this kind: where money can have gone.
#[must_use]
pub fn account_fits(kind: &str, value: &str) -> bool {
    let length = value.len();
    let all = |fits: fn(u8) -> bool| value.bytes().all(fits);
    match kind {
        "iban" => iban_fits(value),
        // First six and last four.
        "card" => length == 10 && all(|b| b.is_ascii_digit()),
        "phone" => {
            let digits = value.strip_prefix('+').unwrap_or_default();
            (8..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
        }
        "account" => (4..=64).contains(&length) && all(|b| b.is_ascii_alphanumeric() || b == b'-'),
        "wallet_eth" => value
            .strip_prefix("0x")
            .is_some_and(|h| h.len() == 40 && h.bytes().all(|b| b.is_ascii_hexdigit())),
        "wallet_tron" => length == 34 && value.starts_with('T') && all(is_base58),
        "wallet_btc" if value.starts_with("bc1") => {
            (14..=90).contains(&length) && all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        }
        "wallet_btc" => (25..=35).contains(&length) && value.starts_with(['1', '3']) && all(is_base58),
        _ => false,
    }
}

fn is_base58(b: u8) -> bool {
    b.is_ascii_alphanumeric() && !matches!(b, b'0' | b'O' | b'I' | b'l')
}

/// ISO 13616: the remainder by 97 is 1.
fn iban_fits(value: &str) -> bool {
    let plain = (15..=34).contains(&value.len())
        && value.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let Some((head, rest)) = value.split_at_checked(4).filter(|_| plain) else { return false };
    let country = head.bytes().take(2).all(|b| b.is_ascii_uppercase());
    let digits = head.bytes().skip(2).all(|b| b.is_ascii_digit());
    let remainder = rest.bytes().chain(head.bytes()).fold(0_u32, |sum, b| {
        let value = if b.is_ascii_digit() { u32::from(b - b'0') } else { u32::from(b - b'A') + 10 };
        (if value > 9 { sum * 100 } else { sum * 10 } + value) % 97
    });
    country && digits && remainder == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_what_their_kind_says() {
        for (kind, value) in [
            ("iban", "KZ938010000000000017"),
            ("iban", "KZ86125KZT5004100100"),
            ("card", "2720910001"),
            ("phone", "+77000000101"),
            ("account", "U974-1463"),
            ("wallet_tron", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
            ("wallet_eth", "0x52908400098527886E0F7030069857D2E4169EE7"),
            ("wallet_btc", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"),
            ("wallet_btc", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
        ] {
            assert!(account_fits(kind, value), "{kind} {value}");
        }
        for (kind, value) in [
            ("iban", "KZ938010000000000018"),
            ("iban", "kz938010000000000017"),
            ("iban", "KZ93 8010 0000 0000 0017"),
            ("iban", "NOTANIBAN"),
            ("iban", "қ93801000000000001"),
            ("card", "4400435670123456"),
            ("phone", "87000000101"),
            ("phone", "+12"),
            ("account", "\"><svg/onload=x>"),
            ("wallet_tron", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj60"),
            ("wallet_eth", "0x52908400098527886E0F7030069857D2E4169EE"),
            ("url", "https://example.kz"),
            ("", "x"),
        ] {
            assert!(!account_fits(kind, value), "{kind} {value}");
        }
    }
}
