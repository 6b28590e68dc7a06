//! "Paste anything": what one pasted value is, and if it is nothing, why not.

use crate::extract::{Options, extract};
use crate::normalise::host::is_known_tld;
use crate::normalise::{card, ip, normalise};
use crate::text::fold::{clean, latin_twin};
use crate::{Kind, Reason};

/// One reading of a pasted value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What it would be.
    pub kind: Kind,
    /// Its canonical writing, or why it is not valid as that.
    pub outcome: Result<String, Reason>,
}

/// The readings of one pasted value: the valid ones first, then what it was probably meant to be with the
/// reason why it is not valid. Empty if the value is blank or like nothing that is known here.
#[must_use]
pub fn recognise(text: &str, options: &Options) -> Vec<Candidate> {
    let value = clean(text);
    if value.is_empty() || value.len() > 8_000 {
        return Vec::new();
    }
    let mut readings: Vec<Candidate> = Vec::new();
    // The value as a story of its own; it must be the whole of it.
    for found in extract(text, options) {
        let covered = clean(text.get(found.start..found.end).unwrap_or(""));
        if covered.chars().count().saturating_add(2) >= value.chars().count() {
            readings.push(Candidate { kind: found.kind, outcome: Ok(found.canonical) });
        }
    }
    for kind in shapes(&value) {
        if readings.iter().any(|c| c.kind == kind) {
            continue;
        }
        let outcome = match kind {
            // A box is not a place for the ten digits that remain of a card.
            Kind::Card => {
                card::parse(&value).map(|c| c.canonical().to_owned()).or_else(|reason| match reason {
                    Reason::Hidden => card::normalise(&value),
                    other => Err(other),
                })
            }
            _ => normalise(kind, &value, options.region),
        };
        readings.push(Candidate { kind, outcome });
    }
    readings.sort_by_key(|c| c.outcome.is_err());
    readings
}

/// The kinds that the value looks like, likeliest first.
fn shapes(value: &str) -> Vec<Kind> {
    // Pasted alone there is no version or clause to mistake it for, port or not.
    if ip::normalise(value).is_ok() {
        return vec![Kind::Ip];
    }
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let numeric =
        value.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '+' | '/'));
    if numeric && digits > 0 {
        return numeric_shapes(value, digits);
    }
    let compact: String = value.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let low = compact.to_lowercase();
    if low.starts_with("tg://") {
        return vec![Kind::Handle];
    }
    if low.contains("://") || low.starts_with("www.") || low.starts_with("hxxp") {
        return vec![Kind::Url];
    }
    if let Some(name) = low.strip_prefix('@') {
        return if name.contains('@') { vec![Kind::Email] } else { vec![Kind::Handle] };
    }
    if low.contains('@') {
        return vec![Kind::Email];
    }
    if low.starts_with("0x") {
        return vec![Kind::WalletEth];
    }
    let plain = compact.bytes().all(|b| b.is_ascii_alphanumeric());
    if plain && (26..=62).contains(&compact.len()) {
        match compact.as_bytes().first() {
            Some(b'T') if compact.len() <= 36 => return vec![Kind::WalletTron],
            Some(b'1' | b'3') if compact.len() <= 36 => return vec![Kind::WalletBtc],
            _ if low.starts_with("bc1") => return vec![Kind::WalletBtc],
            _ => {}
        }
    }
    if looks_like_iban(&compact) {
        return vec![Kind::Iban];
    }
    if low.contains('/') && low.contains('.') {
        return vec![Kind::Url];
    }
    if let Some((_, tld)) = low.trim_end_matches('.').rsplit_once('.')
        && !value.contains(' ')
    {
        return if is_known_tld(tld) || tld.chars().all(char::is_alphabetic) {
            vec![Kind::Domain]
        } else {
            Vec::new()
        };
    }
    if card::is_mask(value.chars().find(|c| !c.is_ascii_digit() && *c != ' ').unwrap_or(' ')) && digits >= 8 {
        return vec![Kind::Card];
    }
    if compact.contains(':') && compact.chars().all(|c| c.is_ascii_hexdigit() || c == ':') {
        return vec![Kind::Ip];
    }
    Vec::new()
}

