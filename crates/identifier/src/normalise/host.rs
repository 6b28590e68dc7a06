//! Host names: A-labels by UTS 46, top-level domains by the public suffix list.

use psl::Psl as _;

use crate::Reason;
use crate::text::fold::{Folded, clean};
use crate::text::refang::refang;

/// The canonical domain of `text`: refanged, A-label, lower case, without `www.`, port, path, trailing dot.
///
/// # Errors
/// Why it is no domain.
pub fn normalise(text: &str) -> Result<String, Reason> {
    let whole = refanged(text)?;
    let rest = whole.split_once("://").map_or(whole.as_str(), |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = host.split(':').next().unwrap_or(host);
    let ascii = a_label(host)?;
    if !has_known_tld(&ascii) {
        return Err(Reason::UnknownDomain);
    }
    Ok(without_www(&ascii).to_owned())
}

/// The text of a field with every defanged sign put back.
pub(crate) fn refanged(text: &str) -> Result<String, Reason> {
    let cleaned = clean(text);
    if cleaned.is_empty() {
        return Err(Reason::Empty);
    }
    let folded = refang(&Folded::new(&cleaned));
    Ok(folded.text(0, folded.len()))
}

/// The name without leading `www.`, as long as a name is left.
pub(crate) fn without_www(host: &str) -> &str {
    host.strip_prefix("www.").filter(|rest| rest.contains('.')).unwrap_or(host)
}

/// The A-label form of a name with two labels or more, by the rules for host names (letters, digits,
/// inner hyphens; RFC 1123).
///
/// # Errors
/// Why it is no host name.
pub(crate) fn a_label(host: &str) -> Result<String, Reason> {
    let host = host.trim_end_matches('.');
    if host.is_empty() {
        return Err(Reason::Empty);
    }
    if host.len() > 1_000 {
        return Err(Reason::TooLong);
    }
    let ascii = idna::domain_to_ascii(host).map_err(|_| Reason::Characters)?;
    if ascii.len() > 253 || ascii.split('.').any(|label| label.len() > 63) {
        return Err(Reason::TooLong);
    }
    let fits = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if !ascii.split('.').all(fits) {
        return Err(Reason::Characters);
    }
    if !ascii.contains('.') { Err(Reason::Structure) } else { Ok(ascii) }
}

/// Whether an A-label name ends in a top-level domain that exists, or in one of those that are set aside
/// for examples (RFC 2606) and for the Tor network (RFC 7686).
pub(crate) fn has_known_tld(ascii: &str) -> bool {
    ascii.rsplit('.').next().is_some_and(is_known_tld)
}

/// Whether this label, as A-label or U-label in lower case, is a top-level domain.
pub(crate) fn is_known_tld(label: &str) -> bool {
    if matches!(label, "example" | "test" | "invalid" | "onion") {
        return true;
    }
    let unicode = if label.starts_with("xn--") { idna::domain_to_unicode(label).0 } else { label.to_owned() };
    psl::List.suffix(unicode.as_bytes()).is_some_and(|suffix| suffix.is_known())
}

/// Top-level domains that people write without a second thought; the other thousand need more proof where
/// a full stop without a blank would look the same.
pub(crate) fn is_common_tld(label: &str) -> bool {
    const COMMON: &[&str] = &[
        "kz", "ru", "com", "net", "org", "info", "biz", "su", "uz", "kg", "by", "ua", "tj", "tm", "az", "ge",
        "top", "xyz", "site", "online", "shop", "store", "club", "pro", "icu", "vip", "app", "dev", "io",
        "cc", "tv", "eu", "de", "uk", "cn", "tr", "tech", "space", "website", "bank", "finance", "loan",
        "cloud", "link", "click", "example", "test", "рф", "қаз",
    ];
    COMMON.contains(&label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_writing() {
        for (written, canonical) in [
            ("kaspi.kz", "kaspi.kz"),
            ("WWW.Kaspi.KZ.", "kaspi.kz"),
            ("olx-pay[.]kz", "olx-pay.kz"),
            ("қазпошта.қаз", "xn--80aau2aet5b92c.xn--80ao21a"),
            ("http://user@olx-pay.kz:8080/x?y#z", "olx-pay.kz"),
            ("a.b.example", "a.b.example"),
            ("kаspi.kz", "xn--kspi-53d.kz"), // the second letter is Cyrillic
        ] {
            assert_eq!(normalise(written).as_deref(), Ok(canonical), "{written}");
            assert_eq!(normalise(canonical).as_deref(), Ok(canonical));
        }
    }

    #[test]
    fn refusals_say_why() {
        for (written, reason) in [
            ("kaspi", Reason::Structure),
            ("report.pdf", Reason::UnknownDomain),
            ("-a.kz", Reason::Characters),
            ("a_b.kz", Reason::Characters),
            ("", Reason::Empty),
            ("a..kz", Reason::Characters),
        ] {
            assert_eq!(normalise(written), Err(reason), "{written}");
        }
    }
}
