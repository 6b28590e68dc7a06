//! Addresses with a scheme, and where an address ends.

use super::Scan;
use crate::Kind;
use crate::normalise::host::{a_label, is_common_tld, is_known_tld};
use crate::normalise::url::{LONGEST, canonical, scheme_of};
use crate::text::Folded;
use crate::text::fold::{is_cyrillic, lower};
use crate::text::words;

/// Claims every address that begins with `http://`, `hxxps://`, `h**p:\\` and the like.
pub(super) fn addresses(scan: &mut Scan) {
    let mut i = 0;
    while i < scan.text.len() {
        i = match address_at(&scan.text, i) {
            Some((from, to, Some(url))) => {
                scan.hit(Kind::Url, from, to, url);
                to
            }
            // It begins like an address and is none: do not read a domain or a number out of it.
            Some((from, to, None)) => {
                scan.claim(from, to);
                to
            }
            None => i.saturating_add(1),
        };
    }
}

const fn is_slash(c: char) -> bool {
    matches!(c, '/' | '\\')
}

/// An address whose colon (or first slash, where the colon was forgotten) stands at `i`.
fn address_at(text: &Folded, i: usize) -> Option<(usize, usize, Option<String>)> {
    let colon = text.at(i) == ':';
    let first = if colon { i.saturating_add(1) } else { i };
    if !is_slash(text.at(first)) || (!colon && !is_slash(text.at(first.saturating_add(1)))) {
        return None;
    }
    let (from, scheme) = scheme_before(text, i)?;
    let host = text.run(first, 4, is_slash);
    let found = host_at(text, authority_start(text, host), Labels::Address);
    let (host_end, known) = match (found, ip_literal(text, host)) {
        (_, Some(end)) => (end, true),
        (Some(name), None) => (name.end, name.known),
        (None, None) => return None,
    };
    // A forgotten colon or slash is forgiven only before a name that exists.
    let whole_scheme = colon && host.saturating_sub(first) >= 2;
    if !known && !whole_scheme {
        return None;
    }
    let to = url_end(text, port_end(text, host_end), from);
    if to.saturating_sub(from) > LONGEST {
        return Some((from, to, None));
    }
    let url = canonical(&format!("{scheme}://{}", text.text(host, to)));
    Some((from, to, url.ok()))
}

/// Where the scheme before `i` begins, and which one is meant. Longer schemes first; letters of a word that
/// is glued to it stay outside.
fn scheme_before(text: &Folded, i: usize) -> Option<(usize, &'static str)> {
    if !matches!(lower(text.before(i)), 'p' | 's' | 'р' | 'ѕ') {
        return None;
    }
    (3..=6_usize).rev().find_map(|length| {
        let from = i.checked_sub(length)?;
        scheme_of(&text.text(from, i)).map(|scheme| (from, scheme))
    })
}

/// Behind `user:password@`, if there is one.
fn authority_start(text: &Folded, host: usize) -> usize {
    let end = text.run(host, 300, |c| {
        !c.is_whitespace() && !matches!(c, '/' | '?' | '#' | '\\' | '"' | '<' | '>' | '«' | '»')
    });
    let at = text.slice(host, end).iter().rposition(|c| *c == '@');
    at.map_or(host, |p| host.saturating_add(p).saturating_add(1))
}

/// The end of an IPv4 address or a bracketed IPv6 address at `host`.
fn ip_literal(text: &Folded, host: usize) -> Option<usize> {
    let host = authority_start(text, host);
    if text.at(host) == '[' {
        let end = text.run(host.saturating_add(1), 45, |c| c.is_ascii_hexdigit() || c == ':' || c == '.');
        return (text.at(end) == ']').then(|| end.saturating_add(1));
    }
    let end = text.run(host, 16, |c| c.is_ascii_digit() || c == '.');
    let end = if text.before(end) == '.' { end.saturating_sub(1) } else { end };
    text.text(host, end).parse::<std::net::Ipv4Addr>().ok().map(|_| end)
}

