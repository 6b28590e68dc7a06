//! Domains and addresses without a scheme, and the file names, versions and missing blanks that look alike.

use super::Scan;
use super::web::{HostName, Labels, host_at, port_end, url_end};
use crate::Kind;
use crate::normalise::host::{is_common_tld, without_www};
use crate::normalise::url::canonical;
use crate::text::Folded;
use crate::text::context::word_before;
use crate::text::fold::{is_cyrillic, latin_twin, lower};
use crate::text::words::Word;

const fn is_run(c: char) -> bool {
    matches!(c, '-' | '.' | '_')
}

/// Claims bare domains, addresses without a scheme, and file names (which are nothing, but hide numbers).
pub(super) fn domains(scan: &mut Scan) {
    let mut i = 0;
    while i < scan.text.len() {
        let free = |scan: &Scan, p: usize| {
            !scan.is_taken(p) && (scan.text.at(p).is_alphanumeric() || is_run(scan.text.at(p)))
        };
        let mut end = i;
        while end < scan.text.len() && free(scan, end) {
            end = end.saturating_add(1);
        }
        if end == i {
            i = i.saturating_add(1);
            continue;
        }
        i = one_run(scan, i, end).max(end);
    }
}

/// Looks at one run of letters, digits, hyphens, full stops and underscores. Gives where to go on.
fn one_run(scan: &mut Scan, run_from: usize, run_to: usize) -> usize {
    let text = &scan.text;
    let mut from = run_from;
    let mut to = run_to;
    while from < to && is_run(text.at(from)) {
        from = from.saturating_add(1);
    }
    while to > from && is_run(text.before(to)) {
        to = to.saturating_sub(1);
    }
    let Some(dot) = text.slice(from, to).iter().rposition(|c| *c == '.').map(|p| from.saturating_add(p))
    else {
        return run_to;
    };
    if !text.slice(from, to).iter().any(|c| c.is_alphabetic()) {
        return run_to;
    }
    if is_file_name(text, from, dot, to) {
        scan.claim(from, to);
        return run_to;
    }
    // `kaspi.shop/kaspi.store`: the first of two was claimed up to the slash.
    let listed = text.before(from) == '/' && from >= 2 && scan.is_taken(from.saturating_sub(2));
    match domain_in(text, from, to, listed) {
        Some((start, end, kind, value)) => {
            scan.hit(kind, start, end, value);
            end
        }
        None => run_to,
    }
}

/// Whether the run ends like the name of a file. Endings that are top-level domains too count as files
/// unless a word says that it is a site.
fn is_file_name(text: &Folded, from: usize, dot: usize, to: usize) -> bool {
    const FILES: &[&str] = &[
        "jpg",
        "jpeg",
        "png",
        "gif",
        "bmp",
        "webp",
        "heic",
        "tiff",
        "svg",
        "pdf",
        "doc",
        "docx",
        "xls",
        "xlsx",
        "ppt",
        "pptx",
        "txt",
        "rtf",
        "csv",
        "odt",
        "apk",
        "apks",
        "xapk",
        "aab",
        "ipa",
        "exe",
        "msi",
        "dmg",
        "bat",
        "cmd",
        "rar",
        "7z",
        "gz",
        "tar",
        "mp3",
        "mp4",
        "avi",
        "mkv",
        "wav",
        "ogg",
        "opus",
        "amr",
        "m4a",
        "json",
        "xml",
        "html",
        "htm",
        "php",
        "js",
        "css",
        "dll",
        "iso",
        "eml",
        "msg",
        "p12",
        "p7s",
        "cer",
        "sig",
        "log",
        "bak",
        "tmp",
        "db",
        "sql",
        "ini",
        "dat",
        "psd",
        "webm",
        "3gp",
        "vcf",
        "ics",
        "net-framework",
    ];
    const EITHER: &[&str] = &["zip", "mov", "py", "sh", "md", "cab", "ps", "rs"];
    let end = text.run(dot.saturating_add(1), 12, |c| c.is_ascii_alphanumeric()).min(to);
    if end < to && !is_cyrillic(text.at(end)) && text.at(end) != '-' {
        return false;
    }
    let ending: String = text.slice(dot.saturating_add(1), end).iter().copied().map(lower).collect();
    if FILES.contains(&ending.as_str()) {
        return true;
    }
    let has_path = text.at(end) == '/' && text.at(end.saturating_add(1)).is_alphanumeric();
    let is_site = has_path || text.has(from, "www.") || word_before(text, from, 3, Word::Site);
    EITHER.contains(&ending.as_str()) && !is_site
}

