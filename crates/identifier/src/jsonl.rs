//! Extraction over a file of stories, for the command line and for judging.

use std::collections::HashSet;
use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};

use crate::Kind;
use crate::extract::{Options, extract};

/// The longest line that is taken, in bytes.
const LONGEST_LINE: usize = 16 * 1024 * 1024;

/// One line in: `{"id":"1","story":"…"}`. Further fields are left alone.
#[derive(Debug, Deserialize)]
struct Line {
    id: serde_json::Value,
    story: String,
}

/// One line out: `{"id":"1","identifiers":[{"kind":"phone","canonical":"+77015550123"}]}`.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    id: &'a serde_json::Value,
    identifiers: Vec<Named<'a>>,
}

/// One identifier of a story.
#[derive(Debug, Serialize)]
struct Named<'a> {
    kind: Kind,
    canonical: &'a str,
}

/// What went through, and which lines could not be read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Stories that were answered.
    pub stories: usize,
    /// Identifiers in the answers; one that a story names twice counts once.
    pub identifiers: usize,
    /// The lines that were left out.
    pub bad_lines: Vec<BadLine>,
}

/// A line that is no story.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct BadLine {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it. Never the story itself.
    pub why: String,
}

/// Why the whole run ended.
#[derive(Debug, thiserror::Error)]
pub enum JsonlError {
    /// The input cannot be read.
    #[error("the input cannot be read at line {line}")]
    Read {
        /// Counted from 1.
        line: usize,
        /// What the system said.
        source: io::Error,
    },
    /// The output cannot be written.
    #[error("the output cannot be written")]
    Write(#[source] io::Error),
}

/// Reads one story a line and writes the identifiers of each, in the order in which they are first named.
/// Empty lines are passed over; a line that is no story is reported in the result, and the rest goes on.
///
/// # Errors
/// Only when input or output fail.
pub fn extract_jsonl(
    mut reader: impl BufRead,
    mut writer: impl Write,
    options: &Options,
) -> Result<Stats, JsonlError> {
    let mut stats = Stats::default();
    let mut bytes = Vec::new();
    let mut line = 0_usize;
    loop {
        bytes.clear();
        line = line.saturating_add(1);
        let read =
            reader.read_until(b'\n', &mut bytes).map_err(|source| JsonlError::Read { line, source })?;
        if read == 0 {
            break;
        }
        match parse(&bytes, line) {
            Ok(None) => {}
            Ok(Some(story)) => answer(&story, &mut writer, options, &mut stats).map_err(JsonlError::Write)?,
            Err(bad) => stats.bad_lines.push(bad),
        }
    }
    writer.flush().map_err(JsonlError::Write)?;
    Ok(stats)
}

fn parse(bytes: &[u8], line: usize) -> Result<Option<Line>, BadLine> {
    let bad = |why: String| BadLine { line, why };
    // A byte order mark stands before the first line of files from some editors.
    let bytes = if line == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
    if bytes.len() > LONGEST_LINE {
        return Err(bad(format!("the line is longer than {LONGEST_LINE} bytes")));
    }
    let text =
        std::str::from_utf8(bytes).map_err(|e| bad(format!("not UTF-8 from byte {} on", e.valid_up_to())))?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    serde_json::from_str::<Line>(text).map(Some).map_err(|e| {
        let what = match e.classify() {
            serde_json::error::Category::Data => "not an object with `id` and a text `story`",
            serde_json::error::Category::Eof => "the JSON ends too early",
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => "not JSON",
        };
        bad(format!("{what}, column {}", e.column()))
    })
}

fn answer(line: &Line, writer: &mut impl Write, options: &Options, stats: &mut Stats) -> io::Result<()> {
    let found = extract(&line.story, options);
    let mut seen = HashSet::new();
    let identifiers: Vec<Named<'_>> = found
        .iter()
        .filter(|f| seen.insert((f.kind, f.canonical.as_str())))
        .map(|f| Named { kind: f.kind, canonical: &f.canonical })
        .collect();
    stats.stories = stats.stories.saturating_add(1);
    stats.identifiers = stats.identifiers.saturating_add(identifiers.len());
    serde_json::to_writer(&mut *writer, &Answer { id: &line.id, identifiers })?;
    writer.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_lines_are_named_and_the_rest_goes_on() {
        let input = "\u{feff}{\"id\":\"a\",\"story\":\"тел. 87015550123, ещё раз 87015550123\"}\n\nnot json\n{\"id\":2}\n{\"id\":3,\"story\":\"пусто\",\"lang\":\"ru\"}";
        let mut out = Vec::new();
        let stats = extract_jsonl(input.as_bytes(), &mut out, &Options::default()).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "{\"id\":\"a\",\"identifiers\":[{\"kind\":\"phone\",\"canonical\":\"+77015550123\"}]}\n{\"id\":3,\"identifiers\":[]}\n"
        );
        assert_eq!((stats.stories, stats.identifiers), (2, 1));
        let bad: Vec<String> = stats.bad_lines.iter().map(ToString::to_string).collect();
        assert_eq!(
            bad,
            ["line 3: not JSON, column 2", "line 4: not an object with `id` and a text `story`, column 8"]
        );
    }
}
