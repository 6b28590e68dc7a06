//! A throw-away PostgreSQL: own directory, own port, loopback only, gone afterwards.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use postgres::{Client, NoTls};

/// The settings of the measured denominators: everything in memory, durable commits, no JIT (which only
/// delays short queries).
pub const SETTINGS: &[(&str, &str)] = &[
    ("shared_buffers", "2GB"),
    ("work_mem", "128MB"),
    ("maintenance_work_mem", "1GB"),
    ("effective_cache_size", "8GB"),
    ("max_wal_size", "4GB"),
    ("synchronous_commit", "on"),
    ("jit", "off"),
];

/// Seconds to wait for the server to answer or to stop.
const PATIENCE_SECS: u32 = 60;

/// A running server. Dropping it stops the server by its process id and removes the directory.
#[derive(Debug)]
pub struct Cluster {
    dir: PathBuf,
    port: u16,
    server: Child,
}

/// Why a bench cannot run here: a missing program, not a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs(pub &'static str);

/// Looks for what a cluster needs, and says what is missing.
///
/// # Errors
/// [`Needs`].
pub fn probe() -> Result<PathBuf, Needs> {
    let bin = binaries().ok_or(Needs("PostgreSQL's server programs (`apt-get install postgresql`)"))?;
    let root = is_root();
    let user = Command::new("id").arg("postgres").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if root && !user.is_ok_and(|s| s.success()) {
        return Err(Needs("the user `postgres`, since PostgreSQL refuses to run as root"));
    }
    let setpriv = Command::new("setpriv").arg("--version").stdout(Stdio::null()).status();
    if setpriv.is_ok_and(|s| s.success()) { Ok(bin) } else { Err(Needs("`setpriv` of util-linux")) }
}

impl Cluster {
    /// Makes and starts a cluster under the system's directory for temporary files.
    ///
    /// # Errors
    /// When a program is missing or the server does not come up; its log is then quoted.
    pub fn start(settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        let bin = probe().map_err(|needs| anyhow::anyhow!("needs {}", needs.0))?;
        let dir = std::env::temp_dir().join(format!("qorgan-bench-pg-{}", std::process::id()));
        // A directory left by a killed run with the same process id.
        let _ = std::fs::remove_dir_all(&dir);
        let mut install = Command::new("install");
        install.args(["-d", "-m", "700"]);
        if is_root() {
            install.args(["-o", "postgres"]);
        }
        succeed(install.arg(&dir))?;
        let data = dir.join("data");
        let mut init = as_server_user(&bin.join("initdb"));
        succeed(init.arg("-D").arg(&data).args([
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C",
            "-N",
        ]))?;
        // Bound to find a free port, and let go again.
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let log = File::create(dir.join("log"))?;
        let mut command = as_server_user(&bin.join("postgres"));
        command.arg("-D").arg(&data).args(["-h", "127.0.0.1", "-k", "", "-p", &port.to_string()]);
        for (name, value) in settings {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        let server = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        let mut cluster = Self { dir, port, server };
        cluster.await_answer()?;
        Ok(cluster)
    }

    /// Opens a connection as the superuser.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn connect(&self) -> anyhow::Result<Client> {
        Ok(Client::connect(&self.url(), NoTls)?)
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// The directory that holds it.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    fn await_answer(&mut self) -> anyhow::Result<()> {
        for _ in 0..PATIENCE_SECS * 20 {
            if let Some(status) = self.server.try_wait()? {
                let log = std::fs::read_to_string(self.dir.join("log")).unwrap_or_default();
                bail!("the server ended with {status}: {log}");
            }
            if self.connect().is_ok() {
                return Ok(());
            }
            std::thread::park_timeout(Duration::from_millis(50));
        }
        bail!("the server did not answer within {PATIENCE_SECS} seconds")
    }

    fn stop(&mut self) -> anyhow::Result<()> {
        // SIGINT is PostgreSQL's fast shutdown.
        succeed(Command::new("kill").args(["-INT", &self.server.id().to_string()]))?;
        for _ in 0..PATIENCE_SECS * 20 {
            if self.server.try_wait()?.is_some() {
                return Ok(());
            }
            std::thread::park_timeout(Duration::from_millis(50));
        }
        bail!("the server did not stop within {PATIENCE_SECS} seconds")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.stop().is_err() {
            // Nothing better is left to do in a destructor than to end it the hard way.
            let _ = self.server.kill();
            let _ = self.server.wait();
        }
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// The newest server programs: of `PGBIN`, of the search path, or of Debian's directories.
fn binaries() -> Option<PathBuf> {
    let named = std::env::var_os("PGBIN").map(PathBuf::from);
    let asked = Command::new("pg_config").arg("--bindir").output().ok();
    let asked = asked.and_then(|o| String::from_utf8(o.stdout).ok()).map(|p| PathBuf::from(p.trim()));
    let version = |path: &PathBuf| path.file_name().and_then(|n| n.to_str()?.parse::<u32>().ok());
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    debian.sort_by_key(|path| std::cmp::Reverse(version(path)));
    let debian = debian.into_iter().map(|path| path.join("bin"));
    named
        .into_iter()
        .chain(asked)
        .chain(debian)
        .find(|bin| bin.join("initdb").exists() && bin.join("postgres").exists())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.trim_ascii() == b"0")
}

/// A command that runs as the server's user (`setpriv` replaces itself, so the child's id is the program's
/// own) and is asked to stop if this process dies first.
fn as_server_user(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
    }
    command.args(["--pdeathsig", "INT", "--"]).arg(program).current_dir("/");
    command
}

fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let out = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {command:?}"))?;
    if !out.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&out.stderr));
    }
    Ok(())
}
