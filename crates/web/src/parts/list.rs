//! Tables of the desk: sorting and filters live in the address, so that a view can be sent and kept.

use askama::Template;

use crate::ctx::Ctx;
use crate::markup::{Markup, escape};

/// The order of a table, as it stands in the address: `time` upwards, `-time` downwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// Name of the column.
    pub column: String,
    /// From large to small.
    pub descending: bool,
}

impl Sort {
    /// From the address; `allowed` are the names a table can be sorted by, `default` is written like the
    /// address.
    #[must_use]
    pub fn read(text: Option<&str>, allowed: &[&str], default: &str) -> Self {
        let parse = |t: &str| {
            let (column, descending) = t.strip_prefix('-').map_or((t, false), |c| (c, true));
            Self { column: column.to_owned(), descending }
        };
        text.map(parse).filter(|s| allowed.contains(&s.column.as_str())).unwrap_or_else(|| parse(default))
    }

    /// The head of a column that can be sorted by: link and `aria-sort`. `key` names the column's words.
    #[must_use]
    pub fn head(&self, ctx: &Ctx, column: &str, key: &str) -> Markup {
        self.build(ctx, column, key, "")
    }

    /// The same over figures, which stand to the right.
    #[must_use]
    pub fn head_number(&self, ctx: &Ctx, column: &str, key: &str) -> Markup {
        self.build(ctx, column, key, " class=\"number\"")
    }

    /// The same where what is sorted stands in no table: a link alone.
    #[must_use]
    pub fn link(&self, ctx: &Ctx, column: &str, key: &str) -> Markup {
        let here = self.column == column;
        let current = if here { " aria-current=\"true\"" } else { "" };
        Markup::trusted(format!("<a{current} {}</a>", self.inside(ctx, column, key)))
    }

    fn build(&self, ctx: &Ctx, column: &str, key: &str, class: &str) -> Markup {
        let here = self.column == column;
        let aria = match (here, self.descending) {
            (false, _) => "",
            (true, false) => " aria-sort=\"ascending\"",
            (true, true) => " aria-sort=\"descending\"",
        };
        Markup::trusted(format!(
            "<th scope=\"col\"{class}{aria}><a {}</a></th>",
            self.inside(ctx, column, key)
        ))
    }

    /// The address, the words and the arrow of a link, from its attributes on.
    fn inside(&self, ctx: &Ctx, column: &str, key: &str) -> String {
        let here = self.column == column;
        let next = if here && !self.descending { format!("-{column}") } else { column.to_owned() };
        let href = escape(&ctx.path_with(&[("sort", &next), ("page", "")]));
        let words = escape(&ctx.t(key));
        let icon = if here {
            ctx.icon(if self.descending { "down" } else { "up" }).to_string()
        } else {
            String::new()
        };
        format!("href=\"{href}\">{words}{icon}")
    }
}

impl Ctx {
    /// The address of this page with some query parameters set anew; an empty value removes one.
    #[must_use]
    pub fn path_with(&self, set: &[(&str, &str)]) -> String {
        let (path, query) = self.path().split_once('?').unwrap_or((self.path(), ""));
        let kept = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .filter(|pair| !set.iter().any(|(name, _)| pair.split('=').next() == Some(*name)));
        let mut pairs: Vec<String> = kept.map(str::to_owned).collect();
        pairs.extend(set.iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| format!("{n}={}", encode(v))));
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
    }
}

/// Percent-encoding of one value of a query (RFC 3986: all but unreserved signs).
#[must_use]
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

/// A ready filter: pressing it writes its text into the filter field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// Key of its words.
    pub key: &'static str,
    /// The filter's text, `kind:report -assigned`.
    pub filter: String,
}

struct ChipView {
    words: String,
    href: String,
    on: bool,
}

