//! The piece of a text that shows why it was found.

use std::collections::BTreeSet;

use super::query::{Query, Reader};
use super::words::words;
use crate::model::{Part, Piece};

/// Bytes shown before the first hit.
const BEFORE: usize = 80;
/// Bytes shown at most.
const SHOWN: usize = 360;

/// The piece of a text around the first place that was looked for, with all such places marked; the beginning where there is none.
#[must_use]
pub fn snippet(reader: &Reader<'_>, query: &Query, text: &str) -> Vec<Piece> {
    let exact: BTreeSet<u64> = query.terms.iter().flat_map(|t| &t.exact).map(|l| l.token).collect();
    let near: BTreeSet<u64> =
        query.terms.iter().flat_map(|t| t.exact.iter().chain(&t.near)).map(|l| l.token).collect();
    let mut hits = hits(reader, &exact, text);
    if hits.is_empty() {
        hits = self::hits(reader, &near, text);
    }
    let from = hits.first().map_or(0, |(start, _)| begin(text, *start));
    let to = end(text, from);
    cut(text, from, to, &hits)
}

/// Where the text says what was looked for.
fn hits(reader: &Reader<'_>, wanted: &BTreeSet<u64>, text: &str) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> = Vec::new();
    let mut tokens = Vec::new();
    for word in words(text) {
        tokens.clear();
        let written = text.get(word.start..word.end).unwrap_or_default();
        reader.tokens(&Part::Name(written.to_owned()), &mut tokens);
        if tokens.iter().any(|t| wanted.contains(t)) {
            all.push((word.start, word.end));
        }
    }
    for found in identifier::extract(text, &reader.options) {
        tokens.clear();
        reader.tokens(&Part::Thing(found.kind, found.canonical.clone()), &mut tokens);
        if tokens.iter().any(|t| wanted.contains(t)) {
            all.retain(|(a, b)| found.end <= *a || *b <= found.start);
            all.push((found.start, found.end));
        }
    }
    all.sort_unstable();
    all
}

/// The beginning of a word not far before a place.
fn begin(text: &str, at: usize) -> usize {
    let earliest = at.saturating_sub(BEFORE);
    if earliest == 0 {
        return 0;
    }
    let blanks = text.char_indices().filter(|(i, c)| *i >= earliest && *i < at && c.is_whitespace());
    blanks.map(|(i, c)| i.saturating_add(c.len_utf8())).next().unwrap_or(at)
}

/// The end of a word within what is shown.
fn end(text: &str, from: usize) -> usize {
    let latest = from.saturating_add(SHOWN);
    if text.len() <= latest {
        return text.len();
    }
    let blanks = text.char_indices().filter(|(i, c)| *i > from && *i <= latest && c.is_whitespace());
    blanks.map(|(i, _)| i).next_back().unwrap_or_else(|| {
        text.char_indices().map(|(i, _)| i).take_while(|i| *i <= latest).last().unwrap_or(text.len())
    })
}

fn cut(text: &str, from: usize, to: usize, hits: &[(usize, usize)]) -> Vec<Piece> {
    let mut all = Vec::new();
    let mut add = |start: usize, end: usize, hit: bool| {
        let text = text.get(start..end).unwrap_or_default();
        if !text.is_empty() {
            all.push(Piece { text: text.to_owned(), hit });
        }
    };
    let mut at = from;
    for (start, end) in hits.iter().filter(|(start, end)| *start >= from && *end <= to) {
        add(at, *start, false);
        add(*start, *end, true);
        at = *end;
    }
    add(at, to, false);
    let more = |text: &str| Piece { text: text.to_owned(), hit: false };
    if from > 0 {
        all.insert(0, more("… "));
    }
    if to < text.len() {
        all.push(more(" …"));
    }
    all
}
