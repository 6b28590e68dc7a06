//! What is too many to be read is put together: what hangs on one node alone, and what has the same kind, region, institution, day.
//! A group tells how many it holds and opens.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Graph;
use crate::model::{Edge, GroupOf, Key, Node, Trait};

/// A node on which more things of one kind hang than this shows them as one.
pub const HUB: usize = 200;
/// From so many nodes on what is alike is put together.
pub const AGGREGATE_FROM: usize = 200;
/// So many nodes are drawn one by one where somebody asks for all; beyond, what is alike is put together whatever is asked.
pub const MOST_NODES: usize = 5_000;
/// So many make a group.
const LEAST: usize = 3;

/// Puts together what hangs on one node alone, where that is more than `most` of one kind. Nothing of `open` is touched: neither a start,
/// nor what somebody opened, nor a group that was.
#[must_use]
pub fn crowds(graph: Graph, most: usize, open: &BTreeSet<Key>) -> Graph {
    let index = graph.index();
    let mut hanging: BTreeMap<(usize, &'static str), Vec<usize>> = BTreeMap::new();
    for (i, node) in graph.nodes().iter().enumerate() {
        if node.stays() || node.group.is_some() || open.contains(&node.key) {
            continue;
        }
        let others: BTreeSet<usize> = index.beside.get(i).into_iter().flatten().map(|(o, _)| *o).collect();
        if let (Some(other), 1) = (others.first(), others.len()) {
            hanging.entry((*other, node.word)).or_default().push(i);
        }
    }
    let mut into: BTreeMap<Key, (Key, GroupOf)> = BTreeMap::new();
    for ((hub, word), all) in hanging {
        let Some(hub) = graph.nodes().get(hub).filter(|_| all.len() > most) else { continue };
        // What has something in common is put together by that, in the next step.
        let group = Key::named("group", &format!("on~{word}~{}", hub.key));
        let alike = all.iter().any(|i| graph.nodes().get(*i).is_some_and(|n| !n.traits.is_empty()));
        if alike || open.contains(&group) {
            continue;
        }
        for i in all {
            if let Some(node) = graph.nodes().get(i) {
                let of = GroupOf { word, traits: Vec::new(), opens: true };
                into.insert(node.key.clone(), (group.clone(), of));
            }
        }
    }
    put(graph, &into)
}

/// Puts together what is alike till at most `most` nodes are left, the largest groups first; a group that somebody opened is parted by the
/// next thing that its members have in common.
#[must_use]
pub fn gather(graph: Graph, most: usize, open: &BTreeSet<Key>) -> Graph {
    let count = graph.nodes().len();
    if count <= most {
        return graph;
    }
    let mut groups: BTreeMap<Key, (GroupOf, Vec<usize>)> = BTreeMap::new();
    for (i, node) in graph.nodes().iter().enumerate() {
        if node.stays() || node.group.is_some() || open.contains(&node.key) {
            continue;
        }
        if let Some((key, of)) = home(node, open) {
            groups.entry(key).or_insert_with(|| (of, Vec::new())).1.push(i);
        }
    }
    let mut by_size: Vec<(&Key, &(GroupOf, Vec<usize>))> =
        groups.iter().filter(|(_, (_, all))| all.len() >= LEAST).collect();
    by_size.sort_by(|(a, (_, x)), (b, (_, y))| y.len().cmp(&x.len()).then_with(|| a.cmp(b)));
    // Of one kind and one sort all groups or none: a map of some regions and single reports of others misleads.
    let mut into: BTreeMap<Key, (Key, GroupOf)> = BTreeMap::new();
    let mut left = count;
    let mut sorts: BTreeSet<(&'static str, Option<&'static str>)> = BTreeSet::new();
    for (_, (of, _)) in &by_size {
        let sort = (of.word, of.traits.last().map(|t| t.what));
        if left <= most || !sorts.insert(sort) {
            continue;
        }
        for (key, (of, all)) in
            by_size.iter().filter(|(_, (of, _))| (of.word, of.traits.last().map(|t| t.what)) == sort)
        {
            left = left.saturating_sub(all.len()).saturating_add(1);
            for i in all {
                if let Some(node) = graph.nodes().get(*i) {
                    into.insert(node.key.clone(), ((*key).clone(), of.clone()));
                }
            }
        }
    }
    put(graph, &into)
}

/// The group of a node: by as few of its traits as no opened group goes by; `None` if all of them were opened.
fn home(node: &Node, open: &BTreeSet<Key>) -> Option<(Key, GroupOf)> {
    (1..=node.traits.len()).find_map(|n| {
        let traits: Vec<Trait> = node.traits.iter().take(n).cloned().collect();
        let key = group_key(node.word, &traits);
        let opened = open.contains(&key);
        (!opened).then_some((key, GroupOf { word: node.word, traits, opens: true }))
    })
}

fn group_key(word: &str, traits: &[Trait]) -> Key {
    let parts: Vec<String> = traits
        .iter()
        .map(|t| format!("{}={}", t.what, if t.code.is_empty() { "-" } else { &t.code }).replace('=', "."))
        .collect();
    Key::named("group", &format!("of~{word}~{}", parts.join("|")))
}

/// Puts nodes into their groups: counts, sums and ties go with them.
fn put(graph: Graph, into: &BTreeMap<Key, (Key, GroupOf)>) -> Graph {
    if into.is_empty() {
        return graph;
    }
    let (nodes, edges) = graph.parts();
    let mut groups: BTreeMap<Key, Node> = BTreeMap::new();
    let mut out = Graph::default();
    for node in nodes {
        let Some((key, of)) = into.get(&node.key) else {
            out.add(node);
            continue;
        };
        let group = groups.entry(key.clone()).or_insert_with(|| Node {
            group: Some(of.clone()),
            count: 0,
            ..Node::new(key.clone(), of.word, "group", "")
        });
        group.count = group.count.saturating_add(node.count);
    }
    groups.into_values().for_each(|group| out.add(group));
    let home = |key: &Key| into.get(key).map_or_else(|| key.clone(), |(group, _)| group.clone());
    for edge in edges {
        out.tie(Edge { from: home(&edge.from), to: home(&edge.to), ..edge });
    }
    out.merge_groups();
    out
}
