//! The way from one node to another: by as few inferred ties as can be, then by as few ties.

use super::graph::Graph;
use crate::model::{Key, Strength};

/// Ties that a path has at most: beyond, everybody is tied to everybody.
pub const WITHIN: usize = 6;

/// For each length, the fewest inferred ties by which a node is reached, and from where.
type Reached = Vec<Option<(u64, usize, usize)>>;

/// The nodes of the best path, from `a` to `b`, with the ties between them; `None` if there is none of at most [`WITHIN`] ties. Of
/// several that are equally good, the one by the smallest keys.
#[must_use]
pub fn path(graph: &Graph, a: &Key, b: &Key) -> Option<(Vec<Key>, Vec<usize>)> {
    let (from, to) = (graph.at(a)?, graph.at(b)?);
    let index = graph.index();
    let count = graph.nodes().len();
    // Places in the order of keys, so that the first that is found of equals is the one by the smallest.
    let mut first: Reached = vec![None; count];
    *first.get_mut(from)? = Some((0, usize::MAX, usize::MAX));
    let mut steps = vec![first];
    let mut best: Option<(u64, usize)> = (from == to).then_some((0, 0));
    for length in 1..=WITHIN {
        let mut next: Reached = vec![None; count];
        let last = steps.last()?;
        for (node, reached) in last.iter().enumerate() {
            let Some((weak, ..)) = reached else { continue };
            for (other, tie) in index.beside.get(node).into_iter().flatten() {
                let more = graph.edges().get(*tie).is_some_and(|e| e.strength == Strength::Inferred);
                let cost = weak.saturating_add(u64::from(more));
                let Some(place) = next.get_mut(*other) else { continue };
                let better = match place {
                    Some((known, by, _)) => {
                        cost < *known || (cost == *known && key(graph, node) < key(graph, *by))
                    }
                    None => true,
                };
                if better {
                    *place = Some((cost, node, *tie));
                }
            }
        }
        if let Some(Some((weak, ..))) = next.get(to)
            && best.is_none_or(|(least, _)| *weak < least)
        {
            best = Some((*weak, length));
        }
        steps.push(next);
    }
    let (_, length) = best?;
    let (mut keys, mut ties, mut node) = (Vec::new(), Vec::new(), to);
    for step in (0..=length).rev() {
        keys.push(graph.nodes().get(node)?.key.clone());
        let (_, by, tie) = steps.get(step)?.get(node).copied().flatten()?;
        if step > 0 {
            ties.push(tie);
            node = by;
        }
    }
    keys.reverse();
    ties.reverse();
    Some((keys, ties))
}

fn key(graph: &Graph, node: usize) -> Option<&Key> {
    graph.nodes().get(node).map(|n| &n.key)
}
