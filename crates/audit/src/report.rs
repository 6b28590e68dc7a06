//! What verification found, in a form that a command can print and a test can compare.

use std::fmt;

use uuid::Uuid;

/// What kind of change was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// A record says something else than what was logged.
    Edited,
    /// A record that was logged is gone.
    Deleted,
    /// A record, or a row of the log, that was never logged.
    Inserted,
    /// A record stands at another place than the one signed.
    Moved,
    /// The stored row of the log or the record's own hash was changed; the record is as signed.
    Index,
    /// A tile of the tree was changed or is missing; the records are as signed.
    Tile,
    /// The log ends before the size that was signed.
    Truncated,
    /// Records changed, and every copy of their hashes with them: only the signed roots show it.
    Rewritten,
    /// A stored checkpoint is not what was signed.
    Checkpoint,
    /// A checkpoint is signed by a key that is not the log's.
    Resigned,
    /// A checkpoint that must be there is not.
    CheckpointMissing,
    /// The stored size of the log is not the one signed last.
    Head,
    /// A checkpoint kept outside is of a larger log: the log was set back.
    RolledBack,
    /// A checkpoint kept outside has another root: somebody with the key wrote another history.
    Forked,
}

impl FaultKind {
    /// A stable word for machines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Edited => "edited",
            Self::Deleted => "deleted",
            Self::Inserted => "inserted",
            Self::Moved => "moved",
            Self::Index => "index",
            Self::Tile => "tile",
            Self::Truncated => "truncated",
            Self::Rewritten => "rewritten",
            Self::Checkpoint => "checkpoint",
            Self::Resigned => "resigned",
            Self::CheckpointMissing => "checkpoint_missing",
            Self::Head => "head",
            Self::RolledBack => "rolled_back",
            Self::Forked => "forked",
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What kind of change.
    pub kind: FaultKind,
    /// The first place in the log that it concerns, from 0; `None` where it concerns none.
    pub position: Option<u64>,
    /// The place behind the last one, where it concerns several.
    pub until: Option<u64>,
    /// The record, where it is known.
    pub record: Option<Uuid>,
    /// The whole in one English sentence without full stop.
    pub sentence: String,
}

impl Fault {
    pub(crate) const fn new(kind: FaultKind, sentence: String) -> Self {
        Self { kind, position: None, until: None, record: None, sentence }
    }
    pub(crate) fn at(mut self, position: u64) -> Self {
        self.position = Some(position);
        self
    }
    pub(crate) fn until(mut self, until: u64) -> Self {
        self.until = Some(until);
        self
    }
    pub(crate) fn of(mut self, record: Option<Uuid>) -> Self {
        self.record = record;
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.as_str(), self.sentence)
    }
}

/// The most faults listed; what is over is counted.
pub const MAX_FAULTS: usize = 10_000;

/// The outcome of a verification.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// How many records the last signed checkpoint covers.
    pub size: u64,
    /// How many sound checkpoints there are.
    pub checkpoints: u64,
    /// How many records wait for their place (normal, for a second).
    pub pending: u64,
    /// What is wrong, at most [`MAX_FAULTS`].
    pub faults: Vec<Fault>,
    /// How many more faults there are than are listed.
    pub omitted: u64,
}

impl Verdict {
    /// Whether nothing is wrong.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    pub(crate) fn add(&mut self, fault: Fault) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(fault);
        } else {
            self.omitted += 1;
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.is_sound() { "sound" } else { "NOT SOUND" };
        writeln!(
            f,
            "log {state}: {} records, {} checkpoints, {} records waiting",
            self.size, self.checkpoints, self.pending
        )?;
        for fault in &self.faults {
            writeln!(f, "{fault}")?;
        }
        if self.omitted > 0 {
            writeln!(f, "and {} more", self.omitted)?;
        }
        Ok(())
    }
}
