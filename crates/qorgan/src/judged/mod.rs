//! Parts of the platform on files alone, so that anybody can judge them on data of their own: no node, no database.

mod money;
mod persons;
mod rows;
mod stories;

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

use anyhow::Context as _;

pub use money::{FindTrailArgs, MatchTransfersArgs, find_trail, match_transfers};
pub use persons::{ResolvePersonsArgs, ScoreNamesArgs, resolve_persons, score_names};
pub use rows::{ReadExhibitArgs, ReadStatementArgs, read_exhibit, read_statement};
pub use stories::extract_schemes;

fn open(path: &Path) -> anyhow::Result<BufReader<File>> {
    let file = File::open(path).with_context(|| format!("cannot open `{}`", path.display()))?;
    Ok(BufReader::new(file))
}

/// Gives what is written to a file, or to the terminal. A file gets its name when all is written: what it held before is not lost to a
/// command that fails, and may be what the command reads.
pub(crate) fn written(
    path: Option<&Path>,
    work: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let Some(path) = path else {
        let mut out = BufWriter::new(std::io::stdout().lock());
        work(&mut out)?;
        return Ok(out.flush()?);
    };
    let cannot = || format!("cannot create `{}`", path.display());
    // A pipe or a device takes what comes.
    if std::fs::metadata(path).is_ok_and(|m| !m.is_file()) {
        let mut out = BufWriter::new(File::options().write(true).open(path).with_context(cannot)?);
        work(&mut out)?;
        return Ok(out.flush()?);
    }
    let mut name = path.file_name().with_context(cannot)?.to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let done = (|| {
        let mut out = BufWriter::new(File::create(&part).with_context(cannot)?);
        work(&mut out)?;
        let file = out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        std::fs::rename(&part, path).with_context(cannot)
    })();
    if done.is_err() {
        // What cannot be removed was perhaps never there.
        let _ = std::fs::remove_file(&part);
    }
    done
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_whole_or_stays_as_it_was() {
        let dir = std::env::temp_dir().join(format!("qorgan-written-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let path = dir.join("table.csv");
        std::fs::write(&path, "a\nb\n").unwrap();
        let failed = written(Some(&path), |out| {
            writeln!(out, "half")?;
            anyhow::bail!("the rest cannot be read")
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a\nb\n");
        // What is read may be what is written.
        let twice = written(Some(&path), |out| {
            let mut text = String::new();
            open(&path)?.read_to_string(&mut text)?;
            Ok(write!(out, "{text}{text}")?)
        });
        assert!(twice.is_ok());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a\nb\na\nb\n");
        assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1, "nothing is left beside it");
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
