//! Status tags, empty states, callouts.

use askama::Template;

use crate::ctx::Ctx;
use crate::markup::Markup;

/// A colour with a meaning. It only repeats what the words say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Neutral.
    Grey,
    /// Work in hand.
    Blue,
    /// Done.
    Green,
    /// Soon.
    Amber,
    /// Late or failed, nothing else.
    Red,
}

impl Tone {
    /// Its name in style sheets.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Grey => "grey",
            Self::Blue => "blue",
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }
}

/// A status in one or two words.
#[derive(Debug, Clone, Template)]
#[template(path = "_status.html")]
pub struct Status {
    words: String,
    tone: &'static str,
}
super::printable!(Status);

impl Status {
    /// The text of `key` on a tint.
    #[must_use]
    pub fn new(ctx: &Ctx, key: &str, tone: Tone) -> Self {
        Self { words: ctx.t(key), tone: tone.name() }
    }
}

/// Why there is nothing here and what makes it otherwise.
#[derive(Debug, Clone, Template)]
#[template(path = "_empty.html")]
pub struct Empty {
    title: String,
    text: String,
    action: Option<Markup>,
}
super::printable!(Empty);

impl Empty {
    /// `key` has the attributes `.title` and `.text`; shared ones: `empty-first`, `empty-filter`,
    /// `empty-nothing-due`.
    #[must_use]
    pub fn new(ctx: &Ctx, key: &str) -> Self {
        Self { title: ctx.t(&format!("{key}.title")), text: ctx.t(&format!("{key}.text")), action: None }
    }
    /// With a link that helps ("clear the filter").
    #[must_use]
    pub fn action(mut self, href: &str, words: &str) -> Self {
        self.action = Some(Markup::link(href, words));
        self
    }
}

/// A framed sentence that matters more than the text around it: one a page at most.
#[derive(Debug, Clone, Template)]
#[template(path = "_callout.html")]
pub struct Callout {
    tone: &'static str,
    icon: Markup,
    title: String,
    text: Markup,
}
super::printable!(Callout);

impl Callout {
    /// With a title (may be empty) and text.
    #[must_use]
    pub fn new(ctx: &Ctx, tone: Tone, title: &str, text: Markup) -> Self {
        let icon = ctx.icon(match tone {
            Tone::Amber | Tone::Red => "warning",
            Tone::Green => "tick",
            Tone::Grey | Tone::Blue => "info",
        });
        Self { tone: tone.name(), icon, title: title.to_owned(), text }
    }
}
