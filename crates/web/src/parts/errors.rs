//! What is wrong with what was typed: beside the field and, all together, on top of the page.

use askama::Template;

use crate::ctx::Ctx;
use crate::texts::Arg;

/// One field that cannot be taken, with what to do about it in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name in the form or body.
    pub field: String,
    /// Stable code for machines: the text's key.
    pub code: String,
    /// What to do, in the reader's language.
    pub text: String,
}

impl FieldError {
    /// With the text of `key`, usually an attribute beside the field's label: `report-amount.missing`.
    #[must_use]
    pub fn new(ctx: &Ctx, field: &str, key: &str) -> Self {
        Self { field: field.to_owned(), code: key.to_owned(), text: ctx.t(key) }
    }
    /// The same with values in the text.
    #[must_use]
    pub fn with<'a, A: Into<Arg> + Clone + 'a>(
        ctx: &Ctx,
        field: &str,
        key: &str,
        args: impl AsRef<[(&'a str, A)]>,
    ) -> Self {
        Self { field: field.to_owned(), code: key.to_owned(), text: ctx.ta(key, args) }
    }
}

/// The list on top of a form that came back. Prints nothing where nothing is wrong.
#[derive(Debug, Clone, Template)]
#[template(path = "_error_summary.html")]
pub struct ErrorSummary {
    title: String,
    errors: Vec<FieldError>,
}
super::printable!(ErrorSummary);

impl ErrorSummary {
    /// Of `errors`, in the order of the fields on the page.
    #[must_use]
    pub fn new(ctx: &Ctx, errors: &[FieldError]) -> Self {
        Self { title: ctx.t("error-summary"), errors: errors.to_vec() }
    }
}

impl Ctx {
    /// The page's title, with "Error:" before it where the form came back.
    #[must_use]
    pub fn title(&self, title: &str, errors: &[FieldError]) -> String {
        if errors.is_empty() { title.to_owned() } else { format!("{} {title}", self.t("error-prefix")) }
    }
}
