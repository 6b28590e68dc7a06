//! The tables beside a chart: what is in it, and what ties it. They are the accessible form of the picture.

use std::collections::BTreeSet;

use web::{Ctx, Markup, Sort, Status, Tone};

use super::address;
use super::words::Spoken;
use crate::model::{Edge, Key, Node, Strength};
use crate::picture::Words as _;
use crate::rules::{Graph, weights};
use crate::service::{Asked, Opened};

/// Something in the chart.
pub(super) struct NodeRow {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) href: String,
    pub(super) ties: String,
    pub(super) start: bool,
    /// What can be done with it: the name of the step, and its words.
    pub(super) acts: Vec<(&'static str, String)>,
}

/// A tie.
pub(super) struct EdgeRow {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) word: String,
    pub(super) strength: Status,
    pub(super) count: String,
    pub(super) money: String,
    pub(super) first: Option<Markup>,
    pub(super) last: Option<Markup>,
    /// Both of its ends, as the page of why is asked.
    pub(super) why: String,
    /// The days of the first and the last, for the island's slider.
    pub(super) days: (String, String),
}

/// Columns by which ties are sorted.
pub(super) const COLUMNS: [&str; 7] = ["from", "word", "to", "strength", "count", "money", "last"];

/// What the list of things shows at most: beyond, the table of ties and the filter lead on.
pub(super) const MOST_ROWS: usize = 200;

/// An address of the same chart with something changed.
pub(super) fn with(asked: &Asked, starts: &[Key], change: impl FnOnce(&mut Asked)) -> String {
    let mut next = asked.clone();
    change(&mut next);
    address(&next.carried(starts))
}

/// What is in the chart, the most important first.
pub(super) fn nodes(spoken: &Spoken<'_>, o: &Opened) -> Vec<NodeRow> {
    let ctx = spoken.ctx;
    let hubs = hubs(&o.chosen.graph);
    let graph = &o.chosen.graph;
    let (index, weights) = (graph.index(), weights(graph));
    let mut order: Vec<usize> = (0..graph.nodes().len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(weights.get(*i).copied().unwrap_or(0)));
    let row = |i: &usize| {
        let node = graph.nodes().get(*i)?;
        Some(NodeRow {
            key: node.key.to_string(),
            name: spoken.node(node),
            kind: spoken.kind(node),
            href: node.href.clone(),
            ties: ctx.number(i64::try_from(index.beside.get(*i).map_or(0, Vec::len)).unwrap_or(0)),
            start: node.start,
            acts: acts(ctx, &may(o, &hubs, *i, node)),
        })
    };
    order.iter().take(MOST_ROWS).filter_map(row).collect()
}

/// What can be done with a node: only what changes something.
pub(super) struct May {
    pub(super) open: bool,
    pub(super) shut: bool,
    pub(super) hide: bool,
}

/// Places of nodes on which something hangs that hangs on nothing else: those can be collapsed.
pub(super) fn hubs(graph: &Graph) -> BTreeSet<usize> {
    let index = graph.index();
    let mut all = BTreeSet::new();
    for (node, beside) in graph.nodes().iter().zip(&index.beside) {
        let others: BTreeSet<usize> = beside.iter().map(|(other, _)| *other).collect();
        if let (Some(other), 1, false) = (others.first(), others.len(), node.stays()) {
            all.insert(*other);
        }
    }
    all
}

/// What can be done with the node at a place; for the table and for the picture.
pub(super) fn may(o: &Opened, hubs: &BTreeSet<usize>, place: usize, node: &Node) -> May {
    let wish = &o.asked.wish;
    let (open, shut) = (wish.open.contains(&node.key), wish.shut.contains(&node.key));
    let opens = node.group.as_ref().is_none_or(|g| g.opens) && node.key.kind() != "account";
    May {
        open: shut || (opens && !open && !node.start && !o.opened.contains(&node.key)),
        shut: !shut && node.group.is_none() && (open || hubs.contains(&place)),
        hide: !node.stays(),
    }
}

/// Steps are buttons of one form, which says once what is asked already: an address in each of them was most of a page.
fn acts(ctx: &Ctx, may: &May) -> Vec<(&'static str, String)> {
    [
        (may.open, "open", "chart-act-open"),
        (may.shut, "shut", "chart-act-shut"),
        (may.hide, "hide", "chart-act-hide"),
    ]
    .into_iter()
    .filter(|(may, ..)| *may)
    .map(|(_, step, key)| (step, ctx.t(key)))
    .collect()
}

/// The greatest sum of a tie.
fn greatest(edge: &Edge) -> Option<i64> {
    edge.money.iter().map(|m| m.minor()).max()
}

fn strength(ctx: &Ctx, strength: Strength) -> Status {
    match strength {
        Strength::Proved => Status::new(ctx, "chart-strength-proved", Tone::Green),
        Strength::Reported => Status::new(ctx, "chart-strength-reported", Tone::Blue),
        Strength::Inferred => Status::new(ctx, "chart-strength-inferred", Tone::Grey),
    }
}

/// Ties, filtered by words and sorted; and how many there are.
pub(super) fn edges(
    spoken: &Spoken<'_>,
    o: &Opened,
    (sort, filter): (&Sort, &str),
    most: usize,
) -> (Vec<EdgeRow>, usize) {
    let graph: &Graph = &o.chosen.graph;
    let name = |key: &Key| graph.node(key).map(|n| spoken.node(n)).unwrap_or_default();
    let wanted = filter.trim().to_lowercase();
    let mut all: Vec<(String, String, String, &Edge)> = graph
        .edges()
        .iter()
        .map(|e| (name(&e.from), name(&e.to), spoken.ctx.t(e.word), e))
        .filter(|(from, to, word, _)| {
            wanted.is_empty() || [from, to, word].iter().any(|text| text.to_lowercase().contains(&wanted))
        })
        .collect();
    all.sort_by(|x, y| {
        let (a, b) = (x.3, y.3);
        let by = match sort.column.as_str() {
            "from" => x.0.cmp(&y.0),
            "to" => x.1.cmp(&y.1),
            "word" => x.2.cmp(&y.2),
            "count" => a.count.cmp(&b.count),
            "money" => greatest(a).cmp(&greatest(b)),
            "last" => a.last.cmp(&b.last),
            _ => a.strength.cmp(&b.strength),
        };
        let by = if sort.descending { by.reverse() } else { by };
        by.then_with(|| (&a.from, &a.to, a.word).cmp(&(&b.from, &b.to, b.word)))
    });
    let count = all.len();
    let rows = all.into_iter().take(most).map(|(from, to, word, e)| row(spoken, (from, to, word), e));
    (rows.collect(), count)
}

fn row(spoken: &Spoken<'_>, (from, to, word): (String, String, String), e: &Edge) -> EdgeRow {
    let ctx = spoken.ctx;
    let day = |at: Option<kernel::Timestamp>| {
        at.map(|t| crate::service::day_of(spoken.app, t).to_string()).unwrap_or_default()
    };
    EdgeRow {
        from,
        to,
        word,
        strength: strength(ctx, e.strength),
        count: ctx.number(i64::try_from(e.count).unwrap_or(i64::MAX)),
        money: if e.money.is_empty() { "–".to_owned() } else { spoken.sums(e) },
        first: e.first.map(|t| ctx.time_exact(t)),
        last: e.last.map(|t| ctx.time_exact(t)),
        why: format!("{} {}", e.from, e.to),
        days: (day(e.first), day(e.last)),
    }
}
