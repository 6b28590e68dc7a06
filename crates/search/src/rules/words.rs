//! A text as words, each by what it sounds like in any of its alphabets, and by the forms in which it is found again.
//!
//! There is no stemmer of Kazakh that could be taken, and one of Russian alone would read half of a story. So a word is found by its
//! sound (Kazakh letters with and without their marks, Cyrillic and the Latin alphabets fold to one), by what is left of it without the
//! commonest endings of either language, and by that without any one sign, so that one slip of either side is forgiven.

use names::letters;

/// Longer texts are searched by so many words.
pub const MOST_WORDS: usize = 4_000;
/// Signs that a word has at least after its ending is taken off.
const SHORTEST_STEM: usize = 3;
/// Words of fewer signs are found by themselves alone: too many others are one slip away.
pub const SHORTEST_SLIP: usize = 5;
/// Nobody slips in what nobody writes.
const LONGEST_SLIP: usize = 20;

/// A word and where it stands, bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Word {
    /// Its first byte.
    pub start: usize,
    /// The byte behind its last.
    pub end: usize,
    /// What it sounds like; signs of `names::letters`, digits as they are.
    pub sound: String,
}

/// Nothing of what it says.
impl std::fmt::Debug for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Word({}..{})", self.start, self.end)
    }
}

impl Word {
    /// Whether it is made of digits alone.
    #[must_use]
    pub fn is_number(&self) -> bool {
        self.sound.bytes().all(|b| b.is_ascii_digit())
    }
}

/// The words of a text, as many as are looked at.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut all = Vec::new();
    let mut begun: Option<usize> = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if part_of_word(c) {
            begun.get_or_insert(at);
        } else if let Some(start) = begun.take() {
            let sound = sound(text.get(start..at).unwrap_or_default());
            if !sound.is_empty() {
                all.push(Word { start, end: at, sound });
            }
            if all.len() >= MOST_WORDS {
                break;
            }
        }
    }
    all
}

/// Letters and digits, and the marks that stand over letters where those were typed apart.
fn part_of_word(c: char) -> bool {
    c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
}

/// What a word sounds like. Latin letters that look like Cyrillic ones are those in a word that is Cyrillic otherwise: fraud mixes them so
/// that filters do not read it.
fn sound(word: &str) -> String {
    let cyrillic = word.chars().filter(|c| ('\u{400}'..='\u{52f}').contains(c)).count();
    let latin = word.chars().filter(char::is_ascii_alphabetic).count();
    if cyrillic >= latin && latin > 0 {
        return letters::sound(&word.chars().map(twin).collect::<String>());
    }
    letters::sound(word)
}

/// The Cyrillic letter that a Latin one looks like.
const fn twin(c: char) -> char {
    match c {
        'a' | 'A' => 'а',
        'B' => 'в',
        'c' | 'C' => 'с',
        'e' | 'E' => 'е',
        'h' => 'һ',
        'H' => 'н',
        'i' | 'I' => 'і',
        'k' | 'K' => 'к',
        'M' => 'м',
        'o' | 'O' => 'о',
        'p' | 'P' => 'р',
        'T' => 'т',
        'x' | 'X' => 'х',
        'y' | 'Y' => 'у',
        other => other,
    }
}

