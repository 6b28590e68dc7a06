//! Text, and what of it is shown.

use statement::encoding::{self, Sure};

use crate::answer::{Answer, PREVIEW_BYTES, Warning};

/// Signs that turn the direction of writing, or stand for nothing and separate what looks like one word.
const fn steers(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

/// A sign as it is shown: those that steer are shown by their number, those of terminals by their picture.
fn visible(c: char, out: &mut String) {
    match c {
        '\n' | '\t' => out.push(c),
        '\0'..='\u{1f}' => {
            out.push(char::from_u32(0x2400_u32.saturating_add(u32::from(c))).unwrap_or('\u{fffd}'))
        }
        '\u{7f}' => out.push('\u{2421}'),
        '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => {
            out.push_str(&format!("[U+{:04X}]", u32::from(c)));
        }
        c if steers(c) => out.push_str(&format!("[U+{:04X}]", u32::from(c))),
        c => out.push(c),
    }
}

/// Text that can be shown anywhere: no sign in it steers anything. Cut to so many bytes; says whether it was.
#[must_use]
pub fn shown(text: &str, most: usize) -> (String, bool) {
    let mut out = String::with_capacity(text.len().min(most));
    let mut signs = text.chars().peekable();
    while let Some(c) = signs.next() {
        if c == '\r' && signs.peek() == Some(&'\n') {
            continue;
        }
        if out.len() >= most.saturating_sub(8) {
            return (out, true);
        }
        visible(c, &mut out);
    }
    (out, false)
}

/// The same on one line.
#[must_use]
pub fn line(text: &str, most_chars: usize) -> String {
    let mut out = String::new();
    for c in text.trim().chars().take(most_chars) {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c => visible(c, &mut out),
        }
    }
    out
}

/// Whether a text has signs that turn the direction of writing.
#[must_use]
pub fn turns(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
}

/// Whether bytes are text, by their beginning.
pub(crate) fn is_text(head: &[u8]) -> bool {
    let head = head.get(..8192).unwrap_or(head);
    if head.is_empty() {
        return false;
    }
    let found = encoding::find(head);
    let text = encoding::decode(found.charset, head.get(found.mark_bytes..).unwrap_or_default());
    let all = text.chars().count().max(1);
    let odd = text
        .chars()
        .filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{1b}'))
        .count();
    let lost = text.chars().filter(|c| *c == '\u{fffd}').count();
    let guessed = found.sure == Sure::Guess
        && head.iter().filter(|b| **b >= 0x80).count().saturating_mul(3) > head.len();
    odd.saturating_mul(100) <= all && lost.saturating_mul(20) <= all && !guessed
}

/// What a text tells.
pub(crate) fn read(head: &[u8], table: bool, answer: &mut Answer) {
    let found = encoding::find(head);
    answer.fact("encoding", found.charset.as_str());
    answer.fact("encoding_sure", found.sure.as_str());
    let bytes = head.get(found.mark_bytes..).unwrap_or_default();
    let lines = bytes.iter().filter(|b| **b == b'\n').count();
    answer.fact("lines", &lines.to_string());
    let longest = bytes.split(|b| *b == b'\n').map(<[u8]>::len).max().unwrap_or(0);
    answer.fact("longest_line_bytes", &longest.to_string());
    // A preview needs no more than so much of the beginning, whatever the encoding.
    let first = bytes.get(..PREVIEW_BYTES.saturating_mul(2)).unwrap_or(bytes);
    let text = encoding::decode(found.charset, first);
    if turns(&text) {
        answer.warn(Warning::DirectionMarks, "");
    }
    if table && has_formula(&text) {
        answer.warn(Warning::Formula, "");
    }
    answer.preview(&text, first.len() < bytes.len());
}

/// Whether a cell begins like a formula that does something: a name with a bracket, or the call of another program.
fn has_formula(text: &str) -> bool {
    text.lines().take(10_000).any(|line| {
        line.split([',', ';', '\t']).any(|cell| {
            let cell = cell.trim().trim_start_matches('"');
            cell.starts_with(['=', '+', '-', '@'])
                && cell.chars().skip(1).any(|c| c.is_alphabetic() || matches!(c, '|' | '('))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_shown_steers_anything() {
        let (text, cut) = shown("a\u{1b}[31mb\0c\u{202e}gpj.exe\r\nd\u{9b}e\u{2028}", 1_000);
        assert_eq!(text, "a␛[31mb␀c[U+202E]gpj.exe\nd[U+009B]e[U+2028]");
        assert!(!cut);
        assert_eq!(line(" a\r\nb\u{1b} ", 100), "a  b␛");
        let (text, cut) = shown(&"ұ".repeat(100), 64);
        assert!(cut && text.len() <= 64);
    }

    #[test]
    fn formulas() {
        assert!(has_formula("a;b\n1;=HYPERLINK(\"x\")"));
        assert!(has_formula("a,\"@SUM(1)\""));
        assert!(!has_formula("a;-500,00;+1\n2026-01-01;=5"));
    }

    #[test]
    fn what_is_text() {
        assert!(is_text("Сәлем, мир".as_bytes()));
        assert!(is_text(b"plain\r\n"));
        assert!(!is_text(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0"));
        assert!(!is_text(&(0..=255_u8).cycle().take(4096).collect::<Vec<_>>()));
    }
}
