//! What a chart knows: what it begins with, what was opened, what lies around, and the cheap ties among all of it. One budget for all of it:
//! where it is spent, the chart says so.

use std::collections::{BTreeMap, BTreeSet};

use db::Tx;

use super::searching::between;
use super::{MOST_STARTS, asked::Asked};
use crate::error::ChartError;
use crate::model::{Edge, Key, Node};
use crate::rules::Graph;
use crate::sources::{Cx, Sources};

/// Reports of which the ties are looked up one by one.
const TIED: usize = 600;
/// Things that open by themselves beside a report or a person, each if so few lie around it.
const BY_ITSELF: usize = 20;
/// Things that are looked at for that.
const LOOKED_AT: usize = 40;
/// Things of one chart that are opened at most.
const OPENED: usize = 120;
/// Nodes from which on nothing more is opened.
const NODES: usize = 20_000;

/// What was collected.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) graph: Graph,
    /// What it begins with.
    pub(super) starts: Vec<Key>,
    /// How many of what was asked for are no longer there, or not for the reader.
    pub(super) gone: usize,
    /// The path that was asked for.
    pub(super) path: Option<Found>,
    /// Everything that was opened.
    pub(super) opened: BTreeSet<Key>,
    /// The ends of the path and what is on it, for the record.
    pub(super) on_way: BTreeSet<Key>,
    /// Whether the budget was spent before everything was opened.
    pub(super) cut: bool,
    /// Ties that were told already: what two sources say from both ends is one.
    pub(super) told: Told,
    /// Of each scheme that was opened: what came with it.
    pub(super) came: Vec<BTreeSet<Key>>,
}

/// A path that was looked for.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Its nodes; none if there is none.
    pub(super) keys: Vec<Key>,
    /// Whether something was passed over on the search, because it is a crowd or too much lies around.
    pub(super) passed_over: bool,
}

