//! Invented identifiers with right check digits, and the many ways in which people write them.

use identifier::{Kind, Region, normalise};
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, RngExt as _};
use rand_chacha::ChaCha20Rng;

pub(crate) type Rng = ChaCha20Rng;

/// An identifier as somebody wrote it.
pub(crate) struct Made {
    pub(crate) kind: Kind,
    pub(crate) canonical: String,
    pub(crate) written: String,
}

pub(crate) fn pick<'a>(rng: &mut Rng, list: &[&'a str]) -> &'a str {
    list.choose(rng).unwrap()
}

pub(crate) fn digits(rng: &mut Rng, n: usize) -> String {
    (0..n).map(|_| char::from(b'0' + rng.random_range(0..10_u8))).collect()
}

fn letters(rng: &mut Rng, n: usize) -> String {
    (0..n).map(|_| char::from(b'a' + rng.random_range(0..26_u8))).collect()
}

/// Appends the last digit with which `good` holds; tries other bodies where none does.
fn completed(rng: &mut Rng, body: impl Fn(&mut Rng) -> String, kind: Kind) -> String {
    loop {
        let body = body(rng);
        let whole = (0..10).map(|d| format!("{body}{d}")).find(|n| normalise(kind, n, Region::KZ).is_ok());
        if let Some(whole) = whole {
            return whole;
        }
    }
}

pub(crate) fn card_number(rng: &mut Rng) -> String {
    let head = pick(
        rng,
        &["440043", "516949", "400303", "526994", "489993", "553691", "220220", "423541", "535456", "860012"],
    );
    completed(rng, |rng| format!("{head}{}", digits(rng, 9)), Kind::Card)
}

pub(crate) fn iin_number(rng: &mut Rng) -> String {
    completed(
        rng,
        |rng| {
            let (year, century) = if rng.random_bool(0.8) {
                (rng.random_range(40..100), [3, 4])
            } else {
                (rng.random_range(0..12), [5, 6])
            };
            let (month, day) = (rng.random_range(1..13), rng.random_range(1..29));
            format!("{year:02}{month:02}{day:02}{}{}", century[rng.random_range(0..2)], digits(rng, 4))
        },
        Kind::Iin,
    )
}

pub(crate) fn bin_number(rng: &mut Rng) -> String {
    completed(
        rng,
        |rng| {
            let (year, month) = (rng.random_range(0..27), rng.random_range(1..13));
            format!(
                "{year:02}{month:02}{}{}{}",
                rng.random_range(4..7),
                rng.random_range(0..3),
                digits(rng, 5)
            )
        },
        Kind::Bin,
    )
}

pub(crate) fn imei_number(rng: &mut Rng) -> String {
    let head = pick(rng, &["35", "86", "01"]);
    completed(rng, |rng| format!("{head}{}", digits(rng, 12)), Kind::Imei)
}

pub(crate) fn iban_number(rng: &mut Rng) -> String {
    let bank = pick(rng, &["722", "601", "998", "965", "856", "125", "926", "821", "551"]);
    let body = format!("{bank}{}{}", pick(rng, &["C", "KZT", "A", "S", "TB0", ""]), digits(rng, 13));
    let bban = body[..16].to_owned();
    (2..99).map(|d| format!("KZ{d:02}{bban}")).find(|n| normalise(Kind::Iban, n, Region::KZ).is_ok()).unwrap()
}

pub(crate) fn phone(rng: &mut Rng) -> Made {
    let code =
        pick(rng, &["700", "701", "702", "705", "707", "708", "747", "771", "775", "776", "777", "778"]);
    let rest = digits(rng, 7);
    let (a, b, c) = (&rest[..3], &rest[3..5], &rest[5..]);
    let (tail4, n) = (&rest[3..], format!("{code}{rest}"));
    let written = match rng.random_range(0..24_u8) {
        0 => format!("+7{n}"),
        1 => format!("8{n}"),
        2 => format!("7{n}"),
        3 => format!("+7 {code} {a} {b} {c}"),
        4 => format!("8 {code} {a} {b} {c}"),
        5 => format!("8({code}){rest}"),
        6 => format!("+7-{code}-{a}-{b}-{c}"),
        7 => format!("8-{code}-{a}-{b}-{c}"),
        8 => format!("+7 ({code}) {a}-{b}-{c}"),
        9 => format!("8 ({code}) {a} {b} {c}"),
        10 => n.clone(),
        11 => format!("{code} {a} {b} {c}"),
        12 => format!("8 {code} {rest}"),
        13 => format!("8.{code}.{a}.{b}.{c}"),
        14 => format!("+7\u{a0}{code}\u{a0}{a}\u{a0}{b}\u{a0}{c}"),
        15 => format!("8\u{200b}{code}\u{200b}{a}\u{200d}{tail4}"),
        16 => format!("+7 {code} {a}{tail4}"),
        17 => format!("8 {code} {a} {tail4}"),
        18 => format!("({code}) {a}-{b}-{c}"),
        19 => format!("8{code} {a} {b} {c}"),
        20 => format!("+7({code}){a}-{b}-{c}"),
        21 => format!("8 {code} {a}-{b}-{c}"),
        22 => format!("+7 {code} {a} {b} {} {}", &c[..1], &c[1..]),
        _ => format!("8{n}").chars().map(|d| char::from_u32(u32::from(d) - 48 + 0xff10).unwrap()).collect(),
    };
    Made { kind: Kind::Phone, canonical: format!("+7{n}"), written }
}

