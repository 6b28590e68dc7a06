//! What was meant where the keyboard stood on another alphabet: `jxthtlm` is очередь.

/// The keys of a Latin keyboard, row by row.
const LATIN: &str = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
/// The same keys on a Russian one.
const RUSSIAN: &str = "ёйцукенгшщзхъфывапролджэячсмитьбю";
/// Digits of a Latin keyboard that are letters on the Kazakh one.
const LATIN_ROW: &str = "234589 0-=";
/// Those letters.
const KAZAKH_ROW: &str = "әіңғүұ қөһ";

fn other(c: char, from: &str, to: &str) -> Option<char> {
    let at = from.chars().position(|k| k == c)?;
    to.chars().nth(at).filter(|found| *found != ' ')
}

fn typed(text: &str, key: impl Fn(char) -> Option<char>) -> String {
    text.to_lowercase().chars().map(|c| key(c).unwrap_or(c)).collect()
}

/// The same keys on the other keyboards; nothing where a reading says the same or says nothing. The likelier first.
#[must_use]
pub fn readings(text: &str) -> Vec<String> {
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    let cyrillic = text.chars().filter(|c| ('\u{400}'..='\u{52f}').contains(c)).count();
    let mut all = Vec::new();
    if latin > cyrillic {
        all.push(typed(text, |c| other(c, LATIN, RUSSIAN)));
        if text.chars().any(|c| LATIN_ROW.contains(c)) {
            all.push(typed(text, |c| other(c, LATIN_ROW, KAZAKH_ROW).or_else(|| other(c, LATIN, RUSSIAN))));
        }
    } else if cyrillic > 0 {
        all.push(typed(text, |c| other(c, RUSSIAN, LATIN).or_else(|| other(c, KAZAKH_ROW, LATIN_ROW))));
    }
    let small = text.to_lowercase();
    all.retain(|reading| *reading != small && reading.chars().any(char::is_alphanumeric));
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_meant() {
        for (typed, meant) in [
            ("jxthtlm", "очередь"),
            ("gthtdjl ltytu", "перевод денег"),
            ("мошенник", "vjityybr"),
            (",fyr", "банк"),
            ("ыефтвфкв", "standard"),
        ] {
            assert_eq!(readings(typed).first().map(String::as_str), Some(meant), "{typed}");
        }
        assert!(readings("0fhnf").contains(&"қарта".to_owned()), "{:?}", readings("0fhnf"));
        assert!(readings("12 34").is_empty() && readings("").is_empty());
        assert_eq!(LATIN.chars().count(), RUSSIAN.chars().count());
        assert_eq!(LATIN_ROW.chars().count(), KAZAKH_ROW.chars().count());
    }

    proptest! {
        #[test]
        fn there_and_back(word in "[йцукенгшщзфывапролдячсмить]{1,12}") {
            let latin = readings(&word).remove(0);
            let back = typed(&latin, |c| other(c, LATIN, RUSSIAN));
            prop_assert_eq!(back, word);
        }
    }
}
