//! Opening a chart, and saying why a tie is there. That somebody looked is a record for each thing that it began with or that was opened, and
//! for the ends of a path and what is on it.

use std::collections::{BTreeMap, BTreeSet};

use access::{Action, Kind as Thing, Office, Resource};
use app::App;
use audit::Act;
use db::DbError;
use kernel::{Actor, Purpose};
use serde_json::json;
use uuid::Uuid;

use super::asked::{Asked, Form};
use super::collecting::{Collected, asked_today, cleaned, collect, node, today};
use super::{MOST_PLACED, MOST_STARTS};
use crate::error::ChartError;
use crate::model::{Edge, Key, Node, Place};
use crate::picture::layout::layout;
use crate::picture::time::{Line, Scale, Timed, timeline};
use crate::rules::{Chosen, MOST_NODES, Wish, choose};
use crate::sources::{Cx, Sources};
use crate::store;

/// A path that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Its ends.
    pub ends: (Key, Key),
    /// Its nodes, from one end to the other; empty if there is none.
    pub nodes: Vec<Node>,
    /// Whether something was passed over on the search: a crowd, or what was too much.
    pub passed_over: bool,
}

/// A chart, as it is shown.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What it begins with.
    pub starts: Vec<Key>,
    /// What was asked, without what the reader cannot see.
    pub asked: Asked,
    /// What is shown, and how much there is.
    pub chosen: Chosen,
    /// Where each node stands.
    pub places: Vec<Place>,
    /// Lines, where it is laid out by time.
    pub lines: Vec<Line>,
    /// From moments to places, where it is laid out by time.
    pub scale: Option<Scale>,
    /// How many of what was asked for are no longer there, or not for the reader. Of somebody else's view no more than whether there are any.
    pub gone: usize,
    /// The path that was asked for.
    pub way: Option<Way>,
    /// Whether the chart is larger than what is read at once.
    pub cut: bool,
    /// What was opened: it has nothing more to show.
    pub opened: BTreeSet<Key>,
    /// Whether the reader keeps views and takes charts out.
    pub may_keep: bool,
    /// What was opened, as the record names it.
    pub(super) subjects: Vec<(&'static str, Uuid)>,
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

/// What was read of a chart, still to be chosen from and laid out.
struct Read {
    all: Collected,
    asked: Asked,
    wish: Wish,
    pinned: BTreeMap<Key, Place>,
    may_keep: bool,
}

/// Reads a chart: that alone is done while a reader of the database is held.
async fn read(app: &App, actor: &Actor, sources: &Sources, asked: Asked) -> Result<Read, ChartError> {
    let office = office(actor)?;
    let (me, who, from) = (app.clone(), actor.clone(), sources.clone());
    app.db
        .read(move |tx| {
            let asked = asked_today(tx, &from, asked.clone())?;
            let mut cx = Cx { tx, app: &me, actor: &who, office: &office };
            let all = collect(&mut cx, &from, &asked)?;
            if all.starts.is_empty() && !asked.about.is_empty() {
                return Err(ChartError::NotFound);
            }
            let clean = cleaned(&mut cx, &from, (&asked, &all))?;
            let mut pinned = asked.places.clone();
            if (pinned.is_empty() || asked.loose) && !all.starts.is_empty() {
                let own = store::places(cx.tx, place_id(&who, &all.starts))?;
                if !own.is_empty() {
                    let own = Asked { places: own.into_iter().collect(), ..Asked::default() };
                    pinned = asked_today(cx.tx, &from, own)?.places;
                }
            }
            let may_keep = access::allowed(&who, Action::KeepChart, &Resource::any(Thing::Chart));
            Ok(Read { all, wish: clean.wish(&me), asked: clean, pinned, may_keep })
        })
        .await
}

/// Works something out beside whoever answers others.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ChartError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| ChartError::Db(DbError::Bug(format!("a chart was not worked out: {error}"))))
}

