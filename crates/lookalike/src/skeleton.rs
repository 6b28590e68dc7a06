//! What a hurried reader sees of a word: small Latin letters only. Letters of other alphabets become the Latin ones that they
//! look like (UTS 39 and the table below for Cyrillic, Kazakh and Greek small letters, which UTS 39 tells apart more finely than
//! an eye does), digits the letters for which they are set.

use unicode_security::confusable_detection::skeleton as uts39;

/// Small letters as they are seen.
const SEEN: &[(&str, char)] = &[
    ("аәӑӓɑαą", 'a'),
    ("бвьъыβ", 'b'),
    ("сçćčċς", 'c'),
    ("ԁđďժ", 'd'),
    ("еёэєәҽəęėεё", 'e'),
    ("ғƒ", 'f'),
    ("ɡғԍց", 'g'),
    ("һнңҥӊћհ", 'h'),
    ("іїӏıιίɩ", 'l'),
    ("јϳ", 'j'),
    ("кқҝҟҡκĸ", 'k'),
    ("łŀľ", 'l'),
    ("мḿ", 'm'),
    ("пήηորп", 'n'),
    ("оөӧøοσօ", 'o'),
    ("рρ", 'p'),
    ("ԛզ", 'q'),
    ("гґяʀ", 'r'),
    ("ѕṣʂ", 's'),
    ("тτŧţ", 't'),
    ("иийцυսμ", 'u'),
    ("ѵν", 'v'),
    ("шщѡԝωա", 'w'),
    ("хҳχжҗ", 'x'),
    ("уұүўγყ", 'y'),
    ("зʐż", 'z'),
    ("л", 'n'),
    ("д", 'a'),
    ("чӌ", 'y'),
];

/// Small letters as they are spoken, in the spelling that names of firms use.
const SPOKEN: &[(char, &str)] = &[
    ('а', "a"),
    ('ә', "a"),
    ('б', "b"),
    ('в', "v"),
    ('г', "g"),
    ('ғ', "g"),
    ('д', "d"),
    ('е', "e"),
    ('ё', "e"),
    ('ж', "zh"),
    ('з', "z"),
    ('и', "i"),
    ('й', "i"),
    ('к', "k"),
    ('қ', "k"),
    ('л', "l"),
    ('м', "m"),
    ('н', "n"),
    ('ң', "n"),
    ('о', "o"),
    ('ө', "o"),
    ('п', "p"),
    ('р', "r"),
    ('с', "s"),
    ('т', "t"),
    ('у', "u"),
    ('ұ', "u"),
    ('ү', "u"),
    ('ф', "f"),
    ('х', "h"),
    ('һ', "h"),
    ('ц', "ts"),
    ('ч', "ch"),
    ('ш', "sh"),
    ('щ', "sh"),
    ('ъ', ""),
    ('ы', "y"),
    ('і', "i"),
    ('ь', ""),
    ('э', "e"),
    ('ю', "yu"),
    ('я', "ya"),
];

/// Several letters that are seen as one.
const TOGETHER: &[(&str, &str)] = &[("rn", "m"), ("nn", "m"), ("rr", "m"), ("vv", "w"), ("cl", "d")];

/// The skeleton of a word: small letters `a` to `z` and nothing else. Letters that look like none fall out.
#[must_use]
pub fn seen(word: &str) -> String {
    let mut text = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase).map(latin) {
        if c.is_ascii() {
            text.extend(letter(c));
        } else {
            // UTS 39 takes `m` for `rn`: an eye that reads on does, one that looks for a slip does not.
            let mut one = [0; 4];
            let seen =
                uts39(c.encode_utf8(&mut one)).flat_map(char::to_lowercase).map(latin).filter_map(letter);
            text.push_str(&seen.collect::<String>().replace("rn", "m"));
        }
    }
    text
}

/// The same as a hurried reader sees it: letters that are seen as one together are one.
#[must_use]
pub fn hurried(seen: &str) -> String {
    TOGETHER.iter().fold(seen.to_owned(), |text, (many, one)| text.replace(many, one))
}

/// How a word in Latin letters sounds, roughly.
#[must_use]
pub fn sound(word: &str) -> String {
    let alike = |c: char| match c {
        'c' | 'q' => 'k',
        'y' | 'j' => 'i',
        'w' => 'v',
        c => c,
    };
    word.to_lowercase().chars().filter(char::is_ascii_alphanumeric).map(alike).collect()
}

/// How a word in Cyrillic letters sounds; `None` of a word without any.
#[must_use]
pub fn spoken(word: &str) -> Option<String> {
    let is_cyrillic = |c: char| ('\u{400}'..='\u{52f}').contains(&c);
    word.chars().any(is_cyrillic).then(|| {
        let of = |c: char| SPOKEN.iter().find(|(letter, _)| *letter == c);
        let latin = |c: char| of(c).map_or_else(|| c.to_string(), |(_, latin)| (*latin).to_owned());
        sound(&word.to_lowercase().chars().map(latin).collect::<String>())
    })
}

/// The Latin letter that a letter looks like.
fn latin(c: char) -> char {
    SEEN.iter().find(|(letters, _)| letters.contains(c)).map_or(c, |(_, latin)| *latin)
}

/// A letter of a skeleton: capitals are small by now, digits stand for letters, marks and hyphens fall out.
fn letter(c: char) -> Option<char> {
    Some(match c {
        '0' => 'o',
        '1' | 'i' | '|' | '!' => 'l',
        '3' => 'e',
        '4' => 'a',
        '5' | '$' => 's',
        '6' | '8' => 'b',
        '7' => 't',
        '9' => 'g',
        '2' => 'z',
        c if c.is_ascii_lowercase() => c,
        _ => return None,
    })
}
