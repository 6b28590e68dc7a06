//! Numbers of reports, cases, exhibits and persons (`C-2026-01234567`) never break at a hyphen. Browsers break there where a line is narrow,
//! and a number in two lines is read wrongly. They are known by their form in the finished page, so that no template, sentence or notice
//! can forget it.

/// What a number is wrapped in.
const OPEN: &str = "<span class=\"no\">";
const CLOSE: &str = "</span>";

/// Elements whose content is no markup of ours, or takes none.
const LEFT_ALONE: &[&str] = &["title", "textarea", "option", "script", "style", "svg"];

/// The page with every number in its texts held together. Names, attributes and what [`LEFT_ALONE`] names stay as they are.
#[must_use]
pub fn unbroken(html: String) -> String {
    // Most fragments hold none.
    if !html.contains('-') {
        return html;
    }
    let mut out = String::with_capacity(html.len().saturating_add(html.len() / 16));
    let mut rest = html.as_str();
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        held(text, &mut out);
        let end = tag_end(tag);
        let (tag, behind) = tag.split_at(end);
        out.push_str(tag);
        rest = behind;
        if let Some(name) = LEFT_ALONE.iter().find(|name| opens(tag, name)) {
            let close = format!("</{name}");
            let (inside, behind) = rest.split_at(rest.find(&close).unwrap_or(rest.len()));
            out.push_str(inside);
            rest = behind;
        }
    }
    held(rest, &mut out);
    out
}

/// Behind the end of a tag; a `>` in a quoted value is none.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if byte == open => quote = None,
            (None, b'>') => return at.saturating_add(1),
            _ => {}
        }
    }
    tag.len()
}

/// Whether a tag opens that element.
fn opens(tag: &str, name: &str) -> bool {
    let behind = tag.strip_prefix('<').and_then(|t| t.strip_prefix(name));
    behind.is_some_and(|b| b.starts_with(['>', ' ', '\n']))
}

/// Copies a text and wraps its numbers.
fn held(text: &str, out: &mut String) {
    let mut rest = text;
    let mut before = None;
    while let Some(at) = rest.find('-') {
        let start = at.checked_sub(1).filter(|s| rest.is_char_boundary(*s));
        let number = start.and_then(|start| {
            let behind = rest.get(start..)?;
            let long = number(behind)?;
            // What goes on to the left is another word.
            let left = rest.get(..start)?.chars().next_back().or(before);
            left.is_none_or(|c| !c.is_alphanumeric() && c != '-').then_some((start, long))
        });
        let (upto, wrapped) = match number {
            Some((start, long)) => (start, long),
            None => (at.saturating_add(1), 0),
        };
        let (plain, from) = rest.split_at(upto);
        let (number, behind) = from.split_at(wrapped);
        out.push_str(plain);
        if wrapped > 0 {
            out.push_str(OPEN);
            out.push_str(number);
            out.push_str(CLOSE);
        }
        before = if wrapped > 0 { number.chars().next_back() } else { plain.chars().next_back() };
        rest = behind;
    }
    out.push_str(rest);
}

/// How many bytes the number is that a text begins with: a capital letter, a year, eight digits. With nothing of a word behind it.
fn number(text: &str) -> Option<usize> {
    const LONG: usize = 15;
    let bytes = text.as_bytes().get(..LONG)?;
    let fits = bytes.iter().enumerate().all(|(at, byte)| match at {
        0 => byte.is_ascii_uppercase(),
        1 | 6 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let ends =
        text.get(LONG..).and_then(|b| b.chars().next()).is_none_or(|c| !c.is_alphanumeric() && c != '-');
    (fits && ends).then_some(LONG)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(html: &str) -> String {
        unbroken(html.to_owned())
    }

    #[test]
    fn numbers_are_held_in_texts_and_nowhere_else() {
        let n = "C-2026-01234567";
        let held = format!("<span class=\"no\">{n}</span>");
        assert_eq!(of(&format!("<p>{n}, {n}: x-y</p>")), format!("<p>{held}, {held}: x-y</p>"));
        assert_eq!(
            of(&format!("<a href=\"/x/{n}?a=1>2-3\">{n}</a>")),
            format!("<a href=\"/x/{n}?a=1>2-3\">{held}</a>")
        );
        for left in [
            format!("<title>{n}</title>"),
            format!("<option value=\"{n}\" selected>{n}</option>"),
            format!("<textarea name=\"a\">{n} x</textarea>"),
            format!("<script type=\"application/json\">{{\"a<b\": \"{n}\"}}</script>"),
            format!("<svg><text>{n}</text></svg>"),
            format!("<p>X{n} {n}9 {n}-1 1-{n} c-2026-01234567 C-26-01234567 С-2026-01234567</p>"),
            "<p>- -</p><".to_owned(),
        ] {
            assert_eq!(of(&left), left);
        }
        assert_eq!(of(&format!("<titles>{n}</titles>")), format!("<titles>{held}</titles>"));
        assert_eq!(of(&format!("№{n}")), format!("№{held}"), "letters of two bytes before it");
    }

    proptest! {
        #[test]
        fn nothing_else_is_changed(parts in prop::collection::vec("[ -<>\"'a-cA-C0-9Ққ]{0,12}|C-2026-[0-9]{8}|<p>|</p>|<title>|</title>|<a b='>'>", 0..24)) {
            let html = parts.concat();
            let out = of(&html);
            prop_assert_eq!(out.replace(OPEN, "").replace(CLOSE, ""), html.replace(OPEN, "").replace(CLOSE, ""));
            prop_assert_eq!(out.matches(OPEN).count(), out.matches(CLOSE).count());
        }
    }
}
