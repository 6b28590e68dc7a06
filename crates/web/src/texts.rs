//! Texts by key in several languages (Fluent). Every slice brings its own `locales/{kk,ru,en}.ftl`; the
//! binary loads them all once. No invisible direction marks are put around variables: they would be copied
//! along with account numbers.

use std::borrow::Cow;
use std::collections::BTreeMap;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use kernel::Lang;
use unic_langid::LanguageIdentifier;

use crate::format::{Style, group_digits};
use crate::markup::{Markup, escape};

/// One catalogue: a slice's texts in one language, in Fluent syntax.
#[derive(Debug, Clone)]
pub struct Locale {
    /// The slice it belongs to.
    pub slice: &'static str,
    /// The language.
    pub lang: Lang,
    /// The file's text.
    pub source: Cow<'static, str>,
}

/// A slice's three catalogues: `pub const LOCALES: [web::Locale; 3] = web::locales!("order");` reads
/// `locales/kk.ftl`, `ru.ftl` and `en.ftl` beside the slice's `Cargo.toml` at compile time.
#[macro_export]
macro_rules! locales {
    ($slice:literal) => {
        [
            $crate::Locale {
                slice: $slice,
                lang: $crate::Lang::KK,
                source: std::borrow::Cow::Borrowed(include_str!(concat!(
                    env!("CARGO_MANIFEST_DIR"),
                    "/locales/kk.ftl"
                ))),
            },
            $crate::Locale {
                slice: $slice,
                lang: $crate::Lang::RU,
                source: std::borrow::Cow::Borrowed(include_str!(concat!(
                    env!("CARGO_MANIFEST_DIR"),
                    "/locales/ru.ftl"
                ))),
            },
            $crate::Locale {
                slice: $slice,
                lang: $crate::Lang::EN,
                source: std::borrow::Cow::Borrowed(include_str!(concat!(
                    env!("CARGO_MANIFEST_DIR"),
                    "/locales/en.ftl"
                ))),
            },
        ]
    };
}

/// A value put into a text. Numbers choose the plural form and are printed grouped; money, dates and times
/// come ready made from the formatter as text.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// Text as it stands.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Ready HTML; printed as HTML by [`Texts::markup`] only, elsewhere escaped.
    Html(Markup),
}

impl From<&str> for Arg {
    fn from(v: &str) -> Self {
        Self::Text(v.to_owned())
    }
}
impl From<String> for Arg {
    fn from(v: String) -> Self {
        Self::Text(v)
    }
}
impl From<&String> for Arg {
    fn from(v: &String) -> Self {
        Self::Text(v.clone())
    }
}
impl From<Markup> for Arg {
    fn from(v: Markup) -> Self {
        Self::Html(v)
    }
}
impl From<&Self> for Arg {
    fn from(v: &Self) -> Self {
        v.clone()
    }
}
macro_rules! arg_number {
    ($($t:ty),*) => {$(
        impl From<$t> for Arg {
            fn from(v: $t) -> Self {
                Self::Number(i64::try_from(v).unwrap_or(i64::MAX))
            }
        }
        impl From<&$t> for Arg {
            fn from(v: &$t) -> Self {
                Self::from(*v)
            }
        }
    )*};
}
arg_number!(i64, i32, u8, u16, u32, u64, usize);

/// Why the catalogues could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum TextsError {
    /// A file does not follow the Fluent syntax.
    #[error("the texts of `{slice}` in `{lang}` do not parse: {what}")]
    Syntax {
        /// Whose texts.
        slice: &'static str,
        /// In which language.
        lang: Lang,
        /// What the parser said.
        what: String,
    },
    /// Two slices use one key.
    #[error("the texts of `{slice}` in `{lang}` repeat a key: {what}")]
    Duplicate {
        /// Whose texts.
        slice: &'static str,
        /// In which language.
        lang: Lang,
        /// Which keys.
        what: String,
    },
    /// A country says differently what nobody says.
    #[error("the country's texts in `{lang}`: {what}")]
    Country {
        /// In which language.
        lang: Lang,
        /// Which message, and what is wrong with it.
        what: String,
    },
    /// The language tag is none.
    #[error("`{0}` is not a language")]
    Language(Lang),
}

/// All texts of the program, by language and key.
pub struct Texts {
    bundles: BTreeMap<Lang, FluentBundle<FluentResource>>,
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.bundles.keys()).finish()
    }
}

