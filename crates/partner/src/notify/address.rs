//! Which addresses the node posts to. Pure: an address is judged when it is typed ([`endpoint_url`]), its literal
//! host before each post, and what its name leads to at each connection ([`admitted`]), so that a name cannot be
//! led elsewhere in between.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Longest address, in characters.
pub const MAX_URL_CHARS: usize = 500;

/// Why an address is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// No address, too long, or with a user name or a fragment in it.
    #[error(
        "the address cannot be read, has a user name or fragment in it, or is longer than 500 characters"
    )]
    Unreadable,
    /// Not `https`.
    #[error("the address must begin with `https://`")]
    Scheme,
    /// It leads inside: to this machine, a private network, a link.
    #[error("the address leads to this machine, a private network or a reserved range")]
    Inside,
}

/// Where a node posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    /// Also to this machine, without TLS: demonstrations and tests.
    pub loopback: bool,
}

/// An address as it is kept, if the node posts there. Names are judged by their spelling here and by what they
/// lead to at each connection.
///
/// # Errors
/// [`AddressError`] says what is wrong with it.
pub fn endpoint_url(typed: &str, reach: Reach) -> Result<Url, AddressError> {
    let typed = typed.trim();
    if typed.chars().count() > MAX_URL_CHARS || typed.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(AddressError::Unreadable);
    }
    let url = Url::parse(typed).map_err(|_| AddressError::Unreadable)?;
    let named = !url.username().is_empty() || url.password().is_some();
    if named || url.fragment().is_some() || url.as_str().chars().count() > MAX_URL_CHARS {
        return Err(AddressError::Unreadable);
    }
    host_admitted(&url, reach)?;
    Ok(url)
}

/// Judges scheme and host of an address, as far as they tell without asking for names.
///
/// # Errors
/// [`AddressError::Scheme`], [`AddressError::Inside`]; [`AddressError::Unreadable`] without a host.
pub fn host_admitted(url: &Url, reach: Reach) -> Result<(), AddressError> {
    let (here, inside) = match url.host().ok_or(AddressError::Unreadable)? {
        Host::Ipv4(ip) => (ip.is_loopback(), !admitted(ip.into(), reach)),
        Host::Ipv6(ip) => (ip.is_loopback(), !admitted(ip.into(), reach)),
        Host::Domain(name) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            let here = name == "localhost" || name.ends_with(".localhost");
            (here, if here { !reach.loopback } else { inner_name(name) })
        }
    };
    match url.scheme() {
        "https" => {}
        "http" if here && reach.loopback => {}
        "http" if here => return Err(AddressError::Inside),
        _ => return Err(AddressError::Scheme),
    }
    if inside { Err(AddressError::Inside) } else { Ok(()) }
}

/// Names that lead nowhere or inside by their spelling: of one label, or under an ending for networks at home.
fn inner_name(name: &str) -> bool {
    const INNER: [&str; 7] =
        [".local", ".internal", ".intranet", ".lan", ".home.arpa", ".in-addr.arpa", ".ip6.arpa"];
    !name.contains('.') || INNER.iter().any(|end| name.ends_with(end))
}

/// Whether the node posts to this address: public ones only, and its own machine where `reach` says so.
#[must_use]
pub fn admitted(ip: IpAddr, reach: Reach) -> bool {
    match ip {
        IpAddr::V4(ip) => (reach.loopback && ip.is_loopback()) || public_v4(ip),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => admitted(IpAddr::V4(ip), reach),
            None => (reach.loopback && ip.is_loopback()) || public_v6(ip),
        },
    }
}

/// A range of addresses: its first one and how many bits of it count.
type Range<T> = (T, u32);

