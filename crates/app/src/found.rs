//! By which words a text that is kept sealed is found: folded, so that it is found in whatever writing it is asked for. They are kept as keyed
//! hashes beside it.

use std::collections::BTreeSet;

/// A longer word is known by its beginning: endings differ.
const BEGINNING: usize = 6;

/// The words of a text, each once, and no more than the first `most`: small letters, Kazakh ones as their Russian neighbours, by their
/// beginnings. Single letters say nothing and are left out.
#[must_use]
pub fn words_to_find(text: &str, most: usize) -> BTreeSet<String> {
    let folded: String = text.to_lowercase().chars().map(neighbour).collect();
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 1);
    words.map(|w| w.chars().take(BEGINNING).collect()).take(most).collect()
}

/// A small letter as it is compared: a Kazakh one as its Russian neighbour, for people write on Russian keyboards.
#[must_use]
pub const fn neighbour(c: char) -> char {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_other_writings_and_endings() {
        let all = |text: &str| words_to_find(text, 24).into_iter().collect::<Vec<_>>();
        assert_eq!(all("Қауіпсіз шот, қауіпсіз"), ["кауипс", "шот"]);
        assert_eq!(all("Қайтарым, қарыз"), ["каитар", "карыз"]);
        assert_eq!(all("Безопасного счёта"), all("безопасный счета"));
        assert_eq!(all("Возврат долга"), all("возврату ДОЛГА"));
        assert_eq!(all("a – я и 7"), Vec::<String>::new());
        assert!(all("").is_empty());
        assert_eq!(words_to_find("первое второе третье", 2).len(), 2);
    }
}
