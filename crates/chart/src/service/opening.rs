//! Opening a chart, and saying why a tie is there. That somebody looked is a record for each thing that it began with or that was opened.

use access::{Action, Kind as Thing, Office, Resource};
use app::App;
use audit::Act;
use kernel::{Actor, Purpose};
use serde_json::json;
use uuid::Uuid;

use super::asked::{Asked, Form};
use super::collecting::{Collected, collect};
use crate::error::ChartError;
use crate::model::{Edge, Key, Node, Place};
use crate::picture::layout::{Line, layout, timeline};
use crate::rules::{Chosen, choose};
use crate::sources::{Cx, Sources};
use crate::store;

/// A path that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Its ends.
    pub ends: (Key, Key),
    /// Its nodes, from one end to the other; empty if there is none.
    pub nodes: Vec<Node>,
}

/// A chart, as it is shown.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What it begins with.
    pub starts: Vec<Key>,
    /// What is shown, and how much there is.
    pub chosen: Chosen,
    /// Where each node stands.
    pub places: Vec<Place>,
    /// Lines, where it is laid out by time.
    pub lines: Vec<Line>,
    /// How many of what was asked for are no longer there, or not for the reader.
    pub gone: usize,
    /// The path that was asked for.
    pub way: Option<Way>,
    /// Whether the reader keeps views and takes charts out.
    pub may_keep: bool,
}

/// Whether somebody works with charts, and which reports they may see.
pub(super) fn office(actor: &Actor) -> Result<Office, ChartError> {
    access::require(actor, Action::ViewChart, &Resource::any(Thing::Chart))?;
    Ok(access::scope(actor, Thing::Report)?.office()?)
}

/// Where somebody's places of a chart lie: a hash of who and of what it begins with.
pub(super) fn place_id(actor: &Actor, starts: &[Key]) -> Uuid {
    let mut sorted: Vec<&str> = starts.iter().map(Key::as_str).collect();
    sorted.sort_unstable();
    report::rules::derived_id("chart.place", &actor.label(), &sorted.join(" ")).uuid()
}

/// Opens a chart.
///
/// # Errors
/// Hidden; nothing that it should begin with is there.
pub async fn open(app: &App, actor: &Actor, sources: &Sources, asked: Asked) -> Result<Opened, ChartError> {
    let office = office(actor)?;
    let (me, who, from) = (app.clone(), actor.clone(), sources.clone());
    let (opened, subjects) = app
        .db
        .read(move |tx| {
            let mut cx = Cx { tx, app: &me, actor: &who, office: &office };
            let all = collect(&mut cx, &from, &asked)?;
            if all.starts.is_empty() && !asked.about.is_empty() {
                return Err(ChartError::NotFound);
            }
            let subjects = subjects(&all);
            let mut pinned = asked.places.clone();
            if pinned.is_empty() && !all.starts.is_empty() {
                pinned = store::places(cx.tx, place_id(&who, &all.starts))?.into_iter().collect();
            }
            Ok::<_, ChartError>((shown(&asked, &pinned, &who, all), subjects))
        })
        .await?;
    record(app, actor, subjects, opened.chosen.graph.nodes().len()).await?;
    Ok(opened)
}

fn shown(
    asked: &Asked,
    pinned: &std::collections::BTreeMap<Key, Place>,
    actor: &Actor,
    all: Collected,
) -> Opened {
    let way = asked.path.clone().zip(all.path.as_ref()).map(|(ends, keys)| Way {
        ends,
        nodes: keys.iter().filter_map(|k| all.graph.node(k).cloned()).collect(),
    });
    let mut graph = all.graph;
    // Of a kept view: what stood there and is nowhere any more.
    let missing = asked.places.keys().filter(|k| k.kind() != "group" && graph.node(k).is_none()).count();
    // What is on the path is shown whatever else is.
    all.path.iter().flatten().for_each(|key| graph.start(key));
    let chosen = choose(graph, &asked.wish);
    let (places, lines) = match asked.form {
        Form::Web => (layout(&chosen.graph, pinned), Vec::new()),
        Form::Time => timeline(&chosen.graph, chosen.span),
    };
    let may_keep = access::allowed(actor, Action::KeepChart, &Resource::any(Thing::Chart));
    Opened { starts: all.starts, chosen, places, lines, gone: all.gone.max(missing), way, may_keep }
}

/// What was opened, as the record names it.
fn subjects(all: &Collected) -> Vec<(&'static str, Uuid)> {
    let word = |key: &Key| {
        Some(match key.kind() {
            "report" => "report",
            "scheme" => "scheme",
            "person" => "person",
            "thing" => "identifier",
            "order" => "order",
            _ => return None,
        })
    };
    let named = all.starts.iter().chain(all.opened.iter().filter(|k| !all.starts.contains(k)));
    named.filter_map(|k| Some((word(k)?, k.uuid()?))).collect()
}

/// Records that a chart was read, once for each thing that was opened.
async fn record(
    app: &App,
    actor: &Actor,
    subjects: Vec<(&'static str, Uuid)>,
    nodes: usize,
) -> Result<(), ChartError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            for (kind, id) in &subjects {
                let read = Act::read("chart.read", kind, *id, Purpose::Investigate);
                me.record(tx, &actor, &Act { facts: json!({"nodes": nodes}), ..read })?;
            }
            Ok(())
        })
        .await
}

/// Why a tie is there.
#[derive(Debug, Clone)]
pub struct Why {
    /// One end.
    pub from: Node,
    /// The other.
    pub to: Node,
    /// All that lies between them, each with what it rests on.
    pub edges: Vec<Edge>,
}

/// Why two things of a chart are tied: as the chart that is asked for shows them.
///
/// # Errors
/// Hidden; one of them is not there; nothing ties them.
pub async fn why(
    app: &App,
    actor: &Actor,
    sources: &Sources,
    asked: Asked,
    (a, b): (Key, Key),
) -> Result<Why, ChartError> {
    let all =
        Asked { wish: crate::rules::Wish { show: crate::rules::MOST_NODES, ..asked.wish.clone() }, ..asked };
    let opened = open(app, actor, sources, all).await?;
    let graph = &opened.chosen.graph;
    let (Some(from), Some(to)) = (graph.node(&a), graph.node(&b)) else { return Err(ChartError::NotFound) };
    let edges: Vec<Edge> = graph
        .edges()
        .iter()
        .filter(|e| (e.from == a && e.to == b) || (e.from == b && e.to == a))
        .cloned()
        .collect();
    if edges.is_empty() {
        return Err(ChartError::NotFound);
    }
    Ok(Why { from: from.clone(), to: to.clone(), edges })
}

/// Keeps where somebody put things in a chart.
///
/// # Errors
/// Hidden.
pub async fn place(
    app: &App,
    actor: &Actor,
    starts: &[Key],
    places: Vec<(Key, Place)>,
) -> Result<(), ChartError> {
    office(actor)?;
    let (id, now) = (place_id(actor, starts), app.office.now());
    app.db.write(move |tx| Ok(store::put_places(tx, id, &places, now)?)).await
}
