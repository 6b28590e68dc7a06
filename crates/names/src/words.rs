//! A name as words: what each sounds like, what is said of a legal form, what is a number however it is written.

use std::collections::BTreeSet;

use unicode_normalization::char::is_combining_mark;

use crate::letters::{Script, plain, script, sound};

/// One word of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Without marks and capitals.
    pub plain: String,
    /// What it sounds like, see [`crate::letters`].
    pub sound: String,
    pub(crate) script: Script,
}

impl Word {
    fn of(text: &str) -> Self {
        let plain = plain(text);
        Self { script: script(&plain), sound: sound(text), plain }
    }
    /// A field of a form that holds one part of a name, however it is written: `Нур-Султан` is one word.
    #[must_use]
    pub fn read(field: &str) -> Option<Self> {
        let words: Vec<Self> = parts(field).iter().filter_map(|part| word(part)).collect();
        (!words.is_empty()).then(|| Self::joined(&words))
    }
    /// Whether it is an initial alone.
    #[must_use]
    pub fn is_initial(&self) -> bool {
        self.plain.chars().count() == 1
            || matches!(self.plain.as_str(), "yu" | "ya" | "ye" | "yo" | "zh" | "sh" | "kh" | "ch" | "ts")
    }
    pub(crate) fn is_number(&self) -> bool {
        !self.plain.is_empty() && self.plain.bytes().all(|b| b.is_ascii_digit())
    }
    /// Several words written as one.
    pub(crate) fn joined(words: &[Self]) -> Self {
        let all = |of: fn(&Self) -> &str| words.iter().map(of).collect::<String>();
        let script = words.iter().map(|w| w.script).find(|s| *s != Script::Latin).unwrap_or(Script::Latin);
        Self { plain: all(|w| &w.plain), sound: crate::letters::once(&all(|w| &w.sound)), script }
    }
    /// How much it says, per mille of an ordinary word: particles and initials little.
    pub(crate) fn weight(&self) -> u64 {
        match self.plain.as_str() {
            p if PARTICLES.contains(&p) => 300,
            _ if self.is_initial() => 400,
            _ => 1_000,
        }
    }
}

/// A name, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Name {
    /// Its words, in their order, without those that say nothing.
    pub words: Vec<Word>,
    /// Legal forms that it names, by one word each.
    pub forms: BTreeSet<&'static str>,
}

/// Legal forms, longest writing first, and the word by which each is compared. What stands for the same form in another
/// country's language is the same.
const FORMS: [(&str, &str); 62] = [
    ("жауапкершілігі шектеулі серіктестігі", "llp"),
    ("жауапкершілігі шектеулі серіктестік", "llp"),
    ("товарищество с ограниченной ответственностью", "llp"),
    ("общество с ограниченной ответственностью", "llc"),
    ("публичное акционерное общество", "pjsc"),
    ("открытое акционерное общество", "ojsc"),
    ("закрытое акционерное общество", "cjsc"),
    ("societatea cu raspundere limitata", "srl"),
    ("public joint stock company", "pjsc"),
    ("closed joint stock company", "cjsc"),
    ("open joint stock company", "ojsc"),
    ("индивидуальный предприниматель", "ip"),
    ("limited liability partnership", "llp"),
    ("limited liability company", "llc"),
    ("акционерлік қоғамы", "jsc"),
    ("акционерное общество", "jsc"),
    ("public limited company", "plc"),
    ("joint stock company", "jsc"),
    ("акционерлік қоғам", "jsc"),
    ("жеке кәсіпкер", "ip"),
    ("aktiengesellschaft", "ag"),
    ("incorporated", "inc"),
    ("corporation", "corp"),
    ("sp z oo", "spzoo"),
    ("sp zoo", "spzoo"),
    ("limited", "ltd"),
    ("company", "co"),
    ("ojsc", "ojsc"),
    ("cjsc", "cjsc"),
    ("pjsc", "pjsc"),
    ("gmbh", "gmbh"),
    ("sarl", "sarl"),
    ("corp", "corp"),
    ("оао", "ojsc"),
    ("oao", "ojsc"),
    ("зао", "cjsc"),
    ("zao", "cjsc"),
    ("пао", "pjsc"),
    ("ооо", "llc"),
    ("ooo", "llc"),
    ("тоо", "llp"),
    ("too", "llp"),
    ("жшс", "llp"),
    ("jsc", "jsc"),
    ("llc", "llc"),
    ("llp", "llp"),
    ("plc", "plc"),
    ("ltd", "ltd"),
    ("inc", "inc"),
    ("srl", "srl"),
    ("akg", "ag"),
    ("ао", "jsc"),
    ("ақ", "jsc"),
    ("ип", "ip"),
    ("жк", "ip"),
    ("ag", "ag"),
    ("sa", "sa"),
    ("bv", "bv"),
    ("nv", "nv"),
    ("lp", "lp"),
    ("ab", "ab"),
    ("co", "co"),
];

