//! Just enough of HTML to fill in a form as a browser without scripts does: forms, their controls with the
//! values they came with, and attributes. Not a parser for hostile pages: it reads the node's own.

/// A control of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Control {
    name: String,
    value: String,
    /// Whether a browser would send it untouched: hidden and text fields always, boxes only if ticked.
    sent: bool,
}

/// A form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Where it is sent; empty for the page's own address.
    pub action: String,
    /// Whether it is sent by `POST`.
    pub post: bool,
    controls: Vec<Control>,
}

impl Form {
    /// Whether it has a control of that name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.controls.iter().any(|c| c.name == name)
    }

    /// The values of all controls of that name, ticked or not.
    #[must_use]
    pub fn values(&self, name: &str) -> Vec<String> {
        self.controls.iter().filter(|c| c.name == name).map(|c| c.value.clone()).collect()
    }

    /// What is sent when the person sets `answers` and leaves the rest as it came.
    #[must_use]
    pub fn filled(&self, answers: &[(&str, String)]) -> Vec<(String, String)> {
        let untouched =
            self.controls.iter().filter(|c| c.sent && !answers.iter().any(|(name, _)| *name == c.name));
        let mut pairs: Vec<(String, String)> = untouched.map(|c| (c.name.clone(), c.value.clone())).collect();
        pairs.extend(answers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        pairs
    }
}

/// A tag with its attributes; `text` is what follows it up to the next tag.
#[derive(Debug)]
struct Tag<'a> {
    name: String,
    closing: bool,
    attributes: Vec<(String, String)>,
    text: &'a str,
}

impl Tag<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
    fn value(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_owned()
    }
}

/// All forms of a page.
#[must_use]
pub fn forms(page: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut open = false;
    let mut select = String::new();
    for tag in tags(page) {
        if tag.name == "form" {
            open = !tag.closing;
            if open {
                let post = tag.get("method").is_some_and(|m| m.eq_ignore_ascii_case("post"));
                forms.push(Form { action: tag.value("action"), post, controls: Vec::new() });
            }
        }
        let Some(form) = forms.last_mut().filter(|_| open && !tag.closing) else { continue };
        match tag.name.as_str() {
            "input" | "button" => form.controls.extend(input(&tag)),
            "textarea" => {
                form.controls.push(Control { name: tag.value("name"), value: unescape(tag.text), sent: true })
            }
            "select" => select = tag.value("name"),
            "option" => {
                let value = tag.get("value").map_or_else(|| unescape(tag.text.trim()), str::to_owned);
                form.controls.push(Control {
                    name: select.clone(),
                    value,
                    sent: tag.get("selected").is_some(),
                });
            }
            _ => {}
        }
    }
    forms
}

fn input(tag: &Tag<'_>) -> Option<Control> {
    let name = tag.get("name").filter(|n| !n.is_empty())?.to_owned();
    let kind = tag.get("type").unwrap_or(if tag.name == "button" { "submit" } else { "text" });
    let boxed = matches!(kind, "radio" | "checkbox");
    let sent = match kind {
        "submit" | "button" | "image" | "reset" | "file" => false,
        _ => !boxed || tag.get("checked").is_some(),
    };
    let value = match tag.get("value") {
        Some(value) => value.to_owned(),
        None if boxed => "on".to_owned(),
        None => String::new(),
    };
    Some(Control { name, value, sent })
}

/// The addresses of all links of the page, each once, in their order.
#[must_use]
pub fn links(page: &str) -> Vec<String> {
    addresses(page, |_| true)
}

/// Addresses of links that look like buttons, in their order, each once.
#[must_use]
pub fn buttons(page: &str) -> Vec<String> {
    addresses(page, |tag| tag.value("class").split(' ').any(|class| class == "button"))
}

fn addresses(page: &str, wanted: impl Fn(&Tag<'_>) -> bool) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for tag in tags(page).filter(|t| t.name == "a" && !t.closing && wanted(t)) {
        let href = tag.value("href");
        if !href.is_empty() && !all.contains(&href) {
            all.push(href);
        }
    }
    all
}

/// The value of the first attribute of that name on the page.
#[must_use]
pub fn attribute(page: &str, name: &str) -> Option<String> {
    tags(page).find_map(|tag| tag.get(name).map(str::to_owned))
}

