//! What is looked up, as the index takes it.

use tantivy::Term;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, Occur, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use uuid::Uuid;

use super::{Codes, Fields};
use crate::rules::query::Look;

/// What is looked up.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// For each word the forms of which one must be there.
    pub words: Vec<Vec<Look>>,
    /// Whether one of the words is enough.
    pub any: bool,
    /// Documents of these alone exist for whoever asks.
    pub scopes: Vec<u64>,
    /// What the list is narrowed to.
    pub filters: Filters,
    /// Moments since which documents are counted, microseconds, the latest first.
    pub since: Vec<i64>,
    /// The newest first, not the best.
    pub newest: bool,
    /// Of what is found, those from this on.
    pub from: usize,
    /// And so many.
    pub limit: usize,
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filters {
    /// Code of a kind.
    pub kind: Option<u8>,
    /// Code of a region.
    pub region: Option<u8>,
    /// Code of a state, with its kind.
    pub state: Option<(u8, u8)>,
    /// Since this moment, microseconds.
    pub since: Option<i64>,
}

/// Something that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// How well it fits; compares among hits of one question.
    pub score: u32,
    /// When it came, microseconds.
    pub at: i64,
    /// Which thing.
    pub id: Uuid,
    /// Code of its kind.
    pub kind: u8,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// How many, without the filters.
    pub all: u64,
    /// How many with them.
    pub total: u64,
    /// How many of each kind, by code, with the other filters.
    pub kinds: Vec<u64>,
    /// Of each region.
    pub regions: Vec<u64>,
    /// Of each kind and state.
    pub states: Vec<(Codes, u64)>,
    /// Since each moment that was asked for.
    pub since: Vec<u64>,
    /// One page.
    pub hits: Vec<Hit>,
}

fn term(field: Field, value: u64) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_u64(field, value), IndexRecordOption::Basic))
}

/// A word: the best of its forms counts.
fn word(fields: &Fields, forms: &[Look]) -> Box<dyn Query> {
    let mut all: Vec<Box<dyn Query>> = forms
        .iter()
        .map(|look| -> Box<dyn Query> {
            Box::new(BoostQuery::new(term(fields.token, look.token), look.weight))
        })
        .collect();
    match all.len() {
        1 => all.remove(0),
        _ => Box::new(DisjunctionMaxQuery::new(all)),
    }
}

/// The whole question. Who may see what is part of it.
pub(super) fn query(fields: &Fields, ask: &Ask) -> Box<dyn Query> {
    if ask.scopes.is_empty() || ask.words.is_empty() || ask.words.iter().any(Vec::is_empty) {
        return Box::new(EmptyQuery);
    }
    let scopes: Vec<Box<dyn Query>> = ask.scopes.iter().map(|scope| term(fields.scope, *scope)).collect();
    let scope: Box<dyn Query> = Box::new(ConstScoreQuery::new(Box::new(BooleanQuery::union(scopes)), 0.0));
    let words = ask.words.iter().map(|forms| word(fields, forms));
    let mut all: Vec<(Occur, Box<dyn Query>)> = if ask.any {
        vec![(Occur::Must, Box::new(BooleanQuery::union(words.collect())))]
    } else {
        words.map(|query| (Occur::Must, query)).collect()
    };
    all.push((Occur::Must, scope));
    Box::new(BooleanQuery::new(all))
}