/// Words that say nothing of who it is.
const SAY_NOTHING: [&str; 18] = [
    "the",
    "of",
    "and",
    "de",
    "des",
    "du",
    "la",
    "monsieur",
    "mr",
    "mrs",
    "ms",
    "dr",
    "sir",
    "господин",
    "госпожа",
    "гн",
    "мырза",
    "ханым",
];

/// Words that many names of a language have.
const PARTICLES: [&str; 30] = [
    "улы", "ұлы", "кызы", "қызы", "uly", "kyzy", "qyzy", "оглы", "ogly", "угли", "bin", "ibn", "ben", "bint",
    "al", "el", "abu", "ul", "van", "der", "von", "den", "da", "di", "na", "y", "ибн", "аль", "эль", "абу",
];

/// Words behind which the father's name stands.
const SON_OF: [&str; 6] = ["bin", "ibn", "ben", "ould", "bint", "ибн"];

/// Numbers in words.
const NUMBERS: [(&str, u32); 35] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("first", 1),
    ("second", 2),
    ("third", 3),
    ("fourth", 4),
    ("fifth", 5),
    ("sixth", 6),
    ("seventh", 7),
    ("eighth", 8),
    ("ninth", 9),
    ("tenth", 10),
    ("1st", 1),
    ("2nd", 2),
    ("3rd", 3),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fourty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("hundred", 100),
    ("первый", 1),
    ("второй", 2),
];

/// A Roman number up to 39 of at least two letters; one letter is an initial.
fn roman(plain: &str) -> Option<u32> {
    let digit = |c| match c {
        'i' => Some(1_u32),
        'v' => Some(5),
        'x' => Some(10),
        _ => None,
    };
    if plain.len() < 2 {
        return None;
    }
    let all: Vec<u32> = plain.chars().map(digit).collect::<Option<_>>()?;
    let after = all.iter().skip(1).map(Some).chain([None]);
    let value = all.iter().zip(after).fold(0_i64, |sum, (here, next)| {
        let here_value = i64::from(*here);
        if next.is_some_and(|next| here < next) {
            sum.saturating_sub(here_value)
        } else {
            sum.saturating_add(here_value)
        }
    });
    let value = u32::try_from(value).ok().filter(|v| (1..40).contains(v))?;
    (written(value) == plain).then_some(value)
}

/// A number up to 39 in Roman digits.
fn written(value: u32) -> String {
    const ONES: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    let ones = usize::try_from(value % 10).ok().and_then(|n| ONES.get(n)).copied().unwrap_or_default();
    format!("{}{ones}", "x".repeat(usize::try_from(value / 10).unwrap_or(0)))
}

/// Digits that were put in the place of letters: `I9or Sech1n`.
fn unmasked(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '0' => 'o',
            '1' => 'i',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '9' => 'g',
            c => c,
        })
        .collect()
}

/// No name is longer, and comparing takes the square of its length.
const LONGEST: usize = 1_000;

/// Signs that nobody sees and a copied name may hold: marks of direction, joiners, soft hyphens, controls.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        || (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

/// The words of a text in small letters, initials drawn together: `J.P.` is `jp`, `J. P.` are two.
fn parts(text: &str) -> Vec<String> {
    let text: String = text.chars().take(LONGEST).collect();
    let small = text.to_lowercase().replace('&', " and ").replace('%', " percent ");
    let mut all: Vec<String> = Vec::new();
    // What stands between the last word and this place.
    let (mut between, mut open) = (String::new(), false);
    for c in small.chars() {
        if matches!(c, '\'' | '’' | '`' | 'ʼ' | 'ʻ' | '‘') || is_invisible(c) {
            continue;
        }
        if !c.is_alphanumeric() && !is_combining_mark(c) {
            between.push(c);
            open = false;
            continue;
        }
        match all.last_mut() {
            Some(word) if open => word.push(c),
            _ => all.push(format!("{}{c}", if between == "." { "\u{1}" } else { "" })),
        }
        between.clear();
        open = true;
    }
    // A word behind a bare stop joins the one before where both are initials, or it is one of a row of them.
    let mut joined: Vec<(String, bool)> = Vec::new();
    for word in all {
        let bare = word.trim_start_matches('\u{1}').to_owned();
        let single = bare.chars().count() == 1;
        match joined.last_mut() {
            Some((before, true)) if word.starts_with('\u{1}') && single => before.push_str(&bare),
            _ => joined.push((bare, single)),
        }
    }
    joined.into_iter().map(|(word, _)| word).collect()
}

