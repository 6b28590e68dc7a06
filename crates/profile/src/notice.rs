//! `notice.toml`: what a holder is told when something of theirs is restricted. Texts of the institution, with
//! places for facts; which facts exist is code.

use kernel::{Lang, Localised};

use crate::read::Node;
use crate::words::Measure;

/// Facts that a text may name, each in braces.
pub const PLACES: [&str; 9] =
    ["organisation", "executor", "what", "sum", "basis", "until", "appeal", "address", "code"];

/// The text for some measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeText {
    /// For which measures.
    pub measures: Vec<Measure>,
    /// The text, with places in braces.
    pub text: Localised,
}

impl NoticeText {
    /// The text in `lang` with its places filled. A place without a fact becomes a dash.
    #[must_use]
    pub fn fill(&self, lang: &Lang, facts: &[(&str, String)]) -> String {
        let mut out = String::new();
        let mut rest = self.text.get(lang);
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            let fact = facts.iter().find(|(n, _)| *n == name).map_or("–", |(_, v)| v.as_str());
            out.push_str(fact);
            rest = behind;
        }
        out.push_str(rest);
        out
    }
}

/// Reads the whole file.
pub(crate) fn notices(node: &Node<'_>) -> Option<Vec<NoticeText>> {
    let read = node.each("notice", |n| {
        let (measures, text) = (n.req::<Vec<Measure>>("measures"), n.req::<Localised>("text"));
        let (measures, text) = (measures?, text?);
        for lang in text.langs() {
            let words = text.get(lang);
            if let Some(wrong) = unknown_place(words) {
                n.wrong_at(
                    "text",
                    format!("expected one of the places {PLACES:?} in `{lang}`, found `{{{wrong}}}`"),
                );
            }
            if !words.contains("{code}") || !words.contains("{address}") {
                n.wrong_at(
                    "text",
                    format!("expected `{{address}}` and `{{code}}` in `{lang}`: how to object"),
                );
            }
        }
        Some(NoticeText { measures, text })
    });
    let clean = node.is_clean();
    for (i, notice) in read.iter().enumerate().filter(|_| clean) {
        let twice = |m: &Measure| read.iter().take(i).any(|o| o.measures.contains(m));
        if let Some(m) = notice.measures.iter().find(|m| twice(m)) {
            node.wrong_item("notice", i, format!("expected one notice for `{m}`"));
        }
    }
    Some(read)
}

fn unknown_place(text: &str) -> Option<&str> {
    text.split('{')
        .skip(1)
        .map(|rest| rest.split('}').next().unwrap_or(rest))
        .find(|name| !PLACES.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_once_and_nothing_else_is_touched() {
        let text = Localised::from_pairs([(Lang::EN, "{what}: up to {sum}, {nothing}; { left".to_owned())]);
        let notice = NoticeText { measures: vec![Measure::Hold], text };
        let facts = [("what", "KZ…{sum}".to_owned()), ("sum", "5 ₸".to_owned())];
        assert_eq!(notice.fill(&Lang::EN, &facts), "KZ…{sum}: up to 5 ₸, –; –");
        assert_eq!(unknown_place("{what} {sums}"), Some("sums"));
        assert_eq!(unknown_place("plain"), None);
    }
}
