//! What a chart knows: what it begins with, what was opened, what lies around, and the cheap ties among all of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{MOST_STARTS, asked::Asked};
use crate::error::ChartError;
use crate::model::{Edge, Key, Node};
use crate::rules::{Graph, WITHIN, path};
use crate::sources::{Cx, Sources};

/// Reports of which the ties are looked up one by one.
const TIED: usize = 600;
/// Things that open by themselves beside a report or a person, each if so few lie around it.
const BY_ITSELF: usize = 20;
/// Things that are looked at for that.
const LOOKED_AT: usize = 40;
/// Things that are opened on the search for a path.
const SEARCHED: usize = 160;
/// Nodes that such a search takes in.
const SEARCHED_NODES: usize = 6_000;

/// What was collected.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) graph: Graph,
    /// What it begins with.
    pub(super) starts: Vec<Key>,
    /// How many of what was asked for are no longer there, or not for the reader.
    pub(super) gone: usize,
    /// The path that was asked for: its nodes. Empty if there is none.
    pub(super) path: Option<Vec<Key>>,
    /// Everything that was opened, for the record.
    pub(super) opened: BTreeSet<Key>,
    /// Ties that were told already: what two sources say from both ends is one.
    told: Told,
}

/// By its ends, what it says, and who says so.
type Told = BTreeSet<(Key, Key, &'static str, String)>;

fn name(edge: &Edge) -> (Key, Key, &'static str, String) {
    let (a, b) =
        if edge.directed || edge.from <= edge.to { (&edge.from, &edge.to) } else { (&edge.to, &edge.from) };
    let by = edge.evidence.first().map(|e| format!("{} {}", e.word, e.label)).unwrap_or_default();
    (a.clone(), b.clone(), edge.word, by)
}

/// Those that were not told before; several that are told at once are several.
fn fresh(told: &mut Told, edges: Vec<Edge>) -> Vec<Edge> {
    let new: Vec<Edge> = edges.into_iter().filter(|e| !told.contains(&name(e))).collect();
    told.extend(new.iter().map(name));
    new
}

/// The key of what somebody wrote.
fn find(cx: &mut Cx<'_, '_>, sources: &Sources, word: &str) -> Result<Option<Key>, ChartError> {
    if let Some(key) = Key::parse(word).filter(|k| k.uuid().is_some()) {
        return Ok(Some(key));
    }
    let Some((kind, rest)) = word.split_once(':') else { return Ok(None) };
    match sources.of(kind) {
        Some(source) => source.find(cx, rest),
        None => Ok(None),
    }
}

fn node(cx: &mut Cx<'_, '_>, sources: &Sources, key: &Key) -> Result<Option<Node>, ChartError> {
    match sources.of(key.kind()) {
        Some(source) => source.node(cx, key),
        None => Ok(None),
    }
}

/// What all sources know around a thing.
fn around(cx: &mut Cx<'_, '_>, sources: &Sources, key: &Key) -> Result<(Vec<Node>, Vec<Edge>), ChartError> {
    let (mut nodes, mut edges) = (Vec::new(), Vec::new());
    for source in sources.iter() {
        let more = source.around(cx, key)?;
        nodes.extend(more.nodes);
        edges.extend(more.edges);
    }
    Ok((nodes, edges))
}

/// Opens a thing into the graph.
fn open(
    cx: &mut Cx<'_, '_>,
    sources: &Sources,
    into: &mut Collected,
    key: &Key,
    most: usize,
) -> Result<(), ChartError> {
    if !into.opened.insert(key.clone()) {
        return Ok(());
    }
    let (nodes, edges) = around(cx, sources, key)?;
    if nodes.len() <= most {
        nodes.into_iter().for_each(|n| into.graph.add(n));
        fresh(&mut into.told, edges).into_iter().for_each(|e| into.graph.tie(e));
    }
    Ok(())
}

/// Collects what is asked for.
pub(super) fn collect(
    cx: &mut Cx<'_, '_>,
    sources: &Sources,
    asked: &Asked,
) -> Result<Collected, ChartError> {
    let mut all = Collected::default();
    for word in asked.about.iter().take(MOST_STARTS) {
        let found = match find(cx, sources, word)? {
            Some(key) => node(cx, sources, &key)?,
            None => None,
        };
        match found {
            Some(mut found) => {
                found.start = true;
                if !all.starts.contains(&found.key) {
                    all.starts.push(found.key.clone());
                }
                all.graph.add(found);
            }
            None => all.gone = all.gone.saturating_add(1),
        }
    }
    for key in all.starts.clone() {
        open(cx, sources, &mut all, &key, usize::MAX)?;
    }
    for key in asked.wish.open.iter().filter(|k| k.kind() != "group") {
        match node(cx, sources, key)? {
            Some(found) => {
                all.graph.add(found);
                open(cx, sources, &mut all, key, usize::MAX)?;
            }
            // What only the trail of a report knows comes and goes with it.
            None if sources.of(key.kind()).is_some() => all.gone = all.gone.saturating_add(1),
            None => {}
        }
    }
    by_itself(cx, sources, &mut all)?;
    if let Some((a, b)) = &asked.path {
        all.path = Some(between(cx, sources, &mut all, (a, b))?);
    }
    tie(cx, sources, &mut all)?;
    all.graph.merge();
    Ok(all)
}

/// Beside a report or a person, what it names shows who else names it, where those are few.
fn by_itself(cx: &mut Cx<'_, '_>, sources: &Sources, all: &mut Collected) -> Result<(), ChartError> {
    if !all.starts.iter().any(|k| matches!(k.kind(), "report" | "person")) {
        return Ok(());
    }
    let near: Vec<Key> = all
        .graph
        .nodes()
        .iter()
        .filter(|n| !n.start && n.key.kind() == "thing")
        .map(|n| n.key.clone())
        .take(LOOKED_AT)
        .collect();
    for key in near {
        open(cx, sources, all, &key, BY_ITSELF)?;
    }
    Ok(())
}

/// Cheap ties of what is there already.
fn tie(cx: &mut Cx<'_, '_>, sources: &Sources, all: &mut Collected) -> Result<(), ChartError> {
    // Those of a scheme came with it: a chart that is larger than this has its ties.
    let loose: Vec<Key> = all
        .graph
        .nodes()
        .iter()
        .filter(|n| n.group.is_none() && !all.opened.contains(&n.key))
        .map(|n| n.key.clone())
        .take(TIED)
        .collect();
    for key in loose {
        for source in sources.iter() {
            let mut edges = source.ties(cx, &key)?;
            edges.retain(|e| all.graph.node(&e.from).is_some() && all.graph.node(&e.to).is_some());
            fresh(&mut all.told, edges).into_iter().for_each(|e| all.graph.tie(e));
        }
    }
    Ok(())
}

/// Looks for a path, opening what lies around both ends, the nearest first; what is on it joins the chart. Empty if there is none of at
/// most [`WITHIN`] ties, as far as was looked.
fn between(
    cx: &mut Cx<'_, '_>,
    sources: &Sources,
    all: &mut Collected,
    (a, b): (&Key, &Key),
) -> Result<Vec<Key>, ChartError> {
    let mut found = Graph::default();
    for key in [a, b] {
        let known = all.graph.node(key).cloned();
        let Some(end) = (match known {
            Some(end) => Some(end),
            None => node(cx, sources, key)?,
        }) else {
            return Ok(Vec::new());
        };
        found.add(end);
    }
    all.graph.nodes().iter().for_each(|n| found.add(n.clone()));
    all.graph.edges().iter().for_each(|e| found.tie(e.clone()));
    let mut told = all.told.clone();
    let mut waits: VecDeque<(Key, usize)> = [(a.clone(), 0), (b.clone(), 0)].into();
    let mut seen: BTreeMap<Key, usize> = BTreeMap::new();
    let mut best = None;
    while let Some((key, far)) = waits.pop_front() {
        if seen.contains_key(&key) || far > WITHIN.div_ceil(2) {
            continue;
        }
        if seen.len() >= SEARCHED || found.nodes().len() > SEARCHED_NODES {
            break;
        }
        seen.insert(key.clone(), far);
        let (nodes, edges) = around(cx, sources, &key)?;
        for node in nodes {
            // Through a crowd everybody is tied to everybody.
            if node.group.is_none() {
                waits.push_back((node.key.clone(), far.saturating_add(1)));
                found.add(node);
            }
        }
        fresh(&mut told, edges).into_iter().for_each(|e| found.tie(e));
        if seen.len().is_multiple_of(8) || waits.is_empty() {
            let mut now = found.clone();
            now.merge();
            best = path(&now, a, b).map(|(keys, _)| (keys, now));
            if best.is_some() {
                break;
            }
        }
    }
    if best.is_none() {
        found.merge();
        best = path(&found, a, b).map(|(keys, _)| (keys, found));
    }
    let Some((keys, graph)) = best else { return Ok(Vec::new()) };
    let on: BTreeSet<&Key> = keys.iter().collect();
    // The graph of the search holds all that the chart knew: of it stays what the chart had and what is on the path, with every tie among it.
    let known = std::mem::take(&mut all.graph);
    all.graph = graph.keep(|_, n| on.contains(&n.key) || known.node(&n.key).is_some());
    all.told = told;
    Ok(keys)
}