fn numeric_shapes(value: &str, digits: usize) -> Vec<Kind> {
    let dots = value.bytes().filter(|b| *b == b'.').count();
    if dots == 3 && !value.contains([' ', '-', '(', '+']) && digits <= 12 {
        return vec![Kind::Ip];
    }
    if value.starts_with('+') || value.contains('(') {
        return vec![Kind::Phone];
    }
    match digits {
        0..=2 => Vec::new(),
        // A national number begins with a year and a month; else it is a telephone with a digit too many.
        12 if !has_month(value) && value.starts_with(['7', '8']) => vec![Kind::Phone, Kind::Iin, Kind::Bin],
        12 => vec![Kind::Iin, Kind::Bin, Kind::Phone],
        13 => vec![Kind::Card, Kind::Phone],
        14 => vec![Kind::Imei, Kind::Card],
        15 => vec![Kind::Imei, Kind::Card],
        16..=19 => vec![Kind::Card],
        20..=34 => vec![Kind::Account],
        _ => vec![Kind::Phone],
    }
}

/// Whether the third and fourth digit are a month.
fn has_month(value: &str) -> bool {
    let digits: Vec<u32> = value.chars().filter_map(|c| c.to_digit(10)).collect();
    matches!(digits.get(2..4), Some([0, 1..=9] | [1, 0..=2]))
}

/// Two letters, Latin or drawn like Latin ones, then a digit.
fn looks_like_iban(compact: &str) -> bool {
    let mut chars = compact.chars();
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic() || latin_twin(c).is_some());
    letter(chars.next())
        && letter(chars.next())
        && chars.next().is_some_and(|c| c.is_ascii_digit())
        && compact.chars().filter(char::is_ascii_digit).count() >= 6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> Option<(Kind, Result<String, Reason>)> {
        recognise(text, &Options::default()).into_iter().next().map(|c| (c.kind, c.outcome))
    }

    #[test]
    fn valid_values() {
        for (text, kind, canonical) in [
            ("8 701 123 45 67", Kind::Phone, "+77011234567"),
            ("+998 90 123 45 67", Kind::Phone, "+998901234567"),
            (" kz86 125k zt50 0410 0100\n", Kind::Iban, "KZ86125KZT5004100100"),
            ("4400 4301 1234 5670", Kind::Card, "4400435670"),
            ("4400 43** **** 5670", Kind::Card, "4400435670"),
            ("hxxps://egov-kz[.]top/login", Kind::Url, "https://egov-kz.top/login"),
            ("egov-kz.top", Kind::Domain, "egov-kz.top"),
            ("Ivan@Mail.ru", Kind::Email, "ivan@mail.ru"),
            ("@Kaspi_Help", Kind::Handle, "kaspi_help"),
            ("tg://resolve?domain=Kaspi_Help", Kind::Handle, "kaspi_help"),
            ("185.12.34.56", Kind::Ip, "185.12.34.56"),
            ("15.2.15.7:50229", Kind::Ip, "15.2.15.7"),
            ("1[.]2[.]3[.]4", Kind::Ip, "1.2.3.4"),
            ("[2001:db8::1]:443", Kind::Ip, "2001:db8::1"),
            ("490154203237518", Kind::Imei, "490154203237518"),
            ("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", Kind::WalletTron, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
            ("40817810538091310419", Kind::Account, "40817810538091310419"),
        ] {
            assert_eq!(first(text), Some((kind, Ok(canonical.to_owned()))), "{text}");
        }
    }

    #[test]
    fn reasons() {
        for (text, kind, reason) in [
            ("870112345", Kind::Phone, Reason::TooShort),
            ("1414", Kind::Phone, Reason::ShortCode),
            ("55-12-34", Kind::Phone, Reason::NoAreaCode),
            ("KZ87125KZT5004100100", Kind::Iban, Reason::CheckDigits),
            ("KZ86125KZT50041001", Kind::Iban, Reason::TooShort),
            ("4400 4301 1234 5671", Kind::Card, Reason::CheckDigits),
            ("4400 **** **** 5670", Kind::Card, Reason::Hidden),
            ("490154203237519", Kind::Imei, Reason::CheckDigits),
            ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", Kind::WalletEth, Reason::CheckDigits),
            ("report.pdf", Kind::Domain, Reason::UnknownDomain),
            ("ivan@mail", Kind::Email, Reason::Structure),
            ("256.1.1.1", Kind::Ip, Reason::Structure),
            ("913301300123", Kind::Iin, Reason::BirthDate),
            ("870000017081", Kind::Phone, Reason::TooLong),
        ] {
            assert_eq!(first(text), Some((kind, Err(reason))), "{text}");
        }
        assert_eq!(first("   "), None);
        assert_eq!(first("просто слова"), None);
    }
}
