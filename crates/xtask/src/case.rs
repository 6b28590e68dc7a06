//! What a demonstration left of a case: a package for a court, held against two verifiers as somebody would who has nothing but the package
//! and the log's key: in an empty folder, with an empty environment. Then one byte of it is changed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde_json::Value;

/// A folder that goes when it is done with.
struct Alone(PathBuf);

impl Drop for Alone {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Says what was done, and holds the package against both verifiers. `false` if nobody came to a package.
pub fn check(binary: &Path, country: &Path, node: &[String]) -> anyhow::Result<bool> {
    let (story, package) = (country.join("case.json"), country.join("package.tar"));
    if !story.exists() {
        return Ok(false);
    }
    let story: Value = serde_json::from_str(&std::fs::read_to_string(story)?)?;
    println!("\na case");
    for key in
        ["scheme", "case", "exhibit", "accounts", "movements", "reports", "paths_that_go_on", "package_bytes"]
    {
        println!("  {key:<24}{}", story.get(key).unwrap_or(&Value::Null));
    }
    let on = story.get("paths_that_go_on").and_then(Value::as_u64).unwrap_or(0);
    ensure!(on > 0, "the statements extended no path");
    let alone = Alone(std::env::temp_dir().join(format!("qorgan-package-{}", std::process::id())));
    std::fs::create_dir_all(&alone.0)?;
    let log = alone.0.join("log");
    let mut export = Command::new(std::fs::canonicalize(binary)?);
    // The key is what the court has from elsewhere: here, from the node that still runs beside its database.
    let data: Vec<&String> = node.iter().collect();
    crate::run::finish(
        export.arg("export-log").arg(&log).args(of_export(&data)).stdout(std::process::Stdio::null()),
    )?;
    let key = std::fs::read_to_string(log.join("log.vkey"))?.trim().to_owned();
    std::fs::remove_dir_all(&log)?;
    let here = alone.0.join("package.tar");
    std::fs::copy(&package, &here).context("the package was not left")?;
    let script = alone.0.join("verify.py");
    std::fs::copy("crates/evidence/verify.py", &script)?;
    let binary = std::fs::canonicalize(binary)?;
    for (name, said) in both(&binary, &script, &here, &key)? {
        ensure!(said.0, "{name} refuses a whole package: {}", said.1);
        println!("  {name:<24}holds");
    }
    let mut bytes = std::fs::read(&here)?;
    let at = original(&bytes).context("no original in the package")?;
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1;
    }
    std::fs::write(&here, bytes)?;
    for (name, said) in both(&binary, &script, &here, &key)? {
        ensure!(!said.0 && said.1.contains("/original"), "{name} takes a changed package: {}", said.1);
        println!("  {name:<24}refuses it after one changed byte, and names the file");
    }
    Ok(true)
}

/// What of a node's arguments the export of a log takes.
fn of_export<'a>(node: &[&'a String]) -> Vec<&'a str> {
    let pairs = node.chunks(2).filter(|pair| {
        pair.first().is_some_and(|name| {
            ["--data", "--database", "--profile", "--public-url"].contains(&name.as_str())
        })
    });
    pairs.flatten().map(|text| text.as_str()).collect()
}

type Said = (bool, String);

/// What both say, with nothing of this machine but themselves.
fn both(
    binary: &Path,
    script: &Path,
    package: &Path,
    key: &str,
) -> anyhow::Result<Vec<(&'static str, Said)>> {
    let folder = package.parent().context("no folder")?;
    let run = |command: &mut Command| -> anyhow::Result<Said> {
        let out = command.current_dir(folder).output()?;
        let said =
            format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        Ok((out.status.success(), said))
    };
    let ours = run(Command::new(binary).env_clear().arg("verify-package").arg(package).args(["--key", key]))?;
    let python = std::env::var("PATH").unwrap_or_default();
    let theirs = run(Command::new("python3")
        .env_clear()
        .env("PATH", python)
        .arg("-I")
        .arg(script)
        .arg(package)
        .args(["--key", key]))?;
    Ok(vec![("qorgan verify-package", ours), ("verify.py", theirs)])
}

/// A place within the original: behind the words that every statement of the country begins with.
fn original(bytes: &[u8]) -> Option<usize> {
    // Windows-1251 of the first word.
    let first = [0xc2, 0xfb, 0xef, 0xe8, 0xf1, 0xea, 0xe8];
    bytes.windows(first.len()).position(|w| w == first)
}
