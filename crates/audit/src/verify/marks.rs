//! Checks the stored checkpoints themselves: signatures, rows, gaps.

use ledger::{Checkpoint, CheckpointError, Note, NoteError};
use serde::{Deserialize, Serialize};

use super::LogKeys;
use super::chain::Mark;
use crate::report::{Fault, FaultKind};
use crate::sequencer::BATCH;
use crate::store::StoredCheckpoint;

/// A line of an export's `checkpoints.jsonl`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct HistoryLine {
    pub size: u64,
    pub note: String,
}

/// What the stored checkpoints say.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Of sound checkpoints, as signed, by size.
    pub sound: Vec<Mark>,
    /// The largest size that any checkpoint claims, sound or not.
    pub claimed: u64,
    pub faults: Vec<Fault>,
    /// A run of unsound checkpoints of one kind: kind, first size, last size, how many.
    run: Option<(FaultKind, u64, u64, u64)>,
    last: u64,
}

impl Marks {
    /// Takes the next checkpoint, smallest first.
    pub(super) fn take(&mut self, stored: &StoredCheckpoint, keys: &LogKeys) {
        let written = Note::parse(&stored.note).ok().and_then(|note| Checkpoint::parse(note.text()).ok());
        let claimed = stored.size.or_else(|| written.map(|c| c.size)).unwrap_or(self.last);
        if claimed.saturating_sub(self.last) > u64::from(BATCH) {
            self.gap(claimed);
        }
        self.last = claimed.max(self.last);
        self.claimed = self.claimed.max(claimed);
        let wrong = match Checkpoint::open(&stored.note, &keys.origin, &keys.known) {
            Ok(signed) => {
                self.sound.push(Mark { size: signed.size, root: signed.root, kept: false });
                let same = stored.size == Some(signed.size) && stored.root == Some(signed.root);
                (!same).then_some(FaultKind::Checkpoint)
            }
            Err(CheckpointError::Note(NoteError::Unknown) | CheckpointError::Origin) => {
                Some(FaultKind::Resigned)
            }
            Err(_) => Some(FaultKind::Checkpoint),
        };
        match (&mut self.run, wrong) {
            (Some((kind, _, until, count)), Some(wrong)) if *kind == wrong => {
                *until = claimed;
                *count += 1;
            }
            (_, wrong) => {
                self.flush();
                self.run = wrong.map(|kind| (kind, claimed, claimed, 1));
            }
        }
    }

    /// Ends: sorts the marks and tells the last run.
    pub(super) fn finish(&mut self) {
        self.flush();
        self.sound.sort_by_key(|mark| mark.size);
    }

    fn gap(&mut self, to: u64) {
        let from = self.last;
        let sentence =
            format!("no checkpoint between the sizes {from} and {to}, one was signed every {BATCH} records");
        self.faults.push(Fault::new(FaultKind::CheckpointMissing, sentence).at(from).until(to));
    }

    fn flush(&mut self) {
        let Some((kind, from, until, count)) = self.run.take() else { return };
        let which = if count == 1 {
            format!("the checkpoint of size {from} is")
        } else {
            format!("{count} checkpoints of the sizes {from} to {until} are")
        };
        let what = match kind {
            FaultKind::Resigned => "signed by a key that is not the log's",
            _ => "not what was signed",
        };
        self.faults.push(Fault::new(kind, format!("{which} {what}")).at(from).until(until));
    }
}
