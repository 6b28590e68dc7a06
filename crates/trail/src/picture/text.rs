//! Texts in a picture: made safe, broken into lines, measured.

use std::borrow::Cow;

/// Size of all texts, in pixels.
pub(super) const FONT: i64 = 14;
/// From one line of text to the next.
pub(super) const LINE: i64 = 18;
/// An account's lines are wrapped at about this width.
const WRAP: i64 = 200;

/// Text that may stand between tags or in a quoted attribute. Characters that XML 1.0 does not admit, and those
/// that reverse the direction of what follows, become U+FFFD: a text must not rearrange its neighbours.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| matches!(c, '&' | '<' | '>' | '"' | '\'') || is_barred(c)) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if is_barred(c) => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

const fn is_barred(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// An id that is safe in an attribute and in a selector.
pub(super) fn id(given: &str) -> String {
    let good: String = given.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    if good.starts_with(|c: char| c.is_ascii_alphabetic()) { good } else { format!("trail{good}") }
}

/// The lines of a text as given; empty ones are left out.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The same, with lines that are too wide broken at spaces. A single long word stays whole.
pub(super) fn wrapped(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in lines(text) {
        let mut current = String::new();
        for word in line.split(' ').filter(|word| !word.is_empty()) {
            if !current.is_empty() && width(&current) + width(word) + FONT / 2 > WRAP {
                out.push(std::mem::take(&mut current));
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        out.push(current);
    }
    out
}

/// Width of the widest line.
pub(super) fn widest(lines: &[String]) -> i64 {
    lines.iter().map(|line| width(line)).max().unwrap_or(0)
}

/// Pixels that a line needs at most in a usual sans-serif face: estimated high, since a box too wide looks
/// better than a text cut off.
fn width(line: &str) -> i64 {
    let hundredths: i64 = line.chars().map(advance).sum();
    hundredths * FONT / 100 + 1
}

/// Advance of one character in hundredths of the font size.
const fn advance(c: char) -> i64 {
    match c {
        // Marks that stand on the character before them.
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0,
        ' ' | '\u{a0}' | '\u{202f}' | '.' | ',' | ':' | ';' | '\'' | 'i' | 'j' | 'l' | '|' | 'I' | 'і'
        | 'І' => 40,
        '0'..='9' | '*' | '-' => 66,
        'a'..='z' if matches!(c, 'm' | 'w') => 100,
        'a'..='z' => 66,
        'M' | 'W' | 'Ж' | 'М' | 'Ш' | 'Щ' | 'Ы' | 'Ю' | 'Ф' | 'ж' | 'м' | 'ш' | 'щ' | 'ы' | 'ю' | 'ф'
        | '₸' | '…' => 105,
        'A'..='Z' => 82,
        'а'..='я' | 'ё' | 'ә' | 'ғ' | 'қ' | 'ң' | 'ө' | 'ұ' | 'ү' | 'һ' => 70,
        _ => 110,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_made_safe() {
        assert_eq!(escape("a<b> & \"c\" 'd'"), "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
        assert_eq!(escape("tab\tok\u{1}\u{202e}gpj"), "tab\tok\u{fffd}\u{fffd}gpj");
        assert_eq!((id("t-1\"><x"), id("9"), id("")), ("t-1x".into(), "trail9".into(), "trail".into()));
    }

    #[test]
    fn lines_break_between_words_only() {
        let name = "Акционерное общество «Народный сберегательный банк» KZ**\n**** 1234";
        let lines = wrapped(name);
        assert!(lines.len() > 2 && widest(&lines) < WRAP + 20, "{lines:?}");
        assert_eq!(lines.join(" ").replace("\n", " "), name.replace('\n', " "));
        let long = "x".repeat(200);
        assert_eq!(wrapped(&long), [long]);
        // Sums hold together by their no-break spaces.
        assert_eq!(wrapped("1\u{a0}200\u{a0}000,00\u{a0}₸"), ["1\u{a0}200\u{a0}000,00\u{a0}₸"]);
        assert_eq!(wrapped(" \n\n"), Vec::<String>::new());
    }
}