pub(crate) fn landline(rng: &mut Rng) -> Made {
    let (code, n) = *[("7172", 6), ("727", 7), ("7212", 6), ("7182", 6), ("7122", 6)].choose(rng).unwrap();
    let first = rng.random_range(2..8);
    let rest = format!("{first}{}", digits(rng, n - 1));
    let split = rest.len() - 4;
    let (a, b, c) = (&rest[..split], &rest[split..split + 2], &rest[split + 2..]);
    let written = match rng.random_range(0..4_u8) {
        0 => format!("8 ({code}) {a}-{b}-{c}"),
        1 => format!("+7 {code} {a} {b} {c}"),
        2 => format!("8{code}{rest}"),
        _ => format!("8({code}){a}{b}{c}"),
    };
    Made { kind: Kind::Phone, canonical: format!("+7{code}{rest}"), written }
}

fn in_fours(rng: &mut Rng, whole: &str) -> String {
    let parts: Vec<&str> =
        (0..whole.len().div_ceil(4)).map(|i| &whole[i * 4..whole.len().min(i * 4 + 4)]).collect();
    parts.join(pick(rng, &[" ", " ", "\u{a0}", "-"]))
}

pub(crate) fn card(rng: &mut Rng) -> Made {
    let whole = card_number(rng);
    let canonical = format!("{}{}", &whole[..6], &whole[12..]);
    let written = match rng.random_range(0..6_u8) {
        0 | 1 => whole.clone(),
        2 => format!("{} {}** **** {}", &whole[..4], &whole[4..6], &whole[12..]),
        3 => format!("{}******{}", &whole[..6], &whole[12..]),
        _ => in_fours(rng, &whole),
    };
    Made { kind: Kind::Card, canonical, written }
}

pub(crate) fn iban(rng: &mut Rng) -> Made {
    let canonical = iban_number(rng);
    let written = match rng.random_range(0..6_u8) {
        0 | 1 => canonical.clone(),
        2 => canonical.to_lowercase(),
        3 => canonical.replace('K', "К").replace('T', "Т").replace('C', "С"),
        _ => in_fours(rng, &canonical).replace('-', " "),
    };
    Made { kind: Kind::Iban, canonical, written }
}

pub(crate) fn iin(rng: &mut Rng) -> Made {
    let canonical = iin_number(rng);
    Made { kind: Kind::Iin, written: canonical.clone(), canonical }
}

pub(crate) fn bin(rng: &mut Rng) -> Made {
    let canonical = bin_number(rng);
    Made { kind: Kind::Bin, written: canonical.clone(), canonical }
}

pub(crate) fn imei(rng: &mut Rng) -> Made {
    let canonical = imei_number(rng);
    let written = match rng.random_range(0..3_u8) {
        0 => format!("{}-{}-{}-{}", &canonical[..2], &canonical[2..8], &canonical[8..14], &canonical[14..]),
        _ => canonical.clone(),
    };
    Made { kind: Kind::Imei, canonical, written }
}

fn host(rng: &mut Rng) -> String {
    let brand = pick(
        rng,
        &[
            "kaspi",
            "halyk",
            "egov",
            "olx",
            "kolesa",
            "jusan",
            "forte",
            "kazpost",
            "sulpak",
            "technodom",
            "invest",
        ],
    );
    let word = pick(
        rng,
        &[
            "bonus", "pay", "login", "secure", "promo", "kz", "online", "gift", "shop", "help", "delivery",
            "24",
        ],
    );
    let tld = pick(
        rng,
        &[
            "kz", "top", "site", "xyz", "com", "ru", "online", "info", "club", "shop", "org", "net", "pro",
            "store",
        ],
    );
    match rng.random_range(0..5_u8) {
        0 => format!("{brand}{word}.{tld}"),
        1 => format!("{word}.{brand}-{}.{tld}", letters(rng, 3)),
        2 => format!("{brand}.kz.{word}-{}.{tld}", letters(rng, 2)),
        _ => format!("{brand}-{word}.{tld}"),
    }
}

fn defang(rng: &mut Rng, host: &str) -> String {
    match rng.random_range(0..6_u8) {
        0 => host.replace('.', "[.]"),
        1 => host.replace('.', "(.)"),
        2 => host.replace('.', "[dot]"),
        3 => host.to_uppercase(),
        _ => host.to_owned(),
    }
}

pub(crate) fn domain(rng: &mut Rng) -> Made {
    let canonical = host(rng);
    let shown = defang(rng, &canonical);
    let written = if rng.random_bool(0.2) { format!("www.{shown}") } else { shown };
    Made { kind: Kind::Domain, canonical, written }
}