/// The words that follow the first tag whose attribute `name` is `value`, up to a fair length.
#[must_use]
pub fn text_after(page: &str, name: &str, value: &str) -> String {
    let from = tags(page).skip_while(|tag| tag.get(name) != Some(value));
    let words = from.take(12).map(|tag| unescape(tag.text.trim()));
    words.filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

fn tags(page: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = page;
    std::iter::from_fn(move || {
        loop {
            let (_, after) = rest.split_once('<')?;
            if let Some(comment) = after.strip_prefix("!--") {
                rest = comment.split_once("-->").map_or("", |(_, r)| r);
                continue;
            }
            let inside = length_of_tag(after);
            let (body, behind) = (after.get(..inside)?, after.get(inside..)?);
            let behind = behind.strip_prefix('>').unwrap_or(behind);
            rest = behind;
            let text = behind.split_once('<').map_or(behind, |(t, _)| t);
            let tag = read_tag(body, text);
            if !tag.closing && matches!(tag.name.as_str(), "script" | "style") {
                rest = behind.split_once("</").map_or("", |(_, r)| r);
            }
            return Some(tag);
        }
    })
}

/// Bytes up to the closing bracket, quoted brackets left alone.
fn length_of_tag(text: &str) -> usize {
    let mut quote = None;
    text.char_indices()
        .find(|(_, c)| {
            match quote {
                Some(q) if *c == q => quote = None,
                None if matches!(c, '"' | '\'') => quote = Some(*c),
                _ => {}
            }
            quote.is_none() && *c == '>'
        })
        .map_or(text.len(), |(i, _)| i)
}

fn read_tag<'a>(body: &str, text: &'a str) -> Tag<'a> {
    let (closing, body) = body.strip_prefix('/').map_or((false, body), |b| (true, b));
    let name_ends = body.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(body.len());
    let (name, mut rest) = body.split_at(name_ends);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let ends = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let (key, after) = rest.split_at(ends);
        if key.is_empty() {
            break;
        }
        let (value, after) = match after.trim_start().strip_prefix('=') {
            Some(after) => read_value(after.trim_start()),
            None => ("", after),
        };
        attributes.push((key.to_ascii_lowercase(), unescape(value)));
        rest = after;
    }
    Tag { name: name.to_ascii_lowercase(), closing, attributes, text }
}

fn read_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

/// Undoes the escapes that templates write.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let entity = after.split_once(';').filter(|(name, _)| name.len() <= 8);
        let (decoded, behind) = entity.map_or((None, after), |(name, behind)| (character(name), behind));
        match decoded {
            Some(c) => {
                out.push(c);
                rest = behind;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PAGE: &str = r##"<!doctype html><!-- <form> --><script>if (a < b) "<input name='x'>"</script>
      <form action="/lang" method=post><input type=hidden name=to value=kk></form>
      <form method="POST" action="/report/what?a=1&amp;b=2">
        <input type="hidden" name="csrf" value="a&quot;b">
        <input type="radio" name="kind" value="money" checked><input type=radio name=kind value=loan>
        <input name=amount value="5 000" aria-label="a > b">
        <textarea name="story">said &lt;hi&gt; &#x41;</textarea>
        <select name=bank><option value=A>A<option value=B selected>B</select>
        <button name=next value=done>ok</button></form>
      <main data-receipt-number="R-2026-1" data-receipt-code='12 34'>"##;

    #[test]
    fn forms_as_a_browser_sees_them() {
        let all = forms(PAGE);
        assert_eq!(all.len(), 2);
        let form = &all[1];
        assert_eq!((form.action.as_str(), form.post), ("/report/what?a=1&b=2", true));
        let sent = form.filled(&[("amount", "7".to_owned()), ("next", "done".to_owned())]);
        let sent: Vec<(&str, &str)> = sent.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(
            sent,
            [
                ("csrf", "a\"b"),
                ("kind", "money"),
                ("story", "said <hi> A"),
                ("bank", "B"),
                ("amount", "7"),
                ("next", "done")
            ]
        );
        assert_eq!(attribute(PAGE, "data-receipt-code"), Some("12 34".to_owned()));
        assert_eq!(attribute(PAGE, "data-none"), None);
        let alert = r##"<p>no</p><div role="alert"><h2>Error</h2><a href="#x">Enter &amp; see</a></div>"##;
        assert_eq!(text_after(alert, "role", "alert"), "Error Enter & see");
    }

    proptest! {
        #[test]
        fn never_panics_and_always_ends(page in "[<>/a-z\"'= &;#!-]{0,200}") {
            let _ = forms(&page);
        }
    }
}
