//! Words of titles.

use std::collections::BTreeSet;

/// Most words of one title or question.
const MOST: usize = 24;

/// By which words a title is found.
#[must_use]
pub fn of(text: &str) -> BTreeSet<String> {
    app::words_to_find(text, MOST)
}
