//! From all that is known to what is shown: hidden, shut, filtered, put together, and the most important of it.

use std::collections::{BTreeSet, BinaryHeap};

use kernel::Timestamp;

use super::graph::Graph;
use super::group::{AGGREGATE_FROM, HUB, MOST_NODES, crowds, gather};
use super::weight::weights;
use crate::model::{Edge, Key};

/// What somebody wants to see of a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Nodes that are hidden.
    pub hidden: BTreeSet<Key>,
    /// Nodes of which what hangs on them alone is hidden.
    pub shut: BTreeSet<Key>,
    /// What was opened: nodes and groups.
    pub open: BTreeSet<Key>,
    /// Kinds that are left out.
    pub without: BTreeSet<String>,
    /// Ties that ended before are left out.
    pub from: Option<Timestamp>,
    /// Ties that began later are left out.
    pub until: Option<Timestamp>,
    /// So many nodes at most.
    pub show: usize,
    /// Whether what is alike is put together where there is much.
    pub group: bool,
}

impl Default for Wish {
    fn default() -> Self {
        Self {
            hidden: BTreeSet::new(),
            shut: BTreeSet::new(),
            open: BTreeSet::new(),
            without: BTreeSet::new(),
            from: None,
            until: None,
            show: 60,
            group: true,
        }
    }
}

impl Wish {
    /// Whether a thing is hidden, or its kind left out.
    #[must_use]
    pub fn leaves_out(&self, key: &Key) -> bool {
        self.hidden.contains(key) || self.without.contains(key.kind())
    }
    /// Whether a tie lies outside the time that is asked for.
    #[must_use]
    pub fn outside(&self, edge: &Edge) -> bool {
        self.from.is_some_and(|from| edge.last.or(edge.first).is_some_and(|t| t < from))
            || self.until.is_some_and(|until| edge.first.or(edge.last).is_some_and(|t| t > until))
    }
}

/// What is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Nodes, the most important first, and the ties among them.
    pub graph: Graph,
    /// How many nodes there are, what was put together counted once.
    pub all: usize,
    /// Whether something was put together.
    pub grouped: bool,
    /// The first and the last moment of all ties, before the filter of time.
    pub span: Option<(Timestamp, Timestamp)>,
    /// Kinds of which there is something, before the filter of kinds.
    pub kinds: BTreeSet<String>,
}

/// What is shown of a graph.
#[must_use]
pub fn choose(graph: Graph, wish: &Wish) -> Chosen {
    let moments = || graph.edges().iter().flat_map(|e| [e.first, e.last]).flatten();
    let span = moments().min().zip(moments().max());
    let kinds = graph.nodes().iter().filter(|n| n.group.is_none()).map(|n| n.key.kind().to_owned()).collect();
    let before = reached(&graph);
    let mut left = graph.keep(|_, n| n.stays() || !wish.leaves_out(&n.key));
    left.untie(|e| wish.outside(e));
    left = drop_loose(left, &before);
    left = shut(left, &wish.shut);
    let whole = left.nodes().len();
    let asks = if wish.group { AGGREGATE_FROM } else { MOST_NODES };
    if whole > asks {
        left = crowds(left, HUB, &wish.open);
        left = gather(left, asks, &wish.open);
    }
    let all = left.nodes().len();
    let grouped = all < whole;
    Chosen { graph: grow(left, wish.show), all, grouped, span, kinds }
}

/// What hangs together with a start.
fn reached(graph: &Graph) -> BTreeSet<Key> {
    let index = graph.index();
    let mut seen = vec![false; graph.nodes().len()];
    let mut waits: Vec<usize> =
        graph.nodes().iter().enumerate().filter(|(_, n)| n.stays()).map(|(i, _)| i).collect();
    let mut all = BTreeSet::new();
    while let Some(node) = waits.pop() {
        match seen.get_mut(node) {
            Some(s) if !*s => *s = true,
            _ => continue,
        }
        all.extend(graph.nodes().get(node).map(|n| n.key.clone()));
        waits.extend(index.beside.get(node).into_iter().flatten().map(|(other, _)| *other));
    }
    all
}

/// What hung together with a start and does no more goes.
fn drop_loose(graph: Graph, before: &BTreeSet<Key>) -> Graph {
    let now = reached(&graph);
    graph.keep(|_, n| n.stays() || now.contains(&n.key) || !before.contains(&n.key))
}

/// Hides what hangs on a shut node alone.
fn shut(graph: Graph, shut: &BTreeSet<Key>) -> Graph {
    if shut.is_empty() {
        return graph;
    }
    let index = graph.index();
    let only_on_shut = |i: usize| {
        let others: BTreeSet<usize> = index.beside.get(i).into_iter().flatten().map(|(o, _)| *o).collect();
        others.len() == 1
            && others.first().and_then(|o| graph.nodes().get(*o)).is_some_and(|n| shut.contains(&n.key))
    };
    let gone: BTreeSet<usize> = (0..graph.nodes().len()).filter(|i| only_on_shut(*i)).collect();
    graph.keep(|i, n| n.stays() || shut.contains(&n.key) || !gone.contains(&i))
}

/// The most important nodes, grown from the starts along ties, so that the picture hangs together; what hangs on nothing comes last.
fn grow(graph: Graph, most: usize) -> Graph {
    let (weights, index) = (weights(&graph), graph.index());
    let rank = |i: usize| {
        (weights.get(i).copied().unwrap_or(0), std::cmp::Reverse(graph.nodes().get(i).map(|n| &n.key)), i)
    };
    let mut by_weight: Vec<usize> = (0..graph.nodes().len()).collect();
    by_weight.sort_by_key(|i| std::cmp::Reverse(rank(*i)));
    let mut seeds = by_weight.into_iter();
    let (mut taken, mut order) = (vec![false; graph.nodes().len()], Vec::new());
    let mut edge_of = BinaryHeap::new();
    let starts = graph.nodes().iter().enumerate().filter(|(_, n)| n.stays()).map(|(i, _)| i);
    starts.for_each(|i| edge_of.push(rank(i)));
    while order.len() < most {
        let next = match edge_of.pop() {
            Some((.., i)) => i,
            None => match seeds.next() {
                Some(i) => i,
                None => break,
            },
        };
        match taken.get_mut(next) {
            Some(seen) if !*seen => *seen = true,
            _ => continue,
        }
        order.push(next);
        for (other, _) in index.beside.get(next).into_iter().flatten() {
            if taken.get(*other) == Some(&false) {
                edge_of.push(rank(*other));
            }
        }
    }
    let nodes: Vec<_> = order.iter().filter_map(|i| graph.nodes().get(*i).cloned()).collect();
    let edges = graph.edges().to_vec();
    Graph::new(nodes, edges)
}
