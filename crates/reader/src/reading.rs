//! Starting the reading process, feeding it, and hearing what it says.

use std::ffi::OsString;
use std::future::Future;
use std::io;
use std::ops::Range;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};

use statement::{Row, Summary};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc::Receiver;

use crate::answer::Answer;
use crate::child::{Ask, Failure, Line};
use crate::limits::Held;
use crate::seen::wanted;

/// Longest line that is taken.
const LINE_BYTES: usize = 8 << 20;
/// Most that is taken of what it says of itself when it dies.
const WORDS_BYTES: u64 = 8 << 10;

crate::words::closed! {
    /// How the reading ended.
    Ended {
        /// It was read to its end.
        Whole = "whole",
        /// It wanted more memory than there is for it.
        Memory = "memory",
        /// It wanted more processor time.
        Cpu = "cpu",
        /// It took longer than is waited.
        Time = "time",
        /// It said more than is taken.
        Output = "output",
        /// The process broke off.
        Crashed = "crashed",
        /// The process could not be started, or not be fed.
        NotRead = "not_read",
    }
}

/// What was heard of an exhibit. A process that died may have said much before.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The last that it said.
    pub answer: Option<Answer>,
    /// Which limits held.
    pub held: Held,
    /// How it ended.
    pub ended: Ended,
}

/// How rows ended.
#[derive(Debug, Clone)]
pub struct Rows {
    /// What they add up to; absent where it was not read to its end.
    pub summary: Option<Box<Summary>>,
    /// Why it was not.
    pub failure: Option<Failure>,
    /// Which limits held.
    pub held: Held,
    /// How it ended.
    pub ended: Ended,
}

/// The bytes of an exhibit.
#[derive(Debug)]
pub struct Feed {
    /// How many there are.
    pub size_bytes: u64,
    /// They, each with the place where it begins, in order. Of what is not [`wanted`] for a look nothing need come.
    pub chunks: Receiver<(u64, Vec<u8>)>,
}

/// How the reading process is started.
#[derive(Debug, Clone)]
pub struct Reader {
    program: PathBuf,
    before: Vec<OsString>,
}

impl Reader {
    /// A program and what stands before the question on its command line.
    #[must_use]
    pub fn new(program: PathBuf, before: Vec<OsString>) -> Self {
        Self { program, before }
    }

    /// This program, which knows `read-exhibit`.
    ///
    /// # Errors
    /// Where it lies is not known.
    pub fn of_this_program() -> io::Result<Self> {
        Ok(Self::new(std::env::current_exe()?, vec!["read-exhibit".into()]))
    }

    /// Looks at an exhibit. `deadline` ends when it is not waited any longer.
    pub async fn read(&self, feed: Feed, deadline: impl Future<Output = ()>) -> Reading {
        let ask = Ask { size: Some(feed.size_bytes), ..Ask::default() };
        let mut reading = Reading { answer: None, held: Held::default(), ended: Ended::NotRead };
        let ranges = wanted(feed.size_bytes);
        let heard = |line: &[u8], reading: &mut Reading| match serde_json::from_slice::<Line>(line) {
            Ok(Line::Limits(held)) => reading.held = held,
            Ok(Line::Answer(answer)) => reading.answer = Some(*answer),
            _ => {}
        };
        let ended = self.run((&ask, &[]), feed.chunks, &ranges, deadline, |line| {
            heard(line, &mut reading);
            true
        });
        let ended = ended.await;
        let finished = reading.answer.as_ref().is_some_and(|a| a.finished);
        reading.ended = if ended == Ended::Whole && !finished { Ended::Crashed } else { ended };
        reading
    }

    /// Reads rows. Each goes to `take`, which may end it. `plan`: the mapping of a table, TOML.
    pub async fn rows(
        &self,
        feed: Feed,
        plan: Option<String>,
        deadline: impl Future<Output = ()>,
        mut take: impl FnMut(Row) -> bool,
    ) -> Rows {
        // Rows of a large file take their time: a second more for each four megabytes.
        let cpu_s = feed.size_bytes.div_ceil(4 << 20).saturating_add(5).min(600);
        // A mapping may name an account, and command lines are seen by others: it goes before the bytes.
        let plan = plan.map(String::into_bytes).unwrap_or_default();
        let plan_bytes = u64::try_from(plan.len()).ok().filter(|n| *n > 0);
        let ask = Ask { rows: true, plan_bytes, cpu_s: Some(cpu_s), ..Ask::default() };
        let mut rows = Rows { summary: None, failure: None, held: Held::default(), ended: Ended::NotRead };
        let all = 0..feed.size_bytes;
        let ranges = [all, 0..0];
        let ended = self.run((&ask, &plan), feed.chunks, &ranges, deadline, |line| {
            if let Ok(row) = serde_json::from_slice::<Row>(line) {
                return take(row);
            }
            match serde_json::from_slice::<Line>(line) {
                Ok(Line::Limits(held)) => rows.held = held,
                Ok(Line::Summary(summary)) => rows.summary = Some(summary),
                Ok(Line::Error(failure)) => rows.failure = Some(failure),
                _ => {}
            }
            true
        });
        let ended = ended.await;
        rows.ended = if ended == Ended::Whole && rows.summary.is_none() && rows.failure.is_none() {
            Ended::Crashed
        } else {
            ended
        };
        rows
    }

