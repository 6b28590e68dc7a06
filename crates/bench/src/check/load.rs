//! Asking: as much as goes with `wrk`, at a fixed rate from here.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

use super::server::{ONE_IN, Process};
use super::{BATCH, values};
use crate::clock::Stopwatch;
use crate::cluster::Needs;
use crate::harness::Cost;

/// Connections of `wrk`.
const CONNECTIONS: u32 = 32;
/// Different questions that are prepared before the clock runs.
const SINGLE: usize = 100_000;
const MANY: usize = 200;

pub(super) fn probe() -> Result<(), Needs> {
    let found = Command::new("wrk").arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.map(drop).map_err(|_| Needs("`wrk`"))
}

/// Numbers that look like chance and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ (x >> 31)).checked_rem(bound).unwrap_or(0)
    }
}

fn body(dice: &mut Dice, entries: u64, things: usize) -> String {
    let all: Vec<String> = (0..things)
        .map(|_| {
            let (kind, value) = values::value(dice.below(entries * ONE_IN));
            format!(r#"{{"kind":"{}","value":"{value}"}}"#, kind.as_str())
        })
        .collect();
    format!(r#"{{"type":"check.v1","why":"payment","items":[{}]}}"#, all.join(","))
}

/// `wrk`, with what it asks written down.
pub(super) struct Generator {
    single: PathBuf,
    many: PathBuf,
}

impl Generator {
    pub(super) fn new(dir: &Path, node: &Process, entries: u64) -> anyhow::Result<Self> {
        let mut dice = Dice(1);
        let mut script = |name: &str, count: usize, things: usize| -> anyhow::Result<PathBuf> {
            let (questions, script) = (dir.join(format!("{name}.txt")), dir.join(format!("{name}.lua")));
            let mut text = String::new();
            (0..count).try_for_each(|_| writeln!(text, "{}", body(&mut dice, entries, things)))?;
            std::fs::write(&questions, text)?;
            let lua = format!(
                r#"local all, no = {{}}, 0
local headers = {{["Content-Type"] = "application/json", ["Authorization"] = "Bearer {}", ["Host"] = "{}"}}
function init(args)
  for line in io.lines("{}") do all[#all + 1] = wrk.format("POST", "/api/v1/checks", headers, line) end
end
function request()
  no = no % #all + 1
  return all[no]
end
"#,
                node.token(),
                node.address(),
                questions.display()
            );
            std::fs::write(&script, lua)?;
            Ok(script)
        };
        Ok(Self { single: script("single", SINGLE, 1)?, many: script("many", MANY, BATCH)? })
    }

    pub(super) fn hello(&self, side: &Process, seconds: u64) -> anyhow::Result<Cost> {
        wrk(side, None, seconds, 1)
    }
    pub(super) fn single(&self, side: &Process, seconds: u64) -> anyhow::Result<Cost> {
        wrk(side, Some(&self.single), seconds, 1)
    }
    /// By the thing.
    pub(super) fn many(&self, side: &Process, seconds: u64) -> anyhow::Result<Cost> {
        wrk(side, Some(&self.many), seconds, u64::try_from(BATCH)?)
    }
}

fn wrk(side: &Process, script: Option<&Path>, seconds: u64, things: u64) -> anyhow::Result<Cost> {
    let mut command = Command::new("wrk");
    command.args(["-t1", &format!("-c{CONNECTIONS}"), &format!("-d{seconds}s")]);
    if let Some(script) = script {
        command.arg("-s").arg(script);
    }
    let done = command.arg(format!("http://{}/", side.address())).output().context("cannot run `wrk`")?;
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    ensure!(done.status.success(), "wrk: {said}");
    ensure!(!said.contains("Non-2xx") && !said.contains("Socket errors"), "refused or broken: {said}");
    // `  123456 requests in 4.10s, 30.00MB read`
    let line = said.lines().find(|l| l.contains(" requests in ")).context("wrk names no requests")?;
    let (count, rest) = line.trim().split_once(" requests in ").context("wrk names no requests")?;
    let time = rest.split("s,").next().and_then(|t| t.split_once('.')).context("wrk names no time")?;
    let nanoseconds = time.0.parse::<u64>()? * 1_000_000_000 + time.1.parse::<u64>()? * 10_000_000;
    Ok(Cost::of_all(nanoseconds, count.parse::<u64>()? * things))
}

type Asking = Client<HttpConnector, Full<Bytes>>;

fn question(side: &Process, body: String) -> anyhow::Result<http::Request<Full<Bytes>>> {
    if side.token() == "-" {
        return Ok(http::Request::get(format!("http://{}/", side.address())).body(Full::default())?);
    }
    let request = http::Request::post(format!("http://{}/api/v1/checks", side.address()))
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {}", side.token()));
    Ok(request.body(Full::new(body.into()))?)
}

async fn ask(client: &Asking, request: http::Request<Full<Bytes>>) -> anyhow::Result<Bytes> {
    let answer = client.request(request).await?;
    let status = answer.status();
    let body = answer.into_body().collect().await?.to_bytes();
    ensure!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
    Ok(body)
}

/// What the node tells is what it should: of known things that they were reported, of others nothing.
pub(super) fn compare(node: &Process, entries: u64) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let client = Client::builder(TokioExecutor::new()).build_http();
    let mut dice = Dice(2);
    // Every other one is known.
    let numbers: Vec<u64> = (0..500)
        .map(|no: u64| dice.below(entries) * ONE_IN + no % 2 * (1 + dice.below(ONE_IN - 1)))
        .collect();
    let items: Vec<Value> = numbers
        .iter()
        .map(|no| {
            let (kind, value) = values::value(*no);
            json!({"kind": kind.as_str(), "value": value})
        })
        .collect();
    let body = json!({"type": "check.v1", "why": "payment", "items": items}).to_string();
    let answer: Value = serde_json::from_slice(&runtime.block_on(ask(&client, question(node, body)?))?)?;
    let told = answer.get("items").and_then(Value::as_array).context("no items")?;
    ensure!(told.len() == numbers.len(), "{} answers to {} things", told.len(), numbers.len());
    for (no, told) in numbers.iter().zip(told) {
        let expected = if no % ONE_IN == 0 { "reported" } else { "nothing" };
        ensure!(told.get("class").and_then(Value::as_str) == Some(expected), "of {no} it tells {told}");
    }
    Ok(())
}

/// So many a second, whatever comes back; a question's time runs from the moment at which it was due.
pub(super) fn open_loop(side: &Process, rate: u32, seconds: u64) -> anyhow::Result<Cost> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let client: Asking = Client::builder(TokioExecutor::new()).build_http();
    let mut dice = Dice(3);
    let every = Duration::from_secs(1) / rate;
    let watch = Stopwatch::start();
    let all: Vec<u64> = runtime.block_on(async {
        let mut tasks = Vec::new();
        for no in 0..u32::try_from(seconds)? * rate {
            let (due, client) = (every * no, client.clone());
            if let Some(wait) = due.checked_sub(watch.elapsed()) {
                tokio::time::timeout(wait, std::future::pending::<()>()).await.unwrap_or_default();
            }
            let request = question(side, body(&mut dice, 1_000, 1))?;
            tasks.push(tokio::spawn(async move {
                ask(&client, request).await?;
                let took = watch.elapsed().saturating_sub(due);
                anyhow::Ok(u64::try_from(took.as_nanos())?)
            }));
        }
        let mut all = Vec::new();
        for task in tasks {
            all.push(task.await??);
        }
        anyhow::Ok(all)
    })?;
    Ok(Cost::of_each(&all))
}
