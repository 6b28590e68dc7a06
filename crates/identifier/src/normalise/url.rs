//! Web addresses, canonical by the WHATWG URL standard and a little further: no fragment, no tracking
//! parameters, no log-in part, and no slash alone after the host.

use std::net::IpAddr;

use ::url::{Host, Url};

use super::host::{a_label, refanged};
use crate::Reason;
use crate::text::fold::lower;

/// Longer addresses than this are not taken; browsers and servers refuse them too.
pub(crate) const LONGEST: usize = 8_000;

/// The canonical address. Without a scheme it is `https`.
///
/// The log-in part (`user:password@`) is dropped: it changes nothing about where the address leads, is a
/// common disguise (`https://kaspi.kz@evil.example`), and may hold a secret.
///
/// # Errors
/// Why it is no web address.
pub fn normalise(text: &str) -> Result<String, Reason> {
    let whole = refanged(text)?;
    if whole.len() > LONGEST {
        return Err(Reason::TooLong);
    }
    if whole.contains(char::is_whitespace) {
        return Err(Reason::Characters);
    }
    canonical(&whole)
}

/// The canonical form of an address that was refanged already.
pub(crate) fn canonical(whole: &str) -> Result<String, Reason> {
    let (scheme, rest) = split_scheme(whole).unwrap_or(("https", whole));
    let rest = rest.replace("&amp;", "&");
    let mut url = Url::parse(&format!("{scheme}://{rest}")).map_err(|_| Reason::Structure)?;
    match url.host() {
        Some(Host::Domain(name)) => {
            // The parser takes any name; labels with underscores do occur in addresses.
            let ascii = a_label(&name.replace('_', "-"))?;
            if ascii.len() != name.trim_end_matches('.').len() {
                return Err(Reason::Structure);
            }
            let trimmed = name.trim_end_matches('.').to_owned();
            url.set_host(Some(&trimmed)).map_err(|_| Reason::Structure)?;
        }
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => {}
        None => return Err(Reason::Structure),
    }
    url.set_fragment(None);
    url.set_username("").map_err(|()| Reason::Structure)?;
    url.set_password(None).map_err(|()| Reason::Structure)?;
    drop_tracking(&mut url);
    let mut text = String::from(url);
    // What was written twice over becomes plain step by step, and so one page has one writing.
    loop {
        let plain = unescaped(&text);
        if plain == text {
            break;
        }
        text = plain;
    }
    // `https://host/` and `https://host` are one address.
    let bare_root = text.strip_suffix('/').filter(|head| head.matches('/').count() == 2);
    Ok(bare_root.map_or(text.clone(), str::to_owned))
}

/// Without escapes of letters and digits that need none (RFC 3986, 6.2.2.2): `/%70ay` is `/pay`.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let byte = after.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let plain =
            byte.map(char::from).filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~'));
        match plain {
            Some(plain) => {
                out.push(plain);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                out.push('%');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The real scheme, and what stands after the slashes, of anything that people begin an address with.
fn split_scheme(whole: &str) -> Option<(&'static str, &str)> {
    let end = whole.find([':', '/', '\\'])?;
    let scheme = scheme_of(whole.get(..end)?)?;
    let rest = whole.get(end..)?.trim_start_matches([':', '/', '\\']);
    Some((scheme, rest))
}

/// `http`, `https` or `ftp` behind `hxxp`, `h**ps`, `hххр` and so on; `None` for other words.
pub(crate) fn scheme_of(word: &str) -> Option<&'static str> {
    let plain: String = word
        .chars()
        .map(|c| match lower(c) {
            'х' | '*' | '_' => 'x',
            'р' => 'p',
            'т' => 't',
            'н' => 'h',
            'ѕ' => 's',
            c => c,
        })
        .collect();
    Some(match plain.as_str() {
        "http" | "hxxp" | "htxp" | "hxtp" | "htp" | "httр" => "http",
        "https" | "hxxps" | "htxps" | "hxtps" | "htps" => "https",
        "ftp" | "fxp" => "ftp",
        _ => return None,
    })
}

/// Query parameters that tell where a click came from and nothing about what is shown.
fn is_tracking(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "fbclid",
        "gclid",
        "dclid",
        "gbraid",
        "wbraid",
        "gclsrc",
        "msclkid",
        "yclid",
        "ysclid",
        "ymclid",
        "twclid",
        "ttclid",
        "igshid",
        "igsh",
        "li_fat_id",
        "mc_cid",
        "mc_eid",
        "_openstat",
        "_ga",
        "_gl",
        "rb_clickid",
        "vero_id",
        "mkt_tok",
        "s_cid",
        "oly_enc_id",
        "oly_anon_id",
        "wickedid",
        "_hsenc",
        "_hsmi",
        "hsctatracking",
        "ref_src",
        "ref_url",
        "cmpid",
        "srsltid",
        "etext",
        "roistat",
        "calltouch_tm",
        "admitad_uid",
        "zanpid",
        "epik",
        "scid",
        "sscid",
        "irclickid",
        "irgwc",
        "ym_uid",
        "__twitter_impression",
    ];
    let low = name.to_ascii_lowercase();
    low.starts_with("utm_")
        || low.starts_with("pk_")
        || low.starts_with("mtm_")
        || NAMES.contains(&low.as_str())
}

