//! What a thing leads to: of a link the site that it opens and the person or telephone that it names; of a site the one below whose
//! name it stands. Whoever asks about one writing is told what is known of the others, too.

use identifier::normalise::url::{host, port, registrable};
use identifier::{Kind, Region, named_by};

use super::asking::Seen;
use crate::rules::crowd::is_number;

/// How somebody comes from a thing to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// It is the thing itself.
    Itself,
    /// It is another writing of the same page.
    Writing,
    /// The link names it: a telephone, a name in a messenger.
    Named,
    /// The link opens it.
    Site,
    /// Whoever holds it holds everything below it.
    Above,
}

/// Something that a thing leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lead {
    /// What.
    pub(super) seen: Seen,
    /// How.
    pub(super) how: By,
    /// Whether what the profile and the office know of it beforehand says something of the thing, too: an honest name below a known
    /// one is that organisation's, but a link to a telephone is not the telephone's owner's.
    pub(super) own: bool,
}

/// Names above a name that are looked at: as many as honest names have, since anybody may write as many as a name holds.
const MOST_ABOVE: usize = 4;

/// The thing itself first, then what it leads to, the more general the later.
pub(super) fn leads(seen: &Seen) -> Vec<Lead> {
    let mut all = vec![Lead { seen: seen.clone(), how: By::Itself, own: true }];
    let mut add = |kind: Kind, canonical: String, how: By, own: bool| {
        all.push(Lead { seen: Seen { kind, canonical }, how, own });
    };
    let name = match seen.kind {
        Kind::Domain => Some(seen.canonical.clone()),
        Kind::Url => {
            for other in writings(&seen.canonical) {
                add(Kind::Url, other, By::Writing, false);
            }
            if let Some((kind, named)) = named(&seen.canonical) {
                add(kind, named, By::Named, false);
            }
            match site(seen.kind, &seen.canonical) {
                Some((kind, host)) => {
                    // Another door of the same machine is not who stands at the usual one.
                    add(kind, host.clone(), By::Site, port(&seen.canonical).is_none());
                    Some(host).filter(|_| kind == Kind::Domain)
                }
                None => None,
            }
        }
        _ => None,
    };
    for parent in name.iter().flat_map(|name| parents(name)) {
        add(Kind::Domain, parent.to_owned(), By::Above, false);
    }
    all
}

/// Whether asking about a thing is a guess at one of a row of numbers: a number, or a link that names one.
pub(super) fn is_guess(seen: &Seen) -> bool {
    let named = || named(&seen.canonical).is_some_and(|(kind, _)| is_number(kind));
    is_number(seen.kind) || (seen.kind == Kind::Url && named())
}

/// Whom a link names: a telephone, or a name in the messenger in which names of fraudsters are told. The same name elsewhere may be
/// anybody's.
pub(super) fn named(link: &str) -> Option<(Kind, String)> {
    let telegram = || {
        host(link).is_some_and(|h| {
            let h = h.strip_prefix("www.").unwrap_or(&h);
            matches!(h, "t.me" | "telegram.me" | "telegram.dog") || h.ends_with(".t.me")
        })
    };
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
    let mut all: Vec<&str> = above.skip(1).take_while(|n| n.len() >= registered.len()).collect();
    if all.len() > MOST_ABOVE {
        let kept = all.len().saturating_sub(MOST_ABOVE);
        // The one that was registered, and those next to it.
        all.drain(..kept);
    }
    all
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
    use super::*;

    fn told_of(kind: Kind, canonical: &str) -> Vec<(Kind, String)> {
        let all = leads(&Seen { kind, canonical: canonical.to_owned() });
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
        assert!(told("https://droplist.t.me", Kind::Handle, "droplist"));
        assert!(told("https://web.whatsapp.com/send?phone=%2b77000001708", Kind::Phone, "+77000001708"));
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
    fn a_link_that_names_a_number_is_a_guess_at_it() {
        let guess = |kind, canonical: &str| is_guess(&Seen { kind, canonical: canonical.to_owned() });
        assert!(guess(Kind::Phone, "+77000001708") && guess(Kind::Url, "https://wa.me/77000001708"));
        assert!(
            !guess(Kind::Url, "https://t.me/droplist") && !guess(Kind::Url, "https://a.example/77000001708")
        );
        let own = |link: &str| {
            let all = leads(&Seen { kind: Kind::Url, canonical: link.to_owned() });
            all.iter().any(|lead| lead.how == By::Site && lead.own)
        };
        assert!(
            own("https://a.example/x") && !own("https://a.example:8443/x"),
            "another door of the machine"
        );
    }

    #[test]
    fn nothing_leads_to_what_nobody_registered_and_no_name_to_hundreds() {
        assert_eq!(told_of(Kind::Domain, "shop.com.kz"), []);
        assert_eq!(told_of(Kind::Domain, "invented.github.io"), []);
        assert_eq!(told_of(Kind::Phone, "+77000001708"), []);
        let long = format!("{}invented.example", "a.".repeat(100));
        let above = told_of(Kind::Domain, &long);
        assert!(above.len() == MOST_ABOVE && above.contains(&(Kind::Domain, "invented.example".to_owned())));
        assert_eq!(
            told_of(Kind::Domain, "m.invented.example"),
            [(Kind::Domain, "invented.example".to_owned())]
        );
    }
}
