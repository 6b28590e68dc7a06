//! Addresses that are nobody's in public: what cannot be reached from outside cannot be restricted for the public, and an
//! order that names it would only harm whoever obeys it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::url;
use crate::Kind;

/// Endings of names that no public name has (RFC 6761, RFC 6762, RFC 8375, RFC 9476, ICANN's `internal`).
const NAMES: [&str; 5] = ["local", "localhost", "internal", "home.arpa", "alt"];

/// Whether a canonical address, name or link leads nowhere in public: to a private network, to the machine itself, to a
/// group; or is no one's, but a zone under which others have their names (the Public Suffix List). Networks and names of
/// examples (RFC 2606, RFC 5737) are not meant: they stand in training and tests.
#[must_use]
pub fn is_reserved(kind: Kind, canonical: &str) -> bool {
    let host = match kind {
        Kind::Ip | Kind::Domain => canonical.to_owned(),
        Kind::Url | Kind::Advertisement => match url::host(canonical) {
            Some(host) => host,
            None => return false,
        },
        _ => return false,
    };
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(v4)) => is_reserved_v4(v4),
        Ok(IpAddr::V6(v6)) => v6.to_ipv4_mapped().map_or_else(|| is_reserved_v6(v6), is_reserved_v4),
        Err(_) => {
            let under = |name: &&str| host == **name || host.ends_with(&format!(".{name}"));
            let zone = kind == Kind::Domain && psl::suffix_str(&host) == Some(host.as_str());
            zone || !host.contains('.') || NAMES.iter().any(under)
        }
    }
}

/// RFC 6890 without the networks of examples.
const fn is_reserved_v4(v4: Ipv4Addr) -> bool {
    let [a, b, ..] = v4.octets();
    v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && b >= 64 && b < 128)
}

/// The same of the sixth version.
const fn is_reserved_v6(v6: Ipv6Addr) -> bool {
    let [first, ..] = v6.segments();
    v6.is_loopback()
        || v6.is_unspecified()
        || v6.is_multicast()
        || (first & 0xfe00) == 0xfc00
        || (first & 0xffc0) == 0xfe80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_reaches_is_told_from_what_everybody_does() {
        use Kind::{Advertisement, Domain, Ip, Phone, Url};
        for (kind, address) in [
            (Ip, "10.0.0.1"),
            (Ip, "127.0.0.1"),
            (Ip, "192.168.1.1"),
            (Ip, "172.31.0.9"),
            (Ip, "169.254.169.254"),
            (Ip, "100.64.0.1"),
            (Ip, "0.0.0.0"),
            (Ip, "224.0.0.1"),
            (Ip, "255.255.255.255"),
            (Ip, "::1"),
            (Ip, "fd00::1"),
            (Ip, "fe80::1"),
            (Ip, "::ffff:10.0.0.1"),
            (Url, "https://127.0.0.1:8080/desk"),
            (Url, "http://[::1]/"),
            (Url, "http://localhost/x"),
            (Domain, "printer.local"),
            (Domain, "qorgan.internal"),
            (Advertisement, "http://10.0.0.1/ad"),
            (Domain, "com.kz"),
            (Domain, "gov.kz"),
            (Domain, "co.uk"),
        ] {
            assert!(is_reserved(kind, address), "{address}");
        }
        for (kind, address) in [
            (Ip, "203.0.113.7"),
            (Ip, "8.8.8.8"),
            (Ip, "100.128.0.1"),
            (Ip, "172.32.0.1"),
            (Ip, "2001:db8::1"),
            (Url, "https://bank-safe.example/login"),
            (Domain, "alan.example"),
            (Domain, "local.kz"),
            (Domain, "egov.kz"),
            (Domain, "shop.com.kz"),
            (Domain, "mylocal.kz"),
            (Phone, "+77000000000"),
        ] {
            assert!(!is_reserved(kind, address), "{address}");
        }
    }
}
