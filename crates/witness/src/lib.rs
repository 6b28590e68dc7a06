//! A witness: a small program that another organisation runs, a court, a prosecutor, a university. It is sent the checkpoints of logs it
//! knows, and says of each that it saw it, if it grew out of the last one it saw. A log that was rolled back or has two histories finds
//! no witness for the second.
//!
//! It knows nothing of what stands in a log, needs no database, and trusts nobody: not even its sender, since every checkpoint is signed by
//! the log itself. `rules <- book <- web`; [`rules`] is pure.

mod book;
pub mod rules;
mod web;

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;
use ledger::{Cosigner, NoteVerifier};

pub use book::Book;
pub use web::{Seconds, router};

/// Arguments of `witness`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The witness's name, as a schema-less address: `court.example/witness`
    #[arg(long)]
    name: String,
    /// Folder of the witness: its key, made at first use, and what it saw last of each log. Back it up: without it a log that was rolled
    /// back would be believed
    #[arg(long, default_value = "witness")]
    data: PathBuf,
    /// Verifier key of a log, `NAME+ID+KEY`, or a file that holds it; several times for several logs
    #[arg(long = "log", value_name = "VKEY", required = true)]
    logs: Vec<String>,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
}

/// The witness's key: 32 bytes in a file that only its owner reads.
fn key(folder: &std::path::Path) -> anyhow::Result<ed25519_dalek::SigningKey> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let path = folder.join("witness.key");
    if path.exists() {
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let seed: [u8; 32] =
            bytes.try_into().map_err(|_| anyhow::anyhow!("`{}` is not 32 bytes", path.display()))?;
        return Ok(ed25519_dalek::SigningKey::from_bytes(&seed));
    }
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).context("the operating system gives no randomness")?;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    file.write_all(&seed)?;
    file.sync_all()?;
    Ok(ed25519_dalek::SigningKey::from_bytes(&seed))
}

/// Opens the witness. Gives it with the logs it knows.
///
/// # Errors
/// A name that is none; a key that is none; a folder that cannot be used.
pub fn open(args: &Args) -> anyhow::Result<Book> {
    std::fs::create_dir_all(&args.data)
        .with_context(|| format!("cannot make folder `{}`", args.data.display()))?;
    let cosigner = Cosigner::new(&args.name, key(&args.data)?)
        .with_context(|| format!("`{}` cannot be the name of a witness", args.name))?;
    let mut logs = Vec::new();
    for text in &args.logs {
        let held = if std::path::Path::new(text).is_file() {
            std::fs::read_to_string(text).with_context(|| format!("cannot read `{text}`"))?
        } else {
            text.clone()
        };
        let log = NoteVerifier::parse(held.trim())
            .with_context(|| format!("`{text}` is no verifier key and no file that holds one"))?;
        anyhow::ensure!(log.signs() == ledger::Signs::Text, "`{text}` is a witness's key, not a log's");
        logs.push(log);
    }
    Ok(Book::open(&args.data, cosigner, logs)?)
}

/// Runs until it is ended. `seconds` is the clock, since 1970.
///
/// # Errors
/// What stands in the way of starting.
pub async fn run(args: &Args, seconds: Seconds) -> anyhow::Result<()> {
    let book = open(args)?;
    let key = book.verifier().to_string();
    let listener = tokio::net::TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("cannot listen on {}", args.listen))?;
    tracing::info!(address = %args.listen, %key, "the witness is ready; give this key to whoever verifies");
    axum::serve(listener, router(book, seconds)).await?;
    Ok(())
}
