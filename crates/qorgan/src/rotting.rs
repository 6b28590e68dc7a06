//! `check-database`: whether the database is as it was written.

use std::io::Write;
use std::path::Path;

use db::rot::{self, Extent};

use crate::node::{self, NodeArgs};

/// Arguments of `check-database`.
#[derive(Debug, Clone, clap::Args)]
pub struct CheckArgs {
    #[command(flatten)]
    node: NodeArgs,
}

/// Looks at every row, and at what belongs to none. Reads only, and needs no key. Gives how many places are not as they were written; each
/// is a line.
///
/// # Errors
/// A database that is not there, or cannot be read now. What is damaged is the verdict's.
pub fn check(args: &CheckArgs, out: &mut dyn Write) -> anyhow::Result<usize> {
    let url = args.node.database_url();
    let found = match url.strip_prefix("sqlite:") {
        Some(file) => {
            anyhow::ensure!(Path::new(file).is_file(), "there is no database `{file}`");
            rot::check_file(Path::new(file), Extent::Whole)?
        }
        None => rot::check(&node::open_database(&url)?, Extent::Whole)?,
    };
    for place in &found {
        writeln!(out, "{place}")?;
    }
    if found.is_empty() {
        writeln!(out, "sound: every row is as it was written")?;
    }
    Ok(found.len())
}
