//! Checking a package that a court was handed: no node, no database, no network.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use evidence::package::{Checked, Files, Folder, Tape, verify};
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
    let log = args.key.as_deref().map(key).transpose()?;
    let witnesses: Vec<NoteVerifier> = args.witness.iter().map(|text| key(text)).collect::<Result<_, _>>()?;
    let trusted: Vec<NoteVerifier> = log.iter().chain(&witnesses).cloned().collect();
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
    match verify(files.as_mut(), &trusted, &authorities) {
        Err(fault) => refused(&fault.to_string(), out),
        Ok(checked) if log.is_some() && !checked.vouched => {
            refused("it was signed by another log than the one whose key was given", out)
        }
        Ok(checked) => match witnesses.iter().find(|key| !checked.witnesses.contains(key)) {
            Some(silent) => refused(&format!("the witness {} has not signed it", silent.name()), out),
            None => told(&checked, out).map(|()| true),
        },
    }
}

fn refused(why: &str, out: &mut impl Write) -> anyhow::Result<bool> {
    writeln!(out, "REFUSED  {}", plain(why))?;
    Ok(false)
}

/// What a package says, so that it can neither hide nor overwrite what is said of it: a terminal obeys control signs, and signs that turn
/// the direction of writing put words into another order.
fn plain(text: &str) -> String {
    let obeyed = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut shown = String::new();
    for c in text.chars() {
        if obeyed(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}

fn told(checked: &Checked, out: &mut impl Write) -> anyhow::Result<()> {
    let manifest = &checked.manifest;
    let mut line = |text: String| writeln!(out, "{}", plain(&text));
    let at = &checked.checkpoint;
    line(format!(
        "  log {}, {} records, act of {}, manifest sha256 {}",
        at.origin, at.size, manifest.id, checked.hash
    ))?;
    for exhibit in &manifest.exhibits {
        let hash = if exhibit.sha256.is_empty() { "a thing" } else { &exhibit.sha256 };
        let apart = exhibit.original.is_none() && !exhibit.sha256.is_empty();
        let apart = if apart { ", its bytes are not in the package" } else { "" };
        line(format!("  {}  {} events  {hash}{apart}", exhibit.number, exhibit.events.len()))?;
    }
    for witness in &checked.witnesses {
        line(format!("  seen by the witness {}", witness.name()))?;
    }
    for silent in &checked.silent {
        line(format!("  the office asks the witness {silent}, which has not signed it"))?;
    }
    for one in &checked.stamps {
        line(match &one.told {
            Some(told) => {
                let at = kernel::Timestamp::from_micros(told.at_micros).rfc3339();
                format!("  {} records were there at {at}, says {}", one.size, told.signer)
            }
            None => format!(
                "  time stamp of {}: NOT CHECKED, or by none of the certificates given",
                one.authority
            ),
        })?;
    }
    line(format!(
        "  said by the office alone: about \"{}\", made {} by {}, {}, titles, names",
        manifest.about, manifest.made_at, manifest.made_by, manifest.organisation
    ))?;
    // Last, where it stands on the screen whatever the package says above.
    let last = "HOLDS TOGETHER, but NOBODY VOUCHES for the log's key: give it with --key, from elsewhere than the package";
    line(if checked.vouched { "HOLDS" } else { last }.to_owned())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_a_package_says_hides_nothing() {
        assert_eq!(plain("Дело № 1 «ә»"), "Дело № 1 «ә»");
        for hostile in ["\u{1b}[8m", "a\nHOLDS", "a\rHOLDS", "\u{202e}x", "\u{9b}2K"] {
            assert!(plain(hostile).contains("\\u{"), "{hostile:?}");
        }
    }
}