impl Name {
    /// Reads a name.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut all = parts(text);
        let mut forms = BTreeSet::new();
        for (written, form) in FORMS {
            let phrase: Vec<&str> = written.split(' ').collect();
            while let Some(at) =
                all.windows(phrase.len()).position(|w| w.iter().zip(&phrase).all(|(w, p)| plain(w) == *p))
            {
                all.drain(at..at.saturating_add(phrase.len()));
                forms.insert(form);
            }
        }
        let mut words: Vec<Word> = all
            .iter()
            .filter(|part| !SAY_NOTHING.contains(&part.as_str()))
            .filter_map(|part| word(part))
            .collect();
        // A name that is nothing but a form, or a word that says nothing, is that.
        if words.is_empty() {
            words = parts(text).iter().filter_map(|part| word(part)).collect();
            forms.clear();
        }
        Self { words: numbered(words), forms }
    }

    /// The words behind a word that means "son of".
    pub(crate) fn fathers(&self) -> Vec<&Word> {
        let follows = self.words.iter().zip(self.words.iter().skip(1));
        follows.filter(|(son, _)| SON_OF.contains(&son.plain.as_str())).map(|(_, father)| father).collect()
    }
}

fn word(part: &str) -> Option<Word> {
    let letters = part.chars().filter(|c| c.is_alphabetic()).count();
    let digits = part.chars().filter(char::is_ascii_digit).count();
    if let Some((_, value)) = NUMBERS.iter().find(|(w, _)| *w == part) {
        return Some(Word::of(&value.to_string()));
    }
    if letters >= 2 && digits > 0 {
        return Some(Word::of(&unmasked(part)));
    }
    let word = Word::of(part);
    (!word.plain.is_empty()).then_some(word)
}

/// Numbers as figures: `forty four` is 44, `xv` beside other words is 15.
fn numbered(words: Vec<Word>) -> Vec<Word> {
    let several = words.len() > 1;
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        let word = match roman(&word.plain).filter(|_| several) {
            Some(value) => Word::of(&value.to_string()),
            None => word,
        };
        let number = |w: &Word| w.plain.parse::<u32>().ok().filter(|_| w.is_number());
        let tens = out.last().and_then(number).filter(|n| (20..100).contains(n) && n % 10 == 0);
        match (tens, number(&word)) {
            (Some(tens), Some(ones @ 1..10)) => {
                out.pop();
                out.push(Word::of(&tens.saturating_add(ones).to_string()));
            }
            _ => out.push(word),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<String>, Vec<&'static str>) {
        let name = Name::read(text);
        (name.words.into_iter().map(|w| w.plain).collect(), name.forms.into_iter().collect())
    }
    fn is(text: &str, words: &[&str], forms: &[&str]) {
        let (found, found_forms) = read(text);
        assert_eq!(found, words, "{text}");
        assert_eq!(found_forms, forms, "{text}");
    }

    #[test]
    fn signs_that_nobody_sees_part_no_word() {
        for name in ["Iv\u{200b}an Ki\u{ad}m", "\u{202e}Iv\0an Kim", "\u{feff}Ivan\u{2060} Kim\u{200f}"] {
            assert_eq!(read(name).0, read("Ivan Kim").0, "{name:?}");
        }
    }

    #[test]
    fn forms_numbers_initials() {
        is("ТОО «Алтын Дән»", &["алтын", "дән"], &["llp"]);
        is("«Алтын Дән» ЖШС", &["алтын", "дән"], &["llp"]);
        is("Товарищество с ограниченной ответственностью \"Алтын\"", &["алтын"], &["llp"]);
        is("Societatea cu Răspundere Limitată PRO TRAFFIC", &["pro", "traffic"], &["srl"]);
        is("J.P. Morgan & Co.", &["jp", "morgan"], &["co"]);
        is("HSBC Holdings p.l.c.", &["hsbc", "holdings"], &["plc"]);
        is("Brigade Forty-Four", &["brigade", "44"], &[]);
        is("Fund VIII L.P.", &["fund", "8"], &["lp"]);
        is("1st International Bank", &["1", "international", "bank"], &[]);
        is("I9or Sech1n", &["igor", "sechin"], &[]);
        is("Иванов И. И.", &["иванов", "и", "и"], &[]);
        is("Putin, Vladimir", &["putin", "vladimir"], &[]);
        is("Company", &["company"], &[]);
        is("", &[], &[]);
        is("Серікұлы Ғабит", &["серікұлы", "ғабит"], &[]);
    }

    #[test]
    fn roman_numbers() {
        for (text, value) in [
            ("ii", Some(2)),
            ("xiv", Some(14)),
            ("xx", Some(20)),
            ("iix", None),
            ("vi", Some(6)),
            ("i", None),
            ("mix", None),
        ] {
            assert_eq!(roman(text), value, "{text}");
        }
    }
}
