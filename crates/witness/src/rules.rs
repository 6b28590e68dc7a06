//! Whether a checkpoint is cosigned: what was seen before, and what was sent, give the answer.

use ledger::{Checkpoint, Hash, Note, NoteVerifier, verify_consistency};

/// Longest request that is read, bytes: 63 hashes and a note with a few signatures.
pub const MOST_BYTES: usize = 64 * 1024;
/// Most hashes of a proof.
const MOST_HASHES: usize = 63;

/// What a witness saw last of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// How many entries.
    pub size: u64,
    /// The root of the tree.
    pub root: Hash,
}

/// What was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The size from which the proof begins.
    pub old: u64,
    /// The proof.
    pub proof: Vec<Hash>,
    /// The checkpoint, signed.
    pub note: Note,
    /// The same, read.
    pub checkpoint: Checkpoint,
}

/// Why nothing is cosigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It does not read, or the proof begins behind its end (400).
    Form,
    /// No such log is known (404).
    Unknown,
    /// The log has not signed it (403).
    Signature,
    /// Another size was seen last: this one (409).
    Other(u64),
    /// The same size was seen with another root: the log has two histories (409).
    Fork(u64),
    /// The proof does not lead from what was seen (422).
    Proof,
}

/// Reads a request: `old N`, hashes, an empty line, a checkpoint.
///
/// # Errors
/// [`Refused::Form`].
pub fn read(body: &str) -> Result<Sent, Refused> {
    let (head, note) = body.split_once("\n\n").ok_or(Refused::Form)?;
    let mut lines = head.split('\n');
    let old = lines.next().and_then(|l| l.strip_prefix("old ")).ok_or(Refused::Form)?;
    let canonical = old == "0" || (!old.starts_with('0') && old.bytes().all(|b| b.is_ascii_digit()));
    let old = old.parse().ok().filter(|_| canonical).ok_or(Refused::Form)?;
    let proof: Option<Vec<Hash>> = lines.map(Hash::parse).collect();
    let proof = proof.filter(|p| p.len() <= MOST_HASHES).ok_or(Refused::Form)?;
    let note = Note::parse(note).map_err(|_| Refused::Form)?;
    let checkpoint = Checkpoint::parse(note.text()).map_err(|_| Refused::Form)?;
    Ok(Sent { old, proof, note, checkpoint })
}

/// The log that a checkpoint says it is of, if it is known and has signed.
///
/// # Errors
/// [`Refused::Unknown`], [`Refused::Signature`].
pub fn log<'l>(sent: &Sent, logs: &'l [NoteVerifier]) -> Result<&'l NoteVerifier, Refused> {
    // While a log changes its key it is known under both.
    let mut known = logs.iter().filter(|log| log.name() == sent.checkpoint.origin).peekable();
    if known.peek().is_none() {
        return Err(Refused::Unknown);
    }
    known.find(|log| sent.note.verify(std::slice::from_ref(*log)).is_ok()).ok_or(Refused::Signature)
}

/// Whether it grew out of what was seen last.
///
/// # Errors
/// Why not.
pub fn judge(seen: Option<Seen>, sent: &Sent) -> Result<Seen, Refused> {
    let now = Seen { size: sent.checkpoint.size, root: sent.checkpoint.root };
    if sent.old > now.size {
        return Err(Refused::Form);
    }
    let last = seen.map_or(0, |s| s.size);
    if sent.old != last {
        return Err(Refused::Other(last));
    }
    match seen.filter(|s| s.size > 0) {
        // Whatever a log says first is believed; from then on it is held to it.
        None if sent.proof.is_empty() => Ok(now),
        None => Err(Refused::Proof),
        Some(seen) if seen.size == now.size => {
            if seen.root != now.root {
                Err(Refused::Fork(seen.size))
            } else if sent.proof.is_empty() {
                Ok(now)
            } else {
                Err(Refused::Proof)
            }
        }
        Some(seen) => verify_consistency((seen.size, &seen.root), (now.size, &now.root), &sent.proof)
            .map(|()| now)
            .map_err(|_| Refused::Proof),
    }
}
