//! A country's own words in the place of the slices': its money, its offices, its numbers.

use std::borrow::Cow;

use fluent_syntax::ast::{Entry, Message, Resource};
use fluent_syntax::{parser, serializer};
use kernel::Lang;

use crate::{Locale, TextsError};

type Ast = Resource<String>;

/// The slices' catalogues with a country's words put in: of a message only what the country says differently,
/// its value or single attributes.
///
/// # Errors
/// A text that does not parse; a message or attribute that no slice has: it would never be seen.
pub fn in_country<'a>(
    locales: &[Locale],
    country: impl IntoIterator<Item = (&'a Lang, &'a str)>,
) -> Result<Vec<Locale>, TextsError> {
    let mut out = locales.to_vec();
    for (lang, source) in country {
        let fault = |what: String| TextsError::Country { lang: lang.clone(), what };
        let own = parse(source).map_err(fault)?;
        let mut mine = Vec::new();
        for (at, locale) in out.iter().enumerate().filter(|(_, locale)| locale.lang == *lang) {
            mine.push((at, parse(&locale.source).map_err(fault)?));
        }
        // A language that the program does not speak has nothing to replace.
        if mine.is_empty() {
            continue;
        }
        for new in messages(own) {
            let name = new.id.name.clone();
            let old = mine.iter_mut().find_map(|(_, ast)| message(ast, &name));
            replace(old.ok_or_else(|| fault(format!("nobody says `{name}`")))?, new).map_err(fault)?;
        }
        for (at, ast) in mine {
            if let Some(locale) = out.get_mut(at) {
                locale.source = Cow::Owned(serializer::serialize(&ast));
            }
        }
    }
    Ok(out)
}

fn parse(source: &str) -> Result<Ast, String> {
    parser::parse(source.to_owned()).map_err(|(_, faults)| format!("do not parse: {faults:?}"))
}

fn messages(ast: Ast) -> impl Iterator<Item = Message<String>> {
    ast.body.into_iter().filter_map(|entry| match entry {
        Entry::Message(message) => Some(message),
        _ => None,
    })
}

fn message<'a>(ast: &'a mut Ast, name: &str) -> Option<&'a mut Message<String>> {
    ast.body.iter_mut().find_map(|entry| match entry {
        Entry::Message(message) if message.id.name == name => Some(message),
        _ => None,
    })
}

fn replace(old: &mut Message<String>, new: Message<String>) -> Result<(), String> {
    let name = new.id.name;
    if let Some(value) = new.value {
        if old.value.is_none() {
            return Err(format!("`{name}` has attributes only"));
        }
        old.value = Some(value);
    }
    for attribute in new.attributes {
        match old.attributes.iter_mut().find(|a| a.id.name == attribute.id.name) {
            Some(known) => *known = attribute,
            None => return Err(format!("nobody says `{name}.{}`", attribute.id.name)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Texts;

    fn slice(source: &'static str) -> [Locale; 1] {
        [Locale { slice: "x", lang: Lang::EN, source: Cow::Borrowed(source) }]
    }

    #[test]
    fn a_country_has_its_own_words() {
        let all =
            slice("sum = Sum\n    .hint = In the local money\n    .missing = Enter it\nother = Other { $n }");
        let fr = Lang::new("fr").unwrap();
        let country = [(&Lang::EN, "sum = Sum in tenge\n    .hint = No tiyn"), (&fr, "sum = Somme")];
        let texts = Texts::load(&in_country(&all, country).unwrap()).unwrap();
        let text = |key| texts.text(&Lang::EN, key, &[("n", 5.into())]);
        assert_eq!(
            [text("sum"), text("sum.hint"), text("sum.missing"), text("other")],
            ["Sum in tenge", "No tiyn", "Enter it", "Other 5"]
        );
    }

    #[test]
    fn what_nobody_says_is_refused() {
        let all = slice("sum = Sum\n    .hint = In the local money\nfield =\n    .label = Field");
        for (country, why) in [
            ("sum =\n    .label = L", "nobody says `sum.label`"),
            ("total = Total", "nobody says `total`"),
            ("field = Value", "`field` has attributes only"),
            ("sum =", "do not parse"),
        ] {
            let refused = in_country(&all, [(&Lang::EN, country)]).unwrap_err().to_string();
            assert!(refused.contains(why), "{refused}");
        }
    }
}
