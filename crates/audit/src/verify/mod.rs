//! Recomputes the whole log and names what is not as it was signed.

mod chain;
mod database;
mod directory;
mod explain;
mod marks;

use ledger::{NoteVerifier, TileId, VkeyError};

use crate::error::AuditError;
use crate::report::{Fault, FaultKind, Verdict};
use crate::sequencer::LogSigner;
use chain::{Ended, Mark};
use explain::Outside;

pub use database::verify_database;
pub use directory::verify_directory;
pub(crate) use marks::HistoryLine;

/// What the verifier brings along: the log's name and keys, and checkpoints that somebody kept outside.
#[derive(Debug, Clone)]
pub struct LogKeys {
    /// The log's name.
    pub origin: String,
    /// The log's keys, the present one and former ones.
    pub known: Vec<NoteVerifier>,
    /// Checkpoints kept outside, as notes. Without one a log that was set back, or written anew with the stolen key,
    /// cannot be told from an honest one.
    pub since: Vec<String>,
}

impl LogKeys {
    /// The keys of one's own log.
    #[must_use]
    pub fn of(signer: &LogSigner) -> Self {
        Self { origin: signer.origin().to_owned(), known: vec![signer.verifier().clone()], since: Vec::new() }
    }
    /// From a verifier key (`NAME+ID+KEY`), whose name is the log's.
    ///
    /// # Errors
    /// If the text is no verifier key.
    pub fn parse(vkey: &str) -> Result<Self, VkeyError> {
        let key = NoteVerifier::parse(vkey)?;
        Ok(Self { origin: key.name().to_owned(), known: vec![key], since: Vec::new() })
    }
    /// With a checkpoint that somebody kept.
    #[must_use]
    pub fn since(mut self, note: &str) -> Self {
        self.since.push(note.to_owned());
        self
    }

    /// The kept checkpoints.
    fn kept(&self) -> Result<Vec<Mark>, AuditError> {
        let open = |note: &String| {
            let checkpoint = ledger::Checkpoint::open(note, &self.origin, &self.known)?;
            Ok(Mark { size: checkpoint.size, root: checkpoint.root, kept: true })
        };
        self.since.iter().map(open).collect()
    }
}

/// The marks to come by on the way to `size`, and a fault for each kept checkpoint that lies further.
fn way(stored: &[Mark], kept: &[Mark], size: u64) -> (Vec<Mark>, Vec<Fault>) {
    let mut marks: Vec<Mark> = stored.iter().chain(kept.iter().filter(|m| m.size <= size)).copied().collect();
    marks.sort_by_key(|mark| (mark.size, mark.kept));
    let faults = kept.iter().filter(|m| m.size > size).map(|mark| {
        let sentence = format!(
            "a checkpoint of {} records was kept, the log has {size} now: it was set back",
            mark.size
        );
        Fault::new(FaultKind::RolledBack, sentence).at(size).until(mark.size)
    });
    let faults = faults.collect();
    (marks, faults)
}

/// Puts the verdict together: what the chain found, what odd places mean, tiles that do not follow from the leaves.
fn conclude(
    verdict: &mut Verdict,
    ended: &Ended,
    outside: &[Outside],
    size: u64,
    mut stored: impl FnMut(TileId) -> Result<Option<Vec<u8>>, AuditError>,
) -> Result<(), AuditError> {
    for fault in explain::explain(&ended.odd, outside, size) {
        verdict.add(fault);
    }
    for fault in &ended.faults {
        verdict.add(fault.clone());
    }
    // Where a leaf is not known, nothing is known of the tiles above it.
    for (id, hashes) in ended.upper.iter().filter(|_| !ended.lost) {
        let bytes: Vec<u8> = hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
        // A partial tile of a working log may have grown meanwhile.
        let found = stored(*id)?.is_some_and(|tile| tile.starts_with(&bytes));
        if !found {
            let sentence = format!("`{}` is missing or does not follow from the tiles below it", id.path());
            verdict.add(Fault::new(FaultKind::Tile, sentence));
        }
    }
    verdict.faults.sort_by_key(|fault| (fault.position.is_none(), fault.position, fault.kind));
    Ok(())
}
