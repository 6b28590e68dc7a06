//! What makes an agreement entry acceptable, and to whom an account belongs. Pure.

use base64::Engine as _;
use profile::AddresseeKind;

use crate::model::{Institution, Partner};

/// Why an entry of an agreement file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// The code is not 3 to 12 capitals and digits.
    #[error("`{0}` is not a partner code: 3 to 12 capital letters and digits")]
    Code(String),
    /// The key is not 32 bytes of base64, no curve point, or one of the few under which anybody can sign.
    #[error("the public key of `{0}` is not an Ed25519 key in base64")]
    Key(String),
    /// The key id does not begin with the partner's own code.
    #[error("key id `{keyid}` must be `{code}/NAME`")]
    KeyId {
        /// The partner.
        code: String,
        /// What was given.
        keyid: String,
    },
    /// The kind is none of the list.
    #[error("`{0}` is not a kind of institution")]
    Kind(String),
    /// What it keeps is written wrongly.
    #[error("`{0}` is neither the beginning of a telephone number (`+7701`) nor the end of a host name")]
    Keeps(String),
    /// The gateway is no http(s) address.
    #[error("gateway `{0}` is not an http or https address")]
    Gateway(String),
}

/// Checks one entry and gives its public key.
///
/// # Errors
/// [`EntryError`] names the entry and what is wrong with it.
pub fn check(entry: &Institution) -> Result<[u8; 32], EntryError> {
    let code = entry.code.as_str();
    if !is_code(code) {
        return Err(EntryError::Code(code.chars().take(40).collect()));
    }
    if !is_own_keyid(code, &entry.keyid) {
        return Err(EntryError::KeyId { code: code.to_owned(), keyid: entry.keyid.clone() });
    }
    if AddresseeKind::parse(&entry.kind).is_none() {
        return Err(EntryError::Kind(entry.kind.chars().take(40).collect()));
    }
    let keeps = &entry.keeps;
    let register = |r: &&String| {
        (1..=20).contains(&r.len()) && r.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    let body = |b: &&String| {
        (1..=30).contains(&b.len())
            && b.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let wrong = keeps
        .hosts
        .iter()
        .find(|h| !is_host_end(h))
        .or(keeps.phone_prefixes.iter().find(|p| !is_phone_prefix(p)))
        .or(keeps.sim_prefixes.iter().find(|p| !is_sim_prefix(p)))
        .or(keeps.networks.iter().find(|n| !is_network(n)))
        .or(keeps.registers.iter().find(|r| !register(r)))
        .or(keeps.bodies.iter().find(|b| !body(b)));
    if let Some(wrong) = wrong {
        return Err(EntryError::Keeps(wrong.chars().take(80).collect()));
    }
    if !entry.gateway.is_empty() && !is_gateway(&entry.gateway) {
        return Err(EntryError::Gateway(entry.gateway.clone()));
    }
    public_key(&entry.public_key).ok_or_else(|| EntryError::Key(code.to_owned()))
}

/// Whether a text is a short code: 3 to 12 capitals and digits.
#[must_use]
pub fn is_code(text: &str) -> bool {
    (3..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Whether a key id is one of the institution's own: `CODE/NAME`.
#[must_use]
pub fn is_own_keyid(code: &str, keyid: &str) -> bool {
    keyid.strip_prefix(code).and_then(|r| r.strip_prefix('/')).is_some_and(|name| !name.is_empty())
}

/// Whether a text is a host name, or the end of host names, in small Latin letters.
#[must_use]
pub fn is_host_end(text: &str) -> bool {
    let label = |l: &str| {
        !l.is_empty() && l.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    text.len() > 1 && text.strip_prefix('.').unwrap_or(text).split('.').all(label)
}

/// Whether a text is the beginning of telephone numbers: `+7701`.
#[must_use]
pub fn is_phone_prefix(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a text is the beginning of numbers of SIM cards: 89 (ITU-T E.118), the country, the issuer.
#[must_use]
pub fn is_sim_prefix(text: &str) -> bool {
    (4..=10).contains(&text.len()) && text.starts_with("89") && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a text is a network in CIDR notation, written from its first address and no wider than a registry gives out.
#[must_use]
pub fn is_network(text: &str) -> bool {
    let network: Option<ipnet::IpNet> = text.parse().ok();
    network.is_some_and(|n| n.trunc() == n && n.prefix_len() >= 8)
}

/// The host of a gateway alone: its path may hold what is nobody's business. Empty for one that only pulls.
#[must_use]
pub fn host_of_gateway(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default();
    host.rsplit('@').next().unwrap_or_default()
}

/// Whether a text is an address that messages can be posted to.
#[must_use]
pub fn is_gateway(text: &str) -> bool {
    let web = text.starts_with("http://") || text.starts_with("https://");
    web && url::Url::parse(text).is_ok_and(|url| url.has_host())
}

/// What stands before the 32 bytes of an Ed25519 key in its `SubjectPublicKeyInfo` (RFC 8410).
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// An Ed25519 public key as people hand it over: 32 bytes in base64, or PEM. A point that anybody could sign for (of
/// small order) is none.
#[must_use]
pub fn public_key(text: &str) -> Option<[u8; 32]> {
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with("-----"));
    let base64: String = lines.flat_map(str::chars).take(200).collect();
    let bytes = base64::engine::general_purpose::STANDARD.decode(base64).ok()?;
    let key: [u8; 32] = bytes.strip_prefix(&SPKI[..]).unwrap_or(&bytes).try_into().ok()?;
    ed25519_dalek::VerifyingKey::from_bytes(&key).ok().filter(|k| !k.is_weak())?;
    Some(key)
}

/// The name of a key after the institution's code, if it is one.
#[must_use]
pub fn key_name(text: &str) -> Option<&str> {
    let name = text.trim();
    let letters = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    ((1..=40).contains(&name.len()) && name.bytes().all(letters)).then_some(name)
}

/// Which of `partners` keeps the account: by the institution code inside an IBAN, or a card's first six
/// digits. `None` where the number does not say (a phone, a wallet, a foreign IBAN).
#[must_use]
pub fn keeper<'a>(partners: &'a [Partner], kind: &str, canonical: &str) -> Option<&'a Partner> {
    match kind {
        // ISO 13616: in Kazakhstan characters 5 to 7; other countries' agreements list what stands there.
        "iban" => {
            let rest = canonical.get(4..)?;
            partners.iter().find(|p| p.iban_codes.iter().any(|code| rest.starts_with(code.as_str())))
        }
        "card" => partners.iter().find(|p| p.card_bins.iter().any(|bin| canonical.starts_with(bin.as_str()))),
        _ => None,
    }
}

/// Who of `partners` may be asked about a number, an address or a name on the network: operators by the
/// beginning of the number (the longest alone), everybody who serves the host, everybody who keeps names.
#[must_use]
pub fn keepers<'a>(partners: &'a [Partner], kind: &str, canonical: &str) -> Vec<&'a Partner> {
    let active = partners.iter().filter(|p| p.takes_orders());
    match kind {
        "iban" | "card" => {
            keeper(partners, kind, canonical).into_iter().filter(|p| p.takes_orders()).collect()
        }
        "phone" => {
            let length = |p: &Partner| {
                let of = p.keeps.phone_prefixes.iter().filter(|x| canonical.starts_with(x.as_str()));
                of.map(String::len).max()
            };
            longest(active, length)
        }
        "sim" => {
            let length = |p: &Partner| {
                let of = p.keeps.sim_prefixes.iter().filter(|x| canonical.starts_with(x.as_str()));
                of.map(String::len).max()
            };
            longest(active, length)
        }
        // Every handset and every sender name can turn up in every network.
        "imei" | "sender" => active.filter(|p| !p.keeps.phone_prefixes.is_empty()).collect(),
        // A list of persons, where there is no centre for it, is kept by everybody.
        "person" => active.collect(),
        "handle" => active.filter(|p| p.keeps.handles).collect(),
        "app" => active.filter(|p| p.keeps.apps).collect(),
        "ip" => {
            let Ok(address) = canonical.parse::<std::net::IpAddr>() else { return Vec::new() };
            let length = |p: &Partner| {
                let of = p.keeps.networks.iter().filter_map(|n| n.parse::<ipnet::IpNet>().ok());
                of.filter(|n| n.contains(&address)).map(|n| usize::from(n.prefix_len())).max()
            };
            longest(active, length)
        }
        "url" | "domain" | "advertisement" => {
            let Some(host) = host_of(kind, canonical) else { return Vec::new() };
            active.filter(|p| p.keeps.hosts.iter().any(|h| serves(h, host))).collect()
        }
        _ => Vec::new(),
    }
}

/// The one whose range is told most narrowly: ranges are handed out within ranges.
fn longest<'a>(
    among: impl Iterator<Item = &'a Partner>,
    length: impl Fn(&Partner) -> Option<usize>,
) -> Vec<&'a Partner> {
    let known = among.filter_map(|p| Some((length(p)?, p)));
    known.max_by_key(|(n, _)| *n).map(|(_, p)| p).into_iter().collect()
}

