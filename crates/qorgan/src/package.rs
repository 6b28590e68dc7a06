//! Checking a package that a court was handed: no node, no database, no network.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use evidence::package::{Checked, Fault, Files, Folder, Tape, verify};
use ledger::NoteVerifier;

/// Arguments of `verify-package`.
#[derive(Debug, Clone, clap::Args)]
pub struct VerifyArgs {
    /// The package: a folder, or the .tar of it
    package: PathBuf,
    /// The log's verifier key, `NAME+ID+KEY`, or a file that holds it, from somewhere else than the package
    #[arg(long, value_name = "VKEY")]
    key: Option<String>,
    /// Verifier keys of witnesses, likewise
    #[arg(long, value_name = "VKEY")]
    witness: Vec<String>,
    /// Certificates of time-stamping authorities, a PEM file each
    #[arg(long, value_name = "PEM")]
    tsa: Vec<PathBuf>,
}

/// A key as text, or in a file.
fn key(text: &str) -> anyhow::Result<NoteVerifier> {
    let held = if Path::new(text).is_file() {
        std::fs::read_to_string(text).with_context(|| format!("cannot read key file `{text}`"))?
    } else {
        text.to_owned()
    };
    NoteVerifier::parse(held.trim())
        .with_context(|| format!("`{text}` is no verifier key and no file that holds one"))
}

/// Checks a package and says what was found. Gives whether it holds.
///
/// # Errors
/// A key that is none; a place that is not there.
pub fn run(args: &VerifyArgs, out: &mut impl Write) -> anyhow::Result<bool> {
    anyhow::ensure!(args.package.exists(), "there is no `{}`", args.package.display());
    let mut trusted: Vec<NoteVerifier> = Vec::new();
    for text in args.key.iter().chain(&args.witness) {
        trusted.push(key(text)?);
    }
    let mut files: Box<dyn Files> = if args.package.is_dir() {
        Box::new(Folder(args.package.clone()))
    } else {
        Box::new(Tape::new(&args.package))
    };
    let mut authorities = Vec::new();
    for path in &args.tsa {
        let pem =
            std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        authorities.push(stamp::Authority::from_pem(&pem).with_context(|| format!("`{}`", path.display()))?);
    }
    let found = verify(files.as_mut(), &trusted, &authorities);
    told(args, &found, out)?;
    Ok(found.is_ok_and(|checked| args.key.is_none() || checked.vouched))
}

fn told(args: &VerifyArgs, found: &Result<Checked, Fault>, out: &mut impl Write) -> anyhow::Result<()> {
    let checked = match found {
        Ok(checked) if args.key.is_some() && !checked.vouched => {
            writeln!(out, "REFUSED  it was signed by another log than the one whose key was given")?;
            return Ok(());
        }
        Ok(checked) => checked,
        Err(fault) => {
            writeln!(out, "REFUSED  {fault}")?;
            return Ok(());
        }
    };
    let manifest = &checked.manifest;
    writeln!(out, "HOLDS  {}  sha256 {}", manifest.about, checked.hash)?;
    writeln!(out, "  made {} by {}, {}", manifest.made_at, manifest.made_by, manifest.organisation)?;
    writeln!(out, "  log {}, {} records", checked.checkpoint.origin, checked.checkpoint.size)?;
    for exhibit in &manifest.exhibits {
        let hash = if exhibit.sha256.is_empty() { "a thing" } else { &exhibit.sha256 };
        writeln!(out, "  {}  {} events  {hash}  {}", exhibit.number, exhibit.events.len(), exhibit.title)?;
    }
    for witness in &checked.witnesses {
        writeln!(out, "  seen by the witness {witness}")?;
    }
    for one in &checked.stamps {
        match &one.told {
            Some(told) => {
                let at = kernel::Timestamp::from_micros(told.at_micros).rfc3339();
                writeln!(out, "  {} records were there at {at}, says {}", one.size, told.signer)?;
            }
            None => {
                writeln!(
                    out,
                    "  a time stamp of {} was not checked: give its certificates with --tsa",
                    one.authority
                )?;
            }
        }
    }
    if !checked.vouched {
        writeln!(
            out,
            "  NOBODY VOUCHES for the log's key: give it with --key, from somewhere else than the package"
        )?;
    }
    Ok(())
}
