//! Where everything stands, in whole pixels.
//!
//! ```text
//! | column 0 | curves | labels | column 1 | curves | labels | column 2 |
//! ```
//! A column holds the nodes of one hop and the ends of the hop before. What comes to a node comes through
//! ports on its left side; each port is as high as its label, which stands in the strip left of the column,
//! where all bands are level. So no label meets another, nor a curve. Movements that go back a hop, or stay on
//! one, go through lanes below everything.

use super::Text;
use super::text::{LINE, lines, widest, wrapped};
use crate::model::Trail;

/// Empty border around the picture.
const MARGIN: i64 = 12;
/// Space between a text and the edge of its box.
const PAD: i64 = 8;
/// Width of the strip in which bands bend.
pub(super) const CURVE: i64 = 72;
/// Between two boxes of a column.
const GAP: i64 = 14;
/// Size of the shape of an end.
pub(super) const SHAPE: i64 = 20;
/// Widest and narrowest band.
const BAND: (i64, i64) = (2, 24);

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// A node, by index.
    Node(usize),
    /// An end, by index.
    End(usize),
}

/// A node or an end with its place.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub what: What,
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
    pub lines: Vec<String>,
}

/// A band from one place to another.
#[derive(Debug, Clone)]
pub(super) struct Band {
    /// The movement; `None` for the band to an end.
    pub edge: Option<usize>,
    /// The end that it leads to.
    pub end: Option<usize>,
    pub thickness: i64,
    /// Where it leaves.
    pub from: (i64, i64),
    /// Up to where it is level then: the right edge of its column, so that it crosses no wider neighbour.
    pub leave: i64,
    /// Where it begins to be level.
    pub bend: i64,
    /// Where it arrives.
    pub to: (i64, i64),
    /// The lane below, for one that does not lead to the next column.
    pub lane: Option<i64>,
    /// Its label, above its level part.
    pub lines: Vec<String>,
}

/// The whole.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub width: i64,
    pub height: i64,
    pub items: Vec<Item>,
    pub bands: Vec<Band>,
}

