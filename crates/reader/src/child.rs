//! The reading process: limits itself, reads standard input, answers lines of JSON on standard output.
//!
//! | Line | What it says |
//! | --- | --- |
//! | `{"limits": …}` | which limits hold; the first line |
//! | `{"left": …}` | what still can be done, where that was asked with `--prove` |
//! | `{"answer": …}` | what is known so far; the last of them has `finished` |
//! | `{"kind": "movement", …}` | a row, where rows were asked for |
//! | `{"summary": …}`, `{"error": …}` | how the rows ended |

use std::io::{self, BufWriter, Read as _, Write};
use std::ops::ControlFlow;
use std::process::ExitCode;

use serde::{Deserialize, Serialize};
use statement::{Format, Input, Options, Plan, ReadError, Row, Summary};

use crate::answer::Answer;
use crate::limits::{Held, Left, Limits, hold, tried};
use crate::look;
use crate::seen::Seen;

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    /// How large the file is; then only what is [`crate::wanted`] of it comes.
    pub size: Option<u64>,
    /// Rows are wanted, not what is in it; then all of it comes.
    pub rows: bool,
    /// So many bytes of the mapping of a table (TOML) come before the file.
    pub plan_bytes: Option<u64>,
    /// Nothing is read: it is tried what still can be done.
    pub prove: bool,
    /// Processor time, in seconds; absent: as [`Limits`] has it.
    pub cpu_s: Option<u64>,
}

impl Ask {
    /// Reads it from a command line; `None` where it is none.
    pub fn from_args(mut args: impl Iterator<Item = String>) -> Option<Self> {
        let mut ask = Self::default();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--rows" => ask.rows = true,
                "--prove" => ask.prove = true,
                "--size-bytes" => ask.size = Some(args.next()?.parse().ok()?),
                "--cpu-s" => ask.cpu_s = Some(args.next()?.parse().ok()?),
                "--plan-bytes" => ask.plan_bytes = Some(args.next()?.parse().ok()?),
                _ => return None,
            }
        }
        Some(ask)
    }

    /// The command line that says it.
    #[must_use]
    pub fn to_args(&self) -> Vec<String> {
        let mut args = Vec::new();
        if self.rows {
            args.push("--rows".to_owned());
        }
        let numbers =
            [("--size-bytes", self.size), ("--cpu-s", self.cpu_s), ("--plan-bytes", self.plan_bytes)];
        for (name, value) in numbers.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            args.extend([name.to_owned(), value.to_string()]);
        }
        args
    }
}

/// A failure, as the parent hears it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Failure {
    /// A word that does not change.
    pub code: String,
    /// A sentence.
    pub message: String,
    /// Columns as far as they are known, where a person could say what they mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Box<Plan>>,
}

/// A line of the answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// Which limits hold.
    Limits(Held),
    /// What is known so far.
    Answer(Box<Answer>),
    /// What still can be done.
    Left(Left),
    /// How the rows ended.
    Summary(Box<Summary>),
    /// Why they ended.
    Error(Failure),
}

fn say(out: &mut dyn Write, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Runs it.
#[must_use]
pub fn run(ask: &Ask) -> ExitCode {
    let mut limits = Limits::default();
    limits.cpu_s = ask.cpu_s.unwrap_or(limits.cpu_s);
    let held = hold(&limits);
    let mut out = BufWriter::new(io::stdout().lock());
    let done = say(&mut out, &Line::Limits(held)).and_then(|()| {
        if ask.prove {
            return say(&mut out, &Line::Left(tried(&limits)));
        }
        if ask.rows { rows(ask, &mut out) } else { read(ask, &mut out) }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn read(ask: &Ask, out: &mut dyn Write) -> io::Result<()> {
    let seen = Seen::read(io::stdin().lock(), ask.size)?;
    let mut failed = Ok(());
    let answer = look(&seen, &mut |so_far| {
        if failed.is_ok() {
            failed = say(out, &Line::Answer(Box::new(so_far.clone())));
        }
    });
    failed?;
    say(out, &Line::Answer(Box::new(answer)))
}

fn rows(ask: &Ask, out: &mut dyn Write) -> io::Result<()> {
    let failure = |error: &ReadError| {
        let plan = error.plan().cloned().map(Box::new);
        Line::Error(Failure { code: error.code().to_owned(), message: error.to_string(), plan })
    };
    let mut input = io::stdin().lock();
    let plan = match plan(ask, &mut input) {
        Ok(plan) => plan,
        Err(error) => return say(out, &failure(&error)),
    };
    let mut failed = Ok(());
    let read = {
        let mut sink = |row: Row| {
            let written = serde_json::to_writer(&mut *out, &row)
                .map_err(io::Error::from)
                .and_then(|()| out.write_all(b"\n"));
            match written {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Err(error);
                    ControlFlow::Break(())
                }
            }
        };
        from(input, &Options { plan, ..Options::default() }, &mut sink)
    };
    failed?;
    match read {
        Ok(summary) => say(out, &Line::Summary(Box::new(summary))),
        Err(error) => say(out, &failure(&error)),
    }
}

/// The mapping, where one comes.
fn plan(ask: &Ask, input: &mut impl io::Read) -> Result<Option<Plan>, ReadError> {
    let Some(many) = ask.plan_bytes else { return Ok(None) };
    let mut text = String::new();
    let read = input.take(many.min(1 << 20)).read_to_string(&mut text);
    read.map_err(|error| ReadError::Mapping(error.kind().to_string()))?;
    Plan::from_toml(&text).map(Some)
}

/// Rows of whatever it is, reports of device extractions with them.
///
/// # Errors
/// As [`statement::read`] has them.
pub fn from<'s>(
    mut input: impl io::Read,
    options: &Options,
    sink: &'s mut statement::rows::Sink<'s>,
) -> Result<Summary, ReadError> {
    let gone = |error: io::Error| ReadError::Io(error.kind().to_string());
    let mut head = Vec::new();
    input.by_ref().take(64 << 10).read_to_end(&mut head).map_err(gone)?;
    let format = options.format.or_else(|| statement::sniff(&head));
    if format == Some(Format::CaseUco) {
        let most = u64::try_from(case_uco::MOST_BYTES).unwrap_or(u64::MAX);
        input.take(most).read_to_end(&mut head).map_err(gone)?;
        return case_uco::read(&head, sink);
    }
    statement::read(Input::Stream(Box::new(io::Cursor::new(head).chain(input))), options, sink)
}