/// The domain or address in `from..to`: where it begins and ends, its kind and canonical writing.
fn domain_in(text: &Folded, from: usize, to: usize, listed: bool) -> Option<(usize, usize, Kind, String)> {
    let start = skip_glued_letters(text, skip_glued(text, from, to), to);
    if text.before(start) == '@'
        || (!listed
            && text.before(start) == '/'
            && text.before(start.saturating_sub(1)).is_ascii_alphanumeric())
    {
        return None;
    }
    let host = host_at(text, start, Labels::Host)?;
    if text.at(host.end) == '@' || (host.end < to && text.at(host.end) == '_') {
        return None;
    }
    let port = port_end(text, host.end);
    let end = if is_list(text, port) { port } else { url_end(text, port, start) };
    let has_path = end > port.saturating_add(1);
    if !is_meant(text, start, &host, has_path) {
        return None;
    }
    if has_path {
        let url = canonical(&text.text(start, end)).ok()?;
        return Some((start, end, Kind::Url, url));
    }
    Some((start, end.max(port), Kind::Domain, without_www(&host.ascii).to_owned()))
}

/// Past what is glued in front of a domain for want of a blank: `деньги.kaspi.kz`, `1.kaspi.kz`.
fn skip_glued(text: &Folded, from: usize, to: usize) -> usize {
    let mut start = from;
    loop {
        let dot = text.run(start, 64, |c| c != '.');
        if dot >= to || text.at(dot) != '.' {
            return start;
        }
        let label = text.slice(start, dot);
        // Members of a list are numbered from one; `24.` begins a name.
        let number =
            matches!(label, [c] if c.is_ascii_digit()) || matches!(label, ['1', c] if c.is_ascii_digit());
        let word = label.iter().all(|c| is_cyrillic(*c)) && !label.is_empty();
        let rest = text.slice(dot.saturating_add(1), to);
        let rest_is_name =
            rest.contains(&'.') && rest.iter().take_while(|c| **c != '.').any(char::is_ascii_alphabetic);
        if !((number || word) && rest_is_name) {
            return start;
        }
        start = dot.saturating_add(1);
    }
}

/// Past a Cyrillic word that has lost the blank before a Latin name (`сайтkaspi.kz`). A letter that is drawn
/// like no Latin one tells it from a name in disguise (`саsinо.kz`), and nobody registers mixed names.
fn skip_glued_letters(text: &Folded, from: usize, to: usize) -> usize {
    let seam = text.run(from, 32, is_cyrillic).min(to);
    let word = text.slice(from, seam);
    // `сайт-kaspi.kz`
    let seam = if text.at(seam) == '-' { seam.saturating_add(1) } else { seam };
    let dot = text.run(seam, 64, |c| c.is_ascii_alphanumeric() || c == '-').min(to);
    let glued = word.len() > 1
        && word.iter().any(|c| latin_twin(*c).is_none())
        && text.at(seam).is_ascii_alphanumeric()
        && text.at(dot) == '.';
    if glued { seam } else { from }
}

/// Whether the slash at `at` separates two domains (`kaspi.shop/kaspi.store`) and begins no path.
fn is_list(text: &Folded, at: usize) -> bool {
    let from = at.saturating_add(1);
    let Some(next) = (text.at(at) == '/').then(|| host_at(text, from, Labels::Host)).flatten() else {
        return false;
    };
    let common = next.written.rsplit('.').next().is_some_and(|tld| is_common_tld(&tld.to_lowercase()));
    let ends = !matches!(text.at(next.end), '/' | '?' | '#' | '=' | '&' | '-' | '_' | '@' | ':')
        && !text.at(next.end).is_alphanumeric();
    common && ends
}