/// The host of an address in its canonical writing.
fn host_of<'a>(kind: &str, canonical: &'a str) -> Option<&'a str> {
    if kind == "domain" {
        return Some(canonical);
    }
    let rest = canonical.split_once("://").map_or(canonical, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next()?;
    Some(host.strip_prefix("www.").unwrap_or(host))
}

/// Whether a kept host name covers `host`: itself and everything below it; `.kz` everything that ends so.
fn serves(kept: &str, host: &str) -> bool {
    let end = kept.strip_prefix('.').unwrap_or(kept);
    host == end || host.strip_suffix(end).is_some_and(|front| front.ends_with('.'))
}

/// A code as it may stand in the record for ever: what an institution wrote in place of a code could be anything, also
/// about a person.
#[must_use]
pub fn printable_code(text: &str) -> &str {
    let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    if (2..=16).contains(&text.len()) && text.bytes().all(plain) { text } else { "?" }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::{Keeps, PartnerId, PartnerRole};
    use kernel::Localised;
    use uuid::Uuid;

    fn partner(code: &str, iban: &str, bin: &str) -> Partner {
        Partner {
            id: PartnerId::from_uuid(Uuid::nil()),
            code: code.into(),
            kind: "bank".into(),
            role: PartnerRole::Executor,
            names: Localised::default(),
            iban_codes: vec![iban.into()],
            card_bins: vec![bin.into()],
            keeps: Keeps::default(),
            gateway_url: String::new(),
            protocol: crate::model::Protocol::Json,
            duty_phone: String::new(),
            contact: String::new(),
            active: true,
            until_day: String::new(),
            requests_per_minute: None,
            mode: crate::model::Mode::Live,
            live_asked_by: None,
            mutual_tls: false,
        }
    }

    #[test]
    fn the_keeper_of_an_account() {
        let all = [partner("ZALT", "991", "999101"), partner("ZBEK", "992", "999102")];
        let code = |kind, value| keeper(&all, kind, value).map(|p| p.code.as_str());
        assert_eq!(code("iban", "KZ00992A000000000001"), Some("ZBEK"));
        assert_eq!(code("iban", "KZ00125A000000000001"), None);
        assert_eq!(code("card", "9991011234"), Some("ZALT"));
        assert_eq!(code("phone", "+77010000000"), None);
        assert_eq!(code("iban", "KZ"), None);
    }

    #[test]
    fn who_may_be_asked_about_what_is_no_account() {
        let keeping = |code: &str, keeps: Keeps| Partner { keeps, ..partner(code, "000", "000000") };
        let phones = |p: &[&str]| Keeps {
            phone_prefixes: p.iter().map(|s| (*s).to_owned()).collect(),
            ..Keeps::default()
        };
        let hosts =
            |h: &[&str]| Keeps { hosts: h.iter().map(|s| (*s).to_owned()).collect(), ..Keeps::default() };
        let texts = |t: &[&str]| t.iter().map(|s| (*s).to_owned()).collect::<Vec<String>>();
        let all = [
            keeping(
                "ZTEL",
                Keeps {
                    sim_prefixes: texts(&["8977"]),
                    networks: texts(&["203.0.113.0/24"]),
                    ..phones(&["+7700", "+7701"])
                },
            ),
            keeping("ZMOB", Keeps { sim_prefixes: texts(&["8977000"]), ..phones(&["+770000"]) }),
            keeping(
                "ZREG",
                Keeps { networks: texts(&["203.0.112.0/22", "2001:db8::/32"]), ..hosts(&[".example"]) },
            ),
            keeping("ZTOR", Keeps { handles: true, apps: true, ..hosts(&["tor.example"]) }),
            Partner { active: false, ..keeping("ZOLD", hosts(&[".example"])) },
        ];
        let codes = |kind, value| -> Vec<&str> {
            keepers(&all, kind, value).iter().map(|p| p.code.as_str()).collect()
        };
        assert_eq!(codes("phone", "+77011234567"), ["ZTEL"]);
        assert_eq!(codes("phone", "+77000012345"), ["ZMOB"], "the longest beginning alone");
        assert!(codes("phone", "+44701").is_empty());
        assert_eq!(codes("domain", "bank-help.example"), ["ZREG"]);
        assert_eq!(codes("url", "https://m.tor.example/u/1?x=2"), ["ZREG", "ZTOR"]);
        assert!(codes("url", "https://nottor.example.org/").is_empty());
        assert_eq!(codes("domain", "monitor.example"), ["ZREG"], "a host's end is a whole label");
        assert_eq!(codes("handle", "abc"), ["ZTOR"]);
        assert!(codes("material", "ATM-1").is_empty());
        assert_eq!(codes("imei", "490154203237518"), ["ZTEL", "ZMOB"], "whoever serves numbers");
        assert_eq!(codes("sender", "OIDAN BANK"), ["ZTEL", "ZMOB"]);
        assert_eq!(codes("sim", "8977000000000000019"), ["ZMOB"], "the longest beginning alone");
        assert_eq!(codes("sim", "8977100000000000015"), ["ZTEL"]);
        assert!(codes("sim", "8944100000000000015").is_empty());
        assert_eq!(codes("ip", "203.0.113.9"), ["ZTEL"], "the narrower network");
        assert_eq!(codes("ip", "203.0.112.9"), ["ZREG"]);
        assert_eq!(codes("ip", "2001:db8::7"), ["ZREG"]);
        assert!(codes("ip", "198.51.100.1").is_empty() && codes("ip", "x").is_empty());
        assert_eq!(codes("app", "kz.example.fastcash"), ["ZTOR"]);
        assert_eq!(codes("advertisement", "https://ads.tor.example/17"), ["ZREG", "ZTOR"]);
    }

    pub(crate) fn entry() -> Institution {
        let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key();
        Institution {
            code: "ZALT".into(),
            kind: "bank".into(),
            role: PartnerRole::Executor,
            names: Localised::default(),
            iban_code: None,
            card_bins: vec![],
            keeps: Keeps::default(),
            gateway: String::new(),
            public_key: base64::engine::general_purpose::STANDARD.encode(key.as_bytes()),
            keyid: "ZALT/1".into(),
            duty_phone: String::new(),
            contact: crate::model::Contact::default(),
            delivery: String::new(),
            agreement: crate::agreement::Terms::default(),
        }
    }

    /// Bug: keys of small order were taken in. Under such a key anybody can sign anything for a loose verifier.
    #[test]
    fn weak_keys_are_refused() {
        let text = |bytes: [u8; 32]| base64::engine::general_purpose::STANDARD.encode(bytes);
        let mut identity = [0; 32];
        identity[0] = 1;
        let mut order_two = [0xff; 32];
        (order_two[0], order_two[31]) = (0xec, 0x7f);
        for weak in [identity, order_two, [0; 32]] {
            let entry = Institution { public_key: text(weak), ..entry() };
            assert!(matches!(check(&entry), Err(EntryError::Key(_))), "{weak:?}");
        }
    }

    #[test]
    fn keys_as_people_hand_them_over() {
        let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key();
        let text = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
        let plain = text(key.as_bytes());
        let spki = text(&[&SPKI[..], key.as_bytes()].concat());
        let pem = format!("-----BEGIN PUBLIC KEY-----\r\n{spki}\r\n-----END PUBLIC KEY-----\r\n");
        for taken in [plain.clone(), format!("  {plain}\n"), pem] {
            assert_eq!(public_key(&taken), Some(key.to_bytes()), "{taken}");
        }
        // The neutral point and one of order two: a signature for them costs nothing.
        let (mut neutral, mut two) = ([0; 32], [0xff; 32]);
        (neutral[0], two[0], two[31]) = (1, 0xec, 0x7f);
        for refused in ["", "AAAA", &text(&neutral), &text(&two), &text(&[7; 31]), "ключ", &"A".repeat(9_000)]
        {
            assert_eq!(public_key(refused), None, "{refused:.60}");
        }
    }

    #[test]
    fn names_of_keys() {
        for (text, name) in [("1", Some("1")), (" main-2026 ", Some("main-2026")), ("a/b", None), ("", None)]
        {
            assert_eq!(key_name(text), name);
        }
        assert_eq!(key_name(&"a".repeat(41)), None);
        assert_eq!(key_name("негізгі"), None);
    }

    #[test]
    fn entries_are_checked() {
        assert!(check(&entry()).is_ok());
        assert!(matches!(check(&Institution { code: "z".into(), ..entry() }), Err(EntryError::Code(_))));
        assert!(matches!(
            check(&Institution { keyid: "ZBEK/1".into(), ..entry() }),
            Err(EntryError::KeyId { .. })
        ));
        assert!(matches!(
            check(&Institution { keyid: "ZALT/".into(), ..entry() }),
            Err(EntryError::KeyId { .. })
        ));
        assert!(matches!(
            check(&Institution { gateway: "ftp://x".into(), ..entry() }),
            Err(EntryError::Gateway(_))
        ));
        assert!(matches!(check(&Institution { kind: "shop".into(), ..entry() }), Err(EntryError::Kind(_))));
        for wrong in ["701", "+", "Telegram.org", "a..b", "", ".", "https://a.kz"] {
            let keeps = Keeps { hosts: vec![wrong.into()], ..Keeps::default() };
            let refused = matches!(check(&Institution { keeps, ..entry() }), Err(EntryError::Keeps(_)));
            assert!(refused || wrong == "701", "{wrong}");
            let keeps = Keeps { phone_prefixes: vec![wrong.into()], ..Keeps::default() };
            assert!(matches!(check(&Institution { keeps, ..entry() }), Err(EntryError::Keeps(_))), "{wrong}");
        }
        for wrong in ["", "KUI", "k u i", "тізілім", &"k".repeat(21)] {
            let keeps = Keeps { registers: vec![wrong.into()], ..Keeps::default() };
            assert!(matches!(check(&Institution { keeps, ..entry() }), Err(EntryError::Keeps(_))), "{wrong}");
        }
        for wrong in ["", "AFM", "a f m", "орган", &"b".repeat(31)] {
            let keeps = Keeps { bodies: vec![wrong.into()], ..Keeps::default() };
            assert!(matches!(check(&Institution { keeps, ..entry() }), Err(EntryError::Keeps(_))), "{wrong}");
        }
        assert!(matches!(
            check(&Institution { public_key: "AAAA".into(), ..entry() }),
            Err(EntryError::Key(_))
        ));
    }
}
