//! Undoing what people do to an address so that nobody clicks on it: `[.]`, `(dot)`, `[at]`, `[:]//`,
//! ` точка `. The merged character keeps the whole writing as its place in the story.

use super::fold::{Folded, lower};
use crate::normalise::host::is_common_tld;

/// The text with every defanged sign put back.
pub(crate) fn refang(text: &Folded) -> Folded {
    let mut out = Folded::default();
    let mut i = 0;
    while i < text.len() {
        let sign = bracketed(text, i)
            .or_else(|| spelled(text, i))
            .or_else(|| spaced(text, i))
            .or_else(|| escaped(text, i));
        let (signs, next) = match sign {
            Some((signs, len)) => (signs, i.saturating_add(len)),
            None => {
                let (from, to) = text.bytes(i, i.saturating_add(1));
                out.push(text.at(i), from, to);
                i = i.saturating_add(1);
                continue;
            }
        };
        let (from, to) = text.bytes(i, next);
        for c in signs.chars() {
            out.push(c, from, to);
        }
        i = next;
    }
    out
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric()
}

/// `[.]`, `(dot)`, `{at}`, `[://]`, with at most one blank on either side.
fn bracketed(text: &Folded, i: usize) -> Option<(&'static str, usize)> {
    let lead = usize::from(text.at(i) == ' ');
    let open = i.saturating_add(lead);
    let close = match text.at(open) {
        '[' => ']',
        '(' => ')',
        '{' => '}',
        _ => return None,
    };
    let inner = open.saturating_add(1);
    let end = text.run(inner, 8, |c| c != close && c != '\n');
    if text.at(end) != close {
        return None;
    }
    let word: String = text.slice(inner, end).iter().copied().map(lower).collect();
    let sign = match word.trim() {
        "." | "dot" | "точка" | "нүкте" | "nokta" => ".",
        "@" | "at" | "собака" => "@",
        ":" => ":",
        "://" => "://",
        ":/" => ":/",
        "/" => "/",
        _ => return None,
    };
    let after = end.saturating_add(1);
    let trail = usize::from(text.at(after) == ' ');
    let spaced = lead == 1 || trail == 1;
    // A blank is swallowed only inside an address: Latin on both sides, square brackets, dot or at.
    let next = text.at(after.saturating_add(trail));
    let glued = match sign {
        "." | "@" => is_name(text.before(i)) && is_name(next),
        _ => text.before(i).is_ascii_alphanumeric() && !spaced,
    };
    let safe = !spaced
        || ((close == ']' || word.len() > 1)
            && text.before(i).is_ascii_alphanumeric()
            && next.is_ascii_alphanumeric());
    (glued && safe).then(|| (sign, after.saturating_add(trail).saturating_sub(i)))
}

/// `kaspi-bonus точка top`, `ivan собака mail точка ru`: only between Latin words, and only where a common
/// top-level domain ends it.
fn spelled(text: &Folded, i: usize) -> Option<(&'static str, usize)> {
    if text.at(i) != ' ' || !text.before(i).is_ascii_alphanumeric() {
        return None;
    }
    let (sign, len) = spelled_word(text, i)?;
    let next = i.saturating_add(len);
    if let Some(found) = (sign == ".").then(|| spelled_tld(text, next)).flatten() {
        return Some((found.0, len.saturating_add(found.1)));
    }
    let end = text.run(next, 40, |c| c.is_ascii_alphanumeric() || c == '-');
    let word = text.text(next, end);
    let dotted = spelled_word(text, end).is_some_and(|(s, _)| s == ".");
    let followed = match sign {
        // "look at kaspi.kz": an English "at" is a sign only where the dot is spelt too.
        "@" if text.has(i, " at ") => dotted,
        // `ivan точка k собака mail точка ru`: a part before the sign, too.
        "." => is_common_tld(&word) || spelled_word(text, end).is_some(),
        _ => text.at(end) == '.' || dotted,
    };
    (!word.is_empty() && followed).then_some((sign, len))
}

/// `kaspi-id точка кз`: the end of the name in the letters of the sentence.
fn spelled_tld(text: &Folded, i: usize) -> Option<(&'static str, usize)> {
    [("кз", ".kz"), ("ру", ".ru"), ("ком", ".com")]
        .into_iter()
        .map(|(word, tld)| (word, tld, word.chars().count()))
        .find(|(word, _, len)| text.has(i, word) && !text.at(i.saturating_add(*len)).is_alphanumeric())
        .map(|(_, tld, len)| (tld, len))
}

fn spelled_word(text: &Folded, i: usize) -> Option<(&'static str, usize)> {
    [(" точка ", "."), (" нүкте ", "."), (" dot ", "."), (" собака ", "@"), (" собачка ", "@"), (" at ", "@")]
        .into_iter()
        .find(|(word, _)| text.has(i, word))
        .map(|(word, sign)| (sign, word.chars().count()))
}

/// `kaspi\.kz`, as chat exports and search patterns write it.
fn escaped(text: &Folded, i: usize) -> Option<(&'static str, usize)> {
    let next = i.saturating_add(2);
    let between = text.before(i).is_ascii_alphanumeric() && text.at(next).is_ascii_alphanumeric();
    (text.at(i) == '\\' && text.at(i.saturating_add(1)) == '.' && between).then_some((".", 2))
}

