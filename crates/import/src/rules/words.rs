//! By which words rows are found: names and purposes, folded so that they are found in whatever writing they are asked for. Pure.

use std::collections::BTreeSet;

use statement::Row;

/// A longer word is known by its beginning: endings differ.
const BEGINNING: usize = 6;
/// Most words of one row.
const MOST: usize = 32;

/// The words of a text, each once: small letters, Kazakh ones as their Russian neighbours, by their beginnings.
#[must_use]
pub fn of(text: &str) -> BTreeSet<String> {
    let folded: String = text.to_lowercase().chars().map(fold).collect();
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 1);
    words.map(|w| w.chars().take(BEGINNING).collect()).take(MOST).collect()
}

const fn fold(c: char) -> char {
    match c {
        'ә' => 'а',
        'ғ' => 'г',
        'қ' => 'к',
        'ң' => 'н',
        'ө' => 'о',
        'ұ' | 'ү' => 'у',
        'һ' => 'х',
        'і' | 'й' => 'и',
        'ё' => 'е',
        other => other,
    }
}

/// The words of a row: who it is with, and what was written to it.
#[must_use]
pub fn of_row(row: &Row) -> BTreeSet<String> {
    let text = match row {
        Row::Movement(m) => [m.counter.name.as_str(), &m.purpose, &m.counter.bank, &m.reference].join(" "),
        Row::Call(c) => [c.place.as_str(), &c.application].join(" "),
        Row::Message(m) => [m.from.as_str(), &m.chat, &m.text].join(" "),
        Row::Account(a) => [a.owner.as_str(), &a.display_name, &a.issuer, &a.logins.join(" ")].join(" "),
        Row::Trouble(_) => return BTreeSet::new(),
    };
    of(&text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_found_in_other_writings_and_endings() {
        let all = |text: &str| of(text).into_iter().collect::<Vec<_>>();
        assert_eq!(all("Қайтарым, қарыз"), ["каитар", "карыз"]);
        assert_eq!(all("Возврат долга"), all("возврату ДОЛГА"));
        assert_eq!(all("a – я 7"), Vec::<String>::new(), "single letters say nothing");
    }

    proptest! {
        #[test]
        fn what_is_asked_by_words_of_a_row_is_among_them(
            name in "[А-Яа-яӘәҚқ]{2,12}( [А-Яа-я]{2,9}){0,3}",
            purpose in "[a-zа-я0-9 .,]{0,80}",
        ) {
            let mut movement = statement::Movement { purpose: purpose.clone(), ..Default::default() };
            movement.counter.name = name.clone();
            let row = of_row(&Row::Movement(movement));
            prop_assert!(of(&name).is_subset(&row));
            prop_assert!(row.len() <= MOST);
        }
    }
}
