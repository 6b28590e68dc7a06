//! Row T3: transfers behind one, asked over HTTP: the search behind a bare route, beside a bare route that says hello. Both routes are
//! on one server and asked by one client, one question after the other, over connections that stay open.

use std::cell::RefCell;
use std::io::Write;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use axum::Json;
use axum::extract::{Path, State};
use axum::routing::get;
use bytes::Bytes;
use flat::{Rules, Scratch, Start, Transfer, Transfers};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::{Deserialize, Serialize};

use crate::clock::Stopwatch;
use crate::harness::{Bar, By, Cost, LEAST_ROUNDS, Round, Row, Verdict};
use crate::stats::Ratio;

/// Most transfers of an answer.
const MOST: usize = 500;
/// Questions of one side of one round.
const QUESTIONS: usize = 2_000;
const DAY: u32 = 86_400;

/// What the server holds.
struct Held {
    graph: Transfers,
    rows: Vec<Transfer>,
}

/// A transfer of an answer.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    id: u32,
    from: u32,
    to: u32,
    at: i64,
    amount: i64,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::default());
}

/// The first transfers behind one, layer by layer, 30 days each.
fn behind(held: &Held, seed: &Transfer) -> Vec<Told> {
    let rules = Rules { limit: MOST, ..Rules::plain(30 * DAY, 6) };
    let start = Start { account: seed.to, at_secs: seed.at_secs };
    let found = SCRATCH.with_borrow_mut(|scratch| held.graph.forward(scratch, start, &rules));
    let row = |id: &u32| held.rows.get(usize::try_from(*id).ok()?);
    let told = |t: &Transfer| Told { id: t.id, from: t.from, to: t.to, at: t.at_secs, amount: t.amount };
    found.ids.iter().filter_map(row).map(told).collect()
}

async fn trail(State(held): State<Arc<Held>>, Path(id): Path<usize>) -> Json<Vec<Told>> {
    Json(held.rows.get(id).map(|seed| behind(&held, seed)).unwrap_or_default())
}

type Asking = Client<HttpConnector, Full<Bytes>>;

async fn ask(client: &Asking, address: &str) -> anyhow::Result<Bytes> {
    let answer = client.request(http::Request::get(address).body(Full::default())?).await?;
    ensure!(answer.status().is_success(), "{address} gives {}", answer.status());
    Ok(answer.into_body().collect().await?.to_bytes())
}

async fn side(client: &Asking, addresses: &[String]) -> anyhow::Result<Cost> {
    let mut all = Vec::with_capacity(QUESTIONS);
    for address in addresses.iter().cycle().take(QUESTIONS) {
        let watch = Stopwatch::start();
        ask(client, address).await?;
        all.push(watch.nanoseconds());
    }
    Ok(Cost::of_each(&all))
}

/// Measures the row.
///
/// # Errors
/// An answer that is not what the search gives.
pub fn run(
    accounts: u32,
    rows: &[Transfer],
    seeds: &[Transfer],
    rounds: usize,
    out: &mut dyn Write,
) -> anyhow::Result<Verdict> {
    let held =
        Arc::new(Held { graph: Transfers::build(accounts, rows.iter().copied())?, rows: rows.to_vec() });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let measured = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let at = format!("http://{}", listener.local_addr()?);
        let router = axum::Router::new()
            .route("/hello", get(|| async { "hello" }))
            .route("/trail/{id}", get(trail))
            .with_state(Arc::clone(&held));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        let client: Asking = Client::builder(TokioExecutor::new()).build_http();
        let mut found = 0;
        for seed in seeds {
            let told: Vec<Told> =
                serde_json::from_slice(&ask(&client, &format!("{at}/trail/{}", seed.id)).await?)?;
            ensure!(told == behind(&held, seed), "transfers behind {} differ over HTTP", seed.id);
            ensure!(told.iter().all(|t| t.at >= seed.at_secs), "one behind {} was earlier", seed.id);
            found += told.len();
        }
        let hello = [format!("{at}/hello")];
        let trails: Vec<String> = seeds.iter().map(|seed| format!("{at}/trail/{}", seed.id)).collect();
        let mut all = Vec::new();
        for _ in 0..rounds.max(LEAST_ROUNDS) {
            all.push(Round { theirs: side(&client, &hello).await?, ours: side(&client, &trails).await? });
        }
        serving.abort();
        anyhow::Ok((all, found.checked_div(seeds.len()).context("no seeds")?))
    })?;
    let (all, mean) = measured;
    writeln!(
        out,
        "\ntransfers behind one over HTTP, at most {MOST}: {mean} found on average, answers equal"
    )?;
    let row = Row {
        id: "T3",
        work: "a question over HTTP, wall time".to_owned(),
        denominator: "bare axum hello on the same server".to_owned(),
        by: By::P50,
        bar: Bar::AtMost(Ratio::times(3)),
    };
    Ok(row.print(out, &all)?)
}
