//! Judges the catalogues, in tests: the same keys and variables in every language, whole sentences, full plural
//! sets, no ending that touches a variable, no letters of two alphabets in one word.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use fluent_syntax::{parser, serializer};
use kernel::Lang;

use crate::texts::Locale;

/// What is wrong with a catalogue, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The slice.
    pub slice: String,
    /// The language.
    pub lang: Lang,
    /// `message` or `message.attribute`; empty for the whole file.
    pub key: String,
    /// What is wrong, in English, for the one who mends it.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}) `{}`: {}", self.slice, self.lang, self.key, self.what)
    }
}

type Patterns = BTreeMap<String, Pattern<String>>;

/// All faults of the given catalogues; empty is good. Each slice tests its own:
/// `assert_eq!(web::check_catalogues(&LOCALES), [])`.
#[must_use]
pub fn check_catalogues(locales: &[Locale]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut slices: BTreeMap<&str, Vec<(&Lang, Patterns)>> = BTreeMap::new();
    for locale in locales {
        let fault = |key: &str, what: String| Fault {
            slice: locale.slice.to_owned(),
            lang: locale.lang.clone(),
            key: key.to_owned(),
            what,
        };
        let patterns = match patterns(&locale.source) {
            Ok(patterns) => patterns,
            Err(what) => {
                faults.push(fault("", what));
                continue;
            }
        };
        if locale.lang == Lang::KK && !locale.source.to_lowercase().contains("# native reader:") {
            faults.push(fault(
                "",
                "the Kazakh file must begin with `### Native reader: not yet` (or who, when)".to_owned(),
            ));
        }
        for (key, pattern) in &patterns {
            let mut said = Vec::new();
            judge(pattern, &locale.lang, &mut said);
            faults.extend(said.into_iter().map(|what| fault(key, what)));
        }
        slices.entry(locale.slice).or_default().push((&locale.lang, patterns));
    }
    for (slice, catalogues) in &slices {
        compare(slice, catalogues, &mut faults);
    }
    faults
}

fn compare(slice: &str, catalogues: &[(&Lang, Patterns)], faults: &mut Vec<Fault>) {
    let keys: BTreeSet<&String> = catalogues.iter().flat_map(|(_, p)| p.keys()).collect();
    for needed in [Lang::KK, Lang::RU, Lang::EN] {
        if !catalogues.iter().any(|(lang, _)| **lang == needed) {
            let what = "the language is missing".to_owned();
            faults.push(Fault { slice: slice.to_owned(), lang: needed, key: String::new(), what });
        }
    }
    for key in keys {
        let all: BTreeSet<String> =
            catalogues.iter().filter_map(|(_, p)| p.get(key)).flat_map(variables).collect();
        for (lang, patterns) in catalogues {
            let what = match patterns.get(key) {
                None => "is missing".to_owned(),
                Some(pattern) => {
                    let own: BTreeSet<String> = variables(pattern).into_iter().collect();
                    let lacks: Vec<&str> = all.difference(&own).map(String::as_str).collect();
                    if lacks.is_empty() {
                        continue;
                    }
                    format!("lacks the variable ${}", lacks.join(", $"))
                }
            };
            faults.push(Fault { slice: slice.to_owned(), lang: (*lang).clone(), key: key.clone(), what });
        }
    }
}

fn patterns(source: &str) -> Result<Patterns, String> {
    let resource = parser::parse(source.to_owned()).map_err(|(_, e)| format!("does not parse: {e:?}"))?;
    let mut out = Patterns::new();
    for entry in resource.body {
        let Entry::Message(message) = entry else { continue };
        let mut put = |key: String, pattern: Pattern<String>| match out.insert(key.clone(), pattern) {
            Some(_) => Err(format!("`{key}` stands twice")),
            None => Ok(()),
        };
        for attribute in message.attributes {
            put(format!("{}.{}", message.id.name, attribute.id.name), attribute.value)?;
        }
        if let Some(value) = message.value {
            put(message.id.name, value)?;
        }
    }
    Ok(out)
}

