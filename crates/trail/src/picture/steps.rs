//! The trail as a nested list, for narrow screens and for readers by ear.

use crate::model::Trail;

/// One account in the list, with the movement that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// How deep it is nested; 0 is a payer.
    pub depth: usize,
    /// Index of the node.
    pub node: usize,
    /// Index of the movement that led here.
    pub via: Option<usize>,
    /// Indices of the ends at this account; empty where it is shown again.
    pub ends: Vec<usize>,
    /// Whether the account stands further up already: its own steps are not repeated.
    pub again: bool,
    /// How many nested lists end behind this step: a template writes `</li>` and then so many times
    /// `</ul></li>`. Where it is `None`, a nested list begins inside this step.
    pub closes: Option<usize>,
}

/// The steps from top to bottom: depth first, payers in the order of their payments, movements in the order of
/// their times.
#[must_use]
pub fn steps(trail: &Trail) -> Vec<Step> {
    let mut leaving: Vec<Vec<usize>> = vec![Vec::new(); trail.nodes.len()];
    let mut ends: Vec<Vec<usize>> = vec![Vec::new(); trail.nodes.len()];
    for (index, edge) in trail.edges.iter().enumerate() {
        if let Some(list) = leaving.get_mut(edge.from) {
            list.push(index);
        }
    }
    for (index, end) in trail.ends.iter().enumerate() {
        if let Some(list) = ends.get_mut(end.node) {
            list.push(index);
        }
    }
    let mut shown = vec![false; trail.nodes.len()];
    let mut steps: Vec<Step> = Vec::new();
    let roots =
        trail.nodes.iter().enumerate().filter(|(_, node)| node.hop == 0).map(|(index, _)| (0, index, None));
    let mut todo: Vec<(usize, usize, Option<usize>)> = roots.collect();
    todo.reverse();
    while let Some((depth, node, via)) = todo.pop() {
        let again = shown.get_mut(node).is_none_or(|shown| std::mem::replace(shown, true));
        let ends = if again { Vec::new() } else { ends.get(node).cloned().unwrap_or_default() };
        steps.push(Step { depth, node, via, ends, again, closes: None });
        if !again {
            // Last in, first out: pushed backwards.
            for edge in leaving.get(node).into_iter().flatten().rev() {
                if let Some(to) = trail.edges.get(*edge).map(|edge| edge.to) {
                    todo.push((depth + 1, to, Some(*edge)));
                }
            }
        }
    }
    let next: Vec<usize> = steps.iter().skip(1).map(|step| step.depth).chain([0]).collect();
    for (step, next) in steps.iter_mut().zip(next) {
        // Deeper next: a list begins here. Otherwise as many end as levels are left.
        step.closes = step.depth.checked_sub(next);
    }
    steps
}
