//! The picture of a chart: where things stand, and the same as SVG and as GraphML. Pure.

pub mod axis;
pub mod graphml;
pub mod layout;
pub mod names;
pub mod svg;
pub mod time;

use std::collections::BTreeMap;

use crate::model::{Edge, Look, Node};

/// A group looks like a stack.
pub const GROUP: Look =
    Look { name: "group", shape: "M-8 -11H11V8M-11 -8H8V11H-11Z", icon: "M-6 -3H3M-6 2H3M-6 7H3" };
/// What a look is where none is known: a ring.
pub const PLAIN: Look =
    Look { name: "plain", shape: "M0 -11A11 11 0 1 1 0 11A11 11 0 1 1 0 -11Z", icon: "M-4 0H4M0 -4V4" };

/// Looks by name.
#[derive(Debug, Clone, Default)]
pub struct Looks(pub BTreeMap<&'static str, Look>);

impl Looks {
    /// The look of a node.
    #[must_use]
    pub fn of(&self, node: &Node) -> Look {
        self.0.get(node.look).copied().unwrap_or(if node.group.is_some() { GROUP } else { PLAIN })
    }
}

/// The words of a picture, in the reader's language.
pub trait Words {
    /// A node, as it is called.
    fn node(&self, node: &Node) -> String;
    /// The same in a picture, where there is less room.
    fn short(&self, node: &Node) -> String {
        self.node(node)
    }
    /// What a node is.
    fn kind(&self, node: &Node) -> String;
    /// What a tie says, with its sum and how sure it is.
    fn edge(&self, edge: &Edge) -> String;
}

#[cfg(test)]
mod tests;
