//! Looks for a path between two things. It goes by ties that cost little and for which nothing sealed is opened; what is on the path is then
//! shown as it is.

use std::collections::BTreeSet;

use super::collecting::{Collected, Found, fresh, name, node};
use crate::error::ChartError;
use crate::model::{Edge, Key, Node, Strength};
use crate::rules::{Graph, WITHIN, Wish, path};
use crate::sources::{Cx, Sources};

/// Things that are looked around on the search.
const SEARCHED: usize = 240;
/// Things that the search finds beyond what the chart shows.
const ADDED: usize = 6_000;

/// What a search has found so far.
struct Search<'a> {
    ends: (&'a Key, &'a Key),
    wish: &'a Wish,
    graph: Graph,
    /// Ties that the chart did not know.
    more: Vec<Edge>,
    told: super::collecting::Told,
    seen: BTreeSet<Key>,
    added: usize,
    spent: bool,
    passed_over: bool,
}

impl Search<'_> {
    /// What is hidden or left out leads nowhere, the ends apart.
    fn fits(&self, key: &Key) -> bool {
        [self.ends.0, self.ends.1].contains(&key) || !self.wish.leaves_out(key)
    }

    /// Looks around a thing, and gives what comes next.
    fn look(&mut self, cx: &mut Cx<'_, '_>, sources: &Sources, key: &Key) -> Result<Vec<Key>, ChartError> {
        let mut next = Vec::new();
        if !self.seen.insert(key.clone()) {
            return Ok(next);
        }
        if self.seen.len() > SEARCHED || self.added > ADDED {
            self.spent = true;
            return Ok(next);
        }
        for source in sources.iter() {
            let near = source.near(cx, key)?;
            for found in near.nodes {
                // Through a crowd everybody is tied to everybody.
                if found.group.is_some() {
                    self.passed_over = true;
                } else if self.fits(&found.key) {
                    next.push(found.key.clone());
                    self.added =
                        self.added.saturating_add(usize::from(self.graph.node(&found.key).is_none()));
                    self.graph.add(found);
                }
            }
            let ties = fresh(&mut self.told, near.edges);
            self.more.extend(ties.into_iter().filter(|e| !self.wish.outside(e)));
        }
        Ok(next)
    }

    /// The best path of what is known, with whether a tie on it is inferred, and how many there are.
    fn best(&self) -> Option<(Vec<Key>, bool, usize)> {
        let mut all = self.graph.clone();
        self.more.iter().for_each(|e| all.tie(e.clone()));
        all.merge();
        let (keys, ties) = path(&all, self.ends.0, self.ends.1)?;
        let weak = ties.iter().filter_map(|t| all.edges().get(*t)).any(|e| e.strength == Strength::Inferred);
        Some((keys, weak, ties.len()))
    }
}

/// Looks for the surest path, the nearest of both ends first; what is on it joins the chart.
pub(super) fn between(
    cx: &mut Cx<'_, '_>,
    sources: &Sources,
    all: &mut Collected,
    ((a, b), wish): ((&Key, &Key), &Wish),
) -> Result<Found, ChartError> {
    let mut search = Search {
        ends: (a, b),
        wish,
        graph: Graph::default(),
        more: Vec::new(),
        told: all.told.clone(),
        seen: BTreeSet::new(),
        added: 0,
        spent: false,
        passed_over: false,
    };
    for key in [a, b] {
        let known = all.graph.node(key).cloned();
        let end = match known {
            Some(end) => Some(end),
            None => node(cx, sources, key)?,
        };
        let Some(end) = end else { return Ok(Found::default()) };
        search.graph.add(end);
    }
    all.on_way.extend([a.clone(), b.clone()]);
    let plain = |n: &&Node| n.group.is_none();
    for known in all.graph.nodes().iter().filter(plain) {
        if search.fits(&known.key) {
            search.graph.add(known.clone());
        }
    }
    all.graph.edges().iter().filter(|e| !wish.outside(e)).for_each(|e| search.graph.tie(e.clone()));
    let mut now = vec![a.clone(), b.clone()];
    let mut best = None;
    // After each round every path of twice as many ties as there were rounds is known: the best of them is the best of all, unless one that
    // is longer rests on fewer inferred ties.
    for round in 1..=WITHIN.div_ceil(2) {
        let mut next = Vec::new();
        for key in std::mem::take(&mut now) {
            next.extend(search.look(cx, sources, &key)?);
        }
        now = next;
        best = search.best();
        let sure = best.as_ref().is_some_and(|(_, weak, ties)| !weak && *ties <= round.saturating_mul(2));
        if sure || search.spent {
            break;
        }
    }
    let passed_over = search.spent || search.passed_over;
    let Some((keys, ..)) = best else { return Ok(Found { keys: Vec::new(), passed_over }) };
    for key in &keys {
        if all.graph.node(key).is_none() {
            let whole = node(cx, sources, key)?.or_else(|| search.graph.node(key).cloned());
            whole.into_iter().for_each(|n| all.graph.add(n));
        }
    }
    for edge in search.more {
        if all.graph.node(&edge.from).is_some() && all.graph.node(&edge.to).is_some() {
            all.told.insert(name(&edge));
            all.graph.tie(edge);
        }
    }
    all.on_way.extend(keys.iter().cloned());
    Ok(Found { keys, passed_over })
}
