//! What lists protect, as keys: an entry by its id, a site with everything on it, a site but not the pages on it, a network.
//! Whether something is protected is whether one of its keys is kept.

use std::net::IpAddr;

use identifier::Kind;
use identifier::normalise::url::{has_path, host, registrable};
use ipnet::IpNet;

use super::batch::Matching;
use crate::model::{EntryId, What};

/// Widest networks that a list may protect: a cloud's range is its property, half a continent is nobody's.
const WIDEST: (u8, u8) = (8, 19);
/// A site's network of IPv6: what is narrower is a single address.
const SITE: u8 = 64;

/// Why a network protects nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkFault {
    /// It is none.
    Unread,
    /// It is too wide.
    TooWide,
}

/// The key of one thing.
#[must_use]
pub fn of_entry(id: EntryId) -> String {
    format!("={id}")
}

/// The key under which a line of a list is kept.
#[must_use]
pub fn of_line(what: What, matching: Matching, (kind, canonical): (Kind, &str), id: EntryId) -> String {
    match (what, matching, kind) {
        (What::Own, Matching::Usual, Kind::Domain) => format!(".{canonical}"),
        (What::Shared, Matching::Usual | Matching::Exact, Kind::Domain) => format!("~{canonical}"),
        _ => of_entry(id),
    }
}

/// The key of a network.
///
/// # Errors
/// It is none, or too wide.
pub fn of_network(text: &str) -> Result<String, NetworkFault> {
    let net = match (text.parse::<IpNet>(), text.parse::<IpAddr>()) {
        (Ok(net), _) => net.trunc(),
        (_, Ok(ip)) => IpNet::from(ip),
        _ => return Err(NetworkFault::Unread),
    };
    let widest = if net.addr().is_ipv4() { WIDEST.0 } else { WIDEST.1 };
    let odd = !net.addr().is_ipv4() && (SITE + 1..128).contains(&net.prefix_len());
    match net.prefix_len() {
        _ if odd => Err(NetworkFault::Unread),
        len if len < widest => Err(NetworkFault::TooWide),
        _ => Ok(format!("/{net}")),
    }
}

/// Keys of a thing: what any of them names protects it. Of what is kept as a mask, the entry alone.
#[must_use]
pub fn keys(kind: Kind, canonical: &str, id: EntryId) -> Vec<String> {
    let mut all = vec![of_entry(id)];
    match kind {
        Kind::Ip => all.extend(canonical.parse().map(networks).unwrap_or_default()),
        Kind::Domain | Kind::Url => {
            let name = if kind == Kind::Domain { Some(canonical.to_owned()) } else { host(canonical) };
            let names: Vec<&str> =
                std::iter::successors(name.as_deref(), |n| n.split_once('.').map(|(_, rest)| rest)).collect();
            all.extend(names.iter().map(|n| format!(".{n}")));
            // A page on a shared service is somebody's own.
            if kind == Kind::Domain || !has_path(canonical) {
                // A name below a shared service may be somebody's own, where the Public Suffix List says so.
                let registered = name.as_deref().and_then(registrable);
                let whole = [name.as_deref(), registered].into_iter().flatten();
                all.extend(whole.map(|n| format!("~{n}")).collect::<std::collections::BTreeSet<_>>());
            }
        }
        _ => {}
    }
    all
}

fn networks(ip: IpAddr) -> Vec<String> {
    // Of IPv6 nobody lists what is narrower than a site, but for single addresses.
    let (lens, whole) = if ip.is_ipv4() { (WIDEST.0..=31, 32) } else { (WIDEST.1..=SITE, 128) };
    lens.chain([whole])
        .filter_map(|len| IpNet::new(ip, len).ok())
        .map(|net| format!("/{}", net.trunc()))
        .collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const ID: EntryId = EntryId::from_uuid(Uuid::from_u128(7));

    fn protects(what: What, line: (Kind, &str), thing: (Kind, &str)) -> bool {
        let other = EntryId::from_uuid(Uuid::from_u128(8));
        let id = if line == thing { ID } else { other };
        keys(thing.0, thing.1, id).contains(&of_line(what, Matching::Usual, line, ID))
    }

    #[test]
    fn a_site_of_ones_own_and_one_that_is_shared() {
        let bank = (Kind::Domain, "bank.example");
        for thing in [bank, (Kind::Domain, "my.bank.example"), (Kind::Url, "https://bank.example/login")] {
            assert!(protects(What::Own, bank, thing), "{thing:?}");
        }
        for thing in [
            (Kind::Domain, "notbank.example"),
            (Kind::Domain, "bank.example.evil.test"),
            (Kind::Phone, "bank.example"),
        ] {
            assert!(!protects(What::Own, bank, thing), "{thing:?}");
        }
        assert!(
            protects(What::Shared, bank, bank)
                && protects(What::Shared, bank, (Kind::Url, "https://bank.example"))
        );
        assert!(!protects(What::Shared, bank, (Kind::Url, "https://bank.example/a-shop-of-somebodys")));
        let phone = (Kind::Phone, "+77000000001");
        assert!(
            protects(What::Own, phone, phone) && !protects(What::Own, phone, (Kind::Phone, "+77000000002"))
        );
    }

    #[test]
    fn networks_hold_their_addresses() {
        let key = of_network("203.0.113.77/24").unwrap();
        assert_eq!(key, "/203.0.113.0/24");
        assert!(keys(Kind::Ip, "203.0.113.200", ID).contains(&key));
        assert!(!keys(Kind::Ip, "203.0.114.1", ID).contains(&key));
        assert!(keys(Kind::Ip, "2001:db8::1", ID).contains(&of_network("2001:db8::/32").unwrap()));
        assert_eq!(of_network("2001:db8::/96"), Err(NetworkFault::Unread));
        assert!(keys(Kind::Ip, "2001:db8::1", ID).contains(&of_network("2001:db8::1").unwrap()));
        assert_eq!(of_network("203.0.113.9").unwrap(), "/203.0.113.9/32");
        assert!(of_network("0.0.0.0/0") == Err(NetworkFault::TooWide));
        assert!(of_network("2001::/8") == Err(NetworkFault::TooWide));
        assert!(of_network("bank.example") == Err(NetworkFault::Unread));
    }
}
