//! Checking the tamper-evident record, and writing it out for others to check.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use audit::{LogKeys, LogSigner, VKEY, Verdict};
use db::Db;

use crate::node::{self, NodeArgs};
use crate::serve;

/// Arguments of `verify-log`.
#[derive(Debug, Clone, clap::Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    node: NodeArgs,
    /// The log's verifier key, `NAME+ID+KEY`, or a file that holds it; without it the data folder's own key
    #[arg(long, value_name = "VKEY")]
    key: Option<String>,
    /// A checkpoint that somebody outside kept: finds a log that was rolled back or forked
    #[arg(long)]
    since: Option<PathBuf>,
    /// A folder written by `export-log`, instead of the database; needs `--key` and nothing else
    #[arg(long, requires = "key")]
    exported: Option<PathBuf>,
}

/// Arguments of `export-log`.
#[derive(Debug, Clone, clap::Args)]
pub struct ExportArgs {
    #[command(flatten)]
    node: NodeArgs,
    /// Folder to write to
    out: PathBuf,
}

/// Recomputes the record. Reads only: neither a key nor a table is made, so a folder that is not the right one is told
/// from one that was tampered with.
///
/// # Errors
/// A key, folder or database that is not there or cannot be read. What was tampered with is the verdict's.
pub fn verify(args: &VerifyArgs) -> anyhow::Result<Verdict> {
    let mut keys = match &args.key {
        Some(key) => given_key(key)?,
        None => own_key(&args.node)?,
    };
    if let Some(path) = &args.since {
        let note = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read checkpoint `{}`", path.display()))?;
        keys = keys.since(&note);
    }
    match &args.exported {
        Some(folder) => {
            anyhow::ensure!(folder.is_dir(), "there is no folder `{}`", folder.display());
            Ok(audit::verify_directory(folder, &keys)?)
        }
        None => Ok(audit::verify_database(&existing_database(&args.node)?, &keys)?),
    }
}

/// The key as text, or in a file.
fn given_key(key: &str) -> anyhow::Result<LogKeys> {
    let error = match LogKeys::parse(key) {
        Ok(keys) => return Ok(keys),
        Err(error) => error,
    };
    let path = Path::new(key);
    if path.is_file() {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read key file `{}`", path.display()))?;
        return LogKeys::parse(text.trim())
            .map_err(|e| anyhow::anyhow!("file `{}` holds no verifier key: {e}", path.display()));
    }
    Err(anyhow::anyhow!("`{key}` is no verifier key and no file: {error}"))
}

/// The public half of the data folder's own key.
fn own_key(args: &NodeArgs) -> anyhow::Result<LogKeys> {
    let path = args.data.join("keys/log.key");
    let bytes = std::fs::read(&path)
        .with_context(|| format!("cannot read key `{}`; elsewhere give --key", path.display()))?;
    let seed: [u8; 32] =
        bytes.try_into().map_err(|_| anyhow::anyhow!("key `{}` is not 32 bytes", path.display()))?;
    let code = node::load_profile(&args.profile)?.organisation().code.clone();
    Ok(LogKeys::of(&LogSigner::new(&serve::log_name(&code), &seed)?))
}

fn existing_database(args: &NodeArgs) -> anyhow::Result<Db> {
    let url = args.database_url();
    if let Some(file) = url.strip_prefix("sqlite:") {
        anyhow::ensure!(Path::new(file).is_file(), "there is no database `{file}`");
    }
    node::open_database(&url)
}

/// Writes the record out with its verifier key beside it. Gives the number of records and the key.
///
/// # Errors
/// A record that cannot be exported, or was signed by another key than the data folder's.
pub fn export(args: &ExportArgs) -> anyhow::Result<(u64, String)> {
    let app = node::open(&args.node)?;
    let signer = serve::log_signer(&app)?;
    let size = audit::export(&app.db, &args.out)?;
    audit::export_key(&args.out, signer.verifier()).context(
        "the record was signed by another key than `keys/log.key`; the verifier key is not written",
    )?;
    tracing::info!(size, key = VKEY, "record exported");
    Ok((size, signer.verifier().to_string()))
}
