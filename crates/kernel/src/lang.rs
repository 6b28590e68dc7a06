//! Languages by BCP 47 tag, and texts that exist in several of them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A language of the interface or of a text, by its BCP 47 tag (`kk`, `kk-Latn`, `ru`, `en`, …).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lang(Cow<'static, str>);

impl Lang {
    /// Kazakh.
    pub const KK: Self = Self(Cow::Borrowed("kk"));
    /// Russian.
    pub const RU: Self = Self(Cow::Borrowed("ru"));
    /// English.
    pub const EN: Self = Self(Cow::Borrowed("en"));

    /// A tag of letters, digits and hyphens, 2 to 35 long; `None` otherwise.
    #[must_use]
    pub fn new(tag: &str) -> Option<Self> {
        let ok = (2..=35).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        ok.then(|| Self(Cow::Owned(tag.to_owned())))
    }
    /// The tag.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One text in several languages: which was the source, and whether the others are official.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Localised(BTreeMap<Lang, String>);

impl Localised {
    /// From pairs of language and text.
    pub fn from_pairs<T: Into<String>>(pairs: impl IntoIterator<Item = (Lang, T)>) -> Self {
        Self(pairs.into_iter().map(|(l, t)| (l, t.into())).collect())
    }
    /// The text in `lang`, else in the first language that exists, else empty.
    #[must_use]
    pub fn get(&self, lang: &Lang) -> &str {
        self.0.get(lang).or_else(|| self.0.values().next()).map_or("", String::as_str)
    }
    /// Whether there is a text in exactly this language.
    #[must_use]
    pub fn has(&self, lang: &Lang) -> bool {
        self.0.contains_key(lang)
    }
    /// All languages it exists in.
    pub fn langs(&self) -> impl Iterator<Item = &Lang> {
        self.0.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn falls_back_rather_than_shows_nothing() {
        let t = Localised::from_pairs([(Lang::KK, "арыз"), (Lang::RU, "заявление")]);
        assert_eq!(t.get(&Lang::RU), "заявление");
        assert_eq!(t.get(&Lang::EN), "арыз");
        assert!(!t.has(&Lang::EN));
    }

    proptest! {
        #[test]
        fn tags_are_safe_in_headers_and_html(tag in ".{0,40}") {
            if let Some(lang) = Lang::new(&tag) {
                prop_assert!(lang.tag().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
            }
        }
    }
}