/// Endings of Russian by their sound, the longest first: of nouns, adjectives and verbs.
const RUSSIAN: [&str; 67] = [
    "ivaniem", "ivania", "iami", "iaia", "aniem", "eniem", "anii", "enii", "ania", "enia", "anie", "enie",
    "alas", "alos", "alis", "ilas", "ilos", "ilis", "ami", "imi", "ogo", "ego", "omu", "emu", "aia", "iah",
    "iam", "uiu", "iut", "iat", "ala", "alo", "ali", "ila", "ilo", "ili", "ela", "eli", "iti", "esti", "ite",
    "ete", "oi", "ei", "om", "em", "am", "ah", "ih", "im", "ov", "ev", "iu", "ia", "oe", "al", "il", "el",
    "at", "it", "et", "ut", "a", "e", "i", "o", "u",
];
/// Endings of Kazakh by their sound, the longest first: cases, then whose it is, then how many.
const KAZAKH: [&str; 72] = [
    "larimizdin",
    "lerimizdin",
    "larimiz",
    "lerimiz",
    "larina",
    "lerine",
    "larin",
    "lerin",
    "imizdi",
    "imizge",
    "imizga",
    "imizdin",
    "inizdi",
    "inizge",
    "inizga",
    "inizdin",
    "amdi",
    "emdi",
    "amda",
    "emde",
    "imdi",
    "imda",
    "imde",
    "imnan",
    "imnen",
    "imiz",
    "iniz",
    "nikin",
    "ninki",
    "imin",
    "min",
    "indi",
    "inda",
    "inde",
    "inan",
    "inen",
    "inin",
    "ndagi",
    "ndegi",
    "dagi",
    "degi",
    "tagi",
    "tegi",
    "nin",
    "din",
    "tin",
    "dan",
    "den",
    "tan",
    "ten",
    "nan",
    "nen",
    "men",
    "ben",
    "pen",
    "lar",
    "ler",
    "dar",
    "der",
    "tar",
    "ter",
    "ga",
    "ge",
    "ka",
    "ke",
    "da",
    "de",
    "ta",
    "te",
    "di",
    "ti",
    "ni",
];
/// What is left of Kazakh words at the very end.
const KAZAKH_LAST: [&str; 16] =
    ["ima", "ime", "ina", "ine", "im", "in", "an", "en", "gan", "gen", "kan", "ken", "si", "a", "e", "i"];

/// A word without one ending of these, if enough is left.
fn without<'a>(sound: &'a str, endings: &[&str]) -> Option<&'a str> {
    endings.iter().find_map(|ending| sound.strip_suffix(ending).filter(|rest| rest.len() >= SHORTEST_STEM))
}

/// What is left of a word without its endings, as Russian and as Kazakh: one or two stems.
#[must_use]
pub fn stems(sound: &str) -> Vec<&str> {
    if !sound.bytes().all(|b| b.is_ascii_alphabetic()) {
        return vec![sound];
    }
    let back = sound.strip_suffix("sia").filter(|rest| rest.len() > SHORTEST_STEM).unwrap_or(sound);
    let mut russian = without(back, &RUSSIAN).unwrap_or(back);
    // Words of one sign more than the shortest lose a vowel at the end of what is left: перевела, перевели.
    if russian.len() > 4 {
        russian = russian.strip_suffix(['a', 'e', 'i', 'o', 'u']).unwrap_or(russian);
    }
    let mut kazakh = sound;
    for _ in 0..3 {
        match without(kazakh, &KAZAKH) {
            Some(rest) => kazakh = rest,
            None => break,
        }
    }
    kazakh = without(kazakh, &KAZAKH_LAST).unwrap_or(kazakh);
    if kazakh == russian { vec![russian] } else { vec![russian, kazakh] }
}

/// The stem in which slips are forgiven: the shortest that is long enough for it, so that endings do not matter.
#[must_use]
pub fn stem(sound: &str) -> &str {
    let all = stems(sound);
    let enough = all.iter().copied().filter(|s| s.len() >= SHORTEST_SLIP).min_by_key(|s| s.len());
    enough.or_else(|| all.into_iter().max_by_key(|s| s.len())).unwrap_or(sound)
}

/// What a word may sound like beside the likeliest: `sch` is ш in German names, and сч where Russian is written in Latin letters.
#[must_use]
pub fn also_sounds(written: &str) -> Option<String> {
    let small = written.to_lowercase();
    let at = small.find("sch").filter(|_| small.is_ascii())?;
    let (before, after) = small.split_at_checked(at.checked_add(1)?)?;
    Some(format!("{}{}", sound(before), sound(after)))
}

