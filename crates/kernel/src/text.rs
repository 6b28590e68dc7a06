//! Characters that nobody sees. They make `exe.jpg` out of `gpj.exe`, two words that look the same different, and a text
//! that PostgreSQL does not take.

use std::borrow::Cow;

/// Whether a character takes no place or turns the direction of writing: soft hyphen, zero-width and direction marks,
/// fillers, BOM, tags.
#[must_use]
pub const fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether a character may stand in a text of several lines. The two joiners may: they make one picture of several.
fn may_stand(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t' | '\u{200c}' | '\u{200d}') || !(c.is_control() || is_unseen(c))
}

/// A text without what nobody sees in it.
#[must_use]
pub fn seen(text: &str) -> Cow<'_, str> {
    if text.chars().all(may_stand) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| may_stand(*c)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_seen_stays() {
        for (typed, kept) in [
            ("Әлия, 5\u{a0}000 ₸\r\n\tкеше", "Әлия, 5\u{a0}000 ₸\r\n\tкеше"),
            ("\0", ""),
            ("пере\u{ad}вод", "перевод"),
            ("photo\u{202e}gnp.exe", "photognp.exe"),
            ("\u{feff}иә\u{200b}", "иә"),
            ("\u{1b}[31mred", "[31mred"),
            ("👩\u{200d}⚕\u{fe0f}", "👩\u{200d}⚕\u{fe0f}"),
        ] {
            assert_eq!(seen(typed), kept, "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn twice_is_once(text in "\\PC*|.*") {
            let once = seen(&text).into_owned();
            prop_assert_eq!(seen(&once), once.as_str());
            prop_assert!(!once.contains('\0'));
        }
    }
}