/// By its ends, what it says, and who says so.
pub(super) type Told = BTreeSet<(Key, Key, &'static str, String)>;

pub(super) fn name(edge: &Edge) -> (Key, Key, &'static str, String) {
    let (a, b) =
        if edge.directed || edge.from <= edge.to { (&edge.from, &edge.to) } else { (&edge.to, &edge.from) };
    let by = edge.evidence.first().map(|e| format!("{} {}", e.word, e.label)).unwrap_or_default();
    (a.clone(), b.clone(), edge.word, by)
}

/// Those that were not told before; several that are told at once are several.
pub(super) fn fresh(told: &mut Told, edges: Vec<Edge>) -> Vec<Edge> {
    let new: Vec<Edge> = edges.into_iter().filter(|e| !told.contains(&name(e))).collect();
    told.extend(new.iter().map(name));
    new
}

/// A key as it is called today: what it names, or hangs on, may have become part of another.
pub(super) fn today(tx: &mut Tx<'_>, sources: &Sources, key: &Key) -> Result<Key, ChartError> {
    let inner = key.inner();
    let (Some(source), Some(id)) = (sources.of(inner.kind()), inner.uuid()) else { return Ok(key.clone()) };
    let now = source.today(tx, id)?;
    Ok(if now == id { key.clone() } else { key.hung_on(&inner, &Key::of(inner.kind(), now)) })
}

/// What is asked with all of its keys as they are called today. Where two things are one by now, it stands where that one stood.
pub(super) fn asked_today(tx: &mut Tx<'_>, sources: &Sources, asked: Asked) -> Result<Asked, ChartError> {
    let mut now = asked;
    for word in &mut now.about {
        if let Some(key) = Key::parse(word) {
            *word = today(tx, sources, &key)?.to_string();
        }
    }
    let wish = &mut now.wish;
    for set in [&mut wish.open, &mut wish.shut, &mut wish.hidden] {
        for key in std::mem::take(set) {
            set.insert(today(tx, sources, &key)?);
        }
    }
    if let Some((a, b)) = &mut now.path {
        (*a, *b) = (today(tx, sources, a)?, today(tx, sources, b)?);
    }
    let mut moved = BTreeMap::new();
    for (key, place) in std::mem::take(&mut now.places) {
        let called = today(tx, sources, &key)?;
        if called == key {
            now.places.insert(key, place);
        } else {
            moved.entry(called).or_insert(place);
        }
    }
    for (key, place) in moved {
        now.places.entry(key).or_insert(place);
    }
    Ok(now)
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

/// One thing, if the actor may see it.
pub(super) fn node(cx: &mut Cx<'_, '_>, sources: &Sources, key: &Key) -> Result<Option<Node>, ChartError> {
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

/// Opens a thing into the graph, while there is budget.
fn open(cx: &mut Cx<'_, '_>, sources: &Sources, into: &mut Collected, key: &Key) -> Result<(), ChartError> {
    if into.opened.contains(key) {
        return Ok(());
    }
    if into.opened.len() >= OPENED || into.graph.nodes().len() >= NODES {
        into.cut = true;
        return Ok(());
    }
    into.opened.insert(key.clone());
    let (nodes, edges) = around(cx, sources, key)?;
    if key.kind() == "scheme" {
        into.came.push(nodes.iter().map(|n| n.key.clone()).chain([key.clone()]).collect());
    }
    nodes.into_iter().for_each(|n| into.graph.add(n));
    fresh(&mut into.told, edges).into_iter().for_each(|e| into.graph.tie(e));
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
        open(cx, sources, &mut all, &key)?;
    }
    for key in asked.wish.open.iter().filter(|k| k.kind() != "group") {
        match node(cx, sources, key)? {
            Some(found) => {
                all.graph.add(found);
                open(cx, sources, &mut all, key)?;
            }
            // What only the trail of a report knows comes and goes with it.
            None if sources.of(key.kind()).is_some() => all.gone = all.gone.saturating_add(1),
            None => {}
        }
    }
    by_itself(cx, sources, &mut all)?;
    if let Some((a, b)) = &asked.path {
        let wish = asked.wish(cx.app);
        all.path = Some(between(cx, sources, &mut all, ((a, b), &wish))?);
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
        let mut crowded = false;
        for source in sources.iter() {
            crowded |= source.crowded(cx, &key, BY_ITSELF)?;
        }
        if !crowded {
            open(cx, sources, all, &key)?;
        }
    }
    Ok(())
}

/// Kinds whose ties to a report come with its scheme.
const WITH_A_SCHEME: [&str; 2] = ["thing", "scheme"];

impl Collected {
    /// Reports that came with a scheme where nothing is drawn to which they may have a tie that was not told: the scheme told how they are
    /// tied to what it shares; whatever else is there was opened and has told itself who names it. To ask them one by one took most of the
    /// time of a large scheme's chart.
    fn tied(&self) -> BTreeSet<Key> {
        let told = |key: &Key| match key.kind() {
            // A report has one scheme.
            "scheme" => true,
            // Of one that very many name not everybody was told.
            "thing" => {
                let crowd = Key::named("group", &format!("naming~{key}"));
                self.opened.contains(key) && self.graph.node(&crowd).is_none()
            }
            _ => false,
        };
        let mut all = BTreeSet::new();
        for came in &self.came {
            let mut others = self.graph.nodes().iter().map(|n| &n.key);
            if others.all(|k| !WITH_A_SCHEME.contains(&k.kind()) || came.contains(k) || told(k)) {
                all.extend(came.iter().filter(|k| k.kind() == "report").cloned());
            }
        }
        all
    }
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
    let tied = all.tied();
    for key in loose {
        for source in sources.iter() {
            if WITH_A_SCHEME.contains(&source.kind()) && tied.contains(&key) {
                continue;
            }
            let mut edges = source.ties(cx, &key)?;
            edges.retain(|e| all.graph.node(&e.from).is_some() && all.graph.node(&e.to).is_some());
            fresh(&mut all.told, edges).into_iter().for_each(|e| all.graph.tie(e));
        }
    }
    Ok(())
}

/// What was asked, without what the reader cannot see: its ids are not said again. What it begins with is named by key.
pub(super) fn cleaned(
    cx: &mut Cx<'_, '_>,
    sources: &Sources,
    (asked, all): (&Asked, &Collected),
) -> Result<Asked, ChartError> {
    let mut clean = asked.clone();
    if !all.starts.is_empty() {
        clean.about = all.starts.iter().map(ToString::to_string).collect();
    }
    let wish = &mut clean.wish;
    // What the chart begins with is open anyway.
    wish.open.retain(|key| !all.starts.contains(key));
    for set in [&mut wish.open, &mut wish.shut, &mut wish.hidden] {
        let mut kept = BTreeSet::new();
        for key in std::mem::take(set) {
            if there(cx, sources, all, &key)? {
                kept.insert(key);
            }
        }
        *set = kept;
    }
    if let Some((a, b)) = &asked.path
        && !(there(cx, sources, all, a)? && there(cx, sources, all, b)?)
    {
        clean.path = None;
    }
    Ok(clean)
}

/// Whether something, or what it hangs on, is there for the reader.
fn there(cx: &mut Cx<'_, '_>, sources: &Sources, all: &Collected, key: &Key) -> Result<bool, ChartError> {
    let inner = key.inner();
    // A group of what is alike hangs on nothing, and holds no id.
    if inner.kind() == "group" || all.graph.node(&inner).is_some() {
        return Ok(true);
    }
    Ok(node(cx, sources, &inner)?.is_some())
}
