//! Mail addresses.

use super::host::{a_label, has_known_tld, refanged};
use crate::Reason;
use crate::text::fold::lower;

/// The canonical address: lower case throughout, domain as A-label.
///
/// RFC 5321 lets a server tell capitals before the `@` apart; none that people use does, so two reports
/// that write `Ivan@` and `ivan@` mean one mailbox.
///
/// # Errors
/// Why it is no mail address.
pub fn normalise(text: &str) -> Result<String, Reason> {
    let whole = refanged(text)?;
    canonical(whole.strip_prefix("mailto:").unwrap_or(&whole))
}

/// The canonical form of an address that was refanged already.
pub(crate) fn canonical(whole: &str) -> Result<String, Reason> {
    let (local, domain) = whole.rsplit_once('@').ok_or(Reason::Structure)?;
    if local.is_empty() || domain.is_empty() {
        return Err(Reason::Structure);
    }
    if local.chars().count() > 64 {
        return Err(Reason::TooLong);
    }
    if !local.chars().all(is_local) || local.starts_with('.') || local.ends_with('.') || local.contains("..")
    {
        return Err(Reason::Characters);
    }
    let ascii = a_label(domain)?;
    if !has_known_tld(&ascii) {
        return Err(Reason::UnknownDomain);
    }
    let local: String = local.chars().map(lower).collect();
    Ok(format!("{local}@{ascii}"))
}

/// What may stand before the `@` (RFC 5322 dot-atom, with the letters of RFC 6531).
pub(crate) fn is_local(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%' | '\'' | '&' | '~' | '!' | '$' | '=' | '^')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_writing() {
        for (written, canonical) in [
            ("Ivan.Petrov@Mail.RU", "ivan.petrov@mail.ru"),
            ("ivan[at]mail[.]ru", "ivan@mail.ru"),
            ("mailto:ivan@mail.ru", "ivan@mail.ru"),
            ("пошта@төлем.қаз", "пошта@xn--e1alev94f.xn--80ao21a"),
            ("a+b@x.example", "a+b@x.example"),
        ] {
            assert_eq!(normalise(written).as_deref(), Ok(canonical), "{written}");
            assert_eq!(normalise(canonical).as_deref(), Ok(canonical));
        }
        assert_eq!(normalise("ivan@mail"), Err(Reason::Structure));
        assert_eq!(normalise("ivan@mail.pdf"), Err(Reason::UnknownDomain));
        assert_eq!(normalise(".ivan@mail.ru"), Err(Reason::Characters));
        assert_eq!(normalise("@mail.ru"), Err(Reason::Structure));
    }
}
