//! A question with its label, hint and error. No placeholders, no masks, no rewriting while typing; what was
//! typed comes back as it was, good or bad.

use askama::Template;

use crate::ctx::Ctx;
use crate::markup::Markup;
use crate::parts::errors::FieldError;

/// One answer of several.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the reader sees.
    pub words: String,
    /// A sentence under it, or empty.
    pub hint: String,
}

impl Choice {
    /// With words only.
    #[must_use]
    pub fn new(value: &str, words: impl Into<String>) -> Self {
        Self { value: value.to_owned(), words: words.into(), hint: String::new() }
    }
    /// With a sentence under the words.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// How the answer is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Control {
    /// One line; the HTML type (`text`, `password`, `tel`, `email`).
    Line(&'static str),
    /// Several lines.
    Area(u8),
    Select(Vec<Choice>),
    Radios(Vec<Choice>),
    Checks(Vec<Choice>),
    File {
        accept: String,
        multiple: bool,
    },
}

/// A question. Made by [`Field::text`] and its sisters, filled by the builder methods, printed by
/// `{{ field }}`.
#[derive(Debug, Clone, Template)]
#[template(path = "_field.html")]
pub struct Field {
    name: String,
    label: String,
    hint: String,
    error: String,
    values: Vec<String>,
    control: Control,
    optional: bool,
    autocomplete: &'static str,
    inputmode: &'static str,
    /// Width in letters: 4, 10, 20 or 0 for full.
    width: u8,
    readback: String,
    digits: bool,
    heading: bool,
    error_prefix: String,
    error_icon: Markup,
    optional_words: String,
    select_words: String,
}
super::printable!(Field);

impl Field {
    /// `key` is a message of the catalogue whose attributes are `.label`, `.hint` (may be absent) and the
    /// errors.
    fn new(ctx: &Ctx, name: &str, key: &str, control: Control) -> Self {
        let hint_key = format!("{key}.hint");
        Self {
            name: name.to_owned(),
            label: ctx.t(&format!("{key}.label")),
            hint: if ctx.has_text(&hint_key) { ctx.t(&hint_key) } else { String::new() },
            error: String::new(),
            values: Vec::new(),
            control,
            optional: false,
            autocomplete: "",
            inputmode: "",
            width: 0,
            readback: String::new(),
            digits: false,
            heading: false,
            error_prefix: ctx.t("error-prefix"),
            error_icon: ctx.icon("warning"),
            optional_words: ctx.t("field-optional"),
            select_words: ctx.t("field-select"),
        }
    }
    /// One line of text.
    #[must_use]
    pub fn text(ctx: &Ctx, name: &str, key: &str) -> Self {
        Self::new(ctx, name, key, Control::Line("text"))
    }
    /// A phone number: telephone keys on phones, digits by physical key.
    #[must_use]
    pub fn phone(ctx: &Ctx, name: &str, key: &str) -> Self {
        Self { digits: true, ..Self::new(ctx, name, key, Control::Line("tel")) }
            .autocomplete("tel")
            .inputmode("tel")
            .width(20)
    }
    /// Money: spaces, comma and point are accepted by [`kernel::Money::parse`]; read back while typing where
    /// scripts run. `currency` is the sign shown behind the sum.
    #[must_use]
    pub fn amount(ctx: &Ctx, name: &str, key: &str, currency: &str) -> Self {
        Self {
            readback: currency.to_owned(),
            digits: true,
            ..Self::new(ctx, name, key, Control::Line("text"))
        }
        .inputmode("decimal")
        .width(20)
    }
    /// A short code of digits (receipt, second factor).
    #[must_use]
    pub fn code(ctx: &Ctx, name: &str, key: &str) -> Self {
        Self { digits: true, ..Self::new(ctx, name, key, Control::Line("text")) }
            .inputmode("numeric")
            .width(20)
    }
    /// A password with a show button where scripts run.
    #[must_use]
    pub fn password(ctx: &Ctx, name: &str, key: &str) -> Self {
        Self::new(ctx, name, key, Control::Line("password")).autocomplete("current-password")
    }
    /// Several lines of text.
    #[must_use]
    pub fn area(ctx: &Ctx, name: &str, key: &str, rows: u8) -> Self {
        Self::new(ctx, name, key, Control::Area(rows))
    }
    /// One of many, as a list.
    #[must_use]
    pub fn select(ctx: &Ctx, name: &str, key: &str, choices: Vec<Choice>) -> Self {
        Self::new(ctx, name, key, Control::Select(choices))
    }
    /// One of few.
    #[must_use]
    pub fn radios(ctx: &Ctx, name: &str, key: &str, choices: Vec<Choice>) -> Self {
        Self::new(ctx, name, key, Control::Radios(choices))
    }
    /// Any of few.
    #[must_use]
    pub fn checks(ctx: &Ctx, name: &str, key: &str, choices: Vec<Choice>) -> Self {
        Self::new(ctx, name, key, Control::Checks(choices))
    }
    /// Files; `accept` as in HTML (`image/*,.pdf`), empty for any.
    #[must_use]
    pub fn file(ctx: &Ctx, name: &str, key: &str, accept: &str, multiple: bool) -> Self {
        Self::new(ctx, name, key, Control::File { accept: accept.to_owned(), multiple })
    }

    /// What was answered before.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.values = vec![value.into()];
        self
    }
    /// What was ticked before.
    #[must_use]
    pub fn values<T: Into<String>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.values = values.into_iter().map(Into::into).collect();
        self
    }
    /// The error among `errors` that names this field.
    #[must_use]
    pub fn errors(mut self, errors: &[FieldError]) -> Self {
        if let Some(own) = errors.iter().find(|e| e.field == self.name) {
            self.error.clone_from(&own.text);
        }
        self
    }
    /// May stay empty; says so in words.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
    /// HTML `autocomplete` (WCAG 1.3.5).
    #[must_use]
    pub const fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = what;
        self
    }
    /// HTML `inputmode`.
    #[must_use]
    pub const fn inputmode(mut self, what: &'static str) -> Self {
        self.inputmode = what;
        self
    }
    /// Width in letters: 4, 10 or 20; anything else is full width.
    #[must_use]
    pub const fn width(mut self, letters: u8) -> Self {
        self.width = letters;
        self
    }
    /// The label is the page's heading: the one question of a portal page.
    #[must_use]
    pub const fn heading(mut self) -> Self {
        self.heading = true;
        self
    }
    /// Another hint than the catalogue's.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    fn first(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }
    fn chosen(&self, value: &str) -> bool {
        self.values.iter().any(|v| v == value)
    }
    /// The ids of hint and error for `aria-describedby`; empty for none.
    fn described(&self) -> String {
        let mut ids = Vec::new();
        if !self.hint.is_empty() {
            ids.push(format!("f-{}-hint", self.name));
        }
        if !self.error.is_empty() {
            ids.push(format!("f-{}-error", self.name));
        }
        ids.join(" ")
    }
    fn width_class(&self) -> &'static str {
        match self.width {
            4 => "w-4",
            10 => "w-10",
            20 => "w-20",
            _ => "w-full",
        }
    }
    /// The id of choice number `index`; the first has the field's own, where the error summary leads.
    fn choice_id(&self, index: &usize) -> String {
        if *index == 0 { format!("f-{}", self.name) } else { format!("f-{}-{index}", self.name) }
    }
    fn grouped(&self) -> bool {
        matches!(self.control, Control::Radios(_) | Control::Checks(_))
    }
}
