//! IBANs, together or in groups, in small letters, with Cyrillic letters that look Latin.

use super::Scan;
use crate::Kind;
use crate::normalise::iban;
use crate::text::Folded;
use crate::text::fold::is_cyrillic;

/// Claims every IBAN whose check digits agree.
pub(super) fn accounts(scan: &mut Scan) {
    let mut i = 0;
    while i < scan.text.len() {
        let next = i.saturating_add(1);
        let begins = scan.text.at(i).is_alphabetic() && !scan.is_taken(i) && is_edge(&scan.text, i);
        i = match begins.then(|| iban_at(&scan.text, i)).flatten() {
            Some((to, value)) if !(i..to).any(|p| scan.is_taken(p)) => {
                scan.hit(Kind::Iban, i, to, value);
                to
            }
            _ => next,
        };
    }
}

/// Whether a word may begin at `i`. A Cyrillic word in front may be glued to it: `счётKZ86…`.
fn is_edge(text: &Folded, i: usize) -> bool {
    let previous = text.before(i);
    !previous.is_alphanumeric()
        || (is_cyrillic(previous) && text.at(i).is_ascii_uppercase())
        || i.checked_sub(4).is_some_and(|word| text.has(word, "iban"))
}

const fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '_' | '\n')
}

fn iban_at(text: &Folded, i: usize) -> Option<(usize, String)> {
    // `K Z 8 6 …`: letter by letter.
    let spelt = text.at(i.saturating_add(1)) == ' ' && text.at(i.saturating_add(3)) == ' ';
    let second = i.saturating_add(if spelt { 2 } else { 1 });
    let country: String = [text.at(i), text.at(second)].into_iter().filter_map(iban::letter).collect();
    let length = iban::length(&country).filter(|_| country.len() == 2)?;
    let mut value = country;
    let mut at = second.saturating_add(1);
    // `KZ 86 …` is written; other countries' letters are words too (`is 20`, `no 15`).
    if matches!(text.at(at), ' ' | '-') && value == "KZ" {
        at = at.saturating_add(1);
    }
    let digits = text.run(at, 2, |c| c.is_ascii_digit());
    if digits == at || (!spelt && digits.saturating_sub(at) < 2) || (spelt && value != "KZ") {
        return None;
    }
    while value.len() < length {
        let c = text.at(at);
        match iban::letter(c) {
            Some(c) => value.push(c),
            // A line may end within: the check digits tell.
            None if is_gap(c) => {
                let gap = text.run(at, 2, is_gap);
                iban::letter(text.at(gap))?;
                at = gap;
                continue;
            }
            None => return None,
        }
        at = at.saturating_add(1);
    }
    let next = text.at(at);
    if next.is_ascii_alphanumeric() {
        return None;
    }
    iban::check(&value).ok().map(|()| (at, value))
}
