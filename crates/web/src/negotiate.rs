//! What a request asks for in its headers: language, JSON or page, cookies. Everything here is untrusted.

use http::header::{ACCEPT, ACCEPT_LANGUAGE, COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use kernel::Lang;

/// The cookies of a request. The first of two with one name counts.
pub(crate) struct Cookies<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Cookies<'a> {
    pub(crate) fn of(headers: &'a HeaderMap) -> Self {
        let pairs = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|v| v.to_str().ok())
            .flat_map(|v| v.split(';'))
            .filter_map(|pair| pair.trim().split_once('='));
        Self(pairs.take(64).collect())
    }
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, v)| *v)
    }
}

/// The best of `langs` by `Accept-Language` (RFC 9110, 12.5.4); `None` if it names none of them. A tag matches
/// by its first part, so `kk-KZ` is Kazakh; `q` orders, equal ones keep the header's order.
pub(crate) fn accept_language(headers: &HeaderMap, langs: &[Lang]) -> Option<Lang> {
    let text = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(u32, Lang)> = None;
    for item in text.split(',').take(32) {
        let mut parts = item.split(';');
        let tag = parts.next().unwrap_or_default().trim();
        let quality = parts.find_map(|p| p.trim().strip_prefix("q=").map(quality)).unwrap_or(1_000);
        let first = tag.split('-').next().unwrap_or_default();
        let found = langs
            .iter()
            .find(|l| l.tag().eq_ignore_ascii_case(tag))
            .or_else(|| langs.iter().find(|l| l.tag().eq_ignore_ascii_case(first)));
        if let Some(lang) = found
            && quality > best.as_ref().map_or(0, |(q, _)| *q)
        {
            best = Some((quality, lang.clone()));
        }
    }
    best.map(|(_, lang)| lang)
}

/// A quality in thousandths; what cannot be read counts as none.
fn quality(text: &str) -> u32 {
    let (whole, decimals) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let thousandths = format!("{decimals:0<3}");
    let value = match (whole, thousandths.get(..3).and_then(|d| d.parse::<u32>().ok())) {
        ("1", _) => 1_000,
        ("0", Some(d)) => d,
        _ => 0,
    };
    value.min(1_000)
}

/// Whether the answer should be JSON: an API path, or JSON asked for and HTML not.
pub(crate) fn wants_json(parts: &Parts) -> bool {
    if parts.uri.path().starts_with("/api/") {
        return true;
    }
    let accept = parts.headers.get(ACCEPT).and_then(|v: &HeaderValue| v.to_str().ok()).unwrap_or_default();
    accept.contains("json") && !accept.contains("text/html")
}

/// A path of this site that a switch may lead back to; `/` for anything else: other hosts (`//host`, `/\host`),
/// schemes, control signs.
#[must_use]
pub fn local_path(back: &str) -> &str {
    let bytes = back.as_bytes();
    let local = bytes.first() == Some(&b'/')
        && !matches!(bytes.get(1), Some(b'/' | b'\\'))
        && back.len() <= 2_000
        && bytes.iter().all(|b| b.is_ascii_graphic() && *b != b'\\');
    if local { back } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn languages() {
        let langs = [Lang::KK, Lang::RU, Lang::EN];
        for (header, want) in [
            ("ru", Some(Lang::RU)),
            ("kk-KZ,ru;q=0.9", Some(Lang::KK)),
            ("ru;q=0.5, EN;q=0.8", Some(Lang::EN)),
            ("de, fr;q=0.9", None),
            ("de, ru;q=0.1", Some(Lang::RU)),
            ("ru;q=0", None),
            ("ru;q=abc, kk;q=0.001", Some(Lang::KK)),
            (";;;,,q=1", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_str(header).unwrap());
            assert_eq!(accept_language(&headers, &langs), want, "{header}");
        }
    }

    #[test]
    fn only_local_paths() {
        for good in ["/", "/my-report?x=1", "/desk/queue?q=kind%3Areport"] {
            assert_eq!(local_path(good), good);
        }
        for bad in [
            "",
            "https://evil.kz",
            "//evil.kz",
            "/\\evil.kz",
            "/a\r\nSet-Cookie: x",
            "javascript:1",
            "/a b",
            "/ә",
        ] {
            assert_eq!(local_path(bad), "/", "{bad:?}");
        }
    }

    #[test]
    fn cookies() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; lang=ru;b"));
        headers.append(COOKIE, HeaderValue::from_static("lang=kk; theme=dark"));
        let cookies = Cookies::of(&headers);
        assert_eq!(
            (cookies.get("lang"), cookies.get("theme"), cookies.get("b")),
            (Some("ru"), Some("dark"), None)
        );
    }

    proptest! {
        #[test]
        fn a_local_path_stays_on_this_site(text in ".{0,30}") {
            let path = local_path(&text);
            prop_assert!(path.starts_with('/') && !path.starts_with("//"));
        }
    }
}
