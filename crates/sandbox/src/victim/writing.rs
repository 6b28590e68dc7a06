//! Identifiers as people write them: phones with brackets and dashes, cards in fours, links with hxxp and
//! brackets, handles with and without the at sign. Each written form comes with what it truly is.

use serde::Serialize;

use crate::draw::Draw;

/// What a written form truly names, in the platform's canonical form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Truth {
    /// `phone`, `iban`, `card`, `url`, `domain`, `email`, `handle`, `wallet_*`, `iin`, `imei`, `ip`.
    pub kind: &'static str,
    /// E.164; capitals without spaces; first six and last four; and so on.
    pub canonical: String,
}

impl Truth {
    fn new(kind: &'static str, canonical: impl Into<String>) -> Self {
        Self { kind, canonical: canonical.into() }
    }
}

/// Something written, and what it is; `None` where it only looks like an identifier.
pub type Written = (String, Option<Truth>);

/// Cuts `text` into groups.
fn grouped(text: &str, sizes: &[usize], gap: &str) -> String {
    let mut left = text.chars();
    let mut groups: Vec<String> = sizes.iter().map(|n| left.by_ref().take(*n).collect()).collect();
    groups.push(left.collect());
    groups.retain(|g: &String| !g.is_empty());
    groups.join(gap)
}

/// A phone: `8 700 000 12 34`, `+7 (700) 000-12-34`, `87000001234` …
pub fn phone(e164: &str, dice: &mut Draw) -> Written {
    let national = e164.trim_start_matches("+7");
    let spaced = |gap: &str| grouped(national, &[3, 3, 2, 2], gap);
    let part = |from: usize, to: usize| national.get(from..to).unwrap_or_default().to_owned();
    let text = match dice.below(7) {
        0 => e164.to_owned(),
        1 => format!("8{national}"),
        2 => format!("8 {}", spaced(" ")),
        3 => format!("+7 {}", spaced(" ")),
        4 => format!("+7 ({}) {}-{}-{}", part(0, 3), part(3, 6), part(6, 8), part(8, 10)),
        5 => format!("8-{}", spaced("-")),
        _ => format!("8({}){}", part(0, 3), part(3, 10)),
    };
    (text, Some(Truth::new("phone", e164)))
}

/// An IBAN: together, by four, in small letters.
pub fn iban(iban: &str, dice: &mut Draw) -> Written {
    let text = match dice.below(3) {
        0 => iban.to_owned(),
        1 => grouped(iban, &[4, 4, 4, 4, 4], " "),
        _ => iban.to_lowercase(),
    };
    (text, Some(Truth::new("iban", iban)))
}

/// A card number: together, in fours, with dashes.
pub fn card(number: &str, dice: &mut Draw) -> Written {
    let gap = dice.pick(&["", " ", "-"]).copied().unwrap_or_default();
    let truth = crate::ids::card_ends(number).map(|ends| Truth::new("card", ends));
    (grouped(number, &[4, 4, 4, 4], gap), truth)
}

/// A chain address stands as it is: nobody types it.
pub fn wallet(kind: &'static str, address: &str) -> Written {
    (address.to_owned(), Some(Truth::new(kind, address)))
}

/// Invented hosts, plain and with letters of other scripts, none of which exists.
const HOSTS: [&str; 12] = [
    "bank-zashita.example",
    "qauipsiz-shot.example",
    "dostavka-oplata.example",
    "sms-jetkizu.example",
    "invest-munai.example",
    "trade-kz24.example",
    "golos-plem.example",
    "shtraf-online.example",
    "lucky-wheel.example",
    "kredit-kabinet.example",
    "қауіпсіз-банк.example",
    "доставка-кз.example",
];

/// A host that is one network's own: nobody else's victims name it.
fn host(all: &[&str], dice: &mut Draw) -> String {
    let known = dice.pick(all).copied().unwrap_or_default();
    let number = dice.between(100, 999);
    known.strip_suffix(".example").map_or_else(|| known.to_owned(), |name| format!("{name}-{number}.example"))
}

/// A host as the platform writes it: A-labels, without `www`.
fn a_label(host: &str) -> String {
    url::Url::parse(&format!("http://{host}/"))
        .ok()
        .and_then(|u| u.host_str().map(str::to_owned))
        .unwrap_or_default()
}

/// A link: plain, with tracking, or defanged.
pub fn link(dice: &mut Draw) -> Written {
    let host = host(&HOSTS, dice);
    let path =
        dice.pick(&["/pay", "/login", "/p/8841", "/vote/2026", "/kabinet"]).copied().unwrap_or_default();
    let truth = Truth::new("url", format!("https://{}{path}", a_label(&host)));
    let text = match dice.below(4) {
        0 => format!("https://{host}{path}?utm_source=sms&utm_campaign=k{}", dice.below(90)),
        1 => format!("hxxps://{}{path}", host.replace('.', "[.]")),
        2 => format!("https://{host}{path}#top"),
        _ => format!("https://{host}{path}"),
    };
    (text, Some(truth))
}

