//! IPv4 and IPv6 addresses; versions and numbered clauses are left alone.

use super::Scan;
use super::web::port_end;
use crate::Kind;
use crate::normalise::ip;
use crate::text::Folded;
use crate::text::context::{Verdict, judge, word_before};
use crate::text::words::Word;

/// Claims every address of the network layer.
pub(super) fn network(scan: &mut Scan) {
    let mut i = 0;
    while i < scan.text.len() {
        let begins = !scan.is_taken(i)
            && (scan.text.at(i).is_ascii_hexdigit() || scan.text.at(i) == ':')
            && !is_joined(&scan.text, i);
        if !begins {
            i = i.saturating_add(1);
            continue;
        }
        let end = scan.text.run(i, usize::MAX, |c| c.is_ascii_hexdigit() || matches!(c, '.' | ':'));
        // Behind another address even small numbers are one: `с 185.12.34.56 на 10.0.0.1`.
        let listed =
            scan.hits.last().is_some_and(|hit| hit.kind == Kind::Ip && i.saturating_sub(hit.to) < 25);
        let four = four_at(&scan.text, i, listed);
        if let Some((to, value)) = four.or_else(|| six_at(&scan.text, i, end)) {
            let to = if value.contains(':') { to } else { port_end(&scan.text, to) };
            scan.hit(Kind::Ip, i, to, value);
        }
        i = end.max(i.saturating_add(1));
    }
}

/// Whether what stands at `i` is the rest of something. A colon joins hexadecimal digits and times; behind a
/// word it does not (`IP:185.…`).
fn is_joined(text: &Folded, i: usize) -> bool {
    match text.before(i) {
        ':' => {
            let before = text.before(i.saturating_sub(1));
            before == ':' || before.is_ascii_digit()
        }
        // `5.34.67.89/5.34.67.90`: a list of two, where the first was an address.
        '/' => !text.before(i.saturating_sub(1)).is_ascii_digit() || four_at(text, i, false).is_none(),
        '.' | '_' | '-' => true,
        c => c.is_ascii_alphanumeric(),
    }
}

fn four_at(text: &Folded, i: usize, listed: bool) -> Option<(usize, String)> {
    let mut to = text.run(i, 17, |c| c.is_ascii_digit() || c == '.');
    while to > i && text.before(to) == '.' {
        to = to.saturating_sub(1);
    }
    if text.slice(i, to).iter().filter(|c| **c == '.').count() != 3 {
        return None;
    }
    let value = ip::normalise(&text.text(i, to)).ok()?;
    // `255.255.255.0` masks a network, and nobody has `0.…`.
    if value.starts_with("255.") || value.starts_with("0.") {
        return None;
    }
    let next = text.at(to);
    let continued = next.is_ascii_alphanumeric()
        || next == '_'
        || (next == '.' && text.at(to.saturating_add(1)).is_ascii_digit());
    if continued || !(listed || is_address(text, i, to)) {
        return None;
    }
    Some((to, value))
}

/// Whether the words around leave room for an address: no version, no clause, no amount.
fn is_address(text: &Folded, from: usize, to: usize) -> bool {
    if word_before(text, from, 2, Word::Ip) {
        return true;
    }
    // Versions are made of small numbers; addresses of small numbers alone are hardly ever seen, but a port
    // of three digits or more stands behind no version.
    let small = text.text(from, to).split('.').all(|part| part.len() < 3 && part < "32" || part.len() == 1);
    let has_port = port_end(text, to).saturating_sub(to) > 3;
    if small && !has_port && !word_before(text, from, 5, Word::Ip) {
        return false;
    }
    !word_before(text, from, 4, Word::Version) && judge(text, from, to, 4) != Verdict::Amount
}

fn six_at(text: &Folded, i: usize, end: usize) -> Option<(usize, String)> {
    let mut to = end;
    while to > i.saturating_add(2)
        && matches!(text.before(to), '.' | ':')
        && text.before(to.saturating_sub(1)) != ':'
    {
        to = to.saturating_sub(1);
    }
    let length = to.saturating_sub(i);
    let colons = text.slice(i, to).iter().filter(|c| **c == ':').count();
    if colons < 2 || !(6..=45).contains(&length) || text.at(to).is_alphanumeric() {
        return None;
    }
    ip::normalise(&text.text(i, to)).ok().map(|value| (to, value))
}
