//! Checking a package that a court was handed: no node, no database, no network.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use evidence::package::{Files, Folder, Tape, lines, refusal, verify};
use ledger::{NoteVerifier, Signs};

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

/// How a package was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It holds under the key that was given.
    Holds,
    /// It is refused.
    Refused,
    /// It is whole in itself, and no key was given to hold it against.
    Unvouched,
}

impl Found {
    /// With which the program ends. 2 is for what was asked wrongly.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Holds => 0,
            Self::Refused => 1,
            Self::Unvouched => 3,
        }
    }
}

/// A key as text, or in a file: a log's, or a witness's.
fn key(text: &str, signs: Signs) -> anyhow::Result<NoteVerifier> {
    let held = if Path::new(text).is_file() {
        std::fs::read_to_string(text).with_context(|| format!("cannot read key file `{text}`"))?
    } else {
        text.to_owned()
    };
    let key = NoteVerifier::parse(held.trim())
        .with_context(|| format!("`{text}` is no verifier key and no file that holds one"))?;
    let kind = if signs == Signs::Text { "log" } else { "witness" };
    anyhow::ensure!(key.signs() == signs, "`{}` is not the key of a {kind}", key.name());
    Ok(key)
}

/// Checks a package and says what was found.
///
/// # Errors
/// A key that is none; a place that is not there.
pub fn run(args: &VerifyArgs, out: &mut impl Write) -> anyhow::Result<Found> {
    anyhow::ensure!(args.package.exists(), "there is no `{}`", args.package.display());
    let log = args.key.iter().map(|text| key(text, Signs::Text));
    let witnesses = args.witness.iter().map(|text| key(text, Signs::Seen));
    let trusted: Vec<NoteVerifier> = log.chain(witnesses).collect::<Result<_, _>>()?;
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
        Err(fault) => {
            writeln!(out, "{}", refusal(&fault))?;
            Ok(Found::Refused)
        }
        Ok(checked) => {
            lines(&checked).iter().try_for_each(|line| writeln!(out, "{line}"))?;
            Ok(if checked.vouched { Found::Holds } else { Found::Unvouched })
        }
    }
}
