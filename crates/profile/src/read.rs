//! Reading TOML so that every mistake of a file is found in one go and placed to the column. Deriving
//! `Deserialize` would stop at the first.
//!
//! A table is read key by key; what a reader does not take is refused by [`Node::close`].

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use kernel::{Lang, Localised};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::ProfileError;

/// Collects the mistakes of one file.
pub(crate) struct Sink<'t> {
    file: &'t str,
    text: &'t str,
    langs: &'t [Lang],
    found: RefCell<Vec<ProfileError>>,
}

impl<'t> Sink<'t> {
    /// For `file` with `text`; `langs` are the languages that every text must exist in.
    pub(crate) fn new(file: &'t str, text: &'t str, langs: &'t [Lang]) -> Self {
        Self { file, text, langs, found: RefCell::new(Vec::new()) }
    }
    /// Notes a mistake at a byte offset.
    pub(crate) fn at(&self, offset: usize, what: impl Into<String>) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let (line, column) = (narrow(line), narrow(column));
        self.found.borrow_mut().push(ProfileError {
            file: self.file.to_owned(),
            line,
            column,
            what: what.into(),
        });
    }
    /// All mistakes, in reading order.
    pub(crate) fn into_errors(self) -> Vec<ProfileError> {
        let mut all = self.found.into_inner();
        all.sort();
        all.dedup();
        all
    }
    /// Reads the file's text as TOML and hands its top table to `with`.
    pub(crate) fn document<T>(&self, with: impl FnOnce(&Node<'_>) -> Option<T>) -> Option<T> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            self.at(error.span().map_or(0, |s| s.start), error.message().replace('\n', ", "));
        }
        let node = Node::new(self, table.get_ref(), 0..0);
        let read = with(&node);
        node.close();
        read
    }
}

/// `one of `a`, `b``, for messages.
pub(crate) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|w| format!("`{w}`")).collect();
    format!("one of {}", quoted.join(", "))
}

/// A value and the place where it stands.
pub(crate) struct Value<'d> {
    sink: &'d Sink<'d>,
    value: &'d Spanned<DeValue<'d>>,
}

impl<'d> Value<'d> {
    /// Notes that something else was expected here.
    pub(crate) fn expected(&self, expected: &str, found: &str) {
        self.wrong(format!("expected {expected}, found {found}"));
    }
    /// Notes a mistake here.
    pub(crate) fn wrong(&self, what: impl Into<String>) {
        self.sink.at(self.value.span().start, what);
    }
    /// The value as TOML has it.
    pub(crate) fn raw(&self) -> &'d DeValue<'d> {
        self.value.get_ref()
    }
    /// A text, or a note that one was expected.
    pub(crate) fn text(&self) -> Option<&'d str> {
        let text = self.raw().as_str();
        if text.is_none() {
            self.expected("a text", self.kind());
        }
        text
    }
    /// What kind of value stands here, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self.raw() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a number",
            DeValue::Float(_) => "a number with decimals",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        }
    }
    /// A table, handed to `with` and closed behind it.
    pub(crate) fn table<T>(&self, with: impl FnOnce(&Node<'d>) -> Option<T>) -> Option<T> {
        let DeValue::Table(table) = self.raw() else {
            self.expected("a table", self.kind());
            return None;
        };
        let node = Node::new(self.sink, table, self.value.span());
        let read = with(&node);
        node.close();
        read
    }
    /// The languages that every text must exist in.
    pub(crate) fn langs(&self) -> &'d [Lang] {
        self.sink.langs
    }
}

/// What can be read from a value.
pub(crate) trait Read: Sized {
    /// Reads it, or notes what was expected and gives `None`.
    fn read(value: &Value<'_>) -> Option<Self>;
}

/// A table on its way to be read.
pub(crate) struct Node<'d> {
    sink: &'d Sink<'d>,
    table: &'d DeTable<'d>,
    span: Range<usize>,
    taken: RefCell<BTreeSet<String>>,
}

