//! What is decided about a chart: pure functions of a graph. No database, no clock, no await.

mod choose;
mod graph;
mod group;
mod path;
mod weight;

pub use choose::{Chosen, Wish, choose};
pub use graph::{Graph, Index};
pub use group::{AGGREGATE_FROM, HUB, MOST_NODES, crowds, gather};
pub use path::{WITHIN, path};
pub use weight::weights;

#[cfg(test)]
mod tests;
