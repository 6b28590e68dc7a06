//! An appearance of an identifier: what is kept of it, and what is not.
//!
//! The number itself is never kept here. Equality goes by a keyed hash of the canonical writing, people see
//! a mask, and the whole value lies encrypted with the report that named it. A card is known by its first six
//! and last four digits; where the whole number was given, a keyed token tells two cards apart that share
//! those ten.

use std::fmt;

use kernel::Timestamp;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use vault::Vault;

use crate::Kind;
use crate::extract::Found;
use crate::normalise::card;

/// Where an identifier appeared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SightedAt {
    /// In a field of the form.
    Field(String),
    /// In the story, as told (byte offsets, the same in the story as it is kept).
    Story {
        /// First byte.
        start: usize,
        /// Byte after the last.
        end: usize,
    },
}

impl SightedAt {
    /// As kept: a field's name, or `story:START-END`, so that places of one story sort by their start.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Field(name) => name.clone(),
            Self::Story { start, end } => format!("story:{start:07}-{end}"),
        }
    }

    /// Reads what [`SightedAt::text`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let story = text.strip_prefix("story:").and_then(|range| range.split_once('-'));
        match story.and_then(|(start, end)| Some((start.parse().ok()?, end.parse().ok()?))) {
            Some((start, end)) => Self::Story { start, end },
            None => Self::Field(text.to_owned()),
        }
    }
}

/// One appearance, before it is kept. Prints its kind and place only.
#[derive(Clone, PartialEq, Eq)]
pub struct Sighting {
    /// What sort of identifier.
    pub kind: Kind,
    /// Its canonical writing. Of a card it may be the whole number: that is kept as a keyed token only.
    pub canonical: String,
    /// Where it appeared.
    pub place: SightedAt,
}

impl Sighting {
    /// The appearance of something found in a story; of a card with its whole number, where it was written.
    #[must_use]
    pub fn in_story(found: &Found) -> Self {
        let canonical = found.card_number().map_or(&found.canonical, |whole| whole.expose());
        Self {
            kind: found.kind,
            canonical: canonical.clone(),
            place: SightedAt::Story { start: found.start, end: found.end },
        }
    }
}

impl fmt::Debug for Sighting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sighting({} at {})", self.kind.as_str(), self.place.text())
    }
}

/// One appearance as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Id of the identifier.
    pub id: Uuid,
    /// What sort of identifier.
    pub kind: String,
    /// What may be shown.
    pub masked: String,
    /// Where it appeared: a field's name, or `story:START-END` (see [`SightedAt::parse`]).
    pub place: String,
    /// When it was kept (office time).
    pub at: Timestamp,
    /// In how many reports it appears, this one included. Cards that are known to differ do not count.
    pub reports: i64,
    /// The keyed token of a card whose whole number was given.
    pub card_token: Option<String>,
}

/// An appearance of an identifier in some report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// The report.
    pub report: Uuid,
    /// Where in it.
    pub place: SightedAt,
    /// When it was kept (office time).
    pub at: Timestamp,
    /// The keyed token of a card whose whole number was given.
    pub card_token: Option<String>,
}

/// What is kept of an identifier.
pub(crate) struct Kept {
    pub(crate) id: Uuid,
    pub(crate) blind: [u8; 32],
    pub(crate) masked: String,
    pub(crate) card_token: Option<String>,
}

impl Kept {
    pub(crate) fn of(vault: &Vault, sighting: &Sighting) -> Self {
        let kind = sighting.kind;
        let whole = (kind == Kind::Card).then(|| card::parse(&sighting.canonical).ok()).flatten();
        let canonical = whole.as_ref().map_or(sighting.canonical.as_str(), |number| number.canonical());
        let blind = vault.blind(kind.as_str(), canonical);
        Self {
            id: id_from_blind(kind, &blind),
            blind,
            masked: mask(kind, canonical),
            card_token: whole.map(|number| vault.token(kind.as_str(), number.whole().expose())),
        }
    }
}

