//! What the profile and the office know of a thing before anybody has reported it: organisations that everybody deals
//! with, services that many share, addresses that lead nowhere.

use app::App;
use identifier::Kind;
use identifier::normalise::url::{has_path, host, port, registrable};
use partner::Partner;
use profile::{Own, Profile};

use crate::model::Entry;
use crate::rules::Beforehand;
use crate::service::entry_id;

/// The lists, ready to be asked. They are short and written canonically, so nothing is built for a question.
#[derive(Debug, Clone)]
pub struct Allowed<'a> {
    profile: &'a Profile,
    partners: &'a [Partner],
    public_url: &'a str,
}

/// Whether something is among what belongs to somebody.
fn has(own: &Own, kind: Kind, canonical: &str) -> bool {
    let list = match kind {
        Kind::Phone => &own.phones,
        Kind::Sender => &own.senders,
        Kind::WalletBtc | Kind::WalletEth | Kind::WalletTron => &own.wallets,
        _ => return false,
    };
    list.iter().any(|value| value == canonical)
}

/// Whether a name is a domain of somebody, or below one.
fn covers(own: &Own, name: &str) -> bool {
    own.domains.iter().any(|domain| {
        name.strip_suffix(domain.as_str()).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    })
}

/// The name that an address leads to.
pub(crate) fn name_of(kind: Kind, canonical: &str) -> Option<String> {
    match kind {
        Kind::Domain => Some(canonical.to_owned()),
        Kind::Url | Kind::Advertisement => host(canonical),
        Kind::Email => canonical.rsplit_once('@').map(|(_, name)| name.to_owned()),
        _ => None,
    }
}

impl<'a> Allowed<'a> {
    /// The lists of a country, with its institutions' duty lines and this node's own address.
    #[must_use]
    pub const fn of(profile: &'a Profile, partners: &'a [Partner], public_url: &'a str) -> Self {
        Self { profile, partners, public_url }
    }

    /// The same for this node.
    #[must_use]
    pub fn here(app: &'a App, partners: &'a [Partner]) -> Self {
        Self::of(&app.profile, partners, &app.node.public_url)
    }

    /// What is known of a thing.
    #[must_use]
    pub fn beforehand(&self, kind: Kind, canonical: &str) -> Beforehand {
        let lists = self.profile.identifiers();
        let name = name_of(kind, canonical);
        let name = name.as_deref();
        // The very server that answers here, and not another one on the same machine.
        let same_door = kind != Kind::Url || port(canonical) == port(self.public_url);
        let own = name.is_some() && name == host(self.public_url).as_deref() && same_door;
        let known = |own: &Own| has(own, kind, canonical) || name.is_some_and(|n| covers(own, n));
        Beforehand {
            verified: own || self.is_emergency(kind, canonical) || lists.known.iter().any(known),
            shared: lists.shared.iter().any(|own| has(own, kind, canonical))
                || name.is_some_and(|n| self.is_shared(kind, canonical, n)),
            reserved: self.is_duty_line(kind, canonical) || identifier::is_reserved(kind, canonical),
            imitates: self.imitated(kind, canonical).is_some(),
        }
    }