fn judge(pattern: &Pattern<String>, lang: &Lang, said: &mut Vec<String>) {
    let mut touches = None;
    let mut empty = true;
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => {
                if let Some(name) = touches.take()
                    && is_ending(value)
                {
                    said.push(format!("an ending touches ${name}"));
                }
                empty &= value.trim().is_empty();
                if value.chars().any(|c| ('\u{e000}'..='\u{f8ff}').contains(&c)) {
                    said.push("has a private-use sign".to_owned());
                }
                if let Some(word) = mixed_word(value) {
                    said.push(format!("`{word}` has letters of two alphabets"));
                }
            }
            PatternElement::Placeable { expression } => {
                empty = false;
                touches = None;
                match expression {
                    Expression::Inline(InlineExpression::VariableReference { id }) => {
                        touches = Some(id.name.clone())
                    }
                    Expression::Inline(InlineExpression::FunctionReference { .. }) => {
                        said.push("formats by a function; hand in ready text".to_owned());
                    }
                    Expression::Inline(_) => {}
                    Expression::Select { variants, .. } => {
                        plural_set(
                            lang,
                            variants.iter().filter_map(|v| match &v.key {
                                VariantKey::Identifier { name } => Some(name.as_str()),
                                VariantKey::NumberLiteral { .. } => None,
                            }),
                            said,
                        );
                        for variant in variants {
                            judge(&variant.value, lang, said);
                        }
                    }
                }
            }
        }
    }
    if empty {
        said.push("is empty".to_owned());
    }
}

/// Whether a text that follows a variable continues its word.
fn is_ending(text: &str) -> bool {
    let mut chars = text.chars();
    match chars.next() {
        Some(c) if c.is_alphabetic() => true,
        Some('-' | '‑' | '’' | '\'') => chars.next().is_some_and(char::is_alphabetic),
        _ => false,
    }
}

fn mixed_word(text: &str) -> Option<String> {
    let cyrillic = |c: char| ('\u{400}'..='\u{52f}').contains(&c);
    text.split(|c: char| !c.is_alphabetic())
        .find(|w| w.chars().any(cyrillic) && w.chars().any(|c| c.is_ascii_alphabetic()))
        .map(str::to_owned)
}

/// Where one plural form is told apart, all of the language must be.
fn plural_set<'a>(lang: &Lang, keys: impl Iterator<Item = &'a str>, said: &mut Vec<String>) {
    let have: BTreeSet<&str> = keys.collect();
    if !have.iter().any(|k| matches!(*k, "zero" | "one" | "two" | "few" | "many")) {
        return;
    }
    let need: &[&str] = if *lang == Lang::RU { &["one", "few", "many", "other"] } else { &["one", "other"] };
    let lacks: Vec<&str> = need.iter().filter(|k| !have.contains(**k)).copied().collect();
    if !lacks.is_empty() {
        said.push(format!("lacks the plural forms {}", lacks.join(", ")));
    }
}

fn variables(pattern: &Pattern<String>) -> Vec<String> {
    let mut out = Vec::new();
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        let inline = match expression {
            Expression::Inline(inline) => inline,
            Expression::Select { selector, variants } => {
                out.extend(variants.iter().flat_map(|v| variables(&v.value)));
                selector
            }
        };
        if let InlineExpression::VariableReference { id } = inline {
            out.push(id.name.clone());
        }
    }
    out
}

/// The keys that a template or source file asks for literally: `.t("…")`, `.ta("…"`, `.tm("…"`. A test of the
/// binary compares them with the catalogues, so that a missing text fails the build.
#[must_use]
pub fn keys_in(source: &str) -> Vec<String> {
    let mut out = BTreeSet::new();
    for call in [".t(\"", ".ta(\"", ".tm(\""] {
        out.extend(
            source.split(call).skip(1).filter_map(|rest| rest.split_once('"')).map(|(key, _)| key.to_owned()),
        );
    }
    out.into_iter().filter(|k| !k.contains(['{', '}', '\\'])).collect()
}

/// A longer twin of a catalogue under the same language: every word grows by about 60 %. Pages shown with it
/// prove that nothing is cut.
///
/// # Errors
/// What does not parse.
pub fn pseudo(locale: &Locale) -> Result<Locale, String> {
    let mut resource = parser::parse(locale.source.to_string()).map_err(|(_, e)| format!("{e:?}"))?;
    for entry in &mut resource.body {
        if let Entry::Message(message) = entry {
            let attributes = message.attributes.iter_mut().map(|a| &mut a.value);
            for pattern in message.value.iter_mut().chain(attributes) {
                lengthen_pattern(pattern);
            }
        }
    }
    Ok(Locale { source: Cow::Owned(serializer::serialize(&resource)), ..locale.clone() })
}

