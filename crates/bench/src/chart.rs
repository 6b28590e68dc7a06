//! The link chart: where five thousand nodes stand and what is sent of them (processor time), and how long the browser takes from
//! that to the first full picture, beside cytoscape with the same graph at the same places in the same browser.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use chart::Sources;
use chart::model::{Edge, Evidence, Key, Node, Strength};
use chart::picture::layout::layout;
use chart::rules::{Graph, Wish, choose};
use kernel::Entropy;
use serde_json::{Value, json};

use crate::clock::Cpu;
use crate::harness::{Verdict, worst};
use crate::stats;

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Nodes.
    #[arg(long, default_value_t = 5_000)]
    pub nodes: usize,
    /// Ties.
    #[arg(long, default_value_t = 8_000)]
    pub edges: usize,
    /// The folder with the web sources and what npm installed there.
    #[arg(long, default_value = "web")]
    pub web: PathBuf,
}

/// The bar: a second from data to picture, layout included.
const BAR_NS: u64 = 1_000_000_000;
const ROUNDS: usize = 5;

/// A graph as frauds make them: things that many reports name, chains of money, and what hangs together by accident.
fn invented(nodes: usize, edges: usize) -> Graph {
    let dice = Entropy::seeded(4_711);
    let draw =
        |most: usize| usize::try_from(dice.below(u64::try_from(most.max(1)).unwrap_or(1))).unwrap_or(0);
    let looks = ["report", "phone", "account", "site", "person"];
    let key = |n: usize| Key::named("thing", &format!("{n}"));
    let mut graph = Graph::default();
    for n in 0..nodes {
        let look = looks.get(n % looks.len()).copied().unwrap_or("plain");
        let mut node = Node::new(key(n), "chart-kind-report", look, format!("R-2026-{n:08}"));
        node.start = n == 0;
        graph.add(node);
    }
    let strength = |n: usize| Strength::ALL.get(n % 3).copied().unwrap_or(Strength::Reported);
    for n in 1..nodes {
        // Most hang on one of few, some on the one before.
        let other = if n % 3 == 0 { n - 1 } else { draw(n.min(nodes / 20).max(1)) };
        graph.tie(Edge::new(
            &key(n),
            &key(other),
            "chart-edge-named",
            Evidence::new("chart-why-told", strength(n)),
        ));
    }
    for n in nodes..=edges {
        let (a, b) = (draw(nodes), draw(nodes));
        graph.tie(Edge::new(
            &key(a),
            &key(b),
            "chart-edge-named",
            Evidence::new("chart-why-told", strength(n)),
        ));
    }
    graph.merge();
    graph
}

/// What the page hands the island.
fn told(graph: &Graph, looks: &BTreeMap<&'static str, chart::model::Look>) -> Value {
    let places = layout(graph, &BTreeMap::new());
    let nodes: Vec<Value> = graph
        .nodes()
        .iter()
        .zip(&places)
        .map(|(n, p)| {
            json!([n.key.as_str(), n.label, "kind", n.look, p.x, p.y, n.count, n.href, u8::from(n.start) | 2])
        })
        .collect();
    let edges: Vec<Value> = graph
        .edges()
        .iter()
        .filter_map(|e| {
            let strength = Strength::ALL.iter().position(|s| *s == e.strength)?;
            Some(json!([graph.at(&e.from)?, graph.at(&e.to)?, e.word, strength, e.count, 0, null, null]))
        })
        .collect();
    let looks: serde_json::Map<String, Value> =
        looks.values().map(|l| (l.name.to_owned(), json!([l.shape, l.icon]))).collect();
    json!({"nodes": nodes, "edges": edges, "looks": looks})
}