impl Texts {
    /// Parses the catalogues of all slices, each once.
    ///
    /// # Errors
    /// A file that does not parse, a key that two slices use, an unknown language tag.
    pub fn load(locales: &[Locale]) -> Result<Self, TextsError> {
        let mut bundles: BTreeMap<Lang, FluentBundle<FluentResource>> = BTreeMap::new();
        for Locale { slice, lang, source } in locales {
            let resource = FluentResource::try_new(source.to_string()).map_err(|(_, faults)| {
                TextsError::Syntax { slice, lang: lang.clone(), what: format!("{faults:?}") }
            })?;
            if !bundles.contains_key(lang) {
                bundles.insert(lang.clone(), new_bundle(lang)?);
            }
            if let Some(bundle) = bundles.get_mut(lang) {
                bundle.add_resource(resource).map_err(|faults| TextsError::Duplicate {
                    slice,
                    lang: lang.clone(),
                    what: format!("{faults:?}"),
                })?;
            }
        }
        Ok(Self { bundles })
    }

    /// The languages that have texts, in order of their tags.
    pub fn langs(&self) -> impl Iterator<Item = &Lang> {
        self.bundles.keys()
    }

    /// Whether exactly this language has this key.
    #[must_use]
    pub fn has(&self, lang: &Lang, key: &str) -> bool {
        self.bundles.get(lang).is_some_and(|b| pattern(b, key).is_some())
    }

    /// The text of `key` (`message` or `message.attribute`) in `lang`. A missing text is a fault that tests
    /// find; a person sees it in the first language that has it, else the key in brackets.
    #[must_use]
    pub fn text(&self, lang: &Lang, key: &str, args: &[(&str, Arg)]) -> String {
        let mut out = FluentArgs::with_capacity(args.len());
        for (name, arg) in args {
            let value = match arg {
                Arg::Text(text) => FluentValue::String(Cow::Borrowed(text)),
                Arg::Html(html) => FluentValue::String(Cow::Borrowed(html.as_str())),
                Arg::Number(n) => FluentValue::from(*n),
            };
            out.set(*name, value);
        }
        self.format(lang, key, &out)
    }

    /// The text as HTML: the words escaped, text values in `<bdi>`, ready HTML values as they are.
    #[must_use]
    pub fn markup(&self, lang: &Lang, key: &str, args: &[(&str, Arg)]) -> Markup {
        // Values are swapped in after escaping; their places are held by private-use signs that no
        // catalogue contains (check_catalogues refuses them).
        let mut html: Vec<(String, String)> = Vec::new();
        let mut plain = FluentArgs::with_capacity(args.len());
        for (place, (name, arg)) in args.iter().enumerate() {
            let ready = match arg {
                Arg::Number(n) => {
                    plain.set(*name, FluentValue::from(*n));
                    continue;
                }
                Arg::Text(text) => Markup::told(text).to_string(),
                Arg::Html(markup) => markup.to_string(),
            };
            let mark = format!("\u{e000}{place}\u{e001}");
            plain.set(*name, FluentValue::from(mark.clone()));
            html.push((mark, ready));
        }
        let mut out = escape(&self.format(lang, key, &plain));
        for (mark, ready) in html {
            out = out.replace(&mark, &ready);
        }
        Markup::trusted(out)
    }

    fn format(&self, lang: &Lang, key: &str, args: &FluentArgs<'_>) -> String {
        let own = self.bundles.get(lang).into_iter();
        for bundle in own.chain(self.bundles.values()) {
            if let Some(found) = pattern(bundle, key) {
                let mut faults = Vec::new();
                let text = bundle.format_pattern(found, Some(args), &mut faults).into_owned();
                if !faults.is_empty() {
                    tracing::error!(key, lang = lang.tag(), faults = ?faults, "text could not be filled in");
                }
                return text;
            }
        }
        tracing::error!(key, lang = lang.tag(), "text is missing");
        format!("[{key}]")
    }
}

fn pattern<'a>(
    bundle: &'a FluentBundle<FluentResource>,
    key: &str,
) -> Option<&'a fluent_syntax::ast::Pattern<&'a str>> {
    match key.split_once('.') {
        None => bundle.get_message(key)?.value(),
        Some((message, attribute)) => Some(bundle.get_message(message)?.get_attribute(attribute)?.value()),
    }
}

fn new_bundle(lang: &Lang) -> Result<FluentBundle<FluentResource>, TextsError> {
    let id: LanguageIdentifier = lang.tag().parse().map_err(|_| TextsError::Language(lang.clone()))?;
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    // A plain function pointer per style: the bundle takes no closure with a memory.
    bundle.set_formatter(Some(match Style::of(lang) {
        Style::Kk => |v, _| number(v, Style::Kk),
        Style::Ru => |v, _| number(v, Style::Ru),
        Style::En => |v, _| number(v, Style::En),
    }));
    Ok(bundle)
}

fn number(value: &FluentValue<'_>, style: Style) -> Option<String> {
    match value {
        FluentValue::Number(n) => Some(group_digits(&n.as_string(), style)),
        _ => None,
    }
}
