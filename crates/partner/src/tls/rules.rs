//! Reading fingerprints and the header, and from whom the header is believed. Pure.

use std::net::IpAddr;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::HeaderMap;
use sha2::{Digest as _, Sha256};

/// SHA-256 of a certificate in DER.
pub type Fingerprint = [u8; 32];

/// Addresses of proxies whose `Client-Cert` is believed: an extension of the router. Without it, and from everywhere else,
/// the header is ignored: anybody can write one.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(pub Arc<[IpAddr]>);

impl TrustedProxies {
    /// Whether a connection comes from one of them.
    #[must_use]
    pub fn contains(&self, peer: IpAddr) -> bool {
        self.0.iter().any(|ip| ip.to_canonical() == peer.to_canonical())
    }
}

/// Largest certificate that is looked at, in bytes of its header.
const MAX_HEADER: usize = 16 * 1024;

/// The fingerprint of the certificate in `Client-Cert`: one byte sequence of a structured field (RFC 9440, section 2.2).
/// `None` if there is none, or several, or it is no such thing.
#[must_use]
pub fn presented(headers: &HeaderMap) -> Option<Fingerprint> {
    let mut all = headers.get_all("client-cert").iter();
    let (Some(value), None) = (all.next(), all.next()) else { return None };
    let text = value.to_str().ok().filter(|t| t.len() <= MAX_HEADER)?.trim();
    let base64 = text.strip_prefix(':')?.strip_suffix(':')?;
    let der = BASE64_STANDARD.decode(base64).ok().filter(|der| !der.is_empty())?;
    Some(Sha256::digest(der).into())
}

/// A fingerprint as people hand it over: 64 hexadecimal digits, with colons or blanks between or not.
#[must_use]
pub fn fingerprint(text: &str) -> Option<Fingerprint> {
    let digits: Vec<u32> = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != ':')
        .map(|c| c.to_digit(16))
        .take(65)
        .collect::<Option<_>>()?;
    let bytes = digits.chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(high.saturating_mul(16).saturating_add(*low)).ok(),
        _ => None,
    });
    bytes.collect::<Option<Vec<u8>>>()?.try_into().ok()
}

/// As it is shown: pairs of capitals with colons between.
#[must_use]
pub fn written(fingerprint: &[u8]) -> String {
    fingerprint.iter().map(|b| format!("{b:02X}")).collect::<Vec<_>>().join(":")
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn header(values: &[&str]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for value in values {
            map.append("client-cert", HeaderValue::from_str(value).unwrap());
        }
        map
    }

    #[test]
    fn the_header_is_one_byte_sequence() {
        let of = |values: &[&str]| presented(&header(values));
        let print: Fingerprint = Sha256::digest(b"cert").into();
        assert_eq!(of(&[":Y2VydA==:"]), Some(print));
        assert_eq!(of(&["  :Y2VydA==: "]), Some(print));
        for refused in [
            &[][..],
            &["Y2VydA=="],
            &[":Y2VydA=="],
            &["::"],
            &[":"],
            &[":%%%:"],
            &[":Y2VydA==:, :Y2VydA==:"],
            // Two headers: one of them was written by somebody else.
            &[":Y2VydA==:", ":Y2VydA==:"],
        ] {
            assert_eq!(of(refused), None, "{refused:?}");
        }
    }

    #[test]
    fn fingerprints_as_people_write_them() {
        let print: Fingerprint = Sha256::digest(b"cert").into();
        let shown = written(&print);
        for text in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace(':', ""),
            format!(" {} ", shown.replace(':', " ")),
        ] {
            assert_eq!(fingerprint(&text), Some(print), "{text}");
        }
        let (short, long) = (shown.replace(':', "")[1..].to_owned(), format!("{shown}:00"));
        for text in ["", "xyz", &short, &long, "отпечаток"] {
            assert_eq!(fingerprint(text), None, "{text}");
        }
    }

    #[test]
    fn proxies_are_known_by_their_address() {
        let proxies = TrustedProxies(vec!["192.0.2.1".parse().unwrap()].into());
        assert!(proxies.contains("192.0.2.1".parse().unwrap()));
        assert!(proxies.contains("::ffff:192.0.2.1".parse().unwrap()));
        assert!(!proxies.contains("192.0.2.2".parse().unwrap()));
        assert!(!TrustedProxies::default().contains("127.0.0.1".parse().unwrap()));
    }
}