impl<'d> Node<'d> {
    fn new(sink: &'d Sink<'d>, table: &'d DeTable<'d>, span: Range<usize>) -> Self {
        Self { sink, table, span, taken: RefCell::new(BTreeSet::new()) }
    }
    /// The value under `key`, if any.
    pub(crate) fn value(&self, key: &str) -> Option<Value<'d>> {
        self.taken.borrow_mut().insert(key.to_owned());
        self.table.get(key).map(|value| Value { sink: self.sink, value })
    }
    /// What must be there.
    pub(crate) fn req<T: Read>(&self, key: &str) -> Option<T> {
        let value = self.value(key);
        if value.is_none() {
            self.wrong(format!("expected the key `{key}`"));
        }
        T::read(&value?)
    }
    /// What may be left out: `Some(None)` if it is, `None` if it is wrong.
    pub(crate) fn opt<T: Read>(&self, key: &str) -> Option<Option<T>> {
        match self.value(key) {
            None => Some(None),
            Some(value) => T::read(&value).map(Some),
        }
    }
    /// What may be left out and then is `default`.
    pub(crate) fn or<T: Read>(&self, key: &str, default: T) -> Option<T> {
        self.opt(key).map(|v| v.unwrap_or(default))
    }
    /// Every table of an array of tables; an absent array is empty. Wrong members are left out (and noted).
    pub(crate) fn each<T>(&self, key: &str, mut with: impl FnMut(&Node<'d>) -> Option<T>) -> Vec<T> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let DeValue::Array(items) = value.raw() else {
            value.expected("a list of tables", value.kind());
            return Vec::new();
        };
        items.iter().filter_map(|item| Value { sink: self.sink, value: item }.table(&mut with)).collect()
    }
    /// Notes a mistake of the table as a whole.
    pub(crate) fn wrong(&self, what: impl Into<String>) {
        self.sink.at(self.span.start, what);
    }
    /// Notes a mistake of the value under `key` (of the table, if it is absent).
    pub(crate) fn wrong_at(&self, key: &str, what: impl Into<String>) {
        match self.value(key) {
            Some(value) => value.wrong(what),
            None => self.wrong(what),
        }
    }
    /// Takes every key, so that none is refused: for a first look at a file that is read again.
    pub(crate) fn take_all(&self) {
        self.taken.borrow_mut().extend(self.table.keys().map(|k| k.get_ref().to_string()));
    }
    /// Notes a mistake of the `no`-th table (from 0) of the array of tables under `key`.
    pub(crate) fn wrong_item(&self, key: &str, no: usize, what: impl Into<String>) {
        let item = self.value(key).and_then(|v| v.raw().as_array()).and_then(|items| items.get(no));
        match item {
            Some(item) => self.sink.at(item.span().start, what),
            None => self.wrong_at(key, what),
        }
    }
    /// Whether the file has shown no mistake so far: what compares entries with each other waits for that,
    /// or it would report what merely follows from an earlier mistake.
    pub(crate) fn is_clean(&self) -> bool {
        self.sink.found.borrow().is_empty()
    }
    /// Refuses the keys that nobody took.
    fn close(&self) {
        let taken = self.taken.borrow();
        for key in self.table.keys().filter(|k| !taken.contains(k.get_ref().as_ref())) {
            let known: Vec<&str> = taken.iter().map(String::as_str).collect();
            self.sink.at(
                key.span().start,
                format!("unknown key `{}`, expected {}", key.get_ref(), one_of(&known)),
            );
        }
    }
}

impl Read for String {
    fn read(value: &Value<'_>) -> Option<Self> {
        let text = value.text()?;
        if text.trim().is_empty() {
            value.expected("a text", "an empty one");
            return None;
        }
        Some(text.to_owned())
    }
}

impl Read for bool {
    fn read(value: &Value<'_>) -> Option<Self> {
        let read = value.raw().as_bool();
        if read.is_none() {
            value.expected("true or false", value.kind());
        }
        read
    }
}

macro_rules! whole_number {
    ($($kind:ty),*) => {$(
        impl Read for $kind {
            fn read(value: &Value<'_>) -> Option<Self> {
                let number = value.raw().as_integer();
                let read = number.and_then(|n| Self::from_str_radix(n.as_str(), n.radix()).ok());
                if read.is_none() {
                    let found = number.map_or_else(|| value.kind().to_owned(), ToString::to_string);
                    value.expected(&format!("a whole number from {} to {}", Self::MIN, Self::MAX), &found);
                }
                read
            }
        }
    )*};
}
whole_number!(u8, u16, u32, i64);

impl<T: Read> Read for Vec<T> {
    fn read(value: &Value<'_>) -> Option<Self> {
        let DeValue::Array(items) = value.raw() else {
            value.expected("a list", value.kind());
            return None;
        };
        let read: Vec<T> =
            items.iter().filter_map(|item| T::read(&Value { sink: value.sink, value: item })).collect();
        (read.len() == items.len()).then_some(read)
    }
}

impl Read for Lang {
    fn read(value: &Value<'_>) -> Option<Self> {
        let text = value.text()?;
        let lang = Self::new(text);
        if lang.is_none() {
            value.expected("a language tag such as `kk` or `kk-Latn`", &format!("`{text}`"));
        }
        lang
    }
}

impl Read for Localised {
    fn read(value: &Value<'_>) -> Option<Self> {
        let langs = value.langs();
        value.table(|node| {
            let texts: Vec<(Lang, String)> =
                langs.iter().filter_map(|l| node.req::<String>(l.tag()).map(|t| (l.clone(), t))).collect();
            (texts.len() == langs.len()).then(|| Self::from_pairs(texts))
        })
    }
}

impl Read for jiff::civil::Date {
    fn read(value: &Value<'_>) -> Option<Self> {
        let date =
            value.raw().as_datetime().filter(|d| d.time.is_none() && d.offset.is_none()).and_then(|d| d.date);
        let read = date.and_then(|d| {
            let (month, day) = (i8::try_from(d.month).ok()?, i8::try_from(d.day).ok()?);
            Self::new(i16::try_from(d.year).ok()?, month, day).ok()
        });
        if read.is_none() {
            value.expected("a date such as 2026-11-23, without quotes", value.kind());
        }
        read
    }
}

impl Read for jiff::civil::Time {
    fn read(value: &Value<'_>) -> Option<Self> {
        let time =
            value.raw().as_datetime().filter(|d| d.date.is_none() && d.offset.is_none()).and_then(|d| d.time);
        let read =
            time.and_then(|t| Self::new(i8::try_from(t.hour).ok()?, i8::try_from(t.minute).ok()?, 0, 0).ok());
        if read.is_none() {
            value.expected("a time of day such as 09:00, without quotes", value.kind());
        }
        read
    }
}
