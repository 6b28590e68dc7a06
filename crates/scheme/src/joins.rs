//! By what reports are joined: which of the things that they name say that they belong together, and how much.

use std::collections::BTreeSet;

use identifier::normalise::url::{has_path, host, registrable};
use identifier::{Kind, is_reserved, named_by};

use crate::near::Aim;

/// A site that more reports name than this is a hub that everybody uses, unless somebody says otherwise. A telephone, an account, a
/// wallet is somebody's own, however many victims name it.
pub const HUB: usize = 40;

/// A thing by which reports are joined.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Joint {
    /// What sort of thing.
    pub kind: Kind,
    /// Its canonical writing.
    pub value: String,
    /// Whether it is somebody's own, however many name it.
    pub own: bool,
}

impl Joint {
    /// As written in the output of a command.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{} {}", self.kind.as_str(), self.value)
    }
}

/// What a named thing joins by; nothing for what says nothing. `public` are sites that many honest people use.
#[must_use]
pub fn joint(kind: Kind, canonical: &str, public: &BTreeSet<String>) -> Option<Joint> {
    if is_reserved(kind, canonical) {
        return None;
    }
    let of = |kind, value: &str, own| Some(Joint { kind, value: value.to_owned(), own });
    let site = |host: &str| registrable(host).unwrap_or(host).to_owned();
    match kind {
        // Whom a message claims to come from is what it imitates.
        Kind::Sender => None,
        Kind::Url => {
            if let Some((kind, name)) = named_by(canonical) {
                return of(kind, &name, true);
            }
            // Of a link the site, since every victim gets another one; on a site that everybody uses the whole link.
            let site = site(&host(canonical)?);
            if is_public(&site, public) {
                return if has_path(canonical) { of(Kind::Url, canonical, true) } else { None };
            }
            of(Kind::Domain, &site, false)
        }
        Kind::Domain => {
            let site = site(canonical);
            if is_public(&site, public) { None } else { of(Kind::Domain, &site, false) }
        }
        // Of a card ten digits are told, which hundreds of cards of one bank share by chance. An address of the network is that of a
        // machine on which others stand, too.
        Kind::Card | Kind::Ip => of(kind, canonical, false),
        // A hotline is a hub, a mobile number is not.
        Kind::Phone => of(kind, canonical, canonical.starts_with("+77")),
        other => of(other, canonical, true),
    }
}

fn is_public(site: &str, public: &BTreeSet<String>) -> bool {
    PUBLIC.contains(&site) || public.contains(site)
}

/// Sites that everybody uses: forms, shorteners, shops, messengers, in addition to those that the caller knows.
const PUBLIC: [&str; 24] = [
    "forms.gle",
    "google.com",
    "bit.ly",
    "goo.su",
    "clck.ru",
    "tinyurl.com",
    "cutt.ly",
    "taplink.cc",
    "tilda.ws",
    "hh.kz",
    "olx.kz",
    "kaspi.kz",
    "kolesa.kz",
    "krisha.kz",
    "instagram.com",
    "facebook.com",
    "tiktok.com",
    "youtube.com",
    "t.me",
    "wa.me",
    "whatsapp.com",
    "vk.com",
    "binance.com",
    "bybit.com",
];

/// What speaks for it that two reports belong together, besides a thing that both name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Between {
    /// How alike they tell, per cent.
    pub alike: usize,
    /// Both name a hub: a site that more than [`HUB`] reports name.
    pub hub: bool,
    /// Sites that both name look like those of one organisation.
    pub brand: bool,
    /// Each names things that are somebody's own, and none in common.
    pub apart: bool,
}

/// From so much on two reports belong together.
pub const ENOUGH: usize = 1_000;
/// Two stories that name things of their own and none in common are one scheme only if they tell so much the same, per cent.
const APART: usize = 80;
/// What a hub, or the likeness of one organisation, says besides: a third of what is needed.
const BESIDES: usize = 334;
/// Stories that are less alike than this, per cent, say nothing of each other.
const LEAST: usize = 25;

/// How much speaks for it that two reports belong together; [`ENOUGH`] is enough. Whatever is said besides, stories must resemble each
/// other: many frauds imitate one bank.
#[must_use]
pub fn weight(b: Between) -> usize {
    weight_from(b, Aim::DESK.alike)
}

/// The same where stories are nearly the same from `alike` per cent on.
#[must_use]
pub fn weight_from(b: Between, alike: usize) -> usize {
    if b.alike < LEAST.min(alike) {
        return 0;
    }
    let needed = if b.apart { APART.max(alike) } else { alike };
    let told = b.alike.saturating_mul(ENOUGH).checked_div(needed).unwrap_or(0);
    let besides = usize::from(b.hub).saturating_add(usize::from(b.brand)).saturating_mul(BESIDES);
    told.saturating_add(if b.apart { 0 } else { besides })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_joins_and_by_what() {
        let public = BTreeSet::from(["public.example".to_owned()]);
        for (kind, value, expected) in [
            (Kind::Phone, "+77000000001", Some(("phone +77000000001", true))),
            (Kind::Phone, "+77172000001", Some(("phone +77172000001", true))),
            (Kind::Phone, "+78000000001", Some(("phone +78000000001", false))),
            (Kind::Url, "https://a.bank-safe.example/1", Some(("domain bank-safe.example", false))),
            (Kind::Url, "https://public.example/form/1", Some(("url https://public.example/form/1", true))),
            (Kind::Url, "https://public.example/", None),
            (Kind::Domain, "public.example", None),
            (Kind::Sender, "BANK", None),
            (Kind::Url, "https://t.me/some_one", Some(("handle some_one", true))),
        ] {
            let found = joint(kind, value, &public);
            let expected = expected.map(|(text, own)| (text.to_owned(), own));
            assert_eq!(found.map(|j| (j.text(), j.own)), expected, "{value}");
        }
    }

    #[test]
    fn how_much_is_enough() {
        let b = |alike, hub, brand, apart| weight(Between { alike, hub, brand, apart });
        assert!(b(45, false, false, false) >= ENOUGH && b(44, false, false, false) < ENOUGH);
        assert!(b(30, true, false, false) >= ENOUGH && b(29, true, false, false) < ENOUGH);
        assert!(b(25, true, true, false) >= ENOUGH && b(24, true, true, false) == 0);
        assert!(b(79, true, true, true) < ENOUGH && b(80, false, false, true) >= ENOUGH);
    }
}
