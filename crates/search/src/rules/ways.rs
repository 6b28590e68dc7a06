//! In which ways what was typed is read, one after the other until something is found.

use super::digits::Join;
use super::layout;
use super::query::{Look, Query, Reader};
use crate::model::How;

/// One way to read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// The words.
    pub query: Query,
    /// Whether slips are forgiven.
    pub near: bool,
    /// Whether one of the words is enough.
    pub any: bool,
    /// What is told to whoever typed.
    pub how: How,
}

impl Way {
    /// For each word the forms of which one must be there.
    #[must_use]
    pub fn words(&self) -> Vec<Vec<Look>> {
        let forms = |exact: &[Look], near: &[Look]| exact.iter().chain(near).copied().collect();
        self.query.terms.iter().map(|t| forms(&t.exact, if self.near { &t.near } else { &[] })).collect()
    }
}

/// As typed, on another keyboard, with slips, and last by some of the words.
#[must_use]
pub fn ways(reader: &Reader<'_>, text: &str) -> Vec<Way> {
    let typed = reader.read(text);
    let others: Vec<(How, Query)> =
        layout::readings(text).into_iter().map(|t| (How::Layout(t.clone()), reader.read(&t))).collect();
    let way = |query: &Query, near: bool, any: bool, how: How| Way { query: query.clone(), near, any, how };
    let mut all = vec![way(&typed, false, false, How::Typed)];
    // Digits with blanks between them may be several numbers or one.
    for join in [Join::Apart, Join::All] {
        let other = way(&reader.read_with(text, join), false, false, How::Typed);
        if !all.contains(&other) {
            all.push(other);
        }
    }
    all.extend(others.iter().map(|(how, query)| way(query, false, false, how.clone())));
    all.push(way(&typed, true, false, How::Near));
    all.extend(others.iter().map(|(how, query)| way(query, true, false, how.clone())));
    if typed.terms.len() > 1 {
        all.push(way(&typed, false, true, How::Some));
    }
    all.retain(|way| !way.query.terms.is_empty());
    all
}