/// What is not public of IPv4: IANA's special-purpose registry (RFC 6890), multicast and the rest above it, and the
/// one public address under which a cloud serves metadata to its machines.
const INNER_V4: [Range<Ipv4Addr>; 16] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(168, 63, 129, 16), 32),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Global unicast of IPv6 (RFC 4291).
const GLOBAL_V6: Range<Ipv6Addr> = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
/// What of it is not public: protocol assignments with Teredo, documentation, and 6to4, which hides an IPv4 address.
const INNER_V6: [Range<Ipv6Addr>; 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

fn public_v4(ip: Ipv4Addr) -> bool {
    let within = |(first, bits): &Range<Ipv4Addr>| (ip.to_bits() ^ first.to_bits()).leading_zeros() >= *bits;
    !INNER_V4.iter().any(within)
}

fn public_v6(ip: Ipv6Addr) -> bool {
    let within = |(first, bits): &Range<Ipv6Addr>| (ip.to_bits() ^ first.to_bits()).leading_zeros() >= *bits;
    within(&GLOBAL_V6) && !INNER_V6.iter().any(within)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PUBLIC: Reach = Reach { loopback: false };
    const DEMO: Reach = Reach { loopback: true };

    #[test]
    fn addresses_of_machines() {
        let table = [
            ("8.8.8.8", true, true),
            ("91.195.226.1", true, true),
            ("100.63.255.255", true, true),
            ("172.32.0.1", true, true),
            ("168.63.129.17", true, true),
            ("2a00:1450:4010::8", true, true),
            ("::ffff:8.8.8.8", true, true),
            ("127.0.0.1", false, true),
            ("127.255.255.254", false, true),
            ("::1", false, true),
            ("::ffff:127.0.0.1", false, true),
            ("0.0.0.0", false, false),
            ("10.1.2.3", false, false),
            ("100.64.0.1", false, false),
            ("100.100.100.200", false, false),
            ("169.254.169.254", false, false),
            ("168.63.129.16", false, false),
            ("172.16.0.1", false, false),
            ("172.31.255.255", false, false),
            ("192.0.0.192", false, false),
            ("192.168.1.1", false, false),
            ("198.19.255.255", false, false),
            ("203.0.113.5", false, false),
            ("224.0.0.1", false, false),
            ("255.255.255.255", false, false),
            ("::", false, false),
            ("::ffff:10.0.0.1", false, false),
            ("::ffff:169.254.169.254", false, false),
            ("::127.0.0.1", false, false),
            ("64:ff9b::a00:1", false, false),
            ("2001:0:4136:e378::1", false, false),
            ("2001:db8::1", false, false),
            ("2002:7f00:1::1", false, false),
            ("fd00:ec2::254", false, false),
            ("fe80::1", false, false),
            ("fec0::1", false, false),
            ("ff02::1", false, false),
        ];
        for (ip, public, demo) in table {
            let ip: IpAddr = ip.parse().unwrap();
            assert_eq!((admitted(ip, PUBLIC), admitted(ip, DEMO)), (public, demo), "{ip}");
        }
    }

    #[test]
    fn addresses_as_they_are_typed() {
        use AddressError::{Inside, Scheme, Unreadable};
        let table = [
            ("https://hooks.zalt.example/qorgan?key=1", Ok(()), Ok(())),
            ("https://hooks.zalt.example:8443/", Ok(()), Ok(())),
            ("  https://hooks.zalt.example/  ", Ok(()), Ok(())),
            ("HTTPS://HOOKS.ZALT.EXAMPLE/a", Ok(()), Ok(())),
            ("https://8.8.8.8/x", Ok(()), Ok(())),
            ("http://hooks.zalt.example/", Err(Scheme), Err(Scheme)),
            ("ftp://hooks.zalt.example/", Err(Scheme), Err(Scheme)),
            ("http://8.8.8.8/", Err(Scheme), Err(Scheme)),
            ("http://127.0.0.1:9000/x", Err(Inside), Ok(())),
            ("http://localhost:9000/x", Err(Inside), Ok(())),
            ("http://[::1]:9000/x", Err(Inside), Ok(())),
            ("https://localhost/", Err(Inside), Ok(())),
            ("https://localhost./", Err(Inside), Ok(())),
            ("https://127.1/", Err(Inside), Ok(())),
            ("https://0x7f.1/", Err(Inside), Ok(())),
            ("https://2130706433/", Err(Inside), Ok(())),
            ("https://017700000001/", Err(Inside), Ok(())),
            ("https://①27.0.0.1/", Err(Inside), Ok(())),
            ("https://169.254.169.254/latest/meta-data", Err(Inside), Err(Inside)),
            ("https://[::ffff:169.254.169.254]/", Err(Inside), Err(Inside)),
            ("https://10.0.0.5/", Err(Inside), Err(Inside)),
            ("https://[fd00:ec2::254]/", Err(Inside), Err(Inside)),
            ("https://metadata.google.internal/", Err(Inside), Err(Inside)),
            ("https://printer.local/", Err(Inside), Err(Inside)),
            ("https://intranet/", Err(Inside), Err(Inside)),
            ("http://127.0.0.1.example.com/", Err(Scheme), Err(Scheme)),
            ("https://user@hooks.zalt.example/", Err(Unreadable), Err(Unreadable)),
            ("https://u:p@hooks.zalt.example/", Err(Unreadable), Err(Unreadable)),
            ("https://hooks.zalt.example/#part", Err(Unreadable), Err(Unreadable)),
            ("https://hooks.zalt.example/a b", Err(Unreadable), Err(Unreadable)),
            ("https://hooks.zalt.example/a\nb", Err(Unreadable), Err(Unreadable)),
            ("hooks.zalt.example", Err(Unreadable), Err(Unreadable)),
            ("https://", Err(Unreadable), Err(Unreadable)),
            ("https://[::1", Err(Unreadable), Err(Unreadable)),
            ("", Err(Unreadable), Err(Unreadable)),
        ];
        for (typed, public, demo) in table {
            let of = |reach| endpoint_url(typed, reach).map(drop);
            assert_eq!((of(PUBLIC), of(DEMO)), (public, demo), "{typed}");
        }
        let long = format!("https://hooks.zalt.example/{}", "x".repeat(MAX_URL_CHARS));
        assert_eq!(endpoint_url(&long, PUBLIC), Err(Unreadable));
    }

    proptest! {
        #[test]
        fn no_text_gets_inside(text in "https?://[0-9a-fx.:\\[\\]]{1,24}/") {
            if let Ok(url) = endpoint_url(&text, PUBLIC) {
                let ip = match url.host().unwrap() {
                    Host::Ipv4(ip) => Some(IpAddr::from(ip)),
                    Host::Ipv6(ip) => Some(IpAddr::from(ip)),
                    Host::Domain(_) => None,
                };
                prop_assert!(ip.is_none_or(|ip| admitted(ip, PUBLIC) && !ip.is_loopback()), "{}", url);
            }
        }

        #[test]
        fn never_panics(text in ".{0,80}") {
            let _ = endpoint_url(&text, DEMO);
        }
    }
}
