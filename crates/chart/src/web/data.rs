//! A chart for the island: plain lists, so that five thousand nodes are small.

use serde_json::{Value, json};
use web::Ctx;

use super::axis::{COARSE, FINE, axis};
use super::table::{hubs, may};
use super::words::Spoken;
use crate::model::{Key, Strength};
use crate::picture::Words as _;
use crate::service::Opened;
use crate::sources::Sources;

/// Words of the island: name and key.
const WORDS: [(&str, &str); 22] = [
    ("selected", "chart-say-selected"),
    ("opened", "chart-say-opened"),
    ("shut", "chart-say-shut"),
    ("hidden", "chart-say-hidden"),
    ("moved", "chart-say-moved"),
    ("undone", "chart-say-undone"),
    ("nothing", "chart-say-nothing"),
    ("failed", "chart-say-failed"),
    ("filtered", "chart-say-filtered"),
    ("saved", "chart-say-taken"),
    ("canvas", "chart-canvas"),
    ("expand", "chart-act-open"),
    ("collapse", "chart-act-shut"),
    ("hide", "chart-act-hide"),
    ("from", "chart-act-from"),
    ("to", "chart-act-to"),
    ("page", "chart-act-page"),
    ("in", "chart-zoom-in"),
    ("out", "chart-zoom-out"),
    ("fit", "chart-zoom-fit"),
    ("undo", "chart-act-undo"),
    ("close", "chart-act-close"),
];

/// The chart as JSON.
pub(super) fn data(ctx: &Ctx, spoken: &Spoken<'_>, sources: &Sources, o: &Opened) -> Value {
    let graph = &o.chosen.graph;
    let hubs = hubs(graph);
    let nodes: Vec<Value> = graph
        .nodes()
        .iter()
        .zip(&o.places)
        .enumerate()
        .map(|(i, (n, p))| {
            // The same acts as in the table, a bit each.
            let may = may(o, &hubs, i, n);
            let state = [n.start, may.open, may.shut, may.hide, n.way, n.at.is_some()];
            let state = state.iter().rev().fold(0_u8, |all, bit| all << 1 | u8::from(*bit));
            let (name, short) = (spoken.node(n), spoken.short(n));
            let short = (short != name).then_some(short);
            json!([n.key.as_str(), name, spoken.kind(n), n.look, p.x, p.y, n.count, n.href, state, short])
        })
        .collect();
    let edges: Vec<Value> = graph
        .edges()
        .iter()
        .filter_map(|e| {
            let (from, to) = (graph.at(&e.from)?, graph.at(&e.to)?);
            let strength = match e.strength {
                Strength::Proved => 0,
                Strength::Reported => 1,
                Strength::Inferred => 2,
            };
            let day = |at: Option<kernel::Timestamp>| at.map(|t| crate::service::day_of(spoken.app, t));
            // By time, a tie between two lines is drawn at its moment.
            let x = o.scale.zip(e.first.or(e.last)).map(|(scale, at)| scale.x_of(at));
            Some(json!([
                from,
                to,
                spoken.edge(e),
                strength,
                e.count,
                u8::from(e.directed),
                day(e.first),
                day(e.last),
                x
            ]))
        })
        .collect();
    let looks: serde_json::Map<String, Value> =
        sources.looks().0.values().map(|l| (l.name.to_owned(), json!([l.shape, l.icon]))).collect();
    let words: serde_json::Map<String, Value> =
        WORDS.iter().map(|(name, key)| ((*name).to_owned(), json!(ctx.t(key)))).collect();
    let asked: Vec<Value> = o.asked.pairs(&o.starts).into_iter().map(|(n, v)| json!([n, v])).collect();
    let lines: Vec<Value> = o.lines.iter().map(|l| json!([l.from, l.to, l.y])).collect();
    let ticks = |most: usize| -> Vec<Value> {
        axis(spoken, o.scale, most).into_iter().map(|t| json!([t.x, t.words])).collect()
    };
    let axis = json!([ticks(COARSE), ticks(FINE)]);
    let starts: Vec<&str> = o.starts.iter().map(Key::as_str).collect();
    // Whether all that there is is shown: then a filter needs no new page.
    let whole = !o.chosen.grouped && o.chosen.all == graph.nodes().len();
    json!({"whole": whole, "saved": o.asked.saved, "nodes": nodes, "edges": edges, "looks": looks, "words": words, "asked": asked, "lines": lines, "axis": axis, "starts": starts})
}