/// Opens a chart.
///
/// # Errors
/// Hidden; nothing that it should begin with is there.
pub async fn open(app: &App, actor: &Actor, sources: &Sources, asked: Asked) -> Result<Opened, ChartError> {
    let read = read(app, actor, sources, asked).await?;
    let opened = beside(move || shown(read)).await?;
    record(app, actor, &opened.subjects, opened.chosen.graph.nodes().len()).await?;
    Ok(opened)
}

fn shown(read: Read) -> Opened {
    let Read { mut all, asked, wish, pinned, may_keep } = read;
    let subjects = subjects(&all);
    let way = asked.path.clone().zip(all.path.as_ref()).map(|(ends, found)| Way {
        ends,
        nodes: found.keys.iter().filter_map(|k| all.graph.node(k).cloned()).collect(),
        passed_over: found.passed_over,
    });
    // Of a kept view: what stood there and is nowhere any more.
    let stood = asked.places.keys().filter(|k| !asked.loose && k.kind() != "group");
    let missing = stood.filter(|k| all.graph.node(k).is_none()).count();
    let gone = all.gone.max(missing);
    // What is on the path is shown whatever else is.
    let on: Vec<Key> = all.path.take().into_iter().flat_map(|found| found.keys).collect();
    on.iter().for_each(|key| all.graph.way(key));
    let chosen = choose(all.graph, &wish);
    let Timed { places, lines, scale } = match asked.form {
        Form::Web => Timed { places: layout(&chosen.graph, &pinned), ..Timed::default() },
        Form::Time => timeline(&chosen.graph, chosen.span),
    };
    Opened {
        starts: all.starts,
        gone: if asked.others { gone.min(1) } else { gone },
        asked,
        chosen,
        places,
        lines,
        scale,
        way,
        cut: all.cut,
        opened: all.opened,
        may_keep,
        subjects,
    }
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
    let others: BTreeSet<&Key> = all.opened.union(&all.on_way).filter(|k| !all.starts.contains(k)).collect();
    all.starts.iter().chain(others).filter_map(|k| Some((word(k)?, k.uuid()?))).collect()
}

/// Records that a chart was read, once for each thing that was opened.
async fn record(
    app: &App,
    actor: &Actor,
    subjects: &[(&'static str, Uuid)],
    nodes: usize,
) -> Result<(), ChartError> {
    let (me, actor, subjects) = (app.clone(), actor.clone(), subjects.to_vec());
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
    let from = sources.clone();
    let (a, b) =
        app.db.read(move |tx| Ok::<_, ChartError>((today(tx, &from, &a)?, today(tx, &from, &b)?))).await?;
    let read = read(app, actor, sources, asked).await?;
    let named = subjects(&read.all);
    // Nothing is laid out for it.
    let chosen = beside(move || {
        let Read { mut all, wish, .. } = read;
        all.path.into_iter().flat_map(|found| found.keys).for_each(|key| all.graph.way(&key));
        choose(all.graph, &Wish { show: MOST_NODES, ..wish })
    })
    .await?;
    record(app, actor, &named, chosen.graph.nodes().len()).await?;
    let graph = &chosen.graph;
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

/// Keeps where somebody put things in a chart, for themselves.
///
/// # Errors
/// Hidden; something that the chart begins with is not there.
pub async fn place(
    app: &App,
    actor: &Actor,
    sources: &Sources,
    starts: &[Key],
    places: Vec<(Key, Place)>,
) -> Result<(), ChartError> {
    let office = office(actor)?;
    if starts.is_empty() || starts.len() > MOST_STARTS {
        return Err(ChartError::NotFound);
    }
    let (me, who, from, starts) = (app.clone(), actor.clone(), sources.clone(), starts.to_vec());
    let places: Vec<_> =
        places.into_iter().filter(|(k, _)| k.kind() == "group" || sources.of(k.kind()).is_some()).collect();
    app.db
        .write(move |tx| {
            let mut cx = Cx { tx, app: &me, actor: &who, office: &office };
            for key in &starts {
                node(&mut cx, &from, key)?.ok_or(ChartError::NotFound)?;
            }
            let (id, author) = (place_id(&who, &starts), who.label());
            let kept = (me.office.now(), MOST_PLACED);
            Ok(store::put_places(cx.tx, (id, &author, &starts), &places, kept)?)
        })
        .await
}
