//! What is measured, each in a process of its own: a server that says hello, and a node whose registry is full.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use kernel::Actor;
use partner::Country;
use partner::bearer::token::{self, Claims};
use profile::Profile;
use qorgan::node::{self, NodeArgs};
use registry::model::Decided;
use registry::rules::Gist;
use registry::service::entry_id;

use super::values;
use crate::outbox::stand::institution;

/// Of so many things that are asked about one is known.
pub(super) const ONE_IN: u64 = 100;

/// Serves one side; run by this program itself.
#[derive(Debug, Clone, clap::Args)]
pub struct Serve {
    /// Folder of the node's database; without it hello is said.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Entries of the registry.
    #[arg(long, default_value_t = 0)]
    entries: u64,
}

/// Serves until its standard input ends.
///
/// # Errors
/// What stands in the way.
pub fn serve(options: &Serve) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match &options.dir {
        None => runtime.block_on(hello()),
        Some(dir) => runtime.block_on(node(dir, options.entries)),
    }
}

fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// Ready when whoever started this process has let go of it.
async fn let_go() {
    let _read = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await;
}

async fn hello() -> anyhow::Result<()> {
    let router = axum::Router::new().route("/", axum::routing::get(|| async { "hello" }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    say(&format!("{} - 0 0", listener.local_addr()?))?;
    Ok(axum::serve(listener, router).with_graceful_shutdown(let_go()).await?)
}

/// The profile of the country, in which an institution may ask about as much as it can.
fn profile(dir: &Path) -> anyhow::Result<Profile> {
    let (from, to) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("../../profiles/kz"), dir.join("kz"));
    copy(&from, &to)?;
    let file = to.join("profile.toml");
    let text = std::fs::read_to_string(&file)?;
    let wide = text.replace("things_per_minute = 60000", "things_per_minute = 4000000000");
    ensure!(wide != text, "the profile's quota is not found");
    std::fs::write(&file, wide)?;
    Profile::load(&to).map_err(|e| anyhow::anyhow!("{e}"))
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let (path, to) = (entry.as_ref().map(std::fs::DirEntry::path).ok(), to.join(entry?.file_name()));
        let path = path.context("an entry without a path")?;
        if path.is_dir() { copy(&path, &to)? } else { std::fs::copy(&path, &to).map(drop)? }
    }
    Ok(())
}

async fn node(dir: &Path, entries: u64) -> anyhow::Result<()> {
    let opened = node::open(&NodeArgs {
        data: dir.join("data"),
        database: None,
        profile: "kz".to_owned(),
        public_url: "http://127.0.0.1:8080".to_owned(),
    })?;
    let app = app::App { profile: Arc::new(profile(dir)?), ..opened };
    let law = app.clone();
    app.db.write(move |tx| legal_basis::import(tx, &law)).await?;
    let country = Country { institutions: vec![institution("ZBEK")] };
    partner::service::import(&app, &Actor::system("setup"), country).await?;
    let partners = app.db.read(partner::store::all).await?;
    let partner = partners.first().context("nobody takes part")?;
    let running = qorgan::serve::start(
        &app,
        partner::tls::TrustedProxies(Vec::new().into()),
        qorgan::serve::Outside::default(),
    )?;
    while !running.live.is_current(&app.wall) {
        app.timer.sleep(std::time::Duration::from_millis(20)).await;
    }
    fill(&app, &running.live, entries);
    let key = httpsig::SigningKey::from_bytes(&[7; 32]).verifying_key();
    let expires = app.wall.now().as_secs() + 86_400;
    let token =
        token::mint(&app.vault, Claims { partner: partner.id, key: token::mark(key.as_bytes()), expires });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let (count, bytes) = running.live.size();
    say(&format!("{} {token} {count} {bytes}", listener.local_addr()?))?;
    let service = running.router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(let_go()).await?;
    registry::live::flush(&app, &running.live).await?;
    let written = app.db.read(registry::store::questions).await?;
    say(&format!("written {written}"))
}

/// Takes in entries as if they had been read: one thing in a hundred that is asked about is among them, the rest is about
/// things that nobody asks about.
fn fill(app: &app::App, live: &registry::live::Live, entries: u64) {
    let gist = |decided| Gist {
        decided,
        until: u32::MAX,
        expires: u32::MAX,
        last_day: 20_000,
        law: Gist::NO_LAW,
        paid: true,
        named: false,
        told: false,
        heard: false,
        partners: false,
        disputed: false,
        on_list: false,
        silent: false,
        listable: true,
    };
    for no in 0..entries {
        let (kind, value) = values::value(no * ONE_IN);
        live.learn(entry_id(app, kind, &value), Some(gist(Decided::Nothing)));
    }
}

/// A side in a process of its own. Dropping it lets go of it.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    address: String,
    token: String,
    size: (u64, u64),
}

impl Process {
    pub(super) fn hello() -> anyhow::Result<Self> {
        Self::start(&[])
    }

    pub(super) fn node(dir: &Path, entries: u64) -> anyhow::Result<Self> {
        Self::start(&["--dir", &dir.display().to_string(), "--entries", &entries.to_string()])
    }

    fn start(arguments: &[&str]) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("check-serve").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let input = child.stdin.take();
        let mut output = BufReader::new(child.stdout.take().context("a process without output")?);
        let mut line = String::new();
        output.read_line(&mut line)?;
        let mut words = line.split_whitespace();
        let mut word =
            || words.next().map(str::to_owned).with_context(|| format!("it does not start: `{line}`"));
        let (address, token) = (word()?, word()?);
        let size = (word()?.parse()?, word()?.parse()?);
        Ok(Self { child, input, output, address, token, size })
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }
    pub(super) fn token(&self) -> &str {
        &self.token
    }
    /// Entries in memory, and the bytes they take.
    pub(super) const fn size(&self) -> (u64, u64) {
        self.size
    }

    /// Lets go of it and waits; gives how many questions it wrote down.
    pub(super) fn end(&mut self) -> anyhow::Result<u64> {
        drop(self.input.take());
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        ensure!(self.child.wait()?.success(), "it ended with an error");
        Ok(line.trim().strip_prefix("written ").with_context(|| format!("it said `{line}`"))?.parse()?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