/// Behind `:8080`.
pub(super) fn port_end(text: &Folded, at: usize) -> usize {
    if text.at(at) != ':' {
        return at;
    }
    let end = text.run(at.saturating_add(1), 6, |c| c.is_ascii_digit());
    let digits = end.saturating_sub(at).saturating_sub(1);
    if (1..=5).contains(&digits) { end } else { at }
}

/// What a label may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Labels {
    /// Letters, digits and hyphens.
    Host,
    /// Underscores too, and a top-level domain that nobody knows.
    Address,
}

/// A host name in the text.
#[derive(Debug)]
pub(super) struct HostName {
    /// Behind its last character.
    pub(super) end: usize,
    /// As it was written, folded.
    pub(super) written: String,
    /// The A-label form.
    pub(super) ascii: String,
    /// Whether its top-level domain exists.
    pub(super) known: bool,
}

/// The longest name of two labels or more at `i` whose last label is a top-level domain. A sentence that is
/// glued behind (`kaspi.kz.Потом`) and a Kazakh case ending (`kaspi.kz-тен`) are left outside.
pub(super) fn host_at(text: &Folded, i: usize, labels: Labels) -> Option<HostName> {
    let allowed =
        |c: char| c.is_alphanumeric() || matches!(c, '-' | '.') || (c == '_' && labels == Labels::Address);
    let mut end = text.run(i, 260, allowed);
    let whole_end = end;
    for _ in 0..12 {
        while end > i && matches!(text.before(end), '.' | '-' | '_') {
            end = end.saturating_sub(1);
        }
        let dot = last_dot(text, i, end)?;
        let label = dot.saturating_add(1);
        if let Some(cut) = tld_end(text, label, end) {
            let written = text.text(i, cut);
            if let Ok(ascii) = a_label(&written.replace('_', "-")) {
                return Some(HostName { end: cut, written, ascii, known: true });
            }
        }
        end = dot;
    }
    if labels == Labels::Host {
        return None;
    }
    unknown_host(text, i, whole_end)
}

/// A name in an address whose top-level domain is not in the list: it may be newer than the list.
fn unknown_host(text: &Folded, i: usize, whole_end: usize) -> Option<HostName> {
    let mut end = whole_end;
    while end > i && matches!(text.before(end), '.' | '-' | '_') {
        end = end.saturating_sub(1);
    }
    let dot = last_dot(text, i, end)?;
    let letters = text.slice(dot.saturating_add(1), end).iter().all(|c| c.is_alphabetic());
    let written = text.text(i, end);
    let ascii = a_label(&written.replace('_', "-")).ok()?;
    (letters && end.saturating_sub(dot) > 2).then_some(HostName { end, written, ascii, known: false })
}

fn last_dot(text: &Folded, i: usize, end: usize) -> Option<usize> {
    text.slice(i, end).iter().rposition(|c| *c == '.').map(|p| i.saturating_add(p))
}

/// The end of the top-level domain that the label `from..to` is, or begins with before a case ending.
fn tld_end(text: &Folded, from: usize, to: usize) -> Option<usize> {
    if to.saturating_sub(from) > 63 {
        return None;
    }
    let known = |end: usize| {
        let label: String = text.slice(from, end).iter().copied().map(lower).collect();
        end > from && is_known_tld(&label)
    };
    if known(to) {
        return Some(to);
    }
    let hyphen = text.run(from, 63, |c| c != '-').min(to);
    if hyphen < to && is_cyrillic(text.at(hyphen.saturating_add(1))) && known(hyphen) {
        return Some(hyphen);
    }
    // `төлем.қаздан`, `банк.рфе`: the ending is of the same script.
    if let Some(end) = ["рф", "қаз"].iter().find_map(|tld| inflected(text, from, to, tld)) {
        return Some(end);
    }
    let script = text.run(from, 63, |c| c.is_ascii_alphabetic()).min(to);
    (is_cyrillic(text.at(script)) && known(script)).then_some(script)
}