    fn start(&self, ask: &Ask) -> io::Result<Child> {
        Command::new(&self.program)
            .args(&self.before)
            .args(ask.to_args())
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
    }

    async fn run(
        &self,
        (ask, before): (&Ask, &[u8]),
        chunks: Receiver<(u64, Vec<u8>)>,
        ranges: &[Range<u64>; 2],
        deadline: impl Future<Output = ()>,
        take: impl FnMut(&[u8]) -> bool,
    ) -> Ended {
        let Ok(mut child) = self.start(ask) else { return Ended::NotRead };
        let (Some(stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Ended::NotRead;
        };
        let talk = async {
            // Whatever is said at the end is heard to its end, or the process would wait for that.
            let (fed, heard, words) =
                tokio::join!(feed(stdin, before, chunks, ranges), hear(stdout, take), last_words(stderr));
            (fed, heard, words)
        };
        let talked = tokio::select! {
            talked = talk => Some(talked),
            () = deadline => None,
        };
        let Some((fed, heard, words)) = talked else {
            let _ = child.kill().await;
            return Ended::Time;
        };
        if heard == Heard::TooMuch {
            let _ = child.kill().await;
            return Ended::Output;
        }
        if heard == Heard::Stopped {
            let _ = child.kill().await;
            return Ended::Whole;
        }
        match child.wait().await {
            Ok(status) if status.success() && fed => Ended::Whole,
            Ok(status) if status.success() => Ended::NotRead,
            Ok(status) => died(status, &words),
            Err(_) => Ended::Crashed,
        }
    }
}

/// Why a process died.
fn died(status: ExitStatus, words: &str) -> Ended {
    let memory = words.contains("memory allocation")
        || words.contains("out of memory")
        || words.contains("capacity overflow");
    match status.signal() {
        // SIGXCPU, and SIGKILL where that was not heeded.
        Some(24 | 9) => Ended::Cpu,
        _ if memory => Ended::Memory,
        _ => Ended::Crashed,
    }
}

/// Feeds the process what lies in the ranges. Says whether all of it came; a process that no longer listens has what it needs.
async fn feed(
    mut stdin: ChildStdin,
    before: &[u8],
    mut chunks: Receiver<(u64, Vec<u8>)>,
    ranges: &[Range<u64>; 2],
) -> bool {
    if stdin.write_all(before).await.is_err() {
        return true;
    }
    let [head, tail] = ranges;
    let wish = head.end.saturating_sub(head.start).saturating_add(tail.end.saturating_sub(tail.start));
    let mut given = 0_u64;
    while let Some((at, bytes)) = chunks.recv().await {
        for range in ranges {
            let part = within(at, &bytes, range);
            if part.is_empty() {
                continue;
            }
            if stdin.write_all(part).await.is_err() {
                return true;
            }
            given = given.saturating_add(u64::try_from(part.len()).unwrap_or(0));
        }
    }
    // End of input: the process sees what came as all there is.
    drop(stdin);
    given == wish
}

/// What of bytes at a place lies in a range.
fn within<'b>(at: u64, bytes: &'b [u8], range: &Range<u64>) -> &'b [u8] {
    let end = at.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    let (from, to) = (range.start.max(at), range.end.min(end));
    if from >= to {
        return &[];
    }
    let place = |n: u64| usize::try_from(n.saturating_sub(at)).unwrap_or(usize::MAX);
    bytes.get(place(from)..place(to)).unwrap_or_default()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heard {
    All,
    TooMuch,
    Stopped,
}

/// Hears it line by line.
async fn hear(stdout: ChildStdout, mut take: impl FnMut(&[u8]) -> bool) -> Heard {
    let mut from = BufReader::with_capacity(64 << 10, stdout);
    let mut line = Vec::new();
    loop {
        let (used, ends) = match from.fill_buf().await {
            Ok([]) | Err(_) => return Heard::All,
            Ok(bytes) => {
                let end = bytes.iter().position(|b| *b == b'\n');
                let upto = end.unwrap_or(bytes.len());
                if line.len().saturating_add(upto) > LINE_BYTES {
                    return Heard::TooMuch;
                }
                line.extend(bytes.iter().take(upto));
                (end.map_or(upto, |at| at.saturating_add(1)), end.is_some())
            }
        };
        from.consume(used);
        if ends {
            if !take(&line) {
                return Heard::Stopped;
            }
            line.clear();
        }
    }
}

/// What it says of itself when it dies. It is looked at and kept nowhere: it may hold what is in the exhibit.
async fn last_words(mut stderr: ChildStderr) -> String {
    let mut words = Vec::new();
    let _ = (&mut stderr).take(WORDS_BYTES).read_to_end(&mut words).await;
    let _ = tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await;
    String::from_utf8_lossy(&words).into_owned()
}
