//! What a piece of work cost: wall time, and CPU time of a thread or process.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use anyhow::Context;

/// Runs `work` and says how many nanoseconds passed on the wall.
pub fn wall<T>(work: impl FnOnce() -> T) -> (T, u64) {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures this very machine")]
    let start = Instant::now();
    let out = work();
    (out, u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX))
}

/// The time since a moment of this machine.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins now.
    #[must_use]
    pub fn start() -> Self {
        #[expect(clippy::disallowed_methods, reason = "a benchmark measures this very machine")]
        Self(Instant::now())
    }
    /// Since the beginning.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
    /// The same in nanoseconds.
    #[must_use]
    pub fn nanoseconds(self) -> u64 {
        u64::try_from(self.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

/// Processor time of this process with all its threads so far, in nanoseconds, as fine as the kernel's ticks.
///
/// # Errors
/// Where the system does not tell.
pub fn process_cpu() -> anyhow::Result<u64> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    // The second field is the program's name in brackets; user and system time are 14 and 15 of the line.
    let after = text.rsplit_once(") ").map(|(_, rest)| rest).context("no statistics of this process")?;
    let ticks: u64 = after.split(' ').skip(11).take(2).filter_map(|t| t.parse::<u64>().ok()).sum();
    // USER_HZ is 100 on every Linux this runs on.
    Ok(ticks.saturating_mul(10_000_000))
}

/// Time that a thread spent on a processor: on a crowded machine the wall clock counts the neighbours too.
///
/// Read from the scheduler's statistics, to the nanosecond. The kernel brings them up to date when the thread
/// leaves the processor, so each reading first lets the reader do so for a moment; spans should be
/// milliseconds long.
#[derive(Debug)]
pub struct Cpu {
    schedstat: File,
}

impl Cpu {
    /// The calling thread.
    ///
    /// # Errors
    /// Where the system keeps no such statistics.
    pub fn this_thread() -> anyhow::Result<Self> {
        Self::open("/proc/thread-self/schedstat")
    }

    /// A single-threaded process, such as one PostgreSQL backend.
    ///
    /// # Errors
    /// Where there is no such process, or the system keeps no such statistics.
    pub fn process(pid: u32) -> anyhow::Result<Self> {
        Self::open(&format!("/proc/{pid}/schedstat"))
    }

    fn open(path: &str) -> anyhow::Result<Self> {
        let schedstat = File::open(path).with_context(|| format!("cannot open `{path}`"))?;
        let cpu = Self { schedstat };
        cpu.nanoseconds()?;
        Ok(cpu)
    }

    /// Nanoseconds on a processor since the thread began.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn nanoseconds(&self) -> anyhow::Result<u64> {
        // Leaves the processor: this thread's figure becomes current, and a server that has just answered
        // gets the moment it needs to fall asleep.
        std::thread::park_timeout(Duration::from_micros(50));
        let mut buffer = [0_u8; 96];
        let len = self.schedstat.read_at(&mut buffer, 0).context("cannot read the scheduler's statistics")?;
        let text = std::str::from_utf8(buffer.get(..len).unwrap_or_default())?;
        text.split_whitespace()
            .next()
            .and_then(|first| first.parse().ok())
            .with_context(|| format!("`{text}` is no scheduler statistic"))
    }

    /// Runs `work` and says how much processor time the watched thread spent meanwhile.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn during<T>(&self, work: impl FnOnce() -> T) -> anyhow::Result<(T, u64)> {
        let before = self.nanoseconds()?;
        let out = work();
        Ok((out, self.nanoseconds()?.saturating_sub(before)))
    }
}