/// The end of the Cyrillic top-level domain `tld` at `from`, if a case ending is all that is glued behind it.
fn inflected(text: &Folded, from: usize, to: usize, tld: &str) -> Option<usize> {
    let end = from.saturating_add(tld.chars().count());
    let ending: String = text.slice(end, to).iter().copied().map(lower).collect();
    let fits = match tld {
        "рф" => matches!(ending.as_str(), "а" | "у" | "е" | "ом" | "ы"),
        // One letter is none: `қазы` is a word.
        _ => ending.chars().count() > 1 && words::is_ending(&ending),
    };
    (text.has(from, tld) && fits).then_some(end)
}

/// Where the path, query and fragment that begin at `at` end. `from` is where the whole address begins.
pub(super) fn url_end(text: &Folded, at: usize, from: usize) -> usize {
    if !matches!(text.at(at), '/' | '?' | '#' | '\\') {
        return at;
    }
    let mut i = at;
    let (mut round, mut square) = (0_usize, 0_usize);
    while i < text.len() {
        let c = text.at(i);
        if ends_clause(text, i, c) {
            break;
        }
        match c {
            '(' => round = round.saturating_add(1),
            '[' => square = square.saturating_add(1),
            ')' if round == 0 => break,
            ']' if square == 0 => break,
            ')' => round = round.saturating_sub(1),
            ']' => square = square.saturating_sub(1),
            ',' | ';' if starts_address(text, i.saturating_add(1)) => break,
            c if stops(text, i, c) => break,
            // The next address, glued to this one; behind `=` or `/` it is a part of this.
            'h' | 'H' if text.before(i).is_ascii_alphanumeric() && starts_scheme(text, i) => break,
            _ => {}
        }
        i = i.saturating_add(1);
    }
    trim_end(text, at, i, text.before(from))
}

/// Whether the character at `i` cannot belong to an address.
fn stops(text: &Folded, i: usize, c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_whitespace() || matches!(c, '"' | '<' | '>' | '{' | '}' | '|' | '^' | '`');
    }
    if !c.is_alphabetic() {
        return true;
    }
    // Letters of other scripts occur where a part of the path begins with them (`/wiki/Право`); glued to
    // Latin ones, or as an ending behind a hyphen, they are the next word.
    let previous = text.before(i);
    if previous == '-' {
        let end = text.run(i, 12, char::is_alphabetic);
        let word: String = text.slice(i, end).iter().copied().map(lower).collect();
        return words::is_ending(&word) && !is_cyrillic(text.before(i.saturating_sub(1)));
    }
    previous.is_ascii_alphanumeric()
}

/// Whether the sign at `i` belongs to the sentence, which goes on in Cyrillic without a blank (`…/a,потом`).
fn ends_clause(text: &Folded, i: usize, c: char) -> bool {
    let next = i.saturating_add(1);
    if !is_cyrillic(text.at(next)) || !(text.before(i).is_ascii_alphanumeric() || text.before(i) == '/') {
        return false;
    }
    match c {
        ',' | ';' | '.' | '!' | ':' | '(' => true,
        // A query has values: `…/a?поиск=1`.
        '?' => text.at(text.run(next, 40, is_cyrillic)) != '=',
        _ => false,
    }
}

fn starts_address(text: &Folded, i: usize) -> bool {
    text.has(i, "http")
        || text.has(i, "hxxp")
        || text.has(i, "www.")
        // `t.me/one,t.me/two`
        || host_at(text, i, Labels::Host).is_some_and(|host| {
            let common = host.written.rsplit('.').next().is_some_and(|tld| is_common_tld(&tld.to_lowercase()));
            let short = matches!(host.ascii.as_str(), "t.me" | "wa.me");
            (common || short) && text.at(host.end) == '/'
        })
}

fn starts_scheme(text: &Folded, i: usize) -> bool {
    ["http://", "https://", "hxxp://", "hxxps://"].iter().any(|scheme| text.has(i, scheme))
}

/// Without the punctuation of the sentence around. `opener` stands before the whole address.
fn trim_end(text: &Folded, at: usize, end: usize, opener: char) -> usize {
    let punctuation = |c: char| {
        matches!(c, '(' | '[' | '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '~' | '-')
            || (c == '_' && opener == '_')
    };
    let mut end = end;
    while end > at && punctuation(text.before(end)) {
        end = end.saturating_sub(1);
    }
    end
}
