//! What a thing leads to: of a link the site that it opens and the person or telephone that it names; of a site the one below whose
//! name it stands. Whoever asks about one writing is told what is known of the others, too.

use identifier::normalise::url::{host, registrable};
use identifier::{Kind, Region, named_by};

use super::asking::Seen;
use crate::beforehand::Allowed;

/// Something that a thing leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lead {
    /// What.
    pub(super) seen: Seen,
    /// Whether what the profile and the office know of it beforehand says something of the thing, too: an honest name below a known
    /// one is that organisation's, but a link to a telephone is not the telephone's owner's.
    pub(super) own: bool,
}

/// The thing itself first, then what it leads to; not where many honest people share that.
pub(super) fn leads(allowed: &Allowed<'_>, seen: &Seen) -> Vec<Lead> {
    let mut all = led(seen);
    let mut first = true;
    all.retain(|Lead { seen, .. }| {
        std::mem::take(&mut first) || !allowed.beforehand(seen.kind, &seen.canonical).shared
    });
    all
}

/// The same whatever many share: of that nothing is told anyhow.
pub(super) fn led(seen: &Seen) -> Vec<Lead> {
    let mut all = vec![Lead { seen: seen.clone(), own: true }];
    let mut add = |kind: Kind, canonical: String, own: bool| {
        all.push(Lead { seen: Seen { kind, canonical }, own });
    };
    let name = match seen.kind {
        Kind::Domain => Some(seen.canonical.clone()),
        Kind::Url => {
            for other in writings(&seen.canonical) {
                add(Kind::Url, other, false);
            }
            if let Some((kind, named)) = named(&seen.canonical) {
                add(kind, named, false);
            }
            match site(seen.kind, &seen.canonical) {
                Some((kind, host)) => {
                    add(kind, host.clone(), true);
                    Some(host).filter(|_| kind == Kind::Domain)
                }
                None => None,
            }
        }
        _ => None,
    };
    for parent in name.iter().flat_map(|name| parents(name)) {
        add(Kind::Domain, parent.to_owned(), false);
    }
    all
}

/// Whom a link names: a telephone, or a name in the messenger in which names of fraudsters are told. The same name elsewhere may be
/// anybody's.
pub(super) fn named(link: &str) -> Option<(Kind, String)> {
    let telegram =
        || host(link).is_some_and(|h| matches!(h.as_str(), "t.me" | "telegram.me" | "telegram.dog"));
    named_by(link).filter(|(kind, _)| *kind == Kind::Phone || telegram())
}

/// The site that a link opens: a name, or an address of the network.
pub(super) fn site(kind: Kind, canonical: &str) -> Option<(Kind, String)> {
    let host = (kind == Kind::Url).then(|| host(canonical)).flatten()?;
    let of = |kind| Some((kind, identifier::normalise(kind, &host, Region::default()).ok()?));
    of(Kind::Domain).or_else(|| of(Kind::Ip))
}

/// The names above a name, as far as one that somebody has registered: whoever holds that holds everything below it.
fn parents(name: &str) -> Vec<&str> {
    let Some(registered) = registrable(name) else { return Vec::new() };
    let above = std::iter::successors(Some(name), |n| n.split_once('.').map(|(_, rest)| rest));
    above.skip(1).take_while(|n| n.len() >= registered.len()).collect()
}

/// Other writings by which a browser comes to the same page as a rule: with and without encryption, with and without a slash at the
/// end.
fn writings(link: &str) -> Vec<String> {
    let slash = |link: &str| match link.strip_suffix('/') {
        Some(bare) => bare.to_owned(),
        None => format!("{link}/"),
    };
    let other = match link.split_once("://") {
        Some(("https", rest)) => Some(format!("http://{rest}")),
        Some(("http", rest)) => Some(format!("https://{rest}")),
        _ => None,
    };
    let ends_plainly = !link.contains('?') && link.matches('/').count() > 2;
    let both: Vec<String> = std::iter::once(link.to_owned()).chain(other).collect();
    let slashed = both.iter().filter(|_| ends_plainly).map(|l| slash(l)).collect::<Vec<_>>();
    both.into_iter().skip(1).chain(slashed).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use profile::Profile;

    use super::*;

    fn told_of(kind: Kind, canonical: &str) -> Vec<(Kind, String)> {
        static KZ: LazyLock<Profile> = LazyLock::new(|| Profile::embedded("kz").unwrap());
        let allowed = Allowed::of(&KZ, &[], "https://qorgan.example");
        let all = leads(&allowed, &Seen { kind, canonical: canonical.to_owned() });
        all.into_iter().skip(1).map(|lead| (lead.seen.kind, lead.seen.canonical)).collect()
    }

    #[test]
    fn a_link_leads_to_its_site_and_to_whom_it_names() {
        let told = |link: &str, kind: Kind, value: &str| {
            told_of(Kind::Url, link).contains(&(kind, value.to_owned()))
        };
        assert!(told("https://wa.me/77000001708", Kind::Phone, "+77000001708"));
        assert!(told("https://api.whatsapp.com/send?phone=77000001708", Kind::Phone, "+77000001708"));
        assert!(told("https://t.me/droplist", Kind::Handle, "droplist"));
        assert!(told("https://t.me/s/droplist", Kind::Handle, "droplist"));
        assert!(!told("https://instagram.com/droplist", Kind::Handle, "droplist"), "somebody else's");
        assert!(told("http://203.0.113.77/", Kind::Ip, "203.0.113.77"));
        assert!(told("http://[2001:db8::1]/a", Kind::Ip, "2001:db8::1"));
        assert!(told("https://a.sub.listed.example/x", Kind::Domain, "a.sub.listed.example"));
        assert!(told("https://a.sub.listed.example/x", Kind::Domain, "sub.listed.example"));
        assert!(told("https://a.sub.listed.example/x", Kind::Domain, "listed.example"));
        assert!(told("http://listed.example/pay", Kind::Url, "https://listed.example/pay"));
        assert!(told("https://listed.example/pay/", Kind::Url, "https://listed.example/pay"));
        assert!(told("http://listed.example/pay", Kind::Url, "https://listed.example/pay/"));
    }

    #[test]
    fn nothing_leads_to_what_many_share_or_nobody_registered() {
        assert_eq!(told_of(Kind::Domain, "shop.com.kz"), []);
        assert_eq!(told_of(Kind::Domain, "invented.github.io"), []);
        assert_eq!(told_of(Kind::Phone, "+77000001708"), []);
        assert!(!told_of(Kind::Url, "https://t.me/droplist").iter().any(|(kind, _)| *kind == Kind::Domain));
        assert_eq!(
            told_of(Kind::Domain, "m.invented.example"),
            [(Kind::Domain, "invented.example".to_owned())]
        );
    }
}
