//! The piece of a text that shows why it was found.

use std::collections::BTreeSet;

use super::digits::joined;
use super::query::{Query, Reader};
use super::words::words;
use crate::model::{Part, Piece};
use crate::token::Form;

/// Bytes shown before the first hit.
const BEFORE: usize = 80;
/// Bytes shown at most.
const SHOWN: usize = 360;
/// Identifiers are looked for in pieces of so many bytes,
const PIECE: usize = 2_048;
/// of which each has so many of the one before it, so that none is cut in two,
const COMMON: usize = 256;
/// in so many pieces at most.
const PIECES: usize = 16;

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
    let hidden = hidden(reader, text, (from, to), &mut hits);
    cut(text, (from, to), &hits, &hidden)
}

/// Digits in a row from which on they may be a number or a code of somebody.
const NUMBER: usize = 6;

/// Numbers, accounts and links in a piece that were not looked for, with what is shown of each: whoever knows one finds it, whoever does
/// not is not told it by a list.
fn hidden(
    reader: &Reader<'_>,
    text: &str,
    (from, to): (usize, usize),
    hits: &mut Vec<(usize, usize)>,
) -> Vec<(usize, usize, String)> {
    // One that the end of the piece would cut is read whole.
    let wide = (floor(text, from.saturating_sub(COMMON)), floor(text, to.saturating_add(COMMON)));
    let mut all: Vec<(usize, usize, String)> = Vec::new();
    for found in identifier::extract(text.get(wide.0..wide.1).unwrap_or_default(), &reader.options) {
        let (start, end) = (wide.0.saturating_add(found.start), wide.0.saturating_add(found.end));
        let shown = identifier::mask(found.kind, &found.canonical);
        let touched = hits.iter().any(|(a, b)| start < *b && *a < end);
        // A link is found by a word of its site, and is marked without what it carries.
        if touched && found.kind == identifier::Kind::Url && shown.contains('…') {
            hits.retain(|(a, b)| end <= *a || *b <= start);
            hits.push((start, end));
        } else if touched {
            continue;
        }
        all.push((start, end, shown));
    }
    hits.sort_unstable();
    let free = |start: usize, end: usize| hits.iter().all(|(a, b)| end <= *a || *b <= start);
    for (start, end, run) in digits(text, wide) {
        if run >= NUMBER && free(start, end) && all.iter().all(|(a, b, _)| end <= *a || *b <= start) {
            all.push((start, end, "…".to_owned()));
        }
    }
    all.sort_unstable();
    all
}

/// Rows of digits: from where to where, and how many.
fn digits(text: &str, (from, to): (usize, usize)) -> Vec<(usize, usize, usize)> {
    let mut all: Vec<(usize, usize, usize)> = Vec::new();
    for (at, c) in text.get(from..to).unwrap_or_default().char_indices().filter(|(_, c)| c.is_numeric()) {
        let (start, end) = (from.saturating_add(at), from.saturating_add(at).saturating_add(c.len_utf8()));
        match all.last_mut().filter(|last| last.1 == start) {
            Some(last) => (last.1, last.2) = (end, last.2.saturating_add(1)),
            None => all.push((start, end, 1)),
        }
    }
    all
}

/// Where the text says what was looked for, as far as it can be shown in one piece. Reading identifiers out of a text takes long, so they
/// are read only around the first word that was looked for, or where there is none, in no more of the text than so much.
fn hits(reader: &Reader<'_>, wanted: &BTreeSet<u64>, text: &str) -> Vec<(usize, usize)> {
    let mut all = spoken(reader, wanted, text);
    let around = all.first().map(|(start, _)| {
        let from = floor(text, start.saturating_sub(COMMON));
        (from, floor(text, start.saturating_add(SHOWN).saturating_add(COMMON)))
    });
    let pieces = (0..PIECES).map(|n| {
        let from = n.saturating_mul(PIECE.saturating_sub(COMMON));
        (floor(text, from), floor(text, from.saturating_add(PIECE)))
    });
    let named = match around {
        Some(piece) => named(reader, wanted, text, piece),
        None => pieces
            .take_while(|(from, to)| from < to)
            .map(|piece| named(reader, wanted, text, piece))
            .find(|named| !named.is_empty())
            .unwrap_or_default(),
    };
    for (start, end) in named {
        all.retain(|(a, b)| end <= *a || *b <= start);
        all.push((start, end));
    }
    all.sort_unstable();
    all
}

/// The end of a sign not behind a place.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

/// The words that were looked for, and sums.
fn spoken(reader: &Reader<'_>, wanted: &BTreeSet<u64>, text: &str) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> = Vec::new();
    for (start, end, run) in joined(text) {
        if wanted.contains(&reader.key.token(Form::Word(&run))) && all.last().is_none_or(|l| l.1 <= start) {
            all.push((start, end));
        }
    }
    let mut first = all.first().map_or(usize::MAX, |(start, _)| *start);
    let mut tokens = Vec::new();
    for word in words(text) {
        // What lies farther away is not shown.
        if word.start > first.saturating_add(SHOWN) {
            break;
        }
        if all.iter().any(|(a, b)| word.start < *b && *a < word.end) {
            continue;
        }
        tokens.clear();
        let written = text.get(word.start..word.end).unwrap_or_default();
        reader.tokens(&Part::Name(written.to_owned()), &mut tokens);
        if tokens.iter().any(|t| wanted.contains(t)) {
            first = first.min(word.start);
            all.push((word.start, word.end));
        }
    }
    all.sort_unstable();
    all
}

/// The identifiers of a piece that were looked for.
fn named(
    reader: &Reader<'_>,
    wanted: &BTreeSet<u64>,
    text: &str,
    (from, to): (usize, usize),
) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    let mut tokens = Vec::new();
    for found in identifier::extract(text.get(from..to).unwrap_or_default(), &reader.options) {
        tokens.clear();
        reader.tokens(&Part::Thing(found.kind, found.canonical.clone()), &mut tokens);
        if tokens.iter().any(|t| wanted.contains(t)) {
            all.push((from.saturating_add(found.start), from.saturating_add(found.end)));
        }
    }
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

fn cut(
    text: &str,
    (from, to): (usize, usize),
    hits: &[(usize, usize)],
    hidden: &[(usize, usize, String)],
) -> Vec<Piece> {
    let mut all = Vec::new();
    // A number at an edge is hidden as a whole.
    let words = |start: usize, end: usize| {
        let (mut words, mut at) = (String::new(), start);
        for (a, b, shown) in hidden.iter().filter(|(a, b, _)| *a < end && start < *b) {
            words.push_str(text.get(at..(*a).max(at)).unwrap_or_default());
            words.push_str(shown);
            at = (*b).min(end).max(at);
        }
        words.push_str(text.get(at..end).unwrap_or_default());
        words
    };
    let mut add = |text: String, hit: bool| {
        if !text.is_empty() {
            all.push(Piece { text, hit });
        }
    };
    let mut at = from;
    for (start, end) in hits.iter().filter(|(start, end)| *start >= from && *end <= to) {
        add(words(at, *start), false);
        add(words(*start, *end), true);
        at = *end;
    }
    add(words(at, to), false);
    let more = |text: &str| Piece { text: text.to_owned(), hit: false };
    if from > 0 {
        all.insert(0, more("… "));
    }
    if to < text.len() {
        all.push(more(" …"));
    }
    all
}