fn spaced(text: &Folded, i: usize) -> Option<(&'static str, usize)> {
    if text.at(i) == '@' && text.at(i.saturating_add(1)) == ' ' && text.before(i).is_ascii_alphanumeric() {
        return is_plain_host(text, i.saturating_add(2)).then_some(("@", 2));
    }
    if text.at(i) == '.' && text.at(i.saturating_add(1)) == ' ' {
        return mail_host_parted(text, i).then_some((".", 2));
    }
    if text.at(i) != ' ' || !text.before(i).is_ascii_alphanumeric() {
        return None;
    }
    spaced_at(text, i).or_else(|| spaced_dot(text, i))
}

/// `kaspi-gift . top`, `kaspi . kz`: between Latin words, where the name is made like one of a site or the
/// top-level domain is no English word.
fn spaced_dot(text: &Folded, i: usize) -> Option<(&'static str, usize)> {
    if !text.has(i, " . ") {
        return None;
    }
    let next = i.saturating_add(3);
    let end = text.run(next, 12, |c| c.is_ascii_alphanumeric());
    let tld: String = text.slice(next, end).iter().copied().map(lower).collect();
    let plain = matches!(tld.as_str(), "kz" | "ru" | "com" | "net" | "org" | "uz" | "kg" | "info");
    let ends = !matches!(text.at(end), '-' | '_' | '@') && !text.at(end).is_ascii_alphanumeric();
    let floor = i.saturating_sub(40);
    let mut from = i;
    while from > floor && (text.before(from).is_ascii_alphanumeric() || text.before(from) == '-') {
        from = from.saturating_sub(1);
    }
    let name = text.slice(from, i);
    let telling =
        name.iter().any(char::is_ascii_alphabetic) && name.iter().any(|c| *c == '-' || c.is_ascii_digit());
    (ends && is_common_tld(&tld) && (plain || telling)).then_some((".", 3))
}

/// `ivan @ mail.ru`.
fn spaced_at(text: &Folded, i: usize) -> Option<(&'static str, usize)> {
    if !text.has(i, " @ ") {
        return None;
    }
    is_plain_host(text, i.saturating_add(3)).then_some(("@", 3))
}

/// Whether `name.tld` with a common top-level domain stands at `host`.
fn is_plain_host(text: &Folded, host: usize) -> bool {
    let dot = text.run(host, 40, |c| c.is_ascii_alphanumeric() || c == '-');
    let tld = text.run(dot.saturating_add(1), 20, |c| c.is_ascii_alphabetic());
    dot > host && text.at(dot) == '.' && is_common_tld(&text.text(dot.saturating_add(1), tld))
}

/// `ivan@mail. ru`: the host of a mail address, parted at the full stop `i` by a blank.
fn mail_host_parted(text: &Folded, i: usize) -> bool {
    let floor = i.saturating_sub(30);
    let mut from = i;
    while from > floor && (text.before(from).is_ascii_alphanumeric() || text.before(from) == '-') {
        from = from.saturating_sub(1);
    }
    let sign = from.saturating_sub(1);
    let next = i.saturating_add(2);
    let end = text.run(next, 5, |c| c.is_ascii_lowercase());
    from < i
        && text.at(sign) == '@'
        && text.before(sign).is_ascii_alphanumeric()
        && !text.at(end).is_alphanumeric()
        && matches!(text.text(next, end).as_str(), "ru" | "kz" | "com" | "net" | "org")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(story: &str) -> String {
        let text = refang(&Folded::new(story));
        text.text(0, text.len())
    }

    #[test]
    fn what_was_defanged_comes_back() {
        let cases = [
            ("egov-kz[.]top", "egov-kz.top"),
            ("hxxps[:]//egov-kz[.]top", "hxxps://egov-kz.top"),
            ("hxxps[://]egov-kz(dot)top", "hxxps://egov-kz.top"),
            ("egov-kz [.] top", "egov-kz.top"),
            ("ivan[at]mail(.)ru", "ivan@mail.ru"),
            ("ivan собака mail точка ru", "ivan@mail.ru"),
            ("kaspi-bonus точка top сайты", "kaspi-bonus.top сайты"),
            ("kaspi нүкте kz", "kaspi.kz"),
            ("сайт(точка)рф", "сайт.рф"),
            ("ivan @ mail.ru", "ivan@mail.ru"),
            ("ivan at mail dot ru", "ivan@mail.ru"),
        ];
        for (written, meant) in cases {
            assert_eq!(shown(written), meant);
        }
    }

    #[test]
    fn ordinary_sentences_stay() {
        for story in [
            "у нас точка доступа и собака",
            "Samsung точка продаж",
            "молоко (.) хлеб",
            "стр. [1] и (2)",
            "polka dot in blue",
            "look at kaspi.kz now",
            "5 штук @ 200 тенге",
            "я (иван) был",
        ] {
            assert_eq!(shown(story), story);
        }
    }
}