fn lengthen_pattern(pattern: &mut Pattern<String>) {
    for element in &mut pattern.elements {
        match element {
            PatternElement::TextElement { value } => *value = lengthen(value),
            PatternElement::Placeable { expression: Expression::Select { variants, .. } } => {
                for variant in variants {
                    lengthen_pattern(&mut variant.value);
                }
            }
            PatternElement::Placeable { .. } => {}
        }
    }
}

fn lengthen(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut letters = 0_usize;
    for c in text.chars().chain(['\0']) {
        if c.is_alphabetic() {
            letters += 1;
        } else {
            out.extend(std::iter::repeat_n('ө', (letters * 6).div_ceil(10)));
            letters = 0;
        }
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale(lang: Lang, source: &'static str) -> Locale {
        Locale { slice: "x", lang, source: Cow::Borrowed(source) }
    }
    fn three(kk: &'static str, ru: &'static str, en: &'static str) -> Vec<String> {
        let all = [locale(Lang::KK, kk), locale(Lang::RU, ru), locale(Lang::EN, en)];
        let faults = check_catalogues(&all).into_iter().filter(|f| !f.what.contains("Native reader"));
        faults.map(|f| format!("{} {}: {}", f.lang, f.key, f.what)).collect()
    }

    #[test]
    fn finds_what_is_wrong() {
        for (kk, ru, en, want) in [
            ("a = арыз", "a = заявление", "a = report", vec![]),
            (
                "a = арыз",
                "b = нет",
                "a = x",
                vec!["ru a: is missing", "kk b: is missing", "en b: is missing"],
            ),
            ("a = { $x }-де", "a = в { $x }", "a = at { $x }", vec!["kk a: an ending touches $x"]),
            (
                "a = { $x }ға",
                "a = { $x }",
                "a = { $x }'s",
                vec!["kk a: an ending touches $x", "en a: an ending touches $x"],
            ),
            ("a = { $x }%", "a = { $x } %", "a = x", vec!["en a: lacks the variable $x"]),
            (
                "a = { \"\" }",
                "a = .",
                "a =\n    .b = c",
                vec!["en a: is missing", "kk a.b: is missing", "ru a.b: is missing"],
            ),
            ("a = Cұрау", "a = x", "a = x", vec!["kk a: `Cұрау` has letters of two alphabets"]),
            ("a = x", "a = { NUMBER($x) }", "a = x", vec!["ru a: formats by a function; hand in ready text"]),
            (
                "a = { $n -> [one] арыз *[other] арыз }",
                "a = { $n -> [one] заявление *[other] заявления }",
                "a = { $n -> [one] report *[other] reports }",
                vec!["ru a: lacks the plural forms few, many"],
            ),
        ] {
            // Variants need lines of their own.
            let lines = |s: &'static str| -> &'static str {
                s.replace(" [", "\n [").replace(" *[", "\n *[").replace(" }", "\n }").leak()
            };
            let (kk, ru, en) =
                if kk.contains("->") { (lines(kk), lines(ru), lines(en)) } else { (kk, ru, en) };
            assert_eq!(three(kk, ru, en), want, "{kk} {ru} {en}");
        }
    }

    #[test]
    fn own_texts_are_whole() {
        assert_eq!(check_catalogues(&crate::LOCALES), []);
    }

    #[test]
    fn keys_are_found_in_templates() {
        let found =
            keys_in(r#"{{ ctx.t("nav-home") }} {{ ctx.ta("count", &[("n", 1)]) }} format!("{}.t(\"x\")")"#);
        assert_eq!(found, ["count", "nav-home"]);
    }

    #[test]
    fn the_twin_is_longer_and_keeps_its_holes() {
        let long = pseudo(&locale(Lang::RU, "a = Срок: { $time }\n    .b = Готово\n")).unwrap();
        assert_eq!(long.source.trim(), "a = Срокөөө: { $time }\n    .b = Готовоөөөө");
        assert!(check_catalogues(&[long]).iter().all(|f| f.lang != Lang::RU));
        for own in &crate::LOCALES {
            let (short, long) = (own.source.chars().count(), pseudo(own).unwrap().source.chars().count());
            assert!(long * 10 > short * 12, "{short} {long}");
        }
    }
}
