//! What must be on the machine, and how it gets there: Debian's packages and npm, nothing else.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{postgres, run};

/// Installs Debian packages where something is missing. Says what is missing when it may not.
fn apt(packages: &[&str]) -> anyhow::Result<()> {
    let root = run::output("id", &["-u"])?.trim() == "0";
    let sudo = !root && run::exists("sudo");
    anyhow::ensure!(root || sudo, "please install these Debian packages: {}", packages.join(" "));
    println!("installing {}", packages.join(" "));
    let apt = |args: &[&str]| {
        let mut command = Command::new(if root { "apt-get" } else { "sudo" });
        if !root {
            command.arg("apt-get");
        }
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive").stdout(std::process::Stdio::null());
        run::finish(&mut command)
    };
    apt(&["update", "-qq"])?;
    let mut args = vec!["install", "-y", "-qq", "--no-install-recommends"];
    args.extend(packages);
    apt(&args)
}

/// A program of the workspace, where cargo's development profile puts it.
pub fn built(name: &str) -> PathBuf {
    PathBuf::from(std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".into()))
        .join("debug")
        .join(name)
}

/// The npm packages of `web/`, by lock file, and the bundle that the binary embeds. Without npm the pages
/// work all the same, without JavaScript.
pub fn web() -> anyhow::Result<()> {
    if !run::exists("npm") {
        println!("npm is missing: pages will work without JavaScript");
        return Ok(());
    }
    let lock = Path::new("web/package-lock.json");
    let stamp = Path::new("web/node_modules/.qorgan-lock");
    let wanted = std::fs::read(lock)?;
    if std::fs::read(stamp).ok().as_ref() != Some(&wanted) {
        println!("installing npm packages by lock file");
        let mut command = Command::new("npm");
        command.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir("web");
        run::finish(&mut command)?;
        std::fs::write(stamp, wanted)?;
    }
    let mut command = Command::new("npm");
    command.args(["run", "--silent", "build"]).current_dir("web");
    run::finish(&mut command)
}

/// The browser for the walk.
pub fn chromium() -> anyhow::Result<()> {
    if run::exists("chromium") { Ok(()) } else { apt(&["chromium", "fonts-dejavu-core"]) }
}

/// The database server for tests on the second engine.
pub fn postgresql() -> anyhow::Result<()> {
    if postgres::installed() { Ok(()) } else { apt(&["postgresql"]) }
}