/// The id of the identifier with this canonical writing, whether it was seen or not: for looking one up.
#[must_use]
pub fn identifier_id(vault: &Vault, kind: Kind, canonical: &str) -> Uuid {
    id_from_blind(kind, &vault.blind(kind.as_str(), canonical))
}

fn id_from_blind(kind: Kind, blind: &[u8; 32]) -> Uuid {
    derived(&[b"identifier", kind.as_str().as_bytes(), blind])
}

/// The id of one appearance: the same report, place and identifier give the same row. It begins as the report's
/// does, so that appearances lie together, in the order in which reports came.
pub(crate) fn sighting_id(identifier: Uuid, report: Uuid, place: &str) -> Uuid {
    let own = derived(&[b"sighting", identifier.as_bytes(), report.as_bytes(), place.as_bytes()]);
    let mut bytes = *own.as_bytes();
    if let (Some((front, _)), Some((time, _))) =
        (bytes.split_first_chunk_mut::<6>(), report.as_bytes().split_first_chunk::<6>())
    {
        *front = *time;
    }
    Uuid::from_bytes(bytes)
}

/// UUID version 8 over a hash (RFC 9562, 5.8): equal on every node that holds the same keys.
fn derived(parts: &[&[u8]]) -> Uuid {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// Digits in a row from which on a part of a link may be somebody's number.
const NUMBER: usize = 9;
/// Names of what a link may carry about a person.
const PERSONAL: [&str; 24] = [
    "name",
    "fname",
    "lname",
    "firstname",
    "lastname",
    "surname",
    "fullname",
    "fio",
    "tel",
    "phone",
    "mobile",
    "msisdn",
    "iin",
    "inn",
    "mail",
    "email",
    "user",
    "login",
    "client",
    "card",
    "pan",
    "cvv",
    "birth",
    "address",
];

/// A link without what in it may tell of a person: links that are sent to victims carry their numbers and names. The host and a path
/// that tells of nobody stay as they are.
fn mask_link(link: &str) -> String {
    let cut = link.find(['?', '#']).unwrap_or(link.len());
    let (place, carried) = link.split_at(cut);
    let (scheme, rest) = place.split_once("://").map_or(("", place), |(scheme, rest)| (scheme, rest));
    let (host, path) = rest.split_once('/').map_or((rest, None), |(host, path)| (host, Some(path)));
    let host = host.rsplit('@').next().unwrap_or(host);
    let mut shown = if scheme.is_empty() { host.to_owned() } else { format!("{scheme}://{host}") };
    for part in path.into_iter().flat_map(|path| path.split('/')) {
        shown.push('/');
        shown.push_str(if tells(part) { "…" } else { part });
    }
    if !carried.is_empty() {
        let personal = |pair: &str| {
            let (key, value) = pair.split_once('=').unwrap_or(("", pair));
            let key: String =
                key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
            PERSONAL.iter().any(|name| key.ends_with(name)) || tells(value) || tells(&key)
        };
        let is_personal = carried.split(['?', '#', '&', ';']).any(personal);
        shown.push_str(if is_personal { "?…" } else { carried });
    }
    shown
}

/// Whether a part of a link may be somebody's number or address: digits in a row, also with signs between them.
fn tells(part: &str) -> bool {
    let mut digits = 0_usize;
    let has_number = part.chars().any(|c| {
        digits = match c {
            _ if c.is_ascii_digit() => digits.saturating_add(1),
            '-' | '_' | '.' | '+' => digits,
            _ => 0,
        };
        digits >= NUMBER
    });
    has_number || part.contains('@') || part.to_ascii_lowercase().contains("%40")
}

/// What may be shown of an identifier: enough to recognise it, not enough to use it.
#[must_use]
pub fn mask(kind: Kind, value: &str) -> String {
    let count = value.chars().count();
    let head = |n: usize| value.chars().take(n).collect::<String>();
    let tail = |n: usize| value.chars().skip(count.saturating_sub(n)).collect::<String>();
    match kind {
        Kind::Url => crate::letters::shown(kind, &mask_link(value)),
        Kind::Domain => crate::letters::shown(kind, value),
        Kind::Ip => value.to_owned(),
        Kind::Iban | Kind::Phone if count > 9 => format!("{}…{}", head(5), tail(4)),
        Kind::Card if count >= 10 => format!("{}…{}", head(6), tail(4)),
        Kind::WalletBtc | Kind::WalletEth | Kind::WalletTron => format!("{}…{}", head(6), tail(4)),
        Kind::Email => value.split_once('@').map_or_else(
            || "…".to_owned(),
            |(name, host)| format!("{}…@{host}", name.chars().take(2).collect::<String>()),
        ),
        _ if count > 4 => format!("…{}", tail(4)),
        _ => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back() {
        for place in [SightedAt::Field("payment.to".into()), SightedAt::Story { start: 12, end: 1_234_567 }] {
            assert_eq!(SightedAt::parse(&place.text()), place);
        }
        assert_eq!(SightedAt::parse("story:x"), SightedAt::Field("story:x".into()));
    }

    #[test]
    fn masks() {
        for (kind, value, masked) in [
            (Kind::Phone, "+77011234567", "+7701…4567"),
            (Kind::Iban, "KZ86125KZT5004100100", "KZ861…0100"),
            (Kind::Card, "4400435670", "440043…5670"),
            (Kind::Iin, "910101397223", "…7223"),
            (Kind::Email, "ivan@mail.ru", "iv…@mail.ru"),
            (Kind::Handle, "abc", "…"),
            (Kind::Domain, "egov-kz.top", "egov-kz.top"),
            (Kind::Url, "https://bank-safe.example/pay", "https://bank-safe.example/pay"),
            (
                Kind::Url,
                "https://shop.example/item/12345?ref=ad&lang=kk",
                "https://shop.example/item/12345?ref=ad&lang=kk",
            ),
            (
                Kind::Url,
                "https://bank-leak.example/pay?iin=900101300123&name=Zhasandiyev&tel=87015559988",
                "https://bank-leak.example/pay?…",
            ),
            (Kind::Url, "https://bank-leak.example/p/8701-555-99-88/x", "https://bank-leak.example/p/…/x"),
            (Kind::Url, "https://ivan:secret@bank-leak.example/?q=1", "https://bank-leak.example/?q=1"),
            (Kind::Url, "https://bank-leak.example/#ivan%40mail.example", "https://bank-leak.example/?…"),
            (Kind::Url, "https://bank-leak.example/in?client_name=I", "https://bank-leak.example/in?…"),
            (Kind::Url, "tg://resolve?domain=some_one", "tg://resolve?domain=some_one"),
        ] {
            assert_eq!(mask(kind, value), masked);
        }
    }

    #[test]
    fn a_whole_card_leaves_its_ten_digits_and_a_token() {
        let vault = Vault::from_key_bytes([7; 32]);
        let of = |canonical: &str| {
            let place = SightedAt::Field("payment.to".into());
            Kept::of(&vault, &Sighting { kind: Kind::Card, canonical: canonical.into(), place })
        };
        let (whole, short) = (of("4400430112345670"), of("4400435670"));
        assert_eq!((whole.id, whole.blind, &whole.masked), (short.id, short.blind, &short.masked));
        assert_eq!(whole.id, identifier_id(&vault, Kind::Card, "4400435670"));
        assert_eq!(whole.id.get_version_num(), 8);
        assert!(short.card_token.is_none());
        assert!(whole.card_token.is_some_and(|token| !token.contains("0112345")));
    }

    #[test]
    fn nothing_leaks_through_debug() {
        let place = SightedAt::Field("reporter.iin".into());
        let shown = format!("{:?}", Sighting { kind: Kind::Iin, canonical: "910101397223".into(), place });
        assert_eq!(shown, "Sighting(iin at reporter.iin)");
    }
}
