//! The node as a process of its own.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use sandbox::Init;

/// A demonstration database and the program that serves it.
#[derive(Debug)]
pub(crate) struct Server {
    binary: PathBuf,
    dir: PathBuf,
    port: u16,
    running: Option<Running>,
}

/// A running node. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Running(Child);

impl Running {
    /// `kill -9`.
    pub(crate) fn kill(&mut self) -> anyhow::Result<()> {
        ensure!(self.0.try_wait()?.is_none(), "the node ended by itself; see its log");
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }
    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }
    /// Asks it to end, and waits.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status()?;
        for _ in 0..200 {
            if self.0.try_wait()?.is_some() {
                return Ok(());
            }
            std::thread::park_timeout(Duration::from_millis(50));
        }
        bail!("the node does not end when it is asked to")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    /// A new demonstration in an empty folder.
    pub(crate) fn create(binary: &Path, dir: &Path, seed: u64) -> anyhow::Result<Self> {
        let in_the_way = dir.join("state.json");
        ensure!(
            !in_the_way.exists(),
            "`{}` holds a run already: `--continue` goes on with it",
            dir.display()
        );
        std::fs::create_dir_all(dir)?;
        // Nobody listens for orders: their delivery is tried and tried again beside everything else.
        let init = Init {
            seed,
            node: "http://127.0.0.1:9".to_owned(),
            listen: "127.0.0.1:9".to_owned(),
            admin: "127.0.0.1:9".to_owned(),
        };
        sandbox::init(&dir.join("country"), &init)?;
        let server = Self::again(binary, dir)?;
        let country = dir.join("country").join(sandbox::country::files::COUNTRY);
        let mut command = server.command("demo-init");
        let done = command.arg("--country").arg(country).output()?;
        ensure!(done.status.success(), "demo-init: {}", String::from_utf8_lossy(&done.stderr));
        Ok(server)
    }

    /// A folder that has been used before.
    pub(crate) fn again(binary: &Path, dir: &Path) -> anyhow::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        Ok(Self { binary: binary.to_path_buf(), dir: dir.to_path_buf(), port, running: None })
    }

    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }
    pub(crate) fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg(name).arg("--data").arg(self.data()).args(["--public-url", &self.base()]);
        command.env_remove("DATABASE_URL").env("RUST_LOG", "warn").stdin(Stdio::null());
        command
    }

    /// Starts it and waits until it answers.
    pub(crate) async fn start(&self) -> anyhow::Result<Running> {
        let log = File::options().create(true).append(true).open(self.dir.join("node.log"))?;
        let mut command = self.command("serve");
        command.args(["--listen", &format!("127.0.0.1:{}", self.port)]);
        let child =
            command.stdout(log.try_clone()?).stderr(log).spawn().context("the node cannot be started")?;
        let mut running = Running(child);
        for _ in 0..3_000 {
            if tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
                return Ok(running);
            }
            ensure!(running.0.try_wait()?.is_none(), "the node does not start; see `{}`", self.dir.display());
            let moment = Duration::from_millis(10);
            tokio::time::timeout(moment, std::future::pending::<()>()).await.unwrap_or_default();
        }
        bail!("the node does not answer within 30 seconds")
    }

    /// The same with its running process, for whoever ends it.
    pub(crate) fn holding(&self, running: Running) -> Self {
        let (binary, dir) = (self.binary.clone(), self.dir.clone());
        Self { binary, dir, port: self.port, running: Some(running) }
    }

    /// Takes the running process.
    pub(crate) fn take(&mut self) -> anyhow::Result<Running> {
        self.running.take().context("nothing runs")
    }
}
