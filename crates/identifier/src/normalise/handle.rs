//! Names in messengers and social networks, and the links that stand for one.

use super::phone::{self, Proof, Region};
use super::url;
use crate::text::fold::{clean, lower};
use crate::{Kind, Reason};

/// The longest name that any of the networks lets people take.
pub(crate) const LONGEST: usize = 32;

/// The canonical name: lower case, without `@`. A link to a profile gives the name in it.
///
/// # Errors
/// Why it is no name.
pub fn normalise(text: &str) -> Result<String, Reason> {
    let cleaned = clean(text);
    if cleaned.is_empty() {
        return Err(Reason::Empty);
    }
    let bare = cleaned.strip_prefix('@').unwrap_or(&cleaned);
    // As the messenger itself writes its links.
    if let Some(name) = bare.strip_prefix("tg://resolve?domain=") {
        return check(name.split('&').next().unwrap_or(name));
    }
    if bare.contains('/') {
        return match url::normalise(bare).ok().and_then(|link| named_by(&link)) {
            Some((Kind::Handle, name)) => Ok(name),
            _ => Err(Reason::Structure),
        };
    }
    check(bare)
}

/// The canonical form of a name without `@`.
pub(crate) fn check(name: &str) -> Result<String, Reason> {
    if !name.chars().all(is_name) {
        return Err(Reason::Characters);
    }
    match name.len() {
        0..=1 => return Err(Reason::TooShort),
        n if n > LONGEST => return Err(Reason::TooLong),
        _ => {}
    }
    if name.starts_with('.') || name.ends_with('.') || !name.bytes().any(|b| b.is_ascii_alphabetic()) {
        return Err(Reason::Structure);
    }
    Ok(name.chars().map(lower).collect())
}

/// Letters, digits, underscore and full stop: what Telegram, Instagram, TikTok and X allow between them.
pub(crate) const fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.')
}

/// What a canonical web address names beside itself: the person of a profile link (`t.me/NAME`,
/// `instagram.com/NAME`), the number of a chat link (`wa.me/PHONE`). Stories are reported with the address
/// alone; whoever searches for the name or number asks here.
#[must_use]
pub fn named_by(link: &str) -> Option<(Kind, String)> {
    let rest = link.split_once("://")?.1;
    // Telegram's other form: the name before its host.
    let place = rest.split(['/', '?']).next().unwrap_or(rest);
    if let Some(name) = place.strip_suffix(".t.me").filter(|name| *name != "www") {
        return check(name).ok().filter(|n| n.len() >= 4).map(|n| (Kind::Handle, n));
    }
    let (host, path) = rest.split_once('/')?;
    let mut parts = path.split(['/', '?']);
    let mut first = parts.next().unwrap_or(path);
    // What a channel shows to those who have no account.
    if first == "s" && matches!(host, "t.me" | "telegram.me" | "telegram.dog") {
        first = parts.next()?;
    }
    let name = first.strip_prefix('@').unwrap_or(first);
    match host.strip_prefix("www.").unwrap_or(host) {
        "wa.me" => number(first),
        "api.whatsapp.com" | "web.whatsapp.com" => {
            let query = rest.split_once('?')?.1;
            number(query.split('&').find_map(|pair| pair.strip_prefix("phone="))?)
        }
        "t.me" | "telegram.me" | "telegram.dog" if name.starts_with('+') => number(name),
        "t.me" | "telegram.me" | "telegram.dog" => {
            let reserved = [
                "joinchat",
                "addstickers",
                "share",
                "c",
                "s",
                "proxy",
                "iv",
                "addlist",
                "setlanguage",
                "login",
                "boost",
                "contact",
                "socks",
                "invoice",
                "addemoji",
                "addtheme",
                "confirmphone",
                "giftcode",
                "bg",
                "m",
            ];
            check(name)
                .ok()
                .filter(|n| n.len() >= 4 && !reserved.contains(&n.as_str()))
                .map(|n| (Kind::Handle, n))
        }
        "instagram.com" | "tiktok.com" | "vk.com" | "x.com" | "twitter.com" | "threads.net" => {
            let reserved =
                ["p", "reel", "reels", "stories", "explore", "tv", "home", "search", "i", "hashtag", "feed"];
            check(name).ok().filter(|n| !reserved.contains(&n.as_str())).map(|n| (Kind::Handle, n))
        }
        _ => None,
    }
}

fn number(digits: &str) -> Option<(Kind, String)> {
    let digits = digits.trim_start_matches('+').trim_start_matches("%2B").trim_start_matches("%2b");
    let all = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    all.then(|| phone::from_digits(true, digits, Region::KZ, Proof::WellFormed))?.map(|n| (Kind::Phone, n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_writing() {
        for (written, canonical) in [
            ("@Kaspi_Help01", "kaspi_help01"),
            ("kaspi_help01", "kaspi_help01"),
            ("t.me/Kaspi_Help01", "kaspi_help01"),
            ("https://www.instagram.com/Aigul.Shop/", "aigul.shop"),
        ] {
            assert_eq!(normalise(written).as_deref(), Ok(canonical), "{written}");
        }
        assert_eq!(normalise("@"), Err(Reason::TooShort));
        assert_eq!(normalise("@12345"), Err(Reason::Structure));
        assert_eq!(normalise("@құпия"), Err(Reason::Characters));
        assert_eq!(normalise("https://kaspi.kz/a"), Err(Reason::Structure));
    }

    #[test]
    fn links_name_people_and_numbers() {
        for (link, named) in [
            ("https://t.me/kaspi_help", Some((Kind::Handle, "kaspi_help"))),
            ("https://wa.me/77011234567", Some((Kind::Phone, "+77011234567"))),
            ("https://wa.me/77011234567?text=hi", Some((Kind::Phone, "+77011234567"))),
            ("https://api.whatsapp.com/send?phone=77011234567", Some((Kind::Phone, "+77011234567"))),
            ("https://instagram.com/aigul.shop", Some((Kind::Handle, "aigul.shop"))),
            ("https://instagram.com/p/Cabc", None),
            ("https://t.me/joinchat/abc", None),
            ("https://t.me/+77011234567", Some((Kind::Phone, "+77011234567"))),
            ("https://t.me/+AbCdEf123", None),
            ("https://kaspi.kz/a", None),
            ("https://t.me", None),
        ] {
            assert_eq!(named_by(link), named.map(|(k, n)| (k, n.to_owned())), "{link}");
        }
    }
}