/// Whether somebody who wrote this meant an address, and not two sentences, an abbreviation or a version.
fn is_meant(text: &Folded, start: usize, host: &HostName, has_path: bool) -> bool {
    let Some((names, tld)) = host.written.rsplit_once('.') else { return false };
    let name = names.rsplit('.').next().unwrap_or(names);
    let low_tld: String = tld.chars().map(lower).collect();
    let called_site = || word_before(text, start, 3, Word::Site) || text.has(start, "www.");
    let telling = name.contains('-') || name.chars().any(|c| c.is_ascii_digit());
    if !is_written_like_one(name, tld) {
        return false;
    }
    if !names.chars().any(char::is_alphabetic)
        && !(is_common_tld(&low_tld) && (names.len() >= 3 || has_path) && !is_unit(&low_tld))
    {
        return false;
    }
    if is_software(&host.ascii) || is_package(&host.ascii, &low_tld) {
        return false;
    }
    if name.chars().count() < 2 {
        return has_path
            || called_site()
            || matches!(host.ascii.as_str(), "t.me" | "x.com" | "t.co" | "g.co");
    }
    if has_path {
        return !low_tld.chars().any(is_cyrillic) || is_strong_cyrillic(&low_tld) || telling || called_site();
    }
    if low_tld.chars().any(is_cyrillic) {
        return is_strong_cyrillic(&low_tld) || telling || called_site();
    }
    if name.chars().all(is_cyrillic) {
        return is_common_tld(&low_tld) || called_site();
    }
    let wordlike = is_word(&low_tld) && !telling && !names.contains('.');
    !(wordlike && stands_in_latin(text, start, host.end)) || called_site()
}

/// Capitals as people put them in names: all small, all capital, or each part beginning with one; never a
/// capital after a full stop that follows a small word (`money.It`).
fn is_written_like_one(name: &str, tld: &str) -> bool {
    let upper = |s: &str| s.chars().any(char::is_uppercase);
    let all_upper = |s: &str| !s.chars().any(char::is_lowercase);
    if !upper(tld) {
        return true;
    }
    let plain = |tld: &str| tld.is_ascii() && is_common_tld(tld) && !is_word(tld);
    if all_upper(tld) {
        return upper(name)
            || (name.is_ascii() && plain(&tld.to_ascii_lowercase()))
            || name.chars().all(|c| c.is_ascii_digit());
    }
    // `Kaspi.Kz`
    name.chars().next().is_some_and(char::is_uppercase) && plain(&tld.to_ascii_lowercase())
}

/// Cyrillic top-level domains that are no word of the language.
fn is_strong_cyrillic(tld: &str) -> bool {
    matches!(tld, "рф" | "қаз" | "бел" | "укр" | "срб" | "мкд" | "мон" | "бг" | "рус")
}

/// Top-level domains that are English words too, and may begin a sentence behind a missing blank.
fn is_word(tld: &str) -> bool {
    const WORDS: &[&str] = &[
        "it", "in", "is", "to", "me", "no", "so", "my", "be", "am", "as", "at", "do", "us", "by", "id", "la",
        "one", "now", "live", "here", "help", "call", "bank", "money", "cash", "you", "then", "and", "but",
        "man", "day", "new", "please", "like", "how", "got", "ask", "buy", "pay", "say", "see", "get",
        "today", "work", "go", "he", "we", "an", "online", "open", "total", "top", "click", "link", "site",
        "news", "phone", "mobile", "app", "sale", "free", "fail", "wtf", "exposed", "report", "support",
        "contact", "global", "red", "blue", "hot", "win", "team", "kim", "best", "business", "company",
        "credit", "family", "life", "love", "party", "people", "space", "world",
    ];
    WORDS.contains(&tld)
}

/// Top-level domains that are units of measure.
fn is_unit(tld: &str) -> bool {
    matches!(tld, "kg" | "gb" | "mb" | "km" | "mm" | "cm" | "tv" | "pm" | "am")
}

/// Names of programs that end like domains.
fn is_software(ascii: &str) -> bool {
    matches!(ascii, "asp.net" | "vb.net" | "ado.net" | "node.js" | "socket.io" | "dr.web" | "ph.d")
}

/// The name of a program package (`com.fake.bank`): a domain read backwards.
fn is_package(ascii: &str, tld: &str) -> bool {
    let mut labels = ascii.split('.');
    let first = labels.next().unwrap_or("");
    labels.count() >= 2
        && !ascii.contains('-')
        && matches!(first, "com" | "org" | "net" | "kz" | "ru" | "io")
        && matches!(tld, "app" | "bank" | "online" | "mobile" | "pro" | "pay" | "android" | "game" | "games")
}

/// Whether small Latin words stand on both sides: an English sentence.
fn stands_in_latin(text: &Folded, start: usize, end: usize) -> bool {
    let mut before = start;
    while before > start.saturating_sub(3) && matches!(text.before(before), ' ' | ',' | '"') {
        before = before.saturating_sub(1);
    }
    let after = text.run(end, 3, |c| matches!(c, ' ' | ',' | '.' | '"'));
    let left = text.before(before);
    let right = text.at(after);
    (left.is_ascii_alphanumeric() || before == 0) && right.is_ascii_alphabetic() && text.at(end) == ' '
}
