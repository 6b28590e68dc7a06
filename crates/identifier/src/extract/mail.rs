//! Mail addresses and `@names`.

use super::Scan;
use super::web::{Labels, host_at};
use crate::Kind;
use crate::normalise::{email, handle};
use crate::text::Folded;
use crate::text::fold::{is_cyrillic, lower};

/// Claims every mail address.
pub(super) fn mail(scan: &mut Scan) {
    let mut i = 0;
    while i < scan.text.len() {
        let next = i.saturating_add(1);
        i = match (scan.text.at(i) == '@' && !scan.is_taken(i)).then(|| mail_at(&scan.text, i)).flatten() {
            Some((from, to, address)) => {
                scan.hit(Kind::Email, from, to, address);
                to.max(next)
            }
            None => next,
        };
    }
}

fn mail_at(text: &Folded, at: usize) -> Option<(usize, usize, String)> {
    let from = local_start(text, at);
    if from == at {
        return None;
    }
    let host = host_at(text, at.saturating_add(1), Labels::Host)?;
    let address = email::canonical(&format!("{}@{}", text.text(from, at), host.written)).ok()?;
    Some((from, host.end, address))
}

/// Where the part before the `@` begins. It is of one script: `почтаivan@mail.ru` has lost a blank.
fn local_start(text: &Folded, at: usize) -> usize {
    let cyrillic = is_cyrillic(text.before(at));
    let fits = |c: char| {
        c.is_ascii_digit()
            || matches!(c, '.' | '_' | '-' | '+' | '%')
            || if cyrillic { is_cyrillic(c) } else { c.is_ascii_alphabetic() }
    };
    let floor = at.saturating_sub(64);
    let mut from = at;
    while from > floor && fits(text.before(from)) && !(text.before(from) == '.' && text.at(from) == '.') {
        from = from.saturating_sub(1);
    }
    // A letter of a third script (`muģalim@`): the whole name cannot be read, and half of it is another's.
    let cut = text.before(from);
    if cut.is_alphabetic() && !is_cyrillic(cut) && !cut.is_ascii() {
        return at;
    }
    while from < at && !text.at(from).is_alphanumeric() && text.at(from) != '_' {
        from = from.saturating_add(1);
    }
    from
}

/// Claims every `@name` that is no part of a mail address.
pub(super) fn handles(scan: &mut Scan) {
    let mut i = 0;
    while i < scan.text.len() {
        let next = i.saturating_add(1);
        if scan.text.at(i) != '@' || scan.is_taken(i) {
            i = next;
            continue;
        }
        let end = name_end(&scan.text, next);
        if let Some(name) = name_at(&scan.text, i, end) {
            scan.hit(Kind::Handle, i, end, name);
        }
        i = end.max(next);
    }
}

fn name_end(text: &Folded, from: usize) -> usize {
    let mut end = text.run(from, handle::LONGEST.saturating_add(1), handle::is_name);
    // `@help.Потом` ends by itself, `@help.Then` where a small letter is followed by a capital.
    let seam = (from..end).find(|p| {
        text.at(*p) == '.'
            && text.before(*p).is_ascii_lowercase()
            && text.at(p.saturating_add(1)).is_ascii_uppercase()
            && text.at(p.saturating_add(2)).is_ascii_lowercase()
    });
    end = seam.unwrap_or(end);
    while end > from && text.before(end) == '.' {
        end = end.saturating_sub(1);
    }
    end
}

fn name_at(text: &Folded, at: usize, end: usize) -> Option<String> {
    let previous = text.before(at);
    if previous.is_ascii_alphanumeric() || matches!(previous, '.' | '@') || text.at(end) == '@' {
        return None;
    }
    // A letter of another Latin alphabet (`@keńes`): the name cannot be read, and half of it is another's.
    let cut = text.at(end);
    if cut.is_alphabetic() && !cut.is_ascii() && !is_cyrillic(cut) {
        return None;
    }
    let from = at.saturating_add(1);
    if end.saturating_sub(from) < 3 {
        return None;
    }
    let written: String = text.slice(from, end).iter().copied().map(lower).collect();
    if is_no_name(&written) {
        return None;
    }
    handle::check(&written).ok()
}

/// Words behind an `@` that name nobody: whole groups, and mail services whose user is written elsewhere.
fn is_no_name(name: &str) -> bool {
    const NOBODY: &[&str] = &[
        "all",
        "here",
        "everyone",
        "channel",
        "media",
        "mail.ru",
        "gmail.com",
        "bk.ru",
        "inbox.ru",
        "list.ru",
        "internet.ru",
        "yandex.ru",
        "yandex.kz",
        "ya.ru",
        "yahoo.com",
        "hotmail.com",
        "outlook.com",
        "icloud.com",
        "rambler.ru",
        "proton.me",
        "protonmail.com",
        "mail.kz",
    ];
    NOBODY.contains(&name)
}