fn drop_tracking(url: &mut Url) {
    let Some(query) = url.query() else { return };
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_tracking(pair.split('=').next().unwrap_or(pair)))
        .collect();
    let kept = kept.join("&");
    url.set_query(if kept.is_empty() { None } else { Some(&kept) });
}

/// The host of a canonical address: an A-label name or an address of the network layer.
#[must_use]
pub fn host(canonical: &str) -> Option<String> {
    let url = Url::parse(canonical).ok()?;
    match url.host()? {
        Host::Domain(name) => Some(name.to_owned()),
        Host::Ipv4(v4) => Some(IpAddr::V4(v4).to_string()),
        Host::Ipv6(v6) => Some(IpAddr::V6(v6).to_string()),
    }
}

/// The port that a canonical address names; `None` for the usual one of its scheme.
#[must_use]
pub fn port(canonical: &str) -> Option<u16> {
    Url::parse(canonical).ok()?.port()
}

/// Whether a canonical address leads further than to its host: to a page, a channel, a file.
#[must_use]
pub fn has_path(canonical: &str) -> bool {
    Url::parse(canonical).is_ok_and(|url| url.path().len() > 1 || url.query().is_some())
}

/// The part of a host name that somebody has registered, by the Public Suffix List; `None` for a suffix itself and for
/// addresses of the network layer.
#[must_use]
pub fn registrable(host: &str) -> Option<&str> {
    if host.parse::<IpAddr>().is_ok() { None } else { psl::domain_str(host) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_further_and_what_was_registered() {
        for (address, further) in [
            ("https://olx.example", false),
            ("https://olx.example/", false),
            ("https://olx.example/ad/1", true),
            ("https://olx.example?x=1", true),
        ] {
            assert_eq!(has_path(address), further, "{address}");
        }
        assert_eq!(port("https://olx.example:8443/x"), Some(8443));
        assert!(port("https://olx.example/x:1").is_none() && port("http://[2001:db8::1]/a").is_none());
        for (host, registered) in [
            ("m.olx.kz", Some("olx.kz")),
            ("shop.com.kz", Some("shop.com.kz")),
            ("fraud.github.io", Some("fraud.github.io")),
            ("com.kz", None),
            ("203.0.113.7", None),
        ] {
            assert_eq!(registrable(host), registered, "{host}");
        }
    }

    #[test]
    fn one_writing() {
        for (written, canonical) in [
            ("https://egov-kz.top/login", "https://egov-kz.top/login"),
            ("hxxps://egov-kz[.]top/login", "https://egov-kz.top/login"),
            ("HXXPS[:]//EGOV-KZ(dot)TOP/Login", "https://egov-kz.top/Login"),
            ("h**ps://egov-kz.top/login", "https://egov-kz.top/login"),
            ("http:\\\\egov-kz.top\\login", "http://egov-kz.top/login"),
            ("egov-kz.top/login", "https://egov-kz.top/login"),
            ("https://egov-kz.top:443/login#top", "https://egov-kz.top/login"),
            ("https://egov-kz.top/", "https://egov-kz.top"),
            ("https://egov-kz.top", "https://egov-kz.top"),
            ("https://egov-kz.top/?utm_source=wa&utm_medium=x", "https://egov-kz.top"),
            ("https://egov-kz.top/a?id=7&utm_source=wa&fbclid=1#x", "https://egov-kz.top/a?id=7"),
            ("https://egov-kz.top?id=7", "https://egov-kz.top/?id=7"),
            ("https://kaspi.kz@egov-kz.top/login", "https://egov-kz.top/login"),
            ("https://user:pass@egov-kz.top/", "https://egov-kz.top"),
            ("https://egov-kz.top/%6Cogin?%71=%20", "https://egov-kz.top/login?q=%20"),
            ("https://egov-kz.top/%256C", "https://egov-kz.top/%256C"),
            ("https://egov-kz.top/%%36C", "https://egov-kz.top/l"),
            ("https://egov-kz.top/a%2fb%zz", "https://egov-kz.top/a%2fb%zz"),
            ("https://egov-kz.top./a", "https://egov-kz.top/a"),
            ("http://185.12.34.56:8080/a", "http://185.12.34.56:8080/a"),
            ("https://төлем.қаз/кіру", "https://xn--e1alev94f.xn--80ao21a/%D0%BA%D1%96%D1%80%D1%83"),
            ("https://egov-kz.top/login/", "https://egov-kz.top/login/"),
            ("https://a_b.egov-kz.top/x", "https://a_b.egov-kz.top/x"),
            ("http://egov-kz.top/a?x=1&amp;y=2", "http://egov-kz.top/a?x=1&y=2"),
        ] {
            assert_eq!(normalise(written).as_deref(), Ok(canonical), "{written}");
            assert_eq!(normalise(canonical).as_deref(), Ok(canonical), "again {written}");
        }
    }

    #[test]
    fn refusals() {
        for written in ["", "kaspi", "https://", "https://kaspi", "https://-/", "http://a b.kz"] {
            assert!(normalise(written).is_err(), "{written}");
        }
    }
}