/// The filter bar over a table: one text field, and chips that write the same text. A GET form; `/` goes there.
#[derive(Template)]
#[template(path = "_filter.html")]
pub struct FilterBar {
    action: String,
    hidden: Vec<(String, String)>,
    filter: String,
    chips: Vec<ChipView>,
    label: String,
    apply: String,
    clear: String,
    clear_words: String,
    count: String,
}
super::printable!(FilterBar);

impl std::fmt::Debug for FilterBar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FilterBar").field("filter", &self.filter).finish_non_exhaustive()
    }
}

impl FilterBar {
    /// `filter` is the text in force (parameter `q`), `count` the exact number of rows it leaves.
    #[must_use]
    pub fn new(ctx: &Ctx, filter: &str, chips: &[Chip], count: i64) -> Self {
        let path = ctx.path().split('?').next().unwrap_or_default().to_owned();
        let sort = ctx.path().split(['?', '&']).find_map(|p| p.strip_prefix("sort=")).unwrap_or_default();
        let sort: String =
            sort.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
        let chips = chips.iter().map(|c| {
            let on = c.filter == filter;
            let next = if on { "" } else { c.filter.as_str() };
            ChipView { words: ctx.t(c.key), href: ctx.path_with(&[("q", next), ("page", "")]), on }
        });
        Self {
            action: path,
            hidden: if sort.is_empty() { Vec::new() } else { vec![("sort".to_owned(), sort)] },
            filter: filter.to_owned(),
            chips: chips.collect(),
            label: ctx.t("filter-label"),
            apply: ctx.t("filter-apply"),
            clear: if filter.is_empty() { String::new() } else { ctx.path_with(&[("q", ""), ("page", "")]) },
            clear_words: ctx.t("filter-clear"),
            count: ctx.ta("filter-count", [("n", count)]),
        }
    }
}

/// An act on all ticked rows: the value of the button `act` and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkAct {
    /// Value of the button.
    pub value: &'static str,
    /// Key of its words.
    pub key: &'static str,
}

/// The bar under a table whose rows have boxes named `id`. It stands inside the table's form; without scripts it
/// is always there, with them it appears with the first tick.
#[derive(Debug, Clone, Template)]
#[template(path = "_bulk.html")]
pub struct BulkBar {
    acts: Vec<(&'static str, String, &'static str)>,
    count: String,
    clear: String,
    label: String,
}
super::printable!(BulkBar);

impl BulkBar {
    /// With its acts.
    #[must_use]
    pub fn new(ctx: &Ctx, acts: &[BulkAct]) -> Self {
        Self {
            acts: acts.iter().map(|a| (a.value, ctx.t(a.key), "")).collect(),
            count: ctx.ta("bulk-count", [("n", "{}")]),
            clear: ctx.t("bulk-clear"),
            label: ctx.t("bulk-label"),
        }
    }
    /// With the letter that presses the button `value` while rows are ticked.
    #[must_use]
    pub fn letter(mut self, value: &str, letter: &'static str) -> Self {
        for act in self.acts.iter_mut().filter(|(own, ..)| *own == value) {
            act.2 = letter;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Timestamp;

    #[test]
    fn order_from_the_address() {
        let allowed = ["time", "loss"];
        assert_eq!(
            Sort::read(Some("-loss"), &allowed, "time"),
            Sort { column: "loss".into(), descending: true }
        );
        assert_eq!(
            Sort::read(Some("evil"), &allowed, "-time"),
            Sort { column: "time".into(), descending: true }
        );
    }

    #[test]
    fn addresses_keep_what_is_not_set() {
        let ctx = Ctx::fixed(kernel::Lang::EN, Timestamp::default());
        assert_eq!(ctx.path_with(&[("sort", "-loss")]), "/?sort=-loss");
        assert_eq!(ctx.path_with(&[("q", "loss:>100 ә&b")]), "/?q=loss%3A%3E100%20%D3%99%26b");
        assert_eq!(ctx.path_with(&[("q", "")]), "/");
    }
}