/// Runs it.
///
/// # Errors
/// What cannot be run.
pub fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<Verdict> {
    let graph = invented(options.nodes, options.edges);
    let wish = Wish { show: options.nodes, group: false, ..Wish::default() };
    let looks = Sources::default().looks().0;
    let mut spent = Vec::new();
    let mut text = String::new();
    for _ in 0..ROUNDS {
        let copy = graph.clone();
        let (made, ns) =
            Cpu::this_thread()?.during(|| told(&choose(copy, &wish).graph, &looks).to_string())?;
        anyhow::ensure!(text.is_empty() || text == made, "the same graph stood elsewhere");
        text = made;
        spent.push(ns);
    }
    let layout_ns = stats::median(&spent);
    let judged = |ns: u64| if ns < BAR_NS { Verdict::Met } else { Verdict::Missed };
    writeln!(
        out,
        "Link chart, layout: {} nodes, {} ties: chosen, laid out, written as JSON ({} bytes)",
        graph.nodes().len(),
        graph.edges().len(),
        text.len()
    )?;
    writeln!(
        out,
        "    figure      {:>10}  processor time, median of {ROUNDS} rounds; bar < 1 s: {}",
        stats::time(layout_ns),
        judged(layout_ns)
    )?;
    let drawn = match draw(&options.web, &text) {
        Ok(drawn) => drawn,
        Err(needs) => {
            writeln!(
                out,
                "Link chart, picture: NOT RUN: needs node, Chromium and `npm ci` in {}: {needs:#}",
                options.web.display()
            )?;
            return Ok(judged(layout_ns));
        }
    };
    let side = |name: &str| -> anyhow::Result<Vec<u64>> {
        let all = drawn.get(name).and_then(Value::as_array).context("no figures")?;
        all.iter().map(|ms| nanoseconds(ms.as_f64().context("no number")?)).collect()
    };
    let (ours, theirs) = (side("ours")?, side("theirs")?);
    let (mine, other) = (stats::median(&ours), stats::median(&theirs));
    writeln!(
        out,
        "Link chart, picture: from that JSON to the first full picture in headless Chromium, 1440 x 900"
    )?;
    writeln!(out, "    figure      {:>10}  own canvas, median of {} rounds", stats::time(mine), ours.len())?;
    writeln!(
        out,
        "    denominator {:>10}  cytoscape, the same graph at the same places",
        stats::time(other)
    )?;
    let ratio = other.saturating_mul(100).checked_div(mine.max(1)).unwrap_or(0);
    writeln!(out, "    ratio       {:>7}.{:02}x", ratio / 100, ratio % 100)?;
    let whole = mine.saturating_add(layout_ns);
    writeln!(out, "    both        {:>10}  bar < 1 s: {}", stats::time(whole), judged(whole))?;
    Ok(worst(&[judged(layout_ns), judged(whole)]))
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::float_arithmetic,
    reason = "milliseconds that a browser told, bounded in the same line"
)]
fn nanoseconds(ms: f64) -> anyhow::Result<u64> {
    anyhow::ensure!(ms.is_finite() && (0.0..1e9).contains(&ms), "`{ms}` is no time");
    Ok((ms * 1_000_000.0) as u64)
}

fn draw(web: &Path, text: &str) -> anyhow::Result<Value> {
    let script = web.join("tests/chart-bench.mjs");
    anyhow::ensure!(script.is_file(), "`{}` is missing", script.display());
    let file = std::env::temp_dir().join(format!("qorgan-chart-{}.json", std::process::id()));
    std::fs::write(&file, text)?;
    let run = Command::new("node").arg(&script).arg(&file).output();
    std::fs::remove_file(&file)?;
    let run = run?;
    anyhow::ensure!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr).lines().take(6).collect::<Vec<_>>().join(" | ")
    );
    Ok(serde_json::from_slice(&run.stdout)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_one_stands_and_is_told() {
        let graph = invented(60, 90);
        let told = told(&graph, &Sources::default().looks().0);
        assert_eq!(told["nodes"].as_array().unwrap().len(), 60);
        assert_eq!(told["edges"].as_array().unwrap().len(), graph.edges().len());
    }
}