pub(crate) fn url(rng: &mut Rng) -> Made {
    let host = host(rng);
    let path = match rng.random_range(0..5_u8) {
        0 => String::new(),
        1 => format!("/{}", letters(rng, 5)),
        2 => format!("/{}/{}", letters(rng, 4), digits(rng, 6)),
        3 => format!("/{}?id={}", letters(rng, 4), digits(rng, 5)),
        _ => format!("/{}.php?a={}&b={}", letters(rng, 3), letters(rng, 3), digits(rng, 2)),
    };
    let scheme = pick(rng, &["https", "http"]);
    let canonical = format!("{scheme}://{host}{path}");
    let shown_scheme = match rng.random_range(0..4_u8) {
        0 => scheme.replace("tt", "xx"),
        1 => scheme.to_uppercase(),
        _ => scheme.to_owned(),
    };
    let colon = pick(rng, &["://", "://", "://", "[:]//", "[://]"]);
    let extra = match rng.random_range(0..4_u8) {
        0 if path.contains('?') => "&utm_source=wa&utm_medium=x".to_owned(),
        0 => "?utm_source=sms&fbclid=Iw".to_owned(),
        1 if !path.is_empty() => "#top".to_owned(),
        _ => String::new(),
    };
    let written = format!("{shown_scheme}{colon}{}{path}{extra}", defang(rng, &host));
    Made { kind: Kind::Url, canonical, written }
}

pub(crate) fn email(rng: &mut Rng) -> Made {
    let name = pick(
        rng,
        &["ivan.petrov", "support", "aigul_98", "no-reply", "info", "b.serik", "kaspi.help", "manager+kz"],
    );
    let host = if rng.random_bool(0.5) {
        pick(rng, &["mail.ru", "gmail.com", "yandex.kz", "bk.ru", "list.ru"]).to_owned()
    } else {
        host(rng)
    };
    let canonical = format!("{name}@{host}");
    let written = match rng.random_range(0..5_u8) {
        0 => format!("{name}[at]{}", host.replace('.', "[.]")),
        1 => canonical.to_uppercase(),
        2 => format!("{name}(собака){host}"),
        _ => canonical.clone(),
    };
    Made { kind: Kind::Email, canonical, written }
}

pub(crate) fn handle(rng: &mut Rng) -> Made {
    let base = pick(
        rng,
        &[
            "kaspi_help",
            "aigerim.shop",
            "crypto_tolik",
            "Manager_Alina",
            "invest.pro.kz",
            "halyk_bonus_bot",
            "Nurik_",
        ],
    );
    let name = if base.ends_with('t') || base.ends_with('z') {
        base.to_owned()
    } else {
        format!("{base}{}", digits(rng, 2))
    };
    Made { kind: Kind::Handle, canonical: name.to_lowercase(), written: format!("@{name}") }
}

pub(crate) fn ip(rng: &mut Rng) -> Made {
    let canonical = format!(
        "{}.{}.{}.{}",
        rng.random_range(11..223),
        rng.random_range(0..256),
        rng.random_range(0..256),
        rng.random_range(1..255)
    );
    let written = match rng.random_range(0..4_u8) {
        0 => format!("{canonical}:{}", rng.random_range(80..65_000)),
        1 => canonical.replace('.', "[.]"),
        _ => canonical.clone(),
    };
    Made { kind: Kind::Ip, canonical, written }
}

pub(crate) fn wallet(rng: &mut Rng) -> Made {
    let (kind, text) = match rng.random_range(0..4_u8) {
        0 => {
            let hex: String = (0..40).map(|_| pick(rng, &["0", "3", "7", "a", "c", "e", "f", "9"])).collect();
            let written = format!("0x{hex}");
            let canonical = normalise(Kind::WalletEth, &written, Region::KZ).unwrap();
            let shown = if rng.random_bool(0.5) { written } else { canonical.clone() };
            return Made { kind: Kind::WalletEth, canonical, written: shown };
        }
        1 => (Kind::WalletTron, base58(rng, 0x41)),
        2 => {
            let version = if rng.random_bool(0.5) { 0 } else { 5 };
            (Kind::WalletBtc, base58(rng, version))
        }
        _ => {
            let mut program = [0_u8; 20];
            rng.fill_bytes(&mut program);
            (Kind::WalletBtc, bech32::segwit::encode_v0(bech32::hrp::BC, &program).unwrap())
        }
    };
    Made { kind, canonical: text.clone(), written: text }
}

fn base58(rng: &mut Rng, version: u8) -> String {
    use sha2::{Digest as _, Sha256};
    let mut bytes = vec![version];
    let mut body = [0_u8; 20];
    rng.fill_bytes(&mut body);
    bytes.extend(body);
    let sum = Sha256::digest(Sha256::digest(&bytes));
    bytes.extend(&sum[..4]);
    bs58::encode(bytes).into_string()
}