    /// The domain of an organisation that a name looks like without being it; of addresses on the network alone.
    #[must_use]
    pub fn imitated(&self, kind: Kind, canonical: &str) -> Option<&'a str> {
        let name = name_of(kind, canonical).filter(|name| host(self.public_url).as_deref() != Some(name))?;
        self.profile.identifiers().imitated.find(&name).map(|like| like.domain)
    }

    /// The same of an entry, of which a mask may be all that is kept.
    #[must_use]
    pub fn beforehand_of(&self, app: &App, entry: &Entry) -> Beforehand {
        let kind = entry.kind;
        // Addresses on the network are kept as they are; everything else is found by its keyed hash.
        if matches!(kind, Kind::Url | Kind::Domain | Kind::Ip) {
            return self.beforehand(kind, &entry.masked);
        }
        let lists = self.profile.identifiers();
        let is = |value: &String| entry_id(app, kind, value) == entry.id;
        let any = |all: &[Own]| {
            let values = all.iter().flat_map(|own| own.phones.iter().chain(&own.senders).chain(&own.wallets));
            values.filter(|value| all.iter().any(|own| has(own, kind, value))).any(is)
        };
        let phone = kind == Kind::Phone;
        Beforehand {
            verified: any(&lists.known) || (phone && self.profile.emergency().iter().any(|e| is(&e.number))),
            shared: any(&lists.shared),
            imitates: false,
            reserved: phone && self.partners.iter().any(|p| is(&p.duty_phone)),
        }
    }

    /// The same of an entry: addresses on the network are kept as they are.
    #[must_use]
    pub fn imitated_by(&self, entry: &Entry) -> Option<&'a str> {
        matches!(entry.kind, Kind::Url | Kind::Domain)
            .then(|| self.imitated(entry.kind, &entry.masked))
            .flatten()
    }

    fn is_emergency(&self, kind: Kind, canonical: &str) -> bool {
        kind == Kind::Phone && self.profile.emergency().iter().any(|e| e.number == canonical)
    }

    /// Duty lines of institutions are nobody's business, and never listed.
    fn is_duty_line(&self, kind: Kind, canonical: &str) -> bool {
        kind == Kind::Phone && self.partners.iter().any(|p| p.duty_phone == canonical)
    }

    /// A shared service as a whole. A page, a channel, a box on it is somebody's own; a name below it may be, where the
    /// Public Suffix List says so.
    fn is_shared(&self, kind: Kind, canonical: &str, name: &str) -> bool {
        if !matches!(kind, Kind::Domain | Kind::Url) || (kind == Kind::Url && has_path(canonical)) {
            return false;
        }
        let registered = registrable(name).unwrap_or(name);
        let lists = self.profile.identifiers();
        lists.shared.iter().any(|own| own.domains.iter().any(|d| d == name || d == registered))
    }

    /// Whether a number that is too short to be anybody's telephone is an organisation's.
    #[must_use]
    pub fn is_short_line(&self, text: &str) -> bool {
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        self.beforehand(Kind::Phone, &digits).verified
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    fn allowed() -> Allowed<'static> {
        static KZ: LazyLock<Profile> = LazyLock::new(|| Profile::embedded("kz").unwrap());
        Allowed::of(&KZ, &[], "https://qorgan.example")
    }

    /// A list that is not written canonically would protect nothing.
    #[test]
    fn the_lists_are_canonical() {
        let profile = Profile::embedded("kz").unwrap();
        let region = identifier::Region::from_code(profile.phone_region()).unwrap();
        let lists = profile.identifiers();
        for own in lists.known.iter().chain(&lists.shared) {
            let of = |kind, value: &String| {
                identifier::normalise(kind, value, region).as_deref() == Ok(value.as_str())
            };
            for domain in &own.domains {
                assert!(
                    of(Kind::Domain, domain) || identifier::is_reserved(Kind::Domain, domain),
                    "{domain}"
                );
            }
            for phone in own.phones.iter().filter(|p| p.len() > 5) {
                assert!(of(Kind::Phone, phone), "{phone}");
            }
            assert!(own.senders.iter().all(|s| *s == s.to_uppercase()), "{:?}", own.senders);
        }
        for kind in Kind::ALL {
            assert!(lists.life(kind.as_str()).is_some(), "{kind:?}");
            assert!(profile::KINDS.contains(&kind.as_str()), "{kind:?}");
        }
    }

    #[test]
    fn organisations_and_what_is_below_their_names() {
        let allowed = allowed();
        let verified = |kind, value: &str| allowed.beforehand(kind, value).verified;
        assert!(verified(Kind::Domain, "egov.kz") && verified(Kind::Domain, "my.egov.kz"));
        assert!(verified(Kind::Url, "https://my.egov.kz/login") && verified(Kind::Email, "info@gov.kz"));
        assert!(
            verified(Kind::Sender, "EGOV") && allowed.is_short_line("14 14") && allowed.is_short_line("102")
        );
        assert!(verified(Kind::Domain, "qorgan.example"), "this portal itself");
        assert!(verified(Kind::Url, "https://qorgan.example/check"));
        assert!(
            !verified(Kind::Url, "https://qorgan.example:9999/phish"),
            "another door of the same machine"
        );
        // The look-alikes that fraud lives on.
        for fake in
            ["egov-kz.top", "egov.kz.example", "notegov.kz", "egov.kz-login.example", "xn--gov-5cd.kz"]
        {
            assert!(!verified(Kind::Domain, fake), "{fake}");
        }
        assert!(!verified(Kind::Url, "https://evil.example/egov.kz"));
        assert!(!verified(Kind::Phone, "+77010000001") && !allowed.is_short_line("1415"));
    }

    #[test]
    fn what_looks_like_an_organisation_and_what_is_one() {
        let allowed = allowed();
        for (kind, fake, genuine) in [
            (Kind::Domain, "egov-kz.top", "egov.kz"),
            (Kind::Url, "https://egov.kz.login.example/a", "egov.kz"),
            (Kind::Domain, "xn--halykbnk-o2g.kz", "halykbank.kz"),
            (Kind::Email, "help@halykbank-bonus.top", "halykbank.kz"),
            (Kind::Domain, "olx-kz.delivery", "olx.kz"),
        ] {
            assert_eq!(allowed.imitated(kind, fake), Some(genuine), "{fake}");
            assert!(allowed.beforehand(kind, fake).imitates);
        }
        for (kind, honest) in [
            (Kind::Domain, "egov.kz"),
            (Kind::Domain, "my.egov.kz"),
            (Kind::Domain, "olx.ua"),
            (Kind::Domain, "qorgan.example"),
            (Kind::Url, "https://t.me/egov_kz"),
            (Kind::Domain, "invented.example"),
            (Kind::Phone, "+77010000001"),
        ] {
            assert_eq!(allowed.imitated(kind, honest), None, "{honest}");
        }
    }

    #[test]
    fn a_shared_service_is_nobodys_and_a_page_on_it_is_somebodys() {
        let allowed = allowed();
        let shared = |kind, value: &str| allowed.beforehand(kind, value).shared;
        assert!(
            shared(Kind::Domain, "t.me")
                && shared(Kind::Domain, "m.olx.kz")
                && shared(Kind::Url, "https://olx.kz")
        );
        assert!(
            !shared(Kind::Url, "https://t.me/invented_channel") && !shared(Kind::Url, "https://olx.kz/ad/1")
        );
        assert!(shared(Kind::Domain, "github.io"));
        assert!(!shared(Kind::Domain, "invented.github.io"), "somebody's own, by the Public Suffix List");
        assert!(!shared(Kind::Domain, "olx-kz.example") && !shared(Kind::Email, "somebody@gmail.com"));
    }

    #[test]
    fn what_leads_nowhere() {
        let allowed = allowed();
        assert!(
            allowed.beforehand(Kind::Ip, "10.0.0.1").reserved
                && allowed.beforehand(Kind::Domain, "com.kz").reserved
        );
        assert!(!allowed.beforehand(Kind::Ip, "203.0.113.7").reserved);
    }
}
