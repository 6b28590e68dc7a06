//! By which words rows are found: names and purposes, as they are asked for. Pure.

use std::collections::BTreeSet;

use statement::Row;

/// Most words of one row or question.
const MOST: usize = 32;

/// By which words a text is found.
#[must_use]
pub fn of(text: &str) -> BTreeSet<String> {
    app::words_to_find(text, MOST)
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
