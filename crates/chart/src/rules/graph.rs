//! The graph of a chart: nodes by key, ties, and what lies between the same two put together.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use kernel::Money;

use crate::model::{Edge, Evidence, Key, MOST_EVIDENCE, Node, Strength};

/// Nodes and ties.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    nodes: Vec<Node>,
    place: BTreeMap<Key, usize>,
    edges: Vec<Edge>,
}

/// Ties by the places of their ends, and who is tied to whom.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// Each tie: where it begins and ends.
    pub ends: Vec<(usize, usize)>,
    /// Of each node: the others, each with the tie, in the order of the ties.
    pub beside: Vec<Vec<(usize, usize)>>,
}

impl Graph {
    /// A graph of these.
    #[must_use]
    pub fn new(nodes: impl IntoIterator<Item = Node>, edges: impl IntoIterator<Item = Edge>) -> Self {
        let mut graph = Self::default();
        nodes.into_iter().for_each(|node| graph.add(node));
        edges.into_iter().for_each(|edge| graph.tie(edge));
        graph.merge();
        graph
    }
    /// Adds a node. One that is known already stays as it is; it is a start if either is.
    pub fn add(&mut self, node: Node) {
        match self.place.entry(node.key.clone()) {
            Entry::Vacant(place) => {
                place.insert(self.nodes.len());
                self.nodes.push(node);
            }
            Entry::Occupied(place) => {
                if let Some(known) = self.nodes.get_mut(*place.get()) {
                    known.start |= node.start;
                    known.way |= node.way;
                }
            }
        }
    }
    /// Adds a tie. One without both ends is left out by [`Graph::merge`].
    pub fn tie(&mut self, edge: Edge) {
        self.edges.push(edge);
    }
    /// The nodes, in the order in which they came.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }
    /// The ties.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }
    /// A node by its key.
    #[must_use]
    pub fn node(&self, key: &Key) -> Option<&Node> {
        self.place.get(key).and_then(|i| self.nodes.get(*i))
    }
    /// Where a node stands among the nodes.
    #[must_use]
    pub fn at(&self, key: &Key) -> Option<usize> {
        self.place.get(key).copied()
    }
    /// Marks a node as one of the path that was asked for.
    pub fn way(&mut self, key: &Key) {
        if let Some(node) = self.place.get(key).and_then(|i| self.nodes.get_mut(*i)) {
            node.way = true;
        }
    }
    /// Puts a node in the place of that of the same key, where there is one.
    pub fn replace(&mut self, node: Node) {
        if let Some(known) = self.place.get(&node.key).and_then(|i| self.nodes.get_mut(*i)) {
            *known = Node { start: known.start || node.start, way: known.way || node.way, ..node };
        }
    }

    /// Puts ties of one kind between the same two together: counts and sums are added, the surest strength stands. Ties that have lost
    /// an end, and ties of a node to itself, are gone. Ties come out ordered by their ends: the same ties give the same graph, in
    /// whatever order they came.
    pub fn merge(&mut self) {
        self.put_together(Strength::or);
    }
    /// As [`Graph::merge`], where single things have become groups: what one of them proves of itself it does not prove of the others, so
    /// the weakest strength stands.
    pub(super) fn merge_groups(&mut self) {
        self.put_together(Strength::and);
    }

    fn put_together(&mut self, strength: fn(Strength, Strength) -> Strength) {
        let mut by: BTreeMap<(Key, Key, &'static str), Edge> = BTreeMap::new();
        for mut edge in std::mem::take(&mut self.edges) {
            if edge.from == edge.to
                || !self.place.contains_key(&edge.from)
                || !self.place.contains_key(&edge.to)
            {
                continue;
            }
            if !edge.directed && edge.to < edge.from {
                std::mem::swap(&mut edge.from, &mut edge.to);
            }
            match by.entry((edge.from.clone(), edge.to.clone(), edge.word)) {
                Entry::Vacant(place) => drop(place.insert(edge)),
                Entry::Occupied(mut place) => join(place.get_mut(), edge, strength),
            }
        }
        self.edges = by.into_values().collect();
    }

    /// Who is tied to whom.
    #[must_use]
    pub fn index(&self) -> Index {
        let mut index = Index { ends: Vec::new(), beside: vec![Vec::new(); self.nodes.len()] };
        for (tie, edge) in self.edges.iter().enumerate() {
            let (Some(from), Some(to)) = (self.at(&edge.from), self.at(&edge.to)) else {
                index.ends.push((usize::MAX, usize::MAX));
                continue;
            };
            index.ends.push((from, to));
            for (a, b) in [(from, to), (to, from)] {
                if let Some(list) = index.beside.get_mut(a) {
                    list.push((b, tie));
                }
            }
        }
        index
    }

    /// What is left of nodes by their places, and the ties among them.
    #[must_use]
    pub fn keep(self, mut wanted: impl FnMut(usize, &Node) -> bool) -> Self {
        let mut kept = Self::default();
        for (i, node) in self.nodes.into_iter().enumerate() {
            if wanted(i, &node) {
                kept.add(node);
            }
        }
        kept.edges = self
            .edges
            .into_iter()
            .filter(|e| kept.place.contains_key(&e.from) && kept.place.contains_key(&e.to))
            .collect();
        kept
    }

    /// Leaves out ties.
    pub fn untie(&mut self, mut gone: impl FnMut(&Edge) -> bool) {
        self.edges.retain(|edge| !gone(edge));
    }

    /// Nodes and ties, to make another graph of them.
    #[must_use]
    pub fn parts(self) -> (Vec<Node>, Vec<Edge>) {
        (self.nodes, self.edges)
    }
}

/// Adds what a further tie says to one that is known.
fn join(known: &mut Edge, more: Edge, strength: fn(Strength, Strength) -> Strength) {
    known.strength = strength(known.strength, more.strength);
    known.count = known.count.saturating_add(more.count);
    more.money.into_iter().for_each(|money| add(&mut known.money, money));
    known.first = [known.first, more.first].into_iter().flatten().min();
    known.last = [known.last, more.last].into_iter().flatten().max();
    more.evidence.into_iter().for_each(|evidence| rest(&mut known.evidence, evidence));
}

/// Keeps the best of all that is told, in whatever order it is told.
fn rest(known: &mut Vec<Evidence>, evidence: Evidence) {
    let place = known.partition_point(|e| *e <= evidence);
    if place < MOST_EVIDENCE {
        known.insert(place, evidence);
        known.truncate(MOST_EVIDENCE);
    }
}

/// Sums of one asset add up, each asset for itself: no rate is invented.
fn add(sums: &mut Vec<Money>, money: Money) {
    match sums.binary_search_by_key(&money.asset(), |m| m.asset()) {
        Ok(place) => {
            if let Some(sum) = sums.get_mut(place) {
                *sum = Money::from_minor(sum.minor().saturating_add(money.minor()), money.asset());
            }
        }
        Err(place) => sums.insert(place, money),
    }
}
