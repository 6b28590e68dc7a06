//! Addresses of the network layer, canonical as RFC 5952.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::Reason;
use crate::text::fold::{Folded, clean};
use crate::text::refang::refang;

/// The canonical address. A port (`1.2.3.4:8080`, `[::1]:443`) and a zone are left off.
///
/// # Errors
/// Why it is no address.
pub fn normalise(text: &str) -> Result<String, Reason> {
    let cleaned = clean(text);
    if cleaned.is_empty() {
        return Err(Reason::Empty);
    }
    let folded = refang(&Folded::new(&cleaned));
    let whole = folded.text(0, folded.len());
    let bare = match whole.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => match whole.split_once(':') {
            Some((head, port)) if head.contains('.') && port.bytes().all(|b| b.is_ascii_digit()) => head,
            _ => &whole,
        },
    };
    let bare = bare.split('%').next().unwrap_or(bare);
    if let Ok(v4) = bare.parse::<Ipv4Addr>() {
        return Ok(v4.to_string());
    }
    match bare.parse::<Ipv6Addr>() {
        Ok(v6) => Ok(match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4).to_string(),
            None => v6.to_string(),
        }),
        Err(_) if bare.chars().all(|c| c.is_ascii_hexdigit() || c == '.' || c == ':') => {
            Err(Reason::Structure)
        }
        Err(_) => Err(Reason::Characters),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_writing() {
        for (written, canonical) in [
            ("185.12.34.56", "185.12.34.56"),
            ("185[.]12[.]34[.]56", "185.12.34.56"),
            ("185.12.34.56:8080", "185.12.34.56"),
            ("2001:0DB8:0:0:0:0:0:1", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("::ffff:1.2.3.4", "1.2.3.4"),
        ] {
            assert_eq!(normalise(written).as_deref(), Ok(canonical), "{written}");
        }
        assert_eq!(normalise("256.1.1.1"), Err(Reason::Structure));
        assert_eq!(normalise("01.2.3.4"), Err(Reason::Structure));
        assert_eq!(normalise("kaspi.kz"), Err(Reason::Characters));
    }
}
