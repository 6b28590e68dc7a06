//! Two texts of a basis, field by field, the old beside the new; what changed is marked word by word.

use ::web::{Ctx, Lang};
use askama::Template;
use profile::BasisRecord;

use super::words;
use crate::compare::{Change, Piece, changes, differ};

/// A piece of a side: words of one line.
struct Part {
    text: String,
    kept: bool,
    /// Whether a new line begins before it.
    line: bool,
}

struct Row {
    field: String,
    lang: Option<Lang>,
    old: Vec<Part>,
    new: Vec<Part>,
}

/// A table of what changed. Prints nothing where nothing did.
#[derive(Template)]
#[template(path = "_law_comparison.html")]
pub(crate) struct Comparison {
    ctx: Ctx,
    rows: Vec<Row>,
    label: String,
    old: String,
    new: String,
}
impl askama::filters::HtmlSafe for Comparison {}

impl Comparison {
    /// Of `old` and `new`; `label` names the table, `heads` the two sides.
    pub(crate) fn new(
        ctx: &Ctx,
        (old, new): (&BasisRecord, &BasisRecord),
        label: &str,
        heads: (String, String),
    ) -> Self {
        // Of a text in several languages the reader's own comes first.
        let mut found = changes(old, new);
        found.sort_by_key(|c| (c.field, c.lang.as_ref().is_some_and(|l| l != ctx.lang())));
        Self {
            rows: found.iter().map(|c| row(ctx, c, old, new)).collect(),
            label: label.to_owned(),
            old: heads.0,
            new: heads.1,
            ctx: ctx.clone(),
        }
    }

    /// How many fields differ.
    pub(crate) const fn len(&self) -> usize {
        self.rows.len()
    }
}

fn row(ctx: &Ctx, change: &Change, old: &BasisRecord, new: &BasisRecord) -> Row {
    let lang = change.lang.clone().unwrap_or_else(|| ctx.lang().clone());
    let said = |record| words::value(ctx, record, change.field, &lang);
    let (before, after) = (said(old), said(new));
    // A text is compared word by word, everything else line by line.
    let text = change.lang.is_some();
    let parts = |lines: Vec<String>| -> Vec<String> {
        if text {
            lines.iter().flat_map(|l| l.split_whitespace()).map(str::to_owned).collect()
        } else {
            lines
        }
    };
    let (a, b) = differ(&parts(before), &parts(after));
    let side = |pieces: Vec<Piece>| if text { running(pieces) } else { lines(pieces) };
    Row {
        field: words::field(ctx, change.field, change.lang.as_ref()),
        lang: change.lang.clone(),
        old: side(a),
        new: side(b),
    }
}

fn running(pieces: Vec<Piece>) -> Vec<Part> {
    pieces.into_iter().map(|p| Part { text: p.parts.join(" "), kept: p.kept, line: false }).collect()
}

fn lines(pieces: Vec<Piece>) -> Vec<Part> {
    let all = pieces.into_iter().flat_map(|p| p.parts.into_iter().map(move |text| (text, p.kept)));
    all.enumerate().map(|(no, (text, kept))| Part { text, kept, line: no > 0 }).collect()
}
