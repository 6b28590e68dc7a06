//! Ready HTML and the one way to make it from text.

use std::fmt;

/// A piece of HTML that is safe to print as it is. Templates print it without escaping.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Markup(String);

impl Markup {
    /// Text, escaped.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self(escape(text))
    }
    /// Text that came from a person, isolated for its own writing direction: `<bdi>…</bdi>`.
    #[must_use]
    pub fn told(text: &str) -> Self {
        Self(format!("<bdi>{}</bdi>", escape(text)))
    }
    /// A link with escaped address and words.
    #[must_use]
    pub fn link(href: &str, words: &str) -> Self {
        Self(format!("<a href=\"{}\">{}</a>", escape(href), escape(words)))
    }
    /// HTML that the caller vouches for: made by a template or by this crate, never from input.
    #[must_use]
    pub const fn trusted(html: String) -> Self {
        Self(html)
    }
    /// The HTML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl askama::filters::HtmlSafe for Markup {}

/// `text` with the five signs of HTML written as entities; safe in text and in quoted attributes.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_escapes_the_text(text in ".{0,60}") {
            let html = escape(&text);
            prop_assert!(!html.contains(['<', '>', '"', '\'']));
            let back = html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
            prop_assert_eq!(back, text);
        }
    }
}