/// A bare site name.
pub fn site(dice: &mut Draw) -> Written {
    let host = host(&HOSTS, dice);
    let text = match dice.below(3) {
        0 => format!("www.{host}"),
        1 => host.replace('.', "[.]"),
        _ => host.clone(),
    };
    (text, Some(Truth::new("domain", a_label(&host))))
}

/// A mail address on an invented host.
pub fn email(dice: &mut Draw) -> Written {
    let host = host(HOSTS.get(..10).unwrap_or_default(), dice);
    let user =
        dice.pick(&["support", "manager", "zabota", "info24", "hr.department"]).copied().unwrap_or_default();
    let address = format!("{user}@{host}");
    (address.clone(), Some(Truth::new("email", address)))
}

/// A messenger name.
pub fn handle(dice: &mut Draw) -> Written {
    let name = dice.pick(&["invest_curator", "kz_menedzher", "trade_gulim", "altyn_shop", "qoldau_qyzmeti"]);
    let name = format!("{}{}", name.copied().unwrap_or_default(), dice.between(10, 99));
    (format!("@{name}"), Some(Truth::new("handle", name)))
}

/// An IPv4 address of the ranges for documentation (RFC 5737).
pub fn ip(dice: &mut Draw) -> Written {
    let net = dice.pick(&["192.0.2", "198.51.100", "203.0.113"]).copied().unwrap_or_default();
    let text = format!("{net}.{}", dice.between(1, 254));
    (text.clone(), Some(Truth::new("ip", text)))
}

/// A device number with a right check digit, in a type range that is not allocated (00 is for tests).
pub fn imei(dice: &mut Draw) -> Written {
    let body = format!("00440200{}", dice.digits(6));
    let text = (0..10).map(|d| format!("{body}{d}")).find(|t| crate::ids::luhn_ok(t)).unwrap_or_default();
    (text.clone(), Some(Truth::new("imei", text)))
}

/// An IIN as it stands.
pub fn iin(iin: &str) -> Written {
    (iin.to_owned(), Some(Truth::new("iin", iin)))
}

/// A sum in tenge as people write it; never an identifier.
pub fn amount(minor: i64, dice: &mut Draw) -> String {
    let tenge = (minor / crate::money::UNIT).to_string();
    let gap = match dice.below(4) {
        0 => return tenge,
        1 => ".",
        2 => "\u{a0}",
        _ => " ",
    };
    let head = tenge.len() % 3;
    let mut groups: Vec<String> = Vec::new();
    if head > 0 {
        groups.push(tenge.chars().take(head).collect());
    }
    let rest: Vec<char> = tenge.chars().skip(head).collect();
    groups.extend(rest.chunks(3).map(|c| c.iter().collect::<String>()));
    groups.join(gap)
}

/// Things that only look like identifiers.
pub fn decoy(what: &str, dice: &mut Draw) -> String {
    match what {
        "decoy_code" => {
            let length = if dice.chance(500) { 4 } else { 6 };
            dice.digits(length)
        }
        "decoy_order" => format!("№{}", dice.digits(8)),
        "decoy_contract" => format!("KD-{}/{}", dice.digits(5), dice.between(24, 26)),
        "decoy_case" => format!("{}-{}", dice.between(10, 99), dice.digits(4)),
        "decoy_file" => {
            let names =
                ["chek_2026.pdf", "IMG_20261120_1405.jpg", "udostoverenie.jpeg", "kvitanciya (2).pdf"];
            dice.pick(&names).copied().unwrap_or_default().to_owned()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_it_is() {
        for key in 0..200 {
            let dice = &mut Draw::keyed(key);
            let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
            let (text, truth) = phone("+77000001234", dice);
            assert!(digits(&text).ends_with("7000001234"), "{text}");
            assert_eq!(truth.unwrap().canonical, "+77000001234");
            let (text, _) = card("2720910000012345", dice);
            assert_eq!(digits(&text), "2720910000012345");
            let (text, truth) = iban("KZ58801KZT0000000001", dice);
            assert_eq!(text.replace(' ', "").to_uppercase(), truth.unwrap().canonical);
            let (text, truth) = link(dice);
            let truth = truth.unwrap();
            assert!(
                truth.canonical.starts_with("https://") && truth.canonical.is_ascii(),
                "{text} {truth:?}"
            );
            assert!(!truth.canonical.contains("utm") && !truth.canonical.contains('['));
            assert!(crate::ids::luhn_ok(&imei(dice).0));
            assert!(site(dice).1.unwrap().canonical.ends_with(".example"));
            let written = amount(123_456_700, dice);
            assert_eq!(digits(&written), "1234567", "{written}");
        }
    }
}
