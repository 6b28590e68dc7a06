//! The country's own words, in Fluent: what names its money, its offices, its numbers. They replace messages, or
//! attributes of messages, of the slices' catalogues; whether there are such is known to the program that holds
//! the slices.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use kernel::Lang;

use crate::error::ProfileError;
use crate::files::Files;
use crate::read::Sink;

/// Reads `locales/LANG.ftl` of each language; every language must have the same keys.
pub(crate) fn texts(files: &Files, langs: &[Lang], errors: &mut Vec<ProfileError>) -> BTreeMap<Lang, String> {
    let mut read = BTreeMap::new();
    let mut keys: BTreeMap<&Lang, BTreeSet<String>> = BTreeMap::new();
    for (name, file) in files.files.iter().filter(|(n, _)| n.starts_with("locales/")) {
        let tag = name.trim_start_matches("locales/").trim_end_matches(".ftl");
        let sink = Sink::new(&file.shown, &file.text, langs);
        match langs.iter().find(|l| l.tag() == tag) {
            None => sink.at(0, format!("expected a language of the profile, found `{tag}`")),
            Some(lang) => {
                keys.insert(lang, check(&sink, &file.text));
                read.insert(lang.clone(), file.text.clone());
            }
        }
        errors.extend(sink.into_errors());
    }
    let all: BTreeSet<&String> = keys.values().flatten().collect();
    for lang in langs {
        let shown = format!("{}/locales/{lang}.ftl", files.id);
        let sink = Sink::new(&shown, "", langs);
        let own = keys.get(lang);
        for missing in all.iter().filter(|k| own.is_none_or(|o| !o.contains(**k))) {
            sink.at(0, format!("expected the message `{missing}`, which other languages have"));
        }
        errors.extend(sink.into_errors());
    }
    read
}

/// The keys of one catalogue; notes what is not Fluent and endings glued to a variable
/// (Kazakh and Russian endings depend on the word before them, so a variable cannot carry one).
fn check(sink: &Sink<'_>, text: &str) -> BTreeSet<String> {
    let resource = fluent_syntax::parser::parse(text).unwrap_or_else(|(resource, errors)| {
        for error in errors {
            sink.at(error.pos.start, format!("not Fluent: {}", error.kind));
        }
        resource
    });
    let mut keys = BTreeSet::new();
    for message in resource.body.iter().filter_map(|e| if let Entry::Message(m) = e { Some(m) } else { None })
    {
        let at = text.find(message.id.name).unwrap_or(0);
        let own = message.value.iter().map(|value| (message.id.name.to_owned(), value));
        let named = |a: &str| format!("{}.{a}", message.id.name);
        for (key, value) in own.chain(message.attributes.iter().map(|a| (named(a.id.name), &a.value))) {
            if glued(value) {
                sink.at(at, format!("expected no ending on a variable in `{key}`"));
            }
            if keys.contains(&key) {
                sink.at(at, format!("expected each key once, `{key}` comes twice"));
            }
            keys.insert(key);
        }
    }
    keys
}

/// Whether a letter, or a hyphen and a letter, follows a variable at once.
fn glued(pattern: &Pattern<&str>) -> bool {
    pattern.elements.windows(2).any(|pair| {
        let [PatternElement::Placeable { expression }, PatternElement::TextElement { value }] = pair else {
            return false;
        };
        let variable = matches!(expression, Expression::Inline(InlineExpression::VariableReference { .. }));
        variable && value.trim_start_matches(['-', '\u{2011}']).starts_with(char::is_alphabetic)
    })
}
