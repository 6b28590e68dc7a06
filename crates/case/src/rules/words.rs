//! Words of titles, folded so that a case is found in whatever writing it is asked for.

use std::collections::BTreeSet;

/// A longer word is known by its beginning: endings differ.
const BEGINNING: usize = 6;
/// Most words of one title or question.
const MOST: usize = 24;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_other_writings_and_endings() {
        let all = |text: &str| of(text).into_iter().collect::<Vec<_>>();
        assert_eq!(all("Қауіпсіз шот, қауіпсіз"), ["кауипс", "шот"]);
        assert_eq!(all("Безопасного счёта"), all("безопасный счета"));
        assert_eq!(all("a – я и 7"), Vec::<String>::new(), "single letters say nothing");
        assert!(of("Kaspi Gold").contains("kaspi"));
        assert!(of("слово").len() == 1 && of("").is_empty());
    }
}
