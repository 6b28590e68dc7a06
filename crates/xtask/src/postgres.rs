//! A throw-away PostgreSQL on loopback. It refuses to run as root, so it runs as its own user there.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use crate::run;

/// A running cluster; stopped and removed when this value goes.
pub struct Cluster {
    dir: PathBuf,
    bin: PathBuf,
    port: u16,
    as_root: bool,
}

/// Where Debian keeps the server's programs.
fn bin_dir() -> anyhow::Result<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|dir| {
            dir.flatten().map(|e| e.path().join("bin")).filter(|p| p.join("initdb").exists()).collect()
        })
        .unwrap_or_default();
    found.sort();
    found.pop().context("PostgreSQL is not installed")
}

/// Whether a server is installed.
pub fn installed() -> bool {
    bin_dir().is_ok()
}

impl Cluster {
    /// Creates and starts one.
    pub fn start() -> anyhow::Result<Self> {
        let bin = bin_dir()?;
        let as_root = run::output("id", &["-u"])?.trim() == "0";
        let dir = std::env::temp_dir().join(format!("qorgan-pg-{}", std::process::id()));
        std::fs::create_dir_all(&dir)?;
        if as_root {
            run::program("chown", &["postgres", &dir.display().to_string()])?;
        }
        let cluster = Self { dir, bin, port: run::free_port()?, as_root };
        let data = cluster.data();
        cluster
            .command("initdb", &["-D", &data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C"])?;
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories={} -c max_connections=300",
            cluster.port,
            cluster.dir.display()
        );
        let log = cluster.dir.join("log").display().to_string();
        cluster.command("pg_ctl", &["-D", &data, "-l", &log, "-w", "-o", &options, "start"])?;
        Ok(cluster)
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// An empty database of this name; its address.
    pub fn database(&self, name: &str) -> anyhow::Result<String> {
        let port = self.port.to_string();
        let sql = format!("CREATE DATABASE {name}");
        self.command("psql", &["-q", "-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-c", &sql])?;
        Ok(format!("postgres://postgres@127.0.0.1:{}/{name}", self.port))
    }

    fn data(&self) -> String {
        self.dir.join("data").display().to_string()
    }

    fn command(&self, name: &str, args: &[&str]) -> anyhow::Result<()> {
        let program = self.bin.join(name);
        let mut command = if self.as_root {
            let mut c = Command::new("setpriv");
            c.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
            c
        } else {
            Command::new(program)
        };
        command.args(args).current_dir(Path::new("/")).stdout(std::process::Stdio::null());
        run::finish(&mut command)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.command("pg_ctl", &["-D", &self.data(), "-m", "fast", "stop"]);
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}
