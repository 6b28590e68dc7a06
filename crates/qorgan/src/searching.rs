//! What the program searches, and the index made anew from the command line.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use app::App;
use clap::Subcommand;
use search::{Shelf, Sources};

use crate::node::{self, NodeArgs};

/// What is done about searching.
#[derive(Debug, Subcommand)]
pub enum SearchCommand {
    /// Makes the index anew from everything there is. The node must not run meanwhile
    Rebuild(NodeArgs),
}

/// The kinds that are searched. A slice above `search` is named here beside them.
#[must_use]
pub fn sources() -> Sources {
    Arc::new(search::sources::own())
}

/// Where the index of a node lies.
#[must_use]
pub fn folder(data: &Path) -> PathBuf {
    data.join("search")
}

/// The index of a node: in its folder, or in memory where it has none.
///
/// # Errors
/// The folder cannot be used.
pub fn shelf(app: &App, data: Option<&Path>) -> anyhow::Result<Arc<Shelf>> {
    let folder = data.map(folder);
    Shelf::open(app, sources(), folder.as_deref()).context("the index for searching cannot be opened")
}

/// Runs one command.
///
/// # Errors
/// A sentence for the person at the terminal.
pub async fn run(command: SearchCommand, out: &mut (impl std::io::Write + Send)) -> anyhow::Result<()> {
    let SearchCommand::Rebuild(args) = command;
    let app = node::open(&args)?;
    let shelf = Shelf::anew(&app, sources(), &folder(&args.data))
        .context("the index cannot be made anew; if the node runs, stop it first")?;
    let mut told = Ok(());
    let sum = search::service::go_through(&app, &shelf, |kind, progress| {
        if told.is_ok() {
            told = writeln!(out, "{kind}: {} compared, {} written", progress.seen, progress.written);
        }
    })
    .await?;
    told?;
    writeln!(out, "The index holds {} documents of {} things.", shelf.index.len(), sum.written)?;
    Ok(())
}
