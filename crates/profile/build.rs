//! Compiles `profiles/` and the data sets they name into the library, so that one binary suffices.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Data sets of third parties that a profile may name, by the name it uses.
const DATA_SETS: &[(&str, &str)] = &[("schwifty/kz_banks.json", "third_party/schwifty/kz_banks.json")];

/// A profile for tests only; it never enters a binary.
const NOT_EMBEDDED: &str = "test-land";

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?)
        .join("../..")
        .canonicalize()?;
    let profiles = root.join("profiles");
    let mut files = Vec::new();
    collect(&profiles, &profiles, &mut files)?;
    files.sort();
    let mut code = String::from("pub(crate) static PROFILES: &[(&str, &str)] = &[\n");
    for name in files.iter().filter(|n| !n.starts_with(NOT_EMBEDDED)) {
        entry(&mut code, name, &profiles.join(name))?;
    }
    code.push_str("];\npub(crate) static DATA_SETS: &[(&str, &str)] = &[\n");
    for (name, path) in DATA_SETS {
        entry(&mut code, name, &root.join(path))?;
        println!("cargo::rerun-if-changed={}", root.join(path).display());
    }
    code.push_str("];\n");
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?).join("embedded.rs");
    println!("cargo::rerun-if-changed={}", profiles.display());
    println!("cargo::rerun-if-changed=build.rs");
    fs::write(out, code)
}

fn entry(code: &mut String, name: &str, path: &Path) -> io::Result<()> {
    writeln!(code, "    ({name:?}, include_str!({:?})),", path.display().to_string())
        .map_err(io::Error::other)
}

/// Names of all TOML and Fluent files below `dir`, with `/` between the parts.
fn collect(root: &Path, dir: &Path, into: &mut Vec<String>) -> io::Result<()> {
    for item in fs::read_dir(dir)? {
        let path = item?.path();
        if path.is_dir() {
            collect(root, &path, into)?;
        } else if path.extension().is_some_and(|e| e == "toml" || e == "ftl") {
            let name = path.strip_prefix(root).map_err(io::Error::other)?;
            into.push(
                name.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"),
            );
        }
    }
    Ok(())
}
