//! Parts of the platform on files alone, so that anybody can judge them on data of their own: no node, no database.

mod money;
mod persons;
mod stories;

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

use anyhow::Context as _;

pub use money::{FindTrailArgs, MatchTransfersArgs, find_trail, match_transfers};
pub use persons::{ResolvePersonsArgs, ScoreNamesArgs, resolve_persons, score_names};
pub use stories::extract_schemes;

fn open(path: &Path) -> anyhow::Result<BufReader<File>> {
    let file = File::open(path).with_context(|| format!("cannot open `{}`", path.display()))?;
    Ok(BufReader::new(file))
}

/// Gives what is written to a file, or to the terminal.
fn written(
    path: Option<&Path>,
    work: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    match path {
        Some(path) => {
            let file = File::create(path).with_context(|| format!("cannot create `{}`", path.display()))?;
            let mut out = BufWriter::new(file);
            work(&mut out)?;
            Ok(out.flush()?)
        }
        None => {
            let mut out = BufWriter::new(std::io::stdout().lock());
            work(&mut out)?;
            Ok(out.flush()?)
        }
    }
}

/// A table with a heading, of which some columns are wanted.
fn reader(input: impl Read) -> csv::Reader<impl Read> {
    csv::ReaderBuilder::new().trim(csv::Trim::Headers).flexible(true).from_reader(input)
}

/// Where a column stands.
fn column(headings: &csv::StringRecord, name: &str) -> anyhow::Result<usize> {
    let is = |h: &str| h.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name);
    headings.iter().position(is).with_context(|| format!("there is no column `{name}`"))
}
