//! How important a node is: by what is tied to it, how surely, and by the money between.

use super::graph::Graph;
use crate::model::{Edge, Strength};

/// A start stands before everything else.
const START: u64 = 1 << 40;
/// Then the path that was asked for.
const WAY: u64 = 1 << 39;

/// What a tie adds to both its ends: four for proved, three for reported, one for inferred; times the places of the sum in the smallest
/// unit, halved (a million tenge weighs five times what no money does); times the places in base two of how many ties it stands for.
fn of_edge(edge: &Edge) -> u64 {
    let sure = match edge.strength {
        Strength::Proved => 4,
        Strength::Reported => 3,
        Strength::Inferred => 1,
    };
    let most = edge.money.iter().map(|m| m.minor()).max().unwrap_or(0);
    let places = most.max(0).checked_ilog10().map_or(0, |n| n / 2);
    let many = edge.count.max(1).ilog2();
    sure * u64::from(1 + places) * u64::from(1 + many)
}

/// The weight of each node, in the order of the nodes: the sum over its ties, and what it stands for itself.
#[must_use]
pub fn weights(graph: &Graph) -> Vec<u64> {
    let own = |n: &crate::model::Node| {
        let many = u64::from(n.count.max(1).ilog2()) * 4;
        match (n.start, n.way) {
            (true, _) => START + many,
            (_, true) => WAY + many,
            _ => many,
        }
    };
    let mut all: Vec<u64> = graph.nodes().iter().map(own).collect();
    for edge in graph.edges() {
        let weight = of_edge(edge);
        for end in [&edge.from, &edge.to] {
            if let Some(sum) = graph.at(end).and_then(|i| all.get_mut(i)) {
                *sum = sum.saturating_add(weight);
            }
        }
    }
    all
}
