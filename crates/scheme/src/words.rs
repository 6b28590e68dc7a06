//! A story as words, folded so that Kazakh letters with and without their marks, capitals and soft signs are one: people write on
//! Russian keyboards, and in a hurry.

/// A letter as it is compared; nothing for what is left out.
fn folded(c: char) -> Option<char> {
    match c {
        'ъ' | 'ь' => None,
        c => Some(app::neighbour(c)),
    }
}

/// The words of a text.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut word = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            word.extend(folded(c));
        } else if !word.is_empty() {
            all.push(std::mem::take(&mut word));
        }
    }
    all.extend((!word.is_empty()).then_some(word));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_writing() {
        assert_eq!(words("«Қауіпсіз ШОТ», деді!"), ["кауипсиз", "шот", "деди"]);
        assert_eq!(words("Безопасный счёт"), words("безопасныи счет"));
        assert_eq!(words(" — "), Vec::<String>::new());
    }
}