/// Lays a trail out.
pub(super) fn layout(trail: &Trail, label: &dyn Fn(Text<'_>) -> String) -> Layout {
    let mut items = measure(trail, label);
    let labels: Vec<Vec<String>> = trail.edges.iter().map(|e| lines(&label(Text::Movement(e)))).collect();
    let largest = trail.disputed().minor().max(1);
    let thick = |minor: i64| {
        let share = i128::from(minor) * i128::from(BAND.1 - BAND.0) / i128::from(largest);
        BAND.0 + i64::try_from(share).unwrap_or(0).clamp(0, BAND.1 - BAND.0)
    };
    let mut bands = connect(trail, &items, &labels, thick);
    let columns = columns(trail, &items);
    heighten(&mut items, &bands);
    let (sides, width) = place_columns(&mut items, &columns, &bands);
    let bottom = stack(&mut items, &columns, &bands);
    let height = route(&mut bands, &items, &sides, bottom);
    Layout { width, height, items, bands: bands.into_iter().map(|wire| wire.band).collect() }
}

/// A band and the items that it joins.
#[derive(Debug)]
struct Wire {
    from: usize,
    to: usize,
    back: bool,
    band: Band,
}

impl Wire {
    /// Height that it takes on the side where it arrives: label, band and a little air.
    fn port(&self) -> i64 {
        let lines = i64::try_from(self.band.lines.len()).unwrap_or(0);
        lines * LINE + self.band.thickness + 6
    }
}

/// Boxes as large as their texts: nodes first, so that an item's index is its node's, then ends.
fn measure(trail: &Trail, label: &dyn Fn(Text<'_>) -> String) -> Vec<Item> {
    let books = trail.check();
    let nodes = trail.nodes.iter().zip(books).enumerate().map(|(index, (node, book))| {
        let mut lines = wrapped(&label(Text::Account(node)));
        lines.extend(super::text::lines(&label(Text::Amount(book.came))));
        (What::Node(index), lines, 2 * PAD, 2 * PAD)
    });
    let ends = trail.ends.iter().enumerate().map(|(index, end)| {
        (What::End(index), super::text::lines(&label(Text::End(end))), SHAPE + 2 * PAD, 6)
    });
    let item = |(what, lines, beside, above): (What, Vec<String>, i64, i64)| {
        let text = i64::try_from(lines.len()).unwrap_or(0) * LINE;
        let (width, height) = (widest(&lines) + beside, text.max(SHAPE) + above);
        Item { what, x: 0, y: 0, width, height, lines }
    };
    nodes.chain(ends).map(item).collect()
}

fn connect(trail: &Trail, items: &[Item], labels: &[Vec<String>], thick: impl Fn(i64) -> i64) -> Vec<Wire> {
    let hop = |node: usize| trail.nodes.get(node).map_or(0, |n| n.hop);
    let band = |edge, end, minor, lines| Band {
        edge,
        end,
        thickness: thick(minor),
        from: (0, 0),
        leave: 0,
        bend: 0,
        to: (0, 0),
        lane: None,
        lines,
    };
    let edges = trail.edges.iter().zip(labels).enumerate().map(|(index, (edge, lines))| Wire {
        from: edge.from,
        to: edge.to,
        back: hop(edge.to) != hop(edge.from) + 1,
        band: band(Some(index), None, edge.amount.minor(), lines.clone()),
    });
    let first_end = trail.nodes.len();
    let ends = trail.ends.iter().enumerate().map(|(index, end)| Wire {
        from: end.node,
        to: first_end + index,
        back: false,
        band: band(None, Some(index), end.amount.minor(), Vec::new()),
    });
    edges.chain(ends).filter(|wire| wire.from < items.len() && wire.to < items.len()).collect()
}

/// Items of each column.
fn columns(trail: &Trail, items: &[Item]) -> Vec<Vec<usize>> {
    let column = |item: &Item| match item.what {
        What::Node(node) => trail.nodes.get(node).map_or(0, |n| n.hop),
        What::End(end) => {
            let node = trail.ends.get(end).and_then(|end| trail.nodes.get(end.node));
            node.map_or(0, |n| n.hop.saturating_add(1))
        }
    };
    let mut columns: Vec<Vec<usize>> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let column = usize::try_from(column(item)).unwrap_or(0).min(items.len());
        if columns.len() <= column {
            columns.resize(column + 1, Vec::new());
        }
        if let Some(list) = columns.get_mut(column) {
            list.push(index);
        }
    }
    columns
}

/// Height of what comes to each item and of what leaves it.
fn loads(count: usize, bands: &[Wire]) -> (Vec<i64>, Vec<i64>) {
    let (mut comes, mut leaves) = (vec![0_i64; count], vec![0_i64; count]);
    for wire in bands {
        if let Some(height) = comes.get_mut(wire.to) {
            *height += wire.port();
        }
        if let Some(height) = leaves.get_mut(wire.from) {
            *height += wire.band.thickness + 4;
        }
    }
    (comes, leaves)
}

/// An item is at least as high as what comes to it and what leaves it.
fn heighten(items: &mut [Item], bands: &[Wire]) {
    let (comes, leaves) = loads(items.len(), bands);
    for ((item, comes), leaves) in items.iter_mut().zip(comes).zip(leaves) {
        item.height = item.height.max(comes + 6).max(leaves + 6);
    }
}

/// Gives every column its place. Returns for each item where its label strip begins and where its column ends,
/// and the width of the whole.
fn place_columns(items: &mut [Item], columns: &[Vec<usize>], bands: &[Wire]) -> (Vec<(i64, i64)>, i64) {
    let mut sides = vec![(0, 0); items.len()];
    let mut label_of = vec![0_i64; items.len()];
    let mut reached = vec![false; items.len()];
    for wire in bands {
        if let (Some(label), Some(reached)) = (label_of.get_mut(wire.to), reached.get_mut(wire.to)) {
            *label = (*label).max(widest(&wire.band.lines));
            *reached = true;
        }
    }
    let mut x = MARGIN;
    for column in columns {
        let of = |list: &[i64]| column.iter().filter_map(|i| list.get(*i)).copied().max().unwrap_or(0);
        let strip = if column.iter().any(|i| reached.get(*i) == Some(&true)) { CURVE } else { 0 };
        let begins = x + strip;
        let labels = if strip == 0 { 0 } else { of(&label_of) + 2 * PAD };
        let widths: Vec<i64> = items.iter().map(|item| item.width).collect();
        x = begins + labels + of(&widths);
        for index in column {
            if let (Some(item), Some(side)) = (items.get_mut(*index), sides.get_mut(*index)) {
                *side = (begins, x);
                item.x = begins + labels;
            }
        }
    }
    (sides, x + CURVE / 2 + MARGIN)
}

/// A taller picture does not fit on a screen: its columns begin at the top, or who opens it sees blank paper.
const SCREEN: i64 = 700;

/// Stacks the columns, each in the order of what leads to it, around a common middle, or from the top where it is taller than a screen.
/// Returns the bottom.
fn stack(items: &mut [Item], columns: &[Vec<usize>], bands: &[Wire]) -> i64 {
    let height = |items: &[Item], column: &[usize]| {
        let boxes: i64 = column.iter().filter_map(|i| items.get(*i)).map(|item| item.height + GAP).sum();
        boxes - GAP
    };
    let tallest = columns.iter().map(|column| height(items, column)).max().unwrap_or(0).max(0);
    let mut sources: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    for wire in bands.iter().filter(|wire| !wire.back) {
        if let Some(list) = sources.get_mut(wire.to) {
            list.push(wire.from);
        }
    }
    for column in columns {
        let mut order = column.clone();
        let middle = |index: &usize| {
            let ys = sources.get(*index).into_iter().flatten().filter_map(|from| items.get(*from));
            let ys: Vec<i64> = ys.map(|from| from.y + from.height / 2).collect();
            let count = i64::try_from(ys.len()).unwrap_or(1).max(1);
            ys.iter().sum::<i64>() / count
        };
        order.sort_by_key(|index| (middle(index), *index));
        let room = if tallest > SCREEN { 0 } else { (tallest - height(items, column)) / 2 };
        let mut y = MARGIN + room;
        for index in order {
            if let Some(item) = items.get_mut(index) {
                item.y = y;
                y += item.height + GAP;
            }
        }
    }
    MARGIN + tallest
}

/// Gives every band its ports and lane. Returns the height of the whole.
fn route(bands: &mut [Wire], items: &[Item], sides: &[(i64, i64)], bottom: i64) -> i64 {
    let top = |index: usize| items.get(index).map_or(0, |item| item.y);
    // Ports in the order of the far ends, so that bands of one node cross less.
    let mut by_target: Vec<usize> = (0..bands.len()).collect();
    by_target.sort_by_key(|i| bands.get(*i).map(|w| (w.from, w.back, top(w.to), *i)));
    let mut by_source: Vec<usize> = (0..bands.len()).collect();
    by_source.sort_by_key(|i| bands.get(*i).map(|w| (w.to, w.back, top(w.from), *i)));

    // Ports sit around the middle of their side.
    let around = |loads: Vec<i64>| -> Vec<i64> {
        loads.into_iter().zip(items).map(|(load, item)| (item.height - load) / 2).collect()
    };
    let (comes, leaves) = loads(items.len(), bands);
    let mut used = around(leaves);
    for index in by_target {
        let Some(wire) = bands.get_mut(index) else { continue };
        if let (Some(item), Some(used)) = (items.get(wire.from), used.get_mut(wire.from)) {
            wire.band.from = (item.x + item.width, item.y + *used + 2 + wire.band.thickness / 2);
            wire.band.leave = sides.get(wire.from).map_or(wire.band.from.0, |side| side.1);
            *used += wire.band.thickness + 4;
        }
    }
    let mut used = around(comes);
    for index in by_source {
        let Some(wire) = bands.get_mut(index) else { continue };
        let port = wire.port();
        if let (Some(item), Some(used)) = (items.get(wire.to), used.get_mut(wire.to)) {
            // An end has one band, which meets its shape in the middle.
            let level = match item.what {
                What::End(_) => item.height / 2,
                What::Node(_) => *used + port - 4 - wire.band.thickness / 2,
            };
            wire.band.to = (item.x, item.y + level);
            wire.band.bend = sides.get(wire.to).map_or(item.x, |side| side.0);
            *used += port;
        }
    }
    let mut lane = bottom + GAP;
    for wire in bands.iter_mut().filter(|wire| wire.back) {
        wire.band.lane = Some(lane + wire.band.thickness / 2);
        lane += wire.band.thickness + 8;
    }
    lane + MARGIN
}

#[cfg(test)]
mod tests;
