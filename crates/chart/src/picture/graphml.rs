//! The chart as GraphML (graphml.graphdrawing.org, schema 1.1): for other programs that draw and count graphs. Typed attributes, the same
//! masks that the page shows, nothing that a table program would take for a formula.

use std::fmt::Write as _;

use app::sheet::guarded;
use kernel::Money;

use super::Words;
use super::svg::escape;
use crate::model::{Edge, Node, Place};
use crate::rules::Graph;

/// Attributes: id, for what, name, type.
const KEYS: [(&str, &str, &str, &str); 13] = [
    ("n_label", "node", "label", "string"),
    ("n_kind", "node", "kind", "string"),
    ("n_count", "node", "count", "long"),
    ("n_start", "node", "start", "boolean"),
    ("n_x", "node", "x", "int"),
    ("n_y", "node", "y", "int"),
    ("e_word", "edge", "relation", "string"),
    ("e_strength", "edge", "strength", "string"),
    ("e_count", "edge", "count", "long"),
    ("e_amount", "edge", "amount", "string"),
    ("e_asset", "edge", "asset", "string"),
    ("e_first", "edge", "first", "string"),
    ("e_last", "edge", "last", "string"),
];

/// Writes it.
#[must_use]
pub fn graphml(graph: &Graph, places: &[Place], words: &dyn Words) -> String {
    let mut out = String::with_capacity(512 * (graph.nodes().len() + graph.edges().len() + 1));
    // Writing to a `String` cannot fail; an error would have nowhere to go.
    let _ = write(&mut out, graph, places, words);
    out
}

fn write(out: &mut String, graph: &Graph, places: &[Place], words: &dyn Words) -> std::fmt::Result {
    out.push_str(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.1/graphml.xsd\">\n",
    );
    for (id, of, name, kind) in KEYS {
        writeln!(out, "<key id=\"{id}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>")?;
    }
    out.push_str("<graph id=\"G\" edgedefault=\"undirected\">\n");
    for (i, node) in graph.nodes().iter().enumerate() {
        write_node(out, (i, node), places.get(i).copied().unwrap_or_default(), words)?;
    }
    for (i, edge) in graph.edges().iter().enumerate() {
        if let (Some(from), Some(to)) = (graph.at(&edge.from), graph.at(&edge.to)) {
            write_edge(out, (i, edge), (from, to), words)?;
        }
    }
    out.push_str("</graph>\n</graphml>\n");
    Ok(())
}

fn data(out: &mut String, key: &str, value: &str) -> std::fmt::Result {
    write!(out, "<data key=\"{key}\">{}</data>", escape(value))
}

fn write_node(out: &mut String, (i, node): (usize, &Node), at: Place, words: &dyn Words) -> std::fmt::Result {
    write!(out, "<node id=\"n{i}\">")?;
    data(out, "n_label", &guarded(&words.node(node)))?;
    data(out, "n_kind", &guarded(&words.kind(node)))?;
    data(out, "n_count", &node.count.to_string())?;
    data(out, "n_start", if node.start { "true" } else { "false" })?;
    data(out, "n_x", &at.x.to_string())?;
    data(out, "n_y", &at.y.to_string())?;
    out.push_str("</node>\n");
    Ok(())
}

fn write_edge(
    out: &mut String,
    (i, edge): (usize, &Edge),
    (from, to): (usize, usize),
    words: &dyn Words,
) -> std::fmt::Result {
    write!(out, "<edge id=\"e{i}\" source=\"n{from}\" target=\"n{to}\" directed=\"{}\">", edge.directed)?;
    data(out, "e_word", &guarded(&words.edge(edge)))?;
    data(out, "e_strength", edge.strength.as_str())?;
    data(out, "e_count", &edge.count.to_string())?;
    if !edge.money.is_empty() {
        // Of several assets as many sums, in the same order.
        let all = |of: fn(&Money) -> String| edge.money.iter().map(of).collect::<Vec<_>>().join(" ");
        data(out, "e_amount", &all(|m| m.to_decimal()))?;
        data(out, "e_asset", &all(|m| m.asset().code().to_owned()))?;
    }
    for (key, at) in [("e_first", edge.first), ("e_last", edge.last)] {
        if let Some(at) = at {
            data(out, key, &at.rfc3339())?;
        }
    }
    out.push_str("</edge>\n");
    Ok(())
}
