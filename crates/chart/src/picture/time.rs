//! The picture by time. Each thing is a line at its height, each report, order or the like a sign at its moment between the lines that it
//! ties; a tie goes straight up or down at that moment, so that ties cross lines and not one another.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Timestamp;

use crate::model::{Edge, Node, Place};
use crate::rules::Graph;

/// A line of the picture by time: a thing at its height, from the first to the last moment of its ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Place of the node.
    pub node: usize,
    /// Where it begins.
    pub from: i32,
    /// Where it ends.
    pub to: i32,
    /// Its height.
    pub y: i32,
}

/// How wide the picture by time is.
pub const TIME_WIDTH: i32 = 1_600;
/// Between two lines: a sign, and the name of the next line.
const LINE: i32 = 64;
/// Where the sign of a line stands, before all moments.
const SIGN: i32 = -34;
/// Nearer than this two signs lie on one another.
const NEAR: i32 = 28;
/// So many places are tried for a sign.
const TRIED: i32 = 400;

/// From moments to places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// The first moment that is drawn.
    pub first: Timestamp,
    /// The last.
    pub last: Timestamp,
}

impl Scale {
    /// Where a moment lies.
    #[must_use]
    pub fn x_of(&self, at: Timestamp) -> i32 {
        let whole = i128::from(self.last.micros_since(self.first).max(1));
        let part = i128::from(at.micros_since(self.first).max(0));
        let x = part.saturating_mul(i128::from(TIME_WIDTH)).checked_div(whole).unwrap_or(0);
        i32::try_from(x).unwrap_or(TIME_WIDTH).clamp(0, TIME_WIDTH)
    }

    /// Where a tie is drawn: at the moment of what has one, else at its own first; from sign to sign where there is neither.
    #[must_use]
    pub fn ends(&self, edge: &Edge, (a, from): (&Node, Place), (b, to): (&Node, Place)) -> (Place, Place) {
        match (a.at.is_some(), b.at.is_some(), edge.first.or(edge.last)) {
            (true, true, _) | (false, false, None) => (from, to),
            (true, false, _) => (from, Place { x: from.x, y: to.y }),
            (false, true, _) => (Place { x: to.x, y: from.y }, to),
            (false, false, Some(at)) => {
                let x = self.x_of(at);
                (Place { x, y: from.y }, Place { x, y: to.y })
            }
        }
    }
}

/// A picture by time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timed {
    /// Where each node stands, in the order of the nodes.
    pub places: Vec<Place>,
    /// The lines, from above.
    pub lines: Vec<Line>,
    /// From moments to places; `None` where nothing has a moment.
    pub scale: Option<Scale>,
}

/// Lays a graph out by time.
#[must_use]
pub fn timeline(graph: &Graph, span: Option<(Timestamp, Timestamp)>) -> Timed {
    let moments = graph.nodes().iter().filter_map(|n| n.at);
    let first = moments.clone().min().into_iter().chain(span.map(|s| s.0)).min();
    let last = moments.max().into_iter().chain(span.map(|s| s.1)).max();
    let scale = first.zip(last).map(|(first, last)| Scale { first, last });
    let mut places = vec![Place::default(); graph.nodes().len()];
    let lines = lines(graph, scale, &mut places);
    signs(graph, (scale, lines.len()), &mut places);
    Timed { places, lines, scale }
}

/// The lines, whoever came first above.
fn lines(graph: &Graph, scale: Option<Scale>, places: &mut [Place]) -> Vec<Line> {
    let index = graph.index();
    let x_of = |at: &Timestamp| scale.map_or(0, |s| s.x_of(*at));
    let mut lines = Vec::new();
    for (i, _) in graph.nodes().iter().enumerate().filter(|(_, n)| n.at.is_none()) {
        let ties = index.beside.get(i).into_iter().flatten();
        let times: Vec<Timestamp> = ties
            .flat_map(|(other, tie)| {
                let edge = graph.edges().get(*tie);
                let at = graph.nodes().get(*other).and_then(|n| n.at);
                [at, edge.and_then(|e| e.first), edge.and_then(|e| e.last)]
            })
            .flatten()
            .collect();
        let from = times.iter().min().map_or(0, x_of);
        let to = times.iter().max().map_or(TIME_WIDTH, x_of);
        lines.push(Line { node: i, from, to, y: 0 });
    }
    lines.sort_by_key(|line| (line.from, line.node));
    let mut y = 0_i32;
    for line in &mut lines {
        line.y = y;
        if let Some(place) = places.get_mut(line.node) {
            *place = Place { x: SIGN, y };
        }
        y = y.saturating_add(LINE);
    }
    lines
}

/// What has a moment stands at it, between two lines; what happened at about the same moment, between others.
fn signs(graph: &Graph, (scale, lines): (Option<Scale>, usize), places: &mut [Place]) {
    let index = graph.index();
    let last = i32::try_from(lines).unwrap_or(i32::MAX).saturating_sub(1).max(0);
    let mut taken: BTreeMap<i32, BTreeSet<i32>> = BTreeMap::new();
    for (i, node) in graph.nodes().iter().enumerate() {
        let Some(at) = node.at else { continue };
        let x = scale.map_or(0, |s| s.x_of(at));
        let heights: Vec<i32> = index
            .beside
            .get(i)
            .into_iter()
            .flatten()
            .filter(|(other, _)| graph.nodes().get(*other).is_some_and(|n| n.at.is_none()))
            .filter_map(|(other, _)| places.get(*other).map(|p| p.y))
            .collect();
        let n = i32::try_from(heights.len()).unwrap_or(1).max(1);
        let mid = heights.iter().fold(0_i32, |sum, y| sum.saturating_add(*y)).checked_div(n).unwrap_or(0);
        let begin = if heights.is_empty() { last } else { mid.checked_div(LINE).unwrap_or(0) };
        let free = |level: i32| {
            let near = x.saturating_sub(NEAR)..=x.saturating_add(NEAR);
            level >= 0 && taken.get(&level).is_none_or(|xs| xs.range(near).next().is_none())
        };
        let away = |step: i32| [begin.saturating_add(step), begin.saturating_sub(step)];
        let level = (0..TRIED).flat_map(away).find(|level| free(*level)).unwrap_or(begin);
        taken.entry(level).or_default().insert(x);
        if let Some(place) = places.get_mut(i) {
            *place = Place { x, y: level.saturating_mul(LINE).saturating_add(LINE / 2) };
        }
    }
}
