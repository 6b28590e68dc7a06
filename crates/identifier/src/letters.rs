//! Sites that are named in the letters of a language: how people read them, beside how the network writes them (RFC 3492, RFC 5891).
//!
//! Whoever compares a site with what a victim says reads letters, not `xn--`. But letters of two alphabets in one word are how a false site is
//! made to look like a true one: of those the writing of the network comes first, with a sign that says so.

use unicode_security::MixedScript as _;

use crate::kind::Kind;

/// The sign before letters that deceive.
pub const DECEIVES: &str = "⚠";

/// Cyrillic letters that look like Latin ones: a word of these alone may be taken for a Latin one.
const LIKE_LATIN: &str = "асԁеһіјӏорԛѕԝхуүҽѵ";

/// A site or a link as people read it, with the writing of the network behind it in brackets; where its letters deceive, the writing of the
/// network first. What is not written in letters of a language stays as it is.
#[must_use]
pub fn shown(kind: Kind, written: &str) -> String {
    let host = match kind {
        Kind::Domain => written,
        Kind::Url => host_of(written),
        _ => return written.to_owned(),
    };
    let Some(letters) = read(host) else { return written.to_owned() };
    if deceives(host) {
        return format!("{written} ({DECEIVES} {letters})");
    }
    format!("{} ({host})", written.replacen(host, &letters, 1))
}

/// Whether something that [`shown`] made is of letters that deceive.
#[must_use]
pub fn is_deceiving(shown: &str) -> bool {
    shown.contains(&format!("({DECEIVES} "))
}

/// The host of a link.
fn host_of(link: &str) -> &str {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    let place = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = place.rsplit('@').next().unwrap_or(place);
    host.split_once(':').map_or(host, |(host, _)| host)
}

/// The letters of a name that is written in them; `None` for any other, and for what no name can be.
fn read(host: &str) -> Option<String> {
    if !host.split('.').any(|label| label.starts_with("xn--")) {
        return None;
    }
    let (letters, read) = idna::domain_to_unicode(host);
    (read.is_ok() && letters != host).then_some(letters)
}

/// Whether any word of a name is of two alphabets, or of letters each of which looks like a Latin one under an ending in Latin letters.
fn deceives(host: &str) -> bool {
    let latin_ending = host.rsplit('.').next().is_some_and(|ending| !ending.starts_with("xn--"));
    host.split('.').filter(|label| label.starts_with("xn--")).any(|label| {
        let letters = idna::domain_to_unicode(label).0;
        let like_latin = |c: char| !c.is_alphabetic() || LIKE_LATIN.contains(c);
        !letters.as_str().is_single_script() || (latin_ending && letters.chars().all(like_latin))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sites_as_people_read_them() {
        for (kind, written, expected) in [
            (Kind::Domain, "xn--80aau2aet5b92c.xn--80ao21a", "қазпошта.қаз (xn--80aau2aet5b92c.xn--80ao21a)"),
            (
                Kind::Url,
                "https://xn--e1alev94f.xn--80ao21a/a?b=1",
                "https://төлем.қаз/a?b=1 (xn--e1alev94f.xn--80ao21a)",
            ),
            // A Cyrillic `а` in a Latin word, and a Cyrillic word that looks Latin.
            (Kind::Domain, "xn--kspi-53d.kz", "xn--kspi-53d.kz (⚠ kаspi.kz)"),
            (Kind::Url, "https://xn--kspi-53d.kz/1", "https://xn--kspi-53d.kz/1 (⚠ kаspi.kz)"),
            (Kind::Domain, "xn--n1aac.kz", "xn--n1aac.kz (⚠ ссора.kz)"),
            (Kind::Domain, "kaspi.kz", "kaspi.kz"),
            (Kind::Url, "https://kaspi.kz/xn--80aau2aet5b92c", "https://kaspi.kz/xn--80aau2aet5b92c"),
            (Kind::Domain, "xn--a.kz", "xn--a.kz"),
            (Kind::Phone, "+77001112233", "+77001112233"),
        ] {
            let written = if written == "xn--n1aac.kz" {
                idna::domain_to_ascii("ссора.kz").unwrap_or_default()
            } else {
                written.to_owned()
            };
            let expected = expected.replace("xn--n1aac.kz", &written);
            let shown = shown(kind, &written);
            assert_eq!(shown, expected, "{written}");
            assert_eq!(is_deceiving(&shown), expected.contains(DECEIVES), "{written}");
        }
        // A word with a letter that no Latin one looks like deceives nobody.
        let own = idna::domain_to_ascii("банк-помощь.example").unwrap_or_default();
        assert_eq!(shown(Kind::Domain, &own), format!("банк-помощь.example ({own})"));
    }

    proptest! {
        /// What the network writes is never lost, whatever is written.
        #[test]
        fn the_writing_of_the_network_stays(name in "(xn--)?[a-z0-9-]{1,12}\\.(kz|xn--80ao21a)") {
            prop_assert!(shown(Kind::Domain, &name).contains(&name));
        }
    }
}
