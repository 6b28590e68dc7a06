//! A store that speaks S3 and that nobody here wrote (moto): exhibits are put there, read, found damaged, destroyed, by the tests of the
//! slice that run in the folder as well. What goes wrong in a store is tried in a small one of the tests' own.

use std::process::{Command, Stdio};

use anyhow::Context as _;
use serde_json::Value;

use super::installed;
use crate::run::{self, Running};

const HOME: &str = "target/judges/store";
const TOOLS: &[&str] = &["moto[server]==5.2.5"];
/// How long it may take to start, seconds.
const START_SECS: u64 = 60;
/// So many buckets the tests make at least: each test has one of its own on each engine.
const LEAST: usize = 20;

/// Runs the tests of exhibits against it.
pub fn run() -> anyhow::Result<()> {
    let Some(python) = installed(HOME, TOOLS, &[]) else { return Ok(()) };
    let port = run::free_port()?;
    let mut server = Command::new(python.with_file_name("moto_server"));
    server.args(["-H", "127.0.0.1", "-p", &port.to_string()]).stdout(Stdio::null());
    let log = std::fs::File::create(format!("{HOME}/log")).context("cannot write the judge's log")?;
    let mut running = Running::start(server.stderr(log))?;
    let address = format!("127.0.0.1:{port}");
    run::wait_ready(&address, "/", &mut running, START_SECS).with_context(|| format!("see {HOME}/log"))?;
    let mut tests = Command::new(built_tests("evidence")?);
    tests.arg("--quiet").current_dir("crates/evidence").env("QORGAN_TEST_S3", format!("http://{address}"));
    run::finish(&mut tests)?;
    // That the tests are green says nothing if they were elsewhere.
    let buckets = run::get(&address, "/")?.matches("<Name>exhibits-").count();
    anyhow::ensure!(buckets >= LEAST, "the tests made {buckets} buckets only");
    println!("judges: the tests of exhibits hold in {buckets} buckets of another's store");
    Ok(())
}

/// The tests of a crate as `cargo test --workspace` has built them: built by themselves, what they stand on would be built once more.
fn built_tests(package: &str) -> anyhow::Result<std::path::PathBuf> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["test", "--workspace", "--no-run", "--quiet", "--message-format", "json"])
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    anyhow::ensure!(output.status.success(), "the tests cannot be built");
    let manifest = format!("crates/{package}/Cargo.toml");
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let found = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).find_map(|said| {
        let ours = said.get("manifest_path")?.as_str()?.ends_with(&manifest);
        let it = said.pointer("/target/name")?.as_str()? == "it";
        let program = said.get("executable")?.as_str()?;
        (ours && it).then(|| std::path::PathBuf::from(program))
    });
    found.with_context(|| format!("`{package}` has no tests `it`"))
}