/// A stem without any one of its signs: two of one slip have one of these in common, or one is among those of the other. Nothing of
/// what is too short or too long, or of a number.
#[must_use]
pub fn less(stem: &str) -> Vec<String> {
    let count = stem.chars().count();
    if !(SHORTEST_SLIP..=LONGEST_SLIP).contains(&count) || stem.bytes().any(|b| b.is_ascii_digit()) {
        return Vec::new();
    }
    let mut all: Vec<String> = (0..count)
        .map(|gone| stem.chars().enumerate().filter(|(at, _)| *at != gone).map(|(_, c)| c).collect())
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Beginnings by which a name or an address is found while it is not written out.
#[must_use]
pub fn starts(sound: &str) -> Vec<&str> {
    let ends = sound.char_indices().map(|(at, c)| at.saturating_add(c.len_utf8()));
    let count = sound.chars().count();
    ends.take(9)
        .enumerate()
        .filter(|(at, _)| (2..count.saturating_sub(1)).contains(at))
        .filter_map(|(_, end)| sound.get(..end))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sounds(text: &str) -> Vec<String> {
        words(text).into_iter().map(|w| w.sound).collect()
    }

    #[test]
    fn one_word_in_many_writings() {
        for (a, b) in [
            ("қауіпсіз шот", "кауипсиз шот"),
            ("қауіпсіз шот", "qauipsiz shot"),
            ("безопасный банк", "bezopasnyi bank"),
            ("Жәнібек", "Жанибек"),
            ("Жәнібек", "Zhanibek"),
            ("cбepбaнк", "сбербанк"),
            ("Нұрсұлтан", "Nursultan"),
        ] {
            assert_eq!(sounds(a), sounds(b), "{a} {b}");
        }
    }

    #[test]
    fn words_of_one_root() {
        for (a, b) in [
            ("карта", "картой"),
            ("счет", "счета"),
            ("банк", "банка"),
            ("деньги", "деньгами"),
            ("перевела", "перевели"),
            ("мошенник", "мошенники"),
            ("сотрудник", "сотрудника"),
            ("шот", "шотыма"),
            ("шот", "шоттан"),
            ("ақша", "ақшамды"),
            ("банк", "банкінен"),
            ("қоңырау", "қоңыраудан"),
            ("алаяқ", "алаяқтар"),
        ] {
            let (x, y) = (letters::sound(a), letters::sound(b));
            let common = stems(&x).into_iter().any(|s| stems(&y).contains(&s));
            assert!(common, "{a} {:?} {b} {:?}", stems(&x), stems(&y));
        }
        for (a, b) in [("карта", "курта"), ("банк", "баня"), ("шот", "шот2"), ("кредит", "редактор")]
        {
            let (x, y) = (letters::sound(a), letters::sound(b));
            assert!(!stems(&x).into_iter().any(|s| stems(&y).contains(&s)), "{a} {b}");
        }
    }

    #[test]
    fn beginnings() {
        assert_eq!(starts("sanjar"), ["san", "sanj", "sanja"]);
        assert!(starts("ali").is_empty());
    }

    proptest! {
        #[test]
        fn words_stand_where_they_say(text in "[a-zа-яәқңғүұі0-9 ,.!-]{0,60}") {
            let all = words(&text);
            for pair in all.windows(2) {
                prop_assert!(pair[0].end <= pair[1].start);
            }
            for word in all {
                let written = &text[word.start..word.end];
                prop_assert!(written.chars().all(char::is_alphanumeric));
                prop_assert_eq!(word.sound, sound(written));
            }
        }

        /// One slip of any of the four kinds leaves something in common.
        #[test]
        fn one_slip_is_forgiven(word in "[a-z]{5,12}", at in 0_usize..12, put in "[a-z]", kind in 0..4) {
            let mut signs: Vec<char> = word.chars().collect();
            let (at, put) = (at % signs.len(), put.chars().next().unwrap());
            match kind {
                0 => { signs[at] = put; }
                1 => { signs.insert(at, put); }
                2 => { signs.remove(at); }
                _ => { let next = (at + 1) % signs.len(); if next > at { signs.swap(at, next); } }
            }
            let slipped: String = signs.into_iter().collect();
            let forms = |s: &str| { let mut all = less(s); all.push(s.to_owned()); all };
            let (x, y) = (forms(&word), forms(&slipped));
            prop_assert!(x.iter().any(|f| y.contains(f)), "{} {}", word, slipped);
        }

        #[test]
        fn a_stem_is_the_beginning(word in "[a-z]{1,14}") {
            for stem in stems(&word) {
                prop_assert!(word.starts_with(stem) && (stem.len() >= SHORTEST_STEM || stem == word));
            }
        }
    }
}
