//! An application: the name of its package (`kz.example.wallet`), or its number in a store (`id1234567890`). A link to its
//! page in a store gives either.

use super::url;
use crate::Reason;
use crate::text::fold::clean;

/// Longest name of a package that stores take.
const LONGEST: usize = 150;

/// The canonical name: of a package as it is written, since capitals tell packages apart; of a number in a store with its
/// `id`.
///
/// # Errors
/// Why it is none.
pub fn normalise(text: &str) -> Result<String, Reason> {
    let cleaned = clean(text);
    if cleaned.is_empty() {
        return Err(Reason::Empty);
    }
    if cleaned.contains('/') {
        let link = url::normalise(&cleaned)?;
        return named_by(&link).ok_or(Reason::Structure).and_then(|name| check(&name));
    }
    check(&cleaned)
}

/// What a link to a store's page names.
fn named_by(link: &str) -> Option<String> {
    let (host, rest) = link.split_once("://")?.1.split_once('/')?;
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    match host.strip_prefix("www.").unwrap_or(host) {
        "play.google.com" => query.split('&').find_map(|pair| pair.strip_prefix("id=")).map(str::to_owned),
        "apps.apple.com" | "itunes.apple.com" => path.split('/').find(|p| is_number(p)).map(str::to_owned),
        _ => None,
    }
}

fn is_number(name: &str) -> bool {
    name.strip_prefix("id")
        .is_some_and(|digits| (5..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn check(name: &str) -> Result<String, Reason> {
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-')) {
        return Err(Reason::Characters);
    }
    if name.len() > LONGEST {
        return Err(Reason::TooLong);
    }
    if is_number(name) {
        return Ok(name.to_owned());
    }
    let sound = |part: &str| part.starts_with(|c: char| c.is_ascii_alphabetic());
    let parts = name.split('.').count();
    if parts >= 2 && name.split('.').all(sound) { Ok(name.to_owned()) } else { Err(Reason::Structure) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples() {
        for written in [
            "kz.example.fastcash",
            "https://play.google.com/store/apps/details?id=kz.example.fastcash",
            "play.google.com/store/apps/details?id=kz.example.fastcash&hl=ru",
        ] {
            assert_eq!(normalise(written).as_deref(), Ok("kz.example.fastcash"), "{written}");
        }
        for written in ["id1234567890", "https://apps.apple.com/kz/app/fast-cash/id1234567890"] {
            assert_eq!(normalise(written).as_deref(), Ok("id1234567890"), "{written}");
        }
        assert_eq!(normalise("fastcash"), Err(Reason::Structure));
        assert_eq!(normalise("kz.1st.cash"), Err(Reason::Structure));
        assert_eq!(normalise("https://shop.example/app"), Err(Reason::Structure));
        assert_eq!(normalise("Быстрые деньги"), Err(Reason::Characters));
        assert_eq!(normalise(""), Err(Reason::Empty));
    }
}
