//! Running other programs, with the reason in the error.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

/// The workspace's folder.
pub fn root() -> anyhow::Result<PathBuf> {
    let here = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| ".".to_owned()));
    Ok(here
        .ancestors()
        .find(|p| p.join("Cargo.lock").exists())
        .context("no workspace found above")?
        .to_owned())
}

/// Runs a program to its end; its output goes to the terminal.
pub fn program(name: &str, args: &[&str]) -> anyhow::Result<()> {
    let mut command = Command::new(name);
    command.args(args);
    finish(&mut command)
}

/// Runs a prepared command to its end.
pub fn finish(command: &mut Command) -> anyhow::Result<()> {
    let status =
        command.stdin(Stdio::null()).status().with_context(|| format!("cannot start {command:?}"))?;
    anyhow::ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}

/// Runs cargo.
pub fn cargo(args: &[&str]) -> anyhow::Result<()> {
    program(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()), args)
}

/// What a program printed.
pub fn output(name: &str, args: &[&str]) -> anyhow::Result<String> {
    let out = Command::new(name).args(args).output().with_context(|| format!("cannot start {name}"))?;
    anyhow::ensure!(out.status.success(), "{name} {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    Ok(String::from_utf8(out.stdout)?)
}

/// Whether a program exists.
pub fn exists(name: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|p| p.join(name).is_file())
}

/// A process that is ended, by its own id, when this value goes, and also when we are ended ourselves in whatever way.
pub struct Running {
    child: Child,
    /// Waits for the end of its input, which comes with our own end, and then ends the process.
    guard: Child,
}

impl Running {
    /// Starts it.
    pub fn start(command: &mut Command) -> anyhow::Result<Self> {
        let child =
            command.stdin(Stdio::null()).spawn().with_context(|| format!("cannot start {command:?}"))?;
        let guard = Command::new("sh")
            .args(["-c", "read -r _; kill \"$1\"", "guard", &child.id().to_string()])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start sh")?;
        Ok(Self { child, guard })
    }
    /// Whether it has ended by itself.
    pub fn ended(&mut self) -> anyhow::Result<Option<std::process::ExitStatus>> {
        Ok(self.child.try_wait()?)
    }
    /// Waits for its end.
    pub fn wait(&mut self) -> anyhow::Result<std::process::ExitStatus> {
        Ok(self.child.wait()?)
    }
    /// Asks it to end, then insists.
    pub fn stop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let until = Instant::now() + Duration::from_secs(8);
        while Instant::now() < until {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // First, so that it never ends a stranger who was given the same id.
        let _ = self.guard.kill();
        let _ = self.guard.wait();
        if matches!(self.child.try_wait(), Ok(None)) {
            self.stop();
        }
    }
}

/// Waits until an HTTP address on loopback answers 200, or `process` ends, or `secs` have passed.
pub fn wait_ready(address: &str, path: &str, process: &mut Running, secs: u64) -> anyhow::Result<()> {
    let until = Instant::now() + Duration::from_secs(secs);
    while Instant::now() < until {
        if let Some(status) = process.ended()? {
            anyhow::bail!("the process ended with {status} before it was ready");
        }
        if get(address, path).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    anyhow::bail!("http://{address}{path} did not answer within {secs} s")
}

/// The body of a GET on loopback.
pub fn get(address: &str, path: &str) -> anyhow::Result<String> {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect_timeout(&address.parse()?, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    anyhow::ensure!(text.starts_with("HTTP/1.1 200"), "{}", text.lines().next().unwrap_or("no answer"));
    Ok(text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
}

/// A loopback port that is free now.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
